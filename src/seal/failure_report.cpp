#include "seal/failure_report.hpp"

#include <algorithm>

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

constexpr std::size_t line_limit = 4096;

// Reasons may quote a file or a server: nothing in them may reach the terminal as a control sequence.
std::string printable(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    out += quoted(text.substr(0, end), line_limit);
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string indented(std::string_view text, std::string_view first, std::string_view rest) {
  std::string out(first);
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\n') out += rest;
  }
  return out;
}

std::string describe(const FailedRecipient& failure) {
  std::string text = "  " + quoted(failure.id, line_limit) + ": FAILED";
  bool first = true;
  for (std::string_view reason : failure.reasons) {
    while (!reason.empty() && reason.back() == '\n') reason.remove_suffix(1);
    if (reason.empty()) continue;
    text += (first ? "\n" : "\n    \n") + indented(wrap_lines(printable(reason), 60), "    - | ", "      | ");
    first = false;
  }
  return text;
}

std::string trailer(const std::vector<GroupOutcome>& groups, int threshold) {
  if (threshold == 0) {
    return "Recovery failed because no master key was able to decrypt the file. In order for SOPS to recover the file, "
           "at least one key has to be successful, but none were.";
  }
  const auto opened = std::count_if(groups.begin(), groups.end(), [](const GroupOutcome& g) { return g.opened; });
  const std::string wanted = std::to_string(threshold);
  return "Recovery failed because the file was encrypted with a Shamir threshold of " + wanted + ", but only " +
         std::to_string(opened) +
         " part(s) were successfully recovered, one for each successful key group. In order for SOPS to recover the "
         "file, at least " +
         wanted +
         " groups have to be successful. In order for a group to be successful, decryption has to succeed with any of "
         "the keys in that key group.";
}

}  // namespace

std::string wrap_lines(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t column = 0;  // characters on the current line of `out`
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\n') {
      out += '\n';
      column = 0;
      ++at;
      continue;
    }
    const std::size_t word = std::min(text.find_first_not_of(' ', at), text.size());
    const std::size_t end = std::min(text.find_first_of(" \n", word), text.size());
    const auto characters = static_cast<std::size_t>(
        std::count_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    const bool blanks_only = word == end;
    const std::size_t length = characters - (word - at);
    // A word too long for any line starts a line of its own.
    if (column + (word - at) + std::min(length, width - 1) > width) {
      if (!blanks_only) {
        out += '\n';
        out += text.substr(word, end - word);
      }
      column = length;
    } else {
      out += text.substr(at, end - at);
      column += characters;
    }
    at = end;
  }
  return out;
}

std::string failure_report(const std::vector<GroupOutcome>& groups, int threshold) {
  std::string report = "Failed to get the data key required to decrypt the SOPS file.\n\n";
  for (std::size_t i = 0; i < groups.size(); ++i) {
    report += "Group " + std::to_string(i) + (groups[i].opened ? ": SUCCESS" : ": FAILED");
    if (!groups[i].opened) {
      report += '\n';
      for (std::size_t j = 0; j < groups[i].failures.size(); ++j) {
        if (j > 0) report += "\n  \n";
        report += describe(groups[i].failures[j]);
      }
    }
    report += "\n\n";
  }
  return report + wrap_lines(trailer(groups, threshold), 75);
}

}  // namespace leafseal
