//! What is said about files: why one was not read, or not enriched.

use crate::batch::isolation::Failure;
use crate::code;
use crate::diagnostic::{Arg, Code, Finding};
use crate::exports;
use crate::record::export::Export;
use crate::xlsx::foreign::Converted;
use crate::xlsx::graft::GraftError;
use crate::xlsx::guard::{Measure, Refusal};
use crate::xlsx::sniff::Kind;

code!(pub EMPTY_FILE = "empty-file", Error, File, "findings/empty_file.toml");
code!(pub NOT_DOWNLOADED = "not-downloaded", Error, File, "findings/not_downloaded.toml");
code!(pub ENCRYPTED = "encrypted", Error, File, "findings/encrypted.toml");
code!(pub NOT_A_WORKBOOK = "not-a-workbook", Error, File, "findings/not_a_workbook.toml");
code!(pub OTHER_FORMAT = "other-format", Error, File, "findings/other_format.toml");
code!(pub TRUNCATED = "truncated", Error, File, "findings/truncated.toml");
code!(pub DECOMPRESSION_BOMB = "decompression-bomb", Error, File, "findings/decompression_bomb.toml");
code!(pub TOO_LARGE = "too-large", Error, File, "findings/too_large.toml");
code!(pub DAMAGED = "damaged", Error, File, "findings/damaged.toml");
code!(pub HOSTILE = "hostile", Error, File, "findings/hostile.toml");
code!(pub WRONG_ENCODING = "wrong-encoding", Error, File, "findings/wrong_encoding.toml");
code!(pub NO_SHEETS = "no-sheets", Error, File, "findings/no_sheets.toml");
code!(pub UNSOUND_SHEET = "unsound-sheet", Error, File, "findings/unsound_sheet.toml");
code!(pub CANNOT_OPEN = "cannot-open", Error, File, "findings/cannot_open.toml");
code!(pub STILL_CHANGING = "still-changing", Error, File, "findings/still_changing.toml");
code!(pub INTERNAL_ERROR = "internal-error", Error, File, "findings/internal_error.toml");
code!(pub OUT_OF_MEMORY = "out-of-memory", Error, File, "findings/out_of_memory.toml");
code!(pub TOOK_TOO_LONG = "took-too-long", Error, File, "findings/took_too_long.toml");
code!(pub NO_WORKER = "no-worker", Error, File, "findings/no_worker.toml");
code!(pub CONVERTED = "converted-format", Note, File, "findings/converted_format.toml");
code!(pub CANNOT_GRAFT = "cannot-graft", Warning, File, "findings/cannot_graft.toml");
code!(pub MAIL_UNREADABLE = "mail-unreadable", Error, File, "findings/mail_unreadable.toml");
code!(pub MAIL_ATTACHMENT = "mail-attachment", Warning, Portfolio, "findings/mail_attachment.toml");
code!(pub ROSTER_TWICE = "roster-twice", Warning, Portfolio, "findings/roster_twice.toml");
code!(pub ISSUE_NOT_BELIEVED = "issue-not-believed", Note, File, "findings/issue_not_believed.toml");
code!(pub PLATFORM_EXPORT = "platform-export", Note, File, "findings/platform_export.toml");
code!(pub PORTFOLIO_RETURNED = "portfolio-returned", Note, Portfolio, "findings/portfolio_returned.toml");
code!(pub LOCK_FILE = "lock-file", Note, File, "findings/lock_file.toml");
code!(pub SAME_CAMPAIGN_TWICE = "same-campaign-twice", Warning, Portfolio, "findings/same_campaign_twice.toml");

/// Every code of this floor.
pub static CODES: &[&Code] = &[
    &EMPTY_FILE,
    &NOT_DOWNLOADED,
    &ENCRYPTED,
    &NOT_A_WORKBOOK,
    &OTHER_FORMAT,
    &TRUNCATED,
    &DECOMPRESSION_BOMB,
    &TOO_LARGE,
    &DAMAGED,
    &HOSTILE,
    &WRONG_ENCODING,
    &NO_SHEETS,
    &UNSOUND_SHEET,
    &CANNOT_OPEN,
    &STILL_CHANGING,
    &INTERNAL_ERROR,
    &OUT_OF_MEMORY,
    &TOOK_TOO_LONG,
    &NO_WORKER,
    &CONVERTED,
    &CANNOT_GRAFT,
    &MAIL_UNREADABLE,
    &MAIL_ATTACHMENT,
    &ROSTER_TWICE,
    &ISSUE_NOT_BELIEVED,
    &PLATFORM_EXPORT,
    &PORTFOLIO_RETURNED,
    &LOCK_FILE,
    &SAME_CAMPAIGN_TWICE,
];

/// That what a file says it was issued with is not believed, and why.
pub fn not_believed(file: &str, why: Arg) -> Finding {
    Finding::new(&ISSUE_NOT_BELIEVED).arg("file", Arg::Text(file.to_owned())).arg("detail", why)
}

/// That a file is a back office's export.
pub fn platform_export(export: &Export) -> Finding {
    let finding = Finding::new(&PLATFORM_EXPORT).at(&export.header);
    match exports::source(&export.source) {
        Some(source) => finding.arg("source", source.label.arg()),
        None => finding,
    }
}

/// What became of the words on a portfolio that came back: how many are obeyed, and how many came after another.
pub fn returned(file: &str, obeyed: usize, overtaken: usize) -> Finding {
    let phrase = |n: usize, word| Arg::Phrase(vec![Arg::Count(n), Arg::Word(word)]);
    let parts = [(obeyed, "words-obeyed"), (overtaken, "words-overtaken")];
    let parts: Vec<Arg> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| phrase(n, word)).collect();
    returned_with(
        Arg::Text(file.to_owned()),
        if parts.is_empty() { Arg::Word("words-none") } else { Arg::All(parts) },
    )
}

/// That a file is a portfolio of ours, where nobody asks what is written on it.
pub fn portfolio_file() -> Finding {
    returned_with(Arg::Word("this-file"), Arg::Word("words-elsewhere"))
}

fn returned_with(file: Arg, detail: Arg) -> Finding {
    Finding::new(&PORTFOLIO_RETURNED).arg("file", file).arg("detail", detail)
}

/// Why it is not, in words; `trouble` as [`crate::batch::carried`] names it.
pub fn why_not(trouble: &str) -> Arg {
    Arg::Word(match trouble {
        "version" => "issue-version",
        "other-data" => "issue-other-data",
        "future" => "issue-future",
        "lost" => "issue-lost",
        _ => "issue-unreadable",
    })
}

const MIB: f64 = 1_048_576.0;

/// Why a file was not read, as a finding.
pub fn refused(refusal: &Refusal) -> Finding {
    let unsound = |sheet: &str, cell: String, detail: &'static str| {
        Finding::new(&UNSOUND_SHEET)
            .on_sheet(sheet)
            .arg("sheet", Arg::Text(sheet.to_owned()))
            .arg("cell", Arg::Text(cell))
            .arg("detail", Arg::Word(detail))
    };
    match refusal {
        Refusal::Empty => Finding::new(&EMPTY_FILE),
        Refusal::NotDownloaded => Finding::new(&NOT_DOWNLOADED),
        Refusal::Encrypted => Finding::new(&ENCRYPTED),
        Refusal::NotAWorkbook(kind) => {
            let code = if is_spreadsheet(*kind) { &OTHER_FORMAT } else { &NOT_A_WORKBOOK };
            Finding::new(code).arg("kind", Arg::Word(kind.name()))
        }
        Refusal::Truncated => Finding::new(&TRUNCATED),
        Refusal::Bomb { unpacked, limit } => Finding::new(&DECOMPRESSION_BOMB)
            .arg("unpacked", Arg::Number((*unpacked as f64 / MIB).round()))
            .arg("limit", Arg::Number((*limit as f64 / MIB).round())),
        Refusal::TooLarge { measure, found, limit } => Finding::new(&TOO_LARGE)
            .arg("measure", Arg::Word(measure_name(*measure)))
            .arg("found", Arg::Number(*found as f64))
            .arg("limit", Arg::Number(*limit as f64)),
        Refusal::Damaged { .. } => Finding::new(&DAMAGED),
        Refusal::Hostile { .. } => Finding::new(&HOSTILE),
        Refusal::Encoding { .. } => Finding::new(&WRONG_ENCODING),
        Refusal::NoSheets => Finding::new(&NO_SHEETS),
        Refusal::SameSheetName(sheet) => unsound(sheet, String::new(), "sheet-twice"),
        Refusal::MissingSheet(sheet) => unsound(sheet, String::new(), "sheet-gone"),
        Refusal::BadSharedStrings { sheet, cell, .. } => unsound(sheet, cell.to_string(), "cell-unsound"),
        Refusal::BadCell { sheet, cell, .. } => unsound(sheet, cell.clone(), "cell-unsound"),
    }
}

/// What the program said when it panicked on a file; told to us, not to the sender.
pub fn panicked(words: &str) -> Finding {
    Finding::new(&INTERNAL_ERROR).found(words)
}

/// Why a file came to nothing in its worker, as a finding.
pub fn failed(failure: &Failure) -> Finding {
    match failure {
        Failure::Panic(words) => panicked(words),
        Failure::Crash(words) => Finding::new(&INTERNAL_ERROR).found(words.as_str()),
        Failure::Garbage => Finding::new(&INTERNAL_ERROR).found("no answer"),
        Failure::Memory(bytes) => {
            Finding::new(&OUT_OF_MEMORY).arg("limit", Arg::Number((*bytes as f64 / MIB).round()))
        }
        Failure::Time(seconds) => Finding::new(&TOOK_TOO_LONG).arg("limit", Arg::Number(*seconds as f64)),
        Failure::NoWorker(reason) => Finding::new(&NO_WORKER).arg("reason", Arg::Text(reason.clone())),
    }
}

/// What became of a file of another format, as a finding.
pub fn converted(other: &Converted) -> Finding {
    Finding::new(&CONVERTED).arg("kind", Arg::Word(other.kind.name()))
}

/// Why our sheets could not be added, as a finding.
pub fn not_grafted(error: &GraftError) -> Finding {
    Finding::new(&CANNOT_GRAFT).arg("reason", Arg::Word(graft_reason(error)))
}

fn is_spreadsheet(kind: Kind) -> bool {
    matches!(kind, Kind::Xls | Kind::OldXls | Kind::Xlsb | Kind::Ods)
}

fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::File => "measure-file",
        Measure::Entries => "measure-entries",
        Measure::Part => "measure-part",
        Measure::Cells => "measure-cells",
        Measure::Text => "measure-text",
        Measure::Formats => "measure-formats",
        Measure::Sheets => "measure-sheets",
    }
}

fn graft_reason(error: &GraftError) -> &'static str {
    match error {
        GraftError::Encrypted => "graft-encrypted",
        GraftError::Strict => "graft-strict",
        GraftError::NotOoxml(_) => "graft-not-ooxml",
        GraftError::Damaged(_) => "graft-damaged",
        GraftError::NoSheets => "graft-no-sheets",
        GraftError::TooLarge => "graft-too-large",
        GraftError::ManyFormats => "graft-many-formats",
        GraftError::Addition(_) => "graft-addition",
    }
}
