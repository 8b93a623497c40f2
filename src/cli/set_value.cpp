#include "cli/set_value.hpp"

#include "base/utf8.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// `text` read as the only value of a map, between `before` and `after`; nothing if it is more or less than that.
std::optional<Document> only_value(FormatId format, const std::string& before, const std::string& text,
                                   const std::string& after) {
  Document document;
  try {
    document = format_by_id(format).parse(before + text + after, ParseMode::plain);
  } catch (const Error&) {  // its place would point into the text that was put together here
    return std::nullopt;
  }
  const NodeId root = document.roots.at(0);
  const NodeId node = document[root].first_child;
  const auto begin = static_cast<std::uint32_t>(before.size());
  if (node == no_node || document[root].last_child != node || document.roots.size() != 1) return std::nullopt;
  if (document[node].span != Span{begin, begin + static_cast<std::uint32_t>(text.size())}) return std::nullopt;
  return document;
}

std::string without_blanks(const std::string& text, const char* blanks) {
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

Document json_value(const std::string& text) {
  const std::string value = without_blanks(text, " \t\r\n");
  // The one member must be all there is: `1, "b": 2` makes valid JSON here too.
  std::optional<Document> document;
  if (!value.empty()) document = only_value(FormatId::json, "{\"value\":", value, "}");
  if (!document) {
    throw Error(ExitCode::invalid_set_format, "Value for --set is not valid JSON",
                {"a string needs its quotes: '\"text\"'"});
  }
  if ((*document)[(*document)[document->roots[0]].first_child].kind == NodeKind::list) {
    throw Error(ExitCode::invalid_set_format, "Invalid --set value format",
                {"a list cannot be stored as a whole; set its items one by one, or inside an object"});
  }
  return std::move(*document);
}

Document yaml_value(const std::string& text) {
  const std::string value = without_blanks(text, " \t\r\n");
  std::optional<Document> document;
  const bool one_line = value.find_first_of("\r\n") == std::string::npos;
  if (!value.empty() && one_line) document = only_value(FormatId::yaml, "value: ", value, "\n");
  if (document && (*document)[(*document)[document->roots[0]].first_child].kind == NodeKind::scalar) {
    return std::move(*document);
  }
  throw Error(ExitCode::invalid_set_format, "the value is not one YAML scalar on one line",
              {"--value-type string stores any text, JSON any mapping"});
}

Document string_value(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  if (utf8::find_invalid(text) == std::string_view::npos) return text_value(text);
  throw Error(ExitCode::invalid_set_format, "the value is not valid UTF-8", {"bytes can be stored in base64"});
}

// The same value with the text of a number in the place of the number.
Document numbers_as_text(Document document) {
  const NodeId node = document[document.roots[0]].first_child;
  const ScalarType type = document[node].type;
  const bool number = type == ScalarType::integer || type == ScalarType::floating || type == ScalarType::time;
  if (document[node].kind != NodeKind::scalar || !number) return document;
  return text_value(document.text(document[node].span));
}

}  // namespace

ValueForm value_form(const std::optional<std::string>& name, ValueForm otherwise) {
  if (!name) return otherwise;
  if (*name == "json") return ValueForm::json;
  if (*name == "string") return ValueForm::string;
  if (*name == "yaml") return ValueForm::yaml;
  throw Error(ExitCode::conflicting_parameters, "unknown value type " + quoted(*name), {"json, string or yaml"});
}

Document text_value(std::string_view text) {
  Document document;
  const NodeId root = document.add(NodeKind::map, no_node);
  document.roots.push_back(root);
  document.metadata.push_back(no_node);
  document.add_scalar(root, "value", Value::string(std::string(text)));
  return document;
}

Document parse_set_value(const std::string& text, ValueForm form, FormatId target) {
  if (form == ValueForm::string) return string_value(text);
  Document document = form == ValueForm::json ? json_value(text) : yaml_value(text);
  const bool flat = target == FormatId::dotenv || target == FormatId::ini;
  return flat ? numbers_as_text(std::move(document)) : std::move(document);
}

}  // namespace leafseal::cli
