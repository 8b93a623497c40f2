#include "crypto/shamir.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "leafseal/error.hpp"
#include "support/vectors.hpp"

using namespace leafseal;

namespace {

SecretBytes from_hex(const std::string& hex) {
  SecretBytes bytes(hex.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.data()[i] = static_cast<std::uint8_t>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  return bytes;
}

std::vector<SecretBytes> shares_from(const nlohmann::json& list) {
  std::vector<SecretBytes> shares;
  for (const auto& hex : list) shares.push_back(from_hex(hex));
  return shares;
}

// Every subset of `shares` with at least `threshold` members.
std::vector<std::vector<SecretBytes>> subsets(const std::vector<SecretBytes>& shares, int threshold) {
  std::vector<std::vector<SecretBytes>> all;
  for (unsigned bits = 0; bits < (1U << shares.size()); ++bits) {
    if (__builtin_popcount(bits) < threshold) continue;
    auto& subset = all.emplace_back();
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (bits >> i & 1U) subset.push_back(shares[i].clone());
    }
  }
  return all;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("the reference's shares give the secret, whichever are at hand") {
  for (const auto& vector : test::vectors().at("shamir")) {
    INFO(vector["name"]);
    const auto shares = shares_from(vector["shares_hex"]);
    for (const auto& subset : subsets(shares, vector["threshold"])) {
      CHECK(shamir::combine(subset) == from_hex(vector["secret_hex"]));
      for (const SecretBytes& share : shares) CHECK(shamir::share_at(subset, share.bytes().back()) == share);
    }
  }
}

TEST_CASE("shares that do not belong together are refused") {
  for (const auto& vector : test::vectors().at("shamir_rejects")) {
    INFO(vector["name"]);
    const auto shares = shares_from(vector["shares_hex"]);
    CHECK(message_of([&] { shamir::combine(shares); }) == vector["reference_error"]);
  }
  CHECK(message_of([] { shamir::combine(shares_from({"0100", "0201"})); }) ==
        "a part at x = 0 would be the secret itself");
  CHECK(message_of([] { shamir::combine({}); }) ==
        "less than two parts cannot be used to reconstruct the secret");
}

TEST_CASE("what is split comes back from any threshold of shares and from no fewer") {
  const SecretBytes secret = random_secret(32);
  for (int parts = 2; parts <= 6; ++parts) {
    for (int threshold = 2; threshold <= parts; ++threshold) {
      const auto shares = shamir::split(secret, parts, threshold);
      REQUIRE(shares.size() == static_cast<std::size_t>(parts));
      for (int i = 0; i < parts; ++i) {
        CHECK(shares[static_cast<std::size_t>(i)].size() == 33);
        CHECK(shares[static_cast<std::size_t>(i)].bytes().back() == i + 1);
      }
      for (const auto& subset : subsets(shares, 2)) {
        const bool enough = subset.size() >= static_cast<std::size_t>(threshold);
        CHECK((shamir::combine(subset) == secret) == enough);
      }
    }
  }
  CHECK(shamir::combine(shamir::split(secret, 255, 255)) == secret);
}

TEST_CASE("numbers of shares outside the scheme are refused") {
  const SecretBytes secret = random_secret(32);
  const auto refusal = [&](int parts, int threshold) {
    return message_of([&] { shamir::split(secret, parts, threshold); });
  };
  CHECK(refusal(2, 3) == "parts cannot be less than threshold");
  CHECK(refusal(256, 2) == "parts cannot exceed 255");
  CHECK(refusal(2, 1) == "threshold must be at least 2");
  CHECK(refusal(2, 0) == "threshold must be at least 2");
  CHECK(refusal(2, -1) == "threshold must be at least 2");
  CHECK(message_of([] { shamir::split(SecretBytes(), 2, 2); }) == "cannot split an empty secret");
}
