// The replacement of files: beside the old one and then over it by rename, which is all or nothing; or, where a rename
// would lose a hard link, an owner or an attribute, in place behind a recovery copy.
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/descriptor.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/signals.hpp"

namespace leafseal {
namespace {

Error cannot_write(const std::string& call, const std::string& path, int error) {
  return {ExitCode::could_not_write_output, call + " " + path + ": " + reason(error)};
}

// The file that a path with symbolic links leads to; the links themselves stay.
std::string follow_links(std::string path) {
  for (int links = 0; links < 40; ++links) {
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
    if (status.st_uid != ::geteuid() && status.st_uid != 0) {
      throw Error(ExitCode::could_not_write_output, "open " + path + ": is a symbolic link of another user",
                  {"write to the file it points to by its own name"});
    }
    std::array<char, 4096> target;
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) throw cannot_write("open", path, errno);
    const std::string text(target.data(), static_cast<std::size_t>(size));
    path = text.starts_with('/') ? text : parent_directory(path) + "/" + text;
  }
  throw cannot_write("open", path, ELOOP);
}

std::string random_suffix() {
  std::array<unsigned char, 8> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) < 0) throw cannot_write("getrandom", "", errno);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

// A file beside the target, removed unless it took the target's place.
class NewFile {
 public:
  NewFile(const std::string& target, mode_t mode)
      : path_(parent_directory(target) + "/." + base_name(target).substr(0, 200) + ".leafseal-" + random_suffix()),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)),
        error_(file_.open() ? 0 : errno) {}
  ~NewFile() {
    if (error_ == 0 && !placed_) ::unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  int error() const { return error_; }
  int fd() const { return file_.get(); }

  void fill(std::string_view content, const std::string& target) {
    if (!write_all(fd(), content)) throw cannot_write("write", target, errno);
    if (::fsync(fd()) != 0) throw cannot_write("fsync", target, errno);
    if (!file_.close()) throw cannot_write("close", target, errno);
  }
  // 0, or the error of the rename.
  int place(const std::string& target, bool must_be_new) {
    int done = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), must_be_new ? RENAME_NOREPLACE : 0U);
    if (done != 0 && must_be_new && (errno == EINVAL || errno == ENOSYS)) {
      done = ::rename(path_.c_str(), target.c_str());
    }
    placed_ = done == 0;
    return placed_ ? 0 : errno;
  }

 private:
  std::string path_;
  Descriptor file_;
  int error_;
  bool placed_ = false;
};

void flush_directory(const std::string& target) {
  const Descriptor directory(::open(parent_directory(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) return;  // searchable but not readable: nothing can be done
  if (::fsync(directory.get()) != 0 && errno != EINVAL) throw cannot_write("fsync the directory of", target, errno);
}

bool copy_attributes(const std::string& from, int to) {
  std::array<char, 1 << 16> names;
  const ssize_t size = ::listxattr(from.c_str(), names.data(), names.size());
  if (size < 0) return errno == ENOTSUP;
  for (const char* name = names.data(); name < names.data() + size; name += std::string_view(name).size() + 1) {
    const std::string_view label = name;
    if (label == "security.ima" || label == "security.evm") continue;  // the kernel's digests of the old content
    std::array<char, 1 << 16> value;
    const ssize_t length = ::getxattr(from.c_str(), name, value.data(), value.size());
    if (length < 0) return false;
    if (::fsetxattr(to, name, value.data(), static_cast<std::size_t>(length), 0) != 0) return false;
  }
  return true;
}

// Gives the new file all that the old one has beside its content; false where this user may not.
bool take_after(int fd, const std::string& target, const struct stat& old) {
  struct stat fresh = {};
  if (::fstat(fd, &fresh) != 0) return false;
  if ((fresh.st_uid != old.st_uid || fresh.st_gid != old.st_gid) && ::fchown(fd, old.st_uid, old.st_gid) != 0) {
    return false;
  }
  return copy_attributes(target, fd) && ::fchmod(fd, old.st_mode & 07777) == 0;
}

void check_unchanged(const std::string& target, const FileState& expected) {
  const auto changed = [&] {
    return Error(ExitCode::could_not_write_output, target + " was changed by somebody else meanwhile",
                 {"nothing was written; look at the file and run the command again"});
  };
  const Descriptor file(::open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (expected.absent != !file.open()) throw changed();
  if (expected.absent) return;
  struct stat now = {};
  if (::fstat(file.get(), &now) != 0) throw cannot_write("stat", target, errno);
  const std::int64_t mtime = std::int64_t{now.st_mtim.tv_sec} * 1'000'000'000 + now.st_mtim.tv_nsec;
  if (now.st_dev != expected.device || now.st_ino != expected.inode || now.st_size != expected.size ||
      mtime != expected.mtime_ns) {
    throw changed();
  }
  Sha256 hash;
  std::array<char, 1 << 16> part;
  ssize_t got = 0;
  while ((got = ::read(file.get(), part.data(), part.size())) > 0) hash.add({part.data(), static_cast<std::size_t>(got)});
  if (got < 0 || hash.digest() != expected.sha256) throw changed();
}

// The old content, flushed to the disk under a fixed name, so that a second run finds it.
std::string save_recovery_copy(const std::string& target, std::string_view content) {
  const std::string name = "." + base_name(target).substr(0, 200) + ".leafseal-recovery";
  std::string path = parent_directory(target) + "/" + name;
  if (::access(parent_directory(target).c_str(), W_OK) != 0) path = "/var/tmp/" + name;
  if (file_exists(path)) {
    throw Error(ExitCode::could_not_write_output, "a recovery copy of an interrupted write is at " + path,
                {"compare it with " + target + ", keep the good one, then remove the copy"});
  }
  write_private_file(path, content);
  return path;
}

void overwrite(int fd, std::string_view content, const std::string& target) {
  // Space is claimed first: a full disk then shows before a byte of the old content is gone.
  const int claimed = content.empty() ? 0 : ::posix_fallocate(fd, 0, static_cast<off_t>(content.size()));
  if (claimed != 0 && claimed != EOPNOTSUPP && claimed != EINVAL) throw cannot_write("write", target, claimed);
  if (::lseek(fd, 0, SEEK_SET) != 0 || !write_all(fd, content)) throw cannot_write("write", target, errno);
  if (::ftruncate(fd, static_cast<off_t>(content.size())) != 0) throw cannot_write("truncate", target, errno);
  if (::fsync(fd) != 0) throw cannot_write("fsync", target, errno);
}

void write_in_place(const std::string& target, std::string_view content, const FileState* expected) {
  const std::string old = read_file(target);
  const Descriptor file(::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.open()) throw cannot_write("open", target, errno);
  if (expected != nullptr) check_unchanged(target, *expected);
  const std::string copy = save_recovery_copy(target, old);
  try {
    overwrite(file.get(), content, target);
  } catch (const Error& failure) {
    try {
      overwrite(file.get(), old, target);
    } catch (const Error&) {
      throw Error(failure).hint("the old content is saved in " + copy);
    }
    ::unlink(copy.c_str());
    throw;
  }
  ::unlink(copy.c_str());
}

bool rename_refused(int error) {
  return error == EACCES || error == EPERM || error == EROFS || error == EBUSY || error == EXDEV;
}

void replace(const std::string& target, const struct stat& old, std::string_view content, const FileState* expected) {
  if (old.st_nlink > 1) return write_in_place(target, content, expected);
  NewFile fresh(target, 0600);
  if (rename_refused(fresh.error())) return write_in_place(target, content, expected);
  if (fresh.error() != 0) throw cannot_write("open", target, fresh.error());
  if (!take_after(fresh.fd(), target, old)) return write_in_place(target, content, expected);
  fresh.fill(content, target);
  if (expected != nullptr) check_unchanged(target, *expected);
  const int error = fresh.place(target, false);
  if (rename_refused(error)) return write_in_place(target, content, expected);
  if (error != 0) throw cannot_write("rename", target, error);
  flush_directory(target);
}

void create(const std::string& target, std::string_view content, Privacy privacy, bool must_be_new) {
  NewFile fresh(target, privacy == Privacy::plaintext ? 0600 : 0666);
  if (fresh.error() != 0) throw cannot_write("open", target, fresh.error());
  fresh.fill(content, target);
  const int error = fresh.place(target, must_be_new);
  if (error != 0) throw cannot_write("open", target, error);
  flush_directory(target);
}

}  // namespace

void write_file(const std::string& path, std::string_view content, Privacy privacy, const FileState* expected) {
  const HoldSignals hold;
  struct stat old = {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && (!S_ISREG(old.st_mode) || path.starts_with("/dev/"))) {  // /dev/stdout may lead to a regular file
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY));
    if (!file.open()) throw cannot_write("open", path, errno);
    if (!write_all(file.get(), content)) throw cannot_write("write", path, errno);
    return;
  }
  const std::string target = follow_links(path);
  if (expected != nullptr && expected->absent != !exists) check_unchanged(target, *expected);
  if (!exists) return create(target, content, privacy, expected != nullptr);
  if (::access(target.c_str(), W_OK) != 0) throw cannot_write("open", target, errno);
  replace(target, old, content, expected);
}

void make_directories(const std::string& path, mode_t mode) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), mode) != 0 && errno != EEXIST && !file_exists(part)) throw cannot_write("mkdir", part, errno);
  }
}

void write_private_file(const std::string& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.open()) throw cannot_write("open", path, errno);
  if (write_all(file.get(), content) && ::fsync(file.get()) == 0 && file.close()) return;
  const int error = errno;
  ::unlink(path.c_str());
  throw cannot_write("write", path, error);
}

}  // namespace leafseal
