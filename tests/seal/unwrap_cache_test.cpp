// One question a distinct wrapped key, whoever asks and however often.
#include "seal/unwrap_cache.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "leafseal/error.hpp"
#include "leafseal/key_groups.hpp"

using namespace leafseal;

namespace {

struct CountingRegistry : RecipientRegistry {
  mutable std::atomic<int> questions = 0;

  struct Counting : Recipient {
    const CountingRegistry& registry;
    explicit Counting(const CountingRegistry& r) : registry(r) {}
    std::string wrap(const SecretBytes&) const override { return "wrapped"; }
    UnwrapCost unwrap_cost() const override { return UnwrapCost::service; }
    UnwrapResult unwrap(std::string_view enc) const override {
      ++registry.questions;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // as a service takes its time
      if (enc == "foreign") return UnwrapFailure{"not mine", "hint"};
      return SecretBytes::copy_of(enc);
    }
  };
  std::unique_ptr<Recipient> make(const RecipientEntry&) const override { return std::make_unique<Counting>(*this); }
};

RecipientEntry kms(const std::string& arn, const std::string& enc, const std::string& role = "") {
  return {RecipientKind::kms, {{"arn", arn}, {"role", role}}, {}, enc};
}

std::string answer(const RecipientRegistry& registry, const RecipientEntry& entry) {
  const UnwrapResult result = registry.make(entry)->unwrap(entry.enc);
  if (const auto* key = std::get_if<SecretBytes>(&result)) return std::string(key->view());
  return "failure: " + std::get<UnwrapFailure>(result).reason;
}

}  // namespace

TEST_CASE("equal wrapped keys are asked for once, others each", "[unwrap_cache]") {
  const CountingRegistry services;
  const UnwrapCache cache(services);
  for (int i = 0; i < 3; ++i) {
    CHECK(answer(cache, kms("arn", "one")) == "one");
    CHECK(answer(cache, kms("arn", "two")) == "two");
    CHECK(answer(cache, kms("other", "one")) == "one");
    CHECK(answer(cache, kms("arn", "one", "role")) == "one");
  }
  CHECK(services.questions == 4);
}

TEST_CASE("what failed is not asked again", "[unwrap_cache]") {
  const CountingRegistry services;
  const UnwrapCache cache(services);
  for (int i = 0; i < 3; ++i) CHECK(answer(cache, kms("arn", "foreign")) == "failure: not mine");
  CHECK(services.questions == 1);
}

TEST_CASE("an answer that is there costs nothing", "[unwrap_cache]") {
  const CountingRegistry services;
  const UnwrapCache cache(services);
  CHECK(cache.make(kms("arn", "one"))->unwrap_cost() == UnwrapCost::service);
  CHECK(answer(cache, kms("arn", "one")) == "one");
  CHECK(cache.make(kms("arn", "one"))->unwrap_cost() == UnwrapCost::at_hand);
  CHECK(cache.make(kms("arn", "two"))->unwrap_cost() == UnwrapCost::service);
}

TEST_CASE("many threads wait for one answer", "[unwrap_cache]") {
  const CountingRegistry services;
  const UnwrapCache cache(services);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] { right += answer(cache, kms("arn", i % 2 == 0 ? "even" : "odd")) == (i % 2 == 0 ? "even" : "odd"); });
    }
  }
  CHECK(right == 16);
  CHECK(services.questions == 2);
}
