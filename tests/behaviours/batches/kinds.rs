//! A batch of tasks of all kinds.

use dryapi_client::{AnyTask, BatchItem, BatchResult};
use futures_util::{StreamExt, stream};

use super::support::{builder, picture, sandbox};

#[tokio::test]
async fn tasks_of_all_kinds_go_together() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let speech = dryapi_client::TextToSpeech::new("a cat", "Kokoro")
        .with_lang("en-us")
        .with_voice("af_sky")
        .with_format("mp3")
        .with_sample_rate(24_000);
    let items: Vec<BatchItem<AnyTask>> = vec![
        BatchItem::new("picture", picture("a cat").into()),
        BatchItem::new("speech", speech.into()),
    ];
    let mut outcomes = client.batch("mixed").priced(true).run(stream::iter(items));
    let mut seen = 0;
    while let Some(outcome) = outcomes.next().await {
        assert!(
            matches!(outcome.result, BatchResult::Done(_)),
            "{outcome:?}"
        );
        assert!(outcome.estimate.is_some());
        seen += 1;
    }
    assert_eq!(seen, 2);
    let named = sandbox.charges().into_iter().all(|charge| {
        let key = charge.idempotency_key.unwrap();
        key.starts_with("batch-")
    });
    assert!(named);
}
