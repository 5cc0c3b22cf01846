//! The operation table: an entry for each operation, and the list of them.

use std::fmt::Write as _;

use super::models::{Group, groups, module};
use super::names::{pascal, screaming};
use super::quoted::{float, list, quoted};
use super::types::{gate, operation_gate};
use crate::spec::Description;
use crate::spec::extension::{CardRule, Cost, Output, TaskKeys};
use crate::spec::model::{Body, Default, Field, Kind, Operation};

/// One operation's entry.
pub(super) fn entry(operation: &Operation) -> String {
    let constant = screaming(&operation.name);
    let mut text = format!(
        "/// `{}`\npub(crate) const {constant}: Meta = Meta {{\n",
        operation.name
    );
    let cost = match operation.cost {
        Cost::Free => "Free",
        Cost::Quote => "Quote",
        Cost::Paid => "Paid",
    };
    let body = match operation.body {
        Body::None => "None",
        Body::Json => "Json",
        Body::Multipart => "Multipart",
        Body::JsonUnlessFile => "JsonUnlessFile",
    };
    let method = if operation.method == "GET" {
        "Get"
    } else {
        "Post"
    };
    let _ = write!(
        text,
        "name: {}, method: Method::{method}, path: {}, cost: CostClass::{cost},
        bucket: Bucket::new({}), body: BodyKind::{body}, input: {},\n",
        quoted(&operation.name),
        quoted(&operation.path),
        quoted(&operation.bucket),
        option(operation.input.as_deref()),
    );
    let _ = writeln!(text, "price: {},", option(operation.price.as_deref()));
    let _ = writeln!(text, "task: {},", task(operation.task.as_ref()));
    text += "fields: &[\n";
    for field in &operation.fields {
        let gate = gate(operation, field);
        let mut row = row(field);
        if !gate.is_empty() {
            // An import would be one too many without the feature.
            row = row.replace("CardRule::", "crate::field::CardRule::");
        }
        let _ = writeln!(text, "{gate}{row},");
    }
    text += "],\n";
    let _ = writeln!(text, "exactly_one: {},", lists(&operation.exactly_one));
    let _ = writeln!(text, "together: {},", lists(&operation.together));
    let needs: Vec<_> = operation
        .requires
        .iter()
        .map(|rule| {
            format!(
                "Needs {{ field: {}, is: {}, or_absent: {}, needs: {} }}",
                quoted(&rule.field),
                quoted(&rule.is),
                rule.or_absent,
                quoted(&rule.needs)
            )
        })
        .collect();
    let _ = writeln!(
        text,
        "needs: &[{}],\nextended: {},\nsummary: {},\n}};\n",
        needs.join(", "),
        operation.extended,
        quoted(&operation.summary)
    );
    text
}

/// The list of all, tasks first.
pub(super) fn render(description: &Description) -> String {
    let mut operations: Vec<_> = description.operations.iter().collect();
    operations.sort_by_key(|operation| (operation.task.is_none(), operation.is_price()));
    let mut text = String::new();
    let groups = groups(description);
    let gate = |group: &Group<'_>| {
        group
            .operations
            .first()
            .map_or("", |first| operation_gate(first))
    };
    for group in &groups {
        let _ = writeln!(text, "{}mod {};", gate(group), group.file);
    }
    for group in &groups {
        let entries: Vec<_> = group
            .operations
            .iter()
            .map(|operation| screaming(&operation.name))
            .collect();
        let _ = writeln!(
            text,
            "{}pub(super) use {}::{{{}}};",
            gate(group),
            group.file,
            entries.join(", ")
        );
    }
    text += "\n/// Every operation, tasks first.\npub const TABLE: &[&Meta] = &[\n";
    for operation in operations {
        let _ = writeln!(
            text,
            "{}&{}::{},",
            operation_gate(operation),
            module(description, operation),
            screaming(&operation.name)
        );
    }
    let longest = description
        .operations
        .iter()
        .filter_map(|operation| operation.task.as_ref())
        .map(|task| task.deadline)
        .max()
        .unwrap_or_default();
    let _ = write!(
        text,
        "];

/// A task whose name is only known at run time: the longest wait of all kinds.
pub(crate) const ANY: Meta = Meta {{
    name: \"task\", method: Method::Post, path: \"\", cost: CostClass::Paid,
    bucket: Bucket::new(\"task\"), body: BodyKind::Json, input: None, price: None,
    task: Some(TaskMeta {{
        output: OutputKind::Image, extension: \"bin\", usual: Duration::from_secs(5),
        deadline: Duration::from_secs({longest}), aliases: &[],
    }}),
    fields: &[], exactly_one: &[], together: &[], needs: &[], extended: false,
    summary: \"Any task\",
}};

/// The price of a task whose name is only known at run time.
pub(crate) const ANY_PRICE: Meta = Meta {{
    name: \"task/price-calculation\", cost: CostClass::Quote, bucket: Bucket::new(\"price-calculation\"),
    task: None, summary: \"The price of any task\", ..ANY
}};
"
    );
    text
}

fn option(text: Option<&str>) -> String {
    text.map_or_else(
        || "None".to_owned(),
        |text| format!("Some({})", quoted(text)),
    )
}

fn lists(groups: &[Vec<String>]) -> String {
    let groups: Vec<_> = groups.iter().map(|group| list(group)).collect();
    format!("&[{}]", groups.join(", "))
}

fn task(keys: Option<&TaskKeys>) -> String {
    let Some(keys) = keys else {
        return "None".to_owned();
    };
    let output = match keys.output {
        Output::Image => "Image",
        Output::Video => "Video",
        Output::Audio => "Audio",
        Output::Transcript => "Transcript",
        Output::Text => "Text",
        Output::Embedding => "Embedding",
    };
    format!(
        "Some(TaskMeta {{ output: OutputKind::{output}, extension: {}, usual: Duration::from_secs({}),
        deadline: Duration::from_secs({}), aliases: {} }})",
        quoted(&keys.extension),
        keys.usual,
        keys.deadline,
        list(&keys.aliases)
    )
}

fn row(field: &Field) -> String {
    let kind = match field.kind {
        Kind::Text | Kind::RequestId => "Text",
        Kind::Texts => "Texts",
        Kind::U32 | Kind::U64 | Kind::I64 => "Integer",
        Kind::F64 => "Number",
        Kind::Bool => "Boolean",
        Kind::File => "File",
        Kind::Files => "Files",
        Kind::Loras => "Loras",
    };
    let required = match (field.required, field.by_model) {
        (_, true) => "ByModel",
        (true, false) => "Yes",
        (false, false) => "No",
    };
    let mut text = format!(
        "FieldMeta::new({}, FieldKind::{kind}, Required::{required}, {})",
        quoted(&field.wire),
        quoted(field.summary())
    );
    if let Some(default) = &field.default {
        let shown = match default {
            Default::Text(text) => text.clone(),
            Default::Whole(whole) => whole.to_string(),
            Default::Number(number) => number.to_string(),
            Default::Bool(on) => on.to_string(),
        };
        let _ = write!(text, ".default({})", quoted(&shown));
    }
    if !field.choices.is_empty() {
        let _ = write!(text, ".choices({})", list(&field.choices));
    }
    for (name, bound) in [("min", field.min), ("max", field.max)] {
        if let Some(bound) = bound {
            let _ = write!(text, ".{name}({})", float(bound));
        }
    }
    if let Some((rule, key)) = &field.card {
        let _ = write!(
            text,
            ".card(CardRule::{}, {})",
            rule_name(*rule),
            quoted(key)
        );
    }
    if field.is_file() {
        let most = field
            .max_bytes
            .map_or("None".to_owned(), |most| format!("Some({most})"));
        let _ = write!(text, ".file({}, {most})", list(&field.formats));
    }
    if let Some(several) = &field.several {
        let _ = write!(text, ".several({})", quoted(several));
    }
    if field.always {
        text += ".always()";
    }
    if field.extended {
        text += ".extended()";
    }
    text
}

fn rule_name(rule: CardRule) -> String {
    pascal(&format!("{rule:?}"))
}
