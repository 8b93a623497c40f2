// The recipients of this process: from an entry of the metadata to the code that serves its kind, with the user's own
// environment (key files, agents, home directories).
#pragma once

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/age_identities.hpp"
#include "recipients/aws_access.hpp"
#include "recipients/azure_access.hpp"
#include "recipients/gcp_access.hpp"
#include "recipients/huawei_access.hpp"

namespace leafseal {

class LocalRecipients final : public RecipientRegistry {
 public:
  // `environment` must outlive the registry, and both must outlive what make() returns.
  explicit LocalRecipients(const Environment& environment)
      : environment_(environment),
        identities_(environment),
        aws_(environment),
        azure_(environment),
        gcp_(environment),
        huawei_(environment) {}
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override;
  void complete(RecipientEntry& entry) const override;

 private:
  const Environment& environment_;
  mutable AgeIdentities identities_;  // read once, by the first age recipient that opens something
  mutable AwsAccess aws_;
  mutable AzureAccess azure_;
  mutable GcpAccess gcp_;
  mutable HuaweiAccess huawei_;
};

}  // namespace leafseal
