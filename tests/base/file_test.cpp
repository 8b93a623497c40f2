// Files: F1 (whole or not at all), F2 (links, mode, attributes), F4 (locks), F5 (changes by others), F6 (privacy).
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using namespace leafseal;
namespace fs = std::filesystem;

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/leafseal-file-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string get(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct stat status_of(const std::string& path) {
  struct stat status = {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status;
}

// Runs in a child, so that limits and memory of the test stay as they are; true when `work` returned normally.
template <class Work>
int in_child(Work work) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    int code = 0;
    try {
      work();
    } catch (const Error& error) {
      code = static_cast<int>(error.code());
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("absolute paths are cleaned lexically", "[file]") {
  const auto [given, clean] = GENERATE(table<std::string, std::string>({{"a", "/w/d/a"},
                                                                        {"./a//b/", "/w/d/a/b"},
                                                                        {"../a", "/w/a"},
                                                                        {"/x/../../y", "/y"},
                                                                        {"/", "/"},
                                                                        {"a/./..", "/w/d"}}));
  CHECK(absolute_path(given, "/w/d") == clean);
}

TEST_CASE("reading names the file and the system's reason", "[file]") {
  Folder folder;
  CHECK_THROWS_WITH(read_file(folder / "none"), "Error reading file: open " + folder.path +
                                                    "/none: no such file or directory");
  CHECK_THROWS_WITH(read_file(folder.path), "Error reading file: read " + folder.path + ": is a directory");
  put(folder / "big", std::string(100, 'x'));
  CHECK(read_file(folder / "big", 100).size() == 100);
  CHECK_THROWS_AS(read_file(folder / "big", 99), Error);
}

TEST_CASE("a new file is private when it is plaintext, whatever the umask", "[file][F6]") {
  Folder folder;
  const mode_t before = ::umask(0);
  write_file(folder / "plain", "secret", Privacy::plaintext);
  ::umask(022);
  write_file(folder / "sealed", "token", Privacy::sealed);
  ::umask(before);
  CHECK((status_of(folder / "plain").st_mode & 07777) == 0600);
  CHECK((status_of(folder / "sealed").st_mode & 07777) == 0644);
  CHECK(get(folder / "plain") == "secret");
  CHECK(folder.entries() == 2);
}

TEST_CASE("replacing keeps mode, attributes and symbolic links", "[file][F1][F2]") {
  Folder folder;
  put(folder / "f", "old");
  ::chmod((folder / "f").c_str(), 0640);
  const bool attributes = ::setxattr((folder / "f").c_str(), "user.note", "kept", 4, 0) == 0;
  fs::create_symlink("f", folder / "link");
  const ino_t inode = status_of(folder / "f").st_ino;

  write_file(folder / "link", "new", Privacy::plaintext);

  CHECK(get(folder / "f") == "new");
  CHECK(S_ISLNK(status_of(folder / "link").st_mode));
  CHECK((status_of(folder / "f").st_mode & 07777) == 0640);
  CHECK(status_of(folder / "f").st_ino != inode);
  if (attributes) {
    char value[8] = {};
    CHECK(::getxattr((folder / "f").c_str(), "user.note", value, sizeof value) == 4);
    CHECK(std::string(value) == "kept");
  }
  CHECK(folder.entries() == 2);
}

TEST_CASE("a file with several links is written in place and no copy stays", "[file][F2]") {
  Folder folder;
  put(folder / "f", "the old content, longer");
  fs::create_hard_link(folder / "f", folder / "other");
  write_file(folder / "f", "new", Privacy::sealed);
  CHECK(get(folder / "other") == "new");
  CHECK(status_of(folder / "f").st_nlink == 2);
  CHECK(folder.entries() == 2);
}

TEST_CASE("an interrupted write in place is noticed by the next one", "[file][F2]") {
  Folder folder;
  put(folder / "f", "old");
  fs::create_hard_link(folder / "f", folder / "other");
  put(folder / ".f.leafseal-recovery", "older");
  CHECK_THROWS_WITH(write_file(folder / "f", "new", Privacy::sealed), Catch::Contains("recovery copy"));
  CHECK(get(folder / "f") == "old");
}

TEST_CASE("an owner that cannot be kept means writing in place", "[file][F2]") {
  if (::geteuid() != 0) return;  // only root can give a file away
  Folder folder;
  ::chmod(folder.path.c_str(), 0777);
  put(folder / "f", "old");
  ::chmod((folder / "f").c_str(), 0666);
  REQUIRE(::chown((folder / "f").c_str(), 1234, 1234) == 0);
  const ino_t inode = status_of(folder / "f").st_ino;
  const int code = in_child([&] {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(99);
    write_file(folder / "f", "new", Privacy::sealed);
  });
  CHECK(code == 0);
  CHECK(get(folder / "f") == "new");
  CHECK(status_of(folder / "f").st_ino == inode);
  CHECK(status_of(folder / "f").st_uid == 1234);
  CHECK(folder.entries() == 1);

  // Root can keep the owner, and so replaces.
  write_file(folder / "f", "newer", Privacy::sealed);
  CHECK(status_of(folder / "f").st_uid == 1234);
  CHECK(status_of(folder / "f").st_ino != inode);
}

TEST_CASE("an unwritable directory means writing in place", "[file][F2]") {
  if (::geteuid() != 0) return;
  Folder folder;
  fs::create_directory(folder / "d");
  put(folder / "d/f", "old");
  REQUIRE(::chown((folder / "d/f").c_str(), 65534, 65534) == 0);
  ::chmod((folder / "d").c_str(), 0755);
  ::chmod(folder.path.c_str(), 0755);
  const int code = in_child([&] {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(99);
    write_file(folder / "d/f", "new", Privacy::sealed);
  });
  CHECK(code == 0);
  CHECK(get(folder / "d/f") == "new");
  CHECK_FALSE(fs::exists("/var/tmp/.f.leafseal-recovery"));
}

TEST_CASE("a symbolic link of another user is not followed", "[file][F6]") {
  if (::geteuid() != 0) return;
  Folder folder;
  put(folder / "f", "old");
  fs::create_symlink("f", folder / "link");
  REQUIRE(::lchown((folder / "link").c_str(), 1234, 1234) == 0);
  CHECK_THROWS_WITH(write_file(folder / "link", "new", Privacy::plaintext), Catch::Contains("another user"));
  CHECK(get(folder / "f") == "old");
}

TEST_CASE("a file that somebody changed meanwhile is left alone", "[file][F5]") {
  Folder folder;
  put(folder / "f", "old");
  FileState state = read_file_to_replace(folder / "f").state;

  SECTION("other content of the same size and time") {
    put(folder / "f", "OLD");
    const struct stat now = status_of(folder / "f");
    state.mtime_ns = std::int64_t{now.st_mtim.tv_sec} * 1'000'000'000 + now.st_mtim.tv_nsec;
  }
  SECTION("another size") { put(folder / "f", "older"); }
  SECTION("replaced by the same content") {
    put(folder / "g", "old");
    fs::rename(folder / "g", folder / "f");
  }
  SECTION("removed") { fs::remove(folder / "f"); }
  SECTION("there was none before") { state = {true, 0, 0, 0, 0, ""}; }

  const std::string before = get(folder / "f");
  CHECK_THROWS_WITH(write_file(folder / "f", "new", Privacy::sealed, &state), Catch::Contains("meanwhile"));
  CHECK(get(folder / "f") == before);
}

TEST_CASE("an unchanged file is replaced, an absent one created", "[file][F5]") {
  Folder folder;
  put(folder / "f", "old");
  const FileState state = read_file_to_replace(folder / "f").state;
  write_file(folder / "f", "new", Privacy::sealed, &state);
  CHECK(get(folder / "f") == "new");
  const FileState none{true, 0, 0, 0, 0, ""};
  write_file(folder / "g", "fresh", Privacy::sealed, &none);
  CHECK(get(folder / "g") == "fresh");
}

TEST_CASE("a write that fails leaves the old file and no other", "[file][F1]") {
  Folder folder;
  put(folder / "f", "old");
  if (GENERATE(false, true)) fs::create_hard_link(folder / "f", folder / "other");
  const std::size_t entries = folder.entries();
  const rlim_t limit = GENERATE(rlim_t{0}, rlim_t{1}, rlim_t{500}, rlim_t{999});
  const int code = in_child([&] {
    const struct rlimit size = {limit, limit};
    ::setrlimit(RLIMIT_FSIZE, &size);
    write_file(folder / "f", std::string(1000, 'x'), Privacy::sealed);
  });
  CHECK(code == static_cast<int>(ExitCode::could_not_write_output));
  CHECK(get(folder / "f") == "old");
  if (limit >= 3) CHECK(folder.entries() == entries);
}

TEST_CASE("messages of failed writes name the file and the reason", "[file]") {
  Folder folder;
  CHECK_THROWS_WITH(write_file(folder / "no/f", "x", Privacy::sealed),
                    "open " + folder.path + "/no/f: no such file or directory");
}

TEST_CASE("what is no regular file is written to", "[file]") {
  Folder folder;
  ::mkfifo((folder / "pipe").c_str(), 0600);
  const int reader = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  write_file(folder / "pipe", "text", Privacy::plaintext);
  char text[8] = {};
  CHECK(::read(reader, text, sizeof text) == 4);
  ::close(reader);
}

TEST_CASE("a lock keeps others out and follows the file", "[file][F4]") {
  Folder folder;
  put(folder / "f", "0");
  SECTION("held: gives up in the end") {
    const FileLock held(folder / "f");
    CHECK_THROWS_WITH(FileLock(folder / "f", 0), Catch::Contains("holding the lock"));
  }
  SECTION("eight writers count to 400") {
    std::vector<pid_t> writers;
    for (int i = 0; i < 8; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0) {
        for (int k = 0; k < 50; ++k) {
          const FileLock lock(folder / "f");
          const FileContent now = read_file_to_replace(folder / "f");
          write_file(folder / "f", std::to_string(std::stoi(now.text) + 1), Privacy::sealed, &now.state);
        }
        ::_exit(0);
      }
      writers.push_back(pid);
    }
    for (const pid_t pid : writers) {
      int status = -1;
      ::waitpid(pid, &status, 0);
      CHECK(status == 0);
    }
    CHECK(get(folder / "f") == "400");
  }
}
