// Opening a sealed file: the common first half of decrypt, edit, set and unset, with the reference's order of checks
// and exit codes (spec: cli.md 3.2).
#pragma once

#include "base/file.hpp"
#include "cli/key_services.hpp"
#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {

struct OpenedFile {
  FileState state;
  LeafCipher cipher;
  OpenedDocument opened;
};

// replacing: the file's state is remembered; resealing: and what is written will be sealed by the file's own selection;
// rotating: and that a new key was asked for is recorded (audit.hpp), as every opening is.
enum class Purpose { reading, replacing, resealing, rotating };

FileContent read_input(const Environment& environment, const Input& input, Purpose purpose);

OpenedFile open_file(const Environment& environment, const CommandLine& line, const Input& input, const Format& format,
                     Purpose purpose);

// The same with key services that serve several files.
OpenedFile open_file(const Environment& environment, const CommandLine& line, const KeyServices& services,
                     const Input& input, const Format& format, Purpose purpose);

// Wraps a new data key for all recipients, by the flags on key services.
void wrap_data_key(const Environment& environment, const CommandLine& line, KeyGroups& keys, const SecretBytes& key);

}  // namespace leafseal::cli
