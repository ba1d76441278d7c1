#!/usr/bin/env python3
"""Archives a folder so that the same files make the same bytes.

    scripts/archive.py FOLDER zip|tar.gz SECONDS

Every entry has the given time and no owner; names are UTF-8, and said to be.
"""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path


def main() -> None:
    folder, kind, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    name = lambda path: f"{folder.name}/{path.relative_to(folder).as_posix()}"  # noqa: E731
    runs = lambda path: os.access(path, os.X_OK)  # noqa: E731
    out = folder.with_name(f"{folder.name}.{kind}")
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in files:
                entry = zipfile.ZipInfo(name(path), time.gmtime(seconds)[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if runs(path) else 0o644) << 16
                archive.writestr(entry, path.read_bytes())
    else:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path in files:
                entry = tarfile.TarInfo(name(path))
                entry.size, entry.mtime, entry.mode = path.stat().st_size, seconds, 0o755 if runs(path) else 0o644
                with path.open("rb") as bytes_of:
                    archive.addfile(entry, bytes_of)
        out.write_bytes(gzip.compress(packed.getvalue(), compresslevel=9, mtime=seconds))
    print(f"{out.name}: {out.stat().st_size} bytes")


main()
