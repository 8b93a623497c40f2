// Brings the recipients of one file in line with its creation rule: what `updatekeys` does for each of its files
// (spec: cli.md 3.7). All or nothing: the file is written last, whole, and only if it still is what was read.
#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/key_services.hpp"
#include "leafseal/creation_rules.hpp"

namespace leafseal::cli {

enum class SyncResult { synced, up_to_date, left_unchanged };

struct SyncOptions {
  bool asks = true;     // before anything is changed
  bool brief = false;   // one line a changed file, and none for one that is up to date
  bool rotates = false;  // a file that loses a recipient gets a new data key
};

struct SyncOutcome {
  SyncResult result = SyncResult::up_to_date;
  std::size_t still_knowing = 0;  // recipients that were removed and still know the data key
};

// `environment` is this file's own: its messages may be collected and its questions be refused.
SyncOutcome sync_keys(Environment& environment, const CommandLine& line, const Config& config,
                      const KeyServices& services, const std::string& file, const SyncOptions& options);

}  // namespace leafseal::cli
