//! The numbers of one vector.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::place::in_list;

/// Under this name `serde_json` hands out numbers when somebody switched its feature
/// `arbitrary_precision` on.
pub(super) const EXACT_NUMBER: &str = "$serde_json::private::Number";

/// The rest of one vector.
pub(super) fn numbers<'de, A: SeqAccess<'de>>(
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
pub(super) struct NumberSeed;

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
