// Runs a program and writes what it cost: microseconds of CPU (user and system, children included) and peak memory in
// KiB. A program of its own, because a child's peak memory starts from that of the process it was forked from.
//
// usage: measure RESULT_FILE PROGRAM [ARGUMENT...]
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdio>

extern char** environ;

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  pid_t child = 0;
  if (posix_spawn(&child, argv[2], nullptr, nullptr, argv + 2, environ) != 0) return 127;
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return 127;
  const auto microseconds = [](const timeval& time) { return time.tv_sec * 1'000'000L + time.tv_usec; };
  std::FILE* result = std::fopen(argv[1], "w");
  if (result == nullptr) return 127;
  std::fprintf(result, "%ld %ld\n", microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss);
  std::fclose(result);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
