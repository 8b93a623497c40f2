#!/usr/bin/env python3
"""The .deb that `cpack` makes: its dependencies are those of the program and no others, and the same build gives the same
bytes at any time (security.md B5).

usage: debian_package.py LEAFSEAL SOURCE_DIR BUILD_DIR
"""
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from checks import Checks, absent_peer
from debian import field, package

LEAFSEAL, _, BUILD_DIR = (Path(a).resolve() for a in sys.argv[1:4])


MULTIARCH = sysconfig.get_config_var("MULTIARCH")


def owner(soname):
    """The Debian package of a shared object."""
    shown = subprocess.run(["dpkg-query", "-S", f"*/{MULTIARCH}/{soname}"], check=True, capture_output=True, text=True).stdout
    return re.match(r"[^:,]+", shown)[0]


def needed():
    """What the program is linked with, and what it opens by name."""
    headers = subprocess.run(["readelf", "-d", LEAFSEAL], check=True, capture_output=True, text=True).stdout
    linked = re.findall(r"\(NEEDED\).*\[(.+)\]", headers)
    opened = re.findall(rb"(lib[a-z0-9]+\.so\.[0-9]+)\0", LEAFSEAL.read_bytes())
    return set(linked), {name.decode() for name in opened} - set(linked)


def main():
    if not shutil.which("dpkg-shlibdeps"):
        absent_peer("dpkg")
    checks = Checks()
    linked, opened = needed()
    checks.add("libraries", "some are opened by name", "libgpgme.so.11" in opened, opened)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        deb = package(BUILD_DIR, one)
        checks.peer("dpkg")
        depends = field(deb, "Depends").split(", ")
        names = [entry.split()[0] for entry in depends]
        checks.equal("dependencies", "each once", sorted(names), sorted(set(names)))
        checks.equal("dependencies", "the packages of those libraries, no others", set(names),
                     {owner(name) for name in linked | opened if not name.startswith("libpq.")})
        checks.equal("dependencies", "that of the audit log is suggested", field(deb, "Suggests"), "age, git, libpq5")
        for entry in depends:
            if entry.split()[0] in {owner(name) for name in linked}:
                checks.add("dependencies", f"{entry} has a version", ">=" in entry)
        for name, value in (("Package", "leafseal"), ("Recommends", "gnupg"), ("Section", "utils")):
            checks.equal("fields", name, field(deb, name), value)
        architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True).stdout.strip()
        checks.equal("fields", "Architecture", field(deb, "Architecture"), architecture)
        checks.equal("fields", "file name", deb.name, f"leafseal_{field(deb, 'Version')}_{architecture}.deb")
        listing = subprocess.run(["dpkg-deb", "-c", deb], check=True, capture_output=True, text=True).stdout
        checks.add("content", "the program", " ./usr/bin/leafseal\n" in listing)
        checks.add("content", "the licence", " ./usr/share/doc/leafseal/copyright\n" in listing)
        checks.add("content", "man pages", " ./usr/share/man/man1/leafseal.1\n" in listing)
        for path in ("bash-completion/completions/leafseal", "zsh/vendor-completions/_leafseal",
                     "fish/vendor_completions.d/leafseal.fish"):
            checks.add("content", path, f" ./usr/share/{path}\n" in listing)
        checks.add("content", "not the name sops", "/sops\n" not in listing)
        checks.add("content", "all of it root's", all(" root/root " in line for line in listing.splitlines()))
        outside = [line for line in listing.splitlines() if not re.search(r" \./(usr(/.*)?)?$", line.split(" -> ")[0])]
        checks.equal("content", "nothing outside of /usr", outside, [])
        time.sleep(1.1)  # a time stamp that depends on now would differ
        checks.add("B5 reproducible", "the same bytes a second later", deb.read_bytes() == package(BUILD_DIR, two).read_bytes())
    checks.finish()


if __name__ == "__main__":
    main()
