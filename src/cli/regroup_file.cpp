#include "cli/regroup_file.hpp"

#include "cli/creation_rule_check.hpp"
#include "cli/key_plan.hpp"
#include "cli/key_services.hpp"
#include "cli/output.hpp"
#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {
namespace {

// The reference has a sentence of its own here, and status 1 instead of 128. The report, which it does not print, goes first.
RecoveredKey recovered_for(const Environment& environment, const GroupChange& change, const KeyServices& services) {
  try {
    return recover_for(change, {{}}, services.recipients());
  } catch (const RecoveryFailure& failure) {
    environment.err(std::string(failure.what()) + "\n");
    throw Error(ExitCode::generic,
                "Error getting data key: " + std::to_string(failure.needed) + " successful groups required, got " +
                    std::to_string(failure.opened),
                failure.hints());
  }
}

GroupChange unchanged(const KeyGroups& keys) {
  GroupChange change{keys, keys, {}};
  for (std::size_t i = 0; i < keys.groups.size(); ++i) change.origin.push_back(i);
  return change;
}

}  // namespace

void regroup_file(Environment& environment, const CommandLine& line, const std::function<void(GroupChange&)>& plan) {
  const std::string name = line.options.text("file").value_or("");
  const std::string path = absolute_path(name, environment.directory);
  const std::optional<Config> config = read_config(environment, line);
  const Format& format = *choose_stores(line, path, config).input;
  if (name.empty()) throw Error(ExitCode::could_not_read_input, "Error reading file: open : no such file or directory", {"name it with --file"});

  std::optional<FileLock> lock;
  if (line.options.on("in-place")) lock.emplace(path);
  FileContent content = read_file_to_replace(path);
  const Document sealed = parse_sealed(format, std::move(content.text), name);
  Metadata metadata = read_metadata(sealed);
  check_version(metadata);
  refuse_broken_selection(metadata);

  GroupChange change = unchanged(metadata.keys);
  plan(change);
  drop_malformed(change.after);
  compare_recipients(environment, rule_to_compare(environment, config, path), change.after);

  constexpr std::string_view updating = "error updating one or more master keys: ";
  const KeyServices services(environment, line);
  services.require(updating);
  const RecoveredKey recovered = recovered_for(environment, change, services);
  LeafCipher cipher(recovered.data_key);
  check_data_key(metadata, cipher);
  wrap_changed(change, recovered, services.recipients(), updating);

  const std::string names = recipient_names(change.after);
  const std::string text = with_keys(format, sealed, std::move(metadata), change.after);
  if (line.options.on("in-place")) {
    write_in_place(environment, path, text, Privacy::sealed, content.state);
  } else {
    environment.out(text);
  }
  environment.err(environment.program + ": the data key of " + quoted(name, 4096) + " is wrapped for " + names + "\n");
}

}  // namespace leafseal::cli
