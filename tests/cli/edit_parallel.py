#!/usr/bin/env python3
"""Many sessions of `edit` at once [F7]: each removes what dead sessions left behind, none touches what a living one has,
also across pid namespaces, where the owner of a directory cannot be seen in /proc.

usage: edit_parallel.py LEAFSEAL SOURCE_DIR
"""
import contextlib
import fcntl
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from terminal import Desk, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]
WORKERS, SESSIONS = 8, 12
SEED = int(os.environ.get("LEAFSEAL_SEED", random.randrange(1 << 32)))


def own_pid_namespace():
    """The words that run a program in a pid namespace of its own; none where the system forbids it."""
    for words in (["unshare", "-pf", "--mount-proc"], ["unshare", "-Urpf", "--mount-proc"]):
        try:
            if subprocess.run([*words, "true"], capture_output=True, timeout=20).returncode == 0:
                return words
        except (OSError, subprocess.TimeoutExpired):
            pass
    return None


NAMESPACE = own_pid_namespace()


@contextlib.contextmanager
def own_desk():
    """A desk whose sessions meet no other program's: in memory where there is memory, as they would be otherwise."""
    with Desk(LEAFSEAL, SOURCE_DIR) as desk, contextlib.ExitStack() as stack:
        desk.parent = desk.temporary
        if os.access("/dev/shm", os.W_OK):
            desk.parent = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm")))
            desk.variables["XDG_RUNTIME_DIR"] = str(desk.parent)
        yield desk


def edit(desk, name, words=(), **options):
    return subprocess.run([*words, desk.leafseal, "edit", name], cwd=desk.directory, env=desk.variables,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, **options)


def f7_a_locked_directory_stays_until_the_lock_is_gone():
    with own_desk() as d:
        d.script("true")
        path = d.parent / "leafseal-edit-999999-1-abcdef"
        path.mkdir(mode=0o700)
        (path / "secrets.yaml").write_text("x")
        owner = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(owner, fcntl.LOCK_EX)
        assert edit(d, d.file.name).returncode == 200
        assert (path / "secrets.yaml").exists()
        os.close(owner)
        assert edit(d, d.file.name).returncode == 200
        assert not path.exists()


def f7_a_session_locks_its_directory():
    with own_desk() as d:
        d.script("flock -n \"$(dirname \"$1\")\" true && exit 9; sed -i 's/\"port\": 1/\"port\": 2/' \"$1\"")
        done = edit(d, d.file.name)
        assert done.returncode == 0 and '"port": 2' in d.plain(), done


def f7_a_name_without_a_start_proves_no_death():
    with own_desk() as d:
        d.script("true")
        path = d.parent / f"leafseal-edit-{os.getpid()}--abcdef"
        path.mkdir(mode=0o700)
        assert edit(d, d.file.name).returncode == 200
        assert path.exists()


def f7_a_session_in_another_pid_namespace_is_left_alone():
    if not NAMESPACE:
        print("skipped: no pid namespaces here")
        return
    with own_desk() as d:
        (d.directory / "other.json").write_bytes(d.file.read_bytes())
        ready, go = d.root / "ready", d.root / "go"
        d.script(f"case \"$1\" in */other.json) exit 0;; esac\ntouch {ready}\nuntil [ -e {go} ]; do sleep 0.02; done\n"
                 "sed -i 's/\"port\": 1/\"port\": 2/' \"$1\"")
        with ThreadPoolExecutor(1) as pool:
            outer = pool.submit(edit, d, d.file.name)
            while not ready.exists() and not outer.done():
                time.sleep(0.02)
            inner = edit(d, "other.json", NAMESPACE)
            go.touch()
            assert inner.returncode == 200, inner
            assert outer.result().returncode == 0, outer.result()
        assert '"port": 2' in d.plain()


def f7_parallel_sessions_never_lose_their_file():
    """Every third session is killed, so that there always is something to remove."""
    with own_desk() as d:
        sealed = d.file.read_bytes()
        d.script("n=$(basename \"$1\"); sleep 0.0$((${n%.json} % 7)); test -s \"$1\" || exit 9\n"
                 "case \"$n\" in *0.json|*3.json|*6.json) kill -9 $PPID; exit 1;; esac\n"
                 "sed -i \"s/\\\"port\\\": 1/\\\"port\\\": 1${n%.json}/\" \"$1\"")

        def session(number):
            name = f"{number}.json"
            (d.directory / name).write_bytes(sealed)
            words = NAMESPACE if NAMESPACE and number % 2 else ()
            done = edit(d, name, words)
            if name[-6] in "036":
                assert done.returncode != 0 and (d.directory / name).read_bytes() == sealed, done
                return 0
            assert done.returncode == 0, (number, words, done)
            assert f'"port": 1{number}' in d.run("decrypt", name).stdout
            return 1

        numbers = random.Random(SEED).sample(range(1000, 9999), WORKERS * SESSIONS)
        with ThreadPoolExecutor(WORKERS) as pool:
            saved = sum(pool.map(session, numbers))
        assert saved == sum(str(number)[-1] not in "036" for number in numbers), saved
        d.script("true")
        assert edit(d, d.file.name).returncode == 200
        assert not list(d.parent.iterdir())


if __name__ == "__main__":
    print(f"seed {SEED}")
    sys.exit(run_all([value for name, value in list(globals().items()) if name.startswith("f7_")]))
