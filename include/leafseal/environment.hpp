// Environment: all effects that are not files. Commands and recipients get it instead of reaching for globals, so tests
// run them in-process with streams, variables, clock and answers of their own.
#pragma once

#include <ctime>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/secret.hpp"

namespace leafseal {

class Http;

struct Environment {
  std::vector<std::string> args;             // args[0] is the program as it was called
  std::string program = "leafseal";          // its name in messages: `sops` when called by that name
  std::map<std::string, std::string, std::less<>> variables;
  std::string directory;                     // the working directory, absolute
  std::function<std::time_t()> clock;        // seconds since 1970, UTC
  std::function<void(std::string_view)> out;  // payload, stdout; throws Error{could_not_write_output}
  std::function<void(std::string_view)> err;  // messages, stderr
  std::function<std::string()> read_in;      // all of stdin
  std::function<std::optional<std::string>()> read_line;  // one line of stdin; nothing at its end
  // Hidden input from the terminal, /dev/tty and never stdin. Nothing when there is no terminal.
  std::function<std::optional<SecretBytes>(const std::string& prompt)> ask_secret;
  // A visible question on the terminal.
  std::function<std::optional<std::string>(const std::string& prompt)> ask;
  bool err_is_terminal = false;
  bool out_is_terminal = false;
  bool in_is_terminal = false;
  bool strict = false;
  bool verbose = false;
  bool quiet = false;
  bool colour_out = false;  // base/style.hpp
  bool colour_err = false;
  Http* http = nullptr;  // what requests go through (leafseal/http.hpp); null: the process's own client

  // A variable that is set and not empty; the reference treats empty ones as absent.
  std::optional<std::string> variable(std::string_view name) const;
  bool is_set(std::string_view name) const { return variables.find(name) != variables.end(); }
  std::string home() const;  // $HOME, or empty

  // `leafseal: warning: ...`. Warnings that concern secrecy are always printed, the rest on a terminal unless --quiet
  // is given, with --verbose, or under strict (design: decisions).
  void warn(const std::string& text) const;
  void warn_secrecy(const std::string& text) const;
  // Always printed, each text once for this environment and its copies: a service is used for many files. Thread-safe.
  void warn_once(const std::string& text) const;

 private:
  struct Said;
  std::shared_ptr<Said> said_ = no_warning_yet();
  static std::shared_ptr<Said> no_warning_yet();
};

// The real one, from main's arguments.
Environment process_environment(int argc, char** argv);

}  // namespace leafseal
