#include "base/process.hpp"
#include "leafseal/error.hpp"
#include "recipients/pgp_backend.hpp"

namespace leafseal {
namespace {

// What the reference passes to --trusted-key: a long key id, with the mark of a forced subkey.
std::string long_key_id(const std::string& fingerprint) {
  const std::size_t wanted = fingerprint.ends_with('!') ? 17 : 16;
  return fingerprint.size() > wanted ? fingerprint.substr(fingerprint.size() - wanted) : fingerprint;
}

std::string_view without_final_breaks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

class GpgCommand final : public PgpBackend {
 public:
  GpgCommand(std::string program, const Environment& environment)
      : program_(std::move(program)), environment_(environment) {}

  std::string encrypt(const std::string& fingerprint, const SecretBytes& key) const override {
    const ChildResult result =
        run({"--no-default-recipient", "--yes", "--encrypt", "-a", "-r", fingerprint, "--trusted-key",
             long_key_id(fingerprint), "--no-encrypt-to"},
            key.view());
    return std::string(result.output.view());
  }

  SecretBytes decrypt(const std::string&, std::string_view message) const override {
    return run({"-d"}, message).output;
  }

 private:
  ChildResult run(std::vector<std::string> words, std::string_view input) const {
    words.insert(words.begin(), program_);
    ChildResult result = run_child(words, input, {}, environment_);
    if (result.exit_code == 0) return result;
    std::string reason(without_final_breaks(result.errors));
    if (reason.empty()) reason = quoted(program_) + " ended with " + std::to_string(result.exit_code);
    throw Error(ExitCode::generic, reason);
  }

  std::string program_;
  const Environment& environment_;
};

}  // namespace

std::unique_ptr<PgpBackend> gpg_command(std::string program, const Environment& environment) {
  return std::make_unique<GpgCommand>(std::move(program), environment);
}

}  // namespace leafseal
