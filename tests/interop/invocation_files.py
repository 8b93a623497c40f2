"""The files on which cli_differential.py runs its command lines, sealed by the sops that is compared with."""
import os
import re
import subprocess
from pathlib import Path

from programs import base_environment, run

PLAIN = {
    "a.yaml": "# about sometext\na: 1\nb: two\nc: 1.5\nd: true\nl: [x, y, 3]\nm:\n  n: nested\n  z: null\n",
    "a.json": '{\n\t"a": 1,\n\t"b": "two",\n\t"c": 1.5,\n\t"d": true,\n\t"l": ["x", "y", 3],\n\t"m": {"n": "nested", "z": null}\n}\n',
    "a.env": "# about\nA=one\nb=two\nC=a b c\n",
    "a.ini": "; about\nb = two\n\n[s]\nk = v\nn = 5\n",
    "a.bin": "two bytes\x01\n",
    "n.yaml": "deep:\n    list:\n        - one\n        - two\n    map:\n        k: v\nb: two\n",
    "flat.yaml": "A: one\nB: two words\nN: 12\nF: 1.5\nT: true\n",
    "m.yaml": "b: two\n---\nb: other\n",
}
OTHER = {
    "broken.yaml": "a: [\n", "broken.json": '{"a": ', "empty.yaml": "", "v.json": '"new"\n', "num.json": "5", "list.json": "[1]",
    "yes.txt": "y\n", "no.txt": "n\n", "noes.txt": "n\nn\n", "what.txt": "what\n\nn\n", "words.txt": "n n\n",
}
EDITORS = {
    "edit-set": "#!/bin/sh\nsed -i s/two/three/ \"$1\"\nsed -i 's/Welcome to SOPS/Welcome back/' \"$1\"\n",
    "edit-fail": "#!/bin/sh\nexit 3\n",
    "edit-same": "#!/bin/sh\nexit 0\n",
}
CONFIGS = {
    "cfg.yaml": "creation_rules:\n  - age: {age1}\n",
    "cfg2.yaml": "creation_rules:\n  - age: {age1},{age2}\n",
    "cfgs.yaml": "creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - age: [{age1}]\n      - age: [{age2}]\n",
    "cfgnone.yaml": "creation_rules:\n  - path_regex: ^/nothing$\n    age: {age1}\n",
    "cfgpub.yaml": "destination_rules:\n"
                   "  - path_regex: ^e\\.yaml$\n    s3_bucket: buck\n    s3_prefix: pre/\n"
                   "  - path_regex: ^e\\.json$\n    gcs_bucket: buck\n    gcs_prefix: pre\n"
                   "  - path_regex: ^(e\\.env|mac\\.yaml|o\\.yaml|cut\\.yaml|a\\.env)$\n    vault_path: app\n"
                   "    vault_address: http://127.0.0.1:9\n"
                   "  - path_regex: ^e\\.bin$\n    vault_path: app/\n    vault_kv_mount_name: kv\n    vault_kv_version: 1\n"
                   "    omit_extensions: true\n"
                   "  - path_regex: ^p\\.yaml$\n    s3_bucket: buck\n    recreation_rule:\n      age: {age2},{age1}\n"
                   "  - path_regex: ^s\\.yaml$\n    gcs_bucket: buck\n    recreation_rule:\n      age: {age1}\n"
                   "  - path_regex: ^e\\.ini$\n    s3_bucket: buck\n    vault_path: app\n"
                   "  - path_regex: ^m\\.yaml$\n    s3_prefix: pre/\n"
                   "  - path_regex: ^(pub|prod)/\n    s3_bucket: buck\n",
    "cfgbad.yaml": "creation_rules: [\n", "cfgempty.yaml": "",
    "prod/.sops.yaml": "creation_rules:\n  - path_regex: x\\.yaml$\n    age: {age1}\n    unencrypted_regex: ^c$\n"
                       "  - path_regex: \\.json$\n    pgp: {pgp}\n",
    "s.cfg": "creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - age: [{age1}]\n      - pgp: [{pgp}]\n",
    "t.cfg": "creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - age: [{age1}]\n      - pgp: [{pgp}]\n      - age: [{age2}]\n",
}


def age_key(path):
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    return re.search(r"age1\w+", path.read_text())[0]


def make_files(place, sops, fingerprint, gpg_home):
    """Fills place/template; returns what the @names@ stand for. place/age.key holds @age1@ alone, all-keys.txt every key."""
    names = {"age1": age_key(place / "age.key"), "age2": age_key(place / "age2.key"), "other": age_key(place / "other.key"),
             "pgp": fingerprint}
    (place / "all-keys.txt").write_text("".join((place / f"{key}.key").read_text() for key in ("age", "age2", "other")))
    files = place / "template"
    (files / "prod").mkdir(parents=True)
    for name, text in {**PLAIN, **OTHER, **EDITORS, "prod/x.yaml": PLAIN["a.yaml"], "prod/x.json": PLAIN["a.json"],
                       "prod/x.env": PLAIN["a.env"]}.items():
        (files / name).write_text(text)
    for name in EDITORS:
        os.chmod(files / name, 0o755)
    for name, text in CONFIGS.items():
        (files / name).write_text(text.format(**names))

    env = {**base_environment(place), "GNUPGHOME": gpg_home}

    def seal(source, target, *args):
        done = run(sops, [*args, "encrypt", *(["--age", names["age1"]] if not args else []), source], files, env)
        if done.code != 0:
            raise RuntimeError(f"{target}: {done.reason()}")
        (files / target).write_bytes(done.out)

    def seal_for(source, target, *flags):
        done = run(sops, ["encrypt", *flags, source], files, env)
        if done.code != 0:
            raise RuntimeError(f"{target}: {done.reason()}")
        (files / target).write_bytes(done.out)

    for ending in ("yaml", "json", "env", "ini", "bin"):
        seal(f"a.{ending}", f"e.{ending}")
    for name in ("n.yaml", "flat.yaml", "m.yaml"):
        seal(name, name)
    seal_for("a.yaml", "g.yaml", "--pgp", fingerprint)
    seal_for("a.yaml", "o.yaml", "--age", names["other"])
    seal_for("a.yaml", "p.yaml", "--age", names["age1"], "--pgp", fingerprint)
    seal_for("a.yaml", "rx.yaml", "--age", names["age1"], "--encrypted-regex", "^b$")
    seal("a.yaml", "s.yaml", "--config", "s.cfg")
    seal("a.yaml", "t.yaml", "--config", "t.cfg")

    sealed = (files / "e.yaml").read_text()
    (files / "mac.yaml").write_text("".join(line for line in sealed.splitlines(True) if not line.startswith("d:")))
    cut = re.search(r"^b: ENC\[AES256_GCM,data:(.)", sealed, re.M)
    (files / "cut.yaml").write_text(sealed[:cut.start(1)] + ("A" if cut[1] != "A" else "B") + sealed[cut.end(1):])
    (files / "nomac.yaml").write_text(re.sub(r"^    mac: .*\n", "", sealed, flags=re.M))
    (files / "weird.ext").write_text(sealed)
    (files / "link.yaml").symlink_to("e.yaml")
    (files / "pub/deep").mkdir(parents=True)
    (files / "pub/e.yaml").write_text(sealed)
    (files / "pub/deep/e.json").write_bytes((files / "e.json").read_bytes())
    for name in ("s.cfg", "t.cfg"):
        (files / name).unlink()
    return names
