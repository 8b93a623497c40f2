#!/usr/bin/env python3
"""Progress of commands over many files: on a terminal alone, a few times a second, gone when the command ends.

usage: progress.py LEAFSEAL SOURCE_DIR
"""
import os
import re
import subprocess
import sys
import threading
import time

from terminal import Desk, Session, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]
DRAWN = re.compile(r"\r\x1b\[Kleafseal: (\d+) of (\d+) files")
FILES = 12


def many_files(d, count=FILES):
    for number in range(count):
        (d.directory / f"n{number:02}.json").write_bytes(d.file.read_bytes())
    return [f"n{number:02}.json" for number in range(count)]


def as_left(text):
    """What stands on the terminal in the end, where a line was erased and written over."""
    return [line.rsplit("\r\x1b[K", 1)[-1] for line in text.split("\n")]


def somebody_joins(d):
    key = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
    newcomer = re.search(r"public key: (age1\w+)", key)[1]
    (d.directory / ".sops.yaml").write_text(
        f"creation_rules:\n  - age: {d.variables['SOPS_AGE_RECIPIENTS']},{newcomer}\n")


def slow_keys(d, seconds):
    """The identity comes from a program that takes its time."""
    d.variables["SOPS_AGE_KEY_CMD"] = f"sh -c 'sleep {seconds}; cat {d.variables.pop('SOPS_AGE_KEY_FILE')}'"


def updatekeys(d, seconds, *flags):
    files = many_files(d)
    somebody_joins(d)
    slow_keys(d, seconds)
    begin = time.monotonic()
    session = Session([d.leafseal, "updatekeys", "-y", *flags, *files], d.variables, d.directory)
    assert session.wait() == 0, session.text
    return session.text, time.monotonic() - begin


def updatekeys_shows_how_far_it_is():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        text, took = updatekeys(d, 1)
        drawn = [(int(done), int(total)) for done, total in DRAWN.findall(text)]
        assert drawn and {total for _, total in drawn} == {FILES}, text
        assert drawn == sorted(drawn) and drawn[0][0] == 0, drawn
        assert 5 <= len(drawn) <= 10 * took + 1, (len(drawn), took)
        left = as_left(text)
        assert not any(" of " in line for line in left), left
        assert sum("synced with new keys" in line for line in left) == FILES, left
        assert left[-2] == f"leafseal: {FILES} files: {FILES} synced, 0 already up to date, 0 failed", left


def what_is_over_at_once_shows_nothing():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        (d.directory / ".sops.yaml").write_text(f"creation_rules:\n  - age: {d.variables['SOPS_AGE_RECIPIENTS']}\n")
        session = Session([d.leafseal, "check", *many_files(d)], d.variables, d.directory)
        assert session.wait() == 0 and session.text == "", session.text


def nobody_who_did_not_want_it_gets_it():
    for flags, variables in ((["--quiet"], {}), ([], {"TERM": "dumb"}), ([], {"TERM": ""}), ([], {"CI": "true"})):
        with Desk(LEAFSEAL, SOURCE_DIR) as d:
            d.variables.update(variables)
            text, _ = updatekeys(d, 0.6, *flags)
            assert "\x1b[K" not in text and " of " not in text, (flags, variables, text)


def a_pipe_gets_no_progress():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        files = many_files(d)
        somebody_joins(d)
        slow_keys(d, 0.6)
        done = d.run("updatekeys", "-y", *files)
        assert "\x1b" not in done.stdout + done.stderr and " of " not in done.stderr, done.stderr


def check_shows_how_far_it_is():
    """One file is a pipe that is filled late."""
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        (d.directory / ".sops.yaml").write_text(f"creation_rules:\n  - age: {d.variables['SOPS_AGE_RECIPIENTS']}\n")
        files = many_files(d)
        os.mkfifo(d.directory / "slow.json")
        (d.directory / "zz.json").write_text('{"a": "clear"}')

        def fill():
            time.sleep(0.7)
            (d.directory / "slow.json").write_bytes(d.file.read_bytes())

        filling = threading.Thread(target=fill)
        filling.start()
        session = Session([d.leafseal, "check", *files, "slow.json", "zz.json"], d.variables, d.directory)
        assert session.wait() == 1, session.text
        filling.join()
        assert (str(FILES + 1), str(FILES + 2)) in DRAWN.findall(session.text), session.text
        left = as_left(session.text)
        assert left[0].startswith("zz.json:1: is not sealed"), left
        assert not any(f" of {FILES + 2} files" in line for line in left), left


if __name__ == "__main__":
    sys.exit(run_all([updatekeys_shows_how_far_it_is, what_is_over_at_once_shows_nothing,
                      nobody_who_did_not_want_it_gets_it, a_pipe_gets_no_progress, check_shows_how_far_it_is]))
