// Files: reading with limits, and the replacement of a file that is either the whole old one or the whole new one at
// every moment (security.md F1-F6).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "leafseal/error.hpp"

namespace leafseal {

// What a file was when it was read: a later write compares it to notice that somebody else was faster (F5).
struct FileState {
  bool absent = false;  // there was no file, and there must be none
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t mtime_ns = 0;
  std::string sha256;  // of the content read
};

struct FileContent {
  std::string text;
  FileState state;
};

inline constexpr std::size_t document_limit = std::size_t{256} << 20;  // security.md P1

// Throws Error{could_not_read_input} "Error reading file: open PATH: REASON".
std::string read_file(const std::string& path, std::size_t limit = document_limit);
FileContent read_file_to_replace(const std::string& path, std::size_t limit = document_limit);  // with its state
bool file_exists(const std::string& path);  // anything at that path, links followed
std::string absolute_path(const std::string& path, const std::string& directory);  // lexically clean, links untouched
std::string parent_directory(const std::string& path);
std::string base_name(const std::string& path);

// An exclusive lock on an existing file for the life of the object; waits `patience` seconds, then
// Error{could_not_write_output} (F4). Readers are not held up. A file system without locks gives none.
class FileLock {
 public:
  explicit FileLock(const std::string& path, int patience = 30);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

enum class Privacy { sealed, plaintext };  // plaintext: a new file is 0600 whatever the umask (F6)

// Replaces or creates the file at `path`. `expected`: what it must still be, else Error{could_not_write_output} and
// nothing is written. Links, mode, owner and extended attributes are kept (F2); what is no regular file (a terminal, a
// pipe) is written to as it is. Throws Error{could_not_write_output} "open PATH: REASON".
void write_file(const std::string& path, std::string_view content, Privacy privacy,
                const FileState* expected = nullptr);

// Makes a directory and those above it that are missing. Throws Error{could_not_write_output}.
void make_directories(const std::string& path, mode_t mode = 0777);

// Creates a file that must not exist yet, 0600, flushed to the disk. Throws Error{could_not_write_output}.
void write_private_file(const std::string& path, std::string_view content);

}  // namespace leafseal
