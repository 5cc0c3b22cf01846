//! The enums of all tasks and all their prices.

use std::fmt::Write as _;

use super::models::module;
use super::quoted::quoted;
use super::types::operation_gate;
use crate::spec::Description;
use crate::spec::model::Operation;

pub(super) fn render(description: &Description) -> String {
    let tasks: Vec<&Operation> = description
        .operations
        .iter()
        .filter(|operation| operation.task.is_some())
        .collect();
    let priced: Vec<(&Operation, &Operation)> = tasks
        .iter()
        .filter_map(|task| Some((*task, description.operation(task.price.as_deref()?)?)))
        .collect();
    let mut uses = String::from("use super::table;\n");
    let mut any = String::new();
    let mut quotes = String::new();
    let mut arms = String::new();
    let (mut metas, mut payloads, mut measured) = (String::new(), String::new(), String::new());
    let mut reads = String::new();
    let mut made = String::new();
    let mut from = String::new();
    let mut of = String::new();
    for task in &tasks {
        let (name, gate) = (&task.type_name, operation_gate(task));
        let _ = writeln!(
            uses,
            "{gate}use super::{}::{name};",
            module(description, task)
        );
        let _ = writeln!(any, "/// `{}`\n{gate}{name}({name}),", task.name);
        let _ = writeln!(arms, "{gate}AnyTask::{name}($inner) => $body,");
        let _ = writeln!(
            reads,
            "{gate}{} => serde_json::from_value(fields).map(Self::{name}),",
            quoted(&task.name)
        );
        let _ = writeln!(from, "{gate}from_task!({name});");
        let _ = writeln!(
            of,
            "{gate}if let Some(task) = task.downcast_ref::<{name}>() {{ return Some(task.clone().into()); }}"
        );
    }
    for (task, quote) in &priced {
        let (name, gate) = (&task.type_name, operation_gate(task));
        let of = &quote.type_name;
        let _ = writeln!(
            uses,
            "{gate}use super::{}::{of};",
            module(description, quote)
        );
        let _ = writeln!(quotes, "/// `{}`\n{gate}{name}({of}),", quote.name);
        let _ = writeln!(metas, "{gate}Self::{name}(quote) => quote.meta(),");
        let _ = writeln!(payloads, "{gate}Self::{name}(quote) => quote.payload(),");
        let _ = writeln!(measured, "{gate}Self::{name}(task) => task.measured(),");
        let _ = writeln!(
            made,
            "{gate}Self::{name}(task) => AnyQuote::{name}(task.quote(measured)),"
        );
    }
    for task in tasks.iter().filter(|task| task.price.is_none()) {
        let (name, gate) = (&task.type_name, operation_gate(task));
        let _ = writeln!(measured, "{gate}Self::{name}(_) => None,");
        let _ = writeln!(
            made,
            "{gate}Self::{name}(task) => AnyQuote::Unpriced(task.meta().name),"
        );
    }
    TEMPLATE
        .replace("@USES@", &uses)
        .replace("@TASKS@", &any)
        .replace("@QUOTES@", &quotes)
        .replace("@TASK_ARMS@", &arms)
        .replace("@METAS@", &metas)
        .replace("@PAYLOADS@", &payloads)
        .replace("@MEASURED@", &measured)
        .replace("@READS@", &reads)
        .replace("@MADE@", &made)
        .replace("@FROM@", &from)
        .replace("@OF@", &of)
}

const TEMPLATE: &str = r#"@USES@

/// Any task. Made from a name and fields, as the command line and webhooks have them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyTask {
    @TASKS@
}

/// The price call of any task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyQuote {
    @QUOTES@
    /// A task that has no price call, by its name: refused before anything is sent.
    Unpriced(&'static str),
}

/// Does the same for whichever task it is.
macro_rules! each_task {
    ($value:expr, $inner:ident => $body:expr) => {
        match $value {
            @TASK_ARMS@
        }
    };
}

impl AnyTask {
    /// A task by its API name (or any spelling of it) and its fields as the API names them. Files
    /// are paths or addresses.
    ///
    /// # Errors
    /// [`InvalidRequest`] for an unknown task or field, or a value of the wrong type. What is
    /// missing is only found by [`Operation::payload`], so that it can be filled before.
    pub fn from_fields(name: &str, fields: Map<String, Value>) -> Result<Self, InvalidRequest> {
        let meta = crate::registry::task(name)?;
        crate::registry::known_fields(meta, &fields)?;
        let fields = Value::Object(fields);
        let task = match meta.name {
            @READS@
            // Every task of the table stands above.
            _ => return Err(crate::registry::no_such_task(name)),
        };
        task.map_err(|error| InvalidRequest {
            operation: meta.name,
            fields: vec![FieldError::new("", error.to_string())],
        })
    }

    /// The same task, where it is one of these: for code that takes any [`Task`].
    #[must_use]
    pub fn of<T: Task + 'static>(task: &T) -> Option<Self> {
        let task: &dyn std::any::Any = task;
        if let Some(task) = task.downcast_ref::<Self>() {
            return Some(task.clone());
        }
        @OF@
        None
    }
}

impl Operation for AnyTask {
    type Response = Accepted;

    const META: &'static Meta = &table::ANY;

    fn meta(&self) -> &'static Meta {
        each_task!(self, task => task.meta())
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        each_task!(self, task => task.payload())
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Accepted, ApiError> {
        Accepted::decode(status, headers, body)
    }

    fn accepted(response: &Accepted) -> Option<&RequestId> {
        Some(&response.request_id)
    }
}

impl Task for AnyTask {
    type Output = AnyOutput;

    fn output(status: &JobStatus) -> Result<AnyOutput, MissingOutput> {
        AnyOutput::of(status)
    }

    fn model(&self) -> &str {
        each_task!(self, task => task.model())
    }

    fn set_webhook_url(&mut self, url: Option<String>) {
        each_task!(self, task => task.set_webhook_url(url));
    }

    fn seed(&self) -> Option<i64> {
        each_task!(self, task => task.seed())
    }

    fn fill_from(&mut self, model: &Model) -> Vec<Filled> {
        each_task!(self, task => task.fill_from(model))
    }

    fn check(&self, model: &Model) -> Result<(), InvalidRequest> {
        each_task!(self, task => task.check(model))
    }

    fn to_fields(&self) -> Map<String, Value> {
        each_task!(self, task => task.to_fields())
    }
}

impl Priced for AnyTask {
    type Quote = AnyQuote;

    fn measured(&self) -> Option<&Source> {
        match self {
            @MEASURED@
        }
    }

    fn quote(&self, measured: Measured) -> AnyQuote {
        match self {
            @MADE@
        }
    }
}

impl Operation for AnyQuote {
    type Response = Price;

    const META: &'static Meta = &table::ANY_PRICE;

    fn meta(&self) -> &'static Meta {
        match self {
            Self::Unpriced(_) => Self::META,
            @METAS@
        }
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        match self {
            Self::Unpriced(task) => Err(crate::registry::no_price(task)),
            @PAYLOADS@
        }
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Price, ApiError> {
        Price::decode(status, headers, body)
    }
}

@FROM@
"#;
