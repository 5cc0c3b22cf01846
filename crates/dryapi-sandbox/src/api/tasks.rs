//! The operations that cost money, and their prices: one recipe for both, so that what is quoted is
//! what is charged.

use axum::Json;
use axum::response::{IntoResponse, Response};
use dryapi_types::{Meta, TABLE, Usd};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::asked::Asked;
use super::fields::Fields;
use super::refusal::Refusal;
use super::{prompts, validate};
use crate::app::App;
use crate::cookbook;
use crate::recipe::Recipe;
use crate::webhook::WebhookUrl;
use crate::world::{Key, NotEnough, Order, Twist};

/// Accepts a job or answers at once, or refuses without a charge.
pub(crate) fn submit(
    app: &App,
    key: &Key,
    meta: &'static Meta,
    headers: &HeaderMap,
    fields: &Fields,
    twist: Twist,
) -> Result<Response, Refusal> {
    let recipe = recipe_of(meta)?;
    let model = validate::check(meta, meta, fields)?;
    let asked = Asked {
        meta,
        fields,
        model,
    };
    let price = asked.price(recipe);
    let idempotency_key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok());
    let idempotency_key = idempotency_key.map(str::to_owned);
    let (Some(work), Some(model)) = (asked.work(recipe.makes), model) else {
        let paid = app.world.pay(key, meta.name, price, idempotency_key);
        paid.map_err(|NotEnough| not_enough())?;
        return Ok(prompts::answer(meta, fields, recipe.makes));
    };
    let order = Order {
        task: meta.name,
        model,
        price,
        work,
        inline: fields.boolean("return_result_in_response").unwrap_or(false),
        webhook_url: webhook_url(app, fields),
        idempotency_key,
        twist,
    };
    match app.world.accept(key, order) {
        Ok(id) => Ok(Json(json!({"data": {"request_id": id}})).into_response()),
        Err(NotEnough) => Err(not_enough()),
    }
}

/// Where the events of a request's job go: the account's address, unless it brings its own.
pub(crate) fn webhook_url(app: &App, fields: &Fields) -> Option<WebhookUrl> {
    match fields.text("webhook_url") {
        Some(own) => WebhookUrl::read(own).ok(),
        None => app.webhook_url.clone(),
    }
}

fn not_enough() -> Refusal {
    Refusal::native("balance", "Not enough balance.")
}

/// The price of a request, which need not carry its file.
pub(crate) fn quote(meta: &'static Meta, fields: &Fields) -> Result<Response, Refusal> {
    let priced = TABLE.iter().find(|task| task.price == Some(meta.name));
    let task = priced.copied().unwrap_or(meta);
    let recipe = recipe_of(task)?;
    let model = validate::check(meta, task, fields)?;
    let asked = Asked {
        meta: task,
        fields,
        model,
    };
    let number = as_number(asked.price(recipe));
    // Prices of prompts stand at the top. Source: the published description.
    Ok(match task.task {
        Some(_) => Json(json!({"data": {"price": number}})).into_response(),
        None => Json(json!({"price": number})).into_response(),
    })
}

fn recipe_of(meta: &Meta) -> Result<&'static Recipe, Refusal> {
    let missing = || Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error");
    cookbook::find(meta.name).ok_or_else(missing)
}

fn as_number(price: Usd) -> Value {
    serde_json::from_str(&price.to_string()).unwrap_or(Value::Null)
}
