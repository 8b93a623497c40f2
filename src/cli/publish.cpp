// publish: a sealed file, or all of a folder, put where destination_rules say (spec: cli.md 3.11).
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/progress.hpp"
#include "cli/publish_file.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {
namespace {

namespace fs = std::filesystem;

bool is_folder(const std::string& given, const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ExitCode::generic, "stat " + quoted(given, 4096) + ": " + reason(errno));
  }
  return S_ISDIR(status.st_mode);
}

// The entries of a folder, by their names, the last one in front: they are taken from the end.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(at->path());
  }
  if (error) throw Error(ExitCode::generic, "open " + quoted(folder.string(), 4096) + ": " + reason(error.value()));
  std::sort(entries.begin(), entries.end(),
            [](const fs::path& a, const fs::path& b) { return a.filename().native() > b.filename().native(); });
  return entries;
}

// All files below a folder in the order of their names, folder by folder. Links to files are files, and one to a folder
// is an error when its turn comes, as in the reference: it may lead anywhere.
std::vector<PublishedFile> files_below(const std::string& given, const fs::path& root) {
  std::vector<PublishedFile> files;
  std::vector<fs::path> pending = entries_of(root);
  while (!pending.empty()) {
    const fs::path path = std::move(pending.back());
    pending.pop_back();
    const fs::file_type type = fs::symlink_status(path).type();
    if (type == fs::file_type::directory) {
      const std::vector<fs::path> below = entries_of(path);
      pending.insert(pending.end(), below.begin(), below.end());
    } else if (type == fs::file_type::regular || type == fs::file_type::symlink) {
      const fs::path name = path.lexically_relative(root);
      files.push_back({(fs::path(given) / name).lexically_normal().string(), name.string()});
    }
  }
  return files;
}

std::vector<PublishedFile> chosen_files(const std::string& given, const std::string& path, bool recursive) {
  const bool folder = is_folder(given, path);
  if (folder && recursive) return files_below(given, path);
  if (folder) {
    throw LoggedError(Error(ExitCode::generic, "can't operate on a directory without --recursive flag.",
                            {"publish --recursive " + quoted(given, 4096) + " publishes every file in it"}));
  }
  return {{given, base_name(path)}};
}

int run_publish(Environment& environment, const CommandLine& line) {
  const std::optional<Config> config = read_config(environment, line);
  if (!config) {
    throw Error(ExitCode::generic, "config file not found",
                {"write a .sops.yaml with destination_rules, or name one: " + environment.program +
                 " --config FILE publish ..."});
  }
  const std::string path = choose_input(environment, line, false).path;
  PublishOptions options;
  options.asks = !line.options.on("yes");
  options.omit_extensions = line.options.on("omit-extensions");
  options.recursive = line.options.on("recursive");
  const std::vector<PublishedFile> files = chosen_files(line.options.words[0], path, options.recursive);
  Progress progress(environment, options.asks ? 0 : files.size());
  Publisher publisher(environment, line, *config, options);
  for (std::size_t i = 0; i < files.size(); ++i) {
    progress.reached(i);
    publisher.publish(files[i]);
  }
  return 0;
}

constexpr auto own_kind_of_flags = std::to_array<Flag>({
    {"yes", 'y', FlagKind::toggle, "", "", "approve all uploads beforehand and ask nothing"},
    {"omit-extensions", '\0', FlagKind::toggle, "", "", "cut the last extension off the names at the destination"},
    {"recursive", '\0', FlagKind::toggle, "", "", "publish every file of a folder and those below it"},
});
constexpr auto flags = joined(own_kind_of_flags, decryption_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command publish_command = {
    "publish",
    "FILE|DIR",
    "put a file where destination_rules say: S3, Google Cloud Storage, Vault",
    "Show where a file would go, and ask:\n"
    "    leafseal publish secrets.yaml\n"
    "Every file of a folder, without questions:\n"
    "    leafseal publish --yes --recursive prod\n",
    flags,
    run_publish,
};

}  // namespace leafseal::cli
