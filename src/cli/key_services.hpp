// The key services of one command line: who wraps and unwraps data keys, by --enable-local-keyservice and --keyservice
// (spec: cli.md 2.1). One object serves a whole run: identities are read once, and each distinct wrapped key is asked
// for once, however many files hold it and on however many threads.
#pragma once

#include "cli/command.hpp"
#include "leafseal/error.hpp"
#include "leafseal/key_groups.hpp"
#include "recipients/registry.hpp"
#include "recipients/service_chain.hpp"
#include "seal/unwrap_cache.hpp"

namespace leafseal::cli {

class KeyServices {
 public:
  // Both must outlive the object.
  KeyServices(const Environment& environment, const CommandLine& line);

  const RecipientRegistry& recipients() const { return cache_; }

  DecryptionOrder order() const;  // --decryption-order

  // Before anything is wrapped: Error{generic}, `phrase` in front, where there is no service at all.
  void require(std::string_view phrase) const;

 private:
  const Options& options_;
  ServiceChain services_;
  UnwrapCache cache_;
};

}  // namespace leafseal::cli
