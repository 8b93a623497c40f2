// The one file that knows gpgme. The library is opened on first use, so that runs without PGP do not load it; its own
// header gives the types of the functions that are looked up.
#include <dlfcn.h>
#include <gpgme.h>
#include <signal.h>

#include <cerrno>
#include <clocale>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <type_traits>

#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "recipients/pgp_backend.hpp"

namespace leafseal {
namespace {

struct Gpgme {
  decltype(&gpgme_check_version_internal) check_version = nullptr;
  decltype(&gpgme_new) create = nullptr;
  decltype(&gpgme_release) release = nullptr;
  decltype(&gpgme_set_armor) set_armor = nullptr;
  decltype(&gpgme_set_locale) set_locale = nullptr;
  decltype(&gpgme_ctx_set_engine_info) set_engine_info = nullptr;
  decltype(&gpgme_engine_check_version) engine_check_version = nullptr;
  decltype(&gpgme_data_new_from_mem) data_from_memory = nullptr;
  decltype(&gpgme_data_new_from_cbs) data_from_callbacks = nullptr;
  decltype(&gpgme_data_release) data_release = nullptr;
  decltype(&gpgme_op_encrypt_ext) encrypt = nullptr;
  decltype(&gpgme_op_encrypt_result) encrypt_result = nullptr;
  decltype(&gpgme_op_decrypt) decrypt = nullptr;
  decltype(&gpgme_get_key) get_key = nullptr;
  decltype(&gpgme_key_unref) key_unref = nullptr;
  decltype(&gpgme_strerror) error_text = nullptr;

  bool open() {
    void* library = dlopen("libgpgme.so.11", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return false;
    const auto find = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
      return function != nullptr;
    };
    return find(check_version, "gpgme_check_version_internal") && find(create, "gpgme_new") &&
           find(release, "gpgme_release") && find(set_armor, "gpgme_set_armor") &&
           find(set_locale, "gpgme_set_locale") && find(set_engine_info, "gpgme_ctx_set_engine_info") &&
           find(engine_check_version, "gpgme_engine_check_version") &&
           find(data_from_memory, "gpgme_data_new_from_mem") &&
           find(data_from_callbacks, "gpgme_data_new_from_cbs") && find(data_release, "gpgme_data_release") &&
           find(encrypt, "gpgme_op_encrypt_ext") && find(encrypt_result, "gpgme_op_encrypt_result") &&
           find(decrypt, "gpgme_op_decrypt") && find(get_key, "gpgme_get_key") &&
           find(key_unref, "gpgme_key_unref") && find(error_text, "gpgme_strerror") &&
           check_version("1.18.0", offsetof(struct _gpgme_signature, validity)) != nullptr;
  }
};

// gpg may end before it has read everything; that must be an error here and not the end of this process.
class SigpipeIgnored {
 public:
  SigpipeIgnored() {
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before_);
  }
  ~SigpipeIgnored() { sigaction(SIGPIPE, &before_, nullptr); }
  SigpipeIgnored(const SigpipeIgnored&) = delete;
  SigpipeIgnored& operator=(const SigpipeIgnored&) = delete;

 private:
  struct sigaction before_ = {};
};

// What gpg writes, kept in locked memory from the first byte: it may be a data key.
struct SecretOutput {
  static constexpr std::size_t limit = std::size_t{1} << 20;
  SecretBytes bytes{4096};
  std::size_t used = 0;

  static ssize_t write(void* handle, const void* data, std::size_t size) {
    auto& output = *static_cast<SecretOutput*>(handle);
    if (size > limit - output.used) {
      errno = EFBIG;
      return -1;
    }
    if (output.used + size > output.bytes.size()) {
      SecretBytes larger(2 * (output.used + size));
      std::memcpy(larger.data(), output.bytes.data(), output.used);
      output.bytes = std::move(larger);
    }
    std::memcpy(output.bytes.data() + output.used, data, size);
    output.used += size;
    return static_cast<ssize_t>(size);
  }
  SecretBytes take() {
    bytes.shrink(used);
    return std::move(bytes);
  }
};

class GpgmeBackend final : public PgpBackend {
 public:
  GpgmeBackend(const Gpgme& gpgme, const Environment& environment) : gpgme_(gpgme), environment_(environment) {}

  std::string encrypt(const std::string& fingerprint, const SecretBytes& key) const override {
    const SigpipeIgnored guard;
    const Context context = make_context();
    gpgme_.set_armor(context.get(), 1);
    const Data input = from_memory(key.view());
    SecretOutput output;
    const Data sink = into(output);
    constexpr auto flags =
        static_cast<gpgme_encrypt_flags_t>(GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO);
    const gpgme_error_t error =
        gpgme_.encrypt(context.get(), nullptr, fingerprint.c_str(), flags, input.get(), sink.get());
    if (error != 0) throw encryption_failure(context.get(), fingerprint, error);
    return std::string(output.take().view());
  }

  SecretBytes decrypt(const std::string& fingerprint, std::string_view message) const override {
    const SigpipeIgnored guard;
    const Context context = make_context();
    const Data input = from_memory(message);
    SecretOutput output;
    const Data sink = into(output);
    const gpgme_error_t error = gpgme_.decrypt(context.get(), input.get(), sink.get());
    if (error != 0) throw decryption_failure(fingerprint, error);
    return output.take();
  }

 private:
  struct Release {
    const Gpgme* gpgme;
    void operator()(gpgme_ctx_t context) const { gpgme->release(context); }
    void operator()(gpgme_data_t data) const { gpgme->data_release(data); }
    void operator()(gpgme_key_t key) const { gpgme->key_unref(key); }
  };
  using Context = std::unique_ptr<gpgme_context, Release>;
  using Data = std::unique_ptr<gpgme_data, Release>;
  using Key = std::unique_ptr<_gpgme_key, Release>;

  Error failure(const std::string& what, gpgme_error_t error) const {
    return Error(ExitCode::generic, "gpg: " + what + ": " + gpgme_.error_text(error));
  }

  Context make_context() const {
    gpgme_ctx_t context = nullptr;
    if (const gpgme_error_t error = gpgme_.create(&context); error != 0) throw failure("no context", error);
    Context owner(context, Release{&gpgme_});
    if (const auto home = environment_.variable("GNUPGHOME")) {
      gpgme_.set_engine_info(context, GPGME_PROTOCOL_OpenPGP, nullptr, home->c_str());
    }
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {  // for the dialogue that asks for a passphrase
      const auto locale = environment_.variable(name);
      if (!locale) continue;
      gpgme_.set_locale(context, LC_CTYPE, locale->c_str());
      gpgme_.set_locale(context, LC_MESSAGES, locale->c_str());
      break;
    }
    return owner;
  }

  Data from_memory(std::string_view bytes) const {
    gpgme_data_t data = nullptr;
    if (const gpgme_error_t error = gpgme_.data_from_memory(&data, bytes.data(), bytes.size(), 0); error != 0) {
      throw failure("no buffer", error);
    }
    return Data(data, Release{&gpgme_});
  }

  Data into(SecretOutput& output) const {
    static gpgme_data_cbs callbacks = {nullptr, &SecretOutput::write, nullptr, nullptr};
    gpgme_data_t data = nullptr;
    if (const gpgme_error_t error = gpgme_.data_from_callbacks(&data, &callbacks, &output); error != 0) {
      throw failure("no buffer", error);
    }
    return Data(data, Release{&gpgme_});
  }

  // gpg says no more than "unusable"; the key itself tells why.
  std::string why_unusable(gpgme_ctx_t context, std::string fingerprint) const {
    if (fingerprint.ends_with('!')) fingerprint.pop_back();
    gpgme_key_t found = nullptr;
    if (gpgme_.get_key(context, fingerprint.c_str(), &found, 0) != 0) {
      return "the key " + fingerprint + " is not in this keyring: gpg --import it, or look at GNUPGHOME";
    }
    const Key key(found, Release{&gpgme_});
    if (key->revoked) return "the key " + fingerprint + " is revoked: use another one";
    if (key->disabled) return "the key " + fingerprint + " is disabled: gpg --edit-key, then enable";
    if (key->expired) {
      const auto when = static_cast<std::time_t>(key->subkeys == nullptr ? 0 : key->subkeys->expires);
      return "the key " + fingerprint + " expired on " + format_utc(when).substr(0, 10) +
             ": gpg --quick-set-expire, or use another one";
    }
    if (!key->can_encrypt) {
      return "the key " + fingerprint + " has no valid subkey to encrypt to: gpg --quick-add-key, or use another one";
    }
    return "look at gpg --list-keys " + fingerprint;
  }

  Error encryption_failure(gpgme_ctx_t context, const std::string& fingerprint, gpgme_error_t error) const {
    const gpgme_encrypt_result_t result = gpgme_.encrypt_result(context);
    if (result == nullptr || result->invalid_recipients == nullptr) return failure("[stdin]: encryption failed", error);
    gpgme_error_t reason = result->invalid_recipients->reason;
    if (gpgme_err_code(reason) != GPG_ERR_NO_PUBKEY) {
      reason = gpgme_err_make(GPG_ERR_SOURCE_GPG, GPG_ERR_UNUSABLE_PUBKEY);
    }
    const std::string text = gpgme_.error_text(reason);
    Error failure(ExitCode::generic,
                  "gpg: " + fingerprint + ": skipped: " + text + "\ngpg: [stdin]: encryption failed: " + text);
    failure.hint(why_unusable(context, fingerprint));
    return failure;
  }

  Error decryption_failure(const std::string& fingerprint, gpgme_error_t error) const {
    Error result = failure("decryption failed", error);
    switch (gpgme_err_code(error)) {
      case GPG_ERR_NO_SECKEY:
        result.hint("the secret key of " + quoted(fingerprint) +
                    " is not in this keyring: gpg --import it, or look at GNUPGHOME");
        break;
      case GPG_ERR_NO_PIN_ENTRY:
        result.hint("gpg cannot ask for the passphrase here: export GPG_TTY=$(tty), or unlock the key before");
        break;
      case GPG_ERR_BAD_PASSPHRASE:
      case GPG_ERR_CANCELED:
      case GPG_ERR_FULLY_CANCELED:
        result.hint("gpg did not get the passphrase of " + quoted(fingerprint));
        break;
      case GPG_ERR_NO_AGENT: result.hint("gpg's agent could not be started: gpgconf --launch gpg-agent"); break;
      default: break;
    }
    return result;
  }

  const Gpgme& gpgme_;
  const Environment& environment_;
};

}  // namespace

std::unique_ptr<PgpBackend> open_gpgme(const Environment& environment) {
  static Gpgme gpgme;
  static const bool is_open = gpgme.open() && gpgme.engine_check_version(GPGME_PROTOCOL_OpenPGP) == 0;
  if (!is_open) return nullptr;
  return std::make_unique<GpgmeBackend>(gpgme, environment);
}

}  // namespace leafseal
