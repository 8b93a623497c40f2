#!/usr/bin/env python3
"""Debian's age, gpg and sq open the data keys that leafseal wraps, and leafseal opens those that they wrap.

usage: wrapped_keys.py BINARY SOURCE_DIR
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import typed
from checks import Checks, absent_peer
from programs import base_environment, new_age_key, run

PLAIN = "first: one\nsecond: 2\n"


def entry(sealed_text, kind):
    """The first recipient of a kind in a sealed YAML file: {field: text}."""
    (document,) = typed.yaml_documents(sealed_text)
    metadata = dict(dict(document[1])["sops"][1])
    return {key: value[1] for key, value in metadata[kind][1][0][1]}


def with_enc(sealed_text, kind, wrapped):
    """The same file with another wrapped key in its only entry of a kind."""
    old = entry(sealed_text, kind)["enc"].rstrip("\n").splitlines()
    text = sealed_text.decode()
    indent = re.search(r"^( *)" + re.escape(old[0]), text, re.M)[1]
    begin = text.index(indent + old[0])
    end = text.index(old[-1], begin) + len(old[-1])
    lines = [indent + line if line else "" for line in wrapped.rstrip("\n").splitlines()]
    return (text[:begin] + "\n".join(lines) + text[end:]).encode()


class Bench:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.checks = os.path.abspath(binary), folder, Checks()
        self.env = base_environment(folder)
        (folder / "plain.yaml").write_text(PLAIN)

    def seal(self, *recipient):
        made = run(self.binary, ["encrypt", *recipient, "plain.yaml"], self.folder, self.env)
        if made.code:
            sys.exit(f"FAIL encrypt {recipient}: {made.reason()}")
        return made.out

    def opens(self, peer, name, sealed_text):
        (self.folder / "again.yaml").write_bytes(sealed_text)
        got = run(self.binary, ["decrypt", "again.yaml"], self.folder, self.env)
        self.checks.add(f"leafseal opens what {peer} wraps", name, got.code == 0 and got.out == PLAIN.encode(), got.reason())
        self.checks.peer(peer)

    def peer(self, *command, stdin=None):
        done = subprocess.run([str(part) for part in command], input=stdin, capture_output=True, env=self.env)
        return done.stdout if done.returncode == 0 else b""

    def both_ways(self, peer, name, kind, recipient, unwrap, wrap):
        sealed_text = self.seal(*recipient)
        key = unwrap(entry(sealed_text, kind)["enc"].encode())
        self.checks.add(f"{peer} opens what leafseal wraps", name, len(key) == 32, f"{len(key)} bytes")
        self.checks.peer(peer)
        self.opens(peer, name, with_enc(sealed_text, kind, wrap(key).decode()))


def age_keys(bench):
    folder = bench.folder
    identity, recipient = new_age_key(folder)
    bench.env["SOPS_AGE_KEY_FILE"] = str(identity)
    bench.both_ways("age", "X25519", "age", ["--age", recipient],
                    lambda enc: bench.peer("age", "-d", "-i", identity, stdin=enc),
                    lambda key: bench.peer("age", "-a", "-r", recipient, stdin=key))
    for kind, options in (("ed25519", []), ("rsa", ["-b", "3072"])):
        path = folder / f"id_{kind}"
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *options, "-N", "", "-C", "", "-f", path], check=True)
        public = path.with_suffix(".pub").read_text().strip()
        bench.env["SOPS_AGE_SSH_PRIVATE_KEY_FILE"] = str(path)
        bench.both_ways("age", f"ssh {kind}", "age", ["--age", public],
                        lambda enc: bench.peer("age", "-d", "-i", path, stdin=enc),
                        lambda key: bench.peer("age", "-a", "-r", public, stdin=key))


def pgp_keys(bench, home):
    bench.env["GNUPGHOME"] = home
    bench.peer("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "peer@example.org", "default",
               "default", "never")
    shown = bench.peer("gpg", "--batch", "--list-keys", "--with-colons").decode()
    fingerprint = re.search(r"^fpr:+([0-9A-F]{40}):", shown, re.M)[1]
    bench.both_ways("gpg", "rsa", "pgp", ["--pgp", fingerprint],
                    lambda enc: bench.peer("gpg", "--batch", "--quiet", "--decrypt", stdin=enc),
                    lambda key: bench.peer("gpg", "--batch", "--quiet", "--armor", "--trust-model", "always", "--encrypt",
                                           "-r", fingerprint, stdin=key))
    if not shutil.which("sq"):
        absent_peer("sq")
    certificate, secret = bench.folder / "cert.asc", bench.folder / "secret.asc"
    certificate.write_bytes(bench.peer("gpg", "--batch", "--armor", "--export", fingerprint))
    secret.write_bytes(bench.peer("gpg", "--batch", "--armor", "--export-secret-keys", fingerprint))
    bench.both_ways("sq", "rsa", "pgp", ["--pgp", fingerprint],
                    lambda enc: bench.peer("sq", "decrypt", "--recipient-key", secret, stdin=enc),
                    lambda key: bench.peer("sq", "encrypt", "--recipient-cert", certificate, stdin=key))


def main():
    for peer in ("age", "gpg"):
        if not shutil.which(peer):
            absent_peer(peer)
    with tempfile.TemporaryDirectory(prefix="lw") as folder:
        bench = Bench(sys.argv[1], Path(folder))
        age_keys(bench)
        home = tempfile.mkdtemp(prefix="gh")  # short: gpg-agent's socket lives in it
        try:
            pgp_keys(bench, home)
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], capture_output=True)
            shutil.rmtree(home, ignore_errors=True)
    bench.checks.finish()


if __name__ == "__main__":
    main()
