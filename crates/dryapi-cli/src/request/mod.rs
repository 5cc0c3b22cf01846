//! From what was typed to the request that is sent.

mod fill;
mod values;

use clap::ArgMatches;
use dryapi_client::AnyTask;
use dryapi_types::{FieldError, InvalidRequest, Meta, Required, Task};
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use crate::flags;
use crate::report::{End, Failure};
use crate::session::Session;

/// A request that is ready to be sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) task: AnyTask,
    /// Its fields as they are shown and recorded.
    pub(crate) fields: Map<String, Value>,
    /// A file that came on stdin; gone when this is dropped.
    _spool: Option<NamedTempFile>,
}

/// What the request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be paid for: a seed is drawn, so that the result can be made again.
    Pay,
    /// To be priced.
    Price,
}

/// Reads the fields, fills in what was left out, and checks it against the model's limits.
pub(crate) async fn prepare(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
    purpose: Purpose,
) -> Result<Prepared, End> {
    let mut read = values::read(session, meta, matches).await?;
    let seed = match purpose {
        Purpose::Pay => fill::seed(meta, &mut read.fields),
        Purpose::Price => None,
    };
    let filled = fill::model(session, meta, &mut read.fields).await?;
    let mut task = made(meta, read.fields)?;
    if let Some(model) = filled {
        fill::from(session, &mut task, &model);
        if !matches.get_flag("no-check") {
            task.check(&model)
                .map_err(|error| End::from(refused(error.into())))?;
        }
    }
    let mut fields = task.to_fields();
    complete(meta, &fields)?;
    if let Some(seed) = seed {
        session.screen.note(&format!("seed {seed}"));
    }
    if let Some(field) = read.from_stdin {
        fields.insert(field.to_owned(), Value::from("-"));
    }
    Ok(Prepared {
        task,
        fields,
        _spool: read.spool,
    })
}

fn refused(failure: Failure) -> Failure {
    failure.help("Correct what is named, or send it all the same with --no-check.")
}

/// Whether everything is there that the service requires.
fn complete(meta: &'static Meta, fields: &Map<String, Value>) -> Result<(), End> {
    let missing: Vec<FieldError> = meta
        .fields
        .iter()
        .filter(|field| field.required == Required::Yes && field.default.is_none())
        .filter(|field| !fields.contains_key(field.name))
        .map(|field| {
            let flag = flags::dashed(field.name);
            FieldError::new(field.name, format!("is required; give --{flag}"))
        })
        .collect();
    InvalidRequest::unless_empty(meta.name, missing).map_err(|error| Failure::from(error).into())
}

/// The request of these fields. A value of the wrong kind is named by its field.
fn made(meta: &'static Meta, fields: Map<String, Value>) -> Result<AnyTask, End> {
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
