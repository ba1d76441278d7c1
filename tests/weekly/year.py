"""A year of records for measuring the ledger: half a year's `run.json`s, each campaign five times, all weeks twice.

    python3 tests/weekly/year.py RECORDS OUT      (RECORDS holds 2024-W27.json …, OUT becomes a folder of weeks)
    fupan ledger rebuild OUT

Every text is made its own, so that nothing is kept once that in life would be kept twice. No workbook is run.
"""
import copy
import datetime
import glob
import json
import os
import sys

KEPT = {"code", "severity", "state", "unit", "outcome", "quadrant", "resource", "verdict", "tables", "sheet", "cell", "table", "at", "basis", "kind", "class", "due", "template", "period", "level", "occurred"}


def marked(value, tag):
    if isinstance(value, dict):
        return {key: inner if key in KEPT else marked(inner, tag) for key, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, tag) for inner in value]
    return value + tag if isinstance(value, str) and len(value) > 3 and not value[:4].isdigit() else value


def once_more(file, n, tag):
    made = copy.deepcopy(file)
    made["file"] += tag
    campaign = file["campaign"]
    made["campaign"] = {**marked(campaign, tag), "campaign": f"{campaign['campaign']}-{n}", "file": made["file"], "output": "", "findings": campaign["findings"]}
    for finding in made["findings"]:
        finding["fingerprints"] = [mark + tag for mark in finding["fingerprints"]]
        if finding.get("row"):
            finding["row"] += tag
    return made


def main():
    records = sorted(glob.glob(f"{sys.argv[1]}/*.json"))
    day = datetime.date.fromisoformat(json.load(open(records[0], encoding="utf-8"))["as_of"])
    for half in ("", "下"):
        for path in records:
            record = json.load(open(path, encoding="utf-8"))
            counted = [file for file in record["files"] if file["outcome"] == "counted" and file.get("campaign")]
            record["files"] = [once_more(file, n, f"·{n}{half}") for n in range(5) for file in counted]
            record.update(as_of=day.isoformat(), merges=[], outputs={})
            record.pop("weeks", None), record.pop("roster", None)
            year, week, _ = day.isocalendar()
            os.makedirs(f"{sys.argv[2]}/{year}-W{week:02}")
            text = json.dumps(record, ensure_ascii=False)
            with open(f"{sys.argv[2]}/{year}-W{week:02}/run.json", "w", encoding="utf-8") as file:
                file.write('{\n  "tool": "fupan"' + text[len('{"tool": "fupan"'):])
            day += datetime.timedelta(days=7)


if __name__ == "__main__":
    main()
