//! A table as comma-separated text that Excel opens as it is: UTF-8 with its mark, lines ended as there.

use std::io::{self, Write};

use super::{Kind, Value};

/// A table being written.
pub(super) struct Writer<C: Write>(io::BufWriter<C>);

impl<C: Write> Writer<C> {
    pub fn begin(out: C, columns: &[(&'static str, Kind)]) -> io::Result<Writer<C>> {
        let mut writer = Writer(io::BufWriter::new(out));
        writer.0.write_all(b"\xef\xbb\xbf")?;
        let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        writer.line(&names)?;
        Ok(writer)
    }

    pub fn add(&mut self, values: &[Value]) -> io::Result<()> {
        let cells: Vec<String> = values.iter().map(shown).collect();
        self.line(&cells)
    }

    fn line(&mut self, cells: &[String]) -> io::Result<()> {
        self.0.write_all(cells.join(",").as_bytes())?;
        self.0.write_all(b"\r\n")
    }

    pub fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => quoted(text),
        Value::Number(n) => n.to_string(),
        Value::Count(n) => n.to_string(),
        Value::Flag(yes) => yes.to_string(),
        Value::Day(day) => day.to_string(),
    }
}

/// A text in quotation marks where it needs them. One that a spreadsheet would take for a formula gets an apostrophe:
/// what a workbook says must not run where its table is opened.
fn quoted(text: &str) -> String {
    let harmless = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if harmless.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_a_text() {
        for (text, shown) in [
            ("抖音", "抖音"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-3 天", "'-3 天"),
            ("甲,乙", "\"甲,乙\""),
            ("说\"好\"", "\"说\"\"好\"\"\""),
        ] {
            assert_eq!(quoted(text), shown);
        }
        assert_eq!(super::shown(&Value::Number(-3.0)), "-3", "a number is none");
    }
}
