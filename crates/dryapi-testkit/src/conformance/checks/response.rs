//! What comes back.

use dryapi_transport::{Response, Transport, TransportError};

use super::super::stage::{Act, Scene, Stage};
use super::verdict::{Verdict, answer, ensure, once, post, unknown};

/// More than any body here has.
const LIMIT: usize = 10 * 1024 * 1024;

async fn send<T: Transport>(scene: &Scene<T>, what: &str) -> Result<Response, String> {
    let lost = |error: TransportError| format!("- {what} is a response, not {error:?}");
    scene.transport.send(post(scene)?).await.map_err(lost)
}

pub(super) async fn any_status_is_a_response(stage: &impl Stage) -> Verdict {
    const STATUSES: [u16; 18] = [
        200, 201, 400, 401, 402, 403, 404, 408, 418, 421, 425, 429, 500, 502, 503, 504, 520, 599,
    ];
    for status in STATUSES {
        // Invitations to send it again at once.
        let scene = stage.set(Act::Send(answer(status, "Retry-After: 0\r\n", b"why")));
        let what = format!("an answer of status {status}");
        let mut response = send(&scene, &what).await?;
        ensure(
            response.status.as_u16() == status,
            format_args!("{what} comes as {}", response.status),
        )?;
        let read = response.read(LIMIT).await;
        ensure(
            read.error.is_none() && read.bytes == "why",
            format_args!("{what} comes with its body: {read:?}"),
        )?;
        once(&scene, &what)?;
    }
    Ok(())
}

pub(super) async fn no_redirect_is_followed(stage: &impl Stage) -> Verdict {
    for status in [301, 302, 303, 307, 308] {
        let scene = stage.set(Act::Send(answer(status, "Location: /elsewhere\r\n", b"")));
        let what = format!("a redirect of status {status}");
        let response = send(&scene, &what).await?;
        ensure(
            response.status.as_u16() == status,
            format_args!(
                "{what} is not followed, but was answered {}",
                response.status
            ),
        )?;
        let location = response.headers.get("location");
        ensure(
            location.is_some_and(|location| location == "/elsewhere"),
            format_args!("{what} comes with its Location"),
        )?;
        once(&scene, &what)?;
    }
    Ok(())
}

pub(super) async fn headers_and_body_come_as_sent(stage: &impl Stage) -> Verdict {
    let body: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    let headers = "X-Several: one\r\nX-Several: two, three\r\nContent-Type: image/png\r\n";
    let scene = stage.set(Act::Send(answer(200, headers, &body)));
    let mut response = send(&scene, "a large answer").await?;
    let several: Vec<_> = response.headers.get_all("x-several").iter().collect();
    ensure(
        several == ["one", "two, three"],
        format_args!("a header that stands twice comes twice, not as {several:?}"),
    )?;
    let read = response.read(LIMIT).await;
    ensure(
        read.error.is_none() && read.bytes == body,
        "a body of 1 000 000 bytes comes as it was sent",
    )
}

pub(super) async fn nothing_is_decompressed(stage: &impl Stage) -> Verdict {
    // `{}`, by gzip.
    const PACKED: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0,
    ];
    let scene = stage.set(Act::Send(answer(200, "Content-Encoding: gzip\r\n", PACKED)));
    let mut response = send(&scene, "a compressed answer").await?;
    let told = response.headers.get("content-encoding");
    ensure(
        told.is_some_and(|told| told == "gzip"),
        "a compressed answer comes with its Content-Encoding",
    )?;
    let read = response.read(LIMIT).await;
    ensure(
        read.error.is_none() && read.bytes == PACKED,
        "a compressed answer comes as it was sent, not decompressed",
    )
}

pub(super) async fn a_cut_body_is_given_as_far_as_it_came(stage: &impl Stage) -> Verdict {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it";
    cut_is_given(stage, cut, "a body shorter than its Content-Length").await
}

pub(super) async fn a_cut_chunked_body_is_given_as_far_as_it_came(stage: &impl Stage) -> Verdict {
    let cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhalf of it\r\n";
    cut_is_given(stage, cut, "a chunked body without its end").await
}

async fn cut_is_given(stage: &impl Stage, cut: &[u8], what: &str) -> Verdict {
    let scene = stage.set(Act::Send(cut.to_vec()));
    let mut response = send(&scene, what).await?;
    let read = response.read(LIMIT).await;
    ensure(
        read.bytes == "half of it",
        format_args!("{what} is given as far as it came, not as {:?}", read.bytes),
    )?;
    let Some(error) = &read.error else {
        return Err(format!("- {what} ends with an error"));
    };
    unknown(error, what)?;
    once(&scene, what)
}

pub(super) async fn the_body_is_streamed(stage: &impl Stage) -> Verdict {
    let mut whole = answer(200, "", b"first and the rest");
    let rest = whole.split_off(whole.len() - " and the rest".len());
    let scene = stage.set(Act::SendInTwo(whole, rest));
    // Whoever waits for the whole body here waits until the server gives up.
    let mut response = send(&scene, "an answer in two pieces").await?;
    let first = response.chunk().await;
    ensure(
        matches!(&first, Ok(Some(piece)) if piece == "first"),
        format_args!("the first piece comes before the second is sent: {first:?}"),
    )?;
    scene.other_end.go_on();
    let read = response.read(LIMIT).await;
    ensure(
        read.error.is_none() && read.bytes == " and the rest",
        format_args!("the second piece comes after the first: {read:?}"),
    )
}
