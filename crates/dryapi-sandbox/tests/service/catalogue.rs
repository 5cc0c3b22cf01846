//! `GET models`: pages, filters, quirks.

use serde_json::{Value, json};

use crate::support::{service, still};

fn slugs(page: &Value) -> Vec<String> {
    let models = page["data"].as_array().unwrap();
    models
        .iter()
        .map(|model| model["slug"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_follow_each_other() {
    let it = service(still()).await;
    let (_, first) = it.get("models").await;
    assert_eq!(
        (slugs(&first).len(), &first["meta"]["per_page"]),
        (15, &json!(15))
    );
    assert_eq!(first["links"]["prev"], Value::Null);
    let next = first["links"]["next"].as_str().unwrap();
    let second: Value = it
        .http
        .get(next)
        .bearer_auth(&it.key)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(second["links"]["next"], Value::Null);
    let mut all = slugs(&first);
    all.extend(slugs(&second));
    assert_eq!(json!(all.len()), first["meta"]["total"]);
    let (_, everything) = it.get("models?limit=50").await;
    assert_eq!(slugs(&everything), all);
    let (_, beyond) = it.get("models?page=9&per_page=5").await;
    assert!(slugs(&beyond).is_empty());
}

#[tokio::test]
async fn the_filter_knows_every_spelling() {
    let it = service(still()).await;
    for query in [
        "filter%5Binference_types%5D=img-upscale",
        "filter[inference_types]=img_upscale",
        "filter%5Binference_types%5D=img_upscale%2Cimg-upscale",
    ] {
        let (_, page) = it.get(&format!("models?{query}")).await;
        assert_eq!(slugs(&page), ["RealESRGAN_x4", "RealESRGAN_x2"], "{query}");
    }
}

#[tokio::test]
async fn the_live_quirks_are_there() {
    let it = service(still()).await;
    let (_, page) = it.get("models?per_page=50").await;
    let models = page["data"].as_array().unwrap();
    assert!(models.iter().any(|model| model["info"] == json!([])));
    assert!(
        models
            .iter()
            .any(|model| model["info"]["limits"]["max_width"].is_string())
    );
    // Listed by the models page, keyed by the published description.
    let types = |keyed: bool| {
        let mut models = models.iter();
        models.any(|model| model["inference_types"].is_object() == keyed)
    };
    assert!(types(false) && types(true));
    assert!(models.iter().any(|model| model["loras"].is_array()));
    assert!(models.iter().any(|model| model["languages"].is_array()));
}
