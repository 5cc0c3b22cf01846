//! What crosses dryAPI's wire: requests, responses, job status, models, money and errors.
//!
//! No socket, no clock, no async and no HTTP crate: everything here is computed from bytes, so it
//! can be used beside any HTTP stack, in a webhook receiver or in a test.
//!
//! A request is a value. It knows where it goes ([`Operation::META`]), what is sent
//! ([`Operation::payload`]) and how an answer is read ([`Operation::decode`]):
//!
//! ```
//! use dryapi_types::{Operation, Payload, TextToImage};
//!
//! let request = TextToImage::new("a cat in a nebula", "Flux1schnell")
//!     .with_size(512, 512)
//!     .with_steps(4);
//! assert_eq!(TextToImage::META.path, "txt2img");
//! assert!(matches!(request.payload()?, Payload::Json(_)));
//!
//! let body = br#"{"data":{"request_id":"c08a339c-73e5-4d67-a4d5-231302fbff9a"}}"#;
//! let accepted = TextToImage::decode(200, &[], body)?;
//! assert_eq!(accepted.request_id.as_str(), "c08a339c-73e5-4d67-a4d5-231302fbff9a");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An error body, whatever it is, becomes an [`ApiError`]: kind, message, fields at fault, code and
//! rate limit. [`ApiError::decode`] is total: no status, header or byte makes it fail or panic.
//!
//! # Features
//!
//! `extended`: operations that the service's published reference does not list, but a sibling service
//! knows.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod choice;
mod encode;
pub mod error;
mod event;
mod field;
mod generated;
mod headers;
mod id;
mod job;
mod lenient;
mod meta;
mod model;
mod moment;
mod money;
mod operation;
mod output;
mod plan;
mod prompt;
mod registry;
mod result_url;
mod source;
mod texts;
mod update;

/// Every request of the table, for crates that hand all of them on.
pub mod requests {
    #[doc(no_inline)]
    pub use crate::generated::*;
}

pub use account::{Balance, Price};
pub use error::{
    ApiError, ApiErrorKind, FieldError, InvalidRequest, RateLimit, RetryAfter, Window,
};
pub use event::{Event, EventKind, InvalidEvent};
pub use field::{Card, CardRule, FieldKind, FieldMeta, FileRule, Required};
pub use generated::*;
pub use headers::Headers;
pub use id::{Intent, InvalidIntent, RequestId};
pub use job::{Accepted, Failure, FailureCode, JobState, JobStatus, Preview};
pub use meta::{BodyKind, Bucket, CostClass, Meta, Method, Needs, OutputKind, TaskMeta};
pub use model::{
    Check, Feature, Fill, Filled, Language, LoraCard, Model, ModelInfo, ModelPage, TaskName, Voice,
};
pub use moment::utc_date;
pub use money::{ParseUsdError, Usd};
pub use operation::{Measured, Operation, Part, PartValue, Payload, Priced, Task};
pub use output::{
    AnyOutput, AudioOutput, Embeddings, HasFile, ImageOutput, MissingOutput, ResultFile, Segment,
    TextReading, Transcript, TypedOutput, VideoOutput,
};
pub use plan::{Limit, Plan};
pub use prompt::{EnhancedPrompt, SamplePrompt};
pub use registry::meta;
pub use result_url::{Alternatives, ResultUrl};
pub use source::{Lora, Source};
pub use texts::Texts;
pub use update::{InvalidUpdate, Update};
