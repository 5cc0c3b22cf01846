//! What our description says beyond OpenAPI: the one key `x-dryapi`, and nothing it does not know.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The key everything of ours stands under.
pub(crate) const KEY: &str = "x-dryapi";

/// On an operation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OperationKeys {
    pub(crate) cost: Cost,
    pub(crate) bucket: String,
    /// The field of the main input: what `new` takes first.
    pub(crate) input: Option<String>,
    pub(crate) response: Response,
    #[serde(default)]
    pub(crate) extended: bool,
    #[serde(default)]
    pub(crate) requires: Vec<Requires>,
    #[serde(default)]
    pub(crate) together: Vec<Vec<String>>,
    pub(crate) task: Option<TaskKeys>,
    /// The name of the price operation, where it is not `NAME/price-calculation`.
    pub(crate) price: Option<String>,
    pub(crate) sandbox: Option<SandboxKeys>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cost {
    Free,
    Quote,
    Paid,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Response {
    Accepted,
    Price,
    Balance,
    ModelPage,
    JobStatus,
    EnhancedPrompt,
    SamplePrompt,
}

/// A field that another's value makes necessary.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Requires {
    pub(crate) field: String,
    pub(crate) is: String,
    #[serde(default)]
    pub(crate) or_absent: bool,
    pub(crate) needs: String,
}

/// What only operations that start a job have.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct TaskKeys {
    pub(crate) output: Output,
    pub(crate) extension: String,
    /// Seconds until the first look.
    pub(crate) usual: u64,
    /// Seconds one waits by default.
    pub(crate) deadline: u64,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Output {
    Image,
    Video,
    Audio,
    Transcript,
    Text,
    Embedding,
}

/// What the sandbox makes, and for how much.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct SandboxKeys {
    pub(crate) result: String,
    pub(crate) price: Formula,
}

/// US dollars: base + rate × times / over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Formula {
    #[serde(default = "nothing")]
    pub(crate) base: String,
    #[serde(default = "nothing")]
    pub(crate) rate: String,
    #[serde(default)]
    pub(crate) times: Vec<String>,
    #[serde(default)]
    pub(crate) over: Vec<String>,
}

fn nothing() -> String {
    "0".to_owned()
}

/// On a field.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct FieldKeys {
    pub(crate) card: Option<CardKey>,
    pub(crate) by_model: bool,
    pub(crate) always: bool,
    pub(crate) extended: bool,
    /// The Rust name, where it is not the API's.
    pub(crate) name: Option<String>,
    /// The name of the open enum of its values.
    #[serde(rename = "type")]
    pub(crate) open_enum: Option<String>,
    pub(crate) choices: Vec<String>,
    pub(crate) formats: Vec<String>,
    pub(crate) max_bytes: Option<u64>,
    /// The field this one is the list form of.
    pub(crate) several_of: Option<String>,
    pub(crate) measured: Option<MeasuredKey>,
    /// The parameter whose value this one repeats.
    pub(crate) copies: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum CardKey {
    Rule(CardRule),
    Keyed { rule: CardRule, key: String },
}

/// How a model's card speaks of a field; the names of dryapi-types' `CardRule`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CardRule {
    Size,
    CustomSize,
    Number,
    Steps,
    Guidance,
    NegativePrompt,
    Loras,
    Characters,
    Language,
    Voice,
    OneOf,
    Images,
    LastFrame,
}

/// What a price needs to know of another field.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct MeasuredKey {
    pub(crate) of: String,
    #[serde(rename = "as")]
    pub(crate) what: Measure,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Measure {
    Width,
    Height,
    Seconds,
    Characters,
}

/// Reads our key among the extensions of an operation or schema.
///
/// # Errors
/// Another `x-` key, or one inside ours that is not known.
pub(crate) fn read<'a, T: DeserializeOwned>(
    extensions: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> Result<Option<T>, String> {
    let mut found = None;
    for (key, value) in extensions {
        if key != KEY {
            return Err(format!(
                "{key} is not known; everything of ours stands under {KEY}"
            ));
        }
        let read = T::deserialize(value).map_err(|error| format!("{KEY}: {error}"))?;
        found = Some(read);
    }
    Ok(found)
}
