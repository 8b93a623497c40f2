// Tokens, values and paths: the small texts that stand inside sealed documents and on the command line.
#include <cstddef>
#include <cstdint>
#include <string>

#include "leafseal/error.hpp"
#include "leafseal/leaf_cipher.hpp"
#include "leafseal/path.hpp"
#include "leafseal/token.hpp"
#include "leafseal/value.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  static LeafCipher cipher(SecretBytes(32));
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto token = parse_token(text)) {
    std::string plain;
    OpenFailure failure;
    static_cast<void>(cipher.open(*token, "a:", plain, failure));
  }
  for (const ScalarType type : {ScalarType::boolean, ScalarType::integer, ScalarType::floating, ScalarType::time}) {
    const auto value = canonical_value(type, text);
    if (value && canonical_value(type, value->text) != value) __builtin_trap();  // canonical text is a fixed point
  }
  try {
    static_cast<void>(address(parse_path(text, ExitCode::invalid_tree_path)));
  } catch (const Error&) {
  }
  return 0;
}
