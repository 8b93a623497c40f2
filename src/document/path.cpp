#include "leafseal/path.hpp"

#include <algorithm>

#include "leafseal/value.hpp"

namespace leafseal {

Path parse_path(std::string_view text, ExitCode code) {
  Path path;
  while (!text.empty()) {
    const std::size_t bracket = text.find('[');
    std::string_view piece = text.substr(0, bracket);
    text = bracket == std::string_view::npos ? std::string_view() : text.substr(bracket + 1);
    if (piece.empty()) continue;
    if (!piece.ends_with(']')) {
      throw Error(code, "component " + quoted(piece) + " doesn't end with ]", {R"(write a path as ["key"][0]["key"])"});
    }
    piece.remove_suffix(1);
    if (piece.starts_with('"') || piece.starts_with('\'')) {
      path.emplace_back(piece.size() < 2 ? std::string() : std::string(piece.substr(1, piece.size() - 2)));
    } else if (const auto index = parse_int(piece); index && *index >= 0) {
      path.emplace_back(*index);
    } else {
      throw Error(code, "strconv.Atoi: parsing \"" + quoted(piece) + "\": invalid syntax",
                  {R"(a list position is a number from 0, a key stands in quotes: ["key"][0])"});
    }
  }
  return path;
}

std::string address(const Path& path) {
  std::string out;
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      out += "[\"" + *key + "\"]";
    } else {
      out += "[" + std::to_string(std::get<std::int64_t>(step)) + "]";
    }
  }
  return out;
}

std::string associated_data(const Path& path) {
  std::string out;
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) out += *key + ":";
  }
  return out.empty() ? ":" : out;
}

Path path_of(const Document& document, NodeId node) {
  Path path;
  for (NodeId at = node; document[at].parent != no_node; at = document[at].parent) {
    const NodeId parent = document[at].parent;
    if (document[parent].kind == NodeKind::map) {
      path.emplace_back(std::string(document[at].key));
      continue;
    }
    std::int64_t index = 0;
    for (NodeId before = document[parent].first_child; before != at; before = document[before].next) {
      ++index;
    }
    path.emplace_back(index);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

NodeId resolve(const Document& document, NodeId root, const Path& path) {
  NodeId at = root;
  for (const PathStep& step : path) {
    const NodeKind kind = document[at].kind;
    if (const auto* key = std::get_if<std::string>(&step)) {
      at = kind == NodeKind::map ? document.find(at, *key) : no_node;
    } else {
      at = kind == NodeKind::list ? document.item(at, static_cast<std::size_t>(std::get<std::int64_t>(step))) : no_node;
    }
    if (at == no_node) return no_node;
  }
  return at;
}

}  // namespace leafseal
