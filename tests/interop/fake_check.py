#!/usr/bin/env python3
"""The fake of the services answers and misbehaves as its head says: what is tested against it rests on that.

usage: fake_check.py BINARY SOURCE_DIR        the binary is not used
"""
import base64
import http.client
import json
import ssl
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import fake_aws
import fake_azure
import fake_google
import fake_huawei
from checks import Checks
from fake_encoding import base64url, from_base64url
from peers import FakeServices, Peers

VAULT, LOGIN = "my.vault.azure.net", "login.microsoftonline.com"
JSON = {"Content-Type": "application/json"}


class Client:
    """Requests by the proxy with TLS, or without a host directly."""

    def __init__(self, fake):
        self.address = urllib.parse.urlsplit(fake.http)
        self.context = ssl.create_default_context(cafile=fake.ca)

    def __call__(self, method, path, host=None, body=None, headers=None, timeout=5):
        if host:
            connection = http.client.HTTPSConnection(self.address.hostname, self.address.port, context=self.context, timeout=timeout)
            connection.set_tunnel(host, 443)
        else:
            connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, text, answer.headers
        except (OSError, http.client.HTTPException) as failure:
            return 0, type(failure).__name__.encode(), {}
        finally:
            connection.close()


def login(ask, host=LOGIN, tenant=fake_azure.TENANT, **changes):
    form = {"grant_type": "client_credentials", "client_id": fake_azure.CLIENT, "client_secret": fake_azure.SECRET,
            "scope": "https://vault.azure.net/.default", **changes}
    return ask("POST", f"/{tenant}/oauth2/v2.0/token", host, urllib.parse.urlencode(form))


def bearer(answer):
    return {"Authorization": "Bearer " + json.loads(answer[1])["access_token"]}


def azure(checks, ask, fake):
    status, text, headers = ask("POST", "/keys/k/v/encrypt?api-version=7.4", VAULT, b"{}", JSON)
    checks.add("azure", "challenge", status == 401 and 'resource="https://vault.azure.net"' in headers["WWW-Authenticate"], text)
    for name, changes, wanted in (("tenant", {"tenant": "22222222-2222-3333-4444-555555555555"}, b"AADSTS90002"),
                                  ("client", {"client_id": "x"}, b"AADSTS700016"), ("secret", {"client_secret": "x"}, b"AADSTS7000215"),
                                  ("scope", {"scope": "openid"}, b"AADSTS70011")):
        status, text, _ = login(ask, **changes)
        checks.add("azure", f"refuses the {name}", status >= 400 and wanted in text, text)
    allowed = {**bearer(login(ask)), **JSON}
    status, text, _ = ask("GET", "/keys/k/?api-version=7.4", VAULT, headers=allowed)
    version = json.loads(text)["key"]["kid"].rsplit("/")[-1]
    checks.add("azure", "version", status == 200 and len(version) == 32, text)

    def use(what, value, key="k", headers=allowed):
        body = json.dumps({"alg": "RSA-OAEP-256", "value": value})
        return ask("POST", f"/keys/{key}/{version}/{what}?api-version=7.4", VAULT, body, headers)
    wrapped = json.loads(use("encrypt", base64url(b"data key"))[1])["value"]
    opened = json.loads(use("decrypt", wrapped)[1])["value"]
    checks.add("azure", "encrypt, decrypt", from_base64url(opened) == b"data key" and from_base64url(wrapped) != b"data key", wrapped)
    changed = base64url(bytes([from_base64url(wrapped)[0] ^ 1]) + from_base64url(wrapped)[1:])
    for name, answer, wanted in (("another key", use("decrypt", wrapped, "other"), 400), ("a changed text", use("decrypt", changed), 400),
                                 ("absent", use("decrypt", wrapped, "absent"), 404), ("denied", use("decrypt", wrapped, "denied"), 403),
                                 ("an unknown token", use("decrypt", wrapped, headers={"Authorization": "Bearer x"}), 401)):
        checks.add("azure", f"refuses {name}", answer[0] == wanted, str(answer[:2]))
    with fake.mode("expired", times=1):
        expired = bearer(login(ask))
    checks.add("azure", "refuses an expired token", use("decrypt", wrapped, headers=expired)[0] == 401)


def assertions(checks, ask, fake):
    """Signed tokens are verified: Google's and, by the same code, Azure's."""
    key = fake.folder / "signer.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    fake.trust("google a@b", subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout)
    claims = {"iss": "a@b", "scope": "s", "aud": fake.http + "/oauth/token", "iat": int(time.time()), "exp": int(time.time()) + 3600}
    content = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "RS256"}, claims))
    sign = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=content.encode(), check=True, capture_output=True).stdout
    for name, signature, wanted in (("right", sign, 200), ("wrong", sign[:-1] + b"x", 400)):
        form = {"grant_type": fake_google.GRANT + "jwt-bearer", "assertion": f"{content}.{base64url(signature)}"}
        status, text, _ = ask("POST", "/oauth/token", body=urllib.parse.urlencode(form))
        checks.add("google", f"{name} signature", status == wanted, text)


def others(checks, ask):
    flavor, path = {"Metadata-Flavor": "Google"}, "/computeMetadata/v1/instance/service-accounts/default/token"
    checks.add("google", "metadata wants its header", (ask("GET", path)[0], ask("GET", path, headers=flavor)[0]) == (403, 200))
    path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
    checks.add("azure", "metadata wants its header", (ask("GET", path)[0], ask("GET", path, headers={"Metadata": "true"})[0]) == (400, 200))
    token = ask("PUT", "/latest/api/token", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})[1].decode()
    headers = {"X-aws-ec2-metadata-token": token}
    role = ask("GET", fake_aws.PATH, headers=headers)[1].decode()
    status, text, _ = ask("GET", fake_aws.PATH + role, headers=headers)
    checks.add("aws", "credentials of the instance", status == 200 and json.loads(text)["Code"] == "Success", text)
    checks.add("aws", "wants its token", ask("GET", fake_aws.PATH)[0] == 401)
    path = f"/v1.0/{fake_huawei.PROJECT}/kms/encrypt-data"
    body = json.dumps({"key_id": "k", "plain_text": base64.b64encode(b"data key").decode()})
    status, text, _ = ask("POST", path, "kms.tr-west-1.myhuaweicloud.com", body, JSON)
    checks.add("huawei", "wants a signature", status == 401 and b"APIG.0301" in text, text)


def moods(checks, ask, fake):
    get = lambda timeout=5: ask("GET", "/keys/k/", VAULT, timeout=timeout)
    rows = [("status", {"status": 503, "times": 2, "retry_after": 1}, lambda: [get()[0] for _ in range(3)], [503, 503, 401]),
            ("status", {"at": "elsewhere"}, lambda: get()[0], 401),
            ("silent", {}, lambda: get(0.5)[:2], (0, b"TimeoutError")),
            ("partial", {}, lambda: get()[:2], (0, b"IncompleteRead")),
            ("big", {}, lambda: len(get()[1]), 10 << 20),
            ("redirect", {}, lambda: (get()[0], get()[2]["Location"]), (307, "https://elsewhere.example/stolen?token=x")),
            ("html", {}, lambda: get()[1][:6], b"<html>"),
            ("garbage", {}, lambda: get()[1], b"BadStatusLine"),
            ("body", {"text": "{}", "status": 400}, lambda: get()[:2], (400, b"{}")),
            ("wrong_certificate", {"at": "vault"}, lambda: get()[1], b"SSLCertVerificationError")]
    for do, how, seen, wanted in rows:
        with fake.mode(do, **how):
            checks.equal("misbehaves", f"{do} {how}", seen(), wanted)
    checks.equal("misbehaves", "no longer", get()[0], 401)


def main():
    checks = Checks()
    with Peers(sys.argv[2]) as peers:
        fake = FakeServices(peers)
        ask = Client(fake)
        azure(checks, ask, fake)
        seen = fake.log(clear=True)
        checks.add("log", "has all", any(r["method"] == "CONNECT" for r in seen) and any(r["host"] == VAULT and "alg" in r["body"]
                                                                                        for r in seen), str(seen)[:300])
        checks.equal("log", "is a file too", len((Path(fake.folder) / "requests.jsonl").read_text().splitlines()), len(seen))
        assertions(checks, ask, fake)
        others(checks, ask)
        moods(checks, ask, fake)
    checks.finish()


if __name__ == "__main__":
    main()
