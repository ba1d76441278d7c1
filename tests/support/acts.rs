//! What somebody does with workbooks in LibreOffice: types, sorts, inserts, copies sheets, saves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A workbook, what is done with it (lines of Basic over `doc`, see [`WORDS`]), and where it is saved.
pub struct Act<'a> {
    /// The workbook.
    pub from: &'a Path,
    /// What is done.
    pub basic: &'a str,
    /// Where it is saved.
    pub to: PathBuf,
}

/// What acts are told with, besides LibreOffice's own words.
const WORDS: &str = r#"
Function Cells(doc, sheet As String, area As String)
  Cells = doc.Sheets.getByName(sheet).getCellRangeByName(area)
End Function

Sub Sort(doc, sheet As String, area As String, column As Integer, ascending As Boolean)
  Dim fields(0) As New com.sun.star.table.TableSortField
  fields(0).Field = column
  fields(0).IsAscending = ascending
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "SortFields"
  how(0).Value = fields()
  how(1).Name = "ContainsHeader"
  how(1).Value = False
  Cells(doc, sheet, area).sort(how())
End Sub

Function Opened(path As String)
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "Hidden"
  how(0).Value = True
  Opened = StarDesktop.loadComponentFromURL(ConvertToURL(path), "_blank", 0, how())
End Function

Sub Saved(doc, path As String)
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = "Calc MS Excel 2007 XML"
  doc.calculateAll()
  doc.storeToURL(ConvertToURL(path), how())
  doc.close(True)
End Sub
"#;

/// Does everything in one start of LibreOffice.
pub fn done(home: &Path, acts: &[Act<'_>]) {
    let profile = home.join("acting");
    let soffice = |last: &str| {
        let output = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(["--headless", "--norestore", last])
            .output()
            .expect("LibreOffice (soffice) is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    // A library put there before the first start is replaced by it.
    soffice("--terminate_after_init");
    let mut text = format!("{WORDS}\nSub Main\n");
    for act in acts {
        let (from, to) = (act.from.display(), act.to.display());
        text += &format!("doc = Opened(\"{from}\")\n{}\nSaved(doc, \"{to}\")\n", act.basic);
    }
    text += "End Sub\n";
    let library = profile.join("user/basic/Standard");
    fs::create_dir_all(&library).unwrap();
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let module = format!(
        r#"{head}<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{text}</script:module>"#
    );
    let index = format!(
        r#"{head}<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>"#
    );
    fs::write(library.join("Module1.xba"), module).unwrap();
    fs::write(library.join("script.xlb"), index).unwrap();
    soffice("macro:///Standard.Module1.Main");
    for act in acts {
        assert!(act.to.exists(), "LibreOffice did not do: {}", act.basic);
    }
}
