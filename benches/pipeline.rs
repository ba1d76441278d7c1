//! The whole pipeline against the bare libraries on the same work, as ratios.
//!
//! One interleaved run: R reads every cell of every workbook with
//! calamine, W writes the added sheets plainly with rust_xlsxwriter, P is
//! the whole pipeline (guard, read, recognise, check, analyse, lay out, write,
//! graft), in processor time. Then the program itself over folders of growing size, for memory.
//!
//! `cargo bench` prints a table; nothing here can fail a test.

#![allow(clippy::disallowed_methods, reason = "a tool of the project, no part of the program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fs;
use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx};
use chrono::NaiveDate;
use cpu_time::ProcessTime;
use fupan::batch::one::{Settings, enrich, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::cell::Area;
use fupan::locale::Lang;
use fupan::page::{ChartKind, Dress, Page, PageCell, Role, Shape, Show, serial};
use fupan::policy::Policy;
use fupan::sheets::lay_out;
use fupan::xlsx::guard::Limits;
use fupan::xlsx::read::read;
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatDataBar, ConditionalFormatFormula, Format, FormatBorder,
    Formula, Note, Url, Workbook, Worksheet,
};

#[path = "../tests/support/distinct.rs"]
mod distinct;

use distinct::distinct;

const ROUNDS: usize = 15;

fn main() {
    let inputs = inputs(Path::new("fixtures/inbox"));
    let policy = Policy::default();
    let as_of = NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    let settings = Settings::new(Catalogue::shipped(), &policy, as_of, Lang::Zh);
    let pages: Vec<Vec<Page>> = inputs
        .iter()
        .map(|(name, bytes)| {
            let review = review_bytes(bytes, name, &settings).unwrap();
            let mut pages = lay_out(&review, Lang::Zh);
            let written = enrich(bytes, &review, Lang::Zh).unwrap();
            keep_written_merges(&mut pages, &read(&written, &Limits::default()).unwrap());
            pages
        })
        .collect();
    let cells: usize = pages.iter().flatten().map(|page| page.cells.len()).sum();
    println!(
        "{} workbooks, {cells} cells in the added sheets, {ROUNDS} interleaved rounds, processor time",
        inputs.len()
    );

    let mut ratios = Vec::new();
    let mut judged = Vec::new();
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        // Turn by turn for each workbook, so that whatever else the machine does meets all alike.
        let mut sums = [Duration::ZERO; 4];
        for ((name, bytes), pages) in inputs.iter().zip(&pages) {
            let turns = [
                timed(|| bare_read(bytes)),
                timed(|| bare_write(pages)),
                timed(|| {
                    let review = review_bytes(bytes, name, &settings).unwrap();
                    black_box(enrich(bytes, &review, Lang::Zh).unwrap());
                }),
                timed(|| {
                    black_box(review_bytes(bytes, name, &settings).unwrap());
                }),
            ];
            sums.iter_mut().zip(turns).for_each(|(sum, turn)| *sum += turn);
        }
        let [read, write, pipeline, only_judged] = sums.map(|sum| sum.as_secs_f64());
        ratios.push(pipeline / (read + write));
        judged.push(only_judged / (read + write));
        for (times, time) in times.iter_mut().zip([read, write, pipeline]) {
            times.push(time * 1000.0 / inputs.len() as f64);
        }
    }
    let [read, write, pipeline] = times.map(median);
    println!("R  bare calamine reading            {read:7.2} ms a workbook");
    println!("W  bare rust_xlsxwriter writing     {write:7.2} ms a workbook");
    println!("P  the whole pipeline               {pipeline:7.2} ms a workbook");
    println!(
        "P ÷ (R + W)                         {:7.2}  (min {:.2}, max {:.2})",
        median(ratios.clone()),
        least(&ratios),
        most(&ratios)
    );
    println!("read, recognise, check, analyse ÷ (R + W)   {:.2}", median(judged));
    folders(&self::inputs(Path::new("fixtures/clean")));
}

fn inputs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "xlsx" || extension == "xlsm"));
    paths.retain(|path| !path.file_name().unwrap().to_string_lossy().starts_with('~'));
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect()
}

/// Processor time of all threads: the writing library saves its sheets on several at once.
fn timed(work: impl FnOnce()) -> Duration {
    let start = ProcessTime::now();
    work();
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// Every cell of every sheet, streaming.
fn bare_read(bytes: &[u8]) {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    for name in workbook.sheet_names() {
        let mut reader = workbook.worksheet_cells_reader(&name).unwrap();
        while let Some(cell) = reader.next_cell().unwrap() {
            black_box(cell.get_value());
        }
    }
}

/// A block that the program leaves unmerged, because its text stands on one line, is not to be merged by `bare_write` either.
fn keep_written_merges(pages: &mut [Page], written: &fupan::workbook::Workbook) {
    for page in pages {
        let sheet = written.sheets.iter().find(|sheet| sheet.name == page.name).unwrap();
        page.merges.retain(|area| sheet.merges.contains(area));
    }
}

/// The same added sheets (cells with formats, links, notes, merged blocks, widths,
/// colours by value, page setup, charts) as a plain program would write them.
fn bare_write(pages: &[Page]) {
    let mut workbook = Workbook::new();
    // As tightly as the program packs, or the comparison would be one of packing.
    workbook.set_zip_compression_level(1);
    let mut formats: Vec<((Role, Shape), Format)> = Vec::new();
    for page in pages {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&*page.name).unwrap();
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&L&A&R&P / &N");
        if page.landscape {
            sheet.set_landscape();
        }
        if let Some(at) = page.freeze {
            sheet.set_freeze_panes(at.row, at.col as u16).unwrap();
        }
        page.dresses.iter().for_each(|dress| colour(sheet, dress));
        for (col, width) in &page.widths {
            sheet.set_column_width(*col as u16, *width).unwrap();
        }
        for area in page.merges.iter().filter(|area| area.first != area.last) {
            let (first, last) = (area.first, area.last);
            sheet
                .merge_range(first.row, first.col as u16, last.row, last.col as u16, "", &Format::new())
                .unwrap();
        }
        for (at, cell) in &page.cells {
            let (row, col) = (at.row, at.col as u16);
            let known = formats.iter().position(|(of, _)| *of == (cell.role, cell.shape));
            let known = known.unwrap_or_else(|| {
                formats.push(((cell.role, cell.shape), format_of(cell)));
                formats.len() - 1
            });
            let format = &formats[known].1;
            if let Some(note) = &cell.note {
                sheet.insert_note(row, col, &Note::new(&**note)).unwrap();
            }
            match &cell.show {
                Show::Blank => sheet.write_blank(row, col, format),
                Show::Link(text, place) if !text.is_empty() => {
                    let url = Url::new(format!("internal:'{}'!{}", place.sheet, place.cell)).set_text(text);
                    sheet.write_url_with_format(row, col, url, format)
                }
                Show::Text(text) | Show::Link(text, _) | Show::File(text, _) => {
                    sheet.write_string_with_format(row, col, text, format)
                }
                Show::Number(n) => sheet.write_number_with_format(row, col, *n, format),
                Show::Date(day) => sheet.write_number_with_format(row, col, serial(*day), format),
                Show::Formula(expr) => {
                    let text = expr.formula(&page.name, &|_| None);
                    let result = expr.number().unwrap_or_default().to_string();
                    sheet.write_formula_with_format(row, col, Formula::new(text).set_result(result), format)
                }
            }
            .unwrap();
        }
        for chart in &page.charts {
            sheet.insert_chart(chart.at.row, chart.at.col as u16, &plain_chart(chart)).unwrap();
        }
    }
    black_box(workbook.save_to_buffer().unwrap());
}

/// Colours by value.
fn colour(sheet: &mut Worksheet, dress: &Dress) {
    let rule = |rule: String| ConditionalFormatFormula::new().set_rule(Formula::new(rule));
    let mut put = |area: &Area, rule: &ConditionalFormatFormula| {
        let (first, last) = (area.first, area.last);
        sheet.add_conditional_format(first.row, first.col as u16, last.row, last.col as u16, rule).unwrap();
    };
    let format = |color: u32| Format::new().set_background_color(Color::RGB(color));
    match dress {
        Dress::Bands { area, good, bad } => {
            put(area, &rule(format!("{}>={good}", area.first)).set_format(format(0x00C6_EFCE)));
            put(area, &rule(format!("{}<{bad}", area.first)).set_format(format(0x00FF_C7CE)));
            put(area, &rule(format!("{}<{good}", area.first)).set_format(format(0x00FF_EB9C)));
        }
        Dress::Word { area, word, .. } => {
            put(area, &rule(format!("{}=\"{word}\"", area.first)).set_format(format(0x00FF_EB9C)));
        }
        Dress::Bar(area) | Dress::Heat(area) => {
            let last = area.last;
            sheet
                .add_conditional_format(
                    area.first.row,
                    area.first.col as u16,
                    last.row,
                    last.col as u16,
                    &ConditionalFormatDataBar::new(),
                )
                .unwrap();
        }
    }
}

fn format_of(cell: &PageCell) -> Format {
    let format = match cell.role {
        Role::Title | Role::Section | Role::Header | Role::Total => Format::new().set_bold(),
        _ => Format::new().set_border(FormatBorder::Hair),
    };
    match cell.shape {
        Shape::Percent => format.set_num_format("0.0%"),
        Shape::Money => format.set_num_format("#,##0"),
        Shape::Date => format.set_num_format("yyyy-mm-dd"),
        _ => format,
    }
}

fn plain_chart(chart: &fupan::page::Chart) -> Chart {
    let mut plain = Chart::new(match chart.kind {
        ChartKind::Bars | ChartKind::StackedBars => ChartType::Bar,
        ChartKind::Lines => ChartType::Line,
        ChartKind::Scatter => ChartType::Scatter,
        ChartKind::Doughnut => ChartType::Doughnut,
        _ => ChartType::Column,
    });
    plain.title().set_name(&chart.title);
    for series in &chart.series {
        let place = |range: &fupan::expr::Range| {
            let (first, last) = (range.area.first, range.area.last);
            format!("='{}'!{}:{}", range.sheet, first.absolute(), last.absolute())
        };
        let drawn = plain.add_series();
        drawn.set_name(&series.name).set_categories(place(&series.categories).as_str());
        drawn.set_values(place(&series.values).as_str());
    }
    plain
}

/// The program over folders of growing size, every file a campaign of its own: seconds and peak memory.
fn folders(inputs: &[(String, Vec<u8>)]) {
    println!("\nfiles   seconds   peak MiB   (the program, all cores, cold start to closing table)");
    for copies in [1, 10, 40] {
        let home = tempfile::tempdir().unwrap();
        let inbox = home.path().join("in");
        fs::create_dir(&inbox).unwrap();
        for copy in 0..copies {
            for (name, bytes) in inputs {
                fs::write(inbox.join(format!("{copy:03}-{name}")), distinct(bytes, name, copy)).unwrap();
            }
        }
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fupan"))
            .args(["batch", "--as-of", "2024-12-20", "--quiet", "-o"])
            .arg(home.path().join("out"))
            .arg(&inbox)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            peak = peak.max(high_water(child.id()));
            std::thread::sleep(Duration::from_millis(5));
        }
        println!(
            "{:5}   {:7.2}   {:8.0}",
            copies * inputs.len(),
            start.elapsed().as_secs_f64(),
            peak as f64 / 1024.0
        );
    }
}

/// Peak resident memory of a process and its workers in KiB, where the system tells.
fn high_water(process: u32) -> u64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.parse::<u32>().ok()
    });
    let of = |id: u32| {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let field = |name: &str| -> Option<u64> {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        (id == process || field("PPid:") == Some(process.into())).then(|| field("VmHWM:")).flatten()
    };
    processes.filter_map(of).sum()
}
