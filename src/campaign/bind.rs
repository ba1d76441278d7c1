//! Records bound to structs: one declaration gives the struct, its column ids and the binding.

use chrono::{NaiveDate, NaiveDateTime};

use crate::catalogue::Kind;
use crate::catalogue::record::{Field, Record, Value};
use crate::expr::{Expr, Leaf, Normalised, Val};
use crate::quantity::{Aim, Measure, Nothing, Period, Quantity, Span, Target, UnitPrice};

/// A type a decoded value can become.
pub trait FromValue: Sized {
    /// The kinds of column that give this type; a test holds the catalogue to it.
    const KINDS: &'static [Kind];
    /// The value as this type; `None` when it is of another.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! from_value {
    ($type:ty, [$($kind:ident),*], $pattern:pat => $value:expr) => {
        impl FromValue for $type {
            const KINDS: &'static [Kind] = &[$(Kind::$kind),*];
            fn from_value(value: Value) -> Option<Self> {
                match value { $pattern => Some($value), _ => None }
            }
        }
    };
}
from_value!(String, [Text, Long, Code, Open, Person, Dept, TargetOrText, Calc], Value::Text(text) => text);
from_value!(f64, [Count, Number, Money, Percent, Score, Calc], Value::Number(n) => n);
from_value!(bool, [Yesno], Value::YesNo(yes) => yes);
from_value!(Target, [Target], Value::Target(target) => target);
from_value!(Measure, [Measure], Value::Measure(measure) => measure);
from_value!(NaiveDate, [Date], Value::Date(day) => day);
from_value!(NaiveDateTime, [Datetime], Value::Moment(moment) => moment);
from_value!(Period, [Period], Value::Period(period) => period);
from_value!(Span, [Duration], Value::Span(span) => span);
from_value!(Vec<String>, [List], Value::List(names) => names);
from_value!(UnitPrice, [Price], Value::Price(price) => price);
from_value!(Quantity, [Quantity], Value::Quantity(quantity) => quantity);

from_value!(ChoiceId, [Choice], Value::Choice(id) => ChoiceId(id));

/// A choice the program does not reason about, by its stable id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChoiceId(pub String);

/// A row bound to its struct.
pub trait Bind {
    /// Table id.
    const TABLE: &'static str;
    /// Column ids with the kinds they may have.
    const COLUMNS: &'static [(&'static str, &'static [Kind])];
    /// The struct of a record.
    fn bind(record: &Record) -> Self;
}

/// Declares a struct of one table's row, its fields named like the columns' ids.
#[macro_export]
macro_rules! bound {
    ($(#[$doc:meta])* $name:ident in $table:literal { $($field:ident $(= $id:literal)? : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs)]
        pub struct $name {
            /// The first cell of the row.
            pub row: $crate::cell::Place,
            $(pub $field: $crate::catalogue::record::Field<$type>,)*
        }
        impl $crate::campaign::bind::Bind for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [(&'static str, &'static [$crate::catalogue::Kind])] = &[
                $((bound!(@id $field $($id)?), <$type as $crate::campaign::bind::FromValue>::KINDS),)*
            ];
            fn bind(record: &$crate::catalogue::record::Record) -> Self {
                $name {
                    row: record.at.clone(),
                    $($field: $crate::campaign::bind::field(record, bound!(@id $field $($id)?)),)*
                }
            }
        }
    };
    (@id $field:ident) => { stringify!($field) };
    (@id $field:ident $id:literal) => { $id };
}

/// Declares an enum of one list of choices, by their stable ids.
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $id:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }
        impl $name {
            /// Every choice, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The stable id.
            pub fn id(self) -> &'static str {
                match self { $($name::$variant => $id),* }
            }
            /// The choice of that id.
            pub fn from_id(id: &str) -> Option<$name> {
                match id { $($id => Some($name::$variant),)* _ => None }
            }
        }
        impl $crate::campaign::bind::FromValue for $name {
            const KINDS: &'static [$crate::catalogue::Kind] = &[$crate::catalogue::Kind::Choice];
            fn from_value(value: $crate::catalogue::record::Value) -> Option<Self> {
                match value {
                    $crate::catalogue::record::Value::Choice(id) => $name::from_id(&id),
                    _ => None,
                }
            }
        }
    };
}

/// One field of a record as its type.
pub fn field<T: FromValue>(record: &Record, id: &str) -> Field<T> {
    record.fields.get(id).map_or_else(Field::absent, |field| field.clone().and_then(T::from_value))
}

impl<T> Field<T> {
    /// The field's number as a leaf a formula can refer to.
    ///
    /// A cell that holds the number stays a live reference (times the header's
    /// factor); a number read from text refers to its normalised form; an
    /// empty cell is a reference that is blank today; a missing column or
    /// something unreadable is nothing.
    pub fn leaf(&self, value: Option<f64>) -> Expr {
        self.part(value, self.part)
    }

    /// The same for one part of a value that holds several numbers (`lower`, `upper`).
    pub fn part(&self, value: Option<f64>, part: &'static str) -> Expr {
        let Some(at) = &self.at else { return Expr::nothing() };
        match (value, self.scale, &self.nothing) {
            (Some(n), Some(1.0), _) => Expr::cell(at.clone(), Val::Number(n)),
            (Some(n), Some(scale), _) => Expr::cell(at.clone(), Val::Number(n / scale)) * scale,
            (Some(value), None, _) => {
                Normalised { at: at.clone(), text: self.text.clone(), part, value }.into()
            }
            (None, _, Some(Nothing::Blank)) if !self.computed && self.text.is_empty() => {
                Expr::cell(at.clone(), Val::Blank)
            }
            _ => Expr::nothing(),
        }
    }
}

impl<T> Field<T> {
    /// The cell with what was typed in it; `None` where the column is missing.
    pub fn cell(&self) -> Option<Leaf> {
        let value = if self.text.is_empty() { Val::Blank } else { Val::Text(self.text.as_str().into()) };
        self.at.clone().map(|at| Leaf::Cell { at, value })
    }
}

impl Field<f64> {
    /// The number as a leaf.
    pub fn expr(&self) -> Expr {
        self.leaf(self.value)
    }
}

impl Field<Measure> {
    /// The number as a leaf, in its base unit.
    pub fn expr(&self) -> Expr {
        self.leaf(self.value.as_ref().map(|measure| measure.value))
    }
}

impl Field<Quantity> {
    /// The product as a leaf.
    pub fn expr(&self) -> Expr {
        self.leaf(self.value.as_ref().map(|quantity| quantity.value))
    }
}

impl Field<Target> {
    /// The level asked for as a leaf; `None` for ranges and growth.
    pub fn level(&self) -> Option<Expr> {
        match self.value.as_ref()?.aim {
            Aim::Level(level) => Some(self.leaf(Some(level))),
            Aim::FromTo(_, to) => Some(self.part(Some(to), "to")),
            _ => None,
        }
    }
}

impl Field<NaiveDate> {
    /// The serial number of the day as a leaf.
    pub fn expr(&self) -> Expr {
        self.leaf(self.value.map(crate::page::serial))
    }
}

impl Field<String> {
    /// The text, or the empty text.
    pub fn as_str(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }
}
