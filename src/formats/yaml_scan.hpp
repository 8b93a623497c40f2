// Scanner: YAML text to tokens, pulled one by one. It knows indentation (the starts and ends of blocks are tokens of its
// own), tells keys from values, and looks two tokens ahead, because a comment may turn out to belong to a token before
// it. Spans are bytes of the document's source.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/yaml_comments.hpp"
#include "formats/yaml_cursor.hpp"
#include "formats/yaml_token.hpp"

namespace leafseal::yaml {

class Scanner {
 public:
  // Texts that the source does not hold literally are kept in the document.
  Scanner(Document& document, std::size_t begin, bool ascii);

  // The token at hand; comments in front of it wait in comments() from the first look on.
  const Token& peek() {
    if (!available_) make_available();
    return queue_[head_];
  }
  void take();
  Comments& comments() { return comments_; }
  const Cursor& cursor() const { return cursor_; }

 private:
  // A place where a key without `?` may begin: the next token might be preceded by a key token.
  struct SimpleKey {
    bool possible = false;
    bool required = false;
    std::uint64_t number = 0;  // of the token it begins with, counted from the start
    std::uint32_t pos = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
  };

  void make_available();
  void fetch();
  void fetch_token(const char* p);
  void fetch_end();
  void fetch_indicator(TokenType type, std::uint32_t length);
  void fetch_directive();
  void fetch_flow_start(TokenType type);
  void fetch_flow_end(TokenType type);
  void fetch_block_entry();
  void fetch_key();
  void fetch_value();
  void fetch_property(TokenType type);
  void fetch_plain();
  void fetch_quoted();
  void fetch_block_scalar();

  void skip_to_token();
  void open_block(std::uint32_t column, TokenType type, const Token& at, std::size_t queue_index);
  void close_blocks(std::int64_t column, std::int64_t place);
  void close_all();

  void save_key();
  void remove_key();
  bool key_is_valid(SimpleKey& key);
  bool head_may_become_key();

  Token token_here(TokenType type) const;
  void push(const Token& token);
  void insert(std::size_t index, const Token& token);
  std::uint64_t next_number() const { return taken_ + (queue_.size() - head_); }

  Document& document_;
  Cursor cursor_;
  Comments comments_;
  std::vector<Token> queue_;
  std::size_t head_ = 0;
  std::uint64_t taken_ = 0;  // tokens taken so far: the number of the token at head_
  bool available_ = false;
  bool started_ = false;
  Token last_, before_last_;  // as appended

  int indent_ = -1;  // column of the innermost open block
  std::vector<int> indents_;
  bool key_allowed_ = true;
  std::vector<SimpleKey> keys_{1};  // one a flow level
  struct Expired {
    std::uint64_t number;
    std::size_t level;
  };
  std::vector<Expired> expired_;  // keys given up while their token is still in the queue
  std::size_t flow_level() const { return keys_.size() - 1; }
};

}  // namespace leafseal::yaml
