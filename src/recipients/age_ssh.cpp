#include "recipients/age_ssh.hpp"

#include <algorithm>

#include "recipients/age_ssh_ed25519.hpp"
#include "recipients/age_ssh_rsa.hpp"

namespace leafseal::age {
namespace {

class SshIdentity : public Identity {
 public:
  explicit SshIdentity(SshPrivateKey key) : key_(std::move(key)), fingerprint_(key_.public_key.fingerprint()) {
    if (!key_.rsa) scalar_ = ed25519_to_x25519_secret(key_.ed25519_seed);
  }

  std::string name() const override { return key_.public_key.type + " key"; }

  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != key_.public_key.type) continue;
      if (stanza.arguments.size() != (key_.rsa ? 1 : 2)) throw failure("invalid " + stanza.type + " recipient block");
      if (stanza.arguments[0] != fingerprint_) continue;
      return key_.rsa ? unwrap_ssh_rsa(stanza, key_.rsa.get()) : unwrap_ssh_ed25519(stanza, key_.public_key, scalar_);
    }
    return std::nullopt;
  }
  std::string_view open_key_bytes() const override { return key_.public_key.wire; }

 private:
  SshPrivateKey key_;
  std::string fingerprint_;
  SecretBytes scalar_;
};

class LockedSshIdentity : public Identity {
 public:
  LockedSshIdentity(SshKeyFile file, SshPublicKey public_key, std::function<SecretBytes()> ask)
      : file_(std::move(file)), public_key_(std::move(public_key)), ask_(std::move(ask)) {}

  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override {
    if (!open_ && std::none_of(stanzas.begin(), stanzas.end(), [this](const Stanza& s) { return is_mine(s); }))
      return std::nullopt;
    if (!open_) unlock();
    return open_->unwrap(stanzas);
  }
  Need needs() const override { return open_ ? Need::nothing : Need::passphrase; }
  std::string name() const override { return public_key_.type + " key under a passphrase"; }
  std::string_view open_key_bytes() const override { return open_ ? open_->open_key_bytes() : std::string_view(); }

 private:
  bool is_mine(const Stanza& stanza) const {
    if (stanza.type != public_key_.type) return false;
    if (stanza.arguments.empty()) throw failure("invalid " + stanza.type + " recipient block");
    return stanza.arguments[0] == public_key_.fingerprint();
  }

  void unlock() {
    const SecretBytes passphrase = ask_();
    try {
      SshPrivateKey key = read_ssh_key(file_, passphrase.view());
      if (key.public_key.wire != public_key_.wire) throw failure("mismatched private and public SSH key");
      open_ = std::make_unique<SshIdentity>(std::move(key));
    } catch (const Error& error) {
      throw error.under(error.code(), "failed to decrypt SSH key file: ");
    }
  }

  SshKeyFile file_;
  SshPublicKey public_key_;
  std::function<SecretBytes()> ask_;
  std::unique_ptr<SshIdentity> open_;
};

}  // namespace

std::unique_ptr<PublicKey> parse_ssh_recipient(std::string_view line) {
  try {
    SshPublicKey key = parse_ssh_line(line);
    if (key.type == ssh_rsa_type) return make_ssh_rsa_recipient(key);
    return make_ssh_ed25519_recipient(key);
  } catch (const Error& error) {
    throw error.under(error.code(), "malformed SSH recipient: \"" + quoted(line) + "\": ");
  }
}

std::unique_ptr<Identity> make_ssh_identity(SshPrivateKey key) { return std::make_unique<SshIdentity>(std::move(key)); }

std::unique_ptr<Identity> make_locked_ssh_identity(SshKeyFile file, SshPublicKey public_key,
                                                   std::function<SecretBytes()> ask) {
  return std::make_unique<LockedSshIdentity>(std::move(file), std::move(public_key), std::move(ask));
}

}  // namespace leafseal::age
