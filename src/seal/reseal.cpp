#include "seal/reseal.hpp"

#include "seal/token_stash.hpp"

namespace leafseal {

void replace_token(const Format& format, const Document& document, NodeId node, std::string_view token, Edits& edits) {
  const std::string_view old = bare_token(document[node].text);
  const Span span = document[node].span;
  const std::size_t at = document.text(span).find(old);
  if (at == std::string_view::npos) return format.seal(document, node, token, edits);  // it is written with escapes
  const auto begin = static_cast<std::uint32_t>(span.begin + at);
  edits.push_back({{begin, begin + static_cast<std::uint32_t>(old.size())}, std::string(token)});
}

void refuse_broken(const Selection& selection) {
  if (selection.broken().empty()) return;
  throw Error(ExitCode::conflicting_parameters,
              std::string(selection_field(selection.rule().kind)) + " of this file: " + quoted(selection.broken()),
              {"seal the file anew with a pattern that RE2 accepts"});
}

void refuse_broken_selection(const Metadata& metadata) { refuse_broken(Selection(metadata.selection)); }

}  // namespace leafseal
