#include "seal/unwrap_cache.hpp"

#include <optional>

namespace leafseal {

struct UnwrapCache::Answer {
  std::mutex mutex;  // held while the question is open
  std::optional<UnwrapResult> result;
};

class UnwrapCache::CachedRecipient final : public Recipient {
 public:
  CachedRecipient(std::unique_ptr<Recipient> inner, std::shared_ptr<Answer> answer)
      : inner_(std::move(inner)), answer_(std::move(answer)) {}

  std::string wrap(const SecretBytes& key) const override { return inner_->wrap(key); }

  std::optional<UnwrapResult> unwrap_at_hand(std::string_view enc) const override { return inner_->unwrap_at_hand(enc); }

  // An answer that is known, or that another thread waits for, costs nothing more.
  UnwrapCost unwrap_cost() const override {
    const std::unique_lock open(answer_->mutex, std::try_to_lock);
    return !open || answer_->result ? UnwrapCost::at_hand : inner_->unwrap_cost();
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    const std::lock_guard open(answer_->mutex);
    if (!answer_->result) answer_->result = inner_->unwrap(enc);
    if (const auto* key = std::get_if<SecretBytes>(&*answer_->result)) return key->clone();
    return std::get<UnwrapFailure>(*answer_->result);
  }

 private:
  std::unique_ptr<Recipient> inner_;
  std::shared_ptr<Answer> answer_;
};

std::shared_ptr<UnwrapCache::Answer> UnwrapCache::answer_for(const RecipientEntry& entry) const {
  std::string key(kind_name(entry.kind));
  key.append(1, '\0').append(entry.id()).append(1, '\0').append(entry.enc);
  const std::lock_guard open(mutex_);
  std::shared_ptr<Answer>& answer = answers_[key];
  if (!answer) answer = std::make_shared<Answer>();
  return answer;
}

std::unique_ptr<Recipient> UnwrapCache::make(const RecipientEntry& entry) const {
  return std::make_unique<CachedRecipient>(inner_.make(entry), answer_for(entry));
}

}  // namespace leafseal
