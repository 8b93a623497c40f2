// LeafCipher seals and opens leaves under one data key: AES-256-GCM with a 32-byte nonce that is new for each token,
// the leaf's associated data authenticated with it (spec: format.md 2). One key schedule serves all leaves, random
// bytes are drawn in batches.
//
// seal() always draws a fresh nonce. An unchanged leaf keeps its whole old token instead (seal/token_stash.hpp): a
// nonce never serves two plaintexts.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "leafseal/secret.hpp"
#include "leafseal/token.hpp"

namespace leafseal {

// Why a token could not be opened. The text is the reference's phrase and never holds plaintext (security.md L1).
struct OpenFailure {
  std::string reason;
};

class LeafCipher {
 public:
  explicit LeafCipher(const SecretBytes& data_key);  // 32 bytes, else Error{could_not_retrieve_key}
  ~LeafCipher();
  LeafCipher(LeafCipher&&) noexcept;
  LeafCipher& operator=(LeafCipher&&) noexcept;

  // Appends the token to `out`. The plaintext must not be empty.
  void seal(std::string_view plaintext, std::string_view associated_data, TokenType type, std::string& out);
  std::string seal(std::string_view plaintext, std::string_view associated_data, TokenType type);

  // Puts the plaintext into `out`, as it was encrypted; the type is not looked at. False: `failure` says why.
  bool open(const EncToken& token, std::string_view associated_data, std::string& out, OpenFailure& failure);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leafseal
