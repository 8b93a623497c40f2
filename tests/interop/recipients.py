#!/usr/bin/env python3
"""Recipients change and nothing else does: in every format, one that comes adds its lines, the document stays byte for
byte, and the others keep their wrapped keys, also where the key is split. rotate makes every token anew. 200 files in one
call. And what somebody may have put into a file before: recipients ([I11], [I12]) and selectors ([I10], [I13]).

usage: recipients.py BINARY SOURCE_DIR
"""
import difflib
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import Checks
from programs import base_environment, new_age_key, run

FILES = {
    "yaml": "# head\n\na:   \"quoted\"   # line\nb: |\n  l1\n  l2\nlist:\n- x # tx\n- {k: 'v', n: 1.50}\nnum: 0x1F\nopen_unencrypted: o\n",
    "yml": "a: 1\nlast: end\n---\n# two\nb: [x]\nopen_unencrypted: o\n---\nc: {d: e}\n",
    "json": '{"a": "quoted",\n   "b": [1, 2.50, "x\\u00e9"],\n  "open_unencrypted": "o"}\n',
    "env": '# c\na=quoted\n\nexport B="two words"\nopen_unencrypted=o',
    "ini": "; c\n[s]\na = quoted ; tail\n\nopen_unencrypted=o\n",
    "bin": "any\0thing\n",
}
TOKEN = re.compile(rb"ENC\[AES256_GCM,data:[^,]*,iv:([^,]*),")
MANY = 200


def removed_lines(before, after):
    return [line for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
            if line.startswith("-") and not line.startswith("---")]


def without_recipients(text):
    """The lines that are neither in a recipient's entry nor punctuation around one."""
    return [line for line in text.splitlines()
            if re.search(r"ENC\[|[a-z]_?unencrypted|lastmodified|version|^#|^;|^\[", line) and "AGE ENCRYPTED" not in line]


class Bench:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.checks = os.path.abspath(binary), folder, Checks()
        self.env = base_environment(folder)
        self.recipients, identities = [], ""
        for number in range(4):
            (folder / f"k{number}").mkdir()
            path, recipient = new_age_key(folder / f"k{number}")
            self.recipients.append(recipient)
            identities += path.read_text()
        (folder / "all.key").write_text(identities)
        (folder / "all.key").chmod(0o600)
        self.env["SOPS_AGE_KEY_FILE"] = str(folder / "all.key")

    def run(self, *args, **variables):
        return run(self.binary, list(args), self.folder, self.env | variables)

    def rule(self, *groups, threshold=0, extra=""):
        lines = "".join("  - age: [%s]\n" % ", ".join(group) for group in groups)
        limit = f"  shamir_threshold: {threshold}\n" if threshold else ""
        (self.folder / ".sops.yaml").write_text(f"creation_rules:\n- key_groups:\n{lines}{limit}{extra}")

    def sealed(self, name, *args):
        path = self.folder / name
        path.write_bytes(FILES[name.split(".")[-1]].encode())
        made = self.run("encrypt", "-i", *args, name)
        self.checks.add("encrypt", name, made.code == 0, made.reason())
        return path

    def opens(self, what, path, text, numbers):
        identities = self.folder / "some.key"
        identities.write_text("".join((self.folder / f"k{n}/age.key").read_text() for n in numbers))
        identities.chmod(0o600)
        got = self.run("decrypt", path.name, SOPS_AGE_KEY_FILE=str(identities))
        self.checks.add(what, path.name, got.code == 0 and got.out == text, got.reason())

    # --- edits of the metadata alone ---------------------------------------------------------------------------------

    def added_recipient(self, extension, groups, threshold, into, opening):
        name, count = f"add.{extension}", len(groups)
        self.rule(*groups, threshold=threshold)
        path = self.sealed(name)
        before = path.read_text()
        groups[into].append(self.recipients[3])
        self.rule(*groups, threshold=threshold)
        for command in (["updatekeys", "-y", name], ["updatekeys", "-y", name]):  # the second has nothing to do
            got = self.run(*command)
            self.checks.add(f"updatekeys, {count} groups", name, got.code == 0, got.reason())
        lost = removed_lines(before, path.read_text())
        if extension in ("json", "bin"):  # one line ends with a comma now
            lost = [line for line in lost if line[1:].strip() not in ("}", "]")]
        self.checks.add(f"nothing but new lines, {count} groups", name, not lost, str(lost)[:200])
        self.opens(f"the new one opens it, {count} groups", path, FILES[extension].encode(), [3, *opening])
        self.opens(f"the old ones open it, {count} groups", path, FILES[extension].encode(), range(count))

    def regrouped(self, extension):
        name = f"group.{extension}"
        self.rule([self.recipients[0]])
        path = self.sealed(name)
        before = without_recipients(path.read_text())
        steps = (["add", "--age", self.recipients[1]], ["add", "--age", self.recipients[2]], ["delete", "0"],
                 ["delete", "--shamir-secret-sharing-threshold", "1", "0"])
        for step, numbers in zip(steps, ([0, 1], [0, 2], [1, 2], [2])):
            got = self.run("groups", step[0], "-i", "-f", name, *step[1:])
            self.checks.add(f"groups {step[0]}", name, got.code == 0, got.reason())
            after = without_recipients(path.read_text())
            self.checks.equal(f"groups {step[0]} leaves the document", name, after, before)
            self.opens(f"groups {step[0]}: opened", path, FILES[extension].encode(), numbers)

    def rotated(self, extension):
        name = f"rotate.{extension}"
        self.rule([self.recipients[0]])
        path = self.sealed(name)
        before = path.read_bytes()
        got = self.run("rotate", "-i", name)
        after = path.read_bytes()
        self.checks.add("rotate", name, got.code == 0 and self.recipients[0] in got.err.decode(), got.reason())
        nonces = TOKEN.findall(before), TOKEN.findall(after)
        self.checks.add("every token anew", name, len(nonces[0]) == len(nonces[1]) and not set(nonces[0]) & set(nonces[1])
                        and len(set(nonces[1])) == len(set(nonces[0])), f"{len(nonces[0])} and {len(nonces[1])} tokens")
        self.checks.equal("rotate leaves the layout", name, TOKEN.sub(b"", after).count(b"\n"), TOKEN.sub(b"", before).count(b"\n"))
        self.opens("rotate: opened", path, FILES[extension].encode(), [0])

    # --- what somebody put into the file -----------------------------------------------------------------------------

    def i10_a_poisoned_selector(self, extension):
        """The file's selection misses a name that the rule seals: whoever stores such a value is told, or refused."""
        if extension == "bin":
            return
        name = f"i10.{extension}"
        self.rule([self.recipients[0]], extra="  unencrypted_suffix: _unencrypted\n")
        path = self.sealed(name)
        path.write_text(re.sub(r'unencrypted_suffix("?)(: ?|=| *= *)"?_unencrypted"?', r'unencrypted_regex\1\2"^new_|_unencrypted$"'
                               if extension != "env" else r"unencrypted_regex\1\2^new_|_unencrypted$", path.read_text()))
        poisoned = path.read_bytes()
        where = '["s"]["new_password"]' if extension == "ini" else '["new_password"]'
        line = {"json": 's/"a": "quoted"/"new_password": "y", &/', "ini": "s/^a = .*/&\\nnew_password = y/"}.get(extension)
        editor = f"sed -i '{line}'" if line else f"sed -i '1a new_password{'=' if extension == 'env' else ': '}y'"
        for what, args in (("set", ["set", name, where, '"x"']), ("edit", ["edit", name])):
            path.write_bytes(poisoned)
            strict = self.run(*args[:1], "--strict", *args[1:], SOPS_EDITOR=editor)
            self.checks.add(f"I10 {what}: strict refuses", name, strict.code == 10 and path.read_bytes() == poisoned, strict.reason())
            told = self.run(*args, SOPS_EDITOR=editor)
            self.checks.add(f"I10 {what}: names the path", name, told.code == 0 and b"new_password" in told.err
                            and b"stored in clear" in told.err, told.reason())
        strict = self.run("rotate", "--strict", "-i", name)
        self.checks.add("I10 rotate: strict refuses", name, strict.code == 10, strict.reason())
        told = self.run("rotate", "-i", name)
        self.checks.add("I10 rotate: names the path", name, told.code == 0 and b"new_password" in told.err, told.reason())
        kept = [p for p in self.folder.glob("*kept-edit*")]
        self.checks.add("I10 edit: a kept edit holds nothing in clear", name, kept and all(b"new_password" not in p.read_bytes() for p in kept),
                        str(kept))
        for p in kept:
            p.unlink()

    def i11_a_recipient_slipped_in(self, extension):
        name = f"i11.{extension}"
        self.rule([self.recipients[0]])
        path = self.sealed(name)
        self.rule([self.recipients[0], self.recipients[1]])
        self.run("updatekeys", "-y", name)
        self.rule([self.recipients[0]])
        good, mark = path.read_text(), "-----BEGIN AGE ENCRYPTED FILE-----"
        second = good.index(mark, good.index(mark) + 1)
        broken = good[:second] + mark.replace("AGE", "NO") + good[second + len(mark):]
        path.write_text(broken)
        got = self.run("rotate", "-i", name)
        self.checks.add("I11 a stanza that does not parse", name, got.code == 1 and b"wrapped key of" in got.err
                        and path.read_text() == broken, got.reason())
        path.write_text(good)
        got = self.run("rotate", "--strict", "-i", name)
        self.checks.add("I11 strict refuses foreign recipients", name, got.code == 10 and path.read_text() == good, got.reason())
        got = self.run("rotate", "-i", name)
        self.checks.add("I11 foreign recipients are named", name, got.code == 0 and got.err.decode().count(self.recipients[1]) == 2,
                        got.reason())

    def i12_a_recipient_removed(self, extension):
        name = f"i12.{extension}"
        self.rule(self.recipients[:2])
        path = self.sealed(name)
        before = path.read_bytes()
        self.rule([self.recipients[0]])
        got = self.run("updatekeys", "-y", name)
        self.checks.add("I12 says that access stays", name, got.code == 0 and b"only `rotate` takes access away" in got.err, got.reason())
        self.checks.equal("I12 the data key stays", name, TOKEN.findall(path.read_bytes()), TOKEN.findall(before))
        path.write_bytes(before)
        got = self.run("updatekeys", "-y", "--rotate", name)
        self.checks.add("I12 --rotate takes it", name, got.code == 0 and b"access" not in got.err
                        and not set(TOKEN.findall(path.read_bytes())) & set(TOKEN.findall(before)), got.reason())
        self.opens("I12 opened after --rotate", path, FILES[extension].encode(), [0])

    def i13_a_broken_selector(self, extension):
        if extension == "bin":
            return
        name = f"i13.{extension}"
        self.rule([self.recipients[0]])
        path = self.sealed(name, "--encrypted-regex", "^[abc]")
        path.write_text(path.read_text().replace("^[abc]", "("))
        broken = path.read_bytes()
        self.rule(self.recipients[:2])
        where = '["s"]["a"]' if extension == "ini" else '["a"]'
        for args in (["updatekeys", "-y", name], ["rotate", "-i", name], ["groups", "add", "-i", "-f", name, "--age", self.recipients[2]],
                     ["set", name, where, '"x"'], ["unset", name, where], ["edit", name]):
            got = self.run(*args, SOPS_EDITOR="true")
            self.checks.add(f"I13 {args[0]} refuses", name, got.code == 8 and path.read_bytes() == broken, got.reason())
        got = self.run("decrypt", name)
        self.checks.add("I13 decrypt warns", name, b"never matches" in got.err and got.code in (25, 51), got.reason())

    def f5_changed_while_asked(self, extension):
        """Nobody's change is lost while updatekeys waits for an answer."""
        name = f"f5.{extension}"
        self.rule([self.recipients[0]])
        path = self.sealed(name)
        self.rule(self.recipients[:2])
        asking = subprocess.Popen([self.binary, "updatekeys", name], cwd=self.folder, env=self.env, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = b""
        while b"(y/n):" not in said:
            said += os.read(asking.stdout.fileno(), 4096)
        path.write_text("somebody else's\n")
        _, err = asking.communicate(b"y\n", timeout=60)
        self.checks.add("F5 a change meanwhile stays", name, asking.returncode == 3 and path.read_text() == "somebody else's\n",
                        f"exit {asking.returncode}: {err.decode()[:200]}")

    # --- many files --------------------------------------------------------------------------------------------------

    def many_files(self):
        folder = self.folder / "many"
        folder.mkdir()
        self.rule([self.recipients[0]])
        names = []
        for number in range(MANY):
            extension = list(FILES)[number % len(FILES)]
            path = folder / f"f{number}.{extension}"
            path.write_bytes(FILES[extension].encode())
            names.append(str(path))
        for name in names:
            self.run("encrypt", "-i", name)
        self.rule(self.recipients[:2])
        (folder / "f7.yaml").write_text("not: sealed\n")
        names[7] = str(folder / "f7.yaml")
        before = {name: Path(name).read_bytes() for name in names}
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        got = self.run("updatekeys", "-y", *names)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
        lines = got.err.decode().splitlines()
        synced = [line for line in lines if "synced with new keys" in line]
        print(f"updatekeys over {MANY} files: {seconds:.2f} s of CPU")
        self.checks.equal("200 files: status", "many", got.code, 1)
        self.checks.equal("200 files: a line each", "many", len(synced), MANY - 1)
        self.checks.equal("200 files: in order", "many", [re.search(r"/(f\d+)\.\w+ synced", line)[1] for line in synced],
                          [f"f{n}" for n in range(MANY) if n != 7])
        self.checks.add("200 files: a summary", "many", f"{MANY} files: {MANY - 1} synced, 0 already up to date, 1 failed" in got.err.decode(),
                        lines[-2])
        self.checks.add("200 files: nothing else is said", "many", len(lines) == MANY - 1 + 4, "\n".join(lines[-6:]))
        self.checks.add("200 files: the bad one stays", "many", Path(names[7]).read_bytes() == before[names[7]], "changed")
        if not any(name in self.env for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")):
            self.checks.add("200 files: under a second of CPU", "many", seconds < 1.0, f"{seconds:.2f} s")
        again = self.run("updatekeys", "-y", *[name for name in names if name != names[7]])
        self.checks.add("200 files: nothing to do", "many", again.code == 0 and len(again.err.splitlines()) == 1, again.reason())


def main():
    with tempfile.TemporaryDirectory(prefix="lr") as folder:
        bench = Bench(sys.argv[1], Path(folder))
        keys = bench.recipients
        for extension in FILES:
            bench.added_recipient(extension, [[keys[0]]], 0, 0, [])
            bench.added_recipient(extension, [[keys[0]], [keys[1]], [keys[2]]], 2, 1, [0])
            bench.regrouped(extension)
            bench.rotated(extension)
            bench.i10_a_poisoned_selector(extension)
            bench.i11_a_recipient_slipped_in(extension)
            bench.i12_a_recipient_removed(extension)
            bench.i13_a_broken_selector(extension)
            bench.f5_changed_while_asked(extension)
        bench.many_files()
    bench.checks.finish()


if __name__ == "__main__":
    main()
