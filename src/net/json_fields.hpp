// JSON as services speak it: single fields out of an answer, and the text of a request. Answers are small (1 MiB) and
// come from a host that may lie: a wrong type is an absent field, never an exception.
//
//   const JsonFields answer = JsonFields::parse(response.body);
//   answer.text({"data", "ciphertext"})
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leafseal {

class JsonFields {
 public:
  // What is no JSON object holds no fields; parsed() tells.
  static JsonFields parse(std::string_view text);
  bool parsed() const { return value_ != nullptr; }

  // The value behind the names, where it has that type. Names of an array's items are their numbers: {"errors", "0"}.
  using Path = std::initializer_list<std::string_view>;
  std::optional<std::string> text(Path path) const;
  std::optional<std::int64_t> number(Path path) const;  // also a text of digits, as some services write numbers
  std::vector<std::string> texts(Path path) const;      // the texts of an array
  JsonFields object(Path path) const;                   // holds no fields when there is none
  // The members of an object of texts, in the order of their names.
  std::vector<std::pair<std::string, std::string>> text_members(Path path) const;
  std::vector<std::string> names(Path path) const;  // of an object's members, whatever they are
  // Any value as compact JSON text: what is only passed on.
  std::optional<std::string> json(Path path) const;

 private:
  struct Value;
  std::shared_ptr<const Value> value_;
};

// "text", escaped. Bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

// {"name":VALUE,...}; the values are JSON texts. In the given order.
std::string json_object(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace leafseal
