//! `dryapi TASK`: submit, wait, fetch.

use std::path::PathBuf;

use clap::ArgMatches;
use dryapi_types::Meta;

use crate::await_job::wait;
use crate::deliver::Delivery;
use crate::here::{here, show};
use crate::pay::{self, Wish};
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
    let known = pay::known(session).await?;
    // It may be the result that is recorded.
    let may_exist = known.as_ref().is_some_and(|known| known.file.is_some());
    let force = matches.get_flag("force");
    let target = Target::check(Asked {
        output: matches.get_one::<PathBuf>("output").map(PathBuf::as_path),
        replace: force || may_exist,
        kind,
        json: session.screen.json(),
        stdout_is_terminal: session.screen.stdout_is_terminal(),
    })?;
    let mut request = prepare(session, meta, matches, Purpose::Make(&target)).await?;
    let recorded = pay::recorded(session, &mut request, known).await?;
    if let Some(entry) = &recorded
        && let Some(path) = here(&target, entry).await
    {
        return show(session, entry, &path, Some(request.fields));
    }
    if !force {
        target.is_new()?;
    }
    let wish = Wish {
        request: &request,
        target: target.wanted(kind),
        recorded: recorded.is_some(),
    };
    let mut estimate = None;
    let done = async {
        let paid = pay::submit(session, &wish).await?;
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
