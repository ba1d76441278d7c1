"""A workbook: its sheets, names, styles and shared texts, and what Excel would repair of them."""
import re
from collections import Counter

import drawing
from formula import COLUMNS, ROWS, Formula, area, cell
from package import REL, local, units
from sheet import Sheet, Table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ORDER = """fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences
definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr
webPublishObjects extLst""".split()
BUILT_IN = set(range(82))


def q(name):
    return f"{{{MAIN}}}{name}"


def name_fault(name):
    """Why Excel takes no such name, if it does not."""
    if name.lower().startswith("_xlnm."):
        return None
    if units(name) > 255:
        return "longer than 255"
    if not re.fullmatch(r"[^\W\d][\w.\\?]*|[_\\][\w.\\?]*", name):
        return "character"
    if cell(name) or re.fullmatch(r"(?i)r\d*c\d*|[rc]\d*|true|false", name):
        return "looks like a cell"
    return None


class Workbook:
    def __init__(self, package, part):
        self.package, self.part = package, part
        self.links = package.links(part)
        self.root = package.tree(part)
        if self.root is None:
            return
        self.look_at_order()
        self.look_at_sheets()
        self.look_at_views()
        self.look_at_styles()
        self.look_at_texts()
        self.read_tables()
        self.look_at_names()
        self.selected, self.code_names, self.formulas = [], Counter(), {}
        for at, (name, to, kind, _) in enumerate(self.sheets):
            if kind == "worksheet" and package.has(to):
                Sheet(self, at, name, to).look()
            elif to and package.has(to):
                drawing.look(self, to, package.tree(to))
        if len(self.selected) > 1:
            self.tell("sheets-selected-together", len(self.selected))
        for name, times in self.code_names.items():
            if times > 1:
                self.tell("code-name-twice", name)
        self.look_at_chain()
        macros = any(link.kind == "vbaProject" for link in self.links.values())
        if macros and "macroEnabled" not in package.type_of(part):
            self.tell("macros-in-plain-workbook")

    def tell(self, rule, text="", part=None):
        self.package.tell(part or self.part, rule, text)

    def linked(self, kind):
        """The parts of a kind the workbook leads to."""
        return [link.to for link in self.links.values() if link.kind == kind and self.package.has(link.to)]

    def look_at_order(self):
        last, seen = -1, Counter()
        for element in self.root:
            if not element.tag.startswith(f"{{{MAIN}}}") or local(element) not in ORDER:
                continue
            seen[local(element)] += 1
            if ORDER.index(local(element)) < last:
                self.tell("order", local(element))
            last = max(last, ORDER.index(local(element)))
        for name, times in seen.items():
            if times > 1 and name != "fileRecoveryPr":
                self.tell("element-twice", name)
        self.package.ids_lead_somewhere(self.part, self.root)

    def look_at_sheets(self):
        self.sheets, names, ids, leads = [], Counter(), Counter(), Counter()
        for one in self.root.iterfind(f"{q('sheets')}/{q('sheet')}"):
            name, id_, lead = one.get("name") or "", one.get("sheetId") or "", one.get(f"{{{REL}}}id")
            names[name.lower()] += 1
            ids[id_] += 1
            leads[lead] += 1
            if not 0 < units(name) <= 31 or re.search(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]|^'|'$", name) or name.lower() == "history":
                self.tell("sheet-name", name)
            if not (id_.isdigit() and 1 <= int(id_) <= 65_534):
                self.tell("sheet-id", f"{name}: {id_}")
            state = one.get("state", "visible")
            if state not in ("visible", "hidden", "veryHidden"):
                self.tell("sheet-state", state)
            link = self.links.get(lead)
            if link is None:
                self.tell("sheet-leads-nowhere", name)
            self.sheets.append((name, link.to if link else "", link.kind if link else "", state))
        for what, counted in (("sheet-name-twice", names), ("sheet-id-twice", ids), ("sheet-link-twice", leads)):
            for key, times in counted.items():
                if times > 1:
                    self.tell(what, key)
        if all(state != "visible" for *_, state in self.sheets):
            self.tell("no-visible-sheet")
        self.at = {sheet[0].lower(): at for at, sheet in enumerate(self.sheets)}

    def look_at_views(self):
        views = self.root.findall(f"{q('bookViews')}/{q('workbookView')}")
        self.views = max(1, len(views))
        for view in views:
            for which in ("activeTab", "firstSheet"):
                if int(view.get(which, 0)) >= len(self.sheets):
                    self.tell("active-sheet", view.get(which))
        active = int(views[0].get("activeTab", 0)) if views else 0
        if active < len(self.sheets) and self.sheets[active][3] != "visible":
            self.tell("active-sheet-hidden", self.sheets[active][0])
        caches = Counter(one.get("cacheId") for one in self.root.iterfind(f"{q('pivotCaches')}/{q('pivotCache')}"))
        self.caches = set(caches)
        for id_, times in caches.items():
            if times > 1:
                self.tell("pivot-cache-twice", id_)
        self.outside = len(self.root.findall(f"{q('externalReferences')}/{q('externalReference')}"))

    # Styles and texts.

    def look_at_styles(self):
        parts = self.linked("styles")
        self.looks, self.changes = 1, 0
        if len(parts) > 1:
            self.tell("styles-twice")
        root = self.package.tree(parts[0]) if parts else None
        if root is None:
            return
        part = parts[0]
        count = {name: len(root.findall(f"{q(name)}/*")) for name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs")}
        self.looks, self.changes = count["cellXfs"], count["dxfs"]
        if self.looks > 65_490:
            self.tell("too-many-looks", self.looks, part)
        formats = {int(one.get("numFmtId", -1)): one.get("formatCode", "") for one in root.iterfind(f"{q('numFmts')}/{q('numFmt')}")}
        for one in root.iter(q("numFmt")):
            self.look_at_format(one.get("formatCode", ""), part)
        for group in ("cellStyleXfs", "cellXfs"):
            for at, look in enumerate(root.iterfind(f"{q(group)}/{q('xf')}")):
                for name, of in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"), ("xfId", "cellStyleXfs")):
                    if int(look.get(name, 0)) >= max(1, count[of]):
                        self.tell("look-of-nothing", f"{group}[{at}] {name}", part)
                number = int(look.get("numFmtId", 0))
                if number not in formats and number not in BUILT_IN:
                    self.tell("look-of-nothing", f"{group}[{at}] numFmtId {number}", part)
        names = Counter((one.get("name") or "").lower() for one in root.iterfind(f"{q('cellStyles')}/{q('cellStyle')}"))
        for name, times in names.items():
            if name and times > 1:
                self.tell("style-twice", name, part)
        self.look_at_fonts(root, part)

    def look_at_fonts(self, root, part):
        for font in root.iter(q("font")):
            kinds = Counter(local(one) for one in font)
            if any(times > 1 for times in kinds.values()):
                self.tell("font", kinds, part)
            name, size = font.find(q("name")), font.find(q("sz"))
            if name is not None and units(name.get("val", "")) > 31:
                self.tell("font", name.get("val"), part)
            if size is not None and not 1 <= float(size.get("val", 11)) <= 409.55:
                self.tell("font", size.get("val"), part)
        for one in root.iter():
            if one.get("rgb") is not None and not re.fullmatch("[0-9A-Fa-f]{8}", one.get("rgb")):
                self.tell("colour", one.get("rgb"), part)

    def look_at_format(self, code, part):
        bare = re.sub(r'"[^"]*"', "", re.sub(r"\\.|_.|\*.", "", code))
        sections = re.sub(r"\[[^\]]*\]", "", bare)
        conditions = len(re.findall(r"\[[<>=]", code))
        if not code or units(code) > 255 or '"' in bare or sections.count(";") > 3 or conditions > 2 or set("[]") & set(sections):
            self.tell("number-format", code, part)

    def look_at_texts(self):
        self.texts = []
        for part in self.linked("sharedStrings")[:1]:
            root = self.package.tree(part)
            for one in root if root is not None else ():
                # What is read aloud beside a text is none of it.
                runs = [run for run in one if local(run) != "rPh"]
                text = "".join(it.text or "" for run in runs for it in run.iter(q("t")))
                self.texts.append(text)
                if units(text) > 32_767:
                    self.tell("text-too-long", units(text), part)

    # Tables and names.

    def read_tables(self):
        self.tables, ids = {}, Counter()
        for at, (_, to, kind, _) in enumerate(self.sheets):
            root = self.package.tree(to) if kind == "worksheet" and self.package.has(to) else None
            for one in root.iter(q("tablePart")) if root is not None else ():
                link = self.package.links(to).get(one.get(f"{{{REL}}}id"))
                if link is None or not self.package.has(link.to):
                    continue
                table = Table(self, at, link.to)
                if table.name.lower() in self.tables:
                    self.tell("table-name-twice", table.name, link.to)
                self.tables[table.name.lower()] = table
                ids[table.root.get("id")] += 1
        for id_, times in ids.items():
            if times > 1:
                self.tell("table-id-twice", id_)

    def look_at_names(self):
        self.names = {}
        for one in self.root.iterfind(f"{q('definedNames')}/{q('definedName')}"):
            name, scope, text = one.get("name") or "", one.get("localSheetId"), one.text or ""
            scope = int(scope) if scope is not None else None
            if scope is not None and scope >= len(self.sheets):
                self.tell("name-scope", name)
                continue
            if (scope, name.lower()) in self.names:
                self.tell("name-twice", name)
            self.names[scope, name.lower()] = text
            if not name or not text or name_fault(name) or scope is None and name.lower() in self.tables:
                self.tell("name", f"{name}: {name_fault(name) or text}")
            if scope is not None and name.lower() in ("_xlnm.print_titles", "_xlnm.print_area", "_xlnm._filterdatabase"):
                self.look_at_built_in(name.lower(), scope, text)
        for (scope, name), text in self.names.items():
            self.look_at_formula(text, self.part, f"name {name}", scope)

    def look_at_built_in(self, name, scope, text):
        if any(sheet.lower() != self.sheets[scope][0].lower() for sheet in Formula(text).sheets):
            self.tell("built-in-name-of-another-sheet", text)
        if name == "_xlnm.print_titles" and "#REF!" not in text:
            for one in re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", text):
                of = area(one.rsplit("!", 1)[-1])
                if not of or not ((of[1], of[3]) == (1, COLUMNS) or (of[0], of[2]) == (1, ROWS)):
                    self.tell("print-titles", text)

    def look_at_formula(self, text, part, where, scope=None, rule=False):
        """A formula of the workbook; `rule` for one of a format or a validation, which takes less."""
        formula = Formula(text)
        for fault in formula.faults:
            self.tell("formula", f"{where}: {fault}: {text[:80]}", part)
        for sheet in formula.sheets:
            if sheet.lower() not in self.at:
                self.tell("formula-of-no-sheet", f"{where}: {text[:80]}", part)
        for outside in formula.outside:
            if not outside.isdigit() or int(outside) > self.outside:
                self.tell("formula-of-no-workbook", f"{where}: {text[:80]}", part)
        for table in formula.tables:
            if table and table.lower() not in self.tables:
                self.tell("formula-of-no-table", f"{where}: {text[:80]}", part)
        if rule and (formula.arrays or formula.unions or formula.outside or formula.tables):
            self.tell("rule-formula", f"{where}: {text[:80]}", part)
        if rule:
            # Excel takes the whole sheet's rules away for one that names what is not there.
            for name in formula.names:
                if not {(None, name.lower()), (scope, name.lower())} & set(self.names):
                    self.tell("rule-formula", f"{where}: {name}: {text[:80]}", part)
        return formula

    def look_at_chain(self):
        for part in self.linked("calcChain"):
            ids = [one.get("sheetId") for one in self.root.iterfind(f"{q('sheets')}/{q('sheet')}")]
            sheet = None
            root = self.package.tree(part)
            for one in root if root is not None else ():
                sheet = one.get("i") or sheet
                at = ids.index(sheet) if sheet in ids else None
                if at is None or cell(one.get("r") or "") not in self.formulas.get(at, ()):
                    self.tell("chain-of-no-formula", one.get("r"), part)
