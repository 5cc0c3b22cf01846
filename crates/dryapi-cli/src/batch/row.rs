//! One row, ready to be sent.

use std::path::PathBuf;

use dryapi_client::AnyTask;
use dryapi_ledger::BodyHash;
use dryapi_types::Meta;
use serde_json::{Map, Value};

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// The same in every run, and no other row's.
    pub(super) id: String,
    /// In the file, from 1.
    pub(super) line: u64,
    pub(super) meta: &'static Meta,
    pub(super) task: AnyTask,
    /// What is sent, as it is shown and recorded.
    pub(super) fields: Map<String, Value>,
    /// The fields that were left to us.
    pub(super) chosen: Vec<String>,
    /// The hash of what the user asked for.
    pub(super) content: BodyHash,
    /// Where its result goes.
    pub(super) path: PathBuf,
}

impl Row {
    /// The text to embed, of a row that is one.
    pub(super) fn text(&self) -> Option<&str> {
        let embeds = self.meta.name == "txt2embedding";
        self.fields
            .get("input")
            .and_then(Value::as_str)
            .filter(|_| embeds)
    }

    /// The model it names.
    pub(super) fn model(&self) -> &str {
        let model = self.fields.get("model").and_then(Value::as_str);
        model.unwrap_or_default()
    }
}
