//! The published schema is the one of these types, and real output keeps to it.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use fupan::batch::one::{Settings, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::export::{Output, output};
use fupan::locale::Lang;
use fupan::policy::Policy;

const PUBLISHED: &str = "docs/schema/analysis.schema.json";

/// The schema of the types, closed: a field it does not name is a mistake.
fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Output<'static>>().to_value();
    close(&mut schema);
    schema["title"] = "fupan analysis".into();
    let range = &mut schema["$defs"]["Range_of_uint"]["properties"];
    range["start"]["description"] = "The first, counted from 0.".into();
    range["end"]["description"] = "The one after the last.".into();
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object)
                && fields.get("type") == Some(&"object".into())
            {
                fields.insert("additionalProperties".into(), false.into());
            }
            // A choice that carries a value: what the choice means is what the value is.
            for choice in fields.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
                let about = choice["description"].clone();
                for property in
                    choice.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
                {
                    property.1["description"] = about.clone();
                }
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// Every fixture a team could have sent.
fn workbooks() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["fixtures/inbox", "fixtures/clean"].map(PathBuf::from).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".xlsx") && !name.starts_with('~') {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn analysed(path: &Path, lang: Lang) -> Value {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    let as_of = chrono::NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    let settings = Settings::new(Catalogue::shipped(), POLICY.get_or_init(Policy::default), as_of, lang);
    let name = path.display().to_string();
    let review = review_bytes(&std::fs::read(path).unwrap(), &name, &settings);
    output(&[(&name, review.as_ref().map_err(|refusal| &**refusal))], as_of, lang)
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let made = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("FUPAN_WRITE").is_some() {
        std::fs::write(PUBLISHED, &made).unwrap();
    }
    let published = std::fs::read_to_string(PUBLISHED).unwrap();
    assert!(published == made, "run the tests with FUPAN_WRITE=1 to write {PUBLISHED}");
}

#[test]
fn every_field_of_the_schema_is_described() {
    fn walk(schema: &Value, path: &str, bare: &mut Vec<String>) {
        let Value::Object(fields) = schema else {
            if let Value::Array(values) = schema {
                values.iter().for_each(|value| walk(value, path, bare));
            }
            return;
        };
        for (name, property) in fields.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if property.get("description").is_none() {
                bare.push(format!("{path}.{name}"));
            }
        }
        for (name, inner) in fields {
            walk(inner, &format!("{path}.{name}"), bare);
        }
    }
    let schema = schema();
    let mut bare = Vec::new();
    walk(&schema, "", &mut bare);
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

/// Every figure below a value: an object with a metric and inputs.
fn figures<'a>(value: &'a Value, into: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("inputs") && fields.contains_key("coverage") {
                into.push(value);
            }
            fields.values().for_each(|value| figures(value, into));
        }
        Value::Array(values) => values.iter().for_each(|value| figures(value, into)),
        _ => {}
    }
}

#[test]
fn every_fixture_keeps_to_the_schema_and_every_figure_says_what_it_is_made_of() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let workbooks = workbooks();
    assert!(workbooks.len() > 20, "{workbooks:?}");
    for path in workbooks {
        let value = analysed(&path, Lang::Zh);
        let wrong: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {}", path.display(), wrong.join("\n"));
        let mut found = Vec::new();
        figures(&value, &mut found);
        assert!(!found.is_empty());
        for figure in found {
            assert_eq!(
                figure["value"].is_null(),
                figure["reason"].is_object(),
                "{}: {figure}",
                path.display()
            );
            if figure["value"].is_null() {
                assert!(!figure["reason"]["text"].as_str().unwrap().is_empty());
            }
            let inputs = figure["inputs"].as_array().unwrap();
            let of: u64 = inputs.iter().map(|input| input["of"].as_u64().unwrap()).sum();
            assert_eq!(of, figure["coverage"]["of"].as_u64().unwrap(), "{figure}");
            if !figure["metric"].is_null() && !figure["value"].is_null() {
                assert!(of > 0, "{}: a figure out of nothing: {figure}", path.display());
            }
            if figure["reason"]["code"] == "blank-input" {
                assert!(!figure["unlock"].as_array().unwrap().is_empty(), "{figure}");
            }
            if let Some(formula) = figure["formula"].as_str() {
                assert!(!formula.contains("$A$1:$A$1"), "{formula}");
            }
        }
    }
}

#[test]
fn the_same_analysis_is_told_in_either_language() {
    let path = Path::new("fixtures/clean/full-11.xlsx");
    let goals = |value: &Value| value["files"][0]["analysis"]["goals"].clone();
    let (zh, en) = (analysed(path, Lang::Zh), analysed(path, Lang::En));
    assert_eq!(goals(&zh)["composite"]["value"], goals(&en)["composite"]["value"]);
    assert_eq!(goals(&zh)["composite"]["title"], "综合完成率");
    assert_ne!(goals(&en)["composite"]["title"], "综合完成率");
    let (mut left, mut right) = (Vec::new(), Vec::new());
    figures(&zh, &mut left);
    figures(&en, &mut right);
    assert_eq!(left.len(), right.len());
}
