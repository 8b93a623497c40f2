#!/usr/bin/env python3
"""The stories together show every command and every flag: each command runs in one, and each flag is given to a command (or
to the older form) that has it. errors.txt is no story. What is missing is listed.

usage: story_coverage.py LEAFSEAL SOURCE_DIR
"""
import re
import shlex
import subprocess
import sys
from pathlib import Path

FLAG = re.compile(r"^  --([\w-]+)(?:, -(\w))?", re.M)
# Flags that ask on a terminal, which a story has not, and the file of this folder that gives them.
ON_TERMINAL = {"prompt": "set_prompt.py", "passphrase": "errors.txt"}
# Flags that a story cannot show: they need a service, another user or are on their way out. --add-age and --rm-age stand for
# their kind.
NOT_SHOWN = re.compile(r"(add|rm)-(?!age$).*|user|background|allow-remote")
ENDS = {"|", "||", "&&", ";", "&", ">", "<", "(", ")", ">>", "2>", "2>&1"}


def levels(binary, *words):
    """(the words of a command, {spelling: flag}, names below) of every level."""
    text = subprocess.run([binary, *words, "--help"], check=True, capture_output=True, text=True).stdout
    flags = {}
    for name, letter in FLAG.findall(text):
        flags[name] = name
        if letter:
            flags[letter] = name
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.M)
    below = re.findall(r"^  ([\w-]+) ", listed[1], re.M) if listed else []
    yield words, flags, below
    for name in below:
        yield from levels(binary, *words, name)


def calls(stories):
    """The words behind each `leafseal` or `sops` of every command line."""
    for story in stories:
        for line in re.findall(r"^\$ (.*)$", story.read_text(), re.M):
            lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
            lexer.whitespace_split = True
            lexer.commenters = ""
            try:
                words = list(lexer)
            except ValueError:
                raise SystemExit(f"{story.name}: cannot take apart: {line}")
            for at, word in enumerate(words):
                if word in ("leafseal", "sops"):
                    rest = words[at + 1:]
                    end = next((i for i, w in enumerate(rest) if w in ENDS), len(rest))
                    yield rest[:end]


def main():
    binary, folder = sys.argv[1], Path(sys.argv[2]) / "tests/cli"
    known = {words: (flags, below) for words, flags, below in levels(binary)}
    stories = [p for p in sorted(folder.glob("*.txt")) if p.name not in ("errors.txt", "CMakeLists.txt")]
    ran, given = set(), set()
    for call in calls(stories):
        level = ()
        for word in call:
            flags, below = known[level]
            if word.startswith("-"):
                name = word.lstrip("-").split("=")[0]
                if name in flags:
                    given.add(flags[name])
            elif word in below:
                level += (word,)
        ran.add(level)
    missing = [f"no story runs `{' '.join(words) or 'the older form'}`" for words, (_, below) in known.items()
               if words not in ran and not (words and below)]
    every = {name: words for words, (flags, _) in known.items() for name in flags.values()}
    every = {name: words for name, words in every.items() if not NOT_SHOWN.fullmatch(name)}
    for name, file in ON_TERMINAL.items():
        if name in every and f"--{name}" in (folder / file).read_text():
            given.add(name)
    missing += [f"no story gives --{name} (of `{' '.join(words) or 'leafseal'}`)" for name, words in sorted(every.items())
                if name not in given]
    for text in missing:
        print("FAIL", text)
    print(f"{len(known) + len(every) - len(missing)} passed, {len(missing)} failed")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
