//! `POST /broadcasting/auth`: vouches for a socket's subscription to its account's channel.
//! Source: WebSockets page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::call::bearer;
use super::content::Content;
use super::refusal::Refusal;
use crate::app::App;
use crate::conclude::conclude;
use crate::connection::Line;
use crate::faults::{Drawn, Effect, aftermath};
use crate::journal_entry::journal_entry;
use crate::key::Key;
use crate::push;
use crate::rules::Target;

/// Takes JSON, as the service's page shows it, and forms, as stock clients send them.
pub(crate) async fn authorise(
    State(app): State<Arc<App>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let key = bearer(&parts.headers);
    let account = key.as_ref().filter(|key| app.world.accepts(key));
    let drawn = account.and_then(|key| app.faults.take(key, Target::Auth));
    let content = if drawn.as_ref().is_some_and(Drawn::closes_unread) {
        Content::Empty
    } else {
        Content::receive(&parts.headers, body).await
    };
    let entry = journal_entry(&app.world, &parts, key.clone(), content.describe());
    let number = app.world.record(entry);
    let (response, drawn) = match drawn.as_ref().and_then(|drawn| drawn.rule.effect()) {
        Some(Effect::Instead(instead)) => (aftermath::in_place(instead), drawn),
        _ => match vouch(&app, account, content) {
            Ok(auth) => (Json(json!({"auth": auth})).into_response(), drawn),
            Err(refusal) => {
                app.faults.give_back(drawn);
                (refusal.into_response(), None)
            }
        },
    };
    conclude(&app, number, response, drawn, &line).await
}

fn vouch(app: &App, account: Option<&Key>, content: Content) -> Result<String, Refusal> {
    let key = account.ok_or_else(Refusal::unauthorized)?;
    let fields = content.into_fields()?;
    let forbidden = |message| Refusal::new(StatusCode::FORBIDDEN, message);
    let channel = fields.text("channel_name").unwrap_or_default();
    if push::subscribers(channel) != Some(app.client_id_of(key).as_str()) {
        return Err(forbidden("This action is unauthorized."));
    }
    let socket_id = fields.text("socket_id").unwrap_or_default();
    if !is_socket_id(socket_id) {
        return Err(forbidden("Invalid socket ID."));
    }
    Ok(app.push.vouch(socket_id, channel))
}

/// Two numbers and a point.
fn is_socket_id(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.')
        .is_some_and(|(first, second)| digits(first) && digits(second))
}
