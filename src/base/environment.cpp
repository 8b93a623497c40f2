#include "leafseal/environment.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <set>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "base/style.hpp"
#include "base/terminal.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

// The directory as the shell names it, symbolic links and all, when that still is where we are.
std::string working_directory(const Environment& environment) {
  const auto named = environment.variables.find("PWD");
  struct stat by_name = {};
  struct stat here = {};
  if (named != environment.variables.end() && named->second.starts_with('/') &&
      ::stat(named->second.c_str(), &by_name) == 0 && ::stat(".", &here) == 0 && by_name.st_dev == here.st_dev &&
      by_name.st_ino == here.st_ino) {
    return absolute_path(named->second, "/");
  }
  std::array<char, 4096> buffer;
  const char* path = ::getcwd(buffer.data(), buffer.size());
  return path == nullptr ? "/" : path;
}

std::map<std::string, std::string, std::less<>> all_variables() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

void write_out(std::string_view bytes) {
  if (write_all(STDOUT_FILENO, bytes)) return;
  throw Error(ExitCode::could_not_write_output, "write /dev/stdout: " + reason(errno));
}

std::string read_stdin() {
  std::string text;
  if (!read_all(STDIN_FILENO, text, document_limit)) {
    throw Error(ExitCode::could_not_read_input, "Error reading file: read /dev/stdin: " + reason(errno));
  }
  if (text.size() > document_limit) {
    throw Error(ExitCode::could_not_read_input,
                "Error reading file: /dev/stdin is larger than " + std::to_string(document_limit >> 20) + " MiB");
  }
  return text;
}

// Byte by byte: what follows the line may belong to a child.
std::optional<std::string> read_stdin_line() {
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (c == '\n') return line;
    line.push_back(c);
  }
}

}  // namespace

std::optional<std::string> Environment::variable(std::string_view name) const {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string Environment::home() const { return variable("HOME").value_or(""); }

void Environment::warn(const std::string& text) const {
  if (verbose || strict || (err_is_terminal && !quiet)) warn_secrecy(text);
}

void Environment::warn_secrecy(const std::string& text) const {
  err(program + ": " + styled("warning:", Style::yellow, colour_err) + " " + text + "\n");
}

struct Environment::Said {
  std::mutex mutex;
  std::set<std::string> texts;
};

std::shared_ptr<Environment::Said> Environment::no_warning_yet() { return std::make_shared<Said>(); }

void Environment::warn_once(const std::string& text) const {
  const std::lock_guard lock(said_->mutex);
  if (said_->texts.insert(text).second) warn_secrecy(text);
}

Environment process_environment(int argc, char** argv) {
  Environment environment;
  environment.args.assign(argv, argv + argc);
  if (argc > 0 && base_name(environment.args[0]) == "sops") environment.program = "sops";
  environment.variables = all_variables();
  environment.directory = working_directory(environment);
  environment.clock = [] { return std::time(nullptr); };
  environment.out = write_out;
  environment.err = [](std::string_view text) { write_all(STDERR_FILENO, text); };
  environment.read_in = read_stdin;
  environment.read_line = read_stdin_line;
  environment.ask_secret = ask_secret_on_terminal;
  environment.ask = ask_on_terminal;
  environment.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  environment.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  environment.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  const auto text = [&](std::string_view name) {
    const auto found = environment.variables.find(name);
    return found == environment.variables.end() ? std::string_view() : std::string_view(found->second);
  };
  const ColourVariables variables{text("NO_COLOR"), text("CLICOLOR_FORCE"), text("CLICOLOR"), text("TERM")};
  environment.colour_out = wants_colour(variables, environment.out_is_terminal);
  environment.colour_err = wants_colour(variables, environment.err_is_terminal);
  return environment;
}

}  // namespace leafseal
