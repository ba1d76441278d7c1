#!/usr/bin/env python3
"""peers.py FUPAN [N]: N distinct campaigns with rows like real books, and what several programs take for them.

Each of the others reads every table of every workbook, sums it up and writes it again with six summary sheets and
three charts, and one workbook over all; fupan does the whole of what it does. Processor time of all processes and the
most memory of any one, three rounds in turns. Needs python-calamine, XlsxWriter, pandas and openpyxl."""
import json, os, random, resource, shutil, subprocess, sys, tempfile
from pathlib import Path

CLEAN = Path(__file__).resolve().parent.parent / "fixtures" / "clean"
BASES = ["full-11.xlsx", "full-12.xlsx", "campaign-11.xlsx", "campaign-12.xlsx", "review-11.xlsx", "review-12.xlsx"]
# Tables that grow with a campaign, and to how many rows.
GROW = {"渠道效果表": 60, "活动效果实时监控记录表": 60, "活动任务分解与责任分配表": 40, "活动资源预算表": 40, "问题清单": 20, "改进措施与行动计划表": 20}
ROUNDS = 3


def generate(folder, count):
    """Campaigns that share neither id nor name nor figures."""
    import openpyxl
    from openpyxl.packaging.custom import StringProperty
    chance = random.Random(7)
    for n in range(count):
        book = openpyxl.load_workbook(CLEAN / BASES[n % len(BASES)])
        ident = f"FP20240816-{n:08x}"
        for prop in list(book.custom_doc_props.props):
            if prop.name == "fupan.campaign":
                del book.custom_doc_props[prop.name]
                book.custom_doc_props.append(StringProperty(name=prop.name, value=ident))
        if "_fupan.campaign" in book.defined_names:
            book.defined_names["_fupan.campaign"].attr_text = f'"{ident}"'
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    text = cell.value
                    if isinstance(text, str) and text.startswith("FP20") and len(text) == 19:
                        cell.value = ident
            basics = {sheet.cell(row, 1).value: sheet.cell(row, 2) for row in range(1, min(sheet.max_row, 30) + 1)}
            for label, cell in basics.items():
                if label in ("活动名称 *", "活动名称", "活动编号"):
                    cell.value = f"{cell.value}·第{n}期"
            grow(sheet, GROW.get(sheet.title, 0), chance)
        book.save(folder / f"活动_{n:05}.xlsx")


def grow(sheet, rows, chance):
    last = sheet.max_row
    if rows == 0 or last < 5:
        return
    for at in range(last + 1, rows + 4):
        for col in range(1, sheet.max_column + 1):
            above = sheet.cell(4 + (at - 4) % (last - 3), col)
            value = above.value
            if isinstance(value, str) and value.startswith("="):
                value = None
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                value = round(value * chance.uniform(0.5, 1.5), 2) if isinstance(value, float) else int(value * chance.uniform(0.5, 1.5))
            elif isinstance(value, str) and col == 1:
                value = f"{value}{at}"
            cell = sheet.cell(at, col, value)
            cell.number_format = above.number_format


def summaries(name, tables, write):
    """Six summary sheets of a workbook, in whatever way `write` writes one: its name and rows."""
    sums = []
    for title, rows in tables.items():
        width = max((len(row) for row in rows), default=0)
        for col in range(width):
            numbers = [row[col] for row in rows if col < len(row) and isinstance(row[col], (int, float)) and not isinstance(row[col], bool)]
            if numbers:
                sums.append([title, col, len(numbers), sum(numbers), min(numbers), max(numbers), sum(numbers) / len(numbers)])
    for part in range(6):
        write(f"汇总{part + 1}", [["表", "列", "个数", "合计", "最小", "最大", "平均"]] + sums[part::6])
    return [name, len(tables), sum(row[3] for row in sums)]


def peer_calamine(inbox, out):
    import python_calamine, xlsxwriter
    lines = []
    for path in sorted(inbox.iterdir()):
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        tables = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        made = xlsxwriter.Workbook(str(out / path.name))

        def write(title, rows):
            sheet = made.add_worksheet(title[:31])
            for at, row in enumerate(rows):
                for col, value in enumerate(row):
                    if value not in ("", None):
                        sheet.write(at, col, value if isinstance(value, (int, float, str, bool)) else str(value))
            if title in ("汇总1", "汇总2", "汇总3") and len(rows) > 1:
                chart = made.add_chart({"type": "column"})
                chart.add_series({"categories": [title, 1, 0, len(rows) - 1, 0], "values": [title, 1, 3, len(rows) - 1, 3]})
                sheet.insert_chart("J2", chart)

        for title, rows in tables.items():
            write(title, rows)
        lines.append(summaries(path.name, tables, write))
        made.close()
    made = xlsxwriter.Workbook(str(out / "all.xlsx"))
    sheet = made.add_worksheet()
    for at, row in enumerate(lines):
        sheet.write_row(at, 0, row)
    made.close()


def peer_pandas(inbox, out):
    import pandas
    lines = []
    for path in sorted(inbox.iterdir()):
        frames = pandas.read_excel(path, sheet_name=None, header=None)
        tables = {name: frame.where(frame.notna(), None).values.tolist() for name, frame in frames.items()}
        with pandas.ExcelWriter(out / path.name, engine="openpyxl") as writer:
            for name, frame in frames.items():
                frame.to_excel(writer, sheet_name=name[:31], header=False, index=False)
            write = lambda title, rows: pandas.DataFrame(rows).to_excel(writer, sheet_name=title, header=False, index=False)
            lines.append(summaries(path.name, tables, write))
            from openpyxl.chart import BarChart, Reference
            for title in ("汇总1", "汇总2", "汇总3"):
                sheet = writer.book[title]
                chart = BarChart()
                chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=sheet.max_row), titles_from_data=True)
                sheet.add_chart(chart, "J2")
    pandas.DataFrame(lines).to_excel(out / "all.xlsx", index=False)


PEERS = {"python-calamine + XlsxWriter": "calamine", "pandas + openpyxl": "pandas"}


def measured(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    time = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return time, used.ru_maxrss / 1024


def main():
    if sys.argv[1] == "--peer":
        {"calamine": peer_calamine, "pandas": peer_pandas}[sys.argv[2]](Path(sys.argv[3]), Path(sys.argv[4]))
        return
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
    home = Path(tempfile.mkdtemp())
    inbox = home / "in"
    inbox.mkdir()
    generate(inbox, count)
    found = {}
    for _ in range(ROUNDS):
        for name in ["fupan batch", *PEERS]:
            out = home / "out"
            shutil.rmtree(out, ignore_errors=True)
            if name in PEERS:
                out.mkdir()
                command = [sys.executable, __file__, "--peer", PEERS[name], str(inbox), str(out)]
            else:
                command = [program, "batch", str(inbox), "-o", str(out), "--jobs", "1", "-q", "--fail-on", "never"]
            time, memory = measured(command)
            size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
            found.setdefault(name, []).append((time, memory, size))
            if name == "fupan batch":
                record = json.loads((out / "run.json").read_text())
                counted = sum(file["outcome"] == "counted" for file in record["files"])
                assert counted == count, f"{counted} of {count} campaigns counted: they are not distinct"
    best = min(time for time, _, _ in found["fupan batch"])
    print(f"{count} distinct campaigns, {sum(path.stat().st_size for path in inbox.iterdir()) // count // 1024} kB each, one thread, best of {ROUNDS}")
    for name, runs in found.items():
        time, memory, size = min(runs)
        print(f"{name:30} {time / count * 1000:7.1f} ms a campaign  {time / best:5.2f} x  {memory:6.0f} MiB  {size / 2**20:6.1f} MiB written")
    shutil.rmtree(home)


main()
