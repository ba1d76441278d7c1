//! What was wrong with the arguments, in the console's language.
//!
//! The parser speaks English only; what it found is taken from it as values
//! and worded here. Help and version it prints itself, from our words.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::console::Console;

/// The lines to show: what is wrong, how it is used, where to read more.
pub fn told(error: &Error, console: &Console) -> String {
    let words = &console.words;
    let mut text = wrong(error, console);
    if let Some(usage) = one(error, ContextKind::Usage) {
        let usage = usage.trim().trim_start_matches("Usage:").trim();
        text += &format!("\n\n{}", words.say("usage_line", &[("usage", usage)]));
    }
    text + "\n" + &words.get("usage_more")
}

fn wrong(error: &Error, console: &Console) -> String {
    let words = &console.words;
    let get = |kind| one(error, kind).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let holes = [("argument", argument.as_str()), ("value", value.as_str())];
    let say = |key: &str| words.say(key, &holes);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let command = get(ContextKind::InvalidSubcommand);
            // What has a dot or a slash in it was meant as a file.
            let key = if command.contains(['.', '/', '\\']) { "usage_no_file" } else { "usage_no_command" };
            let text = words.say(key, &[("command", &command)]);
            text + &perhaps(error, ContextKind::SuggestedSubcommand, console)
        }
        ErrorKind::UnknownArgument => {
            say("usage_no_option") + &perhaps(error, ContextKind::SuggestedArg, console)
        }
        ErrorKind::InvalidValue if value.is_empty() => say("usage_value_missing"),
        ErrorKind::InvalidValue => {
            let allowed = get(ContextKind::ValidValue).replace(' ', &words.get("list_comma"));
            let allowed = words.say("usage_allowed", &[("allowed", &allowed)]);
            say("usage_value") + &allowed + &perhaps(error, ContextKind::SuggestedValue, console)
        }
        ErrorKind::ValueValidation => say(match argument.contains("YYYY") {
            true => "usage_day",
            false => "usage_number",
        }),
        ErrorKind::MissingRequiredArgument => say("usage_missing"),
        ErrorKind::MissingSubcommand => words.get("usage_missing_command"),
        ErrorKind::ArgumentConflict => {
            words.say("usage_conflict", &[("argument", &argument), ("other", &get(ContextKind::PriorArg))])
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => say("usage_too_many"),
        ErrorKind::TooFewValues | ErrorKind::NoEquals => say("usage_value_missing"),
        ErrorKind::InvalidUtf8 => words.get("usage_not_text"),
        _ => words.get("usage_wrong"),
    }
}

fn perhaps(error: &Error, kind: ContextKind, console: &Console) -> String {
    match one(error, kind) {
        Some(nearest) if !nearest.is_empty() => console.words.say("usage_perhaps", &[("nearest", &nearest)]),
        _ => String::new(),
    }
}

/// What the parser knows of one kind, as text.
fn one(error: &Error, kind: ContextKind) -> Option<String> {
    Some(match error.get(kind)? {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(" "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::Number(n) => n.to_string(),
        ContextValue::Bool(yes) => yes.to_string(),
        _ => return None,
    })
}
