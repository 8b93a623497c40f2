#!/usr/bin/env python3
"""Sessions of `edit` in a real terminal: what the editor gets, what happens to broken text, to no change, to a new file.

usage: edit_session.py LEAFSEAL SOURCE_DIR
"""
import os
import sys

from terminal import CANARY, Desk, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]


def desk(**options):
    return Desk(LEAFSEAL, SOURCE_DIR, **options)


def an_edit_is_saved():
    with desk() as d:
        d.script("sed -i 's/\"port\": 1/\"port\": 2/' \"$1\"")
        before = d.file.read_text().splitlines()
        session = d.edit()
        assert session.wait() == 0, session.text
        after = d.file.read_text().splitlines()
        assert sum(a != b for a, b in zip(before, after)) <= 3 and len(before) == len(after)
        assert '"port": 2' in d.plain()
        assert not d.remains()


def f7_the_file_is_private_and_on_tmpfs():
    with desk() as d:
        report = d.root / "report"
        d.script(f"stat -c '%a %n' \"$1\" \"$(dirname \"$1\")\" > {report}; stat -f -c %T \"$1\" >> {report}\n")
        assert d.edit().wait() == 200
        lines = report.read_text().splitlines()
        assert lines[0].startswith("600 ") and lines[0].endswith("/secrets.json"), lines
        assert lines[1].startswith("700 "), lines
        if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK):
            assert lines[2] == "tmpfs", lines
        assert not d.remains()


def f7_remains_of_the_dead_are_removed():
    with desk() as d:
        dead = d.temporary / "leafseal-edit-999999-1-abcdef"
        alive = d.temporary / f"leafseal-edit-{os.getpid()}-{start_time()}-abcdef"
        for path in (dead, alive):
            path.mkdir(mode=0o700)
            (path / "secrets.yaml").write_text("x")
        d.script("true")
        assert d.edit().wait() == 200
        assert not dead.exists() and alive.exists()


def start_time():
    return open("/proc/self/stat").read().rpartition(")")[2].split()[19]


def f8_what_the_editor_leaves_is_removed():
    with desk() as d:
        d.script("cp \"$1\" \"$1~\"; mkdir \"$(dirname \"$1\")/sub\"; cp \"$1\" \"$(dirname \"$1\")/sub/.x.swp\"\n"
                 "sed -i s/1/2/ \"$1\"")
        assert d.edit().wait() == 0
        assert not d.remains() and not d.leaks()


def f8_vim_is_asked_for_no_copies():
    with desk() as d:
        report = d.root / "report"
        d.script(f"printf '%s\\n' \"$@\" > {report}", name="vim")
        assert d.edit().wait() == 200
        words = report.read_text().splitlines()
        assert words[:3] == ["-n", "-i", "NONE"] and "noswapfile" in words[4] and words[-1].endswith("/secrets.json")


def editors_with_windows_are_asked_to_wait():
    with desk() as d:
        report = d.root / "report"
        for name, flag, letter in (("code", "--wait", "-w"), ("subl", "--wait", "-w"), ("kate", "--block", "-b"),
                                   ("gvim", "-f", "--nofork"), ("gedit", "--wait", "-w")):
            editor = d.script(f"printf '%s\\n' \"$@\" > {report}", name=name)
            for own, count in (("", 1), (f" {letter}", 0), (f" --new-window {flag}", 1)):
                d.variables["EDITOR"] = f"{editor}{own}"
                assert d.edit().wait() == 200
                words = report.read_text().splitlines()
                assert words.count(flag) == count and words.count(letter) == (own == f" {letter}"), words
                assert words[-1].endswith("/secrets.json"), words
        d.script(f"printf '%s\\n' \"$@\" > {report}", name="codec")
        assert d.edit().wait() == 200 and len(report.read_text().splitlines()) == 1


def f12_the_editor_does_not_get_the_keys():
    with desk() as d:
        report = d.root / "report"
        d.variables["SOPS_AGE_KEY"] = open(d.variables["SOPS_AGE_KEY_FILE"]).read()
        d.script(f"env > {report}")
        assert d.edit().wait() == 200
        assert "AGE-SECRET-KEY" not in report.read_text()


def broken_text_opens_the_editor_again():
    with desk() as d:
        d.script("if grep -q broken \"$1\"; then sed -i 's/broken/\"port\"/; s/1/3/' \"$1\"\n"
                 "else sed -i 's/\"port\"/broken/' \"$1\"; fi")
        session = d.edit()
        session.expect("Press enter to return to the editor")
        assert "line 3" in session.text, session.text
        session.send("\n")
        assert session.wait() == 0, session.text
        assert '"port": 3' in d.plain()


def end_of_input_ends_it_and_keeps_the_text():
    with desk() as d:
        d.script("printf '{ broken' > \"$1\"")
        before = d.file.read_bytes()
        session = d.edit()
        session.expect("Press enter")
        session.send("\x04")
        assert session.wait() == 1, session.text
        assert d.file.read_bytes() == before and not d.remains()
        kept = d.directory / "secrets.json.kept-edit-1"
        assert kept.name in session.text and kept.stat().st_mode & 0o777 == 0o600
        assert b"broken" not in kept.read_bytes()
        assert d.run("decrypt", kept.name).stdout == "{ broken"


def f9_three_tries_without_a_change_end_it():
    with desk() as d:
        d.script("printf '{ broken' > \"$1\"")
        session = d.edit()
        for tries in (1, 2):
            session.expect("Press enter")
            session.text = ""
            session.send("\n")
        assert session.wait() == 1, session.text
        assert not d.remains()


def f9_a_script_that_keeps_breaking_the_text_ends():
    with desk() as d:
        d.script("date +'{ broken %N' > \"$1\"")
        done = d.run("edit", d.file.name, code=1, input="\n" * 100)
        assert done.stderr.count("Press enter") == 2, done.stderr


def no_change_is_200_and_leaves_the_file_alone():
    with desk() as d:
        d.script("true")
        os.utime(d.file, (1, 1))
        before = d.file.read_bytes()
        session = d.edit()
        assert session.wait() == 200 and "File has not changed, exiting." in session.text
        assert d.file.read_bytes() == before and d.file.stat().st_mtime == 1


def a_new_file_starts_from_the_example():
    with desk() as d:
        d.script("grep -q 'Welcome to SOPS' \"$1\" && sed -i s/example_value1/mine/ \"$1\"")
        d.file = d.directory / "new.json"
        assert d.edit().wait() == 0
        assert '"mine"' in d.plain()
        d.file = d.directory / "untouched.json"
        d.script("true")
        assert d.edit().wait() == 200 and not d.file.exists()


def f10_show_master_keys_saves_what_was_edited():
    with desk() as d:
        d.script("grep -q '\"sops\"' \"$1\" && grep -q age1 \"$1\" && sed -i 's/\"port\": 1/\"port\": 7/' \"$1\"")
        session = d.edit("-s")
        assert session.wait() == 0, session.text
        assert '"port": 7' in d.plain() and '"sops"' not in d.plain()


def an_editor_that_fails_changes_nothing():
    for command, reason in (("exit 3", "exit status 3"), ("kill -9 $$", "signal: ")):
        with desk() as d:
            d.script(f"sed -i s/1/2/ \"$1\"; {command}")
            before = d.file.read_bytes()
            session = d.edit()
            assert session.wait() == 201 and "Could not run editor: " + reason in session.text, session.text
            assert d.file.read_bytes() == before and not d.remains()


def the_terminal_belongs_to_the_editor():
    with desk() as d:
        d.script("test -t 0 && test -t 1 && printf 'your value: ' && read -r x && sed -i \"s/1/$x/\" \"$1\"")
        session = d.edit()
        session.expect("your value: ")
        session.send("42\n")
        assert session.wait() == 0, session.text
        assert '"port": 42' in d.plain()


def nothing_plain_is_on_the_terminal():
    with desk() as d:
        d.script("printf '{\"user\": \"%s\", broken' " + CANARY + " > \"$1\"")
        session = d.edit()
        session.expect("Press enter")
        session.send("\x04")
        session.wait()
        assert CANARY not in session.text, session.text


if __name__ == "__main__":
    sys.exit(run_all([value for name, value in list(globals().items())
                      if callable(value) and getattr(value, "__module__", "") == "__main__"
                      and name not in ("desk", "start_time")]))
