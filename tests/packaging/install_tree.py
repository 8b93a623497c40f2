#!/usr/bin/env python3
"""`cmake --install` lays out program, man pages, completions and licence under any prefix, and `sops` only on request.

usage: install_tree.py LEAFSEAL SOURCE_DIR BUILD_DIR
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import Checks

SOURCE_DIR, BUILD_DIR = (Path(a).resolve() for a in sys.argv[2:4])


def install(prefix, *options, **variables):
    subprocess.run(["cmake", "--install", BUILD_DIR, "--prefix", prefix, *options], check=True, capture_output=True,
                   env={**os.environ, **variables})


def tree(root):
    return {str(path.relative_to(root)): path for path in root.rglob("*") if not path.is_dir() or path.is_symlink()}


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "opt"
        install(root)
        files = tree(root)
        pages = {f"share/man/man{page.name[-5]}/{page.name.removesuffix('.scd')}"
                 for page in (SOURCE_DIR / "man").glob("*.scd")}
        completions = {"bash": "share/bash-completion/completions/leafseal", "zsh": "share/zsh/site-functions/_leafseal",
                       "fish": "share/fish/vendor_completions.d/leafseal.fish",
                       "powershell": "share/doc/leafseal/leafseal.ps1"}
        expected = {"bin/leafseal", *completions.values(), "share/doc/leafseal/copyright", "share/doc/leafseal/.sops.yaml.example", *pages}
        checks.add("laid out", "program, man pages, licence", expected <= set(files), sorted(expected - set(files)))
        checks.add("laid out", "sops is not there unasked", "bin/sops" not in files)
        checks.add("laid out", "licence", "Apache License" in files["share/doc/leafseal/copyright"].read_text())
        shown = subprocess.run([files["bin/leafseal"], "--version"], capture_output=True, text=True, env={})
        checks.add("runs", "--version", shown.returncode == 0 and shown.stdout.startswith("leafseal "), shown.stderr)
        checks.add("modes", "the program is executable for all", files["bin/leafseal"].stat().st_mode & 0o777 == 0o755)
        for shell, file in completions.items():
            shown = subprocess.run([files["bin/leafseal"], "completion", shell], capture_output=True, text=True, env={})
            checks.add("completions", shell, len(shown.stdout) > 100 and files[file].read_text() == shown.stdout)
        for file, path in files.items():
            if file != "bin/leafseal":
                checks.add("modes", file, path.stat().st_mode & 0o777 == 0o644, oct(path.stat().st_mode))

        install(root, "--component", "sops")
        shown = subprocess.run([root / "bin/sops", "--version"], capture_output=True, text=True, env={})
        checks.add("the name sops", "on request", shown.stdout == "sops 3.13.2\n", shown.stdout)

        staged = Path(name) / "stage"
        install("/usr", DESTDIR=str(staged))
        zsh = completions["zsh"].replace("site-functions", "vendor-completions")
        wanted = expected - {completions["zsh"]} | {zsh}
        checks.add("DESTDIR", "the same files below it", set(tree(staged / "usr")) >= wanted)
    checks.finish()


if __name__ == "__main__":
    main()
