//! Exact arithmetic until the one conversion to `f64`: 0.29 × 100 is 29.

use rust_decimal::Decimal;

/// A number as written: exact where 28 digits hold it, else the nearest `f64`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Exact {
    Decimal(Decimal),
    Float(f64),
}

impl Exact {
    pub const ZERO: Exact = Exact::Decimal(Decimal::ZERO);
    pub const ONE: Exact = Exact::Decimal(Decimal::ONE);

    /// Reads plain digits with an optional point and exponent (no sign, no grouping).
    pub fn parse(text: &str) -> Option<Exact> {
        let exact = if text.contains(['e', 'E']) {
            Decimal::from_scientific(text).ok()
        } else {
            Decimal::from_str_exact(text).ok()
        };
        let written_zero =
            !text.split(['e', 'E']).next().is_some_and(|digits| digits.contains(|c| matches!(c, '1'..='9')));
        match exact {
            Some(decimal) if decimal.is_zero() == written_zero => Some(Exact::Decimal(decimal)),
            // What is too small for a float is not zero for that.
            _ => text.parse().ok().filter(|value| (*value == 0.0) == written_zero).map(Exact::Float),
        }
    }

    pub fn integer(value: i64) -> Exact {
        Exact::Decimal(Decimal::from(value))
    }

    /// Ten to a power.
    pub fn power_of_ten(power: i32) -> Exact {
        match u32::try_from(power) {
            Ok(power) => {
                10i64.checked_pow(power).map_or(Exact::Float(10f64.powi(power as i32)), Exact::integer)
            }
            Err(_) => Exact::Decimal(Decimal::new(1, power.unsigned_abs())),
        }
    }

    /// A factor known as `f64`, such as a header's 10,000.
    pub fn from_f64(value: f64) -> Exact {
        Exact::parse(&value.to_string()).unwrap_or(Exact::Float(value))
    }

    pub fn times(self, other: Exact) -> Exact {
        if let (Exact::Decimal(a), Exact::Decimal(b)) = (self, other)
            && let Some(product) = a.checked_mul(b)
        {
            return Exact::Decimal(product);
        }
        Exact::Float(self.to_f64() * other.to_f64())
    }

    pub fn plus(self, other: Exact) -> Exact {
        if let (Exact::Decimal(a), Exact::Decimal(b)) = (self, other)
            && let Some(sum) = a.checked_add(b)
        {
            return Exact::Decimal(sum);
        }
        Exact::Float(self.to_f64() + other.to_f64())
    }

    pub fn negated(self) -> Exact {
        match self {
            Exact::Decimal(value) => Exact::Decimal(-value),
            Exact::Float(value) => Exact::Float(-value),
        }
    }

    /// The nearest `f64`; never −0.
    pub fn to_f64(self) -> f64 {
        match self {
            // Through text: the crate's own conversion rounds twice.
            Exact::Decimal(value) => match i64::try_from(value) {
                Ok(whole) if value.scale() == 0 && whole.unsigned_abs() < (1 << 53) => whole as f64,
                _ => value.to_string().parse::<f64>().unwrap_or(f64::NAN) + 0.0,
            },
            Exact::Float(value) => value + 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_of_a_decimal_is_exact() {
        assert_eq!(Exact::from_f64(0.29).times(Exact::integer(100)).to_f64(), 29.0);
        assert_eq!(Exact::from_f64(104.0).times(Exact::power_of_ten(-2)).to_f64(), 1.04);
    }

    #[test]
    fn what_is_too_long_to_be_exact_is_the_nearest_float() {
        let long = "123456789012345678901234567890123";
        assert_eq!(Exact::parse(long).map(Exact::to_f64), long.parse().ok());
        assert_eq!(Exact::parse("1e999").map(Exact::to_f64), Some(f64::INFINITY));
        assert_eq!(Exact::parse("1e-40").map(Exact::to_f64), Some(1e-40));
        assert_eq!(Exact::parse("1e-999"), None);
        assert_eq!(Exact::parse("0e-999").map(Exact::to_f64), Some(0.0));
    }

    #[test]
    fn there_is_no_negative_zero() {
        assert!(Exact::ZERO.negated().to_f64().is_sign_positive());
    }
}
