// SHA-256 of texts and of streams, for noticing that a file changed. Not for secrets: see crypto/ for those.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace leafseal {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  std::string digest();  // 32 bytes; once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::string_view bytes);
std::string sha1(std::string_view bytes);  // 20 bytes; for names that others chose so

}  // namespace leafseal
