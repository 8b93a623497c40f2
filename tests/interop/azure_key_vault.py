#!/usr/bin/env python3
"""Azure Key Vault recipients against the FAKE of fake_services.py, which stands for Entra ID, the vaults and the metadata
services by their real names: leafseal seals and opens with credentials from every source that can run here; with --peer sops
opens what leafseal seals and the reverse. What goes wrong is said once, while another recipient of the file still opens it.

usage: azure_key_vault.py BINARY SOURCE_DIR [--peer]
"""
import hashlib
import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks, absent_peer
from fake_azure import APP_SERVICE_HEADER, CLIENT, FEDERATED, SECRET, TENANT, VERSION
from peers import FakeServices, Peers
from programs import base_environment, new_age_key, run, sops_peers

PLAIN = b"first: one\nsecond: 2\n"
VAULT = "https://my.vault.azure.net"
KEY, OTHER = f"{VAULT}/keys/sops/{VERSION}", f"{VAULT}/keys/other/{VERSION}"
NEWEST = f"{VAULT}/keys/sops"
OTHER_TENANT = "22222222-2222-3333-4444-555555555555"

# Stands for az, azd and pwsh, each of which prints a token of the user's login. It asks the fake for one.
TOOL = """#!{python}
import base64, json, sys, time, urllib.request
words = " ".join(sys.argv)
if "-EncodedCommand" in words:
    words += base64.b64decode(sys.argv[-1]).decode("utf-16-le")
assert "https://vault.azure.net" in words, words
ask = "{fake}/metadata/identity/oauth2/token?resource=https://vault.azure.net"
token = json.load(urllib.request.urlopen(urllib.request.Request(ask, headers={{"Metadata": "true", "X-Tool": sys.argv[0].rsplit("/")[-1]}})))["access_token"]
until = int(time.time()) + 3600
print(json.dumps({{"accessToken": token, "expires_on": until, "expiresOn": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(until))}}
                 if sys.argv[0].endswith("/az") else
                 {{"token": token, "expiresOn": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(until))}}
                 if sys.argv[0].endswith("/azd") else {{"Token": token, "ExpiresOn": until}}))
"""


class Bench:
    def __init__(self, binary, folder, fake, sops):
        self.binary, self.folder, self.fake, self.sops = os.path.abspath(binary), folder, fake, sops
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        (folder / "plain.yaml").write_bytes(PLAIN)
        self.make_certificates()
        (folder / "federated").write_text(FEDERATED)
        for name in ("az", "azd", "pwsh"):
            tool = folder / f"tools-{name}" / name
            tool.parent.mkdir()
            tool.write_text(TOOL.format(python=sys.executable, fake=fake.http))
            tool.chmod(0o755)

    def make_certificates(self):
        """A self-signed certificate that the fake's client may use, as PEM and in PKCS#12 of today and of old."""
        def openssl(*words):
            return subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True).stdout
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "own.key", "-out", "own.crt", "-subj", "/CN=own", "-days", "2")
        certificate = (self.folder / "own.crt").read_text()
        (self.folder / "own.pem").write_text((self.folder / "own.key").read_text() + certificate)
        for name, options in (("new.pfx", []), ("old.pfx", ["-legacy"])):
            openssl("pkcs12", "-export", *options, "-inkey", "own.key", "-in", "own.crt", "-out", name, "-passout", "pass:pass-canary")
        der = openssl("x509", "-in", "own.crt", "-outform", "DER")
        self.fake.trust(f"azure {hashlib.sha256(der).hexdigest()}", certificate)

    def env(self, **variables):
        env = dict(base_environment(self.folder), **self.fake.env(), AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=CLIENT,
                   AZURE_CLIENT_SECRET=SECRET, AZURE_TOKEN_CREDENTIALS="prod")
        env.update(variables)
        return {name: value for name, value in env.items() if value is not None}

    def seal(self, program, recipients, env=None):
        return run(program, ["encrypt", *recipients, "plain.yaml"], self.folder, env or self.env())

    def open(self, program, sealed_text, env=None, options=()):
        (self.folder / "sealed.yaml").write_bytes(sealed_text)
        return run(program, ["decrypt", *options, "sealed.yaml"], self.folder, env or self.env())

    def check(self, group, name, good, why="", peer="fake"):
        self.checks.peer(peer)
        return self.checks.add(group, name, good, why)

    def pairs(self, versions=None):
        """Who seals, who opens, what that proves."""
        yield self.binary, self.binary, "leafseal seals and opens"
        for version, sops in self.sops.items():
            if versions is None or version.startswith(versions):
                yield self.binary, sops, f"sops {version} opens leafseal's"
                yield sops, self.binary, f"leafseal opens sops {version}'s"

    def both_ways(self, name, recipients, env=None, versions=None):
        for sealer, opener, title in self.pairs(versions):
            made = self.seal(sealer, recipients, env)
            if self.check("seals", name, made.code == 0, made.reason()):
                got = self.open(opener, made.out, env)
                self.check(title, name, got.code == 0 and got.out == PLAIN, got.reason(), "fake" if opener == sealer else "sops")


def exchange(bench):
    bench.both_ways("key", ["--azure-kv", KEY])
    bench.both_ways("newest version", ["--azure-kv", NEWEST])
    bench.both_ways("newest version, slash", ["--azure-kv", NEWEST + "/"])
    bench.both_ways("two keys", ["--azure-kv", f"{KEY},{OTHER}"])
    bench.both_ways("age beside it", ["--azure-kv", KEY, "--age", bench.recipient])
    bench.both_ways("SOPS_AZURE_KEYVAULT_URLS", [], bench.env(SOPS_AZURE_KEYVAULT_URLS=KEY))
    made = bench.seal(bench.binary, ["--azure-kv", NEWEST])
    bench.check("seals", "stores the version", f"version: {VERSION}".encode() in made.out, made.reason())
    config = bench.folder / "rules.yaml"
    for name, rule in {"plain field": f"azure_keyvault: '{KEY}'", "plain field, newest version": f"azure_keyvault: '{NEWEST}'",
                       "key group": f"key_groups:\n      - azure_keyvault: [{{vaultUrl: '{VAULT}', key: sops, version: {VERSION}}}]",
                       "key group, newest version": f"key_groups:\n      - azure_keyvault: [{{vaultUrl: '{VAULT}', key: sops, version: ''}}]",
                       "two groups": f"shamir_threshold: 2\n    key_groups:\n      - azure_keyvault: [{{vaultUrl: '{VAULT}', key: sops, "
                                     f"version: {VERSION}}}]\n      - azure_keyvault: [{{vaultUrl: '{VAULT}', key: other, version: ''}}]"
                       }.items():
        config.write_text(f"creation_rules:\n  - {rule}\n")
        for sealer, opener, title in bench.pairs():
            made = run(sealer, ["--config", str(config), "encrypt", "plain.yaml"], bench.folder, bench.env())
            got = bench.open(opener, made.out)
            bench.check(title + ", by .sops.yaml", name, got.code == 0 and got.out == PLAIN, made.reason() + got.reason())


def changed_recipients(bench):
    """A key is added to a file and taken out again, named with its version and without."""
    path = bench.folder / "changed.yaml"
    with_age = bench.env(SOPS_AGE_KEY_FILE=str(bench.identity))
    for named in (KEY, NEWEST):
        path.write_bytes(bench.seal(bench.binary, ["--age", bench.recipient]).out)
        done = run(bench.binary, ["rotate", "-i", "--add-azure-kv", named, path.name], bench.folder, with_age)
        bench.check("rotate", f"--add-azure-kv {named}", done.code == 0 and VERSION.encode() in path.read_bytes(), done.reason())
        for version, program in {"leafseal": bench.binary, **bench.sops}.items():
            got = bench.open(program, path.read_bytes())
            bench.check("rotate", f"{version} opens it by the added key", got.out == PLAIN, got.reason())
        done = run(bench.binary, ["rotate", "-i", "--rm-azure-kv", named, path.name], bench.folder, with_age)
        bench.check("rotate", f"--rm-azure-kv {named}", done.code == 0 and b"azure" not in path.read_bytes(), done.reason())
    done = run(bench.binary, ["groups", "add", "--in-place", "--file", path.name, "--azure-kv", NEWEST], bench.folder, with_age)
    bench.check("groups add", "newest version", done.code == 0 and VERSION.encode() in path.read_bytes(), done.reason())


def many_files(bench):
    """Forty files that share a key: one login, one question for its version, one unwrap."""
    folder = bench.folder / "many"
    folder.mkdir()
    sealed_text = bench.seal(bench.binary, ["--azure-kv", KEY]).out
    names = [f"{number:03}.yaml" for number in range(40)]
    for name in names:
        (folder / name).write_bytes(sealed_text)
    (folder / ".sops.yaml").write_text(f"creation_rules:\n  - azure_keyvault: {NEWEST}\n    age: {bench.recipient}\n")
    bench.fake.log(clear=True)
    done = run(bench.binary, ["updatekeys", "-y", *names], folder, bench.env())
    changed = sum(bench.recipient.encode() in (folder / name).read_bytes() for name in names)
    bench.check("updatekeys", "each file has the new recipient", done.code == 0 and changed == 40, f"{changed}, {done.reason()}")
    seen = bench.fake.log(clear=True)
    for what, part, most in (("login", "/oauth2/", 1), ("version", "/keys/sops/", 2), ("unwrap", "/decrypt", 1)):
        # the version's path is a part of nothing else: once without a token, once with it
        asked = [entry for entry in seen if (entry["path"].endswith(part) if what != "login" else part in entry["path"])]
        bench.check("updatekeys", f"one {what}", 1 <= len(asked) <= most, str([entry["path"] for entry in asked]))
    done = run(bench.binary, ["updatekeys", "-y", *names], folder, bench.env())
    bench.check("updatekeys", "up to date", done.code == 0 and b"40 already up to date" in done.err, done.reason())


NOTHING = {"AZURE_TENANT_ID": None, "AZURE_CLIENT_ID": None, "AZURE_CLIENT_SECRET": None}


def sources(bench):
    """Each source of tokens alone. None of the others is there."""
    path = {name: f"{bench.folder}/tools-{name}:{os.environ['PATH']}" for name in ("az", "azd", "pwsh")}
    own = {"AZURE_CLIENT_SECRET": None}
    federated = {**own, "AZURE_FEDERATED_TOKEN_FILE": str(bench.folder / "federated")}
    pfx = {**own, "AZURE_CLIENT_CERTIFICATE_PASSWORD": "pass-canary"}
    rows = [
        ("client secret", {}, None),
        ("certificate, PEM", {**own, "AZURE_CLIENT_CERTIFICATE_PATH": str(bench.folder / "own.pem")}, None),
        ("certificate with its chain", {**own, "AZURE_CLIENT_CERTIFICATE_PATH": str(bench.folder / "own.pem"),
                                        "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": "true"}, None),
        ("certificate, PKCS#12 of old", {**pfx, "AZURE_CLIENT_CERTIFICATE_PATH": str(bench.folder / "old.pfx")}, None),
        ("certificate, PKCS#12 of today", {**pfx, "AZURE_CLIENT_CERTIFICATE_PATH": str(bench.folder / "new.pfx")}, "none"),
        ("workload identity", federated, None),
        ("App Service", {**NOTHING, "IDENTITY_ENDPOINT": bench.fake.http + "/msi/token", "IDENTITY_HEADER": APP_SERVICE_HEADER}, None),
        ("az", {**NOTHING, "PATH": path["az"], "AZURE_TOKEN_CREDENTIALS": "dev"}, None),
        ("azd", {**NOTHING, "PATH": path["azd"], "AZURE_TOKEN_CREDENTIALS": "dev"}, None),
        ("pwsh", {**NOTHING, "PATH": path["pwsh"], "AZURE_TOKEN_CREDENTIALS": "dev"}, "3.13"),
    ]
    for name, variables, versions in rows:
        bench.both_ways(name, ["--azure-kv", KEY], bench.env(**variables), versions)


def key_service(bench):
    """The vault is asked by a key service, of leafseal or of sops, that has the application's secret; its clients have not.
    Only the version of a key that is named without one is asked for by the client, and then it needs the secret too."""
    without = bench.env(AZURE_CLIENT_SECRET=None)
    for server_name, server in {"leafseal": bench.binary, **bench.sops}.items():
        place = bench.folder / f"service-{server_name}"
        place.mkdir(mode=0o700)
        socket = place / "s"
        serving = subprocess.Popen([server, "keyservice", "--network", "unix", "--address", str(socket)], env=bench.env(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 30
            while not socket.exists() and time.monotonic() < end:
                time.sleep(0.1)
            remote = ["--enable-local-keyservice=false", "--keyservice", f"unix://{socket}"]
            for client_name, client in {"leafseal": bench.binary, **bench.sops}.items():
                for key, env in ((KEY, without), (NEWEST, bench.env())):
                    made = run(client, ["encrypt", *remote, "--azure-kv", key, "plain.yaml"], bench.folder, env)
                    got = bench.open(client, made.out, without, remote)
                    bench.check(f"key service of {server_name}", f"{client_name} for {key}", got.out == PLAIN and
                                f"version: {VERSION}".encode() in made.out, made.reason() + got.reason(), "sops")
        finally:
            serving.terminate()
            serving.wait()


def used(log):
    """The source of the tokens that were asked for, as the fake saw it."""
    for entry in log:
        form = entry["body"]
        if "client_secret=" in form:
            yield "secret"
        elif "client_assertion=" in form:
            yield "workload" if FEDERATED in form else "certificate"
        elif entry["path"] == "/msi/token":
            yield "App Service"
        elif "x-tool" in entry["headers"]:
            yield entry["headers"]["x-tool"]


def precedence(bench):
    """Every pair of sources: leafseal and sops use the same one of the two."""
    folder = bench.folder
    application = {"AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": CLIENT}
    variables = {"secret": {**application, "AZURE_CLIENT_SECRET": SECRET},
                 "certificate": {**application, "AZURE_CLIENT_CERTIFICATE_PATH": str(folder / "own.pem")},
                 "workload": {**application, "AZURE_FEDERATED_TOKEN_FILE": str(folder / "federated")},
                 "App Service": {"IDENTITY_ENDPOINT": bench.fake.http + "/msi/token", "IDENTITY_HEADER": APP_SERVICE_HEADER},
                 "az": {}, "azd": {}, "pwsh": {}}
    pairs = list(itertools.combinations_with_replacement(variables, 2))
    for version, sops in bench.sops.items():
        for pair in pairs:
            if "pwsh" in pair and not version.startswith("3.13"):
                continue  # not in the chain of older ones
            path = ":".join(f"{folder}/tools-{name}" for name in pair if not variables[name])
            part = None if variables[pair[0]] else "dev"  # whatever this machine's own metadata service says
            env = bench.env(**{**NOTHING, "AZURE_TOKEN_CREDENTIALS": part, "PATH": f"{path}:/usr/bin:/bin",
                               **variables[pair[0]], **variables[pair[1]]})
            seen = []
            for program in (bench.binary, sops):
                bench.fake.log(clear=True)
                bench.seal(program, ["--azure-kv", KEY], env)
                seen.append(sorted(set(used(bench.fake.log(clear=True)))))
            bench.check(f"precedence as in sops {version}", " and ".join(pair), seen[0] == seen[1] == [pair[0]], str(seen), "sops")


def safety(bench):
    bench.fake.log(clear=True)
    bench.open(bench.binary, bench.seal(bench.binary, ["--azure-kv", KEY]).out)
    seen = bench.fake.log(clear=True)
    unsigned = [entry for entry in seen if "/keys/" in entry["path"] and not entry["authorization"]]
    bench.check("N2: without a token", "no body goes out", len(unsigned) == 2 and not any(entry["body"] for entry in unsigned), str(unsigned))
    with bench.fake.mode("status", at="vault", status=401,
                         challenge=f'Bearer authorization="https://login.microsoftonline.com/{OTHER_TENANT}", resource="https://vault.azure.net"'):
        bench.seal(bench.binary, ["--azure-kv", KEY])
    logins = {entry["path"].split("/")[1] for entry in bench.fake.log(clear=True) if "/oauth2/" in entry["path"]}
    bench.check("N2: the tenant", "is the environment's, not the challenge's", logins == {TENANT}, str(logins))
    with bench.fake.mode("status", at="vault", status=401,
                         challenge=f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", resource="https://graph.microsoft.com"'):
        got = bench.seal(bench.binary, ["--azure-kv", KEY])
    bench.check("N2: a challenge for another domain", "is refused", got.code == 1 and b"doesn't match the requested domain" in got.err,
                got.reason())
    bench.check("N2: a challenge for another domain", "asks for no token",
                not any("/oauth2/" in entry["path"] for entry in bench.fake.log(clear=True)), "a token was asked for")
    got = bench.seal(bench.binary, ["--azure-kv", "https://my.vault.azure.net.evil.example/keys/k/1"])
    bench.check("N2: a foreign host", "is refused", got.code == 1 and b"is no host of Azure Key Vault" in got.err, got.reason())
    bench.check("N2: a foreign host", "is not asked", bench.fake.log(clear=True) == [], "it was")


def failures(bench):
    """Each: what is changed in the file, what the environment changes, how the fake misbehaves, what must be said."""
    tools = {"PATH": "/usr/bin:/bin", "AZURE_CLIENT_SECRET": ""}
    rows = [
        ("wrong tenant", None, {"AZURE_TENANT_ID": OTHER_TENANT}, None, r"AADSTS90002: .*hint: look at AZURE_TENANT_ID"),
        ("wrong client", None, {"AZURE_CLIENT_ID": "nobody"}, None, r"AADSTS700016: .*hint: look at AZURE_CLIENT_ID"),
        ("wrong secret", None, {"AZURE_CLIENT_SECRET": "wrong-canary"}, None, r"AADSTS7000215: .*hint: look at AZURE_CLIENT_SECRET"),
        ("authority without TLS", None, {"AZURE_AUTHORITY_HOST": "http://login.example"}, None, r"authority host without https"),
        ("denied", ("name: sops", "name: denied"), {}, None, r"RESPONSE 403, ERROR CODE: Forbidden: .*hint: this identity"),
        ("absent key", ("name: sops", "name: absent"), {}, None, r"RESPONSE 404, ERROR CODE: KeyNotFound: .*hint: look at the name"),
        ("another key", ("name: sops", "name: other"), {}, None, r"RESPONSE 400, ERROR CODE: BadParameter: .*hint: the data key was wrapped"),
        ("another version", (VERSION, "1" * 32), {}, None, r"RESPONSE 400, ERROR CODE: BadParameter: "),
        ("another vault", ("https://my", "https://your"), {}, None, r"RESPONSE 400, ERROR CODE: BadParameter: "),
        ("a host that is no vault", ("my.vault.azure.net", "my.vault.azure.net.evil.example"), {}, None, r"is no host of Azure Key Vault"),
        ("a vault without TLS", ("https://my", "http://my"), {}, None, r"no address of an Azure Key Vault"),
        ("a path for a key", ("name: sops", "name: ../../secrets/x"), {}, None, r"no key of an Azure Key Vault"),
        ("no credentials", None, {**tools, "AZURE_TOKEN_CREDENTIALS": "dev"}, None,
         r"AzureCLICredential: executable not found on path; AzureDeveloperCLICredential: .*hint: log in with"),
        ("unknown source", None, {"AZURE_TOKEN_CREDENTIALS": "mine"}, None, r'invalid AZURE_TOKEN_CREDENTIALS value "mine"'),
        ("tokens that have expired", None, {}, {"do": "expired"}, r"RESPONSE 401, ERROR CODE: Unauthorized: .*hint: the vault does not take"),
        ("always 500", None, {}, {"do": "status", "at": "/keys/"}, r"RESPONSE 500, ERROR CODE: Busy"),
        ("always 429", None, {}, {"do": "status", "at": "/keys/", "status": 429}, r"RESPONSE 429, ERROR CODE: Busy"),
        ("login is down", None, {}, {"do": "status", "at": "login", "status": 503}, r"EnvironmentCredential authentication failed: .*RESPONSE 503"),
        ("half an answer", None, {}, {"do": "partial", "at": "/keys/"}, r"closed in the middle of the answer"),
        ("half a login", None, {}, {"do": "partial", "at": "login"}, r"EnvironmentCredential: .*closed in the middle of the answer"),
        ("no HTTP", None, {}, {"do": "garbage", "at": "/keys/"}, r"the answer is not HTTP"),
        ("a page of a hotel", None, {}, {"do": "html", "at": "/keys/"}, r"the vault asks for no token"),
        ("a page for a token", None, {}, {"do": "html", "at": "login"}, r"authentication failed: .*Sign in to the network"),
        ("10 MB", None, {}, {"do": "big", "at": "/keys/"}, r"larger than 1 MiB"),
        ("redirect", None, {}, {"do": "redirect", "at": "/keys/"}, r"redirect to https://elsewhere\.example, which is not followed"),
        ("redirected login", None, {}, {"do": "redirect", "at": "login"}, r"redirect to https://elsewhere\.example, which is not followed"),
        ("wrong certificate", None, {}, {"do": "wrong_certificate", "at": "vault"}, r"no answer from https://my\.vault\.azure\.net"),
        ("login with a wrong certificate", None, {}, {"do": "wrong_certificate", "at": "login"}, r"no answer from https://login\."),
        ("unknown authority", None, {"SSL_CERT_FILE": None}, None, r"certificate"),
        ("proxy is down", None, {"HTTPS_PROXY": "http://127.0.0.1:9"}, None, r"no answer from https://my\.vault\.azure\.net"),
    ]
    made = bench.seal(bench.binary, ["--azure-kv", KEY, "--age", bench.recipient]).out.decode()
    for name, change, variables, mode, wanted in rows:
        text = made.replace(*change) if change else made
        order = ["--decryption-order", "azure_kv,age"]
        if mode:
            bench.fake.ask("mode", **mode)
        got = bench.open(bench.binary, text.encode(), bench.env(**variables), order)
        said = re.sub(r"\s+", " ", re.sub(r"\n *(- )?\|", " ", got.err.decode()))  # the report breaks its lines
        bench.check("a failure is said", name, got.code == 128 and bool(re.search(wanted, said)) and got.out == b"", said)
        bench.check("L3: no secret in messages", name, "canary" not in said and said.count("leafseal: error:") <= 1, said)
        got = bench.open(bench.binary, text.encode(), bench.env(SOPS_AGE_KEY_FILE=str(bench.identity), **variables), order)
        bench.check("the other recipient opens", name, got.code == 0 and got.out == PLAIN, got.reason())
        bench.fake.ask("mode", do="well")


def recoveries(bench):
    """What a second try mends."""
    sealed_text = bench.seal(bench.binary, ["--azure-kv", KEY]).out
    for name, mode in (("503 and then an answer", {"do": "status", "status": 503, "times": 2, "at": "/keys/"}),
                       ("429 with Retry-After", {"do": "status", "status": 429, "times": 1, "retry_after": 1, "at": "/keys/"}),
                       ("login answers 500 once", {"do": "status", "times": 1, "at": "login"}),
                       ("a token that has expired is replaced", {"do": "expired", "times": 1})):
        bench.fake.log(clear=True)
        with bench.fake.mode(**mode):
            got = bench.open(bench.binary, sealed_text)
        bench.check("N4: asked again", name, got.out == PLAIN, got.reason())
    logins = sum("/oauth2/" in entry["path"] for entry in bench.fake.log(clear=True))
    bench.check("N4: asked again", "a refused token costs one login more", logins == 2, f"{logins} logins")


def silence(bench):
    for name, place in (("vault", "/keys/"), ("login", "login")):
        sealed_text = bench.seal(bench.binary, ["--azure-kv", KEY]).out
        with bench.fake.mode("silent", at=place):
            begin = time.monotonic()
            got = bench.open(bench.binary, sealed_text)
            took = time.monotonic() - begin
        bench.check("N4: a silent server", f"{name}, within 35 s", got.code == 128 and b"no answer in time" in got.err and took < 35,
                    f"{took:.0f} s, {got.reason()}")


def main():
    binary, source_dir = sys.argv[1:3]
    sops = {}
    if "--peer" in sys.argv:
        sops = sops_peers(source_dir)
        if not sops:
            absent_peer("sops")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lk") as name:
        bench = Bench(binary, Path(name), FakeServices(peers), sops)
        exchange(bench)
        sources(bench)
        changed_recipients(bench)
        if sops:
            precedence(bench)
            key_service(bench)
            silence(bench)  # takes a minute
        else:  # what has nothing to do with sops
            many_files(bench)
            safety(bench)
            failures(bench)
            recoveries(bench)
    bench.checks.finish()


if __name__ == "__main__":
    main()
