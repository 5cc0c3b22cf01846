//! What the channel tells of a change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dryapi_types::{JobState, Preview, Update};
use http::HeaderMap;
use serde_json::{Value, json};

use crate::app::App;
use crate::signature::{LIFETIME, signed_url};
use crate::works::Format;
use crate::world::{Change, Job, Phase};

/// Whether the channel tells of it at all: it keeps failures to itself.
pub(super) const fn is_told(change: &Change) -> bool {
    matches!(change.phase, Phase::Processing(_) | Phase::Done)
}

/// The data of a change's event, with a picture of the work if there is time for one.
pub(super) async fn data(
    app: &App,
    headers: &HeaderMap,
    change: &Change,
    at_leisure: bool,
) -> Value {
    let job = &change.job;
    let progress = change.phase.progress();
    if change.phase == Phase::Done {
        let done = Update::new(job.id.as_str(), JobState::Done).with_progress(progress);
        if job.inline && job.work.inline().is_some() {
            return done.to_json();
        }
        // Signed when it was done, however late it is told.
        let expires = change.at.saturating_add(LIFETIME).unwrap_or(change.at);
        let url = signed_url(app, &job.id, job.work.format(), expires, headers);
        return done.with_result_url(url).to_json();
    }
    let working = Update::new(job.id.as_str(), JobState::Processing).with_progress(progress);
    if change.before == "pending" {
        return working.to_json();
    }
    let preview = if at_leisure {
        preview(job, progress).await
    } else {
        None
    };
    let mut data = match preview {
        Some(preview) => working.with_preview(preview).to_json(),
        None => working.to_json(),
    };
    // The channel's own word for a job under way.
    if let Some(status) = data.get_mut("status") {
        *status = json!("in_progress");
    }
    data
}

/// Pictures show themselves while they come.
async fn preview(job: &Job, progress: f64) -> Option<Preview> {
    if job.work.format() != Format::Png {
        return None;
    }
    let (work, model) = (job.work.clone(), job.model);
    let painted = tokio::task::spawn_blocking(move || work.preview(model, progress)).await;
    let file = STANDARD.encode(painted.ok().flatten()?);
    Some(Preview::DataUri(format!("data:image/jpeg;base64,{file}")))
}
