#!/usr/bin/env python3
"""Signals during `edit` [F7]: whatever the moment, no plaintext stays, the file is the old one, the terminal is sane.

usage: edit_signals.py LEAFSEAL SOURCE_DIR [SEED]
"""
import random
import signal
import sys
import time

from terminal import Desk, Session, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
MOMENTS = 20


def interrupted(number):
    """20 sessions, each ended by the signal at a random moment of its 150 ms."""
    moments = random.Random(f"{SEED} {number}")
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        # An editor that keeps the text open, copies it, and does not mind being told to end.
        d.script("trap '' HUP INT TERM\ncp \"$1\" \"$1.swp\"\nsleep 0.1\n"
                 "sed -i \"s/: [0-9]*$/: 1$(date +%N)/\" \"$1\"\n")
        before = d.file.read_bytes()
        for _ in range(MOMENTS):
            delay = moments.uniform(0, 0.15)
            session = d.edit()
            time.sleep(delay)
            session.kill(number)
            code = session.wait()
            where = f"{signal.Signals(number).name} after {delay * 1000:.1f} ms (seed {SEED})"
            assert code in (0, 1, -number), f"{where}: exit {code}\n{session.text}"
            assert not d.remains(), f"{where}: {d.remains()}"
            assert not d.leaks(), f"{where}: {d.leaks()}"
            if code == 1:
                assert d.file.read_bytes() == before, f"{where}: the file changed"
            d.plain()  # the old one or the new one: it opens
            before = d.file.read_bytes()


def hup():
    interrupted(signal.SIGHUP)


def int_():
    interrupted(signal.SIGINT)


def quit_():
    interrupted(signal.SIGQUIT)


def term():
    interrupted(signal.SIGTERM)


def pipe():
    interrupted(signal.SIGPIPE)


def a_signal_while_waiting_for_enter():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        d.script("printf '{ broken' > \"$1\"")
        session = d.edit()
        session.expect("Press enter")
        session.send("\x03")
        assert session.wait() == 1 and "User canceled operation" in session.text, session.text
        assert not d.remains()


def the_terminal_is_restored():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        d.script("stty -echo raw; sleep 20")
        session = d.edit()
        for _ in range(200):
            if not session.echoes():
                break
            time.sleep(0.02)
        assert not session.echoes()
        session.kill(signal.SIGTERM)
        for _ in range(200):
            if session.echoes():
                break
            time.sleep(0.02)
        assert session.echoes()
        assert session.wait() == 1


def the_editor_does_not_outlive_us():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        report = d.root / "pid"
        d.script(f"echo $$ > {report}; exec sleep 30")
        session = d.edit()
        while not report.exists() or not report.read_text().strip():
            time.sleep(0.01)
        session.kill(signal.SIGTERM)
        assert session.wait() == 1
        pid = report.read_text().strip()
        state = "gone"
        try:
            state = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            pass
        assert state in ("gone", "Z"), state


def a_secret_prompt_gives_the_terminal_back():
    with Desk(LEAFSEAL, SOURCE_DIR) as d:
        d.variables["SOPS_AGE_KEY_FILE"] = SOURCE_DIR + "/testdata/golden/keys/age/a5-passphrase.age"
        session = Session([d.leafseal, "decrypt", d.file.name], d.variables, d.directory)
        session.expect("passphrase")
        for _ in range(100):
            if not session.echoes():
                break
            time.sleep(0.02)
        assert not session.echoes()
        session.kill(signal.SIGTERM)
        for _ in range(100):
            if session.echoes():
                break
            time.sleep(0.02)
        assert session.echoes()
        assert session.wait() == -signal.SIGTERM


if __name__ == "__main__":
    print(f"seed {SEED}")
    sys.exit(run_all([hup, int_, quit_, term, pipe, a_signal_while_waiting_for_enter, the_terminal_is_restored,
                      the_editor_does_not_outlive_us, a_secret_prompt_gives_the_terminal_back]))
