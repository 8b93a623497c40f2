#include "seal/settle.hpp"

#include <functional>

#include "leafseal/error.hpp"
#include "leafseal/mac.hpp"
#include "leafseal/path.hpp"
#include "seal/document_walk.hpp"
#include "seal/open_leaf.hpp"
#include "seal/token_stash.hpp"

namespace leafseal {
namespace {

class Settling {
 public:
  Settling(const Sealing& sealing, const Document& document)
      : format_(sealing.format), document_(document), mac_only_encrypted_(sealing.mac_only_encrypted),
        selection_(sealing.selection), comments_(sealing.comments), cipher_(sealing.cipher), author_(sealing.author),
        mac_(sealing.mac_only_encrypted) {}

  Settled run() {
    for (const NodeId root : document_.roots) {
      walk_selected(
          document_, root, selection_, [&](NodeId id) { return comment_text(id); },
          [&](NodeId id, std::string_view data, bool selected) { leaf(id, data, selected); },
          [&](NodeId id, std::string_view data, bool selected) { comment(id, data, selected); });
    }
    if (author_ != nullptr && leaves_ != author_->leaves.size()) throw would_not_survive("a value");
    settled_.digest = mac_.digest();
    return std::move(settled_);
  }

 private:
  // Comment rules are tested on what the author wrote, also where a token stands by now.
  std::string_view comment_text(NodeId id) const {
    const auto known = known_comment(id);
    return known == comments_.end() ? document_[id].text : std::string_view(known->second.text);
  }
  SealedComments::const_iterator known_comment(NodeId id) const {
    const std::string_view text = document_[id].text;
    return looks_like_token(text) ? comments_.find(std::string(bare_token(text))) : comments_.end();
  }

  void leaf(NodeId id, std::string_view data, bool selected) {
    const Node& node = document_[id];
    const std::size_t number = leaves_++;
    if (node.type == ScalarType::null) {
      if (author_ != nullptr) require_author_value(number, id, Value::null());
      return;
    }
    const bool empty = node.type == ScalarType::string && node.text.empty();
    if (!empty) ++(selected ? settled_.sealed_leaves : settled_.plain_leaves);
    if (selected && same_token(number, node, data)) {
      mac_.add((*author_->document)[author_->leaves[number].node].text);
      return;
    }
    Value value{node.type, {}};
    OpenFailure failure;
    std::optional<Value> opened;
    if (!empty && node.type == ScalarType::string && looks_like_token(node.text)) {
      opened = open_leaf(cipher_, node.text, data, failure);
    }
    if (opened) {
      value = std::move(*opened);
      if (!selected) format_.open(document_, id, value, {}, settled_.edits);
    } else {
      value.text = node.text;
      if (selected && !empty) {
        format_.seal(document_, id, cipher_.seal(value.text, data, token_type(value.type)), settled_.edits);
      }
    }
    if (selected || !mac_only_encrypted_) mac_.add(value.text);
    if (author_ != nullptr) require_author_value(number, id, value);
  }

  // Whether the token that was made for this leaf stands here, under the same associated data.
  bool same_token(std::size_t number, const Node& node, std::string_view data) const {
    if (author_ == nullptr || number >= author_->leaves.size() || author_->leaves[number].tag[0] == '\0') return false;
    const AuthorLeaf& author = author_->leaves[number];
    const auto token = parse_token(node.text);
    return token && token->tag == std::string_view(author.tag.data(), author.tag.size()) &&
           std::hash<std::string_view>()(data) == author.associated_data &&
           token->type == token_type((*author_->document)[author.node].type);
  }

  void require_author_value(std::size_t number, NodeId id, const Value& value) const {
    if (number < author_->leaves.size()) {
      const Document& source = *author_->document;
      const Node& author = source[author_->leaves[number].node];
      if (value.type == author.type && value.text == author.text) return;
      // The reference prints the float 1 as an integer; the token of such an unchanged text is kept.
      if (value.type == ScalarType::floating && author.type == ScalarType::integer && value.text == author.text) return;
      // A block scalar in clear that ended the file without a line break has one now; opening takes it away again.
      const bool last = author.span.end == source.source().size();
      if (last && value.type == author.type && value.text == std::string(author.text) + "\n") return;
    }
    throw would_not_survive("the value at " + quoted(address(path_of(document_, id))));
  }

  static Error would_not_survive(const std::string& what) {
    return {ExitCode::error_encrypting_tree, what + " would not survive sealing; nothing was written",
            {"please report this document's shape"}};
  }

  void comment(NodeId id, std::string_view data, bool selected) {
    const Node& node = document_[id];
    const auto known = known_comment(id);
    if (known == comments_.end()) {
      if (!selected || node.text.empty() || looks_like_token(node.text)) return;
      format_.seal(document_, id, sealed(node.text, data), settled_.edits);
    } else if (!selected) {
      format_.open(document_, id, Value::string(known->second.text), {}, settled_.edits);
    } else if (known->second.associated_data != data) {
      format_.seal(document_, id, sealed(known->second.text, data), settled_.edits);
    }
  }

  std::string sealed(std::string_view text, std::string_view data) {
    std::string token = cipher_.seal(text, data, TokenType::comment);
    refuse_matching_token(token, selection_);
    return token;
  }

  const Format& format_;
  const Document& document_;
  bool mac_only_encrypted_;
  const Selection& selection_;
  const SealedComments& comments_;
  LeafCipher& cipher_;
  const AuthorLeaves* author_;
  Mac mac_;
  std::size_t leaves_ = 0;
  Settled settled_;
};

}  // namespace

void refuse_matching_token(std::string_view token, const Selection& selection) {
  if (selection.rule().kind != SelectionKind::unencrypted_comment_regex || !selection.matches(token)) return;
  throw Error(ExitCode::error_encrypting_tree,
              "Error encrypting tree: Error walking tree: Encrypted comment \"" + std::string(token) +
                  "\" matches UnencryptedCommentRegex! Make sure that UnencryptedCommentRegex cannot match an encrypted comment.",
              {"anchor the pattern, for example ^ public"});
}

std::string seal_comment(std::string_view text, std::string_view associated_data, const Selection& selection,
                         LeafCipher& cipher, SealedComments& comments) {
  std::string token = cipher.seal(text, associated_data, TokenType::comment);
  refuse_matching_token(token, selection);
  comments.emplace(token, SealedComment{std::string(associated_data), std::string(text)});
  return token;
}

Settled settle(const Sealing& sealing, const Document& written) { return Settling(sealing, written).run(); }

}  // namespace leafseal
