#!/usr/bin/env python3
"""Every flag of `leafseal --help` and of each command's help is in its man page, spelt alike, and the reverse; the pages'
names and summaries are those of the commands. The flags that every command has may stand in leafseal(1) alone. A
command's page also has its sub-commands (`groups add`) and their flags, and the examples of help. Every topic of help gets a
page.

usage: man_pages.py BINARY SOURCE_DIR
"""
import re
import subprocess
import sys
from pathlib import Path

HELP_FLAG = re.compile(r"^--([\w-]+)(?:, -(\w))?(?: (.+))?$")
PAGE_FLAG = re.compile(r"^\*--([\w-]+)\*(?:, \*-(\w)\*)?(?: _([^_]+)_)?(?: \[\$(\w+)\])?$", re.M)
HELP_TEXT_COLUMN = 34
OWN_FLAGS = {"verbose", "quiet", "color", "strict", "help"}  # of every command; described in leafseal(1)


def help_of(binary, *command):
    return subprocess.run([binary, *command, "--help"], check=True, capture_output=True, text=True).stdout


def flags_of_help(text):
    """(name, letter, placeholder, variable) of each flag; a long left part has its text on the next line."""
    found = []
    for line in text.splitlines():
        if line.startswith("  --"):
            left = line[:HELP_TEXT_COLUMN] if line[HELP_TEXT_COLUMN - 1:HELP_TEXT_COLUMN] == " " else line
            found.append([part or "" for part in HELP_FLAG.match(left.strip()).groups()] + [""])
        if found and (variable := re.search(r"\[\$(\w+)\]$", line)):
            found[-1][3] = variable[1]
    return [tuple(flag) for flag in found]


def commands_of_help(text):
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.M)
    return re.findall(r"^  ([\w-]+) {2,}(\S.*)$", listed[1], re.M) if listed else []


def examples_of_help(text):
    return re.findall(r"^    (\S.*)$", re.split(r"^(?:Commands|Flags):$", text, maxsplit=1, flags=re.M)[0], re.M)


def flags_of_page(text):
    return [tuple(part or "" for part in flag) for flag in PAGE_FLAG.findall(text)]


def main():
    binary, pages = sys.argv[1], Path(sys.argv[2]) / "man"
    failures, passed = [], 0

    def check(good, text):
        nonlocal passed
        passed += bool(good)
        if not good:
            failures.append(text)

    general = help_of(binary)
    commands = commands_of_help(general)
    check(len(commands) >= 6, "leafseal --help lists no commands")
    for command, summary in [("", ""), *commands]:
        name = f"leafseal-{command}" if command else "leafseal"
        page_file = pages / f"{name}.1.scd"
        page = page_file.read_text() if page_file.exists() else ""
        check(page, f"{name}: no man page")
        text = help_of(binary, command) if command else general
        shown = flags_of_help(text)
        for sub_command, _ in commands_of_help(text) if command else []:
            shown += flags_of_help(help_of(binary, command, sub_command))
            check(f"\n*leafseal {command} {sub_command}* " in page, f"{name}: the man page does not show {sub_command}")
            for example in examples_of_help(help_of(binary, command, sub_command)):
                check(example in page, f"{name}: the man page lacks the example `{example}`")
        for example in examples_of_help(text):
            check(example in page, f"{name}: the man page lacks the example `{example}`")
        written = flags_of_page(page)
        check(shown, f"{name}: help shows no flags")
        for flag in shown:
            if not (command and flag[0] in OWN_FLAGS):
                check(flag in written, f"{name}: help has {flag}, the man page has not")
        for flag in written:
            check(flag in shown, f"{name}: the man page has {flag}, help has not")
        check(len(written) == len(set(written)), f"{name}: a flag stands twice in the man page")
        if command:
            check(f"\n{name} - {summary}\n" in page, f"{name}: the man page's summary is not {summary!r}")
            check(f"\n*{command}*\n" in (pages / "leafseal.1.scd").read_text(), f"leafseal(1) does not list {command}")
    known = {f"leafseal-{command}" for command, _ in commands} | {"leafseal"}
    for page in pages.glob("*.1.scd"):
        check(page.name.removesuffix(".1.scd") in known, f"{page.name}: there is no such command")

    topics = re.search(r"^More help.*:\n((?:  .*\n)+)", general, re.M)[1]
    built = re.search(r"^foreach\(topic (.*)\)$", (pages / "CMakeLists.txt").read_text(), re.M)[1].split()
    check(re.findall(r"^  ([\w-]+) ", topics, re.M) == built, f"man pages are built of the topics {built}, help has\n{topics}")

    for text in failures:
        print("FAIL", text)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
