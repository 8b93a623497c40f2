// Grammar: YAML tokens to nodes, without recursion: what is open stands on a stack of its own. Each look at a token is
// made exactly where the reference makes it, because that decides which comments a node takes.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "formats/yaml_scan.hpp"
#include "formats/yaml_tree.hpp"

namespace leafseal::yaml {

class Grammar {
 public:
  Grammar(Scanner& scanner, TreeBuilder& tree) : scanner_(scanner), tree_(tree) {}
  void read_stream();

 private:
  enum class Kind : std::uint8_t { block_list, indentless_list, block_map, flow_list, flow_map, flow_pair };
  enum class Next : std::uint8_t { key, value, no_value, end };
  struct Frame {
    Kind kind;
    Next next = Next::key;  // of maps
    bool first = true;      // of flow collections: no comma is due
    std::uint32_t line = 0;
  };

  void read_document(bool first);
  void read_directives();
  void read_node(bool block, bool indentless_list);
  Properties read_properties();
  ScalarTag resolve_tag(const Token& token, const Properties& properties);
  void open(Kind kind, NodeKind node, Style style, const Properties& properties, OwnedComments own);
  void close(OwnedComments own);
  void step();
  void step_block_list();
  void step_indentless_list();
  bool step_dash();
  void step_block_map();
  void step_flow_list();
  void step_flow_map();
  void step_flow_pair();
  void read_block_part();
  void empty() { tree_.empty(last_end_, {}); }

  const Token& peek() { return scanner_.peek(); }
  void take();
  bool at(TokenType type) { return peek().type == type; }
  template <class... Types>
  bool at_any(Types... types) {
    const TokenType type = peek().type;
    return ((type == types) || ...);
  }
  OwnedComments comments() { return scanner_.comments().take(); }
  // `context_line`: where the construct began, 0 if it is not known.
  [[noreturn]] void fail(const char* problem, std::uint32_t context_line);

  Scanner& scanner_;
  TreeBuilder& tree_;
  std::vector<Frame> frames_;
  std::vector<std::pair<std::string_view, std::string_view>> tag_prefixes_;
  std::uint32_t last_end_ = 0;     // of the last token with text
  CommentLines stem_;              // comments above a dash whose item is a block collection
};

}  // namespace leafseal::yaml
