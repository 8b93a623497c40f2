// leafseal under watch: becomes the program that users get, with watch_preload in front of its libraries. Tests that get
// this one in place of leafseal notice nothing: process, terminal, streams and argv[0] are the same.
#include <unistd.h>

#include <cstdlib>

int main(int, char** argv) {
  setenv("LEAFSEAL_CANARY_LOG", LEAFSEAL_CANARY_LOG_FILE, 0);
  setenv("LD_PRELOAD", LEAFSEAL_WATCH_PRELOAD, 1);
  execv(LEAFSEAL_WATCHED, argv);
  return 127;
}
