#!/usr/bin/env python3
"""The licences of everything that is linked into the program, with their texts: for the archives.

    scripts/licences.py x86_64-pc-windows-gnu > THIRD-PARTY.txt

Reads `cargo metadata` of the locked dependencies (those of tests and build scripts left out) and the licence files of
their sources, as cargo has fetched them.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

NAMES = re.compile(r"(licen[cs]e|copying|notice|unlicense)", re.I)


def linked(metadata: dict) -> list[dict]:
    """The packages the program is linked from, itself left out."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    found, waiting = set(), [root]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        for dependency in nodes[here]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                waiting.append(dependency["pkg"])
    found.discard(root)
    return sorted((packages[it] for it in found), key=lambda it: (it["name"], it["version"]))


def main() -> None:
    arguments = ["--locked", "--format-version", "1", "--filter-platform", sys.argv[1]]
    output = subprocess.run(["cargo", "metadata", *arguments], check=True, capture_output=True)
    packages = linked(json.loads(output.stdout))
    texts: dict[str, list[str]] = {}
    print("fupan is linked from these packages, each under its own licence:\n")
    for package in packages:
        name = f"{package['name']} {package['version']}"
        print(f"{name}: {package['license'] or 'see its text below'}"
              f" – {', '.join(package['authors']) or package['repository'] or ''}")
        folder = Path(package["manifest_path"]).parent
        for path in sorted(folder.iterdir()):
            if path.is_file() and NAMES.search(path.name):
                text = path.read_text(encoding="utf-8", errors="replace").strip()
                texts.setdefault(text, []).append(name)
    print("\nIn it as well: the standard library of Rust (MIT OR Apache-2.0), SQLite (public domain).")
    for text, names in texts.items():
        print(f"\n{'=' * 78}\n{', '.join(names)}\n{'=' * 78}\n{text}")


if __name__ == "__main__":
    main()
