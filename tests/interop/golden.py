#!/usr/bin/env python3
"""The golden corpus against leafseal: every case opens to the same values, every negative entry does what it says,
every edit changes no more lines than the reference does, and what leafseal seals has the reference's structure.

usage: golden.py BINARY SOURCE_DIR [--only PATTERN]
"""
import argparse
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sealed
import typed
from checks import Checks, first_difference
from programs import GoldenKeys, Result, run, run_with_terminal


class Corpus:
    def __init__(self, binary, source_dir):
        self.binary = os.path.abspath(binary)
        self.root = Path(source_dir).resolve() / "testdata/golden"
        self.keys = GoldenKeys(self.root)
        self.checks = Checks()
        self.exceptions = json.loads((Path(__file__).parent / "golden_exceptions.json").read_text())
        self.deliberate = deliberate_differences(Path(source_dir) / "doc/compatibility.md")
        self.canonical_seen = Counter()

    def run(self, args, cwd, env, **options):
        env = dict(env)
        passphrase = env.pop("TEST_PASSPHRASE", None)
        if passphrase and args[0] == "decrypt":
            return run_with_terminal(self.binary, args, cwd, env, passphrase)
        return run(self.binary, args, cwd, env, **options)


def deliberate_differences(path):
    """Case name -> what leafseal does instead, from the table of doc/compatibility.md: `| `case` | `want` | reason |`,
    where want is `exit N` or `accept`."""
    rows = re.findall(r"^\| `([\w.-]+)` \| `(exit \d+|accept)` \| (.+?) \|$", path.read_text(), re.M) if path.exists() else []
    return {name: want for name, want, _ in rows}


def copied(source, target, leave_out=("meta.json",)):
    target.mkdir()
    for entry in source.iterdir():
        if entry.name not in leave_out:
            shutil.copy(entry, target)
    return target


# --- cases ------------------------------------------------------------------------------------------------------------


def check_case(corpus, meta, folder):
    work = copied(corpus.root / meta["dir"], folder / "w")
    env = corpus.keys.environment(folder, meta["decrypt"]["keys"], meta["decrypt"].get("env"))
    check_decrypt(corpus, meta, work, env)
    for check in meta["checks"]:
        check_named(corpus, meta, check, work, env)
    if meta["encrypt"].get("replay"):
        check_encrypt(corpus, meta, work, folder)


def check_decrypt(corpus, meta, work, env):
    name, format_name, checks = meta["name"], meta.get("out_format", meta["format"]), corpus.checks
    sealed_file, flags = f"encrypted.{meta['ext']}", meta["decrypt"].get("args", [])
    want = (work / f"decrypted.{meta['ext']}").read_bytes()
    opened = corpus.run(["decrypt", *flags, sealed_file], work, env)
    if not checks.add("opens", name, opened.code == 0, opened.reason()):
        return
    got_values, want_values = (typed.loose_numbers(typed.read(format_name, data)) for data in (opened.out, want))
    checks.equal("same values", name, got_values, want_values)
    if format_name == "yaml":
        check_comments(corpus, name, opened.out, want, (work / sealed_file).read_bytes())
    canonical = corpus.run(["decrypt", "--canonical", *flags, sealed_file], work, env)
    if name in corpus.exceptions["canonical"]:
        corpus.canonical_seen["excepted"] += 1
        checks.add("canonical exception still needed", name, canonical.out != want, "gives the reference's bytes by now")
    else:
        checks.add("canonical bytes", name, canonical.code == 0 and canonical.out == want,
                   canonical.reason() if canonical.code else first_difference(canonical.out, want))


def check_comments(corpus, name, got, want, source):
    """The same comments in the same order; more than the reference's only where it lost some that the file holds."""
    got, want = typed.yaml_comments(got), typed.yaml_comments(want)
    rest = iter(got)
    kept = all(text in rest for text in want)
    held = len(typed.yaml_comments(source)) + len(sealed.sealed_comments(source))
    corpus.checks.add("same comments", name, kept and len(got) <= max(held, len(want)), first_difference(got, want))


def check_named(corpus, meta, check, work, env):
    name, flags = meta["name"], meta["decrypt"].get("args", [])
    sealed_file = f"encrypted.{meta['ext']}"
    if check["type"] == "extract":
        got = corpus.run(["decrypt", "--extract", check["path"], *flags, sealed_file], work, env)
        want = check["prints"].encode()
        same = got.out.rstrip(b"\n") == want.rstrip(b"\n")
        corpus.checks.add("extract", f"{name} {check['path']}", got.code == 0 and same,
                          got.reason() if got.code else first_difference(got.out, want))
    elif check["type"] == "decrypt_to":
        got = corpus.run(["decrypt", "--output-type", check["output_type"], sealed_file], work, env)
        corpus.checks.add("convert", f"{name} to {check['output_type']}",
                          got.code == 0 and got.out == (work / check["file"]).read_bytes(),
                          got.reason() if got.code else first_difference(got.out, (work / check["file"]).read_bytes()))
    elif check["type"] == "filestatus":
        got = corpus.run(["filestatus", sealed_file], work, env)
        corpus.checks.add("filestatus", name, got.code == 0 and json.loads(got.out) == check["prints"], got.reason())


def check_encrypt(corpus, meta, work, folder):
    name, ext, checks = meta["name"], meta["ext"], corpus.checks
    env = corpus.keys.environment(folder, meta["decrypt"]["keys"], meta["decrypt"].get("env"), meta["recipients"]) \
        if not meta["decrypt"].get("env") else corpus.keys.environment(make(folder / "again"), meta["decrypt"]["keys"],
                                                                       meta["decrypt"]["env"], meta["recipients"])
    flags = corpus.keys.named(meta["encrypt"]["args"])
    made = corpus.run([meta["encrypt"].get("command", "encrypt"), *flags, f"plain.{ext}"], work, env)
    if not checks.add("seals", name, made.code == 0, made.reason()):
        return
    (work / f"mine.{ext}").write_bytes(made.out)
    if meta.get("reference_roundtrip") == "same":
        reference = (work / f"encrypted.{ext}").read_bytes()
        mine, theirs = sealed.outline(meta["format"], made.out), sealed.outline(meta["format"], reference)
        checks.equal("sealed structure", name, mine[0], theirs[0])
        checks.equal("metadata", name, mine[1], theirs[1])
        if meta["format"] == "yaml":
            missing = Counter(sealed.sealed_comments(reference)) - Counter(sealed.sealed_comments(made.out))
            checks.add("comments sealed", name, not missing, str(missing)[:120])
    if {"--input-type", "--output-type"} & set(flags) or name in corpus.exceptions["lossless"]:
        return
    back = corpus.run(["decrypt", *meta["decrypt"].get("args", []), f"mine.{ext}"], work, env)
    plain = (work / f"plain.{ext}").read_bytes()
    checks.add("lossless", name, back.code == 0 and back.out == plain,
               back.reason() if back.code else first_difference(back.out, plain))


def make(folder):
    folder.mkdir()
    return folder


# --- negative entries -------------------------------------------------------------------------------------------------


def check_negative(corpus, meta, folder):
    name, checks = meta["name"], corpus.checks
    work = copied(corpus.root / meta["dir"], folder / "w")
    env = corpus.keys.environment(folder, meta["keys"], public=meta.get("public", []))
    got = corpus.run(corpus.keys.named(meta["args"]), work, env, timeout=60)
    if not checks.add("no crash", name, not got.crashed and b"panic:" not in got.err, got.reason()):
        return
    want = corpus.deliberate.get(name, meta["want"])
    if want == "accept":
        checks.add("accepted", name, got.code == 0, got.reason())
    elif want.startswith("exit "):
        checks.add("deliberate difference", name, got.code == int(want[5:]), f"wants {want}, {got.reason()}")
    elif want == "reject":
        check_rejected(checks, name, got, meta["expect"])


def check_rejected(checks, name, got: Result, expected):
    checks.add("rejected", name, got.code != 0, "accepted")
    if expected.get("exit") is not None:
        checks.add("exit code", name, got.code == expected["exit"], f"want {expected['exit']}, {got.reason()}")
    if expected.get("stdout_empty"):
        checks.add("nothing on stdout", name, not got.out, repr(got.out[:60]))


# --- diff scenarios ---------------------------------------------------------------------------------------------------


def edited(spec, text):
    """What the scripted editor does (diff entries of the corpus)."""
    for step in spec:
        if step[0] == "sub":
            changed = re.sub(step[1], step[2], text, count=1, flags=re.M)
            if changed == text:
                sys.exit(f"edit did not apply: {step[1]!r}")
            text = changed
        elif step[0] == "append":
            text = text.rstrip("\n") + "\n" + step[1]
        elif step[0] == "replace-all":
            text = step[1]
    return text


def write_editor(folder, spec):
    (folder / "edit.json").write_text(json.dumps(spec))
    editor = folder / "editor.sh"
    editor.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).resolve()}" --edit "{folder}/edit.json" "$1"\n')
    editor.chmod(0o755)
    return str(editor)


def changed_lines(before, after):
    done = subprocess.run(["git", "diff", "--no-index", "--no-color", "--numstat", before, after], capture_output=True,
                          env=dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1"))
    numbers = done.stdout.split()[:2]
    return sum(int(n) for n in numbers if n != b"-")


def check_diff(corpus, meta, folder):
    name, ext, checks = meta["name"], meta["ext"], corpus.checks
    source = corpus.root / meta["dir"]
    work = make(folder / "w")
    if (source / ".sops.yaml").exists():
        shutil.copy(source / ".sops.yaml", work)
    shutil.copy(source / f"before.enc.{ext}", work / f"file.{ext}")
    env = corpus.keys.environment(folder, meta["keys"], public=meta.get("public", []))
    got = None
    for step in meta["steps"]:
        step_env, args = dict(env), corpus.keys.named(step.get("args", ["edit", f"file.{ext}"]))
        if "edit" in step:
            step_env["EDITOR"] = step_env["SOPS_EDITOR"] = write_editor(folder, step["edit"])
        got = corpus.run(args, work, step_env)
        if got.code != 0 and not step.get("may_fail"):
            break
    if not checks.add("diff runs", name, got.code == meta["expect_exit"], f"want {meta['expect_exit']}, {got.reason()}"):
        return
    opened = corpus.run(["decrypt", f"file.{ext}"], work, env)
    want = (source / f"after.dec.{ext}").read_bytes()
    same = opened.code == 0 and (typed.loose_numbers(typed.read(meta["format"], opened.out)) ==
                                 typed.loose_numbers(typed.read(meta["format"], want)))
    checks.add("diff content", name, same, opened.reason() if opened.code else first_difference(opened.out, want))
    lines = changed_lines(source / f"before.enc.{ext}", work / f"file.{ext}")
    allowed = meta["numstat"]["added"] + meta["numstat"]["deleted"]
    checks.add("diff is no larger", name, lines <= allowed, f"{lines} lines, the reference {allowed}")


# ----------------------------------------------------------------------------------------------------------------------


def guarded(corpus, check, meta):
    with tempfile.TemporaryDirectory(prefix="lg") as folder:
        try:
            check(corpus, meta, Path(folder))
        except Exception as failure:  # one broken case must not hide the others
            corpus.checks.add("harness", meta["name"], False, f"{type(failure).__name__}: {str(failure)[:200]}")


def main():
    if sys.argv[1] == "--edit":
        path = Path(sys.argv[3])
        text = edited(json.loads(Path(sys.argv[2]).read_text()), path.read_bytes().decode())
        path.write_bytes(text.encode())
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("source_dir")
    parser.add_argument("--only", default="*")
    options = parser.parse_args()
    corpus = Corpus(options.binary, options.source_dir)
    manifest = json.loads((corpus.root / "manifest.json").read_text())
    jobs = [(check, meta) for check, kind in ((check_case, "cases"), (check_negative, "negative"), (check_diff, "diff"))
            for meta in manifest[kind] if fnmatch.fnmatch(meta["name"], options.only)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for check, meta in jobs:
            pool.submit(guarded, corpus, check, meta)
    corpus.keys.close()
    print(f"{len(jobs)} entries, "
          f"{corpus.canonical_seen['excepted']} canonical exceptions, {len(corpus.deliberate)} deliberate differences")
    corpus.checks.finish()


if __name__ == "__main__":
    main()
