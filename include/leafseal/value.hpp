// Value: one leaf of a document, as a type and its canonical text. The canonical text is what is encrypted and what
// the MAC covers (spec: format.md 2.3): decimal integers, floats without exponent, True/False, RFC 3339 times. How the
// author spelt the value (`0x1F`, `TRUE`, `1.50`) is not part of it: that stays in the source, or in a layout record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leafseal {

enum class ScalarType : std::uint8_t { null, boolean, integer, floating, string, time };

struct Value {
  ScalarType type = ScalarType::null;
  std::string text;  // canonical; empty for null

  static Value null() { return {}; }
  static Value boolean(bool b) { return {ScalarType::boolean, b ? "True" : "False"}; }
  static Value integer(std::int64_t i) { return {ScalarType::integer, std::to_string(i)}; }
  static Value floating(double d);
  static Value string(std::string s) { return {ScalarType::string, std::move(s)}; }

  bool operator==(const Value&) const = default;
};

// Shortest digits that read back as the same double, never an exponent: 1e21 is 1000000000000000000000, -0.0 is -0,
// infinities +Inf and -Inf, NaN. Not std::to_chars(fixed), which prints the exact value from 2^53 on.
std::string canonical_float(double value);

// The shortest digits and the decimal exponent of a finite double: 1250.0 is {"125", 4}, meaning 0.125 * 10^4.
struct ShortestDigits {
  bool negative = false;
  std::string digits;  // no leading or trailing zeros; "0" for zero
  int point = 1;       // the decimal point stands before digits[point]
};
ShortestDigits shortest_digits(double value);

// Whole text as a double as Go's strconv.ParseFloat reads decimal text (also Inf, NaN, exponents); out of range: none.
std::optional<double> parse_float(std::string_view text);
// Optional sign and decimal digits within 64 bits, leading zeros allowed; else none.
std::optional<std::int64_t> parse_int(std::string_view text);

// Checks that a decrypted text is of its type and gives it in canonical form: "1.50" as floating gives 1.5, "t" as
// boolean gives True. None when it is not of the type: then the ciphertext's type tag was changed.
std::optional<Value> canonical_value(ScalarType type, std::string_view text);

// An RFC 3339 time in canonical form (up to nine fraction digits, trailing zeros cut, +00:00 as Z); none if it is not one.
std::optional<std::string> canonical_time(std::string_view rfc3339);

}  // namespace leafseal
