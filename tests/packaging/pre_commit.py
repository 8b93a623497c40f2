#!/usr/bin/env python3
"""The hook of .pre-commit-hooks.yaml under the real pre-commit: a commit that holds a file in clear which should be sealed
is refused and named, one with the sealed file goes through.

usage: pre_commit.py LEAFSEAL SOURCE_DIR BUILD_DIR
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import Checks, absent_peer

LEAFSEAL, SOURCE_DIR = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
PRE_COMMIT = next((p for p in (str(SOURCE_DIR / ".venv/bin/pre-commit"), shutil.which("pre-commit") or "")
                   if p and os.access(p, os.X_OK)), None)


class Desk:
    def __init__(self, root):
        self.root = root
        programs = root / "bin"
        programs.mkdir()
        (programs / "leafseal").symlink_to(LEAFSEAL)
        (programs / "pre-commit").symlink_to(PRE_COMMIT)
        identity = shutil.copy(SOURCE_DIR / "testdata/golden/keys/age/a1.txt", root / "identity.txt")
        os.chmod(identity, 0o600)
        self.recipient = re.search(r"age1[0-9a-z]+", Path(identity).read_text())[0]
        self.variables = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(root), "PRE_COMMIT_HOME": str(root / "cache"),
                          "SOPS_AGE_KEY_FILE": str(identity), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
                          "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "t",
                          "GIT_COMMITTER_EMAIL": "t@t",
                          **{n: v for n, v in os.environ.items() if n.startswith(("ASAN", "UBSAN"))}}

    def run(self, folder, *words):
        done = subprocess.run(words, cwd=folder, env=self.variables, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def must(self, folder, *words):
        code, shown = self.run(folder, *words)
        assert code == 0, (words, shown)
        return shown.strip()

    def hook_repository(self):
        """What pre-commit clones: only the hook's file of this source matters to it."""
        folder = self.root / "hooks"
        folder.mkdir()
        shutil.copy(SOURCE_DIR / ".pre-commit-hooks.yaml", folder)
        self.must(folder, "git", "init", "-q")
        self.must(folder, "git", "add", "-A")
        self.must(folder, "git", "commit", "-qm", "hooks")
        return folder, self.must(folder, "git", "rev-parse", "HEAD")


def main():
    if PRE_COMMIT is None:
        absent_peer("pre_commit")
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Path(name))
        hooks, revision = desk.hook_repository()
        work = Path(name) / "work"
        (work / "deep").mkdir(parents=True)
        desk.must(work, "git", "init", "-q")
        (work / ".pre-commit-config.yaml").write_text(
            f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks: [{{id: leafseal}}]\n")
        (work / ".sops.yaml").write_text(f"creation_rules:\n  - path_regex: secret\n    age: {desk.recipient}\n")
        (work / "readme.md").write_text("plain, and may be\n")
        desk.must(work, "pre-commit", "install")
        desk.must(work, "git", "add", "-A")
        code, shown = desk.run(work, "git", "commit", "-m", "rules")
        checks.peer("pre_commit")
        checks.add("passes", "no secrets", code == 0 and "Passed" in shown, shown)

        secret = work / "deep/secret.yaml"
        secret.write_text("password: canary\n")
        desk.must(work, "git", "add", "-A")
        code, shown = desk.run(work, "git", "commit", "-m", "in clear")
        checks.add("refuses", "a file in clear", code == 1 and "deep/secret.yaml:1" in shown, shown)
        checks.add("refuses", "the value is not shown", "canary" not in shown)
        desk.must(work, "leafseal", "encrypt", "-i", "deep/secret.yaml")
        code, shown = desk.run(work, "git", "commit", "-m", "sealed, but not staged")
        checks.add("refuses", "what is staged counts", code == 1 and "deep/secret.yaml:1" in shown, shown)
        desk.must(work, "git", "add", "-A")
        code, shown = desk.run(work, "git", "commit", "-m", "sealed")
        checks.add("passes", "the sealed file", code == 0, shown)

        text = secret.read_text()
        secret.write_text(text.replace("ENC[AES256_GCM,data:", "ENC[AES256_GCM,data;", 1))
        code, shown = desk.run(work, "pre-commit", "run", "--all-files")
        desk.must(work, "git", "checkout", "-q", "deep/secret.yaml")
        checks.add("refuses", "a damaged leaf", code == 1 and "deep/secret.yaml" in shown, shown)
        code, shown = desk.run(work, "pre-commit", "run", "--all-files")
        checks.add("passes", "all files", code == 0, shown)
    checks.finish()


if __name__ == "__main__":
    main()
