//! From any status, headers and bytes to an [`ApiError`].
//!
//! Total: decoding never fails and never panics. Every shape the service, its gateway or a proxy
//! was seen to send is read; everything else becomes its status and a piece of its text.

use serde_json::Value;

use super::api_error::{ApiError, ApiErrorKind};
use super::field::{FieldError, fields};
use super::rate_limit::RateLimit;
use super::recover::request_id_in;
use super::snippet::snippet;
use crate::headers::Headers;
use crate::lenient;

impl ApiError {
    /// Reads an answer that is an error. A 2xx is read as one that cannot be understood.
    #[must_use]
    pub fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Self {
        if (200..300).contains(&status) {
            return match Self::check(status, headers, body) {
                Ok(_) => Self::unreadable(status, headers, body, "the answer is none"),
                Err(error) => error,
            };
        }
        let json = serde_json::from_slice(body).unwrap_or(Value::Null);
        Self::understand(status, status, headers, body, &json)
    }

    /// The JSON of a 2xx; everything else is an error.
    pub(crate) fn json(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Value, Self> {
        if !(200..300).contains(&status) {
            return Err(Self::decode(status, headers, body));
        }
        serde_json::from_slice(body).map_err(|error| {
            Self::unreadable(
                status,
                headers,
                body,
                &format!("the answer is not JSON ({error})"),
            )
        })
    }

    /// The JSON of a 2xx that is no refusal in disguise: no `success:false`, no `error` without
    /// `data`, no `statusCode` of 400 or more without `data`.
    pub(crate) fn check(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Value, Self> {
        let json = Self::json(status, headers, body)?;
        let has = |key: &str| json.get(key).is_some_and(|value| !value.is_null());
        let refused = json.get("success") == Some(&Value::Bool(false));
        if refused || !has("data") && (has("error") || told_status(&json).is_some()) {
            let meant = told_status(&json).unwrap_or(status);
            return Err(Self::understand(status, meant, headers, body, &json));
        }
        Ok(json)
    }

    /// A success that is not what was expected.
    pub(crate) fn unreadable(status: u16, headers: &Headers<'_>, body: &[u8], why: &str) -> Self {
        let mut error = Self::understand(status, status, headers, body, &Value::Null);
        error.kind = ApiErrorKind::Decode;
        error.message = format!("{why}: {}", error.message);
        error
    }

    fn understand(
        status: u16,
        meant: u16,
        headers: &Headers<'_>,
        body: &[u8],
        json: &Value,
    ) -> Self {
        let fields = fields(json.get("errors"));
        let inner = json.get("error").unwrap_or(&Value::Null);
        let code = inner
            .get("code")
            .or_else(|| json.get("error_code"))
            .and_then(lenient::text);
        let said = [json.get("message"), inner.get("message"), Some(inner)]
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::trim)
            .find(|text| !text.is_empty());
        let message = said
            .map(ToOwned::to_owned)
            .or_else(|| {
                let mut texts = fields.iter().flat_map(|field| &field.messages);
                texts.find(|text| !text.trim().is_empty()).cloned()
            })
            .or_else(|| snippet(body, json))
            .unwrap_or_else(|| format!("HTTP {status}"));
        let kind = kind(meant, &message, code.as_deref(), &fields);
        let request_id = request_id_in(body);
        Self {
            kind,
            status,
            rate_limit: match kind {
                ApiErrorKind::RateLimited => Some(RateLimit::of_refusal(headers, json)),
                _ => RateLimit::read(headers),
            }
            .map(Box::new),
            envelope: json.get("message").is_some_and(Value::is_string) && request_id.is_none(),
            message,
            fields,
            code,
            request_id,
        }
    }
}

/// A `statusCode` in the body that is an error's.
fn told_status(json: &Value) -> Option<u16> {
    let told = u16::try_from(json.get("statusCode").and_then(lenient::whole)?).ok()?;
    (400..600).contains(&told).then_some(told)
}

fn kind(status: u16, message: &str, code: Option<&str>, fields: &[FieldError]) -> ApiErrorKind {
    let message = message.to_ascii_lowercase();
    let names_balance = fields.iter().any(|field| field.field == "balance");
    let no_money = code == Some("insufficient_credits")
        || status == 422 && names_balance
        || matches!(status, 403 | 422) && says_no_money(&message);
    match status {
        402 => ApiErrorKind::InsufficientBalance,
        400..=499 if no_money => ApiErrorKind::InsufficientBalance,
        401 => ApiErrorKind::Unauthorized,
        403 if message.contains("suspend") => ApiErrorKind::AccountSuspended,
        403 => ApiErrorKind::Forbidden,
        404 | 405 | 410 => ApiErrorKind::NotFound,
        400 | 409 | 413 | 415 | 422 => ApiErrorKind::Validation,
        429 => ApiErrorKind::RateLimited,
        500..=599 => ApiErrorKind::Server,
        _ => ApiErrorKind::UnexpectedStatus,
    }
}

/// "Not enough balance", "insufficient credits"; a picture's white balance is no money.
fn says_no_money(message: &str) -> bool {
    let money = message.replace("white balance", "");
    ["not enough", "insufficient"]
        .iter()
        .any(|word| money.contains(word))
        && ["balance", "credit", "fund"]
            .iter()
            .any(|word| money.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(status: u16, body: &str) -> ApiError {
        ApiError::decode(status, &[], body.as_bytes())
    }

    #[test]
    fn the_five_bodies_of_the_errors_page() {
        let body = r#"{"data":null,"message":"Unauthorized user.","errors":[],"statusCode":401}"#;
        let error = decode(401, body);
        assert_eq!(error.kind, ApiErrorKind::Unauthorized);
        assert_eq!(error.message, "Unauthorized user.");
        assert!(error.fields.is_empty() && error.envelope);

        let body = r#"{"data":null,"message":"Request not found.","errors":[],"statusCode":404}"#;
        assert_eq!(decode(404, body).kind, ApiErrorKind::NotFound);

        let body = r#"{"data":null,"message":"Validation failed","errors":[{"field":"width","messages":["The width must be between 64 and 2048."]},{"field":"model","messages":["The selected model does not exist."]}],"statusCode":422}"#;
        let error = decode(422, body);
        assert_eq!(error.kind, ApiErrorKind::Validation);
        let fields: Vec<String> = error.fields.iter().map(ToString::to_string).collect();
        assert_eq!(
            fields,
            [
                "width: The width must be between 64 and 2048.",
                "model: The selected model does not exist."
            ]
        );

        let body = r#"{"message":"Too Many Attempts."}"#;
        assert_eq!(decode(429, body).kind, ApiErrorKind::RateLimited);

        let body =
            r#"{"data":null,"message":"Internal server error","errors":[],"statusCode":500}"#;
        let error = decode(500, body);
        assert_eq!(error.kind, ApiErrorKind::Server);
        assert!(error.envelope && error.is_own_answer());
    }

    #[test]
    fn other_shapes_of_the_same() {
        let laravel = decode(
            422,
            r#"{"message":"No.","errors":{"model":["No."],"width":"Bad."}}"#,
        );
        assert_eq!(laravel.fields.len(), 2);
        let gateway = decode(
            402,
            r#"{"error":{"code":"insufficient_credits","message":"Insufficient credits","detail":null}}"#,
        );
        assert_eq!(gateway.kind, ApiErrorKind::InsufficientBalance);
        assert_eq!(gateway.code.as_deref(), Some("insufficient_credits"));
        assert!(!gateway.envelope);
        let balance = decode(
            422,
            r#"{"message":"Not enough balance.","errors":{"balance":["Not enough balance."]}}"#,
        );
        assert_eq!(balance.kind, ApiErrorKind::InsufficientBalance);
        let white = decode(
            422,
            r#"{"message":"Not enough white balance.","errors":[]}"#,
        );
        assert_eq!(white.kind, ApiErrorKind::Validation);
        let suspended = decode(403, r#"{"message":"Your account has been suspended."}"#);
        assert_eq!(suspended.kind, ApiErrorKind::AccountSuspended);
        let page = decode(
            502,
            "<html><head><style>b{}</style><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>",
        );
        assert_eq!(page.message, "502 Bad Gateway");
        let untitled = decode(502, "<html><style>b{}</style><h1>Bad</h1> gateway</html>");
        assert_eq!(untitled.message, "Bad gateway");
        assert!(!page.envelope && !page.is_own_answer());
        assert_eq!(decode(500, "").message, "HTTP 500");
        let blank = r#"{"errors":{"a":[""],"b":["","No."]}}"#;
        assert_eq!(decode(422, blank).message, "No.");
        let blank = r#"{"errors":{"a":" "}}"#;
        assert_eq!(decode(422, blank).message, blank);
        assert_eq!(decode(419, "").kind, ApiErrorKind::UnexpectedStatus);
        assert_eq!(
            decode(404, r#"{"statusCode":500}"#).kind,
            ApiErrorKind::NotFound
        );
    }

    #[test]
    fn a_refusal_inside_a_success() {
        let check = |body: &str| ApiError::check(200, &[], body.as_bytes());
        assert!(check(r#"{"data":{"price":1}}"#).is_ok());
        assert!(check(r#"{"prompt":"x"}"#).is_ok());
        let kind = |body: &str| check(body).unwrap_err().kind;
        assert_eq!(
            kind(r#"{"success":false,"message":"no"}"#),
            ApiErrorKind::UnexpectedStatus
        );
        assert_eq!(kind(r#"{"error":"no"}"#), ApiErrorKind::UnexpectedStatus);
        assert_eq!(
            kind(r#"{"data":null,"statusCode":401}"#),
            ApiErrorKind::Unauthorized
        );
        assert_eq!(kind("<html>"), ApiErrorKind::Decode);
        assert_eq!(kind(""), ApiErrorKind::Decode);
    }

    proptest! {
        #[test]
        fn any_bytes_are_understood(
            status in 0u16..1000,
            body in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..300),
                r#"[\[\]{}":,a-z0-9<>/ ]{0,120}"#.prop_map(String::into_bytes),
            ],
            retry_after in ".{0,30}",
        ) {
            let headers = [("retry-after", retry_after.as_str())];
            let error = ApiError::decode(status, &headers, &body);
            prop_assert!(!error.message.is_empty());
            let _ = ApiError::check(status, &headers, &body);
        }
    }
}
