#include "recipients/registry.hpp"

#include "recipients/age_recipient.hpp"
#include "recipients/aws_kms.hpp"
#include "recipients/gcp_kms.hpp"
#include "recipients/huawei_kms.hpp"
#include "recipients/pgp_recipient.hpp"
#include "recipients/unserved_recipient.hpp"
#include "recipients/vault_transit.hpp"

namespace leafseal {

std::unique_ptr<Recipient> LocalRecipients::make(const RecipientEntry& entry) const {
  if (entry.kind == RecipientKind::age) return make_age_recipient(entry, environment_, identities_);
  if (entry.kind == RecipientKind::pgp) return make_pgp_recipient(entry, environment_);
  if (entry.kind == RecipientKind::hc_vault) return make_vault_transit_recipient(entry, environment_);
  if (entry.kind == RecipientKind::kms) return make_aws_kms_recipient(entry, environment_, aws_);
  if (entry.kind == RecipientKind::gcp_kms) return make_gcp_kms_recipient(entry, environment_, gcp_);
  if (entry.kind == RecipientKind::hckms) return make_huawei_kms_recipient(entry, environment_, huawei_);
  return make_unserved_recipient(entry);
}

}  // namespace leafseal
