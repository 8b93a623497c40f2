// Recipient: one holder of a key that can open a document. It wraps a data key (or one group's share of it) and
// unwraps what it wrapped. One kind of recipient, one file under src/recipients.
//
// The rule an implementer must know: "not mine", "no identity here", "the agent refused" are values of unwrap(), never
// exceptions, so one broken identity source never hides a good recipient. wrap() throws, because a document that some
// recipient cannot open must not be written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/secret.hpp"

namespace leafseal {

// In the order in which the reference reads a group's lists (spec: format.md 5.1).
enum class RecipientKind : std::uint8_t { kms, gcp_kms, hckms, azure_kv, hc_vault, pgp, age };
inline constexpr std::size_t recipient_kinds = 7;
std::string_view kind_name(RecipientKind kind);  // the metadata's list key, also the word of --decryption-order

// One recipient's entry in the metadata: its fields as text, `enc` apart.
struct RecipientEntry {
  RecipientKind kind = RecipientKind::age;
  std::vector<std::pair<std::string, std::string>> fields;   // without enc and context; in the file's order
  std::vector<std::pair<std::string, std::string>> context;  // AWS encryption context
  std::string enc;                                           // the wrapped key as stored

  std::string field(std::string_view name) const;  // empty if absent
  // The string form of recipients.md 1.2: messages, de-duplication and --rm-* go by it.
  std::string id() const;
  // Whether this one, as people write it, means `other` of a file: the same, or an Azure key without a version and
  // any version of it.
  bool means(const RecipientEntry& other) const;
  bool operator==(const RecipientEntry&) const = default;
};

struct UnwrapFailure {
  std::string reason;  // one or more lines for the failure report; no secrets
  std::string hint;    // what to do, or empty
  std::vector<UnwrapFailure> further = {};  // of the key services that were asked after this one
};
using UnwrapResult = std::variant<SecretBytes, UnwrapFailure>;

// What wrap() throws where several key services were asked: what each of them said.
class WrapFailures : public Error {
 public:
  explicit WrapFailures(std::vector<Error> failures) : Error(failures.at(0)), each(std::move(failures)) {}
  std::vector<Error> each;
};

// What it takes to unwrap, the cheapest first.
enum class UnwrapCost : std::uint8_t {
  at_hand,  // nothing but files and memory of this process, or an answer that is there already
  service,  // a request over the network that nobody notices; safe beside others
  asks,     // may ask for a passphrase or a touch, or start a program that does: one at a time
};

class Recipient {
 public:
  virtual ~Recipient() = default;
  // The text for `enc`. Throws Error{generic} with the service's reason.
  virtual std::string wrap(const SecretBytes& key) const = 0;
  virtual UnwrapResult unwrap(std::string_view enc) const = 0;
  // The same by an identity of this very recipient that needs no prompt, program or network; nothing if none is at hand.
  // It is how a wrapped key is checked before it is written (security.md F3).
  virtual std::optional<UnwrapResult> unwrap_at_hand(std::string_view) const { return std::nullopt; }
  // An estimate, made without asking anybody.
  virtual UnwrapCost unwrap_cost() const { return UnwrapCost::asks; }
};

// Makes recipients from entries. The implementation is recipients/registry; tests bring their own.
class RecipientRegistry {
 public:
  virtual ~RecipientRegistry() = default;
  // Never null. `entry` must outlive the result.
  virtual std::unique_ptr<Recipient> make(const RecipientEntry& entry) const = 0;
  // Gives an entry what a file must say and only the service knows: an Azure key its newest version. Asks nobody for
  // one that is complete. Throws Error{generic}.
  virtual void complete(RecipientEntry&) const {}
};

}  // namespace leafseal
