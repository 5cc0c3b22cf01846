//! `dryapi TASK`: submit, wait, fetch.

use std::path::PathBuf;

use clap::ArgMatches;
use dryapi_types::Meta;

use crate::await_job::wait;
use crate::deliver::Delivery;
use crate::pay;
use crate::report::End;
use crate::request::{Purpose, prepare};
use crate::session::Session;
use crate::target::{Asked, Target};

pub(super) async fn task(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Result<(), End> {
    let kind = meta.task.map(|task| task.output);
    let target = Target::check(Asked {
        output: matches.get_one::<PathBuf>("output").map(PathBuf::as_path),
        replace: matches.get_flag("force"),
        kind,
        json: session.screen.json(),
        stdout_is_terminal: session.screen.stdout_is_terminal(),
    })?;
    let request = prepare(session, meta, matches, Purpose::Make(&target)).await?;
    let mut estimate = None;
    let done = async {
        let paid = pay::submit(session, &request.task).await?;
        estimate = paid.estimate;
        let completed = wait(session, &paid.job).await?;
        let delivery = Delivery {
            job: &paid.job,
            completed,
            kind,
            extension: meta.task.map_or("", |task| task.extension),
            target: &target,
            request: Some(request.fields.clone()),
        };
        delivery.run(session).await
    };
    let done = done.await;
    done.map_err(|end| end.of(target.for_shell(), estimate))
}
