#include "cli/example_content.hpp"

namespace leafseal::cli {
namespace {

constexpr const char* yaml_example =
    "hello: Welcome to SOPS! Edit this file as you please!\n"
    "example_key: example_value\n"
    "# Example comment\n"
    "example_array:\n"
    "    - example_value1\n"
    "    - example_value2\n"
    "example_number: 1234.56789\n"
    "example_booleans:\n"
    "    - true\n"
    "    - false\n";

constexpr const char* json_example =
    R"({"hello": "Welcome to SOPS! Edit this file as you please!", "example_key": "example_value",)"
    R"("example_array": ["example_value1", "example_value2"], "example_number": 1234.56789,)"
    R"("example_booleans": [true, false]})";

constexpr const char* dotenv_example =
    "# This is an example file.\n"
    "hello=Welcome to SOPS! Edit this file as you please!\n"
    "example_key=example_value\n"
    "example_multiline=foo\\nbar\\nbaz\n";

constexpr const char* ini_example =
    "; This is an example file.\n"
    "[Welcome!]\n"
    "hello       = Welcome to SOPS! Edit this file as you please!\n"
    "example_key = example_value\n";

}  // namespace

std::string example_content(const Format& format, const EmitOptions& emit) {
  switch (format.id()) {
    case FormatId::yaml: return format.emit(format.parse(yaml_example, ParseMode::plain), emit);
    case FormatId::json: return format.emit(format.parse(json_example, ParseMode::plain), emit);
    case FormatId::dotenv: return dotenv_example;
    case FormatId::ini: return ini_example;
    case FormatId::binary: break;
  }
  return "Welcome to SOPS! Edit this file as you please!";
}

}  // namespace leafseal::cli
