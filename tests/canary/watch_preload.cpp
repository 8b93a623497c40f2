// Watches one run of leafseal for leaks (security.md section 3). It stands between leafseal and libcrypto, so it knows
// every key, every value that was sealed or opened, and every hash that was computed; and between leafseal and write(),
// so it knows what was printed. When the process ends it searches stderr, and stdout of a run that failed, for all of
// them: as they are, in hexadecimal, in base64 at any offset, and their SHA-512.
//
// One line a run goes to LEAFSEAL_CANARY_LOG, read by report.py: `run CODE COMMAND`, and before it `hit STREAM WHAT FORM`
// for each leak. The program itself is the one that users get; watched.cpp starts it with this library in front.
#include <dlfcn.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t least_plaintext = 8;                  // shorter ones are words that messages use
constexpr std::size_t kept_bytes = std::size_t{8} << 20;    // of plaintext; a bigger file's end is not searched for
constexpr std::size_t stream_room = std::size_t{256} << 10;  // of what is printed

// The library's own function, for the function of the same name below.
template <class Function>
Function* original(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define CALL_ORIGINAL(function, ...)                                    \
  ([] {                                                                 \
    static auto* const found = original<decltype(function)>(#function); \
    return found;                                                       \
  }()(__VA_ARGS__))

// --- what must not be printed -----------------------------------------------------------------------------------------
enum class Kind : std::uint8_t { key, plaintext, sha512, hash };

std::string sha512(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha512(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

struct Secrets {
  std::mutex mutex;
  std::set<std::pair<Kind, std::string>> all;
  std::size_t bytes = 0;

  void add(Kind kind, const void* data, std::size_t size) {
    if (data == nullptr || size == 0 || bytes > kept_bytes) return;
    const std::string text(static_cast<const char*>(data), size);
    keep(kind, text);
    if (kind == Kind::plaintext) keep(Kind::sha512, sha512(text));  // now: when the process ends, libcrypto is closed
  }

 private:
  void keep(Kind kind, const std::string& text) {
    const std::lock_guard lock(mutex);
    if (all.emplace(kind, text).second) bytes += text.size();
  }
};

Secrets& secrets() {
  static auto* const kept = new Secrets;  // outlives every destructor
  return *kept;
}

// --- what was printed; filled without memory from the heap, because signal handlers print too ------------------------
struct Stream {
  std::array<char, stream_room> text;
  std::size_t size = 0;
};
std::array<Stream, 3> streams;
int log_file = -1;
pid_t watched_process = 0;
ssize_t (*real_write)(int, const void*, std::size_t) = nullptr;  // found at the start: handlers may not look for it

[[noreturn]] void cannot_watch(const char* why) {
  if (real_write != nullptr) real_write(STDERR_FILENO, why, std::strlen(why));
  _exit(99);
}

void note_output(int fd, const void* data, ssize_t written) {
  if (written <= 0 || (fd != STDOUT_FILENO && fd != STDERR_FILENO) || getpid() != watched_process) return;
  Stream& stream = streams[static_cast<std::size_t>(fd)];
  const std::size_t taken = std::min(static_cast<std::size_t>(written), stream_room - stream.size);
  std::memcpy(stream.text.data() + stream.size, data, taken);
  stream.size += taken;
}

// --- the search -------------------------------------------------------------------------------------------------------
std::string hexadecimal(std::string_view bytes, const char* digits) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// The letters of base64 that depend on these bytes alone when `before` others stand in front of them.
std::string base64_core(std::string_view bytes, std::size_t before) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  const std::size_t first = (before * 8 + 5) / 6 * 6 - before * 8;  // the first bit of a whole letter
  for (std::size_t bit = first; bit + 6 <= bytes.size() * 8; bit += 6) {
    unsigned value = 0;
    for (std::size_t i = bit; i < bit + 6; ++i) {
      value = value << 1 | (static_cast<unsigned char>(bytes[i / 8]) >> (7 - i % 8) & 1U);
    }
    out += letters[value];
  }
  return out;
}

class Search {
 public:
  Search(const char* stream, std::string_view text, std::string& found) : stream_(stream), text_(text), found_(found) {}

  void run() {
    if (text_.empty()) return;
    for (const auto& [kind, bytes] : secrets().all) {
      constexpr const char* names[] = {"key", "plaintext", "sha512 of a plaintext", "hash"};
      what_ = names[static_cast<std::size_t>(kind)];
      if (kind != Kind::plaintext || bytes.size() >= least_plaintext) look_for(bytes);
    }
    what_ = "private key";
    look_for_identity();
    look("PRIVATE KEY-----", "text");
    what_ = "canary";
    for (const std::string_view canary : {"canary-", "CANARY-"}) look_for(canary);
  }

 private:
  void look_for(std::string_view bytes) {
    look(bytes, "text");
    look(hexadecimal(bytes, "0123456789abcdef"), "hex");
    look(hexadecimal(bytes, "0123456789ABCDEF"), "HEX");
    for (std::size_t before = 0; before < 3; ++before) look(base64_core(bytes, before), "base64");
  }
  // Hints may say what an identity looks like: AGE-SECRET-KEY-1...
  void look_for_identity() {
    constexpr std::string_view prefix = "AGE-SECRET-KEY-";
    for (std::size_t at = text_.find(prefix); at != std::string_view::npos; at = text_.find(prefix, at + 1)) {
      if (!text_.substr(at + prefix.size()).starts_with("1...")) return look(prefix, "text");
    }
  }
  void look(std::string_view needle, const char* form) {
    if (needle.size() < 4 || memmem(text_.data(), text_.size(), needle.data(), needle.size()) == nullptr) return;
    found_ += std::string("hit ") + stream_ + " " + what_ + " " + form + "\n";
  }

  const char* stream_;
  std::string_view text_;
  std::string& found_;
  const char* what_ = "";
};

std::string command_line() {
  std::array<char, 2000> text;
  const int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  const ssize_t size = read(file, text.data(), text.size());
  close(file);
  std::string line(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\0' || c == '\n'; }, ' ');
  return line;
}

void report(int code, void*) {
  if (getpid() != watched_process || log_file < 0) return;
  const auto text = [](int fd) {
    const Stream& stream = streams[static_cast<std::size_t>(fd)];
    return std::string_view(stream.text.data(), stream.size);
  };
  std::string lines;  // written at once: other runs end at the same time
  Search("stderr", text(STDERR_FILENO), lines).run();
  if (code != 0) Search("stdout", text(STDOUT_FILENO), lines).run();
  lines += "run " + std::to_string(code) + " " + command_line() + "\n";
  if (real_write(log_file, lines.data(), lines.size()) < 0) cannot_watch("watch: the log cannot be written\n");
}

[[gnu::constructor]] void begin_watching() {
  real_write = original<ssize_t(int, const void*, std::size_t)>("write");
  const char* path = std::getenv("LEAFSEAL_CANARY_LOG");
  unsetenv("LD_PRELOAD");  // what leafseal starts is not watched, and finds the environment that the test made
  if (path == nullptr) return;
  const int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
  unsetenv("LEAFSEAL_CANARY_LOG");
  if (fd < 0) return;  // no test run, or another user's
  log_file = fcntl(fd, F_DUPFD_CLOEXEC, 200);  // out of the way of what the program may expect of low numbers
  if (log_file < 0) cannot_watch("watch: no descriptor for the log\n");
  close(fd);
  watched_process = getpid();
  on_exit(report, nullptr);
}

// What goes into sealing, before it may be overwritten, and what comes out of opening. Associated data has no output.
void note_plaintext_in(const unsigned char* out, const unsigned char* in, int size) {
  if (out != nullptr) secrets().add(Kind::plaintext, in, static_cast<std::size_t>(size));
}
void note_plaintext_out(const unsigned char* out, const int* size) {
  if (out != nullptr && size != nullptr) secrets().add(Kind::plaintext, out, static_cast<std::size_t>(*size));
}

// `result`: of the initialisation; a cipher that the library does not have has no length of a key.
void note_key(int result, EVP_CIPHER_CTX* context, const unsigned char* key) {
  if (result == 1 && key != nullptr) secrets().add(Kind::key, key, static_cast<std::size_t>(EVP_CIPHER_CTX_get_key_length(context)));
}

}  // namespace

// --- between leafseal and the libraries -------------------------------------------------------------------------------
extern "C" {

ssize_t write(int fd, const void* data, std::size_t size) {
  if (real_write == nullptr) real_write = original<ssize_t(int, const void*, std::size_t)>("write");
  const ssize_t written = real_write(fd, data, size);
  note_output(fd, data, written);
  return written;
}

int EVP_CipherInit_ex(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, ENGINE* engine, const unsigned char* key,
                      const unsigned char* iv, int sealing) {
  const int result = CALL_ORIGINAL(EVP_CipherInit_ex, context, cipher, engine, key, iv, sealing);
  note_key(result, context, key);
  return result;
}

int EVP_DecryptInit_ex(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, ENGINE* engine, const unsigned char* key,
                       const unsigned char* iv) {
  const int result = CALL_ORIGINAL(EVP_DecryptInit_ex, context, cipher, engine, key, iv);
  note_key(result, context, key);
  return result;
}

int EVP_EncryptInit_ex2(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, const unsigned char* key,
                        const unsigned char* iv, const OSSL_PARAM parameters[]) {
  const int result = CALL_ORIGINAL(EVP_EncryptInit_ex2, context, cipher, key, iv, parameters);
  note_key(result, context, key);
  return result;
}

int EVP_DecryptInit_ex2(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, const unsigned char* key,
                        const unsigned char* iv, const OSSL_PARAM parameters[]) {
  const int result = CALL_ORIGINAL(EVP_DecryptInit_ex2, context, cipher, key, iv, parameters);
  note_key(result, context, key);
  return result;
}

int EVP_CipherUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* out_size, const unsigned char* in, int in_size) {
  const bool sealing = EVP_CIPHER_CTX_is_encrypting(context) == 1;
  if (sealing) note_plaintext_in(out, in, in_size);
  const int result = CALL_ORIGINAL(EVP_CipherUpdate, context, out, out_size, in, in_size);
  if (!sealing) note_plaintext_out(out, out_size);
  return result;
}

int EVP_EncryptUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* out_size, const unsigned char* in, int in_size) {
  note_plaintext_in(out, in, in_size);
  return CALL_ORIGINAL(EVP_EncryptUpdate, context, out, out_size, in, in_size);
}

int EVP_DecryptUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* out_size, const unsigned char* in, int in_size) {
  const int result = CALL_ORIGINAL(EVP_DecryptUpdate, context, out, out_size, in, in_size);
  note_plaintext_out(out, out_size);
  return result;
}

int EVP_DigestFinal_ex(EVP_MD_CTX* context, unsigned char* digest, unsigned* size) {
  const int result = CALL_ORIGINAL(EVP_DigestFinal_ex, context, digest, size);
  const int length = EVP_MD_CTX_get_size(context);
  if (length == 64) secrets().add(Kind::hash, digest, 64);
  return result;
}

EVP_PKEY* EVP_PKEY_new_raw_private_key_ex(OSSL_LIB_CTX* library, const char* type, const char* query,
                                          const unsigned char* key, std::size_t size) {
  secrets().add(Kind::key, key, size);
  return CALL_ORIGINAL(EVP_PKEY_new_raw_private_key_ex, library, type, query, key, size);
}

int EVP_PKEY_decrypt(EVP_PKEY_CTX* context, unsigned char* out, std::size_t* out_size, const unsigned char* in,
                     std::size_t in_size) {
  const int result = CALL_ORIGINAL(EVP_PKEY_decrypt, context, out, out_size, in, in_size);
  if (result > 0 && out != nullptr) secrets().add(Kind::plaintext, out, *out_size);
  return result;
}

}  // extern "C"
