#!/usr/bin/env python3
"""The identity of a virtual machine of Azure's: leafseal, and the sops that are there, find the FAKE of fake_services.py where
the metadata service of such a machine is, in a network of their own.

usage: azure_machine.py BINARY SOURCE_DIR [--peer]
"""
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import machine_network
from azure_key_vault import KEY, PLAIN, Bench
from checks import absent_peer
from fake_azure import CLIENT
from peers import FakeServices, Peers
from programs import sops_peers


def main():
    binary, source_dir = sys.argv[1:3]
    if not machine_network.enter():
        absent_peer("unshare", "a network of one's own is not allowed here")
    sops = sops_peers(source_dir) if "--peer" in sys.argv else {}
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lm") as name:
        bench = Bench(binary, Path(name), FakeServices(peers), sops)
        machine_network.serve(urlsplit(bench.fake.http).port)
        nothing = {"AZURE_TENANT_ID": None, "AZURE_CLIENT_ID": None, "AZURE_CLIENT_SECRET": None, "AZURE_TOKEN_CREDENTIALS": None}
        for title, variables in (("the machine's identity", {}), ("one of its identities", {"AZURE_CLIENT_ID": CLIENT}),
                                 ("the only source", {"AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"})):
            bench.both_ways(title, ["--azure-kv", KEY], bench.env(**{**nothing, **variables}))
        bench.fake.log(clear=True)
        bench.seal(bench.binary, ["--azure-kv", KEY])
        asked = [entry for entry in bench.fake.log() if entry["path"].startswith("/metadata")]
        bench.check("N7: the metadata service", "is not asked where an application is named", asked == [], str(asked))
        only = bench.env(**{**nothing, "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"})
        with bench.fake.mode("status", at="/metadata", status=410, times=2):
            got = bench.open(bench.binary, bench.seal(bench.binary, ["--azure-kv", KEY]).out, only)
        bench.check("N4: a machine that starts", "its service is asked again", got.out == PLAIN, got.reason())
        got = bench.seal(bench.binary, ["--azure-kv", KEY], bench.env(**{**nothing, "AZURE_CLIENT_ID": "another"}))
        bench.check("a failure is said", "an identity that the machine has not",
                    got.code == 1 and b"the requested identity isn't assigned" in got.err, got.reason())
    bench.checks.finish()


if __name__ == "__main__":
    main()
