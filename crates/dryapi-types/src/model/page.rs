//! One page of the catalogue, from every envelope seen.

use serde_json::Value;

use super::Model;
use crate::error::ApiError;
use crate::headers::Headers;
use crate::lenient;

/// One page of the catalogue. Source: the models page, its description, live answers.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelPage {
    /// The models on it.
    pub models: Vec<Model>,
    /// Which page this is, from 1, where told.
    pub page: Option<u64>,
    /// How many pages there are, where told.
    pub last_page: Option<u64>,
    /// Whether a next page is linked, where told.
    pub has_next_link: Option<bool>,
}

impl ModelPage {
    /// A page of models, the only one.
    #[must_use]
    pub const fn new(models: Vec<Model>) -> Self {
        Self {
            models,
            page: None,
            last_page: None,
            has_next_link: None,
        }
    }

    /// Whether another page should follow page `asked` (from 1). The page size asked for is never
    /// trusted: the service was seen to ignore it.
    #[must_use]
    pub fn has_next(&self, asked: u64) -> bool {
        if self.models.is_empty() {
            return false;
        }
        match (self.last_page, self.has_next_link) {
            (Some(last), _) => asked < last,
            (None, Some(linked)) => linked,
            (None, None) => false,
        }
    }

    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let mut root = ApiError::check(status, headers, body)?;
        let mut data = root.get_mut("data").map_or(Value::Null, Value::take);
        if data.is_object() {
            // `data.data`: the envelope inside the envelope.
            root = data;
            data = root.get_mut("data").map_or(Value::Null, Value::take);
        }
        let Value::Array(entries) = data else {
            return Err(ApiError::unreadable(
                status,
                headers,
                body,
                "the answer holds no models",
            ));
        };
        let meta = lenient::object(root.get("meta"));
        let number = |keys: [&str; 2]| {
            keys.into_iter()
                .find_map(|key| meta.get(key).and_then(lenient::whole))
        };
        Ok(Self {
            models: entries.into_iter().filter_map(Model::read).collect(),
            page: number(["current_page", "page"]),
            last_page: number(["last_page", "total_pages"]),
            has_next_link: root
                .get("links")
                .and_then(Value::as_object)
                .and_then(|links| links.get("next"))
                .map(|next| !next.is_null()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_envelope() {
        for (body, next) in [
            (
                r#"{"data":[{"slug":"a"}],"links":{"next":null},"meta":{"current_page":1,"last_page":1}}"#,
                false,
            ),
            (
                r#"{"data":[{"slug":"a"}],"links":{"next":"https://x?page=2"}}"#,
                true,
            ),
            (r#"{"data":[{"slug":"a"}]}"#, false),
            (
                r#"{"data":{"data":[{"slug":"a"}],"meta":{"page":"1","total_pages":"3"}}}"#,
                true,
            ),
            (
                r#"{"data":[{"slug":"a"},7],"count":11,"meta":{"page":1,"total_pages":1}}"#,
                false,
            ),
        ] {
            let page = ModelPage::decode(200, &[], body.as_bytes()).unwrap();
            assert_eq!(page.models.len(), 1, "{body}");
            assert_eq!(page.has_next(1), next, "{body}");
        }
        assert!(ModelPage::decode(200, &[], b"{}").is_err());
    }
}
