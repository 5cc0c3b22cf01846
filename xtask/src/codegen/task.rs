//! What only operations that start a job have.

use std::fmt::Write as _;

use super::form::condition;
use super::quoted::quoted;
use super::types::{gate, is_filled, is_optional, is_seed};
use crate::spec::extension::{CardRule, Output, TaskKeys};
use crate::spec::model::{Field, Kind, Operation};

pub(super) fn render(operation: &Operation) -> String {
    let Some(keys) = &operation.task else {
        return String::new();
    };
    let output = output(keys);
    let mut text = format!(
        "impl Task for {} {{
    type Output = {output};

    fn output(status: &JobStatus) -> Result<{output}, MissingOutput> {{
        {output}::of(status)
    }}
",
        operation.type_name
    );
    if matches!(
        keys.output,
        Output::Transcript | Output::Text | Output::Embedding
    ) {
        let _ = write!(
            text,
            "
    fn output_of(content: &[u8]) -> Option<Result<{output}, MissingOutput>> {{
        Some({output}::from_content(content))
    }}
"
        );
    }
    if keys.output == Output::Embedding {
        let _ = write!(
            text,
            "
    fn read(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<(JobStatus, Option<{output}>), ApiError> {{
        {output}::read(status, headers, body)
    }}
"
        );
    }
    let model = match operation.field("model") {
        Some(field) if is_optional(field) => "self.model.as_deref().unwrap_or_default()",
        Some(_) => "&self.model",
        None => "\"\"",
    };
    let _ = write!(text, "\n    fn model(&self) -> &str {{\n{model}\n}}\n");
    text += match operation.field("webhook_url") {
        Some(_) => {
            "
    fn set_webhook_url(&mut self, url: Option<String>) {
        self.webhook_url = url;
    }
"
        }
        None => "\n    fn set_webhook_url(&mut self, _url: Option<String>) {}\n",
    };
    if let Some(seed) = operation.fields.iter().find(|field| is_seed(field)) {
        let value = match is_optional(seed) {
            true => "self.seed.filter(|seed| *seed != RANDOM_SEED)",
            false => "(self.seed != RANDOM_SEED).then_some(self.seed)",
        };
        let _ = write!(
            text,
            "\n    fn seed(&self) -> Option<i64> {{\n{value}\n}}\n"
        );
    }
    text += &fill(operation);
    text += &check(operation);
    text += "
    fn to_fields(&self) -> Map<String, Value> {
        fields_of(self)
    }
}

";
    text
}

const fn output(keys: &TaskKeys) -> &'static str {
    match keys.output {
        Output::Image => "ImageOutput",
        Output::Video => "VideoOutput",
        Output::Audio => "AudioOutput",
        Output::Transcript => "Transcript",
        Output::Text => "TextReading",
        Output::Embedding => "Embeddings",
    }
}

/// What a card knows of a field: the rule, its own name for it, both quoted.
fn known(field: &Field) -> Option<(CardRule, String)> {
    let (rule, key) = field.card.as_ref()?;
    let names = match rule {
        CardRule::Size
        | CardRule::CustomSize
        | CardRule::Number
        | CardRule::Steps
        | CardRule::Guidance
        | CardRule::Characters
        | CardRule::OneOf
        | CardRule::Language
        | CardRule::Voice => {
            format!("{}, {}", quoted(&field.wire), quoted(key))
        }
        _ => quoted(&field.wire),
    };
    Some((*rule, names))
}

fn fill(operation: &Operation) -> String {
    let mut lines = String::new();
    // A voice belongs to a language, so that comes first.
    let mut fields: Vec<&Field> = operation.fields.iter().collect();
    fields.sort_by_key(|field| !matches!(field.card, Some((CardRule::Language, _))));
    for field in fields {
        let Some((rule, names)) = known(field) else {
            continue;
        };
        let needed = operation
            .requires
            .iter()
            .find(|rule| rule.needs == field.wire);
        if !is_filled(field)
            || !is_optional(field)
            || !(field.required || field.by_model || needed.is_some())
        {
            continue;
        }
        let value = format!("&mut self.{}", field.rust);
        let line = match (rule, field.kind) {
            (CardRule::Guidance, _) => format!("fill.guidance({names}, {value});"),
            (CardRule::Language, _) => format!("fill.language({names}, {value});"),
            (CardRule::Voice, _) => {
                let language = language(operation);
                format!("fill.voice({names}, {value}, {language});")
            }
            (_, Kind::U32) => format!("fill.integer({names}, {value});"),
            (_, Kind::F64) => format!("fill.number({names}, {value});"),
            (_, _) if field.open_enum.is_some() => format!("fill.choice({names}, {value});"),
            (_, _) => format!("fill.text({names}, {value});"),
        };
        let line = match needed {
            Some(rule) => match operation.field(&rule.field) {
                Some(on) => format!(
                    "if {} {{\n{line}\n}}",
                    condition(on, &rule.is, rule.or_absent)
                ),
                None => line,
            },
            None => line,
        };
        let _ = writeln!(lines, "{}{line}", gate(operation, field));
    }
    let body = match lines.is_empty() {
        true => "Fill::new(model).done()".to_owned(),
        false => format!("let mut fill = Fill::new(model);\n{lines}fill.done()"),
    };
    format!("\n    fn fill_from(&mut self, model: &Model) -> Vec<Filled> {{\n{body}\n}}\n")
}

fn language(operation: &Operation) -> String {
    let language = operation
        .fields
        .iter()
        .find(|field| matches!(field.card, Some((CardRule::Language, _))));
    match language {
        Some(field) if is_optional(field) => format!("self.{}.as_deref()", field.rust),
        Some(field) => format!("Some(&self.{})", field.rust),
        None => "None".to_owned(),
    }
}

fn check(operation: &Operation) -> String {
    let (mut lines, mut gated) = (String::new(), String::new());
    for field in &operation.fields {
        let Some((rule, names)) = known(field) else {
            continue;
        };
        let place = format!("self.{}", field.rust);
        let optional = is_optional(field);
        let text = match optional {
            true => format!("{place}.as_deref()"),
            false => format!("Some(&{place})"),
        };
        let number = match (field.kind, optional) {
            (Kind::U32, true) => format!("{place}.map(f64::from)"),
            (Kind::U32, false) => format!("Some(f64::from({place}))"),
            (_, true) => place.clone(),
            (_, false) => format!("Some({place})"),
        };
        let size = if optional {
            place.clone()
        } else {
            format!("Some({place})")
        };
        let line = match rule {
            CardRule::Size => format!("check.size({names}, {size});"),
            CardRule::CustomSize => format!("check.custom_size({names}, {size});"),
            CardRule::Number => format!("check.number({names}, {number});"),
            CardRule::Steps => format!("check.steps({names}, {size});"),
            CardRule::Guidance => format!("check.guidance({names}, {number});"),
            CardRule::NegativePrompt => format!("check.negative_prompt({names}, {text});"),
            CardRule::Loras => format!("check.loras({names}, &{place});"),
            CardRule::Characters => format!("check.characters({names}, {text});"),
            CardRule::Language => format!("check.language({}, {text});", quoted(&field.wire)),
            CardRule::Voice => {
                format!(
                    "check.voice({}, {text}, {});",
                    quoted(&field.wire),
                    language(operation)
                )
            }
            CardRule::OneOf => {
                let value = match (field.kind, optional) {
                    (Kind::Text, true) => format!("{place}.as_ref()"),
                    (Kind::Text, false) => format!("Some(&{place})"),
                    (_, true) => place.clone(),
                    (_, false) => format!("Some({place})"),
                };
                format!("check.one_of({names}, {value});")
            }
            CardRule::Images => format!("check.images({names}, {place}.len());"),
            CardRule::LastFrame => format!("check.last_frame({names}, {place}.is_some());"),
        };
        match gate(operation, field) {
            "" => {
                let _ = writeln!(lines, "{line}");
            }
            gate => {
                let _ = writeln!(
                    gated,
                    "{gate}let check = {{\nlet mut check = check;\n{line}\ncheck\n}};"
                );
            }
        }
    }
    let mutable = if lines.is_empty() { "" } else { "mut " };
    let body = match lines.is_empty() && gated.is_empty() {
        true => "Check::new(Self::META.name, model).finish()".to_owned(),
        false => format!(
            "let {mutable}check = Check::new(Self::META.name, model);\n{lines}{gated}check.finish()"
        ),
    };
    format!("\n    fn check(&self, model: &Model) -> Result<(), InvalidRequest> {{\n{body}\n}}\n")
}
