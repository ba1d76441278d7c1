//! A team's `fupan.toml`: any text leaves settings that can be worked with, and complaints about lines that exist.

use fupan::policy::load;

/// Reads the bytes as settings.
pub fn law(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().count().max(1);
    let (policy, complaints) = load(&text);
    for complaint in &complaints {
        assert!(complaint.line <= lines, "line {} of {lines}", complaint.line);
    }
    // Reading them again says the same.
    assert_eq!(load(&text).1, complaints);
    drop(policy);
}
