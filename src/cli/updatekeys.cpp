// updatekeys: the recipients of many files brought in line with their creation rules (spec: cli.md 3.7). Without
// questions to ask, files are worked on in parallel; what is said of each stays together, in the order of the files.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/stores.hpp"
#include "cli/sync_keys.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// What came of one file, and what is to be printed about it.
struct FileReport {
  std::string out, err;
  SyncOutcome outcome;
  std::optional<Error> failure;
};

struct Totals {
  std::size_t files = 0, synced = 0, up_to_date = 0, left_unchanged = 0, failed = 0, still_knowing = 0;

  void add(const SyncOutcome& outcome) {
    ++files;
    if (outcome.result == SyncResult::synced) ++synced;
    if (outcome.result == SyncResult::up_to_date) ++up_to_date;
    if (outcome.result == SyncResult::left_unchanged) ++left_unchanged;
    still_knowing += outcome.still_knowing;
  }
};

class Run {
 public:
  Run(Environment& environment, const CommandLine& line, const Config& config, Progress& progress)
      : environment_(environment), line_(line), config_(config), progress_(progress), services_(environment, line),
        files_(line.options.words) {
    options_.asks = !line.options.on("yes");
    options_.brief = files_.size() > 1 && !environment.verbose;
    options_.rotates = line.options.on("rotate");
  }

  void run() {
    if (files_.size() == 1) {
      totals_.add(sync_keys(environment_, line_, config_, services_, files_[0], options_));
    } else if (options_.asks) {
      for (const std::string& file : files_) take(file, one_after_another(file));
    } else {
      in_parallel();
    }
    summarise();
  }

 private:
  FileReport one_after_another(const std::string& file) {
    FileReport report;
    try {
      report.outcome = sync_keys(environment_, line_, config_, services_, file, options_);
    } catch (const Error& error) {
      report.failure = error;
    }
    return report;
  }

  // The same with everything that is said kept for later.
  FileReport collected(const std::string& file) const {
    FileReport report;
    Environment own = environment_;
    own.out = [&](std::string_view text) { report.out += text; };
    own.err = [&](std::string_view text) { report.err += text; };
    try {
      report.outcome = sync_keys(own, line_, config_, services_, file, options_);
    } catch (const Error& error) {
      report.failure = error;
    }
    return report;
  }

  // Waiting for disks, agents and services is most of the work: more threads than processors.
  void in_parallel() {
    std::vector<std::promise<FileReport>> reports(files_.size());
    std::atomic<std::size_t> next = 0, done = 0;
    const auto work = [&](const std::stop_token& stop) {
      for (std::size_t i = next++; i < files_.size() && !stop.stop_requested(); i = next++) {
        try {
          reports[i].set_value(collected(files_[i]));
        } catch (...) {
          reports[i].set_exception(std::current_exception());
        }
        ++done;
      }
    };
    const std::size_t wanted = std::clamp<std::size_t>(4 * std::thread::hardware_concurrency(), 8, 16);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(wanted, files_.size()); ++i) threads.emplace_back(work);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      std::future<FileReport> report = reports[i].get_future();
      while (progress_.shown() && report.wait_for(Progress::interval) == std::future_status::timeout) {
        progress_.reached(done);
      }
      take(files_[i], report.get());
    }
  }

  void take(const std::string& file, const FileReport& said) {
    environment_.err(said.err);
    environment_.out(said.out);
    if (!said.failure) return totals_.add(said.outcome);
    const Error& error = *said.failure;
    report(environment_, Error(error.code(), quoted(file, 4096) + ": " + error.what(), error.place(), error.hints()));
    ++totals_.files;
    ++totals_.failed;
  }

  void summarise() const {
    const Totals& all = totals_;
    if (all.still_knowing > 0) {
      environment_.warn_secrecy(
          "removed recipients still know the data keys and could open what is written from now on: only `rotate` takes "
          "access away; next time `updatekeys --rotate` does both");
    }
    if (files_.size() == 1) return;
    std::string text = environment_.program + ": " + std::to_string(all.files) + " files: " + std::to_string(all.synced) +
                       " synced, " + std::to_string(all.up_to_date) + " already up to date";
    if (all.left_unchanged > 0) text += ", " + std::to_string(all.left_unchanged) + " left unchanged";
    environment_.err(text + ", " + std::to_string(all.failed) + " failed\n");
    if (all.failed == 0) return;
    throw Error(ExitCode::generic, "failed updating " + std::to_string(all.failed) + " key(s)");
  }

  Environment& environment_;
  const CommandLine& line_;
  const Config& config_;
  Progress& progress_;
  KeyServices services_;
  const std::vector<std::string>& files_;
  SyncOptions options_;
  Totals totals_;
};

int run_updatekeys(Environment& environment, const CommandLine& line) {
  const std::optional<Config> config = read_config(environment, line);
  if (!config) {
    throw Error(ExitCode::generic, "config file not found",
                {"write a .sops.yaml with creation_rules, or name one: " + environment.program +
                 " --config FILE updatekeys ..."});
  }
  if (line.options.words.empty()) throw Error(ExitCode::no_file_specified, "no file specified");
  Progress progress(environment, line.options.on("yes") ? line.options.words.size() : 0);
  Run(environment, line, *config, progress).run();
  return 0;
}

constexpr auto own_kind_of_flags = std::to_array<Flag>({
    {"yes", 'y', FlagKind::toggle, "", "", "approve all changes beforehand and ask nothing"},
    {"rotate", '\0', FlagKind::toggle, "", "", "give each file that loses a recipient a new data key"},
    {"input-type", '\0', FlagKind::text, "", "TYPE", "yaml, json, dotenv, ini or binary; otherwise by the file's name"},
});
constexpr auto flags = joined(own_kind_of_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command updatekeys_command = {
    "updatekeys",
    "FILE...",
    "bring the recipients of files in line with .sops.yaml",
    "Show what would change for a file, and ask:\n"
    "    leafseal updatekeys secrets.yaml\n"
    "Many files at once, without questions:\n"
    "    git ls-files '*.enc.yaml' | xargs leafseal updatekeys -y\n"
    "Somebody left: take the access to later changes away as well:\n"
    "    leafseal updatekeys -y --rotate prod/*.yaml\n",
    flags,
    run_updatekeys,
};

}  // namespace leafseal::cli
