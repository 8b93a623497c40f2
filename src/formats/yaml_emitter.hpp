// Emitter: walks a tree and prints it through a Writer as the reference would. Comments wait, each for the next place
// where one of its sort is printed; the walk keeps its own stack.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/yaml_emit.hpp"
#include "formats/yaml_writer.hpp"

namespace leafseal::yaml {

// Comments on their way into the text. Each waits until the emission passes a point where one of its sort is printed,
// and a later one takes the place of one that still waits: so it is in the reference.
struct Waiting {
  std::string head, line, foot, tail, key_line;
};

class Emitter {
 public:
  Emitter(const Document& document, int step) : document_(document), writer_(step) {}
  Emitter(const Document& document, const FragmentStyle& style)
      : document_(document), writer_(style.step), fragment_(true), style_(style) {}

  void emit_document(NodeId root, NodeId metadata, bool first);
  void emit_root(NodeId node, NodeId metadata);
  void emit_entry(std::string_view key, NodeId node);
  void emit_item(NodeId node);
  std::string take() { return writer_.take(); }

 private:
  struct Level {
    NodeId container;
    NodeId at;           // the next child, comments included
    NodeId metadata;     // of a root: stands behind the last child
    std::string line, foot;  // of the container itself: printed after its end
    std::string tail;        // behind the last entry of a map
    bool in_list = false;
    bool empty = false;
    bool opened = false;
    int outer_indent = -1;
  };

  // A child that is no comment, and the comments that belong to it.
  struct Entry {
    NodeId node = no_node;
    std::string head, line;
  };

  NodeId target(NodeId node) const;
  bool is_comment(NodeId node) const { return document_[node].kind == NodeKind::comment; }
  bool has_entries(const Level& level) const;
  std::string container_head(const Level& level) const;
  Entry next_entry(Level& level) const;
  std::string foot_comments(NodeId from) const;

  int inner_indent(bool in_list) const;
  void write_head();
  void write_line();
  void write_foot();
  void write_scalar(const ScalarForm& form, bool in_list);
  void write_key(std::string_view key);

  void announce(NodeId node, std::string line, std::string foot, std::string outer_head, bool in_list,
                NodeId metadata = no_node);
  void put_node(NodeId node, bool in_list);
  ScalarForm form_of(const Node& scalar) const;
  void open_level(Level& level);
  void step();
  void finish();
  void end_document();
  void map_entry(Level& level);
  void list_item(Level& level);
  void empty_container(Level level);

  const Document& document_;
  Writer writer_;
  Waiting waiting_;
  std::vector<Level> levels_;
  bool fragment_ = false;
  FragmentStyle style_;
};

}  // namespace leafseal::yaml
