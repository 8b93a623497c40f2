#!/usr/bin/env python3
"""Recipients changed by one tool, files opened by the other: rotate, updatekeys and groups of leafseal and of sops, in turn,
on the same files, with age and PGP keys, one group and several.

usage: rekeyed.py BINARY SOURCE_DIR
"""
import os
import shutil
import sys
import tempfile
from pathlib import Path

import typed
from checks import Checks, absent_peer
from programs import GoldenKeys, run, sops_peers

FILES = {
    "yaml": "# head\na: one  # tail\nlist:\n    - 1\n    - two\nopen_unencrypted: clear\n",
    "json": '{\n\t"a": "one",\n\t"list": [\n\t\t1,\n\t\t"two"\n\t]\n}\n',
    "env": "# c\nA=one\nopen_unencrypted=clear\n",
    "ini": "[s]\na = one\n",
    "bin": "\x00anything\xff",
}
KEYS = ["age:a1", "age:a2", "age:a3", "pgp:rsa2048", "pgp:ed25519"]
A1, A2, A3, P1, P2 = (f"@{name}@" for name in KEYS)

# Each row: the rule at first, then what is done in turn; `rule` changes the creation rule. Groups are lists of recipients.
STORIES = {
    "one group": ([[A1, P1]], [("rule", [[A1, P1, A2]]), ("updatekeys",), ("rotate",), ("rule", [[A1, P2]]), ("updatekeys",),
                               ("rotate", "--add-age", A3, "--rm-age", A1), ("rotate", "--add-pgp", P1, "--rm-pgp", P2)]),
    "several groups": ([[A1], [P1], [A2]], [("rule", [[A1, P2], [P1], [A2]]), ("updatekeys",), ("rotate",),
                                            ("rule", [[A1, P2], [P1, A3], [A2]]), ("updatekeys",), ("groups", "add", "--age", A3),
                                            ("groups", "delete", "1"), ("rotate", "--add-age", A3)]),
    "from one to several and back": ([[A1]], [("groups", "add", "--pgp", P1), ("groups", "add", "--age", A2),
                                              ("groups", "delete", "0"), ("rule", [[A1], [A2]]), ("updatekeys",), ("rotate",),
                                              ("groups", "delete", "--shamir-secret-sharing-threshold", "1", "1")]),
}


class Bench:
    def __init__(self, binary, source_dir, folder):
        self.folder, self.checks = folder, Checks()
        self.keys = GoldenKeys(Path(source_dir).resolve() / "testdata/golden")
        self.env = self.keys.environment(folder, KEYS)
        self.tools = {"leafseal": os.path.abspath(binary)}

    def run(self, tool, *args):
        return run(self.tools[tool], self.keys.named(list(args)), self.folder, self.env)

    def rule(self, groups):
        text = "creation_rules:\n- key_groups:\n"
        for group in groups:
            named = self.keys.named(group)
            lists = {"age": [r for r in named if r.startswith("age1")], "pgp": [r for r in named if not r.startswith("age1")]}
            text += "  - " + "\n    ".join(f"{kind}: [{', '.join(who)}]" for kind, who in lists.items() if who) + "\n"
        if len(groups) > 1:
            text += "  shamir_threshold: 2\n"
        (self.folder / ".sops.yaml").write_text(text)

    def story(self, title, extension, order):
        """`order` says which tool does the step of that number."""
        groups, steps = STORIES[title]
        path, plain = self.folder / f"f.{extension}", FILES[extension].encode("latin-1")
        path.write_bytes(plain)
        self.rule(groups)
        case = f"{title}, {extension}, {order[0]} first"
        made = self.run(order[0], "encrypt", "-i", path.name)
        if not self.checks.add("encrypt", case, made.code == 0, made.reason()):
            return
        for number, (command, *args) in enumerate(steps):
            tool = order[number % len(order)]
            if command == "rule":
                self.rule(args[0])
                continue
            words = {"updatekeys": ["updatekeys", "-y", path.name], "rotate": ["rotate", "-i", *args, path.name],
                     "groups": ["groups", *args[:1], "-i", "-f", path.name, *args[1:]]}[command]
            done = self.run(tool, *words)
            step = f"{case}, step {number} by {tool}: {' '.join(words)}"
            if not self.checks.add(f"{command} by {tool.split()[0]}", step, done.code == 0, done.reason()):
                return
            for reader in self.tools:
                opened = self.run(reader, "decrypt", path.name)
                good = opened.code == 0 and typed.loose_numbers(typed.read(self.format(extension), opened.out)) == \
                    typed.loose_numbers(typed.read(self.format(extension), plain))
                self.checks.add(f"{reader.split()[0]} opens what {tool.split()[0]} changed", step, good, opened.reason())
        self.checks.peer("sops")

    @staticmethod
    def format(extension):
        return {"env": "dotenv", "bin": "binary"}.get(extension, extension)


def main():
    binary, source_dir = sys.argv[1:3]
    peers = sops_peers(source_dir)
    if not peers:
        absent_peer("sops")
    folder = Path(tempfile.mkdtemp(prefix="lk"))
    bench = Bench(binary, source_dir, folder)
    try:
        for version, path in peers.items():
            name = f"sops {version}"
            bench.tools = {"leafseal": bench.tools["leafseal"], name: path}
            for title in STORIES:
                for extension in FILES:
                    for order in ([name, "leafseal"], ["leafseal", name], ["leafseal"], [name]):
                        bench.story(title, extension, order)
    finally:
        bench.keys.close()
        shutil.rmtree(folder, ignore_errors=True)
    bench.checks.finish()


if __name__ == "__main__":
    main()
