#include "recipients/huawei_kms.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.hpp"
#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"
#include "recipients/huawei_client.hpp"
#include "recipients/huawei_endpoint.hpp"
#include "recipients/recipient_list.hpp"

namespace leafseal {
namespace {

constexpr const char* no_client = "failed to create HuaweiCloud KMS client: ";

struct Key {
  std::string region;
  std::string uuid;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

Key key_of(const RecipientEntry& entry) {
  const std::string id = entry.field("key_id");
  hckms_recipient(id);  // throws if it is none
  const std::size_t colon = id.find(':');
  return {std::string(trimmed(std::string_view(id).substr(0, colon))),
          std::string(trimmed(std::string_view(id).substr(colon + 1)))};
}

class HuaweiKmsRecipient final : public Recipient {
 public:
  HuaweiKmsRecipient(const RecipientEntry& entry, const Environment& environment, HuaweiAccess& access)
      : entry_(entry), environment_(environment), access_(access) {}

  std::string wrap(const SecretBytes& key) const override {
    const Key at = key_of(entry_);
    const JsonFields answer = call(at, "encrypt-data", "failed to encrypt sops data key with HuaweiCloud KMS: ",
                                   {{"key_id", json_string(at.uuid)},
                                    {"plain_text", json_string(base64::encode(key.view()))},
                                    {"encryption_algorithm", "\"SYMMETRIC_DEFAULT\""}});
    if (auto text = answer.text({"cipher_text"}); text && !text->empty()) return *std::move(text);
    throw not_kms("encryption response missing ciphertext");
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    try {
      const Key at = key_of(entry_);
      const JsonFields answer = call(at, "decrypt-data", "failed to decrypt sops data key with HuaweiCloud KMS: ",
                                     {{"cipher_text", json_string(enc)},
                                      {"encryption_algorithm", "\"SYMMETRIC_DEFAULT\""},
                                      {"key_id", json_string(at.uuid)}});
      const auto text = answer.text({"plain_text"});
      if (!text) throw not_kms("decryption response missing plaintext");
      std::string key;
      if (const auto place = base64::decode(*text, key)) {
        throw not_kms("failed to base64 decode decrypted data key: illegal base64 data at input byte " +
                      std::to_string(*place));
      }
      return SecretBytes::copy_of(key);
    } catch (const Error& error) {
      return UnwrapFailure{error.what(), error.hints().empty() ? "" : error.hints().front()};
    }
  }

  UnwrapCost unwrap_cost() const override { return UnwrapCost::service; }

 private:
  static Error not_kms(std::string message) {
    return {ExitCode::generic, std::move(message), {"what answers there is not Huawei Cloud KMS"}};
  }

  JsonFields call(const Key& key, const std::string& operation, const char* failed,
                  const std::vector<std::pair<std::string, std::string>>& body) const {
    const char* doing = no_client;
    try {
      const std::vector<std::string> endpoints = huawei_kms_endpoints(key.region, environment_);
      const HuaweiCredentials credentials = access_.credentials(key.region);
      doing = failed;
      for (std::size_t i = 0;; ++i) {
        try {
          return JsonFields::parse(ask(endpoints.at(i), operation, credentials, json_object(body)).body);
        } catch (const HttpError& error) {
          // As the SDK does: the next address for a host that is not there or is another.
          const bool elsewhere = error.fault() == HttpFault::no_host || error.fault() == HttpFault::tls;
          if (!elsewhere || i + 1 == endpoints.size()) throw;
        }
      }
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, doing);
    }
  }

  HttpResponse ask(const std::string& endpoint, const std::string& operation, const HuaweiCredentials& credentials,
                   const std::string& body) const {
    HttpRequest request;
    request.method = "POST";
    request.url = endpoint + "/v1.0/" + percent_encode(credentials.project_id) + "/kms/" + operation;
    request.headers = {{"Content-Type", "application/json"}, {"X-Project-Id", credentials.project_id}};
    request.body = body;
    sign_for_huawei(request, credentials.keys, now_of(environment_));
    return send_to_huawei(request, environment_);
  }

  const RecipientEntry& entry_;
  const Environment& environment_;
  HuaweiAccess& access_;
};

}  // namespace

std::unique_ptr<Recipient> make_huawei_kms_recipient(const RecipientEntry& entry, const Environment& environment,
                                                     HuaweiAccess& access) {
  return std::make_unique<HuaweiKmsRecipient>(entry, environment, access);
}

}  // namespace leafseal
