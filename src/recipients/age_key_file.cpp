#include "recipients/age_key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/descriptor.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t size_limit = std::size_t{16} << 20;

Error system_failure(const char* what, const std::string& path) {
  return failure(std::string(what) + " " + quoted(path) + ": " + reason(errno));
}

}  // namespace

KeyFile read_key_file(const std::string& path) {
  const Descriptor descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!descriptor.open()) throw system_failure("open", path);

  struct stat status;
  if (fstat(descriptor.get(), &status) != 0) throw system_failure("stat", path);
  KeyFile file{SecretBytes(4096), S_ISREG(status.st_mode) && (status.st_mode & 044) != 0};
  for (std::size_t size = 0;;) {
    const ssize_t got = read(descriptor.get(), file.content.data() + size, file.content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_failure("read", path);
    if (got == 0) {
      file.content.shrink(size);
      return file;
    }
    size += static_cast<std::size_t>(got);
    if (size > size_limit) throw failure("failed to read '" + quoted(path) + "': file too long");
    if (size < file.content.size()) continue;
    SecretBytes larger(2 * size);
    std::copy_n(file.content.data(), size, larger.data());
    file.content = std::move(larger);
  }
}

}  // namespace leafseal::age
