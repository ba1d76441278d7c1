//! Clean workbooks are told nothing worse than a note, and what is planted in them is found where it was planted.

use crate::injection::clean::{Judge, alarms, books};

#[test]
fn made_up_clean_workbooks_are_told_nothing_worse_than_a_note() {
    let judge = Judge::new();
    let mut wrong = Vec::new();
    let all = books(judge.catalogue, 1);
    assert!(all.len() >= 60);
    for book in &all {
        let laid = book.laid(judge.catalogue);
        let told = alarms(&judge.findings(&laid.workbook, book.story.as_of));
        wrong.extend(told.into_iter().map(|line| format!("{}: {line}", book.name)));
    }
    assert!(wrong.is_empty(), "{} alarms\n{}", wrong.len(), wrong.join("\n"));
}
