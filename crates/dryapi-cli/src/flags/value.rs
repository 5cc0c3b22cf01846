//! How the value of a flag is read, by the kind of its field.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};
use dryapi_types::{FieldKind, FieldMeta};
use serde_json::{Number, Value, json};

type Parse = fn(&str) -> Result<Value, String>;

/// A value that names what the service is known to take, and takes others too: it may know more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    known: &'static [&'static str],
    parse: Parse,
}

impl Open {
    pub(super) fn of(field: &FieldMeta) -> Self {
        let parse: Parse = match field.kind {
            FieldKind::Integer => integer,
            FieldKind::Number => number,
            FieldKind::Boolean => boolean,
            FieldKind::Loras => lora,
            _ => text,
        };
        let known = match field.kind {
            FieldKind::Boolean => &["true", "false"],
            _ => field.choices,
        };
        Self { known, parse }
    }
}

impl TypedValueParser for Open {
    type Value = Value;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Value, clap::Error> {
        let parse = self.parse;
        let parser = StringValueParser::new().try_map(move |text| parse(&text));
        parser.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let known = self.known.iter().map(|name| PossibleValue::new(*name));
        (!self.known.is_empty()).then(|| Box::new(known) as Box<dyn Iterator<Item = _>>)
    }
}

fn text(text: &str) -> Result<Value, String> {
    Ok(Value::from(text))
}

fn integer(text: &str) -> Result<Value, String> {
    text.parse::<i64>()
        .map(Value::from)
        .map_err(|_| "not a whole number".to_owned())
}

fn number(text: &str) -> Result<Value, String> {
    // JSON's own spelling is kept digit by digit.
    let exact = serde_json::from_str::<Number>(text).ok();
    let parsed = || text.parse().ok().and_then(Number::from_f64);
    exact
        .or_else(parsed)
        .map(Value::Number)
        .ok_or_else(|| "not a number".to_owned())
}

fn boolean(text: &str) -> Result<Value, String> {
    match text {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        _ => Err("write true or false".to_owned()),
    }
}

fn lora(text: &str) -> Result<Value, String> {
    let Some((name, weight)) = text.rsplit_once('=') else {
        return Err("write NAME=WEIGHT, for instance watercolour=0.8".to_owned());
    };
    let weight = number(weight)?;
    Ok(json!({"name": name, "weight": weight}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_kind() {
        assert_eq!(integer("-1").unwrap(), json!(-1));
        assert!(integer("1.5").is_err());
        assert_eq!(number("3.50").unwrap().to_string(), "3.5");
        assert_eq!(number(".5").unwrap(), json!(0.5));
        assert!(number("nan").is_err());
        assert_eq!(
            lora("a=b=0.8").unwrap(),
            json!({"name": "a=b", "weight": 0.8})
        );
        assert!(lora("a").is_err());
    }
}
