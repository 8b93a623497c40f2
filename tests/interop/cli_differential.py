#!/usr/bin/env python3
"""leafseal, under the name sops, and sops run the command lines of invocations.txt on the same files.

usage: cli_differential.py BINARY SOURCE_DIR [TEXT]

Compared are the exit code, standard output (documents by value, and byte for byte where a decryption is printed, since
leafseal is told to print canonically), the files left behind with their modes and what they open to, and the phrases that
scripts look for in standard error. A difference is listed with its reason in cli_differences.json, or fails. With TEXT
only the lines that contain it run, and every difference is printed. LEAFSEAL_SOPS names more programs to compare with.
"""
import collections
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks, absent_peer
from invocation_files import make_files
from programs import GoldenKeys, base_environment, run, sops_peers

HERE = Path(__file__).parent

# What scripts and wrappers look for in standard error (cli.md, consumers.md).
PHRASES = [re.compile(text) for text in (
    "sops metadata not found", "MAC mismatch", "No keys found in file", "Could not unmarshal input data",
    "error truncating tree: component .* not found", "accesses out of bounds", "error parsing --extract path",
    "Invalid set index format", "Invalid unset index format", "Value for --set is not valid JSON", "Invalid --set format",
    "Invalid --set value format", "Key not found: ", "Index \\d+ out of bounds", "Unsupported type",
    "cannot operate on non-existent file", "no file specified", "Error reading file: open ", "Error unmarshalling file",
    "cannot use --in-place when reading from stdin", "must specify --filename-override when reading from stdin",
    "cannot operate on both --output and --in-place", "Could not open output file for writing",
    "cannot use more than one of encrypted_suffix", "error loading config: no matching creation rules found",
    "config file not found, or has no creation rules, and no keys provided through command line options",
    "config file not found", "does not contain any creation rule", "Could not generate data key", "empty key group provided",
    "Failed to get the data key required to decrypt the SOPS file", "Recovery failed because no master key was able",
    "Recovery failed because the file was encrypted with a Shamir threshold", "Duplicate decryption key type",
    "File has not changed, exiting", "Could not run editor", "flag provided but not defined", "flag needs an argument",
    "Cannot use two forms of the same flag", "No help topic for", "could not parse .* as bool value",
    "The file you have provided contains a top-level entry called", "Invalid KMS encryption context format",
    "cannot use complex value", "offending key", "cannot check file status", "exit status \\d+", "signal: terminated",
    "--same-process flag cannot be used with --background", "The provided filename is not a local path",
    "missing file to decrypt", "exactly one positional argument \\(index\\) required", "no positional arguments allowed",
    "failed to parse \\[index\\] argument", "make the Shamir threshold impossible to satisfy", "already up to date",
    "synced with new keys", "left unchanged", "failed updating \\d+ key\\(s\\)", "can't operate on a directory",
    "cannot add or remove keys on non-existent file", "threshold must be at least 2", "Need precisely \\d positional",
    "cannot use both --value-file and --value-stdin", "it must contain at least one document",
    "No documents found in file|must contain at least one document", "error emitting binary store: no binary data found",
    "This is likely not an encrypted binary file", "unknown recipient type", "no valid resource ID found",
    "Publication of .* canceled", "no matching destination found in config", "more than one destinations were found",
    "no destination configured for this file", "Cannot check if destination secret already exists",
    "rpc error: code = \\w+", "dialing: dial \\w+ [^ ]+: connect: [a-z ]+", "listen \\w+:? .*(?=\")", "no key services provided",
    "could not parse .* into a valid Azure Key Vault MasterKey", "missing scheme in Vault URL", "invalid key ID format")]


def braces(text):
    """{a,b} as a shell spreads it, outside single quotes; the comma in quotes inside the braces belongs to the word."""
    start = depth = -1
    quoted, parts, begin = False, [], 0
    for at, character in enumerate(text):
        if character == "'" :
            quoted = not quoted
        if quoted:
            continue
        if character == "{" and depth < 0 and text[at + 1:at + 2] not in ("}", " "):
            start, depth, begin = at, 0, at + 1
        elif depth >= 0 and character == "{":
            depth += 1
        elif depth > 0 and character == "}":
            depth -= 1
        elif depth == 0 and character == ",":
            parts.append(text[begin:at])
            begin = at + 1
        elif depth == 0 and character == "}":
            parts.append(text[begin:at])
            return [text[:start] + part + rest for part in parts for rest in braces(text[at + 1:])]
    return [text]


def invocations(text):
    lines, section = [], ""
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            lines += [(section, call) for call in braces(line)]
    return lines


class Call:
    """One command line: environment, standard input, words."""

    def __init__(self, line, recipients):
        words = shlex.split(re.sub(r"@(\w+)@", lambda found: recipients[found[1]], line))
        self.line, self.env, self.stdin = line, {}, None
        while words and (found := re.fullmatch(r"([A-Z_]+)=(.*)", words[0], re.S)):
            self.env[found[1]] = found[2]
            words.pop(0)
        if words and words[0].startswith("<"):
            self.stdin = words.pop(0)[1:]
        self.words = words

    def decrypts(self):
        return "decrypt" in self.words or "-d" in self.words or "--decrypt" in self.words

    def canonical_words(self):
        """The same for leafseal, printing what sops would print."""
        for name in ("decrypt", "-d", "--decrypt"):
            if name in self.words:
                at = self.words.index(name) + 1
                return [*self.words[:at], "--canonical", *self.words[at:]]
        return self.words


class Outcome:
    def __init__(self, done, folder, tmp):
        self.code, self.out, self.err = done.code, done.out, done.err.decode("utf-8", "replace")
        self.crashed = done.crashed
        self.files, self.modes = {}, {}
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_symlink():
                self.files[name] = b"-> " + os.readlink(path).encode()
            elif path.is_file():
                self.files[name], self.modes[name] = path.read_bytes(), path.stat().st_mode & 0o777
        self.left_in_tmp = sorted(str(path.relative_to(tmp)) for path in tmp.rglob("*"))


def is_sealed(data):
    return b"ENC[AES256_GCM" in data and any(mark in data for mark in (b"sops:", b'"sops":', b"sops_mac", b"[sops]"))


def type_of(data):
    if data.lstrip().startswith(b"{"):
        return "json"
    if b"\nsops_mac=" in data:
        return "dotenv"
    return "ini" if b"\n[sops]" in data or data.startswith(b"[sops]") else "yaml"


def recipients_of(data):
    found = re.findall(rb"(?:recipient|fp|arn|resource_id|key_id|vault_url|key_name)[\"']?[ \t]*[:=][ \t]*[\"']?([^\s\"',]+)", data)
    threshold = re.search(rb"shamir_threshold[\"']?[ \t]*[:=][ \t]*(\d+)", data)
    return sorted(found), threshold and threshold[1]


class Comparison:
    def __init__(self, ours, sops, folder, keys):
        self.ours, self.sops, self.folder, self.keys = ours, sops, folder, keys
        self.template = folder / "template"
        self.openers = {"SOPS_AGE_KEY_FILE": str(folder / "all-keys.txt")}

    def environment(self, place):
        env = base_environment(place)
        env.update(GNUPGHOME=self.keys, AWS_EC2_METADATA_DISABLED="true", HTTPS_PROXY="http://127.0.0.1:1", COLUMNS="80",
                   SOPS_AGE_KEY_FILE=str(self.folder / "age.key"), TMPDIR=str(place / "tmp"), USER="root")
        return env

    def outcome(self, program, words, call):
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            place = Path(name)
            (place / "tmp").mkdir()
            shutil.copytree(self.template, place / "w", symlinks=True)
            stdin = (place / "w" / call.stdin).read_bytes() if call.stdin else b""
            done = run(program, words, place / "w", {**self.environment(place), **call.env}, stdin, timeout=40)
            for _ in range(100 if "--background" in words else 0):  # which has its files until the command has ended
                if any((place / "tmp").iterdir()):
                    time.sleep(0.1)
            outcome = Outcome(done, place / "w", place / "tmp")
            outcome.out = outcome.out.replace(str(place).encode(), b"@")
            outcome.err = outcome.err.replace(str(place), "@")
            return outcome

    def opened(self, program, data):
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            place, kind = Path(name), type_of(data)
            (place / "tmp").mkdir()
            (place / "sealed").write_bytes(data)
            done = run(program, ["decrypt", "--input-type", kind, "--output-type", kind, "sealed"], place,
                       {**self.environment(place), **self.openers})
            return done.out if done.code == 0 else done.reason()

    def same_content(self, ours, theirs):
        """Nothing if two contents mean the same, or what differs."""
        if ours == theirs:
            return None
        if not (is_sealed(ours) and is_sealed(theirs)):
            return f"got {ours[:300]!r} want {theirs[:300]!r}"
        if recipients_of(ours) != recipients_of(theirs):
            return f"recipients {recipients_of(ours)} want {recipients_of(theirs)}"
        want, got = self.opened(self.sops, theirs), self.opened(self.sops, ours)
        if want != got:
            return f"sops opens ours to {got[:300]!r} and its own to {want[:300]!r}"
        return None

    def differences(self, call):
        """What differs, as (aspect, text); and the outcome of sops."""
        theirs = self.outcome(self.sops, call.words, call)
        ours = self.outcome(self.ours, call.canonical_words(), call)
        found = []
        if ours.crashed:
            found.append(("crash", ours.err[:200]))
        if ours.code != theirs.code:
            found.append(("exit", f"{ours.code}, sops {theirs.code}: {ours.err.strip()[:300]!r} sops: {theirs.err.strip()[:300]!r}"))
        if b"USAGE:" in theirs.out:
            if not ours.out:
                found.append(("stdout", "no usage text"))
        elif (text := self.same_content(ours.out, theirs.out)) is not None:
            found.append(("stdout", text))
        if set(ours.files) != set(theirs.files):
            found.append(("files", f"{sorted(set(ours.files) ^ set(theirs.files))}"))
        for name in sorted(set(ours.files) & set(theirs.files)):
            if (text := self.same_content(ours.files[name], theirs.files[name])) is not None:
                found.append(("content", f"{name}: {text}"))
            if ours.modes.get(name) != theirs.modes.get(name):
                found.append(("mode", f"{name}: {ours.modes[name]:o}, sops {theirs.modes[name]:o}"))
        if ours.left_in_tmp:
            found.append(("temporary", f"{ours.left_in_tmp}"))
        for phrase in PHRASES:
            if (said := phrase.search(theirs.err)) and not phrase.search(ours.err):
                found.append(("message", f"no {said[0]!r} in {ours.err.strip()[:300]!r}"))
        return found, theirs


class Listed:
    """The differences with a reason, by class: each names the aspects, the command lines, perhaps the version."""

    def __init__(self, path):
        self.rules = json.loads(path.read_text())
        self.counts = collections.Counter()

    def covers(self, aspect, line, text, theirs, version):
        for rule in self.rules:
            if aspect not in rule["aspects"] or not re.search(rule.get("versions", ""), version):
                continue
            if not re.search(rule.get("lines", ""), line) or not re.search(rule.get("texts", ""), text, re.S):
                continue
            if re.search(rule.get("sops_says", ""), theirs.err, re.S):
                self.counts[rule["class"]] += 1
                return True
        return False


COMMANDS = ("encrypt", "decrypt", "edit", "set", "unset", "rotate", "updatekeys", "groups add", "groups delete", "exec-env",
            "exec-file", "filestatus", "publish", "keyservice")


def rare_flags(sops, lines, env):
    """Flags of sops that stand in fewer than three of the command lines, by command; without one: the older form."""
    counts = collections.Counter()
    for line in lines:
        command = next((name for name in COMMANDS if re.search(rf"(^| ){name}( |$)", line)), "")
        flag = r"(?<![^ ])--?([a-z][a-z-]*)"
        counts.update((command, name) for name in set(re.findall(flag, line)))
        if command:  # what stands in front of a command is of the older form's flags
            counts.update(("", name) for name in set(re.findall(flag, line.partition(command)[0])))
    rare = []
    for command in (*COMMANDS, ""):
        shown = run(sops, [*command.split(), "--help"], "/", env).out.decode()
        for name, other in re.findall(r"^ +--?([a-z-]+)(?: value)?(?:, --?([a-z]+))?", shown.partition("OPTIONS:")[2], re.M):
            if counts[command, name] + counts[command, other or "-"] < 3 and name not in ("help", "version", "publish"):
                rare.append(f"{command or 'older form'} --{name}")
    return rare


def main():
    binary, source_dir = os.path.abspath(sys.argv[1]), Path(sys.argv[2])
    only = sys.argv[3] if len(sys.argv) > 3 else None
    peers = sops_peers(source_dir)
    if not peers:
        absent_peer("sops")
    checks, listed = Checks(show=400 if only else 25), Listed(HERE / "cli_differences.json")
    written = (source_dir / "doc/compatibility.md").read_text()
    for rule in listed.rules:
        checks.add("classes in doc/compatibility.md", rule["class"], f"| {rule['class']} |" in written)
    golden = GoldenKeys(source_dir / "testdata/golden")
    home = golden.gpg_home(["pgp:ed25519"], [])
    calls = [call for call in invocations((HERE / "invocations.txt").read_text()) if only is None or only in call[1]]
    with tempfile.TemporaryDirectory(prefix="cv") as name:
        folder = Path(name)
        for version, sops in sorted(peers.items()):
            place = folder / version
            (place / "bin").mkdir(parents=True)
            (place / "bin/sops").symlink_to(binary)
            recipients = make_files(place, sops, golden.index["pgp:ed25519"]["fingerprint"], home)
            if only is None:
                rare = rare_flags(sops, [line for _, line in calls], base_environment(place))
                checks.add("every flag three times", f"sops {version}", not rare, ", ".join(rare))
            comparison = Comparison(str(place / "bin/sops"), sops, place, home)
            failing = 0

            def one(item):
                section, line = item
                call = Call(line, recipients)
                return section, line, *comparison.differences(call)

            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                for section, line, found, theirs in pool.map(one, calls):
                    checks.peer("sops")
                    failing += theirs.code != 0
                    left = [(aspect, text) for aspect, text in found
                            if not listed.covers(aspect, line, text, theirs, version)]
                    checks.add(f"{section}, sops {version}", line, not left,
                               "; ".join(f"{aspect}: {text}" for aspect, text in left))
            checks.add("a hundred that fail", f"sops {version}", only is not None or failing >= 100, f"{failing}")
            print(f"sops {version}: {len(calls)} command lines, {failing} that fail, "
                  f"{len(checks.failures)} with an unlisted difference so far")
    golden.close()
    for text, count in sorted(listed.counts.items()):
        print(f"  listed, {count:4} times: {text}")
    checks.finish()


main()
