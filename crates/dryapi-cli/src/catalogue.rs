//! The models that the catalogue named last, for the shell's completion: nothing is sent while one
//! types. Nothing else trusts them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dryapi_client::Model;
use serde::{Deserialize, Serialize};

use crate::config::write;

/// Models by their slugs, and the tasks of each.
pub(crate) type Models = BTreeMap<String, BTreeSet<String>>;

/// By the service's address.
#[derive(Default, Serialize, Deserialize)]
struct Catalogues(BTreeMap<String, Models>);

/// The models at every address.
pub(crate) fn recall(folder: &Path) -> Models {
    read(folder).0.into_values().flatten().collect()
}

/// Keeps what the catalogue said; `whole` where it said all. What cannot be kept is not.
pub(crate) fn remember(folder: &Path, base_url: &str, models: &[Model], whole: bool) {
    let mut catalogues = read(folder);
    let known = catalogues.0.entry(base_url.to_owned()).or_default();
    let before = known.clone();
    if whole {
        known.clear();
    }
    known.extend(models.iter().map(|model| {
        let tasks = model.tasks.iter().map(|task| task.as_str().to_owned());
        (model.slug.clone(), tasks.collect())
    }));
    if *known != before
        && let Ok(text) = serde_json::to_string(&catalogues)
    {
        let _ = write(&file(folder), &text);
    }
}

fn read(folder: &Path) -> Catalogues {
    let text = std::fs::read(file(folder)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn file(folder: &Path) -> PathBuf {
    folder.join("models.json")
}
