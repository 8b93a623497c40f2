#include "formats/yaml_cursor.hpp"

#include "leafseal/document.hpp"

namespace leafseal::yaml {

std::uint32_t Cursor::column() const {
  if (ascii_) return pos - line_start;
  if (counted_from_ != line_start || counted_to_ > pos) {
    counted_from_ = counted_to_ = line_start;
    counted_ = 0;
  }
  for (; counted_to_ < pos; ++counted_to_) {
    if ((static_cast<unsigned char>(text_[counted_to_]) & 0xc0) != 0x80) ++counted_;
  }
  return counted_;
}

std::uint32_t Cursor::line_end() const {
  const char* p = here();
  for (;; ++p) {
    while (!is(*p, stops_line)) ++p;
    if (is_break_or_end(p)) return offset(p);
  }
}

void Cursor::fail(std::uint32_t context_line, const char* problem) const {
  const std::uint32_t known = context_line != 0 ? context_line : line;
  const std::string where = known == 0 ? "" : "line " + std::to_string(known + 1) + ": ";
  throw Error(ExitCode::could_not_read_input, "yaml: " + where + problem, place_of(text_, pos));
}

void append_break(const char* at, std::string& out) {
  if (*at == '\xe2') {
    out.append(at, 3);
  } else {
    out.push_back('\n');
  }
}

}  // namespace leafseal::yaml
