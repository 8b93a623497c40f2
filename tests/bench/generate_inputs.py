#!/usr/bin/env python3
"""Write the inputs of bench.py, deterministically.

Pure standard library, Python 3.9 or newer.  The output depends on --seed
alone: the same seed gives the same bytes on every machine, which
MANIFEST.sha256 in the output folder lets two people check.  Nothing written
here is a real credential.
"""
import argparse
import base64
import hashlib
import json
import os
import random
import sys

WORDS = ("alpha bravo cedar delta ember flint grove haven iris jade karst lumen "
         "maple north ochre pearl quartz ridge slate tidal umber vale willow xenon "
         "yarrow zephyr").split()
GROUP = 20          # leaves of one mapping; also the leaves of one monorepo file


def rng_for(seed, name):
    """A generator of its own for every file, so that --only changes nothing."""
    return random.Random(f"{seed}/{name}")


def below(rng, n):
    """0 .. n-1.  Only random() and randbytes() are used: both are stable across versions."""
    return int(rng.random() * n)


def word(rng):
    return WORDS[below(rng, len(WORDS))]


def text(rng, size):
    return base64.b64encode(rng.randbytes(size * 3 // 4 + 3), b"xy").decode()[:size]


def scalar(rng, size, mixed):
    """One leaf.  mixed: 6 % integers, 2 % floats, 2 % booleans, else strings."""
    if mixed:
        roll = rng.random()
        if roll < 0.06:
            return 1 + below(rng, 65535)
        if roll < 0.08:
            return (1 + below(rng, 9999)) / 8
        if roll < 0.10:
            return rng.random() < 0.5
    # 'k' in front keeps every YAML reader from taking the text for a number
    return "k" + text(rng, size - 1)


def groups(rng, leaves, size, mixed):
    """[(section, [(key, value), ...]), ...] holding exactly `leaves` leaves."""
    out = []
    done = 0
    while done < leaves:
        n = min(GROUP, leaves - done)
        section = f"svc_{len(out):05d}_{word(rng)}"
        out.append((section, [(f"{word(rng)}_{i:02d}", scalar(rng, size, mixed))
                              for i in range(n)]))
        done += n
    return out


def as_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def to_yaml(data, comment_every=0):
    lines = []
    seen = 0
    for section, pairs in data:
        lines.append(f"{section}:")
        for key, value in pairs:
            seen += 1
            if comment_every and seen % comment_every == 0:
                lines.append(f"    # note {seen} about {key}")
            lines.append(f"    {key}: {as_text(value)}")
    return "\n".join(lines) + "\n"


def to_json(data):
    return json.dumps({s: dict(p) for s, p in data}, indent=1) + "\n"


def to_env(data):
    return "".join(f"{s}_{k}".upper() + f"={as_text(v)}\n" for s, p in data for k, v in p)


def to_ini(data):
    return "\n".join(f"[{s}]\n" + "".join(f"{k} = {as_text(v)}\n" for k, v in p) for s, p in data)


WRITERS = {"yaml": to_yaml, "json": to_json, "env": to_env, "ini": to_ini}


class Out:
    def __init__(self, root, only):
        self.root, self.only, self.sums = root, only, []

    def wants(self, name):
        return not self.only or any(o in name for o in self.only)

    def put(self, name, chunks):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        digest = hashlib.sha256()
        with open(path, "wb") as f:
            for chunk in chunks:
                f.write(chunk)
                digest.update(chunk)
        self.sums.append((name, digest.hexdigest()))


def leaf_files(out, seed, counts, sizes, formats):
    for size in sizes:
        for count in counts:
            if count * size > 64 << 20:
                continue
            for fmt in formats:
                name = f"leaves/{fmt}-{count}x{size}.{fmt}"
                if out.wants(name):
                    # the same leaves in every format: the seed name leaves fmt out
                    data = groups(rng_for(seed, f"leaves-{count}x{size}"), count, size, size <= 64)
                    out.put(name, [WRITERS[fmt](data).encode()])


def shape_files(out, seed):
    name = "shapes/small-1k.yaml"                       # about 1 KiB, 20 leaves
    if out.wants(name):
        out.put(name, [to_yaml(groups(rng_for(seed, name), 20, 32, True)).encode()])
    name = "shapes/commented-10k.yaml"                  # a comment before each 10th leaf
    if out.wants(name):
        out.put(name, [to_yaml(groups(rng_for(seed, name), 10000, 32, True), 10).encode()])
    name = "shapes/list-10k.yaml"                       # one sequence of 10 000 strings
    if out.wants(name):
        rng = rng_for(seed, name)
        out.put(name, [("items:\n" + "".join(f"    - {scalar(rng, 32, False)}\n"
                                             for _ in range(10000))).encode()])
    name = "shapes/flat-10k.yaml"                       # one mapping of 10 000 keys
    if out.wants(name):
        rng = rng_for(seed, name)
        out.put(name, ["".join(f"key_{i:05d}: {scalar(rng, 32, False)}\n"
                               for i in range(10000)).encode()])
    for name in ("shapes/list-10k.json", "shapes/flat-10k.json"):   # the same two in JSON
        if out.wants(name):
            rng = rng_for(seed, name.replace(".json", ".yaml"))
            values = [scalar(rng, 32, False) for _ in range(10000)]
            data = ({"items": values} if "list" in name else
                    {f"key_{i:05d}": v for i, v in enumerate(values)})
            out.put(name, [(json.dumps(data, indent=1) + "\n").encode()])
    name = "shapes/comments-2k.yaml"                    # 2 000 comment lines in a row, 1 leaf
    if out.wants(name):
        rng = rng_for(seed, name)
        out.put(name, [("first: kone\n" + "".join(f"# {i:04d} {text(rng, 32)}\n"
                                                 for i in range(2000)) + "last: ktwo\n").encode()])
    name = "shapes/deep-60.yaml"                        # 60 levels, 10 leaves on each
    if out.wants(name):
        rng = rng_for(seed, name)
        lines = []
        for depth in range(60):
            pad = "    " * depth
            lines += [f"{pad}leaf_{i}: {scalar(rng, 32, False)}" for i in range(10)]
            lines.append(f"{pad}level_{depth + 1:02d}:")
        lines.append("    " * 60 + "end: kdone")
        out.put(name, [("\n".join(lines) + "\n").encode()])
    name = "shapes/blocks-1k.yaml"                      # 1 000 PEM-like literal blocks
    if out.wants(name):
        rng = rng_for(seed, name)
        lines = []
        for i in range(1000):
            lines.append(f"block_{i:04d}: |")
            lines.append("    -----BEGIN SAMPLE BLOCK-----")
            lines += ["    " + text(rng, 64) for _ in range(24)]
            lines.append("    -----END SAMPLE BLOCK-----")
        out.put(name, [("\n".join(lines) + "\n").encode()])
    name = "shapes/partial-10k.yaml"                    # 1 leaf in 20 ends in _secret
    if out.wants(name):
        data = groups(rng_for(seed, name), 10000, 32, True)
        data = [(s, [(k + ("_secret" if i == 0 else ""), v) for i, (k, v) in enumerate(p)])
                for s, p in data]
        out.put(name, [to_yaml(data).encode()])


def binary_files(out, seed, mib):
    for size in mib:
        name = f"binary/{size}m.bin"
        if out.wants(name):
            rng = rng_for(seed, name)
            out.put(name, (rng.randbytes(1 << 20) for _ in range(size)))


def monorepo(out, seed, files):
    for i in range(files):
        name = f"mono/team{i // 50:02d}/svc{i % 50:02d}.yaml"
        if out.wants(name):
            out.put(name, [to_yaml(groups(rng_for(seed, name), GROUP, 32, True)).encode()])


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ap.add_argument("--out", required=True, help="folder to write into")
    ap.add_argument("--seed", type=int, default=20240601)
    ap.add_argument("--counts", default="100,1000,10000,100000")
    ap.add_argument("--sizes", default="32,4096", help="bytes of one value")
    ap.add_argument("--formats", default="yaml,json,env,ini")
    ap.add_argument("--binary", default="1,10,100", help="MiB of each binary file")
    ap.add_argument("--files", type=int, default=500, help="files of the monorepo")
    ap.add_argument("--only", action="append", default=[], metavar="TEXT",
                    help="only the files whose name holds TEXT (may be repeated)")
    a = ap.parse_args()
    ints = lambda s: [int(x) for x in s.split(",") if x]
    out = Out(a.out, a.only)
    leaf_files(out, a.seed, ints(a.counts), ints(a.sizes), a.formats.split(","))
    shape_files(out, a.seed)
    binary_files(out, a.seed, ints(a.binary))
    monorepo(out, a.seed, a.files)
    with open(os.path.join(a.out, "MANIFEST.sha256"), "w") as f:
        f.writelines(f"{digest}  {name}\n" for name, digest in sorted(out.sums))
    total = sum(os.path.getsize(os.path.join(a.out, n)) for n, _ in out.sums)
    print(f"{len(out.sums)} files, {total / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
