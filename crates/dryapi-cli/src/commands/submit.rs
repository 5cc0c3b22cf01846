//! `dryapi submit TASK`: start a job and print its id.

use clap::ArgMatches;
use dryapi_types::Meta;

use crate::await_job::of_job;
use crate::pay::{self, Wish};
use crate::report::{End, json, terminal};
use crate::request::{Purpose, prepare};
use crate::session::Session;

pub(super) async fn submit(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Result<(), End> {
    let known = pay::known(session).await?;
    let mut request = prepare(session, meta, matches, Purpose::Submit).await?;
    let recorded = pay::recorded(session, &mut request, known).await?.is_some();
    let wish = Wish {
        request: &request,
        target: None,
        recorded,
    };
    let job = pay::submit(session, &wish).await?.job;
    if session.is_sandbox() {
        session.screen.note(
            "the sandbox ends with this command, and the job with it; `dryapi sandbox` runs one \
             that stays",
        );
    }
    let id = job.id().to_string();
    let line = match session.screen.json() {
        true => json::line(&json::Submitted {
            request_id: id,
            task: meta.name,
            intent: job.intent().map(ToString::to_string),
            sandbox: session.is_sandbox(),
        }),
        false => terminal::line(&id).into_owned(),
    };
    let printed = session.screen.result(&line);
    printed.map_err(|end| of_job(&job, end))
}
