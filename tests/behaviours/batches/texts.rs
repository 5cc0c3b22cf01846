//! Texts are packed into few requests, halved where they must be, and paid for once.

use std::path::Path;

use dryapi_testkit::{ScriptedTransport, Step, answers};
use futures_util::{StreamExt, stream};
use http::Method;

use super::service::{always, kept, plain};
use super::support::{builder, sandbox_at};
use crate::support::fast_clock::FastClock;

fn embedding(most: usize) -> ScriptedTransport {
    let embed = Step::reply(move |sent| {
        let count = sent.json().unwrap()["input"].as_array().map_or(1, Vec::len);
        match count > most {
            true => answers::validation(&[("input", "The input is too long.")]),
            false => answers::accepted(&format!("r-{count}")),
        }
    });
    let status = Step::reply(|sent| {
        let count: usize = sent.path().rsplit("r-").next().unwrap().parse().unwrap();
        answers::status_done_inline(&serde_json::json!(vec![vec![0.5_f32; 4]; count]))
    });
    ScriptedTransport::new()
        .on(Method::GET, "balance", always(answers::balance("5")))
        .on(Method::POST, "txt2embedding", embed.always())
        .on(Method::GET, "request-status/*", status.always())
}

async fn embed(folder: &Path, transport: &ScriptedTransport, texts: Vec<String>) -> usize {
    let client = kept(folder, transport).await.build().unwrap();
    let packs = client.embed_all("texts", "m").run(stream::iter(texts));
    let counts = packs.map(|pack| pack.result.unwrap().len());
    counts
        .fold(0, |sum, count| async move { sum + count })
        .await
}

#[tokio::test]
async fn texts_that_went_in_halves_are_not_paid_for_again_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<_> = (0..1000).map(|number| number.to_string()).collect();
    let small = embedding(300);
    assert_eq!(embed(folder.path(), &small, texts.clone()).await, 1000);
    assert_eq!(small.count("txt2embedding"), 7);
    // The service takes more by now.
    let large = embedding(3000);
    assert_eq!(embed(folder.path(), &large, texts).await, 1000);
    assert_eq!(large.count("txt2embedding"), 0);
}

#[tokio::test]
async fn texts_that_come_before_others_leave_their_requests_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let mut texts: Vec<_> = (5000..9096).map(|number| number.to_string()).collect();
    let transport = embedding(3000);
    assert_eq!(embed(folder.path(), &transport, texts.clone()).await, 4096);
    assert_eq!(transport.count("txt2embedding"), 2);
    texts.splice(0..0, (0..2048).map(|number| number.to_string()));
    assert_eq!(embed(folder.path(), &transport, texts).await, 6144);
    assert_eq!(transport.count("txt2embedding"), 3);
}

#[tokio::test]
async fn texts_that_went_as_a_whole_are_not_paid_for_again_in_halves() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = |range: std::ops::Range<u32>| range.map(|number| number.to_string());
    // What comes last is the first half of what comes first.
    let texts: Vec<_> = numbers(0..2048).chain(numbers(0..1024)).collect();
    let transport = embedding(3000);
    for _ in 0..2 {
        assert_eq!(embed(folder.path(), &transport, texts.clone()).await, 3072);
        assert_eq!(transport.count("txt2embedding"), 2);
    }
}

#[tokio::test]
async fn texts_are_packed_halved_and_paid_for_once() {
    let (sandbox, folder) = (sandbox_at(10).await, tempfile::tempdir().unwrap());
    let texts: Vec<String> = (0..5000).map(|number| format!("text {number}")).collect();
    for _ in 0..2 {
        let builder = builder(&sandbox, folder.path()).await;
        let client = builder.clock(FastClock::new(10)).build().unwrap();
        let packs = client
            .embed_all("texts", "Bge_M3_FP16")
            .run(stream::iter(texts.clone()));
        let mut lines = packs
            .flat_map(|pack| {
                let vectors = pack.result.unwrap();
                assert_eq!(vectors.len(), pack.count);
                stream::iter((pack.first..).zip(vectors).map(|(index, _)| index))
            })
            .collect::<Vec<_>>()
            .await;
        lines.sort_unstable();
        assert_eq!(lines, (0..5000).collect::<Vec<_>>());
        assert_eq!(sandbox.charges().len(), 3);
    }
}

#[tokio::test]
async fn a_pack_that_is_refused_as_too_large_is_halved() {
    let embed = Step::reply(|sent| {
        let count = sent.json().unwrap()["input"].as_array().map_or(1, Vec::len);
        if count > 300 {
            return answers::validation(&[("input", "The input is too long.")]);
        }
        answers::accepted(&format!("r-{count}"))
    });
    let status = Step::reply(|sent| {
        let count: usize = sent.path().rsplit("r-").next().unwrap().parse().unwrap();
        let vectors = vec![vec![0.5_f32; 4]; count];
        answers::status_done_inline(&serde_json::json!(vectors))
    });
    let transport = ScriptedTransport::new()
        .on(
            Method::GET,
            "balance",
            Step::from(answers::balance("5")).always(),
        )
        .on(Method::POST, "txt2embedding", embed.always())
        .on(Method::GET, "request-status/*", status.always());
    let client = plain(&transport).build().unwrap();
    let texts = stream::iter((0..1000).map(|number| number.to_string()));
    let packs: Vec<_> = client.embed_all("halved", "m").run(texts).collect().await;
    let mut places: Vec<_> = packs
        .into_iter()
        .map(|pack| (pack.first, pack.result.unwrap().len()))
        .collect();
    places.sort_unstable();
    assert_eq!(places, [(0, 250), (250, 250), (500, 250), (750, 250)]);
    assert_eq!(transport.count("txt2embedding"), 7);
}
