#include "formats/dotenv_metadata.hpp"

#include "formats/dotenv_scan.hpp"
#include "formats/flat_text.hpp"

namespace leafseal {
namespace {

std::string text_of(const MetadataLine& line) { return line.key + "=" + line.value; }

// The first block of a plain text: at its end, which is left without a final break if the text is.
void append_block(const Document& document, const MetadataChange& change, Edits& edits) {
  const std::string& source = document.source();
  each_line(source, [&](Span line) {
    if (is_blank_line(document.text(line))) edits.push_back({{line.begin, line.begin}, dotenv_blank_mark});
  });
  const bool open_end = !source.empty() && source.back() != '\n';
  std::string block;
  for (const MetadataLine& line : change.lines)
    block += (open_end ? "\n" : "") + text_of(line) + (open_end ? "" : "\n");
  const auto end = static_cast<std::uint32_t>(source.size());
  edits.push_back({{end, end}, std::move(block)});
}

void change_block(const Document& document, const MetadataChange& change, Edits& edits) {
  const std::uint32_t top = document[metadata_lines(document).at(0).node].key_span.begin;
  std::uint32_t end = 0;  // of the last line that stays, 0 before the first
  for (const MetadataLine& line : change.lines) {
    if (line.old != no_node) {
      const Span value = document[line.old].span;
      end = value.end;
      if (document.text(value) != line.value) edits.push_back({value, line.value});
    } else if (end != 0) {
      edits.push_back({{end, end}, "\n" + text_of(line)});
    } else {
      edits.push_back({{top, top}, text_of(line) + "\n"});
    }
  }
  std::vector<Span> lines;
  for (const NodeId node : change.removed) lines.push_back({document[node].key_span.begin, document[node].span.end});
  remove_lines(document.source(), lines, edits);
}

}  // namespace

void write_dotenv_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) {
  const MetadataChange change = compare_metadata(document, "sops_", metadata, node);
  if (metadata_lines(document).empty()) {
    append_block(document, change, edits);
  } else {
    change_block(document, change, edits);
  }
}

void remove_dotenv_metadata(const Document& document, Edits& edits) {
  if (document.metadata[0] == no_node) return;
  std::vector<Span> removed;
  each_line(document.source(), [&](Span line) {
    const std::string_view text = document.text(line);
    const std::size_t equals = text.find('=');
    if (text.starts_with("sops_") && equals != std::string_view::npos) removed.push_back(line);
    if (is_marked_blank_line(text)) {
      const auto mark = static_cast<std::uint32_t>(dotenv_blank_mark.size());
      edits.push_back({{line.begin, line.begin + mark}, ""});
    }
  });
  remove_lines(document.source(), removed, edits);
}

}  // namespace leafseal
