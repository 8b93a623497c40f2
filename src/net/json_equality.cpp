#include "net/json_equality.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace leafseal {
namespace {

using Json = nlohmann::json;

constexpr std::size_t deepest = 500;  // comparing goes down by recursion

// One text for all spellings of a number: sign, digits without zeros at the ends, and the exponent of 0.DIGITS.
std::string canonical_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  std::string_view power = text.substr(std::min(mark + 1, text.size()));
  if (power.starts_with('+')) power.remove_prefix(1);
  long exponent = 0;
  const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (!power.empty() && error != std::errc()) return std::string(text);  // beyond all computing: only itself
  std::string digits(text.substr(0, mark));
  const std::size_t point = std::min(digits.find('.'), digits.size());
  exponent += static_cast<long>(point);
  if (point < digits.size()) digits.erase(point, 1);
  const std::size_t zeros = digits.find_first_not_of('0');
  if (zeros == std::string::npos) return "0";
  exponent -= static_cast<long>(zeros);
  digits = digits.substr(zeros, digits.find_last_not_of('0') + 1 - zeros);
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

// A tree whose numbers are texts in one spelling; texts and numbers are told apart by their first letter.
class ExactReader final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put("n" + canonical_number(std::to_string(value))); }
  bool number_unsigned(number_unsigned_t value) override { return put("n" + canonical_number(std::to_string(value))); }
  bool number_float(number_float_t, const string_t& text) override { return put("n" + canonical_number(text)); }
  bool string(string_t& text) override { return put("s" + text); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    key_ = name;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  static std::optional<Json> read(std::string_view text) {
    ExactReader reader;
    if (!Json::sax_parse(text, &reader)) return std::nullopt;
    return std::move(reader.root_);
  }

 private:
  Json* place(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& container = *open_.back();
    if (container.is_object()) return &(container[key_] = std::move(value));
    container.push_back(std::move(value));
    return &container.back();
  }
  bool put(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json container) {
    if (open_.size() == deepest) return false;
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  // an item is not moved while it is open: its siblings come later
  std::string key_;
};

}  // namespace

bool json_equals(std::string_view text, std::initializer_list<std::string_view> path, std::string_view value) {
  const std::optional<Json> document = ExactReader::read(text);
  const std::optional<Json> wanted = ExactReader::read(value);
  if (!document || !wanted) return false;
  const Json* at = &*document;
  for (const std::string_view name : path) {
    const auto found = at->find(std::string(name));
    if (!at->is_object() || found == at->end()) return false;
    at = &*found;
  }
  return *at == *wanted;
}

}  // namespace leafseal
