//! Unit prices and the quantities they are multiplied with: `15000/人/月` × `2人`, `20CPM` × `500万次`.

use super::exact::Exact;
use super::figure::figure;
use super::number::one_term;
use super::opening::{Opened, open};
use super::scan::Cursor;
use super::term::{Tail, per_word, tail};
use super::unit::{Kind, currency_sign, unit};
use super::{Quantity, Reading, Remark, UnitPrice, Unreadable};
use crate::cell::Content;

/// Reads a price for a unit; a bare number is 元 for one of whatever the quantity counts.
pub fn read(content: &Content) -> Reading<UnitPrice> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(amount)) if !amount.is_finite() => {
            return Reading::unreadable(Unreadable::NotFinite);
        }
        Ok(Opened::Number(amount)) => return Reading::value(UnitPrice { amount, per: Vec::new(), lot: 1.0 }),
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let mut remarks = written.remarks();
    let mut cursor = Cursor::new(&written.text);
    let Some(mut price) = amount_for(&mut cursor, &mut remarks) else {
        // The plain number's reader knows best why there is none.
        return Reading::unreadable(match one_term(&written.text, &mut Vec::new()) {
            Err(why) => why,
            Ok(term) => term.own_unit().map_or(Unreadable::NotThisKind, Unreadable::WrongUnit),
        });
    };
    match tail(&mut cursor) {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => {
            return Reading::unreadable(match one_term(&written.text, &mut Vec::new()) {
                Err(why) => why,
                Ok(_) => Unreadable::NotThisKind,
            });
        }
    }
    if !price.amount.is_finite() {
        return Reading::unreadable(Unreadable::NotFinite);
    }
    if let [only] = price.per.as_mut_slice()
        && let Some(lot) = [("千次", 1000.0), ("万次", 10_000.0)].iter().find(|(word, _)| only == word)
    {
        price.lot = lot.1;
        *only = "次".to_owned();
    }
    Reading::with(price, remarks)
}

/// Reads a quantity: one count with its counter, or a product of several.
pub fn quantity(content: &Content) -> Reading<Quantity> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(value)) if !value.is_finite() => {
            return Reading::unreadable(Unreadable::NotFinite);
        }
        Ok(Opened::Number(value)) => {
            return Reading::value(Quantity { value, factors: vec![(value, String::new())] });
        }
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let mut remarks = written.remarks();
    let mut cursor = Cursor::new(&written.text);
    if cursor.eat_any(&["约", "大约", "近"]).is_some() {
        remarks.push(Remark::Approximate);
    }
    let mut factors = Vec::new();
    let mut value = Exact::ONE;
    loop {
        let Some((count, counter)) = factor(&mut cursor) else {
            return Reading::unreadable(Unreadable::NotThisKind);
        };
        value = value.times(count);
        factors.push((count.to_f64(), counter));
        if cursor.eat_any(&["*", "×", "x", "✕", "✖", "乘"]).is_none() {
            break;
        }
    }
    match tail(&mut cursor) {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => {
            return Reading::unreadable(match one_term(&written.text, &mut Vec::new()) {
                Err(why) => why,
                Ok(_) => Unreadable::NotThisKind,
            });
        }
    }
    if !value.to_f64().is_finite() {
        return Reading::unreadable(Unreadable::NotFinite);
    }
    Reading::with(Quantity { value: value.to_f64(), factors }, remarks)
}

/// What a quantity costs at a price, computed in Excel's order, and what had to be assumed.
pub fn total(price: &UnitPrice, quantity: &Quantity) -> (f64, Vec<Remark>) {
    let mut counted: Vec<&str> = quantity.factors.iter().map(|(_, counter)| counter.as_str()).collect();
    let mut open: Vec<&str> = Vec::new();
    for unit in &price.per {
        match counted.iter().position(|counter| counter == unit || same_time(counter, unit)) {
            Some(at) => drop(counted.remove(at)),
            None => open.push(unit),
        }
    }
    // Counts without a counter, or with another word for the same thing, stand for the units in their order.
    let missing = open.into_iter().skip(counted.len());
    let remarks = missing
        .map(|unit| if unit == "月" { Remark::MonthsAssumed } else { Remark::OneAssumed(unit.to_owned()) })
        .collect();
    let amount = price.amount * quantity.value;
    (if price.lot == 1.0 { amount } else { amount / price.lot }, remarks)
}

fn same_time(counter: &str, unit: &str) -> bool {
    matches!((counter, unit), ("个月", "月") | ("日", "天") | ("天", "日") | ("小时", "时") | ("人次", "次"))
}

/// `15000/人/月`, `20CPM`, `CPM20`, `20元/千次`, `每人100元`.
fn amount_for(cursor: &mut Cursor, remarks: &mut Vec<Remark>) -> Option<UnitPrice> {
    let per_thousand = cursor.eat("cpm");
    if per_thousand {
        cursor.eat_any(&[":", "="]);
    }
    let mut per = Vec::new();
    while !per_thousand
        && let Some(word) = cursor.attempt(|cursor| {
            cursor.eat("每").then_some(())?;
            per_word(cursor)
        })
    {
        per.push(word);
    }
    if cursor.eat_any(&["约", "大约"]).is_some() {
        remarks.push(Remark::Approximate);
    }
    if let Some(Some(foreign)) = currency_sign(cursor) {
        remarks.push(Remark::Currency(foreign.to_owned()));
    }
    let amount = figure(cursor)?;
    if amount.digits > 15 {
        remarks.push(Remark::TooManyDigits);
    }
    cursor.attempt(|cursor| {
        let (word, kind) = unit(cursor)?;
        match kind {
            Kind::Yuan => Some(()),
            Kind::Foreign => {
                remarks.push(Remark::Currency(word));
                Some(())
            }
            _ => None,
        }
    });
    while let Some(word) = cursor.attempt(|cursor| {
        (cursor.eat("/") || cursor.eat("每")).then_some(())?;
        if cursor.eat("cpm") { Some("千次".to_owned()) } else { per_word(cursor) }
    }) {
        per.push(word);
    }
    let per_thousand = per_thousand || cursor.eat("cpm");
    if per_thousand && per.is_empty() {
        per.push("千次".to_owned());
    }
    Some(UnitPrice { amount: amount.value.to_f64(), per, lot: 1.0 })
}

fn factor(cursor: &mut Cursor) -> Option<(Exact, String)> {
    let count = figure(cursor)?;
    let counter = cursor.attempt(|cursor| {
        if cursor.eat("个月") || cursor.eat("月") {
            return Some("月".to_owned());
        }
        let (word, kind) = unit(cursor)?;
        matches!(kind, Kind::Counter | Kind::Duration(_) | Kind::WorkingDays).then_some(word)
    });
    Some((count.value, counter.unwrap_or_default()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(text: &str) -> Content {
        Content::Text(text.into())
    }

    #[test]
    fn prices_for_a_unit() {
        for (written, amount, per, lot) in [
            ("15000/人/月", 15_000.0, vec!["人", "月"], 1.0),
            ("80000/场", 80_000.0, vec!["场"], 1.0),
            ("100元/人/天", 100.0, vec!["人", "天"], 1.0),
            ("400元/桌", 400.0, vec!["桌"], 1.0),
            ("20CPM", 20.0, vec!["次"], 1000.0),
            ("CPM20", 20.0, vec!["次"], 1000.0),
            ("CPM 20元", 20.0, vec!["次"], 1000.0),
            ("20元/CPM", 20.0, vec!["次"], 1000.0),
            ("20元/千次", 20.0, vec!["次"], 1000.0),
            ("¥3.5/件", 3.5, vec!["件"], 1.0),
            ("2万/月", 20_000.0, vec!["月"], 1.0),
            ("每人100元", 100.0, vec!["人"], 1.0),
            ("15,000元", 15_000.0, vec![], 1.0),
        ] {
            let per = per.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&text(written)).get(), Some(&UnitPrice { amount, per, lot }), "{written}");
        }
        for written in ["面议", "3天", "10-30元/人", "1.2.3"] {
            assert_eq!(read(&text(written)).get(), None, "{written}");
        }
    }

    #[test]
    fn quantities_and_products() {
        for (written, value) in [
            ("2人", 2.0),
            ("500万次", 5e6),
            ("3人*2天", 6.0),
            ("1间×2天", 2.0),
            ("30人*2次", 60.0),
            ("2 人 x 3 天", 6.0),
            ("2场", 2.0),
            ("10", 10.0),
            ("2人*3个月", 6.0),
        ] {
            assert_eq!(
                quantity(&text(written)).get().map(|quantity| quantity.value),
                Some(value),
                "{written}"
            );
        }
        let factors = quantity(&text("3人*2天")).get().unwrap().factors.clone();
        assert_eq!(factors, [(3.0, "人".to_owned()), (2.0, "天".to_owned())]);
        for written in ["若干", "3人*", "2人+3人", "3-5人"] {
            assert_eq!(quantity(&text(written)).get(), None, "{written}");
        }
    }

    #[test]
    fn what_a_quantity_costs() {
        let cost = |price: &str, count: &str| {
            total(read(&text(price)).get().unwrap(), quantity(&text(count)).get().unwrap())
        };
        assert_eq!(cost("20CPM", "500万次"), (100_000.0, vec![]));
        assert_eq!(cost("15000/人/月", "2人"), (30_000.0, vec![Remark::MonthsAssumed]));
        assert_eq!(cost("15000/人/月", "2人*3个月"), (90_000.0, vec![]));
        assert_eq!(cost("100元/人/天", "3人*2天"), (600.0, vec![]));
        assert_eq!(cost("100元/人/天", "3人"), (300.0, vec![Remark::OneAssumed("天".into())]));
        assert_eq!(cost("80000/场", "2场"), (160_000.0, vec![]));
        assert_eq!(cost("400", "5桌"), (2000.0, vec![]));
        assert_eq!(cost("400元/桌", "5"), (2000.0, vec![]));
    }
}
