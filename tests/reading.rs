//! The blanks we hand out are read back, untouched, filled in, and with their carriers lost.

use fupan::catalogue::decode::{ReadPolicy, decode};
use fupan::catalogue::record::Records;
use fupan::catalogue::{Catalogue, Kind, Layout};
use fupan::cell::{CellRef, Content};
use fupan::diagnostic::{Finding, Severity, Sink};
use fupan::locale::Lang;
use fupan::workbook::{Cell, Workbook};
use fupan::xlsx::blank::{Identity, blank};
use fupan::xlsx::read::read as read_bytes;

fn read_workbook(workbook: &Workbook) -> (Records, Vec<Finding>) {
    let mut sink = Sink::default();
    // The hidden ids of rows are no column of anybody's.
    let mut workbook = workbook.clone();
    fupan::catalogue::issued::RowIds::take(&mut workbook);
    let records = decode(Catalogue::shipped(), &workbook, &ReadPolicy::default(), &mut sink);
    (records, sink.findings)
}

fn said(findings: &[Finding], least: Severity) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.severity >= least)
        .map(|finding| format!("{} {:?} {}", finding.code.name, finding.at, finding.message(Lang::Zh)))
        .collect()
}

/// What a person types: a number where it is one, else text.
fn cell(text: &str) -> Cell {
    let content = match text.parse::<f64>() {
        Ok(n) if n.is_finite() => Content::Number(n),
        _ => Content::Text(text.to_owned()),
    };
    Cell { content, ..Cell::default() }
}

fn blank_of(template: &str, lang: Lang) -> Workbook {
    let catalogue = Catalogue::shipped();
    let template = &catalogue.templates[template];
    let bytes = blank(catalogue, template, &Identity::of(template), lang).unwrap();
    read_bytes(&bytes, &Default::default()).unwrap()
}

/// Writes the examples of the declarations where a person would.
fn filled_in(mut book: Workbook, lang: Lang) -> Workbook {
    let (records, _) = read_workbook(&book);
    for (id, read) in &records.tables {
        let table = &Catalogue::shipped().tables[id];
        let region = &read.regions[0];
        let sheet = book.sheets.iter_mut().find(|sheet| sheet.name == region.sheet).unwrap();
        for column in &table.columns {
            let (Some(found), Some(example)) = (region.columns.get(&column.id), &column.example) else {
                continue;
            };
            if column.kind == Kind::Calc {
                continue;
            }
            let header = found.at.cell;
            let at = match table.layout {
                Layout::Form => CellRef::new(header.row, header.col + 1),
                Layout::List => CellRef::new(header.row + 1 + table.rows.len() as u32, header.col),
            };
            sheet.cells.insert(at, cell(&example.get(lang)));
        }
    }
    book
}

#[test]
fn an_untouched_blank_says_nothing_and_holds_nothing() {
    for (template, lang) in [("full", Lang::Zh), ("promotion", Lang::ZhHant), ("review", Lang::En)] {
        let book = blank_of(template, lang);
        let (records, findings) = read_workbook(&book);
        assert_eq!(said(&findings, Severity::Note), Vec::<String>::new(), "{template} {lang:?}");
        assert_eq!(records.unread, [], "{template} {lang:?}");
        assert_eq!(records.identity.carriers, ["property", "sheet", "name"]);
        assert_eq!(records.identity.template.as_deref(), Some(template));
        for member in &Catalogue::shipped().templates[template].tables {
            let read = &records.tables[&member.id];
            assert!(!read.in_use(), "{template} {lang:?} {}: {:?}", member.id, read.rows);
            assert_eq!(read.regions.len(), 1, "{} {:?}", member.id, read.regions);
            assert!(read.regions[0].evidence.contains(&"id"), "{}", member.id);
        }
    }
}

#[test]
fn a_filled_blank_is_read_without_a_complaint_also_when_its_carriers_are_lost() {
    for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
        let whole = filled_in(blank_of("full", lang), lang);
        let mut bare = whole.clone();
        bare.names.clear();
        bare.properties.clear();
        bare.sheets.retain(|sheet| &*sheet.name != "_fupan");
        bare.sheets.iter_mut().for_each(|sheet| sheet.tables.clear());
        for book in [whole, bare] {
            let (records, findings) = read_workbook(&book);
            assert_eq!(said(&findings, Severity::Warning), Vec::<String>::new(), "{lang:?}");
            for (id, read) in &records.tables {
                assert_eq!(read.rows.len(), 1, "{lang:?} {id}");
            }
            assert_eq!(records.tables.len(), Catalogue::shipped().tables.len());
        }
    }
}
