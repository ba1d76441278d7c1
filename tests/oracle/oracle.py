"""The figures of a filled-in workbook, worked out a second time.

    python3 tests/oracle/oracle.py 2024-12-20 工作簿.xlsx ...

Written from the specification (3-metrics) and the workbook's own sheets, in
plain Python over openpyxl; it knows nothing of the program. Prints one JSON
object: file -> {figure: number | word | null}, where null is 无法计算.
Formulas in the workbook are not read: only what people typed.
"""
import datetime
import json
import math
import re
import statistics
import sys

import openpyxl

DAY = datetime.timedelta(days=1)
EPOCH = datetime.date(1899, 12, 30)
# 国务院办公厅 2024 年节假日安排，8 月以后的部分。
OFF = {datetime.date(2024, 9, d) for d in (15, 16, 17)} | {datetime.date(2024, 10, d) for d in range(1, 8)} | {datetime.date(2025, 1, 1)}
ON = {datetime.date(2024, 9, 14), datetime.date(2024, 9, 29), datetime.date(2024, 10, 12)}
LEVEL = {"高": 3, "中": 2, "低": 1}
LESS = "成本 CAC CPA CPC CPM 投诉 退款 退货 跳出 流失 缺货 时长 时间 延迟 差评 故障 费用率".split()
UNITS = {"小时": 3600, "分钟": 60, "秒": 1, "天": 86400}


def number(cell):
    """A figure as people type it: 943.35万元, 34,300单, 30秒, 18%."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    if isinstance(cell, datetime.datetime):
        return (cell - datetime.datetime(1899, 12, 30)).total_seconds() / 86400
    text = str(cell).strip().lstrip("≥≤<>=不低于超过").replace(",", "").replace("，", "")
    found = re.match(r"^(-?\d+(?:\.\d+)?)(亿|万)?(%|小时|分钟|秒|天)?", text)
    if text.startswith("=") or not found:
        return None
    value = float(found[1]) * {"亿": 1e8, "万": 1e4, None: 1}[found[2]]
    return value / 100 if found[3] == "%" else value * UNITS.get(found[3], 1)


def target(cell):
    """Lower and upper end, and the direction its sign gives."""
    text = "" if cell is None else str(cell)
    ends = re.match(r"^([\d.]+%?)[-~至]([\d.]+%?)", text)
    if ends:
        low, high = ends[1], ends[2]
        low = low if low.endswith("%") == high.endswith("%") else low + "%"
        return number(low), number(high), "range"
    sign = "lower" if text.startswith("≤") or re.search(r"(以内|内)$", text) else "higher" if text.startswith("≥") else None
    return number(cell), None, sign


def over(part, whole):
    return None if part is None or whole in (None, 0) else part / whole


def minus(left, right):
    return None if left is None or right is None else left - right


def less(ratio, by=1):
    return None if ratio is None else ratio - by


def known(values):
    return [value for value in values if value is not None]


def total(values):
    values = known(values)
    return sum(values) if values else None


class Book:
    def __init__(self, path, as_of):
        self.book = openpyxl.load_workbook(path)
        self.as_of = as_of
        self.told = {}

    def put(self, name, label, value):
        self.told[f"{name}/{label}" if label != "" else name] = value

    def rows(self, sheet):
        """Rows of a list as header -> cell; the row counts if somebody typed into it."""
        if sheet not in self.book.sheetnames:
            return []
        page = self.book[sheet]
        headers = {cell.column: str(cell.value).replace("*", "").strip() for cell in page[3] if cell.value}
        rows = []
        for row in page.iter_rows(min_row=4):
            record = {headers[cell.column]: cell.value for cell in row if cell.column in headers}
            typed = {key: value for key, value in record.items() if value is not None and not str(value).startswith("=")}
            if typed:
                rows.append(Row({key: typed.get(key) for key in record}))
                rows[-1].rates = {headers[cell.column] for cell in row if "%" in cell.number_format}
                rows[-1].filled = {key for key, value in record.items() if value is not None}
        return rows

    def form(self, sheet):
        if sheet not in self.book.sheetnames:
            return Row({})
        return Row({str(row[0].value).replace("*", "").strip(): row[1].value for row in self.book[sheet].iter_rows(min_row=4) if row[0].value})

    def figures(self):
        self.basics = self.form("活动基本信息表")
        self.start, self.end = period(self.basics["活动周期"])
        for part in (goals, attribution, channels, marginal, funnel, traffic, users, budget, costs, promotions, sales, categories, tasks, approvals,
                     daily, risks, people, actions, voice, completeness):
            part(self)
        return self.told


class Row(dict):
    def __getitem__(self, key):
        return self.get(key)

    def n(self, key):
        return number(self.get(key))

    def text(self, key):
        value = self.get(key)
        return "" if value is None else str(value).strip()

    def day(self, key):
        value = self.get(key)
        return value.date() if isinstance(value, datetime.datetime) else None


def period(text):
    numbers = [int(n) for n in re.findall(r"\d+", str(text or ""))]
    if len(numbers) == 6:
        return datetime.date(*numbers[:3]), datetime.date(*numbers[3:])
    if len(numbers) == 5:
        return datetime.date(*numbers[:3]), datetime.date(numbers[0], *numbers[3:])
    return None, None


# §3.1
def completion(actual, low, high, direction):
    if actual is None or low is None:
        return None
    linear = lambda level: max(0.0, 2 - actual / level) if level else None
    if high is None:
        return linear(low) if direction == "lower" else over(actual, low)
    if actual < low:
        return over(actual, low)
    if actual > high:
        return over(actual, high) if direction == "higher" else linear(high)
    return 1.0


def outcome(share):
    if share is None:
        return "unknown"
    share = math.floor(share * 10000 + 0.5) / 10000
    return "exceeded" if share > 1 else "reached" if share == 1 else "mostly" if share >= 0.9 else "missed"


def goal_list(b):
    if hasattr(b, "goals"):
        return b.goals
    results = [row for row in b.rows("活动效果数据汇总表")]
    b.goals = []
    for kpi in b.rows("KPI拆解表"):
        low, high, sign = target(kpi["目标值"])
        way = {"越大越好": "higher", "越小越好": "lower", "区间": "range"}.get(kpi.text("指标方向")) or sign or (
            "lower" if any(word.lower() in kpi.text("指标名称").lower() for word in LESS) else "higher")
        row = next((r for r in results if r.text("指标名称") == kpi.text("指标名称") and not r.text("维度值")), None)
        actual = row.n("实际值") if row else None
        b.goals.append(dict(name=kpi.text("指标名称"), low=low, high=high, way=way, actual=actual, weight=kpi.n("权重"), result=kpi.text("指标类型") == "结果指标",
                            share=completion(actual, low, high, way)))
    return b.goals


def goals(b):
    found = goal_list(b)
    for goal in found:
        low, high, actual = goal["low"], goal["high"], goal["actual"]
        b.put("completion", goal["name"], goal["share"])
        b.put("outcome", goal["name"], outcome(goal["share"]))
        b.put("direction", goal["name"], goal["way"])
        gap = minus(actual, low) if high is None or (actual is not None and actual < low) else max(0.0, actual - high)
        b.put("goal-gap", goal["name"], gap)
        most = high if high is not None else low
        b.put("excess", goal["name"], max(0.0, actual / most - 1) if goal["way"] == "lower" and actual is not None and most else None)
    for row in b.rows("活动效果数据汇总表"):
        if row.text("维度值"):
            low, high, sign = target(row["目标值"])
            way = sign or ("lower" if any(word.lower() in row.text("指标名称").lower() for word in LESS) else "higher")
            share = completion(row.n("实际值"), low, high, way)
            label = f"{row.text('指标名称')}/{row.text('维度值')}"
            b.put("completion", label, share)
            b.put("outcome", label, outcome(share))
            b.put("direction", label, way)
            b.put("goal-gap", label, minus(row.n("实际值"), low))
    weighted = all(goal["weight"] is not None for goal in found)
    weights = [(goal["weight"] if weighted else 1.0, min(goal["share"], 1.2)) for goal in found if goal["share"] is not None]
    b.put("composite-completion", "", over(sum(w * c for w, c in weights), sum(w for w, _ in weights)))
    results = [goal for goal in found if goal["result"]]
    spent, planned = total(r.n("实际花费(元)") for r in b.rows("活动资源预算表")), b.basics.n("总预算(元)")
    overrun = less(over(spent, planned))
    composite = b.told["composite-completion"]
    if not results or any(goal["share"] is None for goal in results):
        verdict = None
    else:
        reached = sum(outcome(goal["share"]) in ("exceeded", "reached") for goal in results)
        if reached == len(results) and (overrun is None or overrun <= 0.1):
            verdict = "success"
        else:
            verdict = "mostly" if composite >= 0.9 and reached * 2 >= len(results) else "challenged"
    b.put("verdict", "", verdict)


def lmdi(b, against, names, before, after):
    """Additive shares of the gap: logarithmic mean x ln of the factor's change."""
    levels = list(zip(before, after))
    if any(value is None or value <= 0 for pair in levels for value in pair):
        return False
    whole0, whole1 = levels[-1]
    mean = whole0 if whole0 == whole1 else (whole1 - whole0) / math.log(whole1 / whole0)
    for i, name in enumerate(names):
        factor0 = before[i] if i == 0 else before[i] / before[i - 1]
        factor1 = after[i] if i == 0 else after[i] / after[i - 1]
        b.put("contribution", f"{against}/{name}", mean * math.log(factor1 / factor0))
    b.put("contribution-gap", against, whole1 - whole0)
    return True


def attribution(b):
    goal = {goal["name"]: goal for goal in goal_list(b)}
    side = lambda names, key: [goal.get(name, {}).get(key) for name in names]
    chain = ["活动曝光量", "点击量", "成交人数", "销售额"]
    lmdi(b, "against_target", ["exposure", "click_rate", "conversion_rate", "buyer_value"], side(chain, "low"), side(chain, "actual"))
    lines, days = sales_lines(b)
    daily = lambda name, when: over(lines.get(name, Row({})).n(when), days[when])
    chain = ["访客数", "成交人数", "销售额"]
    lmdi(b, "against_before", ["visitors", "conversion_rate", "buyer_value"], [daily(name, "活动前") for name in chain], [daily(name, "活动期") for name in chain])
    rows = [r for r in b.rows("渠道效果表") if None not in (r.n("预算(元)"), r.n("目标转化数"), r.n("花费(元)"), r.n("转化数"))]
    if len(rows) >= 2:
        plan, aim, spend, got = (sum(r.n(key) for r in rows) for key in ("预算(元)", "目标转化数", "花费(元)", "转化数"))
        as_planned = sum(r.n("花费(元)") * r.n("目标转化数") / r.n("预算(元)") for r in rows)
        b.put("volume-effect", "", (spend - plan) * aim / plan)
        b.put("mix-effect", "", as_planned - spend * aim / plan)
        b.put("rate-effect", "", got - as_planned)
        b.put("mix-gap", "", got - aim)


# §3.2
def channels(b):
    rows = b.rows("渠道效果表")
    value = lambda r: r.n("销售额(元)") if r.n("销售额(元)") is not None else None if None in (r.n("转化数"), r.n("单次转化价值(元)")) else r.n("转化数") * r.n("单次转化价值(元)")
    spends, values = total(r.n("花费(元)") for r in rows), total(value(r) for r in rows)
    returns = {}
    for r in rows:
        name, spend, clicks, orders = r.text("渠道"), r.n("花费(元)"), r.n("点击量"), r.n("转化数")
        roi = over(value(r), spend)
        spend_share, revenue_share = over(spend, spends), over(value(r), values)
        low, high = wilson(orders, clicks)
        for metric, figure in [("roi", roi), ("channel-value", value(r)), ("ctr", over(clicks, r.n("曝光量"))), ("cvr", over(orders, clicks)),
                               ("cpm", over(spend * 1000, r.n("曝光量"))), ("cpc", over(spend, clicks)), ("cpa", over(spend, orders)), ("cac", over(spend, r.n("新客数"))),
                               ("spend-share", spend_share), ("revenue-share", revenue_share), ("efficiency-index", over(revenue_share, spend_share)),
                               ("channel-completion", over(orders, r.n("目标转化数")))]:
            b.put(metric, name, figure)
        b.put("rate-interval", f"{name}/下限", low)
        b.put("rate-interval", f"{name}/上限", high)
        if roi is not None and spend >= 1000 and (r.n("曝光量") is None or r.n("曝光量") >= 1000):
            returns[name] = roi
    for r in rows:
        mine = returns.get(r.text("渠道"))
        b.put("rank", r.text("渠道"), None if mine is None else 1 + sum(roi > mine for roi in returns.values()))
    if rows:
        b.put("roi", "全部渠道", over(values, spends))
        ordered = sorted(returns, key=lambda name: -returns[name])
        b.put("best-channel", "", ordered[0] if len(ordered) > 1 else None)
        b.put("worst-channel", "", ordered[-1] if len(ordered) > 1 else None)


def wilson(hits, n, z=1.96):
    if hits is None or not n or hits > n:
        return None, None
    p = hits / n
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def marginal(b):
    floor, below = b.basics.n("行业基准ROI") or 1.0, 0
    for r in sorted(b.rows("追加投入记录表"), key=lambda r: r["日期"]):
        roi = over(r.n("带来产出(元)"), r.n("追加投入(元)"))
        below += roi < floor
        label = f"{r.text('渠道')}/{r.text('批次')}"
        b.put("marginal-roi", label, roi)
        b.put("marginal-verdict", label, "pays" if roi >= floor else "passed" if below == 1 else "below")


# §3.3
def funnel(b):
    rows = [r for r in b.rows("转化漏斗表") if r.n("人数/次数") is not None]
    losses, shortfalls = {}, {}
    for before, r in zip([None, *rows], rows):
        name, rate = r.text("环节"), over(r.n("人数/次数"), before.n("人数/次数")) if before else None
        b.put("step-rate", name, rate)
        b.put("drop-off", name, None if rate is None else 1 - rate)
        b.put("cumulative-rate", name, over(r.n("人数/次数"), rows[0].n("人数/次数")))
        if before:
            # From exposure on every campaign loses most: that is no leak without a target.
            losses[name] = 0 if before is rows[0] and "曝光" in before.text("环节") else before.n("人数/次数") - r.n("人数/次数")
            if r.n("目标转化率") is not None:
                shortfalls[name] = r.n("目标转化率") - rate
    missed = {name: gap for name, gap in shortfalls.items() if gap > 0}
    if rows:
        leak = max(missed or losses, key=(missed or losses).get)
        b.put("biggest-leak", "", leak if missed or leak not in shortfalls else None)


def traffic(b):
    rows = b.rows("流量数据表")
    uv = total(r.n("访客数UV") for r in rows)
    for r in rows:
        b.put("source-share", r.text("页面/来源渠道"), over(r.n("访客数UV"), uv))
    both = lambda key: [(r.n(key), r.n("访客数UV")) for r in rows if r.n(key) is not None and r.n("访客数UV")]
    pooled = lambda key: over(sum(part for part, _ in both(key)), sum(whole for _, whole in both(key)))
    b.put("overall-conversion", "", pooled("支付人数"))
    b.put("new-visitor-share", "", pooled("新访客数"))
    b.put("bounce-rate", "", over(sum(rate * n for rate, n in both("跳出率")), sum(n for _, n in both("跳出率"))))
    lines, _ = sales_lines(b)
    during = lambda name: lines.get(name, Row({})).n("活动期")
    visitors = during("访客数") if during("访客数") is not None else uv
    b.put("visitor-value", "", over(during("销售额"), visitors))
    for r in b.rows("互动行为表"):
        b.put("participation-rate", r.text("互动类型"), over(r.n("参与人数"), uv))


def users(b):
    for r in b.rows("用户数据表"):
        name, low_high = r.text("指标"), target(r["目标值"])
        during, before = r.n("活动期"), r.n("活动前")
        b.put("user-completion", name, completion(during, *low_high))
        rate = "%" in r.text("活动期") or "活动期" in r.rates
        b.put("user-growth", name, minus(during, before) if rate else less(over(during, before)))


# §3.4
def band(rate):
    if rate is None:
        return "unreported"
    size = math.floor(abs(rate) * 10000 + 0.5) / 10000
    return "normal" if size <= 0.05 else "watch" if size <= 0.1 else "alarm" if size <= 0.2 else "severe"


KINDS = {"人力资源": "people", "物料资源": "material", "推广资源": "promotion", "让利补贴": "subsidy", "平台佣金": "commission", "其他资源": "other"}


def budget(b):
    rows = b.rows("活动资源预算表")
    lines = []
    for r in rows:
        planned = r.n("总价(元)")
        if planned is None and None not in (r.n("单价(元)"), r.n("数量")):
            counts = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", str(r["数量"]))]
            planned = r.n("单价(元)") * math.prod(counts)
        lines.append((r.text("费用明细"), KINDS.get(r.text("资源类型")), planned, r.n("实际花费(元)")))
    groups = [(name, [line]) for line in lines for name in [line[0]]]
    groups += [(f"类型:{kind}", [line for line in lines if line[1] == kind]) for kind in dict.fromkeys(line[1] for line in lines)]
    groups.append(("合计", lines))
    for label, members in groups if lines else []:
        both = [(plan, spent) for _, _, plan, spent in members if None not in (plan, spent)]
        plan, spent = total(p for p, _ in both), total(s for _, s in both)
        gap = minus(spent, plan)
        b.put("planned", label, total(p for _, _, p, _ in members))
        b.put("budget-variance", label, gap)
        b.put("variance-rate", label, over(gap, plan))
        b.put("budget-execution", label, over(spent, plan))
        rate = over(gap, plan)
        # A reserve nobody had to touch is no deviation.
        unspent = rate is not None and len(members) == 1 and "备用金" in members[0][0] and label == members[0][0]
        b.put("deviation", label, band(max(rate, 0) if unspent else rate))
    share = over(total(plan for name, _, plan, _ in lines if "备用金" in name), total(plan for _, _, plan, _ in lines))
    b.put("reserve-share", "", share)
    b.put("reserve-verdict", "", "cannot" if share is None else "reserve_low" if round(share, 4) < 0.05 else "reserve_high" if round(share, 4) > 0.15 else "reserve_fitting")


def costs(b):
    of = {r.text("科目"): r.n("实际(元)") for r in b.rows("成本收益表")}
    spent = total(of.get(item) for item in ("广告投放", "物料制作", "让利成本", "平台佣金", "技术支持", "人力成本", "其他成本"))
    gross = minus(of.get("营业收入"), of.get("商品成本"))
    net = minus(minus(gross, spent), of.get("物流履约", 0.0) if "物流履约" in of else 0.0)
    for name, figure in [("total-input", spent), ("gross-profit", gross), ("net-profit", net), ("net-profit-roi", over(net, spent)), ("expense-ratio", over(spent, of.get("营业收入")))]:
        b.put(name, "", figure)


def promotions(b):
    lines, _ = sales_lines(b)
    all_sales = lines.get("销售额", Row({})).n("活动期")
    if all_sales is None:
        all_sales = total(r.n("活动期销售额(元)") for r in b.rows("品类商品销售表"))
    for r in b.rows("玩法与优惠券效果表"):
        name, issued, claimed, used = r.text("玩法/优惠券名称"), r.n("发放量"), r.n("领取量"), r.n("核销量")
        b.put("claim-rate", name, over(claimed, issued))
        b.put("redemption-rate", name, over(used, claimed if claimed is not None else issued))
        b.put("unit-voucher-cost", name, over(r.n("让利成本(元)"), used))
        b.put("promotion-roi", name, over(r.n("带动销售额(元)"), r.n("让利成本(元)")))
        b.put("sales-contribution", name, over(r.n("带动销售额(元)"), all_sales))


# §3.5
def sales_lines(b):
    rows = {r.text("指标"): r for r in b.rows("销售对比表")}
    counted = rows.pop("统计天数", Row({}))
    length = (b.end - b.start).days + 1 if b.start else None
    during = counted.n("活动期") or length
    days = {"活动前": counted.n("活动前") or 30, "活动期": during, "活动后一周": counted.n("活动后一周") or 7, "去年同期": counted.n("去年同期") or during}
    return rows, days


def sales(b):
    rows, days = sales_lines(b)
    for name, r in rows.items():
        mean = {when: over(r.n(when), days[when]) for when in days}
        for when in days:
            b.put("daily-mean", f"{name}/{when}", mean[when])
        b.put("daily-growth", name, less(over(mean["活动期"], mean["活动前"])))
        b.put("year-on-year", name, less(over(mean["活动期"], mean["去年同期"])))
        b.put("long-tail", name, over(mean["活动后一周"], mean["活动前"]))
    for metric, part, whole in [("average-buyer", "销售额", "成交人数"), ("average-order", "销售额", "订单量"), ("new-buyer-share", "新客成交人数", "成交人数")]:
        if part in rows and whole in rows:
            for when in days:
                b.put(metric, when, over(rows[part].n(when), rows[whole].n(when)))


def categories(b):
    rows = b.rows("品类商品销售表")
    everything = total(r.n("活动期销售额(元)") for r in rows)
    for r in rows:
        name, during = r.text("品类/商品"), r.n("活动期销售额(元)")
        for metric, figure in [("category-contribution", over(during, everything)), ("category-growth", less(over(during, r.n("活动前销售额(元)")))), ("margin-rate", over(r.n("毛利(元)"), during)),
                               ("return-rate", over(r.n("退货数"), r.n("销量(件)"))), ("sell-through", None if r.n("期初库存") in (None, 0) or r.n("期末库存") is None else 1 - r.n("期末库存") / r.n("期初库存"))]:
            b.put(metric, name, figure)


def tasks(b):
    progress = {r.text("任务编号"): r for r in b.rows("活动进度跟踪表")}
    phases = {r.text("阶段"): r.day("结束日期") for r in b.rows("活动阶段表")}
    done = late = overdue = cancelled = told = 0
    rows, weight, earned, reach = b.rows("活动任务分解与责任分配表"), 0, 0, {}
    for r in rows:
        code, end = r.text("任务编号"), r.day("结束时间")
        record = progress.get(code, Row({}))
        status, finished, expected = record.text("任务状态"), record.day("实际完成"), record.day("预计完成")
        is_done = status == "已完成" or finished
        until = finished or (None if status in ("已完成", "") else b.as_of)
        delay = None if status == "已取消" or until is None else max(0, (until - end).days)
        b.put("delay-days", code, delay)
        b.put("expected-slip", code, None if expected is None else max(0, (expected - end).days))
        closing = phases.get(r.text("活动阶段"))
        b.put("phase-overrun", code, None if closing is None or status == "已取消" else max(0, ((finished or expected or end) - closing).days))
        cancelled += status == "已取消"
        told += bool(status or finished)
        done += bool(is_done)
        late += bool(is_done) and bool(delay)
        overdue += not is_done and bool(delay)
        length = (end - r.day("开始时间")).days + 1
        share = 1.0 if is_done else record.n("完成进度") if record.n("完成进度") is not None else 0.0 if status == "未开始" else None
        if status != "已取消" and share is not None:
            weight, earned = weight + length, earned + length * share
        before = [reach[name] for name in re.findall(r"T\d+", r.text("前置任务")) if name in reach]
        reach[code] = length + max(before, default=0)
    if rows:
        b.put("task-completion", "", over(done, told - cancelled))
        b.put("on-time-rate", "", over(done - late, done + overdue))
        b.put("weighted-progress", "", over(earned, weight))
    if any(r.text("前置任务") for r in rows):
        b.put("critical-chain", "", max(reach.values()))


def workdays(after, until):
    days = [after + DAY * i for i in range(1, (until - after).days + 1)]
    return sum((day.weekday() < 5 or day in ON) and day not in OFF for day in days)


def approvals(b):
    for r in b.rows("评审审批记录表"):
        until = r.day("审批日期") or b.as_of
        b.put("approval-days", r.text("审批事项"), workdays(r.day("提交日期"), until))
        b.put("approval-promptness", r.text("审批事项"), "in-time" if workdays(r.day("提交日期"), until) <= 3 else "too-long")
    if b.end and b.basics.day("填表日期"):
        b.put("data-days", "", workdays(b.end, b.basics.day("填表日期")))


def daily(b):
    rows = sorted(b.rows("活动效果实时监控记录表"), key=lambda r: r["监控日期"])
    aim = {goal["name"]: goal["low"] for goal in goal_list(b)}
    days = [r.day("监控日期") for r in rows]
    series = {
        "exposure": [r.n("曝光量(次)") for r in rows],
        "ctr": [over(r.n("点击量(次)"), r.n("曝光量(次)")) for r in rows],
        "cvr": [over(r.n("转化数"), r.n("点击量(次)")) for r in rows],
        "sales": [r.n("销售额(元)") for r in rows],
    }
    goal = {"ctr": aim.get("点击率"), "cvr": aim.get("转化率")}
    for i, r in enumerate(rows):
        label = f"{days[i]}日监控"
        b.put("ctr", label, series["ctr"][i])
        b.put("cvr", label, series["cvr"][i])
        b.put("target-points", label, minus(series["ctr"][i], goal["ctr"]))
        b.put("target-relative", label, less(over(series["ctr"][i], goal["ctr"])))
        for watched, values in series.items():
            value = values[i]
            before = known(values[j] for j in range(i) if (days[i] - days[j]).days <= 7)
            off_mean = value / statistics.fmean(before) - 1 if value is not None and len(before) >= 3 else None
            middle = statistics.median(known(values)) if known(values) else None
            spread = [abs(one - middle) for one in known(values)]
            mad = statistics.median(spread) if len(spread) >= 10 else None
            robust = 0.6745 * abs(value - middle) / mad if mad and value is not None else None
            off_goal = less(over(value, goal.get(watched)))
            base = {"ctr": r.n("曝光量(次)"), "cvr": r.n("点击量(次)")}.get(watched, middle)
            odd = lambda off, limit: off is not None and base is not None and base >= 100 and abs(off) >= limit
            said = None
            if odd(off_goal, 0.2):
                said = "above-target" if off_goal > 0 else "below-target"
            elif odd(off_mean, 0.2):
                said = "above-mean" if off_mean > 0 else "below-mean"
            elif odd(robust, 3.5):
                said = "outlier"
            b.put("anomaly", f"{label}/{watched}", said)
            if watched == "sales":
                b.put("window-deviation", label, off_mean)
                b.put("robust-deviation", label, robust)
    inside = [value for day, value in zip(days, series["sales"]) if b.start and b.start <= day <= b.end and value is not None]
    if len(inside) >= 3 and aim.get("销售额"):
        length = (b.end - b.start).days + 1
        b.put("pace", "", sum(inside) / (aim["销售额"] * len(inside) / length))
        if b.as_of <= b.end:
            b.put("projected-end", "", sum(inside) / len(inside) * length)


# §3.6
def risks(b):
    for r in b.rows("风险预案表"):
        product = LEVEL.get(r.text("发生概率"), 0) * LEVEL.get(r.text("影响程度"), 0)
        b.put("risk-level", r.text("风险描述"), None if not product else "major" if product == 9 else "larger" if product == 6 else "ordinary")
    for r in b.rows("活动风险应对与调整记录表"):
        took = (r["解决时间"] - r["发生时间"]).total_seconds() / 3600 if r["解决时间"] else None
        b.put("solve-hours", r.text("风险描述"), None if took is None else round(took, 4))


def people(b):
    rows = b.rows("人力配置表")
    pairs = {"head-ratio": ("实际人数", "计划人数"), "hour-ratio": ("实际工时", "计划工时")}
    for metric, (got, plan) in pairs.items():
        for r in rows:
            b.put(metric, r.text("环节"), over(r.n(got), r.n(plan)))
        both = [(r.n(got), r.n(plan)) for r in rows if None not in (r.n(got), r.n(plan))]
        b.put(metric, "合计", over(total(one for one, _ in both), total(one for _, one in both)))
    scores = [(r.n("评分"), r.text("评价维度")) for r in b.rows("团队协作评价表") if r.n("评分") is not None]
    b.put("teamwork-mean", "", statistics.fmean(score for score, _ in scores) if scores else None)
    b.put("weakest-dimension", "", min(scores, key=lambda one: one[0])[1] if scores else None)
    for r in b.rows("服务与保障表"):
        low, high, sign = target(r["目标值"])
        way = sign or ("lower" if any(word.lower() in r.text("指标").lower() for word in LESS) else "higher")
        b.put("service-completion", r.text("指标"), completion(r.n("实际值"), low, high, way))


# §3.7
def actions(b):
    problems = {r.text("问题编号"): r.text("是否重复出现") == "是" for r in b.rows("问题清单")}
    unmet = {goal["name"]: 1 - goal["share"] for goal in goal_list(b) if goal["share"] is not None and outcome(goal["share"]) in ("missed", "mostly")}
    rows = b.rows("改进措施与行动计划表")
    keys, done, cancelled = [], 0, 0
    for i, r in enumerate(rows):
        code, status, due = r.text("行动编号"), r.text("状态"), r.day("完成时间")
        score = 3 * LEVEL[r.text("影响程度")] - LEVEL[r.text("实施难度")]
        is_open = status not in ("已完成", "已取消")
        overdue = is_open and due is not None and due < b.as_of
        state = ("cancelled" if status == "已取消" else "done" if status == "已完成" and r.text("验证结果") else "done-unverified" if status == "已完成" else
                 "undated" if due is None else "overdue" if overdue else "due-soon" if (due - b.as_of).days <= 7 else "open")
        said = r.text("改进措施") + r.text("对应问题") + r.text("衡量标准")
        gap = max((gap for name, gap in unmet.items() if name in said), default=0.0)
        b.put("priority", code, score)
        b.put("quadrant", code, "quick-win" if score >= 7 else "push" if score == 6 else "in-passing" if score >= 2 else "later")
        b.put("action-state", code, state)
        b.put("days-left", code, (due - b.as_of).days if is_open and due else None)
        start, aim, got = r.n("基线值"), target(r["目标值"])[0], r.n("验证结果")
        b.put("action-effect", code, over(minus(got, start), minus(aim, start)))
        keys.append((not is_open, -score, not overdue, not problems.get(r.text("对应问题"), False), -round(gap * 10000), due or datetime.date.max, i, code))
        done, cancelled = done + (status == "已完成"), cancelled + (status == "已取消")
    if rows:
        b.put("action-order", "", " ".join(key[-1] for key in sorted(keys)))
        b.put("action-completion", "", over(done, len(rows) - cancelled))


def voice(b):
    tags, rows = {}, b.rows("用户反馈表")
    for r in rows:
        count = r.n("频次") if r.n("频次") is not None else 1.0
        for tag in re.split(r"[、,，;；/\s]+", r.text("标签")):
            if tag:
                tags[tag] = tags.get(tag, 0) + count
    everything = sum(tags.values())
    for tag, count in tags.items():
        b.put("feedback-share", tag, over(count, everything))
    if rows:
        b.put("top-three-share", "", over(sum(sorted(tags.values(), reverse=True)[:3]), everything))
        scored = [(r.n("满意度"), r.n("频次") if r.n("频次") is not None else 1.0) for r in rows if r.n("满意度") is not None]
        b.put("satisfaction", "", over(sum(score * n for score, n in scored), sum(n for _, n in scored)))
    classes = [r.text("问题分类") for r in b.rows("问题清单") if r.text("问题分类")]
    ids = {"策略规划": "strategy", "执行落地": "execution", "资源支持": "resource", "外部因素": "external"}
    for name in dict.fromkeys(classes):
        b.put("problem-share", ids[name], classes.count(name) / len(classes))
    for r in b.rows("过程分析表"):
        depth = sum(bool(r.text(f"为什么{i}")) for i in range(1, 6))
        if depth:
            b.put("why-depth", r.text("描述"), depth)


TABLES = {"KPI拆解表": "kpi", "活动资源预算表": "budget", "活动效果数据汇总表": "results", "渠道效果表": "channels", "转化漏斗表": "funnel", "问题清单": "problems",
          "改进措施与行动计划表": "actions", "活动任务分解与责任分配表": "tasks", "活动进度跟踪表": "progress", "活动效果实时监控记录表": "daily"}


def completeness(b):
    """填写完整度: filled required cells of all required cells, in the rows somebody used; what the form computes is filled in."""
    for sheet, table in TABLES.items():
        if sheet not in b.book.sheetnames:
            continue
        required = [str(cell.value).replace("*", "").strip() for cell in b.book[sheet][3] if cell.value and "*" in str(cell.value)]
        rows = b.rows(sheet)
        if rows:
            b.put("completeness", table, sum(key in r.filled for r in rows for key in required) / (len(rows) * len(required)))


def main():
    as_of = datetime.date.fromisoformat(sys.argv[1])
    told = {path: Book(path, as_of).figures() for path in sys.argv[2:]}
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)


main()
