// exec-file: a command with the decrypted file as a named pipe, or as a private file (spec: cli.md 3.10).
#include <unistd.h>

#include <algorithm>

#include "base/background.hpp"
#include "base/private_directory.hpp"
#include "base/served_pipe.hpp"
#include "cli/command.hpp"
#include "cli/decrypted_text.hpp"
#include "cli/exec_command.hpp"
#include "cli/flags.hpp"

namespace leafseal::cli {
namespace {

// What the command is to see: a name in the private directory, and the text.
struct Plaintext {
  std::string name;
  std::string text;
};

// The file's name in the directory: --filename, else `tmp-file`; with several files each has its own.
std::vector<std::string> file_names(const Options& options, const std::vector<std::string>& files) {
  const auto asked = options.text("filename");
  if (asked && files.size() > 1) {
    throw Error(ExitCode::conflicting_parameters, "cannot use --filename with several files");
  }
  if (files.size() == 1) {
    const std::string name = asked.value_or("tmp-file");
    constexpr std::string_view start = "/start/";  // of no file: whether the name stays below it is a matter of its words
    const std::string clean = absolute_path(name, "/start");
    if (name.starts_with('/') || !(clean + "/").starts_with(start)) {
      throw Error(ExitCode::generic, "The provided filename is not a local path.");
    }
    return {clean.size() > start.size() ? clean.substr(start.size()) : "."};
  }
  std::vector<std::string> names;
  for (const std::string& file : files) {
    names.push_back(base_name(file));
    if (std::count(names.begin(), names.end(), names.back()) == 1) continue;
    throw Error(ExitCode::generic, "two files are called " + quoted(names.back()),
                {"the command could not tell them apart; link one of them to another name"});
  }
  return names;
}

void replace_all(std::string& text, const std::string& mark, const std::string& replacement) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + replacement.size())) {
    text.replace(at, mark.size(), replacement);
  }
}

// `{}` is the first file's path; with several files `{1}`, `{2}` ... are each one's.
std::vector<std::string> with_paths(std::vector<std::string> command, const std::vector<std::string>& paths) {
  for (std::string& word : command) {
    for (std::size_t i = 0; paths.size() > 1 && i < paths.size(); ++i) {
      replace_all(word, "{" + std::to_string(i + 1) + "}", paths[i]);
    }
    replace_all(word, "{}", paths[0]);
  }
  return command;
}

// Runs the command beside its files. When it returns they are gone.
CommandEnd run_with_files(const Environment& environment, const CommandLine& line, ExecCall call,
                          const ChildOptions& options, std::vector<Plaintext> plaintexts,
                          const std::function<void()>& ready) {
  const PrivateDirectory directory(PrivateUse::command, environment);
  std::vector<ServedPipe> pipes;
  std::vector<std::string> paths;
  for (const Plaintext& plaintext : plaintexts) {
    paths.push_back(directory.path() + "/" + plaintext.name);
    if (line.options.on("no-fifo")) {
      write_private_file(paths.back(), plaintext.text);
    } else {
      pipes.emplace_back(paths.back(), plaintext.text);
    }
  }
  plaintexts.clear();  // and wiped: the pipes' servers have their own
  call.command = with_paths(std::move(call.command), paths);
  ready();
  return run_exec_command(environment, call, options);
}

std::vector<Plaintext> read_plaintexts(const Environment& environment, const CommandLine& line, const ExecCall& call) {
  const std::vector<std::string> names = file_names(line.options, call.files);
  const std::optional<Config> config = read_config(environment, line);
  std::vector<Plaintext> plaintexts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto [file, stores] = open_exec_file(environment, line, call.files[i], config);
    plaintexts.push_back({names[i], decrypted_text(environment, std::move(file.opened), file.cipher, stores, false)});
  }
  return plaintexts;
}

int run_exec_file(Environment& environment, const CommandLine& line) {
  const ExecCall call = read_exec_call(line.options);
  const bool background = line.options.on("background");
  if (background) {
    environment.warn("exec-file's --background option is deprecated and will be removed in a future version of sops");
  }
  std::vector<Plaintext> plaintexts = read_plaintexts(environment, line, call);
  const ChildOptions options = exec_environment(line, become_asked_user(line));
  const auto run = [&](const std::function<void()>& ready) {
    return run_with_files(environment, line, call, options, std::move(plaintexts), ready);
  };
  if (background) {
    go_on_in_background([&](const std::function<void()>& ready) { run(ready); });
    return 0;
  }
  return exit_like(environment, call, run([] {}));
}

constexpr auto file_flags = std::to_array<Flag>({
    {"no-fifo", '\0', FlagKind::toggle, "", "", "give the command a file in place of a named pipe"},
    {"filename", '\0', FlagKind::text, "", "NAME", "the file's name (tmp-file)"},
});
constexpr auto flags = joined(file_flags, exec_flags, type_flags, decryption_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command exec_file_command = {
    "exec-file",
    "FILE COMMAND",
    "run a command with a file, decrypted, as a temporary one",
    "The command finds the file's path in place of {}:\n"
    "    leafseal exec-file secrets.json 'jq -r .password {}'\n"
    "Run a program without a shell; its exit status is ours:\n"
    "    leafseal exec-file --filename values.yaml secrets.yaml -- helm upgrade app ./chart -f {}\n"
    "For a program that seeks in the file, or must see its size:\n"
    "    leafseal exec-file --no-fifo kubeconfig.yaml -- kubectl --kubeconfig {} get pods\n",
    flags,
    run_exec_file,
};

}  // namespace leafseal::cli
