#include "recipients/unserved_recipient.hpp"

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

std::string service_name(RecipientKind kind) {
  switch (kind) {
    case RecipientKind::kms: return "AWS KMS";
    case RecipientKind::gcp_kms: return "GCP KMS";
    case RecipientKind::hckms: return "Huawei Cloud KMS";
    case RecipientKind::azure_kv: return "Azure Key Vault";
    case RecipientKind::hc_vault: return "HashiCorp Vault";
    case RecipientKind::pgp: return "PGP";
    case RecipientKind::age: return "age";
  }
  return std::string(kind_name(kind));
}

class UnservedRecipient final : public Recipient {
 public:
  explicit UnservedRecipient(const RecipientEntry& entry) : entry_(entry) {}

  std::string wrap(const SecretBytes&) const override {
    throw Error(ExitCode::generic, reason(),
                {"a key cannot be wrapped for " + quoted(entry_.id()) +
                 " here: use age or PGP recipients for this file, or sops"});
  }

  UnwrapResult unwrap(std::string_view) const override {
    return UnwrapFailure{reason(), "give the private key of one of the file's age or PGP recipients, or use sops"};
  }

  UnwrapCost unwrap_cost() const override { return UnwrapCost::at_hand; }

 private:
  std::string reason() const { return "this release does not serve " + service_name(entry_.kind) + " recipients"; }
  const RecipientEntry& entry_;
};

}  // namespace

std::unique_ptr<Recipient> make_unserved_recipient(const RecipientEntry& entry) {
  return std::make_unique<UnservedRecipient>(entry);
}

}  // namespace leafseal
