#include "cli/reuse.hpp"

#include <algorithm>

namespace leafseal::cli {
namespace {

// A group's recipients, whatever their order: files list them by kind.
std::vector<std::string> readers(const KeyGroup& group) {
  std::vector<std::string> ids;
  for (const RecipientEntry& entry : group.entries) ids.push_back(std::string(kind_name(entry.kind)) + " " + entry.id());
  std::sort(ids.begin(), ids.end());
  return ids;
}

bool same_readers(const KeyGroups& a, const KeyGroups& b) {
  return a.groups.size() == b.groups.size() &&
         std::equal(a.groups.begin(), a.groups.end(), b.groups.begin(),
                    [](const KeyGroup& x, const KeyGroup& y) { return readers(x) == readers(y); });
}

int groups_needed(const KeyGroups& keys) {
  if (keys.groups.size() < 2) return 1;
  return keys.threshold == 0 ? static_cast<int>(keys.groups.size()) : keys.threshold;
}

// Why an opened file cannot lend its key; empty if it can.
std::string difference(const Metadata& old, const Metadata& wanted) {
  if (!same_readers(old.keys, wanted.keys)) return "its recipients are not those of the creation rule";
  if (groups_needed(old.keys) != groups_needed(wanted.keys)) return "its Shamir threshold is not that of the creation rule";
  if (!(old.selection == wanted.selection)) return "its selection is not that of the creation rule";
  if (old.mac_only_encrypted != wanted.mac_only_encrypted) return "its mac_only_encrypted is not that of the creation rule";
  return "";
}

}  // namespace

std::optional<OpenedFile> reusable(const Environment& environment, const CommandLine& line, const Format& format,
                                   const Metadata& wanted) {
  if (!line.options.declares("reuse")) return std::nullopt;
  const auto name = line.options.text("reuse");
  if (!name) return std::nullopt;
  const std::string path = absolute_path(*name, environment.directory);
  const auto fresh_key = [&](const std::string& why) {
    environment.err(environment.program + ": a fresh data key is used instead of that of " + quoted(*name) + ": " + why +
                    "\n");
    return std::nullopt;
  };
  try {
    OpenedFile old = open_file(environment, line, {false, path, path}, format, Purpose::reading);
    const std::string why = difference(old.opened.metadata, wanted);
    if (!why.empty()) return fresh_key(why);
    return old;
  } catch (const Error& error) {
    if (error.code() == ExitCode::could_not_retrieve_key || error.code() == ExitCode::could_not_read_input) throw;
    return fresh_key(error.what());
  }
}

}  // namespace leafseal::cli
