//! The main job: a text becomes a picture, and is paid for once.

use std::time::Duration;

use dryapi_client::{ApiKey, Client, ImageUpscale, Schedule, Source, TextToImage};
use dryapi_sandbox::{Config, Sandbox};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

async fn start() -> (Sandbox, Client) {
    let config = Config::default().with_job_time(Duration::from_millis(50));
    let sandbox = Sandbox::start(config).await.unwrap();
    let client = Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .schedule(Schedule::every(Duration::from_millis(20)))
        .build()
        .unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn a_text_becomes_a_picture_and_a_larger_one() {
    let (sandbox, client) = start().await;
    let request = TextToImage::new("a cat in a nebula", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4);
    let price = client.price(&request).await.unwrap().price;
    let before = client.balance().await.unwrap().balance;

    let image = client.run(&request).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cat = folder.path().join("cat.png");
    let saved = image.save(&cat).await.unwrap();
    assert_eq!(saved.media_type.as_deref(), Some("image/png"));
    assert!(std::fs::read(&cat).unwrap().starts_with(PNG));
    assert_eq!(client.balance().await.unwrap().balance, before - price);

    let upscale = ImageUpscale::new(Source::path(&cat), "RealESRGAN_x2");
    let larger = client
        .run(&upscale)
        .await
        .unwrap()
        .bytes(50_000_000)
        .await
        .unwrap();
    assert!(larger.starts_with(PNG));
    assert_eq!(&larger[16..24], [0, 0, 2, 0, 0, 0, 2, 0], "512 × 512");
    assert_eq!(sandbox.charges().len(), 2);
}

#[tokio::test]
async fn another_format_is_chosen_by_the_extension() {
    let (_sandbox, client) = start().await;
    let request = TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4);
    let image = client.run(&request).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let saved = image.save(folder.path().join("cat.jpg")).await.unwrap();
    assert_eq!(saved.media_type.as_deref(), Some("image/jpeg"));
}
