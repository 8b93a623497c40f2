// set and unset: edits on the sealed text, which is then settled. The rest of the file is never rewritten. Changes that
// only put another token in the place of one are collected; any other is made and read back before the next.
#include "leafseal/sealed_document.hpp"
#include "leafseal/token.hpp"
#include "seal/changed_text.hpp"
#include "seal/reseal.hpp"
#include "seal/same_tree.hpp"
#include "seal/typed_spelling.hpp"

namespace leafseal {
namespace {

NodeId value_node(const Document& value) { return value[value.roots.at(0)].first_child; }

class Changer {
 public:
  Changer(const Format& format, const OpenedDocument& opened, LeafCipher& cipher, const SealOptions& options)
      : format_(format),
        opened_(opened),
        cipher_(cipher),
        options_(options),
        selection_(opened.metadata.selection),
        text_(format, opened, cipher, options.warn) {
    refuse_broken(selection_);
  }

  std::string apply(std::span<const Change> changes) {
    for (const Change& change : changes) {
      if (change.value == nullptr) {
        remove(change.path);
      } else {
        set(change.path, *change.value);
      }
    }
    text_.read_back();
    if (!text_.changed()) return opened_.sealed.source();
    return settled_text(format_, opened_, text_, selection_, cipher_, options_);
  }

 private:
  void remove(const Path& path) {
    text_.read_back();
    const NodeId node = text_.find(path);
    if (node == no_node) throw missing(path);
    format_.remove(text_.document(), node, text_.edits);
    text_.read_back();
  }

  Error missing(const Path& path) const {
    const auto* index = path.empty() ? nullptr : std::get_if<std::int64_t>(&path.back());
    if (index != nullptr) {
      const NodeId list = text_.find({path.begin(), std::prev(path.end())});
      if (list != no_node && text_.document()[list].kind == NodeKind::list) {
        return {ExitCode::generic, "Index " + std::to_string(*index) + " out of bounds"};
      }
    }
    const Reached reached = reach(path);
    const std::size_t depth = std::min(reached.depth, path.size() - 1);
    if (text_.document()[reached.node].kind == NodeKind::scalar) {
      const Path holder(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth));
      return {ExitCode::generic, "Unsupported type", {quoted(address(holder)) + " is no mapping and no list"}};
    }
    const auto* key = std::get_if<std::string>(&path[depth]);
    return {ExitCode::generic, "Key not found: " + quoted(key != nullptr ? *key : address({path[depth]})),
            {"the path is " + quoted(address(path))}};
  }

  // How far a path leads.
  struct Reached {
    NodeId node;
    std::size_t depth;
  };
  Reached reach(const Path& path) const {
    Reached reached{text_.document().roots.at(0), 0};
    while (reached.depth < path.size()) {
      const NodeId next = resolve(text_.document(), reached.node, {path[reached.depth]});
      if (next == no_node) break;
      reached = {next, reached.depth + 1};
    }
    return reached;
  }

  void set(const Path& path, const Document& value) {
    TypedSpellings typed = typed_spellings(value);
    Reached reached = reach(path);
    if (reached.depth == path.size()) {
      if (same_tree(value, value_node(value), text_.document(), reached.node,
                    [&](NodeId id) { return text_.view(id); })) {
        if (!text_.is_rewritten(reached.node)) return;
      } else if (typed.empty() && replace_token(reached.node, value)) {
        return;
      }
    }
    text_.read_back();
    reached = reach(path);
    const Path place = reached.depth == path.size() ? replace(reached.node, path, value) : add(reached, path, value);
    for (TypedSpelling& s : typed) s.path.insert(s.path.begin(), place.begin(), place.end());
    text_.read_back(std::move(typed));
  }

  Path replace(NodeId node, const Path& path, const Document& value) {
    format_.replace(text_.document(), node, value, value_node(value), text_.edits);
    return path;
  }

  // What is missing of the path is built around the value; it lands in the container reached, or in place of a scalar.
  Path add(const Reached& reached, Path path, const Document& value) {
    const auto [at, depth] = reached;
    const NodeKind kind = text_.document()[at].kind;
    const bool into_map = kind == NodeKind::map && std::holds_alternative<std::string>(path[depth]);
    const bool into_list = kind == NodeKind::list && std::holds_alternative<std::int64_t>(path[depth]);
    if (!into_map && !into_list && kind != NodeKind::scalar) throw does_not_fit(path, depth, kind);
    const std::size_t first = kind == NodeKind::scalar ? depth : depth + 1;
    const Document built = wrap(path, first, value);
    if (kind == NodeKind::scalar) {
      format_.replace(text_.document(), at, built, value_node(built), text_.edits);
    } else {
      const std::string key = into_map ? std::get<std::string>(path[depth]) : std::string();
      format_.insert(text_.document(), at, key, built, value_node(built), text_.edits);
    }
    // A position past the end appends, below it a list begins with its first item.
    if (into_list) path[depth] = children_of(at);
    for (std::size_t i = depth + (into_list ? 1 : 0); i < path.size(); ++i) {
      if (auto* index = std::get_if<std::int64_t>(&path[i])) *index = 0;
    }
    return path;
  }

  static Error does_not_fit(const Path& path, std::size_t depth, NodeKind kind) {
    const Path reached(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth));
    return {ExitCode::generic, "the path " + quoted(address(path)) + " does not fit the document: there is a " +
                                   (kind == NodeKind::map ? "mapping, not a list" : "list, not a mapping") + " at " +
                                   (depth == 0 ? "the top" : quoted(address(reached)))};
  }

  std::int64_t children_of(NodeId list) const {
    std::int64_t count = 0;
    for (NodeId at = text_.document()[list].first_child; at != no_node; at = text_.document()[at].next) ++count;
    return count;
  }

  // The value below the path's steps from `first` on: ["a"][0] around 5 is {"a": [5]}.
  static Document wrap(const Path& path, std::size_t first, const Document& value) {
    Document built;
    NodeId parent = built.add(NodeKind::map, no_node);
    built.roots.push_back(parent);
    std::string_view key;
    for (std::size_t i = first; i < path.size(); ++i) {
      const bool map = std::holds_alternative<std::string>(path[i]);
      parent = built.add(map ? NodeKind::map : NodeKind::list, parent);
      built[parent].key = key;
      key = map ? built.keep(std::get<std::string>(path[i])) : std::string_view();
    }
    const NodeId copy = built.copy(value, value_node(value), parent);
    built[copy].key = key;
    return built;
  }

  // A sealed scalar keeps its carrier: only the token within changes. False where that cannot be.
  bool replace_token(NodeId node, const Document& value) {
    const Node& wanted = value[value_node(value)];
    if (wanted.kind != NodeKind::scalar || wanted.type == ScalarType::null || wanted.text.empty()) return false;
    const Value scalar{wanted.type, std::string(wanted.text)};
    if (!text_.is_token(node) || text_.is_rewritten(node)) return false;
    if (!format_.carries(text_.document(), node, scalar)) return false;
    text_.put_token(node, scalar);
    return true;
  }

  const Format& format_;
  const OpenedDocument& opened_;
  LeafCipher& cipher_;
  const SealOptions& options_;
  Selection selection_;
  ChangedText text_;
};

}  // namespace

std::string apply_changes(const Format& format, const OpenedDocument& opened, std::span<const Change> changes,
                          LeafCipher& cipher, const SealOptions& options) {
  return Changer(format, opened, cipher, options).apply(changes);
}

}  // namespace leafseal
