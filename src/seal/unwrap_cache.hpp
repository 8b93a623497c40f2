// UnwrapCache: a registry that asks for each distinct wrapped key once, however many files hold it and however many
// threads ask (spec: wishes.md 4): copies of one file share the prompt, the card's touch, the request to a service.
// What failed once fails again without a second question. Keys stay in locked memory and are wiped with the cache.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "leafseal/recipient.hpp"

namespace leafseal {

class UnwrapCache final : public RecipientRegistry {
 public:
  // `inner` must outlive the cache, and both must outlive what make() returns.
  explicit UnwrapCache(const RecipientRegistry& inner) : inner_(inner) {}
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override;
  void complete(RecipientEntry& entry) const override { inner_.complete(entry); }

 private:
  struct Answer;
  class CachedRecipient;
  std::shared_ptr<Answer> answer_for(const RecipientEntry& entry) const;

  const RecipientRegistry& inner_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<Answer>> answers_;  // by kind, recipient and wrapped key
};

}  // namespace leafseal
