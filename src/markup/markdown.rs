//! Markdown, as chats, mails and note-takers show it.

use super::read;
use crate::document::{Block, Document, Illustration, Source, Table, shown};
use crate::locale::Lang;
use crate::page::{PageCell, Role};

/// The document as Markdown.
pub fn markdown(document: &Document, lang: Lang) -> String {
    let mut out = format!("# {}\n\n{}\n", plain(&document.kind), plain(&document.subtitle));
    let mut listed = false;
    for block in &document.blocks {
        let item = matches!(block, Block::Item(..) | Block::Proof(_));
        if !item || !listed {
            out.push('\n');
        }
        listed = item;
        match block {
            Block::Heading { level, text } => {
                out += &format!("{} {}\n", "#".repeat(usize::from(level.clamp(&1, &5) + 1)), plain(text));
            }
            Block::Text(Role::Headline | Role::Conclusion, cell) => {
                out += &format!("**{}**\n", text(cell, lang))
            }
            Block::Text(_, cell) => out += &format!("{}\n", text(cell, lang)),
            Block::Item(_, cell) => out += &format!("- {}\n", text(cell, lang)),
            Block::Proof(sources) => out += &format!("  {}\n", proof(sources)),
            Block::Figures(figures) => {
                let figure = |(label, value): &(String, PageCell)| {
                    format!("{} **{}**", plain(label), text(value, lang))
                };
                out += &format!("{}\n", figures.iter().map(figure).collect::<Vec<_>>().join(" · "));
            }
            Block::Table(of) => out += &table(of, lang),
            Block::Chart(of) => out += &chart(of, lang),
        }
    }
    out
}

/// What a cell shows, leading where it leads.
fn text(cell: &PageCell, lang: Lang) -> String {
    let (text, leads) = read(cell, lang);
    match leads {
        Some(target) => format!("[{}](<{}>)", plain(&text), destination(target)),
        None => plain(&text),
    }
}

fn proof(sources: &[Source]) -> String {
    let link = |source: &Source| format!("[{}](<{}>)", plain(&source.cell), destination(&source.target));
    sources.iter().map(link).collect::<Vec<_>>().join(" · ")
}

fn table(table: &Table, lang: Lang) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = row(table.columns.iter().map(|(_, header)| plain(header)).collect());
    out += &row(vec!["---".into(); table.columns.len()]);
    for cells in &table.rows {
        out += &row(cells.iter().map(|cell| text(cell, lang)).collect());
    }
    out
}

/// A chart as the values it shows.
fn chart(illustration: &Illustration, lang: Lang) -> String {
    let chart = &illustration.chart;
    let mut out = format!("{}\n", plain(&chart.title));
    for series in &chart.series {
        let value = |value: &crate::expr::Val, shape| match value {
            crate::expr::Val::Number(n) => shown(&PageCell::from(*n).shaped(shape), lang),
            crate::expr::Val::Text(text) => text.to_string(),
            _ => "—".into(),
        };
        let points = series.categories.values.iter().zip(series.values.values.iter());
        let points = points.map(|(category, at)| {
            format!("{} {}", value(category, illustration.categories), value(at, chart.shape))
        });
        out += &format!("{}\n", plain(&points.collect::<Vec<_>>().join(" · ")));
    }
    out
}

/// An address between `<` and `>`, readable as it is.
fn destination(target: &str) -> String {
    let mut safe = String::with_capacity(target.len());
    for c in target.chars().filter(|c| !c.is_control()) {
        if matches!(c, '<' | '>' | '\\') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// Text that stays text: what Markdown would take for marks is escaped, a line stays a line.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' => {
                safe.push('\\');
                safe.push(c);
            }
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text() {
        let mut document = Document { kind: "周报".into(), ..Document::default() };
        document.blocks.push(Block::Item(String::new(), "甲|乙 [x](http://a) *b*\n第二行".into()));
        let written = markdown(&document, Lang::Zh);
        assert!(written.contains("- 甲\\|乙 \\[x\\](http://a) \\*b\\* 第二行\n"), "{written}");
    }
}
