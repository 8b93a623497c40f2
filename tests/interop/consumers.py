#!/usr/bin/env python3
"""Every command line with which wrappers, editors, hooks and CI run `sops`, with leafseal under that name: what it prints is
what they parse. With a real sops (--peer) each line runs with both, on files that either sealed: equal exit status, equal
standard output of what is decrypted, and each opens what the other wrote.

usage: consumers.py LEAFSEAL SOURCE_DIR [--peer]
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

import programs
from checks import Checks, absent_peer

YAML_TEXT = "# a comment\nzeta: first\nalpha:\n  password: \"s3cr: et\"\n  port: 5432\nlist:\n  - one\n  - 2\non: true\n"
PLAIN = {
    "yaml": YAML_TEXT,
    "json": '{\n\t"zeta": "first",\n\t"alpha": {\n\t\t"port": 5432\n\t},\n\t"list": [\n\t\t"one",\n\t\t2\n\t]\n}',
    "dotenv": "# comment\nZETA=first\nALPHA=two words\n",
    "ini": "[part]\nzeta  = first\nalpha = 2\n",
    "binary": "any bytes\n\x01\x02 of a file",
}
NAMES = ["secrets.yaml", "with space.yaml", "at@sign.yaml", "dollar$x.yaml", "back\\slash.yaml", "ümläut.yaml",
         "secrets.yaml.gotpl"]
MARKERS = {  # what Flux and helm-secrets look for, verbatim or by grep
    "yaml": [r"(?m)^\s+mac: ENC\[", r"(?m)^sops:\s*$", r"(?m)mac.*,type:str\]"],
    "json": [r'"mac": "ENC\[', r'(?m)mac.*,type:str\]'],
    "binary": [r'"mac": "ENC\[', r'"data": "ENC', r'(?m)mac.*,type:str\]'],
    "dotenv": [r"(?m)^sops_mac=ENC\[", r"(?m)mac.*,type:str\]"],
    "ini": [r"(?m)^\[sops\]$", r"(?m)mac.*,type:str\]"],
}


class Side:
    """One program, called `sops`, with its own PATH."""

    def __init__(self, name, binary, folder):
        self.name, self.folder = name, Path(folder) / f"side-{name}"
        self.folder.mkdir()
        (self.folder / "sops").symlink_to(Path(binary).resolve())
        self.env = programs.base_environment(folder)
        self.env["PATH"] = f"{self.folder}:{self.env['PATH']}"
        del self.env["SOPS_DISABLE_VERSION_CHECK"]

    def run(self, *args, cwd, stdin="", **variables):
        if self.name != "leafseal":
            variables.setdefault("SOPS_DISABLE_VERSION_CHECK", "1")
        return programs.run(str(self.folder / "sops"), args, cwd, self.env | variables, stdin.encode())

    def shell(self, command, cwd, **variables):
        if self.name != "leafseal":
            variables.setdefault("SOPS_DISABLE_VERSION_CHECK", "1")
        return programs.run("/bin/sh", ["-c", command], cwd, self.env | variables)


class Consumers:
    def __init__(self, leafseal, folder, peers):
        self.checks, self.folder = Checks(), Path(folder)
        self.key, self.recipient = programs.new_age_key(folder)
        self.ours = Side("leafseal", leafseal, folder)
        self.sides = [self.ours] + [Side(version, path, folder) for version, path in peers.items()]
        for side in self.sides:
            side.env["SOPS_AGE_KEY_FILE"] = str(self.key)
        self.count, self.part = 0, ""

    def check(self, good, text):
        self.checks.add(self.part, text.split(":")[0], bool(good), text)

    def work(self, rules=True):
        self.count += 1
        path = self.folder / f"work{self.count}"
        path.mkdir()
        if rules:
            (path / ".sops.yaml").write_text(f"creation_rules:\n  - age: {self.recipient}\n")
        return path

    def sealed(self, kind, text=None):
        """(who sealed it, the sealed text) by every program."""
        for side in self.sides:
            work = self.work()
            done = side.run("--encrypt", "--input-type", kind, "--output-type", kind, "--filename-override", "x",
                            "/dev/stdin", cwd=work, stdin=text or PLAIN[kind])
            self.check(done.code == 0, f"{side.name} seals {kind}: {done.reason()}")
            yield side.name, done.out

    def opened_by_all(self, what, kind, sealed, plain):
        for side in self.sides:
            done = side.run("-d", "--input-type", kind, "--output-type", kind, "/dev/stdin", cwd=self.work(),
                            stdin=sealed.decode())
            self.check(done.code == 0 and self.same(kind, done.out.decode(), plain),
                              f"{what}: {side.name} gives {done.out[:80]!r} ({done.reason()})")

    @staticmethod
    def same(kind, text, plain):
        if kind == "yaml":  # sops prints it anew
            return YAML(typ="safe").load(text) == YAML(typ="safe").load(plain)
        return text == plain or (kind == "json" and json.loads(text) == json.loads(plain))

    def equal_everywhere(self, what, act, code=0, out=None, same_out=True):
        """act(side) -> Result. Our own result is as said, and everybody else's equals it."""
        ours = act(self.ours)
        self.check(ours.code == code, f"{what}: exit {ours.code}, not {code}: {ours.reason()}")
        if out is not None:
            self.check(ours.out.decode() == out, f"{what}: prints {ours.out[:200]!r}, not {out!r}")
        for side in self.sides[1:]:
            theirs = act(side)
            self.check(theirs.code == ours.code, f"{what}: {side.name} ends with {theirs.code}, leafseal with {ours.code}")
            if same_out and not (theirs.out != ours.out and self.old_floats(theirs.out, ours.out)):
                self.check(theirs.out == ours.out, f"{what}: {side.name} prints {theirs.out[:120]!r}, leafseal {ours.out[:120]!r}")
        return ours

    @staticmethod
    def old_floats(theirs, ours):
        """Before 3.13 sops sealed every number of JSON as a float; leafseal shows that it is one (doc/compatibility.md)."""
        return ours.startswith(b"{") and re.sub(rb"(: |\t)(\d+)\.0\b", rb"\1\2", ours) == theirs

    # --- helm-secrets ------------------------------------------------------------------------------------------------

    def helm_secrets(self):
        typed = ["--input-type", "yaml", "--output-type", "yaml"]
        for name in NAMES:
            for side in self.sides:
                work = self.work()
                (work / name).write_text(YAML_TEXT)
                printed = side.run("--encrypt", *typed, name, cwd=work)
                self.opened_by_all(f"helm-secrets --encrypt {name} ({side.name})", "yaml", printed.out, YAML_TEXT)
                done = side.run("--encrypt", *typed, "--in-place", name, cwd=work)
                self.check(done.code == 0 and not done.out, f"--encrypt --in-place {name}: {done.reason()}")
                sealed = (work / name).read_bytes()
                self.opened_by_all(f"helm-secrets --encrypt --in-place {name} ({side.name})", "yaml", sealed, YAML_TEXT)
                again = side.run("--encrypt", *typed, "--in-place", name, cwd=work)
                self.check(again.code == 203 and (work / name).read_bytes() == sealed, f"twice {name}: {again.reason()}")
        for kind in ("yaml", "json", "binary"):
            for who, sealed in self.sealed(kind):
                self.helm_decrypt(kind, who, sealed)
        crlf = YAML_TEXT.replace("\n", "\r\n")
        for who, sealed in self.sealed("yaml", crlf):
            self.opened_by_all(f"helm-secrets CRLF by {who}", "yaml", sealed, YAML_TEXT)
        self.helm_edit(typed)

    def helm_decrypt(self, kind, who, sealed):
        types = ["--input-type", kind, "--output-type", kind]
        work = self.work()
        (work / "f").write_bytes(sealed)
        (work / "link").symlink_to("f")
        # leafseal gives back its author's layout where sops prints anew: only with what sops sealed are the bytes alike.
        alike = who != "leafseal" or kind == "binary"
        for name in ("f", "link"):
            self.equal_everywhere(f"--decrypt {kind} by {who}", lambda side: side.run("--decrypt", *types, name, cwd=work),
                                  same_out=alike)
        quoted = ["--verbose", "--output-type", '"yaml"', "--decrypt"]
        self.equal_everywhere(f"backend args, {kind} by {who}", lambda side: side.run(*quoted, *types, "f", cwd=work),
                              same_out=alike)
        self.equal_everywhere(f"/dev/stdin {kind} by {who}", lambda side: side.run(
            "--decrypt", *types, "/dev/stdin", cwd=work, stdin=sealed.decode()), same_out=alike)

        def to_file(side):
            out = work / f"out-{side.name}"
            done = side.run("--decrypt", *types, "--output", out.name, "f", cwd=work)
            return programs.Result(done.code, done.out + out.read_bytes(), done.err)

        def in_place(side):
            copy = work / f"copy-{side.name}"
            copy.write_bytes(sealed)
            done = side.run("--decrypt", *types, "--in-place", copy.name, cwd=work)
            return programs.Result(done.code, done.out + copy.read_bytes(), done.err)

        for what, act in (("--output", to_file), ("--in-place", in_place)):
            done = self.equal_everywhere(f"--decrypt {what} {kind} by {who}", act, same_out=alike)
            self.check(self.same(kind, done.out.decode(), PLAIN[kind]), f"--decrypt {what} {kind}: {done.out[:80]!r}")

    def helm_edit(self, typed):
        for side in self.sides:
            work = self.work()
            (work / "edit.sh").write_text("#!/bin/sh\nsed -i 's/first/second/; s/example_value$/second/' \"$1\"\n")
            (work / "edit.sh").chmod(0o755)
            (work / "f.yaml").write_text(YAML_TEXT)
            side.run("-e", "-i", "f.yaml", cwd=work)
            for name, plain in (("f.yaml", YAML_TEXT.replace("first", "second")), ("new.yaml", None)):
                done = side.run(*typed, name, cwd=work, EDITOR="./edit.sh")
                self.check(done.code == 0 and not done.out, f"edit {name} ({side.name}): {done.reason()}")
                if plain:
                    self.opened_by_all(f"edited {name} ({side.name})", "yaml", (work / name).read_bytes(), plain)
                else:
                    shown = self.ours.run("-d", "--extract", '["example_key"]', name, cwd=work)
                    self.check(shown.out == b"second", f"new file ({side.name}): {shown.reason()}")
        none = self.work(rules=False)
        done = self.equal_everywhere("edit of a new file without rules",
                                     lambda side: side.run(*typed, "n.yaml", cwd=none, EDITOR="true"), code=1, out="")
        self.check(b"config file not found, or has no creation rules, and no keys provided through command line options"
                          in done.err, f"no rules: {done.reason()}")

    # --- community.sops ----------------------------------------------------------------------------------------------

    def ansible(self):
        work = self.work(rules=False)
        shown = self.ours.run("--version", "--disable-version-check", cwd=work)
        self.check(shown.code == 0 and re.match(rb"^sops ([0-9]+)\.([0-9]+)\.([0-9]+)", shown.out), f"version: {shown.out!r}")
        self.equal_everywhere("--help", lambda side: side.run("--help", cwd=work), same_out=False)
        options = ["--age", self.recipient, "--unencrypted-suffix", "_clear", "--shamir-secret-sharing-threshold", "1",
                   "--encryption-context", "a:b,c:d", "--aws-profile", "p"]
        for side in self.sides:
            done = side.run("encrypt", *options, "--input-type", "yaml", "--output-type", "yaml", "--filename-override",
                            "group.sops.yaml", "/dev/stdin", cwd=work, stdin=YAML_TEXT)
            self.opened_by_all(f"ansible encrypt ({side.name})", "yaml", done.out, YAML_TEXT)
            done = side.run("encrypt", "--age", self.recipient, "--input-type", "binary", "--filename-override", "test_text",
                            "/dev/stdin", cwd=work, stdin="text")
            self.opened_by_all(f"ansible encrypt binary ({side.name})", "binary", done.out, "text")
        config = work / "elsewhere.yaml"
        config.write_text(f"creation_rules:\n  - age: {self.recipient}\n")
        self.equal_everywhere("--config before encrypt", lambda side: side.run(
            "--config", str(config), "encrypt", "--filename-override", "x.json", "/dev/stdin", cwd=work, stdin="{}"), same_out=False)
        for who, sealed in self.sealed("yaml"):
            (work / "s.yaml").write_bytes(sealed)
            text = sealed.decode()
            alike = who != "leafseal"
            self.equal_everywhere(f"decrypt FILE by {who}", lambda side: side.run("decrypt", "s.yaml", cwd=work), same_out=alike)
            self.equal_everywhere(f"--decrypt FILE by {who}", lambda side: side.run("--decrypt", "s.yaml", cwd=work), same_out=alike)
            self.equal_everywhere(f"decrypt to json by {who}", lambda side: side.run(
                "decrypt", "--input-type", "yaml", "--output-type", "json", "/dev/stdin", cwd=work, stdin=text))
            for path, value in (("['alpha']['password']", "s3cr: et"), ('["list"][0]', "one"), ("['alpha']['port']", "5432\n")):
                self.equal_everywhere(f"--extract {path} by {who}", lambda side: side.run(
                    "decrypt", "--input-type", "yaml", "--extract", path, "/dev/stdin", "--output-type", "yaml",
                    cwd=work, stdin=text), out=value)
            self.equal_everywhere("yaml as binary", lambda side: side.run(
                "decrypt", "--input-type", "yaml", "--output-type", "binary", "/dev/stdin", cwd=work, stdin=text), code=4, out="")
            self.equal_everywhere("no local keys", lambda side: side.run(
                "decrypt", "--enable-local-keyservice=false", "s.yaml", cwd=work), code=128, out="")
            self.equal_everywhere("a stranger's key", lambda side: side.run(
                "decrypt", "s.yaml", cwd=work, SOPS_AGE_KEY_FILE="/dev/null"), code=128, out="")
            self.equal_everywhere("filestatus", lambda side: side.run("filestatus", "s.yaml", cwd=work), out='{"encrypted":true}\n')
            self.ansible_keys(work)
        (work / "plain.yaml").write_text(YAML_TEXT)
        self.equal_everywhere("filestatus", lambda side: side.run("filestatus", "plain.yaml", cwd=work), out='{"encrypted":false}\n')
        done = self.equal_everywhere("decrypt a plain file", lambda side: side.run("decrypt", "plain.yaml", cwd=work), code=1, out="")
        self.check(b"sops metadata not found" in done.err, f"plain file: {done.reason()}")

    def ansible_keys(self, work):
        content = self.key.read_text()
        for variables in ({"SOPS_AGE_KEY": content}, {"SOPS_AGE_KEY_FILE": str(self.key)},
                          {"SOPS_AGE_KEY_CMD": f"cat {self.key}"}):
            given = {"SOPS_AGE_KEY_FILE": ""} | variables
            self.equal_everywhere(f"key by {[*variables][0]}", lambda side: side.run(
                "decrypt", "--extract", "['on']", "s.yaml", cwd=work, **given), out="true\n")

    # --- VS Code -----------------------------------------------------------------------------------------------------

    def vs_code(self):
        general = ["--ignore-mac", "--config", "/dev/null"]
        for kind, named in (("yaml", "yaml"), ("json", "json"), ("ini", "ini"), ("dotenv", "dotenv"), ("binary", "binary"),
                            ("binary", "plaintext")):
            for who, sealed in self.sealed(kind):
                work = self.work(rules=False)
                (work / "tmpfile").write_bytes(sealed)
                types = ["--output-type", named, "--input-type", named]
                done = self.equal_everywhere(f"VS Code decrypts {named} by {who}", lambda side: side.run(
                    *general, *types, "--decrypt", "tmpfile", cwd=work), same_out=who != "leafseal" or kind == "binary")
                self.check(not done.err and done.out, f"VS Code decrypts {named}: stderr {done.err!r}")
                self.vs_code_saves(kind, types, sealed)
        for side in self.sides:
            work = self.work()
            (work / "deep").mkdir()
            (work / "deep/f.yaml").write_text(YAML_TEXT)
            done = side.run("--config", "/dev/null", "--config", str(work / ".sops.yaml"), "--output-type", "yaml",
                            "--input-type", "yaml", "--encrypt", str(work / "deep/f.yaml"), cwd=work)
            self.opened_by_all(f"VS Code encrypts ({side.name})", "yaml", done.out, YAML_TEXT)
            version = YAML(typ="safe").load(done.out)["sops"]["version"] if done.code == 0 else None
            self.check(isinstance(version, str), f"sops.version is {version!r}")

    def vs_code_saves(self, kind, types, sealed):
        if kind in ("ini", "binary"):  # the others show the same
            return
        changed = PLAIN[kind].replace("first", "changed")
        for side in self.sides:
            work = self.work(rules=False)
            (work / "tmpfile").write_bytes(sealed)
            (work / "decrypted").write_text(changed)
            (work / "script").write_text('#!/bin/sh\ncat $VSCODE_SOPS_DECRYPTED_FILE_PATH > $1\n')
            (work / "script").chmod(0o755)
            done = side.run("--config", "/dev/null", *types, "tmpfile", cwd=work, EDITOR=str(work / "script"),
                            VSCODE_SOPS_DECRYPTED_FILE_PATH=str(work / "decrypted"))
            self.check(done.code == 0, f"VS Code saves {kind} ({side.name}): {done.reason()}")
            self.opened_by_all(f"VS Code saved {kind} ({side.name})", kind, (work / "tmpfile").read_bytes(), changed)

    # --- CI, git, hooks ----------------------------------------------------------------------------------------------

    def ci(self):
        for who, sealed in self.sealed("yaml", "a:\n    b: value\n"):
            work = self.work()
            (work / "f.yaml").write_bytes(sealed)
            (work / "flat.yaml").write_bytes(next(self.sealed("yaml", "KEY: value\nOTHER: \"2\"\n"))[1])

            def equal(command, **expected):
                self.equal_everywhere(f"{command} ({who})", lambda side: side.shell(command, work), **expected)

            equal("sops -d f.yaml", out="a:\n    b: value\n")
            equal("sops --decrypt f.yaml > g && cat g", out="a:\n    b: value\n")
            equal("""sops -d --extract '["a"]["b"]' f.yaml""", out="value")
            equal("sops --output-type dotenv -d flat.yaml", out="KEY=value\nOTHER=2\n")
            equal("""cp f.yaml h.yaml; sops --set '["a"] "v"' h.yaml && sops -d h.yaml""", out="a: v\n")
            if self.has("exec-env"):
                equal("sops exec-env flat.yaml 'echo $KEY'", out="value\n")
                equal("sops exec-env flat.yaml 'exit 7'", code=7, out="")
            if self.has("exec-file"):
                equal("sops exec-file f.yaml 'cat {}'", out="a:\n    b: value\n")
            if self.has("updatekeys"):
                equal("cp f.yaml h.yaml; sops updatekeys -y h.yaml > out 2>&1 && sops -d h.yaml", out="a:\n    b: value\n")
            if self.has("rotate"):
                equal("cp f.yaml h.yaml; sops rotate -i h.yaml && sops -d h.yaml && ! cmp -s f.yaml h.yaml",
                      out="a:\n    b: value\n")
        self.version_habits()
        for command in ("sops decrypt", "sops -d"):
            self.textconv(command)
        self.hooks()

    def has(self, command):
        return f"  {command} " in self.ours.run("--help", cwd=self.folder).out.decode()

    def version_habits(self):
        for command, wanted in (("sops --version | awk '{print $2}'", "3.13.2\n"), ("sops -v", "sops 3.13.2\n"),
                                ("sops --version | head -1 | grep -oE '[0-9]+\\.[0-9]+\\.[0-9]+'", "3.13.2\n"),
                                ("echo x | sops --version --disable-version-check", "sops 3.13.2\n")):
            done = self.ours.shell(command, self.folder)
            self.check(done.out.decode() == wanted and not done.err, f"{command}: {done.out!r} {done.err!r}")
        trace = self.folder / "trace"
        for arguments in ("--version", "--version --check-for-updates", "--version --disable-version-check"):
            self.ours.shell(f"strace -f -o {trace} -e trace=connect,socket sops {arguments}", self.folder)
            self.check("AF_INET" not in trace.read_text(), f"{arguments} asks the network: {trace.read_text()}")

    def textconv(self, command):
        work = self.work()
        (work / ".gitattributes").write_text("*.yaml diff=sopsdiffer\n")
        (work / "s.yaml").write_text(YAML_TEXT)
        self.ours.run("-e", "-i", "s.yaml", cwd=work)
        quiet = "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null"
        git = f"{quiet} git -c user.name=t -c user.email=t@e -c diff.sopsdiffer.textconv='{command}'"
        self.ours.shell(f"{git} init -q && {git} add . && {git} commit -qm x", work)
        self.ours.run("--set", '["alpha"]["port"] 1', "s.yaml", cwd=work)
        done = self.ours.shell(f"{git} diff", work)
        self.check(b"-  port: 5432\n+  port: 1\n" in done.out and done.code == 0, f"textconv {command}: {done.reason()}")
        done = self.ours.shell(f"{git} diff", work, SOPS_AGE_KEY_FILE="/dev/null")
        self.check(b"port: 5432" not in done.out and done.code != 0, f"textconv without a key: {done.out!r}")

    def hooks(self):
        secret = "apiVersion: v1\nkind: Secret\nstringData:\n    a: b\n    n: \"\"\n"
        work = self.work(rules=False)
        (work / "s.yaml").write_text(secret)
        sealed = self.ours.run("encrypt", "--age", self.recipient, "--encrypted-regex", "^stringData$", "s.yaml", cwd=work).out
        self.check(re.search(rb"(?i)^kind: secret", sealed, re.M) and re.search(rb"ENC.AES256", sealed), "forbid-secrets")
        whole = YAML(typ="safe").load(self.ours.run("encrypt", "--age", self.recipient, "s.yaml", cwd=work).out)
        leaves = []

        def gather(node):
            children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else None
            for child in children or ():
                gather(child)
            if children is None:
                leaves.append(node)

        self.check(isinstance(whole.pop("sops", None), dict), "ensure-sops: no metadata")
        gather(whole)
        self.check(leaves and all(leaf == "" or leaf.startswith("ENC[") for leaf in leaves), f"ensure-sops: {leaves}")

    # --- readers of the bytes -----------------------------------------------------------------------------------------

    def markers(self):
        for kind, patterns in MARKERS.items():
            variants = [PLAIN[kind]]
            if kind == "json":
                variants.append('{"zeta":"x","a":[1,2]}')
            if kind == "yaml":
                variants += ["a: {b: 1}\n", "a: 1\r\nb: 2\r\n", "a:\n- x\n"]
            for plain in variants:
                sealed = next(self.sealed(kind, plain))[1].decode()
                for pattern in patterns:
                    self.check(re.search(pattern, sealed.replace("\r\n", "\n")), f"{kind} of {plain!r} lacks {pattern}")

    def sorted_json(self):
        """Flux and the secrets operator: the YAML as JSON with sorted keys, opened without the MAC; with it the order counts."""
        for who, sealed in self.sealed("yaml"):
            tree = YAML(typ="safe").load(sealed)
            self.check(all(isinstance(tree["sops"][name], str) for name in ("lastmodified", "mac", "version")),
                              f"metadata of {who} that is no text: {tree['sops']}")
            as_json = json.dumps(tree, sort_keys=True)
            work = self.work(rules=False)
            types = ["--input-type", "json", "--output-type", "json"]
            done = self.equal_everywhere(f"sorted JSON by {who}", lambda side: side.run(
                "decrypt", "--ignore-mac", *types, "/dev/stdin", cwd=work, stdin=as_json), same_out=False)
            self.check(json.loads(done.out) == YAML(typ="safe").load(YAML_TEXT), f"sorted JSON by {who}: {done.out!r}")
            self.equal_everywhere(f"sorted JSON by {who} with its MAC", lambda side: side.run(
                "decrypt", *types, "/dev/stdin", cwd=work, stdin=as_json), code=51, out="")

    def run(self):
        for part in (self.helm_secrets, self.ansible, self.vs_code, self.ci, self.markers, self.sorted_json):
            self.part = part.__name__
            part()
        for side in self.sides[1:]:
            self.checks.peer(f"sops {side.name}")
        self.checks.finish()


def main():
    peers = programs.sops_peers(sys.argv[2]) if "--peer" in sys.argv else {}
    if "--peer" in sys.argv and not peers:
        absent_peer("sops")
    with tempfile.TemporaryDirectory() as folder:
        Consumers(sys.argv[1], folder, peers).run()


if __name__ == "__main__":
    main()
