#include "base/process.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/file.hpp"

using namespace leafseal;

namespace {

Environment with_path() {
  Environment environment;
  environment.variables["PATH"] = "/usr/local/bin:/usr/bin:/bin";
  return environment;
}

std::string output_of(const std::vector<std::string>& words, const std::string& input = {},
                      const ChildOptions& options = {}) {
  return std::string(run_child(words, input, options, with_path()).output.view());
}

struct Directory {
  Directory() { path = mkdtemp(pattern); }
  ~Directory() { std::filesystem::remove_all(path); }
  std::string program(const std::string& name, mode_t mode) const {
    const std::string file = path + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    write_file(file, "#!/bin/sh\necho " + name + "\n", Privacy::plaintext);
    chmod(file.c_str(), mode);
    return file;
  }
  char pattern[32] = "/tmp/leafseal-process-XXXXXX";
  std::string path;
};

}  // namespace

TEST_CASE("a command is split into words as the reference splits it") {
  using Words = std::vector<std::string>;
  struct Row {
    std::string text;
    std::optional<Words> words;
  };
  // The outcomes were printed by a program around github.com/google/shlex, the reference's splitter.
  const Row rows[] = {
      {"", Words{}},
      {"  \t\n ", Words{}},
      {"vim", Words{"vim"}},
      {" code --wait  -n\t", Words{"code", "--wait", "-n"}},
      {"'a b' c", Words{"a b", "c"}},
      {R"("a b" c)", Words{"a b", "c"}},
      {R"("a \" b" 'a \ b')", Words{R"(a " b)", R"(a \ b)"}},
      {R"("a\nb")", Words{"anb"}},
      {R"(a\ b\\c)", Words{R"(a b\c)"}},
      {R"(x'y'"z")", Words{"xyz"}},
      {R"('' "")", Words{"", ""}},
      {"a # b\nc", Words{"a", "c"}},
      {"a#b c", Words{"a#b", "c"}},
      {"# all", Words{}},
      {R"('#' "#")", Words{"#", "#"}},
      {"$HOME ~ *", Words{"$HOME", "~", "*"}},
      {"a;b|c&d", Words{"a;b|c&d"}},
      {"'open", std::nullopt},
      {"\"open", std::nullopt},
      {"\"open\\", std::nullopt},
      {"end\\", std::nullopt},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(split_command(row.text) == row.words);
  }
}

TEST_CASE("a program is found on absolute directories of PATH only", "[C7]") {
  const Directory directory;
  directory.program("bin/tool", 0755);
  directory.program("bin/data", 0644);
  directory.program("bin2/tool", 0755);
  directory.program("bin2/data", 0755);
  std::filesystem::create_directory(directory.path + "/bin/folder");
  Environment environment;
  const std::string both = directory.path + "/bin:" + directory.path + "/bin2";

  environment.variables["PATH"] = both;
  CHECK(find_program("tool", environment) == directory.path + "/bin/tool");
  CHECK(find_program("data", environment) == directory.path + "/bin2/data");
  CHECK(find_program("folder", environment).empty());
  CHECK(find_program("absent", environment).empty());
  CHECK(find_program("", environment).empty());
  CHECK(find_program("./tool", environment) == "./tool");
  CHECK(find_program("/x/y", environment) == "/x/y");

  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path + "/bin");
  for (const char* path : {"", ".", ":", "../bin", "bin:.:"}) {
    environment.variables["PATH"] = path;
    CHECK(find_program("tool", environment).empty());
  }
  environment.variables["PATH"] = ".:" + both;
  CHECK(find_program("tool", environment) == directory.path + "/bin/tool");
  environment.variables.erase("PATH");
  CHECK(find_program("tool", environment).empty());
  std::filesystem::current_path(before);
}

TEST_CASE("a child gets its input and gives its output, both of any size") {
  CHECK(output_of({"cat"}, "some text\n") == "some text\n");
  CHECK(output_of({"cat"}).empty());
  const std::string large(3 << 20, 'x');
  CHECK(output_of({"cat"}, large) == large);
  CHECK(output_of({"true"}, large).empty());  // does not read: no SIGPIPE, no error
  CHECK(output_of({"sh", "-c", "printf %s \"$1\"", "sh", "$(id) 'x' \\"}) == "$(id) 'x' \\");
}

TEST_CASE("a child's end and its messages are reported") {
  const ChildResult failed = run_child({"sh", "-c", "echo out; echo err >&2; exit 3"}, {}, {}, with_path());
  CHECK(failed.exit_code == 3);
  CHECK(failed.output.view() == "out\n");
  CHECK(failed.errors == "err\n");
  CHECK(describe_end(failed) == "exit status 3");
  const ChildResult killed = run_child({"sh", "-c", "kill -KILL $$"}, {}, {}, with_path());
  CHECK(killed.exit_code == 255);
  CHECK(killed.signal == SIGKILL);
  CHECK(describe_end(killed) == "signal: killed");
  const ChildResult loud = run_child({"sh", "-c", "head -c 1000000 /dev/zero >&2"}, {}, {}, with_path());
  CHECK(loud.errors.size() == 64 << 10);
  ChildOptions silent;
  silent.discard_errors = true;
  CHECK(run_child({"sh", "-c", "echo err >&2"}, {}, silent, with_path()).errors.empty());
  CHECK(run_in_terminal({"sh", "-c", "exit 7"}, {}, with_path()).exit_code == 7);
}

TEST_CASE("a child that does not end within its time is killed, whatever holds its pipes") {
  ChildOptions limited;
  limited.time_limit = std::chrono::milliseconds(200);
  const auto begin = std::chrono::steady_clock::now();
  for (const char* command : {"exec sleep 20", "sleep 20", "while :; do echo x; done"}) {
    const ChildResult late = run_child({"sh", "-c", command}, {}, limited, with_path());
    CHECK(late.late);
    CHECK(late.exit_code != 0);
    CHECK(describe_end(late) == "no end within its time");
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  const ChildResult quick = run_child({"sh", "-c", "echo out"}, {}, limited, with_path());
  CHECK(!quick.late);
  CHECK(quick.output.view() == "out\n");
}

TEST_CASE("a program that cannot be started is an error that names it") {
  const Environment environment = with_path();
  const Directory directory;
  const std::string data = directory.program("data", 0644);
  CHECK_THROWS_WITH(run_child({"leafseal-absent"}, {}, {}, environment),
                    "exec: \"leafseal-absent\": executable file not found in $PATH");
  CHECK_THROWS_WITH(run_child({"/nonexistent/x"}, {}, {}, environment),
                    "fork/exec /nonexistent/x: no such file or directory");
  CHECK_THROWS_WITH(run_child({data}, {}, {}, environment), "fork/exec " + data + ": permission denied");
  CHECK_THROWS_WITH(run_child({}, {}, {}, environment), "the command is empty");
}

TEST_CASE("a child sees the given environment and directory, and nothing else of this process", "[M2][F12]") {
  Environment environment = with_path();
  environment.variables["KEPT"] = "1";
  environment.variables["SOPS_AGE_KEY"] = "secret";
  ChildOptions options;
  options.set = {{"ADDED", "2"}, {"KEPT", "3"}};
  options.unset = {"SOPS_AGE_KEY"};
  options.directory = "/";
  setenv("LEAFSEAL_OF_THE_PROCESS", "x", 1);
  const std::string seen(run_child({"env"}, {}, options, environment).output.view());
  CHECK(seen == "ADDED=2\nKEPT=3\nPATH=/usr/local/bin:/usr/bin:/bin\n");
  CHECK(run_child({"pwd"}, {}, options, environment).output.view() == "/\n");

  const int kept_here = open("/dev/null", O_RDONLY | O_CLOEXEC);
  CHECK(run_child({"test", "-e", "/proc/self/fd/" + std::to_string(kept_here)}, {}, {}, environment).exit_code == 1);
  const ChildPipe other({"cat"}, {}, environment);  // its pipes must not reach the next child
  const auto inherited = [&] { return output_of({"sh", "-c", "ls /proc/self/fd | wc -l"}); };
  const std::string with_one = inherited();
  const ChildPipe third({"cat"}, {}, environment);
  CHECK(inherited() == with_one);
  close(kept_here);

  struct sigaction ignore = {}, before;
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before);
  sigset_t block, mask_before;
  sigfillset(&block);
  sigprocmask(SIG_BLOCK, &block, &mask_before);
  const std::string status = output_of({"cat", "/proc/self/status"});
  sigprocmask(SIG_SETMASK, &mask_before, nullptr);
  sigaction(SIGPIPE, &before, nullptr);
  CHECK(status.find("SigBlk:\t0000000000000000") != std::string::npos);
  CHECK(status.find("SigIgn:\t0000000000000000") != std::string::npos);
}

TEST_CASE("a running child is spoken to line by line") {
  const Environment environment = with_path();
  ChildPipe pipe({"sh", "-c", "while read -r line; do echo \"got $line\"; done; exit 1"}, {}, environment);
  for (const std::string text : {"one", "two words", ""}) {
    pipe.write(text + "\n");
    CHECK(pipe.read_line() == "got " + text);
  }
}

TEST_CASE("a child that ends ends the conversation, without a signal to this process") {
  const Environment environment = with_path();
  ChildPipe pipe({"sh", "-c", "echo first; printf cut"}, {}, environment);
  CHECK(pipe.read_line() == "first");
  CHECK(pipe.read_line() == std::nullopt);
  CHECK(pipe.read_line() == std::nullopt);
  const auto write_much = [&] {
    for (int i = 0; i < 100; ++i) pipe.write(std::string(1 << 16, 'x'));
  };
  CHECK_THROWS_WITH(write_much(), Catch::Contains("broken pipe"));
}

TEST_CASE("a child that says nothing for long is waited for, and that is told once") {
  ChildPipe pipe({"sh", "-c", "sleep 0.3; echo late; sleep 0.1; echo later"}, {}, with_path());
  pipe.patience = std::chrono::milliseconds(50);
  int told = 0;
  pipe.on_silence = [&] { told += 1; };
  CHECK(pipe.read_line() == "late");
  CHECK(told == 1);
}

TEST_CASE("a conversation's end ends the child") {
  const auto begin = std::chrono::steady_clock::now();
  { const ChildPipe pipe({"sleep", "60"}, {}, with_path()); }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(4));
}
