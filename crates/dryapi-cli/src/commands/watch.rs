//! `dryapi watch`: the changes of the account's jobs, one a line, until it is told to stop.

use std::time::SystemTime;

use dryapi_client::{Clock, JobState};
use jiff::Timestamp;

use super::feed::{Feed, News};
use super::known::Known;
use crate::names;
use crate::report::{End, json, terminal};
use crate::session::Session;

/// What was shown of a job last.
type Shown = Option<(JobState, Option<f64>)>;

pub(super) async fn watch(session: &Session) -> Result<(), End> {
    let mut feed = Feed::open(session)?;
    let mut shown = Known::<Shown>::new();
    loop {
        let news = tokio::select! {
            biased;
            ended = session.told_to_end() => return ended,
            news = feed.next() => news?,
        };
        let now = Some((news.status.state.clone(), news.status.progress));
        let before = shown.of(news.ticket.request_id());
        // A new picture is none to somebody who reads lines.
        if *before != now {
            before.clone_from(&now);
            show(session, &news)?;
        }
    }
}

fn show(session: &Session, news: &News) -> Result<(), End> {
    let News {
        ticket,
        status,
        origin,
    } = news;
    if !session.screen.json() {
        return session.screen.result(&in_words(news, session.clock.wall()));
    }
    let url = status.result_url.as_ref();
    session.screen.result(&json::line(&json::Watched {
        request_id: ticket.request_id().as_str(),
        status: status.state.as_str(),
        progress: status.progress,
        result_url: url.map(|url| url.as_str()),
        source: origin.as_str(),
        error_code: status.failure.code.as_ref().map(|code| code.as_str()),
        error_message: status.failure.message.as_deref(),
        sandbox: session.is_sandbox(),
    }))
}

/// When, which job, where it stands; how far it is, where its result lies, or why it failed.
fn in_words(news: &News, at: SystemTime) -> String {
    let status = &news.status;
    let at = Timestamp::try_from(at).map(|at| at.strftime("%H:%M:%S UTC").to_string());
    let mut words: Vec<String> = at.into_iter().collect();
    words.push(names::short(news.ticket.request_id().as_str()));
    words.push(terminal::line(status.state.as_str()).into_owned());
    if !status.state.is_terminal() {
        words.extend(status.progress.map(|percent| format!("{percent}%")));
    }
    let failure = &status.failure;
    words.extend(failure.code.as_ref().map(ToString::to_string));
    words.extend(failure.message.clone());
    let line = terminal::line(&words.join("  ")).into_owned();
    // An address is of use only whole.
    match &status.result_url {
        Some(url) if status.state.is_terminal() => {
            format!("{line}  {}", terminal::line_whole(url.as_str()))
        }
        _ => line,
    }
}
