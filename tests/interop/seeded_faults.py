#!/usr/bin/env python3
r"""Puts small faults into a copy of leafseal, one at a time, and shows which tests catch each. Not part of ctest: it
builds the program once a fault.

usage: seeded_faults.py SOURCE_DIR [--only PATTERN] [--tests REGEX] [--preset NAME] [--jobs N]

  seeded_faults.py .                                   every fault, against the tests named beside it
  seeded_faults.py . --only '*blank line*'             one fault; the pattern is a shell's
  seeded_faults.py . --tests '^(seal|interop\..*)$'    other tests: which catch it as well?

The copy stands in SOURCE_DIR/build/seeded and is built with ccache where that is installed. Each line says which tests
failed that did not fail without the fault; the exit code is 1 if some fault was not caught. A fault whose text is no
longer found in the sources is reported, so that this list follows the code.
"""
import argparse
import fnmatch
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# name, file, what stands there, what is put in its place, the tests that are to notice it
FAULTS = [
    ("comments are bound to the root", "include/leafseal/walk.hpp",
     'node.lost || data.empty() ? std::string_view(":") : std::string_view(data)', 'std::string_view(":")',
     "seal|interop.golden"),
    ("the MAC covers the author's spelling", "src/seal/settle.cpp",
     "mac_.add(value.text);", "mac_.add(selected ? std::string_view(value.text) : document_.text(node.span));",
     "seal|interop.golden"),
    ("a blank line is dropped on decrypt", "src/seal/plain_text.cpp",
     "    if (lost_break_) text += '\\n';",
     "    if (lost_break_) text += '\\n';\n"
     "    if (const auto at = text.find(\"\\n\\n\"); at != std::string::npos) text.erase(at, 1);",
     "lossless.yaml"),
    ("associated data lacks its final colon", "include/leafseal/walk.hpp",
     "visitor.leaf(at, data);", "visitor.leaf(at, std::string_view(data).substr(0, data.size() - 1));",
     "seal"),
    ("the digest is in lower case", "src/crypto/mac.cpp", "0123456789ABCDEF", "0123456789abcdef", "crypto"),
    ("whole floats lose their zeros", "src/document/value.cpp",
     "out.append(static_cast<std::size_t>(d.point - count), '0');", "", "document"),
    ("suffix rules forget the ancestors", "src/seal/selection.cpp",
     "const bool matched = outer.key_matched || (key && key_matches(*key));",
     "const bool matched = key && key_matches(*key);", "seal"),
    ("an unchanged document gets a new date", "src/seal/seal_document.cpp",
     "if (result.text == options_.previous->sealed.source()) return result;", "if (false) return result;",
     "interop.quiet"),
    ("the stash ignores the type of a value", "src/seal/token_stash.cpp",
     'key.append(":").append(type_name).append(":")', 'key.append(":").append(type_name.substr(0, 0)).append(":")',
     "seal"),
    ("layout records are not looked at", "src/seal/plain_text.cpp",
     "render(read_layout(opened, cipher, warn))",
     "render((read_layout(opened, cipher, warn), LayoutRecords()))", "lossless.yaml"),
    ("files are written in place", "src/base/file_replace.cpp",
     "int done = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), must_be_new ? RENAME_NOREPLACE : 0U);",
     "int done = -1;\n    {\n      std::string all = read_file(path_);\n"
     "      Descriptor in_place(::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));\n"
     "      if (write_all(in_place.get(), all)) done = 0;\n      ::unlink(path_.c_str());\n    }",
     "interop.faults"),
    ("plaintext is written before the MAC is checked", "src/seal/open_document.cpp",
     "if (!options_.ignore_mac) verify_mac();", "if (!options_.ignore_mac && mac_.digest().empty()) verify_mac();",
     "seal|cli.safety"),
]
TARGETS = {"crypto": "test_crypto", "document": "test_document", "seal": "test_seal", "lossless.yaml": "test_lossless",
           "interop.faults": "fault_preload"}


def run(command, folder, **more):
    env = dict(os.environ, LEAFSEAL_DOCUMENTS="400", **more)
    return subprocess.run(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")


def copy_of(source, target):
    """The committed and changed files of the source directory, and its .venv."""
    names = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], source).stdout.split("\0")
    for name in filter(None, names):
        if name.startswith("build/") or not (source / name).is_file():
            continue
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if not to.exists() or to.read_bytes() != (source / name).read_bytes():
            shutil.copy(source / name, to)
    if (source / ".venv").exists() and not (target / ".venv").exists():
        (target / ".venv").symlink_to(source / ".venv")


def pattern(tests):
    return "^(" + tests.replace(".", r"\.") + ")$"


def build(folder, options):
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    for command in (["cmake", "--preset", options.preset, *launcher],
                    ["cmake", "--build", "--preset", options.preset, "-j", options.jobs, "--target", "leafseal",
                     "generate_documents", *TARGETS.values()]):
        done = run(command, folder)
        if done.returncode != 0:
            return done.stdout[-1500:]
    return ""


def failing(folder, tests, options):
    out = run(["ctest", "--preset", options.preset, "-R", tests, "-j", options.jobs], folder).stdout
    return re.findall(r"^\s+\d+ - (\S+) \((?!Skipped|Not Run)", out, re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source_dir")
    parser.add_argument("--only", default="*", help="faults whose name fits this pattern")
    parser.add_argument("--tests", help="a regular expression of ctest instead of the tests beside each fault")
    parser.add_argument("--preset", default="ci")
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args()
    source = Path(options.source_dir).resolve()
    folder = source / "build/seeded"
    copy_of(source, folder)
    if trouble := build(folder, options):
        sys.exit(f"does not build without a fault:\n{trouble}")
    chosen = [fault for fault in FAULTS if fnmatch.fnmatch(fault[0], options.only)]
    all_tests = options.tests or pattern("|".join(fault[4] for fault in chosen))
    already = set(failing(folder, all_tests, options))
    print(f"without a fault {len(already)} tests fail: {' '.join(sorted(already))}", flush=True)
    caught = missed = 0
    for name, file, old, new, tests in chosen:
        text = (folder / file).read_text()
        if text.count(old) != 1:
            print(f"NOT SEEDED  {name}: {file} holds its text {text.count(old)} times")
            missed += 1
            continue
        (folder / file).write_text(text.replace(old, new))
        trouble = build(folder, options)
        found = [] if trouble else [test for test in failing(folder, options.tests or pattern(tests), options)
                                    if test not in already]
        (folder / file).write_text(text)
        if trouble:
            print(f"NOT BUILT   {name}: {trouble[-600:]}")
        else:
            print(f"{'caught' if found else 'MISSED':11} {name}: {' '.join(found)}", flush=True)
        caught += bool(found)
        missed += not found
    print(f"{caught} faults caught, {missed} not")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
