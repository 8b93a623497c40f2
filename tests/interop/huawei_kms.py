#!/usr/bin/env python3
"""Huawei Cloud KMS recipients against the fake, which checks each signature: leafseal seals and sops opens, sops seals and
leafseal opens, with credentials from every source that can be had here, and what goes wrong is said once, while another
recipient of the file still opens it.

usage: huawei_kms.py BINARY SOURCE_DIR
"""
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks, absent_peer
from fake_huawei import ACCESS, PROJECT, SECRET, SECURITY_TOKEN
from peers import FakeServices, LoopbackServer, Peers
from programs import base_environment, new_age_key, run, sops_peers

PLAIN = b"first: one\nsecond: 2\n"
KEY = "tr-west-1:11111111-2222-3333-4444-555555555555"
OTHER = "tr-west-1:99999999-2222-3333-4444-555555555555"
AT = "HUAWEICLOUD_SDK_REGION_KMS_TR_WEST_1"


class Bench:
    def __init__(self, binary, folder, fake, sops):
        self.binary, self.folder, self.fake, self.sops = os.path.abspath(binary), folder, fake, sops
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        (folder / "plain.yaml").write_bytes(PLAIN)

    def env(self, keys=True, **variables):
        env = dict(base_environment(self.folder), **{AT: self.fake.http})
        if keys:
            env.update(HUAWEICLOUD_SDK_AK=ACCESS, HUAWEICLOUD_SDK_SK=SECRET, HUAWEICLOUD_SDK_PROJECT_ID=PROJECT)
        env.update(variables)
        return {name: value for name, value in env.items() if value is not None}

    def seal(self, program, recipients, env=None):
        return run(program, ["encrypt", *recipients, "plain.yaml"], self.folder, env or self.env())

    def open(self, program, sealed_text, env=None, options=()):
        (self.folder / "sealed.yaml").write_bytes(sealed_text)
        return run(program, ["decrypt", *options, "sealed.yaml"], self.folder, env or self.env())

    def answered(self):
        return [request for request in self.fake.log() if request["method"] != "CONNECT"]

    def check(self, group, name, good, why="", peer="fake"):
        self.checks.peer(peer)
        return self.checks.add(group, name, good, why)

    def both_ways(self, name, recipients, env=None):
        for version, sops in self.sops.items():
            for sealer, opener, title in ((self.binary, sops, f"sops {version} opens leafseal's"),
                                          (sops, self.binary, f"leafseal opens sops {version}'s")):
                made = self.seal(sealer, recipients, env)
                if self.check("seals", name, made.code == 0, made.reason()):
                    got = self.open(opener, made.out, env)
                    self.check(title, name, got.code == 0 and got.out == PLAIN, got.reason(), "sops")


def exchange(bench):
    bench.both_ways("key", ["--hckms", KEY])
    bench.both_ways("two keys", ["--hckms", f"{KEY}, {OTHER}"])
    bench.both_ways("age beside it", ["--hckms", KEY, "--age", bench.recipient])
    bench.both_ways("SOPS_HUAWEICLOUD_KMS_IDS", [], bench.env(SOPS_HUAWEICLOUD_KMS_IDS=KEY))
    bench.both_ways("security token", ["--hckms", KEY], bench.env(HUAWEICLOUD_SDK_SECURITY_TOKEN=SECURITY_TOKEN))
    home = Path(bench.env()["HOME"])
    (home / ".huaweicloud").mkdir(exist_ok=True)
    (home / ".huaweicloud/credentials").write_text(f"[basic]\nak = {ACCESS}\nsk = {SECRET}\nproject_id = {PROJECT}\n")
    bench.both_ways("credentials file", ["--hckms", KEY], bench.env(keys=False))
    (home / ".huaweicloud/credentials").rename(bench.folder / "credentials")
    bench.both_ways("named credentials file", ["--hckms", KEY],
                    bench.env(keys=False, HUAWEICLOUD_SDK_CREDENTIALS_FILE=str(bench.folder / "credentials")))
    config = bench.folder / "rules.yaml"
    for name, rule in {"plain field": f"hckms: ['{KEY}']", "key group": f"key_groups:\n      - hckms: [{{key_id: '{KEY}'}}]",
                       "two groups": f"shamir_threshold: 2\n    key_groups:\n      - hckms: [{{key_id: '{KEY}'}}]\n"
                                     f"      - hckms: [{{key_id: '{OTHER}'}}]"}.items():
        config.write_text(f"creation_rules:\n  - {rule}\n")
        for version, sops in bench.sops.items():
            for sealer, opener in ((bench.binary, sops), (sops, bench.binary)):
                made = run(sealer, ["--config", str(config), "encrypt", "plain.yaml"], bench.folder, bench.env())
                got = bench.open(opener, made.out)
                bench.check(f"by .sops.yaml, with sops {version}", name, got.code == 0 and got.out == PLAIN,
                            made.reason() + got.reason(), "sops")


def same_requests(bench):
    """What leafseal asks is what sops asks: path, members of the body, the headers that are signed but the agent's name."""
    seen = {}
    for program in (bench.binary, *bench.sops.values()):
        bench.fake.log(clear=True)
        bench.open(program, bench.seal(program, ["--hckms", KEY]).out)
        seen[program] = bench.fake.log()
    ours = seen.pop(bench.binary)
    bench.check("requests", "one each", len(ours) == 2, str(ours))
    members = lambda request: sorted(re.findall(r'"(\w+)":', request["body"]))
    signed = lambda request: set(re.search("SignedHeaders=([^,]+)", request["authorization"])[1].split(";")) - {"user-agent"}
    for theirs in seen.values():
        for mine, its in zip(ours, theirs):
            for name, of in {"method": lambda r: r["method"], "path": lambda r: r["path"], "members": members, "signed": signed,
                             "project": lambda r: r["headers"].get("x-project-id")}.items():
                bench.check("requests", name, of(mine) == of(its), f"{of(mine)} {of(its)}", "sops")


def hosts(bench):
    """Without variables for addresses: Huawei's own hosts by TLS, the project from IAM; through a proxy, the fake answers."""
    env = bench.env(**{AT: None, "HUAWEICLOUD_SDK_PROJECT_ID": None}, **bench.fake.env())
    bench.fake.log(clear=True)
    made = bench.seal(bench.binary, ["--hckms", KEY], env)
    asked = [(request["host"].removesuffix(":443"), request["tls"]) for request in bench.answered()]
    wanted = [("iam.tr-west-1.myhuaweicloud.com", True), ("kms.tr-west-1.myhuaweicloud.com", True)]
    bench.check("N3: hosts", "Huawei's own", made.code == 0 and asked == wanted, f"{asked} {made.reason()}")
    bench.fake.log(clear=True)
    for region in ("evil.example/", "x@evil.example", "tr-west-1.evil.example", "nowhere-1"):
        got = bench.seal(bench.binary, ["--hckms", f"{region}:uuid"], env)
        bench.check("N3: hosts", f"no region: {region}", got.code == 1 and b"invalid region" in got.err and got.out == b"", got.reason())
    bench.check("N3: hosts", "nobody was asked for them", bench.fake.log() == [], str(bench.fake.log()))
    plain = bench.env(**{AT: "http://huawei.invalid"})
    got = bench.seal(bench.binary, ["--hckms", KEY], plain)
    bench.check("plain http", "is warned of", got.err.count(b"warning: data keys go to http://huawei.invalid without TLS") == 1, got.reason())
    got = bench.seal(bench.binary, ["--hckms", KEY], dict(plain, LEAFSEAL_STRICT="1"))
    bench.check("plain http", "strict refuses", got.code == 10 and got.out == b"" and b"strict is on" in got.err, got.reason())


def changed_recipients(bench):
    path = bench.folder / "changed.yaml"
    path.write_bytes(bench.seal(bench.binary, ["--age", bench.recipient]).out)
    with_age = bench.env(SOPS_AGE_KEY_FILE=str(bench.identity))
    done = run(bench.binary, ["rotate", "-i", "--add-hckms", KEY, path.name], bench.folder, with_age)
    bench.check("rotate", "--add-hckms", done.code == 0 and KEY.encode() in path.read_bytes(), done.reason())
    for version, program in {"leafseal": bench.binary, **bench.sops}.items():
        got = bench.open(program, path.read_bytes())
        bench.check("rotate", f"{version} opens it by the added key", got.out == PLAIN, got.reason())
    done = run(bench.binary, ["rotate", "-i", "--rm-hckms", KEY, path.name], bench.folder, with_age)
    bench.check("rotate", "--rm-hckms", done.code == 0 and b"hckms" not in path.read_bytes(), done.reason())
    many_files(bench)


def many_files(bench):
    folder = bench.folder / "many"
    folder.mkdir()
    sealed_text = bench.seal(bench.binary, ["--hckms", KEY]).out
    names = [f"{number:03}.yaml" for number in range(200)]
    for name in names:
        (folder / name).write_bytes(sealed_text)
    (folder / ".sops.yaml").write_text(f"creation_rules:\n  - hckms: ['{KEY}']\n    age: {bench.recipient}\n")
    bench.fake.log(clear=True)
    done = run(bench.binary, ["updatekeys", "-y", *names], folder, bench.env(HUAWEICLOUD_SDK_PROJECT_ID=None, **bench.fake.env()))
    changed = sum(bench.recipient.encode() in (folder / name).read_bytes() for name in names)
    bench.check("updatekeys", "each of 200 files has the new recipient", done.code == 0 and changed == 200, done.reason())
    asked = [request["path"].rsplit("/", 1)[-1] for request in bench.answered()]
    bench.check("updatekeys", "the project and the key are asked for once", asked == ["projects", "decrypt-data"], str(asked))


def failures(bench, server):
    """Each: what is changed in the file, what the environment changes, what must be said."""
    bad = server.url()
    at = lambda path: {AT: f"{bad}/{path}"}
    none = {"HUAWEICLOUD_SDK_AK": None}
    rows = [
        ("absent key", (KEY, "tr-west-1:absent"), {}, r"KMS\.2103: Key with key id absent does not exist\. .*hint: look at the key id"),
        ("denied key", (KEY, "tr-west-1:denied"), {}, r"KMS\.0307: The user has no permission .*hint: these credentials may not"),
        ("another key", (KEY, OTHER), {}, r"KMS\.2116: The ciphertext is invalid\. .*hint: the data key was wrapped by another"),
        ("unknown region", (KEY, "xx-1:u"), {}, r'invalid region "xx-1": .*hint: a new region: set HUAWEICLOUD_SDK_REGION_KMS_XX_1'),
        ("wrong secret", None, {"HUAWEICLOUD_SDK_SK": "other-canary"}, r"APIG\.0301: .*verify aksk signature fail .*hint: look at the access"),
        ("unknown access key", None, {"HUAWEICLOUD_SDK_AK": "nobody"}, r"APIG\.0301: Incorrect IAM authentication"),
        ("expired token", None, {"HUAWEICLOUD_SDK_SECURITY_TOKEN": "old-canary"}, r"verify security token fail .*hint: temporary keys"),
        ("another project", None, {"HUAWEICLOUD_SDK_PROJECT_ID": "p"}, r"KMS\.0303: The project ID"),
        ("no credentials", None, none, r"unable to get credential in providers: .*hint: set HUAWEICLOUD_SDK_AK"),
        ("nobody listens", None, {AT: "http://127.0.0.1:9"}, r"no answer from http://127\.0\.0\.1:9: connection refused"),
        ("no such host", None, {AT: "https://kms.invalid"}, r"no answer from https://kms\.invalid: no such host"),
        ("no address", None, {AT: "kms"}, AT + r" is no http or https address: kms"),
        ("always 500", None, at("failing/500/99"), r"status 500"),
        ("always 503", None, at("failing/503/99"), r"status 503"),
        ("half an answer", None, at("partial"), r"closed in the middle of the answer"),
        ("no HTTP", None, at("garbage"), r"the answer is not HTTP"),
        ("a page of a hotel", None, at("html"), r"decryption response missing plaintext .*hint: what answers there is not"),
        ("10 MB", None, at("big"), r"larger than 1 MiB"),
        ("redirect", None, at("redirect/307"), r"redirect to http://elsewhere\.example:1, which is not followed"),
        ("unknown authority", None, {AT: server.url("tls")}, r"certificate"),
    ]
    made = bench.seal(bench.binary, ["--hckms", KEY, "--age", bench.recipient]).out.decode()
    for name, change, variables, wanted in rows:
        failure(bench, name, made.replace(*change) if change else made, variables, wanted)
    begin = time.monotonic()
    failure(bench, "silent", made, at("silent"), r"no answer in time", again=False)
    took = time.monotonic() - begin
    bench.check("N4: a silent server", "within 35 s", took < 35, f"{took:.0f} s")
    with bench.fake.mode("status", status=503, times=1):
        got = bench.open(bench.binary, made.encode())
    bench.check("N4: 503 and then an answer", "opens", got.code == 0 and got.out == PLAIN, got.reason())
    with bench.fake.mode("slow", seconds=2, times=1):
        got = bench.open(bench.binary, made.encode())
    bench.check("slow", "opens", got.code == 0 and got.out == PLAIN, got.reason())
    for title, key, variables, wanted in (("absent key", "tr-west-1:absent", {}, b"KMS.2103"), ("no credentials", KEY, none, b"unable to get"),
                                          ("a page of a hotel", KEY, at("html"), b"encryption response missing ciphertext")):
        got = bench.seal(bench.binary, ["--hckms", key, "--age", bench.recipient], bench.env(**variables))
        bench.check("a failure to seal writes nothing", title, got.code == 1 and wanted in got.err and got.out == b"", got.reason())


def failure(bench, name, text, variables, wanted, again=True):
    order = ["--decryption-order", "hckms,age"]
    got = bench.open(bench.binary, text.encode(), bench.env(**variables), order)
    said = re.sub(r"\s+", " ", re.sub(r"\n *(- )?\|", " ", got.err.decode()))
    bench.check("a failure is said", name, got.code == 128 and bool(re.search(wanted, said)) and got.out == b"", said)
    bench.check("L3: no secret in messages", name, "canary" not in said, said)
    if again:
        got = bench.open(bench.binary, text.encode(), bench.env(SOPS_AGE_KEY_FILE=str(bench.identity), **variables), order)
        bench.check("the other recipient opens", name, got.code == 0 and got.out == PLAIN, got.reason())


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    if not shutil.which("age-keygen"):
        absent_peer("age")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lh") as name:
        bench = Bench(binary, Path(name), FakeServices(peers), sops)
        exchange(bench)
        same_requests(bench)
        hosts(bench)
        changed_recipients(bench)
        with LoopbackServer(source_dir, name) as server:
            failures(bench, server)
    bench.checks.finish()


if __name__ == "__main__":
    main()
