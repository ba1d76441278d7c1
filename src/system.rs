//! What the operating system says went wrong, in the reader's language.
//!
//! The system's own words come in the system's language, which need not be
//! the one asked for; only its kinds of errors are relied on.

use std::io::{Error, ErrorKind};

use crate::locale::Lang;
use crate::words::Words;

/// Windows' `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`: a file is open in another program.
const HELD_OPEN: [i32; 2] = [32, 33];

/// Why, in a few words.
pub fn reason(error: &Error, lang: Lang) -> String {
    let words = Words::load(&[include_str!("system.toml")], lang);
    match word(error) {
        Some(word) => words.get(word),
        None => match error.raw_os_error() {
            Some(code) => words.say("code", &[("code", &code.to_string())]),
            None => words.get("other"),
        },
    }
}

fn word(error: &Error) -> Option<&'static str> {
    if cfg!(windows) && error.raw_os_error().is_some_and(|code| HELD_OPEN.contains(&code)) {
        return Some("busy");
    }
    Some(match error.kind() {
        ErrorKind::NotFound => "not-found",
        ErrorKind::PermissionDenied => "not-permitted",
        ErrorKind::AlreadyExists => "exists",
        ErrorKind::NotADirectory => "not-a-folder",
        ErrorKind::IsADirectory => "is-a-folder",
        ErrorKind::DirectoryNotEmpty => "not-empty",
        ErrorKind::ReadOnlyFilesystem => "read-only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "full",
        ErrorKind::FileTooLarge => "too-large",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "busy",
        ErrorKind::InvalidFilename => "bad-name",
        ErrorKind::InvalidData => "not-text",
        ErrorKind::InvalidInput => "bad-name",
        ErrorKind::TimedOut => "timed-out",
        ErrorKind::UnexpectedEof => "cut-off",
        ErrorKind::BrokenPipe => "closed",
        ErrorKind::OutOfMemory => "memory",
        // What a pipe or a device is asked for when a file was meant.
        ErrorKind::Unsupported => "not-a-file",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_said_in_the_readers_language() {
        let missing = Error::from(ErrorKind::NotFound);
        assert_eq!(reason(&missing, Lang::Zh), "没有这个文件或文件夹");
        assert_eq!(reason(&missing, Lang::ZhHant), "沒有這個檔案或資料夾");
        assert_eq!(reason(&missing, Lang::En), "there is no such file or folder");
        let strange = Error::from_raw_os_error(9_999);
        assert_eq!(reason(&strange, Lang::Zh), "系统错误 9999");
    }

    #[test]
    fn every_kind_has_its_words_in_both_languages() {
        let keys = |lang| {
            let words = Words::load(&[include_str!("system.toml")], lang);
            words.keys().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(keys(Lang::Zh), keys(Lang::En));
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied, ErrorKind::IsADirectory] {
            let word = word(&Error::from(kind)).expect("a word");
            assert!(keys(Lang::Zh).iter().any(|key| key == word), "{word}");
        }
    }
}
