#include "recipients/vault_transit.hpp"

#include "base/base64.hpp"
#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "recipients/vault_client.hpp"
#include "recipients/vault_hosts.hpp"

namespace leafseal {
namespace {

// The path comes from a document: it names an engine and a key, and no way out of them.
void check_path(std::string_view path) {
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    if (name.empty() || name == "." || name == "..") {
      throw Error(ExitCode::generic, "no path of a Vault key: " + quoted(path));
    }
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

class VaultTransitRecipient final : public Recipient {
 public:
  VaultTransitRecipient(const RecipientEntry& entry, const Environment& environment)
      : entry_(entry), environment_(environment) {}

  std::string wrap(const SecretBytes& key) const override {
    const std::string path = path_of("encrypt");
    check_vault_host(entry_.field("vault_address"), environment_);
    try {
      return field_of(path, {{"plaintext", json_string(base64::encode(key.view()))}}, "ciphertext", "no encrypted data",
                      "encrypted ciphertext cannot be cast to string");
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic,
                        "failed to encrypt sops data key to Vault transit backend '" + quoted(path) + "': ");
    }
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    const std::string path = path_of("decrypt");
    std::string prefix;
    try {
      check_vault_host(entry_.field("vault_address"), environment_);
      prefix = "failed to decrypt sops data key from Vault transit backend '" + quoted(path) + "': ";
      const std::string text = field_of(path, {{"ciphertext", json_string(enc)}}, "plaintext", "no decrypted data",
                                        "decrypted plaintext data cannot be cast to string");
      std::string key;
      if (base64::decode(text, key)) {
        throw Error(ExitCode::generic, "cannot decode base64 plaintext into data key bytes");
      }
      return SecretBytes::copy_of(key);
    } catch (const Error& error) {
      return UnwrapFailure{prefix + error.what(), error.hints().empty() ? "" : error.hints().front()};
    }
  }

  UnwrapCost unwrap_cost() const override { return UnwrapCost::service; }

 private:
  std::string path_of(std::string_view operation) const {
    return entry_.field("engine_path") + "/" + std::string(operation) + "/" + entry_.field("key_name");
  }

  std::string field_of(const std::string& path, const std::vector<std::pair<std::string, std::string>>& body,
                       std::string_view field, const char* absent, const char* no_text) const {
    check_path(path);
    const HttpResponse response =
        send_to_vault({"PUT", entry_.field("vault_address"), path, json_object(body)}, environment_);
    const JsonFields fields = JsonFields::parse(response.body);
    if (!fields.parsed() || !fields.object({"data"}).parsed()) {
      throw Error(ExitCode::generic, "transit backend is empty", {"what answers there is no Vault transit engine"});
    }
    if (auto text = fields.text({"data", field})) return *std::move(text);
    throw Error(ExitCode::generic, fields.json({"data", field}) ? no_text : absent);
  }

  const RecipientEntry& entry_;
  const Environment& environment_;
};

}  // namespace

std::unique_ptr<Recipient> make_vault_transit_recipient(const RecipientEntry& entry, const Environment& environment) {
  return std::make_unique<VaultTransitRecipient>(entry, environment);
}

}  // namespace leafseal
