"""A worksheet and its tables, and what Excel would repair of them."""
import re
from collections import Counter

import drawing
from formula import COLUMNS, ROWS, area, cell, crossing, overlap
from package import MC, REL, local, units

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
ORDER = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations
hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches
ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems
tableParts extLst""".split()
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!", "#BLOCKED!", "#FIELD!", "#UNKNOWN!", "#CONNECT!", "#BUSY!"}
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
# A rule of a conditional format wants so many formulas.
FORMULAS = {"expression": 1, "cellIs": 1, "containsText": 1, "notContainsText": 1, "beginsWith": 1, "endsWith": 1}


def q(name):
    return f"{{{MAIN}}}{name}"


def unescaped(text):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda it: chr(int(it[1], 16)), text).replace("\r\n", "\n")


class Table:
    """A table as its part declares it."""

    def __init__(self, book, sheet, part):
        self.book, self.sheet, self.part = book, sheet, part
        self.root = book.package.tree(part)
        self.name = self.root.get("displayName") or ""
        self.area = area(self.root.get("ref") or "")
        self.headed = int(self.root.get("headerRowCount", 1))
        self.totals = int(self.root.get("totalsRowCount", 0))
        self.columns = self.root.findall(f"{q('tableColumns')}/{q('tableColumn')}")
        self.look()

    def look(self):
        from workbook import name_fault

        def tell(rule, text):
            self.book.tell(rule, text, self.part)

        names = [column.get("name") or "" for column in self.columns]
        if not self.name or name_fault(self.name):
            tell("table-name", self.name)
        for name, times in Counter(name.lower() for name in names).items():
            if times > 1 or not name or units(name) > 255:
                tell("table-column", name)
        if len({column.get("id") for column in self.columns}) != len(self.columns):
            tell("table-column-id", self.name)
        count = self.root.find(q("tableColumns")).get("count")
        if count is not None and int(count) != len(names):
            tell("table-column", f"{count} columns said")
        if self.area is None:
            tell("table-area", self.root.get("ref"))
            return
        top, left, foot, right = self.area
        if foot - top + 1 < self.headed + self.totals + 1 or right - left + 1 != len(names):
            tell("table-area", self.root.get("ref"))
        filter_ = self.root.find(q("autoFilter"))
        if filter_ is not None and (not self.headed or area(filter_.get("ref") or "") != (top, left, foot - self.totals, right)):
            tell("table-filter", filter_.get("ref"))
        for one in [self.root, *self.columns]:
            for name, value in one.attrib.items():
                if name.endswith("DxfId") and int(value) >= self.book.changes:
                    tell("table-look", f"{name} {value}")


class Sheet:
    def __init__(self, book, at, name, part):
        self.book, self.at, self.name, self.part = book, at, name, part
        self.package = book.package
        self.root = self.package.tree(part)
        self.links = self.package.links(part)

    def tell(self, rule, text=""):
        self.package.tell(self.part, rule, text)

    def look(self):
        if self.root is None:
            return
        self.package.ids_lead_somewhere(self.part, self.root)
        self.look_at_order()
        self.look_at_views()
        self.look_at_columns()
        self.look_at_rows()
        self.look_at_merges()
        self.look_at_tables()
        self.look_at_filter()
        self.look_at_formats()
        self.look_at_validations()
        self.look_at_hyperlinks()
        self.look_at_paper()
        drawing.look_at_notes(self)
        drawing.look(self.book, self.part, self.root)
        for link in self.links.values():
            if link.kind == "pivotTable" and self.package.has(link.to):
                if self.package.tree(link.to).get("cacheId") not in self.book.caches:
                    self.tell("pivot-without-cache", link.to)

    def look_at_order(self):
        last, seen = -1, Counter()
        for element in self.root:
            name = local(element)
            if element.tag.startswith(f"{{{MC}}}"):
                choice = element.find(f"{{{MC}}}Choice")
                name = local(choice[0]) if choice is not None and len(choice) else ""
            elif element.tag.startswith(f"{{{MAIN}}}") and name not in ORDER:
                self.tell("element", name)
            if name not in ORDER:
                continue
            seen[name] += 1
            if ORDER.index(name) < last:
                self.tell("order", name)
            last = max(last, ORDER.index(name))
        for name, times in seen.items():
            if times > 1 and name not in ("conditionalFormatting", "cols"):
                self.tell("element-twice", name)
        settings = self.root.find(q("sheetPr"))
        if settings is not None and settings.get("codeName"):
            self.book.code_names[settings.get("codeName").lower()] += 1

    def look_at_views(self):
        for view in self.root.iterfind(f"{q('sheetViews')}/{q('sheetView')}"):
            if view.get("tabSelected") in ("1", "true"):
                self.book.selected.append(self.at)
            if not 10 <= int(view.get("zoomScale", 100)) <= 400 or int(view.get("workbookViewId", 0)) >= self.book.views:
                self.tell("view", view.attrib)
            pane = view.find(q("pane"))
            if pane is not None and pane.get("topLeftCell") and not cell(pane.get("topLeftCell")):
                self.tell("view", pane.attrib)
            for chosen in view.iterfind(q("selection")):
                places = (chosen.get("sqref") or "A1").split() + [chosen.get("activeCell") or "A1"]
                if not all(area(place) for place in places):
                    self.tell("view", chosen.attrib)

    def look_at_columns(self):
        before = 0
        for one in self.root.iterfind(f"{q('cols')}/{q('col')}"):
            first, last = int(one.get("min")), int(one.get("max"))
            if not before < first <= last <= COLUMNS:
                self.tell("columns", f"{first} to {last} after {before}")
            before = last
            if float(one.get("width", 9)) > 255.99 or int(one.get("outlineLevel", 0)) > 7:
                self.tell("columns", one.attrib)
            if int(one.get("style", 0)) >= self.book.looks:
                self.tell("look-of-nothing", f"column {first}")

    # Cells.

    def look_at_rows(self):
        self.cells, self.formulas, self.arrays = {}, {}, []
        masters, followers, row_before = set(), [], 0
        for row in self.root.iterfind(f"{q('sheetData')}/{q('row')}"):
            number = int(row.get("r", row_before + 1))
            if not row_before < number <= ROWS:
                self.tell("row-order", number)
            row_before, col_before = number, 0
            if not 0 <= float(row.get("ht", 0)) <= 409.6 or int(row.get("outlineLevel", 0)) > 7:
                self.tell("row", row.attrib)
            if int(row.get("s", 0)) >= self.book.looks:
                self.tell("look-of-nothing", f"row {number}")
            for one in row.iterfind(q("c")):
                at = cell(one.get("r")) if one.get("r") else (number, col_before + 1)
                if at is None or at[0] != number or at[1] <= col_before:
                    self.tell("cell-place", one.get("r"))
                    continue
                col_before = at[1]
                self.look_at_cell(one, at)
                formula = one.find(q("f"))
                if formula is not None and formula.get("t") == "shared":
                    (masters.add if formula.get("ref") else followers.append)(formula.get("si"))
        for one in followers:
            if one not in masters:
                self.tell("shared-formula", one)
        inside = {(row, col) for of in self.arrays for row in range(of[0], min(of[2], of[0] + 999) + 1) for col in range(of[1], of[3] + 1)}
        self.book.formulas[self.at] = set(self.formulas) | inside

    def look_at_cell(self, one, at):
        where, kind, value, formula = one.get("r"), one.get("t", "n"), one.find(q("v")), one.find(q("f"))
        value = value.text if value is not None else None
        if int(one.get("s", 0)) >= self.book.looks:
            self.tell("look-of-nothing", where)
        if any(times > 1 for times in Counter(part.tag for part in one).values()):
            self.tell("cell", f"{where}: a part twice")
        if kind == "s":
            if not (value or "").isdigit() or int(value) >= len(self.book.texts):
                self.tell("shared-text", f"{where}: {value}")
            else:
                self.cells[at] = self.book.texts[int(value)]
        elif kind in ("inlineStr", "str"):
            runs = [run for part in one.iterfind(q("is")) for run in part if local(run) != "rPh"]
            text = value or "" if kind == "str" else "".join(it.text or "" for run in runs for it in run.iter(q("t")))
            self.cells[at] = text
            if units(text) > 32_767:
                self.tell("text-too-long", where)
        elif kind == "b" and value not in ("0", "1", "true", "false") or kind == "e" and value not in ERRORS:
            self.tell("value", f"{where}: {value}")
        elif kind == "n" and value and (not NUMBER.fullmatch(value) or abs(float(value)) > 1.7976931348623157e308):
            self.tell("value", f"{where}: {value}")
        elif kind not in ("n", "b", "e", "d"):
            self.tell("cell", f"{where}: type {kind}")
        if formula is not None:
            self.look_at_formula(formula, where, at)

    def look_at_formula(self, formula, where, at):
        self.formulas[at] = formula.text or ""
        if formula.get("t") == "array":
            of = area(formula.get("ref") or "")
            if of is None:
                self.tell("array", where)
            else:
                self.arrays.append(of)
        if formula.text:
            self.book.look_at_formula(formula.text, self.part, where, self.at)
        elif formula.get("t", "normal") == "normal":
            self.tell("formula", f"{where} is empty")

    def look_at_merges(self):
        merged = self.root.find(q("mergeCells"))
        self.merges = []
        if merged is None:
            return
        for one in merged:
            of = area(one.get("ref") or "")
            if of is None or of[:2] == of[2:]:
                self.tell("merge", one.get("ref"))
            else:
                self.merges.append(of)
        if not len(merged):
            self.tell("merge", "none")
        for pair in crossing(self.merges):
            self.tell("merge-over-merge", pair)
        for of in self.arrays:
            if of[:2] != of[2:] and any(overlap(of, merge) for merge in self.merges):
                self.tell("array-in-merge", of)

    def look_at_tables(self):
        self.tables = [table for table in self.book.tables.values() if table.sheet == self.at and table.area]
        for pair in crossing([table.area for table in self.tables]):
            self.tell("table-over-table", pair)
        for table in self.tables:
            top, left, foot, _ = table.area
            if any(overlap(table.area, merge) for merge in self.merges):
                self.tell("merge-in-table", table.name)
            if any(of[:2] != of[2:] and overlap(table.area, of) for of in self.arrays):
                self.tell("array-in-table", table.name)
            for col, column in enumerate(table.columns, left):
                name = unescaped(column.get("name") or "")
                header = self.cells.get((top, col))
                if table.headed and (header is None or unescaped(header) != name or (top, col) in self.formulas):
                    self.tell("table-header", f"{table.name}: {header!r} for {name!r}")
                stated = column.find(q("calculatedColumnFormula"))
                if stated is not None and stated.text:
                    self.book.look_at_formula(stated.text, table.part, f"column {name}", self.at)
                rows = range(top + table.headed, foot - table.totals + 1)
                if len(rows) > 1 and stated is None and all((row, col) in self.formulas for row in rows):
                    # Nothing is repaired, but a new row stays without its formula.
                    self.tell("column-not-stated", f"{table.name}: {name}")

    def look_at_filter(self):
        filter_ = self.root.find(q("autoFilter"))
        if filter_ is None:
            return
        of = area(filter_.get("ref") or "")
        columns = [int(one.get("colId", 0)) for one in filter_.iterfind(q("filterColumn"))]
        if of is None or len(set(columns)) != len(columns) or any(col > of[3] - of[1] for col in columns):
            self.tell("filter", filter_.get("ref"))
        elif any(overlap(of, table.area) for table in self.tables):
            self.tell("filter-over-table", filter_.get("ref"))

    # Rules.

    def places(self, element, rule):
        places = (element.get("sqref") or "").split()
        if not places or not all(area(place) for place in places):
            self.tell(rule, element.get("sqref"))
        return [area(place) for place in places if area(place)]

    def look_at_formats(self):
        extended = Counter(one.get("id") for one in self.root.iter(f"{{{X14}}}cfRule"))
        for id_, times in extended.items():
            if id_ and times > 1:
                self.tell("format-id-twice", id_)
        for group in self.root.iterfind(q("conditionalFormatting")):
            self.places(group, "format-place")
            for rule in group.iterfind(q("cfRule")):
                self.look_at_format(rule, group.get("sqref"))
                for id_ in rule.iter(f"{{{X14}}}id"):
                    if id_.text not in extended:
                        self.tell("format-id-of-nothing", id_.text)
        for text in self.root.iter(f"{{{XM}}}f"):
            if text.text:
                self.book.look_at_formula(text.text, self.part, "extension", self.at)

    def look_at_format(self, rule, where):
        kind, formulas = rule.get("type"), rule.findall(q("formula"))
        wanted = 2 if rule.get("operator") in ("between", "notBetween") else FORMULAS.get(kind, 0)
        if not int(rule.get("priority") or 0) > 0 or int(rule.get("dxfId", 0)) >= max(1, self.book.changes):
            self.tell("format", f"{where}: {rule.attrib}")
        if not wanted <= len(formulas) <= 3 or any(not one.text for one in formulas) or kind == "cellIs" and not rule.get("operator"):
            self.tell("format", f"{where}: {kind}")
        for kind_, least in (("dataBar", (2, 1)), ("colorScale", (2, 2)), ("iconSet", (3, 0))):
            scale = rule.find(q(kind_))
            if kind == kind_ and (scale is None or len(scale.findall(q("cfvo"))) < least[0] or len(scale.findall(q("color"))) < least[1]):
                self.tell("format", f"{where}: {kind}")
        for one in formulas:
            if one.text:
                self.book.look_at_formula(one.text, self.part, f"format {where}", self.at, rule=True)

    def look_at_validations(self):
        held = self.root.find(q("dataValidations"))
        if held is None:
            return
        rules = held.findall(q("dataValidation"))
        if not rules or len(rules) > 65_534 or held.get("count") and int(held.get("count")) != len(rules):
            self.tell("validation", f"{held.get('count')} of {len(rules)}")
        areas = []
        for rule in rules:
            areas += self.places(rule, "validation-place")
            where = rule.get("sqref", "")[:30]
            for name, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
                if units(rule.get(name) or "") > most:
                    self.tell("validation-text", f"{where}: {name}")
            texts = [one.text or "" for one in (rule.find(q("formula1")), rule.find(q("formula2"))) if one is not None]
            if rule.get("type", "none") != "none" and not any(texts):
                self.tell("validation", f"{where}: no formula")
            for text in texts:
                if rule.get("type") == "list" and text.startswith('"'):
                    if units(text) - 2 > 255:
                        self.tell("validation-list", where)
                elif text:
                    self.book.look_at_formula(text, self.part, f"validation {where}", self.at, rule=True)
        for pair in crossing(areas):
            self.tell("validation-over-validation", pair)

    def look_at_hyperlinks(self):
        held = self.root.find(q("hyperlinks"))
        if held is None:
            return
        links = held.findall(q("hyperlink"))
        if not 0 < len(links) <= 65_530:
            self.tell("links", len(links))
        for where, times in Counter(one.get("ref") for one in links).items():
            if times > 1 or not area(where or ""):
                self.tell("link-place", where)
        for one in links:
            target, place = one.get(f"{{{REL}}}id"), one.get("location")
            if units(one.get("tooltip") or "") > 255 or units(one.get("display") or "") > 2_084 or units(place or "") > 2_083:
                self.tell("link-text", one.get("ref"))
            if target is None and place is None:
                self.tell("link-nowhere", one.get("ref"))
            elif target is None and not self.leads(place):
                self.tell("link-to-no-place", f"{one.get('ref')}: {place}")

    def leads(self, place):
        """Whether a place within the workbook is there and can be shown."""
        sheet, _, address = place.rpartition("!")
        sheet = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        if sheet and sheet.lower() in self.book.at:
            return self.book.sheets[self.book.at[sheet.lower()]][3] == "visible" and area(address) is not None
        named = {(None, place.lower()), (self.at, place.lower())} & set(self.book.names)
        return not sheet and (area(place) is not None or bool(named))

    def look_at_paper(self):
        setup = self.root.find(q("pageSetup"))
        if setup is not None and not 10 <= int(setup.get("scale", 100)) <= 400:
            self.tell("paper", setup.attrib)
        for one in self.root.find(q("headerFooter")) if self.root.find(q("headerFooter")) is not None else ():
            text = one.text or ""
            bare = re.sub(r'&(?:[LCRPNDTGFAZEOSBIXYUH&+-]|"[^"]*"|\d+|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3})', "", text)
            if units(text) > 255 or "&" in bare:
                self.tell("header-footer", text)
        for name in ("rowBreaks", "colBreaks"):
            breaks = self.root.find(q(name))
            if breaks is not None and len(breaks) > 1_023:
                self.tell("breaks", len(breaks))
