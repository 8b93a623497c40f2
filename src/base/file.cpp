#include "base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "base/digest.hpp"

namespace leafseal {
namespace {

Error cannot_read(const std::string& call, const std::string& path, int error) {
  return {ExitCode::could_not_read_input, "Error reading file: " + call + " " + path + ": " + reason(error)};
}

Descriptor open_to_read(const std::string& path, std::size_t limit, std::string& text) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.open()) throw cannot_read("open", path, errno);
  if (!read_all(file.get(), text, limit)) throw cannot_read("read", path, errno);
  if (text.size() > limit) {
    throw Error(ExitCode::could_not_read_input, "Error reading file: " + path + " is larger than " +
                                                    std::to_string(limit >> 20) + " MiB");
  }
  return file;
}

bool same_file(int fd, const std::string& path) {
  struct stat held = {};
  struct stat named = {};
  return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_dev == named.st_dev &&
         held.st_ino == named.st_ino;
}

bool locks_unsupported(int error) {
  return error == ENOLCK || error == ENOTSUP || error == ENOSYS || error == EINVAL || error == EBADF;
}

}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
  std::string text;
  open_to_read(path, limit, text);
  return text;
}

FileContent read_file_to_replace(const std::string& path, std::size_t limit) {
  FileContent content;
  const Descriptor file = open_to_read(path, limit, content.text);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) throw cannot_read("stat", path, errno);
  content.state = {false,
                   status.st_dev,
                   status.st_ino,
                   status.st_size,
                   std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                   sha256(content.text)};
  return content;
}

bool file_exists(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0;
}

std::string absolute_path(const std::string& path, const std::string& directory) {
  const std::string whole = path.starts_with('/') ? path : directory + "/" + path;
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string_view part = std::string_view(whole).substr(at, end - at);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string clean;
  for (const std::string_view part : parts) clean.append("/").append(part);
  return clean.empty() ? "/" : clean;
}

std::string parent_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

FileLock::FileLock(const std::string& path, int patience) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + std::chrono::seconds(patience);
  milliseconds pause(1);
  for (;;) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.open()) throw cannot_read("open", path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
      // Who held it before may have replaced the file: then this lock is on a file that nobody sees any more.
      if (same_file(file.get(), path)) {
        fd_ = ::fcntl(file.get(), F_DUPFD_CLOEXEC, 3);
        return;
      }
      continue;
    }
    if (locks_unsupported(errno)) return;
    if (steady_clock::now() >= deadline) {
      throw Error(ExitCode::could_not_write_output, "another process has been holding the lock on " + path + " for " +
                                                        std::to_string(patience) + " seconds",
                  {"wait for the other command to end, then run this one again"});
    }
    std::this_thread::sleep_for(pause);
    if (pause < milliseconds(20)) pause *= 2;
  }
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace leafseal
