//! How the generated code is split into files: a task and its price in one, called like the task.

use std::fmt::Write as _;

use super::names::snake;
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

/// The operation in whose file another stands.
fn owner<'a>(description: &'a Description, operation: &'a Operation) -> &'a Operation {
    description.priced_by(operation).unwrap_or(operation)
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

/// The module an operation's types stand in.
pub(super) fn module(description: &Description, operation: &Operation) -> String {
    snake(&owner(description, operation).type_name)
}
