#include "cli/waiting_editor.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/file.hpp"

namespace leafseal::cli {
namespace {

struct WaitingEditor {
  std::string_view program;
  std::string_view flag;    // what is added
  std::string_view letter;  // the other spelling that means the same
};

constexpr auto known = std::to_array<WaitingEditor>({
    {"atom", "--wait", "-w"},       {"bbedit", "--wait", "-w"},       {"code", "--wait", "-w"},
    {"code-insiders", "--wait", "-w"}, {"code-oss", "--wait", "-w"},  {"codium", "--wait", "-w"},
    {"cursor", "--wait", "-w"},     {"gedit", "--wait", "-w"},        {"gvim", "-f", "--nofork"},
    {"kate", "--block", "-b"},      {"mate", "--wait", "-w"},         {"mvim", "-f", "--nofork"},
    {"pluma", "--wait", "-w"},      {"subl", "--wait", "-w"},         {"sublime_text", "--wait", "-w"},
    {"vscodium", "--wait", "-w"},   {"windsurf", "--wait", "-w"},     {"xed", "--wait", "-w"},
    {"zed", "--wait", "-w"},        {"zeditor", "--wait", "-w"},
});

}  // namespace

void ask_to_wait(std::vector<std::string>& words) {
  const std::string name = base_name(words.at(0));
  const auto editor = std::find_if(known.begin(), known.end(), [&](const auto& entry) { return entry.program == name; });
  if (editor == known.end()) return;
  const bool asked = std::any_of(words.begin() + 1, words.end(), [&](const std::string& word) {
    return word == editor->flag || word == editor->letter;
  });
  if (!asked) words.insert(words.begin() + 1, std::string(editor->flag));
}

}  // namespace leafseal::cli
