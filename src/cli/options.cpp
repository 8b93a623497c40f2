#include "cli/options.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/edit_distance.hpp"
#include "base/go_values.hpp"

namespace leafseal::cli {
namespace {

// As Go's strconv reads it in base 0: a sign, 0x, 0o, 0b or 0 in front, underscores between digits.
std::optional<int> parse_number(std::string text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.erase(0, 1);
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char letter = static_cast<char>(text[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    text.erase(0, letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  std::erase(text, '_');
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  return negative ? -number : number;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    items.push_back(trimmed(text.substr(at, comma - at)));
    at = comma + 1;
  }
  return items;
}

const Flag* find_flag(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags) {
    if (flag.name == name || (name.size() == 1 && flag.letter == name[0])) return &flag;
  }
  return nullptr;
}

// `-id`, where -i and -d are flags.
bool is_bundle(std::span<const Flag> flags, std::string_view name) {
  return name.size() > 1 && std::all_of(name.begin(), name.end(), [&](char letter) {
           return letter != '\0' &&
                  std::any_of(flags.begin(), flags.end(), [&](const Flag& f) { return f.letter == letter; });
         });
}

}  // namespace

class OptionParser {
 public:
  OptionParser(std::span<const Flag> flags, const std::vector<std::string>& args, const Environment& environment)
      : args_(args), environment_(environment), options_(flags) {}

  Options parse(std::size_t first, FlagPosition position, std::size_t* next) {
    for (at_ = first; at_ < args_.size(); ++at_) {
      const std::string& arg = args_[at_];
      if (arg == "--") {
        options_.words_before_end = options_.words.size();
        ++at_;
        break;
      }
      if (arg.size() > 1 && arg[0] == '-') {
        take_flag(arg);
      } else if (position == FlagPosition::stop_at_word) {
        break;
      } else {
        options_.words.push_back(arg);
      }
    }
    if (next != nullptr) *next = at_;
    if (position == FlagPosition::anywhere) {
      for (; at_ < args_.size(); ++at_) options_.words.push_back(args_[at_]);
    }
    for (const Flag& flag : options_.flags_) take_variable(flag);
    return std::move(options_);
  }

 private:
  void take_flag(const std::string& arg) {
    std::string_view text = arg;
    text.remove_prefix(text.starts_with("--") ? 2 : 1);
    if (text.empty() || text[0] == '-' || text[0] == '=') throw UsageError("bad flag syntax: " + quoted(arg));
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const Flag* flag = find_flag(options_.flags_, name);
    if (flag == nullptr) return take_unknown(arg, name);

    note_spelling(*flag, name);
    std::vector<std::string>& values = options_.values_[flag->name];
    if (flag->kind != FlagKind::list) values.clear();
    if (equals != std::string_view::npos) {
      values.emplace_back(text.substr(equals + 1));
    } else if (flag->kind == FlagKind::toggle) {
      values.emplace_back("true");
    } else if (at_ + 1 < args_.size()) {
      values.push_back(args_[++at_]);
    } else {
      throw UsageError("flag needs an argument: -" + std::string(name));
    }
    check(*flag, values.back());
  }

  void take_unknown(const std::string& arg, std::string_view name) {
    if (!options_.words.empty()) {  // the reference takes it as one more word; so a value such as -5 needs no --
      options_.words.push_back(arg);
      return;
    }
    UsageError error("flag provided but not defined: -" + quoted(name), name);
    if (const std::string_view meant = nearest_flag(options_.flags_, name); !meant.empty()) {
      error.hint("did you mean --" + std::string(meant) + "?");
    } else if (!arg.starts_with("--") && is_bundle(options_.flags_, name)) {
      error.hint("write each letter with a dash of its own");
    }
    throw error;
  }

  void note_spelling(const Flag& flag, std::string_view name) {
    options_.on_command_line_.push_back(flag.name);
    if (flag.letter == '\0') return;
    const bool is_short = name.size() == 1;
    const auto [used, fresh] = spelling_.emplace(flag.name, is_short);
    if (fresh || used->second == is_short) return;
    throw UsageError(std::string("Cannot use two forms of the same flag: ") + flag.letter + " " +
                     std::string(flag.name));
  }

  static void check(const Flag& flag, const std::string& value) {
    const std::string name(flag.name);
    if (flag.kind == FlagKind::toggle && !parse_go_bool(value)) {
      throw UsageError("invalid boolean value \"" + quoted(value) + "\" for -" + name + ": parse error");
    }
    if (flag.kind == FlagKind::number && !parse_number(value)) {
      throw UsageError("invalid value \"" + quoted(value) + "\" for flag -" + name + ": parse error");
    }
  }

  void take_variable(const Flag& flag) {
    if (flag.variable.empty() || options_.values_.contains(flag.name)) return;
    const auto found = environment_.variables.find(flag.variable);
    if (found == environment_.variables.end()) return;
    const std::string& value = found->second;
    if (flag.kind == FlagKind::toggle) {
      if (!value.empty() && !parse_go_bool(value)) {
        throw LoggedError(Error(ExitCode::generic,
                                "could not parse " + quoted(value) + " as bool value for flag " +
                                    std::string(flag.name) + ": strconv.ParseBool: parsing \"" + quoted(value) +
                                    "\": invalid syntax",
                                {std::string(flag.variable) + " is true or false"}));
      }
      options_.values_[flag.name] = {value.empty() ? "false" : value};
    } else if (!value.empty()) {
      options_.values_[flag.name] = flag.kind == FlagKind::list ? split_list(value) : std::vector{value};
      check(flag, value);
    }
  }

  const std::vector<std::string>& args_;
  const Environment& environment_;
  Options options_;
  std::size_t at_ = 0;
  std::map<std::string_view, bool> spelling_;
};

const std::vector<std::string>* Options::values(std::string_view name) const {
  if (!declares(name)) throw std::logic_error("no such flag: " + std::string(name));
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? nullptr : &found->second;
}

bool Options::on(std::string_view name) const {
  const auto* all = values(name);
  return all != nullptr && parse_go_bool(all->back()).value_or(false);
}

std::optional<std::string> Options::text(std::string_view name) const {
  const auto* all = values(name);
  if (all == nullptr || all->back().empty()) return std::nullopt;
  return all->back();
}

std::vector<std::string> Options::list(std::string_view name) const {
  const auto* all = values(name);
  return all == nullptr ? std::vector<std::string>{} : *all;
}

std::optional<int> Options::number(std::string_view name) const {
  const auto* all = values(name);
  return all == nullptr ? std::nullopt : parse_number(all->back());
}

bool Options::given(std::string_view name) const { return values(name) != nullptr; }

bool Options::declares(std::string_view name) const { return find_flag(flags_, name) != nullptr; }

bool Options::spelt_out(std::string_view name) const {
  return std::find(on_command_line_.begin(), on_command_line_.end(), name) != on_command_line_.end();
}

void Options::adopt(const Options& other, std::string_view name) {
  const Flag* flag = find_flag(flags_, name);
  if (flag == nullptr || spelt_out(flag->name) || !other.spelt_out(name)) return;
  values_[flag->name] = other.values_.at(name);
  on_command_line_.push_back(flag->name);
}

Options parse_options(std::span<const Flag> flags, const std::vector<std::string>& args, std::size_t first,
                      FlagPosition position, const Environment& environment, std::size_t* next) {
  return OptionParser(flags, args, environment).parse(first, position, next);
}

std::string_view nearest_flag(std::span<const Flag> flags, std::string_view name) {
  std::vector<std::string_view> known;
  for (const Flag& flag : flags) known.push_back(flag.name);
  if (const std::string_view near = nearest_word(name, known); !near.empty()) return near;
  constexpr std::size_t telling = 4;  // letters that are enough to know a longer name by
  if (name.size() < telling) return {};
  for (const std::string_view flag : known) {
    if (flag.starts_with(name)) return flag;
  }
  for (const std::string_view flag : known) {
    if (flag.find(name) != std::string_view::npos) return flag;
  }
  return {};
}

}  // namespace leafseal::cli
