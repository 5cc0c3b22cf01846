//! The object storage that results lie in: signed addresses that expire, no key, XML errors,
//! ranges.

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use std::sync::Arc;

use crate::app::App;
use crate::conclude::conclude;
use crate::connection::Line;
use crate::faults::{Drawn, Effect, aftermath};
use crate::journal_entry::journal_entry;
use crate::range::{self, Part};
use crate::rules::Target;
use crate::signature;
use crate::works::Format;
use crate::world::Phase;

/// `GET` and `HEAD /results/{id}/{file}`.
pub(crate) async fn fetch(
    State(app): State<Arc<App>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path((id, file)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let owner = app.world.job(None, &id).map(|job| job.key);
    let number = app.world.record(journal_entry(
        &app.world,
        &parts,
        owner.clone(),
        Value::Null,
    ));
    let drawn = owner.and_then(|owner| app.faults.take(&owner, Target::Results));
    let (response, drawn) = match in_place(drawn.as_ref()) {
        Some(response) => (response, drawn),
        None => {
            let response = match admit(&app, &id, &file, &parts) {
                Ok(format) => serve(&app, id, format, &parts.headers).await,
                Err(denied) => denied.into_response(),
            };
            if response.status().is_success() {
                (response, drawn)
            } else {
                app.faults.give_back(drawn);
                (response, None)
            }
        }
    };
    conclude(&app, number, response, drawn, &line).await
}

/// What a fault answers instead of the file.
fn in_place(drawn: Option<&Drawn>) -> Option<Response> {
    match drawn?.rule.effect()? {
        Effect::Instead(instead) => Some(aftermath::in_place(instead)),
        Effect::Job(_) => Some(EXPIRED.into_response()),
        Effect::After(_) => None,
    }
}

/// Object storages know one way to prove a right at a time: a key beside a signature is refused.
fn admit(app: &App, id: &str, file: &str, parts: &http::request::Parts) -> Result<Format, Denied> {
    if parts.headers.contains_key(header::AUTHORIZATION) {
        let message = "Only one auth mechanism allowed; only the Signature query string \
                       parameter or the Authorization header should be specified";
        return Err(Denied(StatusCode::BAD_REQUEST, "InvalidArgument", message));
    }
    let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).unwrap_or_default();
    let value = |wanted: &str| {
        query
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, v)| v.as_str())
    };
    let (Some(expires), Some(tag)) = (value("expires"), value("signature")) else {
        return Err(Denied(
            StatusCode::FORBIDDEN,
            "AccessDenied",
            "Access Denied",
        ));
    };
    if !signature::is_genuine(app, &format!("/results/{id}/{file}"), expires, tag) {
        let message =
            "The request signature we calculated does not match the signature you provided.";
        return Err(Denied(
            StatusCode::FORBIDDEN,
            "SignatureDoesNotMatch",
            message,
        ));
    }
    if expires
        .parse()
        .is_ok_and(|expires: i64| app.world.now().as_second() >= expires)
    {
        return Err(EXPIRED);
    }
    Format::of_file(file).ok_or(NO_SUCH_KEY)
}

async fn serve(app: &Arc<App>, id: String, format: Format, headers: &HeaderMap) -> Response {
    let Some(job) = app.world.job(None, &id) else {
        return NO_SUCH_KEY.into_response();
    };
    if job.phase(app.world.now()) != Phase::Done {
        return NO_SUCH_KEY.into_response();
    }
    let painter = Arc::clone(app);
    let painted = tokio::task::spawn_blocking(move || {
        let works = &painter.works;
        works.file(&job.id, job.model, &job.work, format)
    })
    .await;
    let Ok(file) = painted else {
        return Denied(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "Please try again.",
        )
        .into_response();
    };
    match file {
        Some(file) => answer(file, format, headers),
        None => NO_SUCH_KEY.into_response(),
    }
}

fn answer(file: Bytes, format: Format, headers: &HeaderMap) -> Response {
    let total = file.len();
    let etag = signature::entity_tag(&file);
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let same = text(header::IF_RANGE).is_none_or(|wanted| wanted == etag);
    let part = match text(header::RANGE).filter(|_| same) {
        Some(wanted) => range::parse(wanted, total),
        None => Part::Whole,
    };
    let (status, body, range) = match part {
        Part::Whole => (StatusCode::OK, file, None),
        Part::Of(from, to) => {
            let range = format!("bytes {from}-{}/{total}", to.saturating_sub(1));
            (
                StatusCode::PARTIAL_CONTENT,
                file.slice(from..to),
                Some(range),
            )
        }
        Part::Outside => {
            let message = "The requested range is not satisfiable";
            let mut refusal =
                Denied(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message).into_response();
            insert(
                &mut refusal,
                header::CONTENT_RANGE,
                &format!("bytes */{total}"),
            );
            return refusal;
        }
    };
    let length = body.len();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    insert(&mut response, header::CONTENT_TYPE, format.media_type());
    insert(&mut response, header::CONTENT_LENGTH, &length.to_string());
    insert(&mut response, header::ACCEPT_RANGES, "bytes");
    insert(&mut response, header::ETAG, &etag);
    if let Some(range) = range {
        insert(&mut response, header::CONTENT_RANGE, &range);
    }
    response
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A refusal of the storage: status, code, message.
struct Denied(StatusCode, &'static str, &'static str);

const NO_SUCH_KEY: Denied = Denied(
    StatusCode::NOT_FOUND,
    "NoSuchKey",
    "The specified key does not exist.",
);

const EXPIRED: Denied = Denied(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired");

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
    }
}
