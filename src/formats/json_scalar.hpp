// The scalars of JSON as they stand in a text: strings, numbers and the three words, with their canonical values.
// Unlike the reference we refuse what it changes in silence: lone surrogates (security.md P4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/value.hpp"

namespace leafseal {

struct JsonScalar {
  ScalarType type = ScalarType::null;
  std::size_t end = 0;   // offset behind it
  std::string_view raw;  // the value as it stands in the source, when that is the value already
  std::string decoded;   // else
  bool in_source = true;

  std::string_view text() const { return in_source ? raw : std::string_view(decoded); }
};

// The scalar that begins at `at`. Throws Error{could_not_read_input} with a place.
JsonScalar scan_json_scalar(std::string_view source, std::size_t at);
// A text that is one scalar from its first to its last byte; nothing if it is not.
std::optional<Value> read_json_scalar(std::string_view text);

// `Could not unmarshal input data: REASON`, the reference's way to report broken JSON.
[[noreturn]] void fail_json(std::string_view source, std::size_t at, const std::string& reason);
// `invalid character 'x' CONTEXT`, or the unexpected end.
[[noreturn]] void fail_json_character(std::string_view source, std::size_t at, const char* context);

}  // namespace leafseal
