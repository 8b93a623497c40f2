#!/usr/bin/env python3
"""Completion in real shells: bash and zsh on a terminal of their own, fish through its `complete -C`.

A wrapper stands for leafseal on PATH: it answers the scripts' questions through the real program and prints the words of
every other call, so what a line came to is what the shell really would run.

usage: completion_shells.py LEAFSEAL SOURCE_DIR
"""
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from terminal import Session

YAML = 'db:\n  user: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\n  port: 1\nplain: x\n"two words": y\n'
WRAPPER = """#!/bin/sh
case "$SCRIPT$1" in __complete|printcompletion) exec {binary} "$@" ;; esac
printf 'RUN:'; printf '<%s>' "$@"; printf ':END\\n'
"""
PROMPT = "ready> "
KEY = '["plain"]'
NESTED = '["db"]["user"]'
# What is typed behind the program's name, and the words that it comes to. \t is the TAB key.
LINES = [
    ("decr\tx", ["decrypt", "x"]),
    ("filest\ts.ya\t", ["filestatus", "s.yaml"]),
    ("decrypt --extr\tx", ["decrypt", "--extract", "x"]),
    ("decrypt --output-type do\ts.yaml", ["decrypt", "--output-type", "dotenv", "s.yaml"]),
    ("help exit\t", ["help", "exit-codes"]),
    ("completion f\t", ["completion", "fish"]),
    ("encrypt --output s.ya\tx", ["encrypt", "--output", "s.yaml", "x"]),
    ("set s.yaml '[\"pl\t 1", ["set", "s.yaml", KEY, "1"]),
    ("set s.yaml \tpl\t 1", ["set", "s.yaml", KEY, "1"]),
    ("unset s.yaml '[\"db\"][\"us\t", ["unset", "s.yaml", NESTED]),
    ("unset s.yaml '[\"d\t[\"us\t", ["unset", "s.yaml", NESTED]),
    ("unset s.yaml '[\"tw\t", ["unset", "s.yaml", '["two words"]']),
    ("decrypt s.yaml --extract '[\"pl\t", ["decrypt", "s.yaml", "--extract", KEY]),
]
BASH_ONLY = [
    ("decrypt s.yaml --extract='[\"pl\t", ["decrypt", "s.yaml", "--extract=" + KEY]),
    ("unset s.yaml \"['pl\t", ["unset", "s.yaml", "['plain']"]),
    ("unset 'my file.yaml' '[\"on\t", ["unset", "my file.yaml", '["only"]']),
]
FISH = [
    ("decr", ["decrypt"]),
    ("decrypt --extr", ["--extract"]),
    ("decrypt --output-type do", ["dotenv"]),
    ("help exit", ["exit-codes"]),
    ("completion f", ["fish"]),
    ("decrypt s.ya", ["s.yaml"]),
    ("set s.yaml '[\"pl", [KEY]),
    ("unset s.yaml '[\"db\"][\"us", [NESTED]),
    ("unset 'my file.yaml' '", ['["only"]']),
    ("decrypt s.yaml --extract '[\"pl", [KEY]),
]


class Workshop:
    def __init__(self, leafseal, folder):
        self.folder = Path(folder)
        (self.folder / "bin").mkdir()
        wrapper = self.folder / "bin/leafseal"
        wrapper.write_text(WRAPPER.format(binary=Path(leafseal).resolve()))
        wrapper.chmod(0o755)
        self.work = self.folder / "work"
        self.work.mkdir()
        (self.work / "s.yaml").write_text(YAML)
        (self.work / "my file.yaml").write_text("only: 1\n")
        self.variables = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "HOME": str(self.folder), "TERM": "dumb",
                          "LC_ALL": "C.UTF-8"}

    def shell(self, *command):
        return Session([shutil.which(command[0]), *command[1:]], self.variables, self.work)


def check_line(shell, typed, words):
    """Types a line and Enter, and compares the words of the call. The keys behind a TAB wait in the terminal for the answer."""
    start = len(shell.text)
    shell.send(f"leafseal {typed}\n")
    wanted = "RUN:" + "".join(f"<{word}>" for word in words) + ":END"
    try:
        expect_behind(shell, start, "\n" + wanted)
        expect_behind(shell, shell.text.rindex(wanted), PROMPT)
        return True
    except AssertionError:
        print(f"FAIL {typed!r} did not come to {wanted}:\n{shell.text[start:]}")
        shell.send("\x03")
        return False


def expect_behind(shell, start, text, seconds=15):
    end = time.monotonic() + seconds
    while text not in shell.text[start:]:
        if time.monotonic() > end or not shell._read(0.05):
            raise AssertionError(text)


def in_bash(shop):
    shell = shop.shell("bash", "--norc", "--noprofile", "-i")
    for line in (f"PS1='{PROMPT}'", "bind 'set enable-bracketed-paste off'", "bind 'set bell-style none'",
                 ". <(SCRIPT=print leafseal completion bash)", "echo ready-$((1+1))"):
        shell.send(line + "\n")
    shell.expect("ready-2\n", 60)
    expect_behind(shell, shell.text.rindex("ready-2\n"), PROMPT)
    return [check_line(shell, typed, words) for typed, words in LINES + BASH_ONLY]


def in_zsh(shop):
    shell = shop.shell("zsh", "-f", "-i")
    for line in (f"PROMPT='{PROMPT}'; unsetopt beep prompt_sp; setopt interactive_comments",
                 f"autoload -Uz compinit && compinit -u -d {shop.folder}/zcompdump", ". <(SCRIPT=print leafseal completion zsh)",
                 "echo ready-$((1+1))"):
        shell.send(line + "\n")
    shell.expect("ready-2\n", 60)
    expect_behind(shell, shell.text.rindex("ready-2\n"), PROMPT)
    return [check_line(shell, typed, words) for typed, words in LINES]


def in_fish(shop):
    script = subprocess.run([shop.folder / "bin/leafseal", "completion", "fish"], env={"SCRIPT": "print"},
                            capture_output=True, check=True).stdout
    (shop.folder / "leafseal.fish").write_bytes(script)
    good = []
    for typed, wanted in FISH:
        ask = "source $argv[1]; complete -C $argv[2]"
        done = subprocess.run(["fish", "--no-config", "-c", ask, f"{shop.folder}/leafseal.fish", "leafseal " + typed],
                              cwd=shop.work, env=shop.variables, capture_output=True, text=True, timeout=60)
        offered = [line.split("\t")[0] for line in done.stdout.splitlines()]
        good.append(offered == wanted)
        if offered != wanted:
            print(f"FAIL fish: {typed!r} offers {offered}, not {wanted}: {done.stderr}")
    return good


def main():
    good = []
    for name, shell in (("bash", in_bash), ("zsh", in_zsh), ("fish", in_fish)):
        if not shutil.which(name):
            print(f"{name} is not installed: scripts/install-packages test")
            return 1
        with tempfile.TemporaryDirectory() as folder:
            good += shell(Workshop(sys.argv[1], folder))
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
