"""A real terminal for a program under test, and a directory with a sealed file to edit."""
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
from pathlib import Path

CANARY = "canary-7f3a9c"  # part of every plaintext: nothing outside the editor's file may hold it


class Session:
    """One program in a terminal of its own."""

    def __init__(self, command, variables, directory):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execve(command[0], command, variables)
        self.text = ""

    def _read(self, wait):
        if select.select([self.fd], [], [], wait)[0]:
            try:
                data = os.read(self.fd, 65536).decode(errors="replace")
            except OSError:
                return False
            self.text += data.replace("\r\n", "\n")
            return bool(data)
        return True

    def expect(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.text:
            if time.monotonic() > end or not self._read(0.05):
                raise AssertionError(f"{text!r} did not come; there was:\n{self.text}")

    def send(self, text):
        os.write(self.fd, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def kill(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds=20):
        """The exit code, or minus the signal."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._read(0) and select.select([self.fd], [], [], 0)[0]:
                    pass
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError(f"did not end; there was:\n{self.text}")


class Desk:
    """A directory with an identity and a sealed file, and temporary directories that can be searched afterwards."""

    def __init__(self, leafseal, source_dir, plain=None, name="secrets.json"):
        self.leafseal = str(Path(leafseal).resolve())
        self.root = Path(tempfile.mkdtemp())
        self.directory = self.root / "work"
        self.temporary = self.root / "tmp"
        for path in (self.directory, self.temporary):
            path.mkdir()
        identity = self.root / "identity.txt"
        identity.write_text((Path(source_dir) / "testdata/golden/keys/age/a1.txt").read_text())
        identity.chmod(0o600)
        recipient = re.search(r"age1[0-9a-z]+", identity.read_text())[0]
        # Where a runtime directory is given but is not in memory, /dev/shm is taken, and the temporary one without it.
        self.pids = []
        self.variables = {"PATH": "/usr/bin:/bin", "HOME": str(self.root), "TMPDIR": str(self.temporary),
                          "SOPS_AGE_KEY_FILE": str(identity), "SOPS_AGE_RECIPIENTS": recipient, "TERM": "xterm",
                          **{n: v for n, v in os.environ.items() if n.startswith(("ASAN", "UBSAN"))}}
        self.file = self.directory / name
        self.file.write_text(plain or '{\n  "user": "%s",\n  "port": 1\n}\n' % CANARY)
        self.run("encrypt", "-i", name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def run(self, *arguments, code=0, **options):
        done = subprocess.run([self.leafseal, *arguments], cwd=self.directory, env=self.variables,
                              capture_output=True, text=True, timeout=60, **options)
        assert done.returncode == code, (arguments, done.returncode, done.stderr)
        return done

    def script(self, text, name="editor"):
        """An editor: a shell script that gets the file as $1."""
        path = self.root / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        self.variables["EDITOR"] = str(path)
        return path

    def edit(self, *arguments):
        session = Session([self.leafseal, "edit", *arguments, self.file.name], self.variables, self.directory)
        self.pids.append(session.pid)
        return session

    def plain(self):
        return self.run("decrypt", self.file.name).stdout

    def remains(self):
        """Directories for plaintext of our sessions that still exist, wherever they may have been made."""
        return [path for parent in (self.temporary, Path("/dev/shm"), Path("/tmp")) if parent.is_dir()
                for pid in self.pids for path in parent.glob(f"leafseal-edit-{pid}-*")]

    def leaks(self):
        """Files that hold the plaintext, the edited file aside."""
        found = []
        for parent in (self.root, *self.remains()):
            for path in parent.rglob("*"):
                if path.is_file() and CANARY.encode() in path.read_bytes():
                    found.append(str(path))
        return found


def run_all(checks):
    """Runs functions that take no arguments; prints what failed and a summary."""
    failed = 0
    for check in checks:
        try:
            check()
        except Exception as error:  # the next check still runs
            failed += 1
            print(f"FAIL {check.__name__}: {type(error).__name__}: {error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
