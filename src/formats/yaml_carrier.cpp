#include "formats/yaml_carrier.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "formats/yaml_block_text.hpp"
#include "formats/yaml_plain.hpp"
#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

constexpr std::string_view neutral_tag = "!!str";

bool is_block(const Node& node) { return node.style == Style::literal || node.style == Style::folded; }

// Core tags would make the reference read a token as something else: they give way to !!str while the value is sealed.
bool tag_gives_way(std::string_view tag) { return (tag.starts_with("!!") && tag != neutral_tag) || tag.starts_with("!<"); }

// A double-quoted token with one blank before the closing quote: an author's plain scalar in flow context.
bool marked_plain(const Document& document, const Node& node) {
  const std::string_view written = document.text(node.span);
  return node.in_flow && node.style == Style::double_quoted && written.size() > 3 && written[written.size() - 2] == ' ' &&
         written[written.size() - 3] == ']';
}

bool fits_single_quotes(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }) &&
         utf8::find_invalid(text) == std::string_view::npos && text.find("\xc2\x85") == std::string_view::npos &&
         text.find("\xe2\x80\xa8") == std::string_view::npos && text.find("\xe2\x80\xa9") == std::string_view::npos;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

// Double-quoted with the fewest escapes: only what cannot stand raw on one line.
std::string double_quoted(std::string_view text) {
  const bool plain_bytes = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f && c != '"' && c != '\\';
  });
  std::string out;
  if (plain_bytes) return out.append("\"").append(text).append("\"");
  out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, length] = utf8::decode(text, at);
    const std::string_view character = text.substr(at, std::max(length, 1U));
    // Outside the BMP the canonical form escapes what may well stand as it is.
    if (code > 0xffff && length != 0) {
      out += character;
    } else {
      std::string escaped;
      append_double_quoted(character, escaped);
      out.append(escaped, 1, escaped.size() - 2);
    }
    at += character.size();
  }
  return out + "\"";
}

// A string where its carrier was plain: plain again where that reads back the same, else as the canonical form says.
std::string plain_or_quoted(std::string_view text, bool in_flow) {
  if (stands_plain(text, in_flow)) return std::string(text);
  ScalarForm form = canonical_form(ScalarType::string, text);
  if (form.style == Style::plain) form.style = Style::double_quoted;
  return form.style == Style::single_quoted ? single_quoted(text) : double_quoted(text);
}

// What a quoted or plain carrier holds once it is opened.
std::string on_one_line(const Node& node, bool plain_carrier, const Value& value) {
  if (value.type != ScalarType::string) return plain_spelling(value.type, value.text);
  if (plain_carrier) return plain_or_quoted(value.text, node.in_flow);
  if (node.style == Style::single_quoted && fits_single_quotes(value.text)) return single_quoted(value.text);
  return double_quoted(value.text);
}

// The content lines that open() would write into a block carrier.
std::optional<std::string> block_lines(const Node& node, const BlockText& block, const Value& value) {
  if (value.type != ScalarType::string) return std::nullopt;
  auto lines = literal_lines(value.text, block.indent, block.line_break, block.explicit_indent);
  if (node.style == Style::folded && lines && lines->find_first_of("\r\n") != std::string::npos) return std::nullopt;
  return lines;
}

void open_block(const Document& document, NodeId id, const Value& value, const std::optional<std::string>& spelling, Edits& edits) {
  const Node& node = document[id];
  const BlockText block = block_text(document, id);
  const bool only_breaks = value.text.find_first_not_of('\n') == std::string::npos;
  std::optional<std::string> lines = spelling;
  if (!lines) lines = block_lines(node, block, value);
  if (!lines && value.type == ScalarType::string && node.style == Style::folded) {
    // Folding anew could change the value; a literal block holds it as it is.
    lines = literal_lines(value.text, block.indent, block.line_break, block.explicit_indent);
    if (lines) edits.push_back({{node.span.begin, node.span.begin + 1}, "|"});
  }
  if (!lines) {
    edits.push_back({node.span, value.type == ScalarType::string ? double_quoted(value.text) : plain_spelling(value.type, value.text)});
    return;
  }
  Span where = block.content;
  if (only_breaks || (spelling && spelling->empty())) {
    // A text of breaks only: the token's line goes whole, the blank lines behind it are the text.
    lines->clear();
    const std::string& source = document.source();
    if (where.end < source.size() && source[where.end] == '\r') ++where.end;
    if (where.end < source.size() && source[where.end] == '\n') ++where.end;
  }
  edits.push_back({where, *lines});
}

// What follows a plain token on its line, a comment say, has to stay behind a block's header.
void open_as_literal(const Document& document, const Node& node, const LiteralScalar& literal, Edits& edits) {
  const std::string& source = document.source();
  const std::size_t line_end = std::min(source.find_first_of("\r\n", node.span.end), source.size());
  const bool alone = source.find_first_not_of(" \t", node.span.end) >= line_end;
  if (alone) {
    edits.push_back({node.span, literal.header + literal.content});
    return;
  }
  const auto end = static_cast<std::uint32_t>(line_end);
  edits.push_back({node.span, literal.header});
  edits.push_back({{end, end}, literal.content});
}

void open_tag(const Document& document, const Node& node, const Value& value, const Spelling& spelling, Edits& edits) {
  if (node.tag.empty()) return;
  if (spelling.tag) {
    edits.push_back({node.tag, *spelling.tag});
  } else if (value.type != ScalarType::string && document.text(node.tag) == neutral_tag) {
    Span tag = node.tag;
    while (tag.end < node.span.begin && document.source()[tag.end] == ' ') ++tag.end;
    edits.push_back({tag, ""});
  }
}

}  // namespace

void seal_scalar(const Document& document, NodeId id, std::string_view token, Edits& edits) {
  const Node& node = document[id];
  if (!node.tag.empty() && tag_gives_way(document.text(node.tag))) edits.push_back({node.tag, std::string(neutral_tag)});
  std::string text;
  text.reserve(token.size() + 4);
  switch (node.style) {
    case Style::literal:
    case Style::folded: {
      const BlockText block = block_text(document, id);
      text.append(block.indent).append(token);
      if (block.breaks_only) text += block.line_break;
      edits.push_back({block.content, std::move(text)});
      return;
    }
    case Style::single_quoted: text.append("'").append(token).append("'"); break;
    case Style::double_quoted: text.append("\"").append(token).append("\""); break;
    default:
      if (node.in_flow) {
        text.append("\"").append(token).append(" \"");
      } else {
        text.append(token);
      }
  }
  edits.push_back({node.span, std::move(text)});
}

Spelling lost_spelling(const Document& document, NodeId id) {
  const Node& node = document[id];
  Spelling lost;
  if (!node.tag.empty() && tag_gives_way(document.text(node.tag))) lost.tag = document.text(node.tag);
  const std::string_view written = document.text(node.span);
  // The common case: a plain string that is its own spelling.
  if (node.style == Style::plain && node.type == ScalarType::string && written == node.text && stands_plain(node.text, node.in_flow)) {
    return lost;
  }
  const Value value{node.type, std::string(node.text)};
  if (is_block(node)) {
    const BlockText block = block_text(document, id);
    if (block.breaks_only) return lost;
    const auto lines = block_lines(node, block, value);
    if (!lines || *lines != document.text(block.content)) lost.value = document.text(block.content);
    return lost;
  }
  const bool plain = node.style == Style::plain;
  const bool tagged_binary = utf8::find_invalid(value.text) != std::string_view::npos;
  if (tagged_binary || on_one_line(node, plain, value) != written) lost.value = written;
  return lost;
}

void open_scalar(const Document& document, NodeId id, const Value& value, const Spelling& spelling, Edits& edits) {
  const Node& node = document[id];
  if (!spelling.value && value.type == ScalarType::string && utf8::find_invalid(value.text) != std::string::npos) {
    edits.push_back({{node.begin, node.span.end}, one_line(canonical_form(value.type, value.text), node.in_flow)});
    return;
  }
  open_tag(document, node, value, spelling, edits);
  if (is_block(node)) {
    open_block(document, id, value, spelling.value, edits);
    return;
  }
  if (spelling.value) {
    edits.push_back({node.span, *spelling.value});
    return;
  }
  const bool plain = node.style == Style::plain || marked_plain(document, node);
  if (plain && value.type == ScalarType::string && value.text.find('\n') != std::string::npos) {
    if (const auto literal = literal_scalar(document, id, value.text)) {
      open_as_literal(document, node, *literal, edits);
      return;
    }
  }
  edits.push_back({node.span, on_one_line(node, plain, value)});
}

bool carries(const Document& document, NodeId id, const Value& value) {
  const Node& node = document[id];
  if (value.type == ScalarType::string && utf8::find_invalid(value.text) != std::string::npos) return false;
  if (!is_block(node)) return true;
  const BlockText block = block_text(document, id);
  if (block.breaks_only || !block_lines(node, block, value)) return false;
  // The header and the blank lines behind the content decide how the text ends.
  const std::size_t last = value.text.find_last_not_of('\n');
  if (last == std::string::npos) return false;
  const std::size_t breaks = value.text.size() - last - 1;
  const std::size_t present = node.text.size() - std::min(node.text.size(), node.text.find_last_not_of('\n') + 1);
  return block.chomping == '-' ? breaks == 0 : breaks == present;
}

void seal_comment(const Document& document, NodeId id, std::string_view token, Edits& edits) {
  std::string text = "#";
  text.append(token);
  edits.push_back({document[id].span, std::move(text)});
}

namespace {

// A list of nothing but comments as items is an empty list when they are comments again: `k:` needs its `[]`.
void open_list_of_comments(const Document& document, NodeId list, Edits& edits) {
  for (NodeId at = document[list].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind != NodeKind::comment) return;
  }
  const std::size_t colon = document.source().find(':', document[list].key_span.end);
  if (document[list].key_span.empty() || colon >= document[list].begin) return;
  const auto after = static_cast<std::uint32_t>(colon + 1);
  edits.push_back({{after, after}, " []"});
}

}  // namespace

void open_comment(const Document& document, NodeId id, std::string_view text, Edits& edits) {
  const Node& node = document[id];
  if (node.list_item_comment && document[node.parent].first_child == id) open_list_of_comments(document, node.parent, edits);
  const Span where = node.list_item_comment ? Span{node.key_span.begin, node.span.end} : node.span;
  std::string line = "#";
  line.append(text);
  edits.push_back({where, std::move(line)});
}

}  // namespace leafseal::yaml
