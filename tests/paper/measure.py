"""What a printed workbook looks like, measured: smallest type, white at the foot of each page, charts beyond the print area.

    python3 tests/paper/measure.py FILE.xlsx [SHEET …]

Prints one line a page, one a chart, one for what is wrong with it (`beyond` the print area, `over` cells), one for each
cell whose text is `clipped`, and one for the whole, tab-separated. Needs soffice, PyMuPDF and openpyxl.
Without sheet names only the pages of ours are measured: those whose footer names a sheet that carries the program's mark.
"""

import math
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pymupdf

DPI = 24
FOOTER = 43.0  # points at the foot of a page that margin and footer take
HEADER = 29.0


FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>%s</fontconfig>"""
ALIAS = """<match target="pattern"><test name="family"><string>%s</string></test>
<edit name="family" mode="assign" binding="strong"><string>WenQuanYi Zen Hei</string></edit></match>"""


def pdf_of(book: Path, folder: Path) -> Path:
    """Printed with a Chinese font, as on the machines of readers: without one everything comes out a third wider.
    Calibri is Carlito here, whose letters are as wide."""
    fonts = folder / "fonts.conf"
    usual = ["微软雅黑", "Microsoft YaHei", "宋体", "SimSun", "等线", "DengXian"]
    fonts.write_text(FONTS % "".join(ALIAS % name for name in usual), encoding="utf-8")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf",
         "--outdir", str(folder), str(book)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)})
    return folder / (book.stem + ".pdf")


def own_sheets(book: Path) -> list[str]:
    """Names of the sheets in sight the program added, from their defined names: hidden ones are printed by nobody."""
    with zipfile.ZipFile(book) as package:
        text = package.read("xl/workbook.xml").decode("utf-8")
    found = re.findall(r'<definedName[^>]*name="_fupan\.gen\.\d+"[^>]*>([^<]*)!\$A\$1<', text)
    hidden = set(re.findall(r'<sheet [^>]*name="([^"]*)"[^>]*state="(?:hidden|veryHidden)"', text))
    names = [name.strip("'").replace("''", "'") for name in found]
    return [name.replace("&amp;", "&") for name in names if name not in hidden]


def pages(pdf: Path):
    """Number, height, sizes and texts of the body, texts of the foot, and the share of white below the last ink."""
    for page in pymupdf.open(pdf):
        height = page.rect.height
        body, foot = [], []
        for block in page.get_text("dict")["blocks"]:
            for line in block.get("lines", []):
                for span in line["spans"]:
                    if span["text"].strip():
                        is_foot = span["bbox"][1] > height - FOOTER
                        (foot if is_foot else body).append((span["size"], span["text"].strip()))
        yield page.number + 1, body, foot, white_at_foot(page)


COLUMN = re.compile(r"([A-Z]+)(\d+)")


def place(reference: str) -> tuple[int, int]:
    """Row and column of `AB12`, from zero."""
    letters, row = COLUMN.match(reference).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(row) - 1, column - 1


def charts(book: Path, wanted: list[str]):
    """Name of the sheet and what is wrong of every chart that leaves the print area or lies over cells that show something."""
    with zipfile.ZipFile(book) as package:
        def related(part: str) -> dict[str, tuple[str, str]]:
            folder, name = part.rsplit("/", 1)
            rels = f"{folder}/_rels/{name}.rels"
            text = package.read(rels).decode() if rels in package.namelist() else ""
            found = {}
            for tag in re.findall(r"<Relationship [^>]*>", text):
                at = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                target = at["Target"]
                path = target.lstrip("/") if target.startswith("/") else os.path.normpath(f"{folder}/{target}")
                found[at["Id"]] = (at["Type"].rsplit("/", 1)[1], path)
            return found

        workbook = package.read("xl/workbook.xml").decode()
        parts = related("xl/workbook.xml")
        areas = {int(at): area.rsplit(":", 1)[1].replace("$", "") for at, area in re.findall(
            r'<definedName name="_xlnm.Print_Area" localSheetId="(\d+)"[^>]*>([^<]*)<', workbook)}
        for index, tag in enumerate(re.findall(r"<sheet [^>]*>", workbook)):
            name = re.search(r'name="([^"]*)"', tag).group(1).replace("&amp;", "&")
            if name not in wanted or index not in areas:
                continue
            part = parts[re.search(r'r:id="([^"]*)"', tag).group(1)][1]
            sheet = package.read(part).decode()
            last = place(areas[index])
            filled = {place(at) for at in re.findall(r'<c r="([A-Z]+\d+)"[^>]*>', sheet)}
            empty = {place(at) for at in re.findall(r'<c r="([A-Z]+\d+)"[^>]*/>', sheet)}
            shown = {at for at in filled - empty if at[1] <= last[1]}
            for kind, drawing in related(part).values():
                if kind != "drawing":
                    continue
                for anchor in re.findall(r"<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", package.read(drawing).decode(), re.S):
                    col1, row1, col2, row2 = (
                        int(re.search(rf"<xdr:{end}>.*?<xdr:{axis}>(\d+)<", anchor, re.S).group(1))
                        for end in ("from", "to") for axis in ("col", "row"))
                    offset = int(re.search(r"<xdr:to>.*?<xdr:colOff>(-?\d+)<", anchor, re.S).group(1))
                    yield name, "chart", ""
                    if col2 > last[1] + (offset == 0) or row2 > last[0]:
                        yield name, "beyond", f"{row2},{col2} beyond {last}"
                    over = [at for at in shown if row1 <= at[0] < row2 and col1 <= at[1] < col2]
                    if over:
                        yield name, "over", str(min(over))


def units(text: str) -> float:
    """Width of a line in digits of Calibri: a Chinese character is two of them and a little."""
    return sum(2.1 if unicodedata.east_asian_width(c) in "WFA" else 1.0 for c in text)


def clipped(book: Path, wanted: list[str]):
    """Cells of printed columns whose text shows in part: wider than the cell with no free neighbour, or more lines than
    the row is high. Estimated, with a tenth to spare."""
    with warnings.catch_warnings():
        # What openpyxl does not know of conditional formats is no matter here.
        warnings.simplefilter("ignore")
        opened = openpyxl.load_workbook(book, data_only=True)
    for name in wanted:
        sheet = opened[name]
        area = re.search(r":\$?([A-Z]+)\$?\d+$", str(sheet.print_area or ""))
        if not area:
            continue
        last = openpyxl.utils.column_index_from_string(area.group(1))
        widths = {}
        for dimension in sheet.column_dimensions.values():
            for col in range(dimension.min or 0, (dimension.max or 0) + 1):
                widths[col] = 0.0 if dimension.hidden else dimension.width
        merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows(max_col=last):
            for cell in row:
                text = cell.value
                if not isinstance(text, str) or not text.strip() or widths.get(cell.column, 8.43) == 0.0:
                    continue
                if sheet.row_dimensions[cell.row].hidden:
                    continue
                span = merged.get((cell.row, cell.column))
                to = span.max_col if span else cell.column
                room = sum(widths.get(col, 8.43) for col in range(cell.column, to + 1))
                size = (cell.font.sz or 11) / 11
                lines = text.split("\n")
                if cell.alignment.wrap_text:
                    needed = sum(max(1, math.ceil(units(line) * size * 0.9 / max(room, 1))) for line in lines)
                    rows = range(cell.row, (span.max_row if span else cell.row) + 1)
                    has = sum(sheet.row_dimensions[at].height or 15 for at in rows)
                    if needed > 1 and needed * 11 * size * 1.1 > has:
                        yield name, cell.coordinate, text
                elif not cell.alignment.shrink_to_fit:
                    # Text goes on over empty cells to its right.
                    while to < sheet.max_column and sheet.cell(cell.row, to + 1).value is None:
                        to += 1
                        room += widths.get(to, 8.43)
                    if units(text) * size * 0.9 > room:
                        yield name, cell.coordinate, text


def white_at_foot(page) -> float:
    """Share of the page between its margins that is white below the last ink."""
    picture = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
    height, rows, width = page.rect.height, picture.height, picture.width
    bottom = int(rows * (1 - FOOTER / height))
    inked = [row for row in range(bottom) if min(picture.samples[row * width:(row + 1) * width]) < 245]
    top = rows * HEADER / height
    return max(0.0, (bottom - max(inked, default=0)) / (bottom - top))


def main() -> None:
    book = Path(sys.argv[1])
    wanted = sys.argv[2:] or own_sheets(book)
    keep = os.environ.get("KEEP")  # a folder in which the pages stay, to be looked at
    with tempfile.TemporaryDirectory() as folder:
        pdf = pdf_of(book, Path(folder))
        if keep:
            Path(keep, pdf.name).write_bytes(pdf.read_bytes())
        smallest, whites, ours = 99.0, [], 0
        all_pages = list(pages(pdf))
        sheets = [next((name for name in wanted for _, text in foot if text.endswith(name)), None)
                  for _, _, foot, _ in all_pages]
        for i, (number, body, _, white) in enumerate(all_pages):
            if sheets[i] is None:
                continue
            ours += 1
            least = min((size for size, _ in body), default=99.0)
            is_last = i + 1 == len(all_pages) or sheets[i + 1] != sheets[i]
            smallest = min(smallest, least)
            whites.append((white, is_last))
            for _, text in body:
                if "###" in text:
                    print(f"clipped\t{sheets[i]}\tpage {number}\t{text!r}")
            print(f"page\t{number}\t{sheets[i]}\t{least:.1f}\t{white:.2f}\t{'last' if is_last else ''}")
        for sheet, wrong, where in charts(book, wanted):
            print(f"{wrong}\t{sheet}\t{where}")
        for sheet, cell, text in clipped(book, wanted):
            print(f"clipped\t{sheet}\t{cell}\t{text[:40]!r}")
        inner = [white for white, is_last in whites if not is_last]
        print(f"whole\t{ours}\t\t{smallest:.1f}\t{max(inner, default=0):.2f}\t{sum(w > 1 / 3 for w in inner)}")


if __name__ == "__main__":
    main()
