//! The Limits page.

use dryapi_types::CostClass;

use crate::config::Plan;

/// How many requests are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) minute: u32,
    /// None: as many as one likes.
    pub(crate) day: Option<u32>,
}

impl Limit {
    /// One for every endpoint.
    pub(crate) const PREMIUM: Self = Self {
        minute: 300,
        day: None,
    };
}

/// What a request counts against: a bucket by its name, and how much goes in. None for what is not
/// limited, and on Basic for what the page does not mention (prompts, background removal of films).
pub(super) fn limit(
    plan: Plan,
    name: &'static str,
    cost: CostClass,
) -> Option<(&'static str, Limit)> {
    // The page has one row for all prices: one bucket.
    let bucket = match cost {
        CostClass::Quote => "price-calculation",
        CostClass::Free if name != "request-status" => return None,
        _ => name,
    };
    if plan == Plan::Premium {
        return Some((bucket, Limit::PREMIUM));
    }
    let (minute, day) = match bucket {
        "txt2img" => (3, 100),
        "txt2audio" => (5, 300),
        "txt2embedding" => (10, 500),
        "img2txt" => (5, 50),
        "img-rmbg" | "img-upscale" => (5, 100),
        "txt2video" | "img2video" | "aud2video" | "txt2music" | "img2img" => (1, 15),
        "vid2txt" | "videofile2txt" | "aud2txt" | "audiofile2txt" => {
            let shared = Limit {
                minute: 1,
                day: Some(10),
            };
            return Some(("transcription", shared));
        }
        "price-calculation" | "request-status" => (50, 200),
        _ => return None,
    };
    let day = Some(day);
    Some((bucket, Limit { minute, day }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(name: &'static str) -> Option<(&'static str, u32, Option<u32>)> {
        let limit = limit(Plan::Basic, name, CostClass::Paid);
        limit.map(|(bucket, limit)| (bucket, limit.minute, limit.day))
    }

    #[test]
    fn basic_is_as_the_page_says() {
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
            let limit = limit(Plan::Premium, name, CostClass::Paid);
            assert_eq!(limit, Some((name, Limit::PREMIUM)));
        }
    }

    #[test]
    fn prices_share_and_the_balance_is_free() {
        for plan in [Plan::Basic, Plan::Premium] {
            let bucket = |name, cost| limit(plan, name, cost).map(|(bucket, _)| bucket);
            let prices = Some("price-calculation");
            assert_eq!(
                bucket("txt2img/price-calculation", CostClass::Quote),
                prices
            );
            assert_eq!(
                bucket("img-upscale/price-calculation", CostClass::Quote),
                prices
            );
            assert_eq!(
                bucket("request-status", CostClass::Free),
                Some("request-status")
            );
            assert_eq!(bucket("balance", CostClass::Free), None);
            assert_eq!(bucket("models", CostClass::Free), None);
        }
    }
}
