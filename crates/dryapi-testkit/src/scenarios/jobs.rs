//! The life of a picture, and what may come between.

use bytes::Bytes;
use wiremock::{MockServer, Request};

use super::serve::{Calls, serve};
use crate::answer::Answer;
use crate::{answers, path};

/// The life of a picture: a POST to `txt2img` is accepted under an id; its status is pending, then
/// at 45.5 percent, then done, with an address on the same server, where the PNG lies. Everything
/// else is 404.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn job_life(server: &MockServer, request_id: &str, png: impl Into<Bytes>) -> Calls {
    let job = Picture::new(server, request_id);
    let png = png.into();
    serve(server, move |request, (_, before)| {
        match job.part(request) {
            Part::Submit => job.accepted(),
            Part::Status => match before {
                0 => answers::status_pending(),
                1 => answers::status_processing(45.5),
                _ => answers::status_done(&job.url(1)),
            },
            Part::Result(_) => Answer::bytes(200, "image/png", png.clone()),
            Part::Other => answers::not_found(),
        }
    })
    .await
}

/// A picture that is accepted, at work, and then failed, with a code such as `WORKER_TIMEOUT`.
/// Everything else is 404.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn job_failed(server: &MockServer, request_id: &str, code: &str, message: &str) -> Calls {
    let job = Picture::new(server, request_id);
    let failed = answers::status_error(code, message);
    serve(server, move |request, (_, before)| {
        match job.part(request) {
            Part::Submit => job.accepted(),
            Part::Status if before == 0 => answers::status_processing(45.5),
            Part::Status => failed.clone(),
            Part::Result(_) | Part::Other => answers::not_found(),
        }
    })
    .await
}

/// A picture that is accepted and stays at 45.5 percent for ever. Everything else is 404.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn stuck_job(server: &MockServer, request_id: &str) -> Calls {
    let job = Picture::new(server, request_id);
    serve(server, move |request, _| match job.part(request) {
        Part::Submit => job.accepted(),
        Part::Status => answers::status_processing(45.5),
        Part::Result(_) | Part::Other => answers::not_found(),
    })
    .await
}

/// A picture that is accepted and done, but the first address has expired: there storage answers
/// 403 with XML. Every further look at the status gives a fresh address, where the PNG lies.
/// Everything else is 404.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn expired_result(server: &MockServer, request_id: &str, png: impl Into<Bytes>) -> Calls {
    let job = Picture::new(server, request_id);
    let png = png.into();
    serve(server, move |request, (_, before)| {
        match job.part(request) {
            Part::Submit => job.accepted(),
            Part::Status => answers::status_done(&job.url(before + 1)),
            Part::Result(1) => answers::result_expired(),
            Part::Result(_) => Answer::bytes(200, "image/png", png.clone()),
            Part::Other => answers::not_found(),
        }
    })
    .await
}

/// Where one picture is asked for, watched and fetched.
struct Picture {
    id: String,
    status: String,
    result: String,
    server: String,
}

/// Which of those a request is for.
enum Part {
    Submit,
    Status,
    /// With the number of the address, counted from 1.
    Result(usize),
    Other,
}

impl Picture {
    fn new(server: &MockServer, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            status: format!("request-status/{id}"),
            result: format!("/results/{id}/output.png"),
            server: server.uri(),
        }
    }

    fn accepted(&self) -> Answer {
        answers::accepted(&self.id)
    }

    /// The address of a number: signed, as the service's are.
    fn url(&self, number: usize) -> String {
        format!("{}{}?signature=testkit-{number}", self.server, self.result)
    }

    fn part(&self, request: &Request) -> Part {
        let path = request.url.path();
        let number = || {
            let (_, number) = request.url.query()?.rsplit_once('-')?;
            number.parse().ok()
        };
        match request.method.as_str() {
            "POST" if path::matches("txt2img", path) => Part::Submit,
            "GET" if path::matches(&self.status, path) => Part::Status,
            "GET" if path == self.result => number().map_or(Part::Other, Part::Result),
            _ => Part::Other,
        }
    }
}
