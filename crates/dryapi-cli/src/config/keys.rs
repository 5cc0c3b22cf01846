//! What can stand in the config file.

use std::path::Path;

use dryapi_client::Usd;
use dryapi_types::TABLE;

use crate::duration;
use crate::report::{End, Failure};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    /// A text that is never printed.
    Secret,
    Path,
    Switch,
    Plan,
    Count,
    Amount,
    Duration,
}

/// The keys that are global options, by their names, and how their values are written.
const OPTIONS: [(&str, Shape); 17] = [
    ("allow-http", Shape::Switch),
    ("api-key", Shape::Secret),
    ("api-key-file", Shape::Path),
    ("attempt-timeout", Shape::Duration),
    ("auth-url", Shape::Text),
    ("base-url", Shape::Text),
    ("client-id", Shape::Text),
    ("json", Shape::Switch),
    ("ledger", Shape::Path),
    ("max-cost", Shape::Amount),
    ("max-retries", Shape::Count),
    ("no-ledger", Shape::Switch),
    ("plan", Shape::Plan),
    ("quiet", Shape::Switch),
    ("realtime-url", Shape::Text),
    ("sandbox", Shape::Switch),
    ("timeout", Shape::Duration),
];
/// Before the name of a task: the model that is taken where none is given.
const MODEL: &str = "model.";

/// A key that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

impl Key {
    /// The key of this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        let option = OPTIONS.iter().find(|(option, _)| *option == name);
        let shape = match (option, name.strip_prefix(MODEL)) {
            (Some((_, shape)), _) => *shape,
            (None, Some(task)) => models().find(|found| *found == task).map(|_| Shape::Text)?,
            (None, None) => return None,
        };
        Some(Self {
            name: name.to_owned(),
            shape,
        })
    }

    /// As [`find`](Self::find); else says which there are.
    pub(crate) fn known(name: &str) -> Result<Self, End> {
        Self::find(name).ok_or_else(|| {
            let message = format!("there is no key {name:?} in the config file");
            let known: Vec<&str> = OPTIONS.iter().map(|(option, _)| *option).collect();
            let help = format!("Keys are {}, and {MODEL}TASK.", known.join(", "));
            Failure::invalid(message).help(help).into()
        })
    }

    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = String> {
        let options = OPTIONS.iter().map(|(option, _)| (*option).to_owned());
        options.chain(models().map(model))
    }

    /// The value as it is kept, or why it cannot be right.
    pub(crate) fn read(&self, text: &str) -> Result<String, String> {
        let no = |why: &str| Err(why.to_owned());
        match self.shape {
            _ if text.is_empty() => return no("is empty"),
            Shape::Text | Shape::Secret => {}
            Shape::Path if Path::new(text).is_absolute() => {}
            Shape::Path => return no("must be an absolute path"),
            Shape::Switch if matches!(text, "true" | "false") => {}
            Shape::Switch => return no("must be true or false"),
            Shape::Plan if matches!(text, "basic" | "premium") => {}
            Shape::Plan => return no("must be basic or premium"),
            Shape::Count => {
                let count = text.parse::<u32>();
                count.map_err(|_| "must be a whole number".to_owned())?;
            }
            Shape::Amount => match text.parse::<Usd>() {
                Ok(amount) if !amount.is_negative() => {}
                _ => return no("must be an amount of US dollars"),
            },
            Shape::Duration => drop(duration::parse(text)?),
        }
        Ok(text.to_owned())
    }

    /// Whether it belongs to one account.
    pub(super) fn is_of_an_account(name: &str) -> bool {
        ["api-key", "api-key-file", "client-id"].contains(&name)
    }
}

/// The key of the model for a task.
pub(super) fn model(task: &str) -> String {
    format!("{MODEL}{task}")
}

/// The tasks that need a model.
fn models() -> impl Iterator<Item = &'static str> {
    let tasks = TABLE.iter().filter(|meta| meta.task.is_some());
    tasks
        .filter(|meta| meta.field("model").is_some())
        .map(|meta| meta.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_their_shape() {
        let read = |key: &str, text: &str| Key::find(key).unwrap().read(text).is_ok();
        for (key, good, wrong) in [
            ("plan", "basic", "gold"),
            ("max-cost", "0.05", "-1"),
            ("max-retries", "0", "many"),
            ("timeout", "10m", "soon"),
            ("sandbox", "true", "1"),
            ("ledger", "/tmp/l", "l"),
            ("base-url", "https://x", ""),
            ("model.txt2img", "Flux1schnell", ""),
        ] {
            assert!(read(key, good), "{key} {good}");
            assert!(!read(key, wrong), "{key} {wrong}");
        }
        for unknown in ["intent", "profile", "model", "model.", "model.nope", "Plan"] {
            assert_eq!(Key::find(unknown), None, "{unknown}");
        }
        assert!(Key::all().all(|name| Key::find(&name).is_some()));
    }
}
