//! Each key is an account of its own.

use serde_json::json;

use crate::support::{cat, service, still};

#[tokio::test]
async fn two_keys_do_not_see_each_other() {
    let mut it = service(still()).await;
    "sk-sandbox-one".clone_into(&mut it.key);
    let id = it.submit(&cat()).await;
    "sk-sandbox-two".clone_into(&mut it.key);
    assert_eq!(it.get(&format!("request-status/{id}")).await.0, 404);
    assert_eq!(it.balance().await, "5");
    let other = it.submit(&cat()).await;
    assert_ne!(id, other);
    assert_eq!(it.sandbox.charges_of("sk-sandbox-one").len(), 1);
    assert_eq!(it.sandbox.charges().len(), 2);

    it.admin("reset", &json!({"key": "sk-sandbox-one"})).await;
    assert_eq!(it.sandbox.charges_of("sk-sandbox-one").len(), 0);
    assert_eq!(it.status(&other).await["status"], "pending");
    "sk-sandbox-one".clone_into(&mut it.key);
    assert_eq!(it.balance().await, "5");
    assert_eq!(it.get(&format!("request-status/{id}")).await.0, 404);
    assert_ne!(it.submit(&cat()).await, id, "a fresh account has fresh ids");
}
