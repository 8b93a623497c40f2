#!/usr/bin/env python3
"""Reads from the ELF file that the hardening of cmake/hardening.cmake arrived ([B1], [B5]).

usage: hardening.py BINARY SOURCE_DIR [--sanitized]
"""
import re
import subprocess
import sys

MOST_SHARED_OBJECTS = 12


def tool(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, errors="replace").stdout


def main():
    binary, source_dir = sys.argv[1:3]
    sanitized = "--sanitized" in sys.argv
    header = tool("readelf", "-hW", binary)
    segments = tool("readelf", "-lW", binary)
    dynamic = tool("readelf", "-dW", binary)
    symbols = tool("readelf", "-sW", "--dyn-syms", binary)
    stack = re.search(r"GNU_STACK.*", segments)
    checks = {
        "is a position independent executable": "DYN" in header and re.search(r"FLAGS_1.*PIE", dynamic),
        "relocations are read-only": "GNU_RELRO" in segments and re.search(r"BIND_NOW|FLAGS_1.*NOW", dynamic),
        "the stack is not executable": stack and "E" not in stack[0].split()[6],
        "no segment is writable and executable": not re.search(r"LOAD.* RWE ", segments),
        "no library search path": not re.search(r"\((RPATH|RUNPATH)\)", dynamic),
        "stack protector": "__stack_chk_fail" in symbols,
    }
    if not sanitized:
        # `ldd` lists what is mapped at start, the dynamic linker and the kernel's page included.
        objects = [line.split()[0] for line in tool("ldd", binary).splitlines()]
        lazy = [name for name in objects if re.search(r"curl|gpgme|libpq", name)]
        checks[f"at most {MOST_SHARED_OBJECTS} shared objects (has {len(objects)})"] = (
            len(objects) <= MOST_SHARED_OBJECTS)
        checks["no network or PGP library at start"] = not lazy
        checks["no path of the builder"] = source_dir.encode() not in open(binary, "rb").read()
    for name, good in checks.items():
        if not good:
            print("FAIL", name)
    passed = sum(bool(good) for good in checks.values())
    print(f"{passed} passed, {len(checks) - passed} failed")
    return 0 if passed == len(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
