#!/usr/bin/env python3
"""exec-env and exec-file as programs meet them: signals, pipes, files that must be gone, rights, the environment
[F11, F12, F13, F14, C7].

usage: exec_commands.py LEAFSEAL SOURCE_DIR [SEED]
"""
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from terminal import CANARY, Desk, Session, run_all

LEAFSEAL, SOURCE_DIR = sys.argv[1:3]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
ENV = f"USER={CANARY}\nPORT=1\n"


def desk(plain=ENV, name="secrets.env"):
    return Desk(LEAFSEAL, SOURCE_DIR, plain, name)


def start(d, *arguments, **options):
    return subprocess.Popen([d.leafseal, *arguments], cwd=d.directory, env=d.variables, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def left_behind(d):
    """Private directories, and files with the plaintext in them."""
    found = [str(path) for path in d.temporary.iterdir()]
    for path in d.root.rglob("*"):
        if path.is_file() and not path.is_fifo() and CANARY.encode() in path.read_bytes():
            found.append(str(path))
    return found


def wait_for(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come")
        time.sleep(0.01)


# --- exit status and signals ------------------------------------------------------------------------------------------


def the_exit_status_is_the_commands_own():
    with desk() as d:
        for code in (0, 1, 2, 125, 128, 200, 255):
            assert d.run("exec-env", d.file.name, f"exit {code}", code=code).stdout == ""
            assert d.run("exec-file", d.file.name, "--", "/bin/sh", "-c", f"exit {code}", code=code).stderr == ""
        for name in ("KILL", "TERM", "SEGV"):
            done = d.run("exec-env", d.file.name, "--", "/bin/sh", "-c", f"kill -{name} $$", code=255)
            assert done.stderr.startswith("leafseal: error: signal: "), done.stderr


def the_exit_status_is_known_where_ends_of_children_are_ignored():
    with desk() as d:
        done = start(d, "exec-env", d.file.name, "exit 5", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
        assert done.communicate(timeout=20) and done.returncode == 5


def signals_are_passed_on_and_waited_for():
    names = ("HUP", "INT", "QUIT", "TERM", "USR1", "USR2")
    with desk() as d:
        script = d.root / "trap.sh"
        traps = "".join(f"trap 'echo got {name}; exit 40' {name}\n" for name in names)
        script.write_text(f"#!/bin/sh\n{traps}touch {d.root}/ready\nwhile :; do sleep 0.01; done\n")
        script.chmod(0o755)
        for command in (("exec-env", d.file.name), ("exec-file", d.file.name), ("exec-file", "--no-fifo", d.file.name)):
            for name in names:
                process = start(d, *command, "--", str(script), "{}")
                wait_for((d.root / "ready").exists, "the command")
                process.send_signal(getattr(signal, f"SIG{name}"))
                out, err = process.communicate(timeout=20)
                assert (out, process.returncode) == (f"got {name}\n", 40), (command, name, out, err, process.returncode)
                (d.root / "ready").unlink()
                assert not left_behind(d)


def a_terminals_interrupt_comes_once_and_ends_us_like_the_command():
    with desk() as d:
        count = d.root / "count"
        d.script(f"trap 'echo x >> {count}; trap - INT; kill -INT $$' INT\necho ready\nwhile :; do sleep 0.01; done\n")
        session = Session([d.leafseal, "exec-file", "--no-fifo", d.file.name, "--", d.variables["EDITOR"], "{}"],
                          d.variables, d.directory)
        session.expect("ready")
        session.send("\x03")
        assert session.wait() == -signal.SIGINT, session.text
        assert count.read_text() == "x\n" and not left_behind(d)


def an_ignored_signal_stays_ignored():
    with desk() as d:
        for command in ("exec-env", "exec-file"):
            process = start(d, command, d.file.name, "--", "/bin/sh", "-c", f"touch {d.root}/ready; sleep 0.3; echo lived",
                            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
            wait_for((d.root / "ready").exists, "the command")
            process.send_signal(signal.SIGHUP)
            assert process.communicate(timeout=20)[0] == "lived\n" and process.returncode == 0
            (d.root / "ready").unlink()


# --- F11: the file that is to be gone -------------------------------------------------------------------------------


def f11_nothing_stays_whatever_the_moment_of_a_signal():
    moments = random.Random(SEED)
    plain = ENV * 5000  # more than a pipe holds
    with desk() as d:
        big = d.directory / "big.env"
        big.write_text("".join(f"K{n}={CANARY}\n" for n in range(5000)))
        d.run("encrypt", "-i", big.name)
        for name in ("HUP", "INT", "QUIT", "TERM", "PIPE"):
            number = getattr(signal, f"SIG{name}")
            for moment in range(16):
                mode = ("--no-fifo",) if moment % 2 else ()
                process = start(d, "exec-file", *mode, big.name, "cat {} | wc -c; sleep 0.1")
                delay = moments.uniform(0, 0.12)
                time.sleep(delay)
                process.send_signal(number)
                out, err = process.communicate(timeout=20)
                where = f"{name} after {delay * 1000:.1f} ms (seed {SEED}): exit {process.returncode} {out} {err}"
                assert process.returncode in (0, 1, 255, -number), where
                assert not left_behind(d), (where, left_behind(d))
                assert CANARY not in out + err, where
    assert len(plain) > 65536


def f11_a_killed_leafseal_leaves_no_server_and_no_plaintext():
    with desk() as d:
        process = start(d, "exec-file", d.file.name, f"echo {{}} > {d.root}/ready; sleep 1")
        wait_for(lambda: (d.root / "ready").exists() and (d.root / "ready").read_text(), "the command")
        pipe = (d.root / "ready").read_text().strip()
        process.kill()
        process.wait(timeout=20)
        time.sleep(0.1)
        reader = subprocess.run(["timeout", "0.3", "cat", pipe], capture_output=True, text=True)
        assert reader.stdout == "" and reader.returncode == 124, reader
        assert not [path for path in left_behind(d) if "leafseal-exec" not in path]
        d.run("exec-file", d.file.name, "true")  # and the next run removes what it left
        assert not left_behind(d), left_behind(d)


def f11_a_big_text_reaches_each_reader_whole():
    text = "".join(f"{CANARY} {n}\n" for n in range(200_000))
    with desk(text, "big.txt") as d:
        digest = hashlib.sha256(text.encode()).hexdigest()
        done = d.run("exec-file", "big.txt", "for i in 1 2 3 4 5; do sha256sum < {}; done")
        assert done.stdout == f"{digest}  -\n" * 5, done


def f11_readers_that_leave_early_or_never_come_hold_nobody_up():
    text = "".join(f"line {n}\n" for n in range(100_000))
    with desk(text, "big.txt") as d:
        begin = time.monotonic()
        assert d.run("exec-file", "big.txt", "head -n 1 {}; : < {}; tail -n 1 {}").stdout == "line 0\nline 99999\n"
        d.run("exec-file", "big.txt", "true")
        d.run("exec-file", "big.txt", "exec 3< {}; exec true")  # opened, never read
        assert time.monotonic() - begin < 20


def f11_a_pipe_can_be_opened_while_another_reader_has_it():
    text = "".join(f"line {n}\n" for n in range(100_000))
    with desk(text, "big.txt") as d:
        done = d.run("exec-file", "big.txt", "{ sleep 0.2; wc -c; cat {} | wc -c; } < {}")
        assert done.stdout.split() == [str(len(text))] * 2, done


def f11_an_empty_text_is_an_end():
    with desk() as d:
        (d.directory / "empty.txt").write_text("")
        d.run("encrypt", "-i", "empty.txt")
        assert d.run("exec-file", "empty.txt", "cat {}; wc -c < {}").stdout.strip() == "0"


def f11_the_command_has_no_other_descriptor():
    with desk() as d:
        for command in (("exec-env", d.file.name), ("exec-file", d.file.name), ("exec-file", "--no-fifo", d.file.name)):
            done = d.run(*command, "--", "/bin/ls", "/proc/self/fd")
            assert done.stdout.split() == ["0", "1", "2", "3"], (command, done.stdout)  # 3 is ls's own


def f11_background_keeps_the_file_until_the_command_ends():
    with desk() as d:
        out = d.root / "out"
        for mode in ((), ("--no-fifo",)):
            d.run("exec-file", "--background", *mode, d.file.name, f"sleep 0.3; wc -l < {{}} > {out}.part; mv {out}.part {out}")
            wait_for(out.exists, "the command's output")
            assert out.read_text().strip() == "2"
            out.unlink()
            wait_for(lambda: not left_behind(d), "the end of the directory")
        done = d.run("exec-env", "--background", d.file.name, f"sleep 0.2; test -n \"$USER\" && touch {out}; echo lost")
        assert done.stdout == "" and not out.exists()
        wait_for(out.exists, "the command")
        d.variables["TMPDIR"] = "/proc"
        assert "--background option is deprecated" in d.run("exec-env", "--verbose", "--background", d.file.name, "true").stderr


# --- F12: who gets the keys -------------------------------------------------------------------------------------------


def f12_keys_are_kept_from_the_command_on_request_and_secrets_from_argv():
    with desk() as d:
        d.variables["SOPS_AGE_KEY"] = open(d.variables["SOPS_AGE_KEY_FILE"]).read()
        for name in ("SOPS_AGE_KEY_CMD", "SOPS_AGE_SSH_PRIVATE_KEY_CMD"):
            d.variables[name] = "/bin/cat /dev/null"
        hidden = ("SOPS_AGE_KEY", "SOPS_AGE_KEY_CMD", "SOPS_AGE_SSH_PRIVATE_KEY_CMD")
        for command in ("exec-env", "exec-file"):
            plain = d.run(command, d.file.name, "env").stdout
            less = d.run(command, "--hide-keys", d.file.name, "env").stdout
            for name in hidden:
                assert f"\n{name}=" in "\n" + plain and f"\n{name}=" not in "\n" + less, (command, name)
        process = start(d, "exec-env", d.file.name, "--", "sleep", "0.4")
        time.sleep(0.2)
        lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in os.listdir("/proc")
                 if pid.isdigit() and Path(f"/proc/{pid}/cmdline").exists()]
        process.wait(timeout=20)
        assert not [line for line in lines if CANARY in line]


def a_pristine_environment_is_the_files_and_nothing_else():
    with desk() as d:
        assert sorted(d.run("exec-env", "--pristine", d.file.name, "--", "/usr/bin/env", "-u", "X").stdout.split()) == \
            ["PORT=1", f"USER={CANARY}"]


# --- F13: variables that steer programs -------------------------------------------------------------------------------


def f13_variables_that_decide_what_runs_are_told_and_refused():
    names = ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_X", "BASH_ENV", "ENV", "IFS", "PATH", "BASH_FUNC_ls%%", "PS4", "SHELLOPTS"]
    with desk() as d:
        for name in names:
            (d.directory / "v.env").write_text(f"{name}=/nowhere\nA=1\n")
            d.run("encrypt", "-i", "v.env")
            words = ("exec-env", "v.env", "--", "/bin/true", "x")
            assert f"warning: the file sets {name}, which decides" in d.run(*words).stderr
            done = d.run("exec-env", "--strict", *words[1:], code=10)
            assert f"error: the file sets {name}, which decides" in done.stderr and "warning" not in done.stderr
        for name in ("PATHS", "MY_PATH", "XLD_PRELOAD", "ENVIRONMENT", "ifs"):
            (d.directory / "v.env").write_text(f"{name}=/nowhere\n")
            d.run("encrypt", "-i", "v.env")
            assert d.run("exec-env", "--strict", "v.env", "--", "/bin/true", "x").stderr == ""


# --- F14: key files that others can read ------------------------------------------------------------------------------


def f14_private_keys_that_others_can_read_are_told():
    keys = Path(SOURCE_DIR) / "testdata/golden/keys"
    ssh = next(path for path in keys.rglob("*ed25519*") if path.suffix != ".pub" and path.is_file())
    with desk() as d:
        age = Path(d.variables["SOPS_AGE_KEY_FILE"])
        config, home = d.root / "config", d.root / "home"
        places = {"SOPS_AGE_KEY_FILE": age, "XDG_CONFIG_HOME": config / "sops/age/keys.txt",
                  "SOPS_AGE_SSH_PRIVATE_KEY_FILE": d.root / "ssh_key", "HOME": home / ".ssh/id_ed25519"}
        for path in places.values():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path != age:
                shutil.copy(ssh if "ssh" in str(path) else age, path)
            path.chmod(0o600)
        shutil.copy(places["HOME"], home / ".ssh/id_rsa")  # read as a private key whatever its kind
        places["HOME rsa"] = home / ".ssh/id_rsa"
        places["HOME rsa"].chmod(0o600)
        d.variables.update(XDG_CONFIG_HOME=str(config), HOME=str(home),
                           SOPS_AGE_SSH_PRIVATE_KEY_FILE=str(places["SOPS_AGE_SSH_PRIVATE_KEY_FILE"]))
        assert d.run("decrypt", d.file.name).stderr == ""
        for name, path in places.items():
            for mode in (0o640, 0o604, 0o440):
                path.chmod(mode)
                done = d.run("decrypt", d.file.name)
                assert done.stderr.count("can be read by other users") == 1 and str(path) in done.stderr, (name, done.stderr)
            path.chmod(0o600)


# --- C7: strings from files on the way into argv ----------------------------------------------------------------------


def c7_what_a_file_names_reaches_argv_only_when_it_is_checked():
    with desk() as d:
        log = d.root / "argv"
        gpg = d.root / "fake-gpg"
        gpg.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >> {log}\nexit 1\n")
        gpg.chmod(0o755)
        d.variables["SOPS_GPG_EXEC"] = str(gpg)
        for bad in ("--output=/tmp/x", "-o", "DEADBEEFDEADBEEF;id", "../../DEADBEEFDEADBEEF", "0xDEADBEEFDEADBEE\u00e9",
                    "$(id)DEADBEEFDEADBEEF", "DEADBEEFDEADBEEF\n--homedir"):
            for words in (("encrypt", "--pgp", bad, "plain.env"), ("--config", "rules.yaml", "encrypt", "plain.env")):
                (d.directory / "plain.env").write_text("A=1\n")
                (d.directory / "rules.yaml").write_text("creation_rules:\n- pgp: " + repr(bad).replace("\\n", "\n\n") + "\n")
                environment = {k: v for k, v in d.variables.items() if k != "SOPS_AGE_RECIPIENTS"}
                done = subprocess.run([d.leafseal, *words], cwd=d.directory, env=environment, capture_output=True, text=True)
                assert done.returncode != 0 and done.stdout == "", (bad, done)
        assert not log.exists(), log.read_text()
        # What a sealed file says of its recipients is in no word of gpg's at all.
        sealed = d.file.read_text().replace("sops_age__list_0__map_recipient", "sops_pgp__list_0__map_fp") \
            .replace("sops_age__list_0__map_enc", "sops_pgp__list_0__map_enc")
        sealed = re.sub(r"(map_fp=).*", r"\1--output=/tmp/x", sealed)
        d.file.write_text(sealed + "sops_pgp__list_0__map_created_at=2026-01-01T00:00:00Z\n")
        d.run("decrypt", d.file.name, code=128)
        assert log.read_text().split() == ["-d"], log.read_text()


def c7_a_plugin_is_named_by_letters_only():
    plain = 'x: "1"\n'
    with desk(plain, "f.yaml") as d:
        evil = d.root / "evil"
        evil.write_text(f"#!/bin/sh\ntouch {d.root}/ran\n")
        evil.chmod(0o755)
        d.variables["PATH"] += f":{d.root}"
        for name in ("../evil", "-x", "a/b", "a b"):
            recipient = bech32(f"age1{name}", b"\1\2\3")
            done = subprocess.run([d.leafseal, "encrypt", "--age", recipient, d.file.name], cwd=d.directory,
                                  env=d.variables, capture_output=True, text=True)
            assert done.returncode != 0, (name, done)
            d.variables["SOPS_AGE_KEY"] = bech32(f"AGE-PLUGIN-{name}-".lower(), b"\1\2\3").upper()
            d.run("decrypt", d.file.name)
        assert not (d.root / "ran").exists()


def bech32(prefix, data):
    """BIP 173 without its limit of length."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in data)
    values = [int(bits[i:i + 5].ljust(5, "0"), 2) for i in range(0, len(bits), 5)]

    def checksum(words):
        state = 1
        for word in words:
            top, state = state >> 25, (state & 0x1FFFFFF) << 5 ^ word
            for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                state ^= generator if top >> i & 1 else 0
        return state
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    end = checksum(head + values + [0] * 6) ^ 1
    return prefix + "1" + "".join(letters[v] for v in values + [end >> 5 * (5 - i) & 31 for i in range(6)])


# --- another user, the same process -----------------------------------------------------------------------------------


def another_user_gets_its_rights_and_none_of_ours():
    with desk() as d:
        if os.geteuid() != 0:
            d.run("exec-env", "--user", "root", d.file.name, "true", code=1)
            return
        d.root.chmod(0o755)
        d.temporary.chmod(0o1777)
        user = "nobody"
        expected = subprocess.run(["id", user], capture_output=True, text=True).stdout
        for command in (("exec-env",), ("exec-file",), ("exec-file", "--no-fifo"), ("exec-env", "--same-process")):
            done = d.run(*command, "--user", user, d.file.name,
                         "id; grep -E '^(Uid|Gid|CapEff|CapPrm|NoNewPrivs)' /proc/self/status; echo $HOME $LOGNAME; wc -l < {}"
                         if command[0] == "exec-file" else
                         "id; grep -E '^(Uid|Gid|CapEff|CapPrm)' /proc/self/status; echo $HOME $LOGNAME; echo 2")
            assert done.stdout.startswith(expected), (command, done.stdout, expected)
            assert re.search(r"Uid:\s+(\d+)\s+\1\s+\1\s+\1\n", done.stdout) and "CapEff:\t0000000000000000" in done.stdout
            assert "CapPrm:\t0000000000000000" in done.stdout and done.stdout.endswith(f" {user}\n2\n"), done.stdout
            assert not left_behind(d)
        # The file wins over the user's variables, as in sops.
        assert d.run("exec-env", "--pristine", "--user", user, d.file.name, "echo $USER").stdout == CANARY + "\n"
        done = d.run("exec-env", "--user", "no-such-user", d.file.name, "touch ran", code=1)
        assert "user: unknown user no-such-user" in done.stderr and not (d.directory / "ran").exists()
        # Who is not root cannot, and then nothing runs.
        d.variables["SOPS_AGE_KEY"] = open(d.variables.pop("SOPS_AGE_KEY_FILE")).read()
        d.file.chmod(0o644)
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", d.leafseal, "exec-env",
                               "--user", "root", d.file.name, "echo ran"], cwd=d.directory, env=d.variables,
                              capture_output=True, text=True)
        assert done.returncode == 1 and done.stdout == "" and "cannot become user root" in done.stderr, done


def the_same_process_becomes_the_command():
    with desk() as d:
        process = start(d, "exec-env", "--same-process", d.file.name, "--", "/bin/sh", "-c", "echo $$ $PORT")
        assert process.communicate(timeout=20)[0] == f"{process.pid} 1\n"


def m2_the_command_gets_the_core_limit_back():
    soft = resource.getrlimit(resource.RLIMIT_CORE)[0]
    expected = "unlimited" if soft == resource.RLIM_INFINITY else str(soft // 512)
    with desk() as d:
        for words in (("exec-env",), ("exec-env", "--same-process"), ("exec-file",)):
            assert d.run(*words, d.file.name, "ulimit -c").stdout.strip() == expected


if __name__ == "__main__":
    print(f"seed {SEED}")
    helpers = ("desk", "start", "left_behind", "wait_for", "bech32")
    sys.exit(run_all([value for name, value in list(globals().items())
                      if callable(value) and getattr(value, "__module__", "") == "__main__" and name not in helpers]))
