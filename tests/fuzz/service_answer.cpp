// A service's answer of any bytes: its fields are read or are not there, and what is passed on as JSON reads as the
// same. Whether two of them are equal does not depend on their order.
#include <cstddef>
#include <cstdint>
#include <string>

#include "net/json_equality.hpp"
#include "net/json_fields.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const JsonFields answer = JsonFields::parse(text);
  answer.text({"data", "ciphertext"});
  answer.number({"expires_in"});
  answer.texts({"errors"});
  answer.text({"errors", "0", "message"});
  json_equals(text, {"data", "data"}, text.substr(size / 2));
  if (!answer.parsed()) return 0;
  const std::string other = answer.json({}).value_or("");
  if (json_equals(text, {}, other) != json_equals(other, {}, text)) __builtin_trap();
  const JsonFields again = JsonFields::parse(answer.json({}).value_or(""));
  if (again.names({}) != answer.names({}) || again.json({}) != answer.json({})) __builtin_trap();
  for (const std::string& name : answer.names({})) {
    const auto value = answer.text({name});
    if (value && JsonFields::parse(json_object({{name, json_string(*value)}})).text({name}) != value) __builtin_trap();
  }
  return 0;
}
