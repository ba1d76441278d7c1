//! `fupan enrich`: one workbook back with summary sheets, its own parts untouched.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::{Reading, exit, settings};
use crate::batch::input::snapshot;
use crate::batch::one::{enrich, report, review_bytes};
use crate::diagnostic::Finding;
use crate::locale::Lang;

/// Arguments of `fupan enrich`.
#[derive(Debug, Args)]
pub struct Arguments {
    file: PathBuf,
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    #[arg(long)]
    docx: bool,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    let policy = match settings::policy(&arguments.reading, arguments.file.parent(), console) {
        Ok(policy) => policy,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    let settings = settings::settings(&arguments.reading, &policy, lang);
    if is_same_file(&arguments.file, &arguments.out) {
        console.error(&console.words.get("out_is_input"));
        return exit::USAGE;
    }
    let name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let enriched = snapshot(&arguments.file, &settings.limits).and_then(|bytes| {
        let review = review_bytes(&bytes, &name, &settings)?;
        let package = enrich(&bytes, &review, lang)?;
        let told = if arguments.docx { report(&review, lang)? } else { None };
        Ok((package, told, review.findings.len()))
    });
    let saved = |path: &Path, bytes: &[u8], word: &str, findings: usize| {
        let shown = path.display().to_string();
        match save(path, bytes) {
            Ok(()) => {
                console.note(&console.words.say(word, &[("out", &shown), ("n", &findings.to_string())]));
                exit::CLEAN
            }
            Err(error) => {
                console
                    .error(&console.words.say("out_io", &[("path", &shown), ("reason", &error.to_string())]));
                exit::NOTHING
            }
        }
    };
    match enriched {
        Ok((package, told, findings)) => {
            let code = saved(&arguments.out, &package, "enriched", findings);
            match told {
                Some(told) if code == exit::CLEAN => {
                    saved(&report_beside(&arguments.out), &told, "report_written", findings)
                }
                None if arguments.docx && code == exit::CLEAN => {
                    console.note(&console.words.get("nothing_to_report"));
                    code
                }
                _ => code,
            }
        }
        Err(finding) => {
            console.error(&refused(&name, &finding, console));
            exit::NOTHING
        }
    }
}

/// Why a file was not read, in one line.
pub fn refused(name: &str, finding: &Finding, console: &Console) -> String {
    let message = format!("{}。{}", finding.message(console.lang), finding.help(console.lang));
    console.words.say("refused", &[("file", name), ("message", &message)])
}

/// Where the Word report of a workbook goes: beside it, under the same name.
fn report_beside(out: &Path) -> PathBuf {
    let stem = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    out.with_file_name(format!("{}.复盘报告.docx", stem.strip_suffix(".复盘").unwrap_or(&stem)))
}

fn is_same_file(input: &Path, out: &Path) -> bool {
    matches!((input.canonicalize(), out.canonicalize()), (Ok(input), Ok(out)) if input == out)
}

/// Writes a file whole or not at all: beside its place first, then moved there.
///
/// # Errors
/// What the system says.
pub fn save(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".fupan-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
