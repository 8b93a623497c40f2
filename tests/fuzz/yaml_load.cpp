// Reading YAML alone, in both modes: any bytes either parse, with every span inside the source, or are refused.
#include <cstdint>
#include <cstdlib>

#include "formats/yaml_parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  for (const ParseMode mode : {ParseMode::plain, ParseMode::sealed}) {
    try {
      const Document document = parse_yaml(std::string(reinterpret_cast<const char*>(data), size), mode);
      for (NodeId id = 0; id < document.size(); ++id) {
        const Node& node = document[id];
        for (const Span span : {node.span, node.key_span, node.tag}) {
          if (span.begin > span.end || span.end > document.source().size()) std::abort();
        }
      }
    } catch (const Error&) {
    }
  }
  return 0;
}
