//! Faults of jobs and of the addresses of their results.

use std::time::Duration;

use dryapi_sandbox::{Fault, FaultRule};
use serde_json::json;

use crate::support::{cat, service, still};

#[tokio::test]
async fn a_job_fails_after_its_time_with_its_code() {
    let it = service(still()).await;
    let failed = FaultRule::new(Fault::JobFailed).with_code("AGE_RESTRICTED".to_owned());
    it.sandbox.arm(failed).unwrap();
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_secs(3));
    assert_eq!(it.status(&id).await["status"], "processing");
    it.sandbox.advance(Duration::from_secs(2));
    let data = it.status(&id).await;
    assert_eq!(
        (&data["status"], &data["error_code"]),
        (&json!("error"), &json!("AGE_RESTRICTED"))
    );
    assert_eq!(data["error"], "The source is age-restricted");
    assert_eq!(it.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn a_stuck_job_never_ends() {
    let it = service(still()).await;
    it.sandbox.arm(FaultRule::new(Fault::StuckJob)).unwrap();
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_secs(30 * 86_400));
    let data = it.status(&id).await;
    assert_eq!(
        (&data["status"], &data["progress"]),
        (&json!("processing"), &json!(99.9))
    );
}

#[tokio::test]
async fn an_address_has_expired_once() {
    for on in ["*", "txt2img", "request-status"] {
        let it = service(still()).await;
        it.sandbox
            .arm(FaultRule::new(Fault::ExpiredUrl).on(on))
            .unwrap();
        let id = it.submit(&cat()).await;
        // A status that hands out no address does not count.
        it.status(&id).await;
        let url = it.result_url(&id).await;
        let refused = it.http.get(&url).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{on}");
        assert!(
            refused
                .text()
                .await
                .unwrap()
                .contains("Request has expired")
        );
        let fresh = it.status(&id).await["result_url"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(it.bytes(&fresh).await.starts_with(b"\x89PNG"));
    }
}

#[tokio::test]
async fn a_file_is_refused_as_expired_once() {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    let url = it.result_url(&id).await;
    it.sandbox
        .arm(FaultRule::new(Fault::ExpiredUrl).on("results"))
        .unwrap();
    assert_eq!(it.http.get(&url).send().await.unwrap().status(), 403);
    assert!(it.bytes(&url).await.starts_with(b"\x89PNG"));
}
