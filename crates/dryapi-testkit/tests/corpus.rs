//! The corpus against the decoder that everything of ours stands on, and against itself.

use dryapi_testkit::corpus::{self, Case, Class};
use dryapi_testkit::{Answer, answers};
use dryapi_types::{ApiError, ApiErrorKind, RetryAfter};
use serde_json::{Value, json};

fn decode(case: &Case) -> ApiError {
    ApiError::decode(case.status(), case.headers(), case.body())
}

fn kind(kind: ApiErrorKind) -> &'static str {
    match kind {
        ApiErrorKind::Unauthorized => "unauthorized",
        ApiErrorKind::Forbidden => "forbidden",
        ApiErrorKind::AccountSuspended => "account_suspended",
        ApiErrorKind::NotFound => "not_found",
        ApiErrorKind::Validation => "validation",
        ApiErrorKind::InsufficientBalance => "insufficient_balance",
        ApiErrorKind::RateLimited => "rate_limited",
        ApiErrorKind::Server => "server",
        ApiErrorKind::UnexpectedStatus => "unexpected_status",
        ApiErrorKind::Decode => "decode",
        _ => "a kind without a name here",
    }
}

/// The command line's exit code of a kind.
fn exit(kind: &str) -> u8 {
    match kind {
        "unexpected_status" | "decode" => 1,
        "unauthorized" | "forbidden" | "account_suspended" => 3,
        "not_found" => 4,
        "validation" => 5,
        "insufficient_balance" => 6,
        "rate_limited" => 7,
        "server" => 8,
        "outcome_unknown" => 12,
        _ => u8::MAX,
    }
}

#[test]
fn every_case_is_understood_as_expected() {
    assert!(corpus::errors().len() >= 20);
    for case in corpus::errors() {
        let (name, expect, error) = (case.name, &case.expect, decode(case));
        if expect.kind != "outcome_unknown" {
            assert_eq!(kind(error.kind), expect.kind, "{name}");
        }
        assert_eq!(error.message, expect.message, "{name}");
        assert_eq!(error.code, expect.code, "{name}");
        let fields = error
            .fields
            .iter()
            .map(|field| (&field.field, &field.messages));
        let expected = expect
            .fields
            .iter()
            .map(|field| (&field.field, &field.messages));
        assert!(fields.eq(expected), "{name}: {:?}", error.fields);
        let limit = error.rate_limit.as_deref();
        assert_eq!(
            limit.map(|limit| limit.window.as_str()),
            expect.window.as_deref(),
            "{name}"
        );
        let told = limit.and_then(|limit| limit.retry_after);
        assert_eq!(told, expect.retry_after().map(RetryAfter::In), "{name}");
        let delivery = if error.is_own_answer() {
            "answered"
        } else {
            "unknown"
        };
        assert_eq!(delivery, expect.delivery, "{name}");
    }
}

#[test]
fn what_a_case_expects_fits_together() {
    for case in corpus::errors() {
        let (name, expect) = (case.name, &case.expect);
        assert!(!case.source.is_empty(), "{name}");
        assert_eq!(expect.exit, exit(&expect.kind), "{name}");
        let refused = (400..500).contains(&case.status());
        let charge = if case.class == Class::Free || refused {
            "no"
        } else {
            "maybe"
        };
        assert_eq!(expect.charge, charge, "{name}");
        let unknown = case.class == Class::Paid && expect.delivery == "unknown";
        assert_eq!(expect.kind == "outcome_unknown", unknown, "{name}");
        assert_eq!(
            expect.kind == "rate_limited",
            expect.window.is_some(),
            "{name}"
        );
    }
}

#[test]
fn every_answer_is_well_formed() {
    for case in corpus::errors() {
        let name = case.name;
        let header = |wanted: &str| {
            let found = case
                .headers()
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| *value)
        };
        assert_eq!(
            header("content-length"),
            Some(&*case.body().len().to_string()),
            "{name}"
        );
        assert!(header("content-type").is_some(), "{name}");
        assert!(case.http.ends_with(case.body()), "{name}");
        let head = &case.http[..case.http.len() - case.body().len()];
        let lines = head.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(
            lines,
            head.windows(2).filter(|pair| pair == b"\r\n").count(),
            "{name}"
        );
        if let Some(told) = case
            .answer()
            .to_json()
            .and_then(|body| body["statusCode"].as_u64())
        {
            assert_eq!(told, u64::from(case.status()), "{name}");
        }
        assert!(std::ptr::eq(corpus::error(name).unwrap(), case));
    }
    assert!(corpus::error("no such case").is_none());
}

#[test]
fn the_errors_page_holds() {
    let page = |name: &str| {
        let case = corpus::error(name).unwrap();
        let error = decode(case);
        assert!(error.envelope, "{name}");
        (
            case.status(),
            kind(error.kind),
            error.message,
            case.answer().to_json().unwrap(),
        )
    };
    let body = |status: u16, message: &str, errors: Value| json!({"data": null, "message": message, "errors": errors, "statusCode": status});
    let fields = json!([
        {"field": "width", "messages": ["The width must be between 64 and 2048."]},
        {"field": "model", "messages": ["The selected model does not exist."]},
    ]);
    for (name, status, message, errors) in [
        ("unauthorized", 401, "Unauthorized user.", json!([])),
        ("not_found", 404, "Request not found.", json!([])),
        ("validation", 422, "Validation failed", fields),
        ("server_error", 500, "Internal server error", json!([])),
    ] {
        let kind = if name == "server_error" {
            "server"
        } else {
            name
        };
        let expected = (
            status,
            kind,
            message.to_owned(),
            body(status, message, errors),
        );
        assert_eq!(page(name), expected);
    }
    // The page lists 429 without a body; this one is from the published description.
    let too_many = "Too Many Attempts.".to_owned();
    let expected = (
        429,
        "rate_limited",
        too_many.clone(),
        json!({"message": too_many}),
    );
    assert_eq!(page("rate_limited"), expected);
}

#[test]
fn constructors_answer_what_the_corpus_holds() {
    let fields = [
        ("width", "The width must be between 64 and 2048."),
        ("model", "The selected model does not exist."),
    ];
    for (name, answer) in [
        ("unauthorized", answers::unauthorized()),
        ("not_found", answers::not_found()),
        ("validation", answers::validation(&fields)),
        ("server_error", answers::server_error()),
        ("rate_limited", answers::rate_limited_minute()),
        ("rate_limited_daily", answers::rate_limited_daily()),
        ("insufficient_balance", answers::insufficient_balance()),
    ] {
        let case: Answer = corpus::error(name).unwrap().into();
        assert_eq!(answer.status, case.status, "{name}");
        assert_eq!(answer.headers, case.headers, "{name}");
        assert_eq!(answer.to_json(), case.to_json(), "{name}");
    }
}

#[test]
fn every_body_decodes_to_its_snapshot() {
    for case in corpus::errors() {
        insta::with_settings!({ description => case.source.as_str(), omit_expression => true }, {
            insta::assert_debug_snapshot!(case.name, decode(case));
        });
    }
}
