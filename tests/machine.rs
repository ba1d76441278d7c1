//! Faults of the machine around the files: what cannot be listed, links, pipes, full disks, calls that fail, a run
//! that is killed. Whatever happens, the earlier results are whole, and nothing is passed over in silence.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_fupan");
const WORKBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/clean/product-12.xlsx");

/// A folder for one test, with an inbox of so many workbooks.
fn home(workbooks: usize) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let inbox = home.path().join("in");
    fs::create_dir(&inbox).unwrap();
    for n in 0..workbooks {
        // Files that differ behind the end of the package are different files.
        let bytes = [fs::read(WORKBOOK).unwrap(), vec![0; n]].concat();
        fs::write(inbox.join(format!("{n}.xlsx")), bytes).unwrap();
    }
    let out = home.path().join("out");
    (home, inbox, out)
}

fn spoken(command: &mut Command) -> Output {
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES").output().unwrap()
}

fn batch(inbox: &Path, out: &Path, day: &str) -> Output {
    spoken(Command::new(PROGRAM).args(arguments(inbox, out, day)))
}

fn arguments(inbox: &Path, out: &Path, day: &str) -> Vec<std::ffi::OsString> {
    let mut arguments: Vec<std::ffi::OsString> = vec!["batch".into(), inbox.into(), "-o".into(), out.into()];
    let more = ["--as-of", day, "--fail-on", "never", "--max-seconds", "600", "--jobs", "1", "-q"];
    arguments.extend(more.map(Into::into));
    arguments
}

fn record(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap()
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let all = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    all.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_inbox_with_nothing_in_it_replaces_no_results() {
    let (_home, inbox, out) = home(1);
    assert_eq!(batch(&inbox, &out, "2024-12-20").status.code(), Some(0));
    let before = files(&out);
    fs::remove_file(inbox.join("0.xlsx")).unwrap();
    let output = batch(&inbox, &out, "2024-12-27");
    assert_eq!(output.status.code(), Some(4));
    assert!(
        error(&output).contains("没有工作簿") && error(&output).contains("原样保留"),
        "{}",
        error(&output)
    );
    assert!(files(&out) == before);
}

/// E10: a text does not show that its end is missing, so that one that has just changed is watched.
#[test]
fn a_table_that_is_still_being_copied_is_waited_for() {
    let (_home, inbox, out) = home(0);
    let input = inbox.join("渠道效果表.csv");
    fs::write(&input, "渠道,花费(元),转化数,销售额(元),数据来源\n").unwrap();
    let copying = std::thread::spawn(move || {
        use std::io::Write;
        for n in 0..40 {
            let mut file = fs::OpenOptions::new().append(true).open(&input).unwrap();
            writeln!(file, "渠道{n},1000,10,5000,后台").unwrap();
            std::thread::sleep(std::time::Duration::from_millis(60));
        }
    });
    let output = batch(&inbox, &out, "2024-12-20");
    copying.join().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let rows = record(&out)["files"][0]["campaign"]["channels"].as_array().map(Vec::len);
    assert_eq!(rows, Some(40));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The program as somebody whom permissions stop: root they do not.
    fn as_nobody(folder: &Path) -> Command {
        allow(folder, 0o777);
        let probe = folder.join("probe");
        fs::create_dir(&probe).unwrap();
        allow(&probe, 0);
        let root = fs::read_dir(&probe).is_ok();
        fs::remove_dir(&probe).unwrap();
        if !root {
            return Command::new(PROGRAM);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", PROGRAM]);
        command
    }

    #[test]
    fn what_cannot_be_listed_is_a_file_that_was_not_read() {
        let (home, inbox, out) = home(1);
        fs::create_dir(inbox.join("里面")).unwrap();
        fs::write(inbox.join("里面/b.xlsx"), "x").unwrap();
        allow(&inbox.join("里面"), 0);
        let output = spoken(as_nobody(home.path()).args(arguments(&inbox, &out, "2024-12-20")));
        allow(&inbox.join("里面"), 0o755);
        assert_eq!(output.status.code(), Some(3), "{}", error(&output));
        assert!(error(&output).contains("里面"), "{}", error(&output));
        let files = record(&out)["files"].clone();
        assert_eq!(
            (files[1]["file"].as_str(), files[1]["outcome"].as_str()),
            (Some("里面"), Some("refused"))
        );
    }

    #[test]
    fn earlier_results_that_are_read_only_are_replaced_all_the_same() {
        let (home, inbox, out) = home(1);
        let parent = home.path().join("p");
        fs::create_dir(&parent).unwrap();
        allow(&parent, 0o777);
        let out = parent.join(out.file_name().unwrap());
        let run = |day| {
            let output = spoken(as_nobody(home.path()).args(arguments(&inbox, &out, day)));
            assert_eq!(output.status.code(), Some(0), "{}", error(&output));
            assert_eq!(record(&out)["as_of"], day);
            assert_eq!(names(&parent), ["fupan.db", "out"]);
        };
        run("2024-12-20");
        for entry in walkdir::WalkDir::new(&out).contents_first(true).into_iter().flatten() {
            allow(entry.path(), if entry.file_type().is_dir() { 0o555 } else { 0o444 });
        }
        run("2024-11-01");
        run("2024-10-01");
    }

    #[test]
    fn a_link_given_as_output_stays_one_and_what_it_leads_to_is_written() {
        let (home, inbox, _) = home(1);
        let (real, link) = (home.path().join("real"), home.path().join("link"));
        fs::create_dir(&real).unwrap();
        symlink("real", &link).unwrap();
        assert_eq!(batch(&inbox, &link, "2024-12-20").status.code(), Some(0));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(record(&real)["as_of"], "2024-12-20");

        let (book, pointer) = (home.path().join("书.xlsx"), home.path().join("指.xlsx"));
        fs::write(&book, "old").unwrap();
        symlink(&book, &pointer).unwrap();
        let enrich =
            |out: &Path| spoken(Command::new(PROGRAM).arg("enrich").arg(WORKBOOK).arg("-o").arg(out));
        assert_eq!(enrich(&pointer).status.code(), Some(0));
        assert!(fs::symlink_metadata(&pointer).unwrap().is_symlink());
        assert!(fs::read(&book).unwrap().starts_with(b"PK"));

        // What is no file is never replaced by one.
        let pipe = home.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(enrich(&pipe).status.code(), Some(4));
        assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    }

    /// E14: a pipe would keep the program waiting for ever.
    #[test]
    fn a_pipe_is_no_workbook() {
        let (home, ..) = home(0);
        let pipe = home.path().join("管道.xlsx");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let output = spoken(Command::new("timeout").args(["60", PROGRAM, "check"]).arg(&pipe));
        assert_eq!(output.status.code(), Some(4), "{}", error(&output));
    }

    /// E25: what was asked for and could not be printed is told, and is no success.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_behind_standard_output_is_told() {
        let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let commands: [&[&str]; 5] = [
            &["check"],
            &["check", "--format", "json"],
            &["check", "--format", "sarif"],
            &["analyse", "--format", "json"],
            &["inspect"],
        ];
        for command in commands {
            let child = Command::new(PROGRAM)
                .args(command)
                .arg(WORKBOOK)
                .stdout(full())
                .stderr(std::process::Stdio::piped())
                .spawn();
            let output = child.unwrap().wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(4), "{command:?}");
            assert!(!output.stderr.is_empty(), "{command:?}");
        }
    }

    /// E12, E14: names of every kind, links in a circle, a folder named like a workbook.
    #[test]
    fn names_of_every_kind_are_inputs_and_circles_are_none() {
        let (home, inbox, out) = home(0);
        let mut csv = 0;
        let mut put = |name: &[u8]| {
            csv += 1;
            let text = format!("渠道,花费(元),转化数,销售额(元),数据来源\n抖音{csv},1000,10,5000,后台\n");
            fs::write(inbox.join(OsStr::from_bytes(name)), text).unwrap();
        };
        for name in ["a\nb.csv", "\u{1b}[2J.csv", "c\u{202e}d.csv", "😀.csv", "-x.csv", " .csv"] {
            put(name.as_bytes());
        }
        put(b"\xff.csv");
        put(b"\xfe.csv");
        put(format!("{}.csv", "长".repeat(83)).as_bytes());
        put(format!("{}.csv", "a".repeat(251)).as_bytes());
        symlink(".", inbox.join("圈")).unwrap();
        symlink("圈二.csv", inbox.join("圈二.csv")).unwrap();
        fs::create_dir(inbox.join("夹.xlsx")).unwrap();
        let mut arguments = arguments(&inbox, &out, "2024-12-20");
        arguments.push("--docx".into());
        let output = spoken(Command::new(PROGRAM).args(arguments));
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
        let record = record(&out);
        let files = record["files"].as_array().unwrap();
        assert_eq!(files.len(), csv);
        let names: std::collections::BTreeSet<&str> =
            files.iter().map(|file| file["file"].as_str().unwrap()).collect();
        assert_eq!(names.len(), csv, "two names that are not UTF-8 stay two: {names:?}");
        assert!(
            files.iter().all(|file| file["campaign"]["output"].as_str().is_some_and(|out| !out.is_empty()))
        );
        let _ = home;
    }

    /// A pasted sentence as the name of a campaign: file systems count bytes.
    #[test]
    fn a_name_of_a_hundred_characters_is_cut_and_stops_nobody() {
        let (_home, inbox, out) = home(0);
        for (n, name) in ["长".repeat(100), "长".repeat(100), "短".to_owned()].iter().enumerate() {
            let mut workbook = crate::support::timeless();
            let sheet = workbook.add_worksheet().set_name("活动基本信息表").unwrap();
            for (row, (key, value)) in
                (0u32..).zip([("项目", "内容"), ("活动名称", name.as_str()), ("活动编号", &format!("C{n}"))])
            {
                sheet.write(row, 0, key).unwrap();
                sheet.write(row, 1, value).unwrap();
            }
            let sheet = workbook.add_worksheet().set_name("渠道效果表").unwrap();
            sheet.write_row(0, 0, ["渠道", "花费(元)", "转化数", "销售额(元)", "数据来源"]).unwrap();
            sheet.write_row(1, 0, ["抖音", "1000", "10", "5000", "后台"]).unwrap();
            workbook.save(inbox.join(format!("{n}.xlsx"))).unwrap();
        }
        let mut arguments = arguments(&inbox, &out, "2024-12-20");
        arguments.push("--docx".into());
        let output = spoken(Command::new(PROGRAM).args(arguments));
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
        let books = names(&out.join("活动"));
        assert_eq!(books.iter().filter(|name| name.ends_with(".xlsx")).count(), 3, "{books:?}");
    }

    /// E1: whatever fits on the disk and whatever does not, the earlier results are whole or replaced whole.
    #[test]
    fn a_disk_that_fills_up_leaves_the_earlier_results() {
        let (home, inbox, out) = home(2);
        assert_eq!(batch(&inbox, &out, "2024-12-20").status.code(), Some(0));
        let before = files(&out);
        let mut failed = 0;
        for kilobytes in [0, 4, 32, 128, 512, 4096] {
            // Writing beyond the limit fails as on a full disk, where the signal for it is not taken.
            let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\"");
            let mut command = Command::new("bash");
            command.args(["-c", &script, "run", PROGRAM]).args(arguments(&inbox, &out, "2024-12-27"));
            let output = spoken(&mut command);
            if output.status.code() == Some(0) {
                assert_eq!(record(&out)["as_of"], "2024-12-27");
                break;
            }
            failed += 1;
            assert_eq!(output.status.code(), Some(4), "{kilobytes}: {}", error(&output));
            assert!(files(&out) == before, "{kilobytes}");
            assert_eq!(names(home.path()), ["fupan.db", "in", "out"], "{kilobytes}");
        }
        assert!((2..6).contains(&failed), "{failed}");
    }

    /// E1, E2, E18: every call of a run that changes the disk fails in turn, and every one is the last in turn.
    #[test]
    #[cfg(target_os = "linux")]
    fn whichever_call_fails_the_earlier_results_are_whole() {
        let (home, inbox, out) = home(1);
        assert_eq!(batch(&inbox, &out, "2024-12-20").status.code(), Some(0));
        let old = files(&out);
        let (_other, new_inbox, new_out) = super::home(1);
        // The new results have the old ones for a past.
        assert_eq!(batch(&new_inbox, &new_out, "2024-12-20").status.code(), Some(0));
        assert_eq!(batch(&new_inbox, &new_out, "2024-12-27").status.code(), Some(0));
        let new: Vec<Vec<u8>> = files(&new_out).into_values().collect();
        let mut tried = 0;
        let faults = [
            ("rename", "error=EIO"),
            ("rename", "signal=KILL"),
            ("fsync", "error=ENOSPC"),
            ("mkdir", "error=EIO"),
            ("rmdir", "error=EBUSY"),
        ];
        {
            for (call, fault) in faults {
                for nth in 1.. {
                    // Put the earlier results back where a run has replaced them.
                    if files(&out) != old {
                        let _ = fs::remove_dir_all(&out);
                        assert_eq!(batch(&inbox, &out, "2024-12-20").status.code(), Some(0));
                    }
                    let log = home.path().join("log");
                    let mut command = Command::new("strace");
                    command.args(["-f", "-qq", "-o"]).arg(&log);
                    command.args(["-e", &format!("trace={call}"), "-e"]);
                    command.arg(format!("inject={call}:{fault}:when={nth}"));
                    let output = spoken(command.arg(PROGRAM).args(arguments(&inbox, &out, "2024-12-27")));
                    let said = fs::read_to_string(&log).unwrap();
                    fs::remove_file(&log).unwrap();
                    // A killed run takes its tracer with it.
                    let hit = said.contains("(INJECTED)") || output.status.code().is_none();
                    let what = format!("{call} {nth} {fault}: {:?} {}", output.status, error(&output));
                    // Killed between its two last moves, the next run puts the earlier results back.
                    let left = home.path().join(".fupan-out.old");
                    let there = if out.exists() { out.clone() } else { left };
                    let found: Vec<Vec<u8>> = files(&there).into_values().collect();
                    let whole = found.iter().eq(old.values()) || found == new;
                    assert!(whole, "{what}: a mixture");
                    if !hit {
                        assert_eq!(output.status.code(), Some(0), "{what}");
                        break;
                    }
                    if output.status.code() == Some(0) {
                        assert!(found == new, "{what}: no results though all is well");
                    }
                    tried += 1;
                }
            }
        }
        assert!(tried > 15, "{tried}");
        assert_eq!(batch(&inbox, &out, "2024-12-27").status.code(), Some(0));
        assert_eq!(names(home.path()), ["fupan.db", "in", "out"], "the next run clears away");
    }
}

#[test]
fn a_reader_that_stops_early_breaks_nothing() {
    let program = assert_cmd::cargo::cargo_bin("fupan");
    for command in ["completions bash", "manual", "explain", "template list"] {
        let line = format!("'{}' {command} | head -c 10", program.display());
        let output = Command::new("sh").args(["-c", &line]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.is_empty() && !output.stdout.is_empty(), "{command}: {said}");
    }
}
