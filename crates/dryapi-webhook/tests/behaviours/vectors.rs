//! The published vectors: what must come out of each delivery.

use std::time::{Duration, UNIX_EPOCH};

use dryapi_webhook::{Verifier, VerifyError, sign};
use serde_json::Value;

const PYTHON: &str = include_str!("../vectors/python.json");
const REFUSED: &str = include_str!("../vectors/refused.json");

fn cases(document: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(document).unwrap();
    document["cases"].as_array().unwrap().clone()
}

fn pairs(case: &Value) -> Vec<(&str, &str)> {
    let headers = case["headers"].as_array().unwrap().iter();
    headers
        .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect()
}

fn secrets(case: &Value) -> Vec<&str> {
    match case["secrets"].as_array() {
        Some(secrets) => secrets.iter().filter_map(Value::as_str).collect(),
        None => vec!["whsec_any"],
    }
}

fn outcome(case: &Value) -> String {
    let now = UNIX_EPOCH + Duration::from_secs(case["now"].as_u64().unwrap_or(1_705_314_645));
    let body = case["body"]
        .as_str()
        .unwrap_or(r#"{"event":"x","data":{}}"#);
    let verifier = Verifier::new(secrets(case)).unwrap();
    match verifier.verify_at(pairs(case), body.as_bytes(), now) {
        Ok(event) => event.kind.name().to_owned(),
        Err(VerifyError::NotAnEvent(_)) => "NotAnEvent".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn every_vector_comes_out_as_published() {
    let (python, refused) = (cases(PYTHON), cases(REFUSED));
    assert_eq!((python.len(), refused.len()), (21, 21));
    for case in python.iter().chain(&refused) {
        assert_eq!(outcome(case), case["expect"], "{}", case["name"]);
    }
}

#[test]
fn we_sign_as_python_does() {
    let mut signed = 0;
    for case in cases(PYTHON) {
        let pairs = pairs(&case);
        let genuine = case["expect"].as_str().unwrap().contains('.');
        if let ([(_, signature), (_, timestamp)], true) = (pairs.as_slice(), genuine) {
            let secrets = secrets(&case);
            let secret = secrets.last().unwrap();
            let ours = sign(secret, timestamp, case["body"].as_str().unwrap().as_bytes());
            assert_eq!(ours, *signature, "{}", case["name"]);
            signed += 1;
        }
    }
    assert_eq!(signed, 12);
}
