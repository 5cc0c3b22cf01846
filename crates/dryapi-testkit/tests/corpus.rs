//! The corpus against the decoder that everything of ours stands on, and against itself.

use dryapi_testkit::corpus::{self, Case, Class};
use dryapi_testkit::{Answer, answers};
use dryapi_types::{ApiError, ApiErrorKind, Operation, RetryAfter, TextToImage};
use serde_json::{Value, json};

/// As the client does it: what is no success is read to 64 KiB, and the key is taken out.
fn decode(case: &Case) -> ApiError {
    const LIMIT: usize = 64 * 1024;
    let body = match case.status() {
        200..=299 => case.body(),
        _ => case.body().get(..LIMIT).unwrap_or(case.body()),
    };
    let mut error = ApiError::decode(case.status(), case.headers(), body);
    error.map_text(|text| text.replace(corpus::KEY, "[api key]"));
    error
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
    assert!(corpus::errors().len() >= 100);
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
        let refused = limit.filter(|_| error.kind == ApiErrorKind::RateLimited);
        assert_eq!(
            refused.map(|limit| limit.window.as_str()),
            expect.window.as_deref(),
            "{name}"
        );
        let told = limit.and_then(|limit| limit.retry_after);
        assert_eq!(told, expect.retry_after().map(RetryAfter::In), "{name}");
        // Whose answer it is also depends on what is done with it.
        if expect.kind != "outcome_unknown" {
            let delivery = if error.is_own_answer() {
                "answered"
            } else {
                "unknown"
            };
            assert_eq!(delivery, expect.delivery, "{name}");
        }
    }
}

#[test]
fn no_id_of_a_paid_job_is_lost() {
    let mut found = 0;
    for case in corpus::odd().iter().filter(|case| case.expect.ok) {
        let answer = TextToImage::decode(case.status(), case.headers(), case.body());
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let expect = &case.expect;
        let id = answer.request_id.as_str();
        assert_eq!(Some(id), expect.request_id.as_deref(), "{}", case.name);
        assert_eq!(answer.warning.is_some(), expect.warning, "{}", case.name);
        found += 1;
    }
    assert!(found >= 4);
}

#[test]
fn what_a_case_expects_fits_together() {
    for case in corpus::all() {
        let (name, expect) = (case.name, &case.expect);
        assert!(
            !case.source.is_empty() && case.source != "TODO",
            "{name}: say where it was seen"
        );
        if expect.ok {
            let rest = (&*expect.kind, &*expect.message, &*expect.delivery);
            assert_eq!(rest, ("", "", "answered"), "{name}");
            assert_eq!((&*expect.charge, expect.exit), ("yes", 0), "{name}");
            assert!(expect.request_id.is_some(), "{name}");
            continue;
        }
        assert!(expect.request_id.is_none() && !expect.warning, "{name}");
        assert_eq!(expect.exit, exit(&expect.kind), "{name}");
        let refused = match case.status() {
            200..=299 => !["server", "unexpected_status"].contains(&&*expect.kind),
            status => (400..500).contains(&status),
        };
        let unknown = expect.kind == "outcome_unknown";
        let charge = if case.class == Class::Free || refused && !unknown {
            "no"
        } else {
            "maybe"
        };
        assert_eq!(expect.charge, charge, "{name}");
        let redirect = (300..400).contains(&case.status());
        let lost = case.class == Class::Paid && expect.delivery == "unknown" && !redirect;
        assert_eq!(unknown, lost, "{name}");
        assert_eq!(
            expect.kind == "rate_limited",
            expect.window.is_some(),
            "{name}"
        );
    }
}

#[test]
fn every_answer_is_well_formed() {
    for case in corpus::all() {
        let name = case.name;
        let header = |wanted: &str| {
            let found = case
                .headers()
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| *value)
        };
        let told: usize = header("content-length").unwrap().parse().unwrap();
        let body = case.body();
        assert_eq!(told > body.len(), case.is_cut(), "{name}");
        assert!(case.is_cut() || told == body.len(), "{name}: {told}");
        let typed = header("content-type").is_some();
        assert_eq!(typed, !body.is_empty(), "{name}");
        assert!(case.http.ends_with(body), "{name}");
        let head = &case.http[..case.http.len() - body.len()];
        let lines = head.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(
            lines,
            head.windows(2).filter(|pair| pair == b"\r\n").count(),
            "{name}"
        );
    }
}

#[test]
fn every_case_is_found_by_its_name() {
    let mut names: Vec<_> = corpus::all().map(|case| case.name).collect();
    let many = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), many);
    for case in corpus::errors() {
        assert!(std::ptr::eq(corpus::error(case.name).unwrap(), case));
        assert!(!case.expect.ok && !case.is_cut(), "{}", case.name);
        assert!(!case.expect.message.is_empty(), "{}", case.name);
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
        ("account_suspended", answers::suspended()),
        ("not_found", answers::not_found()),
        ("html_502", answers::html_502()),
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
        if case.to_json().is_none() {
            assert_eq!(answer.body, case.body, "{name}");
        }
    }
}

#[test]
fn every_body_decodes_to_its_snapshot() {
    for case in corpus::errors() {
        let mut error = decode(case);
        // Hundreds of times the same teach nothing.
        error.fields.truncate(10);
        insta::with_settings!({ description => case.source.as_str(), omit_expression => true }, {
            insta::assert_debug_snapshot!(case.name, error);
        });
    }
}
