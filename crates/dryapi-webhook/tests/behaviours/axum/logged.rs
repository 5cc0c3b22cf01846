//! What stands in the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use dryapi_webhook::axum::Delivery;
use dryapi_webhook::{Event, ResultUrl};

use super::{delivery, event, receiver, signed};

/// Where the log goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn errors(&self) -> usize {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("sig=secret"), "{text}");
        text.lines().filter(|line| line.contains("ERROR")).count()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn five_refused_in_a_row_are_an_error_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let handler = receiver().handler(|delivery: Delivery| async move {
        if delivery.event.delivery_id.as_deref() == Some("good") {
            Ok(())
        } else {
            Err("no")
        }
    });
    let url = ResultUrl::new("https://s/a.png?sig=secret");
    let bad = Event::completed("r1", Some(url)).with_delivery_id("bad");
    let forged = || signed("other", &bad, bad.to_json().to_string());
    let mut counts = Vec::new();
    for round in 0..5 {
        for _ in 0..2 {
            handler(delivery(&bad)).await;
            handler(forged()).await;
        }
        if round == 0 {
            // four in a row, and one that is accepted
            handler(delivery(&event("good"))).await;
        }
        counts.push(log.errors());
    }
    // refused in a row: 4, then 4, 8, 12, 16
    assert_eq!(counts, [0, 0, 1, 2, 3]);
}
