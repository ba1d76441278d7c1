//! Findings of one file on the console: how many, what to fill in first, then each with its place and what to do.

use crate::command::console::Console;
use crate::diagnostic::{Finding, Severity};
use crate::exchange::Reading;
use crate::exchange::baseline::State;
use crate::metrics::blockers::Blocker;

/// So many blockers are shown; the rest are on the sheet of findings and in the JSON.
const BLOCKERS: usize = 3;
/// So many cells of one cause are shown.
const CELLS: usize = 3;

/// One file's findings: how many, what they block, where, what, what to do.
pub fn tell(file: &str, reading: &Reading, console: &Console) {
    let words = &console.words;
    let of =
        |severity| count(reading.findings.iter().filter(|finding| finding.severity == severity), console);
    console.print(&words.say(
        "check_file",
        &[
            ("file", file),
            ("errors", &of(Severity::Error)),
            ("warnings", &of(Severity::Warning)),
            ("notes", &of(Severity::Note)),
        ],
    ));
    if let Some(compared) = &reading.compared {
        let (new, still) = compared.counts();
        console.print(&words.say(
            "check_compared",
            &[
                ("new", &new.to_string()),
                ("still", &still.to_string()),
                ("fixed", &compared.fixed.len().to_string()),
            ],
        ));
    }
    for blocker in reading.blockers.iter().take(BLOCKERS) {
        console.print(&format!("  {}", blocker_text(blocker, console)));
    }
    for (i, finding) in reading.findings.iter().enumerate() {
        let state = reading.compared.as_ref().and_then(|compared| compared.states.get(i));
        console.print(&finding_text(finding, state.copied(), console));
    }
    for past in reading.compared.iter().flat_map(|compared| &compared.fixed) {
        let place = match (&past.sheet, &past.cell) {
            (Some(sheet), Some(cell)) => format!("{sheet}!{cell}"),
            (Some(sheet), None) => sheet.clone(),
            (None, _) => words.get("whole_file"),
        };
        console.print(&format!("  {} {place}  {}  [{}]", words.get("state_fixed"), past.message, past.code));
    }
    if reading.silenced > 0 {
        console.print(&words.say("check_silenced", &[("n", &reading.silenced.to_string())]));
    }
}

/// How many findings, and over how many cells where those are more: `7 项（69 格）`.
pub fn count<'a>(findings: impl Iterator<Item = &'a Finding>, console: &Console) -> String {
    let (findings, cells) = findings.fold((0, 0), |(n, cells), finding| (n + 1, cells + finding.cells()));
    counted(findings, cells, console)
}

/// The same from the numbers.
pub fn counted(findings: usize, cells: usize, console: &Console) -> String {
    let key = if cells > findings { "findings_over_cells" } else { "findings_count" };
    console.words.say(key, &[("n", &findings.to_string()), ("cells", &cells.to_string())])
}

/// What to fill in and what that yields, in one line.
pub fn blocker_text(blocker: &Blocker, console: &Console) -> String {
    let words = &console.words;
    let mut sheet = "";
    let mut cells: Vec<String> = Vec::new();
    for place in blocker.cells.iter().take(CELLS) {
        let same = &*place.sheet == sheet;
        cells.push(if same { place.cell.to_string() } else { place.to_string() });
        sheet = &place.sheet;
    }
    if blocker.cells.len() > CELLS {
        cells.push("…".into());
    }
    words.say(
        "check_blocker",
        &[
            ("n", &blocker.cells.len().to_string()),
            ("cells", &cells.join(" ")),
            ("figures", &blocker.figures(console.lang)),
        ],
    )
}

/// One finding in two or three lines.
fn finding_text(finding: &Finding, state: Option<State>, console: &Console) -> String {
    let words = &console.words;
    let level = words.get(match finding.severity {
        Severity::Error => "level_error",
        Severity::Warning => "level_warning",
        Severity::Note => "level_note",
    });
    let state = match state {
        None => String::new(),
        Some(State::New) => format!("{} ", words.get("state_new")),
        Some(State::Still) => format!("{} ", words.get("state_still")),
        Some(State::Grown(n)) => format!("{} ", words.say("state_grown", &[("n", &n.to_string())])),
    };
    let place = match (&finding.at, &finding.sheet) {
        (Some(at), _) => at.to_string(),
        (None, Some(sheet)) => sheet.clone(),
        (None, None) => words.get("whole_file"),
    };
    let mut text =
        format!("  {state}{level} {place}  {}  [{}]", finding.message(console.lang), finding.code.name);
    if !finding.more.is_empty() {
        let mut shown: Vec<String> = finding.more.iter().take(CELLS - 1).map(ToString::to_string).collect();
        if finding.more.len() > shown.len() {
            shown.push("…".into());
        }
        let n = finding.more.len().to_string();
        text += &format!("\n       {}", words.say("check_more", &[("n", &n), ("cells", &shown.join(" "))]));
    }
    text += &format!("\n       → {}", finding.help(console.lang));
    if let Some(suggestion) = &finding.suggestion {
        text += &words.say("check_suggestion", &[("value", suggestion)]);
    }
    text
}
