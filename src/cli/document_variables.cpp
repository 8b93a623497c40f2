#include "cli/document_variables.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "formats/flat_text.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// Goes through the scalars in order with the name of each, growing the name along the way down.
class VariableWalk {
 public:
  VariableWalk(const Document& tree, const VariableNames& names) : tree_(tree), names_(names), name_(names.prefix) {}

  Variables take() {
    levels_.push_back({tree_[tree_.roots.at(0)].first_child, name_.size(), false});
    while (!levels_.empty()) {
      Level& level = levels_.back();
      const NodeId at = level.next;
      name_.resize(level.name);
      if (at == no_node) {
        levels_.pop_back();
        continue;
      }
      level.next = tree_[at].next;
      if (tree_[at].kind == NodeKind::comment) continue;
      name_ += level.list ? std::to_string(level.index++) : checked_key(tree_[at].key);
      visit(resolved(at));
    }
    return std::move(variables_);
  }

 private:
  struct Level {
    NodeId next;
    std::size_t name;  // length of the name down to here
    bool list;
    std::size_t index = 0;
  };

  NodeId resolved(NodeId node) const {
    while (tree_[node].kind == NodeKind::alias) node = tree_[node].first_child;
    return node;
  }

  static std::string checked_key(std::string_view key) {
    if (key.find('=') != std::string_view::npos) {
      throw Error(ExitCode::generic, "cannot use keys with '=' in environment: " + quoted(key));
    }
    if (key.find('\0') != std::string_view::npos) {
      throw Error(ExitCode::generic, "cannot use keys with a NUL in environment: " + quoted(key));
    }
    return std::string(key);
  }

  void visit(NodeId id) {
    const Node& node = tree_[id];
    if (node.kind == NodeKind::scalar) return add(node);
    if (names_.separator.empty()) {
      throw Error(ExitCode::generic,
                  "cannot use complex value in environment; offending key " + quoted(name_.substr(names_.prefix.size())),
                  {"--flatten __ makes one variable of each nested value"});
    }
    name_ += names_.separator;
    levels_.push_back({node.first_child, name_.size(), node.kind == NodeKind::list});
  }

  void add(const Node& node) {
    std::string value = flat_text(node.type, node.text);
    if (value.find('\0') != std::string::npos) {
      throw Error(ExitCode::generic, "exec: environment variable contains NUL: " + quoted(name_),
                  {"exec-file hands such a value to a command"});
    }
    if (!names_.separator.empty() && !seen_.insert(name_).second) {
      throw Error(ExitCode::generic, "two values would be the variable " + quoted(name_),
                  {"choose another --flatten separator"});
    }
    variables_.emplace_back(name_, std::move(value));
  }

  const Document& tree_;
  const VariableNames& names_;
  std::string name_;
  std::vector<Level> levels_;
  std::unordered_set<std::string> seen_;
  Variables variables_;
};

}  // namespace

Variables document_variables(const Document& tree, const VariableNames& names) {
  return VariableWalk(tree, names).take();
}

bool steers_programs(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"BASH_ENV", "BASHOPTS", "ENV", "GCONV_PATH", "IFS", "PATH", "PS4", "SHELLOPTS"});
  constexpr auto beginnings = std::to_array<std::string_view>({"BASH_FUNC_", "DYLD_", "LD_"});
  return std::find(names.begin(), names.end(), name) != names.end() ||
         std::any_of(beginnings.begin(), beginnings.end(), [&](auto begin) { return name.starts_with(begin); });
}

}  // namespace leafseal::cli
