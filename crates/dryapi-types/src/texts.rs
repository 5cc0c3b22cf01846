//! One text or several: what an embedding is made from.

use serde::{Deserialize, Serialize};

/// One text or several. One is sent as a text, several as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(#[serde(with = "crate::encode::one_or_many")] Vec<String>);

impl Texts {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The texts, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.0.iter()
    }
}

impl From<&str> for Texts {
    fn from(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }
}

impl From<String> for Texts {
    fn from(text: String) -> Self {
        Self(vec![text])
    }
}

impl From<Vec<String>> for Texts {
    fn from(texts: Vec<String>) -> Self {
        Self(texts)
    }
}

impl From<&[String]> for Texts {
    fn from(texts: &[String]) -> Self {
        Self(texts.to_vec())
    }
}

impl From<Vec<&str>> for Texts {
    fn from(texts: Vec<&str>) -> Self {
        texts.into_iter().collect()
    }
}

impl<const N: usize> From<[&str; N]> for Texts {
    fn from(texts: [&str; N]) -> Self {
        texts.into_iter().collect()
    }
}

impl<T: Into<String>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        Self(texts.into_iter().map(Into::into).collect())
    }
}

impl<'a> IntoIterator for &'a Texts {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_is_a_text_and_several_are_a_list() {
        let several = Texts::from(["a", "b"]);
        assert_eq!(json!(several), json!(["a", "b"]));
        assert_eq!(json!(Texts::from("a")), json!("a"));
        // An empty text is one text; nothing is none.
        assert_eq!(json!(Texts::from(String::new())), json!(""));
        assert_eq!(json!(Texts::from(vec!["a"])), json!("a"));
        assert_eq!(json!(Texts::default()), json!([]));
        for value in [json!("a"), json!(["a"])] {
            let read: Texts = serde_json::from_value(value).unwrap();
            assert_eq!(read, Texts::from("a"));
        }
        let read: Texts = serde_json::from_value(json!(["a", "b"])).unwrap();
        assert_eq!((read.len(), read.is_empty()), (2, false));
        let list = [String::from("a"), String::from("b")];
        assert_eq!(read, Texts::from(&list[..]));
        assert_eq!(read, Texts::from(list.to_vec()));
        assert_eq!(read.iter().collect::<Vec<_>>(), ["a", "b"]);
        assert!(serde_json::from_value::<Texts>(json!(7)).is_err());
    }
}
