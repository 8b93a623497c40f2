#!/usr/bin/env python3
"""`leafseal help exit-codes|environment|formats|keys` says what is so: statuses against those of include/leafseal/error.hpp
that the sources use, and leafseal(1); variables against the flag tables and every look-up in the sources, types and places of keys by trying each.

usage: help_topics.py BINARY SOURCE_DIR
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# How the sources name a variable of the environment.
LOOKED_UP = [r'\b(?:variable|is_set|getenv|text)\("([A-Z][A-Z0-9_]+)"\)', r'variables\.find\("([A-Z][A-Z0-9_]+)"\)',
             r'\bfirst_set\(environment, "([A-Z][A-Z0-9_]+)"',
             r'\b\w+_variable = "([A-Z][A-Z0-9_]+)"']
CONTENT = {"yaml": "a: 1\n", "json": '{"a": 1}\n', "dotenv": "a=1\n", "ini": "[s]\na = 1\n", "binary": "any bytes\n"}
SEALED = {"yaml": "\nsops:\n", "json": '"sops": {', "dotenv": "\nsops_mac=", "ini": "\n[sops]\n", "binary": '"data": "ENC'}

failures, passed = [], 0


def check(good, text):
    global passed
    passed += bool(good)
    if not good:
        failures.append(text)


def equal(found, wanted, what, advice):
    for name in sorted(set(wanted) - set(found), key=str):
        check(False, f"{what} lacks {name}: {advice}")
    for name in sorted(set(found) - set(wanted), key=str):
        check(False, f"{what} has {name}, which there is not")
    check(found, f"{what} is empty")


class Program:
    def __init__(self, binary, folder):
        self.binary, self.folder = str(Path(binary).resolve()), Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir()

    def run(self, *args, stdin="", **variables):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8", **variables}
        env |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        return subprocess.run([self.binary, *args], cwd=self.folder, env=env, input=stdin, text=True, capture_output=True)

    def topic(self, name):
        done = self.run("help", name)
        check(done.returncode == 0 and not done.stderr, f"help {name}: {done}")
        check(done.stdout.splitlines()[1].startswith("    "), f"help {name} does not begin with an example")
        return done.stdout


def exit_codes(program, source):
    listed = {int(code): text for code, text in re.findall(r"^  (\d+) +(\S.*)$", program.topic("exit-codes"), re.M)}
    header = (source / "include/leafseal/error.hpp").read_text()
    enum = re.search(r"enum class ExitCode : int \{(.*?)\};", header, re.S)[1]
    codes = {int(value): name for name, value in re.findall(r"^\s*(\w+) = (\d+),", enum, re.M)}
    sources = "".join(p.read_text() for p in (source / "src").rglob("*.[ch]pp") if p.name != "help_exit_codes.cpp")
    used = {code for code, name in codes.items() if code == 0 or re.search(rf"ExitCode::{name}\b", sources)}
    equal(listed, used, "help exit-codes", "see src/cli/help_exit_codes.cpp")
    page = (source / "man/leafseal.1.scd").read_text().split("# EXIT STATUS")[1]
    written = {int(code) for code in re.findall(r"^\|\s+(\d+)$", page, re.M)}
    equal(written, used, "EXIT STATUS of leafseal(1)", "add it to the table")


def help_pages(program, *words):
    text = program.run(*words, "--help").stdout
    yield text
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.M)
    for name in re.findall(r"^  ([\w-]+) ", listed[1], re.M) if listed else []:
        yield from help_pages(program, *words, name)


def environment(program, source):
    text = program.topic("environment")
    listed = re.findall(r"^  ([A-Z][A-Z0-9_]+\*?)(?: |$)", text, re.M)
    check(len(listed) == len(set(listed)), "a variable stands twice in help environment")
    of_flags = {name for page in help_pages(program) for name in re.findall(r"\[\$(\w+)\]$", page, re.M)}
    looked_up = set()
    for file in (source / "src").rglob("*.[ch]pp"):
        for pattern in LOOKED_UP:
            looked_up |= set(re.findall(pattern, file.read_text()))
    known_literals = set()
    for file in (source / "src").rglob("*.[ch]pp"):
        if file.name != "help_environment.cpp":
            known_literals |= set(re.findall(r'"([A-Z][A-Z0-9_]+)"', file.read_text()))
    wanted = of_flags | looked_up | (set(listed) & known_literals)
    for family in [name for name in listed if name.endswith("*")]:
        members = {name for name in looked_up | known_literals if name.startswith(family[:-1])}
        wanted = wanted - members | ({family} if members else set())
    equal(listed, wanted, "help environment", "put it, or its family as NAME_*, into src/cli/help_environment.cpp")


def formats(program, recipient):
    rows = re.findall(r"^  (\w+) {2,}(\S.*)$", program.topic("formats"), re.M)
    equal([name for name, _ in rows], CONTENT, "help formats", "see src/cli/help_formats.cpp")
    for name, files in rows:
        for suffix in re.findall(r"\*(\.\w+)", files) or [".any"]:
            path = program.folder / f"formats{suffix}"
            path.write_text(CONTENT[name])
            sealed = program.run("encrypt", "--age", recipient, path.name)
            check(SEALED[name] in sealed.stdout, f"*{suffix} is not taken as {name}: {sealed}")
            flagged = program.run("encrypt", "--age", recipient, "--input-type", name, "--output-type", name,
                                  "--filename-override", "x", stdin=CONTENT[name])
            check(SEALED[name] in flagged.stdout, f"--input-type {name}: {flagged}")


def keys(program, source):
    """Each place alone opens a file, and the text has no other."""
    folder = source / "testdata/golden/keys"
    index = json.loads((folder / "keys.json").read_text())
    text = program.topic("keys")
    identity = (folder / "age/a1.txt").read_text()
    own = program.folder / "a1.txt"
    own.write_text(identity)
    own.chmod(0o600)
    ssh = program.folder / "ssh_key"
    ssh.write_text((folder / "ssh/id_ed25519").read_text())
    ssh.chmod(0o600)

    def opens(place, recipient, files=(), **variables):
        check(place in text, f"help keys does not name {place}")
        for target, content in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
            target.chmod(0o600)
        sealed = program.run("encrypt", "--age", recipient, "--filename-override", "k.yaml", stdin="a: secret\n").stdout
        done = program.run("decrypt", "--filename-override", "k.yaml", stdin=sealed, **variables)
        check(done.stdout == "a: secret\n" and not done.stderr, f"{place}: {done}")
        for target, _ in files:
            target.unlink()

    age, ssh_recipient, rsa = (index[name]["recipient"] for name in ("age:a1", "ssh:ed25519", "ssh:rsa"))
    opens("$SOPS_AGE_KEY ", age, SOPS_AGE_KEY=identity)
    opens("$SOPS_AGE_KEY_FILE ", age, SOPS_AGE_KEY_FILE=str(own))
    opens("$SOPS_AGE_KEY_CMD ", age, SOPS_AGE_KEY_CMD=f"cat {own}")
    opens("$XDG_CONFIG_HOME/sops/age/keys.txt ", age, [(program.folder / "xdg/sops/age/keys.txt", identity)],
          XDG_CONFIG_HOME=str(program.folder / "xdg"))
    opens("~/.config/sops/age/keys.txt by default", age, [(program.home / ".config/sops/age/keys.txt", identity)])
    opens("$SOPS_AGE_SSH_PRIVATE_KEY_FILE ", ssh_recipient, SOPS_AGE_SSH_PRIVATE_KEY_FILE=str(ssh))
    opens("$SOPS_AGE_SSH_PRIVATE_KEY_CMD ", ssh_recipient, SOPS_AGE_SSH_PRIVATE_KEY_CMD=f"cat {ssh}")
    opens("~/.ssh/id_ed25519", ssh_recipient, [(program.home / ".ssh/id_ed25519", ssh.read_text())])
    opens("~/.ssh/id_rsa", rsa, [(program.home / ".ssh/id_rsa", (folder / "ssh/id_rsa").read_text())])
    sources = "".join(p.read_text() for p in (source / "src/recipients").glob("*.cpp"))
    for name in re.findall(r'\b\w+_variable = "(SOPS_\w+)"', sources):
        check(f"${name} " in text, f"help keys lacks ${name}")


def main():
    source = Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        program = Program(sys.argv[1], folder)
        recipient = json.loads((source / "testdata/golden/keys/keys.json").read_text())["age:a1"]["recipient"]
        exit_codes(program, source)
        environment(program, source)
        formats(program, recipient)
        keys(program, source)
        wrong = program.run("help", "exit-code")
        check(wrong.returncode == 3 and "did you mean `help exit-codes`?" in wrong.stderr, f"help exit-code: {wrong}")
    for text in failures:
        print("FAIL", text)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
