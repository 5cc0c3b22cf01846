//! The operations that start a job, and their prices: one description for both, so that what is
//! quoted is what is charged.

use axum::Json;
use axum::response::{IntoResponse, Response};
use dryapi_types::{Meta, Usd};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::content::Fields;
use super::refusal::Refusal;
use super::validate;
use crate::app::App;
use crate::catalogue::Model;
use crate::pricing;
use crate::works::Work;
use crate::world::{Key, NotEnough, Order, Twist};

/// What a valid request asks for, and what it costs.
struct Asked {
    model: &'static Model,
    price: Usd,
    work: Option<Work>,
}

/// Accepts a job, or refuses it without a charge.
pub(crate) fn submit(
    app: &App,
    key: &Key,
    meta: &'static Meta,
    headers: &HeaderMap,
    fields: Fields,
    twist: Twist,
) -> Result<Response, Refusal> {
    let Asked { model, price, work } = ask(meta, meta.name, fields)?;
    let Some(work) = work else {
        return Err(Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal server error",
        ));
    };
    let idempotency_key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok());
    let idempotency_key = idempotency_key.map(str::to_owned);
    let order = Order {
        task: meta.name,
        model,
        price,
        work,
        idempotency_key,
        twist,
    };
    match app.world.accept(key, order) {
        Ok(id) => Ok(Json(json!({"data": {"request_id": id}})).into_response()),
        Err(NotEnough) => Err(Refusal::native("balance", "Not enough balance.")),
    }
}

/// The price of a request, which need not carry its file.
pub(crate) fn quote(meta: &Meta, task: &str, fields: Fields) -> Result<Response, Refusal> {
    let asked = ask(meta, task, fields)?;
    let number: Value = serde_json::from_str(&asked.price.to_string()).unwrap_or(Value::Null);
    Ok(Json(json!({"data": {"price": number}})).into_response())
}

fn ask(meta: &Meta, task: &str, mut fields: Fields) -> Result<Asked, Refusal> {
    let model = validate::check(meta, task, &fields)?;
    let file = fields.files.remove("image");
    let side = |name: &str| {
        let given = fields
            .integer(name)
            .and_then(|length| u32::try_from(length).ok());
        given.ok_or_else(|| {
            let message = format!("The {name} field is required.");
            Refusal::validation(vec![(name.to_owned(), message)])
        })
    };
    if task == "img-upscale" {
        let (width, height) = match &file {
            Some(file) => validate::image_size(file, model)?,
            None => (side("width")?, side("height")?),
        };
        let factor = model.factor;
        let work = file.map(|file| Work::Enlargement {
            file,
            width,
            height,
            factor,
        });
        return Ok(Asked {
            model,
            price: pricing::pixels(model.rate, width, height),
            work,
        });
    }
    let (width, height) = (side("width")?, side("height")?);
    let usual = model.number("defaults", "steps").unwrap_or(4.0) as u32;
    let steps = fields
        .integer("steps")
        .and_then(|steps| u32::try_from(steps).ok());
    let price = pricing::picture(model.rate, width, height, steps.unwrap_or(usual));
    let prompt = fields.text("prompt").unwrap_or_default().to_owned();
    let seed = fields.integer("seed").unwrap_or(-1);
    Ok(Asked {
        model,
        price,
        work: Some(Work::Picture {
            prompt,
            seed,
            width,
            height,
        }),
    })
}
