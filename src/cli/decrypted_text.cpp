#include "cli/decrypted_text.hpp"

namespace leafseal::cli {
namespace {

constexpr std::string_view not_binary_hint =
    "This is likely not an encrypted binary file? If not, use --output-type to select the correct output type.";

std::string canonical_text(const Environment& environment, Document tree, const Stores& stores) {
  if (stores.output->id() != FormatId::yaml && tree.roots.size() > 1) {
    environment.warn("only the first of " + std::to_string(tree.roots.size()) + " documents is written: " +
                     std::string(stores.output->name()) + " holds one");
    tree.roots.resize(1);
    tree.metadata.resize(std::min<std::size_t>(tree.metadata.size(), 1));
  }
  try {
    return stores.output->emit(tree, stores.emit);
  } catch (const Error& error) {
    throw dumping_failure(error, "Error dumping file: ");
  }
}

}  // namespace

Error dumping_failure(const Error& error, const std::string& prefix) {
  Error phrased = error.under(error.code(), prefix);
  if (std::string_view(error.what()).find("error emitting binary store") == std::string_view::npos) return phrased;
  return Error(error.code(), phrased.what() + std::string("\n\n") + std::string(not_binary_hint));
}

std::string decrypted_text(const Environment& environment, OpenedDocument opened, LeafCipher& cipher,
                           const Stores& stores, bool canonical) {
  if (canonical || stores.input != stores.output || stores.indent_asked) {
    return canonical_text(environment, plain_tree(std::move(opened)), stores);
  }
  return plain_text(*stores.input, std::move(opened), cipher, warnings_of(environment));
}

}  // namespace leafseal::cli
