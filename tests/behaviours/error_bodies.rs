//! Every body of the corpus, over a real socket, becomes the error its description says.

use dryapi_client::{ApiKey, Client, Error, RetryPolicy, TextToImage};
use dryapi_testkit::corpus::{self, Case, Class};
use wiremock::MockServer;

async fn ask(case: &Case) -> Error {
    let server = MockServer::start().await;
    case.mount(&server).await;
    let client = Client::builder()
        .api_key(ApiKey::new("sk-sandbox-test").unwrap())
        .base_url(server.uri())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let cat = TextToImage::new("a cat", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4);
    match case.class {
        Class::Paid => client.submit(&cat).await.unwrap_err(),
        _ => client.balance().await.unwrap_err(),
    }
}

#[tokio::test]
async fn as_the_corpus_says() {
    assert!(corpus::errors().len() >= 5);
    for case in corpus::errors() {
        let (error, expect, name) = (ask(case).await, &case.expect, case.name);
        assert_eq!(error.kind().as_str(), expect.kind, "{name}");
        assert_eq!(error.message(), expect.message, "{name}");
        let fields: Vec<_> = error
            .fields()
            .iter()
            .map(|field| (&field.field, &field.messages))
            .collect();
        let expected: Vec<_> = expect
            .fields
            .iter()
            .map(|field| (&field.field, &field.messages))
            .collect();
        assert_eq!(fields, expected, "{name}");
        let window = error
            .rate_limit()
            .map(|limit| limit.window.as_str().to_owned());
        assert_eq!(window, expect.window, "{name}");
        assert_eq!(error.delivery().as_str(), expect.delivery, "{name}");
        assert_eq!(error.charge().as_str(), expect.charge, "{name}");
    }
}
