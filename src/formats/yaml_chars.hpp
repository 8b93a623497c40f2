// Character classes of YAML, by table: what ends a plain scalar, what may stand in an anchor. The reading side works on
// a NUL-terminated text that holds no other NUL, so each test is safe at the end of the text.
#pragma once

#include <array>
#include <cstdint>

namespace leafseal::yaml {

enum CharClass : std::uint8_t {
  stops_plain = 1,   // blank, break or its lead byte, NUL, ':'
  stops_flow = 2,    // the same and the flow indicators
  stops_line = 4,    // break or its lead byte, NUL
  stops_double = 8,  // the same and '"' and '\'
  stops_single = 16,  // break, NUL and '\''
  word = 32,         // of anchors, tag handles and directive names
  uri = 64,          // of tags, '%' included
};

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&](const char* chars, unsigned classes) {
    for (; *chars != 0; ++chars) {
      auto& entry = table[static_cast<unsigned char>(*chars)];
      entry = static_cast<std::uint8_t>(entry | classes);
    }
  };
  constexpr unsigned in_all = stops_plain | stops_flow | stops_line | stops_double | stops_single;
  mark("\n\r\xc2\xe2", in_all);  // the last two may begin NEL, LS, PS
  table[0] = in_all;
  mark(" \t:", stops_plain | stops_flow);
  mark(",?[]{}", stops_flow);
  mark("\"\\", stops_double);
  mark("'", stops_single);
  constexpr const char* words = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
  mark(words, word | uri);
  mark(";/?:@&=+$,.!~*'()[]%", uri);
  return table;
}

inline constexpr std::array<std::uint8_t, 256> char_classes = make_classes();

constexpr bool is(char c, CharClass wanted) { return (char_classes[static_cast<unsigned char>(c)] & wanted) != 0; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The length of the one line break at `p`, CR LF counted as two breaks of one byte each; 0 if there is none.
constexpr unsigned single_break(const char* p) {
  if (*p == '\n' || *p == '\r') return 1;
  if (*p == '\xc2') return p[1] == '\x85' ? 2 : 0;
  if (*p == '\xe2') return p[1] == '\x80' && (p[2] == '\xa8' || p[2] == '\xa9') ? 3 : 0;
  return 0;
}
// The same with CR LF as one.
constexpr unsigned line_break(const char* p) { return p[0] == '\r' && p[1] == '\n' ? 2 : single_break(p); }

constexpr bool is_break_or_end(const char* p) { return *p == 0 || single_break(p) != 0; }
constexpr bool is_blank_or_end(const char* p) { return is_blank(*p) || is_break_or_end(p); }

constexpr int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace leafseal::yaml
