//! `dryapi submit TASK`: start a job and print its id.

use clap::ArgMatches;
use dryapi_types::Meta;

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
    if session.screen.json() {
        return session.screen.result(&json::line(&json::Submitted {
            request_id: id,
            task: meta.name,
            intent: job.intent().map(ToString::to_string),
            sandbox: session.is_sandbox(),
        }));
    }
    session.screen.result(&terminal::line(&id))
}
