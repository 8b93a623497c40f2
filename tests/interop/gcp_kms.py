#!/usr/bin/env python3
"""Google Cloud KMS recipients against drongo, which keeps keys: leafseal seals and sops opens, sops seals and leafseal opens,
recipients change, answers are damaged, and what goes wrong is said once, while another recipient of the file still opens it.

usage: gcp_kms.py BINARY SOURCE_DIR
"""
import base64
import json
import re
import sys
import time

import gcp_bench
from gcp_bench import PLAIN, RING
from peers import LoopbackServer
from programs import run


def exchange(bench):
    key, other = bench.drongo.key, bench.drongo.other
    bench.both_ways("key", ["--gcp-kms", key])
    bench.both_ways("two keys", ["--gcp-kms", f"{key}, {other}"])
    bench.both_ways("age beside it", ["--gcp-kms", key, "--age", bench.recipient])
    bench.both_ways("SOPS_GCP_KMS_IDS", [], bench.env(SOPS_GCP_KMS_IDS=key))
    config = bench.folder / "rules.yaml"
    for name, rule in {"plain field": f"gcp_kms: '{key}'",
                       "key group": f"key_groups:\n      - gcp_kms: [{{resource_id: '{key}'}}]",
                       "two groups": f"shamir_threshold: 2\n    key_groups:\n      - gcp_kms: [{{resource_id: '{key}'}}]\n"
                                     f"      - gcp_kms: [{{resource_id: '{other}'}}]"}.items():
        config.write_text(f"creation_rules:\n  - {rule}\n")
        for version, sops in bench.sops.items():
            for sealer, opener in ((bench.binary, sops), (sops, bench.binary)):
                made = bench.run(sealer, ["--config", str(config), "encrypt", "plain.yaml"])
                got = bench.open(opener, made.out)
                bench.check(f"by .sops.yaml, with sops {version}", name, got.code == 0 and got.out == PLAIN,
                            made.reason() + got.reason(), "sops")


def same_requests(bench):
    """What leafseal asks is what sops asks, and the checksums that sops does not send."""
    seen, key = {}, bench.drongo.key
    for program in (bench.binary, *bench.sops.values()):
        del bench.gate.seen[:]
        made = bench.seal(program, ["--gcp-kms", key])
        bench.open(program, made.out)
        seen[program] = bench.gate.seen[:]
    ours = seen.pop(bench.binary)
    for program, theirs in seen.items():
        for mine, its, field in zip(ours, theirs, ("plaintext", "ciphertext")):
            bench.check("requests", f"path of {field}", mine["path"] == its["path"].split("?")[0], f"{mine['path']} {its['path']}")
            for name in ("authorization", "x-goog-request-params"):
                bench.check("requests", f"{name} of {field}", mine["headers"].get(name) == its["headers"].get(name),
                            f"{mine['headers']} {its['headers']}")
            sent = set(mine["body"]) - {field + "Crc32c"}
            bench.check("requests", f"members of {field}", sent | {"name"} == set(its["body"]) | {"name"}, f"{mine} {its}")
    bench.check("requests", "one each", len(ours) == 2, str(ours))


def changed_recipients(bench):
    """A key is added to a file and taken out again; a new data key is wrapped for both; 200 files share one key."""
    path, key = bench.folder / "changed.yaml", bench.drongo.key
    path.write_bytes(bench.seal(bench.binary, ["--age", bench.recipient]).out)
    with_age = bench.env(SOPS_AGE_KEY_FILE=str(bench.identity))
    done = run(bench.binary, ["rotate", "-i", "--add-gcp-kms", key, path.name], bench.folder, with_age)
    bench.check("rotate", "--add-gcp-kms", done.code == 0 and key.encode() in path.read_bytes(), done.reason())
    for version, program in {"leafseal": bench.binary, **bench.sops}.items():
        got = bench.open(program, path.read_bytes())
        bench.check("rotate", f"{version} opens it by the added key", got.out == PLAIN, got.reason())
    done = run(bench.binary, ["rotate", "-i", path.name], bench.folder, bench.env())
    bench.check("rotate", "with the KMS key alone", done.code == 0, done.reason())
    done = run(bench.binary, ["rotate", "-i", "--rm-gcp-kms", key, path.name], bench.folder, with_age)
    bench.check("rotate", "--rm-gcp-kms", done.code == 0 and b"gcp_kms" not in path.read_bytes(), done.reason())
    many_files(bench)


def many_files(bench):
    folder = bench.folder / "many"
    folder.mkdir()
    sealed_text = bench.seal(bench.binary, ["--gcp-kms", bench.drongo.key]).out
    names = [f"{number:03}.yaml" for number in range(200)]
    for name in names:
        (folder / name).write_bytes(sealed_text)
    (folder / ".sops.yaml").write_text(f"creation_rules:\n  - gcp_kms: {bench.drongo.key}\n    age: {bench.recipient}\n")
    env = bench.env(token=None, GOOGLE_CREDENTIALS=json.dumps(bench.account))
    bench.fake.log(clear=True)
    del bench.gate.seen[:]
    done = run(bench.binary, ["updatekeys", "-y", *names], folder, env)
    changed = sum(bench.recipient.encode() in (folder / name).read_bytes() for name in names)
    bench.check("updatekeys", "each of 200 files has the new recipient", done.code == 0 and changed == 200, done.reason())
    opened = sum(request["path"].endswith(":decrypt") for request in bench.gate.seen)
    bench.check("updatekeys", "one request for one wrapped key", opened == 1, f"{opened} requests")
    logins = len(bench.fake.log())
    bench.check("updatekeys", "one login", logins == 1, f"{logins} logins", "fake")
    got = bench.open(bench.binary, (folder / names[-1]).read_bytes(), bench.env(SOPS_AGE_KEY_FILE=str(bench.identity)))
    bench.check("updatekeys", "the last file opens", got.out == PLAIN, got.reason())


def changed(field, value):
    def instead(status, text):
        answer = json.loads(text)
        answer[field] = value(answer.get(field, ""))
        return status, json.dumps(answer)
    return instead


def damaged(text):
    return base64.b64encode(bytes([base64.b64decode(text)[0] ^ 1]) + base64.b64decode(text)[1:]).decode()


def checksums(bench):
    key = bench.drongo.key
    sealed_text = bench.seal(bench.binary, ["--gcp-kms", key]).out
    for name, field, how, opening in (("plaintext", "plaintext", damaged, True), ("its sum", "plaintextCrc32c", lambda _: "7", True),
                                      ("ciphertext", "ciphertext", damaged, False), ("its sum", "ciphertextCrc32c", lambda _: "7", False),
                                      ("verified", "verifiedPlaintextCrc32c", lambda _: False, False)):
        bench.gate.instead = changed(field, how)
        got = bench.open(bench.binary, sealed_text) if opening else bench.seal(bench.binary, ["--gcp-kms", key])
        said = b"the answer was damaged on its way" in re.sub(rb"\s+", b" ", re.sub(rb"\n *(- )?\|", b" ", got.err))
        bench.check("checksums", f"{name} when {'opening' if opening else 'sealing'}", got.code != 0 and got.out == b"" and said, got.reason())
    bench.gate.instead = None


def failures(bench, server):
    """Each: what is changed in the file, what the environment changes, what must be said."""
    fake, bad = bench.fake, server.url()
    at = lambda path: {"SOPS_GCP_KMS_ENDPOINT": f"{bad}/{path}"}
    token = lambda uri, **more: {"GOOGLE_OAUTH_ACCESS_TOKEN": None,
                                 "GOOGLE_CREDENTIALS": json.dumps({**bench.account, "token_uri": uri, **more})}
    rows = [
        ("absent key", ("cryptoKeys/one", "cryptoKeys/nobody"), {}, r"googleapi: Error 404: .*hint: look at the name"),
        ("absent ring", ("keyRings/ring", "keyRings/nowhere"), {}, r"googleapi: Error 404: .*hint: look at the name"),
        ("another key", ("cryptoKeys/one", "cryptoKeys/two"), {}, r"googleapi: Error 400: .*hint: the data key was wrapped by another"),
        ("no resource", (RING, "projects/p"), {}, r"cannot create GCP KMS service: no valid resource ID found in"),
        ("no credentials", None, {"GOOGLE_OAUTH_ACCESS_TOKEN": None}, r"could not find default credentials: .*hint: log in"),
        ("unknown account", None, token(fake.http + "/oauth/token", client_email="other@x"), r'auth: "invalid_grant" .*hint: look at'),
        ("token endpoint: nobody", None, token("http://127.0.0.1:9/t"), r"no answer from http://127\.0\.0\.1:9"),
        ("token endpoint: 500", None, token(f"{bad}/failing/500/99"), r"auth: cannot fetch token: 500"),
        ("token endpoint: a page", None, token(f"{bad}/html"), r"auth: server response missing access_token"),
        ("token endpoint: redirect", None, token(f"{bad}/redirect/307"), r"redirect to http://elsewhere\.example:1, which is not"),
        ("metadata: another cloud", None, {"GOOGLE_OAUTH_ACCESS_TOKEN": None, "GCE_METADATA_HOST": bench.drongo.address.split("//")[1]},
         r"is no metadata server of Google's"),
        ("nobody listens", None, {"SOPS_GCP_KMS_ENDPOINT": "http://127.0.0.1:9"}, r"no answer from http://127\.0\.0\.1:9"),
        ("always 500", None, at("failing/500/99"), r"googleapi: .*500"),
        ("half an answer", None, at("partial"), r"closed in the middle of the answer"),
        ("no HTTP", None, at("garbage"), r"the answer is not HTTP"),
        ("a page of a hotel", None, at("html"), r"the answer has no plaintext"),
        ("10 MB", None, at("big"), r"larger than 1 MiB"),
        ("redirect", None, at("redirect/307"), r"redirect to http://elsewhere\.example:1, which is not followed"),
        ("another cloud's credentials", None, {**token(fake.http + "/oauth/token", universe_domain="cloud.test"),
                                               "SOPS_GCP_KMS_ENDPOINT": None}, r"does not match the universe domain"),
    ]
    made = bench.seal(bench.binary, ["--gcp-kms", bench.drongo.key, "--age", bench.recipient]).out.decode()
    for name, change, variables, wanted in rows:
        failure(bench, name, made.replace(*change) if change else made, variables, wanted)
    bench.gate.instead = lambda status, text: (403, json.dumps({"error": {"code": 403, "message": "Permission denied on one"}}))
    failure(bench, "denied", made, {}, r"googleapi: Error 403: Permission denied on one .*hint: these credentials may not")
    bench.gate.instead = lambda status, text: (401, json.dumps({"error": {"code": 401, "message": "token expired"}}))
    failure(bench, "expired token", made, {}, r"googleapi: Error 401: token expired .*hint: get a new token")
    bench.gate.instead = None
    slow(bench, bad)


def failure(bench, name, text, variables, wanted):
    order = ["--decryption-order", "gcp_kms,age"]
    got = bench.open(bench.binary, text.encode(), bench.env(**variables), order)
    said = re.sub(r"\s+", " ", re.sub(r"\n *(- )?\|", " ", got.err.decode()))
    bench.check("a failure is said", name, got.code == 128 and bool(re.search(wanted, said)) and got.out == b"", said)
    bench.check("L3: no secret in messages", name, "canary" not in said and "PRIVATE KEY" not in said, said)
    got = bench.open(bench.binary, text.encode(), bench.env(SOPS_AGE_KEY_FILE=str(bench.identity), **variables), order)
    bench.check("the other recipient opens", name, got.code == 0 and got.out == PLAIN, got.reason())


def slow(bench, bad):
    key = bench.drongo.key
    begin = time.monotonic()
    got = bench.seal(bench.binary, ["--gcp-kms", key], bench.env(SOPS_GCP_KMS_ENDPOINT=f"{bad}/silent"))
    took = time.monotonic() - begin
    bench.check("N4: a silent server", "within 35 s", got.code == 1 and b"no answer in time" in got.err and took < 35,
                f"{took:.0f} s, {got.reason()}")
    got = bench.seal(bench.binary, ["--gcp-kms", key], bench.env(SOPS_GCP_KMS_ENDPOINT=f"{bad}/failing/503/1"))
    bench.check("N4: 503 and then an answer", "asked again", b"the answer has no ciphertext" in got.err, got.reason())
    begin = time.monotonic()
    with bench.fake.mode("silent", at="computeMetadata"):
        got = bench.seal(bench.binary, ["--gcp-kms", key], bench.env(token=None, GCE_METADATA_HOST=bench.fake.http.split("//")[1]))
    took = time.monotonic() - begin
    bench.check("N7: a silent metadata server", "within 5 s", got.code == 1 and took < 5, f"{took:.1f} s, {got.reason()}", "fake")
    bench.fake.log(clear=True)
    bench.seal(bench.binary, ["--gcp-kms", key], bench.env(GCE_METADATA_HOST=bench.fake.http.split("//")[1]))
    bench.check("N7: metadata", "is not asked where a token is at hand", bench.fake.log() == [], str(bench.fake.log()), "fake")
    foreign = bench.env(GOOGLE_OAUTH_ACCESS_TOKEN="token-canary", SOPS_GCP_KMS_ENDPOINT=None, **bench.fake.env())
    bench.fake.log(clear=True)
    bench.seal(bench.binary, ["--gcp-kms", key], foreign)
    hosts = {request["host"].removesuffix(":443") for request in bench.fake.log()}
    bench.check("N3: without variables", "Google's host is asked", hosts == {"cloudkms.googleapis.com"}, str(hosts), "fake")


def main():
    binary, source_dir = sys.argv[1:3]
    with gcp_bench.bench(binary, source_dir) as bench:
        exchange(bench)
        same_requests(bench)
        changed_recipients(bench)
        checksums(bench)
        with LoopbackServer(source_dir, bench.folder) as server:
            failures(bench, server)
    bench.checks.finish()


if __name__ == "__main__":
    main()
