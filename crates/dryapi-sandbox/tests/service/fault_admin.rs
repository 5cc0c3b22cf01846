//! Faults through the control interface.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Service, cat, read, service, still};

async fn call(it: &Service, method: Method, call: &str) -> Value {
    let url = format!("{}/{call}", it.sandbox.admin_url());
    let (status, body) = read(it.http.request(method, url).send().await.unwrap()).await;
    assert_eq!(status, 200);
    body
}

#[tokio::test]
async fn every_fault_and_body_is_listed() {
    let it = service(still()).await;
    let listed = call(&it, Method::GET, "faults").await;
    let faults = listed["faults"].as_array().unwrap();
    let names: Vec<&str> = faults
        .iter()
        .map(|fault| fault["fault"].as_str().unwrap())
        .collect();
    for fault in dryapi_sandbox::Fault::ALL {
        assert!(names.contains(&fault.as_str()), "{fault}");
    }
    assert!(names.contains(&"error_body"));
    assert!(
        faults[0]["does"]
            .as_str()
            .unwrap()
            .contains("connection closes")
    );
    assert!(
        faults[0]["on"]
            .as_array()
            .unwrap()
            .contains(&json!("results"))
    );
    assert_eq!(listed["armed"], json!([]));
    let errors = call(&it, Method::GET, "errors").await;
    let errors = errors["errors"].as_array().unwrap();
    assert_eq!(errors.len(), dryapi_testkit::corpus::errors().len());
    assert!(
        errors
            .iter()
            .any(|case| case["name"] == "validation" && case["status"] == 422)
    );
}

#[tokio::test]
async fn faults_are_armed_shown_and_disarmed() {
    let it = service(still()).await;
    let rule = json!({"fault": "error_500", "on": "txt2img", "times": 2, "after": 0, "key": null});
    let (status, armed) = it.admin("faults", &rule).await;
    assert_eq!((status, &armed["armed"]["times"]), (200, &json!(2)));
    assert_eq!(it.post("txt2img", &cat()).await.0, 500);
    let body = json!({"fault": "error_body", "body": "account_suspended", "on": "*",
                      "key": "sk-sandbox-secret"});
    assert_eq!(it.admin("faults", &body).await.0, 200);
    let listed = call(&it, Method::GET, "faults").await;
    assert_eq!(listed["armed"][0]["times"], 1);
    assert_eq!(listed["armed"][1]["body"], "account_suspended");
    assert!(!listed.to_string().contains("sk-sandbox-secret"));

    let left = call(&it, Method::DELETE, "faults?key=sk-sandbox-secret").await;
    assert_eq!(left["armed"].as_array().unwrap().len(), 1);
    assert_eq!(
        call(&it, Method::DELETE, "faults").await,
        json!({"armed": []})
    );
    it.submit(&cat()).await;
}

#[tokio::test]
async fn what_does_not_exist_is_listed() {
    let it = service(still()).await;
    for (rule, names) in [
        (json!({"fault": "hangs"}), "accept_then_drop"),
        (json!({"fault": "hang", "on": "txt2cat"}), "img-upscale"),
        (
            json!({"fault": "error_body", "body": "no"}),
            "account_suspended",
        ),
        (json!({"fault": "stuck_job", "on": "results"}), "txt2img"),
        (
            json!({"fault": "push_cut", "on": "balance"}),
            "only to txt2img",
        ),
        (json!({"on": "txt2img"}), "missing field `fault`"),
        (json!([]), "accept_then_drop"),
    ] {
        let (status, answer) = it.admin("faults", &rule).await;
        assert_eq!(status, 422, "{rule}");
        assert!(
            answer["error"].as_str().unwrap().contains(names),
            "{answer}"
        );
    }
}
