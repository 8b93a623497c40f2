// doctor: where an editor's plaintext goes, the editor, and the clock.
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/process.hpp"
#include "base/time.hpp"
#include "cli/doctor_report.hpp"
#include "cli/editor_command.hpp"

namespace leafseal::cli {
namespace {

bool in_memory(const std::string& directory) {
  struct statfs status = {};
  return !directory.empty() && ::access(directory.c_str(), W_OK | X_OK) == 0 && ::statfs(directory.c_str(), &status) == 0 &&
         (status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC);
}

void examine_temporary(const Environment& environment, Report& report) {
  for (const std::string& memory : {environment.variable("XDG_RUNTIME_DIR").value_or(""), std::string("/dev/shm")}) {
    if (in_memory(memory)) return report.ok("edit", "decrypted text is kept in memory, below " + quoted(memory));
  }
  const std::string temporary = environment.variable("TMPDIR").value_or("/tmp");
  if (::access(temporary.c_str(), W_OK | X_OK) != 0) {
    report.problem("edit", "no directory can hold the text while it is edited: " + quoted(temporary) + " cannot be written",
                   "set TMPDIR to a directory of yours");
  } else if (in_memory(temporary)) {
    report.ok("edit", "decrypted text is kept in memory, below " + quoted(temporary));
  } else {
    report.problem("edit", "decrypted text lies on a disk while it is edited, below " + quoted(temporary),
                   "set XDG_RUNTIME_DIR or TMPDIR to a tmpfs of yours");
  }
}

}  // namespace

void examine_editing(const Environment& environment, Report& report) {
  examine_temporary(environment, report);
  if (const auto temporary = environment.variable("TMPDIR"); temporary && ::access(temporary->c_str(), W_OK | X_OK) != 0) {
    report.problem("edit", "TMPDIR is " + quoted(*temporary) + ", which cannot be written", "correct it or unset it");
  }
  try {
    const std::string editor = editor_command(environment).at(0);
    if (find_program(editor, environment).empty() || ::access(find_program(editor, environment).c_str(), X_OK) != 0) {
      report.problem("edit", "the editor " + quoted(editor) + " is not there", "correct SOPS_EDITOR or EDITOR");
    } else {
      report.ok("edit", "the editor is " + quoted(editor));
    }
  } catch (const Error& error) {
    report.problem("edit", error.what(), "set EDITOR");
  }
}

void examine_clock(const Environment& environment, Report& report) {
  constexpr std::time_t this_release = 1'767'225'600;  // 2026-01-01
  const std::time_t now = environment.clock();
  if (now < this_release) {
    report.problem("clock", "this machine takes it to be " + format_utc(now), "set the clock: times in files are taken from it");
  } else {
    report.ok("clock", format_utc(now));
  }
}

}  // namespace leafseal::cli
