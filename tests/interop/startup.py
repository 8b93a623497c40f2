#!/usr/bin/env python3
"""N6: an everyday run does nothing that it need not: opening a file through an age key makes no socket, starts no program,
opens no network or PGP library, and takes little memory. Also when every
service could open the file too.

usage: startup.py BINARY SOURCE_DIR MEASURE
"""
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from checks import Checks, absent_peer
from programs import base_environment, new_age_key, run

# A recipient of each service, none of which opens anything: nobody listens there.
SERVICE_ENTRIES = """    kms:
        - arn: arn:aws:kms:eu-west-1:123456789012:key/k
          aws_profile: ""
          created_at: "2026-11-25T10:00:00Z"
          enc: bm9ib2R5
    gcp_kms:
        - created_at: "2026-11-25T10:00:00Z"
          enc: bm9ib2R5
          resource_id: projects/p/locations/l/keyRings/r/cryptoKeys/k
    hckms:
        - created_at: "2026-11-25T10:00:00Z"
          enc: bm9ib2R5
          key_id: tr-west-1:11111111-2222-3333-4444-555555555555
    azure_kv:
        - created_at: "2026-11-25T10:00:00Z"
          enc: bm9ib2R5
          name: k
          vault_url: https://v.vault.azure.net
          version: "1"
    hc_vault:
        - created_at: "2026-11-25T10:00:00Z"
          enc: vault:v1:bm9ib2R5
          engine_path: transit
          key_name: dev
          vault_address: http://127.0.0.1:9
"""
# What works without a network, beside the everyday commands below. Some start a program: the user's own.
OFFLINE = [["help"], ["help", "keys"], ["check", "all_services.yaml"], ["config", "lint"], ["config", "explain", "small.yaml"], ["config", "schema"],
           ["completion", "bash"], ["keygen", "-o", "new-key"], ["edit", "all_services.yaml"], ["exec-env", "all_services.yaml", "true"],
           ["exec-file", "all_services.yaml", "cat {}"], ["unset", "all_services.yaml", '["key_01"]'], ["rotate", "sealed.yaml"],
           ["updatekeys", "-y", "all_services.yaml"], ["groups", "add", "--file", "all_services.yaml", "--age", "RECIPIENT"],
           ["doctor", "all_services.yaml"], ["init"]]
MOST_MEMORY_MIB = 12
MOST_SHARED_OBJECTS = 12


def traced(binary, args, folder, env):
    log = folder / "trace"
    options = ["-f", "-qq", "-e", "trace=network,process,openat,open", "-o", str(log)]
    done = run("strace", [*options, binary, *args], folder, env)
    return done, log.read_text(errors="replace") if log.exists() else ""


def peak_memory(measure, binary, args, folder, env):
    """(exit code, MiB)"""
    done = run(measure, [str(folder / "cost"), binary, *args], folder, env)
    return done.code, int((folder / "cost").read_text().split()[1]) / 1024


def opened_files(trace):
    return re.findall(r"open(?:at)?\([^\"]*\"([^\"]+)\"[^=]*= \d", trace)


def check_offline(checks, binary, folder, env, recipient):
    for args in OFFLINE:
        done, trace = traced(binary, [recipient if word == "RECIPIENT" else word for word in args], folder, env)
        name = " ".join(args[:2])
        checks.add("N6: offline commands run", name, done.code == (200 if args[0] == "edit" else 0), done.reason())
        reached = re.findall(r"\bconnect\([^\n]*AF_INET[^\n]*|\bsocket\(AF_INET[^\n]*", trace)
        checks.add("N6: no socket of the network", name, not reached, str(reached[:2]))
        libraries = [path for path in opened_files(trace) if re.search(r"curl|libpq|nghttp", path)]
        checks.add("N6: no network library", name, not libraries, str(libraries))


def check_trace(checks, name, done, trace):
    checks.add("runs under strace", name, done.code == 0, done.reason())
    checks.add("no socket", name, not re.search(r"\bsocket(pair)?\(", trace), "makes a socket")
    started = re.findall(r"\bexecve\(\"([^\"]+)\"", trace)
    checks.add("starts no program", name, len(started) == 1, str(started))
    opened = opened_files(trace)
    services = [path for path in opened if re.search(r"curl|gpgme|assuan|libpq|nghttp", path)]
    checks.add("no network or PGP library", name, not services, str(services))
    libraries = {path for path in opened if re.search(r"\.so(\.|$)", path)}
    checks.add("shared objects opened", name, len(libraries) <= MOST_SHARED_OBJECTS, f"{len(libraries)}")


def main():
    binary, sanitized = os.path.abspath(sys.argv[1]), b"__asan_init" in Path(sys.argv[1]).read_bytes()
    if not shutil.which("strace"):
        absent_peer("strace")
    measure, checks = os.path.abspath(sys.argv[3]), Checks()
    with tempfile.TemporaryDirectory(prefix="lu") as name:
        folder = Path(name)
        env = base_environment(folder)
        identity, recipient = new_age_key(folder)
        env["SOPS_AGE_KEY_FILE"] = str(identity)
        (folder / "small.yaml").write_text("".join(f"key_{i:02}: value of this key, {i}\n" for i in range(32)))
        made = run(binary, ["encrypt", "--age", recipient, "small.yaml"], folder, env)
        (folder / "sealed.yaml").write_bytes(made.out)
        (folder / "all_services.yaml").write_text(made.out.decode().replace("sops:\n", "sops:\n" + SERVICE_ENTRIES))
        env["VAULT_ADDR"], env["VAULT_TOKEN"] = "http://127.0.0.1:9", "token"
        for args in (["decrypt", "sealed.yaml"], ["decrypt", "all_services.yaml"], ["decrypt", "--keyservice", "unix:///no/service", "sealed.yaml"],
                     ["encrypt", "--age", recipient, "small.yaml"], ["filestatus", "sealed.yaml"],
                     ["--version"], ["set", "sealed.yaml", '["key_00"]', '"other"']):
            if not sanitized:
                check_trace(checks, args[0], *traced(binary, args, folder, env))
            code, mib = peak_memory(measure, binary, args, folder, env)
            checks.add("exit code", args[0], code == 0, str(code))
            if not sanitized:
                checks.add("peak memory", args[0], mib <= MOST_MEMORY_MIB, f"{mib:.1f} MiB")
                print(f"{args[0]}: {mib:.1f} MiB")
        if not sanitized:
            (folder / ".sops.yaml").write_text(f"creation_rules:\n  - age: {recipient}\n")
            check_offline(checks, binary, folder, dict(env, EDITOR="true"), recipient)
    checks.finish()


if __name__ == "__main__":
    main()
