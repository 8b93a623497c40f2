#!/usr/bin/env python3
"""`set` and `keygen` ask in a real terminal, and show nothing of what is typed.

usage: set_prompt.py LEAFSEAL SOURCE_DIR
"""
import re
import signal
import subprocess
import sys

from terminal import CANARY, Desk, Session, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]
QUESTION = 'Value for ["user"] (hidden): '


def session(d, *arguments):
    return Session([d.leafseal, *arguments], d.variables, d.directory)


def value(d, path):
    return d.run("decrypt", "--extract", path, d.file.name).stdout


def the_value_is_asked_for_and_hidden():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        s = session(d, "set", d.file.name, '["user"]')
        s.expect(QUESTION)
        assert not s.echoes()
        s.send('typed "secret"\n')
        assert s.wait() == 0, s.text
        assert "typed" not in s.text, s.text
        assert value(d, '["user"]') == 'typed "secret"'


def several_paths_in_one_write():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        before = d.file.read_text().splitlines()
        s = session(d, "set", "--prompt", d.file.name, '["user"]', '["port"]')
        s.expect(QUESTION)
        s.send("one\n")
        s.expect('Value for ["port"] (hidden): ')
        assert d.file.read_text().splitlines() == before
        s.send("two\n")
        assert s.wait() == 0, s.text
        assert (value(d, '["user"]'), value(d, '["port"]')) == ("one", "two")
        changed = sum(a != b for a, b in zip(before, d.file.read_text().splitlines()))
        assert changed <= 4, changed


def a_typed_value_can_be_json():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        s = session(d, "set", "--value-type", "json", d.file.name, '["port"]')
        s.expect("hidden")
        s.send("5433\n")
        assert s.wait() == 0, s.text
        assert '"port": 5433' in d.plain()


def nothing_typed_changes_nothing():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        before = d.file.read_bytes()
        for keys in ("\n", "\x04"):  # Enter, Ctrl-D
            s = session(d, "set", d.file.name, '["user"]')
            s.expect("hidden")
            s.send(keys)
            assert s.wait() == 1, s.text
            assert "nothing was changed" in s.text
        s = session(d, "set", d.file.name, '["user"]')
        s.expect("hidden")
        s.send("half\x03")
        assert s.wait() == -signal.SIGINT, s.text
        assert d.file.read_bytes() == before


def a_missing_file_is_told_before_the_question():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        s = session(d, "set", "nofile.yaml", '["user"]')
        assert s.wait() == 2, s.text
        assert "hidden" not in s.text and "no such file" in s.text


def a_value_as_long_as_a_line_is_refused():
    """A terminal hands over 4095 characters of a line and drops the rest without a word."""
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        before = d.file.read_bytes()
        s = session(d, "set", d.file.name, '["user"]')
        s.expect("hidden")
        s.send("x" * 5000 + "\n")
        assert s.wait() == 1, s.text
        assert "longer than a line" in s.text
        assert d.file.read_bytes() == before


def without_a_terminal_nobody_is_asked():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        done = d.run("set", d.file.name, '["user"]', code=100, stdin=subprocess.DEVNULL)
        assert "Need precisely 3 positional arguments" in done.stderr
        done = d.run("set", "--prompt", d.file.name, '["user"]', code=1, stdin=subprocess.DEVNULL, start_new_session=True)
        assert "no terminal" in done.stderr
        assert CANARY in d.plain()


def ask_passphrase(d, first, second):
    path = d.root / "guarded.txt"
    s = session(d, "keygen", "--passphrase", "--output", str(path))
    s.expect("Passphrase for the new identity: ")
    assert not s.echoes()
    s.send(first + "\n")
    if first:
        s.expect("once more: ")
        s.send(second + "\n")
    return s, path


def keygen_protects_a_file_with_a_passphrase():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        for first, second in (("", ""), ("one", "another")):
            s, path = ask_passphrase(d, first, second)
            assert s.wait() == 1 and "no identity was made" in s.text, s.text
            assert not path.exists()
        s, path = ask_passphrase(d, "open sesame", "open sesame")
        assert s.wait(60) == 0, s.text
        assert "sesame" not in s.text
        recipient = re.search(r"- age: (age1[0-9a-z]+)", s.text)[1]
        assert path.stat().st_mode & 0o777 == 0o600
        assert "AGE-SECRET-KEY" not in path.read_text()

        # Debian's age opens it with the passphrase, and so does leafseal.
        subprocess.run(["age", "-r", recipient, "-o", d.root / "sealed", d.file], check=True)
        s = Session(["/usr/bin/age", "-d", "-i", str(path), "-o", str(d.root / "opened"), str(d.root / "sealed")],
                    d.variables, d.directory)
        s.expect("passphrase")
        s.send("open sesame\n")
        assert s.wait(60) == 0, s.text
        assert (d.root / "opened").read_bytes() == d.file.read_bytes()
        (d.directory / "own.json").write_text('{"a": "x"}')
        d.run("encrypt", "--age", recipient, "-i", "own.json")
        d.variables["SOPS_AGE_KEY_FILE"] = str(path)
        s = session(d, "decrypt", "own.json")
        s.expect("passphrase for identity")
        s.send("open sesame\n")
        assert s.wait(60) == 0 and '{"a": "x"}' in s.text, s.text


if __name__ == "__main__":
    sys.exit(run_all([the_value_is_asked_for_and_hidden, several_paths_in_one_write, a_typed_value_can_be_json,
                      nothing_typed_changes_nothing, a_missing_file_is_told_before_the_question,
                      a_value_as_long_as_a_line_is_refused, without_a_terminal_nobody_is_asked,
                      keygen_protects_a_file_with_a_passphrase]))
