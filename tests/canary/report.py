#!/usr/bin/env python3
"""The watch over all runs of leafseal in the tests (security.md section 3): its log is emptied before them, and read
after them.

usage: report.py begin|end LOG
"""
import os
import sys
from collections import Counter
from pathlib import Path

SHOWN = 20


def read(log):
    """(code, command, hits) of each run."""
    runs, hits = [], []
    for line in log.read_text(errors="replace").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "hit":
            hits.append(rest)
        elif kind == "run":
            code, _, command = rest.partition(" ")
            runs.append((int(code), command, hits))
            hits = []
    return runs


def main():
    mode, log = sys.argv[1], Path(sys.argv[2])
    if mode == "begin":
        log.write_text("")
        log.chmod(0o666)  # tests run leafseal as other users too
        return 0
    runs = read(log)
    leaks = [run for run in runs if run[2]]
    for code, command, hits in leaks[:SHOWN]:
        print(f"FAIL leak: {', '.join(sorted(set(hits)))}: exit {code}: {command}")
    commands = Counter(next((word for word in command.split()[1:] if word[0] != "-"), "") for _, command, _ in runs)
    failed = sum(code != 0 for code, _, _ in runs)
    print("canary: " + ", ".join(f"{name} {count}" for name, count in commands.most_common(12)))
    print(f"canary: {len(runs)} runs covered, {failed} of them failed, {len(leaks)} leaks")
    print(f"{len(runs) - len(leaks)} passed, {len(leaks)} failed")
    return 1 if leaks or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
