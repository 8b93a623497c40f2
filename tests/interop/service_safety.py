#!/usr/bin/env python3
"""What holds for every key service, each with credentials that must not get about: redirects are not followed, plain http is
warned of and refused under strict, a region is checked before it becomes part of a host, a silent server ends in an error, and
no credential is in a message or in a program's arguments. The fake stands in for all of them, by their own names.

usage: service_safety.py BINARY SOURCE_DIR
"""
import concurrent.futures
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks, absent_peer
from counting_proxy import CountingProxy
from peers import FakeServices, Peers
from programs import base_environment, run

SERVICES = {
    "AWS": {"flag": "--kms", "key": "arn:aws:kms:us-east-1:123456789012:key/k", "host": "kms.us-east-1.amazonaws.com",
            "env": {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "aws-canary", "AWS_SESSION_TOKEN": "session-canary"},
            "address": ("AWS_ENDPOINT_URL_KMS", ""), "regions": "arn:aws:kms:{}:123456789012:key/k"},
    "Google": {"flag": "--gcp-kms", "key": "projects/p/locations/l/keyRings/r/cryptoKeys/k", "host": "cloudkms.googleapis.com",
               "env": {"GOOGLE_OAUTH_ACCESS_TOKEN": "google-canary"}, "address": ("SOPS_GCP_KMS_ENDPOINT", "")},
    "Huawei": {"flag": "--hckms", "key": "tr-west-1:uuid", "host": "kms.tr-west-1.myhuaweicloud.com",
               "env": {"HUAWEICLOUD_SDK_AK": "ak", "HUAWEICLOUD_SDK_SK": "huawei-canary", "HUAWEICLOUD_SDK_PROJECT_ID": "p",
                       "HUAWEICLOUD_SDK_SECURITY_TOKEN": "token-canary"},
               "address": ("HUAWEICLOUD_SDK_REGION_KMS_TR_WEST_1", ""), "regions": "{}:uuid"},
    "Azure": {"flag": "--azure-kv", "key": "https://v.vault.azure.net/keys/k/" + "0123456789abcdef" * 2, "host": "v.vault.azure.net",
              "env": {"AZURE_TENANT_ID": "11111111-2222-3333-4444-555555555555", "AZURE_CLIENT_ID": "c",
                      "AZURE_CLIENT_SECRET": "azure-canary"}},
    "Vault": {"flag": "--hc-vault-transit", "key": "https://localhost/v1/transit/keys/k", "host": "localhost",
              "env": {"VAULT_TOKEN": "vault-canary", "VAULT_ADDR": "https://localhost"}},
}
NO_REGIONS = ("evil.example/", "evil.example#", "x@evil.example", "us-east-1.evil.example", "US-EAST-1", "a" * 41, "..")


class Bench:
    def __init__(self, binary, folder, fake):
        self.binary, self.folder, self.fake, self.checks = os.path.abspath(binary), folder, fake, Checks()
        (folder / "plain.yaml").write_text("a: secret\n")

    def seal(self, name, key=None, timeout=120, **variables):
        service = SERVICES[name]
        # Loopback is never asked through a proxy, so Vault's name is led to the fake by Vault's own variable.
        env = {**base_environment(self.folder), **service["env"], **self.fake.env(), "VAULT_HTTP_PROXY": self.fake.http, **variables}
        return run("strace", ["-f", "-qq", "-s", "4096", "-e", "trace=execve", "-o", f"trace-{name}", self.binary, "encrypt",
                              service["flag"], key or service["key"], "plain.yaml"], self.folder, env, timeout=timeout)

    def check(self, group, name, good, why=""):
        self.checks.peer("fake")
        self.checks.add(group, name, good, why)

    def kept(self, name, got):
        """No credential got about."""
        said = got.err + got.out + (self.folder / f"trace-{name}").read_bytes()
        self.check("L3, F12: no credential in a message or an argument", name, b"-canary" not in said, got.reason())


def redirects(bench):
    elsewhere = CountingProxy(bench.fake.http)
    for name, service in SERVICES.items():
        with bench.fake.mode("redirect", at=service["host"] + "/", to=elsewhere.address + "/"):
            got = bench.seal(name)
        bench.check("N1, N4: a redirect is an error", name, got.code == 1 and b"which is not followed" in got.err, got.reason())
        bench.kept(name, got)
    bench.check("N1, N4: nobody came to where redirects point", "all", elsewhere.connections == 0, str(elsewhere.requests))


def plain_http(bench):
    for name, service in SERVICES.items():
        key, variables = None, {}
        if "address" in service:
            variables = {service["address"][0]: "http://service.invalid"}
        else:
            key = re.sub("https://[^/]+", "http://service.invalid", service["key"])
        bench.fake.log(clear=True)
        got = bench.seal(name, key, **variables)
        warned = got.err.count(b"http://service.invalid without TLS") == 1 if name != "Azure" else got.code == 1
        bench.check("N1-N3: plain http is named once", name, warned and got.out == b"", got.reason())
        got = bench.seal(name, key, LEAFSEAL_STRICT="1", **variables)
        refused = got.code == 10 and b"strict is on" in got.err if name != "Azure" else got.code == 1
        bench.check("N1-N3: strict refuses plain http", name, refused and got.out == b"", got.reason())
        bench.kept(name, got)


def regions(bench):
    for name, service in SERVICES.items():
        for region in NO_REGIONS if "regions" in service else ():
            bench.fake.log(clear=True)
            got = bench.seal(name, service["regions"].format(region))
            asked = bench.fake.log()
            bench.check("N3: no region, no request", f"{name}: {region}", got.code == 1 and not asked and b"region" in got.err,
                        f"{asked} {got.reason()}")


def silence(bench):
    """All at once: each has to give up by itself."""
    def timed(name):
        begin = time.monotonic()
        return name, bench.seal(name), time.monotonic() - begin

    with bench.fake.mode("silent"), concurrent.futures.ThreadPoolExecutor(len(SERVICES)) as pool:
        for name, got, took in pool.map(timed, SERVICES):
            bench.check("N4: a silent server is an error within 35 s", name, got.code == 1 and took < 35 and b"no answer in time" in got.err,
                        f"{took:.0f} s, {got.reason()}")
            bench.kept(name, got)


def main():
    binary, source_dir = sys.argv[1:3]
    if not shutil.which("strace"):
        absent_peer("strace")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="ls") as name:
        bench = Bench(binary, Path(name), FakeServices(peers))
        redirects(bench)
        plain_http(bench)
        regions(bench)
        silence(bench)
    bench.checks.finish()


if __name__ == "__main__":
    main()
