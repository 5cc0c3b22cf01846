//! What is known about delivery when there is no answer.

use dryapi_transport::{Body, Reach, Request, Transport, TransportError};
use http::Method;

use super::super::pieces::Pieces;
use super::super::stage::{Act, Scene, Stage};
use super::verdict::{Verdict, ensure, not_sent, once, post, unknown};

async fn fail<T: Transport>(
    scene: &Scene<T>,
    request: Request,
    when: &str,
) -> Result<TransportError, String> {
    match scene.transport.send(request).await {
        Ok(response) => Err(format!("- {when}: an error, not {response:?}")),
        Err(error) => Ok(error),
    }
}

pub(super) async fn refused_is_not_sent(stage: &impl Stage) -> Verdict {
    let (scene, when) = (stage.set(Act::Refuse), "a refused connection");
    let error = fail(&scene, post(&scene)?, when).await?;
    not_sent(&error, when)
}

pub(super) async fn dropped_after_the_request_is_unknown(stage: &impl Stage) -> Verdict {
    let when = "a connection closed after a whole POST";
    let scene = stage.set(Act::Drop);
    let error = fail(&scene, post(&scene)?, when).await?;
    unknown(&error, when)?;
    once(&scene, when)?;

    // `prompts/samples` is a GET that costs money.
    let when = "a connection closed after a whole GET";
    let scene = stage.set(Act::Drop);
    let get = Request::new(Method::GET, scene.uri("/api/v1/client/prompts/samples")?);
    let error = fail(&scene, get, when).await?;
    unknown(&error, when)?;
    once(&scene, when)
}

pub(super) async fn a_broken_body_is_not_sent(stage: &impl Stage) -> Verdict {
    let bodies = [
        (
            "a body that breaks half-way",
            Pieces::of("half", 2).then_broken(),
        ),
        ("a body shorter than it said", Pieces::of("half", 2)),
    ];
    for (when, pieces) in bodies {
        let scene = stage.set(Act::Drop);
        let request = post(&scene)?.with_body(Body::once(Some(8), pieces));
        let error = fail(&scene, request, when).await?;
        not_sent(&error, when)?;
        let arrived = (scene.seen)().len();
        ensure(
            arrived == 0,
            format_args!("{when}: no whole request arrives, not {arrived}"),
        )?;
    }
    Ok(())
}

pub(super) async fn no_http_is_unknown(stage: &impl Stage) -> Verdict {
    let when = "an answer that is not HTTP";
    let scene = stage.set(Act::Send(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()));
    let error = fail(&scene, post(&scene)?, when).await?;
    unknown(&error, when)?;
    once(&scene, when)
}

pub(super) async fn an_address_out_of_reach_is_not_sent(stage: &impl Stage) -> Verdict {
    let when = "loopback, where only public addresses are allowed";
    let scene = stage.set(Act::Drop);
    let mut request = post(&scene)?;
    request.reach = Reach::Public;
    let error = fail(&scene, request, when).await?;
    not_sent(&error, when)?;
    ensure(
        (scene.seen)().is_empty(),
        format_args!("{when}: nothing is sent"),
    )
}
