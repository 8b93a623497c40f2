#!/usr/bin/env python3
"""Checks every #include of src/ and include/ against the layers of doc/architecture.md.

usage: includes.py SOURCE_DIR
"""
import fnmatch
import re
import sys
from pathlib import Path

# Which folders of src/ a folder may include, itself aside.
USES = {
    "base": set(),
    "document": {"base"},
    "net": {"base"},
    "formats": {"document", "base"},
    "crypto": {"document", "base"},
    "recipients": {"net", "base"},
    "seal": {"document", "crypto", "base"},
    "destinations": {"recipients", "net", "base"},
    "config": {"destinations", "recipients", "seal", "base"},
    "cli": {"config", "destinations", "recipients", "seal", "crypto", "formats", "document", "net", "base"},
}

# The folder that implements each contract of include/leafseal; using a contract is using its folder ...
CONTRACTS = {
    "base": {"error", "environment", "recipient", "secret", "span"},
    "net": {"http"},
    "document": {"document", "path", "value", "walk"},
    "formats": {"format"},
    "crypto": {"leaf_cipher", "mac", "token"},
    "seal": {"group_change", "key_groups", "metadata", "sealed_document", "selection"},
    "destinations": {"destination"},
    "config": {"creation_rules", "destination_rules"},
}
# ... except for the interfaces through which a lower layer is handed what a higher one makes.
INTERFACES = {"seal": {"format"}, "config": {"format", "document", "path", "value"}}

# Third-party headers and the only files that may know them.
CONFINED = {
    "openssl/*": ["src/base/random*", "src/base/secret*", "src/base/digest*", "src/crypto/*",
                  "src/recipients/age*", "src/recipients/ssh*", "src/net/*"],
    "re2/*": ["src/seal/selection*", "src/config/*"],
    "yaml-cpp/*": ["src/config/*"],
    "yaml.h": ["src/formats/yaml_parse*"],
    "gpgme*": ["src/recipients/pgp*", "src/recipients/gpgme*"],
    "curl/*": ["src/net/http*"],
    "libpq-fe.h": ["src/cli/audit_database*"],
    "nghttp2/*": ["src/net/http2_*"],
    "nlohmann/*": ["src/seal/layout_records*", "src/net/json_*"],
    "catch2/*": [],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def complaints(path, text):
    """What is wrong with the includes of one file; path is relative to the source directory."""
    layer = path.split("/")[1] if path.startswith("src/") and path.count("/") > 1 else None
    for _, name in INCLUDE.findall(text):
        for pattern, homes in CONFINED.items():
            if fnmatch.fnmatch(name, pattern) and not any(fnmatch.fnmatch(path, home) for home in homes):
                yield f"{path}: <{name}> belongs to {', '.join(homes) or 'the tests'}"
        if layer is None:
            continue
        folder, _, file = name.partition("/")
        if folder == "leafseal":
            contract = file.removesuffix(".hpp")
            owner = next((o for o, names in CONTRACTS.items() if contract in names), None)
            if owner is None:
                yield f"{path}: {name} is in no layer; add it to CONTRACTS"
            elif owner != layer and owner not in USES[layer] and contract not in INTERFACES.get(layer, ()):
                yield f"{path}: {layer} must not use {name} ({owner})"
        elif folder in USES and folder != layer and folder not in USES[layer]:
            yield f"{path}: {layer} must not include {name}"


def main():
    root = Path(sys.argv[1])
    files = sorted(p for top in ("src", "include") for p in (root / top).rglob("*") if p.suffix in (".hpp", ".cpp"))
    found = []
    for file in files:
        path = file.relative_to(root).as_posix()
        layer = path.split("/")[1] if path.startswith("src/") and path.count("/") > 1 else None
        if layer is not None and layer not in USES:
            found.append(f"{path}: folder {layer} is in no layer")
            continue
        found += complaints(path, file.read_text(encoding="utf-8"))
    for line in found:
        print(line)
    print(f"{len(files) - len({line.split(':')[0] for line in found})} passed, "
          f"{len({line.split(':')[0] for line in found})} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
