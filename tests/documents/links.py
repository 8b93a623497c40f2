#!/usr/bin/env python3
"""What the documents name exists: relative links, files in backticks, the tokens of doc/wire-format.md in the vectors.

usage: links.py BINARY SOURCE_DIR
"""
import re
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:src|include|tests|scripts|doc|man|testdata|cmake)/[\w./-]*[\w/])`")
TOKEN = re.compile(r"^ENC\[AES256_GCM,data:[A-Za-z0-9+/=]+,iv:\S+\]$", re.M)


def main():
    root = Path(sys.argv[2])
    failures, passed = [], 0

    def check(good, text):
        nonlocal passed
        passed += bool(good)
        if not good:
            failures.append(text)

    for file in [*root.glob("*.md"), *(root / "doc").glob("*.md")]:
        text = file.read_text()
        for target in LINK.findall(text):
            check((file.parent / target).exists(), f"{file.name}: links to {target}, which is not there")
        for name in NAMED.findall(text):
            check((root / name).exists(), f"{file.name}: names {name}, which is not there")
    vectors = (root / "testdata/vectors/vectors.json").read_text()
    for token in TOKEN.findall((root / "doc/wire-format.md").read_text()):
        check(token in vectors, f"wire-format.md: no vector has {token}")
    for text in failures:
        print("FAIL", text)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
