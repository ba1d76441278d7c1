//! Files that are not what they should be: bytes spoilt as mail, copies and converters spoil them.

use fupan::batch::one::{Settings, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::locale::Lang;
use fupan::policy::Policy;
use fupan::xlsx::blank::{Identity, blank};

/// A file that must be refused, and for what.
pub struct File {
    pub code: &'static str,
    pub about: &'static str,
    pub bytes: Vec<u8>,
}

/// A blank of a template, whole.
fn whole(catalogue: &Catalogue, template: &str) -> Vec<u8> {
    let template = &catalogue.templates[template];
    blank(catalogue, template, &Identity::of(template), Lang::Zh).unwrap()
}

/// Every spoilt file made of a template's blank.
pub fn files(catalogue: &Catalogue, template: &str) -> Vec<File> {
    let whole = whole(catalogue, template);
    let mut all = Vec::new();
    let mut file = |code, about, bytes: Vec<u8>| all.push(File { code, about, bytes });
    file("empty-file", "no bytes at all", Vec::new());
    for (about, share) in [("cut in the middle", 2), ("cut after a third", 3), ("cut after a tenth", 10)] {
        file("truncated", about, whole[..whole.len() / share].to_vec());
    }
    file(
        "not-a-workbook",
        "a web page called xlsx",
        "<html><body><table><tr><td>活动名称</td></tr></table></body></html>".into(),
    );
    file("not-a-workbook", "a PDF called xlsx", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec());
    file("not-a-workbook", "words", "这不是工作簿".repeat(50).into());
    file("not-a-workbook", "a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec());
    // What older programs wrote under the new ending.
    for (about, version) in [
        ("a sheet of 1990", [9, 2, 6, 0]),
        ("a workbook of 1992", [9, 4, 6, 0]),
        ("a workbook of 1995", [9, 8, 8, 0]),
    ] {
        let mut old: Vec<u8> = version.to_vec();
        old.resize(2048, 0);
        file("other-format", about, old);
    }
    file("not-downloaded", "only zeros", vec![0; 4096]);
    // One bit inside a packed sheet.
    for (about, at) in
        [("a bit turned early", 5), ("a bit turned in the middle", 2), ("a bit turned late", 3)]
    {
        let mut bytes = whole.clone();
        let place = whole.len() / at;
        bytes[place] ^= 0x10;
        bytes[place + 1] ^= 0x41;
        file("damaged", about, bytes);
    }
    all
}

/// What the program says of a file it cannot read, if anything.
pub fn refused(catalogue: &'static Catalogue, bytes: &[u8]) -> Option<&'static str> {
    let policy = Policy::default();
    let day = chrono::NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    let settings = Settings::new(catalogue, &policy, day, Lang::Zh);
    review_bytes(bytes, "book.xlsx", &settings).err().map(|finding| finding.code.name)
}
