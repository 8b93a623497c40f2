// A program that leaks, for the test of the watch: `planted STREAM WHAT FORM CODE` uses a key, a value and a private key
// as leafseal does, prints one of them in one form, and ends with CODE.
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view data_key = "0123456789 a data key of 32 byte";
constexpr std::string_view value = "planted value";
constexpr std::string_view identity = "a private x25519 key of 32 bytes";

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void use_all() {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  std::array<unsigned char, 64> out;
  int size = 0;
  EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nullptr, nullptr, nullptr, 1);
  EVP_CipherInit_ex(context, nullptr, nullptr, bytes(data_key), nullptr, -1);
  EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, bytes("0123456789ab"), -1);
  EVP_CipherUpdate(context, out.data(), &size, bytes(value), static_cast<int>(value.size()));
  EVP_CIPHER_CTX_free(context);
  EVP_PKEY_free(EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, bytes(identity), identity.size()));
}

std::string digest_of(std::string_view text) {
  std::string digest(64, '\0');
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha512(), nullptr);
  EVP_DigestUpdate(context, text.data(), text.size());
  EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  EVP_MD_CTX_free(context);
  return digest;
}

std::string in_form(std::string_view form, const std::string& text) {
  std::string out;
  if (form == "hex" || form == "HEX") {
    for (const char c : text) {
      const char* digits = form == "hex" ? "0123456789abcdef" : "0123456789ABCDEF";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
  }
  if (!form.starts_with("base64")) return text;
  const std::string shifted = std::string(form.size() - std::string_view("base64").size(), 'x') + text;  // base64++
  out.resize(4 * (shifted.size() / 3 + 1) + 1);
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(shifted),
                                                      static_cast<int>(shifted.size()))));
  return out;
}

std::string named(std::string_view what) {
  if (what == "key") return std::string(data_key);
  if (what == "identity") return std::string(identity);
  if (what == "value") return std::string(value);
  if (what == "hash") return digest_of("several values together");
  if (what == "value-hash") return digest_of(value);
  if (what == "identity-text") return "AGE-SECRET-KEY-1QQQ";
  return "nothing secret";
}

}  // namespace

int main(int, char** argv) {
  use_all();
  const std::string text = "message: " + in_form(argv[3], named(argv[2])) + "\n";
  const int stream = std::string_view(argv[1]) == "stdout" ? STDOUT_FILENO : STDERR_FILENO;
  if (write(stream, text.data(), text.size()) < 0) return 99;
  return std::atoi(argv[4]);
}
