// set: stores values at paths of a sealed file, several in one write (spec: cli.md 3.4). They come from the command
// line, stdin, files, the terminal, or are made here.
#include <algorithm>

#include "base/file.hpp"
#include "cli/change_value.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/generated_value.hpp"
#include "cli/set_value.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

constexpr std::size_t terminal_line = 4095;  // what a terminal hands over of one line

Error wrong_count(const std::string& text) {
  return {ExitCode::no_file_specified, text, {"leafseal set FILE '[\"key\"]' '\"value\"', or --value-stdin < FILE"}};
}

std::string file_text(const Environment& environment, const std::string& name) {
  const std::string path = absolute_path(name, environment.directory);
  try {
    return read_file(path);
  } catch (const Error& error) {
    std::string text = error.what();  // the reference keeps 2 and this prefix for FILE
    constexpr std::string_view prefix = "Error reading file: ";
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
    if (const std::size_t at = text.find(path); at != std::string::npos) text.replace(at, path.size(), quoted(name));
    throw Error(ExitCode::generic, std::move(text), error.hints());
  }
}

// One run of `set`: which of the ways to give values it uses, and the values.
class Setting {
 public:
  Setting(Environment& environment, const CommandLine& line)
      : environment_(environment),
        options_(line.options),
        words_(line.options.words),
        spec_(options_.text("generate")),
        prompts_(options_.on("prompt")) {
    refuse_two_sources();
    const bool asks = words_.size() == 2 && environment_.in_is_terminal && named_sources().empty();
    prompts_ = prompts_ || asks;
    check_count();
    form_ = value_form(options_.text("value-type"), prompts_ ? ValueForm::string : ValueForm::json);
    if (options_.on("batch")) return;
    for (std::size_t i = 1; i < words_.size(); i += words_per_path()) add_path(words_[i]);
  }

  Assignments assignments(FormatId format) {
    if (options_.on("batch")) return from_lines(format);
    Assignments out;
    for (std::size_t i = 0; i < paths_.size(); ++i) out.push_back({paths_[i], value(i, format)});
    return out;
  }

 private:
  std::vector<std::string> named_sources() const {
    std::vector<std::string> given;
    for (const char* name : {"value-file", "value-stdin", "generate", "prompt", "batch"}) {
      const bool is_set = std::string_view(name) == "generate" ? spec_.has_value() : options_.on(name);
      if (is_set) given.push_back(name);
    }
    return given;
  }

  void refuse_two_sources() const {
    const std::vector<std::string> given = named_sources();
    if (given.size() > 1) throw Error(ExitCode::generic, "cannot use both --" + given[0] + " and --" + given[1]);
    if (spec_ && options_.text("value-type")) {
      throw Error(ExitCode::generic, "cannot use both --generate and --value-type");
    }
  }

  bool paths_alone() const { return spec_ || prompts_ || options_.on("value-stdin"); }
  std::size_t words_per_path() const { return paths_alone() ? 1 : 2; }

  void check_count() const {
    const std::size_t count = words_.size();
    if (options_.on("batch")) {
      if (count != 1) throw wrong_count("--batch takes one FILE, and lines of PATH and VALUE from stdin");
    } else if (options_.on("value-stdin")) {
      if (count != 2) {
        throw wrong_count(
            "file specified, or index and value are missing. Need precisely 2 positional arguments since "
            "--value-stdin is used.");
      }
    } else if (spec_ || prompts_) {
      if (count < 2) throw wrong_count("no file specified, or the path is missing");
    } else if (count < 3 || count % 2 == 0) {
      throw wrong_count("no file specified, or index and value are missing. Need precisely 3 positional arguments.");
    }
  }

  void add_path(const std::string& text) {
    Path path = parse_index(text, "set");
    if (std::find(paths_.begin(), paths_.end(), path) != paths_.end()) {
      throw Error(ExitCode::invalid_set_format, "the path " + quoted(address(path)) + " is given twice");
    }
    paths_.push_back(std::move(path));
  }

  Document value(std::size_t number, FormatId format) const {
    if (spec_) return text_value(generate_value(*spec_).view());
    if (prompts_) return typed(paths_[number], format);
    if (options_.on("value-stdin")) return parse_set_value(environment_.read_in(), form_, format);
    const std::string& word = words_[2 + 2 * number];
    return parse_set_value(options_.on("value-file") ? file_text(environment_, word) : word, form_, format);
  }

  // From the terminal, unseen.
  Document typed(const Path& path, FormatId format) const {
    const std::string file = absolute_path(words_[0], environment_.directory);
    if (!file_exists(file)) read_file(file);  // says what is wrong before anybody types a secret
    const auto answer = environment_.ask_secret("Value for " + quoted(address(path)) + " (hidden): ");
    if (!answer || answer->empty()) {
      throw Error(ExitCode::generic,
                  answer ? "nothing was typed; nothing was changed"
                         : "there is no terminal to type the value on; nothing was changed",
                  {"the empty string is '\"\"'; programs use --value-stdin"});
    }
    if (answer->size() >= terminal_line) {
      throw Error(ExitCode::generic, "the value is longer than a line of a terminal; nothing was changed",
                  {"pass it with --value-stdin or --value-file"});
    }
    return parse_set_value(std::string(answer->view()), form_, format);
  }

  // `PATH VALUE` a line, as --set has them.
  Assignments from_lines(FormatId format) {
    const std::string text = environment_.read_in();
    std::size_t number = 0;
    Assignments out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string row = text.substr(at, end - at);
      at = end + 1;
      ++number;
      if (row.find_first_not_of(" \t\r") == std::string::npos) continue;
      const std::size_t split = row.find("] ");
      if (split == std::string::npos) {
        throw Error(ExitCode::invalid_set_format, "stdin, line " + std::to_string(number) + ": Invalid --set format",
                    {"write one change a line: '[\"key\"] \"value\"'"});
      }
      try {
        add_path(row.substr(0, split + 1));
        out.push_back({paths_.back(), parse_set_value(row.substr(split + 2), form_, format)});
      } catch (const Error& error) {
        throw error.under(error.code(), "stdin, line " + std::to_string(number) + ": ");
      }
    }
    return out;
  }

  Environment& environment_;
  const Options& options_;
  const std::vector<std::string>& words_;
  std::optional<std::string> spec_;
  bool prompts_;
  ValueForm form_ = ValueForm::json;
  std::vector<Path> paths_;
};

int run_set(Environment& environment, const CommandLine& line) {
  Setting setting(environment, line);
  change_file(environment, line, line.options.words[0], [&](FormatId format) { return setting.assignments(format); });
  return 0;
}

constexpr auto value_flags = std::to_array<Flag>({
    {"value-stdin", '\0', FlagKind::toggle, "", "", "read the value from stdin"},
    {"value-file", '\0', FlagKind::toggle, "", "", "VALUE is the name of a file that holds the value"},
    {"prompt", '\0', FlagKind::toggle, "", "", "ask for each PATH's value on the terminal, without showing it"},
    {"generate", '\0', FlagKind::text, "", "SPEC", "make each PATH a random value: 32, hex:32, base64:32, uuid ..."},
    {"batch", '\0', FlagKind::toggle, "", "", "read lines of PATH and VALUE from stdin"},
    {"value-type", '\0', FlagKind::text, "", "TYPE", "how values are written: json (default), string, yaml"},
});
constexpr auto flags = joined(value_flags, unused_threshold_flag, idempotent_flag, type_flags, ignore_mac_flag, layout_flag,
                              decryption_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command set_command = {
    "set",
    "FILE PATH [VALUE] [PATH VALUE]...",
    "store values in an encrypted file, several in one write",
    "Type a secret; it is not shown:\n"
    "    leafseal set secrets.yaml '[\"db\"][\"password\"]'\n"
    "Store a new random password that nobody sees:\n"
    "    leafseal set --generate 32 secrets.yaml '[\"db\"][\"password\"]'\n"
    "Store what a program prints, so that it is in no process list:\n"
    "    make-password | leafseal set --value-type string --value-stdin secrets.yaml '[\"db\"][\"password\"]'\n"
    "Store what is no secret, several values in one write:\n"
    "    leafseal set secrets.yaml '[\"db\"][\"port\"]' 5432 '[\"db\"][\"host\"]' '\"db.example.org\"'\n"
    "Append to a list: an index past its end\n"
    "    leafseal set secrets.yaml '[\"hosts\"][99]' '\"db3\"'\n",
    flags,
    run_set,
};

}  // namespace leafseal::cli
