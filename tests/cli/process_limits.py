#!/usr/bin/env python3
"""The process as others see it [M2]: no core dumps, children with the user's own limit, descriptors 0 to 2 open,
no socket and no child without need.

usage: process_limits.py LEAFSEAL SOURCE_DIR
"""
import os
import re
import resource
import signal
import subprocess
import sys
import time

from terminal import Desk, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]


def waiting_for_stdin(d):
    """A leafseal that has started and waits."""
    process = subprocess.Popen([d.leafseal, "decrypt", "--input-type", "json"], stdin=subprocess.PIPE,
                               env=d.variables, cwd=d.directory)
    time.sleep(0.3)
    return process


def m2_no_core_is_dumped():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        process = waiting_for_stdin(d)
        limits = open(f"/proc/{process.pid}/limits").read()
        owner = os.stat(f"/proc/{process.pid}/mem")
        process.send_signal(signal.SIGABRT)
        process.wait()
        assert re.search(r"Max core file size\s+0\s", limits), limits
        assert owner.st_uid == 0
        assert process.returncode == -signal.SIGABRT and not list(d.directory.glob("core*"))


def m2_children_get_the_limit_back():
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        report = d.root / "report"
        d.script(f"ulimit -c > {report}")
        assert d.edit().wait() == 200
        expected = "unlimited" if soft == resource.RLIM_INFINITY else str(soft // 512)
        assert report.read_text().strip() == expected, (report.read_text(), soft, hard)


def m2_closed_descriptors_are_harmless():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        subprocess.run(["/bin/sh", "-c", f"exec {d.leafseal} set {d.file.name} '[\"port\"]' 5 <&- >&- 2>&-"],
                       env=d.variables, cwd=d.directory, check=True)
        assert '"port": 5' in d.plain()


def a_run_without_need_opens_no_socket_and_starts_no_process():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        trace = d.root / "trace"
        try:
            subprocess.run(["strace", "-f", "-o", trace, "-e", "trace=network,process", d.leafseal, "decrypt", d.file.name],
                           env={**d.variables, "ASAN_OPTIONS": "detect_leaks=0"},  # which needs ptrace for itself
                           cwd=d.directory, check=True, stdout=subprocess.DEVNULL)
        except FileNotFoundError:
            return
        calls = trace.read_text()
        assert not re.search(r"\b(socket|connect|fork|vfork)\(", calls) and calls.count("execve(") == 1, calls


if __name__ == "__main__":
    sys.exit(run_all([value for name, value in list(globals().items())
                      if callable(value) and getattr(value, "__module__", "") == "__main__"
                      and name != "waiting_for_stdin"]))
