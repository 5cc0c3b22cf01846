//! What the push channel tells of jobs, and whom.

use std::collections::BTreeMap;
use std::time::Duration;

use dryapi_sandbox::Sandbox;
use dryapi_types::{JobState, Update};
use serde_json::json;

use crate::pusher::{Ear, News, news, whole};
use crate::support::{Service, cat, http_client, service, still};

const DAY: Duration = Duration::from_secs(25 * 3600);

#[tokio::test]
async fn a_job_is_told_through_to_its_result() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    let id = it.submit(&cat()).await;
    ear.hears_nothing().await;
    it.sandbox.advance(Duration::from_secs(1));
    assert_eq!(ear.news(1).await, [news(&id, "processing", "0.00")]);
    it.sandbox.advance(Duration::from_secs(2));
    let first = ear.update().await;
    assert_eq!(
        (&first["status"], &first["progress"], &first["result_url"]),
        (&json!("in_progress"), &json!("25.00"), &json!(null))
    );
    let preview = Update::from_value(first).unwrap().preview.unwrap();
    assert!(preview.base64().unwrap().starts_with("/9j/"), "a JPEG");
    assert_eq!(ear.news(1).await, [news(&id, "in_progress", "50.00")]);
    it.sandbox.advance(Duration::from_secs(2));
    assert_eq!(ear.news(1).await, [news(&id, "in_progress", "75.00")]);
    let done = Update::from_value(ear.update().await).unwrap();
    assert_eq!((done.state, done.progress), (JobState::Done, Some(100.0)));
    let file = it.bytes(done.result_url.unwrap().as_str()).await;
    assert!(file.starts_with(b"\x89PNG"));
    assert_eq!(done.preview, None);
}

#[tokio::test]
async fn a_failure_is_not_told() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    let mut failing = cat();
    failing["prompt"] = json!("a cat [[fault:job_failed]]");
    let id = it.submit(&failing).await;
    it.sandbox.advance(DAY);
    assert_eq!(it.status(&id).await["status"], "error");
    assert_eq!(ear.news(4).await, whole(&id)[..4]);
    let forced = it.submit(&cat()).await;
    it.admin(&format!("jobs/{forced}"), &json!({"state": "error"}))
        .await;
    assert_eq!(ear.news(1).await, [news(&forced, "processing", "0.00")]);
    it.sandbox.advance(DAY);
    ear.hears_nothing().await;
}

#[tokio::test]
async fn accounts_do_not_hear_each_other() {
    let mut it = service(still()).await;
    let mut main = Ear::listen(&it).await;
    "sk-sandbox-other".clone_into(&mut it.key);
    let mut other = Ear::listen(&it).await;
    let id = it.submit(&cat()).await;
    it.sandbox.advance(DAY);
    assert_eq!(other.news(5).await, whole(&id));
    main.hears_nothing().await;
}

#[tokio::test]
async fn a_text_in_the_status_has_no_address() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    for inline in [true, false] {
        let body = json!({"input": "a cat", "model": "Bge_M3_FP16",
                          "return_result_in_response": inline});
        let (status, answer) = it.post("txt2embedding", &body).await;
        assert_eq!(status, 200, "{answer}");
        it.sandbox.advance(DAY);
        for _ in 0..4 {
            assert_eq!(ear.update().await["preview"], json!(null), "no picture");
        }
        let done = ear.update().await;
        assert_eq!(done["status"], "done");
        assert_eq!(done["result_url"].is_null(), inline);
    }
}

#[tokio::test]
async fn a_jump_of_a_day_tells_all_in_order() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    let first = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_millis(500));
    let second = it.submit(&cat()).await;
    it.sandbox.advance(DAY);
    let told = ear.news(10).await;
    let pairs = whole(&first).into_iter().zip(whole(&second));
    let wanted: Vec<News> = pairs.flat_map(|(a, b)| [a, b]).collect();
    assert_eq!(told, wanted);
    ear.hears_nothing().await;
}

#[tokio::test]
async fn nothing_is_told_again_after_a_reconnect() {
    let it = service(still()).await;
    let ear = Ear::listen(&it).await;
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_millis(2500));
    drop(ear);
    let mut again = Ear::listen(&it).await;
    again.hears_nothing().await;
    it.sandbox.advance(DAY);
    assert_eq!(again.news(3).await, whole(&id)[2..]);
    again.hears_nothing().await;
}

#[tokio::test]
async fn a_thousand_jobs_are_told_at_once() {
    let sandbox = Sandbox::start(still().with_speed(1e4)).await.unwrap();
    let it = Service {
        key: sandbox.api_key().to_owned(),
        http: http_client(),
        sandbox,
    };
    let mut ear = Ear::listen(&it).await;
    // Speech shows no previews, which take the longest.
    let speech = json!({"text": "a cat", "model": "Kokoro", "voice": "af_sky", "speed": 1,
                        "lang": "en-us", "format": "mp3", "sample_rate": 24000});
    let submit = async {
        for _ in 0..250 {
            let four = std::array::from_fn::<_, 4, _>(|_| it.post("txt2audio", &speech));
            let [a, b, c, d] = four;
            let (a, b, c, d) = tokio::join!(a, b, c, d);
            assert_eq!([a.0, b.0, c.0, d.0], [200; 4], "{}", a.1);
        }
    };
    let (told, ()) = tokio::join!(ear.news(5000), submit);
    let mut stories: BTreeMap<String, Vec<News>> = BTreeMap::new();
    for item in told {
        stories.entry(item.0.clone()).or_default().push(item);
    }
    assert_eq!(stories.len(), 1000);
    for (id, story) in &stories {
        assert_eq!(*story, whole(id));
    }
    ear.hears_nothing().await;
}
