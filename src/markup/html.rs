//! One HTML file: readable on a phone, wide, and on A4.

use super::{address, escape, read, svg};
use crate::document::{Block, Document, Source, Table};
use crate::locale::Lang;
use crate::page::{PageCell, Role, Show};

const STYLE: &str = include_str!("style.css");

/// The document as one file that needs no other.
pub fn html(document: &Document, lang: Lang) -> String {
    let mut page = Page { lang, out: String::new(), list: false };
    page.put(&format!("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", lang.tag()));
    page.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Nothing is fetched, whatever a text may hold.
    page.put("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    page.put(&format!(
        "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(&document.kind)
    ));
    page.put(&format!(
        "<h1>{}</h1>\n<p class=\"sub\">{}</p>\n",
        escape(&document.kind),
        escape(&document.subtitle)
    ));
    for (at, block) in document.blocks.iter().enumerate() {
        page.block(block, document.blocks.get(at + 1));
    }
    page.close_list();
    page.put("</main>\n</body>\n</html>\n");
    page.out
}

struct Page {
    lang: Lang,
    out: String,
    /// Whether a list is open.
    list: bool,
}

impl Page {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn close_list(&mut self) {
        if std::mem::take(&mut self.list) {
            self.put("</ul>\n");
        }
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) {
        if !matches!(block, Block::Item(..) | Block::Proof(_)) {
            self.close_list();
        }
        match block {
            Block::Heading { level, text } => {
                let level = level.clamp(&1, &4) + 1;
                self.put(&format!("<h{level}>{}</h{level}>\n", escape(text)));
            }
            Block::Text(role, cell) => {
                let text = self.cell(cell);
                self.put(&format!("<p class=\"{}\">{text}</p>\n", class(*role)));
            }
            Block::Item(_, cell) => {
                if !std::mem::replace(&mut self.list, true) {
                    self.put("<ul>\n");
                }
                let text = self.cell(cell);
                let end = if matches!(next, Some(Block::Proof(_))) { "" } else { "</li>\n" };
                self.put(&format!("<li class=\"{}\">{text}{end}", class(cell.role)));
            }
            Block::Proof(sources) => {
                let text = proof(sources);
                let end = if self.list { "</li>" } else { "" };
                self.put(&format!("<small>{text}</small>{end}\n"));
            }
            Block::Figures(figures) => self.figures(figures),
            Block::Table(table) => self.table(table),
            Block::Chart(illustration) => {
                let drawn = svg::draw(illustration, self.lang);
                let title = escape(&illustration.chart.title);
                self.put(&format!("<figure><figcaption>{title}</figcaption>{drawn}</figure>\n"));
            }
        }
    }

    /// What a cell shows, leading where it leads.
    fn cell(&self, cell: &PageCell) -> String {
        let (text, leads) = read(cell, self.lang);
        let text = escape(&text).replace('\n', "<br>");
        match leads {
            Some(target) => format!("<a href=\"{}\">{text}</a>", address(target)),
            None => text,
        }
    }

    fn figures(&mut self, figures: &[(String, PageCell)]) {
        self.put("<div class=\"figures\">\n");
        for (label, value) in figures {
            let value = self.cell(value);
            self.put(&format!("<div><b>{value}</b><span>{}</span></div>\n", escape(label)));
        }
        self.put("</div>\n");
    }

    fn table(&mut self, table: &Table) {
        self.put("<table>\n<thead><tr>");
        for (_, header) in &table.columns {
            self.put(&format!("<th>{}</th>", escape(header)));
        }
        self.put("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.put("<tr>");
            for ((_, header), cell) in table.columns.iter().zip(row) {
                let number = matches!(cell.show, Show::Number(_) | Show::Formula(_));
                let class = if number { " class=\"n\"" } else { "" };
                let text = self.cell(cell);
                self.put(&format!("<td{class} data-label=\"{}\">{text}</td>", escape(header)));
            }
            self.put("</tr>\n");
        }
        self.put("</tbody>\n</table>\n");
    }
}

fn proof(sources: &[Source]) -> String {
    let link =
        |source: &Source| format!("<a href=\"{}\">{}</a>", address(&source.target), escape(&source.cell));
    sources.iter().map(link).collect::<Vec<_>>().join(" · ")
}

fn class(role: Role) -> &'static str {
    match role {
        Role::Headline => "headline",
        Role::Conclusion => "conclusion",
        Role::Note => "note",
        Role::Good => "good",
        Role::Warn => "warn",
        Role::Bad => "bad",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text_and_never_markup() {
        let mut document = Document { kind: "周报 <b>".into(), ..Document::default() };
        document.text(Role::Paragraph, "<script>alert(1)</script> & \"x\"\n第二行");
        let target = "活动/a\" onclick=\"x.xlsx#'表'!A1";
        document.blocks.push(Block::Proof(vec![Source { cell: "表!A1".into(), target: target.into() }]));
        let page = html(&document, Lang::Zh);
        assert!(!page.contains("<script") && !page.contains("onclick=\"x"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;<br>第二行"));
        assert!(page.contains("href=\"%E6%B4%BB%E5%8A%A8/a%22%20onclick%3D%22x.xlsx#%27%E8%A1%A8%27!A1\""));
    }

    #[test]
    fn a_list_is_closed_before_what_follows_it() {
        let mut document = Document::default();
        document.blocks.push(Block::Item("1".into(), "甲".into()));
        document
            .blocks
            .push(Block::Proof(vec![Source { cell: "总览!F7".into(), target: "a.xlsx".into() }]));
        document.blocks.push(Block::Item("2".into(), "乙".into()));
        document.heading(1, "下一章");
        let page = html(&document, Lang::Zh);
        let expected = "<ul>\n<li class=\"text\">甲<small><a href=\"a.xlsx\">总览!F7</a></small></li>\n\
                        <li class=\"text\">乙</li>\n</ul>\n<h2>下一章</h2>";
        assert!(page.contains(expected), "{page}");
    }
}
