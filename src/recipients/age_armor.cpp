#include "recipients/age_armor.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t columns = 64;
constexpr std::size_t bytes_per_line = columns / 4 * 3;
constexpr std::size_t white_space_limit = 1024;

Error invalid(const std::string& why) { return failure("invalid armor: " + why); }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

// Takes the text line by line; the last line may lack its break.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::string_view next() {
    if (rest_.empty()) throw invalid("unexpected EOF");
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

void skip_to_begin(Lines& lines) {
  for (std::size_t skipped = 0;;) {
    const std::string_view line = lines.next();
    if (line == armor_begin) return;
    if (!is_blank(line)) throw invalid("invalid first line: \"" + quoted(line) + "\"");
    skipped += line.size() + 1;
    if (skipped > white_space_limit) throw invalid("too much leading white space");
  }
}

}  // namespace

std::string add_armor(std::string_view file) {
  const std::string body = base64::encode(file);
  std::string out;
  out.reserve(body.size() + body.size() / columns + 80);
  out.append(armor_begin).push_back('\n');
  for (std::size_t at = 0; at < body.size(); at += columns) out.append(body, at, columns).push_back('\n');
  out.append(armor_end).push_back('\n');
  return out;
}

std::string remove_armor(std::string_view text) {
  Lines lines(text);
  skip_to_begin(lines);
  std::string out;
  out.reserve(lines.rest().size() / 4 * 3);
  for (bool last = false;;) {
    const std::string_view line = lines.next();
    if (line == armor_end) break;
    if (last) throw invalid("invalid closing line: \"" + quoted(line) + "\"");
    if (line.empty()) throw invalid("empty line in armored data");
    if (line.size() > columns) throw invalid("column limit exceeded");
    const std::size_t before = out.size();
    if (const auto wrong = base64::decode(line, out))
      throw invalid("illegal base64 data at input byte " + std::to_string(*wrong));
    last = out.size() - before < bytes_per_line;
  }
  if (!is_blank(lines.rest())) throw invalid("trailing data after armored file");
  if (lines.rest().size() >= white_space_limit) throw invalid("too much trailing white space");
  return out;
}

}  // namespace leafseal::age
