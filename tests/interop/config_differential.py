#!/usr/bin/env python3
"""leafseal and sops encrypt under the configs of testdata/config: same exit codes, recipients, selection, messages.

usage: config_differential.py BINARY SOURCE_DIR

Configs whose recipients need a network service are left to the unit test, which compares with recorded answers.
LEAFSEAL_REFERENCE_SOPS names one more sops to compare with.
"""
import json
import os
import sys
import tempfile
from pathlib import Path

from checks import Checks, absent_peer
from programs import GoldenKeys, run, sops_peers, version_of

KINDS = ("kms", "gcp_kms", "hckms", "azure_kv", "hc_vault", "pgp", "age")
NAMES = {"pgp": "fp", "age": "recipient"}
SELECTORS = ("unencrypted_suffix", "encrypted_suffix", "unencrypted_regex", "encrypted_regex",
             "unencrypted_comment_regex", "encrypted_comment_regex")
NO_KEY = "Could not generate data key: "


def references(source_dir):
    found = sops_peers(source_dir)
    if path := os.environ.get("LEAFSEAL_REFERENCE_SOPS"):
        found[version_of(path)] = path
    return found


def is_local(entry):
    kind, name = entry.split(" ", 1)
    return kind in ("age", "pgp") or (kind == "gcp_kms" and name.count("/") != 7)  # refused before Google is asked


def needs_service(answer):
    return not all(is_local(entry) for group in answer.get("groups", []) for entry in group)


def outcome(program, folder, env, config, file):
    """What a program makes of a config: exit code, and what it wrote or the kind of its complaint."""
    (folder / ".sops.yaml").write_bytes(config)
    (folder / "in.yaml").write_text("a: b\n")
    args = ["encrypt", "--filename-override", file, "--input-type", "yaml", "--output-type", "json", "in.yaml"]
    done = run(program, args, folder, env)
    if done.code != 0:
        return done.code, done.err.decode("utf-8", "replace")
    sops = json.loads(done.out)["sops"]
    groups = [[f"{kind} {entry[NAMES[kind]]}" for kind in KINDS for entry in group.get(kind) or []]
              for group in sops.get("key_groups", [sops])]
    return 0, {"groups": groups, "threshold": sops.get("shamir_threshold"), "mac": sops.get("mac_only_encrypted"),
               "selectors": {name: sops[name] for name in SELECTORS if name in sops}}


def complaint(text, recorded):
    """The part of a message that has to be there: the recorded one, or the common beginning of wrapping failures."""
    if recorded is None:
        return NO_KEY if NO_KEY in text else text.strip()
    syntax = "Could not unmarshal config file: yaml: "
    beginning, found, rest = recorded.partition(syntax)
    if found and not rest.startswith(("unmarshal errors", "map merge")):
        return beginning + found
    return recorded


def main():
    binary, source_dir = sys.argv[1], Path(sys.argv[2])
    peers = references(source_dir)
    if not peers:
        absent_peer("sops")
    corpus = source_dir / "testdata/config"
    expected = json.loads((corpus / "expected.json").read_text())
    differences = json.loads((corpus / "differences.json").read_text())
    checks, skipped = Checks(), 0
    keys = GoldenKeys(source_dir / "testdata/golden")
    with tempfile.TemporaryDirectory(prefix="cd") as name:
        folder = Path(name)
        env = keys.environment(folder, [], public=["pgp:ed25519", "pgp:rsa2048"])
        for case, answer in sorted(expected.items()):
            if needs_service(answer) or case in differences:
                skipped += 1
                continue
            config, file = (corpus / f"{case}.yaml").read_bytes(), answer.get("file", "f.yaml")
            ours = outcome(binary, folder, env, config, file)
            for version, sops in sorted(peers.items()):
                theirs = outcome(sops, folder, env, config, file)
                checks.peer("sops")
                checks.equal(f"exit code, sops {version}", case, ours[0], theirs[0])
                if ours[0] == theirs[0] == 0:
                    checks.equal(f"metadata, sops {version}", case, ours[1], theirs[1])
                elif theirs[0] != 0:
                    phrase = complaint(theirs[1], answer.get("error"))
                    checks.add(f"message, sops {version}", case, phrase in ours[1], f"no {phrase!r} in {ours[1]!r}")
    keys.close()
    checks.finish(skipped)


main()
