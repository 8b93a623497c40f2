#include "recipients/aws_kms.hpp"

#include <algorithm>
#include <vector>

#include "base/base64.hpp"
#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "recipients/aws_client.hpp"

namespace leafseal {
namespace {

class AwsKmsRecipient final : public Recipient {
 public:
  AwsKmsRecipient(const RecipientEntry& entry, const Environment& environment, AwsAccess& access)
      : entry_(entry), environment_(environment), access_(access) {}

  std::string wrap(const SecretBytes& key) const override {
    return call("Encrypt", "failed to encrypt sops data key with AWS KMS: ", "Plaintext", base64::encode(key.view()),
                "CiphertextBlob");
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    try {
      std::string bytes;
      if (const auto place = base64::decode(enc, bytes)) {
        throw Error(ExitCode::generic, "error base64-decoding encrypted data key: illegal base64 data at input byte " +
                                           std::to_string(*place));
      }
      constexpr const char* failed = "failed to decrypt sops data key with AWS KMS: ";
      const std::string text = call("Decrypt", failed, "CiphertextBlob", std::string(enc), "Plaintext");
      std::string key;
      if (base64::decode(text, key)) {
        throw Error(ExitCode::generic, std::string(failed) + "the answer's Plaintext is no base64");
      }
      return SecretBytes::copy_of(key);
    } catch (const Error& error) {
      return UnwrapFailure{error.what(), error.hints().empty() ? "" : error.hints().front()};
    }
  }

  UnwrapCost unwrap_cost() const override {
    const std::string named = entry_.field("aws_profile");
    if (named.empty() && environment_.variable("AWS_ACCESS_KEY_ID")) return UnwrapCost::service;
    try {
      return access_.profile(named).may_ask() ? UnwrapCost::asks : UnwrapCost::service;
    } catch (const Error&) {
      return UnwrapCost::service;  // fails without a question
    }
  }

 private:
  // One operation of the service: `field` goes in, `wanted` comes out, both in base64.
  std::string call(const std::string& operation, const std::string& failed, const std::string& field,
                   const std::string& value, const std::string& wanted) const {
    const std::string arn = entry_.field("arn");
    const std::optional<std::string> region = region_of_kms_arn(arn);
    if (!region) {
      throw Error(ExitCode::generic, "no valid ARN found in '" + quoted(arn) + "'",
                  {"write arn:aws:kms:REGION:ACCOUNT:key/ID, or alias/NAME in the place of key/ID"});
    }
    const AwsProfile profile = access_.profile(entry_.field("aws_profile"));
    const AwsKeys keys = keys_for(profile, *region, failed);
    AwsRequest request;
    request.service = "kms";
    request.operation = "KMS: " + operation;
    request.region = *region;
    request.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", "TrentService." + operation}};
    request.body =
        json_object({{"KeyId", json_string(arn)}, {field, json_string(value)}, {"EncryptionContext", context()}});
    try {
      const HttpResponse response = send_to_aws(request, &keys, profile, environment_);
      if (auto text = JsonFields::parse(response.body).text({wanted})) return *std::move(text);
      throw Error(ExitCode::generic, "operation error KMS: " + operation + ", the answer has no " + wanted,
                  {"what answers there is not AWS KMS"});
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, failed);
    }
  }

  AwsKeys keys_for(const AwsProfile& profile, const std::string& region, const std::string& failed) const {
    const std::string role = entry_.field("role");
    try {
      return access_.keys(profile, region, role);
    } catch (const Error& error) {
      if (!role.empty() || error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, failed);
    }
  }

  std::string context() const {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& [name, value] : entry_.context) members.emplace_back(name, json_string(value));
    return json_object(members);
  }

  const RecipientEntry& entry_;
  const Environment& environment_;
  AwsAccess& access_;
};

}  // namespace

std::unique_ptr<Recipient> make_aws_kms_recipient(const RecipientEntry& entry, const Environment& environment,
                                                  AwsAccess& access) {
  return std::make_unique<AwsKmsRecipient>(entry, environment, access);
}

// arn:aws[\w-]*:kms:(.+):[0-9]+:(key|alias)/.+ as the reference matches it: a region that is none passes here.
std::optional<std::string> region_of_kms_arn(const std::string& arn) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  constexpr std::string_view begin = "arn:aws";
  constexpr std::string_view service = ":kms:";
  if (!arn.starts_with(begin) || arn.find('\n') != std::string::npos) return std::nullopt;
  const std::size_t partition_end = arn.find(':', begin.size());
  if (partition_end == std::string::npos || arn.compare(partition_end, service.size(), service) != 0 ||
      !std::all_of(arn.begin() + begin.size(), arn.begin() + static_cast<std::ptrdiff_t>(partition_end), is_word)) {
    return std::nullopt;
  }
  const std::size_t region = partition_end + service.size();
  // The last colon with an account before it and key/ or alias/ after it.
  for (std::size_t end = arn.rfind(':'); end != std::string::npos && end > region; end = arn.rfind(':', end - 1)) {
    const std::string_view name = std::string_view(arn).substr(end + 1);
    const bool named = (name.starts_with("key/") && name.size() > 4) || (name.starts_with("alias/") && name.size() > 6);
    const std::size_t account = arn.rfind(':', end - 1);
    if (!named || account == std::string::npos || account <= region || account + 1 == end) continue;
    if (std::all_of(arn.begin() + static_cast<std::ptrdiff_t>(account) + 1,
                    arn.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c >= '0' && c <= '9'; })) {
      return arn.substr(region, account - region);
    }
  }
  return std::nullopt;
}

}  // namespace leafseal
