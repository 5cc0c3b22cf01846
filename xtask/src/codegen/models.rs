//! How the generated code is split into files: a task and its price in one, called like the task.

use std::fmt::Write as _;

use super::types::operation_gate;
use crate::spec::Description;
use crate::spec::model::Operation;

/// Operations that share a file.
pub(super) struct Group<'a> {
    pub(super) file: String,
    pub(super) doc: String,
    pub(super) operations: Vec<&'a Operation>,
}

/// The files of a description, in its order.
pub(super) fn groups(description: &Description) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for operation in &description.operations {
        let owner = owner(description, operation);
        let file = snake(&owner.type_name);
        match groups.iter_mut().find(|group| group.file == file) {
            Some(group) => group.operations.push(operation),
            None => groups.push(Group {
                file,
                doc: format!("{}: `{}`.", owner.summary, owner.name),
                operations: vec![operation],
            }),
        }
    }
    for group in &mut groups {
        group
            .operations
            .sort_by_key(|operation| operation.is_price());
    }
    groups
}

/// So many fields of a task and its price make a file too long for both.
const MANY_FIELDS: usize = 22;

/// The operation in whose file another stands.
fn owner<'a>(description: &'a Description, operation: &'a Operation) -> &'a Operation {
    description
        .priced_by(operation)
        .filter(|owner| owner.fields.len() + operation.fields.len() <= MANY_FIELDS)
        .unwrap_or(operation)
}

/// `generated/mod.rs`.
pub(super) fn modules(description: &Description) -> String {
    let mut text = String::from("mod any;\nmod choices;\npub(crate) mod table;\n");
    let mut uses = String::from(
        "pub use any::{AnyQuote, AnyTask};\npub use choices::*;\npub use table::TABLE;\n",
    );
    for group in groups(description) {
        let gate = group
            .operations
            .first()
            .map_or("", |first| operation_gate(first));
        let _ = writeln!(text, "{gate}mod {};", group.file);
        let types: Vec<_> = group
            .operations
            .iter()
            .map(|operation| operation.type_name.as_str())
            .collect();
        let _ = writeln!(
            uses,
            "{gate}pub use {}::{{{}}};",
            group.file,
            types.join(", ")
        );
    }
    format!("{text}\n{uses}")
}

/// `TextToImage` as `text_to_image`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// `img-upscale/price-calculation` as `IMG_UPSCALE_PRICE`.
pub(super) fn screaming(name: &str) -> String {
    name.replace("price-calculation", "price")
        .to_uppercase()
        .replace(['-', '/'], "_")
}

/// The module an operation's types stand in.
pub(super) fn module(description: &Description, operation: &Operation) -> String {
    snake(&owner(description, operation).type_name)
}

/// A module and a constant in it: where an operation's entry of the table stands.
pub(super) fn entry(description: &Description, operation: &Operation) -> String {
    let file = module(description, operation);
    format!("{file}::{}", screaming(&operation.name))
}
