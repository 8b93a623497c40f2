#include "seal/wrap_entries.hpp"

#include <algorithm>

#include "crypto/shamir.hpp"

namespace leafseal {
namespace {

Error not_wrapped(std::string_view phrase, const std::string& reasons) {
  return {ExitCode::generic, std::string(phrase) + "[" + reasons + "]"};
}

// What kept recipients from getting the key, and what to do about it, each hint once.
struct Failures {
  std::string reasons;
  std::vector<std::string> hints;

  void add(const RecipientEntry& entry, const Error& error) {
    reasons += (reasons.empty() ? "failed" : " failed") + std::string(" to encrypt new data key with master key \"") +
               quoted(entry.id()) + "\": " + error.what();
    for (const std::string& hint : error.hints()) {
      if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(hint);
    }
  }
};

}  // namespace

void wrap_entries(KeyGroups& groups, const std::vector<SecretBytes>& parts, const RecipientRegistry& registry,
                  std::string_view phrase) {
  Failures failures;
  for (std::size_t i = 0; i < groups.groups.size(); ++i) {
    if (groups.groups[i].entries.empty()) throw not_wrapped(phrase, "empty key group provided");
    for (RecipientEntry& entry : groups.groups[i].entries) {
      if (!entry.enc.empty()) continue;
      try {
        registry.complete(entry);
        entry.enc = wrap_checked(entry, parts.at(i), registry);
      } catch (const WrapFailures& services) {
        for (const Error& error : services.each) failures.add(entry, error);
      } catch (const Error& error) {
        if (error.code() == ExitCode::strict_refusal) throw;
        failures.add(entry, error);
      }
    }
  }
  if (failures.reasons.empty()) return;
  Error error = not_wrapped(phrase, failures.reasons);
  for (std::string& hint : failures.hints) error.hint(std::move(hint));
  throw error;
}

void wrap_afresh(KeyGroups& groups, const SecretBytes& data_key, const RecipientRegistry& registry,
                 std::string_view phrase) {
  if (groups.groups.empty()) throw not_wrapped(phrase, "no key groups provided");
  std::vector<SecretBytes> parts;
  if (groups.groups.size() == 1) {
    parts.push_back(data_key.clone());
    return wrap_entries(groups, parts, registry, phrase);
  }
  if (groups.threshold == 0) groups.threshold = static_cast<int>(groups.groups.size());
  try {
    parts = shamir::split(data_key, static_cast<int>(groups.groups.size()), groups.threshold);
  } catch (const Error& error) {
    throw not_wrapped(phrase, "could not split data key into parts for Shamir: " + std::string(error.what()))
        .hint("shamir_threshold must be 2 at least and the number of key groups at most");
  }
  wrap_entries(groups, parts, registry, phrase);
}

}  // namespace leafseal
