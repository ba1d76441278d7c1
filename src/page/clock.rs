//! Durations in the unit of time people typed them in: 28.2小时 stays hours, and is not 101,520.
//!
//! Every duration is computed in seconds; a sheet divides it before it is shown.

use crate::expr::{Expr, Leaf};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// 秒.
    Second,
    /// 分钟.
    Minute,
    /// 小时.
    Hour,
    /// 天.
    Day,
}

impl TimeUnit {
    /// Every unit, the longest first, with what it is written as. `时` stands in 时 and 小时, `d` in no other unit.
    const SIGNS: [(TimeUnit, &'static [&'static str]); 4] = [
        (TimeUnit::Day, &["天", "日", "day", "周"]),
        (TimeUnit::Hour, &["时", "時", "h"]),
        (TimeUnit::Minute, &["分", "min"]),
        (TimeUnit::Second, &["秒", "s"]),
    ];

    /// Its seconds.
    pub fn seconds(self) -> f64 {
        match self {
            TimeUnit::Second => 1.0,
            TimeUnit::Minute => 60.0,
            TimeUnit::Hour => 3_600.0,
            TimeUnit::Day => 86_400.0,
        }
    }

    /// The longest unit a text speaks of.
    fn in_text(text: &str) -> Option<TimeUnit> {
        let text = text.to_lowercase();
        let named = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        Self::SIGNS.iter().find(|(_, signs)| named(signs)).map(|(unit, _)| *unit)
    }

    /// The unit in which a duration reads well: two of it and more, days from three on, for people say 48 小时.
    pub fn by_size(seconds: f64) -> TimeUnit {
        match seconds.abs() {
            n if n >= 3.0 * 86_400.0 => TimeUnit::Day,
            n if n >= 2.0 * 3_600.0 => TimeUnit::Hour,
            n if n >= 120.0 => TimeUnit::Minute,
            _ => TimeUnit::Second,
        }
    }
}

/// The unit in which several durations are shown together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock(pub TimeUnit);

impl Clock {
    /// The unit people typed, else the one in which the first known of them reads well.
    pub fn of<'a>(durations: impl IntoIterator<Item = &'a Expr> + Clone) -> Clock {
        let typed = durations.clone().into_iter().flat_map(Expr::inputs).find_map(|leaf| match leaf {
            Leaf::Normalised(read) => TimeUnit::in_text(&read.text),
            Leaf::Cell { .. } => None,
        });
        let sized = || durations.into_iter().find_map(Expr::number).map(TimeUnit::by_size);
        Clock(typed.or_else(sized).unwrap_or(TimeUnit::Second))
    }

    /// Seconds as so many of this unit.
    pub fn told(self, seconds: &Expr) -> Expr {
        match self.0 {
            TimeUnit::Second => seconds.clone(),
            unit => (seconds.clone() / unit.seconds()).known(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::{CellRef, Place};
    use crate::expr::Normalised;

    fn typed(text: &str, value: f64) -> Expr {
        let at = Place::new("KPI拆解表", CellRef::new(3, 2));
        Normalised { at, text: text.into(), part: "", value }.into()
    }

    #[test]
    fn a_duration_is_told_in_the_unit_it_was_typed_in() {
        for (text, seconds, unit, told) in [
            ("≤28.2小时", 101_520.0, TimeUnit::Hour, 28.2),
            ("35秒", 35.0, TimeUnit::Second, 35.0),
            ("1小时30分", 5_400.0, TimeUnit::Hour, 1.5),
            ("2天", 172_800.0, TimeUnit::Day, 2.0),
            ("90min", 5_400.0, TimeUnit::Minute, 90.0),
        ] {
            let duration = typed(text, seconds);
            let clock = Clock::of([&duration]);
            assert_eq!(clock.0, unit, "{text}");
            assert_eq!(clock.told(&duration).number(), Some(told), "{text}");
        }
        assert_eq!(Clock::of([&Expr::Num(86_400.0)]).0, TimeUnit::Hour);
        assert_eq!(Clock::of([&Expr::nothing()]).0, TimeUnit::Second);
    }
}
