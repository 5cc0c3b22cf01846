//! What arrives.

use dryapi_transport::{Body, Request, Transport};
use http::{HeaderMap, HeaderValue, Method};

use super::super::pieces::Pieces;
use super::super::stage::{Act, Stage};
use super::verdict::{Verdict, answer, ensure, once, post};

pub(super) async fn arrives_as_given(stage: &impl Stage) -> Verdict {
    const TARGET: &str = "/a%20b/%2F/c;d/?x=1&x=2&y=%26+%C3%A9";
    let odd: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let bodies = [
        (Method::GET, Vec::new()),
        (Method::POST, odd),
        (Method::DELETE, Vec::new()),
    ];
    for (method, body) in bodies {
        let scene = stage.set(Act::Send(answer(200, "", b"")));
        let mut request = Request::new(method.clone(), scene.uri(TARGET)?);
        let given = headers(&mut request.headers);
        if !body.is_empty() {
            request = request.with_body(body.clone());
        }
        let sent = scene.transport.send(request).await;
        sent.map_err(|error| format!("- {method}: no response: {error:?}"))?;
        once(&scene, &method)?;
        let seen = (scene.seen)();
        let Some(arrived) = seen.first() else {
            continue;
        };
        ensure(
            arrived.method == method,
            format_args!("{method} arrives as given"),
        )?;
        ensure(
            arrived.target == TARGET,
            format_args!(
                "path and query arrive as given: {TARGET}, not {}",
                arrived.target
            ),
        )?;
        for (name, values) in &given {
            let found: Vec<_> = arrived.headers.get_all(*name).iter().collect();
            ensure(
                found == *values,
                format_args!("the header {name} arrives as given, not as {found:?}"),
            )?;
        }
        ensure(
            arrived.body == body,
            format_args!("{method}: the body's {} bytes arrive as given", body.len()),
        )?;
    }
    Ok(())
}

/// Sets headers and says which.
fn headers(headers: &mut HeaderMap) -> [(&'static str, &'static [&'static str]); 4] {
    let given: [(&str, &[&str]); 4] = [
        ("accept", &["application/json"]),
        ("authorization", &["Bearer 7|a/b+c"]),
        ("content-type", &["application/x-of-mine"]),
        ("x-several", &["one", "two, three"]),
    ];
    for (name, values) in given {
        for value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
    }
    given
}

pub(super) async fn streamed_body_arrives_whole(stage: &impl Stage) -> Verdict {
    const TEXT: &str = "so many pieces, and not one of them is lost on its way";
    for told in [u64::try_from(TEXT.len()).ok(), None] {
        let scene = stage.set(Act::Send(answer(200, "", b"")));
        let body = Body::once(told, Pieces::of(TEXT, 7));
        let sent = scene.transport.send(post(&scene)?.with_body(body)).await;
        let what = format!("a body in pieces whose length is told as {told:?}");
        sent.map_err(|error| format!("- {what}: no response: {error:?}"))?;
        once(&scene, &what)?;
        let whole = (scene.seen)()
            .iter()
            .all(|seen| seen.body == TEXT.as_bytes());
        ensure(whole, format_args!("{what} arrives whole"))?;
    }
    Ok(())
}

pub(super) async fn no_compression_is_asked_for(stage: &impl Stage) -> Verdict {
    let scene = stage.set(Act::Send(answer(200, "", b"")));
    let sent = scene.transport.send(post(&scene)?).await;
    sent.map_err(|error| format!("- no response: {error:?}"))?;
    let asked = (scene.seen)()
        .iter()
        .any(|seen| seen.headers.contains_key("accept-encoding"));
    ensure(
        !asked,
        "compression is not asked for, as nothing is decompressed",
    )
}
