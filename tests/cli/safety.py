#!/usr/bin/env python3
"""What comes out when a file was tampered with: C2 (nothing sealed), F3 (a wrap that does not open), I8 (text behind a
token), L2 (no digest), L5 (no debugger output), M5 (nothing before the MAC is checked).

usage: safety.py LEAFSEAL SOURCE_DIR
"""
import base64
import hashlib
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from terminal import CANARY, Desk, run_all

LEAFSEAL, SOURCE_DIR = str(Path(sys.argv[1]).resolve()), sys.argv[2]
PLAIN = {
    "f.yaml": f"user: {CANARY}\nopen_unencrypted: clear\nlist:\n- one\n- two\n",
    "f.json": '{"user": "%s", "open_unencrypted": "clear", "list": ["one", "two"]}\n' % CANARY,
    "f.env": f"USER={CANARY}\nopen_unencrypted=clear\n",
    "f.ini": f"[s]\nuser = {CANARY}\nopen_unencrypted = clear\n",
}


def each_format(check):
    def run():
        for name, plain in PLAIN.items():
            with Desk(LEAFSEAL, SOURCE_DIR, plain, name) as d:
                check(d, d.file.read_text())
    run.__name__ = check.__name__
    return run


def tampered(d, text):
    d.file.write_text(text)
    return subprocess.run([LEAFSEAL, "decrypt", d.file.name], cwd=d.directory, env=d.variables, capture_output=True,
                          text=True, timeout=60)


@each_format
def m5_l2_a_changed_value_in_clear_gives_no_plaintext_and_no_digest(d, sealed):
    done = tampered(d, sealed.replace("clear", "Clear"))
    assert done.returncode == 51 and done.stdout == "" and "MAC mismatch" in done.stderr, done
    assert CANARY not in done.stderr and not re.search(r"[0-9A-Fa-f]{64}", done.stderr), done.stderr
    assert hashlib.sha512(CANARY.encode()).hexdigest()[:16].upper() not in done.stderr.upper()


@each_format
def i14_a_changed_mac_or_date_is_refused(d, sealed):
    date = re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", sealed)[0]
    for text in (sealed.replace(date, "2001-02-03T04:05:06Z"), re.sub(r"(mac\W+)ENC\[[^\]]*\]", r"\1", sealed)):
        done = tampered(d, text)
        assert text != sealed and done.returncode == 51 and done.stdout == "", done


@each_format
def i8_text_behind_a_token_is_told_and_refused_under_strict(d, sealed):
    at = sealed.index("type:str]") + len("type:str]")
    d.file.write_text(sealed[:at] + "behind" + sealed[at:])
    done = d.run("--verbose", "decrypt", d.file.name)
    assert CANARY in done.stdout, done
    d.variables["LEAFSEAL_STRICT"] = "1"
    done = d.run("decrypt", d.file.name, code=25)
    assert done.stdout == "" and "text stands behind the token" in done.stderr, done


def c2_nothing_sealed_is_told_and_refused_under_strict():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        (d.directory / "clear.yaml").write_text("a: 1\nb: two\n")
        words = ("encrypt", "--encrypted-regex", "^nothing$", "clear.yaml")
        done = d.run(*words)
        assert "no value was encrypted" in done.stderr and "a: 1" in done.stdout, done
        d.variables["LEAFSEAL_STRICT"] = "1"
        done = d.run(*words, code=10)
        assert done.stdout == "" and "no value was encrypted" in done.stderr, done


def damaged_ssh_key(path):
    """An identity whose public part is sound and whose private part is another's: it cannot open what is wrapped for it."""
    lines = (Path(SOURCE_DIR) / "testdata/golden/keys/ssh/id_ed25519").read_text().split("\n")
    data = bytearray(base64.b64decode("".join(lines[1:-2])))
    public = bytes(data[data.index(b"ssh-ed25519") + 15:][:32])
    second = data.index(public, data.index(public) + 1)
    seed = data.index(b"\0\0\0\x40", second) + 4
    assert data[seed + 32:seed + 64] == public
    data[seed] ^= 1
    path.write_text("\n".join([lines[0], base64.b64encode(data).decode(), *lines[-2:]]))
    path.chmod(0o600)
    return (Path(SOURCE_DIR) / "testdata/golden/keys/ssh/id_ed25519.pub").read_text().strip()


def f3_a_wrap_that_does_not_open_is_refused_and_nothing_is_written():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        recipient = damaged_ssh_key(d.root / "id_ed25519")
        (d.directory / "p.json").write_text('{"a": 1}')
        d.script("sed -i s/example_value1/mine/ \"$1\"")
        words = ("--age", recipient)
        attempts = [(("encrypt", *words, "-i", "p.json"), 1), (("encrypt", *words, "--output", "new.json", "p.json"), 1),
                    (("encrypt", *words, "p.json"), 1), (("edit", *words, "new.json"), 128)]
        before = {path: path.read_bytes() for path in d.directory.iterdir()}
        for place in ("SOPS_AGE_SSH_PRIVATE_KEY_FILE", "HOME"):
            if place == "HOME":
                del d.variables["SOPS_AGE_SSH_PRIVATE_KEY_FILE"]
                (d.root / ".ssh").mkdir()
                shutil.copy(d.root / "id_ed25519", d.root / ".ssh/id_ed25519")
            else:
                d.variables[place] = str(d.root / "id_ed25519")
            for attempt, code in attempts:
                done = d.run(*attempt, code=code, stdin=subprocess.DEVNULL)
                assert done.stdout == "" and "the wrapped key does not open to the data key again" in done.stderr, done
                assert {path: path.read_bytes() for path in d.directory.iterdir()} == before, attempt
        (d.root / ".ssh/id_ed25519").unlink()  # the same without an identity to check with
        for attempt, _ in attempts:
            (d.directory / "p.json").write_text('{"a": 1}')
            (d.directory / "new.json").unlink(missing_ok=True)
            d.run(*attempt, stdin=subprocess.DEVNULL)


def l5_an_abort_prints_nothing_of_the_process():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        child = subprocess.Popen([LEAFSEAL, "decrypt", "--input-type", "json"], cwd=d.directory, env=d.variables,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdin.write(d.file.read_bytes()[:200])
        child.stdin.flush()
        time.sleep(0.3)
        child.send_signal(signal.SIGABRT)
        out, err = child.communicate(timeout=20)
        assert out == b"" and b"0x" not in err and CANARY.encode() not in err, (out, err)
        assert not list(d.directory.glob("core*"))


sys.exit(run_all([check for name, check in list(globals().items())
                  if callable(check) and re.match(r"(m5|i14|i8|c2|l5|f3)_", name)]))
