//! Money as the account and the price pages answer it.

use serde::Serialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::headers::Headers;
use crate::lenient::{self, Object};
use crate::money::Usd;

/// What a request would cost. Source: the price-calculation pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Price {
    /// US dollars.
    pub price: Usd,
}

/// The account's prepaid balance. Source: the balance page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Balance {
    /// US dollars.
    pub balance: Usd,
}

impl Price {
    /// A price, for tests and other implementations of the service.
    #[must_use]
    pub const fn new(price: Usd) -> Self {
        Self { price }
    }

    /// Reads `price` under `data` or at the top, as number or text.
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let price = amount(status, headers, body, &["price"], "a price")?;
        if price.is_negative() {
            return Err(ApiError::unreadable(
                status,
                headers,
                body,
                "the price is negative",
            ));
        }
        Ok(Self { price })
    }
}

impl Balance {
    /// A balance, for tests and other implementations of the service.
    #[must_use]
    pub const fn new(balance: Usd) -> Self {
        Self { balance }
    }

    /// Reads every shape seen: bare, wrapped, both, and the gateway's credits.
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let names = ["balance", "credits", "available_credits"];
        amount(status, headers, body, &names, "a balance").map(|balance| Self { balance })
    }
}

fn amount(
    status: u16,
    headers: &Headers<'_>,
    body: &[u8],
    names: &[&str],
    what: &str,
) -> Result<Usd, ApiError> {
    let root = ApiError::check(status, headers, body)?;
    let unreadable = |why: &str| ApiError::unreadable(status, headers, body, why);
    let missing = || {
        let error = unreadable(&format!("the answer holds no {}", names.join(" or ")));
        match error.request_id {
            Some(_) => unreadable(&format!("the answer names a job instead of {what}")),
            None => error,
        }
    };
    let objects = [
        root.get("data").and_then(Value::as_object),
        root.as_object(),
    ];
    let find = |object: &Object| {
        names
            .iter()
            .filter_map(|name| object.get(*name))
            .find(|value| !value.is_null())
            .cloned()
    };
    let value = objects
        .into_iter()
        .flatten()
        .find_map(find)
        .ok_or_else(missing)?;
    if lenient::number(&value).is_none() {
        return Err(unreadable(&format!("{what} should be a number")));
    }
    Usd::from_json(&value).map_err(|error| unreadable(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_a_balance() {
        for body in [
            r#"{"balance":19.72}"#,
            r#"{"data":{"balance":19.72}}"#,
            r#"{"data":{"balance":"19.72"},"balance":"19.72"}"#,
            r#"{"user_id":"user_42","available_credits":19.72}"#,
            r#"{"data":{"credits":19.720}}"#,
        ] {
            let balance = Balance::decode(200, &[], body.as_bytes()).unwrap();
            assert_eq!(balance.balance.to_string(), "19.72", "{body}");
        }
    }

    #[test]
    fn a_price_is_exact_or_an_error() {
        let price = Price::decode(200, &[], br#"{"data":{"price":1.36e-3}}"#).unwrap();
        assert_eq!(price.price.to_string(), "0.00136");
        for body in [
            r#"{"price":0.25}"#,
            r#"{"data":{"price":"0.25"}}"#,
            r#"{"success":true,"data":{"price":0.250,"currency":"USD"}}"#,
            r#"{"data":[],"price":"0.25"}"#,
        ] {
            let price = Price::decode(200, &[], body.as_bytes()).unwrap();
            assert_eq!(price.price.to_string(), "0.25", "{body}");
        }
        for body in [
            r#"{"data":{"request_id":"c08a339c"}}"#,
            r#"{"data":{"price":-1}}"#,
            r#"{"data":{"price":"soon"}}"#,
            r#"[]"#,
            "",
        ] {
            assert!(Price::decode(200, &[], body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_job_in_a_prices_place_is_told_apart() {
        let body = br#"{"data":{"request_id":"c08a339c"}}"#;
        let error = Price::decode(200, &[], body).unwrap_err();
        assert_eq!(error.request_id.as_ref().unwrap().as_str(), "c08a339c");
        assert!(error.message.contains("names a job instead of a price"));
        let nothing = Price::decode(200, &[], b"{}").unwrap_err();
        assert!(nothing.request_id.is_none() && nothing.message.contains("no price"));
    }
}
