"""What a printed workbook looks like, measured: smallest type, white at the foot of each page, charts beyond the print area.

    python3 tests/paper/measure.py FILE.xlsx [SHEET …]

Prints one line a page, one a chart, one for what is wrong with it (`beyond` the print area, `over` cells) and one for
the whole, tab-separated. Needs soffice and PyMuPDF.
Without sheet names only the pages of ours are measured: those whose footer names a sheet that carries the program's mark.
"""

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

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
            print(f"page\t{number}\t{sheets[i]}\t{least:.1f}\t{white:.2f}\t{'last' if is_last else ''}")
        for sheet, wrong, where in charts(book, wanted):
            print(f"{wrong}\t{sheet}\t{where}")
        inner = [white for white, is_last in whites if not is_last]
        print(f"whole\t{ours}\t\t{smallest:.1f}\t{max(inner, default=0):.2f}\t{sum(w > 1 / 3 for w in inner)}")


if __name__ == "__main__":
    main()
