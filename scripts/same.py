#!/usr/bin/env python3
"""Whether two folders hold the same files, byte for byte.

    scripts/same.py ONE OTHER

Prints a line a file with its SHA-256. A zip package says in one byte of each entry of its directory on what system it
was made; two packages that differ in nothing else are the same, also where one lies in the other (the numbers in a chart
of a Word file). The record of a run holds the hashes of its outputs: those of such packages may differ in it, and nothing
else. Ends with 1 where something differs or is missing.
"""

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

ENTRY = b"PK\x01\x02"


def hostless(package: bytes) -> bytes:
    """The package with the byte that names its system at zero."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        start, count = opened.start_dir, len(opened.infolist())
    bare = bytearray(package)
    for _ in range(count):
        assert bare[start:start + 4] == ENTRY
        bare[start + 5] = 0
        start += 46 + sum(int.from_bytes(bare[start + at:start + at + 2], "little") for at in (28, 30, 32))
    return bytes(bare)


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def unlike(one: bytes, other: bytes) -> str | None:
    """How two files differ: `""` in the host byte alone, `None` not at all, else where."""
    if one == other:
        return None
    if one[:2] != b"PK" or other[:2] != b"PK":
        at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
        return f"from byte {at} on"
    if hostless(one) == hostless(other):
        return ""
    ours, theirs = parts(one), parts(other)
    if list(ours) != list(theirs):
        return "other parts"
    differing = {name: unlike(ours[name], theirs[name]) for name in ours}
    worse = {name: how for name, how in differing.items() if how}
    if worse:
        return "; ".join(f"{name} {how}" for name, how in worse.items())
    return "" if any(how == "" for how in differing.values()) else "its container"


def with_their_hashes(one: bytes, other: bytes, folders: tuple[Path, Path]) -> bytes:
    """A record with the other's hash of every output that differs in the host byte alone."""
    ours, theirs = (json.loads(record).get("outputs", {}) for record in (one, other))
    for name in ours.keys() & theirs.keys():
        here, there = (folder / name for folder in folders)
        if ours[name] != theirs[name] and here.is_file() and there.is_file():
            if unlike(here.read_bytes(), there.read_bytes()) == "":
                one = one.replace(ours[name].encode(), theirs[name].encode())
    return one


def main() -> int:
    one, other = (Path(argument) for argument in sys.argv[1:3])
    names = sorted({path.relative_to(root).as_posix() for root in (one, other) for path in root.rglob("*") if path.is_file()})
    counted = {"same": 0, "same but for the host byte": 0, "DIFFERENT": 0, "MISSING": 0}
    for name in names:
        here, there = one / name, other / name
        if not (here.is_file() and there.is_file()):
            verdict, digest = "MISSING", f"only in {one if here.is_file() else other}"
        else:
            how = unlike(here.read_bytes(), there.read_bytes())
            if how and here.name == "run.json":
                record = with_their_hashes(here.read_bytes(), there.read_bytes(), (here.parent, there.parent))
                how = "" if record == there.read_bytes() else how
            verdict = {None: "same", "": "same but for the host byte"}.get(how, "DIFFERENT")
            digest = hashlib.sha256(here.read_bytes()).hexdigest() if not how else how
        counted[verdict] += 1
        print(f"{verdict}\t{name}\t{digest}")
    print(f"{len(names)} files: " + ", ".join(f"{n} {verdict}" for verdict, n in counted.items() if n))
    return 1 if counted["DIFFERENT"] or counted["MISSING"] or not names else 0


if __name__ == "__main__":
    sys.exit(main())
