//! The catalogue turns its own pages and cannot be sent in circles.

use dryapi_client::ErrorKind;
use dryapi_testkit::{Answer, ScriptedTransport, Step, answers};
use serde_json::json;

use crate::support::client;

fn page(slugs: &[&str], page: u64, last: u64) -> Answer {
    let models: Vec<_> = slugs
        .iter()
        .map(|slug| answers::model(slug, &["txt2img"]))
        .collect();
    Answer::json(
        200,
        &json!({"data": models, "meta": {"current_page": page, "last_page": last}}),
    )
}

#[tokio::test]
async fn all_pages_and_each_model_once() {
    let transport = ScriptedTransport::new()
        .then(page(&["a", "b"], 1, 2))
        .then(page(&["b", "c"], 2, 2));
    let (client, _) = client(&transport);
    let slugs: Vec<_> = client
        .models()
        .all()
        .await
        .unwrap()
        .into_iter()
        .map(|model| model.slug)
        .collect();
    assert_eq!(slugs, ["a", "b", "c"]);
    let second = transport.requests()[1].query().unwrap().to_owned();
    assert_eq!(second, "per_page=50&limit=50&page=2");
}

#[tokio::test]
async fn a_server_that_always_links_a_next_page_is_not_followed_for_ever() {
    let circle = Answer::json(
        200,
        &json!({
            "data": [answers::model("a", &["txt2img"])], "links": {"next": "https://x/?page=2"},
        }),
    );
    let transport = ScriptedTransport::new().then(Step::from(circle).always());
    let (client, _) = client(&transport);
    assert_eq!(client.models().all().await.unwrap().len(), 1);
    assert_eq!(transport.count("models"), 2);
}

#[tokio::test]
async fn a_filter_the_service_ignores_is_applied_here() {
    let models = [
        answers::model("a", &["img_upscale"]),
        answers::model("b", &["txt2img"]),
    ];
    let transport = ScriptedTransport::new().then(answers::models(models));
    let (client, _) = client(&transport);
    let found = client.models().task("img-upscale").all().await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(
        transport.requests()[0]
            .query()
            .unwrap()
            .ends_with("filter%5Binference_types%5D=img-upscale")
    );
}

#[tokio::test]
async fn a_slug_in_the_wrong_case_is_named() {
    let models = [answers::model("Flux1schnell", &["txt2img"])];
    let transport = ScriptedTransport::new().then(answers::models(models));
    let (client, _) = client(&transport);
    let error = client.model("flux1schnell").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    insta::assert_snapshot!(error, @r#"models: the catalogue lists no model "flux1schnell"; did you mean Flux1schnell?"#);
}
