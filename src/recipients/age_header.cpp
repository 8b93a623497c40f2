#include "recipients/age_header.hpp"

#include "base/base64.hpp"
#include "recipients/age_stanza.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view intro = "age-encryption.org/v1";
constexpr std::string_view footer = "---";

Error malformed(const std::string& why) { return failure("parsing age header: " + why); }

std::string parse_mac(std::string_view line) {
  std::string mac;
  if (!line.starts_with("--- ") || base64::decode(line.substr(4), mac, base64::Padding::forbidden) ||
      mac.size() != sizeof(Hash))
    throw malformed("malformed closing line: \"" + quoted(line) + "\"");
  return mac;
}

}  // namespace

Header parse_header(std::string_view file) {
  Header header;
  const auto next_line = [&] {
    const std::size_t end = file.find('\n', header.size);
    if (end == std::string_view::npos) throw malformed(file.empty() ? "file is empty" : "unexpected end of the header");
    const std::string_view line = file.substr(header.size, end - header.size);
    header.size = end + 1;
    return line;
  };

  if (const std::string_view line = next_line(); line != intro)
    throw malformed("unexpected intro: \"" + quoted(line) + "\"");
  StanzaParser parser;
  for (bool inside = false;;) {
    const std::size_t begin = header.size;
    const std::string_view line = next_line();
    if (!inside && line.starts_with(footer)) {
      header.mac = parse_mac(line);
      header.authenticated = file.substr(0, begin + footer.size());
      return header;
    }
    try {
      inside = !parser.add(line);
    } catch (const Error& error) {
      throw error.under(error.code(), "failed to parse header: ");
    }
    if (!inside) header.stanzas.push_back(parser.take());
  }
}

std::string write_header(const std::vector<Stanza>& stanzas, Bytes file_key) {
  std::string out(intro);
  out.push_back('\n');
  for (const Stanza& stanza : stanzas) append_stanza(stanza, out);
  out.append(footer);
  const Hash mac = header_mac(file_key, out);
  out.push_back(' ');
  base64::append(mac, out, base64::Padding::forbidden);
  out.push_back('\n');
  return out;
}

Hash header_mac(Bytes file_key, std::string_view authenticated) {
  Key key;
  hkdf_sha256(file_key, {}, "header", key);
  return hmac_sha256(key, {bytes_of(authenticated)});
}

}  // namespace leafseal::age
