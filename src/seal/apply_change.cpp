// set and unset: one edit on the sealed text, which is then settled. The rest of the file is never rewritten.
#include <algorithm>

#include "leafseal/sealed_document.hpp"
#include "leafseal/token.hpp"
#include "leafseal/walk.hpp"
#include "seal/document_walk.hpp"
#include "seal/layout_records.hpp"
#include "seal/moved_records.hpp"
#include "seal/same_tree.hpp"
#include "seal/settle.hpp"
#include "seal/token_stash.hpp"

namespace leafseal {
namespace {

NodeId value_node(const Document& value) { return value[value.roots.at(0)].first_child; }

class Changer {
 public:
  Changer(const Format& format, const OpenedDocument& opened, LeafCipher& cipher, const SealOptions& options)
      : format_(format), opened_(opened), document_(opened.sealed), cipher_(cipher), options_(options),
        selection_(opened.metadata.selection) {
    if (selection_.broken().empty()) return;
    throw Error(ExitCode::conflicting_parameters,
                std::string(selection_field(opened.metadata.selection.kind)) + " of this file: " + quoted(selection_.broken()),
                {"seal the file anew with a pattern that RE2 accepts"});
  }

  std::string apply(const Change& change) {
    if (change.value == nullptr) {
      remove(change.path);
    } else {
      set(change.path, *change.value);
    }
    if (edits_.empty()) return document_.source();
    return finish(format_.parse(apply_edits(document_.source(), edits_), ParseMode::sealed));
  }

 private:
  void remove(const Path& path) {
    const NodeId node = resolve(document_, document_.roots.at(0), path);
    if (node == no_node) throw missing(path);
    format_.remove(document_, node, edits_);
  }

  Error missing(const Path& path) const {
    const auto* index = path.empty() ? nullptr : std::get_if<std::int64_t>(&path.back());
    if (index != nullptr) {
      const NodeId list = resolve(document_, document_.roots.at(0), {path.begin(), std::prev(path.end())});
      if (list != no_node && document_[list].kind == NodeKind::list) {
        return {ExitCode::generic, "Index " + std::to_string(*index) + " out of bounds"};
      }
    }
    return {ExitCode::generic, "Key not found: " + quoted(address(path))};
  }

  void set(const Path& path, const Document& value) {
    NodeId at = document_.roots.at(0);
    std::size_t depth = 0;
    while (depth < path.size()) {
      const NodeId next = resolve(document_, at, {path[depth]});
      if (next == no_node) break;
      at = next;
      ++depth;
    }
    if (depth == path.size()) {
      replace(at, value);
      return;
    }
    // What is missing of the path is built around the value; it lands in the container reached, or in place of a scalar.
    const NodeKind kind = document_[at].kind;
    const bool into_map = kind == NodeKind::map && std::holds_alternative<std::string>(path[depth]);
    const bool into_list = kind == NodeKind::list && std::holds_alternative<std::int64_t>(path[depth]);
    if (!into_map && !into_list && kind != NodeKind::scalar) {
      throw Error(ExitCode::generic, "the path " + quoted(address(path)) + " does not fit the document: there is a " +
                                         (kind == NodeKind::map ? "mapping, not a list" : "list, not a mapping") + " at " +
                                         (depth == 0 ? "the top" : quoted(address({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth)}))));
    }
    const std::size_t first = kind == NodeKind::scalar ? depth : depth + 1;
    const Document built = wrap(path, first, value);
    if (kind == NodeKind::scalar) {
      format_.replace(document_, at, built, value_node(built), edits_);
    } else {
      const std::string key = into_map ? std::get<std::string>(path[depth]) : std::string();
      format_.insert(document_, at, key, built, value_node(built), edits_);
    }
  }

  // The value below the path's steps from `first` on: ["a"][0] around 5 is {"a": [5]}.
  static Document wrap(const Path& path, std::size_t first, const Document& value) {
    Document built;
    NodeId parent = built.add(NodeKind::map, no_node);
    built.roots.push_back(parent);
    std::string_view key;
    for (std::size_t i = first; i < path.size(); ++i) {
      const bool map = std::holds_alternative<std::string>(path[i]);
      parent = built.add(map ? NodeKind::map : NodeKind::list, parent);
      built[parent].key = key;
      key = map ? built.keep(std::get<std::string>(path[i])) : std::string_view();
    }
    const NodeId copy = built.copy(value, value_node(value), parent);
    built[copy].key = key;
    return built;
  }

  void replace(NodeId node, const Document& value) {
    const NodeId wanted = value_node(value);
    const auto present = [&](NodeId id) { return ScalarView{opened_.values[id].type, opened_.values[id].text}; };
    if (same_tree(value, wanted, document_, node, present)) return;
    // A sealed scalar keeps its carrier: only the token within changes.
    if (value[wanted].kind == NodeKind::scalar && opened_.was_token[node] && value[wanted].type != ScalarType::null &&
        !value[wanted].text.empty()) {
      const Value scalar{value[wanted].type, std::string(value[wanted].text)};
      if (format_.carries(document_, node, scalar)) {
        replace_token(node, scalar);
        return;
      }
    }
    format_.replace(document_, node, value, wanted, edits_);
  }

  void replace_token(NodeId node, const Value& value) {
    const std::string_view old = bare_token(document_[node].text);
    const Span span = document_[node].span;
    const std::size_t at = document_.text(span).find(old);
    const auto begin = static_cast<std::uint32_t>(span.begin + at);
    const std::string data = associated_data(path_of(document_, node));
    edits_.push_back({{begin, begin + static_cast<std::uint32_t>(old.size())}, cipher_.seal(value.text, data, token_type(value.type))});
  }

  SealedComments sealed_comments() const {
    SealedComments comments;
    struct Visitor {
      const OpenedDocument& opened;
      LeafCipher& cipher;
      SealedComments& comments;
      void enter(NodeId) {}
      void leave(NodeId) {}
      void leaf(NodeId, std::string_view) {}
      void comment(NodeId id, std::string_view data) {
        if (!opened.was_token[id]) return;
        comments.emplace(bare_token(opened.sealed[id].text), SealedComment{std::string(data), opened.values[id].text});
      }
    };
    Visitor visitor{opened_, cipher_, comments};
    for (const NodeId root : document_.roots) walk(document_, root, visitor);
    return comments;
  }

  std::string finish(Document written) {
    Metadata metadata = opened_.metadata;
    const SealedComments comments = sealed_comments();
    Settled settled = settle({format_, selection_, metadata.mac_only_encrypted, comments, cipher_}, written);
    const LayoutRecords records = read_layout(opened_, cipher_, options_.warn);
    const std::string layout = encode_layout(options_.layout_records ? moved_records(records, document_, edits_, written) : LayoutRecords());
    if (layout.empty()) {
      metadata.layout.clear();
    } else if (layout != encode_layout(records)) {
      metadata.layout = cipher_.seal(layout, layout_associated_data, TokenType::str);
    }
    metadata.last_modified = options_.now;
    metadata.mac = cipher_.seal(settled.digest, metadata.mac_associated_data(), TokenType::str);
    Document tree;
    const NodeId map = metadata_tree(tree, metadata, &written);
    format_.write_metadata(written, tree, map, settled.edits);
    return apply_edits(written.source(), settled.edits);
  }

  const Format& format_;
  const OpenedDocument& opened_;
  const Document& document_;
  LeafCipher& cipher_;
  const SealOptions& options_;
  Selection selection_;
  Edits edits_;
};

}  // namespace

std::string apply_change(const Format& format, const OpenedDocument& opened, const Change& change, LeafCipher& cipher,
                         const SealOptions& options) {
  return Changer(format, opened, cipher, options).apply(change);
}

}  // namespace leafseal
