#include "recipients/age_identity_file.hpp"

#include <algorithm>

#include "recipients/age_armor.hpp"
#include "recipients/age_passphrase_file.hpp"
#include "recipients/age_plugin.hpp"
#include "recipients/age_post_quantum.hpp"
#include "recipients/age_x25519.hpp"

namespace leafseal::age {
namespace {

std::unique_ptr<Identity> parse_identity(std::string_view text, const Environment& environment) {
  if (text.starts_with("AGE-PLUGIN-")) return parse_plugin_identity(text, environment);
  if (text.starts_with("AGE-SECRET-KEY-PQ-1")) return parse_post_quantum_identity(text);
  if (text.starts_with("AGE-SECRET-KEY-1")) return parse_x25519_identity(text);
  throw failure("unknown identity type");
}

void parse_line(std::string_view line, PerLine per_line, const Environment& environment, Identities& out) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty() || line.starts_with('#')) return;
  if (per_line == PerLine::one) return out.push_back(parse_identity(line, environment));
  constexpr std::string_view blanks = " \t\r\v\f";
  for (std::size_t begin = line.find_first_not_of(blanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
    out.push_back(parse_identity(line.substr(begin, end - begin), environment));
    begin = line.find_first_not_of(blanks, end);
  }
}

Identities parse_plain(std::string_view text, PerLine per_line, const Environment& environment) {
  Identities out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parse_line(text.substr(0, end), per_line, environment, out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

Identities parse_identities(std::string_view text, const std::string& location, PerLine per_line,
                            const Environment& environment) {
  const bool armored = text.starts_with(armor_begin.substr(0, 14));
  if (armored || text.starts_with("age-encryption")) {
    Identities out;
    try {
      out.push_back(std::make_unique<PassphraseFile>(armored ? remove_armor(text) : std::string(text), location,
                                                     environment));
    } catch (const Error& error) {
      throw error.under(error.code(), "failed to read '" + location + "': ");
    }
    return out;
  }
  try {
    return parse_plain(text, per_line, environment);
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to parse '" + location + "' age identities: ");
  }
}

}  // namespace leafseal::age
