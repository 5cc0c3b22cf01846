//! A web service whose own caller hangs up between our POST and its answer: axum drops the
//! handler's future, and the paid request goes on to its end all the same.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use dryapi_client::{ApiKey, Client, Event, Observer, TextToImage};
use dryapi_sandbox::{Config, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Passes bytes on to the sandbox, and its answers back only once it may.
struct SlowRoad {
    address: String,
    arrived: mpsc::UnboundedReceiver<()>,
    answer: Arc<tokio::sync::Notify>,
}

async fn slow_road(to: String) -> SlowRoad {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, arrived) = mpsc::unbounded_channel();
    let answer = Arc::new(tokio::sync::Notify::new());
    let may_answer = Arc::clone(&answer);
    tokio::spawn(async move {
        while let Ok((inward, _)) = listener.accept().await {
            let outward = TcpStream::connect(to.trim_start_matches("http://"))
                .await
                .unwrap();
            let (mut from_client, mut to_client) = inward.into_split();
            let (mut from_service, mut to_service) = outward.into_split();
            tokio::spawn(async move {
                let _ = tokio::io::copy(&mut from_client, &mut to_service).await;
            });
            let (tell, may_answer) = (tell.clone(), Arc::clone(&may_answer));
            tokio::spawn(async move {
                let mut buffer = vec![0; 65536];
                while let Ok(read @ 1..) = from_service.read(&mut buffer).await {
                    // The service has taken the request: its answer exists.
                    let _ = tell.send(());
                    may_answer.notified().await;
                    let _ = to_client.write_all(&buffer[..read]).await;
                }
            });
        }
    });
    SlowRoad {
        address,
        arrived,
        answer,
    }
}

#[derive(Clone, Debug, Default)]
struct Ids(Arc<Mutex<Vec<String>>>);

impl Observer for Ids {
    fn on_event(&self, event: &Event) {
        if let Event::Accepted { request_id, .. } = event {
            self.0.lock().unwrap().push(request_id.to_string());
        }
    }
}

async fn handler(State(client): State<Client>) -> String {
    let request = TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4);
    client.submit(&request).await.unwrap().id().to_string()
}

#[tokio::test]
async fn one_charge_and_one_known_id() {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let mut road = slow_road(sandbox.base_url()).await;
    let ids = Ids::default();
    let client = Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(&road.address)
        .observer(ids.clone())
        .build()
        .unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new()
        .route("/cat", post(handler))
        .with_state(client.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let mut caller = TcpStream::connect(address).await.unwrap();
    let request = "POST /cat HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";
    caller.write_all(request.as_bytes()).await.unwrap();
    road.arrived.recv().await.unwrap();
    drop(caller);
    // However long the hang-up takes to be noticed, the request is still on its way.
    tokio::task::yield_now().await;
    assert_eq!(client.in_flight(), 1);

    road.answer.notify_one();
    assert_eq!(client.drain(Duration::from_secs(60)).await, 0);
    let ids = ids.0.lock().unwrap().clone();
    assert_eq!(ids.len(), 1);
    assert_eq!(sandbox.charges().len(), 1);
    assert_eq!(sandbox.jobs()[0].request_id, ids[0]);
}
