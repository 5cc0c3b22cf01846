//! What becomes of an answer.

use axum::body::{Body, HttpBody};
use axum::response::Response;
use dryapi_testkit::Answer;

use super::effect::{After, Instead};
use crate::connection::{Line, Treatment};

/// How many pieces a dripping body comes in.
const PIECES: usize = 20;

/// Does to an answer what a fault does to it. `stopped` ends a call that is never answered.
pub(crate) async fn carry_out(
    after: After,
    mut response: Response,
    line: &Line,
    stopped: impl Future<Output = ()>,
) -> Response {
    let length = response.body().size_hint().exact();
    let length = length
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    let treatment = match after {
        After::Close => Treatment::Close,
        After::Reset => Treatment::Reset,
        After::Hang => {
            stopped.await;
            Treatment::Close
        }
        After::Half(at) => {
            let at = at.unwrap_or(length / 2).min(length.saturating_sub(1));
            Treatment::Cut(at)
        }
        After::Slow(pause) => Treatment::Drip {
            piece: length.div_ceil(PIECES).max(1),
            pause,
        },
        After::Answer(answer) => {
            response = into_response(*answer);
            return response;
        }
    };
    line.treat(treatment);
    response
}

/// What is answered in place of any work.
pub(crate) fn in_place(instead: Instead) -> Response {
    match instead {
        Instead::Answer(answer) => into_response(*answer),
        // Nobody sees it: the connection closes, or the limits answer.
        Instead::Close | Instead::Refuse(_) => Response::default(),
    }
}

/// An answer of the testkit, as it stands.
fn into_response(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}
