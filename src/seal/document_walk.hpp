// A walk over one document that knows what the selection says of each leaf and comment: the loop that opening, sealing
// and settling share.
#pragma once

#include <optional>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/selection.hpp"
#include "leafseal/walk.hpp"

namespace leafseal {

inline std::optional<std::string_view> key_of(const Document& document, NodeId node) {
  const Node& n = document[node];
  if (document[n.parent].kind == NodeKind::list) return std::nullopt;
  return n.key;
}

// Calls on_leaf(node, associated_data, selected) and on_comment(node, associated_data, selected) in model order.
// comment_text(node) gives the text that comment rules are tested on: of a sealed comment what stands in the file.
template <class OnLeaf, class OnComment, class CommentText>
void walk_selected(const Document& document, NodeId root, const Selection& selection, CommentText comment_text,
                   OnLeaf on_leaf, OnComment on_comment) {
  struct Visitor {
    const Document& document;
    Selection::Cursor cursor;
    CommentText& comment_text;
    OnLeaf& on_leaf;
    OnComment& on_comment;
    void enter(NodeId node) { cursor.enter(key_of(document, node)); }
    void leave(NodeId) { cursor.leave(); }
    void leaf(NodeId node, std::string_view data) { on_leaf(node, data, cursor.leaf(key_of(document, node))); }
    void comment(NodeId node, std::string_view data) {
      on_comment(node, data, cursor.comment(comment_text(node), document[node].lost));
    }
  };
  Visitor visitor{document, Selection::Cursor(selection), comment_text, on_leaf, on_comment};
  walk(document, root, visitor);
}

}  // namespace leafseal
