//! How many requests an account may send. Source: Limits page.

use std::fmt;

use crate::meta::{Bucket, CostClass, Meta};

/// The type of an account, which decides its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Plan {
    /// No payment yet: a few requests a minute, a few hundred a day.
    Basic,
    /// Any payment made: 300 requests a minute, no daily limits.
    Premium,
}

/// How many requests a bucket takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limit {
    /// In any minute.
    pub minute: u32,
    /// In a day, which begins at 00:00 UTC; `None`: as many as one likes.
    pub day: Option<u32>,
}

impl Limit {
    /// A limit.
    #[must_use]
    pub const fn new(minute: u32, day: Option<u32>) -> Self {
        Self { minute, day }
    }
}

impl Plan {
    /// `basic` or `premium`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Premium => "premium",
        }
    }

    /// What an operation counts against, and how much goes in. `None` for what is not limited
    /// (balance, models), and on Basic for what the page does not mention (prompts, films' changes).
    ///
    /// The four transcriptions share one bucket on Basic and have one each on Premium; all prices
    /// share one.
    #[must_use]
    pub fn limit(self, meta: &Meta) -> Option<(Bucket, Limit)> {
        let free = meta.cost == CostClass::Free;
        let bucket = meta.bucket;
        if free && bucket.as_str() != "request-status" {
            return None;
        }
        if self == Self::Premium {
            let own = if bucket.as_str() == "transcription" {
                Bucket::new(meta.name)
            } else {
                bucket
            };
            return Some((own, Limit::new(300, None)));
        }
        let (minute, day) = match bucket.as_str() {
            "txt2img" => (3, 100),
            "txt2audio" => (5, 300),
            "txt2embedding" => (10, 500),
            "img2txt" => (5, 50),
            "img-rmbg" | "img-upscale" => (5, 100),
            "txt2video" | "img2video" | "aud2video" | "txt2music" | "img2img" => (1, 15),
            "transcription" => (1, 10),
            "price-calculation" | "request-status" => (50, 200),
            _ => return None,
        };
        Some((bucket, Limit::new(minute, Some(day))))
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta;

    fn limit(plan: Plan, name: &str) -> Option<(&'static str, u32, Option<u32>)> {
        let limit = plan.limit(meta(name).unwrap());
        limit.map(|(bucket, limit)| (bucket.as_str(), limit.minute, limit.day))
    }

    #[test]
    fn basic_is_as_the_page_says() {
        let basic = |name| limit(Plan::Basic, name);
        assert_eq!(basic("txt2img"), Some(("txt2img", 3, Some(100))));
        assert_eq!(
            basic("txt2embedding"),
            Some(("txt2embedding", 10, Some(500)))
        );
        assert_eq!(basic("img2img"), Some(("img2img", 1, Some(15))));
        assert_eq!(basic("vid-upscale"), None);
        let shared = Some(("transcription", 1, Some(10)));
        for name in ["vid2txt", "videofile2txt", "aud2txt", "audiofile2txt"] {
            assert_eq!(basic(name), shared, "{name}");
        }
    }

    #[test]
    fn premium_has_300_each() {
        for name in ["txt2img", "vid2txt", "aud2txt", "vid-upscale"] {
            assert_eq!(limit(Plan::Premium, name), Some((name, 300, None)));
        }
    }

    #[test]
    fn prices_share_and_the_balance_is_free() {
        for plan in [Plan::Basic, Plan::Premium] {
            let bucket = |name| limit(plan, name).map(|(bucket, _, _)| bucket);
            for name in ["txt2img/price-calculation", "img-upscale/price-calculation"] {
                assert_eq!(bucket(name), Some("price-calculation"));
            }
            assert_eq!(bucket("request-status"), Some("request-status"));
            assert_eq!((bucket("balance"), bucket("models")), (None, None));
        }
    }
}
