// The recipients of this process: from an entry of the metadata to the code that serves its kind, with the user's own
// environment (key files, agents, home directories).
#pragma once

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/age_identities.hpp"

namespace leafseal {

class LocalRecipients final : public RecipientRegistry {
 public:
  // `environment` must outlive the registry and what it makes.
  explicit LocalRecipients(const Environment& environment)
      : environment_(environment), age_identities_(environment) {}
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override;

 private:
  const Environment& environment_;
  mutable AgeIdentities age_identities_;  // filled on first use
};

}  // namespace leafseal
