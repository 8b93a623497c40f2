#include "formats/yaml_scan.hpp"

#include <algorithm>

#include "formats/yaml_scan_property.hpp"
#include "formats/yaml_scan_scalar.hpp"

namespace leafseal::yaml {
namespace {

constexpr std::size_t depth_limit = 10'000;
constexpr std::uint32_t key_limit = 1024;  // characters between the start of a key and its `:`

bool starts_plain(const char* p, bool in_flow) {
  constexpr std::string_view never = ",[]{}#&*!|>'\"%@`";
  if (*p == '-') return !is_blank(p[1]);
  if (*p == '?' || *p == ':') return !in_flow && !is_blank_or_end(p + 1);
  return !is_blank_or_end(p) && never.find(*p) == std::string_view::npos;
}

}  // namespace

Scanner::Scanner(Document& document, std::size_t begin, bool ascii)
    : document_(document), cursor_(document.source(), begin, ascii) {
  queue_.reserve(64);
}

// --- the queue -----------------------------------------------------------------------------------------------------

Token Scanner::token_here(TokenType type) const {
  Token token;
  token.type = type;
  token.place = cursor_.pos;
  token.span = {cursor_.pos, cursor_.pos};
  token.line = cursor_.line;
  return token;
}

void Scanner::push(const Token& token) {
  before_last_ = last_;
  last_ = token;
  queue_.push_back(token);
}

void Scanner::insert(std::size_t index, const Token& token) {
  queue_.insert(queue_.begin() + static_cast<std::ptrdiff_t>(index), token);
}

void Scanner::take() {
  available_ = false;
  ++taken_;
  if (++head_ == 32) {
    queue_.erase(queue_.begin(), queue_.begin() + 32);
    head_ = 0;
  }
}

// Two tokens beyond the one at hand are known before anybody looks at it, and more while it may still become a key.
void Scanner::make_available() {
  while (queue_.size() - head_ <= 2 || head_may_become_key()) fetch();
  available_ = true;
  comments_.reach(queue_[head_]);
}

void Scanner::fetch() {
  if (!started_) {
    started_ = true;
    push(token_here(TokenType::stream_start));
    return;
  }
  const std::int64_t gap_begin = cursor_.pos;
  skip_to_token();
  const char* p = cursor_.here();
  if (flow_level() == 0) close_blocks(cursor_.column(), gap_begin - 1);
  if (*p == 0) return fetch_end();
  if (cursor_.at_line_start() && *p == '%') return fetch_directive();
  if (cursor_.at_document_indicator()) {
    return fetch_indicator(*p == '-' ? TokenType::document_start : TokenType::document_end, 3);
  }
  const std::int64_t anchor = *p == (flow_level() == 0 ? ':' : ',') ? last_.place : cursor_.pos;
  fetch_token(p);
  // A comment behind a lone `-` is the head of what follows.
  if (last_.type != TokenType::block_entry) comments_.scan_inline(cursor_, anchor, flow_level() > 0);
}

void Scanner::fetch_token(const char* p) {
  const bool in_flow = flow_level() > 0;
  switch (*p) {
    case '[': return fetch_flow_start(TokenType::flow_list_start);
    case '{': return fetch_flow_start(TokenType::flow_map_start);
    case ']': return fetch_flow_end(TokenType::flow_list_end);
    case '}': return fetch_flow_end(TokenType::flow_map_end);
    case ',':
      remove_key();
      key_allowed_ = true;
      push(token_here(TokenType::flow_entry));
      cursor_.skip(1);
      return;
    case '-':
      if (is_blank_or_end(p + 1)) return fetch_block_entry();
      break;
    case '?':
      if (in_flow || is_blank_or_end(p + 1)) return fetch_key();
      break;
    case ':':
      if (in_flow || is_blank_or_end(p + 1)) return fetch_value();
      break;
    case '*': return fetch_property(TokenType::alias);
    case '&': return fetch_property(TokenType::anchor);
    case '!': return fetch_property(TokenType::tag);
    case '|':
    case '>':
      if (!in_flow) return fetch_block_scalar();
      break;
    case '\'':
    case '"': return fetch_quoted();
    default: break;
  }
  if (!starts_plain(p, in_flow)) cursor_.fail(cursor_.line, "found character that cannot start any token");
  fetch_plain();
}

// Blanks, breaks and comments. Tabs may not indent what might be a key.
void Scanner::skip_to_token() {
  const std::uint32_t gap_begin = cursor_.pos, gap_line = cursor_.line;
  for (;;) {
    while (*cursor_.here() == ' ' || (*cursor_.here() == '\t' && (flow_level() > 0 || !key_allowed_))) ++cursor_.pos;
    if (last_.type == TokenType::block_entry && before_last_.type == TokenType::block_list_start) {
      comments_.promote_inline(cursor_);
    }
    if (*cursor_.here() == '#') {
      const Token& token = last_.type == TokenType::flow_entry ? before_last_ : last_;
      comments_.scan_run(cursor_, {gap_begin, gap_line, token.place, token.type == TokenType::value, indent_,
                                   flow_level() > 0});
    }
    if (single_break(cursor_.here()) == 0) return;
    cursor_.skip_break();
    if (flow_level() == 0) key_allowed_ = true;
  }
}

// --- blocks --------------------------------------------------------------------------------------------------------

void Scanner::open_block(std::uint32_t column, TokenType type, const Token& at, std::size_t queue_index) {
  if (flow_level() > 0 || indent_ >= static_cast<int>(column)) return;
  indents_.push_back(indent_);
  indent_ = static_cast<int>(column);
  if (indents_.size() > depth_limit) cursor_.fail(at.line, "exceeded max depth of 10000");
  Token token = at;
  token.type = type;
  if (queue_index == queue_.size()) {
    push(token);
  } else {
    insert(queue_index, token);
  }
}

void Scanner::close_blocks(std::int64_t column, std::int64_t place) {
  if (flow_level() > 0) return;
  while (indent_ > column) {
    place = comments_.block_end(place, indent_);
    Token token = token_here(TokenType::block_end);
    token.place = place;
    push(token);
    indent_ = indents_.back();
    indents_.pop_back();
  }
}

void Scanner::close_all() {
  close_blocks(-1, static_cast<std::int64_t>(cursor_.pos) - 1);
  remove_key();
  key_allowed_ = false;
}

void Scanner::fetch_end() {
  if (cursor_.column() != 0) {
    cursor_.line_start = cursor_.pos;
    ++cursor_.line;
  }
  close_all();
  push(token_here(TokenType::stream_end));
}

void Scanner::fetch_indicator(TokenType type, std::uint32_t length) {
  close_all();
  Token token = token_here(type);
  cursor_.skip(length);
  token.span.end = cursor_.pos;
  push(token);
}

void Scanner::fetch_directive() {
  close_all();
  Token token = token_here(TokenType::version_directive);
  read_directive(cursor_, document_, token);
  cursor_.skip_blanks();
  if (*cursor_.here() == '#') {  // nobody's: the reference throws it away here
    const std::uint32_t end = cursor_.line_end();
    comments_.lines.push_back({{cursor_.pos, end}});
    cursor_.skip(end - cursor_.pos);
  }
  if (!is_break_or_end(cursor_.here())) cursor_.fail(token.line, "did not find expected comment or line break");
  if (*cursor_.here() != 0) cursor_.skip_break();
  push(token);
}

// --- collections ---------------------------------------------------------------------------------------------------

void Scanner::fetch_flow_start(TokenType type) {
  save_key();
  SimpleKey none;
  none.number = next_number();
  keys_.push_back(none);
  if (flow_level() > depth_limit) cursor_.fail(cursor_.line, "exceeded max depth of 10000");
  key_allowed_ = true;
  Token token = token_here(type);
  cursor_.skip(1);
  token.span.end = cursor_.pos;
  push(token);
}

void Scanner::fetch_flow_end(TokenType type) {
  remove_key();
  if (flow_level() > 0) keys_.pop_back();
  key_allowed_ = false;
  Token token = token_here(type);
  cursor_.skip(1);
  token.span.end = cursor_.pos;
  push(token);
}

void Scanner::fetch_block_entry() {
  Token token = token_here(TokenType::block_entry);
  if (flow_level() == 0) {
    if (!key_allowed_) cursor_.fail(cursor_.line, "block sequence entries are not allowed in this context");
    open_block(cursor_.column(), TokenType::block_list_start, token, queue_.size());
  }
  remove_key();
  key_allowed_ = true;
  cursor_.skip(1);
  token.span.end = cursor_.pos;
  push(token);
}

void Scanner::fetch_key() {
  Token token = token_here(TokenType::key);
  if (flow_level() == 0) {
    if (!key_allowed_) cursor_.fail(cursor_.line, "mapping keys are not allowed in this context");
    open_block(cursor_.column(), TokenType::block_map_start, token, queue_.size());
  }
  remove_key();
  key_allowed_ = flow_level() == 0;
  cursor_.skip(1);
  token.span.end = cursor_.pos;
  push(token);
}

void Scanner::fetch_value() {
  Token token = token_here(TokenType::value);
  SimpleKey& key = keys_.back();
  if (key_is_valid(key)) {
    Token begin = token_here(TokenType::key);
    begin.place = key.pos;
    begin.span = {key.pos, key.pos};
    begin.line = key.line;
    const std::size_t index = head_ + static_cast<std::size_t>(key.number - taken_);
    insert(index, begin);
    open_block(key.column, TokenType::block_map_start, begin, index);
    key.possible = false;
    key_allowed_ = false;
  } else {
    if (flow_level() == 0) {
      if (!key_allowed_) cursor_.fail(cursor_.line, "mapping values are not allowed in this context");
      open_block(cursor_.column(), TokenType::block_map_start, token, queue_.size());
    }
    key_allowed_ = flow_level() == 0;
  }
  cursor_.skip(1);
  token.span.end = cursor_.pos;
  push(token);
}

// --- scalars and properties ----------------------------------------------------------------------------------------

void Scanner::fetch_property(TokenType type) {
  save_key();
  key_allowed_ = false;
  Token token = token_here(type);
  if (type == TokenType::tag) {
    read_tag(cursor_, document_, token);
  } else {
    read_anchor(cursor_, token);
  }
  push(token);
}

void Scanner::fetch_plain() {
  save_key();
  key_allowed_ = false;
  Token token = token_here(TokenType::scalar);
  if (read_plain(cursor_, indent_, flow_level() > 0, document_, token)) key_allowed_ = true;
  push(token);
}

void Scanner::fetch_quoted() {
  save_key();
  key_allowed_ = false;
  Token token = token_here(TokenType::scalar);
  read_quoted(cursor_, document_, token);
  push(token);
}

void Scanner::fetch_block_scalar() {
  remove_key();
  key_allowed_ = true;
  Token token = token_here(TokenType::scalar);
  const BlockHeader header = read_block_header(cursor_, token);
  cursor_.skip_blanks();
  if (*cursor_.here() == '#') comments_.scan_inline(cursor_, token.place, false);
  if (!is_break_or_end(cursor_.here())) cursor_.fail(token.line, "did not find expected comment or line break");
  read_block_lines(cursor_, indent_, header, document_, token);
  push(token);
}

// --- keys ----------------------------------------------------------------------------------------------------------

// A key must stand on one line, with its `:` not further than the limit.
bool Scanner::key_is_valid(SimpleKey& key) {
  if (!key.possible) return false;
  bool too_far = key.line < cursor_.line || cursor_.pos - key.pos > 4 * key_limit;
  if (!too_far && cursor_.pos - key.pos > key_limit) {
    const std::string_view between = cursor_.view(key.pos, cursor_.pos);
    too_far = std::count_if(between.begin(), between.end(), [](char c) { return (c & 0xc0) != 0x80; }) > key_limit;
  }
  if (!too_far) return true;
  if (key.required) cursor_.fail(key.line, "could not find expected ':'");
  key.possible = false;
  expired_.push_back({key.number, static_cast<std::size_t>(&key - keys_.data())});
  return false;
}

void Scanner::save_key() {
  if (!key_allowed_) return;
  remove_key();
  const std::uint32_t column = cursor_.column();
  const bool required = flow_level() == 0 && indent_ == static_cast<int>(column);
  keys_.back() = {true, required, next_number(), cursor_.pos, cursor_.line, column};
}

void Scanner::remove_key() {
  SimpleKey& key = keys_.back();
  if (!key.possible) return;
  if (key.required) cursor_.fail(key.line, "could not find expected ':'");
  key.possible = false;
}

// The numbers grow with the level, so the head's key is found by bisection. The reference remembers keys by number and
// forgets to forget those it gave up: while such a token is at the head, it looks ahead for the key that came after.
bool Scanner::head_may_become_key() {
  for (std::size_t i = 0; i < expired_.size(); ++i) {
    if (expired_[i].number != taken_) continue;
    const std::size_t level = expired_[i].level;
    return level < keys_.size() && key_is_valid(keys_[level]);
  }
  if (!expired_.empty() && expired_.front().number < taken_) expired_.erase(expired_.begin());
  const auto key = std::lower_bound(keys_.begin(), keys_.end(), taken_,
                                    [](const SimpleKey& k, std::uint64_t number) { return k.number < number; });
  return key != keys_.end() && key->number == taken_ && key_is_valid(*key);
}

}  // namespace leafseal::yaml
