//! A price call taken apart: what moves the price, and what is counted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dryapi_types::{
    AnyQuote, ApiError, Headers, InvalidRequest, Meta, Operation, Part, PartValue, Payload, Price,
};
use serde_json::Value;

/// Words and what is drawn do not move a price that has a count or a size of its own.
const WORDS: [&str; 6] = [
    "prompt",
    "negative_prompt",
    "caption",
    "lyrics",
    "instruct",
    "seed",
];
/// What the service counts by, and takes in place of the words or the file.
const COUNTS: [&str; 2] = ["count_text", "duration_seconds"];
const SIZE: [&str; 2] = ["width", "height"];

/// A price call by its fields.
#[derive(Clone, Debug)]
pub(super) struct Question {
    meta: &'static Meta,
    fields: BTreeMap<String, Value>,
    is_form: bool,
    has_file: bool,
}

/// What a price grows with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// This field.
    Count(&'static str),
    /// Width times height of a file.
    Area,
}

impl Question {
    /// Takes a quote apart; `None` for one that cannot be.
    pub(super) fn of<Q: Operation>(quote: &Q) -> Result<Option<Self>, InvalidRequest> {
        let mut question = Self {
            meta: quote.meta(),
            fields: BTreeMap::new(),
            is_form: false,
            has_file: false,
        };
        match quote.payload()? {
            Payload::Json(bytes) => match serde_json::from_slice(&bytes) {
                Ok(fields) => question.fields = fields,
                Err(_) => return Ok(None),
            },
            Payload::Form(parts) => {
                question.is_form = true;
                for part in parts {
                    match part.value {
                        PartValue::Text(text) => {
                            question.fields.insert(part.name.into_owned(), text.into());
                        }
                        _ => question.has_file = true,
                    }
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(question))
    }

    /// Whether the service can price it by something other than its words: a number that is not
    /// drawn. Where there is none (a prompt to enhance), the words are what is paid for.
    fn is_sized(&self) -> bool {
        self.fields.iter().any(|(name, value)| {
            let number = value.is_number() || value.as_str().is_some_and(is_numeric);
            number && !WORDS.contains(&name.as_str())
        })
    }

    /// Whether it grows with a length that somebody may assume.
    pub(super) fn has_count(&self) -> bool {
        self.count().is_some()
    }

    /// What it counts by, where the service does.
    fn count(&self) -> Option<&'static str> {
        COUNTS
            .into_iter()
            .find(|name| self.meta.field(name).is_some())
    }

    /// Whether what it counts is not said: only the service can tell.
    pub(super) fn is_open(&self) -> bool {
        let unsaid = |name: &str| !self.fields.contains_key(name);
        self.has_file || self.count().is_some_and(unsaid)
    }

    /// With so many characters or seconds in place of what only the service can count.
    pub(super) fn assuming(mut self, units: u64) -> Option<Self> {
        let count = self.count()?;
        self.fields
            .retain(|name, _| !name.ends_with("_url") && name != "text");
        self.has_file = false;
        self.set(count, units);
        Some(self)
    }

    /// What the price grows with, and how much of it this asks for.
    pub(super) fn measure(&self, of_file: bool) -> Option<(Measure, u64)> {
        if let Some(name) = self.count() {
            return Some((Measure::Count(name), self.number(name)?));
        }
        let [width, height] = SIZE.map(|name| self.number(name));
        let area = width?.checked_mul(height?)?;
        of_file.then_some((Measure::Area, area))
    }

    /// The same question about other sizes: so many units, or so many pixels by so many.
    pub(super) fn at(&self, measure: Measure, size: (u64, u64)) -> Self {
        let mut other = self.clone();
        match measure {
            Measure::Count(name) => other.set(name, size.0),
            Measure::Area => {
                let [width, height] = SIZE;
                other.set(width, size.0);
                other.set(height, size.1);
            }
        }
        other
    }

    /// What is the same for all questions with the same answer, in proportion to the measure where
    /// there is one.
    pub(super) fn key(&self, measure: Option<Measure>) -> String {
        let mut fields = self.fields.clone();
        if self.is_sized() {
            fields.retain(|name, _| !WORDS.contains(&name.as_str()));
        }
        match measure {
            Some(Measure::Count(count)) => drop(fields.remove(count)),
            Some(Measure::Area) => fields.retain(|name, _| !SIZE.contains(&name.as_str())),
            None => {}
        }
        let fields: serde_json::Map<_, _> = fields.into_iter().collect();
        format!("{} {}", self.meta.name, Value::Object(fields))
    }

    fn number(&self, name: &str) -> Option<u64> {
        let number = match self.fields.get(name)? {
            Value::String(text) => text.parse().ok()?,
            value => value.as_f64()?,
        };
        let whole = number.is_finite() && (0.0..=1e15).contains(&number);
        whole.then(|| number.ceil() as u64)
    }

    fn set(&mut self, name: &str, units: u64) {
        let value = match self.is_form {
            true => units.to_string().into(),
            false => units.into(),
        };
        self.fields.insert(name.to_owned(), value);
    }
}

fn is_numeric(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

impl Operation for Question {
    type Response = Price;

    const META: &'static Meta = AnyQuote::META;

    fn meta(&self) -> &'static Meta {
        self.meta
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        if !self.is_form {
            let bytes = serde_json::to_vec(&self.fields);
            return Ok(Payload::Json(bytes.unwrap_or_default()));
        }
        let fields = self.fields.iter();
        let parts = fields.map(|(name, value)| {
            let text = value.as_str().unwrap_or_default();
            Part::text(Cow::Owned(name.clone()), text)
        });
        Ok(Payload::Form(parts.collect()))
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Price, ApiError> {
        AnyQuote::decode(status, headers, body)
    }
}
