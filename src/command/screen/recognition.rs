//! What was recognised in a workbook and why, and what was not read.

use crate::catalogue::Catalogue;
use crate::command::console::Console;
use crate::review::Review;

/// The table every blank of a campaign is issued with an entry in: its name.
const BASICS: &str = "basics";

/// What to fill in first in a workbook nobody has filled yet; nothing where somebody has.
pub fn guidance(review: &Review<'_>, console: &Console) -> Option<String> {
    let is_filled = |id: &str| review.records.tables.get(id).is_some_and(|table| !table.rows.is_empty());
    let catalogue = Catalogue::shipped();
    let template = review.records.identity.template.as_deref().and_then(|id| catalogue.templates.get(id))?;
    let core: Vec<&str> =
        template.tables.iter().filter(|member| member.core).map(|member| &*member.id).collect();
    if core.iter().any(|id| *id != BASICS && is_filled(id)) {
        return None;
    }
    let label = |id: &&str| Some(catalogue.tables.get(*id)?.label.get(console.lang));
    let labels: Vec<String> = core.iter().filter_map(label).collect();
    let holes = [
        ("file", &*review.file),
        ("n", &labels.len().to_string()),
        ("tables", &labels.join(&console.words.get("list_comma"))),
    ];
    Some(console.words.say("blank_guide", &holes))
}

/// What was recognised, table by table and column by column.
pub fn describe(review: &Review<'_>, console: &Console) {
    let words = &console.words;
    let identity = &review.records.identity;
    let dash = || "—".to_owned();
    console.print(&words.say(
        "inspect_identity",
        &[
            ("template", &identity.template.clone().unwrap_or_else(dash)),
            ("campaign", &identity.campaign.clone().unwrap_or_else(dash)),
            ("carriers", &if identity.carriers.is_empty() { dash() } else { identity.carriers.join(" ") }),
        ],
    ));
    if let Some(copied) = &review.copied {
        let issue = &copied.issue;
        let rows = issue.tables.values().flatten().filter(|row| row.in_use).count().to_string();
        let generation = match issue.generation {
            0.. => issue.generation.to_string(),
            _ => dash(),
        };
        let held = identity.snapshot.clone().filter(|_| issue.id.is_empty());
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let snapshot = held.or_else(|| some(&issue.id)).unwrap_or_else(dash);
        console.print(&words.say(
            "inspect_issue",
            &[
                ("snapshot", &snapshot),
                ("generation", &generation),
                ("parent", &some(&issue.parent).unwrap_or_else(dash)),
                ("recipient", &identity.recipient.clone().unwrap_or_else(dash)),
                ("rows", &rows),
                ("edits", &copied.claimed.claims.len().to_string()),
                ("known", &issue.known.claims.len().to_string()),
            ],
        ));
        let mut people: Vec<&str> = issue.known.sources.values().map(|source| source.file.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        if !people.is_empty() {
            console.print(&words.say("inspect_sources", &[("files", &people.join("、"))]));
        }
    }
    for (id, table) in &review.records.tables {
        let label = Catalogue::shipped()
            .tables
            .get(id)
            .map_or_else(|| id.clone(), |table| table.label.get(console.lang));
        for region in &table.regions {
            console.print("");
            console.print(&words.say(
                "inspect_region",
                &[
                    ("table", &label),
                    ("id", id),
                    ("place", &format!("{}!{}", region.sheet, region.area)),
                    ("score", &format!("{:.0}%", region.score * 100.0)),
                    ("evidence", &region.evidence.join(" ")),
                    (
                        "rows",
                        &table.rows.iter().filter(|row| row.at.sheet == region.sheet).count().to_string(),
                    ),
                ],
            ));
            let mut rows = vec![
                words
                    .all([
                        "inspect_column",
                        "inspect_header",
                        "place",
                        "inspect_how",
                        "inspect_score",
                        "inspect_factor",
                    ])
                    .to_vec(),
            ];
            for (column, found) in &region.columns {
                rows.push(vec![
                    column.clone(),
                    found.header.replace('\n', " "),
                    found.at.cell.to_string(),
                    found.how.to_owned(),
                    format!("{:.0}%", found.score * 100.0),
                    if found.factor == 1.0 { String::new() } else { format!("×{}", found.factor) },
                ]);
            }
            console.table(&rows);
            for (at, header) in &region.extra {
                console.print(&words.say("inspect_extra", &[("place", &at.to_string()), ("header", header)]));
            }
        }
    }
    if !review.records.unread.is_empty() {
        console.print("");
        console.print(&words.get("inspect_unread"));
        for unread in &review.records.unread {
            let place =
                unread.area.map_or_else(|| unread.sheet.clone(), |area| format!("{}!{area}", unread.sheet));
            let reason = words.get(&format!("unread_{}", unread.reason));
            let cells = unread.cells.to_string();
            console.print(&words.say(
                "inspect_unread_line",
                &[("place", &place), ("cells", &cells), ("reason", &reason), ("detail", &unread.detail)],
            ));
        }
    }
}
