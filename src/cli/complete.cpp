#include "cli/complete.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/command.hpp"
#include "cli/help_topics.hpp"

namespace leafseal::cli {
namespace {

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// The n-th positional of a command as its help names it: `FILE PATH [VALUE]`, `[FILE]`, `FILE...`, `-f FILE INDEX`.
std::string positional(std::string_view arguments, std::size_t n) {
  bool of_flag = false;
  for (std::string word : split_words(arguments)) {
    const bool repeats = word.find("...") != std::string::npos;
    std::erase_if(word, [](char c) { return c == '[' || c == ']' || c == '.'; });
    if (word.starts_with('-')) {
      of_flag = word.size() == 2 && word != "--";
      continue;
    }
    if (std::exchange(of_flag, false)) continue;
    if (n == 0 || repeats) return word;
    --n;
  }
  return {};
}

class Completer {
 public:
  Completer(const Environment& environment, const UnfinishedLine& line) : environment_(environment), line_(line) {}

  std::vector<Candidate> run() {
    read(line_.before);
    if (waiting_ != nullptr) {
      add_values(*waiting_, "");
      return std::move(found_);
    }
    if (!only_words_ && line_.typed.starts_with('-')) {
      const std::size_t equals = line_.typed.find('=');
      const Flag* flag = equals == std::string::npos ? nullptr : find(line_.typed.substr(0, equals));
      if (flag != nullptr) {
        add_values(*flag, line_.typed.substr(0, equals + 1));
      } else {
        add_flags();
      }
      return std::move(found_);
    }
    if (!commands_.empty() && words_.empty()) add_commands();
    if (is_help_) add_topics();
    if (command_ != nullptr && command_->commands.empty()) add_positional();
    return std::move(found_);
  }

 private:
  const Flag* find(std::string_view word) const {
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    for (const Flag& flag : flags_) {
      if (flag.name == word || (word.size() == 1 && flag.letter == word[0])) return &flag;
    }
    return nullptr;
  }

  void read(std::span<const std::string> words) {
    for (const std::string& word : words) {
      if (waiting_ != nullptr) {
        if (waiting_->name == "input-type") input_type_ = word;
        waiting_ = nullptr;
      } else if (word == "--") {
        only_words_ = true;
      } else if (!only_words_ && word.size() > 1 && word[0] == '-') {
        if (word.find('=') != std::string::npos) continue;
        const Flag* flag = find(word);
        if (flag != nullptr && flag->kind != FlagKind::toggle) waiting_ = flag;
      } else {
        take_word(word);
      }
    }
  }

  void take_word(const std::string& word) {
    const Command* command = words_.empty() ? find_command(commands_, word) : nullptr;
    if (command != nullptr) {
      command_ = command;
      commands_ = command->commands;
      flags_ = command->flags;
    } else if (command_ == nullptr && words_.empty() && (word == "help" || word == "h")) {
      is_help_ = true;
    } else {
      words_.push_back(word);
    }
  }

  void add(std::string text, std::string_view description) {
    if (text.starts_with(line_.typed)) found_.push_back({std::move(text), std::string(description)});
  }

  void add_commands() {
    for (const Command* command : commands_) add(std::string(command->name), command->summary);
    if (!is_help_) add("help", "print help");
  }

  void add_topics() {
    if (!words_.empty() || command_ != nullptr) return;
    for (const HelpTopic& topic : help_topics()) add(std::string(topic.name), topic.summary);
  }

  void add_flags() {
    for (const Flag& flag : flags_) {
      add("--" + std::string(flag.name), flag.help);
      if (line_.typed == "-" && flag.letter != '\0') add(std::string("-") + flag.letter, flag.help);
    }
  }

  void add_values(const Flag& flag, const std::string& prefix) {
    const auto among = [&](const auto& words) {
      for (const std::string_view word : words) add(prefix + std::string(word), "");
    };
    if (flag.placeholder == "TYPE") among(std::array{"yaml", "json", "dotenv", "ini", "binary"});
    if (flag.placeholder == "WHEN") among(std::array{"auto", "always", "never"});
    if (flag.name == "decryption-order") {
      among(std::array{"age,pgp", "pgp,age", "age", "pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms"});
    }
    if (flag.placeholder.find("PATH") == std::string_view::npos) return;
    Completer all(environment_, line_);  // the file stands behind, as a rule
    all.read(line_.before);
    all.waiting_ = nullptr;
    all.read(line_.after);
    if (!all.words_.empty()) add_paths(all.words_[0], all.input_type_, prefix);
  }

  void add_positional() {
    const std::string name = positional(command_->arguments, words_.size());
    if (name == "PATH" && !words_.empty()) add_paths(words_[0], input_type_, "");
  }

  void add_paths(const std::string& file, const std::string& type, const std::string& prefix) {
    const std::string_view typed = std::string_view(line_.typed).substr(prefix.size());
    for (Candidate& path : complete_key_path(environment_, file, type, typed, line_.key_quote)) {
      found_.push_back({prefix + path.text, std::move(path.description)});
    }
  }

  const Environment& environment_;
  const UnfinishedLine& line_;
  const Command* command_ = nullptr;
  Commands commands_ = commands();
  std::span<const Flag> flags_ = global_flags();
  const Flag* waiting_ = nullptr;  // a flag whose value comes next
  std::vector<std::string> words_;
  std::string input_type_;
  bool only_words_ = false;
  bool is_help_ = false;
  std::vector<Candidate> found_;
};

}  // namespace

std::vector<Candidate> complete(const Environment& environment, const UnfinishedLine& line) {
  return Completer(environment, line).run();
}

bool asks_for_completion(const Environment& environment) {
  return environment.args.size() > 1 && environment.args.back() == "--generate-bash-completion";
}

int answer_completion(Environment& environment) {
  const std::span<const std::string> words(environment.args.data() + 1, environment.args.size() - 2);
  const bool flags = !words.empty() && words.back().starts_with('-');
  std::string text;
  if (flags) {
    const std::string& word = words.back();  // -ex and --ex both look for flags of that name
    const std::string typed =
        word == "-" ? word : "--" + word.substr(std::min(word.find_first_not_of('-'), word.size()));
    for (const Candidate& one : complete(environment, {words.first(words.size() - 1), typed, {}}))
      text += one.text + "\n";
  } else {
    const bool described = environment.variable("_CLI_ZSH_AUTOCOMPLETE_HACK") == "1";
    const Command* command = nullptr;
    Commands level = commands();
    for (const std::string& word : words) {
      if (level.empty()) break;
      if (const Command* found = find_command(level, word)) level = (command = found)->commands;
    }
    const auto line = [&](std::string_view name, std::string_view summary) {
      text += std::string(name) + (described ? ":" + std::string(summary) : "") + "\n";
    };
    for (const Command* one : level) line(one->name, one->summary);
    if (!level.empty()) {
      line("help", "print help");
      line("h", "print help");
    }
  }
  environment.out(text);
  return 0;
}

}  // namespace leafseal::cli
