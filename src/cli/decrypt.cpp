// decrypt: gives the plain text back, or a part of it, or the text in another type (spec: cli.md 3.2).
#include "cli/command.hpp"
#include "cli/decrypted_text.hpp"
#include "cli/flags.hpp"
#include "cli/open_file.hpp"
#include "cli/output.hpp"
#include "cli/stores.hpp"
#include "leafseal/path.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {
namespace {

std::string step_name(const PathStep& step) {
  if (const auto* index = std::get_if<std::int64_t>(&step)) return "[" + std::to_string(*index) + "]";
  return "['" + quoted(std::get<std::string>(step)) + "']";
}

// The node at a path, or the reference's reason why there is none.
NodeId find_extracted(const Document& tree, const Path& path) {
  NodeId at = tree.roots[0];
  for (const PathStep& step : path) {
    const auto fail = [&](const std::string& reason) {
      return Error(ExitCode::generic, "error truncating tree: component " + step_name(step) + reason,
                   {"the path is " + quoted(address(path))});
    };
    const NodeKind kind = tree[at].kind;
    if (const auto* key = std::get_if<std::string>(&step)) {
      if (kind != NodeKind::map) throw fail(" is a key, but tree part is not a mapping");
      at = tree.find(at, *key);
      if (at == no_node) throw fail(" not found");
    } else {
      const std::int64_t index = std::get<std::int64_t>(step);
      if (kind != NodeKind::list) throw fail(" is integer, but tree part is not a slice");
      at = index < 0 ? no_node : tree.item(at, static_cast<std::size_t>(index));
      if (at == no_node) throw fail(" accesses out of bounds");
    }
  }
  return at;
}

std::string extracted(const Document& tree, const Path& path, const Stores& stores) {
  const NodeId node = find_extracted(tree, path);
  const bool map = tree[node].kind == NodeKind::map;
  try {
    return stores.output->emit_value(tree, node, stores.emit);
  } catch (const Error& error) {
    throw dumping_failure(error, map ? "Error dumping file: " : "Error dumping tree: ");
  }
}

std::optional<Path> extract_path(const CommandLine& line) {
  const auto text = line.options.text("extract");
  if (!text) return std::nullopt;
  try {
    return parse_path(*text, ExitCode::invalid_tree_path);
  } catch (const Error& error) {
    throw error.under(error.code(), "error parsing --extract path: ");
  }
}

int run_decrypt(Environment& environment, const CommandLine& line) {
  const Input input = choose_input(environment, line, !line.legacy);
  check_output_flags(line, input);
  require_existing(input);
  const std::optional<Config> config = read_config(environment, line);
  const Stores stores = choose_stores(line, input.name, config);
  const std::optional<Path> path = extract_path(line);

  const bool in_place = line.options.on("in-place");
  std::optional<FileLock> lock;
  if (in_place) lock.emplace(input.path);
  OpenedFile file =
      open_file(environment, line, input, *stores.input, in_place ? Purpose::replacing : Purpose::reading);

  std::string text;
  if (path && !path->empty()) {
    text = extracted(plain_tree(std::move(file.opened)), *path, stores);
  } else {
    text = decrypted_text(environment, std::move(file.opened), file.cipher, stores, line.options.on("canonical"));
  }
  write_result(environment, line, input, text, Privacy::plaintext, file.state);
  return 0;
}

constexpr auto flags = joined(output_flags, extract_flags, type_flags, ignore_mac_flag, decryption_flags, key_service_flags,
                              own_flags);

}  // namespace

constinit const Command decrypt_command = {
    "decrypt",
    "[FILE]",
    "print a file decrypted, or one value of it",
    "Print the whole file:\n"
    "    leafseal decrypt secrets.yaml\n"
    "Print one value, without a line break after it:\n"
    "    leafseal decrypt --extract '[\"db\"][\"password\"]' secrets.yaml\n"
    "Print YAML as dotenv:\n"
    "    leafseal decrypt --output-type dotenv secrets.yaml\n"
    "Read from a pipe:\n"
    "    git show HEAD:secrets.yaml | leafseal decrypt --input-type yaml --output-type yaml\n",
    flags,
    run_decrypt,
};

}  // namespace leafseal::cli
