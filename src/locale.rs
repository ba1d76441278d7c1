//! Languages, and the folded form in which texts are compared.
//!
//! Folding is for keys only: what people typed is shown back as they typed it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use unicode_normalization::UnicodeNormalization;

use crate::cell::is_invisible;

/// The languages the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Simplified Chinese, the language of the catalogue.
    #[default]
    Zh,
    /// Traditional Chinese, converted from the simplified text.
    ZhHant,
    /// English.
    En,
}

impl Lang {
    /// Reads `zh`, `zh-CN`, `zh_TW.UTF-8`, `en_US` and their like; `None` for a language we do not speak.
    pub fn parse(tag: &str) -> Option<Lang> {
        let tag = tag.split('.').next().unwrap_or(tag).replace('_', "-").to_ascii_lowercase();
        match tag.as_str() {
            "zh-tw" | "zh-hk" | "zh-mo" => Some(Lang::ZhHant),
            _ if tag == "zh-hant" || tag.starts_with("zh-hant-") => Some(Lang::ZhHant),
            _ if tag == "zh" || tag.starts_with("zh-") => Some(Lang::Zh),
            _ if tag == "en" || tag.starts_with("en-") => Some(Lang::En),
            _ => None,
        }
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::ZhHant => "zh-Hant",
            Lang::En => "en",
        }
    }
}

static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> =
    LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());
static TO_TRADITIONAL: LazyLock<Option<OpenCC>> =
    LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2twp).ok());

/// 繁 → 简, for keys and keywords. ASCII text is returned as it is.
pub fn simplify(text: String) -> String {
    match &*TO_SIMPLIFIED {
        Some(opencc) if text.chars().any(|c| is_converted(opencc, c)) => opencc.convert(&text),
        _ => text,
    }
}

/// The ideographs most texts are made of.
const COMMON: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';
const COMMON_COUNT: usize = 0x9fff - 0x4e00 + 1;

/// Whether a character alone is written otherwise in simplified Chinese. Most
/// texts hold none that is, and asking the dictionary for each costs more than
/// everything else that is done with a label.
fn is_converted(opencc: &OpenCC, c: char) -> bool {
    const UNASKED: u8 = 0;
    const SAME: u8 = 1;
    const OTHER: u8 = 2;
    static ANSWERS: [AtomicU8; COMMON_COUNT] = [const { AtomicU8::new(UNASKED) }; COMMON_COUNT];
    if !COMMON.contains(&c) {
        return u32::from(c) >= 0x2e80 && !matches!(u32::from(c), 0x3000..=0x303f | 0xff00..=0xffef);
    }
    let answer = &ANSWERS[(u32::from(c) - u32::from(*COMMON.start())) as usize];
    match answer.load(Ordering::Relaxed) {
        UNASKED => {
            let other = !opencc.convert(c.encode_utf8(&mut [0; 4])).chars().eq([c]);
            answer.store(if other { OTHER } else { SAME }, Ordering::Relaxed);
            other
        }
        answer => answer == OTHER,
    }
}

/// Where the dictionary takes a word for another trade's: 項目 is an item here and no project, 類型 a kind and no data
/// type, 渠道 is what marketers call it.
/// A column is 欄 there, and 列 a row.
const PHRASES: &[(&str, &str)] = &[
    ("專案", "項目"),
    ("型別", "類型"),
    ("管道", "渠道"),
    ("串列", "列表"),
    ("單元格", "儲存格"),
    ("許可權", "權限"),
    ("程式碼", "代碼"),
    ("演算法", "算法"),
    ("一列", "一欄"),
    ("兩列", "兩欄"),
    ("些列", "些欄"),
    ("整列", "整欄"),
    ("列名", "欄名"),
    ("加列", "加欄"),
];

/// 简 → 繁, for text we show.
pub fn traditional(text: &str) -> String {
    match (&*TO_TRADITIONAL, text.is_ascii()) {
        (Some(opencc), false) => {
            let converted = opencc.convert(text);
            PHRASES.iter().fold(converted, |text, (word, ours)| text.replace(word, ours))
        }
        _ => text.to_owned(),
    }
}

/// NFKC with every dash made `-`, without invisible characters at the ends or a leading apostrophe.
///
/// The form in which numbers and dates are parsed; inner blanks are kept as single spaces.
pub fn narrow(text: &str) -> String {
    let bare = |text: &str| {
        let text = text.trim();
        text.strip_prefix('\'').unwrap_or(text).trim().to_owned()
    };
    if text.chars().all(|c| is_plain(c) && c != '\n') {
        return bare(text);
    }
    let text: String = text
        .nfkc()
        .filter(|c| !is_invisible(*c) || c.is_whitespace())
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    bare(&text)
}

/// Whether a character is sure to be its own compatibility form, whatever stands beside it.
fn is_plain(c: char) -> bool {
    c == '\n'
        || matches!(c, ' '..='~')
        || COMMON.contains(&c)
        || matches!(c, '、' | '。' | '《' | '》' | '【' | '】' | '「' | '」')
}

/// The key two texts share when a person would call them the same label:
/// narrow, simplified, lower case, without any blanks.
pub fn fold(text: &str) -> String {
    if let Some(opencc) = &*TO_SIMPLIFIED
        && text.chars().all(|c| is_plain(c) && !is_converted(opencc, c))
    {
        let text = text.trim();
        let text = text.strip_prefix('\'').unwrap_or(text);
        let mut folded = String::with_capacity(text.len());
        folded.extend(text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()));
        return folded;
    }
    simplify(narrow(text)).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Columns a text takes on a terminal or in a cell, a Chinese character taking two.
pub fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width_cjk(text)
}

/// Columns a text takes on a terminal, where signs such as “ are narrow.
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_look_alike_fold_alike() {
        for (left, right) in [
            ("銷售額（元）", "销售额(元)"),
            ("ＲＯＩ", "roi"),
            (" 指标\u{3000}名称\u{200b}", "指标名称"),
            ("2023年—2024年", "2023年-2024年"),
        ] {
            assert_eq!(fold(left), fold(right));
        }
    }

    #[test]
    fn words_of_the_trade_are_converted_as_the_trade_says_them() {
        for (simplified, ours) in [
            ("项目", "項目"),
            ("活动类型", "活動類型"),
            ("推广渠道", "推廣渠道"),
            ("文件夹", "資料夾"),
            ("这一列的单元格", "這一欄的儲存格"),
        ] {
            assert_eq!(traditional(simplified), ours);
        }
    }

    #[test]
    fn system_languages() {
        assert_eq!(Lang::parse("zh_CN.UTF-8"), Some(Lang::Zh));
        assert_eq!(Lang::parse("zh_TW.UTF-8"), Some(Lang::ZhHant));
        assert_eq!(Lang::parse("en_US.UTF-8"), Some(Lang::En));
        assert_eq!(Lang::parse("C.UTF-8"), None);
    }
}
