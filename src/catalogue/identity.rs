//! Who a workbook says it is: three carriers, any one of which is enough.
//!
//! Custom properties, a hidden sheet and defined names say the same thing
//! redundantly, because programs and people lose one or the other.

use chrono::NaiveDate;

use super::record::Identity;
use crate::cell::CellRef;
use crate::workbook::Workbook;

/// The very-hidden sheet with `template`, `version`, `campaign`, `issued` in A (also as `fupan.template` …), values in B.
pub const SHEET: &str = "_fupan";
/// Prefix of the custom properties: `fupan.template`.
pub const PROPERTY: &str = "fupan.";
/// Prefix of the defined names: `_fupan.template`.
pub const NAME: &str = "_fupan.";

/// What is carried, in this order everywhere.
const KEYS: [&str; KINDS] =
    ["template", "version", "campaign", "issued", "snapshot", "generation", "recipient", "name"];
const KINDS: usize = 8;

/// What one carrier says.
struct Carrier {
    name: &'static str,
    values: [Option<String>; KINDS],
}

/// Two carriers that disagree: which key, and each value with its carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// `template`, `version`, `campaign`, `issued` …
    pub key: &'static str,
    /// Carrier and value, the one used first.
    pub values: Vec<(&'static str, String)>,
}

/// The identity of a workbook, from whatever survived.
pub fn of(workbook: &Workbook) -> Identity {
    read(workbook).0
}

/// The identity, and where its carriers disagree. The majority counts; without one, properties before sheet before names.
pub fn read(workbook: &Workbook) -> (Identity, Vec<Contradiction>) {
    let carriers: Vec<Carrier> = [properties(workbook), sheet(workbook), names(workbook)]
        .into_iter()
        .filter(|carrier| carrier.values.iter().any(Option::is_some))
        .collect();
    let mut contradictions = Vec::new();
    let mut chosen: [Option<String>; KINDS] = Default::default();
    for (index, key) in KEYS.into_iter().enumerate() {
        let mut said: Vec<(&'static str, String)> = Vec::new();
        for carrier in &carriers {
            if let Some(value) = &carrier.values[index] {
                said.push((carrier.name, value.clone()));
            }
        }
        let votes = |value: &str| said.iter().filter(|(_, other)| other == value).count();
        let Some(best) =
            said.iter().rev().max_by_key(|(_, value)| votes(value)).map(|(_, value)| value.clone())
        else {
            continue;
        };
        if said.iter().any(|(_, value)| *value != best) {
            said.sort_by_key(|(_, value)| *value != best);
            contradictions.push(Contradiction { key, values: said.clone() });
        }
        chosen[index] = Some(best);
    }
    let [template, version, campaign, issued, snapshot, generation, recipient, name] = chosen;
    let identity = Identity {
        template,
        version: version.and_then(|it| it.parse().ok()),
        campaign,
        issued: issued.and_then(|it| NaiveDate::parse_from_str(&it, "%Y-%m-%d").ok()),
        snapshot,
        generation: generation.and_then(|it| it.parse().ok()),
        recipient,
        name,
        carriers: carriers.iter().map(|carrier| carrier.name).collect(),
    };
    (identity, contradictions)
}

fn properties(workbook: &Workbook) -> Carrier {
    let values = KEYS.map(|key| clean(workbook.properties.get(&format!("{PROPERTY}{key}"))?));
    Carrier { name: "property", values }
}

fn sheet(workbook: &Workbook) -> Carrier {
    let sheet = workbook.sheet(SHEET);
    let values = KEYS.map(|key| {
        let sheet = sheet?;
        let named = |row: u32| sheet.content(CellRef::new(row, 0)).to_text();
        let row = (0..64).find(|row| {
            let name = named(*row);
            name.trim().strip_prefix(PROPERTY).unwrap_or(name.trim()) == key
        })?;
        clean(&sheet.content(CellRef::new(row, 1)).to_text())
    });
    Carrier { name: "sheet", values }
}

fn names(workbook: &Workbook) -> Carrier {
    let values = KEYS.map(|key| {
        // On its way through an old format a name loses its full stops.
        let plain = format!("{NAME}{key}").replace('.', "_");
        let named = workbook.names.get(&format!("{NAME}{key}")).or_else(|| workbook.names.get(&plain))?;
        let constant = named.trim().trim_start_matches('=');
        let text = constant.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(constant);
        clean(&text.replace("\"\"", "\""))
    });
    Carrier { name: "name", values }
}

fn clean(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && !text.contains("#REF!")).then(|| text.to_owned())
}
