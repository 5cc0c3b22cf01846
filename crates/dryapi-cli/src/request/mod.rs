//! From what was typed to the request that is sent.

mod fill;
mod pick;
mod values;

use clap::ArgMatches;
use dryapi_client::AnyTask;
use dryapi_ledger::{Entry, EvidenceKind};
use dryapi_types::{FieldError, FieldMeta, InvalidRequest, Meta, Operation, Task};
use serde_json::{Map, Value};

use crate::flags;
use crate::report::{End, Failure};
use crate::rules;
use crate::session::Session;
use crate::target::Target;

pub(crate) use pick::pick;
pub(crate) use values::{Read, read};

/// A request that is ready to be sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) task: AnyTask,
    /// Its fields as they are shown and recorded.
    pub(crate) fields: Map<String, Value>,
    /// The fields that the user left to us.
    pub(crate) chosen: Vec<String>,
    /// The seed that was drawn.
    pub(crate) seed: Option<u64>,
    /// What came on stdin lies in a file as long as this.
    _read: Read,
}

impl Prepared {
    /// Takes what was left to us when it was paid for in the place of what was chosen now. What is
    /// not recorded of it, texts above all, is left out.
    pub(crate) fn recall(&mut self, entry: &Entry) {
        for name in &self.chosen {
            let drawn = entry.evidence.iter().rev();
            let drawn = drawn.filter(|note| note.kind == EvidenceKind::Drawn);
            let mut values = drawn.filter_map(|note| {
                let value = note.text.strip_prefix(name.as_str())?.strip_prefix(": ")?;
                serde_json::from_str(value).ok()
            });
            let model = || entry.model.clone().filter(|_| name == "model");
            match values.next().or_else(|| model().map(Value::from)) {
                Some(value) => self.fields.insert(name.clone(), value),
                None => self.fields.remove(name),
            };
        }
        if self.seed.is_some() {
            self.seed = self.fields.get("seed").and_then(Value::as_u64);
        }
    }

    /// Says the seed that was drawn, so that the result can be made again.
    pub(crate) fn say_seed(&self, session: &Session) {
        if let Some(seed) = self.seed {
            session.screen.note(&format!("seed {seed}"));
        }
    }
}

/// What the request is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose<'a> {
    /// To be paid for, and its result put there: the name may choose the format.
    Make(&'a Target),
    /// To be paid for.
    Submit,
    /// To be priced.
    Price,
}

/// Reads the fields, fills in what was left out, and checks it against the model's limits.
pub(crate) async fn prepare(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
    purpose: Purpose<'_>,
) -> Result<Prepared, End> {
    let read = values::read(session, meta, matches).await?;
    let mut fields = read.fields.clone();
    // What no model can fill in is missed before one is asked.
    complete(meta, &fields, |field| {
        field.name != "model" && !rules::fills(field)
    })?;
    let seed = match purpose {
        Purpose::Make(_) | Purpose::Submit => fill::seed(meta, &mut fields),
        Purpose::Price => None,
    };
    if let Purpose::Make(target) = purpose {
        fill::format(meta, target, &mut fields);
    }
    let mut chosen: Vec<String> = seed.iter().map(|_| "seed".to_owned()).collect();
    let model_given = fields.contains_key("model");
    let filled = fill::model(session, meta, &mut fields).await?;
    if !model_given {
        chosen.push("model".to_owned());
    }
    let mut task = made(meta, fields)?;
    if let Some(model) = filled {
        chosen.extend(fill::from(session, &mut task, &model));
        if !matches.get_flag("no-check") {
            task.check(&model)
                .map_err(|error| End::from(refused(error.into())))?;
        }
    }
    let fields = task.to_fields();
    complete(meta, &fields, |_| true)?;
    task.payload().map_err(Failure::from)?;
    Ok(Prepared {
        task,
        fields: read.shown(fields),
        chosen,
        seed,
        _read: read,
    })
}

fn refused(failure: Failure) -> Failure {
    failure.help("Correct what is named, or send it all the same with --no-check.")
}

/// Whether everything is there, of some fields, that the service requires.
pub(crate) fn complete(
    meta: &'static Meta,
    fields: &Map<String, Value>,
    of: impl Fn(&FieldMeta) -> bool,
) -> Result<(), End> {
    let missing: Vec<FieldError> = meta
        .fields
        .iter()
        .filter(|field| of(field) && rules::is_needed(meta, field, fields))
        .filter(|field| rules::is_missing(fields, field.name))
        .map(|field| {
            let flag = flags::long(field);
            FieldError::new(field.name, format!("is required; give --{flag}"))
        })
        .collect();
    InvalidRequest::unless_empty(meta.name, missing).map_err(|error| Failure::from(error).into())
}

/// The request of these fields. A value of the wrong kind is named by its field.
pub(crate) fn made(meta: &'static Meta, fields: Map<String, Value>) -> Result<AnyTask, End> {
    let error = match AnyTask::from_fields(meta.name, fields.clone()) {
        Ok(task) => return Ok(task),
        Err(error) => error,
    };
    let wrong: Vec<FieldError> = fields
        .into_iter()
        .filter_map(|(name, value)| {
            let said = match &value {
                Value::Number(number) => format!("{number} is out of range"),
                _ => "is of the wrong kind".to_owned(),
            };
            let alone = Map::from_iter([(name.clone(), value)]);
            let fails = AnyTask::from_fields(meta.name, alone).is_err();
            fails.then(|| FieldError::new(name, said))
        })
        .collect();
    let mut failure = Failure::from(error);
    if !wrong.is_empty() {
        failure.fields = wrong;
    }
    Err(failure.into())
}
