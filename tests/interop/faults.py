#!/usr/bin/env python3
"""Nothing is lost: every writing command is killed, and given a full or broken disk, at each of its system calls that
touch files; afterwards the path holds the old file or the whole new one ([F1]). Then eight writers at once lose no
update ([F4]).

usage: faults.py BINARY SOURCE_DIR PRELOAD
"""
import os
import shutil
import stat
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import Checks
from programs import base_environment, new_age_key, run

KINDS = ("KILL", "ENOSPC", "EIO", "HALF")
PLAIN = "# note\nuser: amber\npassword: 'correct horse'\nport: 5432\n"
SECRET = b"correct horse"

# command -> (arguments, starts from the sealed file, what a finished run decrypts to; None: the file is the plaintext)
COMMANDS = {
    "encrypt -i": (["encrypt", "-i", "f.yaml"], False, PLAIN),
    "decrypt -i": (["decrypt", "-i", "f.yaml"], True, None),
    "set": (["set", "f.yaml", '["user"]', '"birch"'], True, PLAIN.replace("amber", "birch")),
    "unset": (["unset", "f.yaml", '["port"]'], True, PLAIN.replace("port: 5432\n", "")),
    "edit": (["edit", "f.yaml"], True, PLAIN.replace("5432", "5433")),
    "rotate -i": (["rotate", "-i", "f.yaml"], True, PLAIN),
    "updatekeys": (["updatekeys", "-y", "f.yaml"], True, PLAIN),
    "updatekeys --rotate": (["updatekeys", "-y", "--rotate", "f.yaml"], True, PLAIN),
    "groups add": (["groups", "add", "-i", "-f", "f.yaml", "--age", "SECOND"], True, PLAIN),
}
WRITERS, EACH = 8, 50


class Bench:
    def __init__(self, binary, preload, folder):
        self.binary, self.preload, self.folder, self.checks = os.path.abspath(binary), os.path.abspath(preload), folder, Checks()
        self.env = base_environment(folder)
        identity, recipient = new_age_key(folder)
        (folder / "second").mkdir()
        (folder / "third").mkdir()
        second, self.second = new_age_key(folder / "second")
        _, third = new_age_key(folder / "third")  # whom updatekeys takes out
        identity.write_text(identity.read_text() + second.read_text())
        self.env |= {"SOPS_AGE_KEY_FILE": str(identity), "SOPS_AGE_RECIPIENTS": f"{recipient},{third}"}
        (folder / ".sops.yaml").write_text(f"creation_rules:\n- age: {recipient},{self.second}\n")
        editor = folder / "editor.sh"
        editor.write_text("#!/bin/sh\nexec sed -i s/5432/5433/ \"$1\"\n")
        editor.chmod(0o755)
        self.env["SOPS_EDITOR"] = str(editor)
        self.sealed = self.run(folder, "encrypt", "--filename-override", "f.yaml", stdin=PLAIN.encode()).out

    def run(self, folder, *args, fault=None, stdin=b""):
        return run(self.binary, list(args), folder, self.env | (fault or {}), stdin=stdin, timeout=60)

    def calls(self, name):
        """The system calls of an undisturbed run."""
        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            report = self.folder / "report"
            report.unlink(missing_ok=True)
            got, _ = self.disturbed(Path(work), name, {"FAULT_REPORT": str(report)})
            if not self.checks.add("undisturbed run", name, got.code == 0, got.reason()):
                return []
            return report.read_text().split()

    def disturbed(self, work, name, fault):
        args, from_sealed, _ = COMMANDS[name]
        before = self.sealed if from_sealed else PLAIN.encode()
        (work / "f.yaml").write_bytes(before)
        fault = {"LD_PRELOAD": self.preload, "FAULT_PROGRAM": os.path.basename(self.binary), **fault}
        args = [self.second if arg == "SECOND" else arg for arg in args]
        return self.run(work, *args, fault=fault), before

    def one(self, name, call, at, kind):
        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            work = Path(work)
            got, before = self.disturbed(work, name, {"FAULT_AT": str(at), "FAULT_KIND": kind})
            case = f"{name}, {kind} at {call} {at}"
            after = (work / "f.yaml").read_bytes() if (work / "f.yaml").exists() else b""
            is_new = self.is_new(work, name, after)
            whole = after == before or is_new
            self.checks.add(f"{name}: old or new", case, whole, f"{len(after)} bytes, {got.reason()}")
            if got.code == 0:
                self.checks.add(f"{name}: done when it says so", case, is_new, "exit 0, but the file is not the new one")
            self.left_over(work, case, kind, name)

    def is_new(self, work, name, after):
        wanted = COMMANDS[name][2]
        if wanted is None:
            return after == PLAIN.encode()
        opened = self.run(work, "decrypt", "--input-type", "yaml", "--output-type", "yaml", "f.yaml")
        return opened.code == 0 and opened.out == wanted.encode() and after != self.sealed

    def left_over(self, work, case, kind, name):
        """What else lies there: after an error only the edited text that `edit` keeps for its user, sealed; after a kill
        no plaintext, save that of decrypt, which is no more readable than the file itself."""
        others = [path for path in work.iterdir() if path.name != "f.yaml"]
        if kind in ("ENOSPC", "EIO") and "unlink" not in case:
            unexpected = [path.name for path in others if ".kept-edit-" not in path.name]
            self.checks.add("no temporary file stays", case, not unexpected, str(unexpected))
        mode = stat.S_IMODE((work / "f.yaml").stat().st_mode)
        for path in others:
            hidden = SECRET not in path.read_bytes()
            no_wider = name == "decrypt -i" and not stat.S_IMODE(path.stat().st_mode) & ~mode
            self.checks.add("no plaintext stays", case, hidden or no_wider or name == "encrypt -i", path.name)

    def many_writers(self):
        work = self.folder / "many"
        work.mkdir()
        (work / "f.yaml").write_bytes(self.sealed)

        def writer(number):
            return sum(self.run(work, "set", "f.yaml", f'["w{number}_{i}"]', f'"{number} {i}"').code == 0 for i in range(EACH))

        with ThreadPoolExecutor(WRITERS) as pool:
            done = sum(pool.map(writer, range(WRITERS)))
        text = self.run(work, "decrypt", "f.yaml").out.decode()
        there = sum(f"w{n}_{i}: {n} {i}\n" in text for n in range(WRITERS) for i in range(EACH))
        print(f"{WRITERS} processes x {EACH} set: {there} of {WRITERS * EACH} keys, {done} runs ended with 0")
        self.checks.equal("concurrent writers", "keys", there, WRITERS * EACH)


def main():
    binary, _, preload = sys.argv[1:4]
    folder = Path(tempfile.mkdtemp(prefix="lf"))
    try:
        bench = Bench(binary, preload, folder)
        jobs = []
        for name in COMMANDS:
            calls = bench.calls(name)
            jobs += [(name, call, at, kind) for at, call in enumerate(calls, 1) for kind in KINDS
                     if kind != "HALF" or call == "write"]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda job: bench.one(*job), jobs))
        print(f"{len(jobs)} runs disturbed")
        bench.many_writers()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bench.checks.finish()


if __name__ == "__main__":
    main()
