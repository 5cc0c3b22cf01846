//! The free calls: balance, models, status of a job.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Uri};
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::app::App;
use crate::catalogue;
use crate::signature;
use crate::world::{Key, Phase};

/// `GET balance`: bare, without the usual `data`. Source: Balance page.
pub(crate) fn balance(app: &App, key: &Key) -> Response {
    let balance = app.world.balance(key).to_string();
    let number: Value = serde_json::from_str(&balance).unwrap_or(Value::Null);
    Json(json!({"balance": number})).into_response()
}

/// `GET models`: the framework's pages. `limit` counts like `per_page`; 50 is the most.
pub(crate) fn models(app: &App, uri: &Uri) -> Response {
    let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(uri).unwrap_or_default();
    let value = |names: &[&str]| {
        query
            .iter()
            .rev()
            .find(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, v)| v.as_str())
    };
    let number = |names: &[&str]| value(names).and_then(|text| text.parse::<usize>().ok());
    let per_page = number(&["per_page", "limit"]).unwrap_or(15).clamp(1, 50);
    let page = number(&["page"]).unwrap_or(1).clamp(1, 1_000_000);
    let filter = "filter[inference_types]";
    let names: Vec<&str> = query
        .iter()
        .filter(|(name, _)| name == filter || name.strip_suffix("[]") == Some(filter))
        .flat_map(|(_, list)| list.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    let found = catalogue::filtered(&names);
    let last = found.len().div_ceil(per_page).max(1);
    let from = (page - 1) * per_page;
    let cards: Vec<Value> = found
        .iter()
        .skip(from)
        .take(per_page)
        .map(|model| model.card())
        .collect();
    let path = format!("{}/api/v1/client/models", app.base_url());
    let link = |page: usize| format!("{path}?per_page={per_page}&page={page}");
    let shown = (!cards.is_empty()).then_some((from + 1, from + cards.len()));
    Json(json!({
        "data": cards,
        "links": {
            "first": link(1),
            "last": link(last),
            "prev": (page > 1).then(|| link(page - 1)),
            "next": (page < last).then(|| link(page + 1)),
        },
        "meta": {
            "current_page": page,
            "from": shown.map(|(first, _)| first),
            "last_page": last,
            "path": path,
            "per_page": per_page,
            "to": shown.map(|(_, last)| last),
            "total": found.len(),
        },
    }))
    .into_response()
}

/// `GET request-status/{id}`: a fresh address with every look at a finished job.
pub(crate) async fn status(
    app: &App,
    key: &Key,
    id: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let job = app
        .world
        .job(Some(key), id)
        .ok_or_else(Refusal::no_such_request)?;
    let now = app.world.now();
    let phase = job.phase(now);
    let mut data = json!({
        "status": phase.name(),
        "preview": null,
        "result_url": null,
        "results_alt_formats": null,
        "result": null,
        "progress": phase.progress(),
    });
    match phase {
        Phase::Pending => {}
        Phase::Processing(progress) => {
            let preview =
                tokio::task::spawn_blocking(move || job.work.preview(job.model, progress)).await;
            let preview = preview.ok().flatten().map(|file| STANDARD.encode(file));
            set(&mut data, "preview", json!(preview));
        }
        Phase::Done => {
            let expires = match app.world.hand_out_stale(&job.id) {
                true => now,
                false => now.saturating_add(signature::LIFETIME).unwrap_or(now),
            };
            let url = |format| signature::signed_url(app, &job.id, format, expires, headers);
            set(&mut data, "result_url", json!(url(job.work.format())));
            let others = job.work.alternatives();
            if !others.is_empty() {
                let others = others
                    .iter()
                    .map(|format| (format.extension(), json!(url(*format))));
                set(
                    &mut data,
                    "results_alt_formats",
                    others.map(|(name, url)| (name.to_owned(), url)).collect(),
                );
            }
            if job.inline {
                set(&mut data, "result", json!(job.work.inline()));
            }
        }
        Phase::Error { code, message } => {
            set(&mut data, "error", json!(message));
            set(&mut data, "error_code", json!(code));
            set(&mut data, "error_message", json!(message));
        }
    }
    Ok(Json(json!({"data": data})).into_response())
}

fn set(data: &mut Value, name: &str, value: Value) {
    if let Some(object) = data.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
