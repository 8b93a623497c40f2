// ServiceChain: the key services of a command line, asked in order until one does what is asked (spec: cli.md 2.1).
// Where none does, each service's reason is told.
#pragma once

#include <memory>
#include <vector>

#include "leafseal/recipient.hpp"

namespace leafseal {

class ServiceChain final : public RecipientRegistry {
 public:
  void add(std::unique_ptr<RecipientRegistry> service) { services_.push_back(std::move(service)); }
  bool empty() const { return services_.empty(); }
  // Of an empty chain every recipient fails, and without a reason.
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override;
  void complete(RecipientEntry& entry) const override;

 private:
  std::vector<std::unique_ptr<RecipientRegistry>> services_;
};

}  // namespace leafseal
