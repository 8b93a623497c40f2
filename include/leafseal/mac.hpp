// Mac: the digest over a document's values, SHA-512 of the canonical texts in walk order without separators, as 128
// upper-case hex digits (spec: format.md 3.1). Comments, nulls and empty strings add nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace leafseal {

class Mac {
 public:
  // only_encrypted: the metadata says mac_only_encrypted; the digest then starts from the reference's fixed prefix.
  explicit Mac(bool only_encrypted);
  ~Mac();
  Mac(Mac&&) noexcept;
  Mac& operator=(Mac&&) noexcept;

  void add(std::string_view canonical_text);
  std::string digest();  // once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

bool same_digest(std::string_view a, std::string_view b);  // constant time

}  // namespace leafseal
