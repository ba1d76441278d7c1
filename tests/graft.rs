//! Our sheets in other people's packages: what must stay, stays to the byte.

mod made;

use std::collections::BTreeMap;

use fupan::cell::{Area, CellRef};
use fupan::diagnostic::Severity;
use fupan::xlsx::graft::{
    Addition, GraftError, GraftNote, Grafted, MarkFormat, Owner, Placement, SheetMarks, generated_sheets,
    graft, strip,
};
use made::{NAMES, addition, originals, parts, raw_entries, repacked, text};

fn names() -> Vec<String> {
    NAMES.map(String::from).to_vec()
}

fn grafted(original: &[u8], users: &[&str], marks: &[SheetMarks]) -> Grafted {
    let (package, sheets) = (addition(users), names());
    let addition = Addition {
        package: &package,
        last_touch: &(),
        sheets: &sheets,
        theirs: &[],
        placement: Placement::After,
        activate: true,
        owner: Owner::Us,
        issue: None,
    };
    graft(original, &addition, marks).unwrap()
}

fn some_marks(sheet: &str) -> Vec<SheetMarks> {
    let format = |area: &str, severity| MarkFormat {
        areas: vec![Area::parse(area).unwrap()],
        formula: "AND(ISNUMBER(B2),B2<\"&\")".into(),
        severity,
    };
    vec![SheetMarks {
        sheet: sheet.into(),
        formats: vec![format("B2", Severity::Error), format("C2:C3", Severity::Warning)],
        notes: vec![
            (CellRef::new(1, 1), "花费要填数字 <万>".into()),
            (CellRef::new(0, 0), "第二行\n说明".into()),
        ],
    }]
}

/// The parts that may change.
fn is_registry(name: &str) -> bool {
    let name = name.replace('\\', "/").to_lowercase();
    [
        "[content_types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/calcchain.xml",
    ]
    .contains(&name.as_str())
}

/// A sheet of the user's that was open, as it is while the workbook opens on ours: one flag is off, the one value of a
/// user's part that is ever changed. `None` where the sheet was not open.
pub fn closed(content: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(content);
    let flags =
        [("tabSelected=\"1\"", "tabSelected=\"0\""), ("tabSelected=\"true\"", "tabSelected=\"false\"")];
    let (on, off) = flags.into_iter().find(|(on, _)| text.contains(on))?;
    Some(text.replacen(on, off, 1).into_bytes())
}

#[test]
fn every_entry_but_the_registries_is_carried_over_as_it_is() {
    for (file, original, users) in originals() {
        let result = grafted(&original, &users, &[]).package;
        let (after, contents) = (raw_entries(&result), parts(&result));
        let originals = parts(&original);
        let mut kept = 0;
        for (name, raw) in raw_entries(&original) {
            if is_registry(&name) {
                continue;
            }
            match originals.get(&name).and_then(|content| closed(content)) {
                Some(closed) => assert_eq!(contents[&name], closed, "{file}: {name}"),
                None => assert_eq!(after.get(&name), Some(&raw), "{file}: {name}"),
            }
            kept += 1;
        }
        assert!(kept >= 2, "{file}");
        assert!(!after.keys().any(|name| name.to_lowercase().contains("calcchain")), "{file}");
    }
}

#[test]
fn doing_it_again_changes_nothing() {
    for (file, original, users) in originals() {
        for marks in [vec![], some_marks(users[0])] {
            let once = grafted(&original, &users, &marks);
            let twice = grafted(&once.package, &users, &marks);
            assert_eq!(once.names, twice.names, "{file}");
            assert_eq!(parts(&once.package), parts(&twice.package), "{file}");
            assert_eq!(once.package, twice.package, "{file}");
            assert_eq!(once.package, grafted(&original, &users, &marks).package, "{file}: not deterministic");
        }
    }
}

#[test]
fn taking_our_sheets_out_gives_the_original_back_but_for_the_registries() {
    for (file, original, users) in originals() {
        for marks in [vec![], some_marks(users[0])] {
            let once = grafted(&original, &users, &marks).package;
            let back = strip(&once).unwrap();
            let (before, after) = (parts(&original), parts(&back));
            for (name, content) in &before {
                if !is_registry(name) {
                    assert_eq!(after.get(name), Some(content), "{file}: {name}");
                }
            }
            let new = after.keys().find(|name| !before.contains_key(*name) && !is_registry(name));
            assert_eq!(new, None, "{file}");
            assert_eq!(grafted(&back, &users, &marks).package, once, "{file}");
            assert_eq!(generated_sheets(&back).unwrap(), Vec::<String>::new(), "{file}");
            // A workbook part without styles of its own keeps those; all else is as it was.
            assert_eq!(strip(&back).unwrap(), back, "{file}");
        }
    }
}

#[test]
fn a_workbook_part_is_the_same_after_taking_our_sheets_out() {
    for (file, original, users) in originals() {
        let back = strip(&grafted(&original, &users, &[]).package).unwrap();
        let workbook = |package: &[u8]| {
            parts(package).into_iter().find(|(name, _)| name.to_lowercase() == "xl/workbook.xml").unwrap().1
        };
        let (before, after) = (workbook(&original), workbook(&back));
        // Where we chose the active tab, or found no list of views, that trace stays.
        if file == "xlsxwriter.xlsx" || file == "libreoffice.xlsx" {
            assert_eq!(before, after, "{file}");
        }
    }
}

#[test]
fn a_file_without_our_sheets_is_given_back_as_it_is() {
    for (file, original, _) in originals() {
        assert_eq!(strip(&original).unwrap(), original, "{file}");
        assert!(generated_sheets(&original).unwrap().is_empty(), "{file}");
    }
}

#[test]
fn a_sheet_of_the_users_keeps_its_name_and_ours_gets_a_number() {
    let (_, original, users) = originals().into_iter().find(|one| one.0 == "xlsxwriter.xlsx").unwrap();
    let result = grafted(&original, &users, &[]);
    assert_eq!(result.names[0], ("复盘总览".into(), "复盘总览 (2)".into()));
    assert_eq!(result.names[1], ("行动清单".into(), "行动清单".into()));
    assert_eq!(generated_sheets(&result.package).unwrap(), ["复盘总览 (2)", "行动清单"]);
    let actions = part_with(&result.package, "xl/worksheets/", "优先级");
    assert!(actions.contains("<f>'复盘总览 (2)'!B2*2</f>"), "{actions}");
    assert!(actions.contains("location=\"'复盘总览 (2)'!A1\""), "{actions}");
    // The user's table has the name that ours wanted.
    assert!(actions.contains("SUM(渠道表_2[花费])"), "{actions}");
    let chart = part_with(&result.package, "xl/charts/", "复盘总览 (2)");
    assert!(chart.contains("<c:f>'复盘总览 (2)'!$B$2:$B$3</c:f>"), "{chart}");
    assert!(chart.contains("<c:f>渠道数据!$B$2:$B$3</c:f>"), "{chart}");
    let workbook = text(&result.package, "xl/workbook.xml");
    assert!(workbook.contains("'复盘总览 (2)'!$A$1:$D$20"), "{workbook}");
    assert!(workbook.contains(">'复盘总览 (2)'!$B$2</definedName>"), "{workbook}");
}

fn part_with(package: &[u8], folder: &str, content: &str) -> String {
    let mut all = parts(package).into_iter().filter(|(name, _)| name.starts_with(folder));
    let found =
        all.find_map(|(_, bytes)| String::from_utf8(bytes).ok().filter(|text| text.contains(content)));
    found.unwrap_or_else(|| panic!("no part in {folder} contains {content}"))
}

#[test]
fn references_follow_every_relationship() {
    for (file, original, users) in originals() {
        let result = grafted(&original, &users, &some_marks(users[0])).package;
        let all = parts(&result);
        let lower: Vec<String> = all.keys().map(|name| name.replace('\\', "/").to_lowercase()).collect();
        for (name, bytes) in all.iter().filter(|(name, _)| name.ends_with(".rels")) {
            let text = String::from_utf8_lossy(bytes);
            let folder = name.replace("_rels/", "");
            let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            for one in text.split("Relationship ").skip(1).filter(|one| !one.contains("External")) {
                let target =
                    one.split("Target=\"").nth(1).unwrap().split('"').next().unwrap().replace('\\', "/");
                if target.starts_with('#') {
                    continue;
                }
                let mut path: Vec<&str> = if target.starts_with('/') {
                    vec![]
                } else {
                    folder.split('/').filter(|s| !s.is_empty()).collect()
                };
                for step in target.trim_start_matches('/').split('/') {
                    if step == ".." {
                        path.pop().unwrap();
                    } else {
                        path.push(step);
                    }
                }
                let part = path.join("/").to_lowercase();
                assert!(lower.contains(&part), "{file}: {name} leads to {part}");
            }
        }
    }
}

#[test]
fn what_calamine_reads_of_the_users_cells_does_not_change() {
    use calamine::{Reader, Xlsx, open_workbook_from_rs};
    for (file, original, users) in originals() {
        if file == "by-hand-odd-names.xlsx" {
            continue; // calamine does not find parts behind backslashes
        }
        let result = grafted(&original, &users, &some_marks(users[0])).package;
        let mut before: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(original)).unwrap();
        let mut after: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(result)).unwrap();
        for name in before.sheet_names() {
            assert_eq!(
                before.worksheet_range(&name).unwrap(),
                after.worksheet_range(&name).unwrap(),
                "{file} {name}"
            );
        }
        assert_eq!(after.sheet_names().len(), before.sheet_names().len() + 2, "{file}");
        let actions = after.worksheet_range("行动清单").unwrap();
        let cell = |row, col| actions.get_value((row, col)).unwrap().to_string();
        assert_eq!((cell(0, 0).as_str(), cell(1, 0).as_str()), ("优先级", "重要 而且紧急"), "{file}");
    }
}

#[test]
fn our_names_belong_to_our_sheets_wherever_they_stand() {
    let (_, original, users) =
        originals().into_iter().find(|one| one.0 == "by-hand-excel-like.xlsx").unwrap();
    let after = grafted(&original, &users, &[]);
    let workbook = text(&after.package, "xl/workbook.xml");
    assert!(
        workbook.contains("name=\"_xlnm.Print_Area\" localSheetId=\"1\">'It''s &amp; 二月'!$A$1<"),
        "{workbook}"
    );
    assert!(
        workbook.contains("name=\"_xlnm.Print_Area\" localSheetId=\"2\">复盘总览!$A$1:$D$20<"),
        "{workbook}"
    );
    assert!(workbook.contains("activeTab=\"2\""), "{workbook}");
    assert!(after.notes.contains(&GraftNote::StructureProtected));

    let (package, sheets) = (addition(&users), names());
    let before = Addition {
        package: &package,
        last_touch: &(),
        sheets: &sheets,
        theirs: &[],
        placement: Placement::Before,
        activate: false,
        owner: Owner::Us,
        issue: None,
    };
    let front = graft(&original, &before, &[]).unwrap();
    let workbook = text(&front.package, "xl/workbook.xml");
    assert!(
        workbook.contains("name=\"_xlnm.Print_Area\" localSheetId=\"3\">'It''s &amp; 二月'!$A$1<"),
        "{workbook}"
    );
    assert!(
        workbook.contains("name=\"_xlnm.Print_Area\" localSheetId=\"0\">复盘总览!$A$1:$D$20<"),
        "{workbook}"
    );
    assert!(workbook.contains("activeTab=\"3\" firstSheet=\"3\""), "{workbook}");
    assert_eq!(graft(&front.package, &before, &[]).unwrap(), front);
    // Moving from the front to the back leaves nothing behind.
    let moved = grafted(&front.package, &users, &[]).package;
    assert_eq!(text(&moved, "xl/workbook.xml"), text(&after.package, "xl/workbook.xml"));
}

#[test]
fn a_workbook_opens_on_our_first_sheet_and_on_no_other() {
    for (file, original, users) in originals() {
        let result = grafted(&original, &users, &[]);
        assert!(!result.notes.contains(&GraftNote::ActiveTabKept), "{file}");
        let after = parts(&result.package);
        let workbook = after.iter().find(|(name, _)| name.to_lowercase() == "xl/workbook.xml").unwrap().1;
        let active = format!("activeTab=\"{}\"", users.len());
        assert!(String::from_utf8_lossy(workbook).contains(&active), "{file}");
        // Two selected sheets would be edited together.
        for (name, content) in &after {
            assert_eq!(closed(content), None, "{file} {name}");
        }
    }
}

#[test]
fn our_sheets_are_found_after_a_rename_and_after_a_move() {
    for (file, original, users) in originals()
        .into_iter()
        .filter(|one| one.0 != "by-hand-prefixed.xlsx" && one.0 != "by-hand-odd-names.xlsx")
    {
        let once = grafted(&original, &users, &[]);
        let given = &once.names[0].1;
        let renamed = repacked(&once.package, |name, content| match name {
            "xl/workbook.xml" => {
                let text = String::from_utf8(content).unwrap().replace(given.as_str(), "我改的名");
                // The second of ours goes to the front: positions in names follow, as a program would do it.
                let start = text.find("<sheet name=\"行动清单\"").unwrap();
                let end = start + text[start..].find("/>").unwrap() + 2;
                let entry = text[start..end].to_owned();
                let last = users.len() + 1;
                let mut text = text.replace(&entry, "");
                for position in (0..last).rev() {
                    text = text.replace(
                        &format!("localSheetId=\"{position}\""),
                        &format!("localSheetId=\"{}\"", position + 1),
                    );
                }
                text = text.replace(&format!("localSheetId=\"{}\"", last + 1), "localSheetId=\"0\"");
                for name in ["activeTab", "firstSheet"] {
                    for position in (0..last).rev() {
                        let tab = |position: usize| format!("{name}=\"{position}\"");
                        text = text.replace(&tab(position), &tab(position + 1));
                    }
                }
                text.replacen("<sheets>", &format!("<sheets>{entry}"), 1).into_bytes()
            }
            _ => content,
        });
        assert_eq!(generated_sheets(&renamed).unwrap(), ["行动清单", "我改的名"], "{file}");
        let again = grafted(&renamed, &users, &[]);
        assert_eq!(again.names, once.names, "{file}");
        assert_eq!(
            text(&again.package, "xl/worksheets/sheet1.xml"),
            text(&once.package, "xl/worksheets/sheet1.xml")
        );
        assert_eq!(text(&again.package, "xl/workbook.xml"), text(&once.package, "xl/workbook.xml"), "{file}");
    }
}

#[test]
fn our_sheets_are_found_when_a_program_lost_all_names() {
    for (file, original, users) in originals() {
        let once = grafted(&original, &users, &[]);
        let nameless = repacked(&once.package, |name, content| {
            if !name.eq_ignore_ascii_case("xl/workbook.xml") {
                return content;
            }
            let text = String::from_utf8(content).unwrap();
            let prefix = if text.contains("<x:workbook") { "x:" } else { "" };
            let start = text.find(&format!("<{prefix}definedNames>")).unwrap();
            let ending = format!("</{prefix}definedNames>");
            let end = text.find(&ending).unwrap() + ending.len();
            format!("{}{}", &text[..start], &text[end..]).into_bytes()
        });
        let given: Vec<String> = once.names.iter().map(|(_, given)| given.clone()).collect();
        assert_eq!(generated_sheets(&nameless).unwrap(), given, "{file}");
    }
}

#[test]
fn marks_change_no_cell_and_their_conditions_are_the_checks() {
    let (_, original, users) = originals().into_iter().find(|one| one.0 == "xlsxwriter.xlsx").unwrap();
    let rows = |package: &[u8]| {
        let sheet = text(package, "xl/worksheets/sheet1.xml");
        let end = sheet.find("</sheetData>").unwrap();
        sheet[..end].to_owned()
    };
    let result = grafted(&original, &users, &some_marks("渠道数据"));
    assert_eq!(rows(&result.package), rows(&original));
    let sheet = text(&result.package, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<conditionalFormatting sqref=\"B2\"><cfRule type=\"expression\" dxfId=\""),
        "{sheet}"
    );
    assert!(
        sheet.contains("IF(LEN(&quot;fupan.mark&quot;),AND(ISNUMBER(B2),B2&lt;&quot;&amp;&quot;))"),
        "{sheet}"
    );
    // The user's own format comes first and keeps its priority.
    assert!(sheet.find("priority=\"1\"").unwrap() < sheet.find("priority=\"2\"").unwrap());
    // The sheet has a note of the user's: ours are listed instead.
    let cells = vec![CellRef::new(0, 0), CellRef::new(1, 1)];
    assert!(result.notes.contains(&GraftNote::NotesSkipped("渠道数据".into(), cells)));
    // With no marks any more, the sheet is as it was.
    let mended = grafted(&result.package, &users, &[]);
    assert_eq!(
        text(&mended.package, "xl/worksheets/sheet1.xml"),
        text(&original, "xl/worksheets/sheet1.xml")
    );
}

#[test]
fn notes_go_to_sheets_without_comments() {
    for file in ["by-hand-excel-like.xlsx", "by-hand-prefixed.xlsx", "by-hand-odd-names.xlsx"] {
        let (_, original, users) = originals().into_iter().find(|one| one.0 == file).unwrap();
        let result = grafted(&original, &users, &some_marks(users[0]));
        assert!(!result.notes.iter().any(|note| matches!(note, GraftNote::NotesSkipped(..))), "{file}");
        let comments = part_with(&result.package, "xl/comments", "复盘工具");
        let first = comments.find("ref=\"A1\"").unwrap();
        assert!(first < comments.find("ref=\"B2\"").unwrap() && comments.contains("花费要填数字 &lt;万&gt;"));
        part_with(&result.package, "xl/drawings/", "<x:Row>1</x:Row><x:Column>1</x:Column>");
    }
}

#[test]
fn a_comment_added_among_our_notes_stays_when_they_go() {
    let (_, original, users) =
        originals().into_iter().find(|one| one.0 == "by-hand-excel-like.xlsx").unwrap();
    let once = grafted(&original, &users, &some_marks(users[0])).package;
    let commented = repacked(&once, |name, content| {
        let text = || String::from_utf8(content.clone()).unwrap();
        let own =
            "<comment ref=\"D4\" authorId=\"0\"><text><t>小王：已核对</t></text></comment></commentList>";
        let shape = "<v:shape id=\"u\"><x:ClientData ObjectType=\"Note\"><x:Row>3</x:Row><x:Column>3</x:Column></x:ClientData></v:shape></xml>";
        if name.starts_with("xl/comments") && text().contains("花费") {
            text().replace("</commentList>", own).into_bytes()
        } else if name.ends_with(".vml")
            && text().contains("<x:Row>1</x:Row><x:Column>1</x:Column>")
            && text().contains("<x:Row>0</x:Row>")
        {
            text().replace("</xml>", shape).into_bytes()
        } else {
            content
        }
    });
    let result = grafted(&commented, &users, &some_marks(users[0]));
    assert!(result.notes.iter().any(|note| matches!(note, GraftNote::NotesSkipped(..))));
    let comments = part_with(&result.package, "xl/comments", "小王");
    assert!(!comments.contains("复盘工具：") && comments.matches("<comment ").count() == 1, "{comments}");
    let drawing = part_with(&result.package, "xl/drawings/", "<x:Row>3</x:Row>");
    assert_eq!(drawing.matches("<v:shape ").count(), 1, "{drawing}");
}

#[test]
fn marks_for_a_sheet_that_is_not_there_are_said_to_be_so() {
    let (_, original, users) = originals().remove(0);
    let result = grafted(&original, &users, &some_marks("没有这张表"));
    assert!(result.notes.contains(&GraftNote::NoSuchSheet("没有这张表".into())));
}

#[test]
fn styles_do_not_pile_up() {
    for (file, original, users) in originals() {
        let mut package = original;
        let mut sizes = Vec::new();
        for round in 0..4 {
            // Sheets change from week to week, their formats do not.
            let marks = if round % 2 == 0 { some_marks(users[0]) } else { vec![] };
            package = grafted(&package, &users, &marks).package;
            sizes.push(text(&package, "xl/styles.xml").len());
        }
        assert!(sizes.iter().all(|size| *size == sizes[0]), "{file}: {sizes:?}");
    }
}

#[test]
fn our_dates_are_the_same_days_where_days_count_from_1904() {
    let (_, original, users) =
        originals().into_iter().find(|one| one.0 == "by-hand-excel-like.xlsx").unwrap();
    let from_1904 = repacked(&original, |name, content| match name {
        "xl/workbook.xml" => String::from_utf8(content)
            .unwrap()
            .replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>")
            .into_bytes(),
        _ => content,
    });
    let day = |package: &[u8]| {
        let sheet = part_with(package, "xl/worksheets/", "优先级");
        let (_, cell) = sheet.split_once("<c r=\"C2\"").unwrap();
        cell.split_once("<v>").unwrap().1.split_once("</v>").unwrap().0.to_owned()
    };
    assert_eq!(day(&grafted(&original, &users, &[]).package), "45972");
    assert_eq!(day(&grafted(&from_1904, &users, &[]).package), "44510");
}

#[test]
fn a_signature_that_breaks_is_mentioned() {
    let (_, original, users) = originals().into_iter().find(|one| one.0 == "xlsxwriter.xlsx").unwrap();
    let signed = repacked(&original, |name, content| {
        match name {
        "_rels/.rels" => String::from_utf8(content)
            .unwrap()
            .replace(
                "</Relationships>",
                "<Relationship Id=\"s\" Target=\"_xmlsignatures/origin.sigs\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin\"/></Relationships>",
            )
            .into_bytes(),
        _ => content,
    }
    });
    assert!(grafted(&signed, &users, &[]).notes.contains(&GraftNote::SignatureBroken));
    assert!(!grafted(&original, &users, &[]).notes.contains(&GraftNote::SignatureBroken));
}

#[test]
fn a_broken_relationship_of_the_users_never_comes_to_lead_to_a_part_of_ours() {
    let (_, original, users) =
        originals().into_iter().find(|one| one.0 == "by-hand-excel-like.xlsx").unwrap();
    let broken = repacked(&original, |name, content| match name {
        "xl/_rels/workbook.xml.rels" => {
            let text = String::from_utf8(content).unwrap();
            let lost = text
                .split("<Relationship ")
                .last()
                .unwrap()
                .replace("rId3", "lost")
                .replace("styles", "worksheet");
            let lost = lost.replace("worksheet.xml", "worksheets/sheet3.xml").replace("</Relationships>", "");
            text.replace("</Relationships>", &format!("<Relationship {lost}</Relationships>")).into_bytes()
        }
        _ => content,
    });
    assert!(text(&broken, "xl/_rels/workbook.xml.rels").contains("Target=\"worksheets/sheet3.xml\""));
    let once = grafted(&broken, &users, &[]).package;
    assert!(!parts(&once).contains_key("xl/worksheets/sheet3.xml"));
    assert_eq!(grafted(&once, &users, &[]).package, once);
}

#[test]
fn damage_in_parts_that_need_not_be_read_stops_nothing() {
    for part in
        ["xl/comments/comment1.xml", "xl/worksheets/sheet1.xml", "docProps/app.xml", "xl/tables/table1.xml"]
    {
        for (file, original, users) in originals() {
            let broken =
                repacked(&original, |name, content| if name == part { b"<broken".to_vec() } else { content });
            let once = grafted(&broken, &users, &some_marks(users[0]));
            assert_eq!(grafted(&once.package, &users, &some_marks(users[0])), once, "{file} {part}");
            let unreadable = once.notes.iter().any(|note| matches!(note, GraftNote::UnreadableSheet(..)));
            let has_part = parts(&original).contains_key(part);
            assert_eq!(unreadable, part == "xl/worksheets/sheet1.xml" && has_part, "{file} {part}");
        }
    }
}

#[test]
fn what_our_sheets_cannot_bring_along_is_refused() {
    let (_, original, _) = originals().remove(0);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("复盘总览").unwrap();
    sheet.write_dynamic_array_formula(0, 0, 2, 0, "=SORT(B1:B3)").unwrap();
    let (package, sheets) = (book.save_to_buffer().unwrap(), ["复盘总览".to_owned()]);
    let addition = Addition {
        package: &package,
        last_touch: &(),
        sheets: &sheets,
        theirs: &[],
        placement: Placement::After,
        activate: false,
        owner: Owner::Us,
        issue: None,
    };
    assert!(matches!(graft(&original, &addition, &[]), Err(GraftError::Addition(_))));
    let missing = ["没有".to_owned()];
    assert!(matches!(
        graft(&original, &Addition { sheets: &missing, ..addition }, &[]),
        Err(GraftError::Addition(_))
    ));
}

#[test]
fn our_sheets_are_found_after_a_save_by_other_programs() {
    let folder = tempfile::tempdir().unwrap();
    let mut saved = Vec::new();
    for (file, original, users) in originals().into_iter().filter(|one| one.0 != "by-hand-odd-names.xlsx") {
        let path = folder.path().join(file);
        let once = grafted(&original, &users, &some_marks(users[0]));
        std::fs::write(&path, &once.package).unwrap();
        saved.push((file, path, users, once));
    }
    let out = folder.path().join("saved");
    let run = std::process::Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"])
        .arg(&out)
        .args(saved.iter().map(|(_, path, _, _)| path))
        .output()
        .expect("this test needs LibreOffice: put `soffice` on the path");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for (file, _, users, once) in saved {
        let saved =
            std::fs::read(out.join(file)).unwrap_or_else(|_| panic!("LibreOffice did not open {file}"));
        let given: Vec<String> = once.names.iter().map(|(_, given)| given.clone()).collect();
        assert_eq!(generated_sheets(&saved).unwrap(), given, "{file}");
        let again = grafted(&saved, &users, &some_marks(users[0]));
        assert_eq!(again.names, once.names, "{file}");
        let sheet = text(&again.package, "xl/worksheets/sheet1.xml");
        assert_eq!(sheet.matches("fupan.mark").count(), 2, "{file}");
        assert_eq!(grafted(&again.package, &users, &some_marks(users[0])).package, again.package, "{file}");
    }
    // Saved by openpyxl: see fixtures/packages/README.md.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/packages/grafted-by-openpyxl.xlsx");
    assert_eq!(generated_sheets(&std::fs::read(path).unwrap()).unwrap(), ["复盘总览 (2)", "行动清单"]);
}

#[test]
fn what_cannot_be_grafted_is_refused_with_a_reason() {
    let (_, good, users) = originals().into_iter().find(|one| one.0 == "by-hand-excel-like.xlsx").unwrap();
    let (package, sheets) = (addition(&users), names());
    let try_on = |original: &[u8]| {
        let addition = Addition {
            package: &package,
            last_touch: &(),
            sheets: &sheets,
            theirs: &[],
            placement: Placement::After,
            activate: false,
            owner: Owner::Us,
            issue: None,
        };
        graft(original, &addition, &[]).unwrap_err()
    };
    let with = |part: &'static str, from: &'static str, to: &'static str| {
        repacked(&good, |name, content| {
            if name == part {
                String::from_utf8(content).unwrap().replace(from, to).into_bytes()
            } else {
                content
            }
        })
    };
    let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encrypted = [b"\xd0\xcf\x11\xe0".as_slice(), &[0; 600], &stream].concat();
    assert_eq!(try_on(&encrypted), GraftError::Encrypted);
    assert_eq!(try_on(b"\xd0\xcf\x11\xe0 old"), GraftError::NotOoxml("xls"));
    assert_eq!(try_on(b"name,spend\n"), GraftError::NotOoxml("no zip file"));
    assert_eq!(try_on(b""), GraftError::NotOoxml("no zip file"));
    let strict = with(
        "xl/workbook.xml",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    );
    assert_eq!(try_on(&strict), GraftError::Strict);
    assert_eq!(
        try_on(&with("_rels/.rels", "xl/workbook.xml", "xl/workbook.bin")),
        GraftError::NotOoxml("xlsb")
    );
    assert!(matches!(try_on(&with("xl/workbook.xml", "</sheets>", "")), GraftError::Damaged(_)));
    assert!(matches!(try_on(&good[..good.len() / 2]), GraftError::Damaged(_)));
    let text = String::from_utf8(parts(&good)["xl/workbook.xml"].clone()).unwrap();
    let (start, end) = (text.find("<sheets>").unwrap(), text.find("</sheets>").unwrap() + 9);
    let none = repacked(&good, |name, content| {
        if name == "xl/workbook.xml" {
            [&text[..start], "<sheets/>", &text[end..]].concat().into_bytes()
        } else {
            content
        }
    });
    assert_eq!(try_on(&none), GraftError::NoSheets);
}

#[test]
fn nothing_panics_on_mutated_packages() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, original, users) in originals() {
        let (package, sheets) = (addition(&users), names());
        let addition = Addition {
            package: &package,
            last_touch: &(),
            sheets: &sheets,
            theirs: &[],
            placement: Placement::After,
            activate: true,
            owner: Owner::Us,
            issue: None,
        };
        let marks = some_marks(users[0]);
        let ours = graft(&original, &addition, &marks).unwrap().package;
        for round in 0..100 {
            let base = if round % 2 == 0 { &original } else { &ours };
            // Bytes of the archive, or bytes inside one part (which then has a right checksum).
            let mutated =
                if round % 3 == 0 {
                    made::mutated(base, &mut random)
                } else {
                    let names: Vec<String> = parts(base).into_keys().collect();
                    let chosen = names[random(names.len())].clone();
                    repacked(base, |name, content| {
                        if name == chosen { made::mutated(&content, &mut random) } else { content }
                    })
                };
            let outcome = match graft(&mutated, &addition, &marks) {
                Ok(result) => {
                    // Whatever state a package is in: the second time changes nothing.
                    let again = graft(&result.package, &addition, &marks).map(|again| again.package);
                    assert!(again.as_ref() == Ok(&result.package), "round {round}");
                    "grafted"
                }
                Err(_) => "refused",
            };
            let _ = (strip(&mutated), generated_sheets(&mutated));
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    assert!(outcomes.values().all(|count| *count > 30) && outcomes.len() == 2, "{outcomes:?}");
}

#[test]
fn names_that_identify_a_blank_and_feed_its_dropdowns_stay() {
    use std::io::Read;
    let catalogue = fupan::catalogue::Catalogue::shipped();
    let template = &catalogue.templates["review"];
    let identity = fupan::xlsx::blank::Identity::of(template);
    let blank = fupan::xlsx::blank::blank(catalogue, template, &identity, fupan::locale::Lang::Zh).unwrap();
    let pages = [fupan::page::Page::new("复盘总览", fupan::page::Tab::First)];
    let written = fupan::xlsx::write::write(&pages, &Default::default()).unwrap();
    let addition = Addition {
        package: &written.package,
        last_touch: &(),
        sheets: &written.sheets,
        theirs: &[],
        placement: Placement::After,
        activate: false,
        owner: Owner::Us,
        issue: None,
    };
    let once = graft(&blank, &addition, &[]).unwrap().package;
    let twice = graft(&once, &addition, &[]).unwrap().package;
    let names = |package: &[u8]| {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package.to_vec())).unwrap();
        let mut text = String::new();
        archive.by_name("xl/workbook.xml").unwrap().read_to_string(&mut text).unwrap();
        text.matches("name=\"_fupan.").count() - text.matches("name=\"_fupan.gen.").count()
    };
    assert!(names(&blank) > 20);
    assert_eq!(names(&once), names(&blank));
    assert!(once == twice);
}
