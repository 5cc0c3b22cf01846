//! The description as the generator sees it: operations and their fields.

use super::extension::{CardRule, Cost, MeasuredKey, Requires, Response, SandboxKeys, TaskKeys};

/// What every path of the service starts with.
pub(crate) const PREFIX: &str = "/api/v1/client/";

/// Everything described, in the order of the file.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The API's own name: its path below the prefix, without parameters.
    pub(crate) name: String,
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// The path below the prefix, with `{parameters}`.
    pub(crate) path: String,
    /// The Rust type.
    pub(crate) type_name: String,
    pub(crate) summary: String,
    pub(crate) description: Option<String>,
    pub(crate) body: Body,
    pub(crate) fields: Vec<Field>,
    /// Groups of which exactly one must be given.
    pub(crate) exactly_one: Vec<Vec<String>>,
    pub(crate) together: Vec<Vec<String>>,
    pub(crate) requires: Vec<Requires>,
    pub(crate) cost: Cost,
    pub(crate) bucket: String,
    pub(crate) input: Option<String>,
    pub(crate) response: Response,
    pub(crate) extended: bool,
    pub(crate) task: Option<TaskKeys>,
    /// The name of its price operation.
    pub(crate) price: Option<String>,
    pub(crate) sandbox: Option<SandboxKeys>,
}

/// How the body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Json,
    Multipart,
    JsonUnlessFile,
}

/// One field: a property of the body, or a parameter.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The API's name.
    pub(crate) wire: String,
    /// The Rust name.
    pub(crate) rust: String,
    pub(crate) place: Place,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) by_model: bool,
    /// What is sent when it is left out.
    pub(crate) default: Option<Default>,
    pub(crate) choices: Vec<String>,
    /// The open enum of its values.
    pub(crate) open_enum: Option<String>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) card: Option<(CardRule, String)>,
    pub(crate) formats: Vec<String>,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) always: bool,
    pub(crate) extended: bool,
    /// The wire name of its list form, for `image` beside `images[]`.
    pub(crate) several: Option<String>,
    pub(crate) measured: Option<std::rc::Rc<MeasuredKey>>,
    pub(crate) copies: Option<String>,
    /// All there is to say, in whole sentences.
    pub(crate) doc: String,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Body,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Texts,
    /// A whole number that fits 32 bits and is not negative.
    U32,
    U64,
    I64,
    F64,
    Bool,
    File,
    Files,
    Loras,
    RequestId,
}

/// A documented value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Default {
    Text(String),
    Whole(i64),
    Number(f64),
    Bool(bool),
}

impl Operation {
    /// A field by the API's name.
    pub(crate) fn field(&self, wire: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.wire == wire || field.several.as_deref() == Some(wire))
    }

    pub(crate) fn is_price(&self) -> bool {
        self.response == Response::Price
    }
}

impl Field {
    /// The first sentence, without its full stop.
    pub(crate) fn summary(&self) -> &str {
        first_sentence(&self.doc)
    }

    pub(crate) fn is_file(&self) -> bool {
        matches!(self.kind, Kind::File | Kind::Files)
    }
}

impl Description {
    pub(crate) fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|operation| operation.name == name)
    }

    /// The operation whose price `operation` says.
    pub(crate) fn priced_by(&self, operation: &Operation) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|owner| owner.price.as_deref() == Some(&operation.name))
    }
}

/// The first sentence of a text, without its full stop.
pub(crate) fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end_matches('.')
}
