// help formats: which file is taken as what (spec: cli.md 1.3, format.md).
#include "cli/help_topics.hpp"

namespace leafseal::cli {

std::string format_help() {
  return "Let the name decide, or say it:\n"
         "    leafseal encrypt -i secrets.yaml\n"
         "    leafseal decrypt --input-type yaml --output-type json secrets.txt\n\n"
         "The end of a file's name is its type; --input-type and --output-type name another:\n"
         "  yaml            *.yaml, *.yml\n"
         "  json            *.json\n"
         "  dotenv          *.env\n"
         "  ini             *.ini\n"
         "  binary          every other file: its bytes are one value\n\n"
         "What comes from standard input has no name: give both types, or --filename-override.\n\n"
         "Values and comments are encrypted, one by one; names, structure and layout stay readable, and so do empty\n"
         "texts, null, and what the selector of the creation rule leaves in clear: without one, what stands below a\n"
         "name that ends in _unencrypted. What was encrypted here comes back byte for byte.\n\n"
         "With another output type the values are written anew. dotenv takes no nested values, binary only what was\n"
         "binary; of several YAML documents the first one is written. UTF-16 comes back as UTF-8.\n";
}

}  // namespace leafseal::cli
