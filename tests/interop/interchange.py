#!/usr/bin/env python3
"""Generated documents, sealed by leafseal and opened by sops, and the reverse. On the same sealed file `sops decrypt`
and `leafseal decrypt --canonical` must agree in values, types and comments. After sops has rewritten a file of
leafseal's, no nonce may stand with two ciphertexts.

usage: interchange.py BINARY SOURCE_DIR GENERATOR [--seed N] [--share PERCENT]
"""
import argparse
import os
import re
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sealed
import typed
from checks import Checks, absent_peer, first_difference
from programs import base_environment, new_age_key, run, sops_peers

COUNTS = {"yaml": 260, "json": 100, "dotenv": 80, "ini": 80, "binary": 40}
RULES = ["", "encrypted_suffix: _secret", "unencrypted_suffix: _unencrypted", "encrypted_regex: '_secret$|^a'",
         "unencrypted_regex: '^k[0-9]*[02468]'", "encrypted_comment_regex: sops:enc",
         "unencrypted_comment_regex: gale", "mac_only_encrypted: true\n    encrypted_regex: '^k'"]
REWRITTEN = {"yaml": 40, "json": 20, "dotenv": 10, "ini": 10}
NONCE = re.compile(rb"ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:[a-z]+\]")


class Exchange:
    def __init__(self, options, folder):
        self.binary = os.path.abspath(options.binary)
        self.folder = folder
        self.checks = Checks()
        self.excluded = Counter()
        self.agreed = Counter()
        self.env = base_environment(folder)
        identity, recipient = new_age_key(folder)
        self.env["SOPS_AGE_KEY_FILE"] = str(identity)
        for number, rule in enumerate(RULES):
            (folder / f"rule{number}.yaml").write_text(f"creation_rules:\n  - age: {recipient}\n    {rule}\n")

    def run(self, program, *args, **options):
        return run(program, list(args), self.folder, dict(self.env, **options))

    def config(self, number):
        return ["--config", str(self.folder / f"rule{number % len(RULES)}.yaml")]

    def seal(self, program, source, target, number):
        """The sealed file, or nothing when the program refuses the document."""
        made = self.run(program, *self.config(number), "encrypt", str(source))
        if made.code == 0:
            target.write_bytes(made.out)
            return target
        return self.exclude("refuses to seal", program, source, made)

    def exclude(self, what, program, source, result):
        who = "leafseal" if program == self.binary else "sops"
        reason = re.sub(r"[0-9A-F]{40,}|/\S+|\d+", "N", result.err.decode("utf-8", "replace").strip().split("\n")[0])
        self.excluded[f"{who} {what}, {source.suffix[1:]}: {reason[:110]}"] += 1
        return None


def comment_defect(version, data, theirs, ours):
    """Which documented defect of the reference explains other comments, values being the same. None: none does."""
    if before_3_13(version):
        lost = Counter(theirs) - Counter(ours)
        if lost and not Counter(ours) - Counter(theirs) and not lost - Counter(typed.comments_behind_flow_items(data)):
            return "comment behind a flow collection in a list that sops 3.13 loses, and so does --canonical"
    if any(text.startswith("ENC[AES256_GCM") for text in theirs):
        return "comment that the reference cannot decrypt where it put it (format.md 7.4)"
    rest = iter(ours)
    if len(theirs) < len(ours) and all(text in rest for text in theirs):
        return "comment that the reference loses (lossless-notes.md 3)"
    if sorted(theirs) == sorted(ours):
        return "comment that the reference moves (lossless-notes.md 3)"
    return None


def before_3_13(version):
    return tuple(map(int, version.split(".")[:2])) < (3, 13)


def number_defect(version, format_name, data):
    """Numbers in clear that sops hashes as one type and reads as another: -0.0, which it writes as -0 and reads as an
    integer; before 3.13, which reads every JSON number as a double, integers that are none."""
    if format_name != "json":
        return None
    text = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', data).decode()
    integers = [number for number in re.findall(r"-?\d[\d.eE+-]*", text) if re.fullmatch(r"-?\d+", number)]
    if "-0" in integers:
        return "sops reads -0 in clear as another number than it hashed"
    if before_3_13(version) and any(abs(int(number)) > 2**53 for number in integers):
        return f"sops {version} hashes an integer in clear beyond 2^53 as a double"
    return None


def opening_defect(version, format_name, data, result):
    """Why sops cannot open a sealed file although nothing is wrong with it; nothing if there is no such reason."""
    if b"MAC mismatch" in result.err:
        if sealed.has_list_comment(format_name, data):
            return "sealed comment as a list item, sops's MAC fails (format.md 3.2)"
        return number_defect(version, format_name, data)
    if format_name == "ini" and b"panic:" in result.err and re.search(rb"^\s*[;#]+\s*$", data, re.M):
        return "sops crashes when it prints an INI comment whose first line is empty"
    return None


def without_empty_items(node):
    if node[0] == "list":
        return ("list", tuple(without_empty_items(child) for child in node[1] if child != ("str", "")))
    if node[0] == "map":
        return ("map", tuple((key, without_empty_items(value)) for key, value in node[1]))
    return node


def value_defect(format_name, data, ours, theirs):
    """Which documented defect of the reference explains another value."""
    if format_name == "yaml" and re.search(rb"^\s*#\r?$|\s#\r?$", data, re.M):
        if [without_empty_items(tree) for tree in ours] == [without_empty_items(tree) for tree in theirs]:
            return "an empty comment in a list comes back from sops as an empty item"
    return None


def unreadable_empty_item(format_name, ours, theirs):
    """sops prints an empty collection below a comment in column 1, so that its own reader cannot read it. True where that
    is all in which the two texts differ."""
    as_sops_prints = re.sub(rb"^( *(?:- )+#[^\n]*\n) +(\{\}|\[\])$", rb"\1\2", ours, flags=re.M)
    return format_name == "yaml" and ours != theirs == as_sops_prints


def compare(exchange, version, column, format_name, path, sops):
    """sops and leafseal on one sealed file."""
    theirs = exchange.run(sops, "decrypt", str(path))
    ours = exchange.run(exchange.binary, "decrypt", "--canonical", str(path))
    exchange.checks.peer("sops")
    data = path.read_bytes()
    if theirs.code != 0:
        if format_name == "ini":  # its comments may be sealed
            data += exchange.run(exchange.binary, "decrypt", str(path)).out
        if defect := opening_defect(version, format_name, data, theirs):
            exchange.excluded[f"{column}: {defect}"] += 1
        elif column.startswith("sops"):
            exchange.exclude("cannot open its own file", sops, path, theirs)
        else:
            exchange.checks.add(column, path.name, False, "sops: " + theirs.reason())
        return
    if ours.code == 51 and (defect := number_defect(version, format_name, data)):
        exchange.excluded[f"{column}: {defect}"] += 1
        return
    if ours.code != 0:
        exchange.checks.add(column, path.name, False, "leafseal: " + ours.reason())
        return
    if theirs.out == ours.out:
        exchange.agreed[f"{column} {format_name}: same bytes"] += 1
        exchange.checks.add(column, path.name, True)
        return
    if unreadable_empty_item(format_name, ours.out, theirs.out):
        exchange.excluded[f"{column}: an empty list item below a comment that sops prints in column 1"] += 1
        return
    values = [typed.read(format_name, result.out) for result in (ours, theirs)]
    if values[0] != values[1]:
        if defect := value_defect(format_name, data, *values):
            exchange.excluded[f"{column}: {defect}"] += 1
        else:
            exchange.checks.add(column, path.name, False, first_difference(*values))
        return
    if format_name == "yaml":
        comments = [typed.yaml_comments(result.out) for result in (ours, theirs)]
        if comments[0] != comments[1]:
            defect = comment_defect(version, data, comments[1], comments[0])
            if not defect:
                exchange.checks.add(column, path.name, False, "comments: " + first_difference(*comments))
                return
            exchange.excluded[f"{column}: {defect}"] += 1
    exchange.agreed[f"{column} {format_name}: same values, other layout"] += 1
    exchange.checks.add(column, path.name, True)


def both_ways(exchange, version, sops, format_name, source, number):
    mine = source.with_name(f"leafseal-{version}-{source.name}")
    if exchange.seal(exchange.binary, source, mine, number):
        compare(exchange, version, f"leafseal seals, sops {version} opens", format_name, mine, sops)
    theirs = source.with_name(f"sops-{version}-{source.name}")
    if exchange.seal(sops, source, theirs, number):
        compare(exchange, version, f"sops {version} seals, leafseal opens", format_name, theirs, sops)


# --- rewriting by sops ------------------------------------------------------------------------------------------------


def nonces(data):
    return {(iv, data, tag) for data, iv, tag in NONCE.findall(data)}


def reused(before, after):
    """Nonces that stand with two different ciphertexts."""
    seen = {}
    for iv, data, tag in nonces(before) | nonces(after):
        seen.setdefault(iv, set()).add((data, tag))
    return [iv for iv, texts in seen.items() if len(texts) > 1]


def settable_path(format_name, data):
    """The address of some leaf whose keys need no care on a command line."""
    if format_name == "dotenv":
        keys = [(line[1],) for line in typed.dotenv_lines(data) if line[0] == "entry"]
    elif format_name == "ini":
        keys = [line[1:3] for line in typed.ini_lines(data) if line[0] == "entry"]
    else:
        keys, level = [], [((), typed.read(format_name, data))]
        level = [((), level[0][1][0])] if format_name == "yaml" else level
        while level:
            path, node = level.pop()
            if node[0] == "map":
                level += [(path + (key,), child) for key, child in reversed(node[1]) if isinstance(key, str)]
            elif node[0] == "str" and path:
                keys.append(path)
    good = [path for path in keys if all(re.fullmatch(r"[\w. -]+", key) for key in path) and "<<" not in path]
    return "".join(f'["{key}"]' for key in good[len(good) // 2]) if good else None


def rewritten_by_sops(exchange, version, sops, format_name, source, number):
    before = source.with_name(f"leafseal-{version}-{source.name}")
    if not before.exists():
        return
    original = before.read_bytes()
    after = source.with_name(f"rewritten-{version}-{source.name}")
    after.write_bytes(original)
    if number % 2 and format_name in ("yaml", "dotenv"):
        line = "added_key: 1" if format_name == "yaml" else "ADDED=1"
        done = exchange.run(sops, "edit", str(after), SOPS_EDITOR=f"{exchange.folder}/append '{line}'")
    else:
        canonical = exchange.run(exchange.binary, "decrypt", "--canonical", str(before)).out
        path = settable_path(format_name, canonical)
        if not path:
            return
        done = exchange.run(sops, "set", str(after), path, '"a new value"')
    if done.code != 0:
        exchange.exclude("refuses to rewrite", sops, source, done)
        return
    again = reused(original, after.read_bytes())
    exchange.checks.add(f"no nonce twice after sops {version}", source.name, not again, f"{len(again)} nonces")
    compare(exchange, version, f"sops {version} rewrites leafseal's", format_name, after, sops)


def guarded(exchange, check, version, sops, job):
    """One output that the judges cannot read must not hide the others."""
    try:
        check(exchange, version, sops, *job)
    except Exception as failure:
        exchange.checks.add("harness", f"{job[1].name}, sops {version}", False, f"{type(failure).__name__}: {failure}"[:300])


def write_editor(folder):
    editor = folder / "append"
    editor.write_text('#!/bin/sh\nprintf "\\n%s\\n" "$1" >>"$2"\n')
    editor.chmod(0o755)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("source_dir")
    parser.add_argument("generator")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("LEAFSEAL_SEED", 20261123)))
    parser.add_argument("--share", type=int, default=100, help="of the usual number of documents, per cent")
    options = parser.parse_args()
    peers = sops_peers(options.source_dir)
    if not peers:
        absent_peer("sops")
    print(f"seed {options.seed}, sops {', '.join(sorted(peers))}")
    with tempfile.TemporaryDirectory(prefix="lx") as name:
        folder = Path(name)
        exchange = Exchange(options, folder)
        write_editor(folder)
        jobs = []
        for format_name, count in COUNTS.items():
            (folder / format_name).mkdir()
            count = max(1, count * options.share // 100)
            subprocess.run([options.generator, folder / format_name, format_name, str(count), str(options.seed)], check=True)
            jobs += [(format_name, source, number)
                     for number, source in enumerate(sorted((folder / format_name).glob("doc-*")))]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for version, sops in sorted(peers.items()):
                list(pool.map(lambda job: guarded(exchange, both_ways, version, sops, job), jobs))
                list(pool.map(lambda job: guarded(exchange, rewritten_by_sops, version, sops, job),
                              [job for job in jobs if job[2] < REWRITTEN.get(job[0], 0)]))
    for table, title in ((exchange.agreed, "agreed"), (exchange.excluded, "excluded")):
        print(title)
        for what, count in sorted(table.items()):
            print(f"  {count:5}  {what}")
    exchange.checks.finish()


if __name__ == "__main__":
    main()
