// A service's answer of any bytes: its fields are read or are not there, and what is passed on as JSON reads as the
// same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "net/json_fields.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const JsonFields answer = JsonFields::parse({reinterpret_cast<const char*>(data), size});
  answer.text({"data", "ciphertext"});
  answer.number({"expires_in"});
  answer.texts({"errors"});
  answer.text({"errors", "0", "message"});
  if (!answer.parsed()) return 0;
  const JsonFields again = JsonFields::parse(answer.json({}).value_or(""));
  if (again.names({}) != answer.names({}) || again.json({}) != answer.json({})) __builtin_trap();
  for (const std::string& name : answer.names({})) {
    const auto text = answer.text({name});
    if (text && JsonFields::parse(json_object({{name, json_string(*text)}})).text({name}) != text) __builtin_trap();
  }
  return 0;
}
