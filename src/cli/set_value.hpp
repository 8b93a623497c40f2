// The VALUE of set: what a person, a file or a program gives, as a document.
#pragma once

#include <optional>
#include <string>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {

// How VALUE is written: `json` as in the reference; `string`: the text itself; `yaml`: one scalar as in a YAML file, so
// `0x1F` is an integer.
enum class ValueForm : std::uint8_t { json, string, yaml };
ValueForm value_form(const std::optional<std::string>& name, ValueForm otherwise);  // Error{conflicting_parameters}

// A document whose root's first child is the value, spans where it has a spelling of its own. In dotenv and INI, which
// know only text, a number is the text that stands there. Throws Error{invalid_set_format}.
Document parse_set_value(const std::string& text, ValueForm form, FormatId target);
// The text itself as a value.
Document text_value(std::string_view text);

}  // namespace leafseal::cli
