#include "cli/editor_session.hpp"

#include "base/file.hpp"
#include "base/private_directory.hpp"
#include "base/process.hpp"
#include "cli/editor_command.hpp"
#include "cli/key_variables.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

void run_editor(const std::vector<std::string>& editor, const std::string& path, const Environment& environment) {
  std::vector<std::string> words = editor;
  words.push_back(path);
  ChildOptions options;
  for (const char* name : key_variables) options.unset.emplace_back(name);
  ChildResult result;
  try {
    result = run_in_terminal(words, options, environment);
  } catch (const Error& error) {
    throw error.under(ExitCode::no_editor, "Could not run editor: ");
  }
  if (result.exit_code != 0) {
    throw Error(ExitCode::no_editor, "Could not run editor: " + describe_end(result), {"nothing was changed"});
  }
}

std::string explained(const Error& error) {
  std::string text = error.what();
  if (error.place().line == 0) return text;
  text += " (line " + std::to_string(error.place().line);
  if (error.place().column != 0) text += ", column " + std::to_string(error.place().column);
  return text + ")";
}

// How often text that cannot be taken may come back: unchanged, or at all where nobody sits at the terminal (F9).
class Patience {
 public:
  explicit Patience(bool at_terminal) : at_terminal_(at_terminal) {}
  bool exhausted_by(const std::string& text) {
    unchanged_ = text == last_ ? unchanged_ + 1 : 1;
    ++tries_;
    last_ = text;
    return unchanged_ >= limit || (!at_terminal_ && tries_ >= limit);
  }

 private:
  static constexpr int limit = 3;
  bool at_terminal_;
  int unchanged_ = 0;
  int tries_ = 0;
  std::string last_;
};

Error gave_up(const EditedText& edited, const std::string& text, const std::string& why) {
  Error error(ExitCode::generic, "the edited text cannot be taken: " + why);
  const std::string kept = edited.keep(text);
  error.hint(kept.empty() ? "nothing was written" : "your text is kept, encrypted, in " + kept);
  return error;
}

}  // namespace

void edit_text(Environment& environment, const std::string& name, const std::string& text, const EditedText& edited) {
  const std::vector<std::string> editor = editor_command(environment);
  const PrivateDirectory directory(PrivateUse::edit, environment);
  const std::string path = directory.path() + "/" + name;
  try {
    write_private_file(path, text);
  } catch (const Error& error) {
    throw error.under(error.code(), "Could not write output file: ");
  }
  Patience patience(environment.in_is_terminal);
  for (;;) {
    run_editor(editor, path, environment);
    const std::string now = read_file(path);
    if (now == text) throw Error(ExitCode::file_not_modified, "File has not changed, exiting.");
    std::string why;
    try {
      return edited.accept(now);
    } catch (const Error& error) {
      why = explained(error);
    }
    if (patience.exhausted_by(now)) throw gave_up(edited, now, why);
    environment.err(environment.program + ": error: " + why + "\n" + environment.program +
                    ": Press enter to return to the editor, or Ctrl+C to exit.\n");
    if (!environment.read_line()) throw gave_up(edited, now, why);
  }
}

}  // namespace leafseal::cli
