// Path: where a node stands in a document. Its address (`["a"][0]["b"]`) is what people type for --extract and set and
// what messages name; its associated data (`a:b:`) is what a token is bound to and knows no list positions
// (spec: format.md 2.2, cli.md 2.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/error.hpp"

namespace leafseal {

using PathStep = std::variant<std::string, std::int64_t>;  // a map's key or a list's index
using Path = std::vector<PathStep>;

// Reads `["a"][0]` with the reference's limits: no escapes, no `[` in keys. An empty text is the empty path. Throws
// Error with code `code` and the reference's phrase without its prefix ("component b doesn't end with ]").
Path parse_path(std::string_view text, ExitCode code);

std::string address(const Path& path);
std::string associated_data(const Path& path);  // of a leaf at this path; of a comment: of its container. Empty path: ":"

// The path of a node from its root; list positions count comments, as the reference's do.
Path path_of(const Document& document, NodeId node);
// The node a path leads to, no_node when there is none. With duplicate keys the first.
NodeId resolve(const Document& document, NodeId root, const Path& path);

}  // namespace leafseal
