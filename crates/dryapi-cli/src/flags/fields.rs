//! A task's fields as flags, from its entry in the table.

use clap::{Arg, ArgAction, ArgMatches, Command};
use dryapi_types::{FieldKind, FieldMeta, Meta};
use serde_json::{Map, Number, Value, json};

const INPUT: &str = "input";
const HEADING: &str = "Fields";

/// Adds a task's main input and a flag for each of its fields.
pub(crate) fn with_fields(command: Command, meta: &'static Meta) -> Command {
    let Some(input) = meta.input else {
        return command;
    };
    let main = meta.field(input);
    let what = main.map_or("The main input", |field| field.summary);
    let from = match main.map(|field| field.kind) {
        Some(FieldKind::File) => "a path, `-` for stdin, or an https address",
        _ => "`-` reads stdin, @FILE a file",
    };
    let positional = Arg::new(INPUT)
        .value_name("INPUT")
        .conflicts_with(id(input))
        .help(format!("{what} ({from})"));
    meta.fields
        .iter()
        .fold(command.arg(positional), |command, field| {
            command.arg(flag(field))
        })
}

fn flag(field: &'static FieldMeta) -> Arg {
    let arg = Arg::new(id(field.name))
        .help(field.summary)
        .help_heading(HEADING);
    match field.kind {
        FieldKind::Integer => arg
            .long(dashed(field.name))
            .value_name("N")
            .allow_negative_numbers(true)
            .value_parser(integer),
        FieldKind::Number => arg
            .long(dashed(field.name))
            .value_name("NUMBER")
            .allow_negative_numbers(true)
            .value_parser(number),
        FieldKind::Boolean => arg
            .long(dashed(field.name))
            .value_name("BOOL")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(boolean),
        FieldKind::Loras => arg
            .long("lora")
            .value_name("NAME=WEIGHT")
            .action(ArgAction::Append)
            .value_parser(lora),
        FieldKind::File => arg
            .long(dashed(field.name))
            .value_name("FILE")
            .value_parser(text),
        _ => arg
            .long(dashed(field.name))
            .value_name("TEXT")
            .value_parser(text),
    }
}

/// The fields that were given as flags, as the API names them. Texts are as typed.
pub(crate) fn given(meta: &Meta, matches: &ArgMatches) -> Map<String, Value> {
    let mut fields = Map::new();
    for field in meta.fields {
        let Ok(Some(values)) = matches.try_get_many::<Value>(&id(field.name)) else {
            continue;
        };
        let mut values: Vec<Value> = values.cloned().collect();
        let value = match field.kind {
            FieldKind::Loras => Some(Value::Array(values)),
            _ => values.pop(),
        };
        fields.extend(value.map(|value| (field.name.to_owned(), value)));
    }
    fields
}

/// The positional input as typed.
pub(crate) fn input(matches: &ArgMatches) -> Option<&String> {
    matches.get_one::<String>(INPUT)
}

/// Lets `--flag true` and `--flag false` be written without an equals sign, and `--flag` alone
/// before anything else.
pub(super) fn join_booleans(args: &mut Vec<std::ffi::OsString>, flags: &[String]) {
    let mut at = 0;
    while at + 1 < args.len() {
        let (Some(flag), Some(next)) = (args.get(at), args.get(at + 1)) else {
            return;
        };
        if flag == "--" {
            return;
        }
        let is_flag = flag.to_str().is_some_and(|flag| {
            let name = flag.strip_prefix("--");
            name.is_some_and(|name| flags.iter().any(|flag| flag == name))
        });
        if is_flag && (next == "true" || next == "false") {
            let value = args.remove(at + 1);
            if let Some(flag) = args.get_mut(at) {
                flag.push("=");
                flag.push(value);
            }
        }
        at += 1;
    }
}

/// The boolean flags of all tasks.
pub(super) fn booleans() -> Vec<String> {
    dryapi_types::TABLE
        .iter()
        .filter(|meta| meta.task.is_some())
        .flat_map(|meta| meta.fields)
        .filter(|field| field.kind == FieldKind::Boolean)
        .map(|field| dashed(field.name))
        .collect()
}

fn id(field: &str) -> String {
    format!("field:{field}")
}

/// The flag of a field.
pub(crate) fn dashed(field: &str) -> String {
    field.replace('_', "-")
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

    #[test]
    fn booleans_stand_alone_or_take_a_word() {
        let mut args: Vec<std::ffi::OsString> =
            ["x", "--ts", "false", "--ts", "in", "--", "--ts", "true"]
                .map(Into::into)
                .into();
        join_booleans(&mut args, &["ts".to_owned()]);
        assert_eq!(
            args,
            ["x", "--ts=false", "--ts", "in", "--", "--ts", "true"]
        );
    }
}
