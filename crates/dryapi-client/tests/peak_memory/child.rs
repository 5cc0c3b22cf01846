//! The process that is looked at.

use std::fs::File;

use dryapi_client::{ApiKey, Attachment, Client, ImageUpscale, Source};

use crate::peer::{INPUT, LARGE, SMALL};

pub(crate) const WORK: &str = "DRYAPI_PEAK_MEMORY_WORK";
pub(crate) const PEER: &str = "DRYAPI_PEAK_MEMORY_PEER";
pub(crate) const SAID: &str = "the peak rose by bytes:";

/// Does one work when it is started for that; as a test of its own it does nothing.
#[test]
fn works() {
    let (Ok(work), Ok(peer)) = (std::env::var(WORK), std::env::var(PEER)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let risen = runtime.block_on(risen(&work, &peer));
    println!("\n{SAID} {risen}");
}

async fn risen(work: &str, peer: &str) -> u64 {
    let client = Client::builder()
        .api_key(ApiKey::new("sk-test-4711").unwrap())
        .base_url(peer)
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let small = folder.path().join("small.png");
    File::create(&small).unwrap().set_len(SMALL).unwrap();
    let large = folder.path().join("large.png");
    File::create(&large).unwrap().set_len(INPUT).unwrap();

    send(&client, Source::path(&small)).await;
    send(&client, Source::url(format!("{peer}/small"))).await;
    fetch(&client, "job-small", SMALL).await;
    let idle = peak();
    match work {
        "upload" => send(&client, Source::path(&large)).await,
        "held" => {
            let bytes = std::fs::read(&large).unwrap();
            send(&client, Source::bytes("large.png", bytes)).await;
        }
        "address" => send(&client, Source::url(format!("{peer}/input.png"))).await,
        "reader" => {
            let request = ImageUpscale::new(Source::Slot("film".into()), "RealESRGAN_x4");
            let content = Attachment::read(File::open(&large).unwrap());
            let _ = client
                .submit(&request)
                .attach("film", content)
                .await
                .unwrap();
        }
        "download" => fetch(&client, "job-large", LARGE).await,
        other => panic!("no such work: {other}"),
    }
    peak() - idle
}

async fn send(client: &Client, source: Source) {
    let _ = client
        .submit(&ImageUpscale::new(source, "RealESRGAN_x4"))
        .await
        .unwrap();
}

async fn fetch(client: &Client, id: &str, size: u64) {
    let job = client.job::<ImageUpscale>(id);
    let status = job.status().await.unwrap();
    let done = job.completed(&status).await.unwrap();
    let mut download = done.stream().await.unwrap();
    let mut received = 0;
    while let Some(piece) = download.chunk().await.unwrap() {
        received += u64::try_from(piece.len()).unwrap();
    }
    assert_eq!(received, size);
}

/// The most this process ever held, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1024
}
