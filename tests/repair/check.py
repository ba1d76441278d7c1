"""What would make Excel, Word or PowerPoint offer to repair a file, or refuse it: one line each, tab-separated.

    python3 tests/repair/check.py FILE …        every fault of every file
    python3 tests/repair/check.py -o OLD FILE   only those OLD does not have
    python3 tests/repair/check.py -l LIST       files named in a file, a line each: FILE or FILE<tab>OLD

The rules are those of Open XML, the limits Excel states and what it is known to repair; nothing but Python is needed."""
import re
import sys
from collections import Counter
from pathlib import Path

import document
from package import Package
from workbook import Workbook


def check(bytes_):
    """A file by its bytes, with its faults."""
    package = Package(bytes_)
    package.book = None
    main = [link.to for link in package.links("").values() if link.kind == "officeDocument"] if package.zip else []
    if package.zip and not main:
        package.tell("", "no-main-part")
    for part in main[:1]:
        if not package.has(part):
            continue
        kind = package.type_of(part)
        if "spreadsheetml" in kind:
            package.book = Workbook(package, part)
        elif "wordprocessingml" in kind or "presentationml" in kind:
            document.look(package, part, check)
        else:
            package.tell(part, "main-part-type", kind)
    return package


def alike(fault):
    """A fault whatever the numbers in it: parts and ids are counted anew in a copy."""
    return tuple(re.sub(r"\d+", "#", word) for word in fault)


def asked(arguments):
    if arguments[0] == "-l":
        for line in Path(arguments[1]).read_text("utf-8").splitlines():
            yield (*line.split("\t"), "")[:2]
    elif arguments[0] == "-o":
        yield arguments[2], arguments[1]
    else:
        yield from ((file, "") for file in arguments)


def main():
    files = 0
    for file, old in asked(sys.argv[1:]):
        files += 1
        known = Counter(map(alike, check(Path(old).read_bytes()).faults)) if old else Counter()
        for fault in check(Path(file).read_bytes()).faults:
            if known[alike(fault)] > 0:
                continue
            print("\t".join((Path(file).name, *fault)).replace("\n", " "))
    print(f"{files} files looked at")


if __name__ == "__main__":
    main()
