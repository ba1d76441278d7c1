//! Mistakes of single cells, for every column of every table: which mistakes a column can hold follows from its
//! kind in the catalogue.

use fupan::catalogue::{Catalogue, Column, Kind, Table};
use fupan::cell::Content;
use fupan::workbook::Shown;

use super::draft::Say;
use super::plant::{Fault, cell};
use super::voice::decimal;

/// Text as typed.
fn words(texts: &[&str]) -> Vec<Say> {
    texts.iter().map(|text| Say::raw(text)).collect()
}

fn error(code: &str) -> Say {
    Say::Formula("A1/B1".into(), Content::Error(code.into()))
}

fn numeric(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Number | Kind::Money | Kind::Percent | Kind::Price | Kind::Quantity)
}

fn wordy(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Long | Kind::Open | Kind::Person | Kind::Dept | Kind::List)
}

/// Every mistake of single cells that the tables of a template can hold.
pub fn faults(catalogue: &'static Catalogue, template: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for member in &catalogue.templates[template].tables {
        let table = &catalogue.tables[&member.id];
        for column in &table.columns {
            of_column(catalogue, table, column, &mut faults);
        }
    }
    faults
}

/// What else is rightly said when the value of a cell is lost, or so large that nothing fits it.
fn lost(code: &str, table: &str, column: &str) -> &'static [&'static str] {
    match (table, column) {
        _ if code == "too-many-digits" => &[
            "sales-total-mismatch",
            "budget-total-mismatch",
            "channel-spend-mismatch",
            "budget-variance-unexplained",
            "increment-over-reserve",
            "row-total-mismatch",
            "rate-mismatch",
            "reserve-share-mismatch",
            "total-row-mismatch",
            "verdict-mismatch",
        ],
        // An answer that is still open leaves the action incomplete.
        ("actions", "owner" | "due" | "standard") if matches!(code, "pending-value") => {
            &["incomplete-action"]
        }
        // Days without a year have no year without the period.
        ("basics", "period") => &["vague-date"],
        // Others refer to what is no longer there.
        ("tasks", "code") => &["unknown-task", "unknown-predecessor"],
        _ => &[],
    }
}

fn of_column(
    catalogue: &'static Catalogue,
    table: &'static Table,
    column: &'static Column,
    faults: &mut Vec<Fault>,
) {
    let kind = column.kind;
    let mut say = |code: &'static str, variants: Vec<Say>| {
        for variant in variants {
            let shown = match &variant {
                Say::Raw(content, _) | Say::Formula(_, content) => {
                    content.to_text().chars().take(16).collect()
                }
                Say::Unstored(formula) => format!("={formula}"),
                other => format!("{other:?}"),
            };
            let about = format!("{}.{} “{shown}”", table.id, column.id);
            let fault = Fault::typed(code, about, move |site| {
                let row = site.row(&table.id)?;
                if site.draft.said(&table.id, row, &column.id) == Some(&variant) {
                    return None;
                }
                site.put(&table.id, row, &column.id, variant.clone())
            });
            faults.push(fault.also(lost(code, &table.id, &column.id)));
        }
    };
    // What says nothing readable.
    match kind {
        Kind::Count | Kind::Number | Kind::Money => {
            say("unreadable-number", words(&["很多", "十几万吧", "1.2.3", "见附件", "¥12.345.00"]));
        }
        Kind::Percent => say("unreadable-percent", words(&["还行", "比上次高", "百分之多少"])),
        Kind::Measure => say("unreadable-measure", words(&["良好", "见报表", "比较高"])),
        Kind::Target => say("unreadable-target", words(&["尽量高", "越多越好", "视情况"])),
        Kind::Date | Kind::Datetime => {
            say("unreadable-date", words(&["13/40", "2024-02-30", "2024年13月1日", "某天"]));
            say("vague-date", words(&["尽快", "长期", "下季度活动前", "每周例会", "持续"]));
        }
        Kind::Period => say("unreadable-period", words(&["夏天", "看情况", "2024-13-01~2024-13-09"])),
        Kind::Duration => say("unreadable-duration", words(&["看情况", "很快", "一会儿"])),
        Kind::Price => say("unreadable-price", words(&["面议", "按量", "市场价"])),
        Kind::Quantity => say("unreadable-quantity", words(&["若干", "好几批", "不限量"])),
        Kind::Score => {
            say("unreadable-score", words(&["不错", "优秀", "良"]));
            say("score-out-of-range", vec![Say::bare(85.0), Say::bare(0.0), Say::bare(6.0), Say::raw("9分")]);
        }
        Kind::Yesno => say("unreadable-yesno", words(&["差不多", "部分有", "不确定"])),
        _ => {}
    }
    if matches!(kind, Kind::Choice) {
        say("not-in-list", near_misses(catalogue, column));
    }
    // What is left over, or waits.
    let first = table.columns.first().is_some_and(|first| first.id == column.id);
    if kind != Kind::Calc {
        let left: &[&str] = if first {
            &["[具体内容]", "XXX", "请填写", "{{待填}}"]
        } else {
            &["[具体数字]", "[X]", "XX", "请填写", "{{value}}", "**"]
        };
        say("placeholder-left", words(left));
    }
    if numeric(kind) || matches!(kind, Kind::Measure | Kind::Target | Kind::Date | Kind::Score) {
        say("pending-value", words(&["待定", "TBD", "待统计"]));
    }
    // Formulas that went wrong.
    if kind != Kind::Calc || column.formula.is_some() {
        say(
            "formula-error",
            vec![error("#DIV/0!"), error("#REF!"), error("#N/A"), error("#VALUE!"), error("#NAME?")],
        );
        say(
            "formula-without-result",
            vec![
                Say::Unstored("SUM(Z90:Z99)".into()),
                Say::Unstored("VLOOKUP(A4,Z:Z,1,0)".into()),
                Say::Unstored("Z1*2".into()),
            ],
        );
    }
    // Units, signs and sizes.
    match kind {
        Kind::Money => say("unit-contradicts-column", words(&["3天", "25人", "15%"])),
        Kind::Count => say("unit-contradicts-column", words(&["3000元", "15%", "¥500"])),
        Kind::Percent => say("unit-contradicts-column", words(&["35元", "3天", "20人"])),
        Kind::Duration => say("unit-contradicts-column", words(&["30元", "15%", "20人"])),
        Kind::Price => say("unit-contradicts-column", words(&["15%", "3小时", "8%"])),
        _ => {}
    }
    if matches!(kind, Kind::Count | Kind::Number | Kind::Money | Kind::Percent) && !column.negative {
        say(
            "negative-value",
            if kind == Kind::Percent {
                vec![Say::raw("-3.5%"), Say::Raw(Content::Number(-0.2), Shown::Percent), Say::raw("−12%")]
            } else {
                vec![Say::bare(-1200.0), Say::raw("-1,200"), Say::raw("−350")]
            },
        );
    }
    if kind == Kind::Percent && !column.over_one {
        say(
            "rate-over-100",
            vec![Say::Raw(Content::Number(3.5), Shown::Percent), Say::raw("350%"), Say::raw("120.5%")],
        );
        faults.extend(whole_percent(table, column));
    }
    let mut say = |code: &'static str, variants: Vec<Say>| {
        for variant in variants {
            let shown: String = match &variant {
                Say::Raw(content, _) => content.to_text().chars().take(16).collect(),
                other => format!("{other:?}"),
            };
            let about = format!("{}.{} “{shown}”", table.id, column.id);
            let fault = Fault::typed(code, about, move |site| {
                let row = site.row(&table.id)?;
                site.put(&table.id, row, &column.id, variant.clone())
            });
            faults.push(fault.also(lost(code, &table.id, &column.id)));
        }
    };
    if matches!(kind, Kind::Count | Kind::Money | Kind::Number) {
        say(
            "several-values-in-cell",
            words(&["1200、1500", "抖音1200，微信1500", "抖音1200、微信1500、快手900"]),
        );
    }
    if kind == Kind::Measure {
        say(
            "several-values-in-cell",
            words(&["销售额104%、新客转化率120%", "抖音1200、微信1500", "销售额104%、曝光量95%、新客120%"]),
        );
    }
    if matches!(kind, Kind::Count | Kind::Money | Kind::Percent | Kind::Measure | Kind::Price | Kind::Code) {
        let date = |n: f64| Say::Raw(Content::Serial(n), Shown::Date);
        say("value-turned-into-date", vec![date(45580.0), date(45000.0), date(45292.0)]);
    }
    if kind == Kind::Money {
        say("too-many-digits", words(&["12345678901234567", "1234567890123456789"]));
    }
    if wordy(kind) {
        say(
            "contact-data",
            words(&[
                "联系13812345678",
                "张三 138-1234-5678",
                "mail: zhang.san@example.com",
                "身份证11010519491231002X",
            ]),
        );
        if matches!(kind, Kind::Long | Kind::Text) {
            say("text-too-long", vec![Say::text("复盘".repeat(16_400))]);
        }
    }
    if matches!(kind, Kind::Count | Kind::Money | Kind::Number) {
        faults.extend(reworded(table, column));
    }
    if column.required {
        faults.extend(emptied(table, column));
    }
    if matches!(kind, Kind::Date) {
        faults.extend(dates(table, column));
    }
    if kind == Kind::Period {
        faults.extend(periods(table, column));
    }
}

/// Typing slips of the choices, and a word that is none of them.
fn near_misses(catalogue: &Catalogue, column: &Column) -> Vec<Say> {
    let choices = catalogue.choices_of(column);
    let known = |text: &str| choices.iter().any(|choice| choice.keys().contains(&fupan::locale::fold(text)));
    let mut variants = Vec::new();
    for choice in choices.iter().take(3) {
        let label: Vec<char> = choice.label.zh.chars().collect();
        let mut slips = Vec::new();
        if label.len() > 2 {
            let mut swapped = label.clone();
            swapped.swap(0, 1);
            slips.push(swapped.iter().collect::<String>());
            let mut other = label.clone();
            other[1] = '某';
            slips.push(other.iter().collect());
        }
        slips.push(format!("{}某", choice.label.zh));
        variants.extend(slips.into_iter().filter(|slip| !known(slip)).take(1));
    }
    variants.push("随便".into());
    variants.push("不清楚".into());
    words(&variants.iter().map(String::as_str).collect::<Vec<_>>())
}

fn whole_percent(table: &'static Table, column: &'static Column) -> Vec<Fault> {
    let typed = |about: &str, text: bool| {
        Fault::typed("percent-as-whole-number", format!("{}.{} {about}", table.id, column.id), move |site| {
            let rows: Vec<usize> = (0..site.draft.rows(&table.id).len())
                .filter(|row| site.figure(&table.id, *row, &column.id).is_some_and(|n| n >= 0.02))
                .collect();
            let row = *rows.get(site.r.below(rows.len()))?;
            let shown = (site.figure(&table.id, row, &column.id)? * 1e6).round() / 1e4;
            site.put(
                &table.id,
                row,
                &column.id,
                if text { Say::raw(&decimal(shown)) } else { Say::bare(shown) },
            )
        })
    };
    vec![typed("as a number", false), typed("as text", true), typed("as a number again", false)]
}

/// The figure that stands there, said less surely or as text.
fn reworded(table: &'static Table, column: &'static Column) -> Vec<Fault> {
    type Words = fn(&str) -> String;
    let ways: [(&'static str, &str, Words); 6] = [
        ("approximate-value", "约", |n| format!("约{n}")),
        ("approximate-value", "左右", |n| format!("{n}左右")),
        ("approximate-value", "+", |n| format!("{n}+")),
        ("text-number", "as text", |n| n.to_owned()),
        ("text-number", "between blanks", |n| format!(" {n} ")),
        ("text-number", "behind an apostrophe", |n| format!("'{n}")),
    ];
    ways.into_iter()
        .map(|(code, about, words)| {
            Fault::typed(code, format!("{}.{} {about}", table.id, column.id), move |site| {
                let row = site.row_where(&table.id, |row| row.contains_key(&column.id))?;
                let n = site.figure(&table.id, row, &column.id).filter(|n| n.fract() == 0.0 && *n > 0.0)?;
                site.put(&table.id, row, &column.id, Say::raw(&words(&decimal(n))))
            })
        })
        .collect()
}

fn emptied(table: &'static Table, column: &'static Column) -> Vec<Fault> {
    [None, Some(" "), Some("\u{3000}"), Some("None")]
        .into_iter()
        .map(|left| {
            let about = format!(
                "{}.{} {}",
                table.id,
                column.id,
                left.map_or("empty".into(), |left| format!("“{left}”"))
            );
            let fault = Fault::typed("missing-required", about, move |site| {
                // A row of which nothing else is filled would not be in use.
                let row = site.row_where(&table.id, |row| row.len() >= 3)?;
                match left {
                    None => site.draft.empty(&table.id, row, &column.id),
                    Some(left) => site.draft.put(&table.id, row, &column.id, Say::raw(left)),
                }
                let mut spots = vec![cell(&table.id, row, &column.id)];
                // What makes an action an action is told at the action.
                if table.id == "actions" && matches!(column.id.as_str(), "owner" | "due" | "standard") {
                    spots.push(cell("actions", row, "action"));
                }
                Some(spots)
            });
            fault.also(lost("missing-required", &table.id, &column.id))
        })
        .collect()
}

fn dates(table: &'static Table, column: &'static Column) -> Vec<Fault> {
    let said = move |code: &'static str, about: &str, how: fn(chrono::NaiveDate) -> Say| {
        Fault::typed(code, format!("{}.{} {about}", table.id, column.id), move |site| {
            let row = site.row_where(&table.id, |row| row.contains_key(&column.id))?;
            let day = super::plant::day(site, &table.id, row, &column.id)?;
            site.put(&table.id, row, &column.id, how(day))
        })
    };
    let mut faults = vec![
        said("text-date", "2024.9.1", |day| Say::raw(&day.format("%Y.%-m.%-d").to_string())),
        said("text-date", "2024年9月1日", |day| Say::raw(&day.format("%Y年%-m月%-d日").to_string())),
        said("year-assumed", "9月1日", |day| Say::raw(&day.format("%-m月%-d日").to_string())),
        said("year-assumed", "9/1", |day| Say::raw(&day.format("%-m/%-d").to_string())),
        said("year-assumed", "09-01", |day| Say::raw(&day.format("%m-%d").to_string())),
    ];
    if table.id == "actions" && column.id == "due" {
        faults.push(Fault::typed("relative-date", "actions.due 活动结束后3个工作日", |site| {
            let row = site.row("actions")?;
            site.put("actions", row, "due", Say::raw("活动结束后3个工作日"))
        }));
        faults.push(Fault::typed("relative-date", "actions.due 启动后3个工作日", |site| {
            let row = site.row("actions")?;
            site.put("actions", row, "due", Say::raw("启动后3个工作日"))
        }));
        faults.push(Fault::typed("relative-date", "actions.due T+30", |site| {
            let row = site.row("actions")?;
            site.put("actions", row, "due", Say::raw("T+30"))
        }));
    }
    faults
}

fn periods(table: &'static Table, column: &'static Column) -> Vec<Fault> {
    let patterns: [fn(chrono::NaiveDate, chrono::NaiveDate) -> String; 3] = [
        |first, last| format!("{}~{}", last.format("%Y-%m-%d"), first.format("%Y-%m-%d")),
        |first, last| format!("{}-{}", last.format("%Y年%-m月%-d日"), first.format("%Y年%-m月%-d日")),
        |first, last| format!("{}至{}", last.format("%Y/%-m/%-d"), first.format("%Y/%-m/%-d")),
    ];
    patterns
        .into_iter()
        .map(|pattern| {
            Fault::typed("end-before-start", format!("{}.{} reversed", table.id, column.id), move |site| {
                let row = site.row(&table.id)?;
                let (first, last) = (site.story.start, site.story.end);
                site.put(&table.id, row, &column.id, Say::raw(&pattern(first, last)))
            })
        })
        .collect()
}
