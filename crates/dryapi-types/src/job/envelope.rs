//! A status' envelope in one pass: its result may be millions of numbers, so it is handed to
//! whoever knows what it is instead of being read into a `Value` first.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::lenient::Object;

/// An object with its `result` read apart.
pub(super) struct Envelope<R> {
    /// Its other members.
    pub(super) members: Object,
    /// Its `result`.
    pub(super) result: Option<R>,
}

/// Reads `data` where it is an object, else the body; `None` where that is none, either.
pub(super) fn read<'de, S: DeserializeSeed<'de> + Copy>(
    body: &'de [u8],
    seed: S,
) -> Result<Option<Envelope<S::Value>>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let level = Level {
        seed,
        wrapped: false,
    };
    let envelope = level.deserialize(&mut json)?;
    json.end().map(|()| envelope)
}

/// The body, or what is wrapped in it.
#[derive(Clone, Copy)]
struct Level<S> {
    seed: S,
    wrapped: bool,
}

impl<'de, S: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for Level<S> {
    type Value = Option<Envelope<S::Value>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> Visitor<'de> for Level<S> {
    type Value = Option<Envelope<S::Value>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut own = Envelope {
            members: Object::new(),
            result: None,
        };
        let mut inner = None;
        while let Some(name) = object.next_key::<String>()? {
            match name.as_str() {
                "result" => own.result = Some(object.next_value_seed(self.seed)?),
                "data" if !self.wrapped => {
                    inner = object.next_value_seed(Self {
                        wrapped: true,
                        ..self
                    })?;
                }
                _ => {
                    own.members.insert(name, object.next_value::<Value>()?);
                }
            }
        }
        Ok(Some(inner.unwrap_or(own)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}
