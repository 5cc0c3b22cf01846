//! One visitor for every shape in which vectors of numbers come, straight from the bytes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Under this name `serde_json` hands out numbers when somebody switched its feature
/// `arbitrary_precision` on.
const EXACT_NUMBER: &str = "$serde_json::private::Number";

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

/// One of a list of vectors.
enum Row {
    /// The list is itself a vector.
    Number(f32),
    Vector(Vec<f32>),
    Item(Item),
}

/// A vector that says which one it is.
struct Item {
    index: Option<u64>,
    vector: Vec<f32>,
}

/// A list of lists.
fn plain<'de, A: SeqAccess<'de>>(mut list: A, first: Vec<f32>) -> Result<Vec<Vec<f32>>, A::Error> {
    let seed = RowSeed {
        numbers: Some(first.len()),
    };
    let mut vectors = vec![first];
    loop {
        let at = vectors.len();
        let row = list.next_element_seed(seed);
        match row.map_err(|error| in_list(at, &error))? {
            None => return Ok(vectors),
            Some(Row::Vector(vector)) => vectors.push(vector),
            Some(_) => return Err(in_list(at, &"no list, as those before it")),
        }
    }
}

/// A list of objects.
fn items<'de, A: SeqAccess<'de>>(mut list: A, first: Item) -> Result<Vec<Vec<f32>>, A::Error> {
    let seed = RowSeed {
        numbers: Some(first.vector.len()),
    };
    let mut items = vec![first];
    loop {
        let at = items.len();
        let row = list.next_element_seed(seed);
        match row.map_err(|error| in_list(at, &error))? {
            None => break,
            Some(Row::Item(item)) => items.push(item),
            Some(_) => return Err(in_list(at, &"no object, as those before it")),
        }
    }
    ordered(items).map_err(A::Error::custom)
}

/// By `index`: which vector belongs to which text is never guessed.
fn ordered(mut items: Vec<Item>) -> Result<Vec<Vec<f32>>, &'static str> {
    let numbered = items.iter().filter(|item| item.index.is_some()).count();
    if numbered > 0 {
        if numbered < items.len() {
            return Err("some vectors have an index, others none");
        }
        items.sort_by_key(|item| item.index);
        let first = items.first().and_then(|item| item.index).unwrap_or(0);
        let follows = |(index, item): (u64, &Item)| item.index == Some(index);
        if first > 1 || !(first..).zip(&items).all(follows) {
            return Err("the vectors' indexes have gaps or repeat");
        }
    }
    Ok(items.into_iter().map(|item| item.vector).collect())
}

/// Reads one of a list; as soon as the length of a vector is known, all must have it. That also
/// keeps the memory reserved ahead within twice what was read.
#[derive(Clone, Copy)]
struct RowSeed {
    numbers: Option<usize>,
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

/// The rest of one vector.
fn numbers<'de, A: SeqAccess<'de>>(
    mut list: A,
    mut vector: Vec<f32>,
) -> Result<Vec<f32>, A::Error> {
    loop {
        match list.next_element_seed(NumberSeed) {
            Ok(Some(number)) => vector.push(number),
            Ok(None) => return Ok(vector),
            Err(error) => return Err(in_list(vector.len(), &error)),
        }
    }
}

#[derive(Clone, Copy)]
struct NumberSeed;

impl<'de> DeserializeSeed<'de> for NumberSeed {
    type Value = f32;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<f32, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NumberSeed {
    type Value = f32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f32, E> {
        let number = value as f32;
        if number.is_finite() {
            Ok(number)
        } else {
            Err(E::custom("a number too large for f32"))
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f32, E> {
        Ok(value as f32)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f32, E> {
        Ok(value as f32)
    }

    /// A PHP service may write a number as a text. What stands in it is not repeated: it may be
    /// anything.
    fn visit_str<E: Error>(self, text: &str) -> Result<f32, E> {
        match text.trim().parse::<f32>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(E::custom("a text that is no finite number")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<f32, A::Error> {
        match object.next_key::<String>()?.as_deref() {
            Some(EXACT_NUMBER) => object.next_value_seed(self),
            _ => Err(A::Error::custom("an object, no number")),
        }
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

/// Says where in a list it went wrong.
fn in_list<E: Error>(at: usize, error: &impl fmt::Display) -> E {
    placed(&format!("[{at}]"), error)
}

/// Says in which member of an object it went wrong.
fn in_object<E: Error>(name: &str, error: &impl fmt::Display) -> E {
    placed(&format!(".{name}"), error)
}

/// Puts a place before an error, which may begin with one itself.
pub(super) fn placed<E: Error>(place: &str, error: &impl fmt::Display) -> E {
    let error = error.to_string();
    let gap = if error.starts_with(['[', '.']) {
        ""
    } else {
        ": "
    };
    E::custom(format_args!("{place}{gap}{error}"))
}
