// Structure, values and byte positions as an independent parser reads them: libyaml's events.
#include <catch2/catch.hpp>
#include <yaml.h>

#include <filesystem>
#include <memory>

#include "formats/yaml_parse.hpp"
#include "formats/yaml_scalar.hpp"
#include "support/generate_yaml.hpp"
#include "support/golden.hpp"

namespace leafseal::test {
namespace {

// Byte offsets of all characters, as libyaml counts them: without a byte order mark.
std::vector<std::size_t> character_offsets(std::string_view text) {
  std::vector<std::size_t> offsets;
  for (std::size_t i = text.starts_with("\xef\xbb\xbf") ? 3 : 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) offsets.push_back(i);
  }
  offsets.push_back(text.size());
  return offsets;
}

std::string described(ScalarType type, std::string_view text, std::size_t begin, std::size_t end) {
  std::string out = "scalar " + std::to_string(static_cast<int>(type)) + " " + std::string(text);
  if (begin != end) out += " at " + std::to_string(begin) + "-" + std::to_string(end);
  return out;
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE: return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE: return Style::folded;
    default: return Style::plain;
  }
}

struct Event {
  std::string line;
  std::string value;  // of a scalar, as it would be as a key
};

// Nothing when libyaml refuses the text.
class LibyamlEvents {
 public:
  explicit LibyamlEvents(std::string_view text) : offsets_(character_offsets(text)) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    for (bool more = true; more;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) {
        lines.clear();
        break;
      }
      more = event.type != YAML_STREAM_END_EVENT;
      add(event);
      yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser_);
  }
  std::vector<Event> lines;

 private:
  void add(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT: return push("document");
      case YAML_MAPPING_START_EVENT: return push("map at " + std::to_string(begin(event)));
      case YAML_SEQUENCE_START_EVENT: return push("list at " + std::to_string(begin(event)));
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: return push("end");
      case YAML_ALIAS_EVENT:
        return push("alias " + std::string(reinterpret_cast<const char*>(event.data.alias.anchor)));
      case YAML_SCALAR_EVENT: return add_scalar(event);
      default: return;
    }
  }
  void add_scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const char* tag_text = reinterpret_cast<const char*>(scalar.tag);
    const yaml::ScalarTag tag = tag_text == nullptr ? yaml::ScalarTag::none : yaml::scalar_tag(tag_text, {});
    const auto resolved = yaml::resolve_scalar(tag, style_of(scalar.style), value);
    const yaml::Resolved meant = resolved.value_or(yaml::Resolved{});
    const std::size_t end = offsets_.at(event.end_mark.index);
    const bool block = scalar.style == YAML_LITERAL_SCALAR_STYLE || scalar.style == YAML_FOLDED_SCALAR_STYLE;
    push(described(meant.type, meant.made.empty() ? meant.text : meant.made, begin(event),
                   block || value.empty() ? begin(event) : end),
         value);
  }
  void push(std::string line, std::string_view value = {}) { lines.push_back({std::move(line), std::string(value)}); }
  std::size_t begin(const yaml_event_t& event) const { return offsets_.at(event.start_mark.index); }

  yaml_parser_t parser_{};
  std::vector<std::size_t> offsets_;
};

class OurEvents {
 public:
  explicit OurEvents(const Document& document) : document_(document) {
    for (const NodeId root : document.roots) {
      lines.push_back("document");
      add(root);
    }
  }
  std::vector<std::string> lines;

 private:
  void add(NodeId id) {
    const Node& node = document_[id];
    if (node.kind == NodeKind::comment) return;
    if (node.kind == NodeKind::alias) return lines.push_back("alias " + std::string(node.text));
    if (node.kind == NodeKind::scalar) {
      const bool block = node.style == Style::literal || node.style == Style::folded;
      const bool empty = node.span.empty() || (node.style != Style::plain && node.text.empty());
      return lines.push_back(described(node.type, node.text, node.begin, block || empty ? node.begin : node.span.end));
    }
    if (node.parent == no_node && node.first_child == no_node && node.style != Style::flow) {
      return lines.push_back(described(ScalarType::null, "", 0, 0));  // an empty document
    }
    lines.push_back((node.kind == NodeKind::map ? "map at " : "list at ") + std::to_string(node.begin));
    for (NodeId at = node.first_child; at != no_node; at = document_[at].next) {
      if (node.kind == NodeKind::map && document_[at].kind != NodeKind::comment) {
        lines.push_back("key " + std::string(document_[at].key));
      }
      add(at);
    }
    lines.push_back("end");
  }
  const Document& document_;
};

// Keys are scalars to libyaml: every other node directly in a mapping.
std::vector<std::string> with_keys(const std::vector<Event>& events) {
  struct Level {
    bool map;
    bool key;
  };
  std::vector<Level> levels;
  std::vector<std::string> out;
  for (const auto& [line, value] : events) {
    const bool is_key = line != "end" && !levels.empty() && levels.back().map && levels.back().key;
    out.push_back(is_key ? "key " + value : line);
    if (line == "end") {
      levels.pop_back();
      continue;
    }
    if (!levels.empty()) levels.back().key = !levels.back().key;
    if (line.starts_with("map at") || line.starts_with("list at")) levels.push_back({line[0] == 'm', true});
  }
  return out;
}

bool compare(const std::string& text) {
  std::unique_ptr<Document> document;
  try {
    document = std::make_unique<Document>(parse_yaml(text, ParseMode::sealed));
  } catch (const Error&) {
    return false;
  }
  const std::vector<std::string> theirs = with_keys(LibyamlEvents(document->source()).lines);
  const std::vector<std::string> ours = OurEvents(*document).lines;
  CAPTURE(document->source());
  CHECK(ours == theirs);
  return true;
}

}  // namespace

TEST_CASE("yaml: the golden files are what libyaml reads in them") {
  int files = 0;
  for (const auto& folder : testing::golden_cases("")) {
    if (!std::filesystem::exists(folder / "plain.yaml")) continue;
    CAPTURE(folder.filename().string());
    CHECK(compare(testing::read_text(folder / "plain.yaml")));
    ++files;
  }
  CHECK(files >= 90);
}

TEST_CASE("yaml: random documents are what libyaml reads in them") {
  const std::uint64_t seed = 20261122;
  INFO("seed " << seed);
  Dice dice(seed);
  const int documents = 3000;
  int accepted = 0;
  for (int i = 0; i < documents; ++i) accepted += compare(generate_yaml(dice).text) ? 1 : 0;
  CHECK(accepted > documents * 9 / 10);
}

}  // namespace leafseal::test
