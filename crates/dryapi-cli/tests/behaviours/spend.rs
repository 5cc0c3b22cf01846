//! `dryapi spend`: what was paid for, as estimated.

use serde_json::Value;

use crate::support::{Service, picture_of};

fn pay(service: &Service, prompt: &str, name: &str, more: &[&str]) {
    let line = picture_of(prompt, &["--intent", name]);
    service.dryapi(&[&["submit"], &line[..], more].concat());
}

fn sums(service: &Service, more: &[&str]) -> Value {
    let ran = service.dryapi(&[&["spend", "--json"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn sums_of_estimates() {
    let service = Service::start();
    let ran = service.dryapi(&["spend"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(ran.err, "nothing was paid for\n");
    let priced = ["--max-cost", "1"];
    pay(&service, "a cat", "order-1", &priced);
    pay(
        &service,
        "a dog [[fault:accept_then_drop]]",
        "order-2",
        &priced,
    );
    pay(&service, "a cow", "order-3", &[]);
    assert_eq!(service.charges(), 3);
    let value = sums(&service, &[]);
    for (key, is) in [
        ("charged", "0.00136"),
        ("maybe", "0.00136"),
        ("prepared", "0"),
        // What was there before the second one; the first is not part of it.
        ("balance_fell", "0.00272"),
        ("currency", "USD"),
    ] {
        assert_eq!(value[key], is, "{key}: {value}");
    }
    assert_eq!(
        (&value["count"], &value["unpriced"]),
        (&3.into(), &1.into())
    );
    assert_eq!(value["tasks"][0]["task"], "txt2img");
    assert_eq!(value["tasks"][0]["charged"], "0.00136");
    assert_eq!(value["since"], Value::Null);
    let ran = service.dryapi(&["spend"]);
    assert_eq!(
        ran.out,
        "txt2img  0.00136 USD, and 0.00136 USD that may have been charged; 1 of 3 without a price\n"
    );
}

#[test]
fn since_when() {
    let service = Service::start();
    pay(&service, "a cat", "order-1", &["--max-cost", "1"]);
    assert_eq!(sums(&service, &["--since", "1h"])["count"], 1);
    assert_eq!(sums(&service, &["--since", "2020-01-01"])["count"], 1);
    assert_eq!(sums(&service, &["--since", "9999-01-01"])["count"], 0);
    let since = sums(&service, &["--since", "2020-01-01"]);
    assert_eq!(since["since"], "2020-01-01T00:00:00Z");
    assert_eq!(service.dryapi(&["spend", "--since", "yesterday"]).code, 2);
}
