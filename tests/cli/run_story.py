#!/usr/bin/env python3
"""Runs a story: commands, what they print, and the files they work on.

usage: run_story.py LEAFSEAL SOURCE_DIR STORY

A story reads from top to bottom, in an empty directory with one age identity (`$R` is its recipient, `$OTHER`
that of $KEYS/a2.txt):

    # a sentence on what follows
    $ leafseal decrypt --extract '["b"]' f.json     a command for /bin/sh
    two                                             its stdout, whole; `[..]` stands for any text in a line
    2> leafseal: warning: ...                       its stderr, whole, a line each
    ? 1                                             its exit code, 0 where nothing is said
    \\                                              behind the output: it has no final line break
    \\# text                                        a line of output that begins with #
    -- f.json --                                    files come last; *.sh are made executable

A line of stdout or stderr that is `...` alone stands for any lines.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = re.compile(r"^-- (\S+) --$")


def parse(text):
    """The steps and the files of a story."""
    steps, files, name = [], {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if match := FILE.match(line):
            name = match[1]
            files[name] = ""
        elif name is not None:
            files[name] += line + "\n"
        elif line.startswith("$ "):
            steps.append({"line": number, "command": line[2:], "out": [], "err": [], "code": 0, "open": False})
        elif line.startswith(("#", "~")) or (not line and (not steps or not steps[-1]["out"])):
            continue
        elif not steps:
            raise SystemExit(f"line {number}: output before the first command")
        elif line.startswith("? "):
            steps[-1]["code"] = int(line[2:])
        elif line == "2>" or line.startswith("2> "):
            steps[-1]["err"].append(line[3:])
        elif line == "\\":
            steps[-1]["open"] = True
        else:
            steps[-1]["out"].append(line[1:] if line.startswith("\\#") else line)
    for step in steps:
        while step["out"] and not step["out"][-1]:
            step["out"].pop()  # blank lines before the next sentence
    return steps, files


def pattern(lines, final_break):
    """A regular expression for expected lines."""
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(re.escape(piece) for piece in line.split("[..]")) + r"\n")
    text = "".join(parts)
    return text if final_break or not text.endswith(r"\n") else text[:-2]


def environment(leafseal, source_dir, directory):
    bin_directory = directory / ".bin"
    bin_directory.mkdir()
    for name in ("leafseal", "sops"):
        (bin_directory / name).symlink_to(Path(leafseal).resolve())
    keys = Path(source_dir).resolve() / "testdata/golden/keys/age"
    identity = directory / "identity.txt"  # a copy: git keeps no mode, and a key that others can read is warned of
    identity.write_text((keys / "a1.txt").read_text())
    identity.chmod(0o600)
    recipient, other = (re.search(r"age1[0-9a-z]+", (keys / name).read_text())[0] for name in ("a1.txt", "a2.txt"))
    return {"PATH": f"{bin_directory}:/usr/bin:/bin", "HOME": str(directory / ".home"), "TMPDIR": str(directory),
            "SOPS_AGE_KEY_FILE": str(identity), "R": recipient, "OTHER": other, "LC_ALL": "C.UTF-8", "KEYS": str(keys),
            **{name: value for name, value in os.environ.items() if name.startswith(("ASAN", "UBSAN"))}}


def run(leafseal, source_dir, story):
    steps, files = parse(Path(story).read_text())
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name) / "work"
        directory.mkdir()
        variables = environment(leafseal, source_dir, Path(name))
        for file, text in files.items():
            path = directory / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            if file.endswith(".sh"):
                path.chmod(0o755)
        for step in steps:
            done = subprocess.run(["/bin/sh", "-c", step["command"]], cwd=directory, env=variables, text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, errors="surrogateescape", timeout=60)
            good = (done.returncode == step["code"]
                    and re.fullmatch(pattern(step["out"], not step["open"]), done.stdout)
                    and re.fullmatch(pattern(step["err"], True), done.stderr))
            if not good:
                failures += 1
                print(f"{story}:{step['line']}: $ {step['command']}\n--- exit {done.returncode}, expected {step['code']}"
                      f"\n--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}")
    print(f"{len(steps) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:4]))
