//! What the service answers: one constructor for each kind of answer.
//!
//! Shapes are those of the published description and the Errors page. Odder ones, as seen in the
//! wild, are in the [corpus](crate::corpus).

use std::fmt::Display;

use serde_json::{Value, json};

use crate::answer::Answer;

/// A task was accepted.
#[must_use]
pub fn accepted(request_id: &str) -> Answer {
    Answer::json(200, &json!({"data": {"request_id": request_id}}))
}

/// A task's price in US dollars, digit for digit.
///
/// # Panics
/// When the amount is no JSON number.
#[must_use]
pub fn price(usd: impl Display) -> Answer {
    exact(format!(r#"{{"data":{{"price":{usd}}}}}"#))
}

/// A prompt booster's price in US dollars, digit for digit: without the usual `data` around it.
///
/// # Panics
/// When the amount is no JSON number.
#[must_use]
pub fn prompt_price(usd: impl Display) -> Answer {
    exact(format!(r#"{{"price":{usd}}}"#))
}

/// The account's balance in US dollars, digit for digit.
///
/// # Panics
/// When the amount is no JSON number.
#[must_use]
pub fn balance(usd: impl Display) -> Answer {
    exact(format!(r#"{{"balance":{usd}}}"#))
}

/// A catalogue of one page; [`model`] makes its entries.
#[must_use]
pub fn models(models: impl IntoIterator<Item = Value>) -> Answer {
    let models: Vec<Value> = models.into_iter().collect();
    let total = models.len();
    let body = json!({
        "data": models,
        "links": {"first": null, "last": null, "prev": null, "next": null},
        "meta": {"current_page": 1, "last_page": 1, "per_page": 15, "total": total},
    });
    Answer::json(200, &body)
}

/// An entry of the catalogue, without limits, features and defaults.
#[must_use]
pub fn model(slug: &str, tasks: &[&str]) -> Value {
    json!({
        "name": slug,
        "slug": slug,
        "inference_types": tasks,
        "info": {"limits": {}, "features": {}, "defaults": {}},
        "loras": [],
        "languages": null,
    })
}

/// An improved prompt, as the prompt boosters answer it.
#[must_use]
pub fn prompt(prompt: &str, negative_prompt: Option<&str>) -> Answer {
    Answer::json(
        200,
        &json!({"prompt": prompt, "negative_prompt": negative_prompt}),
    )
}

/// A sample prompt for `text2image` or `text2speech`.
#[must_use]
pub fn prompt_sample(kind: &str, prompt: &str) -> Answer {
    Answer::json(
        200,
        &json!({"success": true, "data": {"type": kind, "prompt": prompt}}),
    )
}

/// A job that waits for a worker.
#[must_use]
pub fn status_pending() -> Answer {
    status(json!({"status": "pending", "progress": 0.0}))
}

/// A job at work, at so many percent.
#[must_use]
pub fn status_processing(percent: f64) -> Answer {
    status(json!({
        "status": "processing", "progress": percent,
        "preview": null, "result_url": null, "result": null,
    }))
}

/// A job whose result lies at an address.
#[must_use]
pub fn status_done(result_url: &str) -> Answer {
    status(json!({
        "status": "done", "progress": 100.0,
        "preview": null, "result_url": result_url, "result": null,
    }))
}

/// A job whose result is in the answer itself, as with `return_result_in_response`.
#[must_use]
pub fn status_done_inline(result: &Value) -> Answer {
    status(json!({
        "status": "done", "progress": 100.0,
        "preview": null, "result_url": null, "result": result,
    }))
}

/// A job that failed, for instance with `WORKER_TIMEOUT`.
#[must_use]
pub fn status_error(code: &str, message: &str) -> Answer {
    status(json!({
        "status": "error", "progress": 0.0,
        "error_code": code, "error_message": message,
    }))
}

/// 401, as on the Errors page.
#[must_use]
pub fn unauthorized() -> Answer {
    error(401, "Unauthorized user.")
}

/// 403: the account is suspended.
#[must_use]
pub fn suspended() -> Answer {
    Answer::json(403, &json!({"message": "Your account has been suspended."}))
}

/// 404, as on the Errors page.
#[must_use]
pub fn not_found() -> Answer {
    error(404, "Request not found.")
}

/// 422, as on the Errors page, about fields: each with one message.
#[must_use]
pub fn validation(fields: &[(&str, &str)]) -> Answer {
    let item = |(field, message): &(&str, &str)| json!({"field": field, "messages": [message]});
    envelope(422, "Validation failed", fields.iter().map(item).collect())
}

/// 422: the balance does not cover it.
#[must_use]
pub fn insufficient_balance() -> Answer {
    let message = "Not enough balance.";
    Answer::json(
        422,
        &json!({"message": message, "errors": {"balance": [message]}}),
    )
}

/// 429: the minute's requests are used up. Come back in 60 s.
#[must_use]
pub fn rate_limited_minute() -> Answer {
    rate_limited("minute", (0, 97), 60)
}

/// 429: the day's requests are used up. Come back in 12 h, which is midnight on a
/// [`HandClock`](crate::HandClock) that has not moved.
#[must_use]
pub fn rate_limited_daily() -> Answer {
    rate_limited("daily", (3, 0), 12 * 60 * 60)
}

/// 500, as on the Errors page.
#[must_use]
pub fn server_error() -> Answer {
    error(500, "Internal server error")
}

/// 502: a page of a proxy that got no answer, or lost it.
#[must_use]
pub fn html_502() -> Answer {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n\
        <body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n\
        <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    Answer::bytes(502, "text/html", PAGE)
}

/// 403 with XML: storage's answer at an address of a result that has expired. A fresh one comes
/// with the job's next status.
#[must_use]
pub fn result_expired() -> Answer {
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    Answer::bytes(403, "application/xml", XML)
}

/// Any error in the envelope of the Errors page.
///
/// # Panics
/// When the status is none (100 to 999).
#[must_use]
pub fn error(status: u16, message: &str) -> Answer {
    envelope(status, message, Vec::new())
}

fn envelope(status: u16, message: &str, errors: Vec<Value>) -> Answer {
    let body = json!({"data": null, "message": message, "errors": errors, "statusCode": status});
    Answer::json(status, &body)
}

fn status(data: Value) -> Answer {
    Answer::json(200, &json!({ "data": data }))
}

/// `left`: this minute, and today. The limits are those of the Basic plan's pictures.
fn rate_limited(window: &str, left: (u32, u32), retry_after: u32) -> Answer {
    Answer::json(429, &json!({"message": "Too Many Attempts."}))
        .with_header("x-ratelimit-limit", "3")
        .with_header("x-ratelimit-remaining", &left.0.to_string())
        .with_header("x-ratelimit-daily-limit", "100")
        .with_header("x-ratelimit-daily-remaining", &left.1.to_string())
        .with_header("x-ratelimit-type", window)
        .with_header("retry-after", &retry_after.to_string())
}

/// A body that no number passes through as a float.
fn exact(body: String) -> Answer {
    let answer = Answer::bytes(200, "application/json", body);
    assert!(answer.to_json().is_some(), "the amount is no JSON number");
    answer
}

#[cfg(test)]
mod tests {
    use dryapi_types::{
        FailureCode, GetBalance, GetJobStatus, JobState, JobStatus, ListModels, Operation,
        TextToImage, TextToImagePrice,
    };

    use super::*;

    fn read<O: Operation>(answer: &Answer) -> O::Response {
        O::decode(answer.status.as_u16(), &[], &answer.body).unwrap()
    }

    fn job(answer: &Answer) -> JobStatus {
        read::<GetJobStatus>(answer)
    }

    #[test]
    fn every_answer_reads_back() {
        let accepted = read::<TextToImage>(&accepted("ab-1"));
        assert_eq!(
            (accepted.request_id.as_str(), accepted.warning),
            ("ab-1", None)
        );
        let price = read::<TextToImagePrice>(&price("0.00136")).price;
        assert_eq!(price.to_string(), "0.00136");
        assert_eq!(read::<GetBalance>(&balance(price)).balance, price);

        let cards = [
            model("Flux1schnell", &["txt2img", "img2img"]),
            model("Kokoro", &["txt2audio"]),
        ];
        let page = read::<ListModels>(&models(cards));
        let slugs: Vec<_> = page
            .models
            .iter()
            .map(|model| model.slug.as_str())
            .collect();
        assert_eq!(slugs, ["Flux1schnell", "Kokoro"]);
        assert!(page.models[0].does("img2img") && !page.has_next(1));
    }

    #[test]
    fn every_status_reads_back() {
        assert_eq!(job(&status_pending()).state, JobState::Pending);
        let processing = job(&status_processing(45.5));
        assert_eq!(
            (processing.state, processing.progress),
            (JobState::Processing, Some(45.5))
        );
        let done = job(&status_done("https://files/a.png?sig=x"));
        assert_eq!(done.state, JobState::Done);
        assert_eq!(
            done.result_url.unwrap().as_str(),
            "https://files/a.png?sig=x"
        );
        let inline = job(&status_done_inline(&json!("hello")));
        assert_eq!(
            (inline.state, inline.result),
            (JobState::Done, Some(json!("hello")))
        );
        let failed = job(&status_error("WORKER_TIMEOUT", "too slow"));
        assert_eq!(failed.state, JobState::Error);
        assert_eq!(failed.failure.code, Some(FailureCode::WorkerTimeout));
        assert_eq!(failed.failure.message.as_deref(), Some("too slow"));
    }

    #[test]
    fn amounts_keep_their_digits() {
        assert_eq!(price("0.10").body, r#"{"data":{"price":0.10}}"#);
        assert_eq!(prompt_price("1.2e-4").body, r#"{"price":1.2e-4}"#);
        assert_eq!(balance(19).body, r#"{"balance":19}"#);
    }

    #[test]
    #[should_panic(expected = "the amount is no JSON number")]
    fn an_amount_is_a_number() {
        let _ = price("cheap");
    }

    #[test]
    fn prompts_come_as_described() {
        let expected = json!({"prompt": "a red cat", "negative_prompt": null});
        assert_eq!(prompt("a red cat", None).to_json(), Some(expected));
        let sample = prompt_sample("text2image", "a cat").to_json().unwrap();
        assert_eq!(
            sample["data"],
            json!({"type": "text2image", "prompt": "a cat"})
        );
    }
}
