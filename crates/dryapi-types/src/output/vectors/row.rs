//! One of a list of vectors.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::number::{EXACT_NUMBER, NumberSeed, numbers};
use super::place::in_object;

/// One of a list of vectors.
pub(super) enum Row {
    /// The list is itself a vector.
    Number(f32),
    Vector(Vec<f32>),
    Item(Item),
}

/// A vector that says which one it is.
pub(super) struct Item {
    pub(super) index: Option<u64>,
    pub(super) vector: Vec<f32>,
}

/// Reads one of a list; as soon as the length of a vector is known, all must have it. That also
/// keeps the memory reserved ahead within twice what was read.
#[derive(Clone, Copy)]
pub(super) struct RowSeed {
    pub(super) numbers: Option<usize>,
}

impl<'de> DeserializeSeed<'de> for RowSeed {
    type Value = Row;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Row, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowSeed {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a vector or a number")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Row, E> {
        NumberSeed.visit_f64(value).map(Row::Number)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Row, E> {
        NumberSeed.visit_i64(value).map(Row::Number)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Row, E> {
        NumberSeed.visit_u64(value).map(Row::Number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Row, E> {
        NumberSeed.visit_str(text).map(Row::Number)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Row, A::Error> {
        let vector = numbers(list, Vec::with_capacity(self.numbers.unwrap_or(0)))?;
        match self.numbers {
            _ if vector.is_empty() => Err(A::Error::custom("a vector without numbers")),
            Some(length) if length != vector.len() => Err(A::Error::custom(format_args!(
                "{} numbers, the first vector has {length}",
                vector.len()
            ))),
            _ => Ok(Row::Vector(vector)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Row, A::Error> {
        let (mut vector, mut index) = (None, None);
        while let Some(name) = object.next_key::<String>()? {
            match name.as_str() {
                EXACT_NUMBER => return object.next_value_seed(NumberSeed).map(Row::Number),
                "embedding" if vector.is_none() => {
                    let row = object.next_value_seed(self);
                    match row.map_err(|error| in_object("embedding", &error))? {
                        Row::Vector(read) => vector = Some(read),
                        _ => return Err(in_object("embedding", &"no list of numbers")),
                    }
                }
                "index" => index = object.next_value_seed(IndexSeed)?,
                _ => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        let none = || A::Error::custom("an object without embedding");
        vector
            .map(|vector| Row::Item(Item { index, vector }))
            .ok_or_else(none)
    }
}

/// An index: a whole number that is not negative; null is none.
struct IndexSeed;

impl<'de> DeserializeSeed<'de> for IndexSeed {
    type Value = Option<u64>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<u64>, D::Error> {
        let value = <serde_json::Value as serde::Deserialize>::deserialize(from)?;
        match crate::lenient::whole(&value) {
            None if !value.is_null() => Err(in_object("index", &"no whole number")),
            index => Ok(index),
        }
    }
}
