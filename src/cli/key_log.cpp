#include "cli/key_log.hpp"

#include "cli/log_line.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

struct KeyLog {
  std::string logger;
  LogFields fields;
};

KeyLog log_of(const RecipientEntry& entry, KeyUse use) {
  const auto field = [&](const char* name) { return quoted(entry.field(name), 1024); };
  switch (entry.kind) {
    case RecipientKind::age:
      if (use == KeyUse::decrypt) return {"AGE", {}};
      return {"AGE", {{"recipient", field("recipient")}}};
    case RecipientKind::pgp: return {"PGP", {{"fingerprint", field("fp")}}};
    case RecipientKind::kms: return {"AWSKMS", {{"arn", field("arn")}}};
    case RecipientKind::gcp_kms: return {"GCPKMS", {{"resourceID", field("resource_id")}}};
    case RecipientKind::azure_kv: return {"AZKV", {{"key", field("name")}, {"version", field("version")}}};
    case RecipientKind::hckms: return {"HCKMS", {{"keyID", field("key_id")}}};
    case RecipientKind::hc_vault:
      return {"VAULT_TRANSIT",
              {{"Path", field("engine_path") + (use == KeyUse::encrypt ? "/encrypt/" : "/decrypt/") + field("key_name")}}};
  }
  return {"KEYSERVICE", {}};
}

}  // namespace

std::string key_log_line(const RecipientEntry& entry, KeyUse use, bool succeeded, std::time_t now) {
  const std::string good = entry.kind == RecipientKind::hc_vault ? " successful" : " succeeded";
  const KeyLog log = log_of(entry, use);
  return info_log_line(log.logger,
                       (use == KeyUse::encrypt ? "Encryption" : "Decryption") + (succeeded ? good : " failed"),
                       log.fields, now);
}

}  // namespace leafseal::cli
