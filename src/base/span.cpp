#include "leafseal/span.hpp"

#include <algorithm>
#include <stdexcept>

namespace leafseal {

std::string apply_edits(std::string_view source, Edits edits) {
  const auto before = [](const Edit& a, const Edit& b) {
    return a.where.begin != b.where.begin ? a.where.begin < b.where.begin : a.where.end < b.where.end;
  };
  if (!std::is_sorted(edits.begin(), edits.end(), before)) std::stable_sort(edits.begin(), edits.end(), before);
  std::size_t size = source.size();
  std::uint32_t last = 0;
  for (const Edit& edit : edits) {
    if (edit.where.begin < last || edit.where.end < edit.where.begin || edit.where.end > source.size()) {
      throw std::logic_error("edits overlap");
    }
    last = edit.where.end;
    size += edit.text.size();
    size -= edit.where.size();
  }
  std::string out;
  out.reserve(size);
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    out.append(source.substr(at, edit.where.begin - at));
    out.append(edit.text);
    at = edit.where.end;
  }
  out.append(source.substr(at));
  return out;
}

}  // namespace leafseal
