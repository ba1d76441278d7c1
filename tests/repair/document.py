"""Word files and slides, and what Office would repair of them."""
from collections import Counter

import drawing
from formula import Formula, area
from package import Package, local

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"


def w(name):
    return f"{{{WORD}}}{name}"


def look(package, part, check):
    """A document or a presentation; `check` looks at the workbooks within."""
    root = package.tree(part)
    if root is None:
        return
    for name in package.parts:
        if name.endswith(".xml") and not name.startswith(("[", "docprops")) and package.tree(name) is not None:
            package.ids_lead_somewhere(name, package.tree(name))
    if part.startswith("word/"):
        look_at_text(package, part, root)
        look_at_tables(package, part, root)
    else:
        look_at_slides(package, part, root)
    for name in list(package.parts):
        if "/charts/" in name and name.endswith(".xml") and "/_rels/" not in name:
            look_at_chart(package, name, check)


def look_at_chart(package, part, check):
    sheets = set()
    books = [link.to for link in package.links(part).values() if link.kind == "package" and package.has(link.to)]
    if not books:
        package.tell(part, "chart-without-numbers")
    for book in books:
        inner = check(package.read(book))
        package.faults += [(f"{book}:{where}", rule, text) for where, rule, text in inner.faults]
        sheets |= {name.lower() for name, *_ in inner.book.sheets} if inner.book else set()

    def source(text):
        formula = Formula(text)
        if formula.faults or not formula.sheets or formula.sheets[0].lower() not in sheets or not area(text.rsplit("!", 1)[-1]):
            package.tell(part, "chart-reference", text)

    drawing.look_at_chart(package, part, source)


def look_at_text(package, part, root):
    for id_, times in Counter(it.get("id") for it in root.iter() if local(it) == "docPr").items():
        if times > 1:
            package.tell(part, "picture-id-twice", id_)
    starts = [it.get(w("id")) for it in root.iter(w("bookmarkStart"))]
    names = Counter(it.get(w("name")) for it in root.iter(w("bookmarkStart")))
    if sorted(starts) != sorted(it.get(w("id")) for it in root.iter(w("bookmarkEnd"))) or len(set(starts)) != len(starts):
        package.tell(part, "bookmark-pairs")
    for name, times in names.items():
        if times > 1 or not name or len(name) > 40:
            package.tell(part, "bookmark", name)
    for it in root.iter(w("hyperlink")):
        if it.get(w("anchor")) and it.get(w("anchor")) not in names:
            package.tell(part, "link-to-no-bookmark", it.get(w("anchor")))
    styles = package.tree("word/styles.xml")
    known = {it.get(w("styleId")) for it in styles.iter(w("style"))} if styles is not None else set()
    for kind in ("pStyle", "rStyle", "tblStyle"):
        for it in root.iter(w(kind)):
            if it.get(w("val")) not in known:
                package.tell(part, "style-of-nothing", it.get(w("val")))


def look_at_tables(package, part, root):
    for table in root.iter(w("tbl")):
        grid = table.find(w("tblGrid"))
        width = len(grid) if grid is not None else 0
        rows = table.findall(w("tr"))
        if not rows or not 0 < width <= 63:
            package.tell(part, "table", f"{len(rows)} rows, {width} columns")
        for row in rows:
            cells = row.findall(w("tc"))
            spans = [it.find(f"{w('tcPr')}/{w('gridSpan')}") for it in cells]
            if sum(int(span.get(w("val"))) if span is not None else 1 for span in spans) != width:
                package.tell(part, "table-width")
            if not cells or any(not len(it) or it[-1].tag != w("p") for it in cells):
                package.tell(part, "cell-without-paragraph")


def look_at_slides(package, part, root):
    ids = Counter(it.get("id") for it in root.iter(f"{{{SLIDES}}}sldId"))
    for id_, times in ids.items():
        if times > 1 or not 256 <= int(id_) < 2_147_483_648:
            package.tell(part, "slide-id", id_)
    for name in package.parts:
        if name.startswith("ppt/slides/slide") and package.tree(name) is not None:
            shapes = Counter(it.get("id") for it in package.tree(name).iter(f"{{{SLIDES}}}cNvPr"))
            for id_, times in shapes.items():
                if times > 1:
                    package.tell(name, "shape-id-twice", id_)
            if not any(link.kind == "slideLayout" for link in package.links(package.parts[name]).values()):
                package.tell(name, "slide-without-layout")


__all__ = ["look", "Package"]
