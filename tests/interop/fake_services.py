#!/usr/bin/env python3
"""A FAKE of the services that no emulator covers: Azure Key Vault and Entra ID, Huawei KMS and IAM, Google's tokens, and the
metadata services of Azure, Google and AWS. It is no such service: it keeps no real keys, and knows only what these tests ask
of it. What it does check is what a client can get wrong: credentials, signatures, forms of requests, lifetimes of tokens.

usage: fake_services.py FOLDER [PORT]

It writes ca.pem and requests.jsonl into FOLDER. HTTP on PORT, TLS on PORT + 1, both on 127.0.0.1. On the first it is also a
proxy: `CONNECT host:443` is answered by the fake itself, with a certificate for the names of the services; so a client that is
given HTTPS_PROXY and SSL_CERT_FILE=ca.pem reaches it by their real names. Without PORT it takes free ones, prints
`http=PORT tls=PORT`, and ends when its standard input does.

/__ready              {} once it answers
/__log[?clear=1]      the requests so far: method, tls, host, path, query, headers, authorization, body
/__trust?name=NAME    POST a public key or certificate (PEM): signed tokens of that issuer are checked with it
/__mode?do=DO         misbehave: for requests whose HOST/PATH holds the pattern `at`, `times` times (default: always); DO is
    status            status= (500), retry_after=, challenge= (a WWW-Authenticate header)
    silent            no answer
    slow              seconds=
    partial           closes in mid-body
    big               10 MB
    redirect          307 to another host, or to=
    html, garbage     a page, or no HTTP at all
    body              status= (200), text=
    wrong_certificate TLS with a certificate for another name (`at` is matched with the host alone)
    expired           tokens given out now are refused by the services; they say expires_in= (3599)
/__mode?do=well       behave
"""
import hashlib
import hmac
import http.server
import json
import os
import re
import secrets
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

import fake_aws
import fake_azure
import fake_google
import fake_huawei
from fake_encoding import from_base64url

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from certificates import authority, certificate  # noqa: E402

NAMES = ("login.microsoftonline.com", "login.microsoftonline.us", "login.chinacloudapi.cn", "login.partner.microsoftonline.cn",
         "*.vault.azure.net", "*.vault.azure.cn", "*.vault.usgovcloudapi.net", "*.managedhsm.azure.net", "*.amazonaws.com",
         "*.us-east-1.amazonaws.com", "*.googleapis.com", "*.myhuaweicloud.com", "*.tr-west-1.myhuaweicloud.com",
         "*.cn-north-4.myhuaweicloud.com", "*.eu-west-101.myhuaweicloud.eu", "localhost")
SILENCE = 120


class Request:
    def __init__(self, handler, body):
        target = urllib.parse.urlsplit(handler.path)
        self.method, self.path, self.body = handler.command, target.path, body
        self.query = dict(urllib.parse.parse_qsl(target.query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.tls = handler.tls
        self.host = target.netloc or self.headers.get("host", "")
        self.name = self.host.rsplit(":", 1)[0]

    def json(self):
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def logged(self):
        return {"method": self.method, "tls": self.tls, "host": self.host, "path": self.path, "query": self.query,
                "headers": self.headers, "authorization": self.headers.get("authorization", ""),
                "body": self.body.decode(errors="replace")}


class Fake:
    """What all services share: wrapping, tokens, trusted keys, moods, the log."""

    ROUTES = [*fake_azure.ROUTES, *fake_google.ROUTES, *fake_huawei.ROUTES, *fake_aws.ROUTES]

    def __init__(self, folder):
        self.folder, self.lock = folder, threading.Lock()
        self.secret, self.tokens, self.trusted = secrets.token_bytes(32), {}, {}
        self.modes, self.requests = [], []
        authority(folder)
        self.good = certificate(folder, "good", ",".join([*(f"DNS:{name}" for name in NAMES), "IP:127.0.0.1"]))
        self.wrong = certificate(folder, "wrong", "DNS:other.example")

    # Wrapping: 16 random bytes, 16 bytes of HMAC, the text under an HMAC keystream. No real service's cipher.
    def _stream(self, key, start, size):
        blocks = (hmac.digest(self.secret, f"{key}/{number}/".encode() + start, "sha256") for number in range(size // 32 + 1))
        return b"".join(blocks)[:size]

    def wrap(self, key, plain):
        start = secrets.token_bytes(16)
        tag = hmac.digest(self.secret, f"{key}/tag/".encode() + start + plain, "sha256")[:16]
        return start + tag + bytes(a ^ b for a, b in zip(plain, self._stream(key, start, len(plain))))

    def unwrap(self, key, text):
        """The plain bytes, or None when another key wrapped them or they were changed."""
        start, tag, body = text[:16], text[16:32], text[32:]
        plain = bytes(a ^ b for a, b in zip(body, self._stream(key, start, len(body))))
        good = hmac.digest(self.secret, f"{key}/tag/".encode() + start + plain, "sha256")[:16]
        return plain if len(text) >= 32 and hmac.compare_digest(tag, good) else None

    def issue(self, request, audience, lifetime=3599):
        """A new token for a service, and the seconds it is said to live."""
        token = f"{audience}-token-canary-{secrets.token_hex(8)}"
        mode = self.mode_for(f"{request.name}{request.path}", ("expired",))
        with self.lock:
            self.tokens[token] = (audience, time.time() + (0 if mode else lifetime))
        return token, int(mode.get("expires_in", lifetime)) if mode else lifetime

    def accepts(self, request, audience):
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        with self.lock:
            known, until = self.tokens.get(token, ("", 0))
        return kind == "Bearer" and known == audience and time.time() < until

    def signed_by(self, name, jwt):
        """Whether an RS256 or PS256 token was signed by the key that is trusted under this name, as the openssl command judges it."""
        key = self.trusted.get(name)
        if not key or jwt.count(".") != 2:
            return False
        content, signature = jwt.rsplit(".", 1)
        head = json.loads(from_base64url(content.split(".")[0]) or b"{}")
        pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] if head.get("alg") == "PS256" else []
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "sig").write_bytes(from_base64url(signature) or b"")
            return subprocess.run(["openssl", "dgst", "-sha256", "-verify", str(key), *pss, "-signature", f"{name}/sig"],
                                  input=content.encode(), capture_output=True).returncode == 0

    def trust(self, name, pem):
        path = self.folder / f"trusted-{hashlib.sha256(name.encode()).hexdigest()[:16]}.pem"
        if "CERTIFICATE" in pem:
            pem = subprocess.run(["openssl", "x509", "-pubkey", "-noout"], input=pem, text=True, capture_output=True, check=True).stdout
        path.write_text(pem)
        self.trusted[name] = path

    def mode_for(self, place, kinds=None, but=()):
        with self.lock:
            for mode in self.modes:
                if (mode["do"] in kinds if kinds else mode["do"] not in but) and mode["times"] != 0 and re.search(mode["at"], place):
                    mode["times"] -= 1
                    return mode
        return None

    def set_mode(self, query):
        with self.lock:
            if query["do"] == "well":
                self.modes.clear()
            else:
                self.modes.append({**query, "times": int(query.get("times", -1)), "at": query.get("at", "")})

    def record(self, entry):
        with self.lock:
            self.requests.append(entry)
            with open(self.folder / "requests.jsonl", "a") as log:
                log.write(json.dumps(entry) + "\n")

    def control(self, request):
        if request.path == "/__mode":
            self.set_mode(request.query)
        elif request.path == "/__trust":
            self.trust(request.query["name"], request.body.decode())
        elif request.path == "/__log":
            with self.lock:
                seen = list(self.requests)
                if request.query.get("clear"):
                    self.requests.clear()
            return 200, {"requests": seen}
        return 200, {}

    def answer(self, request):
        for method, pattern, serve in self.ROUTES:
            found = re.fullmatch(pattern, f"{request.name}{request.path}")
            if found and method in (request.method, "*"):
                return serve(self, request, *found.groups())
        return 404, {"error": {"code": "NotFound", "message": f"the fake does not know {request.method} {request.name}{request.path}"}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENCE
    tls = False

    def setup(self):
        self.tls = self.server.tls
        super().setup()

    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        fake = self.server.fake
        fake.record({"method": "CONNECT", "tls": False, "host": self.path, "path": "", "query": {}, "headers": {}, "authorization": "",
                     "body": ""})
        self.send_response(200)
        self.end_headers()
        wrong = fake.mode_for(self.path.rsplit(":", 1)[0], ("wrong_certificate",))
        self.connection = (fake.wrong if wrong else fake.good).wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb", -1), self.connection.makefile("wb", 0)
        self.tls, self.close_connection = True, False

    def any_request(self):
        fake, body = self.server.fake, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self, body)
        if request.path.startswith("/__"):
            return self.send(*fake.control(request))
        fake.record(request.logged())
        mode = fake.mode_for(f"{request.name}{request.path}", but=("wrong_certificate", "expired"))
        if mode and not self.misbehave(mode):
            return
        self.send(*fake.answer(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = any_request

    def misbehave(self, mode):
        """True when the request is to be answered after all."""
        do = mode["do"]
        if do == "slow":
            time.sleep(float(mode["seconds"]))
            return True
        if do == "silent":
            time.sleep(SILENCE)
            self.close_connection = True
        elif do == "status":
            headers = {"Retry-After": mode.get("retry_after"), "WWW-Authenticate": mode.get("challenge")}
            self.send(int(mode.get("status", 500)), {"error": {"code": "Busy", "message": "the fake was told to fail"}},
                      {name: value for name, value in headers.items() if value})
        elif do == "partial":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            self.close_connection = True
        elif do == "big":
            self.send(200, b"x" * (10 << 20))
        elif do == "redirect":
            self.send(307, b"", {"Location": mode.get("to", "https://elsewhere.example/stolen?token=x")})
        elif do == "html":
            self.send(200, b"<html>Sign in to the network</html>")
        elif do == "garbage":
            self.wfile.write(b"\x00\xffno http at all\r\n\r\n")
            self.close_connection = True
        elif do == "body":
            self.send(int(mode.get("status", 200)), mode["text"].encode())
        else:
            self.send(500, {"error": {"code": "NoSuchMode", "message": do}})
        return False

    def send(self, status, body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        if not isinstance(body, bytes):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, fake, port, tls):
        self.fake, self.tls = fake, tls
        super().__init__(("127.0.0.1", port), Handler)

    def finish_request(self, request, client):
        if self.tls:
            request.settimeout(30)
            request = self.fake.good.wrap_socket(request, server_side=True)
        super().finish_request(request, client)

    def handle_error(self, request, client):
        pass  # a client that went away, or that refused the certificate


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    fake = Fake(Path(sys.argv[1]))
    servers = [Server(fake, port, tls=False), Server(fake, port and port + 1, tls=True)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("http={} tls={}".format(*(server.server_address[1] for server in servers)), flush=True)
    if port:
        threading.Event().wait()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
