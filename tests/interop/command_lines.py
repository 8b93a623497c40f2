#!/usr/bin/env python3
"""The command lines of command_lines.txt with leafseal and with a real sops 3.13, each in a fresh copy of the same directory.
Compared are the exit status; what is printed (documents by value, the rest byte for byte); which files were changed, made or
removed, their modes, and what each decrypts to; and the phrase that a failure ends with. Help and usage are each program's own.

Lines of the list: a command for /bin/sh, in which `{{a|b|c}}` stands for three commands; `# ...` is a comment;
`~CLASS what leafseal does instead` says that the next line differs on purpose, and in which class of doc/compatibility.md.

usage: command_lines.py LEAFSEAL SOURCE_DIR
"""
import itertools
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import programs
import typed
from checks import Checks, absent_peer

LIST = Path(__file__).with_name("command_lines.txt")
PLAIN = {
    "a.yaml": 'a: 1\nb: two\nc: 1.5\nd: true\nl: [x, y, 3]\nm: {"n": nested, z: null}\nu_unencrypted: clear\n',
    "a.json": '{"a": 1, "b": "two", "l": ["x", 3], "m": {"n": null}}\n',
    "a.env": "# comment\nA=one\nB=two words\n",
    "a.ini": "[s]\na = 1\nb = two words\n",
    "a.txt": "plain\n",
}
KINDS = {"yaml": "yaml", "yml": "yaml", "json": "json", "env": "dotenv", "ini": "ini"}
LATER = {"rotate", "updatekeys", "groups", "exec-env", "exec-file", "publish", "keyservice"}  # as far as they are not there
NO_FAILURE = re.compile(r"sops: (warning|hint): .*\n?|\[\w+\]\t time.*level=(warning|info).*\n?")


def expanded(line):
    parts = re.split(r"\{\{(.*?)\}\}", line)
    choices = [[part] if i % 2 == 0 else part.split("|") for i, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


def command_lines():
    """(command, the class of its deliberate difference or none)."""
    differs = None
    for line in LIST.read_text().splitlines():
        if line.startswith("~"):
            differs = line[1:].split()[0]
        elif line and not line.startswith("#"):
            for command in expanded(line):
                yield command, differs
            differs = None


class Side:
    def __init__(self, name, binary, folder, env):
        self.name, self.folder = name, Path(folder) / f"bin-{name}"
        self.folder.mkdir()
        (self.folder / "sops").symlink_to(Path(binary).resolve())
        self.env = env | {"PATH": f"{self.folder}:/usr/bin:/bin"}

    def run(self, command, world):
        with tempfile.TemporaryDirectory(dir=self.folder.parent) as folder:
            work = Path(folder) / "w"
            shutil.copytree(world, work, symlinks=True)
            before = contents(work)
            done = programs.run("/bin/sh", ["-c", command], work, self.env | {"PWD": str(work)}, timeout=60)
            after = contents(work)
            changed = {name: after.get(name) for name in before | after if before.get(name) != after.get(name)}
            return done.code, *(text.decode("utf-8", "replace").replace(str(work), "W") for text in (done.out, done.err)), changed


def contents(folder):
    return {str(p.relative_to(folder)): (p.read_bytes(), stat.S_IMODE(p.stat().st_mode))
            for p in sorted(folder.rglob("*")) if p.is_file()}


def phrase(err):
    """What a failure ends with, without time, prefix and shell."""
    text = NO_FAILURE.sub("", err)
    text = re.sub(r'\[\w+\]\t time="[^"]*" level=(?:fatal|error) msg=("(?:[^"\\]|\\.)*"|\S+)',
                  lambda found: found[1].strip('"').replace('\\"', '"').replace("\\n", "\n"), text)
    text = re.sub(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "", text, flags=re.M)
    text = re.sub(r"^(?:sops: error: )?(?:[Ee]rror: )?", "", text)
    text = re.sub(r"^(MAC mismatch\.) File has .*", r"\1", text)  # the digests tell of the plaintext (security.md L2)
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0] if lines else ""


class Comparison:
    def __init__(self, leafseal, sops, folder):
        self.checks, self.folder = Checks(show=60), Path(folder)
        identity, recipient = programs.new_age_key(folder)
        other, other_recipient = self.other_key()
        self.both = self.folder / "both.txt"  # whatever recipients are left
        self.both.write_text(identity.read_text() + other.read_text())
        env = programs.base_environment(folder) | {"SOPS_AGE_KEY_FILE": str(identity), "R": recipient, "R2": other_recipient,
                                                   "K": str(identity), "K2": str(other), "EDITOR": "true"}
        self.ours, self.theirs = Side("ours", leafseal, folder, env), Side("theirs", sops, folder, env)
        self.world = self.make_world(recipient)
        self.known = set(re.findall(r"^  ([\w-]+) ", self.ours.run("sops --help", self.world)[1], re.M))
        self.failing = self.skipped = 0
        self.classes = {}

    def other_key(self):
        folder = self.folder / "other"
        folder.mkdir()
        return programs.new_age_key(folder)

    def make_world(self, recipient):
        world = self.folder / "world"
        world.mkdir()
        env = self.theirs.env | {"SOPS_AGE_RECIPIENTS": recipient}
        for name, text in PLAIN.items():
            (world / name).write_text(text)
            done = subprocess.run(["sops", "encrypt", name], cwd=world, env=env, capture_output=True, check=True)
            (world / f"e{name[1:]}").write_bytes(done.stdout)
        (world / "bad.json").write_text('{"a": ,}\n')
        (world / "empty.yaml").write_text("")
        (world / "other.yaml").write_text(f"creation_rules:\n  - path_regex: nothing$\n    age: {recipient}\n")
        (world / "rules.yaml").write_text(f"creation_rules:\n  - age: {recipient}\n")
        (world / "two.yaml").write_text(f"creation_rules:\n  - age: {recipient},{self.ours.env['R2']}\n")
        (world / "value.json").write_text('"from a file"\n')
        (world / "damaged.yaml").write_text(re.sub(r"(b: ENC\[AES256_GCM,data:)..", r"\1AA", (world / "e.yaml").read_text()))
        (world / "less.yaml").write_text(re.sub(r"(?m)^d: .*\n", "", (world / "e.yaml").read_text()))
        (world / "link.yaml").symlink_to("e.yaml")
        return world

    def values(self, name, data):
        """What a file decrypts to for the reference, as typed values; the bytes where it is not sealed."""
        kind = KINDS.get(name.rsplit(".", 1)[-1], "binary")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(name).name
            path.write_bytes(data)
            done = subprocess.run(["sops", "decrypt", path], cwd=folder, capture_output=True,
                                  env=self.theirs.env | {"SOPS_AGE_KEY_FILE": str(self.both)})
        if done.returncode != 0:
            return data
        return "sealed", typed.loose_numbers(typed.read(kind, done.stdout))

    def same_text(self, command, ours, theirs):
        if ours == theirs or ("USAGE:" in theirs and ("Flags:" in ours or "Commands:" in ours)):
            return True
        if "ENC[" in theirs and "ENC[" in ours:
            for name in ("x.yaml", "x.json", "x.env", "x.ini", "x.txt"):
                found = [self.values(name, text.encode()) for text in (ours, theirs)]
                if all(isinstance(one, tuple) for one in found):
                    return found[0] == found[1]
            return False
        try:  # leafseal keeps the author's layout
            return any(typed.loose_numbers(typed.read(kind, ours.encode())) == typed.loose_numbers(typed.read(kind, theirs.encode()))
                       for kind in ("json", "yaml"))
        except Exception:
            return False

    def same_files(self, ours, theirs):
        if ours.keys() != theirs.keys():
            return f"files {sorted(ours)} and {sorted(theirs)}"
        for name, (mine, other) in {name: (ours[name], theirs[name]) for name in ours}.items():
            if (mine is None) != (other is None):
                return f"{name} is removed by one"
            if mine is None:
                continue
            if mine[0] != other[0] and self.values(name, mine[0]) != self.values(name, other[0]):
                return f"{name} holds other values"
            plain_made = mine[1] == 0o600 and name not in PLAIN and b"ENC[" not in mine[0]  # F1: plaintext is private
            if mine[1] != other[1] and not plain_made:
                return f"{name} has mode {mine[1]:o}, not {other[1]:o}"
        return ""

    def compare(self, command, differs):
        words = {"rotate" if word in ("-r", "--rotate") else word for word in command.split()}
        if words & LATER - self.known:
            self.skipped += 1
            return
        ours, theirs = self.ours.run(command, self.world), self.theirs.run(command, self.world)
        self.failing += theirs[0] != 0
        found = []
        if ours[0] != theirs[0]:
            found.append(f"exit {ours[0]}, sops {theirs[0]}")
        if not self.same_text(command, ours[1], theirs[1]):
            found.append(f"prints {ours[1][:150]!r}, sops {theirs[1][:150]!r}")
        if difference := self.same_files(ours[3], theirs[3]):
            found.append(difference)
        if theirs[0] != 0 and phrase(theirs[2])[:60] not in ours[2].replace('\\"', '"'):
            found.append(f"says {phrase(ours[2])!r}, sops {phrase(theirs[2])!r}")
        if differs is not None:
            self.classes[differs] = self.classes.get(differs, 0) + 1
            self.checks.add(f"differs: {differs}", command, bool(found), "it does not differ any more")
        else:
            self.checks.add("equal", command, not found, "; ".join(found))

    def run(self):
        lines = list(command_lines())
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            list(pool.map(lambda line: self.compare(*line), lines))
        done = len(lines) - self.skipped
        print(f"{done} command lines, {self.failing} of which fail; {self.skipped} of commands that are not there; "
              f"{sum(self.classes.values())} differ on purpose; {len(self.checks.failures)} differ otherwise")
        self.checks.add("size", "command lines", done >= 300, f"only {done}")
        self.checks.add("size", "failing ones", self.failing >= 100, f"only {self.failing}")
        written = (Path(sys.argv[2]) / "doc/compatibility.md").read_text()
        for name in self.classes:
            self.checks.add("listed", name, f"`{name}`" in written, "doc/compatibility.md does not name this class")
        self.checks.peer("sops 3.13")
        self.checks.finish(self.skipped)


def main():
    peers = {version: path for version, path in programs.sops_peers(sys.argv[2]).items() if version.startswith("3.13")}
    if not peers:
        absent_peer("sops 3.13")
    with tempfile.TemporaryDirectory() as folder:
        Comparison(sys.argv[1], next(iter(peers.values())), folder).run()


if __name__ == "__main__":
    main()
