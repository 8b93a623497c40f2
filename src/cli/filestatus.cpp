// filestatus: whether a file is sealed, without any key (spec: cli.md 3.12).
#include "base/file.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/stores.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal::cli {
namespace {

bool is_sealed(const Format& format, const std::string& path) {
  try {
    const Document document = parse_sealed(format, read_file(path), path);
    if (!has_metadata(document)) return false;
    const Metadata metadata = read_metadata(document);
    return !metadata.version.empty() && !metadata.mac.empty();
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, "cannot check file status: cannot load encrypted file: ");
  }
}

int run_filestatus(Environment& environment, const CommandLine& line) {
  const Input input = choose_input(environment, line, false);
  const Stores stores = choose_stores(line, input.name, read_config(environment, line));
  environment.out(is_sealed(*stores.input, input.path) ? "{\"encrypted\":true}\n" : "{\"encrypted\":false}\n");
  return 0;
}

constexpr auto flags = joined(input_type_flag, own_flags);

}  // namespace

constinit const Command filestatus_command = {
    "filestatus",
    "FILE",
    "tell whether a file is encrypted",
    "Print {\"encrypted\":true} or {\"encrypted\":false}; needs no key:\n"
    "    leafseal filestatus secrets.yaml\n",
    flags,
    run_filestatus,
    {},
    true,
};

}  // namespace leafseal::cli
