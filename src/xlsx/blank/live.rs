//! The line above a table that says, while it is filled in, whose it is, how far it is and what it comes to.

use super::Blank;
use super::numbers::{self, Names};
use super::site::{FIRST, Site, quoted};
use crate::catalogue::NAMED;
use crate::catalogue::{Kind, Layout, LiveSum, Words};

/// The campaign's name, wherever it is shown.
const CAMPAIGN: &str = "_fupan.shown.name";

/// The formula of a table's line, and what it shows in the blank.
pub(super) fn line(blank: &Blank, site: &Site) -> Option<(String, String)> {
    formula(blank, site, &mut Names::new())
}

/// Every name that the blank's formulas use.
pub(super) fn names(blank: &Blank) -> Names {
    let mut names = Names::new();
    for site in blank.sites.iter() {
        for column in &site.table.columns {
            numbers::formula(&blank.sites, site, column, &mut names);
        }
        formula(blank, site, &mut names);
    }
    names
}

fn formula(blank: &Blank, site: &Site, names: &mut Names) -> Option<(String, String)> {
    let named = blank.sites.get(NAMED.0)?;
    names.insert(CAMPAIGN.into(), numbers::range(named, named.position(NAMED.1)?));
    let known = blank.identity.name.clone().unwrap_or_default();
    let is_named = site.table.id == NAMED.0 && !known.is_empty();
    let (state, filled) = match site.table.layout {
        Layout::Form => items(blank, site),
        Layout::List => rows(blank, site),
    };
    let mut parts =
        vec![format!("IF({CAMPAIGN}=\"\",\"\",{CAMPAIGN})"), format!("IF({filled}=0,\"\",\"　\"&{state})")];
    for sum in &site.table.live {
        parts.extend(total(blank, site, sum, names));
    }
    let words = &blank.catalogue.words.live;
    let of = site.table.columns.len().to_string();
    let today = if is_named {
        let items = words.items.get(blank.lang).replace("{n}", "1").replace("{m}", &of);
        format!("{known}　{items}")
    } else {
        known
    };
    Some((format!("={}", parts.join("&")), today))
}

/// Of a form: items filled in; the state in words and the number.
fn items(blank: &Blank, site: &Site) -> (String, String) {
    let all = site.table.columns.len() as u32;
    let cells = crate::cell::Area::new(site.cells(0).first, site.cells(all.saturating_sub(1)).last);
    let filled = format!("COUNTA({})", site.on_sheet(cells));
    let words = &blank.catalogue.words.live.items;
    (joined(blank, words, &[("n", filled.clone()), ("m", all.to_string())]), filled)
}

/// Of a list: rows that are filled in, by the first thing asked of a person, of those offered.
fn rows(blank: &Blank, site: &Site) -> (String, String) {
    let told = site.telling().find(|(_, column)| column.required).or_else(|| site.telling().next());
    // On its own sheet a range needs no sheet.
    let count = format!("COUNTA({})", numbers::area(site, told.map_or(0, |(position, _)| position)));
    let offered = (site.last() - FIRST + 1).to_string();
    let words = &blank.catalogue.words.live.rows;
    (joined(blank, words, &[("n", count.clone()), ("m", offered)]), count)
}

/// What a column comes to, and what it should; nothing while nothing is filled in.
fn total(blank: &Blank, site: &Site, live: &LiveSum, names: &mut Names) -> Option<String> {
    let words = &blank.catalogue.words.live;
    let column = site.table.column(&live.column)?;
    let format = if column.kind == Kind::Percent { "\"0%\"" } else { "\"#,##0\"" };
    let shown = |number: &str| format!("TEXT({number},{format})");
    let sum = numbers::sum(site, &live.column, names)?;
    let label = |words: &Words| quoted(&words.get(blank.lang));
    let mut text = joined(blank, &words.total, &[("label", label(&column.label)), ("sum", shown(&sum))]);
    if let Some((form, item)) = live.against.as_deref().and_then(|against| against.split_once('.')) {
        let form = blank.sites.get(form)?;
        let typed = numbers::range(form, form.position(item)?);
        let of = numbers::meant(&format!("{}.{item}", form.table.id), &typed, "\"\"", names);
        let against = joined(
            blank,
            &words.against,
            &[
                ("label", label(&form.table.column(item)?.label)),
                ("of", shown(&of)),
                ("gap", shown(&format!("{sum}-{of}"))),
            ],
        );
        text = format!("{text}&IF(ISNUMBER({of}),{against},\"\")");
    }
    Some(format!("IF({sum}=0,\"\",\"　\"&{text})"))
}

/// Words with formulas in their holes, as one formula.
fn joined(blank: &Blank, words: &Words, holes: &[(&str, String)]) -> String {
    let mut parts = Vec::new();
    let text = words.get(blank.lang);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((hole, tail)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(quoted(before));
        }
        parts.extend(holes.iter().find(|(name, _)| *name == hole).map(|(_, formula)| formula.clone()));
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(quoted(rest));
    }
    parts.join("&")
}
