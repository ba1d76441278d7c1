//! From a document to slides: what is said on each, and which are left out.
//!
//! A meeting looks at a dozen slides. Every part of the document becomes at
//! most one; where there are more, the later ones of the longest chapter go
//! first, and the report has them all.

use crate::document::{Block, Document, Illustration, Table, shown};
use crate::locale::{Lang, width};
use crate::page::{PageCell, Role};
use crate::words::Words;

/// So many slides with cover and contents.
const MOST: usize = 14;
/// So many lines beside or without a chart, each of so many columns of text at the most.
const LINES: usize = 6;
const LINE: usize = 96;
/// A message fits on two lines of the title.
const MESSAGE: usize = 84;
/// So many rows of a table can be read from the back of the room.
const ROWS: usize = 9;

/// A table of no more rows than this gets no slide beside a chart.
const FEW: usize = 4;

/// One slide.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slide {
    /// The chapter, small over the title.
    pub chapter: String,
    /// The message.
    pub title: String,
    /// What bears it out.
    pub body: Body,
}

/// What a slide shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    /// The subject, its kind and facts.
    Cover(String, Vec<String>),
    /// Lines of text.
    Lines(Vec<String>),
    /// A chart with lines beside it.
    Chart(Illustration, Vec<String>),
    /// Header, rows, and how many more there are.
    Table(Vec<(u32, String)>, Vec<Vec<(String, Role)>>, usize),
    /// Key figures: label and value; and lines under them.
    Figures(Vec<(String, String)>, Vec<String>),
}

/// A part of the document under one heading.
#[derive(Default)]
struct Part<'a> {
    chapter: &'a str,
    heading: &'a str,
    blocks: Vec<&'a Block>,
}

/// The slides of a document.
pub(super) fn deck(document: &Document, lang: Lang, words: &Words) -> Vec<Slide> {
    let parts = parts(document);
    let last_chapter = parts.last().map(|part| part.chapter);
    // The last chapter is the appendix: who looks something up takes the report.
    let parts = parts.iter().filter(|part| Some(part.chapter) != last_chapter || last_chapter.is_none());
    let mut slides: Vec<Slide> = parts.flat_map(|part| slides_of(part, lang, words)).collect();
    while slides.len() > MOST - 2 {
        let Some(at) = least(&slides) else { break };
        slides.remove(at);
    }
    let chapters = slides.iter().map(|slide| slide.chapter.clone());
    let mut contents: Vec<String> = Vec::new();
    for chapter in chapters {
        if contents.last() != Some(&chapter) {
            contents.push(chapter);
        }
    }
    let facts = document.facts.iter().map(|(label, cell)| (label, shown(cell, lang)));
    let facts = facts.filter(|(_, text)| !text.is_empty()).map(|(label, text)| format!("{label}　{text}"));
    let cover = Slide {
        chapter: String::new(),
        title: document.subject.clone(),
        body: Body::Cover(document.kind.clone(), facts.chain([document.subtitle.clone()]).collect()),
    };
    let contents =
        Slide { chapter: String::new(), title: words.get("contents"), body: Body::Lines(contents) };
    [cover, contents].into_iter().chain(slides).collect()
}

/// The slide to leave out: of the chapter with most slides the last that is a mere list, else the last.
fn least(slides: &[Slide]) -> Option<usize> {
    let count = |chapter: &str| slides.iter().filter(|slide| slide.chapter == chapter).count();
    let fullest = slides.iter().max_by_key(|slide| count(&slide.chapter))?;
    let mine = |slide: &Slide| slide.chapter == fullest.chapter;
    let list = slides.iter().rposition(|slide| mine(slide) && matches!(slide.body, Body::Lines(_)));
    list.or_else(|| slides.iter().rposition(mine))
}

fn parts(document: &Document) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut chapter = "";
    for (at, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Heading { level, text } => {
                if *level == 1 {
                    chapter = text;
                }
                parts.push(Part { chapter, heading: text, blocks: Vec::new() });
            }
            // The caption of a table.
            Block::Text(Role::Conclusion, _)
                if matches!(document.blocks.get(at + 1), Some(Block::Table(_))) => {}
            other => match parts.last_mut() {
                Some(part) => part.blocks.push(other),
                None => parts.push(Part { blocks: vec![other], ..Part::default() }),
            },
        }
    }
    parts
}

/// The slides of a part: its figures, its first chart, its first table, or its text.
fn slides_of(part: &Part<'_>, lang: Lang, words: &Words) -> Vec<Slide> {
    let mut said: Vec<String> = part.blocks.iter().flat_map(|block| text_of(block, lang, words)).collect();
    // Only a sentence is a message; one of a list says nothing of the others.
    let leads = part.blocks.iter().find(|block| !text_of(block, lang, words).is_empty());
    let leads = matches!(leads, Some(Block::Text(..)));
    let figures = part.blocks.iter().find_map(|block| match block {
        Block::Figures(figures) => Some(figures),
        _ => None,
    });
    let chart = part.blocks.iter().find_map(|block| match block {
        Block::Chart(illustration) => Some(illustration),
        _ => None,
    });
    let table = part.blocks.iter().find_map(|block| match block {
        Block::Table(table) if !table.rows.is_empty() => Some(table),
        _ => None,
    });
    if said.is_empty() && figures.is_none() && chart.is_none() && table.is_none() {
        return Vec::new();
    }
    // The first sentence is the message; what is too long for a title stays below the heading.
    let title = match said.first().cloned().filter(|_| leads) {
        Some(first) if width(&first) <= MESSAGE => said.remove(0),
        // What comes before a colon is the point, what comes after its proof.
        Some(first) => match first.split_once(['：', ':']) {
            Some((point, proof)) if width(point) <= MESSAGE => {
                said[0] = proof.trim().to_owned();
                point.to_owned()
            }
            _ => part.heading.to_owned(),
        },
        None => part.heading.to_owned(),
    };
    // A chapter that begins with a line or two before its first part needs no slide for them.
    if part.heading == part.chapter
        && said.len() < 2
        && figures.is_none()
        && chart.is_none()
        && table.is_none()
    {
        return Vec::new();
    }
    let chapter = if part.chapter.is_empty() { title.clone() } else { part.chapter.to_owned() };
    let slide = |title: &str, body: Body| Slide { chapter: chapter.clone(), title: title.to_owned(), body };
    said.truncate(LINES);
    let mut slides = Vec::new();
    if let Some(figures) = figures {
        let figures = figures.iter().map(|(label, cell)| (label.clone(), shown(cell, lang))).collect();
        slides.push(slide(&title, Body::Figures(figures, said.clone())));
    }
    if let Some(illustration) = chart {
        slides.push(slide(&title, Body::Chart(illustration.clone(), said.clone())));
    }
    // A few rows beside a chart say what its lines say.
    if let Some(table) = table.filter(|table| slides.is_empty() || table.rows.len() > FEW) {
        let heading = if slides.is_empty() { &title } else { part.heading };
        slides.push(slide(heading, table_of(table, lang)));
    }
    if slides.is_empty() {
        slides.push(slide(&title, Body::Lines(said)));
    }
    slides
}

fn table_of(table: &Table, lang: Lang) -> Body {
    let cell = |cell: &PageCell| (shown(cell, lang), cell.role);
    let rows = table.rows.iter().take(ROWS).map(|row| row.iter().map(cell).collect()).collect();
    Body::Table(table.columns.clone(), rows, table.rows.len().saturating_sub(ROWS))
}

/// The sentences of a block, short enough for a line each.
fn text_of(block: &Block, lang: Lang, words: &Words) -> Vec<String> {
    match block {
        Block::Text(Role::Paragraph | Role::Conclusion | Role::Headline, cell) => {
            sentences(&shown(cell, lang), &words.get("stop"))
        }
        Block::Item(mark, cell) => {
            let mark = mark.trim().trim_matches(['·', '•', '-']);
            let text = shortened(&shown(cell, lang));
            vec![if mark.is_empty() { text } else { format!("{mark} {text}") }]
        }
        _ => Vec::new(),
    }
}

fn sentences(text: &str, stop: &str) -> Vec<String> {
    let parts = text.split(['。', '；', '\n']).flat_map(|part| part.split(stop));
    parts.map(str::trim).filter(|part| !part.is_empty()).map(shortened).collect()
}

/// A text on a line; of a longer one what stands before the last comma or bracket there is room for, and never half a
/// number.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars() {
        if width(&short) + 2 > LINE {
            // A comma between digits ends nothing.
            let ends = ["，", "、", "；", "（", "：", ", ", "; ", " ("].map(|end| short.rfind(end));
            let end = ends.into_iter().flatten().max().filter(|end| width(&short[..*end]) > LINE / 2);
            let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−' | '¥');
            let kept = end.map_or_else(|| short.trim_end_matches(digits), |end| &short[..end]);
            return format!("{}…", kept.trim_end());
        }
        short.push(if c == '\n' { ' ' } else { c });
    }
    short
}
