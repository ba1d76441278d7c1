use super::*;
use crate::document::{Block, Table};
use crate::page::Role;

fn report() -> Document {
    let mut report =
        Document { subject: "双十二".into(), kind: "复盘报告".into(), ..Document::default() };
    for chapter in ["一、概述", "二、目标", "三、数据", "四、经验", "五、计划", "六、附录"]
    {
        report.heading(1, chapter);
        report.text(Role::Conclusion, "综合完成率 101.2%，基本成功。投产比 5.17。预算没有用完。");
        for part in ["投入", "过程", "结果", "其他"] {
            report.heading(2, format!("{chapter}·{part}"));
            report.text(Role::Paragraph, "渠道甲收回最多。渠道乙低于基准。");
        }
        report.blocks.push(Block::Table(Table {
            columns: vec![(4, "措施".into()), (4, "责任人".into())],
            rows: (0..12).map(|n| vec![format!("第 {n} 件").into(), "王敏".into()]).collect(),
            row_height: None,
        }));
    }
    report
}

fn words() -> Words {
    Words::load(&[include_str!("words.toml")], Lang::Zh)
}

#[test]
fn a_deck_is_short_keeps_the_order_and_leaves_the_appendix_to_the_report() {
    let slides = deck::deck(&report(), Lang::Zh, &words());
    assert_eq!(slides.len(), 14);
    assert!(matches!(slides[0].body, Body::Cover(..)));
    let chapters: Vec<&str> = slides[2..].iter().map(|slide| slide.chapter.as_str()).collect();
    assert!(chapters.is_sorted_by_key(|chapter| "一二三四五".find(&chapter[..3])), "{chapters:?}");
    assert!(!chapters.contains(&"六、附录"));
    let Body::Lines(contents) = &slides[1].body else { panic!("contents") };
    assert_eq!(contents.len(), 5, "every chapter keeps a slide: {contents:?}");
}

#[test]
fn the_title_of_a_slide_is_its_message() {
    let slides = deck::deck(&report(), Lang::Zh, &words());
    assert_eq!(slides[2].title, "综合完成率 101.2%，基本成功");
    assert_eq!(slides[2].chapter, "一、概述");
}

#[test]
fn a_long_table_says_how_much_of_it_is_in_the_report() {
    let slides = deck::deck(&report(), Lang::Zh, &words());
    let more = slides.iter().find_map(|slide| match &slide.body {
        Body::Table(_, rows, more) => Some((rows.len(), *more)),
        _ => None,
    });
    assert_eq!(more, Some((9, 3)));
}

#[test]
fn what_is_too_long_for_a_line_ends_with_a_clause_and_never_within_a_number() {
    let mut report = Document { subject: "双十二".into(), ..Document::default() };
    report.heading(1, "一、概述");
    report.text(Role::Paragraph, "做得不错。");
    let long =
        "点击率多带来 83.03 万元、客单价多带来 35.32 万元、复购率多带来 12.08 万元、转化率多带来 32.66 万元";
    let unbroken = format!("{}1234567.89 万元的销售额", "很".repeat(44));
    report.text(Role::Paragraph, format!("{long}。{unbroken}。"));
    report.heading(1, "二、附录");
    let lines = deck::deck(&report, Lang::Zh, &words()).into_iter().find_map(|slide| match slide.body {
        Body::Lines(lines) if slide.title == "做得不错" => Some(lines),
        _ => None,
    });
    let whole = "点击率多带来 83.03 万元、客单价多带来 35.32 万元、复购率多带来 12.08 万元…".to_owned();
    assert_eq!(lines, Some(vec![whole, format!("{}…", "很".repeat(44))]));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(write(&report(), Lang::Zh).unwrap(), write(&report(), Lang::Zh).unwrap());
}
