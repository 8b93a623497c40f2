"""Runs the programs under test: the environment they get, the keys of the golden corpus, the peers and their versions."""
import fcntl
import json
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import termios
import threading
import time
from pathlib import Path


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def crashed(self):
        return self.code < 0 or self.code == 999 or b"AddressSanitizer" in self.err or b"runtime error:" in self.err

    def reason(self):
        return f"exit {self.code}: " + self.err.decode("utf-8", "replace").strip().replace("\n", " | ")[:220]


def run(program, args, cwd, env, stdin=b"", timeout=120):
    try:
        done = subprocess.run([program, *args], cwd=cwd, env=env, input=stdin, capture_output=True, timeout=timeout)
        return Result(done.returncode, done.stdout, done.stderr)
    except subprocess.TimeoutExpired:
        return Result(999, b"", b"timeout")


def run_with_terminal(program, args, cwd, env, answer, timeout=60):
    """Runs with a terminal and answers the first question for a passphrase; stdout stays a pipe."""
    controller, terminal = pty.openpty()

    def own_terminal():
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    process = subprocess.Popen([program, *args], cwd=cwd, env=env, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal,
                               preexec_fn=own_terminal, pass_fds=[terminal])
    os.close(terminal)
    seen, answered, end = b"", False, time.time() + timeout
    while process.poll() is None and time.time() < end:
        if not select.select([controller], [], [], 0.1)[0]:
            continue
        try:
            seen += os.read(controller, 4096)
        except OSError:
            break
        if not answered and b"assphrase" in seen:
            time.sleep(0.2)
            os.write(controller, answer.encode() + b"\n")
            answered = True
    if process.poll() is None and time.time() >= end:
        process.kill()
    out = process.communicate()[0]
    os.close(controller)
    return Result(process.returncode, out, seen)


def version_of(sops):
    shown = subprocess.run([sops, "--version", "--disable-version-check"], capture_output=True, text=True).stdout
    return shown.split()[1] if len(shown.split()) > 1 else "?"


def sops_peers(source_dir):
    """Every sops to compare with, as version -> path: the one in .venv, those in LEAFSEAL_SOPS, one in PATH."""
    candidates = [str(Path(source_dir).resolve() / ".venv/bin/sops"), *os.environ.get("LEAFSEAL_SOPS", "").split(":")]
    candidates.append(shutil.which("sops") or "")
    found = {}
    for path in candidates:
        if path and os.access(path, os.X_OK):
            path = os.path.abspath(path)
            found.setdefault(version_of(path), path)
    return found


def base_environment(folder):
    """Nothing of the caller's home, keys or configuration."""
    home, config = Path(folder) / "home", Path(folder) / "xdg"
    home.mkdir(exist_ok=True)
    config.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CONFIG_HOME": str(config), "LANG": "C.UTF-8",
           "LC_ALL": "C.UTF-8", "TMPDIR": str(folder), "SOPS_DISABLE_VERSION_CHECK": "1"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            env[name] = os.environ[name]
    return env


def new_age_key(folder):
    """(identity file, recipient) of a throw-away key."""
    path = Path(folder) / "age.key"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    return path, re.search(r"age1\w+", path.read_text())[0]


class GoldenKeys:
    """The private keys of the corpus; each test sees exactly those it names."""

    def __init__(self, corpus):
        self.folder = Path(corpus) / "keys"
        self.index = json.loads((self.folder / "keys.json").read_text())
        self.homes = {}
        self.lock = threading.Lock()

    def named(self, args):
        """`@age:a1@` in an argument stands for that key's recipient or fingerprint."""
        def name(found):
            key = self.index[found[1]]
            return key.get("fingerprint") or key["recipient"]
        return [re.sub(r"@([a-z]+:[a-z0-9]+)@", name, arg) for arg in args]

    def gpg_home(self, secret, public):
        wanted = (tuple(sorted(secret)), tuple(sorted(public)))
        with self.lock:
            if wanted not in self.homes:
                self.homes[wanted] = self.make_gpg_home(secret, public)
            return self.homes[wanted]

    def make_gpg_home(self, secret, public):
        home = tempfile.mkdtemp(prefix="gh")  # short: gpg-agent's socket lives in it
        files = [self.folder / self.index[key]["secret"] for key in secret]
        files += [self.folder / self.index[key]["public"] for key in public if key not in secret]
        if files:
            subprocess.run(["gpg", "--homedir", home, "--batch", "--quiet", "--import", *files], check=True,
                           capture_output=True)
        for key in secret:
            if passphrase := self.index[key].get("passphrase"):
                Path(home, "pass").write_text(passphrase + "\n")
                Path(home, "gpg.conf").write_text(f"pinentry-mode loopback\npassphrase-file {home}/pass\n")
        return home

    def environment(self, folder, keys, offered=None, public=()):
        """`offered` says how the keys are offered (meta.json, decrypt.env)."""
        offered = offered or {}
        env = base_environment(folder)
        env["GNUPGHOME"] = self.gpg_home([key for key in keys if key.startswith("pgp:")],
                                         [key for key in public if key.startswith("pgp:")])
        identities = [(self.folder / self.index[key]["identity"]).read_text() for key in keys if key.startswith("age:")]
        if identities:
            self.offer_identities(Path(folder), env, "".join(identities), offered.get("AGE_VIA", "SOPS_AGE_KEY_FILE"))
        for key in keys:
            if key.startswith("agefile:"):
                env["SOPS_AGE_KEY_FILE"] = shutil.copy(self.folder / self.index[key]["identity"],
                                                       Path(folder) / "identity.age")
                env["TEST_PASSPHRASE"] = self.index[key]["passphrase"]
            if key.startswith("ssh:"):
                self.offer_ssh(Path(folder), env, self.folder / self.index[key]["identity"], offered.get("SSH_VIA"))
        return env

    @staticmethod
    def offer_identities(folder, env, text, via):
        if via == "SOPS_AGE_KEY":
            env[via] = "\n".join(line for line in text.splitlines() if line.startswith("AGE-"))
            return
        path = folder / "age-identities.txt"
        if via == "XDG":
            path = Path(env["XDG_CONFIG_HOME"]) / "sops/age/keys.txt"
            path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o600)
        if via == "SOPS_AGE_KEY_FILE":
            env[via] = str(path)
        elif via == "SOPS_AGE_KEY_CMD":
            env[via] = f"cat {path}"

    @staticmethod
    def offer_ssh(folder, env, source, via):
        target = folder / source.name
        if via == "HOME":
            target = Path(env["HOME"]) / ".ssh" / source.name
            target.parent.mkdir()
        else:
            env["SOPS_AGE_SSH_PRIVATE_KEY_FILE"] = str(target)
        shutil.copy(source, target)
        shutil.copy(f"{source}.pub", f"{target}.pub")
        target.chmod(0o600)

    def close(self):
        for home in self.homes.values():
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], capture_output=True)
            shutil.rmtree(home, ignore_errors=True)
