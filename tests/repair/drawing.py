"""Drawings, charts and notes of sheets, and what Excel would repair of them."""
import re
from collections import Counter

from formula import COLUMNS, ROWS, area, cell
from package import REL, local, units

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLACED = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
# Charts with two axes.
CROSSED = ("barChart", "lineChart", "areaChart", "scatterChart", "radarChart", "stockChart", "bubbleChart")


def c(name):
    return f"{{{CHART}}}{name}"


def look(book, part, root):
    """The drawings a sheet leads to."""
    package = book.package
    for one in root.iter(f"{{{MAIN}}}drawing") if root is not None else ():
        link = package.links(part).get(one.get(f"{{{REL}}}id"))
        drawn = package.tree(link.to) if link and package.has(link.to) else None
        if drawn is None:
            package.tell(part, "drawing")
            continue
        package.ids_lead_somewhere(link.to, drawn)
        for id_, times in Counter(shape.get("id") for shape in drawn.iter(f"{{{PLACED}}}cNvPr")).items():
            if times > 1:
                package.tell(link.to, "shape-id-twice", id_)
        for anchor in drawn:
            look_at_anchor(package, link.to, anchor)
        for other in package.links(link.to).values():
            if other.kind == "chart" and package.has(other.to):
                look_at_chart(package, other.to, lambda text, to=other.to: look_at_source(book, to, text))


def look_at_anchor(package, part, anchor):
    if not anchor.tag.startswith(f"{{{PLACED}}}"):
        return
    ends = []
    for name in ("from", "to"):
        end = anchor.find(f"{{{PLACED}}}{name}")
        if end is not None:
            at = {local(one): int(float(one.text)) for one in end}
            ends.append((at["row"], at["rowOff"], at["col"], at["colOff"]))
            if not (0 <= at["row"] < ROWS and 0 <= at["col"] < COLUMNS and at["rowOff"] >= 0 and at["colOff"] >= 0):
                package.tell(part, "anchor", at)
    if len(ends) == 2 and (ends[1][:2] < ends[0][:2] or ends[1][2:] < ends[0][2:]):
        package.tell(part, "anchor", ends)
    if anchor.find(f"{{{PLACED}}}clientData") is None:
        package.tell(part, "anchor", "no client data")


def look_at_source(book, part, text):
    """A reference of a chart has to be one."""
    book.look_at_formula(text, part, "chart")


def look_at_chart(package, part, source):
    """A chart; `source` looks at the text of each of its references."""
    root = package.tree(part)
    if root is None:
        return
    package.ids_lead_somewhere(part, root)
    for reference in [*root.iter(c("numRef")), *root.iter(c("strRef"))]:
        text = reference.findtext(c("f")) or ""
        source(text)
        for cache in reference:
            if cache.tag in (c("numCache"), c("strCache")):
                look_at_cache(package, part, text, cache)
    axes = Counter(axis.find(c("axId")).get("val") for name in ("catAx", "valAx", "dateAx", "serAx") for axis in root.iter(c(name)))
    for id_, times in axes.items():
        if times > 1:
            package.tell(part, "axis-twice", id_)
    for name in ("catAx", "valAx", "dateAx"):
        for axis in root.iter(c(name)):
            crossed = axis.find(c("crossAx"))
            if crossed is None or crossed.get("val") not in axes:
                package.tell(part, "axis-crosses-nothing", name)
    plot = root.find(f".//{c('plotArea')}")
    for group in plot if plot is not None else ():
        if local(group).endswith("Chart"):
            look_at_group(package, part, group, axes)
    series = [one for one in plot.iter(c("ser"))] if plot is not None else []
    for name in ("idx", "order"):
        for value, times in Counter(one.find(c(name)).get("val") for one in series).items():
            if times > 1:
                package.tell(part, "series-twice", f"{name} {value}")
    if not 0 < len(series) <= 255:
        package.tell(part, "series", len(series))


def look_at_group(package, part, group, axes):
    ids = [one.get("val") for one in group.findall(c("axId"))]
    if any(id_ not in axes for id_ in ids) or local(group) in CROSSED and len(ids) != 2:
        package.tell(part, "axes", f"{local(group)}: {ids}")


def look_at_cache(package, part, text, cache):
    count = cache.find(c("ptCount"))
    count = int(count.get("val")) if count is not None else -1
    points = [(int(one.get("idx")), one.findtext(c("v"))) for one in cache.iterfind(c("pt"))]
    if any(at >= count for at, _ in points) or len({at for at, _ in points}) != len(points):
        package.tell(part, "chart-cache", f"{text}: {count} points")
    if cache.tag == c("numCache") and any(not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|#.*", value or "") for _, value in points):
        package.tell(part, "chart-cache", f"{text}: no number")
    found = re.fullmatch(r"(?:'(?:[^']|'')*'|[^!']+)!(.+)", text)
    of = area(found[1]) if found else None
    if of and count != (of[2] - of[0] + 1) * (of[3] - of[1] + 1):
        package.tell(part, "chart-cache", f"{text}: {count} points")


def look_at_notes(sheet):
    """Notes have one part, known authors, a cell each, and a box each."""
    package = sheet.package
    parts = [link.to for link in sheet.links.values() if link.kind == "comments" and package.has(link.to)]
    if len(parts) > 1:
        sheet.tell("notes-twice")
    noted = set()
    for part in parts:
        root = package.tree(part)
        authors = len(root.findall(f"{{{MAIN}}}authors/{{{MAIN}}}author"))
        notes = root.findall(f"{{{MAIN}}}commentList/{{{MAIN}}}comment")
        noted = {note.get("ref") for note in notes}
        for note in notes:
            text = "".join(it.text or "" for it in note.iter(f"{{{MAIN}}}t"))
            if int(note.get("authorId", 0)) >= authors or not cell(note.get("ref") or "") or units(text) > 32_767:
                package.tell(part, "note", note.get("ref"))
        if len(noted) != len(notes):
            package.tell(part, "note", "two of one cell")
        look_at_boxes(sheet, part, noted)
    for link in sheet.links.values():
        if link.kind == "threadedComment" and package.has(link.to):
            for one in package.tree(link.to):
                if one.get("ref") not in noted:
                    package.tell(link.to, "thread-without-note", one.get("ref"))


def look_at_boxes(sheet, part, noted):
    package = sheet.package
    drawn = sheet.root.find(f"{{{MAIN}}}legacyDrawing")
    link = sheet.links.get(drawn.get(f"{{{REL}}}id")) if drawn is not None else None
    if link is None or not package.has(link.to):
        package.tell(part, "notes-without-boxes")
        return
    raw = package.read(link.to).decode("utf-8", "replace")
    for id_, times in Counter(re.findall(r"<v:shape\b[^>]*?\bid=\"([^\"]+)\"", raw)).items():
        if times > 1:
            package.tell(link.to, "box-twice", id_)
    rows = map(int, re.findall(r"<x:Row>\s*(\d+)\s*</x:Row>", raw))
    boxes = set(zip(rows, map(int, re.findall(r"<x:Column>\s*(\d+)\s*</x:Column>", raw))))
    for at in map(cell, noted):
        if at and (at[0] - 1, at[1] - 1) not in boxes:
            package.tell(link.to, "note-without-box", at)
