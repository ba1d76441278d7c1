"""The consolidation in SQL, run by DuckDB and by Spark in local mode over the same tables, with equal answers.

    python3 tests/tables/engines.py RESULTS [RESULTS...]

Each RESULTS is a folder with data/ in it. Answers are held against 汇总.xlsx where the folder has one, and against
each other where several folders are given (the whole, and the same put together from shards).
"""
import datetime
import math
import os
import sys

import duckdb
import openpyxl
from pyspark.sql import SparkSession

QUERIES = ["completion", "channel_return", "budget_use", "open_actions", "recurring_problems"]
TYPES = {"VARCHAR": "string", "DOUBLE": "double", "BIGINT": "bigint", "BOOLEAN": "boolean", "DATE": "date"}


def statements(path, data):
    """The statements of a file, its tables found in a folder."""
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("--")]
    text = "".join(lines).replace("data/", f"{os.path.abspath(data)}/")
    return [one.strip() for one in text.split(";") if one.strip()]


def duck(folder):
    """Every answer of DuckDB, and what it takes the columns for."""
    data, db = os.path.join(folder, "data"), duckdb.connect()
    for one in statements(f"{data}/sql/views.duckdb.sql", data):
        db.execute(one)
    answers = {name: db.execute(statements(f"{data}/sql/{name}.sql", data)[0]).fetchall() for name in QUERIES}
    tables = [name for (name,) in db.execute("SELECT DISTINCT table_name FROM 'data/columns.parquet'".replace("data/", f"{data}/")).fetchall()]
    types = {}
    for table in tables:
        described = db.execute(f"DESCRIBE SELECT * FROM '{data}/{table}.parquet'").fetchall()
        types[table] = [(row[0], TYPES[row[1]]) for row in described]
        declared = db.execute(f"SELECT column_name, column_type FROM '{data}/columns.parquet' WHERE table_name = '{table}'").fetchall()
        assert types[table] == [(name, TYPES[kind]) for name, kind in declared], (table, types[table], declared)
        # The text says what the table says.
        kinds = {name: kind for name, kind in declared}
        read = db.execute(f"SELECT * FROM read_csv('{data}/{table}.csv', columns = {kinds}, header = true)").fetchall()
        rows = db.execute(f"SELECT * FROM '{data}/{table}.parquet'").fetchall()
        plain = lambda cell: cell[1:] if isinstance(cell, str) and cell[:2] in ("'=", "'+", "'-", "'@") else cell
        assert [[plain(cell) for cell in row] for row in read] == [list(row) for row in rows], table
    return answers, types


def spark(folders):
    """Every answer of Spark, folder by folder, in one session."""
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    told = []
    for folder in folders:
        data = os.path.join(folder, "data")
        for one in statements(f"{data}/sql/views.spark.sql", data):
            session.sql(one)
        answers = {}
        for name in QUERIES:
            answers[name] = [tuple(row) for row in session.sql(statements(f"{data}/sql/{name}.sql", data)[0]).collect()]
        names = [name for name in os.listdir(data) if name.endswith(".parquet")]
        types = {name[:-8]: session.read.parquet(f"{os.path.abspath(data)}/{name}").dtypes for name in names}
        told.append((answers, types))
    session.stop()
    return told


def same(left, right):
    """Equal, floats to the last digits: sums come in another order on another engine."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-12)
    return left == right


def hold(name, left, right):
    assert len(left) == len(right), (name, left, right)
    for one, other in zip(left, right):
        assert len(one) == len(other) and all(map(same, one, other)), (name, one, other)


def below(sheet, first, columns):
    """Rows below the header whose first cell says this, by their first cell."""
    rows, found = {}, False
    for row in sheet.iter_rows(values_only=True):
        if found:
            if row[0] is None:
                break
            rows[row[0]] = [row[column] for column in columns]
        found = found or row[0] == first
    return rows


def hold_against_workbook(folder, answers):
    """What people read in the portfolio is what programs read in the tables."""
    book = openpyxl.load_workbook(os.path.join(folder, "汇总.xlsx"), data_only=True)
    channels = below(book["渠道汇总"], "渠道", [1, 2, 3, 9, 7, 8])
    assert len(channels) == len(answers["channel_return"]), channels
    for channel, *figures in answers["channel_return"]:
        hold(channel, [[float(x) if x is not None else None for x in channels[channel]]],
             [[float(x) if x is not None else None for x in figures]])
    resources = {"人力资源": "people", "物料资源": "material", "推广资源": "promotion", "让利补贴": "subsidy", "平台佣金": "commission", "其他资源": "other"}
    budgets = below(book["预算汇总"], "资源类型", [1, 2, 4])
    budgets = {resources[name]: row for name, row in budgets.items()}
    for resource, _, *figures in answers["budget_use"]:
        hold(resource, [[float(x) for x in budgets[resource]]], [[float(x) for x in figures]])
    campaigns = below(book["总览"], "活动", [4])
    for _, name, _, completion, *_ in answers["completion"]:
        assert same(campaigns[name][0], completion), (name, campaigns[name], completion)
    assert len(campaigns) >= len(answers["completion"])


folders = sys.argv[1:]
by_duck = [duck(folder) for folder in folders]
by_spark = spark(folders)
for folder, (answers, types), (spark_answers, spark_types) in zip(folders, by_duck, by_spark):
    for name in QUERIES:
        assert answers[name], (folder, name)
        hold(f"{folder} {name}", answers[name], spark_answers[name])
    assert types == {name: spark_types[name] for name in types}, (types, spark_types)
    if os.path.exists(os.path.join(folder, "汇总.xlsx")):
        hold_against_workbook(folder, answers)
for name in QUERIES:
    for (answers, _), folder in zip(by_duck[1:], folders[1:]):
        hold(f"{folders[0]} {folder} {name}", by_duck[0][0][name], answers[name])
assert any(isinstance(cell, datetime.date) for row in by_duck[0][0]["open_actions"] for cell in row)
print(f"ok {len(folders)} folders, {len(QUERIES)} queries, two engines")
