#!/usr/bin/env python3
"""Files made to harm (security.md 7): every one ends in an error or comes back as it was, within 2 s of CPU and 512 MiB,
without a crash and without a word of debugger output. P1 limits, P2 depth, P3 linear time, P4 no changed data, P5 odd
bytes and metadata, P6 tokens; I2, I3, I14 and L1 on whole files.

usage: hostile_files.py LEAFSEAL SOURCE_DIR

Cuts, flipped bits and odd bytes are tried in-process: tests/seal/hostile_bytes_test.cpp.
"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from terminal import CANARY, Desk, run_all

LEAFSEAL, SOURCE_DIR = str(Path(sys.argv[1]).resolve()), sys.argv[2]
SANITIZED = any(name in os.environ for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"))
CPU_SECONDS, MEMORY_MIB = (20, 4096) if SANITIZED else (2, 512)
PLAIN = {
    "f.yaml": f"user: {CANARY}\nn: 42\nlist:\n- one\n- two: 2.5\nempty: \"\"\n",
    "f.json": '{"user": "%s", "n": 42, "list": ["one", {"two": 2.5}], "empty": ""}\n' % CANARY,
    "f.env": f"USER={CANARY}\nN=42\n",
    "f.ini": f"[s]\nuser = {CANARY}\nn = 42\n",
    "f.bin": f"{CANARY}\0\xff",
}


class Ended:
    """How a run ended, and what it used of CPU and memory."""

    def __init__(self, words, desk, stdin=None, stack=None):
        def limits():
            if stack:
                resource.setrlimit(resource.RLIMIT_STACK, (stack, stack))

        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen([LEAFSEAL, *words], cwd=desk.directory, env=desk.variables, stdout=out, stderr=err,
                                     stdin=stdin or subprocess.DEVNULL, preexec_fn=limits)
            timer = threading.Timer(120, child.kill)
            timer.start()
            _, status, used = os.wait4(child.pid, 0)
            timer.cancel()
            child.returncode = self.code = os.waitstatus_to_exitcode(status)
            for file in (out, err):
                file.seek(0)
            self.out, self.err = out.read(), err.read()
        self.cpu, self.mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        self.words = words

    def __repr__(self):
        return (f"{' '.join(self.words)[:80]}: exit {self.code}, {self.cpu:.1f} s, {self.mib:.0f} MiB, "
                f"{self.err[:300]!r}")

    def behaved(self, cpu=CPU_SECONDS, mib=MEMORY_MIB):
        assert 0 <= self.code < 255, self
        assert self.cpu <= cpu and self.mib <= mib, self
        assert not re.search(rb"0x[0-9a-f]{6}|terminate called|Sanitizer|runtime error|\.cpp", self.err), self
        assert b"\x1b" not in self.err and b"\0" not in self.err and len(self.err) < 1 << 20, self
        return self


def round_trip(desk, name, data, allowed=(0, 1, 2, 4, 23, 24, 203), **options):
    """Seals a file; when that is accepted it opens to the same bytes. Whether it was accepted."""
    path = desk.directory / name
    path.write_bytes(data)
    sealed = Ended(["encrypt", name], desk, **options).behaved()
    assert sealed.code in allowed, sealed
    if sealed.code:
        assert not sealed.out, sealed
        return sealed
    path.write_bytes(sealed.out)
    opened = Ended(["decrypt", name], desk, **options).behaved()
    assert opened.code == 0 and opened.out == data, (opened, data[:80], opened.out[:80])
    return sealed


def nested(kind, depth):
    return {
        "flow.yaml": "a: " + "[" * depth + "]" * depth + "\n",
        "map.yaml": "a: " + "{b: " * depth + "1" + "}" * depth + "\n",
        "block.yaml": "a:\n" + " - " + "- " * (depth - 1) + "1\n",
        "d.json": '{"a": ' + "[" * depth + "1" + "]" * depth + "}\n",
        "m.json": '{"a":' * depth + "1" + "}" * depth + "\n",
    }[kind].encode()


def p1_p2_depth():
    """Up to the limit files come back, also on a small stack; beyond it the reference's code is given."""
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        for kind in ("flow.yaml", "map.yaml", "block.yaml", "d.json", "m.json"):
            for depth, stack in ((1000, None), (9990, None), (9990, 512 << 10)):
                assert round_trip(d, kind, nested(kind, depth), stack=stack).code == 0, (kind, depth)
            for depth in (10001, 10**5, 10**6):
                for stack in (None, 512 << 10):
                    ended = round_trip(d, kind, nested(kind, depth), (2, 4), stack=stack)
                    assert ended.code == (4 if kind.endswith("json") else 2), ended
                # the same depth in a file that claims to be sealed
                (d.directory / kind).write_bytes(nested(kind, depth).replace(b"a", b"sops", 1))
                assert Ended(["decrypt", kind], d).behaved().code != 0


def p1_alias_bombs():
    level = lambda n, before: f"a{n}: &a{n} [" + ", ".join([f"*a{before}"] * 9) + "]\n"
    exponential = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(level(n, n - 1) for n in range(1, 9))
    quadratic = "a: &a \"" + "x" * 100000 + "\"\nb: [" + ", ".join(["*a"] * 20000) + "]\n"
    cases = {"exponential": exponential, "quadratic": quadratic, "self": "a: &a [*a]\n", "self in map": "a: &a\n  b: *a\n",
             "merge cycle": "a: &a\n  <<: *a\n", "two in a circle": "a: &a [*b]\nb: &b [*a]\n",
             "later document": "x: 1\n---\na: &a [*a]\n", "undefined": "a: *nobody\n"}
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        for name, text in cases.items():
            ended = round_trip(d, "bomb.yaml", text.encode(), (2,))
            assert ended.code == 2, (name, ended)


def p1_p3_many_and_large():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        many = 10**6 - 10  # the limit counts containers as well
        for name, text in (("l.json", '{"a": [' + ",".join(['""'] * (many - 1)) + "]}"),
                           ("l.yaml", "a:\n" + '- ""\n' * (many - 1)),
                           ("l.env", "".join(f"K{n}=\n" for n in range(many // 10)))):
            path = d.directory / name
            path.write_text(text)
            ended = Ended(["encrypt", "-i", name], d).behaved(10 * CPU_SECONDS, 2 * MEMORY_MIB)
            assert ended.code == 0, ended
            assert Ended(["decrypt", "-i", name], d).behaved(10 * CPU_SECONDS, 2 * MEMORY_MIB).code == 0
            assert path.read_text() == text, name
        for name, text in (("l.json", '{"a": [' + ",".join(['""'] * 10**6) + "]}"), ("l.yaml", "a:\n" + '- ""\n' * 10**6)):
            (d.directory / name).write_text(text + "\n")
            ended = Ended(["encrypt", name], d).behaved(10 * CPU_SECONDS, 2 * MEMORY_MIB)
            assert ended.code == 2 and b"more than 1000000 values" in ended.err, ended
        key = "k" * (1 << 20)
        for name, text in (("k.json", '{"%s": "v"}' % key), ("k.env", f"{key}=v\n"), ("k.ini", f"[s]\n{key} = v\n"),
                           ("k.yaml", f"? {key}\n: v\n"), ("v.yaml", f"a: {key}\n"), ("c.yaml", f"# {key}\na: 1\n")):
            assert round_trip(d, name, text.encode()).code == 0, name
        with open(d.directory / "huge.json", "wb") as file:
            file.truncate((256 << 20) + 1)
        ended = Ended(["encrypt", "huge.json"], d).behaved(mib=2 * MEMORY_MIB)
        assert ended.code != 0 and b"256 MiB" in ended.err, ended


def p4_numbers_and_characters_are_kept_or_refused():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        for data in (b'{"a": "\\ud800"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xff"}'):
            assert round_trip(d, "u.json", data).code == 2, data  # the reference writes U+FFFD
        for number in ("12345678901234567890", "9007199254740993", "1.10", "1e400", "-0", "0.1e1"):
            round_trip(d, "n.json", ('{"a_unencrypted": %s, "b": %s}\n' % (number, number)).encode())
        assert round_trip(d, "d.yaml", b"a: 1\na: 2\n").code == 2
        assert round_trip(d, "d.json", b'{"a": 1, "a": 2}\n').code == 0


def sealed_files(desk):
    for name, plain in PLAIN.items():
        path = desk.directory / name
        path.write_bytes(plain.encode("latin-1"))
        sealed = Ended(["encrypt", name], desk).behaved().out
        path.write_bytes(sealed)
        yield name, plain.encode("latin-1"), sealed


def tried(desk, name, data, label):
    path = desk.directory / f"{label}-{name}"
    path.write_bytes(data)
    ended = Ended(["decrypt", path.name], desk).behaved()
    path.unlink()
    assert CANARY.encode() not in ended.err, ended
    return ended


def i2_i3_l1_p6_tokens():
    """Changed tokens: the reference's code, the path named, nothing of the value."""
    token = re.compile(rb"ENC\[AES256_GCM,data:([^,]*),iv:([^,]*),tag:([^,]*),type:(\w+)\]")
    changes = {
        "I2 comment": (lambda m: m[0].replace(b"type:str", b"type:comment"), 25),
        "I3 bytes": (lambda m: m[0].replace(b"type:str", b"type:bytes"), (0, 25)),
        "L1 int": (lambda m: m[0].replace(b"type:str", b"type:int"), 25),
        "L1 float": (lambda m: m[0].replace(b"type:str", b"type:float"), 25),
        "L1 time": (lambda m: m[0].replace(b"type:str", b"type:time"), 25),
        "I14 unknown type": (lambda m: m[0].replace(b"type:str", b"type:list"), 25),
        "I14 short nonce": (lambda m: m[0].replace(m[2], m[2][:16]), 25),
        "I14 empty nonce": (lambda m: m[0].replace(m[2], b""), 25),
        "I14 short tag": (lambda m: m[0].replace(m[3], m[3][:4]), 25),
        "P6 no data": (lambda m: m[0].replace(m[1], b""), 25),
        "P6 unpadded": (lambda m: m[0].replace(m[3], m[3].rstrip(b"=")), 25),
        "P6 alphabet of URLs": (lambda m: m[0].replace(m[2], m[2][:-4] + b"-_-="), 25),
        "P6 huge": (lambda m: m[0].replace(m[1], b"A" * (4 << 20)), 25),
    }
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        for name, plain, sealed in list(sealed_files(d)):
            for label, (change, code) in changes.items():
                data = token.sub(change, sealed, count=1)
                if data == sealed:
                    continue
                ended = tried(d, name, data, "token")
                assert ended.code in (code if isinstance(code, tuple) else (code,)), (label, ended)
                assert ended.code == 0 or not ended.out, (label, ended)
                assert ended.code == 0 or name == "f.bin" or re.search(rb"user|USER", ended.err), (label, ended)
        for name, plain, sealed in list(sealed_files(d)):  # I14: nothing, or an empty one, where the MAC stood
            data = re.sub(rb'("?(?:sops_)?mac"?\s*[:=] *"?)ENC\[[^\]]*\]', rb"\1", sealed, count=1)
            assert data != sealed and tried(d, name, data, "mac").code == 51, name


def p5_odd_metadata():
    """Fields of the wrong type or out of range: an error with a code, whatever the field."""
    values = [None, True, -1, 0, 256, 2**70, 1.5, "", "x", [], {}, [[]], [None], [{}], [{"enc": 1}], {"a": {}}, "\u0000"]
    fields = ["age", "pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms", "key_groups", "shamir_threshold", "lastmodified",
              "mac", "version", "encrypted_regex", "unencrypted_suffix", "mac_only_encrypted", "leafseal"]
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        sealed = json.loads(d.file.read_text())
        for field in fields:
            for value in values:
                changed = json.loads(json.dumps(sealed))
                changed["sops"][field] = value
                ended = tried(d, "m.json", json.dumps(changed).encode(), "m")
                assert ended.code or CANARY.encode() in ended.out, (field, value, ended)
        for value in values:
            ended = tried(d, "m.json", json.dumps(dict(sealed, sops=value)).encode(), "m")
            assert ended.code in (1, 128), (value, ended)
        for groups in (1001, 300):
            changed = json.loads(json.dumps(sealed))
            changed["sops"]["key_groups"] = [{"age": changed["sops"].pop("age")}] * groups
            changed["sops"]["shamir_threshold"] = 2
            assert tried(d, "m.json", json.dumps(changed).encode(), "m").code != 0, groups
        changed = json.loads(json.dumps(sealed))
        changed["sops"]["age"] *= 1001
        ended = tried(d, "m.json", json.dumps(changed).encode(), "m")
        assert ended.code and b"limit" in ended.err, ended


def p4_injections():
    """A value that looks like the next entry stays a value, or is refused."""
    texts = ["a\nEVIL=1", "a\r\nEVIL=1", "[evil]", "a\n[evil]\nk=1", "a ; c", "a # c", "a\\", "a \\\nEVIL=1", "=", "'\"", "\"", "`",
             "\"\"\"", " a", "a ", "\ta", "", "%(x)s", "a\n\nb", "sops_mac=x", "a\nsops_version=1", "\\n", "\u2028EVIL=1", "#x", ";x"]
    plain = {"i.env": "K=v\nZ=z\n", "i.ini": "[s]\nk = v\nz = z\n", "i.yaml": "k: v\nz: z\n", "i.json": '{"k": "v", "z": "z"}\n'}
    paths = {"i.env": '["K"]', "i.ini": '["s"]["k"]', "i.yaml": '["k"]', "i.json": '["k"]'}
    others = {"i.env": '["Z"]', "i.ini": '["s"]["z"]', "i.yaml": '["z"]', "i.json": '["z"]'}
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        kept = 0
        for name, text in plain.items():
            (d.directory / name).write_text(text)
            d.run("encrypt", "-i", name)
            for value in texts:
                before = (d.directory / name).read_bytes()
                done = subprocess.run([LEAFSEAL, "set", name, paths[name], json.dumps(value)], cwd=d.directory, env=d.variables,
                                      capture_output=True, timeout=60)
                if done.returncode:
                    assert (d.directory / name).read_bytes() == before, (name, value)
                    continue
                kept += 1
                for output in ("json", None):
                    words = ["--output-type", output] if output else []
                    shown = d.run("decrypt", *words, name).stdout
                    if output:
                        tree = json.loads(shown)
                        flat = tree.get("s", tree)
                        assert flat in ({"k": value, "z": "z"}, {"K": value, "Z": "z"}), (name, value, shown)
                again = d.directory / f"again-{name}"
                again.write_text(shown)
                d.run("encrypt", "-i", again.name)
                assert d.run("decrypt", "--extract", others[name], again.name).stdout == "z", (name, value)
        assert kept > 60, kept


if __name__ == "__main__":
    sys.exit(run_all([value for name, value in list(globals().items()) if re.match(r"(p|i|l)\d+_", name)]))
