#include "cli/output.hpp"

namespace leafseal::cli {
namespace {

Error phrased(const Error& error, const std::string& open_phrase) {
  const bool at_open = std::string_view(error.what()).starts_with("open ");
  return error.under(error.code(), at_open ? open_phrase : "could not write output file: ");
}

}  // namespace

void check_output_flags(const CommandLine& line, const Input& input) {
  if (!line.options.on("in-place")) return;
  if (input.from_stdin) {
    throw Error(ExitCode::conflicting_parameters, "cannot use --in-place when reading from stdin");
  }
  if (line.options.text("output")) {
    throw Error(ExitCode::conflicting_parameters, "cannot operate on both --output and --in-place");
  }
}

void write_in_place(const Environment& environment, const std::string& path, std::string_view text, Privacy privacy,
                    const FileState& state) {
  try {
    write_file(path, text, privacy, &state);
  } catch (const Error& error) {
    throw phrased(error, "Could not open in-place file for writing: ");
  }
  if (environment.verbose) environment.err(environment.program + ": File written successfully\n");
}

void write_result(const Environment& environment, const CommandLine& line, const Input& input, std::string_view text,
                  Privacy privacy, const FileState& state) {
  if (line.options.on("in-place")) return write_in_place(environment, input.path, text, privacy, state);
  const auto output = line.options.text("output");
  if (!output) return environment.out(text);
  try {
    write_file(absolute_path(*output, environment.directory), text, privacy);
  } catch (const Error& error) {
    throw phrased(error, "Could not open output file for writing: ");
  }
}

}  // namespace leafseal::cli
