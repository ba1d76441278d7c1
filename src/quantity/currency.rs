//! Currencies other than 元, by every way people name them: a sign, a word, a code.
//!
//! An amount in one of them is never taken for 元: it is converted where the settings give a rate, else asked about.

use serde::Serialize;

use crate::locale::fold;

/// A currency other than 元, by its three letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Currency(&'static Names);

/// How a currency is called.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
struct Names {
    code: &'static str,
    zh: &'static str,
    /// Signs and words, folded.
    written: &'static [&'static str],
}

static CURRENCIES: &[Names] = &[
    Names {
        code: "USD",
        zh: "美元",
        written: &["$", "us$", "usd", "usd$", "u.s.$", "美元", "美金", "美刀", "dollar", "dollars"],
    },
    Names { code: "HKD", zh: "港元", written: &["hk$", "hkd", "港元", "港币", "港纸"] },
    Names { code: "EUR", zh: "欧元", written: &["€", "eur", "euro", "euros", "欧元"] },
    Names { code: "GBP", zh: "英镑", written: &["£", "gbp", "英镑"] },
    Names { code: "TWD", zh: "新台币", written: &["nt$", "twd", "ntd", "新台币", "台币"] },
    Names { code: "JPY", zh: "日元", written: &["円", "jpy", "日元", "日币", "日圆", "jp¥"] },
    Names { code: "KRW", zh: "韩元", written: &["₩", "krw", "韩元", "韩币"] },
    Names { code: "SGD", zh: "新加坡元", written: &["s$", "sgd", "新加坡元", "新币", "坡币"] },
    Names { code: "AUD", zh: "澳元", written: &["a$", "au$", "aud", "澳元", "澳币"] },
    Names { code: "CAD", zh: "加元", written: &["c$", "ca$", "cad", "加元", "加币"] },
    Names { code: "MOP", zh: "澳门元", written: &["mop$", "mop", "澳门元", "澳门币"] },
    Names { code: "MYR", zh: "林吉特", written: &["rm", "myr", "林吉特", "马币"] },
    Names { code: "THB", zh: "泰铢", written: &["฿", "thb", "泰铢"] },
    Names { code: "VND", zh: "越南盾", written: &["₫", "vnd", "越南盾"] },
    Names { code: "INR", zh: "印度卢比", written: &["₹", "inr", "rs", "卢比", "印度卢比"] },
    Names { code: "RUB", zh: "卢布", written: &["₽", "rub", "卢布"] },
    Names { code: "CHF", zh: "瑞士法郎", written: &["chf", "瑞士法郎"] },
];

impl Currency {
    /// The currency of a sign or word, or of three letters.
    pub fn of(text: &str) -> Option<Currency> {
        let key = fold(text);
        let key = key.trim_matches(['(', ')', ' ', '.', ':']);
        let named = |it: &&Names| it.written.contains(&key) || it.code.eq_ignore_ascii_case(key);
        CURRENCIES.iter().find(named).map(Currency)
    }

    /// Three letters: `USD`.
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// In Chinese: 美元.
    pub fn zh(self) -> &'static str {
        self.0.zh
    }

    /// The currencies there are.
    pub fn all() -> impl Iterator<Item = Currency> {
        CURRENCIES.iter().map(Currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_goes_by_signs_words_and_letters() {
        for (text, code) in [
            ("$", "USD"),
            ("US$", "USD"),
            ("美金", "USD"),
            ("HK$", "HKD"),
            ("港幣", "HKD"),
            ("€", "EUR"),
            ("£", "GBP"),
            ("NT$", "TWD"),
            ("円", "JPY"),
            ("₩", "KRW"),
            ("sgd", "SGD"),
        ] {
            assert_eq!(Currency::of(text).map(Currency::code), Some(code), "{text}");
        }
        for text in ["元", "¥", "RMB", "人民币", "", "次"] {
            assert_eq!(Currency::of(text), None, "{text}");
        }
    }
}
