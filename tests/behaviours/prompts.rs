//! Prompts cost what was quoted, and are answered at once.

use dryapi_client::{
    ApiKey, Client, EnhanceImagePrompt, EnhanceSpeechPrompt, GetSamplePrompt, RetryPolicy,
};
use dryapi_sandbox::{Config, FaultRule, Sandbox};
use dryapi_testkit::Fault;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let client = Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn what_is_quoted_is_paid() {
    let (sandbox, client) = start().await;
    let image = EnhanceImagePrompt::new("a cat");
    let speech = EnhanceSpeechPrompt::new("good morning");
    let sample = GetSamplePrompt::new("text2speech").with_topic("harbours");
    let mut prices = Vec::new();
    for price in [
        client.price(&image).await,
        client.price(&speech).await,
        client.price(&sample).await,
    ] {
        prices.push(price.unwrap().price);
    }
    let better = client.enhance(&image).intent("order-4711").await.unwrap();
    assert!(better.prompt.len() > "a cat".len() && better.negative_prompt.is_some());
    assert!(
        client
            .enhance(&speech)
            .await
            .unwrap()
            .negative_prompt
            .is_none()
    );
    let made_up = client.samples(&sample).await.unwrap();
    assert!(made_up.prompt.contains("harbours"), "{made_up:?}");
    let paid: Vec<_> = sandbox
        .charges()
        .into_iter()
        .map(|charge| charge.amount)
        .collect();
    assert_eq!(paid, prices);
}

#[tokio::test]
async fn a_get_that_costs_money_is_not_sent_twice() {
    let (sandbox, client) = start().await;
    sandbox.arm(FaultRule::new(Fault::AcceptThenDrop)).unwrap();
    let sample = GetSamplePrompt::new("text2image");
    let error = client
        .samples(&sample)
        .retry(RetryPolicy::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind().as_str(), "outcome_unknown");
    assert_eq!(sandbox.charges().len(), 1);
    assert_eq!(error.attempts(), 1);
}
