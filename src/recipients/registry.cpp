#include "recipients/registry.hpp"

#include "recipients/age_recipient.hpp"
#include "recipients/aws_kms.hpp"
#include "recipients/azure_key_vault.hpp"
#include "recipients/gcp_kms.hpp"
#include "recipients/huawei_kms.hpp"
#include "recipients/pgp_recipient.hpp"
#include "recipients/vault_transit.hpp"

namespace leafseal {

std::unique_ptr<Recipient> LocalRecipients::make(const RecipientEntry& entry) const {
  switch (entry.kind) {
    case RecipientKind::kms:
      return make_aws_kms_recipient(entry, environment_, aws_);
    case RecipientKind::gcp_kms:
      return make_gcp_kms_recipient(entry, environment_, gcp_);
    case RecipientKind::hckms:
      return make_huawei_kms_recipient(entry, environment_, huawei_);
    case RecipientKind::azure_kv:
      return make_azure_key_vault_recipient(entry, environment_, azure_);
    case RecipientKind::hc_vault:
      return make_vault_transit_recipient(entry, environment_);
    case RecipientKind::pgp:
      return make_pgp_recipient(entry, environment_);
    case RecipientKind::age:
      break;
  }
  return make_age_recipient(entry, environment_, identities_);
}

void LocalRecipients::complete(RecipientEntry& entry) const {
  if (entry.kind == RecipientKind::azure_kv) name_azure_version(entry, environment_, azure_);
}

}  // namespace leafseal
