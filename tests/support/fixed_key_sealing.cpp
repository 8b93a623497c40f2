#include "support/fixed_key_sealing.hpp"

#include "leafseal/error.hpp"
#include "leafseal/token.hpp"

namespace leafseal::test {

namespace {

SecretBytes fixed_key() { return SecretBytes::copy_of(std::string_view("an example data key of 32 bytes!")); }

Metadata metadata_for(const SelectionRule& rule, bool mac_only_encrypted) {
  RecipientEntry nobody;
  nobody.kind = RecipientKind::age;
  nobody.fields = {{"recipient", "age1nobody"}};
  nobody.enc = "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n";
  Metadata metadata;
  metadata.keys.groups = {{{nobody}}};
  metadata.selection = rule;
  metadata.selection_stored = rule.kind != SelectionKind::everything;
  metadata.mac_only_encrypted = mac_only_encrypted;
  metadata.version = std::string(format_level);
  return metadata;
}

// Tokens are as long as what they hold: the base64 text tells the size without opening it.
std::size_t plaintext_size(const std::string& token_text) {
  const std::optional<EncToken> token = parse_token(token_text);
  return token ? token->data.size() / 4 * 3 : 0;
}

}  // namespace

SealedByTest seal_with_fixed_key(const Format& format, const std::string& plain, const SelectionRule& rule,
                                 bool mac_only_encrypted) {
  LeafCipher cipher(fixed_key());
  SealOptions options;
  options.now = "2026-01-02T03:04:05Z";
  options.warn = [](const std::string&) {};
  SealedByTest result;
  result.text = seal_document(format, format.parse(plain, ParseMode::plain), metadata_for(rule, mac_only_encrypted), cipher, options).text;
  result.layout_bytes = plaintext_size(read_metadata(format.parse(result.text, ParseMode::sealed)).layout);
  return result;
}

namespace {

OpenedDocument opened_with(LeafCipher& cipher, const Format& format, const std::string& sealed) {
  Document document = format.parse(sealed, ParseMode::sealed);
  const Metadata metadata = read_metadata(document);
  return open_document(std::move(document), metadata, cipher, {false, [](const std::string&) {}});
}

}  // namespace

std::string open_with_fixed_key(const Format& format, const std::string& sealed) {
  LeafCipher cipher(fixed_key());
  return plain_text(format, opened_with(cipher, format, sealed), cipher, [](const std::string&) {});
}

std::string change_with_fixed_key(const Format& format, const std::string& sealed, std::span<const Change> changes) {
  LeafCipher cipher(fixed_key());
  SealOptions options;
  options.now = "2026-01-02T03:04:06Z";
  options.warn = [](const std::string&) {};
  return apply_changes(format, opened_with(cipher, format, sealed), changes, cipher, options);
}

}  // namespace leafseal::test
