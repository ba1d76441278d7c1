//! Every role, shape and chart on a few pages, to look at: `cargo run --example gallery -- FILE.xlsx`.

#![allow(clippy::disallowed_methods, reason = "a tool of the project, no part of the program")]

use std::error::Error;

use chrono::{Days, NaiveDate};
use fupan::cell::{Area, CellRef, Place};
use fupan::expr::{Expr, Normalised, Val};
use fupan::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape, Show, Tab, serial};
use fupan::xlsx::write::{WriteOptions, write};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("where to?")?;
    let data = data();
    let mut pages = vec![overview(&data), channels(&data), schedule()];
    pages.push(data);
    let options = WriteOptions { title: "2024 双十一大促 · 复盘".into(), ..WriteOptions::default() };
    std::fs::write(file, write(&pages, &options)?.package)?;
    Ok(())
}

const CHANNELS: [(&str, f64, f64, f64); 6] = [
    ("抖音信息流", 1_200_000.0, 1_264_300.0, 7_585_800.0),
    ("微信朋友圈", 800_000.0, 763_200.0, 3_052_800.0),
    ("小红书达人种草", 600_000.0, 689_500.0, 3_861_200.0),
    ("天猫站内（直通车、引力魔方）", 1_500_000.0, 1_482_000.0, 9_929_400.0),
    ("线下门店物料", 200_000.0, 158_000.0, 205_400.0),
    ("私域社群", 50_000.0, 41_200.0, 824_000.0),
];

fn data() -> Page {
    let mut page = Page::new("渠道明细", Tab::Appendix);
    page.row(Role::Header, ["渠道", "预算", "花费", "销售额"]);
    for (name, budget, spend, sales) in CHANNELS {
        page.row(
            Role::Body,
            [
                PageCell::from(name),
                PageCell::from(budget).shaped(Shape::Money),
                PageCell::from(spend).shaped(Shape::Money),
                PageCell::from(sales).shaped(Shape::Money),
            ],
        );
    }
    page.filter = Some(area("A1:D7"));
    page
}

fn area(text: &str) -> Area {
    Area::parse(text).unwrap_or(Area::new(CellRef::new(0, 0), CellRef::new(0, 0)))
}

fn at(page: &Page, row: u32, col: u32) -> Expr {
    let cell = CellRef::new(row, col);
    let value = page.cells.get(&cell).map_or(Val::Blank, |cell| cell.show.value());
    Expr::cell(Place { sheet: page.name.clone(), cell }, value)
}

fn overview(data: &Page) -> Page {
    let mut page = Page::new("复盘总览", Tab::First);
    page.set_widths(&[12.0; 12]);
    page.line(Role::Title, 12, "2024 双十一大促 · 复盘总览");
    page.line(
        Role::Subtitle,
        12,
        "统计截至 2024-11-20　负责人 王小明　模板 2.1　工具 0.1.0　所有数字均可点击，公式指向原表格",
    );
    page.skip(1);
    let top = page.next_row();
    let sum = |col| Expr::sum([data.column(col, 1, 6).into()]).known();
    let typed = Expr::from(Normalised {
        at: Place::new("渠道明细", CellRef::new(1, 1)),
        text: "2,500万元".into(),
        part: "",
        value: 25_000_000.0,
    });
    let tiles: [(&str, PageCell); 6] = [
        ("综合完成率", PageCell::from((sum(3) / typed).known()).shaped(Shape::Percent)),
        ("销售额", PageCell::from(sum(3)).shaped(Shape::Wan)),
        ("投产比", PageCell::from((sum(3) / sum(2)).known()).shaped(Shape::Ratio)),
        ("预算执行率", PageCell::from((sum(2) / sum(1)).known()).shaped(Shape::Percent)),
        ("任务完成率", PageCell::from(0.9).shaped(Shape::Percent)),
        ("填写完整度", PageCell::from(0.862).shaped(Shape::Percent)),
    ];
    for (tile, (label, figure)) in (0u32..).zip(tiles) {
        let col = tile * 2;
        page.put(CellRef::new(top, col), PageCell::from(label).role(Role::FigureLabel));
        page.put(CellRef::new(top + 1, col), figure.role(Role::Figure));
        for row in [top, top + 1] {
            page.merges.push(Area::new(CellRef::new(row, col), CellRef::new(row, col + 1)));
        }
    }
    page.go_to(top + 3);
    page.line(Role::Section, 12, "关键结论");
    page.line(
        Role::Conclusion,
        12,
        "综合完成率 101.8%，达标；销售额较目标多 45.9 万元，其中天猫站内贡献最大。",
    );
    page.line(
        Role::Conclusion,
        12,
        "小红书达人种草超预算 14.9%，投产比 5.60 仍高于全渠道均值 5.79 的九成；建议下一期把 20 万元从微信朋友圈移到小红书，并提前两周锁定达人档期，避免临时加价。这一句特意写得很长，看它是否会折行而不被截断。",
    );
    page.line(Role::Note, 12, "综合完成率按各目标权重加权；投产比 = 销售额 ÷ 花费，口径见“口径说明”。");
    page.skip(1);
    page.line(Role::Section, 12, "目标完成");
    let header = page.next_row();
    let rows: [(&str, f64, f64, &str, Role); 4] = [
        ("销售额（元）", 25_000_000.0, 25_458_600.0, "达标", Role::Good),
        ("新增会员", 80_000.0, 74_210.0, "接近", Role::Warn),
        ("品牌搜索指数", 120_000.0, 86_500.0, "未达标", Role::Bad),
        ("直播间观看人次", 3_000_000.0, 3_420_000.0, "达标", Role::Good),
    ];
    let spread = |page: &mut Page, row: u32, cells: Vec<PageCell>| {
        let starts = [(0u32, 3u32), (4, 5), (6, 7), (8, 9), (10, 11)];
        for ((first, last), cell) in starts.into_iter().zip(cells) {
            page.put(CellRef::new(row, first), cell);
            page.merges.push(Area::new(CellRef::new(row, first), CellRef::new(row, last)));
        }
    };
    spread(
        &mut page,
        header,
        ["目标", "目标值", "实际值", "完成率", "结论"]
            .map(|text| PageCell::from(text).role(Role::Header))
            .to_vec(),
    );
    for (i, (name, target, actual, word, role)) in (1u32..).zip(rows) {
        let row = header + i;
        let target_cell =
            Expr::cell(Place { sheet: page.name.clone(), cell: CellRef::new(row, 4) }, Val::Number(target));
        let actual_cell =
            Expr::cell(Place { sheet: page.name.clone(), cell: CellRef::new(row, 6) }, Val::Number(actual));
        spread(
            &mut page,
            row,
            vec![
                Show::Link(name.into(), Place::new("渠道明细", CellRef::new(0, 0))).into(),
                PageCell::from(target).shaped(Shape::Integer),
                PageCell::from(actual).shaped(Shape::Integer),
                PageCell::from((actual_cell / target_cell).known()).shaped(Shape::Percent),
                PageCell::from(word).role(role),
            ],
        );
    }
    page.go_to(header + 6);
    let chart_row = page.next_row();
    let (names, rates) = (page.column(0, header + 1, header + 4), page.column(8, header + 1, header + 4));
    page.charts.push(chart(
        ChartKind::Bars,
        "各目标完成率（100% 为达标）",
        vec![series("完成率", names.clone(), rates.clone(), Ink::Accent)],
        CellRef::new(chart_row, 0),
        Shape::Percent,
    ));
    page.charts.push(chart(
        ChartKind::Columns,
        "目标与实际",
        vec![
            series("目标", names.clone(), page.column(4, header + 1, header + 4), Ink::Plan),
            series("实际", names, page.column(6, header + 1, header + 4), Ink::Accent),
        ],
        CellRef::new(chart_row, 6),
        Shape::Wan,
    ));
    page
}

fn series(name: &str, categories: fupan::expr::Range, values: fupan::expr::Range, ink: Ink) -> Series {
    Series { name: name.into(), categories, values, ink, second: false }
}

fn chart(kind: ChartKind, title: &str, series: Vec<Series>, at: CellRef, shape: Shape) -> Chart {
    Chart {
        name: "",
        kind,
        title: title.into(),
        alt: title.into(),
        series,
        at,
        size: (530, 300),
        x_title: None,
        y_title: None,
        shape,
        labels: true,
        y2: None,
    }
}

fn channels(data: &Page) -> Page {
    let mut page = Page::new("渠道与漏斗", Tab::Analysis);
    page.set_widths(&[28.0, 16.0, 16.0, 16.0, 12.0, 12.0, 12.0, 40.0]);
    page.line(Role::Title, 8, "渠道与漏斗");
    page.line(Role::Subtitle, 8, "统计截至 2024-11-20");
    page.skip(1);
    page.line(Role::Section, 8, "渠道");
    let header = page.next_row();
    page.row(Role::Header, ["渠道", "预算", "花费", "销售额", "投产比", "预算偏差", "评价", "建议"]);
    for row in 1..=6 {
        let (budget, spend, sales) = (at(data, row, 1), at(data, row, 2), at(data, row, 3));
        let roi = (sales.clone() / spend.clone()).known();
        let good = roi.number().is_some_and(|roi| roi >= 5.0);
        page.row(
            Role::Body,
            [
                Show::Link(
                    CHANNELS[row as usize - 1].0.into(),
                    Place { sheet: data.name.clone(), cell: CellRef::new(row, 0) },
                )
                .into(),
                PageCell::from(budget.clone()).shaped(Shape::Money),
                PageCell::from(spend.clone()).shaped(Shape::Money),
                PageCell::from(sales).shaped(Shape::Wan),
                PageCell::from(roi).shaped(Shape::Ratio),
                PageCell::from(((spend - budget.clone()) / budget).known()).shaped(Shape::PercentSigned),
                if good {
                    PageCell::from("达标").role(Role::Good)
                } else {
                    PageCell::from("预警")
                        .role(Role::Warn)
                        .note("投产比低于 5：\n先看素材点击率，再看落地页转化率")
                },
                PageCell::from(if good {
                    "保持投放节奏"
                } else {
                    "缩减三成，素材重做后小预算测试两周再决定是否恢复"
                })
                .shaped(Shape::Wrapped),
            ],
        );
    }
    let last = page.next_row() - 1;
    let total = |col| Expr::sum([page.column(col, header + 1, last).into()]).known();
    let cells = vec![
        PageCell::from("合计"),
        PageCell::from(total(1)).shaped(Shape::Money),
        PageCell::from(total(2)).shaped(Shape::Money),
        PageCell::from(total(3)).shaped(Shape::Wan),
        PageCell::from((total(3) / total(2)).known()).shaped(Shape::Ratio),
        PageCell::from(((total(2) - total(1)) / total(1)).known()).shaped(Shape::PercentSigned),
        PageCell::default(),
        PageCell::default(),
    ];
    page.row(Role::Total, cells);
    page.dresses.push(Dress::Bar(Area::new(CellRef::new(header + 1, 3), CellRef::new(last, 3))));
    page.dresses.push(Dress::Bands {
        area: Area::new(CellRef::new(header + 1, 4), CellRef::new(last, 4)),
        good: 5.0,
        bad: 2.0,
    });
    page.freeze = Some(CellRef::new(header + 1, 1));
    page.repeat_rows = Some((header, header));
    page.skip(1);

    let names = page.column(0, header + 1, last);
    let row = page.next_row();
    let mut roi = chart(
        ChartKind::Bars,
        "各渠道投产比",
        vec![series("投产比", names.clone(), page.column(4, header + 1, last), Ink::Accent)],
        CellRef::new(row, 0),
        Shape::Ratio,
    );
    roi.y_title = Some("倍".into());
    page.charts.push(roi);
    let points = (header + 1..=last)
        .zip(CHANNELS)
        .map(|(row, (name, ..))| {
            series(name, page.column(2, row, row), page.column(3, row, row), Ink::Second)
        })
        .collect();
    let mut scatter = chart(ChartKind::Scatter, "花费与回报", points, CellRef::new(row, 4), Shape::Wan);
    scatter.x_title = Some("花费".into());
    scatter.y_title = Some("销售额（万元）".into());
    page.charts.push(scatter);
    page.charts.push(chart(
        ChartKind::Doughnut,
        "花费构成",
        vec![series("花费", names.clone(), page.column(2, header + 1, last), Ink::Accent)],
        CellRef::new(row + 16, 0),
        Shape::Percent,
    ));

    page.go_to(row + 33);
    page.line(Role::Section, 8, "漏斗与问题");
    let funnel = page.next_row();
    page.row(Role::Header, ["环节", "留空", "人数", "累计占比"]);
    let mut share = 0.0;
    for (name, people) in [
        ("曝光", 1_200_000.0),
        ("点击", 860_000.0),
        ("进店", 540_000.0),
        ("加购", 210_000.0),
        ("成交", 90_000.0),
    ] {
        share += people / 2_900_000.0;
        page.row(
            Role::Body,
            [
                PageCell::from(name),
                PageCell::from((1_200_000.0 - people) / 2.0).shaped(Shape::Integer),
                PageCell::from(people).shaped(Shape::Integer),
                PageCell::from(share).shaped(Shape::Percent),
            ],
        );
    }
    let stages = page.column(0, funnel + 1, funnel + 5);
    let row = page.next_row() + 1;
    page.charts.push(chart(
        ChartKind::StackedBars,
        "转化漏斗：加购一步流失最多",
        vec![
            series("留空", stages.clone(), page.column(1, funnel + 1, funnel + 5), Ink::None),
            series("人数", stages.clone(), page.column(2, funnel + 1, funnel + 5), Ink::Accent),
        ],
        CellRef::new(row, 0),
        Shape::Wan,
    ));
    let mut line = series("累计占比", stages.clone(), page.column(3, funnel + 1, funnel + 5), Ink::Warn);
    line.second = true;
    let mut pareto = chart(
        ChartKind::ColumnsAndLine,
        "问题归类（帕累托）",
        vec![series("次数", stages, page.column(2, funnel + 1, funnel + 5), Ink::Accent), line],
        CellRef::new(row, 4),
        Shape::Wan,
    );
    pareto.y2 = Some(("累计占比".into(), Shape::Percent));
    pareto.y_title = Some("人数".into());
    page.charts.push(pareto);
    page
}

fn schedule() -> Page {
    let mut page = Page::new("进度与风险", Tab::Action);
    page.set_widths(&[26.0, 18.0, 18.0, 16.0, 16.0, 18.0, 18.0, 18.0]);
    page.line(Role::Title, 8, "进度与风险");
    page.skip(1);
    page.line(Role::Section, 8, "任务");
    let header = page.next_row();
    page.row(Role::Header, ["任务", "开始", "结束", "计划天数", "延误天数", "状态", "负责人", "趋势"]);
    let start = NaiveDate::from_ymd_opt(2024, 10, 8).unwrap_or_default();
    let tasks = [
        ("预热物料", 0u64, 6u64, 0.0),
        ("达人签约", 3, 9, 3.0),
        ("直播排期", 8, 5, 0.0),
        ("仓配备货", 10, 14, 2.0),
        ("复盘", 30, 5, 0.0),
    ];
    for (name, after, days, late) in tasks {
        let first = start + Days::new(after);
        page.row(
            Role::Body,
            [
                PageCell::from(name),
                PageCell::from(Some(first)),
                PageCell::from(Some(first + Days::new(days))),
                PageCell::from(days as f64).shaped(Shape::Integer),
                PageCell::from(late).shaped(Shape::Integer),
                PageCell::from(if late > 0.0 { "延误" } else { "按时" }),
                PageCell::from("=张三"),
                PageCell::default(),
            ],
        );
    }
    let last = page.next_row() - 1;
    page.dresses.push(Dress::Word {
        area: Area::new(CellRef::new(header + 1, 5), CellRef::new(last, 5)),
        word: "延误".into(),
        role: Role::Bad,
    });
    page.dresses.push(Dress::Heat(Area::new(CellRef::new(header + 1, 4), CellRef::new(last, 4))));
    page.dropdowns.push((
        Area::new(CellRef::new(header + 1, 5), CellRef::new(last, 5)),
        vec!["按时".into(), "延误".into()],
    ));
    for row in header + 1..=last {
        page.sparklines.push((CellRef::new(row, 7), Area::new(CellRef::new(row, 3), CellRef::new(row, 4))));
    }
    page.filter = Some(Area::new(CellRef::new(header, 0), CellRef::new(last, 7)));
    let names = page.column(0, header + 1, last);
    let row = page.next_row() + 1;
    page.charts.push(chart(
        ChartKind::StackedBars,
        "甘特图",
        vec![
            series("开始", names.clone(), page.column(1, header + 1, last), Ink::None),
            series("计划", names.clone(), page.column(3, header + 1, last), Ink::Second),
            series("延误", names, page.column(4, header + 1, last), Ink::Bad),
        ],
        CellRef::new(row, 0),
        Shape::Date,
    ));
    page.go_to(row + 17);
    page.line(Role::Section, 8, "归因与走势");
    let head = page.next_row();
    page.row(Role::Header, ["因素", "垫底", "起止", "增加", "减少", "日期", "销售额", "投放"]);
    let steps = [
        ("上期", 0.0, 1800e4, 0.0, 0.0),
        ("流量", 1800e4, 0.0, 620e4, 0.0),
        ("转化率", 2100e4, 0.0, 0.0, 320e4),
        ("客单价", 2100e4, 0.0, 445e4, 0.0),
        ("本期", 0.0, 2545e4, 0.0, 0.0),
    ];
    for (day, (name, base, end, up, down)) in (0u64..).zip(steps) {
        let blank = |n: f64| if n == 0.0 { PageCell::default() } else { n.into() };
        page.row(
            Role::Body,
            [
                PageCell::from(name),
                blank(base).shaped(Shape::Wan),
                blank(end).shaped(Shape::Wan),
                blank(up).shaped(Shape::Wan),
                blank(down).shaped(Shape::Wan),
                PageCell::from(serial(start + Days::new(day))).shaped(Shape::Date),
                PageCell::from(320e4 + 1e5 * (day * day) as f64).shaped(Shape::Wan),
                PageCell::from(80e4 + 5e4 * day as f64).shaped(Shape::Wan),
            ],
        );
    }
    let (names, days) = (page.column(0, head + 1, head + 5), page.column(5, head + 1, head + 5));
    let row = page.next_row() + 1;
    page.charts.push(chart(
        ChartKind::StackedColumns,
        "销售额归因",
        vec![
            series("垫底", names.clone(), page.column(1, head + 1, head + 5), Ink::None),
            series("起止", names.clone(), page.column(2, head + 1, head + 5), Ink::Accent),
            series("增加", names.clone(), page.column(3, head + 1, head + 5), Ink::Good),
            series("减少", names, page.column(4, head + 1, head + 5), Ink::Bad),
        ],
        CellRef::new(row, 0),
        Shape::Wan,
    ));
    page.charts.push(chart(
        ChartKind::Lines,
        "每日走势",
        vec![
            series("销售额", days.clone(), page.column(6, head + 1, head + 5), Ink::Accent),
            series("投放", days, page.column(7, head + 1, head + 5), Ink::Plan),
        ],
        CellRef::new(row, 4),
        Shape::Wan,
    ));
    page
}
