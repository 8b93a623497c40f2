#include <unordered_set>

#include "leafseal/mac.hpp"
#include "leafseal/sealed_document.hpp"
#include "leafseal/token.hpp"
#include "seal/document_walk.hpp"
#include "seal/open_leaf.hpp"
#include "seal/stored_mac.hpp"

namespace leafseal {
namespace {

constexpr std::string_view walking = "Error decrypting tree: Error walking tree: ";

class Opener {
 public:
  Opener(OpenedDocument& opened, LeafCipher& cipher, const OpenOptions& options)
      : opened_(opened), cipher_(cipher), options_(options), selection_(opened.metadata.selection),
        mac_(opened.metadata.mac_only_encrypted) {}

  void open() {
    Document& document = opened_.sealed;
    for (const NodeId root : document.roots) {
      walk_selected(
          document, root, selection_, [&](NodeId id) { return document[id].text; },
          [&](NodeId id, std::string_view data, bool selected) { leaf(id, data, selected); },
          [&](NodeId id, std::string_view data, bool selected) { comment(id, data, selected); });
    }
    recover_moved_comments();
    warn_of_plain_comments();
    if (!options_.ignore_mac) verify_mac();
  }

 private:
  [[noreturn]] void fail(NodeId id, const std::string& reason) const {
    const Node& node = opened_.sealed[id];
    throw Error(ExitCode::error_decrypting_tree,
                std::string(walking) + reason + ", at " + quoted(address(path_of(opened_.sealed, id))),
                place_of(opened_.sealed.source(), node.span.begin),
                {"this value was changed, moved or renamed after it was sealed, or merged by hand: restore it from version control"});
  }

  void leaf(NodeId id, std::string_view data, bool selected) {
    const Node& node = opened_.sealed[id];
    if (node.type == ScalarType::null) return;
    Value& value = opened_.values[id];
    if (!selected || (node.type == ScalarType::string && node.text.empty())) {
      value = {node.type, std::string(node.text)};
      if (selected || !opened_.metadata.mac_only_encrypted) mac_.add(value.text);
      return;
    }
    if (node.kind == NodeKind::alias) fail(id, "an alias stands in an encrypted place");
    if (node.type != ScalarType::string) {
      fail(id, "Expected encrypted value as string, but got " + std::string(go_type(node.type)));
    }
    OpenFailure failure;
    auto opened = open_leaf(cipher_, node.text, data, failure);
    if (!opened) fail(id, "Could not decrypt value: " + failure.reason);
    if (!node.text.ends_with(']') && parse_token(node.text)->trailing_text) text_behind_token(id);
    value = std::move(*opened);
    opened_.was_token[id] = true;
    mac_.add(value.text);
  }

  // The reference reads over it, so somebody may have put it there to be overlooked.
  void text_behind_token(NodeId id) const {
    if (options_.strict) fail(id, "text stands behind the token");
    if (options_.warn) {
      options_.warn("text behind the token at " + quoted(address(path_of(opened_.sealed, id))) + " is not part of the value");
    }
  }

  static std::string_view go_type(ScalarType type) {
    switch (type) {
      case ScalarType::boolean: return "bool";
      case ScalarType::integer: return "int";
      case ScalarType::floating: return "float64";
      case ScalarType::time: return "time.Time";
      default: return "string";
    }
  }

  void comment(NodeId id, std::string_view data, bool selected) {
    const Node& node = opened_.sealed[id];
    containers_.emplace(data);
    opened_.values[id] = Value::string(std::string(node.text));
    if (!selected || node.text.empty()) return;
    if (!looks_like_token(node.text)) {
      ++plain_comments_;
      return;
    }
    if (auto text = open_comment(cipher_, node.text, data)) {
      give_back(id, std::move(*text));
    } else {
      moved_.push_back(id);
    }
  }

  void give_back(NodeId id, std::string text) {
    opened_.values[id] = Value::string(std::move(text));
    opened_.was_token[id] = true;
  }

  // A comment may have moved into another container when a tool printed the file anew; its tag tells which one was
  // meant (format.md 7.4). The budget keeps a hostile file from buying many attempts with few bytes.
  void recover_moved_comments() {
    if (moved_.empty()) return;
    std::size_t budget = 200'000;
    collect_containers();
    std::size_t lost = 0;
    for (const NodeId id : moved_) {
      bool found = false;
      for (auto at = containers_.begin(); at != containers_.end() && !found && budget > 0; ++at, --budget) {
        if (auto text = open_comment(cipher_, opened_.sealed[id].text, *at)) {
          give_back(id, std::move(*text));
          found = true;
        }
      }
      if (!found) ++lost;
    }
    if (lost != 0 && options_.warn) {
      options_.warn(std::to_string(lost) + " encrypted comment(s) belong to no place in this file and stay as they are");
    }
  }

  void collect_containers() {
    containers_.emplace(":");
    const Document& document = opened_.sealed;
    struct Visitor {
      const Document& document;
      std::unordered_set<std::string>& containers;
      void enter(NodeId) {}
      void leave(NodeId) {}
      void comment(NodeId, std::string_view) {}
      void leaf(NodeId id, std::string_view data) {
        // Every prefix of a leaf's associated data that ends at a colon covers its containers.
        if (document[document[id].parent].kind == NodeKind::map) data.remove_suffix(document[id].key.size() + 1);
        while (!data.empty() && containers.emplace(data).second) {
          const std::size_t colon = data.substr(0, data.size() - 1).rfind(':');
          data = colon == std::string_view::npos ? std::string_view() : data.substr(0, colon + 1);
        }
      }
    };
    Visitor visitor{document, containers_};
    for (const NodeId root : document.roots) walk(document, root, visitor);
  }

  void warn_of_plain_comments() const {
    if (plain_comments_ == 0 || !options_.warn) return;
    options_.warn("Found possibly unencrypted comment in file (" + std::to_string(plain_comments_) +
                  "). This is to be expected if the file being decrypted was created with an older version of SOPS.");
  }

  void verify_mac() {
    const Metadata& metadata = opened_.metadata;
    // The digests are hashes of plaintext and stay out of the message (security.md L2).
    if (!same_digest(stored_mac(metadata, cipher_), mac_.digest())) throw mac_mismatch("MAC mismatch. The file was changed after it was sealed");
  }

  OpenedDocument& opened_;
  LeafCipher& cipher_;
  const OpenOptions& options_;
  Selection selection_;
  Mac mac_;
  std::unordered_set<std::string> containers_;
  std::vector<NodeId> moved_;
  std::size_t plain_comments_ = 0;
};

}  // namespace

OpenedDocument open_document(Document sealed, const Metadata& metadata, LeafCipher& cipher, const OpenOptions& options) {
  OpenedDocument opened{std::move(sealed), {}, {}, metadata};
  opened.values.resize(opened.sealed.size());
  opened.was_token.resize(opened.sealed.size());
  Opener(opened, cipher, options).open();
  return opened;
}

Document plain_tree(OpenedDocument opened) {
  Document& document = opened.sealed;
  for (NodeId id = 0; id < opened.values.size(); ++id) {
    if (!opened.was_token[id]) continue;
    document[id].type = opened.values[id].type;
    document[id].text = document.keep(std::move(opened.values[id].text));
    document[id].inline_comment = false;  // the reference forgets it on decrypting (format.md 7.3)
  }
  for (NodeId& metadata : document.metadata) metadata = no_node;
  return std::move(document);
}

}  // namespace leafseal
