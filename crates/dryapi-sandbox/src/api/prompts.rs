//! Prompts, made better and made up: answered at once.

use axum::Json;
use axum::response::{IntoResponse, Response};
use dryapi_types::Meta;
use serde_json::json;

use super::fields::Fields;
use crate::random::hash_texts;
use crate::recipe::Makes;
use crate::works::{Topic, better_negative, better_prompt, sample};

/// The answer, in the envelope of its operation. Source: the published description.
pub(super) fn answer(meta: &Meta, fields: &Fields, makes: Makes) -> Response {
    let text = |name: &str| fields.text(name).unwrap_or_default();
    if makes == Makes::SamplePrompt {
        let kind = text("type");
        let topic = if kind == "text2speech" {
            Topic::Speech
        } else {
            Topic::Image
        };
        let wanted = fields.text("topic");
        let seed = hash_texts(&[kind, wanted.unwrap_or_default(), text("lang_code")]);
        let prompt = sample(topic, wanted, seed);
        return Json(json!({"success": true, "data": {"type": kind, "prompt": prompt}}))
            .into_response();
    }
    let topic = match meta.name {
        "prompt/video" => Topic::Video,
        "prompt/image2image" => Topic::Edit,
        "prompt/speech" => Topic::Speech,
        _ => Topic::Image,
    };
    let prompt = better_prompt(text("prompt"), topic);
    // Only the operations that take a negative prompt answer one.
    Json(match meta.field("negative_prompt") {
        Some(_) => {
            let negative = better_negative(text("negative_prompt"));
            json!({"prompt": prompt, "negative_prompt": negative})
        }
        None => json!({"prompt": prompt}),
    })
    .into_response()
}
