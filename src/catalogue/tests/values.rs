//! What single cells say, and what is said about them.

use super::*;

/// A budget line with one cell put in place of a good one.
fn budget(header: &str, text: &str) -> (Records, Vec<Finding>) {
    let mut headers = ["资源类型", "费用明细", "单价(元)", "数量", "总价(元)", "实际花费(元)", "备注"];
    let mut cells = ["推广资源", "信息流投放", "20CPM", "500万次", "100000", "98000", ""];
    let at = headers.iter().position(|it| header.starts_with(it.split('(').next().unwrap())).unwrap();
    headers[at] = header;
    cells[at] = text;
    read(vec![sheet("活动资源预算表", &[&headers.join("|"), &cells.join("|")])])
}

fn channel(header: &str, texts: &[&str]) -> (Records, Vec<Finding>) {
    let mut headers = vec!["渠道", "花费(元)", "曝光量", "转化数", "数据来源"];
    let stem = |text: &str| text.split(['(', '（']).next().unwrap_or_default().to_owned();
    let at = headers.iter().position(|it| stem(header) == stem(it));
    let at = at.unwrap_or_else(|| {
        headers.push(header);
        headers.len() - 1
    });
    headers[at] = header;
    let mut rows = vec![headers.join("|")];
    for (number, text) in texts.iter().enumerate() {
        let name = format!("渠道{number}");
        let mut cells = vec![name.as_str(), "12000", "500000", "320", "后台"];
        cells.resize(headers.len(), "");
        cells[at] = text;
        rows.push(cells.join("|"));
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    read(vec![sheet("渠道效果表", &rows)])
}

#[test]
fn clean_values_in_any_writing_raise_nothing() {
    for (header, text, expected) in [
        ("花费(元)", "1.2万", "Number(12000.0)"),
        ("花费(元)", "12000元", "Number(12000.0)"),
        ("花费（万元）", "1.2", "Number(12000.0)"),
        ("花费（万元）", "12000元", "Number(12000.0)"),
        ("花费(元)", "-", "NotApplicable"),
        ("曝光量", "950万次", "Number(9500000.0)"),
        ("曝光量（万次）", "950", "Number(9500000.0)"),
        ("转化数", "0", "Number(0.0)"),
        ("转化数", "3,200", "Number(3200.0)"),
    ] {
        let column = match header.chars().next() {
            Some('花') => "spend",
            Some('曝') => "exposure",
            _ => "conversions",
        };
        let (records, findings) = channel(header, &[text]);
        assert_eq!(value(&rows(&records, "channels")[0], column), expected, "{header} {text}");
        assert_eq!(trouble(&findings), Vec::<String>::new(), "{header} {text}");
    }
    for (header, text) in
        [("数量", "2人"), ("数量", "3人*2天"), ("单价(元)", "15000/人/月"), ("单价(元)", "80000/场")]
    {
        let (_, findings) = budget(header, text);
        assert_eq!(trouble(&findings), Vec::<String>::new(), "{header} {text}");
    }
}

#[test]
fn what_is_wrong_in_a_cell_is_said_there_once() {
    for (header, texts, expected) in [
        ("花费(元)", &["", "100"][..], "missing-required@B2"),
        ("花费(元)", &["大概几万吧", "100"], "unreadable-number@B2"),
        ("花费(元)", &["3天"], "unit-contradicts-column@B2"),
        ("花费(元)", &["-500"], "negative-value@B2"),
        ("花费(元)", &["#DIV/0!"], "formula-error@B2"),
        ("花费(元)", &["[具体数字]", "100"], "placeholder-left@B2"),
        ("花费(元)", &["d:2024-10-15"], "value-turned-into-date@B2"),
        ("转化数", &["300、400"], "several-values-in-cell@D2"),
        ("备注", &["请联系13812345678"], "contact-data@F2"),
        ("花费(次)", &["12"], "unit-contradicts-column@B1"),
        ("花费(美元)", &["12"], "foreign-currency@B2"),
    ] {
        let (_, findings) = channel(header, texts);
        let codes = said(&findings, Severity::Warning);
        assert!(codes.contains(&expected.to_owned()), "{header} {texts:?}: {codes:?}");
        let others: Vec<_> =
            codes.iter().filter(|it| **it != expected && !it.starts_with("required-column")).collect();
        assert!(others.is_empty(), "{header} {texts:?}: {others:?}");
    }
    // By what rows are only grouped by, a team of its own may say what it likes.
    let (_, findings) = channel("渠道类型", &["网上"]);
    assert!(said(&findings, Severity::Note).contains(&"not-in-list@F2".to_owned()));
}

#[test]
fn one_cause_in_many_rows_is_one_finding_with_its_cells() {
    let (_, findings) = channel("花费(元)", &["", "", "100", ""]);
    assert_eq!(said(&findings, Severity::Warning), ["missing-required@B2"]);
    assert_eq!(findings[0].more.len(), 2);
    assert!(findings[0].message(Lang::Zh).contains("3 处"), "{}", findings[0].message(Lang::Zh));
}

#[test]
fn a_word_outside_the_list_is_answered_with_the_nearest() {
    let (_, findings) = budget("资源类型", "推广资原");
    let finding = findings.iter().find(|it| it.code.name == "not-in-list").unwrap();
    assert_eq!(finding.suggestion.as_deref(), Some("推广资源"));
}

fn rate(header: &str, texts: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut rows_of = vec![format!("监控日期|曝光量(次)|点击量(次)|{header}|销售额(元)")];
    rows_of.extend(texts.iter().map(|text| format!("d:2024-12-01|1000|50|{text}|900")));
    let texts: Vec<&str> = rows_of.iter().map(String::as_str).collect();
    let (records, findings) = read(vec![sheet("活动效果实时监控记录表", &texts)]);
    let values = rows(&records, "daily").iter().map(|row| value(row, "cvr")).collect();
    (values, said(&findings, Severity::Warning))
}

#[test]
fn percentages_are_never_guessed() {
    let (values, codes) = rate("转化率", &["%:0.05", "5%", "0.05"]);
    assert_eq!(
        (values.as_slice(), codes.len()),
        (&["Number(0.05)".to_owned(), "Number(0.05)".into(), "Number(0.05)".into()][..], 0)
    );
    let (values, codes) = rate("转化率", &["5"]);
    assert_eq!(
        (values[0].as_str(), codes.as_slice()),
        ("Number(0.05)", &["percent-as-whole-number@D2".to_owned()][..])
    );
    // The header says %, and 5 shows that it means it: 0.8 is 0.8%.
    let (values, codes) = rate("转化率(%)", &["5", "0.8"]);
    assert_eq!(
        (values.as_slice(), codes.len()),
        (&["Number(0.05)".to_owned(), "Number(0.008)".into()][..], 0)
    );
    // Every number below one: 0.15 may be 15% or 0.15%.
    let (values, codes) = rate("转化率(%)", &["0.15"]);
    assert!(values[0].contains("Ambiguous"), "{values:?}");
    assert_eq!(codes, ["ambiguous-value@D2"]);
    let (_, codes) = rate("转化率", &["350%"]);
    assert_eq!(codes, ["rate-over-100@D2"]);
}

#[test]
fn dates_take_their_year_from_the_basics_wherever_these_stand() {
    let actions = sheet(
        "改进措施与行动计划表",
        &[
            "改进措施|责任人|完成时间|衡量标准|影响程度|实施难度",
            "优化客服排班|王芳|10月15日|30秒应答率90%|高|低",
            "复核合同|李强|尽快|合同齐全|中|低",
        ],
    );
    let basics = sheet(
        "活动基本信息表",
        &[
            "活动名称|会员节",
            "活动类型|促销活动",
            "活动周期|2023-09-01~2023-09-20",
            "核心目标|销售额500万元",
            "目标人群|女性",
            "总预算(元)|340000",
            "活动负责人|王芳",
            "主要参与部门/人员|市场部",
        ],
    );
    let (records, findings) = read(vec![actions, basics]);
    assert_eq!(value(&rows(&records, "actions")[0], "due"), "Date(2023-10-15)");
    let codes = said(&findings, Severity::Note);
    assert!(codes.contains(&"year-assumed@C2".to_owned()), "{codes:?}");
    assert_eq!(said(&findings, Severity::Warning), ["vague-date@C3"]);
}

#[test]
fn a_formula_without_a_result_and_a_picture_are_unknown() {
    let mut book = workbook(vec![sheet(
        "渠道效果表",
        &["渠道|花费(元)|转化数|数据来源", "抖音|=B9*2→|320|后台", "微信||50|后台"],
    )]);
    book.quirks = vec![
        crate::workbook::Quirk::NoStoredResult("渠道效果表".into(), CellRef::new(1, 1)),
        crate::workbook::Quirk::PictureCell("渠道效果表".into(), CellRef::new(2, 1)),
    ];
    let (records, findings) = read_workbook(&book);
    assert!(value(&rows(&records, "channels")[0], "spend").contains("Unreadable"));
    assert_eq!(said(&findings, Severity::Warning), ["formula-without-result@B2", "picture-cell@B3"]);
}

#[test]
fn a_row_with_nothing_but_a_formula_without_a_result_is_in_use() {
    let mut book = workbook(vec![sheet(
        "成本收益表",
        &["科目|预算(元)|实际(元)", "营业收入|100|120", "商品成本||=SUM(Z90:Z99)→", "广告投放||"],
    )]);
    book.quirks = vec![crate::workbook::Quirk::NoStoredResult("成本收益表".into(), CellRef::new(2, 2))];
    let (records, findings) = read_workbook(&book);
    assert_eq!(rows(&records, "costs").len(), 2);
    assert_eq!(said(&findings, Severity::Warning), ["formula-without-result@C3"]);
}

#[test]
fn every_finding_has_its_words_and_no_open_hole() {
    for code in crate::catalogue::findings::CODES {
        for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
            let words = code.wording(lang);
            assert!(!words.title.is_empty() && !words.example.is_empty(), "{}", code.name);
        }
    }
    let (_, findings) = channel("花费(元)", &["", "x天", "-3", "d:2024-01-01", "#REF!", "[X]", "5%"]);
    for finding in findings {
        for lang in [Lang::Zh, Lang::En] {
            let text = format!("{} {}", finding.message(lang), finding.help(lang));
            assert!(!text.contains('{'), "{text}");
        }
    }
}

#[test]
fn a_total_left_blank_is_price_times_quantity() {
    let line = |price: &str, quantity: &str, total: &str| {
        let headers = "资源类型|费用明细|单价(元)|数量|总价(元)";
        let cells = format!("推广资源|信息流投放|{price}|{quantity}|{total}");
        let (records, findings) = read(vec![sheet("活动资源预算表", &[headers, &cells])]);
        (value(&rows(&records, "budget")[0], "total"), trouble(&findings))
    };
    for total in ["", "=IF(COUNT(C2,D2)<2,\"\",C2*D2)"] {
        assert_eq!(line("20000", "2场", total), ("Number(40000.0)".to_owned(), Vec::new()), "{total}");
    }
    assert_eq!(line("20000", "2场", "39000").0, "Number(39000.0)");
    let (total, told) = line("20000", "", "");
    assert_eq!((total.as_str(), told.len()), ("Blank", 1));
}

#[test]
fn columns_that_nobody_calculated_are_one_finding() {
    let mut book = workbook(vec![sheet(
        "活动资源预算表",
        &["资源类型|费用明细|单价(元)|数量|总价(元)|实际花费(元)", "推广资源|投放|20|5|=C2*D2|=E2"],
    )]);
    for col in ["E2", "F2"] {
        let at = CellRef::parse(col).unwrap();
        book.quirks.push(crate::workbook::Quirk::NoStoredResult(book.sheets[0].name.clone(), at));
    }
    let mut sink = Sink::default();
    decode(Catalogue::shipped(), &book, &ReadPolicy::default(), &mut sink);
    let told: Vec<_> = sink.findings.iter().filter(|it| it.code.name == "formula-without-result").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].more.len(), 1);
    assert_eq!(told[0].column.as_deref(), Some("总价(元)、实际花费(元)"));
}

#[test]
fn a_minimum_is_told_once_and_not_as_text() {
    let (_, findings) = channel("转化数", &["100+"]);
    assert_eq!(codes(&findings, "text-number"), 0);
    assert_eq!(codes(&findings, "approximate-value"), 1);
}

fn codes(findings: &[Finding], name: &str) -> usize {
    findings.iter().filter(|it| it.code.name == name).count()
}
