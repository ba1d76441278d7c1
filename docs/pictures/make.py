#!/usr/bin/env python3
"""Remakes the pictures of this folder from fixtures/inbox, as LibreOffice prints them.

    cargo build --release && python3 docs/pictures/make.py target/release/fupan

Needs LibreOffice, poppler (pdftoppm, pdftotext), Pillow, PyMuPDF and the fonts of scripts/everything.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "paper"))
from measure import pdf_of  # noqa: E402

HERE = Path(__file__).resolve().parent
INBOX = HERE.parent.parent / "fixtures" / "inbox"
ROSTER = HERE.parent.parent / "fixtures" / "名单.toml"
AS_OF = "2024-12-25"
CAMPAIGN = "暖冬焕新·双十二家居节"
# The one that came in five copies and a mail.
SHARED = "年货节预热场"
# How many points of white stay around what is printed.
MARGIN = 18

# The picture's name, and how its printed page or a line of it begins.
ENRICHED = [
    ("overview", "复盘总览"),
    ("goals", "目标达成"),
    ("attribution", "归因：销售额对比目标"),
    ("channels", "渠道与漏斗"),
    ("ranking", "投产比、排名与建议"),
    ("return", "各渠道投产比"),
    ("funnel", "每一步留下多少"),
    ("sales", "销售与用户"),
    ("categories", "羊毛地垫"),
    ("money", "预算与成本"),
    ("whatif", "假设测算"),
    ("progress", "进度与风险"),
    ("gantt", "任务甘特图"),
    ("risks", "评审审批"),
    ("daily", "每日监控"),
    ("lessons", "问题与经验"),
    ("feedback", "用户反馈"),
    ("actions", "行动清单"),
    ("suggestions", "影响 × 难度"),
    ("report", f"{CAMPAIGN} 复盘报告"),
    ("findings", "校验结果"),
    ("definitions", "口径说明"),
]
PORTFOLIO = [
    ("portfolio", "总览"),
    ("portfolio-goals", "目标汇总"),
    ("portfolio-channels", "渠道汇总"),
    ("portfolio-budgets", "预算汇总"),
    ("portfolio-actions", "行动清单"),
    ("portfolio-problems", "重复出现的问题"),
    ("portfolio-quality", "数据质量"),
]
MERGED = [
    ("merge-open", "合并-待定"),
    ("merge-record", "合并记录"),
]
ROLL_CALL = [("roll-call", "点名")]
# Pages of the Word report by number: cover, overview, completion, money.
WORD = [("report-cover", 1), ("report-goals", 3), ("report-charts", 4), ("report-channels", 8)]


def printed(document, folder):
    """With the fonts pages are measured with."""
    return pdf_of(document, folder)


def pages(pdf):
    text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return [page.strip() for page in text.split("\f")]


def picture(pdf, number, name, dots):
    with tempfile.TemporaryDirectory() as folder:
        stem = Path(folder) / "page"
        subprocess.run(
            ["pdftoppm", "-r", str(dots), "-f", str(number), "-l", str(number), "-singlefile", "-png", pdf, stem],
            check=True,
        )
        page = Image.open(f"{stem}.png").convert("RGB")
    # The lowest strip is the page's footer; below the last row paper is empty.
    body = page.crop((0, 0, page.width, int(page.height * 0.94)))
    box = ImageChops.difference(body, Image.new("RGB", body.size, "white")).getbbox()
    margin = MARGIN * dots // 72
    page = page.crop((0, 0, page.width, min(box[3] + margin, body.height)))
    page.quantize(48, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)


def by_beginning(pdf, wanted, own):
    """`own` is what the page our sheets begin with says."""
    found = pages(pdf)
    first = next(at for at, text in enumerate(found) if own in text)
    for name, beginning in wanted:
        ours = [(at, text) for at, text in enumerate(found) if at >= first]
        # The page that begins so; else the first one with such a line, for blocks share their paper.
        at = [at for at, text in ours if text.startswith(beginning)]
        at += [at for at, text in ours if any(line.startswith(beginning) for line in text.splitlines())]
        if not at:
            sys.exit(f"{name}: no page says {beginning}")
        picture(pdf, at[0] + 1, name, 120)


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run(
            [program, "--lang", "zh", "batch", INBOX, "-o", folder / "out", "--as-of", AS_OF, "--docx", "--roster", ROSTER,
             "--fail-on", "never"],
            check=True, capture_output=True,
        )
        campaigns = folder / "out" / "活动"
        enriched = next(campaigns.glob(f"{CAMPAIGN}*.xlsx"))
        by_beginning(printed(enriched, folder), ENRICHED, "fupan ")
        by_beginning(printed(folder / "out" / "汇总.xlsx", folder), PORTFOLIO + ROLL_CALL, "fupan ")
        by_beginning(printed(next(campaigns.glob(f"{SHARED}*.xlsx")), folder), MERGED, "fupan ")
        report = printed(next(campaigns.glob(f"{CAMPAIGN}*.docx")), folder)
        for name, number in WORD:
            picture(report, number, name, 80)


main()
