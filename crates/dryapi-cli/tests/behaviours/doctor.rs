//! `dryapi doctor`: what is wrong, and what it cost.

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{Fixed, Ran, Service, picture_of, with};

/// Every check by its name, and whether it is fine.
fn checks(ran: &Ran) -> Vec<(String, bool)> {
    let lines = ran.out.lines();
    let checks = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    checks
        .map(|check| {
            assert!(check["detail"].is_string(), "{check}");
            let name = check["check"].as_str().unwrap().to_owned();
            (name, check["ok"].as_bool().unwrap())
        })
        .collect()
}

#[test]
fn all_is_well() {
    let service = Service::start();
    let ran = service.listening(&["doctor", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let names = [
        "config", "key", "plan", "limits", "ledger", "jobs", "unknown", "spend", "push",
    ];
    let fine: Vec<_> = names
        .iter()
        .map(|name| ((*name).to_owned(), true))
        .collect();
    assert_eq!(checks(&ran), fine);
    assert!(
        ran.out
            .starts_with("{\"check\":\"config\",\"ok\":true,\"detail\":\"")
    );
    assert_eq!(service.charges(), 0);
    let ran = service.dryapi(&["doctor"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains(
            "\nok      key       is taken; 5 USD are left; it was found in DRYAPI_API_KEY\n"
        ),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("push      off: no client id"),
        "{}",
        ran.out
    );
}

#[test]
fn what_is_unknown_is_wrong_and_what_support_needs_is_said() {
    let service = Service::start();
    let line = picture_of(
        "a secret dog [[fault:accept_then_drop]]",
        &["-o", "/tmp/", "--intent", "order-2"],
    );
    assert_eq!(service.dryapi(&line).code, 12);
    let ran = service.dryapi(&["doctor", "--report"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(
        ran.out.contains(
            "NOT OK  unknown   1 may have been charged; to look for them: dryapi resume\n"
        ),
        "{}",
        ran.out
    );
    assert_eq!(ran.err, "error: one check failed\n");
    let (_, report) = ran.out.split_once("\n\n").unwrap();
    assert!(report.starts_with("dryapi "), "{report}");
    assert!(report.contains("txt2img Flux1schnell: unknown"), "{report}");
    assert!(report.contains("no id, key order-2"), "{report}");
    for secret in ["sk-sandbox-cli", "secret dog"] {
        assert!(!ran.out.contains(secret), "{}", ran.out);
    }
}

#[test]
fn a_key_that_is_not_taken() {
    let body = r#"{"data":null,"message":"Unauthorized user.","errors":[],"statusCode":401}"#;
    let ran = Fixed::start(401, body).dryapi(&["doctor", "--json", "--client-id", "7"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let wrong: Vec<String> = checks(&ran)
        .into_iter()
        .filter_map(|(name, ok)| (!ok).then_some(name))
        .collect();
    assert_eq!(wrong, ["key", "push"]);
    let ran = with(&["doctor", "--json"], &[], Console::default());
    assert_eq!(ran.code, 1);
    assert_eq!(checks(&ran), [("key".to_owned(), false)]);
    assert!(ran.last().contains(r#""kind":"config""#), "{}", ran.err);
}

#[test]
fn a_ledger_that_cannot_be_opened() {
    let service = Service::start();
    let ran = service.dryapi(&["doctor", "--json", "--ledger", "/"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        checks(&ran).contains(&("ledger".to_owned(), false)),
        "{}",
        ran.out
    );
    assert_eq!(service.dryapi(&["doctor", "--no-ledger"]).code, 0);
}
