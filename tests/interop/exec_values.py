#!/usr/bin/env python3
"""exec-env and exec-file against sops: the environment that the command gets, byte for byte, for many values of every type
in every format; exit codes and phrases of what is refused.

usage: exec_values.py LEAFSEAL SOURCE_DIR [SEED]
"""
import json
import random
import struct
import sys
import tempfile
from pathlib import Path

from checks import Checks, absent_peer
from programs import base_environment, new_age_key, run, sops_peers

LEAFSEAL, SOURCE_DIR = str(Path(sys.argv[1]).resolve()), sys.argv[2]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 20260101
SHOW = "cat /proc/$$/environ"  # as the program was given it, before a shell made anything of it

FLOATS = ["0.1", "1.0", "1.5", "-0.0", "0.0", "100000.5", "123456.0", "999999.0", "1000000.0", "1234567.0", "1.234567e6", "1e5",
          "1e6", "1e20", "1e21", "1e22", "1e100", "1.7976931348623157e308", "5e-324", "0.0001", "0.00012345", "0.00001", "1e-5",
          "1.5e-7", "12345678901234567890.0", "0.30000000000000004", "123456.789", "99999.99", "-1e-9", "3.141592653589793"]
INTEGERS = ["0", "-1", "42", "2147483648", "9007199254740993", "9223372036854775807", "-9223372036854775808"]
YAML_ONLY = [".inf", "-.inf", ".nan", "0x1F", "0o17", "0b101", "1_000", "0777", "~", "null", "", "true", "False", "TRUE", "yes", "on",
             "2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05.678 +02:00", "2026-01-02T03:04:05.000000001-07:00",
             "123456789012345678901234567890", "1.10", "+5", "+.5", "12e03"]
STRINGS = ["", " ", "text", "two words", "a\nb", "a\n", "\n", "tab\there", "quote\"s'", "$HOME `id` $(id)", "\u00e9\u4e2d\U0001f600", "=x",
           "#no comment", "back\\slash", "a\\nb", "true", "1", "null", "x" * 5000, "-", "{}", "\x01\x7f", "\r\n"]


def random_floats(dice, count):
    while count:
        number = struct.unpack("<d", dice.randbytes(8))[0]
        if number == number and abs(number) != float("inf"):
            count -= 1
            yield repr(number)


def documents(dice):
    """(file name, text): flat documents with one value a key."""
    floats = FLOATS + list(random_floats(dice, 200)) + [f"{dice.uniform(-1e7, 1e7):.{dice.randrange(1, 9)}f}" for _ in range(200)]
    integers = INTEGERS + [str(dice.randrange(-2**63, 2**63) >> dice.randrange(0, 60)) for _ in range(50)]
    plain = floats + integers
    yield "numbers.yaml", "".join(f"K{i}: {text}\n" for i, text in enumerate(plain + YAML_ONLY))
    yield "numbers.json", "{" + ",".join(f'"K{i}": {text}' for i, text in enumerate(plain + ["true", "false", "null"])) + "}"
    for suffix in ("yaml", "json"):
        yield f"strings.{suffix}", json.dumps({f"K{i}": text for i, text in enumerate(STRINGS)},
                                                ensure_ascii=False).replace("\x7f", "\\u007f")
    yield "comments.yaml", "# before\nA: 1  # behind\n# between\nB: x\n---\nC: second\n"
    yield "lines.env", "# c\nA=1\nB=two words\nC=a\\nb\nD=\nE=\"q\"\nF=#x\nG==\n"
    yield "names.yaml", '"a b": 1\n"": 2\n"a-b.c": 3\n"\u00e9": 4\nPATH: /x\nA: 5\n'
    yield "names.json", '{"A": "1", "A": "2", "B": "", "a$": 3}'
    yield "file.bin", "binary\ntext\n"
    yield "clear.yaml", "a_unencrypted: 1.50\nb_unencrypted: 2026-01-02\nc_unencrypted: ~\nd_unencrypted: |\n  x\n  y\n"


REFUSED = [("nested.yaml", "A: 1\nl: [1]\n"), ("map.yaml", "m: {}\nA: 1\n"), ("equals.yaml", '"a=b": 1\n'),
           ("section.ini", "[s]\na = 1\n"), ("nul.yaml", 'A: "x\\0y"\n'), ("nested.json", '{"a": {"b": 1}}')]


def entries(done):
    return sorted(entry for entry in done.out.split(b"\0") if entry)


def compare(checks, sops, version, work, env, recipient):
    dice = random.Random(SEED)
    compared = 0
    for name, text in [*documents(dice), *REFUSED]:
        for sealer in (LEAFSEAL, sops):
            (work / name).write_text(text)
            sealed = run(sealer, ["encrypt", "--age", recipient, name], work, env)
            if sealed.code:  # what one of them does not take is no matter of this test
                assert sealer == sops, (name, sealed.reason())
                continue
            (work / name).write_bytes(sealed.out)
            who = f"{version} {name} sealed by {'leafseal' if sealer == LEAFSEAL else 'sops'}"
            theirs = run(sops, ["exec-env", "--pristine", name, SHOW], work, env)
            ours = run(LEAFSEAL, ["exec-env", "--pristine", name, SHOW], work, env)
            checks.equal("exec-env exit code", who, ours.code, theirs.code)
            if (name, text) in REFUSED:
                checks.add("exec-env refuses", who, ours.code == 1 and theirs.err.strip() in ours.err and ours.out == b"",
                           ours.reason() + " / " + theirs.reason())
                continue
            checks.equal("exec-env environment", who, entries(ours), entries(theirs))
            compared += len(entries(ours))
    return compared


def compare_calls(checks, sops, version, work, env, recipient):
    """Ways to call both commands, and what comes of them."""
    (work / "f.env").write_text("A=one\nB=two\n")
    run(LEAFSEAL, ["encrypt", "-i", "--age", recipient, "f.env"], work, env)
    calls = [["exec-env", "f.env", "echo $A"], ["exec-env", "f.env", "--", "echo $A"], ["exec-env", "--", "f.env", "echo $A"],
             ["exec-env", "f.env", "exit 7"], ["exec-env", "f.env", "kill -9 $$"], ["exec-env", "f.env"], ["exec-env"],
             ["exec-env", "f.env", "a", "b"], ["exec-env", "nofile.env", "true"], ["exec-env", "f.env", "true", "--pristine"],
             ["exec-env", "--user", "no-such-user", "f.env", "true"], ["exec-env", "--same-process", "f.env", "echo $B; exit 3"],
             ["exec-env", "--same-process", "--background", "f.env", "true"], ["exec-env", "--background", "f.env", "exit 4"],
             ["exec-env", "--decryption-order", "age,age", "f.env", "true"],
             ["exec-env", "--enable-local-keyservice=false", "f.env", "true"],
             ["exec-file", "f.env", "cat {}"], ["exec-file", "--output-type", "json", "f.env", "cat {}"],
             ["exec-file", "--input-type", "dotenv", "--output-type", "yaml", "f.env", "cat {}"],
             ["exec-file", "--no-fifo", "f.env", "cat {} {}; stat -c %a {}"], ["exec-file", "f.env", "basename {}; stat -c %a {}"],
             ["exec-file", "--filename", "x.env", "f.env", "basename {}; cat {}"], ["exec-file", "--filename", "../x", "f.env", "cat {}"],
             ["exec-file", "--filename", "/x", "f.env", "cat {}"], ["exec-file", "--filename", "a/../b", "f.env", "basename {}"],
             ["exec-file", "--filename", "a/b", "f.env", "cat {}"], ["exec-file", "--filename", ".", "f.env", "cat {}"],
             ["exec-file", "--filename", "a/../..", "f.env", "cat {}"], ["exec-file", "--filename", "..x", "f.env", "basename {}"],
             ["exec-file", "f.env", "exit 9"], ["exec-file", "f.env", "echo none"], ["exec-file", "f.env"],
             ["exec-file", "f.env", "test -n \"$HOME\" && echo {}{} | wc -w"], ["exec-file", "--output-type", "ini", "f.env", "cat {}"]]
    for words in calls:
        if version.startswith("3.11") and words[1:3] in (["--filename", "../x"], ["--filename", "/x"]):
            continue  # which it does not refuse yet
        theirs, ours = (run(program, words, work, env) for program in (sops, LEAFSEAL))
        who = f"{version} {' '.join(words)}"
        checks.equal("calls: exit code", who, ours.code, theirs.code)
        checks.equal("calls: stdout", who, ours.out, theirs.out)
    return len(calls)


def main():
    peers = sops_peers(SOURCE_DIR)
    if not peers:
        absent_peer("sops")
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        key, recipient = new_age_key(work)
        env = base_environment(work) | {"SOPS_AGE_KEY_FILE": str(key)}
        for version, sops in sorted(peers.items()):
            values = compare(checks, sops, version, work, env, recipient)
            calls = compare_calls(checks, sops, version, work, env, recipient)
            print(f"sops {version}: {values} variables and {calls} calls compared (seed {SEED})")
    checks.peer("sops", len(peers))
    checks.finish()


if __name__ == "__main__":
    main()
