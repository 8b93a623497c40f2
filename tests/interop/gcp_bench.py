"""What the tests of Google Cloud KMS have in common: drongo's keys, a gate in front of it that keeps the requests, and the fake
of the services that give tokens. drongo looks at no token: the fake says whether it gave one out.
"""
import contextlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

from checks import Checks, absent_peer
from peers import FakeServices, Peers, free_port, http_status
from programs import base_environment, new_age_key, run, sops_peers

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from certificates import authority, certificate  # noqa: E402

PLAIN = b"first: one\nsecond: 2\n"
RING = "projects/fake-project/locations/global/keyRings/ring"
ACCOUNT = "sealer@fake-project.iam.gserviceaccount.com"


class Drongo:
    """drongo's server, and its keys."""

    def __init__(self, peers, program):
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        peers.start("drongo", [program, "server", "--host", "127.0.0.1", "-p", str(port)],
                    ready=lambda: http_status(self.address) != 0)
        self.post("projects/fake-project/locations/global/keyRings?keyRingId=ring", {})
        self.key, self.other = self.new_key("one"), self.new_key("two")

    def post(self, path, body):
        request = urllib.request.Request(f"{self.address}/v1/{path}", data=json.dumps(body).encode(), method="POST",
                                         headers={"Content-Type": "application/json", "Authorization": "Bearer setup"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def new_key(self, name):
        return self.post(f"{RING}/cryptoKeys?cryptoKeyId={name}", {"purpose": "ENCRYPT_DECRYPT"})["name"]


class Gate:
    """In front of drongo: it keeps the requests, refuses some, and can change the answers."""

    def __init__(self, drongo, folder):
        gate, self.seen, self.instead, self.refusals = self, [], None, 0
        self.lock = threading.Lock()
        folder.mkdir()
        authority(folder)
        self.ca, self.context = folder / "ca.pem", certificate(folder, "gate", "DNS:cloudkms.googleapis.com")

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self):
                """As a proxy to Google's host, for a sops that knows no other."""
                self.send_response(200)
                self.end_headers()
                self.connection = gate.context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self.close_connection = False

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with gate.lock:
                    gate.seen.append({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()},
                                      "body": json.loads(body)})
                    refused = gate.refusals > 0
                    gate.refusals -= refused
                if refused:
                    return self.answer(401, json.dumps({"error": {"code": 401, "message": "invalid authentication credentials"}}))
                request = urllib.request.Request(drongo.address + self.path, data=body, method="POST", headers={
                    "Content-Type": "application/json", "Authorization": self.headers.get("Authorization", "")})
                try:
                    with urllib.request.urlopen(request, timeout=30) as got:
                        status, text = got.status, got.read().decode()
                except urllib.error.HTTPError as got:
                    status, text = got.code, got.read().decode()
                if gate.instead:
                    status, text = gate.instead(status, text)
                self.answer(status, text)

            def answer(self, status, text):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Bench:
    def __init__(self, binary, folder, drongo, gate, fake, sops):
        self.binary, self.folder, self.sops = os.path.abspath(binary), folder, sops
        # SOPS_GCP_KMS_ENDPOINT came with 3.13.
        self.by_proxy = {path for version, path in sops.items() if tuple(map(int, version.split(".")[:2])) < (3, 13)}
        self.drongo, self.gate, self.fake = drongo, gate, fake
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        (folder / "plain.yaml").write_bytes(PLAIN)
        self.account = self.new_account()

    def new_account(self):
        """The key of a service account, whose public half the fake knows."""
        pem = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True,
                             capture_output=True).stdout
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=pem, check=True, capture_output=True).stdout
        self.fake.trust(f"google {ACCOUNT}", public.decode())
        return {"type": "service_account", "client_email": ACCOUNT, "private_key_id": "k1", "private_key": pem.decode(),
                "token_uri": self.fake.http + "/oauth/token", "project_id": "fake-project"}

    def known_to_fake(self, authorization):
        request = urllib.request.Request(self.fake.http + "/v1/projects/-/serviceAccounts/probe:generateAccessToken", data=b"{}",
                                         headers={"Authorization": authorization})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    def env(self, token="token-canary", **variables):
        env = dict(base_environment(self.folder), SOPS_GCP_KMS_CLIENT_TYPE="rest", SOPS_GCP_KMS_ENDPOINT=self.gate.address,
                   GOOGLE_OAUTH_ACCESS_TOKEN=token, GCE_METADATA_HOST="127.0.0.1:9")
        env.update(variables)
        return {name: value for name, value in env.items() if value is not None}

    def run(self, program, args, env=None):
        env = env or self.env()
        if program in self.by_proxy and "SOPS_GCP_KMS_ENDPOINT" in env:
            env = dict(env, HTTPS_PROXY=self.gate.address, SSL_CERT_FILE=str(self.gate.ca))
        return run(program, args, self.folder, env)

    def seal(self, program, recipients, env=None):
        return self.run(program, ["encrypt", *recipients, "plain.yaml"], env)

    def open(self, program, sealed_text, env=None, options=()):
        (self.folder / "sealed.yaml").write_bytes(sealed_text)
        return self.run(program, ["decrypt", *options, "sealed.yaml"], env)

    def check(self, group, name, good, why="", peer="drongo"):
        self.checks.peer(peer)
        return self.checks.add(group, name, good, why)

    def both_ways(self, name, recipients, env=None):
        for version, sops in self.sops.items():
            if sops in self.by_proxy and "HTTPS_PROXY" in (env or {}):
                continue
            for sealer, opener, title in ((self.binary, sops, f"sops {version} opens leafseal's"),
                                          (sops, self.binary, f"leafseal opens sops {version}'s")):
                made = self.seal(sealer, recipients, env)
                if self.check("seals", name, made.code == 0, made.reason()):
                    got = self.open(opener, made.out, env)
                    self.check(title, name, got.code == 0 and got.out == PLAIN, got.reason(), "sops")


@contextlib.contextmanager
def bench(binary, source_dir):
    """Everything started. Ends the test program, as skipped, where a peer is absent."""
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    if not shutil.which("age-keygen"):
        absent_peer("age")
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lg") as name:
        drongo = Drongo(peers, peers.require("drongo", "drongo", "drongo"))
        yield Bench(binary, Path(name), drongo, Gate(drongo, Path(name) / "gate"), FakeServices(peers), sops)
