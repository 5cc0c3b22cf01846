//! Files go up from wherever they are, and their published limits are soft.

use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};

use dryapi_client::{
    Attachment, Charge, Delivery, ErrorKind, Event, ImageUpscale, Source, Transfer,
};
use dryapi_testkit::{Answer, HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::{Reach, TransportError, TransportErrorKind};

use crate::support::{ID, Seen, builder, client};

/// A 2 × 3 picture, as far as its header goes.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0";
const URL: &str = "https://files.example/cats/a;b=c.png?sig=1";

fn slot() -> ImageUpscale {
    ImageUpscale::new(Source::Slot("scan".into()), "RealESRGAN_x4")
}

fn once() -> Attachment {
    Attachment::read(Cursor::new(PNG))
}

fn never_left() -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted, "the connection closed").not_sent()
}

#[tokio::test]
async fn content_read_once_is_kept_where_its_length_is_not_known() {
    let transport = ScriptedTransport::new()
        .then(never_left())
        .then(answers::accepted(ID));
    let (client, _) = client(&transport);
    let _ = client.submit(&slot()).attach("scan", once()).await.unwrap();
    let sent = transport.requests();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].body, sent[1].body);
    let part = "name=\"image\"; filename=\"scan.png\"\r\nContent-Type: image/png\r\n";
    assert!(sent[1].text().contains(part), "{}", sent[1].text());
}

#[tokio::test]
async fn content_of_known_length_is_sent_as_it_is_read_and_not_again() {
    let length = u64::try_from(PNG.len()).unwrap();
    let transport = ScriptedTransport::new().then(never_left());
    let (client, _) = client(&transport);
    let request = slot();
    let call = client.submit(&request).attach("scan", once().sized(length));
    let error = call.await.unwrap_err();
    assert_eq!(error.charge(), Charge::No);
    let reason = "the request's body can only be read once";
    assert_eq!(error.no_retry_reason(), Some(reason));
    assert_eq!(transport.requests().len(), 1);

    let piece = || futures_util::stream::iter([Ok(bytes::Bytes::from_static(PNG))]);
    transport.push(never_left());
    transport.push(answers::accepted(ID));
    let again = Attachment::replayable(piece).sized(length);
    let _ = client.submit(&slot()).attach("scan", again).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn content_of_another_length_than_said_is_not_delivered() {
    let transport = ScriptedTransport::new();
    let (client, _) = client(&transport);
    let request = slot();
    let call = client.price(&request).attach("scan", once().sized(7));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let error = client.submit(&slot()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.message().contains(".attach(\"scan\""), "{error}");
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test]
async fn a_price_on_the_way_reads_and_fetches_once_and_uploads_nothing() {
    let image = || Answer::bytes(200, "image/png", PNG);
    for source in [Source::Slot("scan".into()), Source::url(URL)] {
        let mut transport = ScriptedTransport::new();
        let fetched = matches!(source, Source::Url(_));
        if fetched {
            transport = transport.then(image());
        }
        let transport = transport
            .then(answers::price("0.0005"))
            .then(answers::accepted(ID));
        let (client, _) = client(&transport);
        let limit = "0.001".parse().unwrap();
        let request = ImageUpscale::new(source, "RealESRGAN_x4");
        let call = client.submit(&request).attach("scan", once());
        let _ = call.max_cost(limit).await.unwrap();
        transport.assert_done();
        let sent = transport.requests();
        let [.., price, submit] = sent.as_slice() else {
            panic!("{sent:?}");
        };
        assert!(price.text().contains("name=\"width\"\r\n\r\n2\r\n"));
        assert!(!price.text().contains("IHDR"));
        assert!(submit.text().contains("IHDR"));
    }
}

#[tokio::test]
async fn an_address_is_fetched_without_the_key_and_up_to_a_cap() {
    let transport = ScriptedTransport::new()
        .then(Step::cut(
            Answer::bytes(200, "image/png", PNG).with_header("etag", "\"t\""),
            4,
        ))
        .then(Answer::bytes(206, "image/png", &PNG[4..]).with_header(
            "content-range",
            &format!("bytes 4-{}/{}", PNG.len() - 1, PNG.len()),
        ))
        .then(answers::accepted(ID));
    let (client, _) = client(&transport);
    let request = ImageUpscale::new(Source::url(URL), "RealESRGAN_x4");
    let _ = client.submit(&request).await.unwrap();
    let sent = transport.requests();
    assert_eq!(sent[0].header("authorization"), None);
    assert_eq!(sent[0].reach, Reach::Public);
    assert!(sent[2].text().contains("filename=\"a_b_c.png\""));

    let transport = ScriptedTransport::new().then(Answer::bytes(200, "image/png", PNG));
    let client = builder(&transport, &HandClock::auto())
        .fetch_limit(10)
        .build()
        .unwrap();
    let error = client.submit(&request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::File, Charge::No)
    );
    assert!(error.message().contains("larger than 10 bytes"), "{error}");

    let transport = ScriptedTransport::new().then(Answer::text(404, "gone"));
    let (client, _) = crate::support::client(&transport);
    let error = client.submit(&request).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    insta::assert_snapshot!(error, @"img-upscale: fetching the file gave HTTP 404");
}

#[tokio::test]
async fn progress_counts_every_attempt_from_its_beginning() {
    let transport = ScriptedTransport::new()
        .then(never_left())
        .then(answers::accepted(ID));
    let (client, _) = client(&transport);
    let seen: Arc<Mutex<Vec<Transfer>>> = Arc::default();
    let told = Arc::clone(&seen);
    let request = ImageUpscale::new(Source::bytes("a.png", PNG), "RealESRGAN_x4");
    let call = client.submit(&request);
    let _ = call
        .on_upload(move |so_far| told.lock().unwrap().push(so_far))
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    let length = u64::try_from(transport.requests()[0].body.len()).unwrap();
    let ends = seen.iter().filter(|so_far| so_far.bytes == length).count();
    assert_eq!(ends, 2);
    assert!(seen.iter().all(|so_far| so_far.total == Some(length)));
}

fn film() -> ImageUpscale {
    let bytes = *b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
    ImageUpscale::new(Source::bytes("cat.mp4", bytes), "RealESRGAN_x4")
}

#[tokio::test]
async fn published_limits_warn_and_refuse_on_request() {
    let transport = ScriptedTransport::new().then(answers::accepted(ID));
    let seen = Seen::default();
    let clock = HandClock::auto();
    let client = builder(&transport, &clock).observer(seen.clone());
    let client = client.build().unwrap();
    let job = client.submit(&film()).await.unwrap();
    let warning = job.warning().unwrap();
    assert!(
        warning.starts_with("cat.mp4 is mp4; published are "),
        "{warning}"
    );
    let told = seen.events().into_iter().filter_map(|event| match event {
        Event::Warning { message, .. } => Some(message),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [warning]);

    let request = film();
    let call = client.submit(&request).enforce_file_limits(true);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.fields()[0].field, "image");
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn a_refused_size_names_the_file() {
    let transport = ScriptedTransport::new()
        .then(Answer::text(
            413,
            "<html>413 Request Entity Too Large</html>",
        ))
        .then(Step::from(never_left()).always());
    let (client, _) = client(&transport);
    let request = ImageUpscale::new(Source::bytes("cat.png", PNG), "RealESRGAN_x4");
    let error = client.submit(&request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::Validation, Charge::No)
    );
    let named = "cat.png is 29 bytes, the published limit is ";
    assert!(error.message().contains(named), "{error}");

    let error = client.submit(&request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::Network, Charge::No)
    );
    let told = format!("its size may have been refused: {named}");
    assert!(error.message().contains(&told), "{error}");
}

#[tokio::test]
async fn a_deadline_covers_the_reading_of_files() {
    struct Silent;
    impl Read for Silent {
        fn read(&mut self, _buffer: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the pipe broke"))
        }
    }
    let transport = ScriptedTransport::new();
    let (client, _) = client(&transport);
    let never = Attachment::stream(futures_util::stream::pending());
    let request = slot();
    let call = client.submit(&request).attach("scan", never);
    let error = call.deadline(std::time::Duration::from_secs(5)).await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Timeout, Delivery::NotSent)
    );

    let request = slot();
    let call = client
        .submit(&request)
        .attach("scan", Attachment::read(Silent));
    let error = call.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::File, Charge::No)
    );
    assert!(error.message().contains("the pipe broke"), "{error}");
}

#[cfg(feature = "tokio")]
#[tokio::test]
async fn readers_of_tokio_are_sent_too() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::accepted(ID));
    let (client, _) = client(&transport);
    for content in [
        Attachment::reader(PNG),
        Attachment::replayable_reader(|| PNG).sized(29),
    ] {
        let _ = client
            .submit(&slot())
            .attach("scan", content)
            .await
            .unwrap();
    }
    let sent = transport.requests();
    assert_eq!(sent[0].body, sent[1].body);
    assert!(sent[0].text().contains("IHDR"));
}
