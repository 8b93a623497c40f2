#include "recipients/azure_key_vault.hpp"

#include <algorithm>

#include "leafseal/error.hpp"
#include "net/base64url.hpp"
#include "net/json_fields.hpp"
#include "recipients/azure_client.hpp"

namespace leafseal {
namespace {

// Names and versions come from a document and become parts of a path.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 127 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// "/keys/NAME/VERSION"; the version may be empty.
std::string path_of(const RecipientEntry& entry) {
  const std::string name = entry.field("name");
  const std::string version = entry.field("version");
  if (!is_name(name) || !(version.empty() || is_name(version))) {
    throw Error(ExitCode::generic, "no key of an Azure Key Vault: " + quoted(entry.id()),
                {"names and versions have letters, digits and dashes"});
  }
  return "/keys/" + name + "/" + version;
}

class AzureKeyVaultRecipient final : public Recipient {
 public:
  AzureKeyVaultRecipient(const RecipientEntry& entry, const Environment& environment, AzureAccess& access)
      : entry_(entry), environment_(environment), access_(access) {}

  std::string wrap(const SecretBytes& key) const override {
    const std::string failed =
        "failed to encrypt sops data key with Azure Key Vault key '" + quoted(entry_.id()) + "': ";
    std::string enc = call("encrypt", failed, base64url::encode(key.view()));
    if (base64url::decode(enc)) return enc;
    throw Error(ExitCode::generic, failed + "the answer's value is no base64url");
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    try {
      if (!base64url::decode(enc)) {
        throw Error(ExitCode::generic, "failed to base64 decode Azure Key Vault encrypted key");
      }
      const std::string failed =
          "failed to decrypt sops data key with Azure Key Vault key '" + quoted(entry_.id()) + "': ";
      const std::optional<std::string> key = base64url::decode(call("decrypt", failed, std::string(enc)));
      if (!key) throw Error(ExitCode::generic, failed + "the answer's value is no base64url");
      return SecretBytes::copy_of(*key);
    } catch (const Error& error) {
      return UnwrapFailure{error.what(), error.hints().empty() ? "" : error.hints().front()};
    }
  }

  UnwrapCost unwrap_cost() const override { return UnwrapCost::service; }

 private:
  std::string call(const std::string& operation, const std::string& failed, const std::string& value) const {
    try {
      const HttpResponse response =
          send_to_azure_vault({"POST", entry_.field("vault_url"), path_of(entry_) + "/" + operation,
                               json_object({{"alg", json_string("RSA-OAEP-256")}, {"value", json_string(value)}})},
                              access_, environment_);
      if (auto text = JsonFields::parse(response.body).text({"value"}); text && !text->empty()) return *std::move(text);
      throw Error(ExitCode::generic, "the answer has no value", {"what answers there is no Azure Key Vault"});
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, failed);
    }
  }

  const RecipientEntry& entry_;
  const Environment& environment_;
  AzureAccess& access_;
};

std::string newest_version(const RecipientEntry& entry, const Environment& environment, AzureAccess& access) {
  try {
    const HttpResponse response =
        send_to_azure_vault({"GET", entry.field("vault_url"), path_of(entry), ""}, access, environment);
    const std::string kid = JsonFields::parse(response.body).text({"key", "kid"}).value_or("");
    const std::string version = kid.substr(kid.rfind('/') + 1);
    if (is_name(version)) return version;
    throw Error(ExitCode::generic, "the answer names no version", {"what answers there is no Azure Key Vault"});
  } catch (const Error& error) {
    if (error.code() == ExitCode::strict_refusal) throw;
    throw error.under(ExitCode::generic,
                      "failed to fetch Azure Key to retrieve key version of '" + quoted(entry.id()) + "': ");
  }
}

}  // namespace

std::unique_ptr<Recipient> make_azure_key_vault_recipient(const RecipientEntry& entry, const Environment& environment,
                                                          AzureAccess& access) {
  return std::make_unique<AzureKeyVaultRecipient>(entry, environment, access);
}

void name_azure_version(RecipientEntry& entry, const Environment& environment, AzureAccess& access) {
  if (!entry.field("version").empty()) return;
  const std::string version = access.version(entry.id(), [&] { return newest_version(entry, environment, access); });
  for (auto& [name, value] : entry.fields) {
    if (name == "version") value = version;
  }
}

}  // namespace leafseal
