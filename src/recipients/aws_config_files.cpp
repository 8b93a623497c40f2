#include "recipients/aws_config_files.hpp"

#include <algorithm>

#include "base/file.hpp"

namespace leafseal {
namespace {

constexpr std::string_view profile_prefix = "profile ";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// A comment behind a value needs a blank in front: secrets may hold '#'.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if ((text[i] == '#' || text[i] == ';') && is_blank(text[i - 1])) return text.substr(0, i - 1);
  }
  return text;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted =
      text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// The name between brackets, blanks between its two words folded; empty for other lines.
std::string section_name(std::string_view line) {
  const std::string_view text = trimmed(line.substr(0, line.find_first_of("#;")));
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return "";
  const std::string_view name = trimmed(text.substr(1, text.size() - 2));
  const std::size_t blank = name.find_first_of(" \t");
  if (blank == std::string_view::npos) return std::string(name);
  return std::string(name.substr(0, blank)) + " " + std::string(trimmed(name.substr(blank)));
}

class Reader {
 public:
  explicit Reader(bool needs_prefix) : needs_prefix_(needs_prefix) {}

  void read(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return;
    if (const std::string name = section_name(line); !name.empty()) return begin(name);
    if (section_ == nullptr) return;
    if (is_blank(line.front())) {
      read_indented(text);
    } else {
      read_property(trimmed(without_comment(line)));
    }
  }

  AwsSections take() { return std::move(sections_); }

 private:
  void begin(const std::string& name) {
    key_.clear();
    const bool has_prefix = name.starts_with(profile_prefix);
    const bool other = name.starts_with("sso-session ") || name.starts_with("services ");
    const bool named = needs_prefix_ ? has_prefix || other || lower(name) == "default" : !has_prefix;
    section_ = named ? &sections_[has_prefix ? name.substr(profile_prefix.size()) : name] : nullptr;
  }

  void read_property(std::string_view text) {
    const std::size_t separator = text.find_first_of("=:");
    if (separator == std::string_view::npos) return;
    key_ = lower(trimmed(text.substr(0, separator)));
    section_->values[key_] = unquoted(trimmed(text.substr(separator + 1)));
  }

  void read_indented(std::string_view text) {
    const std::size_t separator = text.find_first_of("=:");
    const bool below = !key_.empty() && section_->values[key_].empty();
    if (separator == std::string_view::npos) {
      if (!key_.empty() && !below) section_->values[key_] += "\n" + std::string(text);
    } else if (below) {
      const std::string name = lower(trimmed(text.substr(0, separator)));
      section_->nested[key_][name] = unquoted(trimmed(text.substr(separator + 1)));
    } else {
      read_property(trimmed(without_comment(text)));
    }
  }

  bool needs_prefix_;
  AwsSections sections_;
  AwsSection* section_ = nullptr;
  std::string key_;
};

std::string path_of(std::string_view variable, const char* name, const Environment& environment) {
  if (const auto path = environment.variable(variable)) return *path;
  return environment.home().empty() ? "" : environment.home() + "/.aws/" + name;
}

AwsSections sections_of(const std::string& path, bool needs_prefix) {
  if (path.empty() || !file_exists(path)) return {};
  try {
    AwsSections sections = parse_aws_config(read_file(path, std::size_t{1} << 20), needs_prefix);
    for (auto& [name, section] : sections) {
      if (section.values.contains("aws_access_key_id") != section.values.contains("aws_secret_access_key")) {
        section.partial_keys = path;
      }
    }
    return sections;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::string AwsSection::value(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? "" : found->second;
}

AwsSections parse_aws_config(std::string_view text, bool needs_prefix) {
  Reader reader(needs_prefix);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

AwsSections read_aws_config_files(const Environment& environment) {
  AwsSections sections = sections_of(path_of("AWS_CONFIG_FILE", "config", environment), true);
  for (auto& [name, own] : sections_of(path_of("AWS_SHARED_CREDENTIALS_FILE", "credentials", environment), false)) {
    AwsSection& section = sections[name];
    // A pair of static keys comes from one file, with the token that belongs to it.
    if (own.partial_keys.empty() && own.values.contains("aws_access_key_id")) section.values.erase("aws_session_token");
    if (!own.partial_keys.empty()) {
      own.values.erase("aws_access_key_id");
      own.values.erase("aws_secret_access_key");
    }
    section.partial_keys = own.partial_keys;
    for (const auto& [key, value] : own.values) section.values[key] = value;
  }
  return sections;
}

}  // namespace leafseal
