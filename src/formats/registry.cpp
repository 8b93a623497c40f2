// Which format a file or a word on the command line means (spec: format.md 1, cli.md 1.3).
#include <array>

#include "formats/binary_format.hpp"
#include "formats/dotenv_format.hpp"
#include "formats/ini_format.hpp"
#include "formats/json_format.hpp"
#include "formats/yaml_format.hpp"

namespace leafseal {

const Format& format_by_id(FormatId id) {
  switch (id) {
    case FormatId::yaml:
      return yaml_format();
    case FormatId::json:
      return json_format();
    case FormatId::dotenv:
      return dotenv_format();
    case FormatId::ini:
      return ini_format();
    case FormatId::binary:
      break;
  }
  return binary_format();
}

const Format& format_for_file(std::string_view name) {
  struct Suffix {
    std::string_view text;
    FormatId id;
  };
  static constexpr std::array<Suffix, 5> suffixes = {{{".yaml", FormatId::yaml},
                                                      {".yml", FormatId::yaml},
                                                      {".json", FormatId::json},
                                                      {".env", FormatId::dotenv},
                                                      {".ini", FormatId::ini}}};
  for (const Suffix& suffix : suffixes) {
    if (name.ends_with(suffix.text)) return format_by_id(suffix.id);
  }
  return binary_format();
}

const Format* format_by_name(std::string_view name) {
  for (const FormatId id : {FormatId::yaml, FormatId::json, FormatId::dotenv, FormatId::ini, FormatId::binary}) {
    const Format& format = format_by_id(id);
    if (format.name() == name) return &format;
  }
  return nullptr;
}

}  // namespace leafseal
