#!/usr/bin/env python3
"""Every message that the code can throw stands in errors.txt, with the command that provokes it.

usage: messages.py SOURCE_DIR [--list]

The messages are found in the sources: string literals in what makes an Error - the constructor itself, `Error`-returning
functions of the same file or of a header, and lambdas that return one. Each literal of three words or more must stand in
tests/cli/errors.txt. --list prints those that do not, by file.
"""
import re
import sys
from pathlib import Path

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
MAKER = re.compile(r"\b(?:Error|HttpError|\[\[noreturn\]\] void) (?:\w+::)*(\w+)\(")  # Error cannot_read(...), [[noreturn]] void fail(...)
LAMBDA = re.compile(r"const auto (\w+) = \[[^\]]*\]\s*(?:\([^)]*\))?\s*(?:->\s*\w+\s*)?\{\s*(?:return|throw)\s+Error\(")


def without_comments(text):
    return re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda m: m[1] or "", text)


def statement(text, start):
    """From start to the end of the statement or braced body: balanced brackets, strings skipped."""
    depth, at = 0, start
    while at < len(text):
        c = text[at]
        if c == '"':
            at = STRING.match(text, at).end()
            continue
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0 or (depth == 0 and c == "}"):
                break
        elif c == ";" and depth == 0:
            break
        at += 1
    return text[start:at]


def literals(fragment):
    """The string literals of a fragment, neighbours joined as the compiler joins them."""
    joined = re.sub(r'"\s+"', "", fragment)
    for match in STRING.finditer(joined):
        text = match[1].replace('\\"', '"').replace("\\\\", "\\")
        yield from (part.strip() for part in text.split("\\n"))


def words(text):
    return re.findall(r"[A-Za-z]{2,}", text)


def messages(root):
    files = {p: without_comments(p.read_text()) for top in ("src", "include") for p in sorted((root / top).rglob("*.[ch]pp"))
             if not p.name.startswith("help_")}  # texts of help are no messages
    shared = {name for p, text in files.items() if p.suffix == ".hpp" for name in MAKER.findall(text)}
    for path, text in files.items():
        makers = {"Error", "HttpError"} | shared | set(MAKER.findall(text)) | set(LAMBDA.findall(text)) | {"hint", "under"}
        call = re.compile(r"(?:\b(?:%s)(?:\s+\w+)?\s*[({]|ExitCode::\w+,)" % "|".join(sorted(makers)))
        seen = set()
        for match in call.finditer(text):
            for literal in literals(statement(text, match.start())):
                if " " in literal and len(words(literal)) >= 3 and literal not in seen:
                    seen.add(literal)
                    yield path.relative_to(root), literal


def main():
    root = Path(sys.argv[1])
    listed = re.sub(r"\s+", " ", (root / "tests/cli/errors.txt").read_text().replace("\n2> ", " ").replace('\\"', '"'))
    found, missing = 0, []
    for path, literal in messages(root):
        found += 1
        if re.sub(r"\s+", " ", literal) not in listed:
            missing.append(f"{path}: {literal}")
    print("\n".join(missing))
    print(f"{found - len(missing)} passed, {len(missing)} failed")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
