#include "formats/yaml_parse.hpp"

#include "formats/limits.hpp"
#include "formats/yaml_grammar.hpp"
#include "formats/yaml_input.hpp"

namespace leafseal {

Document parse_yaml(std::string source, ParseMode mode) {
  if (source.empty() && mode == ParseMode::plain) {
    throw Error(ExitCode::no_document, "File cannot be completely empty, it must contain at least one document");
  }
  yaml::Input input = yaml::prepare_input(std::move(source));
  Document document(std::move(input.text));
  document.bom = input.begin != 0;
  document.reserve(expected_nodes(document.source(), mode));
  yaml::Scanner scanner(document, input.begin, input.ascii);
  yaml::TreeBuilder tree(document, scanner.comments(), mode);
  try {
    yaml::Grammar(scanner, tree).read_stream();
  } catch (const Error& error) {
    if (error.code() != ExitCode::could_not_read_input || document.roots.size() < 2) throw;
    throw error.under(error.code(), "Error unmarshaling input YAML: ");
  }
  return document;
}

}  // namespace leafseal
