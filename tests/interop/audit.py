#!/usr/bin/env python3
"""The audit log in a real PostgreSQL: every command of leafseal writes the rows that sops writes, before anything is printed
or changed; where a row cannot be written nothing happens. /etc/sops/audit.yaml is a file of a mount namespace of its own.

usage: audit.py BINARY SOURCE_DIR
"""
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checks import SKIPPED, Checks, absent_peer
from peers import Peers, free_port
from programs import Result, base_environment, new_age_key, run, sops_peers

PASSWORD = "audit-canary-password"
TABLE = """
CREATE TABLE audit_event (id SERIAL PRIMARY KEY, timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP, action TEXT, username TEXT,
                          file TEXT);
GRANT INSERT ON audit_event TO sops; GRANT USAGE ON audit_event_id_seq TO sops;
"""
# Runs "$@" where /etc/sops holds the files of the folder $1.
IN_NAMESPACE = 'mount -t tmpfs tmpfs /etc/sops && cp -p "$1"/* /etc/sops/ && shift && exec "$@"'


class Postgres:
    def __init__(self, peers):
        self.programs = self.find()
        self.owner = pwd.getpwnam("postgres")
        self.folder = tempfile.mkdtemp(prefix="lq")
        os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        data = self.folder + "/data"
        self.port = free_port()
        subprocess.run(self.as_postgres("initdb", "-A", "trust", "-U", "postgres", "-D", data), check=True, capture_output=True)
        access = Path(data, "pg_hba.conf")
        access.write_text("host all sops 127.0.0.1/32 scram-sha-256\n" + access.read_text())
        peers.start("postgres", self.as_postgres("postgres", "-D", data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                                                 "-c", "unix_socket_directories=", "-c", "fsync=off"), ready=self.answers)
        self.sql("postgres", f"CREATE ROLE sops LOGIN PASSWORD '{PASSWORD}'")
        for database in ("sops", "second"):
            self.sql("postgres", f"CREATE DATABASE {database}")
            self.sql(database, TABLE)

    @staticmethod
    def find():
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        return found[-1].parent if found else None

    def as_postgres(self, program, *args):
        return ["runuser", "-u", "postgres", "--", str(self.programs / program), *args]

    def answers(self):
        return subprocess.run([self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0

    def sql(self, database, text):
        done = subprocess.run([self.programs / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database,
                               "-v", "ON_ERROR_STOP=1", "-AtF", "|", "-c", text], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    def taken(self, database="sops"):
        """The rows since the last call: action, user, file."""
        rows = [tuple(row.split("|")) for row in self.sql(database, "SELECT action, username, file FROM audit_event ORDER BY id")]
        self.sql(database, "DELETE FROM audit_event")
        return rows

    def url(self, database="sops", password=PASSWORD, port=None, options="?sslmode=disable"):
        return f"postgres://sops:{password}@127.0.0.1:{port or self.port}/{database}{options}"


def namespaces():
    """Whether a mount namespace can be had, and its reason if not."""
    if os.geteuid() != 0:
        return "it takes root"
    done = subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else ""


class Bench:
    def __init__(self, binary, folder, postgres, sops):
        self.binary, self.folder, self.postgres, self.sops = os.path.abspath(binary), folder, postgres, sops
        self.checks = Checks()
        self.identity, self.recipient = new_age_key(folder)
        other = folder / "other"
        other.mkdir()
        self.other = new_age_key(other)[1]
        self.etc = folder / "etc"
        self.etc.mkdir()
        self.write_audit(postgres.url())
        editor = folder / "editor"
        editor.write_text("#!/bin/sh\nsed -i s/two/three/ \"$1\"\n")
        editor.chmod(0o755)

    def write_audit(self, *urls):
        text = "backends:\n  postgres:\n" + "".join(f"    - connection_string: \"{url}\"\n" for url in urls)
        (self.etc / "audit.yaml").write_text(text)

    def env(self, **variables):
        env = dict(base_environment(self.folder), SOPS_AGE_KEY_FILE=str(self.identity), EDITOR=str(self.folder / "editor"),
                   SOPS_AGE_RECIPIENTS=self.recipient, USER="somebody-else", LOGNAME="somebody-else", **variables)
        return {name: value for name, value in env.items() if value is not None}

    def audited(self, program, words, place, stdin=b"", **variables):
        command = ["unshare", "-m", "sh", "-c", IN_NAMESPACE, "sh", str(self.etc), program, *words]
        try:
            done = subprocess.run(command, cwd=place, env=self.env(**variables), input=stdin, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return Result(999, b"", b"timeout")
        return Result(done.returncode, done.stdout, done.stderr)

    def place(self, name):
        """A fresh folder with the files that commands work on."""
        place = self.folder / "w"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        (place / "plain.yaml").write_text("a: 1\nb: two\n")
        for target, recipient in (("e.yaml", self.recipient), ("foreign.yaml", self.other)):
            done = run(self.binary, ["encrypt", "--age", recipient, "plain.yaml"], place, self.env())
            assert done.code == 0, done.reason()
            (place / target).write_bytes(done.out)
        sealed = (place / "e.yaml").read_text()
        (place / "mac.yaml").write_text("".join(line for line in sealed.splitlines(True) if not line.startswith("b:")))
        (place / "rules.yaml").write_text(f"creation_rules:\n  - age: {self.recipient},{self.other}\n")
        return place

    def check(self, group, name, good, why=""):
        self.checks.peer("postgresql")
        return self.checks.add(group, name, good, why)


# Words, and where they stand beside a file that is changed in place.
SAME_AS_SOPS = [
    ["decrypt", "e.yaml"], ["decrypt", "--extract", '["a"]', "e.yaml"], ["-d", "e.yaml"], ["decrypt", "--output", "out.yaml", "e.yaml"],
    ["decrypt", "-i", "e.yaml"], ["encrypt", "plain.yaml"], ["encrypt", "-i", "plain.yaml"], ["-e", "plain.yaml"],
    ["set", "e.yaml", '["b"]', '"new"'], ["unset", "e.yaml", '["b"]'], ["rotate", "e.yaml"], ["rotate", "-i", "e.yaml"], ["-r", "e.yaml"],
    ["edit", "e.yaml"], ["edit", "new.yaml"], ["exec-env", "e.yaml", "true"], ["exec-file", "e.yaml", "cat {}"],
    ["filestatus", "e.yaml"], ["--config", "rules.yaml", "updatekeys", "-y", "e.yaml"],
    ["decrypt", "foreign.yaml"], ["rotate", "foreign.yaml"], ["decrypt", "mac.yaml"], ["rotate", "mac.yaml"], ["decrypt", "plain.yaml"],
    ["encrypt", "e.yaml"], ["set", "foreign.yaml", '["b"]', '"new"'],
]


def same_rows(bench):
    for words in SAME_AS_SOPS:
        rows = {}
        for name, program in {"leafseal": bench.binary, **{f"sops {version}": path for version, path in bench.sops.items()}}.items():
            place = bench.place(name)
            done = bench.audited(program, words, place)
            rows[name] = bench.postgres.taken(), done.code
        ours = rows.pop("leafseal")
        for name, theirs in rows.items():
            bench.check(f"rows of {name}", " ".join(words), ours == theirs, f"{ours}, sops {theirs}")
    place = bench.place("stdin")
    done = bench.audited(bench.binary, ["decrypt", "--input-type", "yaml"], place, stdin=(place / "e.yaml").read_bytes())
    bench.check("rows", "standard input is the working directory", bench.postgres.taken() == [("decrypt", "root", str(place))],
                done.reason())
    done = bench.audited(bench.binary, ["set", "e.yaml", '["b"]', '"two"'], place)
    bench.check("rows", "nothing to write is no encrypt", bench.postgres.taken() == [("decrypt", "root", f"{place}/e.yaml")], done.reason())
    done = bench.audited(bench.binary, ["encrypt", "--reuse", "e.yaml", "plain.yaml"], place)
    bench.check("rows", "encrypt --reuse opens the older one", bench.postgres.taken() ==
                [("decrypt", "root", f"{place}/e.yaml"), ("encrypt", "root", f"{place}/plain.yaml")], done.reason())
    for words in (["--version"], ["--help"], ["config", "lint", "rules.yaml"]):
        done = bench.audited(bench.binary, words, place)
        bench.check("rows", f"none of {' '.join(words)}", done.code == 0 and bench.postgres.taken() == [], done.reason())


CHANGING = [["decrypt", "e.yaml"], ["decrypt", "-i", "e.yaml"], ["encrypt", "plain.yaml"], ["encrypt", "-i", "plain.yaml"],
            ["set", "e.yaml", '["b"]', '"new"'], ["unset", "e.yaml", '["b"]'], ["rotate", "-i", "e.yaml"],
            ["exec-env", "e.yaml", "touch ran"], ["exec-file", "e.yaml", "touch ran"]]


def nothing_happens(bench, title, wanted, within=20):
    """No output, no change, one error that holds no password."""
    for words in CHANGING:
        place = bench.place("w")
        before = {path.name: path.read_bytes() for path in place.iterdir()}
        begin = time.monotonic()
        done = bench.audited(bench.binary, words, place)
        took = time.monotonic() - begin
        after = {path.name: path.read_bytes() for path in place.iterdir()}
        good = done.code == 1 and done.out == b"" and before == after and wanted in done.err and took < within
        bench.check(f"nothing happens: {title}", " ".join(words), good, f"{took:.0f} s, {done.reason()}")
        bench.check("L3: no password", f"{title}: {' '.join(words)}", b"canary" not in done.err, done.reason())


def failures(bench):
    postgres = bench.postgres
    bench.write_audit(postgres.url(port=free_port()))
    nothing_happens(bench, "database down", b"database sops on 127.0.0.1: connection to server at")
    bench.write_audit(postgres.url(password="wrong-canary"))
    nothing_happens(bench, "wrong password", b"password authentication failed")
    bench.write_audit(postgres.url(options=""))
    nothing_happens(bench, "TLS is wanted where nothing is said", b"server does not support SSL")
    bench.write_audit("postgres://sops:canary@[::1/sops")
    nothing_happens(bench, "no connection string", b"a connection_string of the audit log is none")
    for odd in ("canary/x", "12/canary", "x@canary", "x:canary/y", "x?canary", "canary x", "canary#x", "x'canary", "%zzcanary"):
        bench.write_audit(postgres.url(password=odd))
        done = bench.audited(bench.binary, ["decrypt", "e.yaml"], bench.place("w"))
        bench.check("L3: no part of a password that should be escaped", odd, done.code == 1 and done.out == b"" and
                    b"canary" not in done.err, done.reason())
    bench.write_audit(postgres.url(), postgres.url(port=free_port()))
    nothing_happens(bench, "one of two is down", b"one or more audit backends reported errors, exiting")
    bench.check("rows", "none where one of two is down", postgres.taken() == [])
    bench.write_audit(postgres.url())
    postgres.sql("sops", "REVOKE INSERT ON audit_event FROM sops")
    nothing_happens(bench, "insert refused", b"Failed to insert audit record: database sops on 127.0.0.1: ERROR:  permission denied")
    postgres.sql("sops", "GRANT INSERT ON audit_event TO sops")
    (bench.etc / "audit.yaml").write_text("backends: {postgres: [{connection_string: canary}\n")
    nothing_happens(bench, "no YAML", b"/etc/sops/audit.yaml is no audit configuration")
    (bench.etc / "audit.yaml").write_text("backends: {postgres: canary-text}\n")
    nothing_happens(bench, "no list", b"/etc/sops/audit.yaml is no audit configuration (line 1")
    bench.write_audit(postgres.url())


def silence(bench):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        bench.write_audit(bench.postgres.url(port=listener.getsockname()[1]))
        place = bench.place("w")
        begin = time.monotonic()
        done = bench.audited(bench.binary, ["decrypt", "e.yaml"], place)
        took = time.monotonic() - begin
        bench.check("a silent server", "within 35 s", done.code == 1 and done.out == b"" and took < 35, f"{took:.0f} s, {done.reason()}")
    bench.postgres.sql("sops", "ALTER TABLE audit_event RENAME TO hidden; CREATE VIEW audit_event AS SELECT action, username, file "
                       "FROM hidden; CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); "
                       "RETURN NULL; END $$; CREATE TRIGGER slow INSTEAD OF INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION wait(); "
                       "GRANT INSERT ON audit_event TO sops")
    bench.write_audit(bench.postgres.url())
    begin = time.monotonic()
    done = bench.audited(bench.binary, ["decrypt", "e.yaml"], bench.place("w"))
    took = time.monotonic() - begin
    bench.check("a silent server", "in the middle", done.code == 1 and done.out == b"" and took < 35 and b"no answer in time" in done.err,
                f"{took:.0f} s, {done.reason()}")
    bench.postgres.sql("sops", "DROP VIEW audit_event; ALTER TABLE hidden RENAME TO audit_event")


def who_may_write(bench):
    place = bench.place("w")
    bench.write_audit(bench.postgres.url(), bench.postgres.url("second"))
    done = bench.audited(bench.binary, ["decrypt", "e.yaml"], place)
    both = bench.postgres.taken(), bench.postgres.taken("second")
    bench.check("two databases", "get the same row", done.code == 0 and both[0] == both[1] and len(both[0]) == 1, f"{both} {done.reason()}")
    os.chmod(bench.etc / "audit.yaml", 0o666)
    done = bench.audited(bench.binary, ["decrypt", "e.yaml"], place)
    bench.check("a file that others can change", "is warned of", done.code == 0 and done.err.count(b"can be changed by others than root") == 1,
                done.reason())
    done = bench.audited(bench.binary, ["decrypt", "e.yaml"], place, LEAFSEAL_STRICT="1")
    bench.check("a file that others can change", "strict refuses", done.code == 10 and done.out == b"", done.reason())
    os.chmod(bench.etc / "audit.yaml", 0o644)
    bench.postgres.taken(), bench.postgres.taken("second")
    keywords = f"host=127.0.0.1 port={bench.postgres.port} dbname=sops user=sops password={PASSWORD} sslmode=disable"
    bench.write_audit(keywords)
    done = bench.audited(bench.binary, ["decrypt", "e.yaml"], place, PGHOST="192.0.2.1", PGDATABASE="elsewhere", PGPASSWORD="x")
    bench.check("the file alone says where rows go", "not variables", done.code == 0 and len(bench.postgres.taken()) == 1, done.reason())


def without_audit(bench):
    """Nothing is loaded and nobody asked."""
    place = bench.place("w")
    log = bench.folder / "trace"
    done = run("strace", ["-f", "-o", str(log), "-e", "trace=openat,socket", bench.binary, "decrypt", "e.yaml"], place, bench.env())
    seen = log.read_text()
    bench.check("without an audit file", "no libpq, no socket", done.code == 0 and "libpq" not in seen and "socket(" not in seen, done.reason())


def main():
    binary, source_dir = sys.argv[1:3]
    sops = sops_peers(source_dir)
    if not sops:
        absent_peer("sops")
    if not Postgres.find():
        absent_peer("postgresql", "apt-get install postgresql")
    if why := namespaces():  # refused to this user or by this container: nothing that could be installed
        print(f"SKIP no mount namespace of its own: {why}\n0 passed, 0 failed, 1 skipped")
        sys.exit(SKIPPED)
    made = not os.path.isdir("/etc/sops")  # to mount upon
    os.makedirs("/etc/sops", exist_ok=True)
    try:
        with Peers(source_dir) as peers, tempfile.TemporaryDirectory(prefix="la") as name:
            postgres = Postgres(peers)
            try:
                bench = Bench(binary, Path(name), postgres, sops)
                same_rows(bench)
                who_may_write(bench)
                failures(bench)
                silence(bench)
                without_audit(bench)
            finally:
                shutil.rmtree(postgres.folder, ignore_errors=True)
        bench.checks.finish()
    finally:
        if made:
            os.rmdir("/etc/sops")


if __name__ == "__main__":
    main()
