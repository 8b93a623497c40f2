#include "seal/written_keys.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

using Wrap = std::tuple<RecipientKind, std::string, std::string>;

std::vector<std::vector<Wrap>> wraps_of(const KeyGroups& keys) {
  std::vector<std::vector<Wrap>> all;
  for (const KeyGroup& group : keys.groups) {
    std::vector<Wrap>& wraps = all.emplace_back();
    for (const RecipientEntry& entry : group.entries) wraps.emplace_back(entry.kind, entry.id(), entry.enc);
    std::sort(wraps.begin(), wraps.end());
  }
  return all;
}

}  // namespace

void require_written_keys(const Document& written, const KeyGroups& keys) {
  if (wraps_of(read_metadata(written).keys) == wraps_of(keys)) return;
  throw Error(ExitCode::error_encrypting_tree, "the wrapped keys would not survive sealing; nothing was written",
              {"please report this document's shape"});
}

}  // namespace leafseal
