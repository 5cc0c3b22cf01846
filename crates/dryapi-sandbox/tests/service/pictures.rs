//! Equal wishes give equal pictures, others others.

use serde_json::json;

use crate::support::{cat, service, still};

#[tokio::test]
async fn the_same_seed_twice_gives_the_same_ids_and_pictures() {
    let mut runs = Vec::new();
    for seed in [3, 3, 4] {
        let it = service(still().with_seed(seed)).await;
        let mut body = cat();
        body["seed"] = json!(-1);
        let id = it.submit(&body).await;
        let url = it.result_url(&id).await;
        runs.push((id, it.bytes(&url).await));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0].0, runs[2].0);
    assert_ne!(
        runs[0].1, runs[2].1,
        "a drawn seed comes from the sandbox's"
    );
}

#[tokio::test]
async fn pictures_differ_by_prompt_and_by_seed() {
    let it = service(still()).await;
    let mut pictures = Vec::new();
    for (prompt, seed) in [("a cat", 1), ("a cat", 1), ("a cat", 2), ("a dog", 1)] {
        let mut body = cat();
        body["prompt"] = json!(prompt);
        body["seed"] = json!(seed);
        let id = it.submit(&body).await;
        let url = it.result_url(&id).await;
        pictures.push(it.bytes(&url).await);
    }
    assert_eq!(pictures[0], pictures[1]);
    assert_ne!(pictures[0], pictures[2]);
    assert_ne!(pictures[0], pictures[3]);
}
