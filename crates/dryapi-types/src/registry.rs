//! Finding an operation by its name, and what a task made from fields needs of the table.

use serde_json::{Map, Value};

use crate::error::{FieldError, InvalidRequest};
use crate::generated::table::TABLE;
use crate::meta::Meta;

/// An operation of the table by its API name or, for tasks, any spelling of it.
#[must_use]
pub fn meta(name: &str) -> Option<&'static Meta> {
    TABLE.iter().copied().find(|meta| meta.is_called(name))
}

/// A task by any spelling of its name.
pub(crate) fn task(name: &str) -> Result<&'static Meta, InvalidRequest> {
    meta(name)
        .filter(|meta| meta.task.is_some())
        .ok_or_else(|| no_such_task(name))
}

pub(crate) fn no_such_task(name: &str) -> InvalidRequest {
    let message = format!("there is no task called {name:?}");
    InvalidRequest {
        operation: "task",
        fields: vec![FieldError::new("task", message)],
    }
}

pub(crate) fn no_price(task: &'static str) -> InvalidRequest {
    InvalidRequest {
        operation: task,
        fields: vec![FieldError::new(
            "task",
            "the service has no price call for it",
        )],
    }
}

/// Refuses fields the operation does not have.
pub(crate) fn known_fields(
    meta: &'static Meta,
    fields: &Map<String, Value>,
) -> Result<(), InvalidRequest> {
    let unknown = fields
        .keys()
        .filter(|field| meta.field(field).is_none())
        .map(|field| FieldError::new(field, format!("{} has no such field", meta.name)))
        .collect();
    InvalidRequest::unless_empty(meta.name, unknown)
}

/// A task is any task.
macro_rules! from_task {
    ($task:ident) => {
        impl From<$task> for AnyTask {
            fn from(task: $task) -> Self {
                Self::$task(task)
            }
        }
    };
}

pub(crate) use from_task;
