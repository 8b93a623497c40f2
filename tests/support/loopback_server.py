#!/usr/bin/env python3
"""A server on loopback that behaves well or badly, for the tests of the HTTP layer and of key services. It ends when its
stdin does.

usage: loopback_server.py FOLDER        writes ca.pem there; prints a line of NAME=PORT, of these:

http, proxy  without TLS; any of them also takes CONNECT
tls          with a certificate of ca.pem for localhost, 127.0.0.1 and vault.test
wrong        with one for another name
old          speaks TLS 1.1
mutual       wants a certificate of the client
"""
import http.server
import json
import os
import signal
import socket
import socketserver
import ssl
import sys
import threading
import time
import warnings
from pathlib import Path

from certificates import authority, certificate

counts, lock = {}, threading.Lock()


def count(name):
    with lock:
        counts[name] = counts.get(name, 0) + 1
        return counts[name]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def setup(self):
        count("connections")
        super().setup()

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"{}", headers=()):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self):
        count("tunnels")
        host, port = self.path.rsplit(":", 1)
        target = self.server.ports["tls"] if host == "vault.test" else int(port)
        with socket.create_connection(("127.0.0.1", target)) as other:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=pump, args=(other, self.connection), daemon=True)
            back.start()
            pump(self.connection, other)
            back.join()
        self.close_connection = True

    def handle_any(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name, *rest = path.lstrip("/").split("/")
        if self.path.startswith("http://"):
            return self.answer(200, b"by proxy")
        return getattr(self, "on_" + name)(rest, query, body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def on_echo(self, rest, query, body):
        seen = {"method": self.command, "path": self.path, "body": body.decode(),
                "headers": {key.lower(): value for key, value in self.headers.items()}}
        self.answer(200, json.dumps(seen).encode())

    def on_v1(self, rest, query, body):
        getattr(self, "on_" + rest[0])(rest[1:], query or self.path, body)

    def on_count(self, rest, query, body):
        self.answer(200, str(counts.get(rest[0], 0)).encode())

    # /failing/STATUS/TIMES?NAME[=RETRY_AFTER]: that status so often, then 200
    def on_failing(self, rest, query, body):
        name, _, after = query.partition("=")
        if count(name) <= int(rest[1]):
            return self.answer(int(rest[0]), b'{"reason": "busy"}', [("Retry-After", after)] if after else ())
        return self.answer(200, b"at last")

    def on_silent(self, rest, query, body):
        count("silent")
        time.sleep(60)

    def on_slow(self, rest, query, body):
        time.sleep(float(rest[0]))
        self.answer(200)

    def on_drip(self, rest, query, body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            self.wfile.write(b"x")
            time.sleep(0.5)

    def on_partial(self, rest, query, body):
        count("partial")
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        self.close_connection = True

    def on_html(self, rest, query, body):
        self.answer(200, b"<html>Sign in to the network</html>")

    def on_closing(self, rest, query, body):
        self.close_connection = True

    def on_garbage(self, rest, query, body):
        self.wfile.write(b"\x00\xffno http at all\r\n\r\n")
        self.close_connection = True

    def on_big(self, rest, query, body):
        self.answer(200, b"x" * (10 << 20))

    def on_headers(self, rest, query, body):
        self.answer(200, b"", [(f"X-{i}", "y" * 60000) for i in range(20)])

    def on_exactly(self, rest, query, body):
        self.answer(200, b"x" * int(rest[0]))

    def on_redirect(self, rest, query, body):
        self.answer(int(rest[0]), b"", [("Location", "http://elsewhere.example:1/stolen?token=x")])


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, context=None):
        self.context = context
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]

    def finish_request(self, request, client):
        if self.context:
            request.settimeout(30)
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client)

    def handle_error(self, request, client):
        pass


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1, on purpose
    folder = Path(sys.argv[1])
    authority(folder)
    good = certificate(folder, "good", "DNS:localhost,IP:127.0.0.1,DNS:vault.test")
    wrong = certificate(folder, "wrong", "DNS:other.example")
    old = certificate(folder, "old", "DNS:localhost,IP:127.0.0.1")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    wants_client = certificate(folder, "mutual", "DNS:localhost,IP:127.0.0.1")
    wants_client.verify_mode = ssl.CERT_REQUIRED
    wants_client.load_verify_locations(folder / "ca.pem")
    servers = {"http": Server(), "tls": Server(good), "wrong": Server(wrong), "old": Server(old), "mutual": Server(wants_client),
               "proxy": Server()}
    ports = {name: server.port for name, server in servers.items()}
    for server in servers.values():
        server.ports = ports
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(*(f"{name}={port}" for name, port in ports.items()), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
