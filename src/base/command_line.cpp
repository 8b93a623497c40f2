// The words of a command in a variable, and where its program is.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/process.hpp"

namespace leafseal {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::optional<std::vector<std::string>> split() {
    std::vector<std::string> words;
    while (skip_to_word()) {
      if (!take_word()) return std::nullopt;
      words.push_back(std::move(word_));
    }
    return words;
  }

 private:
  bool skip_to_word() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '#'))
      at_ = text_[at_] == '#' ? std::min(text_.find('\n', at_), text_.size()) : at_ + 1;
    return at_ < text_.size();
  }

  bool take_word() {
    word_.clear();
    while (at_ < text_.size() && !is_blank(text_[at_])) {
      const char c = text_[at_++];
      const bool taken = c == '\'' ? take_literal() : c == '"' ? take_quoted() : c == '\\' ? take_escaped() : take(c);
      if (!taken) return false;
    }
    return true;
  }

  bool take(char c) {
    word_.push_back(c);
    return true;
  }

  bool take_escaped() { return at_ < text_.size() && take(text_[at_++]); }

  bool take_literal() {
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos) return false;
    word_.append(text_.substr(at_, end - at_));
    at_ = end + 1;
    return true;
  }

  bool take_quoted() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (!(c == '\\' ? take_escaped() : take(c))) return false;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
};

bool is_executable(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::vector<std::string>> split_command(std::string_view text) { return Splitter(text).split(); }

std::string find_program(const std::string& name, const Environment& environment) {
  if (name.find('/') != std::string::npos) return name;
  if (name.empty()) return {};
  const std::string directories = environment.variable("PATH").value_or("");
  for (std::size_t begin = 0; begin <= directories.size();) {
    const std::size_t end = std::min(directories.find(':', begin), directories.size());
    const std::string directory = directories.substr(begin, end - begin);
    begin = end + 1;
    if (!directory.starts_with('/')) continue;
    if (std::string path = directory + "/" + name; is_executable(path)) return path;
  }
  return {};
}

}  // namespace leafseal
