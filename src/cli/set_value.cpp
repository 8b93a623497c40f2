#include "cli/set_value.hpp"

#include "leafseal/format.hpp"

namespace leafseal::cli {

Document parse_set_value(const std::string& json) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = std::min(json.find_first_not_of(blanks), json.size());
  const std::string value = json.substr(begin, json.find_last_not_of(blanks) + 1 - begin);
  const std::string before = "{\"value\":";
  const Error refusal(ExitCode::invalid_set_format, "Value for --set is not valid JSON",
                      {"a string needs its quotes: '\"text\"'"});
  if (value.empty()) throw refusal;
  Document document;
  try {
    document = format_by_id(FormatId::json).parse(before + value + "}", ParseMode::plain);
  } catch (const Error&) {  // its place would point into the text that was put together here
    throw refusal;
  }
  // The one member must be all there is: `1, "b": 2` makes valid JSON here too.
  const NodeId node = document[document.roots.at(0)].first_child;
  if (node == no_node || document[node].span != Span{static_cast<std::uint32_t>(before.size()),
                                                     static_cast<std::uint32_t>(before.size() + value.size())}) {
    throw refusal;
  }
  if (document[node].kind == NodeKind::list) {
    throw Error(ExitCode::invalid_set_format, "Invalid --set value format",
                {"a list cannot be stored as a whole; set its items one by one, or inside an object"});
  }
  return document;
}

}  // namespace leafseal::cli
