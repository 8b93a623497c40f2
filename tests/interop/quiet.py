#!/usr/bin/env python3
"""A command changes only what it must: nothing where there is nothing to do, three lines for one value.

usage: quiet.py BINARY SOURCE_DIR
"""
import os
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks, first_difference
from programs import base_environment, new_age_key, run

# extension -> (text, address of a leaf that is `end`, documents)
FILES = {
    "yaml": ("# head\n\na:   \"quoted\"   # line\nb: |\n  l1\n  l2\n\n\nlist:\n- x # tx\n- {k: 'v', n: 1.50}\nnum: 0x1F\n"
             "big: 12345678901234567890123\nts: 2020-01-01\nlast: end\n", '["last"]', 1),
    "yml": ("a: 1\nlast: end\n---\n# two\nb: [x]\n---\nc: {d: e}\n", '["last"]', 3),
    "json": ('{"a": "quoted",\n   "b": [1, 2.50, "x\\u00e9"],\n  "last": "end"}\n', '["last"]', 1),
    "env": ('# c\na=quoted\n\nexport B="two words"\nlast=end', '["last"]', 1),
    "ini": ("; c\n[s]\na = quoted ; tail\n\nlast=end\n", '["s"]["last"]', 1),
}


class Bench:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.checks = os.path.abspath(binary), folder, Checks()
        self.env = base_environment(folder)
        identity, recipient = new_age_key(folder)
        self.env |= {"SOPS_AGE_KEY_FILE": str(identity), "SOPS_AGE_RECIPIENTS": recipient}

    def run(self, *args, **variables):
        return run(self.binary, list(args), self.folder, self.env | variables)

    def unchanged(self, what, path, *args, allowed=(0,), **variables):
        """Neither the bytes nor the time of a file change."""
        before, stamp = path.read_bytes(), path.stat().st_mtime_ns
        got = self.run(*args, **variables)
        same = path.read_bytes() == before and path.stat().st_mtime_ns == stamp
        self.checks.add(what, path.name, same and got.code in allowed, got.reason() if got.code not in allowed else "changed")

    def file(self, extension, text, address, documents):
        path, plain = self.folder / f"f.{extension}", self.folder / f"plain.{extension}"
        path.write_text(text)
        plain.write_text(text)
        made = self.run("encrypt", "-i", path.name)
        if not self.checks.add("encrypt", path.name, made.code == 0, made.reason()):
            return
        sealed = path.read_bytes()
        self.unchanged("set to the value that is there", path, "set", path.name, address, '"end"')
        self.unchanged("edit without a change", path, "edit", path.name, allowed=(200,), SOPS_EDITOR="true")
        self.unchanged("an editor that only touches", path, "edit", path.name, allowed=(200,), SOPS_EDITOR="touch")
        again = self.run("encrypt", "--reuse", path.name, plain.name)
        self.checks.add("encrypt --reuse of the same text", path.name, again.code == 0 and again.out == sealed,
                        again.reason() if again.code else first_difference(again.out, sealed))
        time.sleep(1.1)  # lastmodified counts seconds
        changed = self.run("set", path.name, address, '"changed"')
        self.lines_changed("set of one value", path, sealed, changed, documents)
        path.write_bytes(sealed)
        edited = self.run("edit", path.name, SOPS_EDITOR="sed -i s/end/changed/")
        self.lines_changed("edit of one value", path, sealed, edited, documents)

    def lines_changed(self, what, path, before, result, documents):
        """The value once, lastmodified and mac in every document."""
        old, new = before.splitlines(), path.read_bytes().splitlines()
        count = sum(a != b for a, b in zip(old, new))
        want = 2 * documents + 1
        self.checks.add(what, path.name, result.code == 0 and len(old) == len(new) and count == want,
                        f"{result.reason()}; {count} lines of {len(old)}, {len(new)} after; want {want}")


def main():
    with tempfile.TemporaryDirectory(prefix="lq") as folder:
        bench = Bench(sys.argv[1], Path(folder))
        for extension, (text, address, documents) in FILES.items():
            bench.file(extension, text, address, documents)
    bench.checks.finish()


if __name__ == "__main__":
    main()
