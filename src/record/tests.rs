//! The published schemas are those of these types, and what is written is read again.
#![allow(clippy::unwrap_used)]

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::difference::Differences;
use super::finding::Check;
use super::run::Run;

/// The schema of a type, closed: a field it does not name is a mistake.
fn schema<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    close(&mut schema, false);
    schema["title"] = title.into();
    schema
}

/// Closes what is not put together of several parts, which draft 2020-12 closes as a whole.
fn close(schema: &mut Value, part: bool) {
    match schema {
        Value::Object(fields) => {
            let is_object = fields.get("properties").is_some_and(Value::is_object);
            let put_together = fields.contains_key("allOf") || fields.contains_key("$ref");
            if is_object && fields.get("type") == Some(&"object".into()) && !part {
                let word = if put_together { "unevaluatedProperties" } else { "additionalProperties" };
                fields.insert(word.into(), false.into());
            }
            // A choice that carries a value: what the choice means is what the value is.
            for choice in fields.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
                let about = choice["description"].clone();
                let properties = choice.get_mut("properties").and_then(Value::as_object_mut);
                for (_, property) in properties.into_iter().flatten() {
                    if property.get("description").is_none() {
                        property["description"] = about.clone();
                    }
                }
            }
            fields.iter_mut().for_each(|(name, value)| close(value, name == "allOf"));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| close(value, part)),
        _ => {}
    }
}

fn bare(schema: &Value, path: &str, into: &mut Vec<String>) {
    match schema {
        Value::Array(values) => values.iter().for_each(|value| bare(value, path, into)),
        Value::Object(fields) => {
            for (name, property) in fields.get("properties").and_then(Value::as_object).into_iter().flatten()
            {
                if property.get("description").is_none() {
                    into.push(format!("{path}.{name}"));
                }
            }
            fields.iter().for_each(|(name, inner)| bare(inner, &format!("{path}.{name}"), into));
        }
        _ => {}
    }
}

#[test]
fn the_published_schemas_are_those_of_the_types() {
    for (name, schema) in [
        ("findings", schema::<Check>("fupan check --format json")),
        ("run", schema::<Run>("run.json of fupan batch")),
        ("differences", schema::<Differences>("fupan diff --format json")),
    ] {
        let path = format!("docs/schema/{name}.schema.json");
        let made = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os("FUPAN_WRITE").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap();
        assert!(published == made, "run the tests with FUPAN_WRITE=1 to write {path}");
        let mut undescribed = Vec::new();
        bare(&schema, "", &mut undescribed);
        assert!(undescribed.is_empty(), "{}", undescribed.join("\n"));
    }
}

#[test]
fn what_an_earlier_version_wrote_is_read_with_what_it_lacks_missing() {
    let text = r#"{"tool":"fupan","version":"0.1.0","schema":1,"as_of":"2024-12-20","files":[
        {"file":"甲.xlsx","blake3":"","bytes":1,"outcome":"counted","findings":[
            {"code":"a","title":"","severity":"note","message":"","fingerprints":["1"]}]}]}"#;
    let run: Run = serde_json::from_str(text).unwrap();
    assert_eq!((run.head.schema, run.head.merges.len(), run.files[0].findings.len()), (1, 0, 1));
    let again: Run = serde_json::from_value(serde_json::to_value(&run).unwrap()).unwrap();
    assert_eq!(again, run);
}
