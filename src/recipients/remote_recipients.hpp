// RemoteRecipients: recipients whose keys another machine or process uses for us, by the key service protocol (spec:
// recipients.md 10). Connections are made when something is asked for, and kept; the object may be used by several
// threads.
//
// The protocol has neither encryption nor authentication. So a server outside this machine is named in one warning, and
// so is a unix socket that another user holds; under strict neither is asked (security.md N5).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "net/grpc_channel.hpp"
#include "recipients/azure_access.hpp"

namespace leafseal {

// unix:///path, unix:path, tcp://host:port, tcp4://, tcp6://: what --keyservice takes. Nothing where it is no address.
// Of another network, or without an address, it is one that every call fails with, as in the reference.
std::optional<Endpoint> parse_service_address(const std::string& text);

class RemoteRecipients final : public RecipientRegistry {
 public:
  // `environment` must outlive the registry, and both must outlive what make() returns.
  RemoteRecipients(Endpoint endpoint, const Environment& environment);
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override;
  // The protocol has no question for it: the vault is asked from here, as the reference does.
  void complete(RecipientEntry& entry) const override;

 private:
  Endpoint endpoint_;
  const Environment& environment_;
  mutable GrpcChannel channel_;
  mutable AzureAccess azure_;
};

}  // namespace leafseal
