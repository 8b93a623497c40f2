#!/usr/bin/env python3
"""Runs the README's tour in an empty folder and compares what its commands print with what the README shows.

In a block ```console a line `$ COMMAND` is run, lines `> ...` behind it are the command's own further lines, the rest is its
output. `…` stands for any text within a line, a line `…` for any lines: keys, tokens and times differ in every run.

usage: tour.py BINARY SOURCE_DIR
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MARK = "@@end of step"


def steps(readme):
    """(command, expected output) in order."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", readme, re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append([line[2:], []])
            elif re.match(r">( |$)", line) and not found[-1][1]:
                found[-1][0] += "\n" + line[2:]
            else:
                found[-1][1].append(line)
    return found


def pattern(lines):
    """The expected output as a regular expression."""
    parts = [r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in lines]
    return re.compile("".join(parts))


def run(binary, commands):
    """What each command printed, run one after the other in one shell."""
    with tempfile.TemporaryDirectory(prefix="tour") as folder:
        programs = Path(folder) / "bin"
        programs.mkdir()
        (programs / "leafseal").symlink_to(os.path.abspath(binary))
        work = Path(folder) / "work"
        work.mkdir()
        env = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8", "TMPDIR": folder}
        env.update({name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ})
        script = "".join(f"{command}\nstatus=$?; printf '\\n{MARK}\\n'; (exit $status)\n" for command in commands)
        done = subprocess.run(["bash"], input=script, cwd=work, env=env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)
    return done.stdout.split(f"\n{MARK}\n")[:-1]


def main():
    if not shutil.which("age-keygen"):
        sys.exit("age-keygen is not there (Debian package age)")
    wanted = steps((Path(sys.argv[2]) / "README.md").read_text())
    printed = run(sys.argv[1], [command for command, _ in wanted])
    failed = abs(len(wanted) - len(printed)) + (0 if wanted else 1)
    for (command, lines), text in zip(wanted, printed):
        text = text if text.endswith("\n") or not text else text + "\n"
        if not pattern(lines).fullmatch(text):
            failed += 1
            print(f"FAIL $ {command}\n--- printed\n{text}--- README.md\n" + "\n".join(lines))
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
