#include "config/config_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "base/utf8.hpp"

namespace leafseal::config {
namespace {

YamlType tagged_type(const std::string& tag, std::string_view text) {
  constexpr std::string_view prefix = "tag:yaml.org,2002:";
  if (tag.empty() || tag == "?") return plain_type(text);
  if (!tag.starts_with(prefix)) return YamlType::string;  // `!` is the mark of a quoted scalar
  const std::string_view name = std::string_view(tag).substr(prefix.size());
  if (name == "null") return YamlType::null;
  if (name == "bool") return YamlType::boolean;
  if (name == "int") return YamlType::integer;
  if (name == "float") return YamlType::real;
  if (name == "timestamp") return YamlType::timestamp;
  if (name == "binary") return YamlType::binary;
  if (name == "merge") return YamlType::merge;
  return YamlType::string;
}

bool is_utf16(std::string_view text) { return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"); }

}  // namespace

// Turns yaml-cpp's events into nodes. The depth is bounded by yaml-cpp, which refuses more than 500 levels.
class YamlTreeBuilder final : public YAML::EventHandler {
 public:
  explicit YamlTreeBuilder(YamlTree& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode& node = add(mark, anchor);
    node.text = value;
    node.type = tagged_type(tag, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const YamlNode* target = anchors_.at(anchor);
    if (std::find(open_.begin(), open_.end(), target) != open_.end()) {
      throw Error(ExitCode::generic, "yaml: an anchor's value contains itself", place_of(mark));
    }
    attach(target);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, YamlType::list);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, YamlType::map);
  }
  void OnMapEnd() override { open_.pop_back(); }

  Place place_of(const YAML::Mark& mark) const {
    return tree_.place(static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
                       static_cast<std::size_t>(std::max(mark.column, 0)));
  }

 private:
  YamlNode& add(const YAML::Mark& mark, YAML::anchor_t anchor) {
    YamlNode& node = tree_.nodes_.emplace_back();
    node.line = static_cast<std::size_t>(mark.line) + 1;
    node.byte = static_cast<std::size_t>(mark.column);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
    attach(&node);
    return node;
  }
  void open(const YAML::Mark& mark, YAML::anchor_t anchor, YamlType type) {
    YamlNode& node = add(mark, anchor);
    node.type = type;
    open_.push_back(&node);
  }
  void attach(const YamlNode* node) {
    if (open_.empty()) {
      tree_.root_ = node;
    } else {
      open_.back()->items.push_back(node);
    }
  }

  YamlTree& tree_;
  std::vector<YamlNode*> open_;
  std::unordered_map<YAML::anchor_t, const YamlNode*> anchors_;
};

YamlTree::YamlTree(std::string_view text) : text_(text) {
  if (!is_utf16(text)) {
    const std::size_t bad = utf8::find_invalid(text);
    if (bad != std::string_view::npos) {
      const std::string_view before = text.substr(0, bad);
      const auto breaks = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
      throw Error(ExitCode::generic, "yaml: invalid UTF-8", Place{breaks + 1, bad - (before.rfind('\n') + 1) + 1});
    }
  }
  YamlTreeBuilder builder(*this);
  try {
    // yaml-cpp takes a quoted scalar that has no end for a whole one, unless the document's end comes in between.
    const bool whole_lines = text.ends_with('\n') && !is_utf16(text);
    std::istringstream stream(whole_lines ? text_ + "...\n" : text_);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& error) {
    const Place place = error.mark.is_null() ? Place{} : builder.place_of(error.mark);
    const std::string line = place.line == 0 ? "" : "line " + std::to_string(place.line) + ": ";
    throw Error(ExitCode::generic, "yaml: " + line + quoted(error.msg), place);
  }
}

Place YamlTree::place(const YamlNode& node) const { return place(node.line, node.byte); }

// yaml-cpp counts columns in bytes, people in characters.
Place YamlTree::place(std::size_t line, std::size_t byte) const {
  std::size_t begin = 0;
  for (std::size_t i = 1; i < line; ++i) {
    const std::size_t end = text_.find('\n', begin);
    if (end == std::string::npos) return {line, byte + 1};
    begin = end + 1;
  }
  const std::string_view before = std::string_view(text_).substr(begin, byte);
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return {line, static_cast<std::size_t>(std::count_if(before.begin(), before.end(), begins_character)) + 1};
}

}  // namespace leafseal::config
