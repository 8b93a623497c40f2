// groups delete: one key group less for a file (spec: cli.md 3.8).
#include <charconv>

#include "cli/flags.hpp"
#include "cli/regroup_file.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

std::size_t parse_index(const std::string& text) {
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error == std::errc() && end == text.data() + text.size()) return index;
  const char* why = error == std::errc::result_out_of_range ? "value out of range" : "invalid syntax";
  throw Error(ExitCode::generic, "failed to parse [index] argument: strconv.ParseUint: parsing \"" + quoted(text) + "\": " + why,
              {"the groups of a file count from 0"});
}

void remove_group(GroupChange& change, std::size_t index) {
  const std::size_t groups = change.after.groups.size();
  if (index >= groups) {
    throw Error(ExitCode::generic, "there is no key group " + std::to_string(index) + ": the file has " + std::to_string(groups),
                {"the groups of a file count from 0"});
  }
  if (groups == 1) {
    throw Error(ExitCode::generic, "the only key group of a file cannot be deleted: nobody could open it",
                {"add another group first"});
  }
  change.after.groups.erase(change.after.groups.begin() + static_cast<std::ptrdiff_t>(index));
  change.origin.erase(change.origin.begin() + static_cast<std::ptrdiff_t>(index));
}

int run_groups_delete(Environment& environment, const CommandLine& line) {
  if (line.options.words.size() != 1) {
    throw Error(ExitCode::generic, "exactly one positional argument (index) required", {"the groups of a file count from 0"});
  }
  const std::size_t index = parse_index(line.options.words[0]);
  const int threshold = line.options.number("shamir-secret-sharing-threshold").value_or(0);
  regroup_file(environment, line, [&](GroupChange& change) {
    remove_group(change, index);
    if (threshold != 0) change.after.threshold = threshold;
    const int left = static_cast<int>(change.after.groups.size());
    if (left >= change.after.threshold) return;
    throw Error(ExitCode::generic,
                "removing this key group will make the Shamir threshold impossible to satisfy: Shamir threshold is " +
                    std::to_string(change.after.threshold) + ", but we only have " + std::to_string(left) + " key groups",
                {"lower it at the same time with --shamir-secret-sharing-threshold"});
  });
  return 0;
}

constexpr auto flags = joined(group_file_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command groups_delete_command = {
    "delete",
    "-f FILE INDEX",
    "delete a key group from a file",
    "Take the first group away:\n"
    "    leafseal groups delete -i -f secrets.yaml 0\n"
    "One of two, after which the other alone opens the file:\n"
    "    leafseal groups delete -i -f secrets.yaml --shamir-secret-sharing-threshold 1 1\n",
    flags,
    run_groups_delete,
    {},
    true,
};

}  // namespace leafseal::cli
