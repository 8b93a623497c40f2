#include "recipients/gcp_kms.hpp"

#include <array>

#include "base/base64.hpp"
#include "leafseal/error.hpp"
#include "net/crc32.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"
#include "recipients/gcp_client.hpp"
#include "recipients/gcp_endpoint.hpp"

namespace leafseal {
namespace {

constexpr const char* scope = "https://www.googleapis.com/auth/cloudkms";
constexpr const char* cannot_create = "cannot create GCP KMS service: ";
constexpr const char* wrapping = "failed to encrypt sops data key with GCP KMS key: ";

std::string checksum(std::string_view bytes) { return json_string(std::to_string(crc32(bytes, crc32_castagnoli))); }

Error damaged(const std::string& name) {
  return Error(ExitCode::generic, "the answer was damaged on its way: its " + name + " is another", {"try again"});
}

// What an argument that the service does not take means depends on the operation.
std::string hint_of(const GcpError& error, const char* wrong_argument) {
  if (!error.hints().empty()) return error.hints().front();
  return error.status() == 400 ? wrong_argument : "";
}

class GcpKmsRecipient final : public Recipient {
 public:
  GcpKmsRecipient(const RecipientEntry& entry, const Environment& environment, GcpAccess& access)
      : entry_(entry), environment_(environment), access_(access) {}

  std::string wrap(const SecretBytes& key) const override {
    const std::string url = url_of("encrypt");
    try {
      const JsonFields answer =
          ask(url, {{"plaintext", json_string(base64::encode(key.view()))}, {"plaintextCrc32c", checksum(key.view())}});
      std::string ciphertext;
      std::string text = bytes_in(answer, "ciphertext", ciphertext);
      // A service that gives checksums must also say that it has checked ours.
      if (answer.json({"ciphertextCrc32c"}) && answer.json({"verifiedPlaintextCrc32c"}) != "true") {
        throw damaged("verifiedPlaintextCrc32c");
      }
      return text;
    } catch (const GcpError& error) {
      const std::string hint = hint_of(error, "the key must be one for symmetric encryption, ENCRYPT_DECRYPT");
      throw Error(ExitCode::generic, wrapping + std::string(error.what()),
                  hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, wrapping);
    }
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    std::string prefix;
    try {
      const std::string url = url_of("decrypt");
      std::string ciphertext;
      if (const auto place = base64::decode(enc, ciphertext)) {
        throw Error(ExitCode::generic, "illegal base64 data at input byte " + std::to_string(*place));
      }
      prefix = "failed to decrypt sops data key with GCP KMS key: ";
      std::string key;
      bytes_in(ask(url, {{"ciphertext", json_string(enc)}, {"ciphertextCrc32c", checksum(ciphertext)}}), "plaintext",
               key);
      return SecretBytes::copy_of(key);
    } catch (const GcpError& error) {
      return UnwrapFailure{prefix + error.what(),
                           hint_of(error, "the data key was wrapped by another key than the entry names")};
    } catch (const Error& error) {
      return UnwrapFailure{prefix + error.what(), error.hints().empty() ? "" : error.hints().front()};
    }
  }

  UnwrapCost unwrap_cost() const override { return UnwrapCost::service; }

 private:
  // Of the operation. With it the token is there, so what is wrong with credentials is said apart from refusals.
  std::string url_of(const std::string& operation) const {
    const std::string id = entry_.field("resource_id");
    try {
      if (!is_gcp_key(id)) {
        throw Error(ExitCode::generic, "no valid resource ID found in \"" + quoted(id) + "\"",
                    {"write projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY"});
      }
      const std::string endpoint = gcp_kms_endpoint(access_.universe(), environment_);
      access_.token(scope);
      return endpoint + "/v1/" + percent_encode(id, "/:@") + ":" + operation;
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, cannot_create);
    }
  }

  JsonFields ask(const std::string& url, const std::vector<std::pair<std::string, std::string>>& body) const {
    HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = {{"Content-Type", "application/json"},
                       {"X-Goog-Request-Params", "name=" + percent_encode(entry_.field("resource_id"))}};
    request.body = json_object(body);
    return JsonFields::parse(send_to_gcp(std::move(request), scope, access_, environment_).body);
  }

  // A field of bytes: decoded into `bytes`, checked against the sum beside it, and as it is.
  static std::string bytes_in(const JsonFields& answer, const std::string& name, std::string& bytes) {
    auto text = answer.text({name});
    if (!text || text->empty()) {
      throw Error(ExitCode::generic, "the answer has no " + name, {"what answers there is not Google Cloud KMS"});
    }
    if (base64::decode(*text, bytes)) throw Error(ExitCode::generic, "the answer's " + name + " is no base64");
    const std::string sum = name + "Crc32c";
    if (answer.json({sum}) && answer.number({sum}) != std::int64_t{crc32(bytes, crc32_castagnoli)}) throw damaged(sum);
    return *std::move(text);
  }

  const RecipientEntry& entry_;
  const Environment& environment_;
  GcpAccess& access_;
};

}  // namespace

std::unique_ptr<Recipient> make_gcp_kms_recipient(const RecipientEntry& entry, const Environment& environment,
                                                  GcpAccess& access) {
  return std::make_unique<GcpKmsRecipient>(entry, environment, access);
}

bool is_gcp_key(std::string_view id) {
  static constexpr auto names = std::to_array<std::string_view>({"projects", "locations", "keyRings", "cryptoKeys"});
  for (const std::string_view name : names) {
    if (!id.starts_with(name) || !id.substr(name.size()).starts_with('/')) return false;
    id.remove_prefix(name.size() + 1);
    const std::string_view value = id.substr(0, id.find('/'));
    // The path of a URL has no way up in it.
    if (value.empty() || value == "." || value == "..") return false;
    id.remove_prefix(value.size());
    if (name != names.back()) {
      if (id.empty()) return false;
      id.remove_prefix(1);
    }
  }
  return id.empty();
}

}  // namespace leafseal
