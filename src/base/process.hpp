// Child processes without a shell: editors, key commands, plugins, gpg. Arguments are vectors, descriptors do not leak,
// and the words of a command line in a variable are split as the reference splits them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"
#include "leafseal/secret.hpp"

namespace leafseal {

// Splits like $SOPS_EDITOR: blanks separate, '...' literal, "..." with \ escapes, \x outside quotes, # at the start of
// a word begins a comment; no variables, tildes or globs (cli.md 3.3). Nothing when quotes are unbalanced.
std::optional<std::vector<std::string>> split_command(std::string_view text);

// The program's path: itself if it holds a slash, else the first executable on the environment's PATH; empty if none.
// A PATH entry that is relative is never used.
std::string find_program(const std::string& name, const Environment& environment);

struct ChildResult {
  int exit_code = 0;   // 255 when a signal ended it
  int signal = 0;
  SecretBytes output;  // stdout
  std::string errors;  // stderr, the first 64 KiB
};

struct ChildOptions {
  std::vector<std::pair<std::string, std::string>> set;  // variables added to the environment
  std::vector<std::string> unset;
  bool discard_errors = false;
};

// Runs to the end with `input` on stdin. Throws Error{generic} when the program cannot be started.
ChildResult run_child(const std::vector<std::string>& words, std::string_view input, const ChildOptions& options,
                      const Environment& environment);

// Runs with the terminal: stdin, stdout and stderr are inherited. Returns the wait status translated as above.
ChildResult run_in_terminal(const std::vector<std::string>& words, const ChildOptions& options,
                            const Environment& environment);

// Both ends of a running child, for the age plugin protocol.
class ChildPipe {
 public:
  ChildPipe(const std::vector<std::string>& words, const ChildOptions& options, const Environment& environment,
            const std::string& directory);
  ~ChildPipe();  // closes the pipes, sends SIGINT, waits
  ChildPipe(const ChildPipe&) = delete;
  ChildPipe& operator=(const ChildPipe&) = delete;
  void write(std::string_view bytes);        // throws Error{generic} when the child has gone
  // Without the break; nothing at the end. After five seconds of silence on_silence is called once, and it waits on.
  std::optional<std::string> read_line();
  std::function<void()> on_silence;

 private:
  int in_ = -1;
  int out_ = -1;
  int pid_ = -1;
  std::string buffer_;
};

}  // namespace leafseal
