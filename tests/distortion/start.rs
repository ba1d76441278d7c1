//! A clean workbook to begin with, told by the stories of the injection suite.

use std::collections::BTreeSet;

use fupan::catalogue::Layout;
use fupan::locale::Lang;
use fupan::workbook::Visibility;

use super::made::{Above, Band, Block, HeaderForm, Lane, Lie, Line, Made, Tab, Typed, label, shipped};
use crate::injection::chance::Chance;
use crate::injection::clean::book;
use crate::injection::voice::Voice;

/// A filled workbook of a template: in the manner of the blank, or as people make their own.
pub fn start(seed: u64) -> Made {
    let catalogue = shipped();
    let mut r = Chance::of(seed, "distortion start");
    let templates: Vec<&String> = catalogue.templates.keys().collect();
    let template = (*r.one(&templates)).clone();
    let book = book(catalogue, &template, r.below(11) as u64, seed);
    let lang = *r.one(&[Lang::Zh, Lang::Zh, Lang::Zh, Lang::Zh, Lang::ZhHant, Lang::En]);
    let voice = Voice { seed, lang, plain: r.happens(0.4), computes: false };
    let as_blank = r.happens(0.6);
    let titled = r.happens(0.6);
    let mut made = Made {
        template,
        voice,
        tabs: Vec::new(),
        identity: as_blank,
        ids: as_blank,
        guides: as_blank,
        names: Vec::new(),
        kinds: BTreeSet::new(),
    };
    for (id, rows) in &book.draft.tables {
        let table = &catalogue.tables[id];
        let title = table.label.get(lang);
        let mut above = Vec::new();
        if as_blank || titled {
            above.push(Above { text: title.clone(), merged: false, title: true });
        }
        if as_blank {
            above.push(Above { text: table.hint.get(lang), merged: true, title: false });
        }
        let lanes: Vec<Lane> = table
            .columns
            .iter()
            .map(|column| {
                let head = label(column, lang);
                let marked = as_blank && column.required;
                let head = if marked { format!("{head} *") } else { head };
                Lane { column: Some(column), table, head, group: None }
            })
            .collect();
        let lines = rows
            .iter()
            .enumerate()
            .map(|(row, said)| {
                let cells = table.columns.iter().map(|column| {
                    let say = said.get(&column.id)?;
                    let cell = voice.spell(catalogue, id, column, say)?;
                    Some(Typed::new(Some(say.clone()), cell))
                });
                Line::Data(row, cells.collect())
            })
            .collect();
        let lie = match table.layout {
            Layout::Form => Lie::Form { pairs: 1, topped: as_blank || r.happens(0.5), examples: as_blank },
            Layout::List => Lie::List,
        };
        let block = Block {
            table,
            lie,
            header: HeaderForm::One,
            above,
            lanes,
            lines,
            notes: Vec::new(),
            copied: false,
            kinds: BTreeSet::new(),
        };
        let name = made.free_name(&title);
        made.tabs.push(Tab {
            name,
            visible: Visibility::Visible,
            top: 0,
            left: 0,
            bands: vec![Band { blocks: vec![block], gap: 0, below: 0 }],
        });
    }
    made
}
