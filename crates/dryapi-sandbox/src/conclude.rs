//! The end of every request: what became of it is noted, and its fault does the rest.

use axum::response::Response;

use crate::app::App;
use crate::connection::Line;
use crate::faults::{Drawn, Effect, Instead, aftermath};

/// Gives the answer to the connection, or what a fault makes of it.
pub(crate) async fn conclude(
    app: &App,
    number: u64,
    response: Response,
    drawn: Option<Drawn>,
    line: &Line,
) -> Response {
    let fault = drawn.as_ref().map(|drawn| drawn.rule.name());
    let effect = drawn.as_ref().and_then(|drawn| drawn.rule.effect());
    let status = Some(response.status());
    let status = match &effect {
        Some(Effect::Instead(Instead::Close)) => None,
        Some(Effect::After(after)) => after.status(response.status()),
        _ => status,
    };
    app.world
        .answered(number, status.map(|status| status.as_u16()), fault);
    match effect {
        Some(Effect::Instead(Instead::Close)) => {
            line.close();
            response
        }
        Some(Effect::After(after)) => {
            aftermath::carry_out(after, response, line, app.stopped()).await
        }
        _ => response,
    }
}
