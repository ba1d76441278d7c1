"""Mailed copies as people make them, put through the command line: one function a scenario of the weekly loop.

    python3 tests/weekly/scenarios.py FUPAN [NAME...]

Workbooks are written by openpyxl and LibreOffice, mails by Python's email package.
"""
import base64
import csv
import datetime
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile

import openpyxl

warnings.simplefilter("ignore")
FUPAN = os.path.abspath(sys.argv[1])
DAY = "2024-12-13"
ACTIONS, BUDGET, PROBLEMS = "改进措施与行动计划表", "活动资源预算表", "问题清单"
CAMPAIGN = {"活动基本信息表": {"B4": "DS12", "B5": "2024双十二"}}


def fupan(*args, code=None):
    done = subprocess.run([FUPAN, "--lang", "zh", *map(str, args)], capture_output=True, text=True)
    assert done.returncode < 5, (args, done.returncode, done.stderr)
    assert code is None or done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
    return done


def blank(path="b0.xlsx", day="2024-12-01", *more):
    fupan("new", "-t", "promotion", "-n", "2024双十二", "-o", path, "--as-of", day, *more, code=0)
    return path


def fill(src, dst, edits, by="", at=None, change=None):
    """A copy of a workbook with cells typed in; None clears. `at` is when it was saved."""
    book = openpyxl.load_workbook(src)
    for sheet, cells in edits.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    if change:
        change(book)
    book.properties.lastModifiedBy = by
    os.makedirs(os.path.dirname(dst) or ".", exist_ok=True)
    book.save(dst)
    when = at or "2024-12-02T08:00:00Z"
    stamp = lambda text: re.sub(r"(<dcterms:modified[^>]*>)[^<]*", lambda found: found[1] + when, text)
    repack(dst, {"docProps/core.xml": stamp})
    return dst


def repack(path, changes, drop=()):
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist() if name not in drop]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            if name in changes:
                data = changes[name](data.decode()).encode()
            new.writestr(name, data)


def batch(inbox="in", out="out", *more, day=DAY):
    done = fupan("batch", inbox, "-o", out, "--as-of", day, "--max-seconds", "600", *more)
    with open(f"{out}/run.json", encoding="utf-8") as file:
        record = json.load(file)
    record["said"] = done.stdout + done.stderr
    return record


def merge_of(record):
    assert len(record["merges"]) == 1, record["merges"]
    return record["merges"][0]


def values(path, sheet, first=4, columns="ABCDEFGH"):
    sheet = openpyxl.load_workbook(path)[sheet]
    rows = []
    for row in range(first, sheet.max_row + 1):
        cells = [sheet[f"{column}{row}"].value for column in columns]
        cells = [None if isinstance(cell, str) and cell.startswith("=") else cell for cell in cells]
        if any(cell not in (None, "") for cell in cells):
            rows.append(cells)
    return rows


def merged(out="out"):
    return f"{out}/活动/2024双十二.复盘.xlsx"


def answer(path, choice, own=None, question=0):
    """Somebody opens the sheet of questions and answers one."""
    book = openpyxl.load_workbook(path)
    sheet = book["合并-待定"]
    heads = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in ("采用", "改成")}
    row = heads["采用"].row + 1 + question
    sheet.cell(row, heads["采用"].column).value = choice
    if own is not None:
        sheet.cell(row, heads["改成"].column).value = own
    book.save(path)


def action(row, code, text, owner="何川", due="2024-12-30", how="响应低于30秒"):
    return {f"A{row}": code, f"C{row}": text, f"E{row}": owner, f"G{row}": due, f"H{row}": how}


THREE = {**action(4, "A01", "提前锁定客服排班"), **action(5, "A02", "建立库存预警机制", "王敏"), **action(6, "A03", "复核优惠券规则", "李雷")}


def spend(value, name="抖音投放", row=4):
    return {BUDGET: {f"A{row}": "推广资源", f"B{row}": name, f"E{row}": 20000, f"F{row}": value}}


def issued(edits, name="g1.xlsx", by="汇总人"):
    """What goes back to people after one copy came in: generation 1 with these edits in it."""
    fill(blank(), "first/甲.xlsx", edits, by)
    batch("first", "w1")
    shutil.copy(merged("w1"), name)
    return name


def kinds(merge):
    return [line["what"] for line in merge["lines"]]


# ------------------------------------------------------------------ scenarios


def s01_five_departments_fill_a_table_each():
    blank()
    parts = {
        "市场": {"销售对比表": {"C4": 11, "C5": 520}},
        "客服": {"服务与保障表": {"D4": 1200}},
        "运营": {ACTIONS: action(4, "A01", "提前锁定客服排班")},
        "商品": {"品类商品销售表": {"A4": "口红", "D4": 20000}},
        "财务": {"成本收益表": {"B4": 10000, "C4": 9000}},
    }
    for name, edits in parts.items():
        fill("b0.xlsx", f"in/{name}.xlsx", edits, name)
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    assert len(merge["copies"]) == 5
    assert values(merged(), "品类商品销售表")[0][0] == "口红"
    assert openpyxl.load_workbook(merged())["销售对比表"]["C5"].value == 520
    assert {line["file"] for line in merge["lines"] if line["what"] == "taken"} >= {"市场.xlsx", "财务.xlsx"} - {merge["host"]}
    files = [f"in/{name}.xlsx" for name in parts]
    fupan("merge", *files, "-o", "one.xlsx", "--as-of", DAY, code=0)
    fupan("merge", *reversed(files), "-o", "other.xlsx", "--as-of", DAY, code=0)
    assert open("one.xlsx", "rb").read() == open("other.xlsx", "rb").read(), "the order of files changes the bytes"


def s02_saved_again_by_another_program_is_the_same_content():
    fill(blank(), "in/甲.xlsx", spend(20000), "甲甲")
    os.makedirs("again", exist_ok=True)
    home = f"-env:UserInstallation=file://{os.getcwd()}/profile"
    subprocess.run(["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", "again", "in/甲.xlsx"],
                   check=True, capture_output=True)
    shutil.copy("again/甲.xlsx", "in/甲 (1).xlsx")
    merge = merge_of(batch())
    assert merge["pending"] == [] and merge["taken"] == 0, merge
    assert sorted(copy["role"] for copy in merge["copies"]) == ["host", "same-content"], merge["copies"]


def s03_two_values_are_asked_about_and_equal_ones_are_not():
    blank()
    fill("b0.xlsx", "in/甲.xlsx", spend("2万"), "甲甲", "2024-12-02T08:00:00Z")
    fill("b0.xlsx", "in/乙.xlsx", spend(20000), "乙乙", "2024-12-03T08:00:00Z")
    assert merge_of(batch())["pending"] == []
    fill("b0.xlsx", "in/乙.xlsx", spend(25000), "乙乙", "2024-12-03T08:00:00Z")
    merge = merge_of(batch())
    [question] = merge["pending"]
    assert {side["value"] for side in question["sides"]} == {"2万", "25000"}, question
    assert {side["by"] for side in question["sides"]} == {"甲甲", "乙乙"}
    assert question["used"] == "25000", "the later one is used meanwhile"
    assert openpyxl.load_workbook(merged())[BUDGET]["F4"].value in (25000, "25000")
    assert "合并-待定" in openpyxl.load_workbook("out/汇总.xlsx").sheetnames


def s03_the_effect_on_key_figures_is_computed():
    budget = {"活动基本信息表": {"B5": "2024双十二"}}
    blank()
    book = openpyxl.load_workbook("b0.xlsx")
    row = next(cell.row for cell in book["活动基本信息表"]["A"] if str(cell.value).startswith("总预算"))
    total = {"活动基本信息表": {**budget["活动基本信息表"], f"B{row}": 40000}}
    fill("b0.xlsx", "in/甲.xlsx", {**spend(20000), **total}, "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {**spend(25000), **total}, "乙乙")
    [question] = merge_of(batch())["pending"]
    assert "→" in question["effect"] and "%" in question["effect"], question


def s04_an_answer_is_obeyed_until_a_third_value_comes():
    blank()
    fill("b0.xlsx", "in/甲.xlsx", spend("2万"), "甲甲", "2024-12-02T08:00:00Z")
    fill("b0.xlsx", "in/乙.xlsx", spend(25000), "乙乙", "2024-12-03T08:00:00Z")
    [question] = merge_of(batch())["pending"]
    letters = "甲乙"
    choice = next(letters[n] for n, side in enumerate(question["sides"]) if side["value"] == "2万")
    answer("out/汇总.xlsx", choice)
    for _ in range(2):
        merge = merge_of(batch())
        assert merge["pending"] == [] and len(merge["settled"]) == 1, merge
        assert kinds(merge).count("decided") == 1
        assert openpyxl.load_workbook(merged())[BUDGET]["F4"].value in ("2万", 20000)
    fill("b0.xlsx", "in/丙.xlsx", spend("3万"), "丙丙", "2024-12-04T08:00:00Z")
    [question] = merge_of(batch())["pending"]
    assert {side["value"] for side in question["sides"]} == {"2万", "3万"}, question


def s04_an_answer_in_the_campaigns_own_workbook_and_another_value():
    blank()
    fill("b0.xlsx", "in/甲.xlsx", spend("2万"), "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", spend(25000), "乙乙")
    assert len(merge_of(batch())["pending"]) == 1
    answer(merged(), "都不对", 23000)
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    assert openpyxl.load_workbook(merged())[BUDGET]["F4"].value == 23000
    # Mailed back instead, with the outputs gone.
    shutil.rmtree("out")
    assert len(merge_of(batch())["pending"]) == 1
    answer(merged(), "甲")
    shutil.copy(merged(), "in/回来的.xlsx")
    shutil.rmtree("out")
    assert merge_of(batch())["pending"] == []


def s05_a_correction_of_ones_own_is_no_question():
    blank()
    more = {ACTIONS: THREE}
    fill("b0.xlsx", "in/甲.xlsx", {**spend("1.2万"), **more}, "甲甲", "2024-12-02T08:00:00Z")
    fill("b0.xlsx", "in/甲 改.xlsx", {**spend("12万"), **more}, "甲甲", "2024-12-04T08:00:00Z")
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    assert openpyxl.load_workbook(merged())[BUDGET]["F4"].value in ("12万", 120000)
    assert "superseded" in kinds(merge)
    for other in ("乙乙", "Administrator", ""):
        fill("b0.xlsx", "in/甲.xlsx", {**spend("1.2万"), **more}, other or "openpyxl", "2024-12-02T08:00:00Z")
        fill("b0.xlsx", "in/甲 改.xlsx", {**spend("12万"), **more}, "甲甲" if other == "乙乙" else other or "openpyxl", "2024-12-04T08:00:00Z")
        assert len(merge_of(batch())["pending"]) == 1, other


def s06_somebody_goes_on_in_the_old_copy():
    g1 = issued({**spend(20000), ACTIONS: THREE})
    shutil.copy(g1, "in/乙.xlsx") if os.path.isdir("in") else (os.makedirs("in"), shutil.copy(g1, "in/乙.xlsx"))
    fill("b0.xlsx", "in/甲.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟", "E4": "没有提前量"}}, "甲甲")
    merge = merge_of(batch())
    assert merge["pending"] == [] and merge["removed"] == [], merge
    assert len(values(merged(), ACTIONS)) == 3, "what 甲 never saw is not cleared"
    assert values(merged(), PROBLEMS)[0][2] == "物料审批延迟"
    stale = [line for line in merge["lines"] if line["what"] == "stale"]
    assert "2024-12-01" in stale[0]["was"], stale


def s07_five_six_five():
    issued(spend(5))
    fill("g1.xlsx", "second/乙.xlsx", spend(6), "乙乙")
    batch("second", "w2")
    shutil.copy(merged("w2"), "g2.xlsx")
    fill("g2.xlsx", "in/甲.xlsx", spend(5), "甲甲")
    shutil.copy("second/乙.xlsx", "in/乙.xlsx")
    shutil.copy("first/甲.xlsx", "in/最早.xlsx")
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    assert openpyxl.load_workbook(merged())[BUDGET]["F4"].value == 5


def s08_a_deleted_row_is_deleted_unless_somebody_changed_it():
    g1 = issued({ACTIONS: THREE})
    gone = {ACTIONS: {f"{column}6": None for column in "ABCDEFGHIJKLMNOP"}}
    fill(g1, "in/甲.xlsx", gone, "甲甲")
    fill(g1, "in/乙.xlsx", {ACTIONS: {"H4": "响应低于20秒"}}, "乙乙")
    merge = merge_of(batch())
    assert merge["pending"] == [] and len(merge["removed"]) == 1, merge
    assert [row[0] for row in values(merged(), ACTIONS)] == ["A01", "A02"]
    fill(g1, "in/乙.xlsx", {ACTIONS: {"G6": "2025-01-15"}}, "乙乙")
    merge = merge_of(batch())
    assert [one["kind"] for one in merge["pending"]] == ["row"], merge["pending"]
    assert [row[0] for row in values(merged(), ACTIONS)] == ["A01", "A02", "A03"]
    answer(merged(), next("甲乙"[n] for n, side in enumerate(merge["pending"][0]["sides"]) if side["value"] == "删除"))
    merge = merge_of(batch())
    assert merge["pending"] == [] and len(values(merged(), ACTIONS)) == 2, merge["pending"]


def s09_a_sheet_that_is_not_ones_own_is_not_handed_in():
    g1 = issued({"服务与保障表": {"D4": 1200, "D5": 0.95}, **spend(20000)})

    def without(book):
        del book["服务与保障表"]

    fill(g1, "in/市场.xlsx", spend(21000), "市场部", change=without)
    fill(g1, "in/客服.xlsx", {"服务与保障表": {"D6": 3}}, "客服部")
    merge = merge_of(batch())
    assert merge["pending"] == [] and merge["removed"] == [], merge
    assert [copy["not_handed_in"] for copy in merge["copies"] if copy["file"] == "市场.xlsx"] == [["service"]]
    service = openpyxl.load_workbook(merged())["服务与保障表"]
    assert [service[cell].value for cell in ("D4", "D5", "D6")] == [1200, 0.95, 3]


def added_and_else(changes):
    """How many rows were added, and what was changed beside the cells of these."""
    rows = [change["row"] for change in changes if change["what"] == "added"]
    own = [change["what"] == "added" or change["what"] == "filled" and change["row"] in rows for change in changes]
    return len(rows), [change for change, is_own in zip(changes, own) if not is_own]


def s10_sorted_and_two_inserted():
    texts = ["物料审批延迟", "客服响应慢于承诺", "库存预估偏差大"]
    rows = {}
    for at, text in enumerate(texts):
        rows.update({f"B{4 + at}": "执行问题", f"C{4 + at}": text, f"E{4 + at}": f"根因{at}"})
    g1 = issued({PROBLEMS: rows})
    order = [texts[2], "优惠券叠加出错", texts[0], "直播间商品链接失效", texts[1]]
    roots = {texts[0]: "根因0", texts[1]: "根因1", texts[2]: "根因2"}
    cells = {}
    for at, text in enumerate(order):
        cells.update({f"B{4 + at}": "执行问题", f"C{4 + at}": text, f"E{4 + at}": roots.get(text, "新")})
    fill(g1, "in/甲.xlsx", {PROBLEMS: cells}, "甲甲")
    said = fupan("diff", g1, "in/甲.xlsx", "--format", "json")
    assert added_and_else(json.loads(said.stdout)["changes"]) == (2, [])


def s11_renamed_by_one_and_changed_by_another():
    g1 = issued(spend(20000))
    fill(g1, "in/甲.xlsx", {BUDGET: {"B4": "抖音平台投放费用"}}, "甲甲")
    fill(g1, "in/乙.xlsx", {BUDGET: {"F4": 23000}}, "乙乙")
    merge = merge_of(batch())
    rows = values(merged(), BUDGET)
    assert merge["pending"] == [] and len(rows) == 1, (merge["pending"], rows)
    assert rows[0][1] == "抖音平台投放费用" and rows[0][5] == 23000, rows


def s12_two_people_add_rows():
    blank()
    fill("b0.xlsx", "in/甲.xlsx", {ACTIONS: action(4, None, "提前锁定客服排班")}, "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {ACTIONS: action(4, None, "建立库存预警机制", "王敏")}, "乙乙")
    merge = merge_of(batch())
    assert merge["pending"] == [] and len(values(merged(), ACTIONS)) == 2, merge
    fill("b0.xlsx", "in/甲.xlsx", {ACTIONS: action(4, "A09", "提前锁定客服排班")}, "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {ACTIONS: action(4, "A09", "建立库存预警机制")}, "乙乙")
    merge = merge_of(batch())
    assert [one["kind"] for one in merge["pending"]] == ["value"], merge["pending"]
    assert len(values(merged(), ACTIONS)) == 1
    fill("b0.xlsx", "in/甲.xlsx", {ACTIONS: action(4, None, "大促前两周锁定全部客服排班并定稿")}, "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {ACTIONS: action(4, None, "大促前两周锁定全部客服排班且定稿")}, "乙乙")
    merge = merge_of(batch())
    assert [one["kind"] for one in merge["pending"]] == ["same-row"], merge["pending"]
    assert len(values(merged(), ACTIONS)) == 2
    yes = next("甲乙"[n] for n, side in enumerate(merge["pending"][0]["sides"]) if side["value"].startswith("是同一行"))
    answer("out/汇总.xlsx", yes)
    merge = merge_of(batch())
    assert len(values(merged(), ACTIONS)) == 1, values(merged(), ACTIONS)


def s13_a_copied_row_is_a_new_row():
    g1 = issued({ACTIONS: action(4, "A01", "提前锁定客服排班")})
    fill(g1, "in/甲.xlsx", {ACTIONS: action(5, "A01", "提前锁定主播排班", "李雷")}, "甲甲")
    said = fupan("diff", g1, "in/甲.xlsx", "--format", "json")
    assert added_and_else(json.loads(said.stdout)["changes"]) == (1, [])


def s14_columns_of_their_own():
    blank()
    rows = {**action(4, "A01", "提前锁定客服排班")}
    fill("b0.xlsx", "in/甲.xlsx", {ACTIONS: {**rows, "Q3": "备注2", "Q4": "要复查"}}, "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {ACTIONS: {**rows, "Q3": "达人ID", "Q4": "K0017"}}, "乙乙")
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    sheet = openpyxl.load_workbook(merged())[ACTIONS]
    heads = {sheet.cell(3, column).value: sheet.cell(4, column).value for column in range(1, 25)}
    assert heads.get("备注2") == "要复查" and heads.get("达人ID") == "K0017", heads
    fill("b0.xlsx", "in/乙.xlsx", {ACTIONS: {**rows, "Q3": "备注2", "Q4": "不用复查"}}, "乙乙")
    assert len(merge_of(batch())["pending"]) == 1


def s15_a_cleared_cell():
    g1 = issued(spend(20000))
    fill(g1, "in/甲.xlsx", {BUDGET: {"F4": None}}, "甲甲")
    shutil.copy(g1, "in/乙.xlsx")
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    assert openpyxl.load_workbook(merged())[BUDGET]["F4"].value in (None, "")
    fill(g1, "in/乙.xlsx", {BUDGET: {"F4": 22000}}, "乙乙")
    [question] = merge_of(batch())["pending"]
    assert {side["value"] for side in question["sides"]} == {"（空）", "22000"}, question


def s16_a_formula_with_the_same_result_agrees():
    blank()
    fill("b0.xlsx", "in/乙.xlsx", spend(20000), "乙乙")
    fill("b0.xlsx", "f.xlsx", spend(0), "甲甲")
    book = openpyxl.load_workbook("f.xlsx")
    book[BUDGET]["F4"] = "=4*5000"
    book.save("f.xlsx")
    home = f"-env:UserInstallation=file://{os.getcwd()}/profile"
    os.makedirs("in", exist_ok=True)
    subprocess.run(["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", "in", "f.xlsx"],
                   check=True, capture_output=True)
    assert merge_of(batch())["pending"] == []


def s17_stripped_of_everything_hidden():
    blank()
    who = {"活动基本信息表": {"B4": "DS12", "B5": "2024双十二"}}

    def strip(book):
        del book["_fupan"]
        for name in [name for name in book.defined_names if name.startswith("_fupan")]:
            del book.defined_names[name]
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]

    fill("b0.xlsx", "in/甲.xlsx", {**who, **spend(20000)}, "甲甲", change=strip)
    fill("b0.xlsx", "in/乙.xlsx", {**who, PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟", "E4": "晚"}}, "乙乙", change=strip)
    merge = merge_of(batch())
    assert merge["pending"] == [], merge["pending"]
    assert {copy["base"] for copy in merge["copies"]} == {"unknown"}
    assert "no-base" in kinds(merge)
    assert values(merged(), PROBLEMS)[0][2] == "物料审批延迟" and values(merged(), BUDGET)[0][5] == 20000


def nothing_people_typed_into_an_output_is_destroyed():
    fill(blank(), "in/甲.xlsx", {**spend(20000), **{}}, "甲甲")
    batch()
    with open("out/会议纪要.txt", "w", encoding="utf-8") as file:
        file.write("别删")
    fill(merged(), "typed.xlsx", {ACTIONS: action(4, "A01", "提前锁定客服排班")}, "经理")
    shutil.copy("typed.xlsx", merged())
    record = batch()
    assert open("out/会议纪要.txt", encoding="utf-8").read() == "别删"
    assert values(merged(), ACTIONS)[0][0] == "A01", "what was typed into the output is in the next one"
    assert any(name.startswith("2024双十二") or "2024双十二" in name for name in os.listdir("out/上次改过"))
    batch()
    assert values(merged(), ACTIONS)[0][0] == "A01", record["merges"]


def an_accepted_suggestion_in_a_returned_workbook_is_obeyed():
    fill(blank(), "first/甲.xlsx", {PROBLEMS: {"B4": "执行问提", "C4": "物料审批延迟", "E4": "没有提前量"}}, "甲甲")
    batch("first", "w1")
    book = openpyxl.load_workbook(merged("w1"))
    sheet = book["校验结果"]
    heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value in ("采纳", "建议值", "位置")}
    row = next((row[0].row for row in sheet.iter_rows() if row[heads["建议值"] - 1].value not in (None, "", "建议值")), None)
    if row is None:
        raise AssertionError("no suggestion to accept in this workbook")
    place, suggestion = sheet.cell(row, heads["位置"]).value, sheet.cell(row, heads["建议值"]).value
    sheet.cell(row, heads["采纳"]).value = "是"
    os.makedirs("in", exist_ok=True)
    book.save("in/回来的.xlsx")
    batch()
    name, cell = place.rsplit("!", 1)
    assert str(openpyxl.load_workbook(merged())[name][cell].value) == str(suggestion)
    assert "采纳记录" in openpyxl.load_workbook(merged()).sheetnames


def forged_and_damaged_bases_are_told_and_nothing_is_lost():
    g1 = issued(spend(20000))
    for name, forge in {
        "改过底稿": lambda text: text[:200] + ("A" if text[200] != "A" else "B") + text[201:],
        "截断": lambda text: text[: len(text) // 2],
        "炸弹": lambda text: base64.b64encode((2**30).to_bytes(4, "little") + b"\0" * 64).decode(),
    }.items():
        book = openpyxl.load_workbook(g1)
        sheet = book["_fupan.issue"]
        for row in sheet.iter_rows():
            if row[0].value == "fupan.snapshot.1":
                row[1].value = forge(row[1].value)
        book[PROBLEMS]["B4"], book[PROBLEMS]["C4"], book[PROBLEMS]["E4"] = "执行问题", f"问题{name}很不一样", "晚"
        os.makedirs("in", exist_ok=True)
        book.save(f"in/{name}.xlsx")
    shutil.copy(g1, "in/好的.xlsx")
    merge = merge_of(batch())
    assert kinds(merge).count("bad-base") == 3, kinds(merge)
    record = json.load(open("out/run.json", encoding="utf-8"))
    told = [finding["message"] for finding in record["findings"] if finding["code"] == "issue-not-believed"]
    own = [finding["code"] for file in record["files"] for finding in file["findings"]].count("issue-not-believed")
    assert len(told) + own == 3, (told, own)
    assert len(values(merged(), PROBLEMS)) == 3 and values(merged(), BUDGET)[0][5] == 20000


def saved_by(program, path, out):
    """The workbook as another program saves it whole."""
    if program == "openpyxl":
        openpyxl.load_workbook(path).save(out)
        return
    home = f"-env:UserInstallation=file://{os.getcwd()}/profile"
    os.makedirs("again", exist_ok=True)
    subprocess.run(["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", "again", path], check=True, capture_output=True)
    shutil.move(f"again/{os.path.basename(path)}", out)


def hidden_ids_and_names_survive_other_programs():
    base = blank("base.xlsx")
    names = openpyxl.load_workbook(base).defined_names
    assert "_fupan.col.actions.owner" in names and "_fupan.col.basics.name" in names and "_fupan.snapshot" in names
    assert "fupan.snapshot" in openpyxl.load_workbook(base).custom_doc_props.names
    assert "之后改了 0 处" in fupan("inspect", base).stdout, "a blank nobody wrote in has no edits"
    g1 = issued({ACTIONS: THREE})
    ids = lambda path: [row[-1] for row in values(path, ACTIONS, columns="ABCDEFGHIJKLMNOPQ")]
    first = ids(g1)
    assert len(set(first)) == 3 and all(re.fullmatch("r[0-9a-f]{8}", one) for one in first), first
    for program in ("openpyxl", "libreoffice"):
        saved_by(program, g1, f"{program}.xlsx")
        book = openpyxl.load_workbook(f"{program}.xlsx")
        sheet = book[ACTIONS]
        assert ids(f"{program}.xlsx") == first and sheet.column_dimensions["Q"].hidden, program
        assert "_fupan.col.actions.owner" in book.defined_names, program
        # Everything but the id and two words is other than it was, and the header is called otherwise.
        for cell, value in {"A5": None, "C5": "换成每周盘点三次爆款", "E5": "王敏", "G5": None, "H5": "响应低于30秒", "E3": "跟办的同学"}.items():
            sheet[cell] = value
        book.save(f"{program}.xlsx")
        changes = json.loads(fupan("diff", g1, f"{program}.xlsx", "--format", "json").stdout)["changes"]
        assert {change["what"] for change in changes} == {"changed", "cleared"}, (program, changes)
        assert "跟办的同学" in fupan("check", f"{program}.xlsx").stdout, "a renamed header is told"
    # Cleared and begun anew in its place: another row.
    fill(g1, "new.xlsx", {ACTIONS: action(5, "A09", "直播间加一名场控", "高远", "2025-02-01", "掉线为零")}, "甲甲")
    changes = json.loads(fupan("diff", g1, "new.xlsx", "--format", "json").stdout)["changes"]
    assert {change["what"] for change in changes if change["column"] == ""} == {"added", "removed"}, changes


def a_stripped_issue_is_found_again_in_another_copy():
    g1 = issued({ACTIONS: THREE})

    def without(book):
        del book["_fupan.issue"]

    gone = {f"{column}6": None for column in "ABCDEFGHIJKLMNOP"}
    fill(g1, "in/甲.xlsx", {ACTIONS: gone}, "甲甲", change=without)
    assert "issue-not-believed" in fupan("check", "in/甲.xlsx", "--format", "json").stdout
    shutil.copy(g1, "in/乙.xlsx")
    merge = merge_of(batch())
    assert "bad-base" not in kinds(merge) and len(merge["removed"]) == 1, merge["lines"]
    assert len(values(merged(), ACTIONS)) == 2


def rows_without_room_get_a_sheet_of_their_own():
    blank()
    full = {**spend(20000)[BUDGET], "A5": "合计", "E5": 20000, "F5": 20000}
    fill("b0.xlsx", "in/甲.xlsx", {BUDGET: full, ACTIONS: THREE, PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟"}}, "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {BUDGET: {"A4": "推广资源", "B4": "小红书达人", "E4": 3000, "F4": 3100, "A5": "物料", "B5": "横幅", "F5": 300}}, "乙乙")
    merge = merge_of(batch())
    assert merge["host"] == "甲.xlsx" and "no-place" not in kinds(merge), merge["lines"]
    sheet = openpyxl.load_workbook(merged())["合并新增-" + BUDGET]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["推广资源", "小红书达人"] in [row[:2] for row in cells] and ["物料", "横幅"] in [row[:2] for row in cells], cells
    assert {line["at"].rsplit("!", 1)[0] for line in merge["lines"] if line["what"] == "added"} == {"合并新增-" + BUDGET}
    # It is the team's: the next run reads it and makes no copy of it.
    os.makedirs("next")
    shutil.copy(merged(), "next/回来.xlsx")
    record = batch("next", "w2")
    again = openpyxl.load_workbook(merged("w2"))
    assert [name for name in again.sheetnames if name.startswith("合并新增")] == ["合并新增-" + BUDGET]
    [summary] = [file["campaign"] for file in record["files"] if file.get("campaign")]
    assert sum(line["actual"] or 0 for line in summary["budget_lines"]) == 23400, summary["budget_lines"]


def row_of(sheet, first, column=1):
    return next(row for row in sheet.iter_rows() if row[column - 1].value == first)


def s25_the_next_blank_of_a_campaign_that_came():
    """W49 in, W50's blank out: open actions with first week and slips, targets and baselines; merging it back asks nothing."""
    blank()
    targets = {"KPI拆解表": {"A4": "结果指标", "C4": "销售额", "F4": 5000000, "G4": 4000000, "J4": "后台"},
               "活动效果数据汇总表": {"A4": "销售额", "D4": 5000000, "E4": 5200000}}
    names = openpyxl.load_workbook("b0.xlsx").sheetnames
    targets = {sheet: cells for sheet, cells in targets.items() if sheet in names}
    done = {"M5": "已完成", "N5": "2024-12-05"}
    fill("b0.xlsx", "in/甲.xlsx", {ACTIONS: {**THREE, **done}, **spend(20000), **targets}, "甲甲")
    record = batch("in", "产出/2024-W49", day="2024-12-06")
    g1 = "产出/2024-W49/活动/2024双十二.复盘.xlsx"
    # A week later the day of one has slipped.
    fill(g1, "in2/甲.xlsx", {ACTIONS: {"G4": datetime.date(2025, 1, 20)}}, "甲甲")
    record = batch("in2", "产出/2024-W50")
    assert record["weeks"]["previous"] == "2024-W49", record["weeks"]["period"]
    said = fupan("new", "--from", "产出/2024-W50", "-o", "next.xlsx", "--as-of", "2024-12-13", code=0)
    assert "2 条" in said.stderr + said.stdout, said
    book = openpyxl.load_workbook("next.xlsx")
    rows = values("next.xlsx", ACTIONS, columns="ACEGHM")
    assert [row[0] for row in rows] == ["A01", "A03"], rows
    sheet = book[ACTIONS]
    heads = {cell.value: cell.column for cell in sheet[3]}
    followed = [sheet.cell(row, heads["跟进"]).value for row in (4, 5)]
    assert "2024-W49" in followed[0] and "改期 1 次" in followed[0] and "改期" not in followed[1], followed
    assert sheet["G4"].is_date and str(sheet["G4"].value).startswith("2025-01-20"), sheet["G4"].value
    assert values("next.xlsx", BUDGET) == [], "what came is not what is planned"
    for name in targets:
        held = row_of(openpyxl.load_workbook(g1)[name], "结果指标" if name.startswith("KPI") else "销售额")
        came = row_of(book[name], held[0].value)
        wanted = {5000000, 4000000} if name.startswith("KPI") else {5000000}
        assert wanted <= {cell.value for cell in came} and 5200000 not in {cell.value for cell in came}, name
    inspected = fupan("inspect", "next.xlsx").stdout
    generation = lambda path: int(re.search(r"第 (\d+) 代", fupan("inspect", path).stdout)[1])
    assert "之后改了 0 处" in inspected and generation("next.xlsx") > generation("产出/2024-W50/活动/2024双十二.复盘.xlsx"), inspected[:300]
    assert "合并-待定" not in book.sheetnames and "复盘总览" not in book.sheetnames
    # Back into the inbox beside what it was made from.
    shutil.copytree("in2", "back")
    shutil.copy("next.xlsx", "back/下周.xlsx")
    shutil.copy("in/甲.xlsx", "back/最早.xlsx")
    merge = merge_of(batch("back", "w3"))
    assert merge["pending"] == [] and merge["removed"] == [], merge
    assert len(values("w3/活动/2024双十二.复盘.xlsx", ACTIONS)) == 3
    # Filled in, it supersedes what it was issued with and nobody is asked.
    fill("next.xlsx", "back/下周.xlsx", {ACTIONS: {"M4": "已完成", "G5": "2025-03-01"}}, "乙乙")
    merge = merge_of(batch("back", "w4"))
    assert merge["pending"] == [], merge["pending"]
    # By the file alone it works without a ledger, and another campaign begins with the same open actions.
    fupan("new", "--from", g1, "-o", "one.xlsx", code=0)
    fupan("new", "--from", "in2/甲.xlsx", "-n", "2025年货节", "-o", "other.xlsx", "--as-of", "2024-12-20", code=0)
    other = openpyxl.load_workbook("other.xlsx")
    assert row_of(other["活动基本信息表"], "活动名称 *")[1].value == "2025年货节"
    assert len(values("other.xlsx", ACTIONS)) == 2
    inspected = fupan("inspect", "other.xlsx").stdout
    assert fupan("inspect", "next.xlsx").stdout.split("活动编号 ")[1][:10] != inspected.split("活动编号 ")[1][:10], inspected[:200]
    # And by its name, where the ledger knows it.
    os.chdir("产出")
    fupan("new", "--from", "2024双十二", "-o", "named.xlsx", code=0)
    assert fupan("new", "--from", "没有这个活动", "-o", "x.xlsx").returncode == 2
    os.chdir("..")
    assert values("产出/named.xlsx", ACTIONS, columns="AC") == values("next.xlsx", ACTIONS, columns="AC")


def a_blank_for_everybody_on_the_roster():
    import email
    from email import policy

    with open("名单.toml", "w", encoding="utf-8") as file:
        for name, person, more in (("一号活动", "王敏", 'mail = "wm@example.com"\ntables = ["问题清单"]\ndue = "2024-12-20"'), ("二号活动", "王敏", ""), ("二号活动", "李雷", "")):
            file.write(f'[[row]]\nname = "{name}"\nperson = "{person}"\n{more}\n')
    fupan("new", "--roster", "名单.toml", "-t", "review", "-o", "发", "--as-of", "2024-12-13", code=0)
    assert sorted(os.listdir("发")) == ["一号活动.xlsx", "二号活动-李雷.xlsx", "二号活动-王敏.xlsx", "李雷.eml", "李雷.txt", "王敏.eml", "王敏.txt"], os.listdir("发")
    message = email.message_from_bytes(open("发/王敏.eml", "rb").read(), policy=policy.default)
    assert message["X-Unsent"] == "1" and "wm@example.com" in message["To"]
    assert sorted(part.get_filename() for part in message.iter_attachments()) == ["一号活动.xlsx", "二号活动-王敏.xlsx"]
    assert "2024-12-20 前交" in message.get_body().get_content()
    assert "发给 李雷" in fupan("inspect", "发/二号活动-李雷.xlsx").stdout
    assert fupan("new", "--roster", "名单.toml", "-t", "review", "-o", "发").returncode == 2, "nothing is written over"
    # Both fill theirs in: one campaign.
    fill("发/二号活动-李雷.xlsx", "in/a.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟", "E4": "晚"}}, "李雷")
    fill("发/二号活动-王敏.xlsx", "in/b.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": "客服响应慢于承诺", "E4": "人少"}}, "王敏")
    assert merge_of(batch())["pending"] == []
    # The week after, everybody's next one from the results.
    open("下周.toml", "w", encoding="utf-8").write('[[row]]\nname = "二号活动"\nperson = "李雷"\n')
    fupan("new", "--roster", "下周.toml", "--from", "out", "-o", "发2", code=0)
    assert sorted(os.listdir("发2")) == ["二号活动.xlsx", "李雷.eml", "李雷.txt"]


def old_edits_on_this_versions_blank():
    blank()
    own = {"R3": "备注2", "R4": "要复查"}
    fill("b0.xlsx", "旧.xlsx", {ACTIONS: {**THREE, **own}, **spend(20000), "成本收益表": {"B4": 10000, "C4": 9000}}, "甲甲")

    def older(book):
        sheet = book["_fupan"]
        for row in sheet.iter_rows():
            if row[0].value == "fupan.version":
                row[1].value = "1"
        book.custom_doc_props["fupan.version"].value = 1
        del book.defined_names["_fupan.version"]

    fill("旧.xlsx", "旧.xlsx", {}, "甲甲", change=older)
    fupan("upgrade", "旧.xlsx", "-o", "新", code=0)
    assert values("新/旧.xlsx", ACTIONS, columns="ACEH") == values("旧.xlsx", ACTIONS, columns="ACEH")
    assert values("新/旧.xlsx", BUDGET, columns="ABEF") == values("旧.xlsx", BUDGET, columns="ABEF")
    sheet = openpyxl.load_workbook("新/旧.xlsx")[ACTIONS]
    assert "要复查" in [cell.value for cell in sheet[4]], "a column of the team's own goes along"
    assert openpyxl.load_workbook("新/旧.xlsx")["成本收益表"]["B4"].value == 10000
    changes = json.loads(fupan("diff", "旧.xlsx", "新/旧.xlsx", "--format", "json").stdout)["changes"]
    assert changes == [], changes
    # Onto another template what it has no table for is listed.
    done = fupan("upgrade", "旧.xlsx", "-o", "别的", "-t", "review", code=0)
    assert "合并新增-成本收益表" in openpyxl.load_workbook("别的/旧.xlsx").sheetnames, done.stdout + done.stderr
    assert fupan("upgrade", "旧.xlsx", "-o", "新").returncode == 2, "nothing is written over"


def what_diff_finds_makes_the_later_of_the_earlier():
    blank()
    fill("b0.xlsx", "旧.xlsx", {ACTIONS: THREE, **spend(20000), PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟"}}, "甲甲")
    gone = {f"{column}5": None for column in "ABCDEFGHIJKLMNOP"}
    more = {ACTIONS: {**gone, "G4": "2025-01-20", "E6": None, **action(7, "A07", "直播间加一名场控", "高远")}, BUDGET: {"F4": "2.5万"}}
    fill("旧.xlsx", "新.xlsx", more, "甲甲")
    done = fupan("diff", "旧.xlsx", "新.xlsx", "--format", "json", code=1)
    found = json.loads(done.stdout)
    assert {change["what"] for change in found["changes"]} == {"added", "removed", "changed", "cleared", "filled"}, found["changes"]
    open("改动.json", "w", encoding="utf-8").write(done.stdout)
    fupan("apply", "旧.xlsx", "--diff", "改动.json", "-o", "改好.xlsx", code=0)
    assert fupan("diff", "新.xlsx", "改好.xlsx", code=0).stdout == ""
    text = fupan("diff", "旧.xlsx", "新.xlsx", "-o", "对比.xlsx", code=1).stdout
    assert "新增" in text and "直播间加一名场控" in text and "删除" in text and "建立库存预警机制" in text, text
    sheet = openpyxl.load_workbook("对比.xlsx").worksheets[0]
    assert sheet.max_row == 1 + len(found["changes"])
    assert fupan("apply", "旧.xlsx", "--diff", "旧.xlsx", "-o", "x.xlsx").returncode == 2


def formulas_of_rows_that_were_taken_over_have_their_results():
    blank()
    fill("b0.xlsx", "甲.xlsx", {BUDGET: {"A4": "推广资源", "B4": "小红书达人", "C4": 3000, "D4": 4, "F4": 11800, "A5": "物料", "B5": "横幅", "C5": 50, "D5": 6, "F5": 300}}, "甲甲")
    os.makedirs("in")
    saved_by("libreoffice", "甲.xlsx", "in/甲.xlsx")
    fill("b0.xlsx", "in/乙.xlsx", {ACTIONS: THREE, PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟", "E4": "没有提前量"}}, "乙乙")
    record = batch()
    assert merge_of(record)["host"] == "乙.xlsx"
    [summary] = [file["campaign"] for file in record["files"] if file.get("campaign")]
    lines = [(line["item"], line["planned"], line["actual"]) for line in summary["budget_lines"]]
    assert lines == [("小红书达人", 12000, 11800), ("横幅", 300, 300)], ("in the sender's order, with what its formulas come to", lines)
    assert str(openpyxl.load_workbook(merged())[BUDGET]["E4"].value).startswith("="), "the formula stays"
    assert openpyxl.load_workbook(merged(), data_only=True)[BUDGET]["E4"].value == 12000
    # Two hands in one row: nobody has computed it, and what was computed before says nothing.
    os.remove("b0.xlsx"), shutil.rmtree("in"), shutil.rmtree("out")
    g1 = issued({BUDGET: {"A4": "推广资源", "B4": "小红书达人", "C4": 3000, "D4": 4}})
    saved_by("libreoffice", g1, "g2.xlsx")
    fill("g2.xlsx", "in/甲.xlsx", {BUDGET: {"C4": 3500}}, "甲甲")
    fill("g2.xlsx", "in/乙.xlsx", {BUDGET: {"D4": 5}}, "乙乙")
    record = batch()
    assert openpyxl.load_workbook(merged(), data_only=True)[BUDGET]["E4"].value is None
    assert not [finding for file in record["files"] for finding in file["findings"] if finding["code"] == "row-total-mismatch"]


def totals_of_copies_that_lie_apart_are_known():
    blank()
    line = lambda row, item, price, n, actual: {f"A{row}": "推广资源", f"B{row}": item, f"C{row}": price, f"D{row}": n, f"F{row}": actual}
    fill("b0.xlsx", "甲.xlsx", {BUDGET: {**line(4, "小红书达人", 3000, 4, 11800), **line(5, "横幅", 50, 6, 300)}, PROBLEMS: {"B4": "执行落地", "C4": "物料审批延迟"}}, "甲甲")
    fill("b0.xlsx", "乙.xlsx", {BUDGET: line(4, "信息流投放", 800, 10, 7900), ACTIONS: action(4, "A01", "提前锁定客服排班", due=None)}, "乙乙")
    os.makedirs("in")
    for name in ("甲", "乙"):
        saved_by("libreoffice", f"{name}.xlsx", f"in/{name}.xlsx")
    fill("b0.xlsx", "in/丙.xlsx", {ACTIONS: action(4, "A01", "提前锁定客服排班", due=None), PROBLEMS: {"B4": "执行落地", "C4": "物料审批延迟"}}, "丙丙")
    batch()

    def table(folder, name, *columns):
        with open(f"{folder}/{name}.csv", encoding="utf-8-sig", newline="") as file:
            return sorted(tuple(row[column] for column in columns) for row in csv.DictReader(file))

    whole = table("out/data", "budget", "item", "planned", "actual")
    assert [row[:2] for row in whole] == [("信息流投放", "8000"), ("小红书达人", "12000"), ("横幅", "300")], whole
    # Each copy in a shard of its own, and two of them together.
    for cut in (("甲", "乙", "丙"), ("甲丙", "乙"), ("丙", "甲乙")):
        shards = []
        for names in cut:
            shards.append(f"片-{'-'.join(cut)}-{names}")
            done = subprocess.run([FUPAN, "extract", "-o", f"../{shards[-1]}", "--as-of", DAY, "--fail-on", "never", *(f"{name}.xlsx" for name in names)], cwd="in", capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        out = f"合-{'-'.join(cut)}"
        fupan("merge", "--edits", "-o", out, *reversed(shards))
        assert table(f"{out}/data", "budget", "item", "planned", "actual") == whole, (cut, table(f"{out}/data", "budget", "item", "planned", "actual"))
        # What three copies lack is told once, beside a cell that shows it.
        about = ("code", "table_id", "column_name", "fingerprint")
        told = table(f"{out}/data", "findings", *about)
        assert len(told) == len(set(told)) and [row[:3] for row in told] == [row[:3] for row in table("out/data", "findings", *about)], (cut, told)
        assert all(file and place for code, file, place in table(f"{out}/data", "findings", "code", "file", "place") if code == "required-missing"), table(f"{out}/data", "findings", "code", "file", "place")


def outputs_are_named_by_the_campaign_alone():
    blank()
    for name in ("终版v2(1)", "终版-3", "最终 (2)"):
        fill("b0.xlsx", f"in/{name}.xlsx", spend(20000), name)
    batch()
    assert os.listdir("out/活动") == ["2024双十二.复盘.xlsx"], os.listdir("out/活动")


def every_other_part_of_the_host_stays_byte_for_byte():
    blank()
    fill("b0.xlsx", "in/甲.xlsx", spend(20000), "甲甲")
    fill("b0.xlsx", "in/乙.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": "物料审批延迟", "E4": "晚"}}, "乙乙")
    merge = merge_of(batch())
    def closed(content):
        # The workbook opens on our overview: the sheet that was open gives up its flag.
        return content.replace(b'tabSelected="1"', b'tabSelected="0"')

    with zipfile.ZipFile(f"in/{merge['host']}") as sent, zipfile.ZipFile(merged()) as back:
        def unnumbered(content):
            # A row that is given back is issued: it has a hidden id from now on.
            return re.sub(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")? t="inlineStr"><is><t xml:space="preserve">r[0-9a-f]{8}</t></is></c>', b"", content)

        same = lambda name: closed(sent.read(name)) == unnumbered(closed(back.read(name)))
        changed = [name for name in sent.namelist() if name not in back.namelist() or not same(name)]
    registries = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert len([name for name in changed if name not in registries]) == 1, changed


def mail(path, attachments, sender="王敏 <wangmin@example.com>", date="Mon, 09 Dec 2024 10:00:00 +0800", ident="a1@example.com", text="见附件"):
    """A mail as a program writes it: (name, bytes) each, or (raw header lines, bytes) where a mangled name is wanted."""
    from email.headerregistry import Address  # noqa: F401
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "汇总 <hz@example.com>", "双十二复盘表"
    message["Date"], message["Message-ID"] = date, f"<{ident}>"
    message.set_content(text)
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(message.as_bytes())


def by_hand(path, disposition, data, extra=b""):
    """A mail as QQ, Foxmail and Outlook write them: the attachment's headers byte for byte."""
    body = base64.encodebytes(data)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(b"From: =?gb18030?B?" + base64.b64encode("李四".encode("gb18030")) + b"?= <lisi@example.com>\r\n"
                   b"Subject: =?gb18030?B?" + base64.b64encode("复盘".encode("gb18030")) + b"?=\r\n"
                   b"Date: Tue, 10 Dec 2024 09:00:00 +0800\r\nMessage-ID: <b2@example.com>\r\nMIME-Version: 1.0\r\n"
                   b"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi " + extra +
                   b"\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n" + disposition +
                   b"\r\n\r\n" + body + b"\r\n--b--\r\n")


def s18_attachments_whatever_their_names():
    blank()
    parts = [fill("b0.xlsx", f"p{n}.xlsx", {PROBLEMS: {f"B{4 + n}": "执行问题", f"C{4 + n}": text, f"E{4 + n}": "根因"}}, f"人{n}")
             for n, text in enumerate(["物料审批延迟", "客服响应慢于承诺", "库存预估偏差大", "优惠券叠加出错", "直播间链接失效", "短信发送太晚"])]
    data = [open(path, "rb").read() for path in parts]
    word = b"=?gb18030?B?" + base64.b64encode("双十二终版.xlsx".encode("gb18030")) + b"?="
    by_hand("in/qq.eml", b"Content-Disposition: attachment; filename=\"" + word + b"\"", data[0])
    by_hand("in/2231.eml", b"Content-Disposition: attachment; filename*0*=gb18030''%CB%AB%CA%AE; filename*1*=%B6%FE.xlsx", data[1])
    by_hand("in/raw.eml", b"Content-Disposition: attachment; filename=\"" + "双十二.xlsx".encode("gb18030") + b"\"", data[2])
    mail("inner.eml", [("里面的.xlsx", data[3])])
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    forwarded = EmailMessage()
    forwarded["From"], forwarded["Date"], forwarded["Subject"] = "张三 <z3@example.com>", "Wed, 11 Dec 2024 09:00:00 +0800", "转发"
    forwarded.set_content("见转发")
    forwarded.add_attachment(message_from_bytes(open("inner.eml", "rb").read(), policy=policy.default))
    outer = EmailMessage()
    outer["From"], outer["Date"], outer["Subject"] = "赵六 <z6@example.com>", "Thu, 12 Dec 2024 09:00:00 +0800", "转发的转发"
    outer.set_content("再转")
    outer.add_attachment(forwarded)
    open("in/转发.eml", "wb").write(outer.as_bytes())
    # A zip as Windows packs it: names in the code page of the machine.
    with zipfile.ZipFile("in/打包.zip", "w") as archive:
        info = zipfile.ZipInfo("x.xlsx")
        archive.writestr(info, data[4])
    raw = open("in/打包.zip", "rb").read()
    open("in/打包.zip", "wb").write(raw.replace(b"x.xlsx", "表.xls".encode("gb18030")[:2] + b".xls"))
    mail("in/盒子.mbox.tmp1", [("盒子.xlsx", data[5])])
    inner = open("in/盒子.mbox.tmp1", "rb").read()
    os.remove("in/盒子.mbox.tmp1")
    open("in/盒子.mbox", "wb").write(b"From w@example.com Mon Dec  9 10:00:00 2024\n" + inner + b"\n")
    by_hand("in/outlook.eml", b"Content-Disposition: attachment; filename=\"winmail.dat\"", bytes.fromhex("789f3e22") + b"x" * 50)
    mail("in/大附件.eml", [], text="从QQ邮箱发来的超大附件 双十二.xlsx")
    mail("in/没尽头.eml", [])
    open("in/没尽头.eml", "ab").write(b"x" * 2_000_000)
    open("in/坏.zip", "wb").write(b"PK\x03\x04 not really")
    record = batch()
    merge = merge_of(record)
    assert len(values(merged(), PROBLEMS)) == 6, (values(merged(), PROBLEMS), [file["file"] for file in record["files"]])
    names = {file["file"]: file.get("origin") for file in record["files"]}
    qq = next(origin for name, origin in names.items() if name.startswith("in/qq.eml") or name.startswith("qq.eml"))
    assert qq["sender"] == "李四 <lisi@example.com>" and qq["date"] == "2024-12-10T01:00:00Z", qq
    assert any(name == "qq.eml/双十二终版.xlsx" for name in names), list(names)
    said = [finding["message"] for finding in record["findings"] if finding["code"] == "mail-attachment"]
    assert len(said) == 2 and any("winmail" in text for text in said) and any("超大附件" in text for text in said), said
    assert [file["finding"]["code"] for file in record["files"] if file["file"] == "坏.zip"] == ["mail-unreadable"]
    assert merge["pending"] == []


def s18_bombs_tricks_and_ten_thousand_attachments():
    os.makedirs("in")
    fill(blank(), "in/好的.xlsx", spend(20000), "甲甲")
    good = open("in/好的.xlsx", "rb").read()
    with zipfile.ZipFile("in/路径.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../../etc/坏.xlsx", good)
        archive.writestr("..\\..\\坏2.xlsx", b"no workbook")
    with zipfile.ZipFile("inner.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("零.xlsx", b"\0" * (300 << 20))
    with zipfile.ZipFile("in/套娃.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("inner.zip")
        archive.write("inner.zip", "炸.xlsx")
    with zipfile.ZipFile("in/一万.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(9999):
            archive.writestr(f"{n}.xlsx", b"PK")
    record = batch()
    assert not os.path.exists("/etc/坏.xlsx")
    assert os.path.exists(merged()), record["said"]
    codes = [finding["code"] for finding in record["findings"]]
    assert "mail-attachment" in codes, codes


def s19_roll_call():
    names = ["甲活动", "乙活动", "丙活动", "丁活动", "戊活动", "己活动"]
    for name in names:
        fupan("new", "-t", "review", "-n", name, "-o", f"{name}.xlsx", "--as-of", "2024-12-01", code=0)
    os.makedirs("last")
    # 丁 was sent last week as it comes now; 丙 was given back since, and comes in the old copy.
    for name in ("丙活动", "丁活动"):
        fill(f"{name}.xlsx", f"last/{name}.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": f"{name}的物料延迟", "E4": "晚"}}, name)
    batch("last", "w1")
    shutil.copytree("last", "in")
    fill("丙活动.xlsx", "in/丙活动.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": "丙活动另一个问题", "E4": "晚"}}, "丙", "2024-12-12T08:00:00Z")
    whole = {"A4": "P01", "B4": "执行问题", "C4": "物料审批延迟", "D4": "晚了两天", "E4": "没有提前量", "F4": "中", "G4": "市场部", "H4": "否"}
    fill("甲活动.xlsx", "in/甲活动.xlsx", {PROBLEMS: whole}, "甲", "2024-12-12T08:00:00Z")
    fill("乙活动.xlsx", "in/乙活动.xlsx", {PROBLEMS: {"B4": "执行问题"}}, "乙", "2024-12-12T08:00:00Z")
    fill("己活动.xlsx", "in/己活动.xlsx", {PROBLEMS: {"B4": "执行问题", "C4": "己的问题", "E4": "晚"}}, "己", "2024-12-12T08:00:00Z")
    fupan("roster", "new", "-o", "名单.xlsx", code=0)
    book = openpyxl.load_workbook("名单.xlsx")
    sheet = book.active
    for row, (name, person) in enumerate(zip(names[:5], ["王敏", "李雷", "韩梅", "何川", "高远"]), 2):
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = name, person
        sheet.cell(row, 5).value, sheet.cell(row, 6).value = f"p{row}@example.com", PROBLEMS
        sheet.cell(row, 7).value = "2024-12-11" if name == "乙活动" else "2024-12-13"
    book.save("名单.xlsx")
    record = batch("in", "out", "--roster", "名单.xlsx", "--previous", "w1")
    roster = record["roster"]
    states = {row["campaign"]: row["state"] for row in roster["rows"]}
    assert states == {"甲活动": "returned", "乙活动": "incomplete", "丙活动": "outdated", "丁活动": "unchanged",
                      "戊活动": "missing", "己活动": "unlisted"}, (states, roster)
    assert (roster["expected"], roster["returned"], roster["on_time"]) == (5, 4, 3), roster
    assert any("还差 2 格" in text for text in next(row["owed"] for row in roster["rows"] if row["campaign"] == "乙活动")), roster
    owed = next(row["owed"] for row in roster["rows"] if row["campaign"] == "乙活动")
    assert any(re.search(r"还差 \d+ 格", text) for text in owed), owed
    assert "点名" in openpyxl.load_workbook("out/汇总.xlsx").sheetnames
    assert sorted(os.listdir("out/退回")) == sorted(f"{person}.{end}" for person in ("李雷", "韩梅", "何川", "高远") for end in ("eml", "txt"))
    assert fupan("roster", "check", "out").returncode == 1
    twice = openpyxl.load_workbook("名单.xlsx")
    twice.active.append([None, "甲活动", "王敏"])
    twice.save("名单.xlsx")
    record = batch("in", "out", "--roster", "名单.xlsx", "--previous", "w1")
    assert "roster-twice" in [finding["code"] for finding in record["findings"]]
    assert record["roster"]["expected"] == 5


def s24_one_mail_a_person_over_two_campaigns():
    import email
    from email import policy

    for name in ("一号活动", "二号活动"):
        fupan("new", "-t", "review", "-n", name, "-o", f"{name}.xlsx", "--as-of", "2024-12-01", code=0)
        fill(f"{name}.xlsx", f"{name}.filled.xlsx", {PROBLEMS: {"B4": "执行问题"}}, "王敏")
        mail(f"in/{name}.eml", [(f"{name}复盘表（终版）.xlsx", open(f"{name}.filled.xlsx", "rb").read())], ident=f"{name[0]}@example.com".replace("一", "1").replace("二", "2"))
    with open("名单.toml", "w", encoding="utf-8") as file:
        for name in ("一号活动", "二号活动"):
            file.write(f'[[row]]\nname = "{name}"\nperson = "王敏"\n')
    batch("in", "out", "--roster", "名单.toml")
    assert sorted(os.listdir("out/退回")) == ["王敏.eml", "王敏.txt"]
    first = open("out/退回/王敏.eml", "rb").read()
    message = email.message_from_bytes(first, policy=policy.default)
    assert message["X-Unsent"] == "1" and message["Date"] is None and message["Message-ID"] is None
    assert "wangmin@example.com" in message["To"] and "一号活动" in message["Subject"]
    assert message["In-Reply-To"] in ("<1@example.com>", "<2@example.com>")
    names = [part.get_filename() for part in message.iter_attachments()]
    assert sorted(names) == ["一号活动.复盘.xlsx", "二号活动.复盘.xlsx"], names
    text = message.get_body().get_content()
    assert len(text.strip().splitlines()) <= 8 and "一号活动" in text and "二号活动" in text, text
    batch("in", "out", "--roster", "名单.toml")
    assert open("out/退回/王敏.eml", "rb").read() == first, "the same input gives the same bytes"


def a_first_week_has_no_last_one():
    fill(blank(), "in/甲.xlsx", spend(20000), "甲甲")
    record = batch()
    assert record.get("roster") is None and record["weeks"]["previous"] is None
    assert fupan("batch", "in", "-o", "out2", "--previous", "没有", "--as-of", DAY).returncode == 2


def a_baseline_finds_the_campaign_whatever_its_file_is_called():
    fill(blank(), "in/甲.xlsx", {ACTIONS: {"A4": "A01", "C4": "提前锁定客服排班"}}, "甲甲")
    batch("in", "w1")
    os.rename("in/甲.xlsx", "in/终版v2(1).xlsx")
    record = batch("in", "w2", "--baseline", "w1/run.json")
    assert re.search(r"新增 0", record["said"]) or "新增 0" in record["said"].replace("：", " "), record["said"]


# ------------------------------------------------------------------ weeks


def friday(week):
    """The as-of day of a week and the folder of its results."""
    day = datetime.date(2024, 7, 5) + datetime.timedelta(days=7 * week)
    year, number, _ = day.isocalendar()
    return day.isoformat(), f"产出/{year}-W{number:02}"


def weekly(week, *more, inbox="in"):
    day, out = friday(week)
    done = fupan("batch", inbox, "-o", out, "--as-of", day, "--max-seconds", "600", *more)
    with open(f"{out}/run.json", encoding="utf-8") as file:
        record = json.load(file)
    record["said"] = done.stdout + done.stderr
    return record


def issue(name, template="promotion"):
    path = f"blank-{name}.xlsx"
    if not os.path.exists(path):
        fupan("new", "-t", template, "-n", name, "-o", path, "--as-of", "2024-07-01", code=0)
    return path


def state(row, status, verified=None):
    return {f"M{row}": status, f"O{row}": verified}


def trouble(row, text, code="P01"):
    return {f"A{row}": code, f"B{row}": "执行落地", f"C{row}": text, f"E{row}": "没有提前量"}


def item(record, code, campaign):
    found = [it for it in record["weeks"]["items"] if it["code"] == code and campaign in it["campaign"]]
    return found[0] if found else None


def s20_half_a_year_of_actions_problems_and_findings():
    ids = {}

    def send(week):
        a = {**action(4, "A01", "提前锁定客服排班", due=f"2025-0{1 + sum(week >= at for at in (3, 6, 9))}-10"),
             **action(5, "A02", "建立库存预警机制", "王敏", due="2025-01-20"), **state(5, "已完成" if week >= 5 else "进行中")}
        if week < 8:
            a.update(action(6, "A03", "复核优惠券规则", "李雷", due="2025-01-20"))
        b = action(4, "A01", "达人合同补充条款", "周洋", due=None if week < 15 or week >= 18 else "2025-01-30")
        for name, cells, text, since in (("甲场", a, "跨部门物料审批延迟", 0), ("乙场", b, "物料审批延迟，跨部门沟通慢", 4), ("丙场", {}, "跨部门的物料审批又延迟了", 10)):
            path = f"in/{name}.xlsx"
            if name == "乙场" and week == 12:
                os.remove(path)
                continue
            edits = {"活动基本信息表": {"B5": name}, ACTIONS: cells, PROBLEMS: trouble(4, text) if week >= since else {}}
            fill(issue(name), path, edits, name)

    records = []
    for week in range(26):
        send(week)
        records.append(weekly(week))
        for file in records[-1]["files"]:
            if file.get("campaign"):
                ids[file["campaign"]["name"]] = file["campaign"]["campaign"]
    of = lambda week: records[week]["weeks"]
    assert of(0)["previous"] is None and of(25)["previous"] == friday(24)[1][-8:]
    # Put off three times: told each time, and to be decided from the second on.
    assert [week for week in range(26) if of(week)["actions"]["replanned"]] == [3, 6, 9]
    slipped = [item(records[week], "A01", ids["甲场"]) for week in (5, 6, 9, 25)]
    assert [(it["slips"], it["escalate"]) for it in slipped] == [(1, False), (2, True), (3, True), (3, True)]
    assert slipped[-1]["age"] == 26 and slipped[-1]["quiet"] == 7 * 16 and slipped[-1]["first_due"] == "2025-01-10"
    # Done without evidence, and gone without having been closed: in their weeks.
    assert item(records[5], "A02", ids["甲场"])["unproven"] and item(records[4], "A02", ids["甲场"])["state"] != "done-unverified"
    assert [week for week in range(26) if of(week)["actions"]["gone"]] == [8]
    assert item(records[8], "A03", ids["甲场"])["gone"]
    # One problem in three campaigns.
    times = [(of(week)["problems"] or [{"times": 0, "escalate": False}])[0] for week in (3, 4, 10)]
    assert [(it["times"], it["escalate"]) for it in times] == [(0, False), (2, False), (3, True)], times
    # Not sent is not fixed.
    assert of(12)["findings"]["unknown"] > 0 and of(12)["findings"]["fixed"] == 0
    assert [one["here"] for one in of(12)["campaigns"] if one["name"] == "乙场"] == [False]
    assert of(13)["findings"]["unknown"] == 0 and of(13)["findings"]["new"] == 0
    # Fixed, and back again.
    assert of(15)["findings"]["fixed"] > 0 and of(18)["findings"]["again"] > 0, (of(15), of(18))
    # A code that nobody looked for the week before is a new rule, and no new mistake.
    last = f"{friday(25)[1]}/run.json"
    record = json.load(open(last, encoding="utf-8"))
    codes = [finding["code"] for file in record["files"] for finding in file["findings"]]
    record["rules"].remove(codes[0])
    for file in record["files"]:
        file["findings"] = [finding for finding in file["findings"] if finding["code"] != codes[0]]
    text = json.dumps(record, ensure_ascii=False)
    open(last, "w", encoding="utf-8").write('{\n  "tool": "fupan"' + text[len('{"tool": "fupan"'):])
    os.remove("产出/fupan.db")
    states = weekly(26)["weeks"]["findings"]
    assert states["rules"] == codes.count(codes[0]) and states["new"] == 0, states
    memo = open(f"{friday(18)[1]}/周报.md", encoding="utf-8").read()
    assert "提前锁定客服排班" in memo and "继续、放弃还是升级" in memo and "总览!" in memo, memo
    assert "物料审批延迟" in fupan("lessons", "审批", "--ledger", "产出", code=0).stdout


def choose(path, sheet, row, head, value):
    """Somebody opens a page, and chooses a word beside a row (known by a text in it)."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    heads = [cell for cells in page.iter_rows() for cell in cells if cell.value == head]
    rows = [cells[0].row for cells in page.iter_rows() if any(row in str(cell.value or "") for cell in cells[:12])]
    lists = [(it.formula1, page.cell(at, it_head.column)) for it_head in heads for at in rows for it in page.data_validations.dataValidation if page.cell(at, it_head.column).coordinate in it.sqref]
    assert len(lists) == 1 and (value is None or value in lists[0][0]), (row, head, lists)
    cell = lists[0][1]
    was = cell.value
    cell.value = value
    book.save(path)
    return was


def channel(name, row=4, spend=1000):
    return {"渠道效果表": {f"A{row}": name, f"B{row}": "付费广告", f"E{row}": spend}}


def one_word_in_the_sheet_makes_names_one():
    for campaign, name in (("甲场", "抖音"), ("乙场", "抖音平台"), ("丙场", "dy"), ("丁场", "抖音")):
        fill(issue(campaign, "review"), f"in/{campaign}.xlsx", {"活动基本信息表": {"B5": campaign}, **channel(name)}, campaign)
    names = lambda record: sorted(line["channel"] for file in record["files"] for line in file["campaign"]["channels"])
    asked = lambda record: [finding for finding in record["findings"] if finding["code"] == "name-cluster"]
    sheet = lambda week: f"{friday(week)[1]}/汇总.xlsx"
    first = weekly(0)
    assert len(set(names(first))) == 3 and len(asked(first)) == 1, names(first)
    assert choose(sheet(0), "数据质量", "抖音平台", "是同一个吗", "是") is None
    # The next week obeys, for every workbook, and says how it would stand in the settings.
    second = weekly(1)
    assert names(second) == ["抖音"] * 4 and not asked(second), names(second)
    assert '"抖音平台" = "抖音"' in second["said"] and 'dy = "抖音"' in second["said"], second["said"]
    pooled = [[cell.value for cell in row] for row in openpyxl.load_workbook(sheet(1), data_only=True)["渠道汇总"].iter_rows()]
    assert [row[1:3] for row in pooled if row[0] == "抖音"] == [[4, 4000]], pooled
    tables = open(f"{friday(1)[1]}/data/channels.csv", encoding="utf-8-sig").read()
    assert "dy" not in tables and "抖音平台" not in tables
    # Remembered by the week after that and by a ledger made anew; nothing changed is nothing changed.
    os.remove("产出/fupan.db")
    assert names(weekly(2)) == ["抖音"] * 4
    assert "什么都没有变" in weekly(2)["said"]
    # A workbook that did not change is called so as well when it is taken over.
    fill(issue("甲场", "review"), "in/甲场.xlsx", {"活动基本信息表": {"B5": "甲场"}, **channel("抖音", spend=2000)}, "甲场")
    assert names(weekly(2)) == ["抖音"] * 4
    # They are not one after all: nobody asks again.
    assert choose(sheet(2), "数据质量", "抖音平台", "是同一个吗", "不是") == "是"
    last = weekly(3)
    assert len(set(names(last))) == 3 and not asked(last), (names(last), asked(last))
    assert choose(sheet(3), "数据质量", "抖音平台", "是同一个吗", None) == "不是"
    assert len(asked(weekly(4))) == 1, "taken back: asked again"
    # The settings have the last word, and then there is nothing to write down.
    choose(sheet(4), "数据质量", "抖音平台", "是同一个吗", "是")
    open("in/fupan.toml", "w", encoding="utf-8").write('[names]\n"抖音平台" = "抖音"\ndy = "抖音"\n')
    settled = weekly(5)
    assert names(settled) == ["抖音"] * 4 and "[names]" not in settled["said"], settled["said"]


def risks_of_all_campaigns_stand_on_one_page():
    plan = lambda row, risk, probability, impact: {f"A{row}": risk, f"C{row}": probability, f"D{row}": impact, f"G{row}": "备用方案", f"I{row}": "何川"}
    fill(issue("甲场", "campaign"), "in/甲场.xlsx", {"活动基本信息表": {"B5": "甲场"}, "风险预案表": {**plan(4, "领券页面打不开", "高", "高"), **plan(5, "预售发货晚于承诺", "低", "低")},
         "活动风险应对与调整记录表": {"A4": "领券页面打不开了", "B4": "重大", "C4": "2024-07-01 10:30", "D4": "切换备用域名", "H4": "唐宁", "A5": "直播间掉线", "B5": "较大", "C5": "2024-07-02 20:00", "D5": "换线路", "F5": "2024-07-02 21:30", "H5": "唐宁"}}, "甲场")
    fill(issue("乙场", "campaign"), "in/乙场.xlsx", {"活动基本信息表": {"B5": "乙场"}, "风险预案表": plan(4, "达人临时解约", "高", "中")}, "乙场")
    weekly(0)
    page = openpyxl.load_workbook(f"{friday(0)[1]}/汇总.xlsx", data_only=True)["风险"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    head = next(at for at, row in enumerate(rows) if row[:4] == ["活动", "等级", "状态", "风险"])
    told = [tuple(row[:4]) for row in rows[head + 1:] if row[3]]
    assert told == [("甲场", "重大", "未解决", "领券页面打不开了"), ("乙场", "较大", "没有记录", "达人临时解约"), ("甲场", "一般", "未发生", "预售发货晚于承诺"),
                    ("甲场", "重大", "已发生", "领券页面打不开"), ("甲场", "较大", "已解决", "直播间掉线")], told
    counts = next(row for row in rows if row[0] == "重大" and row[1] in (0, 1))
    assert counts[1:6] == [1, 0, 0, 1, 0], counts
    links = [cell.hyperlink.location or cell.hyperlink.target for row in page.iter_rows(min_row=head + 2) for cell in row if cell.hyperlink]
    assert len(links) == 5 and all("活动/" in str(cell.hyperlink.target) for row in page.iter_rows(min_row=head + 2) for cell in row if cell.hyperlink), links
    assert "1.5" in [str(row[7]) for row in rows if row[3] == "直播间掉线"], rows
    assert page.tables, "an Excel table, for slicers"


def what_was_decided_is_obeyed_and_not_asked_again():
    def send(week, due, text="提前锁定客服排班"):
        for name, trouble_ in (("甲场", "跨部门物料审批延迟"), ("乙场", "物料审批延迟，跨部门沟通慢"), ("丙场", "跨部门的物料审批又延迟了")):
            cells = action(4, "A01", text, due=due) if name == "甲场" else {}
            fill(issue(name), f"in/{name}.xlsx", {"活动基本信息表": {"B5": name}, ACTIONS: cells, PROBLEMS: trouble(4, trouble_)}, name)
        return weekly(week)

    one = lambda record: [it for it in record["weeks"]["items"] if it["code"] == "A01"][0]
    sheet = lambda week: f"{friday(week)[1]}/汇总.xlsx"
    memo = lambda week: open(f"{friday(week)[1]}/周报.md", encoding="utf-8").read()

    def overview(week):
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(sheet(week), data_only=True)["总览"].iter_rows()]
        head = next(row for row in rows if row[0] == "活动")
        own = next(row for row in rows if row[0] == "甲场")
        return [own[head.index(name)] for name in ("待办行动", "逾期行动")]

    send(0, "2024-07-01")
    send(1, "2024-07-08")
    asked = send(2, "2024-07-15")
    assert one(asked)["escalate"] and "继续、放弃还是升级" in memo(2)
    assert asked["weeks"]["problems"][0]["escalate"] and "建议升级" in memo(2)
    # To go on holds until it is put off once more.
    assert choose(sheet(2), "逾期与催办", "提前锁定客服排班", "决定", "继续") is None
    assert choose(sheet(2), "本周变化", asked["weeks"]["problems"][0]["description"], "决定", "升级") is None
    went_on = send(3, "2024-07-15", text="提前锁定客服的排班")
    assert (one(went_on)["escalate"], one(went_on)["verdict"], one(went_on)["decided"]) == (False, "go-on", friday(2)[1][-8:])
    assert "继续、放弃还是升级" not in memo(3)
    assert went_on["weeks"]["problems"][0]["verdict"] == "go-up" and "已决定升级" in memo(3)
    again = send(4, "2024-07-22", text="提前锁定客服的排班")
    assert one(again)["escalate"] and "verdict" not in one(again)
    assert again["weeks"]["actions"]["overdue"] == 1 and overview(4) == [1, 1], overview(4)
    # Given up: nobody waits for it, nobody is asked for it, and it may go.
    assert choose(sheet(4), "逾期与催办", "提前锁定客服的排班", "决定", "放弃") is None
    given_up = send(5, "2024-07-22", text="提前锁定客服的排班")
    assert one(given_up)["verdict"] == "give-up" and given_up["weeks"]["actions"]["open"] == 0, given_up["weeks"]["actions"]
    assert overview(5) == [0, 0], overview(5)
    text = "\n".join(str(cell.value) for row in openpyxl.load_workbook(sheet(5))["逾期与催办"].iter_rows() for cell in row if cell.value)
    assert "定：放弃" in text and "请更新" not in text, text
    os.remove("产出/fupan.db")
    fupan("ledger", "rebuild", "产出", code=0)
    assert one(send(6, "2024-07-29", text="提前锁定客服的排班"))["verdict"] == "give-up", "remembered, and not asked for another slip"
    # A rerun of the very week keeps its word, and so does another mind.
    assert choose(sheet(6), "逾期与催办", "提前锁定客服的排班", "决定", "升级") == "放弃"
    up = send(6, "2024-07-29", text="提前锁定客服的排班")
    assert one(up)["verdict"] == "go-up" and "决定升级：请在联席会议上定" in memo(6), memo(6)
    assert one(send(6, "2024-07-29", text="提前锁定客服的排班 "))["verdict"] == "go-up"
    for name in ("甲场", "乙场", "丙场"):
        fill(issue(name), f"in/{name}.xlsx", {"活动基本信息表": {"B5": name}, ACTIONS: action(5, "A02", "别的") if name == "甲场" else {}}, name)
    assert weekly(7)["weeks"]["actions"]["gone"] == 1, "what was taken higher up and went is told"


def what_was_given_up_is_left_out_of_the_next_blank():
    sheet = lambda week: f"{friday(week)[1]}/汇总.xlsx"
    for week, due in enumerate(("2024-07-01", "2024-07-08", "2024-07-15")):
        rows = {}
        for row, code, text in ((4, "A01", "提前锁定客服排班"), (5, "A02", "建立库存预警机制"), (6, "", "复核优惠券规则"), (7, "A04", "统一素材尺寸")):
            rows.update(action(row, code, text, due=due if row < 7 else "2024-09-01"))
        fill(issue("甲场"), "in/甲场.xlsx", {"活动基本信息表": {"B5": "甲场"}, ACTIONS: rows}, "甲场")
        weekly(week)
    next_ = lambda out, source: fupan("new", "--from", source, "-o", out, "--as-of", "2024-07-20", code=0).stderr
    actions = lambda path: [row[1] for row in values(path, ACTIONS, columns="AC")]
    assert "放弃" not in next_("all.xlsx", friday(2)[1]) and len(actions("all.xlsx")) == 4
    choose(sheet(2), "逾期与催办", "提前锁定客服排班", "决定", "放弃")
    choose(sheet(2), "逾期与催办", "建立库存预警机制", "决定", "继续")
    choose(sheet(2), "逾期与催办", "复核优惠券规则", "决定", "放弃")
    # At once, by the folder and by the workbook alone; and by what the next week remembers of it.
    weekly(3)
    for week in (2, 3):
        for n, source in enumerate((friday(week)[1], f"{friday(week)[1]}/活动/甲场.复盘.xlsx")):
            said = next_(f"{week}-{n}.xlsx", source)
            assert "2 条行动已定放弃" in said and "2 条没做完" in said, said
            assert actions(f"{week}-{n}.xlsx") == ["建立库存预警机制", "统一素材尺寸"], (source, actions(f"{week}-{n}.xlsx"))
            page = openpyxl.load_workbook(f"{week}-{n}.xlsx")[ACTIONS]
            followed = [page.cell(row, next(cell.column for cell in page[3] if cell.value == "跟进")).value for row in (4, 5)]
            assert "2024-W29 定：继续" in followed[0] and "定：" not in followed[1], followed
    # Sent back without them, nothing has gone unsaid; another mind brings one back.
    fill("3-0.xlsx", "in/甲场.xlsx", {"活动基本信息表": {"B5": "甲场"}}, "甲场")
    assert weekly(4)["weeks"]["actions"]["gone"] == 0
    choose(sheet(3), "逾期与催办", "提前锁定客服排班", "决定", "升级")
    assert "1 条行动已定放弃" in next_("up.xlsx", friday(3)[1])
    assert "提前锁定客服排班" in actions("up.xlsx") and "定：升级" in str([[c.value for c in r] for r in openpyxl.load_workbook("up.xlsx")[ACTIONS].iter_rows()])


def a_portfolio_that_came_back_is_read_for_its_words():
    sheet = lambda week: f"{friday(week)[1]}/汇总.xlsx"
    one = lambda record: next(it for it in record["weeks"]["items"] if it["code"] == "A01")
    told = lambda record: [finding["message"] for finding in record["findings"] if finding["code"] == "portfolio-returned"]
    outcome = lambda record, name: next((file["outcome"], file.get("campaign")) for file in record["files"] if file["file"] == name)

    def send(week, due, **more):
        for who, value in (("甲甲", "2万"), ("乙乙", 25000)):
            cells = {**spend(value), ACTIONS: action(4, "A01", "提前锁定客服排班", due=due)}
            fill(issue("甲场"), f"in/{who}.xlsx", {"活动基本信息表": {"B5": "甲场"}, **cells}, who, "2024-07-02T08:00:00Z")
        return weekly(week)

    for week, due in enumerate(("2024-07-01", "2024-07-08", "2024-07-15")):
        asked = send(week, due)
    assert one(asked)["escalate"] and merge_of(asked)["pending"]
    # The director answers in a copy and mails it; the one in the results stays as it was.
    question = merge_of(asked)["pending"][0]
    wanted = next("甲乙"[n] for n, side in enumerate(question["sides"]) if side["value"] == "2万")
    shutil.copy(sheet(2), "汇总-批注.xlsx")
    choose("汇总-批注.xlsx", "逾期与催办", "提前锁定客服排班", "决定", "升级")
    answer("汇总-批注.xlsx", wanted)
    mail("in/批注.eml", [("汇总-批注.xlsx", open("汇总-批注.xlsx", "rb").read())])
    obeyed = send(3, "2024-07-15")
    assert one(obeyed)["verdict"] == "go-up", one(obeyed)
    assert merge_of(obeyed)["pending"] == [] and len(merge_of(obeyed)["settled"]) == 1, merge_of(obeyed)
    assert openpyxl.load_workbook(f"{friday(3)[1]}/活动/甲场.复盘.xlsx")[BUDGET]["F4"].value in ("2万", 20000)
    name = next(file["file"] for file in obeyed["files"] if file["outcome"] == "returned")
    assert len(told(obeyed)) == 1 and "2 处决定和答复已照办" in told(obeyed)[0], told(obeyed)
    assert [file["file"] for file in obeyed["files"] if file["outcome"] == "refused"] == []
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(sheet(3), data_only=True)["总览"].iter_rows()]
    head = next(n for n, row in enumerate(rows) if row[0] == "活动")
    assert "甲场" in str(rows[head + 1 :]) and "汇总" not in str([row[0] for row in rows[head + 1 :]]), "it is no campaign"
    assert "什么都没有变" in weekly(3)["said"]
    # What was decided later on the page in the results is not undone by the mail that is still there.
    choose(sheet(3), "逾期与催办", "提前锁定客服排班", "决定", "放弃")
    later = send(4, "2024-07-22")
    assert one(later)["verdict"] == "give-up", one(later)
    last = send(5, "2024-07-29")
    assert one(last)["verdict"] == "give-up" and "1 处后来另有决定" in told(last)[0], (one(last), told(last))
    # Of one that lost its properties the pages say what it is, and one nobody wrote on says so.
    os.remove("in/批注.eml")
    book = openpyxl.load_workbook(sheet(5))
    book.save("in/存过.xlsx")
    repack("in/存过.xlsx", {}, drop=("docProps/custom.xml",))
    plain = send(6, "2024-07-29")
    assert outcome(plain, "存过.xlsx") == ("returned", None) and "没有新写的" in told(plain)[0], told(plain)
    # By itself it is no workbook to check, and says where it belongs.
    said = fupan("check", sheet(5))
    assert said.returncode == 4 and "是 fupan 写的复盘汇总，不算活动（这份文件）" in said.stdout + said.stderr and "放进收件箱" in said.stdout + said.stderr, (said.returncode, said.stdout, said.stderr)


def s21_a_rerun_replaces_its_week_and_a_ledger_is_made_anew():
    send = lambda due: fill(issue("甲场"), "in/甲.xlsx", {"活动基本信息表": {"B5": "甲场"}, ACTIONS: action(4, "A01", "提前锁定客服排班", due=due)}, "甲")
    send("2025-01-10")
    weekly(0)
    assert os.path.exists("产出/fupan.db"), "the first results of all are remembered at once"
    send("2025-01-20")
    assert weekly(1)["weeks"]["actions"]["replanned"] == 1
    # The week before is run again, with what came late: then nothing was put off in this one.
    send("2025-01-20")
    weekly(0)
    again = weekly(1)
    assert again["weeks"]["actions"]["replanned"] == 0 and again["weeks"]["periods"] == ["2024-W27", "2024-W28"]
    shown = fupan("ledger", "show", "产出", code=0).stdout
    assert [line[:8] for line in shown.splitlines()[2:]] == ["2024-W27", "2024-W28"], shown
    memos = {name: open(f"{friday(1)[1]}/{name}", "rb").read() for name in ("周报.md", "周报.html", "run.json")}
    os.remove("产出/fupan.db")
    fupan("ledger", "rebuild", "产出", code=0)
    shutil.rmtree(friday(1)[1])
    weekly(1)
    for name, before in memos.items():
        assert open(f"{friday(1)[1]}/{name}", "rb").read() == before, name
    # Damaged, or newer: told, set aside, and made anew of what is there.
    bytes_ = open("产出/fupan.db", "rb").read()
    open("产出/fupan.db", "wb").write(bytes_[: len(bytes_) // 2])
    said = weekly(2)
    assert "损坏" in said["said"] and os.path.exists("产出/fupan.old-1.db"), said["said"]
    assert said["weeks"]["periods"] == ["2024-W27", "2024-W28", "2024-W29"]
    with sqlite3.connect("产出/fupan.db") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    said = weekly(3)
    assert "更新版本" in said["said"] and os.path.exists("产出/fupan.old-2.db"), said["said"]
    assert len(said["weeks"]["periods"]) == 4


def s22_killed_before_the_ledger_and_two_at_once():
    fill(issue("甲场"), "in/甲.xlsx", {"活动基本信息表": {"B5": "甲场"}, ACTIONS: THREE}, "甲")
    weekly(0)
    # The folder is there and the ledger knows nothing of it: as after a kill between the two.
    weekly(1, "--ledger", "none")
    said = weekly(2)
    assert "补记" in said["said"] and "2024-W28" in said["said"], said["said"]
    assert said["weeks"]["periods"] == ["2024-W27", "2024-W28", "2024-W29"]
    # Somebody else holds the ledger: the results are written all the same, and taken in later.
    other = sqlite3.connect("产出/fupan.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = weekly(3)
    assert "另一次运行" in said["said"], said["said"]
    other.execute("ROLLBACK")
    other.close()
    assert weekly(4)["weeks"]["periods"][-2:] == ["2024-W30", "2024-W31"]
    # Two runs into one folder: the second says so.
    day, out = friday(5)
    hanging = {**os.environ, "FUPAN_WORKER_TEST": "hang"}
    first = subprocess.Popen([FUPAN, "batch", "in", "-o", out, "--as-of", day], env=hanging, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        lock = f"产出/.fupan-{os.path.basename(out)}.building"
        for _ in range(200):
            if os.path.exists(lock):
                break
            time.sleep(0.05)
        second = fupan("batch", "in", "-o", out, "--as-of", day)
        assert second.returncode == 4 and out in second.stderr, second.stderr
    finally:
        first.kill()
        first.wait()
    weekly(5)


def s23_nothing_changed_and_one_changed():
    # `FUPAN_FILES` of them: from a hundred on, what it costs is measured as well.
    count = int(os.environ.get("FUPAN_FILES", "6"))
    names = [f"第{n}场" for n in range(count)]
    for name in names:
        fill(issue(name), f"in/{name}.xlsx", {"活动基本信息表": {"B5": name}, ACTIONS: THREE, PROBLEMS: trouble(4, "物料审批延迟")}, name)
    weekly(0)
    busy = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    began = busy()
    weekly(1)
    full = busy() - began
    out = friday(1)[1]
    whole = lambda folder: {os.path.relpath(os.path.join(at, name), folder): open(os.path.join(at, name), "rb").read() for at, _, files in os.walk(folder) for name in files}
    before, stamp = whole(out), os.stat(f"{out}/run.json")
    began = busy()
    said = weekly(1)
    share = (busy() - began) / full
    print(f"{count} files: {full:.2f} s of processor time, nothing changed {share:.2%} of it", file=sys.stderr)
    assert count < 100 or share <= 0.02, share
    now = os.stat(f"{out}/run.json")
    assert "什么都没有变" in said["said"] and (now.st_ino, now.st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)
    # A result somebody typed into is no result of ours: the run is done again, and what was typed kept.
    os.remove(f"{out}/活动/第0场.复盘.xlsx")
    assert "什么都没有变" not in weekly(1)["said"] and whole(out) == before
    # One of them: the others are taken over, and nothing shows it.
    fill(issue("第3场"), "in/第3场.xlsx", {"活动基本信息表": {"B5": "第3场"}, ACTIONS: action(4, "A01", "改了的措施")}, "第3场")
    weekly(1)
    taken = whole(out)
    assert taken != before
    shutil.rmtree(out)
    weekly(1)
    assert whole(out) == taken, [name for name in taken if whole(out).get(name) != taken[name]]
    # Another day stands on other ground.
    day = (datetime.date.fromisoformat(friday(1)[0]) + datetime.timedelta(days=1)).isoformat()
    assert "什么都没有变" not in fupan("batch", "in", "-o", out, "--as-of", day).stderr


def killed_at_many_points_the_earlier_results_are_whole():
    """`FUPAN_KILLS` points of a run, seeded; each is a kill -9 of the program and its workers."""
    times, dice = int(os.environ.get("FUPAN_KILLS", "12")), random.Random(1)
    for name in ("甲场", "乙场"):
        fill(issue(name), f"in/{name}.xlsx", {"活动基本信息表": {"B5": name}, ACTIONS: THREE}, name)
    began = time.monotonic()
    weekly(0)
    long = time.monotonic() - began
    week, half, kept = 1, 0, 0
    for _ in range(times):
        day, out = friday(week)
        run = subprocess.Popen([FUPAN, "batch", "in", "-o", out, "--as-of", day, "--max-seconds", "600"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.random() * long * 1.6)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        if os.path.exists(out):
            kept += 1
            record = json.load(open(f"{out}/run.json", encoding="utf-8"))
            assert record["as_of"] == day and all(os.path.exists(f"{out}/{name}") for name in record["outputs"]), out
            week += 1
        else:
            half += 1
    record = weekly(week)
    # Whatever was whole is remembered, in its week.
    assert record["weeks"]["periods"] == [friday(n)[1][-8:] for n in range(week + 1)], record["weeks"]["periods"]
    left = [name for name in os.listdir("产出") if name.startswith(".fupan-") and friday(week)[1][-8:] in name]
    assert left == [], left
    assert kept + half == times
    print(f"killed {times} times: {kept} runs were whole, {half} were not there at all, none half", file=sys.stderr)


SCENARIOS = {name: made for name, made in list(globals().items()) if callable(made) and getattr(made, "__module__", "") == "__main__"
             and made.__code__.co_argcount == 0 and name != "main" and not made.__code__.co_flags & 4}


def main():
    wanted = sys.argv[2:] or list(SCENARIOS)
    failed = 0
    for name in wanted:
        home = tempfile.mkdtemp(prefix="fupan-weekly-")
        before = os.getcwd()
        os.chdir(home)
        try:
            SCENARIOS[name]()
            print(f"ok {name}")
        except Exception as error:  # a scenario that fails says why, and the others go on
            failed += 1
            import traceback
            print(f"FAILED {name}: {str(error)[:1500]}\n{traceback.format_exc(limit=-2)}")
        finally:
            os.chdir(before)
            shutil.rmtree(home, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
