#!/usr/bin/env python3
"""Files under `edit`, `set` and the in-place commands: F2 (links, modes), F4 (locks), F5 (changes by others), F6.

usage: edit_files.py LEAFSEAL SOURCE_DIR
"""
import fcntl
import os
import subprocess
import sys

from terminal import CANARY, Desk, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]


def desk():
    return Desk(LEAFSEAL, SOURCE_DIR)


def f5_a_file_changed_meanwhile_is_not_overwritten():
    with desk() as d:
        other = d.root / "other"
        other.write_text("somebody else was here\n")
        d.script(f"sed -i 's/: 1/: 2/' \"$1\"; cp {other} {d.file}")
        session = d.edit()
        assert session.wait() == 3 and "changed by somebody else" in session.text, session.text
        assert d.file.read_text() == "somebody else was here\n"
        kept = d.directory / "secrets.kept-edit-1.json"
        assert kept.name in session.text and kept.stat().st_mode & 0o777 == 0o600
        assert CANARY not in kept.read_text()
        assert '"port": 2' in d.run("decrypt", kept.name).stdout


def f5_a_file_removed_meanwhile_is_not_made_again():
    with desk() as d:
        d.script(f"sed -i 's/: 1/: 2/' \"$1\"; rm {d.file}")
        session = d.edit()
        assert session.wait() == 3 and not d.file.exists(), session.text
        assert (d.directory / "secrets.kept-edit-1.json").exists()


def f5_a_new_file_that_appears_meanwhile_is_kept():
    with desk() as d:
        d.file = d.directory / "new.json"
        d.script(f"sed -i s/example_value1/x/ \"$1\"; echo theirs > {d.file}")
        assert d.edit().wait() == 3
        assert d.file.read_text() == "theirs\n"


def f4_edit_does_not_hold_the_lock_while_the_editor_is_open():
    with desk() as d:
        d.script(f"flock -n {d.file} true && sed -i 's/: 1/: 2/' \"$1\"")
        session = d.edit()
        assert session.wait() == 0, session.text


def f4_set_waits_for_the_lock():
    with desk() as d:
        with open(d.file) as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            waiting = subprocess.Popen([d.leafseal, "set", d.file.name, '["port"]', "9"], cwd=d.directory,
                                       env=d.variables)
            try:
                waiting.wait(1)
                raise AssertionError("did not wait")
            except subprocess.TimeoutExpired:
                pass
        assert waiting.wait(20) == 0
        assert '"port": 9' in d.plain()


def f4_eight_writers_lose_nothing():
    with desk() as d:
        loop = 'for i in $(seq 50); do "$0" set "$1" "[\\"k$2_$i\\"]" $i || exit 1; done'
        writers = [subprocess.Popen(["/bin/sh", "-c", loop, d.leafseal, d.file.name, str(n)], cwd=d.directory,
                                    env=d.variables) for n in range(8)]
        assert [w.wait(300) for w in writers] == [0] * 8
        plain = d.plain()
        assert sum(f'"k{n}_{i}": {i}' in plain for n in range(8) for i in range(1, 51)) == 400


def f2_links_and_modes_are_kept():
    with desk() as d:
        os.chmod(d.file, 0o640)
        link = d.directory / "link.json"
        link.symlink_to(d.file.name)
        hard = d.directory / "hard.json"
        os.link(d.file, hard)
        for path, value in ((link, "2"), (hard, "3")):
            d.run("set", path.name, '["port"]', value)
            assert link.is_symlink() and d.file.stat().st_nlink == 2
            assert d.file.stat().st_mode & 0o777 == 0o640
            assert f'"port": {value}' in d.plain()
        assert sorted(p.name for p in d.directory.iterdir()) == ["hard.json", "link.json", "secrets.json"]


def f6_plaintext_files_are_private():
    with desk() as d:
        os.umask(0)
        d.run("decrypt", "--output", "plain.json", d.file.name)
        assert (d.directory / "plain.json").stat().st_mode & 0o777 == 0o600
        (d.directory / "open.json").write_text("")
        os.chmod(d.directory / "open.json", 0o644)
        d.run("decrypt", "--output", "open.json", d.file.name)
        assert (d.directory / "open.json").stat().st_mode & 0o777 == 0o644
        os.umask(0o22)


def output_is_not_touched_by_a_failure():
    with desk() as d:
        (d.directory / "out.json").write_text("old")
        damaged = d.file.read_text().replace("data:", "data:AAAA", 1)
        d.file.write_text(damaged)
        d.run("decrypt", "--output", "out.json", d.file.name, code=25)
        assert (d.directory / "out.json").read_text() == "old"


def m5_nothing_plain_leaves_before_the_mac_is_checked():
    with desk() as d:
        lines = [line for line in d.file.read_text().splitlines() if '"port"' not in line]
        d.file.write_text("\n".join(lines))
        done = d.run("decrypt", d.file.name, code=51)
        assert done.stdout == "" and CANARY not in done.stderr and "MAC mismatch" in done.stderr


def a_missing_directory_shows_before_the_editor():
    with desk() as d:
        d.script(f"touch {d.root}/opened")
        done = d.run("edit", "nowhere/new.json", code=3)
        assert "Could not open in-place file for writing" in done.stderr
        assert not (d.root / "opened").exists()


def output_may_be_a_pipe_or_stdout():
    with desk() as d:
        assert CANARY in d.run("decrypt", "--output", "/dev/stdout", d.file.name).stdout


if __name__ == "__main__":
    sys.exit(run_all([value for name, value in list(globals().items())
                      if callable(value) and getattr(value, "__module__", "") == "__main__" and name != "desk"]))
