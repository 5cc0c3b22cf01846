//! One visitor for every shape in which vectors of numbers come, straight from the bytes.

mod list;
mod number;
mod place;
mod row;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use list::{items, plain};
use number::numbers;
pub(super) use place::placed;
use place::{in_list, in_object};
use row::{Row, RowSeed};

/// Reads `[[f]]`, `[f]`, `{embedding}`, `{embeddings}`, `{data}` with any of these in it, a list of
/// `{embedding, index}`, or one of them inside a JSON text; null is `None`.
///
/// Of an object the first member with one of the three names counts. Items are put in the order of
/// their `index`, which all or none must have, without gaps, from 0 or 1. A list with nothing in
/// it, a vector without numbers, vectors of different lengths, and everything that is no finite
/// `f32` (null, NaN, 1e39) are refused; a text that is a number is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors {
    /// Whether it may be wrapped in a text.
    in_text: bool,
}

impl Vectors {
    pub(super) const ANY: Self = Self { in_text: true };
}

impl<'de> DeserializeSeed<'de> for Vectors {
    type Value = Option<Vec<Vec<f32>>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Vectors {
    type Value = Option<Vec<Vec<f32>>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("vectors of numbers")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if !self.in_text {
            return Err(E::custom("a text in a text"));
        }
        let mut inner = serde_json::Deserializer::from_str(text);
        Self { in_text: false }
            .deserialize(&mut inner)
            .and_then(|vectors| inner.end().map(|()| vectors))
            .and_then(|vectors| vectors.ok_or_else(|| Error::custom("null")))
            .map(Some)
            .map_err(|error| E::custom(format_args!("in the JSON text: {error}")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first = list.next_element_seed(RowSeed { numbers: None });
        match first.map_err(|error| in_list(0, &error))? {
            None => Err(A::Error::custom("an empty list")),
            Some(Row::Number(first)) => numbers(list, vec![first]).map(|only| Some(vec![only])),
            Some(Row::Vector(first)) => plain(list, first).map(Some),
            Some(Row::Item(item)) => items(list, item).map(Some),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = object.next_key::<String>()? {
            let holds = matches!(name.as_str(), "embedding" | "embeddings" | "data");
            if holds && found.is_none() {
                let value = object.next_value_seed(self);
                found = value.map_err(|error| in_object(&name, &error))?;
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        let none = || A::Error::custom("an object without embedding, embeddings or data");
        found.map(Some).ok_or_else(none)
    }
}
