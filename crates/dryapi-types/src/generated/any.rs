//! Any task: one whose name is only known at run time.

use serde_json::{Map, Value};

use super::image::{ImageUpscale, ImageUpscalePrice, TextToImage, TextToImagePrice};
use super::table;
use crate::account::Price;
use crate::error::{ApiError, FieldError, InvalidRequest};
use crate::headers::Headers;
use crate::id::RequestId;
use crate::job::{Accepted, JobStatus};
use crate::meta::Meta;
use crate::model::{Filled, Model};
use crate::operation::{Measured, Operation, Payload, Priced, Task};
use crate::output::{HasFile, MissingOutput, ResultFile};
use crate::registry::meta;
use crate::source::Source;

/// Any task. Made from a name and fields, as the command line and webhooks have them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyTask {
    /// `txt2img`
    TextToImage(TextToImage),
    /// `img-upscale`
    ImageUpscale(ImageUpscale),
}

/// The output of any task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyOutput {
    /// A file behind an address.
    File(ResultFile),
    /// The result itself.
    Inline(Value),
}

/// The price call of any task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyQuote {
    /// `txt2img/price-calculation`
    TextToImage(TextToImagePrice),
    /// `img-upscale/price-calculation`
    ImageUpscale(ImageUpscalePrice),
}

/// Does the same for whichever task or price it is.
macro_rules! each {
    ($of:ident, $value:expr, $inner:ident => $body:expr) => {
        match $value {
            $of::TextToImage($inner) => $body,
            $of::ImageUpscale($inner) => $body,
        }
    };
}

impl AnyTask {
    /// A task by its API name (or any spelling of it) and its fields as the API names them. Files
    /// are paths or addresses.
    ///
    /// # Errors
    /// [`InvalidRequest`] for an unknown task or field, or a value of the wrong type. What is
    /// missing is only found by [`Operation::payload`], so that it can be filled before.
    pub fn from_fields(name: &str, fields: Map<String, Value>) -> Result<Self, InvalidRequest> {
        let Some(meta) = meta(name).filter(|meta| meta.task.is_some()) else {
            let message = format!("there is no task called {name:?}");
            let fields = vec![FieldError::new("task", message)];
            return Err(InvalidRequest {
                operation: "task",
                fields,
            });
        };
        let unknown: Vec<_> = fields
            .keys()
            .filter(|field| meta.field(field).is_none())
            .map(|field| FieldError::new(field, format!("{} has no such field", meta.name)))
            .collect();
        InvalidRequest::unless_empty(meta.name, unknown)?;
        let fields = Value::Object(fields);
        let task = match meta.name {
            "txt2img" => serde_json::from_value(fields).map(Self::TextToImage),
            _ => serde_json::from_value(fields).map(Self::ImageUpscale),
        };
        task.map_err(|error| InvalidRequest {
            operation: meta.name,
            fields: vec![FieldError::new("", error.to_string())],
        })
    }
}

impl Operation for AnyTask {
    type Response = Accepted;

    const META: &'static Meta = &table::ANY;

    fn meta(&self) -> &'static Meta {
        each!(Self, self, task => task.meta())
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        each!(Self, self, task => task.payload())
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Accepted, ApiError> {
        Accepted::decode(status, headers, body)
    }

    fn accepted(response: &Accepted) -> Option<&RequestId> {
        Some(&response.request_id)
    }
}

impl Task for AnyTask {
    type Output = AnyOutput;

    fn output(status: &JobStatus) -> Result<AnyOutput, MissingOutput> {
        match &status.result {
            Some(result) if status.result_url.is_none() => Ok(AnyOutput::Inline(result.clone())),
            _ => ResultFile::of(status).map(AnyOutput::File),
        }
    }

    fn model(&self) -> &str {
        each!(Self, self, task => task.model())
    }

    fn set_webhook_url(&mut self, url: Option<String>) {
        each!(Self, self, task => task.set_webhook_url(url));
    }

    fn seed(&self) -> Option<i64> {
        each!(Self, self, task => task.seed())
    }

    fn fill_from(&mut self, model: &Model) -> Vec<Filled> {
        each!(Self, self, task => task.fill_from(model))
    }

    fn check(&self, model: &Model) -> Result<(), InvalidRequest> {
        each!(Self, self, task => task.check(model))
    }

    fn to_fields(&self) -> Map<String, Value> {
        each!(Self, self, task => task.to_fields())
    }
}

impl Priced for AnyTask {
    type Quote = AnyQuote;

    fn measured(&self) -> Option<&Source> {
        each!(Self, self, task => task.measured())
    }

    fn quote(&self, measured: Measured) -> AnyQuote {
        match self {
            Self::TextToImage(task) => AnyQuote::TextToImage(task.quote(measured)),
            Self::ImageUpscale(task) => AnyQuote::ImageUpscale(task.quote(measured)),
        }
    }
}

impl Operation for AnyQuote {
    type Response = Price;

    const META: &'static Meta = &table::ANY_PRICE;

    fn meta(&self) -> &'static Meta {
        each!(Self, self, quote => quote.meta())
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        each!(Self, self, quote => quote.payload())
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Price, ApiError> {
        Price::decode(status, headers, body)
    }
}

impl HasFile for AnyOutput {
    fn file(&self) -> Option<&ResultFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Inline(_) => None,
        }
    }
}

macro_rules! from_task {
    ($($task:ident),*) => {$(
        impl From<$task> for AnyTask {
            fn from(task: $task) -> Self {
                Self::$task(task)
            }
        }
    )*};
}

from_task!(TextToImage, ImageUpscale);
