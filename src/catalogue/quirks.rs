//! What is said about a workbook's things that are no cells of a table: macros,
//! links, embedded files, chart sheets, stray cells. Nothing of it is run,
//! followed or opened.

use super::findings as says;
use crate::cell::Place;
use crate::diagnostic::{Arg, Finding, Sink};
use crate::workbook::{Quirk, Workbook};

pub(super) fn report(workbook: &Workbook, sink: &mut Sink) {
    let (mut others, mut copies) = (Vec::new(), Vec::new());
    let (mut far, mut typed): (Option<Finding>, Option<Finding>) = (None, None);
    for quirk in &workbook.quirks {
        match quirk {
            Quirk::Macros => sink.report(Finding::new(&says::HAS_MACROS)),
            Quirk::ExternalLinks => sink.report(Finding::new(&says::EXTERNAL_LINKS)),
            Quirk::EmbeddedObjects => sink.report(Finding::new(&says::EMBEDDED_OBJECTS)),
            Quirk::Protected => sink.report(Finding::new(&says::WORKBOOK_PROTECTED)),
            Quirk::Signed => sink.report(Finding::new(&says::SIGNATURE)),
            Quirk::Shared => sink.report(Finding::new(&says::SHARED_WORKBOOK)),
            Quirk::ExtensionLies(extension) => sink.report(
                Finding::new(&says::EXTENSION_LIES)
                    .arg("extension", Arg::Text(extension.clone()))
                    .arg("kind", Arg::Word("xlsx")),
            ),
            Quirk::OtherSheet(name) => others.push(name.clone()),
            Quirk::Typed(place) => {
                typed = Some(match typed.take() {
                    None => Finding::new(&says::TYPED_ON_OURS).at(place),
                    Some(finding) => finding.also(place),
                });
            }
            Quirk::Copy(name) => copies.push(name.clone()),
            Quirk::FarCell(sheet, at) => {
                let place = Place::new(sheet.clone(), *at);
                far = Some(match far.take() {
                    None => Finding::new(&says::FAR_CELL).at(&place),
                    Some(finding) => finding.also(&place),
                });
            }
            // Told where the cell is read; a sheet that cannot be read refuses the file.
            Quirk::NoStoredResult(..) | Quirk::PictureCell(..) | Quirk::UnreadableSheet(..) => {}
        }
    }
    for (code, sheets) in [(&says::OTHER_SHEET, others), (&says::COPIED_SHEET, copies)] {
        if let Some(first) = sheets.first().cloned() {
            sink.report(Finding::new(code).on_sheet(first).arg("names", Arg::List(sheets)));
        }
    }
    far.into_iter().chain(typed).for_each(|finding| sink.report(finding));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::CellRef;
    use crate::locale::Lang;

    #[test]
    fn each_is_said_once_and_without_an_open_hole() {
        let quirks = vec![
            Quirk::Macros,
            Quirk::ExternalLinks,
            Quirk::EmbeddedObjects,
            Quirk::Protected,
            Quirk::Signed,
            Quirk::Shared,
            Quirk::Copy("行动清单 (2)".into()),
            Quirk::Typed(Place::new("行动清单", CellRef::new(3, 20))),
            Quirk::ExtensionLies("xls".into()),
            Quirk::OtherSheet("图表1".into()),
            Quirk::FarCell("表".into(), CellRef::new(90_000, 0)),
            Quirk::OtherSheet("图表2".into()),
            Quirk::FarCell("表".into(), CellRef::new(90_001, 0)),
        ];
        let workbook = Workbook { quirks, ..Workbook::default() };
        let mut sink = Sink::default();
        report(&workbook, &mut sink);
        let codes: Vec<&str> = sink.findings.iter().map(|finding| finding.code.name).collect();
        assert_eq!(
            codes,
            [
                "has-macros",
                "external-links",
                "embedded-objects",
                "workbook-protected",
                "digital-signature",
                "shared-workbook",
                "extension-lies",
                "other-sheet",
                "copied-sheet",
                "far-cell",
                "typed-on-generated-sheet",
            ]
        );
        assert_eq!(sink.findings[9].cells(), 2);
        for finding in &sink.findings {
            for lang in [Lang::Zh, Lang::En] {
                let text = format!("{} {}", finding.message(lang), finding.help(lang));
                assert!(!text.contains('{'), "{text}");
            }
        }
    }
}
