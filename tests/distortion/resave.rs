//! Workbooks saved again by other programs, many in one call.

use std::path::Path;
use std::process::Command;

/// Saves every file of a folder again, into another folder, through openpyxl.
pub fn openpyxl(from: &Path, to: &Path) {
    let script = "import sys, os, warnings, openpyxl\nwarnings.simplefilter('ignore')\n\
                  for name in sorted(os.listdir(sys.argv[1])):\n    \
                  book = openpyxl.load_workbook(os.path.join(sys.argv[1], name))\n    \
                  book.save(os.path.join(sys.argv[2], name))\n";
    let run = Command::new("python3").args(["-c", script]).arg(from).arg(to).output();
    let run = run.expect("python3 with openpyxl is installed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// The same through LibreOffice.
pub fn libreoffice(from: &Path, to: &Path, profile: &Path) {
    let mut files: Vec<_> = std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for some in files.chunks(100) {
        let run = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"])
            .arg(to)
            .args(some)
            .output()
            .expect("LibreOffice (soffice) is installed");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}
