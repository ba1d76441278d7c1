//! The words of the blank workbooks that belong to no table: the guide, the
//! data dictionary, prompts and alerts. Declared in `words.toml`.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{Kind, Words};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub struct $name { $(pub $field: Words),* }
    };
}

/// Everything in `words.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BlankWords {
    /// 填写导航.
    pub guide: GuideWords,
    /// The rules of filling in, a line each.
    #[serde(rename = "rule")]
    pub rules: Vec<Words>,
    /// Headers of a form.
    pub form: FormWords,
    /// Input prompts.
    pub prompt: PromptWords,
    /// What is said when a cell gets something unlikely.
    pub alert: AlertWords,
    /// What stands live above a table.
    pub live: LiveWords,
    /// 字段说明.
    pub dictionary: DictionaryWords,
    /// How kinds of column are called.
    pub kind: IndexMap<Kind, Words>,
}

words! {
    /// 填写导航.
    GuideWords {
        sheet, campaign, unnamed, completeness, completeness_note, core_done, core_done_note, tables, number, table,
        purpose, filled_by, weight, share, state, core, optional, full, partial, empty, unused, rules, back, issued,
        unissued, page, overview, hidden,
    }
}

words! {
    /// Headers of a form.
    FormWords { item, content, example }
}

words! {
    /// Input prompts.
    PromptWords { required, example, stop }
}

words! {
    /// Alerts: they warn, they do not forbid.
    AlertWords { title, choice, open, amount, rate, date, score, computed, header }
}

words! {
    /// What stands live above a table.
    LiveWords { rows, items, total, against }
}

words! {
    /// 字段说明.
    DictionaryWords { sheet, hint, table, field, meaning, kind, required, example, aliases, yes }
}
