//! An operation's entry in the table: where it goes, what it may cost, what it takes.

use std::time::Duration;

use crate::field::FieldMeta;

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Reads. May still cost money: see [`CostClass`].
    Get,
    /// Sends a body.
    Post,
}

impl Method {
    /// `GET` or `POST`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// What sending an operation may cost. Whether it may be sent again follows from this, never from
/// the HTTP method: `GET prompts/samples` costs money, `POST …/price-calculation` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CostClass {
    /// Costs nothing: balance, models, status.
    Free,
    /// Costs nothing and says what something would cost.
    Quote,
    /// Money moves when the service accepts it.
    Paid,
}

/// The limit an operation counts against. Source: the Limits page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket(&'static str);

impl Bucket {
    /// A bucket by its name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The bucket's name, for instance `txt2img` or `request-status`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// How an operation's body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// No body: what there is to say stands in the path and the query.
    None,
    /// `application/json`.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// `multipart/form-data` with a file, `application/json` without.
    JsonUnlessFile,
}

/// A field that another's value makes necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Needs {
    /// The other field.
    pub field: &'static str,
    /// Its value.
    pub is: &'static str,
    /// Whether leaving the other field out means the same.
    pub or_absent: bool,
    /// The field that must then be given.
    pub needs: &'static str,
}

/// What the result of a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputKind {
    /// A picture file.
    Image,
    /// A film file.
    Video,
    /// A sound file.
    Audio,
    /// What was said, inline or as a file.
    Transcript,
    /// What was read, inline or as a file.
    Text,
    /// Vectors of numbers.
    Embedding,
}

/// What only operations that start a job have.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TaskMeta {
    /// What the job makes.
    pub output: OutputKind,
    /// The file extension of the usual result, without a dot.
    pub extension: &'static str,
    /// When a job of this kind is usually done: the first look at its status.
    pub usual: Duration,
    /// How long one waits for it by default.
    pub deadline: Duration,
    /// The spellings of this task in models, filters and webhooks.
    pub aliases: &'static [&'static str],
}

/// An operation's entry in the table that client, command line and sandbox share.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Meta {
    /// The API's own name, for instance `txt2img` or `txt2img/price-calculation`.
    pub name: &'static str,
    /// GET or POST.
    pub method: Method,
    /// The path below `/api/v1/client/`, with `{request_id}` where an id stands.
    pub path: &'static str,
    /// What sending it may cost.
    pub cost: CostClass,
    /// The limit it counts against.
    pub bucket: Bucket,
    /// How its body is encoded.
    pub body: BodyKind,
    /// The field of the main input: what a request is made from.
    pub input: Option<&'static str>,
    /// The operation that says its price, where there is one.
    pub price: Option<&'static str>,
    /// What a task has beyond that.
    pub task: Option<TaskMeta>,
    /// Its fields, in the order of the service's page.
    pub fields: &'static [FieldMeta],
    /// Groups of fields of which exactly one must be given, for instance the file or its width and
    /// height. Empty where there is no such rule.
    pub exactly_one: &'static [&'static [&'static str]],
    /// Groups of fields of which all or none must be given.
    pub together: &'static [&'static [&'static str]],
    /// Fields that another's value makes necessary.
    pub needs: &'static [Needs],
    /// Whether the service's published reference does not list it (a sibling service knows it).
    pub extended: bool,
    /// One line for people.
    pub summary: &'static str,
}

impl Meta {
    /// A field by the API's name, or by that of its list form.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldMeta> {
        self.fields
            .iter()
            .find(|field| field.name == name || field.several == Some(name))
    }

    /// Whether a spelling found in models, filters or webhooks means this task.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.task.is_some_and(|task| task.aliases.contains(&name))
    }
}
