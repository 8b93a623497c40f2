// Child processes without a shell: editors, key commands, plugins, gpg. Arguments are vectors, descriptors do not leak,
// and the words of a command line in a variable are split as the reference splits them (base/command_line.cpp).
//
// A child gets default signal handling and the environment of Environment::variables, not the process's own.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"
#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"
#include "leafseal/secret.hpp"

namespace leafseal {

// Splits like $SOPS_EDITOR: blanks separate, '...' literal, "..." with \ escapes, \x outside quotes, # at the start of
// a word begins a comment; no variables, tildes or globs (cli.md 3.3). Nothing when quotes are unbalanced or the text
// ends in a \.
std::optional<std::vector<std::string>> split_command(std::string_view text);

// The program's path: itself if it holds a slash, else the first executable on the environment's PATH; empty if none.
// A PATH entry that is relative is never used.
std::string find_program(const std::string& name, const Environment& environment);

struct ChildResult {
  int exit_code = 0;   // 255 when a signal ended it
  int signal = 0;
  bool late = false;   // it was killed at its time limit
  SecretBytes output;  // stdout
  std::string errors;  // stderr, the first 64 KiB
};

// "exit status 3", "signal: killed", "no end within its time".
std::string describe_end(const ChildResult& result);

struct ChildOptions {
  std::vector<std::pair<std::string, std::string>> set;  // variables added to the environment, the last of a name wins
  std::vector<std::string> unset;
  bool inherit = true;          // false: the environment is what `set` says and nothing else
  std::string directory;        // to start in; empty: this process's
  bool discard_errors = false;  // stderr goes to /dev/null
  std::chrono::milliseconds time_limit{0};  // of run_child(), which then kills it; 0: none
};

// All of these throw Error{generic} when the program cannot be started: `exec: "foo": executable file not found in
// $PATH`, `fork/exec /x: REASON`.

// Runs to the end with `input` on stdin. A child that does not read all of it is no error.
ChildResult run_child(const std::vector<std::string>& words, std::string_view input, const ChildOptions& options,
                      const Environment& environment);

// Runs with the terminal: stdin, stdout and stderr are inherited.
ChildResult run_in_terminal(const std::vector<std::string>& words, const ChildOptions& options,
                            const Environment& environment);

// Leaves a child running that has no part in our stdin, stdout and stderr. Nobody waits for it.
void run_in_background(const std::vector<std::string>& words, const ChildOptions& options,
                       const Environment& environment);

// Becomes the program, in this very process: open files, process id and terminal stay. Does not return.
[[noreturn]] void become_program(const std::vector<std::string>& words, const ChildOptions& options,
                                 const Environment& environment);

// Both ends of a running child, for the age plugin protocol. Its stderr is inherited unless discarded.
class ChildPipe {
 public:
  ChildPipe(const std::vector<std::string>& words, const ChildOptions& options, const Environment& environment);
  ~ChildPipe();  // closes the pipes, sends SIGINT, waits; a child that has not ended after five seconds is killed
  ChildPipe(const ChildPipe&) = delete;
  ChildPipe& operator=(const ChildPipe&) = delete;
  void write(std::string_view bytes);  // throws Error{generic} when the child has gone
  // Without the break; nothing at the end, also of a last line without a break. After `patience` without a
  // byte on_silence is called once, and it waits on. Throws Error{generic} for a line of more than 16 MiB.
  std::optional<std::string> read_line();
  std::function<void()> on_silence;
  std::chrono::milliseconds patience{5000};

 private:
  Descriptor in_;
  Descriptor out_;
  int pid_ = -1;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what was not taken from the buffer yet
};

}  // namespace leafseal
