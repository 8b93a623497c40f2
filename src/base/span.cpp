#include "leafseal/span.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace leafseal {

void Edits::push_back(Edit edit) {
  constexpr std::size_t first = 512, largest = 64 * 1024;
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < edit.text.size()) {
    const std::size_t next = blocks_.empty() ? first : std::min(2 * blocks_.back().capacity(), largest);
    blocks_.emplace_back().reserve(std::max(next, edit.text.size()));
  }
  std::string& block = blocks_.back();
  const std::size_t begin = block.size();
  block.append(edit.text);
  edits_.push_back({edit.where, std::string_view(block).substr(begin)});
}

void Edits::clear() {
  edits_.clear();
  blocks_.clear();
}

std::string apply_edits(std::string_view source, const Edits& given) {
  const auto before = [](const Edit& a, const Edit& b) {
    return a.where.begin != b.where.begin ? a.where.begin < b.where.begin : a.where.end < b.where.end;
  };
  std::vector<Edit> sorted;
  std::span<const Edit> edits(given.begin(), given.end());
  if (!std::is_sorted(edits.begin(), edits.end(), before)) {
    sorted.assign(edits.begin(), edits.end());
    std::stable_sort(sorted.begin(), sorted.end(), before);
    edits = sorted;
  }
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
