// What the process does first, before it holds a secret (security.md M2): no core dumps, no debugger of the same user,
// and descriptors 0 to 2 open, so that no file of ours becomes somebody's stdout.
#pragma once

namespace leafseal {

void harden_process();

// In a child, before exec: the limit that the user had set. Safe between fork and exec.
void restore_core_limit();

}  // namespace leafseal
