#!/usr/bin/env python3
"""The watch finds what it is to find: a program that leaks on purpose, and leafseal itself with a secret where a message
shows names. And it finds nothing where nothing leaks.

usage: planted.py WATCHED_LEAFSEAL SOURCE_DIR PLANTED WATCH_PRELOAD
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

WATCHED, SOURCE_DIR, PLANTED, PRELOAD = sys.argv[1:5]
sys.path.insert(0, str(Path(SOURCE_DIR) / "tests/cli"))
from terminal import Desk  # noqa: E402

# what is printed, in which form: what the watch must say of it
LEAKS = [("key", "text", "key text"), ("key", "hex", "key hex"), ("key", "HEX", "key HEX"), ("key", "base64", "key base64"),
         ("key", "base64+", "key base64"), ("key", "base64++", "key base64"), ("identity", "text", "key text"),
         ("identity", "hex", "key hex"), ("value", "text", "plaintext text"), ("value", "hex", "plaintext hex"),
         ("value", "base64", "plaintext base64"), ("value", "base64++", "plaintext base64"),
         ("value-hash", "hex", "sha512 of a plaintext hex"), ("value-hash", "HEX", "sha512 of a plaintext HEX"),
         ("value-hash", "base64+", "sha512 of a plaintext base64"), ("hash", "hex", "hash hex"), ("hash", "HEX", "hash HEX"),
         ("identity-text", "text", "private key text")]


def watched(log, command, **variables):
    log.write_text("")
    subprocess.run(command, env={**os.environ, "LEAFSEAL_CANARY_LOG": str(log), **variables}, capture_output=True)
    return log.read_text().splitlines()


def check_planted(log, check):
    for stream in ("stderr", "stdout"):
        for what, form, said in LEAKS:
            lines = watched(log, [PLANTED, stream, what, form, "1"], LD_PRELOAD=PRELOAD)
            check(f"hit {stream} {said}" in lines and lines[-1].startswith("run 1 "), (stream, what, form, lines))
    # Every run's stderr is searched, stdout only where it should be empty.
    check("hit stderr plaintext text" in watched(log, [PLANTED, "stderr", "value", "text", "0"], LD_PRELOAD=PRELOAD), "stderr of 0")
    check(len(watched(log, [PLANTED, "stdout", "value", "text", "0"], LD_PRELOAD=PRELOAD)) == 1, "stdout of 0")
    for stream in ("stderr", "stdout"):
        lines = watched(log, [PLANTED, stream, "nothing", "text", "1"], LD_PRELOAD=PRELOAD)
        check(len(lines) == 1 and lines[0].startswith("run 1 "), (stream, lines))


def check_leafseal(log, check):
    """A key called like the value it holds: the message that names the key shows the value."""
    with Desk(WATCHED, SOURCE_DIR, '{"my own secret": "my own secret", "b": "x"}\n', "f.json") as d:
        d.variables["LEAFSEAL_CANARY_LOG"] = str(log)
        log.write_text("")
        d.run("set", "f.json", '["b"]', '"my own secret"')
        assert not [line for line in log.read_text().splitlines() if line.startswith("hit")]
        log.write_text("")
        text = d.file.read_text()
        d.run("decrypt", "f.json")
        d.run("exec-env", "f.json", "--prefix", "=", "true", code=1)
        lines = log.read_text().splitlines()
        check([line.split()[:2] for line in lines] == [["run", "0"], ["run", "1"]], lines)
        log.write_text("")
        d.file.write_text(text.replace('"b": ', '"my own secret": ', 1))  # its token belongs to another key
        d.run("decrypt", "f.json", code=25)
        lines = log.read_text().splitlines()
        check("hit stderr plaintext text" in lines and lines[-1].startswith("run 25 "), lines)


def main():
    passed, failures = 0, []

    def check(good, what):
        nonlocal passed
        passed += bool(good)
        if not good:
            failures.append(what)

    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        check_planted(log, check)
        check_leafseal(log, check)
    for failure in failures:
        print("FAIL", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
