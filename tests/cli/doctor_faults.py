#!/usr/bin/env python3
"""Faults planted one by one in surroundings that are well: `doctor` finds each, names it and says what to do.

usage: doctor_faults.py LEAFSEAL SOURCE_DIR
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from terminal import Session

LEAFSEAL, SOURCE_DIR = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).resolve()
CANARY = "hunter2-canary"


class Ward:
    """A home, an age key, a GnuPG key, a repository with rules and a sealed file: nothing wrong."""

    def __init__(self, gpg):
        self.root = Path(tempfile.mkdtemp(prefix="lf-", dir="/tmp"))  # short: a GnuPG home has a socket in it
        self.work, self.home, bin_directory = self.root / "work", self.root / "home", self.root / "bin"
        for path in (self.work, self.home, bin_directory, self.root / "run"):
            path.mkdir(mode=0o700)
        (bin_directory / "leafseal").symlink_to(Path(LEAFSEAL).resolve())
        self.key = self.home / ".config/sops/age/keys.txt"
        self.key.parent.mkdir(parents=True)
        self.key.write_text((SOURCE_DIR / "testdata/golden/keys/age/a1.txt").read_text())
        self.key.chmod(0o600)
        self.recipient = re.search(r"age1[0-9a-z]+", self.key.read_text())[0]
        self.env = {"PATH": f"{bin_directory}:/usr/bin:/bin", "HOME": str(self.home), "LC_ALL": "C.UTF-8", "EDITOR": "true",
                    "GNUPGHOME": str(self.root / "gpg"), "TMPDIR": str(self.root / "run"), "PWD": str(self.work),
                    **{name: value for name, value in os.environ.items() if name.startswith(("ASAN", "UBSAN"))}}
        self.fingerprint = ""
        rules = f"creation_rules:\n  - path_regex: ^secret/\n    age: {self.recipient}\n"
        if gpg:
            (self.root / "gpg").mkdir(mode=0o700)
            (self.root / "gpg/gpg-agent.conf").write_text("pinentry-program /bin/true\n")
            self.run("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "Ann <ann@example.com>", "future-default", "default", "1y")
            listed = self.run("gpg", "--batch", "--with-colons", "--list-keys").stdout
            self.fingerprint = re.search(r"^fpr:+([0-9A-F]{40}):", listed, re.M)[1]
            rules += f"    pgp: {self.fingerprint}\n"
        (self.work / ".sops.yaml").write_text(rules)
        (self.work / "secret").mkdir()
        self.file = self.work / "secret/f.yaml"
        self.file.write_text(f"a: {CANARY}\nb: 2\n")
        self.run("leafseal", "encrypt", "-i", "secret/f.yaml")
        self.run("git", "init", "-q")
        (self.work / ".gitattributes").write_text("secret/* diff=leafseal\n")
        self.run("git", "config", "diff.leafseal.textconv", "leafseal decrypt")
        hook = self.work / ".git/hooks/pre-commit"
        hook.write_text("#!/bin/sh\nexec leafseal check\n")
        hook.chmod(0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["gpgconf", "--kill", "all"], env=self.env, capture_output=True, check=False)
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, *words, check=True):
        done = subprocess.run(words, cwd=self.work, env=self.env, text=True, capture_output=True, stdin=subprocess.DEVNULL,
                              check=False)
        assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def doctor(self, *words):
        """(exit code, the problems), of --json; everything must be said without a secret."""
        done = self.run("leafseal", "doctor", "--json", *words, check=False)
        assert done.stderr == "", done.stderr
        assert not re.search(CANARY + "|AGE-SECRET-KEY-1[0-9A-Z]", done.stdout), done.stdout
        report = json.loads(done.stdout)
        problems = [c for c in report["checks"] if c["status"] == "problem"]
        assert report["problems"] == len(problems) and all(c["hint"] for c in problems), report
        assert done.returncode == (1 if problems else 0), done.returncode
        return report["checks"], problems

    def replace(self, old, new):
        text = self.file.read_text()
        assert old in text, old
        self.file.write_text(text.replace(old, new, 1))


def set_variable(name, value):
    return lambda w: w.env.__setitem__(name, value(w) if callable(value) else value)


def rules(text):
    return lambda w: (w.work / ".sops.yaml").write_text(text.replace("R", w.recipient).replace("FP", w.fingerprint))


def bech32(prefix, data):
    """BIP 173, without its limit of length; as age spells identities."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

    def polymod(values):
        check = 1
        for value in values:
            top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
            for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= generator if top >> i & 1 else 0
        return check

    bits = "".join(f"{byte:08b}" for byte in data)
    words = [int(bits[i:i + 5].ljust(5, "0"), 2) for i in range(0, len(bits), 5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod(expanded + words + [0] * 6) ^ 1
    return prefix + "1" + "".join(alphabet[w] for w in words + [check >> 5 * (5 - i) & 31 for i in range(6)])


def plugin_identity(w):
    w.key.write_text(w.key.read_text() + bech32("age-plugin-nosuch-", b"any").upper() + "\n")


# Each: what is wrong, how it comes about, the area and what the problem says, with FILE or without, with GnuPG or without.
FAULTS = [
    ("a variable is misspelt", set_variable("SOPS_AGE_KEYFILE", "/x"), "variables", "SOPS_AGE_KEYFILE is set", "", False),
    ("a key file is named with ~", set_variable("SOPS_AGE_KEY_FILE", "~/k"), "variables", "begins with ~", "", False),
    ("the named key file is not there", set_variable("SOPS_AGE_KEY_FILE", "/nowhere"), "age", "no such file", "", False),
    ("a recipient stands where an identity should", set_variable("SOPS_AGE_KEY", lambda w: w.recipient), "age",
     "unknown identity type", "", False),
    ("the key file is readable by others", lambda w: w.key.chmod(0o644), "age", "read or changed by other users", "", False),
    ("everybody may change the key's directory", lambda w: w.key.parent.chmod(0o777), "age", "everybody may change", "", False),
    ("there is no private key", lambda w: w.key.unlink(), "age", "no private age key was found", "", False),
    ("the key file holds comments only", lambda w: w.key.write_text("# nothing\n"), "age", "holds no identity", "", False),
    ("a plugin is missing", plugin_identity, "plugins", "age-plugin-nosuch is not on PATH", "", False),
    ("a recipient variable is malformed", set_variable("SOPS_AGE_RECIPIENTS", "age1bad"), "variables", "SOPS_AGE_RECIPIENTS:", "",
     False),
    ("a rule never decides", rules("creation_rules:\n  - age: R\n  - path_regex: ^a/\n    age: R\n"), "config", ":3:5: this rule never", "",
     False),
    ("a key of a rule is misspelt", rules("creation_rules:\n  - agee: x\n    age: R\n"), "config", "did you mean", "", False),
    ("the config is broken", rules("creation_rules: [\n"), "config", "yaml:", "", False),
    ("everybody may change the config", lambda w: (w.work / ".sops.yaml").chmod(0o666), "config", "can be changed by everybody", "",
     False),
    ("the config is called .sops.yml", lambda w: (w.work / ".sops.yaml").rename(w.work / ".sops.yml"), "config", 'ignoring ".sops.yml"',
     "", False),
    ("the diff driver is not registered in this clone", lambda w: w.run("git", "config", "--unset", "diff.leafseal.textconv"), "git",
     "diff.leafseal, which this clone does not have", "", False),
    ("the diff driver's program is missing", lambda w: w.run("git", "config", "diff.leafseal.textconv", "nosuchsops decrypt"), "git",
     "nosuchsops, which is not on PATH", "", False),
    ("the hook is not executable", lambda w: (w.work / ".git/hooks/pre-commit").chmod(0o644), "git", "cannot be executed", "", False),
    ("pre-commit was not installed in this clone", lambda w: ((w.work / ".git/hooks/pre-commit").unlink(),
     (w.work / ".pre-commit-config.yaml").write_text("repos: [{repo: x/leafseal}]\n")), "git", "no hook runs it", "", False),
    ("the editor is not there", set_variable("EDITOR", "nosucheditor"), "edit", "nosucheditor", "", False),
    ("TMPDIR is not there", set_variable("TMPDIR", "/nowhere"), "edit", "TMPDIR is /nowhere", "", False),
    ("the file was never sealed", lambda w: w.file.write_text("a: 1\n"), "file", "is not sealed", "FILE", False),
    ("the file is not there", lambda w: w.file.unlink(), "file", "no such file", "FILE", False),
    ("a value was written by hand", lambda w: w.file.write_text(re.sub(r"^b: .*", "b: " + CANARY, w.file.read_text(), flags=re.M)), "file",
     '["b"] is in clear', "FILE", False),
    ("two values changed places", lambda w: w.file.write_text(re.sub(r"^a: (.*)\nb: (.*)", r"a: \2\nb: \1", w.file.read_text(), flags=re.M)),
     "file", "message authentication failed", "FILE", False),
    ("a plain value was added", lambda w: w.file.write_text("x_unencrypted: 1\n" + w.file.read_text()), "file", "MAC mismatch", "FILE",
     False),
    ("the file is from the future", lambda w: w.replace('lastmodified: "20', 'lastmodified: "21'), "file", "in the future", "FILE", False),
    ("the wrong key is here", lambda w: w.key.write_text((SOURCE_DIR / "testdata/golden/keys/age/a2.txt").read_text()), "file",
     "nobody here can open it", "FILE", False),
    ("the rule has other recipients now", rules("creation_rules:\n  - path_regex: ^secret/\n    age: "
     "age1drhula90gl2hu0ust8t2hju5f8ghymhxk0pps2stlrnmtsylgeeqwts2zj\n"), "file", "not those of the rule", "FILE", False),
    ("gpg is not there", set_variable("SOPS_GPG_EXEC", "nosuchgpg"), "gpg", "gpg is not on PATH", "", True),
    ("a PGP key is not in the keyring", rules("creation_rules:\n  - pgp: 85D77543B3D624B63CEA9E6DBC17301B491B3F21\n"), "gpg",
     "is not in the keyring", "", True),
    ("a PGP key has expired", lambda w: w.run("gpg", "--batch", "--quick-set-expire", w.fingerprint, "seconds=1") and
     w.run("sleep", "2"), "gpg", "has expired", "", True),
    ("other users may enter the GnuPG home", lambda w: (w.root / "gpg").chmod(0o755), "gpg", "other users may enter", "", True),
    ("the pinentry is not there", lambda w: (w.root / "gpg/gpg-agent.conf").write_text("pinentry-program /nowhere/pinentry\n"), "gpg",
     "/nowhere/pinentry is not there", "", True),
    ("GPG_TTY is no terminal", set_variable("GPG_TTY", "not a tty"), "terminal", "GPG_TTY is not a tty", "", True),
]


def lines_and_table(ward):
    """The same report for people: plain lines, and a table on a terminal."""
    ward.key.chmod(0o644)
    plain = ward.run("leafseal", "doctor", check=False).stdout
    assert f"problem: age: {ward.key} can be read or changed by other users\nhint: chmod 600 {ward.key}\n" in plain, plain
    session = Session([LEAFSEAL, "doctor"], ward.env, ward.work)
    session.wait()
    table = session.text
    assert re.search(r"^age +(ok|problem) ", table, re.M) and "-> chmod 600" in table, table


def each_recipient_is_named(ward):
    """With FILE: of each recipient who opens it here, without being asked; the MAC is checked."""
    checks, problems = ward.doctor("secret/f.yaml")
    texts = [c["text"] for c in checks if c["area"] == "file"]
    assert not problems, problems
    assert any(t.startswith(f"age {ward.recipient}: opened by") for t in texts), texts
    assert any(t == f"pgp {ward.fingerprint}: opened by gpg" for t in texts), texts
    assert "every value opens and the MAC fits" in texts, texts


def no_network_and_no_other_program(ward):
    """Without PGP in play no program runs and no socket is made."""
    trace = ward.root / "trace"
    (ward.work / "x.yaml").write_text("a: 1\n")
    rules("creation_rules:\n  - age: R\n")(ward)
    ward.run("leafseal", "encrypt", "-i", "x.yaml")
    ward.run("strace", "-f", "-qq", "-e", "trace=execve,socket", "-o", str(trace), LEAFSEAL, "doctor", "x.yaml", check=False)
    calls = [line for line in trace.read_text().splitlines() if "execve(" in line or "socket(" in line]
    calls = [line for line in calls if 'execve("' not in line or "/canary/" not in line.split(",")[0]]  # the watch's own start
    assert len(calls) == 1 and "execve(" in calls[0], calls


def main():
    passed, failures = 0, []

    def attempt(name, action):
        nonlocal passed
        try:
            action()
            passed += 1
        except AssertionError as error:
            failures.append(f"{name}: {error}")

    def healthy(gpg):
        with Ward(gpg) as ward:
            _, problems = ward.doctor("secret/f.yaml")
            problems = [p for p in problems if "lies on a disk" not in p["text"]]
            assert not problems, problems

    def fault(plant, area, says, file, gpg):
        with Ward(gpg) as ward:
            plant(ward)
            _, problems = ward.doctor(*(["secret/f.yaml"] if file else []))
            assert any(p["area"] == area and says in p["text"] for p in problems), json.dumps(problems, indent=1)

    def in_ward(gpg, test):
        with Ward(gpg) as ward:
            test(ward)

    for gpg in (False, True):
        attempt(f"nothing is wrong, GnuPG: {gpg}", lambda gpg=gpg: healthy(gpg))
    for name, *rest in FAULTS:
        attempt(name, lambda rest=rest: fault(*rest))
    for gpg, test in ((False, lines_and_table), (True, each_recipient_is_named), (False, no_network_and_no_other_program)):
        attempt(test.__doc__, lambda gpg=gpg, test=test: in_ward(gpg, test))
    for text in failures:
        print("FAIL", text)
    print(f"{passed} passed, {len(failures)} failed; {len(FAULTS)} faults")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
