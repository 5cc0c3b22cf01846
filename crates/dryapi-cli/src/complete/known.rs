//! What this machine knows, without asking anybody.

use std::path::PathBuf;

use clap_complete::CompletionCandidate;
use dryapi_ledger::{Entry, SqliteStore};
use dryapi_sandbox::Fault;
use dryapi_types::{TABLE, TaskName};

use crate::catalogue;
use crate::config::{Config, Key};

/// So many of the newest entries of the ledger are offered.
const NEWEST: u32 = 200;

/// Where it is found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) ledger: Option<PathBuf>,
    pub(crate) config: Option<PathBuf>,
    pub(crate) cache: Option<PathBuf>,
}

impl Known {
    /// The jobs' ids, the newest first.
    pub(super) fn jobs(&self) -> Vec<CompletionCandidate> {
        let entries = self.entries().into_iter();
        let jobs = entries.filter_map(|entry| {
            let id = entry.request_id.as_ref()?.to_string();
            Some(candidate(id, about(&entry)))
        });
        ordered(jobs)
    }

    /// The names under which something was paid for, the newest first.
    pub(super) fn intents(&self) -> Vec<CompletionCandidate> {
        let entries = self.entries().into_iter();
        ordered(entries.map(|entry| candidate(entry.intent.to_string(), about(&entry))))
    }

    /// Models of a task; without one, all.
    pub(super) fn models(&self, task: Option<&str>) -> Vec<CompletionCandidate> {
        let models = self.cache.as_deref().map(catalogue::recall);
        let task = task.map(TaskName::from);
        let models = models.unwrap_or_default().into_iter();
        let fit = models.filter(|(_, tasks)| {
            let task = task.as_ref().map(TaskName::as_str);
            task.is_none_or(|task| tasks.contains(task))
        });
        fit.map(|(slug, tasks)| {
            let tasks: Vec<String> = tasks.into_iter().collect();
            candidate(slug, tasks.join(", "))
        })
        .collect()
    }

    pub(super) fn profiles(&self) -> Vec<CompletionCandidate> {
        let config = self.config.as_deref().map(Config::open);
        let names = config.and_then(Result::ok).map(|config| config.profiles());
        names
            .unwrap_or_default()
            .into_iter()
            .map(CompletionCandidate::new)
            .collect()
    }

    fn entries(&self) -> Vec<Entry> {
        let ledger = self.ledger.as_deref();
        let newest = ledger.map(|path| SqliteStore::newest(path, NEWEST));
        newest.and_then(Result::ok).unwrap_or_default()
    }
}

/// The keys of the config file.
pub(super) fn keys() -> Vec<CompletionCandidate> {
    Key::all().map(CompletionCandidate::new).collect()
}

/// The tasks, by the API's names.
pub(super) fn tasks() -> Vec<CompletionCandidate> {
    let tasks = TABLE.iter().filter(|meta| meta.task.is_some());
    tasks
        .map(|meta| candidate(meta.name.to_owned(), meta.summary.to_owned()))
        .collect()
}

/// The fields of all tasks, ready for a value.
pub(super) fn fields() -> Vec<CompletionCandidate> {
    let tasks = TABLE.iter().filter(|meta| meta.task.is_some());
    let mut names: Vec<&str> = tasks
        .flat_map(|meta| meta.fields)
        .map(|field| field.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| CompletionCandidate::new(format!("{name}=")))
        .collect()
}

/// The faults that a sandbox is asked for in a prompt, where one has begun to write it.
pub(super) fn faults(text: &str) -> Vec<CompletionCandidate> {
    const OPENS: &str = "[[fault:";
    let Some((before, begun)) = text.rsplit_once(OPENS) else {
        return Vec::new();
    };
    Fault::ALL
        .iter()
        .filter(|fault| fault.as_str().starts_with(begun))
        .map(|fault| {
            let whole = format!("{before}{OPENS}{}]]", fault.as_str());
            candidate(whole, fault.about().to_owned())
        })
        .collect()
}

fn about(entry: &Entry) -> String {
    let model = entry.model.as_deref().unwrap_or_default();
    format!("{} {model} {}", entry.operation, entry.state).replace("  ", " ")
}

fn candidate(value: String, about: String) -> CompletionCandidate {
    let line: String = about.chars().filter(|c| !c.is_control()).collect();
    CompletionCandidate::new(value).help(Some(line.into()))
}

/// In this order, whatever their names are.
fn ordered(candidates: impl Iterator<Item = CompletionCandidate>) -> Vec<CompletionCandidate> {
    let numbered = candidates.enumerate();
    numbered
        .map(|(at, candidate)| candidate.display_order(Some(at)))
        .collect()
}
