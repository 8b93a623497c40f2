#include "recipients/service_chain.hpp"

#include <algorithm>
#include <stdexcept>

namespace leafseal {
namespace {

class ChainedRecipient final : public Recipient {
 public:
  explicit ChainedRecipient(std::vector<std::unique_ptr<Recipient>> each) : each_(std::move(each)) {}

  std::string wrap(const SecretBytes& key) const override {
    std::vector<Error> failures;
    for (const auto& recipient : each_) {
      try {
        return recipient->wrap(key);
      } catch (const Error& error) {
        if (error.code() == ExitCode::strict_refusal) throw;
        failures.push_back(error);
      }
    }
    if (failures.empty()) throw std::logic_error("wrapping without a key service");
    throw WrapFailures(std::move(failures));
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    UnwrapFailure all;
    for (std::size_t i = 0; i < each_.size(); ++i) {
      UnwrapResult result = each_[i]->unwrap(enc);
      if (std::holds_alternative<SecretBytes>(result)) return result;
      auto& failure = std::get<UnwrapFailure>(result);
      if (i == 0) {
        all = std::move(failure);
      } else {
        all.further.push_back(std::move(failure));
      }
    }
    return all;
  }

  std::optional<UnwrapResult> unwrap_at_hand(std::string_view enc) const override {
    for (const auto& recipient : each_) {
      if (auto result = recipient->unwrap_at_hand(enc)) return result;
    }
    return std::nullopt;
  }

  // All of them may be asked.
  UnwrapCost unwrap_cost() const override {
    UnwrapCost most = UnwrapCost::at_hand;
    for (const auto& recipient : each_) most = std::max(most, recipient->unwrap_cost());
    return most;
  }

 private:
  std::vector<std::unique_ptr<Recipient>> each_;
};

}  // namespace

std::unique_ptr<Recipient> ServiceChain::make(const RecipientEntry& entry) const {
  if (services_.size() == 1) return services_.front()->make(entry);
  std::vector<std::unique_ptr<Recipient>> each;
  for (const auto& service : services_) each.push_back(service->make(entry));
  return std::make_unique<ChainedRecipient>(std::move(each));
}

void ServiceChain::complete(RecipientEntry& entry) const {
  if (!services_.empty()) services_.front()->complete(entry);
}

}  // namespace leafseal
