#include "formats/flat_text.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/time.hpp"

namespace leafseal {
namespace {

// Go's 'G' with the shortest digits: an exponent below 1E-04 and from 1E+06 on.
std::string float_text(double value) {
  if (!std::isfinite(value)) return canonical_float(value);
  const ShortestDigits d = shortest_digits(value);
  const int exponent = d.point - 1;
  if (value == 0 || (exponent >= -4 && exponent < 6)) {
    const std::string plain = canonical_float(value);
    return plain.find('.') == std::string::npos ? plain + ".0" : plain;
  }
  std::string out = d.negative ? "-" : "";
  out += d.digits[0];
  if (d.digits.size() > 1) out += '.' + d.digits.substr(1);
  out += exponent < 0 ? "E-" : "E+";
  const std::string power = std::to_string(std::abs(exponent));
  return out + (power.size() < 2 ? "0" : "") + power;
}

std::string time_text(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? format_rfc3339(*time, false) : std::string(text);
}

}  // namespace

std::string flat_text(ScalarType type, std::string_view text) {
  switch (type) {
    case ScalarType::null:
      return "<nil>";
    case ScalarType::boolean:
      return text == "True" ? "true" : "false";
    case ScalarType::floating:
      return float_text(parse_float(text).value_or(0));
    case ScalarType::time:
      return time_text(text);
    case ScalarType::integer:
    case ScalarType::string:
      break;
  }
  return std::string(text);
}

std::string escape_breaks(std::string text) {
  if (text.find('\n') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

bool has_escaped_break(std::string_view text) { return text.find("\\n") != std::string_view::npos; }

std::string unescape_breaks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == 'n') {
      out += '\n';
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::vector<FlatEntry> metadata_lines(const Document& document) {
  std::vector<FlatEntry> out;
  const NodeId root = document.metadata.empty() ? no_node : document.metadata[0];
  if (root == no_node) return out;
  std::vector<NodeId> open{document[root].first_child};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (id == no_node) continue;
    const Node& node = document[id];
    open.push_back(node.next);
    if (node.kind == NodeKind::scalar) {
      out.push_back({std::string(document.text(node.key_span)), id});
    } else {
      open.push_back(node.first_child);
    }
  }
  std::sort(out.begin(), out.end(), [&](const FlatEntry& a, const FlatEntry& b) {
    return document[a.node].key_span.begin < document[b.node].key_span.begin;
  });
  return out;
}

void set_flat_metadata(Document& document, const std::vector<FlatEntry>& entries, bool plain) {
  try {
    document.metadata[0] = unflatten(document, entries);
    return;
  } catch (const Error&) {
    if (!plain) throw;
  }
  const NodeId map = document.add(NodeKind::map, no_node);
  for (const FlatEntry& entry : entries) {
    if (document[entry.node].parent == no_node) document.link_after(map, document[map].last_child, entry.node);
  }
  document.metadata[0] = map;
}

void remove_lines(std::string_view source, const std::vector<Span>& lines, Edits& edits) {
  for (std::size_t i = 0; i < lines.size();) {
    Span run = lines[i];
    for (++i; i < lines.size() && lines[i].begin == run.end + 1; ++i) run.end = lines[i].end;
    if (run.end < source.size()) {
      ++run.end;
    } else if (run.begin > 0) {
      --run.begin;
    }
    edits.push_back({run, ""});
  }
}

MetadataChange compare_metadata(const Document& document, std::string_view key_prefix, const Document& metadata,
                                NodeId node) {
  MetadataChange out;
  std::unordered_map<std::string, std::size_t> places;
  for (const FlatEntry& entry : flatten(metadata, node)) {
    const Node& at = metadata[entry.node];
    std::string key = std::string(key_prefix) + entry.key;
    places.emplace(key, out.lines.size());
    out.lines.push_back({std::move(key), escape_breaks(flat_text(at.type, at.text)), no_node});
  }
  for (const FlatEntry& line : metadata_lines(document)) {
    const auto place = places.find(line.key);
    if (place == places.end() || out.lines[place->second].old != no_node) {
      out.removed.push_back(line.node);
    } else {
      out.lines[place->second].old = line.node;
    }
  }
  return out;
}

}  // namespace leafseal
