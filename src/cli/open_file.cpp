#include "cli/open_file.hpp"

#include "cli/audit.hpp"

namespace leafseal::cli {
namespace {

// decrypt gives what it can and says so; nobody may write under such a selection (security.md I13).
void judge_selection(const Environment& environment, const Metadata& metadata, Purpose purpose) {
  if (purpose == Purpose::resealing || purpose == Purpose::rotating) refuse_broken_selection(metadata);
  const Selection selection(metadata.selection);
  if (selection.broken().empty()) return;
  environment.warn_secrecy(std::string(selection_field(metadata.selection.kind)) +
                           " of this file is not a valid pattern and never matches: " + quoted(selection.broken()));
}

}  // namespace

void wrap_data_key(const Environment& environment, const CommandLine& line, KeyGroups& keys, const SecretBytes& key) {
  const KeyServices services(environment, line);
  services.require("Could not generate data key: ");
  wrap_all(keys, key, services.recipients());
}

FileContent read_input(const Environment& environment, const Input& input, Purpose purpose) {
  if (input.from_stdin) return {environment.read_in(), {}};
  if (purpose != Purpose::reading) return read_file_to_replace(input.path);
  return {read_file(input.path), {}};
}

OpenedFile open_file(const Environment& environment, const CommandLine& line, const Input& input, const Format& format,
                     Purpose purpose) {
  const KeyServices services(environment, line);
  return open_file(environment, line, services, input, format, purpose);
}

OpenedFile open_file(const Environment& environment, const CommandLine& line, const KeyServices& services,
                     const Input& input, const Format& format, Purpose purpose) {
  FileContent content = read_input(environment, input, purpose);
  Document sealed = parse_sealed(format, std::move(content.text), input.path);
  Metadata metadata = read_metadata(sealed);
  check_version(metadata);
  judge_selection(environment, metadata, purpose);
  if (purpose == Purpose::rotating) audit(environment, AuditedAction::rotate, input.path);
  LeafCipher cipher(recover(metadata.keys, services.order(), services.recipients()));
  OpenOptions options;
  options.ignore_mac = line.options.declares("ignore-mac") && line.options.on("ignore-mac");
  options.strict = environment.strict;
  options.warn = warnings_of(environment);
  audit(environment, AuditedAction::decrypt, input.path);
  try {
    OpenedDocument opened = open_document(std::move(sealed), metadata, cipher, options);
    return {std::move(content.state), std::move(cipher), std::move(opened)};
  } catch (const Error& error) {
    throw in_file(error, error.code(), "", input.path);
  }
}

}  // namespace leafseal::cli
