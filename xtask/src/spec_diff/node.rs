//! What a value may be, however its schema was written: the form both descriptions are brought to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A schema without its ways of writing: references followed, `allOf` merged, variants united.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    /// The types it may have; a string of format `binary` is a `file`. None: anything goes.
    pub(super) kinds: BTreeSet<String>,
    /// Whether `null` is allowed.
    pub(super) nullable: bool,
    /// The allowed values as JSON; none: not limited.
    pub(super) values: BTreeSet<String>,
    /// Bounds, the default, the format: by keyword.
    pub(super) keywords: BTreeMap<&'static str, Value>,
    /// An object's fields.
    pub(super) fields: BTreeMap<String, Node>,
    /// Those of the fields that must be there.
    pub(super) required: BTreeSet<String>,
    /// Which of the fields go together, and which exclude each other.
    pub(super) rules: BTreeSet<Rule>,
    /// What an array holds.
    pub(super) items: Option<Box<Node>>,
    /// What an object with names of its own holds.
    pub(super) entries: Option<Box<Node>>,
    /// Whether it is marked as ours alone.
    pub(super) extended: bool,
}

/// Groups of fields to choose from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rule {
    /// Exactly one group (`oneOf`) or at least one (`anyOf`).
    pub(super) exactly_one: bool,
    /// Each group's fields; they are given together.
    pub(super) groups: BTreeSet<BTreeSet<String>>,
}

impl Node {
    /// A value of one type.
    pub(super) fn of(kind: &str) -> Self {
        Self {
            kinds: BTreeSet::from([kind.to_owned()]),
            ..Self::default()
        }
    }

    /// Whether it is an object and nothing else.
    pub(super) fn is_object(&self) -> bool {
        self.kinds.len() == 1 && self.kinds.contains("object")
    }

    /// Whether it has no parts.
    pub(super) fn is_leaf(&self) -> bool {
        self.fields.is_empty()
            && self.rules.is_empty()
            && self.items.is_none()
            && self.entries.is_none()
    }

    /// Adds what must hold as well (`allOf`); where both speak, the word of `self` stands.
    pub(super) fn and(&mut self, other: Self) {
        if self.kinds.is_empty() {
            self.kinds = other.kinds;
        }
        if self.values.is_empty() {
            self.values = other.values;
        }
        for (keyword, value) in other.keywords {
            self.keywords.entry(keyword).or_insert(value);
        }
        for (name, field) in other.fields {
            self.fields.entry(name).or_default().and(field);
        }
        self.nullable |= other.nullable;
        self.extended |= other.extended;
        self.required.extend(other.required);
        self.rules.extend(other.rules);
        self.items = self.items.take().or(other.items);
        self.entries = self.entries.take().or(other.entries);
    }

    /// Adds what may hold instead (`oneOf`, `anyOf`).
    pub(super) fn or(&mut self, other: Self) {
        let both = [&*self, &other]
            .iter()
            .all(|it| it.kinds.contains("object"));
        if both {
            self.required.retain(|name| other.required.contains(name));
        } else {
            self.required.extend(other.required);
        }
        self.kinds.extend(other.kinds);
        self.values.extend(other.values);
        for (keyword, value) in other.keywords {
            let held = self
                .keywords
                .entry(keyword)
                .or_insert_with(|| value.clone());
            if *held != value {
                *held = Value::String(format!("{held} or {value}"));
            }
        }
        for (name, field) in other.fields {
            self.fields.entry(name).or_default().or(field);
        }
        self.nullable |= other.nullable;
        self.extended |= other.extended;
        self.rules.extend(other.rules);
        self.items = either(self.items.take(), other.items);
        self.entries = either(self.entries.take(), other.entries);
    }
}

fn either(one: Option<Box<Node>>, other: Option<Box<Node>>) -> Option<Box<Node>> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.or(*other);
            Some(one)
        }
        (one, other) => one.or(other),
    }
}
