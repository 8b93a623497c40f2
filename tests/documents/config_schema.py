#!/usr/bin/env python3
"""The schema that `config schema` prints, in the eyes of a validator that we did not write: it is one, it takes the good
configs of testdata/config and the example, refuses the bad ones, and names every key that leafseal reads.

usage: config_schema.py LEAFSEAL SOURCE_DIR
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import ruamel.yaml

# What a schema of types and names cannot say of a config that leafseal refuses: the syntax of patterns and recipients, the
# number of groups, texts that fit their type and not their meaning.
BEYOND = re.compile(r"resource ID|fingerprint|destination|regexp|regex|parse|recipient|no matching|ARN|Vault|vault|key ID|region cannot|UUID cannot|Azure|version|group|"
                    r"already defined|merge|anchor|scientific|invalid UTF-8|base64")
# Where a schema and the reader must part.
DIFFER = {
    "age-date": "JSON has no dates",
    "age-list-of-date": "JSON has no dates",
    "groups-bad-type-ignored-field": "the field is ignored, and wrong all the same",
    "misspelt-top-key": "further top-level keys are free for anchors",
    "null-key": "a key that is null is no name",
    "rules-list-of-null": "nulls in lists are passed over",
    "threshold-bad-octal": "YAML loaders read old octal numbers differently",
    "threshold-cut": "the reference cuts 2.7 to 2; an author should hear of it",
    "threshold-huge": "a schema knows no range of integers",
    "threshold-old-octal": "YAML loaders read old octal numbers differently",
}


def load(path):
    """One document, as plain values; None if the loader refuses it."""
    yaml = ruamel.yaml.YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    try:
        documents = list(yaml.load_all(path.read_bytes()))
        return json.loads(json.dumps(documents[0] if documents else None, default=str)), True
    except Exception:
        return None, False


def main():
    leafseal, source = sys.argv[1], Path(sys.argv[2])
    schema = json.loads(subprocess.run([leafseal, "config", "schema"], check=True, capture_output=True).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    passed, failures = 0, []

    def check(good, text):
        nonlocal passed
        passed += bool(good)
        if not good:
            failures.append(text)

    example, loaded = load(source / ".sops.yaml.example")
    check(loaded and example, "the example does not load")
    for error in validator.iter_errors(example):
        check(False, f"the example: {error.json_path}: {error.message}")
    counts = {"good": 0, "bad": 0}
    for path in sorted((source / "testdata/config").glob("*.yaml")):
        value, loaded = load(path)
        lint = subprocess.run([leafseal, "config", "lint", str(path)], capture_output=True, text=True)
        if not loaded or path.stem in DIFFER:
            continue
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        if lint.returncode == 0 and "unknown key" not in lint.stdout:
            counts["good"] += 1
            check(not errors, f"{path.name}: lint has nothing against it, the schema says {errors}")
        elif lint.returncode == 1 and not all(BEYOND.search(line) for line in lint.stdout.splitlines()):
            counts["bad"] += 1
            check(errors, f"{path.name}: the schema takes what lint refuses: {lint.stdout}")
    check(counts["good"] >= 80 and counts["bad"] >= 40, f"too few configs: {counts}")

    # Every name that the reader knows, from its own tables.
    text = json.dumps(schema)
    for file in ("config_model.cpp", "rule_model.cpp"):
        for table in re.findall(r"known\[\] = \{(.*?)\};", (source / "src/config" / file).read_text(), re.S):
            for name in re.findall(r'"(\w+)"', table):
                check(f'"{name}": ' in text, f"the schema does not know {name}")

    print("\n".join(failures))
    print(f"{passed} passed, {len(failures)} failed; {counts['good']} good and {counts['bad']} bad configs")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
