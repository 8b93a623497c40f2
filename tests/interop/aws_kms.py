#!/usr/bin/env python3
"""AWS KMS recipients against moto, which keeps keys, users and roles and, where told to, checks signatures and policies:
leafseal seals and sops opens, sops seals and leafseal opens, with credentials from every source that runs here, and what
goes wrong is said once, while another recipient of the file still opens it.

usage: aws_kms.py BINARY SOURCE_DIR
"""
import http.server
import json
import os
import re
import shutil
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

from checks import Checks, absent_peer
from peers import LoopbackServer, Peers, free_port, http_status
from programs import base_environment, new_age_key, run, sops_peers

PLAIN = b"first: one\nsecond: 2\n"
REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/sealer"


class Moto:
    """moto's server, and what the tests need in it."""

    def __init__(self, peers, program):
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        peers.start("moto", [program, "-H", "127.0.0.1", "-p", str(port)], within=120,  # its import alone is slow
                    ready=lambda: http_status(self.address + "/moto-api/data.json") == 200)
        self.key, self.other = self.new_key(), self.new_key()
        self.alias = re.sub("key/.*", "alias/sops", self.key)
        self.kms("CreateAlias", {"AliasName": "alias/sops", "TargetKeyId": self.key})
        self.iam("CreateRole", RoleName="sealer", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
        self.user("good", ["kms:Encrypt", "kms:Decrypt", "sts:AssumeRole"])
        self.user("poor", ["s3:GetObject"])

    def call(self, service, body, headers):
        scope = f"Credential=setup/20260101/{REGION}/{service}/aws4_request"
        request = urllib.request.Request(self.address, data=body, headers={
            "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=x", **headers})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def kms(self, operation, body):
        return json.loads(self.call("kms", json.dumps(body).encode(), {"X-Amz-Target": f"TrentService.{operation}",
                                                                       "Content-Type": "application/x-amz-json-1.1"}) or "{}")

    def iam(self, action, **fields):
        form = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08", **fields}).encode()
        return self.call("iam", form, {"Content-Type": "application/x-www-form-urlencoded"})

    def new_key(self):
        return self.kms("CreateKey", {})["KeyMetadata"]["Arn"]

    def user(self, name, actions):
        self.iam("CreateUser", UserName=name)
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
        self.iam("PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
        answer = self.iam("CreateAccessKey", UserName=name)
        setattr(self, name, {"AWS_ACCESS_KEY_ID": re.search("<AccessKeyId>(.*?)<", answer)[1],
                             "AWS_SECRET_ACCESS_KEY": re.search("<SecretAccessKey>(.*?)<", answer)[1]})

    def enforce(self, on):
        """Signatures and policies are checked from now on, or no longer."""
        request = urllib.request.Request(self.address + "/moto-api/reset-auth", data=b"0" if on else b"inf", method="POST",
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=30).read()


class Metadata:
    """The metadata service of an instance and the agent of a container, on one port of loopback."""

    def __init__(self):
        seen = self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, text):
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_PUT(self):
                seen.append(("PUT", self.path))
                self.send_response(200)
                self.send_header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "300")
                self.send_header("Content-Length", "4")
                self.end_headers()
                self.wfile.write(b"imds")

            def do_GET(self):
                seen.append(("GET", self.path))
                keys = json.dumps({"Code": "Success", "AccessKeyId": "ASIAMETA", "SecretAccessKey": "s", "Token": "t",
                                   "Expiration": "2099-01-01T00:00:00Z"})
                path = "/latest/meta-data/iam/security-credentials/"
                if self.path == "/agent":
                    good = self.headers["Authorization"] == "Basic agent"
                    return self.answer(200 if good else 401, keys if good else "{}")
                if self.headers["X-aws-ec2-metadata-token"] != "imds":
                    return self.answer(401, "")
                self.answer(200, "node" if self.path == path else keys)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Bench:
    def __init__(self, binary, folder, moto, sops):
        self.binary, self.folder, self.moto, self.sops = os.path.abspath(binary), folder, moto, sops
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        (folder / "plain.yaml").write_bytes(PLAIN)

    def env(self, keys=True, **variables):
        env = dict(base_environment(self.folder), AWS_ENDPOINT_URL=self.moto.address, AWS_EC2_METADATA_DISABLED="true")
        if keys:
            env.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="secret-canary")
        env.update(variables)
        return {name: value for name, value in env.items() if value is not None}

    def seal(self, program, recipients, env=None):
        return run(program, ["encrypt", *recipients, "plain.yaml"], self.folder, env or self.env())

    def open(self, program, sealed_text, env=None, options=()):
        (self.folder / "sealed.yaml").write_bytes(sealed_text)
        return run(program, ["decrypt", *options, "sealed.yaml"], self.folder, env or self.env())

    def check(self, group, name, good, why="", peer="moto"):
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
    moto = bench.moto
    bench.both_ways("key", ["--kms", moto.key])
    bench.both_ways("alias", ["--kms", moto.alias])
    bench.both_ways("two keys", ["--kms", f"{moto.key},{moto.other}"])
    bench.both_ways("role", ["--kms", f"{moto.key}+{ROLE}"])
    bench.both_ways("context", ["--kms", moto.key, "--encryption-context", "app:web,env:prod"])
    bench.both_ways("age beside it", ["--kms", moto.key, "--age", bench.recipient])
    bench.both_ways("SOPS_KMS_ARN", [], bench.env(SOPS_KMS_ARN=moto.key))
    bench.both_ways("endpoint of the service", ["--kms", moto.key],
                    bench.env(AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_ENDPOINT_URL_KMS=moto.address))
    config = bench.folder / "rules.yaml"
    for name, rule in {"plain field": f"kms: '{moto.key}'",
                       "key group": f"key_groups:\n      - kms: [{{arn: '{moto.alias}', role: '{ROLE}', context: {{a: b}}}}]",
                       "two groups": f"shamir_threshold: 2\n    key_groups:\n      - kms: [{{arn: '{moto.key}'}}]\n"
                                     f"      - kms: [{{arn: '{moto.other}'}}]"}.items():
        config.write_text(f"creation_rules:\n  - {rule}\n")
        for version, sops in bench.sops.items():
            for sealer, opener in ((bench.binary, sops), (sops, bench.binary)):
                made = run(sealer, ["--config", str(config), "encrypt", "plain.yaml"], bench.folder, bench.env())
                got = bench.open(opener, made.out)
                bench.check(f"by .sops.yaml, with sops {version}", name, got.code == 0 and got.out == PLAIN,
                            made.reason() + got.reason(), "sops")


def changed_recipients(bench):
    """A key is added to a file, with its role and context, and taken out again; a new data key is wrapped for both."""
    path, added = bench.folder / "changed.yaml", f"{bench.moto.alias}+{ROLE}"
    path.write_bytes(bench.seal(bench.binary, ["--age", bench.recipient]).out)
    with_age = bench.env(SOPS_AGE_KEY_FILE=str(bench.identity))
    context = ["--encryption-context", "env:prod"]
    done = run(bench.binary, ["rotate", "-i", *context, "--add-kms", added, path.name], bench.folder, with_age)
    bench.check("rotate", "--add-kms", done.code == 0 and b"env: prod" in path.read_bytes(), done.reason())
    for version, program in {"leafseal": bench.binary, **bench.sops}.items():
        got = bench.open(program, path.read_bytes())
        bench.check("rotate", f"{version} opens it by the added key", got.out == PLAIN, got.reason())
    done = run(bench.binary, ["rotate", "-i", path.name], bench.folder, bench.env())
    bench.check("rotate", "with the KMS key alone", done.code == 0, done.reason())
    done = run(bench.binary, ["rotate", "-i", *context, "--rm-kms", added, path.name], bench.folder, with_age)
    bench.check("rotate", "--rm-kms", done.code == 0 and b"arn:aws" not in path.read_bytes(), done.reason())


def sources(bench, metadata):
    """Each source of credentials alone, leafseal and sops alike."""
    aws = Path(bench.env()["HOME"]) / ".aws"
    aws.mkdir()
    keys = "aws_access_key_id = testing\naws_secret_access_key = secret-canary\n"
    token = bench.folder / "jwt"
    token.write_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.x")
    process = json.dumps({"Version": 1, "AccessKeyId": "k", "SecretAccessKey": "s"})
    role = f"role_arn = {ROLE}\n"
    sts = {"AWS_ENDPOINT_URL_STS": bench.moto.address}
    rows = [
        ("credentials file", "", f"[default]\n{keys}", {}, ()),
        ("config file", f"[default]\n{keys}", "", {}, ()),
        ("AWS_PROFILE", f"[profile dev]\n{keys}", "", {"AWS_PROFILE": "dev"}, ()),
        ("--aws-profile", "", f"[dev]\n{keys}", {}, ("--aws-profile", "dev")),
        ("source_profile", f"[default]\n{role}source_profile = src\n[profile src]\n{keys}", "", sts, ()),
        ("credential_process", f"[default]\ncredential_process = echo '{process}'\n", "", {}, ()),
        ("web identity", "", "", {"AWS_WEB_IDENTITY_TOKEN_FILE": str(token), "AWS_ROLE_ARN": ROLE, **sts}, ()),
        ("web identity of a profile", f"[default]\n{role}web_identity_token_file = {token}\n", "", sts, ()),
        ("container", "", "", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.address + "/agent",
                               "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic agent"}, ()),
        ("instance", "", "", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.address, "AWS_EC2_METADATA_DISABLED": "false"}, ()),
        ("endpoint in the profile", f"[default]\n{keys}services = own\n[services own]\nkms =\n  endpoint_url = {bench.moto.address}\n",
         "", {"AWS_ENDPOINT_URL": None}, ()),
    ]
    for name, config, credentials, variables, options in rows:
        (aws / "config").write_text(config)
        (aws / "credentials").write_text(credentials)
        bench.both_ways(name, [*options, "--kms", bench.moto.key], bench.env(keys=False, **variables))
    shutil.rmtree(aws)
    bench.check("N7: metadata", "is asked with a token first", metadata.seen.count(("PUT", "/latest/api/token")) > 0, "no PUT")
    before = len(metadata.seen)
    bench.seal(bench.binary, ["--kms", bench.moto.key], bench.env(AWS_EC2_METADATA_SERVICE_ENDPOINT=metadata.address,
                                                                  AWS_EC2_METADATA_DISABLED="false"))
    bench.check("N7: metadata", "is not asked where keys are at hand", len(metadata.seen) == before, str(metadata.seen[before:]))


def signatures(bench):
    """moto checks them: keys, and temporary keys of a role with their token."""
    moto = bench.moto
    moto.enforce(True)
    try:
        for name, recipient in (("key", moto.key), ("alias", moto.alias)):
            made = bench.seal(bench.binary, ["--kms", recipient], bench.env(**moto.good))
            got = bench.open(bench.binary, made.out, bench.env(**moto.good))
            bench.check("signatures that moto checks", name, got.out == PLAIN, made.reason() + got.reason())
        sealed_text = made.out
        for name, keys, wanted in (
                ("no such key", {}, rb"(InvalidClientTokenId|UnrecognizedClientException).*hint: the access key"),
                ("wrong secret", {**moto.good, "AWS_SECRET_ACCESS_KEY": "canary"}, rb"Signature.*hint: look at the secret access key"),
                ("denied", moto.poor, rb"AccessDenied.*hint: these credentials may not do this")):
            got = bench.open(bench.binary, sealed_text, bench.env(**keys))
            said = re.sub(rb"\s+", b" ", re.sub(rb"\n *(- )?\|", b" ", got.err))
            bench.check("a failure is said", name, got.code == 128 and bool(re.search(wanted, said)) and got.out == b"", got.reason())
            bench.check("L3: no secret in messages", name, b"canary" not in got.err, got.reason())
    finally:
        moto.enforce(False)


def failures(bench, server):
    """Each: what is changed in the file, what the environment changes, what must be said."""
    moto = bench.moto
    bad, once = server.url(), {"AWS_MAX_ATTEMPTS": "1"}
    at = lambda path: {"AWS_ENDPOINT_URL_KMS": f"{bad}/{path}", **once}
    rows = [
        ("wrong context", ("prod", "test"), {}, r"InvalidCiphertextException: .*hint: the encryption context"),
        ("wrong region", (REGION, "eu-west-1"), {}, r"NotFoundException: .*hint: look at the ARN"),
        ("absent key", (r"key/[0-9a-f-]+", "key/nobody"), {}, r"NotFoundException: Key .* does not exist"),
        ("another key", (r"key/[0-9a-f-]+", moto.other.split(":")[-1]), {}, r"(IncorrectKey|InvalidCiphertext|AccessDenied)\w*"),
        ("no region", (REGION, "evil.test/"), {}, r"no region of AWS: evil\.test/"),
        ("no ARN", (r"arn:aws:kms\S+", "alias/sops"), {}, r"no valid ARN found in 'alias/sops'"),
        ("unknown profile", ('aws_profile: ""', "aws_profile: prof"), {},
         r"could not load AWS config: failed to get shared config profile, prof"),
        ("no credentials", None, {"AWS_ACCESS_KEY_ID": ""}, r"no AWS credentials: .*EC2 metadata: AWS_EC2_METADATA_DISABLED is set"),
        ("nobody listens", None, {"AWS_ENDPOINT_URL_KMS": "http://127.0.0.1:9", **once}, r"no answer from http://127\.0\.0\.1:9"),
        ("always 500", None, at("failing/500/99"), r"StatusCode: 500"),
        ("half an answer", None, at("partial"), r"closed in the middle of the answer"),
        ("no HTTP", None, at("garbage"), r"the answer is not HTTP"),
        ("a page of a hotel", None, at("html"), r"the answer has no Plaintext"),
        ("10 MB", None, at("big"), r"larger than 1 MiB"),
        ("redirect", None, at("redirect/307"), r"redirect to http://elsewhere\.example:1, which is not followed"),
    ]
    made = bench.seal(bench.binary, ["--kms", moto.key, "--age", bench.recipient, "--encryption-context", "env:prod"]).out.decode()
    for name, change, variables, wanted in rows:
        text = re.sub(*change, made) if change else made
        order = ["--decryption-order", "kms,age"]
        got = bench.open(bench.binary, text.encode(), bench.env(**variables), order)
        said = re.sub(r"\s+", " ", re.sub(r"\n *(- )?\|", " ", got.err.decode()))
        bench.check("a failure is said", name, got.code == 128 and bool(re.search(wanted, said)) and got.out == b"", said)
        bench.check("L3: no secret in messages", name, "canary" not in said, said)
        got = bench.open(bench.binary, text.encode(), bench.env(SOPS_AGE_KEY_FILE=str(bench.identity), **variables), order)
        bench.check("the other recipient opens", name, got.code == 0 and got.out == PLAIN, got.reason())
    begin = time.monotonic()
    got = bench.seal(bench.binary, ["--kms", moto.key], bench.env(**at("silent")))
    took = time.monotonic() - begin
    bench.check("N4: a silent server", "within 35 s", got.code == 1 and b"no answer in time" in got.err and took < 35,
                f"{took:.0f} s, {got.reason()}")
    busy = bench.env(AWS_ENDPOINT_URL_KMS=f"{bad}/failing/503/1")
    got = bench.seal(bench.binary, ["--kms", moto.key], busy)
    bench.check("N4: 503 and then an answer", "asked again", b"the answer has no CiphertextBlob" in got.err, got.reason())


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    if not shutil.which("age-keygen"):
        absent_peer("age")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="la") as name:
        moto = Moto(peers, peers.require("moto", "moto_server", "moto"))
        bench = Bench(binary, Path(name), moto, sops)
        exchange(bench)
        changed_recipients(bench)
        sources(bench, Metadata())
        signatures(bench)
        with LoopbackServer(source_dir, name) as server:
            failures(bench, server)
    bench.checks.finish()


if __name__ == "__main__":
    main()
