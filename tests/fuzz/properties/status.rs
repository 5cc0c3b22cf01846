//! Any answer to a look at a job is read or refused, and what was read is read again the same.

use dryapi_types::{GetJobStatus, JobStatus, Operation, Preview};
use serde_json::{Map, Value, json};

use super::answer::Any;

/// What a status is written with.
const OWN: [&str; 7] = [
    "status",
    "progress",
    "preview",
    "result_url",
    "results_alt_formats",
    "error_code",
    "error_message",
];

pub fn check(data: &[u8]) {
    let any = Any::read(data);
    let light = JobStatus::without_result(any.status, &any.pairs(), &any.body);
    let read = match GetJobStatus::decode(any.status, &any.pairs(), &any.body) {
        Ok(read) => read,
        Err(error) => return assert!(!error.message.trim().is_empty(), "{error:?}"),
    };
    assert!(
        read.progress
            .is_none_or(|percent| (0.0..=100.0).contains(&percent))
    );
    let (light, has_result) = light.unwrap();
    assert_eq!(
        (&light.state, has_result),
        (&read.state, read.result.is_some())
    );
    let again = GetJobStatus::decode(200, &[], &written(&read)).unwrap();
    assert_eq!(kept(&again), kept(&read));
    let (before, after) = (read.progress, again.progress);
    let apart = before.unwrap_or_default() - after.unwrap_or_default();
    assert!(before.is_some() == after.is_some() && apart.abs() < 1e-9);
    for key in read.extra.keys().filter(|key| !OWN.contains(&key.as_str())) {
        assert!(again.extra.contains_key(key), "{key} is lost");
    }
}

/// All that is read to the letter.
fn kept(status: &JobStatus) -> impl PartialEq + std::fmt::Debug + '_ {
    let preview = status.preview.as_ref();
    (
        &status.state,
        preview,
        &status.result_url,
        &status.alternatives,
        &status.failure,
    )
}

fn written(status: &JobStatus) -> Vec<u8> {
    let mut data: Map<String, Value> = status.extra.clone();
    let preview = status.preview.as_ref().map(|preview| match preview {
        Preview::Url(url) => url.as_str(),
        Preview::DataUri(text) | Preview::Base64(text) => text,
        other => panic!("a form of preview that is not known here: {other:?}"),
    });
    let alternatives = &status.alternatives;
    let failure = &status.failure;
    let values = [
        json!(status.state),
        json!(status.progress),
        json!(preview),
        json!(status.result_url.as_ref().map(|url| url.as_str())),
        json!({
            "jpg": alternatives.jpg.as_ref().map(|url| url.as_str()),
            "webp": alternatives.webp.as_ref().map(|url| url.as_str()),
        }),
        json!(failure.code.as_ref().map(|code| code.as_str())),
        json!(failure.message),
    ];
    data.extend(OWN.into_iter().map(str::to_owned).zip(values));
    serde_json::to_vec(&json!({ "data": data })).unwrap()
}
