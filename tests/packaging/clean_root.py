#!/usr/bin/env python3
"""The Debian package installs and works in a Debian 12 root that holds nothing else: apt finds each dependency, and a user
makes a key, seals, opens, and uses PGP.

usage: clean_root.py LEAFSEAL SOURCE_DIR BUILD_DIR

Needs debootstrap, root (itself or by sudo without a password), and the Debian mirror that this machine's apt uses.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import Checks, absent_peer
from debian import package

BUILD_DIR = Path(sys.argv[3]).resolve()
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
USE_IT = r"""
set -e
leafseal --version
export HOME=/root
leafseal keygen >line 2>/dev/null
(echo creation_rules:; cat line) >.sops.yaml
printf 'a: secret\n' >s.yaml
leafseal encrypt -i s.yaml
grep -c 'ENC\[AES256_GCM' s.yaml
leafseal set --generate 32 s.yaml '["b"]'
leafseal decrypt --extract '["a"]' s.yaml; echo
"""
USE_PGP = r"""
set -e
export HOME=/root
gpg --batch --quiet --passphrase '' --quick-generate-key tester default default never 2>/dev/null
key=$(gpg --with-colons --list-keys tester | awk -F: '$1 == "fpr" { print $10; exit }')
printf 'a: for PGP\n' >p.yaml
rm .sops.yaml
leafseal encrypt --pgp "$key" -i p.yaml
leafseal decrypt p.yaml
gpgconf --kill all
"""


def mirror():
    """The archive that apt gets this release from, in either of apt's forms."""
    for path in sorted([Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]):
        if not path.is_file():
            continue
        text = path.read_text()
        for block in re.split(r"\n\s*\n", text):
            uri, suites = re.search(r"^URIs: *(\S+)", block, re.M), re.search(r"^Suites:(.*)", block, re.M)
            if uri and suites and "bookworm" in suites[1].split():
                return uri[1]
        if found := re.search(r"^deb (?:\[.*?\] )?(\S+) bookworm ", text, re.M):
            return found[1]
    return None


def in_root(root, script, timeout=600):
    return subprocess.run([*AS_ROOT, "chroot", root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                           "DEBIAN_FRONTEND=noninteractive", "sh", "-c", "cd /root\n" + script],
                          capture_output=True, text=True, timeout=timeout)


def check_root(checks, root, deb):
    for name in ("resolv.conf", "hosts"):
        if Path("/etc", name).exists():
            subprocess.run([*AS_ROOT, "cp", "-L", f"/etc/{name}", root / "etc"], check=True)
    subprocess.run([*AS_ROOT, "cp", deb, root / "root/leafseal.deb"], check=True)
    done = in_root(root, "apt-get -qq update && apt-get -qq -y --no-install-recommends install ./leafseal.deb")
    checks.peer("debootstrap")
    if not checks.add("installs", "apt finds what it depends on", done.returncode == 0, (done.stdout + done.stderr)[-600:]):
        return
    checks.add("installs", "dpkg finds nothing missing", in_root(root, "dpkg --audit").stdout == "")
    linked = in_root(root, "ldd /usr/bin/leafseal").stdout
    checks.add("runs", "every shared object is there", "not found" not in linked and "libcrypto" in linked, linked)
    done = in_root(root, USE_IT)
    lines = done.stdout.splitlines()
    # Two tokens: the value and the MAC.
    good = done.returncode == 0 and lines[0].startswith("leafseal ") and lines[1:] == ["2", "secret"]
    checks.add("runs", "keygen, encrypt, set, decrypt", good, (done.stdout + done.stderr)[-600:])
    done = in_root(root, "apt-get -qq -y --no-install-recommends install gnupg gpg-agent")
    checks.add("recommended", "gnupg can be had", done.returncode == 0, done.stderr[-300:])
    done = in_root(root, USE_PGP)
    checks.add("recommended", "PGP works with it", done.returncode == 0 and done.stdout == "a: for PGP\n",
               (done.stdout + done.stderr)[-600:])
    done = in_root(root, "apt-get -qq -y purge leafseal && test ! -e /usr/bin/leafseal && test ! -e /usr/share/doc/leafseal")
    checks.add("removes", "nothing stays", done.returncode == 0, done.stderr[-300:])


def main():
    if not shutil.which("debootstrap") or not mirror() or subprocess.run([*AS_ROOT, "true"], capture_output=True).returncode:
        absent_peer("debootstrap")
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        deb = package(BUILD_DIR, name)
        root = Path(name) / "root"
        made = subprocess.run([*AS_ROOT, "debootstrap", "--variant=minbase", "bookworm", root, mirror()],
                              capture_output=True, text=True)
        try:
            if checks.add("root", "debootstrap", made.returncode == 0, made.stdout[-400:] + made.stderr[-200:]):
                check_root(checks, root, deb)
        finally:
            subprocess.run([*AS_ROOT, "rm", "-rf", "--one-file-system", root])
    checks.finish()


if __name__ == "__main__":
    main()
