#include "seal/check_document.hpp"

#include <unordered_set>

#include "leafseal/path.hpp"
#include "leafseal/token.hpp"
#include "seal/document_walk.hpp"

namespace leafseal {
namespace {

constexpr std::size_t finding_limit = 200;  // of one file; each costs a walk up to the root

std::string described(const SelectionRule& rule) {
  if (rule.kind == SelectionKind::everything) return "the file's selection";
  return std::string(selection_field(rule.kind)) + " " + quoted(rule.pattern, 80);
}

class Checker {
 public:
  Checker(const Document& document, const Metadata& metadata, std::vector<CheckFinding>& findings)
      : document_(document), metadata_(metadata), findings_(findings) {}

  void check_leaves() {
    const Selection selection(metadata_.selection);
    each_selected(
        selection, [&](NodeId id, bool selected) { leaf(id, selected); },
        [&](NodeId id, bool selected) { comment(id, selected); });
  }

  // Values in clear that a file sealed by the rule would not hold.
  void check_against(const SelectionRule& rule) {
    const Selection selection(rule);
    if (!selection.broken().empty()) return;
    const auto ignore = [](NodeId, bool) {};
    each_selected(
        selection,
        [&](NodeId id, bool selected) {
          if (!selected || !in_clear(id) || named_.contains(id)) return;
          add(id, false, "is in clear, but the creation rule's " + described(rule) + " selects it");
        },
        ignore);
  }

  void finish() {
    if (left_out_ == 0) return;
    findings_.push_back({findings_.back().line, "and " + std::to_string(left_out_) + " more such places", false});
  }

 private:
  template <class OnLeaf, class OnComment>
  void each_selected(const Selection& selection, OnLeaf on_leaf, OnComment on_comment) const {
    for (const NodeId root : document_.roots) {
      walk_selected(
          document_, root, selection, [&](NodeId id) { return document_[id].text; },
          [&](NodeId id, std::string_view, bool selected) { on_leaf(id, selected); },
          [&](NodeId id, std::string_view, bool selected) { on_comment(id, selected); });
    }
  }

  // Null and the empty text are never sealed.
  bool in_clear(NodeId id) const {
    const Node& node = document_[id];
    if (node.kind == NodeKind::alias) return true;
    if (node.type == ScalarType::null) return false;
    return node.type != ScalarType::string || (!node.text.empty() && !looks_like_token(node.text));
  }

  void leaf(NodeId id, bool selected) {
    const Node& node = document_[id];
    const bool is_token = node.type == ScalarType::string && looks_like_token(node.text);
    if (!selected) {
      if (is_token && parse_token(node.text)) {
        add(id, true,
            "is a token, but " + described(metadata_.selection) + " leaves it in clear: it will not be opened");
      }
      return;
    }
    if (in_clear(id)) {
      named_.insert(id);
      add(id, false, "is in clear, but " + described(metadata_.selection) + " selects it");
    } else if (is_token) {
      check_token(id, node.text);
    }
  }

  void check_token(NodeId id, std::string_view text) {
    const auto token = parse_token(text);
    if (!token) return add(id, false, "is a damaged token: it has not all its parts");
    if (std::string flaw = token_flaw(*token); !flaw.empty()) return add(id, false, "is a damaged token: " + flaw);
    if (token->type == TokenType::comment) return add(id, false, "holds the token of a comment");
    if (token->trailing_text) add(id, false, "has text behind its token");
  }

  // Readers keep a plain comment as it is, and older programs left them all plain.
  void comment(NodeId id, bool selected) {
    const Node& node = document_[id];
    if (!selected || node.text.empty() || looks_like_token(node.text)) return;
    add_at(id, true, "a comment is in clear, but " + described(metadata_.selection) + " selects it");
  }

  void add(NodeId id, bool warning, const std::string& what) {
    if (full()) return;
    add_at(id, warning, quoted(address(path_of(document_, id)), 400) + " " + what);
  }
  void add_at(NodeId id, bool warning, std::string text) {
    if (full()) return;
    findings_.push_back({place_of(document_.source(), document_[id].span.begin).line, std::move(text), warning});
  }
  bool full() {
    if (findings_.size() < finding_limit) return false;
    ++left_out_;
    return true;
  }

  const Document& document_;
  const Metadata& metadata_;
  std::vector<CheckFinding>& findings_;
  std::unordered_set<NodeId> named_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::vector<CheckFinding> check_document(const Document& document, const std::optional<RuleSelector>& expected,
                                         WrappedFormProblem wrapped_form_problem) {
  std::vector<CheckFinding> findings;
  const NodeId map = document.metadata.at(0);
  if (document[map].kind == NodeKind::map && document.find(map, "lastmodified") == no_node) {
    return {{metadata_line(document), "the sops metadata has no lastmodified", false}};
  }
  Metadata metadata;
  try {
    metadata = read_metadata(document);
  } catch (const Error& error) {
    return {{metadata_line(document), error.what(), false}};
  }
  check_metadata(document, metadata, wrapped_form_problem, findings);
  Checker checker(document, metadata, findings);
  checker.check_leaves();
  if (expected && expected->rule != metadata.selection) {
    const std::string theirs = expected->stated ? "not the creation rule's " + described(expected->rule)
                                                : "not the default, and the creation rule states none";
    findings.push_back(
        {metadata_line(document), "its selector " + described(metadata.selection) + " is " + theirs, true});
    if (expected->stated) checker.check_against(expected->rule);
  }
  checker.finish();
  return findings;
}

}  // namespace leafseal
