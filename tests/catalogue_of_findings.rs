//! `docs/findings.md` and the program say the same: every code, in its family, with level and titles.

use std::collections::BTreeMap;

use fupan::locale::Lang;

fn id(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_code_is_listed_once_under_what_it_is_about() {
    let page = std::fs::read_to_string("docs/findings.md").unwrap();
    let mut listed: BTreeMap<String, String> = BTreeMap::new();
    let mut family = String::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            family = heading.split(' ').next().unwrap().to_owned();
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, code, level, zh, en] = cells[..] else { continue };
        let Some(code) = code.strip_prefix('`').and_then(|code| code.strip_suffix('`')) else { continue };
        let row = format!("{family} {level} {zh} {en}");
        assert_eq!(listed.insert(code.to_owned(), row), None, "{code} is listed twice");
    }
    for code in fupan::batch::codes() {
        let (zh, en) = (code.wording(Lang::Zh).title, code.wording(Lang::En).title);
        let row = format!("{} {} {zh} {en}", id(code.family), id(code.severity));
        assert_eq!(listed.remove(code.name).as_ref(), Some(&row), "{}", code.name);
    }
    assert!(listed.is_empty(), "no such codes: {listed:?}");
}
