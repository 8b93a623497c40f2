"""Counts checks of one test program and prints them in the form that scripts/count-tests sums up."""
import os
import sys
import threading

SKIPPED = 77  # what ctest takes as skipped (SKIP_RETURN_CODE)


class Checks:
    def __init__(self, show=12):
        self.lock = threading.Lock()
        self.passed = 0
        self.groups = {}
        self.failures = []
        self.show = show
        self.peers = {}

    def add(self, group, name, good, why=""):
        """One check: `group` names the property, `name` the case; `why` is printed when it fails."""
        with self.lock:
            counts = self.groups.setdefault(group, [0, 0])
            counts[0 if good else 1] += 1
            if good:
                self.passed += 1
            else:
                self.failures.append((group, name, why))
        return good

    def equal(self, group, name, got, want):
        if got == want:
            return self.add(group, name, True)
        return self.add(group, name, False, first_difference(got, want))

    def peer(self, name, run=1):
        with self.lock:
            self.peers[name] = self.peers.get(name, 0) + run

    def finish(self, skipped=0):
        for group, (good, bad) in sorted(self.groups.items()):
            print(f"  {group:<34} {good:6} of {good + bad}")
        for group in sorted({failure[0] for failure in self.failures}):
            mine = sorted(failure for failure in self.failures if failure[0] == group)
            for _, name, why in mine[: self.show]:
                print(f"FAIL {group}: {name}: {why}")
            if len(mine) > self.show:
                print(f"... and {len(mine) - self.show} more")
        for name, run in sorted(self.peers.items()):
            print(f"peer {name}: {run} run, 0 skipped")
        print(f"{self.passed} passed, {len(self.failures)} failed, {skipped} skipped")
        if self.passed == 0 and not self.failures:
            sys.exit(SKIPPED if skipped else 1)
        sys.exit(1 if self.failures else 0)


def absent_peer(name, how=""):
    """Ends the program: a missing peer is a skip, or a failure where CI asks for it (LEAFSEAL_REQUIRE_PEERS, `all` or names)."""
    print(f"SKIP peer {name} absent{': ' + how if how else ''}")
    print(f"peer {name}: 0 run, 1 skipped")
    required = os.environ.get("LEAFSEAL_REQUIRE_PEERS", "")
    if required == "all" or name in required.split(","):
        print(f"FAIL {name} is not there and LEAFSEAL_REQUIRE_PEERS={required}")
        print("0 passed, 1 failed, 0 skipped")
        sys.exit(1)
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(SKIPPED)


def first_difference(got, want, where=""):
    if isinstance(got, (bytes, str)) and type(got) is type(want):
        at = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b), min(len(got), len(want)))
        return f"{where} differs at {at}: got {got[max(0, at - 20):at + 40]!r} want {want[max(0, at - 20):at + 40]!r}"
    if type(got) is not type(want) or not isinstance(got, (list, tuple)):
        return f"{where} got {repr(got)[:90]} want {repr(want)[:90]}"
    for i, (a, b) in enumerate(zip(got, want)):
        if a != b:
            return first_difference(a, b, f"{where}/{i}")
    return f"{where} has {len(got)} items, want {len(want)}"
