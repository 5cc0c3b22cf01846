//! Prompts, enhanced and made up. Source: the prompt pages.

use crate::error::ApiError;
use crate::headers::Headers;
use crate::lenient::{self, take};

/// A prompt made better.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnhancedPrompt {
    /// What to make.
    pub prompt: String,
    /// What to avoid.
    pub negative_prompt: Option<String>,
}

/// A prompt made up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SamplePrompt {
    /// What it is for, for instance `text2image`.
    pub kind: String,
    /// What to make.
    pub prompt: String,
}

impl EnhancedPrompt {
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let unreadable = |why: &str| ApiError::unreadable(status, headers, body, why);
        let root = ApiError::check(status, headers, body)?;
        let mut data = lenient::data_or_root(root).ok_or_else(|| unreadable("not an object"))?;
        Ok(Self {
            prompt: take(&mut data, "prompt", lenient::text)
                .ok_or_else(|| unreadable("the answer holds no prompt"))?,
            negative_prompt: take(&mut data, "negative_prompt", lenient::text),
        })
    }
}

impl SamplePrompt {
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let unreadable = |why: &str| ApiError::unreadable(status, headers, body, why);
        let root = ApiError::check(status, headers, body)?;
        let mut data = lenient::data_or_root(root).ok_or_else(|| unreadable("not an object"))?;
        Ok(Self {
            prompt: take(&mut data, "prompt", lenient::text)
                .ok_or_else(|| unreadable("the answer holds no prompt"))?,
            kind: take(&mut data, "type", lenient::text).unwrap_or_default(),
        })
    }
}
