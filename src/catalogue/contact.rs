//! Phone numbers, identity numbers and mail addresses in text, which travel with
//! every copy of a review and so do not belong in one.

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// 手机号.
    Phone,
    /// 身份证号.
    Identity,
    /// 邮箱.
    Mail,
}

impl Contact {
    /// Its name.
    pub fn zh(self) -> &'static str {
        match self {
            Contact::Phone => "手机号",
            Contact::Identity => "身份证号",
            Contact::Mail => "邮箱地址",
        }
    }
}

/// The first contact datum in a text.
pub fn found(text: &str) -> Option<Contact> {
    let candidate = text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() >= 11;
    if !candidate {
        return None;
    }
    let mut run = String::new();
    for word in text.split(|c: char| c.is_whitespace() || "，。、；：！？（）()【】《》,;<>\"'“”".contains(c))
    {
        if is_mail(word) {
            return Some(Contact::Mail);
        }
        if word.contains("://") || word.starts_with("www.") {
            continue;
        }
        run.clear();
        for c in word.chars().chain(std::iter::once(' ')) {
            if c.is_ascii_alphanumeric() {
                run.push(c);
                continue;
            }
            // 138-1234-5678 is one number.
            if c == '-' && run.bytes().all(|b| b.is_ascii_digit()) && matches!(run.len(), 3 | 7) {
                continue;
            }
            // 13812345678元 is an amount.
            if let Some(kind) = of_run(&run).filter(|_| !"元次人件单个万亿%.".contains(c)) {
                return Some(kind);
            }
            run.clear();
        }
    }
    None
}

fn of_run(run: &str) -> Option<Contact> {
    let run = run.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(run);
    let digits = run.as_bytes();
    if digits.len() == 11
        && digits.iter().all(u8::is_ascii_digit)
        && digits[0] == b'1'
        && (b'3'..=b'9').contains(&digits[1])
    {
        return Some(Contact::Phone);
    }
    (digits.len() == 18 && is_identity(digits)).then_some(Contact::Identity)
}

/// Seventeen digits and the check character of GB 11643.
fn is_identity(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    if !digits[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let month = (digits[10] - b'0') * 10 + (digits[11] - b'0');
    let sum: u32 =
        digits[..17].iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    (1..=12).contains(&month) && CHECKS[(sum % 11) as usize] == digits[17].to_ascii_uppercase()
}

fn is_mail(word: &str) -> bool {
    let Some((name, host)) = word.split_once('@') else { return false };
    let name_ok = name.chars().last().is_some_and(|c| c.is_ascii_alphanumeric());
    let host: &str = &host
        [..host.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).unwrap_or(host.len())];
    let (site, ending) = match host.trim_end_matches('.').rsplit_once('.') {
        Some(parts) => parts,
        None => return false,
    };
    name_ok && !site.is_empty() && ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_data_is_found_and_figures_are_not() {
        for (text, expected) in [
            ("请联系王经理13812345678", Some(Contact::Phone)),
            ("电话：138-1234-5678。", Some(Contact::Phone)),
            ("+86 13812345678", Some(Contact::Phone)),
            ("身份证11010519491231002X", Some(Contact::Identity)),
            ("邮件 zhang.san@example.com.cn 反馈", Some(Contact::Mail)),
            ("订单号 202410081234567", None),
            ("曝光13345678901次", None),
            ("https://example.com/13812345678", None),
            ("投放@抖音 的达人", None),
            ("2024-10-01~2024-10-31", None),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
