//! What an operation is: what is sent, and how an answer is read.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::{ApiError, InvalidRequest};
use crate::headers::Headers;
use crate::id::RequestId;
use crate::job::{Accepted, JobState, JobStatus};
use crate::meta::Meta;
use crate::model::{Filled, Model};
use crate::output::MissingOutput;
use crate::source::Source;

/// A request's body, before files are opened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Payload {
    /// Nothing is sent.
    None,
    /// Encoded JSON.
    Json(Vec<u8>),
    /// Parts of a form, in order.
    Form(Vec<Part>),
}

/// One part of a form.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The field's name, for instance `image` or `loras[0][name]`.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub value: PartValue,
}

/// What a part of a form holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PartValue {
    /// Text; numbers are decimal text, booleans `1` or `0`.
    Text(String),
    /// A file, opened when the request is sent.
    File(Source),
}

impl Part {
    /// A text part.
    pub fn text(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: PartValue::Text(text.into()),
        }
    }

    /// A file part.
    pub fn file(name: impl Into<Cow<'static, str>>, source: Source) -> Self {
        Self {
            name: name.into(),
            value: PartValue::File(source),
        }
    }
}

/// One call of the service as a value.
///
/// Implementations are generated; a hand-written one is only needed to speak to something the
/// service does not publish.
pub trait Operation: Send + Sync {
    /// What a success is read into.
    type Response: Send + 'static;

    /// The operation's entry in the table.
    const META: &'static Meta;

    /// The entry of this very value; differs from [`Self::META`] only where one type stands for
    /// several operations ([`AnyTask`](crate::AnyTask)).
    fn meta(&self) -> &'static Meta {
        Self::META
    }

    /// The path below `/api/v1/client/`, ids escaped.
    fn path(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.meta().path)
    }

    /// Query pairs, not yet escaped.
    fn query(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The body. Checks what can be checked without asking anybody.
    ///
    /// # Errors
    /// [`InvalidRequest`] names every field that is missing or cannot be right.
    fn payload(&self) -> Result<Payload, InvalidRequest>;

    /// Reads an answer, whatever its bytes are.
    ///
    /// # Errors
    /// [`ApiError`] for every refusal and everything that is not the expected answer.
    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Self::Response, ApiError>;

    /// The id of the job that an answer says was started.
    fn accepted(_response: &Self::Response) -> Option<&RequestId> {
        None
    }
}

/// An operation that starts a job.
pub trait Task: Operation<Response = Accepted> + Clone {
    /// What the finished job holds.
    type Output: Send + 'static;

    /// Reads the output of a finished job.
    ///
    /// # Errors
    /// [`MissingOutput`] when the status says done but holds nothing to fetch.
    fn output(status: &JobStatus) -> Result<Self::Output, MissingOutput>;

    /// Reads the answer to a look at the job: its status and, once it is done, the output in it.
    /// `None` beside a status that says done means that [`output`](Self::output) finds none, and
    /// says why.
    ///
    /// What the output was made of may be missing from [`JobStatus::result`] then: large results
    /// are read once, from the answer's bytes.
    ///
    /// # Errors
    /// [`ApiError`] for every refusal and everything that is not a status.
    fn read(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<(JobStatus, Option<Self::Output>), ApiError> {
        let status = JobStatus::decode(status, headers, body)?;
        let done = status.state == JobState::Done;
        let output = done.then(|| Self::output(&status).ok()).flatten();
        Ok((status, output))
    }

    /// Reads the output from the content of the result's file, for outputs that are content and
    /// may come either way; `None` where the file itself is the output.
    ///
    /// # Errors
    /// When the content cannot be read as the output.
    fn output_of(_content: &[u8]) -> Option<Result<Self::Output, MissingOutput>> {
        None
    }

    /// The model's slug.
    fn model(&self) -> &str;

    /// Where the service announces changes of this job; `https`, at most 2048 characters. Does
    /// nothing where the task has no such field.
    fn set_webhook_url(&mut self, url: Option<String>);

    /// The random seed of the request, if it has one and the caller set it.
    fn seed(&self) -> Option<i64> {
        None
    }

    /// Fills what the caller left out from the model's defaults, and says what was filled.
    fn fill_from(&mut self, model: &Model) -> Vec<Filled>;

    /// Compares the request with the model's limits and features.
    ///
    /// # Errors
    /// [`InvalidRequest`] names every value outside the model's limits.
    fn check(&self, model: &Model) -> Result<(), InvalidRequest>;

    /// The request's fields as the API names them, for records and for people. Files appear as
    /// short texts, without their content.
    fn to_fields(&self) -> Map<String, Value>;
}

/// An operation whose price can be asked.
pub trait Priced: Operation {
    /// The price call.
    type Quote: Operation<Response = crate::Price>;

    /// The file whose measure decides the price, if there is one.
    fn measured(&self) -> Option<&Source> {
        None
    }

    /// The price call for this request. A file is only part of it when its measure is unknown.
    fn quote(&self, measured: Measured) -> Self::Quote;
}

/// What a price depends on of a file, measured on this machine so that it is not uploaded twice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Measured {
    /// Width and height of a picture or film in pixels.
    pub pixels: Option<(u32, u32)>,
    /// Length of a sound or film in seconds.
    pub seconds: Option<f64>,
}

impl Measured {
    /// A picture's size in pixels.
    #[must_use]
    pub const fn pixels(width: u32, height: u32) -> Self {
        Self {
            pixels: Some((width, height)),
            seconds: None,
        }
    }

    /// A sound's or film's length in seconds.
    #[must_use]
    pub const fn seconds(seconds: f64) -> Self {
        Self {
            pixels: None,
            seconds: Some(seconds),
        }
    }
}
