// PassphraseFile: an identity file that is itself an age file under a passphrase. The passphrase comes from gpg-agent,
// which remembers it, or from the terminal where there is no agent; and only when a stanza might need it.
#pragma once

#include <string>

#include "leafseal/environment.hpp"
#include "recipients/age.hpp"
#include "recipients/age_identity_file.hpp"

namespace leafseal::age {

class PassphraseFile : public Identity {
 public:
  // `file` is the age file without armor. The environment must outlive this.
  PassphraseFile(std::string file, std::string location, const Environment& environment)
      : file_(std::move(file)), location_(std::move(location)), environment_(environment) {}
  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override;
  Need needs() const override { return opened_ ? Need::nothing : Need::passphrase_first; }
  std::string name() const override { return "identities under a passphrase"; }

 private:
  void open();
  SecretBytes ask_passphrase();
  std::string cache_id() const;

  std::string file_;
  std::string location_;
  const Environment& environment_;
  bool opened_ = false;
  bool warned_ = false;
  Identities identities_;
};

}  // namespace leafseal::age
