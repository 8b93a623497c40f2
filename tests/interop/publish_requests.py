#!/usr/bin/env python3
"""`publish` sends what sops sent when testdata/golden-publish was recorded: the same requests, the same words, the same
exit codes. Dates, signatures and boundaries aside; and where sops rewrites a secret that has not changed, leafseal stops
after it has read it.

usage: publish_requests.py BINARY SOURCE_DIR
"""
import base64
import email.parser
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import zlib
from pathlib import Path

from checks import Checks
from programs import base_environment, run
from recording_server import TOKEN, RecordingServer

# Read and found equal: sops writes them all the same.
UNCHANGED = {"v1-again", "v1-strings-again", "v2-numbers-again"}
# Files of v2-recursive that hold numbers are unchanged too.
UNCHANGED_IN_WALK = {"app.yaml", "j.json", "multi.yaml"}
IDENTITIES = ("age.txt", "age2.txt")


def expected_requests(case):
    wanted = case["requests"]
    if case["id"] in UNCHANGED:
        return wanted[:1]
    if case["id"] == "v2-recursive":
        return [r for r in wanted if r["method"] == "GET" or r["path"].rsplit("/", 1)[1] not in UNCHANGED_IN_WALK]
    return wanted


def parts_of(request):
    """The parts of a multipart/related body: (type, content) each."""
    text = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n" + request.body
    message = email.parser.BytesParser().parsebytes(text)
    return [(part["Content-Type"], part.get_payload(decode=True)) for part in message.get_payload()]


def same_words(case, got):
    """Standard error in the words of sops: its prefixes and log lines, without the hints it has not."""
    wanted = re.sub(r'\[\w+\]\t time="T" level=(warning|fatal) msg="(.*)"', r"\2", case["stderr"]).removeprefix("Error: ")
    words = re.sub(r"^\w+: hint: .*\n", "", got, flags=re.M)
    words = re.sub(r"^\w+: (error|warning): ", "", words, flags=re.M)
    words = re.sub(r'\[\w+\]\t time="[^"]*" level=(warning|fatal) msg="(.*)"', r"\2", words)
    words = re.sub(r" \(line \d+, column \d+\)$", "", words, flags=re.M)
    return words == wanted, f"got {words!r} want {wanted!r}"


class Bench:
    def __init__(self, binary, folder, checks):
        self.binary, self.folder, self.checks = binary, folder, checks
        self.recipients = {}
        for number, name in enumerate(IDENTITIES, 1):
            (folder / name).chmod(0o600)
            self.recipients[re.search(r"age1\w+", (folder / name).read_text())[0]] = f"RECIPIENT{number}"

    def environment(self, url):
        env = base_environment(self.folder)
        env.update(SOPS_AGE_KEY_FILE=str(self.folder / "age.txt"), VAULT_ADDR=url, VAULT_TOKEN=TOKEN, AWS_ENDPOINT_URL=url,
                   AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_REGION="us-east-1",
                   STORAGE_EMULATOR_HOST=url)
        return env

    def opened(self, data, identity):
        env = dict(self.environment(""), SOPS_AGE_KEY_FILE=str(self.folder / identity))
        args = ["decrypt", "--input-type", "yaml", "--output-type", "yaml"]
        return run(self.binary, args, self.folder, env, stdin=data)

    def case(self, case, server):
        env = {**self.environment(server.url), **case["env"]}
        done = run(self.binary, case["args"], self.folder, env)
        name, group = case["id"], "recorded cases"
        self.checks.equal("exit code", name, done.code, case["exit"])
        out = done.out.decode()
        for recipient, stands_for in self.recipients.items():
            out = out.replace(recipient, stands_for)
        self.checks.equal("standard output", name, out, case["stdout"])
        good, why = same_words(case, done.err.decode().replace(server.url, "ADDR"))
        self.checks.add("standard error", name, good, why)
        wanted, got = expected_requests(case), server.taken()
        self.checks.equal(group, name, [(r.service, r.method, r.path) for r in got],
                          [(r["service"], r["method"], r["path"]) for r in wanted])
        for number, (request, record) in enumerate(zip(got, wanted)):
            self.request(f"{name} {number}", request, record, case)

    def request(self, name, request, record, case):
        self.checks.equal("status", name, request.status, record["status"])
        if "found" in record:
            self.checks.equal("secret is there", name, request.found, record["found"])
        headers = {key: request.headers.get(key, "") for key in record["headers"]}
        if request.service == "gcs":
            headers["content-type"] = headers["content-type"].partition(";")[0]
        self.checks.equal("headers", name, headers, record["headers"])
        if request.service == "vault":
            own = {key for key in request.headers if key.startswith("x-vault-")}
            self.checks.equal("no further headers of Vault", name, own, set(record["headers"]))
        if "json" in record:
            self.checks.equal("values", name, json.loads(request.body), record["json"])
        if record.get("body_has_file"):
            self.file(name, request, self.folder / case["args"][-1])

    def file(self, name, request, path):
        """The body is the sealed file itself, or one that others can open to the same text."""
        source, body = path.read_bytes(), request.body
        if request.service == "gcs":
            (about_type, about), (content_type, body) = parts_of(request)
            self.checks.equal("parts of the upload", name, (about_type, content_type),
                              ("application/json", "text/plain; charset=utf-8"))
            about = json.loads(about)
            self.checks.equal("the object's resource", name, (about["bucket"], about["name"], about["crc32c"]),
                              ("buck", "pre/app.yaml", "WYisFA=="))  # as sops sent it for this file
        else:
            self.checks.equal("the body is signed", name, request.headers["x-amz-content-sha256"],
                              hashlib.sha256(body).hexdigest())
            self.checks.equal("checksum", name, request.headers["x-amz-checksum-crc32"],
                              base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode())
        if "recreate" not in name:
            return self.checks.equal("the file as it is", name, body, source)
        plain = self.opened(source, "age.txt")
        anew = self.opened(body, "age2.txt")
        self.checks.add("sealed for others", name, anew.code == 0 and anew.out == plain.out, anew.reason())
        self.checks.add("and no more for the first", name, self.opened(body, "age.txt").code == 128)
        tokens = set(re.findall(rb"data:([^,]+),iv:([^,]+)", source)) & set(re.findall(rb"data:([^,]+),iv:([^,]+)", body))
        return self.checks.add("under a new key", name, not tokens)


def main():
    binary, source_dir = os.path.abspath(sys.argv[1]), Path(sys.argv[2])
    recorded = source_dir / "testdata/golden-publish"
    cases = json.loads((recorded / "manifest.json").read_text())["cases"]
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="lb") as name, RecordingServer() as server:
        folder = Path(name) / "w"
        shutil.copytree(recorded, folder)
        bench = Bench(binary, folder, checks)
        for case in cases:
            bench.case(case, server)
    checks.add("recorded cases", "all of them", len(cases) == 27, f"{len(cases)}")
    checks.finish()


if __name__ == "__main__":
    main()
