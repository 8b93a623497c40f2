#include <algorithm>

#include "base/time.hpp"
#include "formats/yaml_chars.hpp"
#include "formats/yaml_scalar.hpp"

namespace leafseal::yaml {
namespace {

// Reads a text piece by piece; a failed read is remembered.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return ok_ && rest_.empty(); }
  bool ok() const { return ok_; }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = ok_ && take(c); }
  int number(std::size_t least, std::size_t most) {
    std::size_t digits = 0;
    int value = 0;
    for (; digits < most && digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
      value = value * 10 + (rest_[digits] - '0');
    }
    ok_ = ok_ && digits >= least;
    rest_.remove_prefix(digits);
    return value;
  }
  // Digits after a point or comma, the first nine of them, without zeros at the end.
  std::string fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return {};
    rest_.remove_prefix(1);
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    std::string text(rest_.substr(0, std::min<std::size_t>(digits, 9)));
    rest_.remove_prefix(digits);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

int read_zone(Reader& reader) {
  if (reader.take('Z')) return 0;
  const bool behind = reader.take('-');
  if (!behind) reader.expect('+');
  const int hours = reader.number(2, 2);
  reader.expect(':');
  const int minutes = reader.number(2, 2);
  if (hours > 24 || minutes > 60) reader.expect('\0');
  return (hours * 60 + minutes) * (behind ? -1 : 1);
}

}  // namespace

std::optional<std::string> resolve_timestamp(std::string_view text) {
  if (text.size() < 8 || text[4] != '-') return {};
  Reader reader(text);
  Rfc3339 time{};
  time.year = reader.number(4, 4);
  reader.expect('-');
  time.month = reader.number(1, 2);
  reader.expect('-');
  time.day = reader.number(1, 2);
  if (!reader.done()) {
    const bool zoned = reader.take('T') || reader.take('t');
    if (!zoned) {
      reader.expect(' ');
      while (reader.take(' ')) {
      }
    }
    time.hour = reader.number(1, 2);
    reader.expect(':');
    time.minute = reader.number(1, 2);
    reader.expect(':');
    time.second = reader.number(1, 2);
    time.fraction = reader.fraction();
    if (zoned) time.offset_minutes = read_zone(reader);
  }
  if (!reader.done() || !valid_date(time.year, time.month, time.day)) return {};
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return {};
  return format_rfc3339(time, true);
}

}  // namespace leafseal::yaml
