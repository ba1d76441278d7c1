"""The package of an Office file: its zip, content types, relationships and XML, and what is wrong with them.

Only what makes an Office program refuse or "repair" a file is told, each as (part, rule, text)."""
import io
import posixpath
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from urllib.parse import unquote

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

# What the target of a relationship has to be, by the last word of its type.
WANTED = {
    "worksheet": "spreadsheetml.worksheet+xml", "chartsheet": "spreadsheetml.chartsheet+xml",
    "styles": "styles+xml", "sharedStrings": "spreadsheetml.sharedStrings+xml",
    "table": "spreadsheetml.table+xml", "drawing": "drawing+xml", "chart": "drawingml.chart+xml",
    "comments": "spreadsheetml.comments+xml", "vmlDrawing": "vmlDrawing", "theme": "theme+xml",
    "calcChain": "calcChain+xml", "externalLink": "externalLink+xml", "slide": "presentationml.slide+xml",
    "slideLayout": "presentationml.slideLayout+xml", "slideMaster": "presentationml.slideMaster+xml",
}


def units(text):
    """Characters as Office counts them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def local(element):
    return element.tag.rsplit("}", 1)[-1]


class Link:
    """Where a relationship leads: its kind (last word of its type), the part or address, and whether it is outside."""

    def __init__(self, kind, to, outside):
        self.kind, self.to, self.outside = kind, to, outside


class Package:
    """A file as its parts; `faults` fills up as they are read."""

    def __init__(self, bytes_):
        self.faults, self.trees, self.read_links = [], {}, {}
        self.bytes = bytes_
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(bytes_))
        except zipfile.BadZipFile as error:
            self.zip, self.parts = None, {}
            self.tell("", "zip", str(error))
            return
        self.parts = {entry.filename.lstrip("/").lower(): entry.filename for entry in self.zip.infolist()}
        self.look_at_zip()
        self.look_at_types()
        for name in list(self.parts.values()):
            if name.lower().endswith((".xml", ".rels", ".vml")):
                self.tree(name)
        for name in list(self.parts):
            if name.endswith(".rels"):
                folder, of = posixpath.split(name)
                owner = posixpath.join(posixpath.dirname(folder), of[: -len(".rels")]).lstrip("/")
                if owner and owner not in self.parts:
                    self.tell(name, "links-of-nothing", "the part it belongs to is missing")
                self.links(owner)

    def tell(self, part, rule, text=""):
        self.faults.append((part, rule, str(text)[:200]))

    def has(self, part):
        return part.lstrip("/").lower() in self.parts

    def read(self, part):
        return self.zip.read(self.parts[part.lstrip("/").lower()])

    # The zip itself.

    def look_at_zip(self):
        names = Counter(entry.filename.replace("\\", "/").lower() for entry in self.zip.infolist())
        for name, times in names.items():
            if times > 1:
                self.tell(name, "zip-name-twice", times)
        for entry in self.zip.infolist():
            name = entry.filename
            if entry.flag_bits & 1:
                self.tell(name, "zip-encrypted")
            if entry.compress_type not in (0, 8):
                self.tell(name, "zip-method", entry.compress_type)
            if name.startswith("/") or ".." in name.split("/") or "\\" in entry.orig_filename:
                self.tell(name, "zip-path")
            self.look_at_header(entry)
        try:
            broken = self.zip.testzip()
            if broken:
                self.tell(broken, "zip-checksum")
        except Exception as error:  # whatever zipfile makes of a broken stream
            self.tell("", "zip", error)

    def look_at_header(self, entry):
        header = self.bytes[entry.header_offset : entry.header_offset + 30]
        if header[:4] != b"PK\3\4":
            self.tell(entry.filename, "zip-header")
            return
        _, flags, method, _, _, crc, packed, size, _, _ = struct.unpack("<HHHHHIIIHH", header[4:])
        if method != entry.compress_type:
            self.tell(entry.filename, "zip-header", "another method")
        if not flags & 8 and (crc, packed, size) != (entry.CRC, entry.compress_size, entry.file_size):
            self.tell(entry.filename, "zip-header", "other sizes")
        if not entry.filename.isascii() and not flags & 0x800:
            self.tell(entry.filename, "zip-name-encoding")

    # XML.

    def tree(self, part):
        """The root element of a part, `None` where there is none; prefixes are looked at on the way."""
        key = part.lstrip("/").lower()
        if key in self.trees:
            return self.trees[key]
        raw, root, bound, open_ = self.read(part), None, [], []
        if b"<!DOCTYPE" in raw[:2000]:
            self.tell(part, "xml-doctype")
        try:
            for event, it in ET.iterparse(io.BytesIO(raw), ("start-ns", "end-ns", "start", "end")):
                if event == "start-ns":
                    bound.append(it[0])
                elif event == "end-ns":
                    bound.pop()
                elif event == "start":
                    if root is None:
                        root = it
                    open_.append(it)
                    named = it.get(f"{{{MC}}}Ignorable", "") + " " + (it.get("Requires") or "" if it.tag == f"{{{MC}}}Choice" else "")
                    for prefix in named.split():
                        if prefix not in bound:
                            self.tell(part, "prefix-not-bound", prefix)
                else:
                    open_.pop()
        except ET.ParseError as error:
            self.tell(part, "xml", error)
            root = None
        self.trees[key] = root
        return root

    # Content types and relationships.

    def look_at_types(self):
        self.by_extension, self.by_part = {}, {}
        root = self.tree("[Content_Types].xml") if self.has("[Content_Types].xml") else None
        if root is None:
            self.tell("[Content_Types].xml", "no-content-types")
            return
        for one in root:
            by, key = self.by_part, unquote(one.get("PartName", "")).lower().lstrip("/")
            if local(one) == "Default":
                by, key = self.by_extension, one.get("Extension", "").lower()
            elif not one.get("PartName", "").startswith("/"):
                self.tell("[Content_Types].xml", "type-of-no-path", key)
            if key in by:
                self.tell("[Content_Types].xml", "type-twice", key)
            by[key] = one.get("ContentType")
        for name in self.parts:
            if name != "[content_types].xml" and not name.endswith("/") and not self.type_of(name):
                self.tell(name, "part-without-type")

    def type_of(self, part):
        part = part.lstrip("/").lower()
        return self.by_part.get(part) or self.by_extension.get(part.rsplit(".", 1)[-1]) or ""

    def links(self, part):
        """The relationships of a part (of the package: ""), by id."""
        part = part.lstrip("/")
        if part in self.read_links:
            return self.read_links[part]
        folder, name = posixpath.split(part)
        home = posixpath.join(folder, "_rels", name + ".rels")
        found = self.read_links[part] = {}
        root = self.tree(home) if self.has(home) else None
        for one in root if root is not None else ():
            id_, kind, to = one.get("Id") or "", one.get("Type", "").rsplit("/", 1)[-1], one.get("Target", "")
            if id_ in found:
                self.tell(home, "link-id-twice", id_)
            if not re.fullmatch(r"[^\W\d][\w.\-]*", id_):
                self.tell(home, "link-id", id_)
            outside = one.get("TargetMode") == "External"
            if outside:
                self.look_at_address(home, kind, to)
            else:
                to = self.look_at_target(home, folder, kind, to)
            found[id_] = Link(kind, to, outside)
        return found

    def look_at_address(self, home, kind, to):
        if kind == "hyperlink" and units(to) > 2083:
            self.tell(home, "address-too-long", units(to))
        if kind == "hyperlink" and (not to or re.search(r"%(?![0-9A-Fa-f]{2})|[\s<>\"{}|^`]", to)):
            self.tell(home, "address", to)

    def look_at_target(self, home, folder, kind, to):
        path = unquote(to.split("#")[0])
        path = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
        if path.startswith(".."):
            self.tell(home, "link-outside", to)
        elif to.startswith("#") or to == "NULL":
            pass
        elif not self.has(path):
            self.tell(home, "link-to-nothing", to)
        elif WANTED.get(kind, "").lower() not in self.type_of(path).lower():
            self.tell(path, "type-mismatch", f"{self.type_of(path)} reached as {kind}")
        return path

    def ids_lead_somewhere(self, part, root):
        """Whether every `r:id` and the like of a part has its relationship."""
        links = self.links(part)
        for element in root.iter():
            for name, value in element.attrib.items():
                if name.startswith(f"{{{REL}}}") and value and value not in links:
                    self.tell(part, "id-of-no-link", value)
