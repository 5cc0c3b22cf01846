//! The changes of the account's jobs, for the commands that follow them.

use std::time::Duration;

use dryapi_client::{Change, Changes, ErrorKind, JobStatus, JobTicket, Origin};

use crate::duration;
use crate::report::{End, Failure, terminal};
use crate::session::Session;

/// A job that moved on.
#[derive(Debug)]
pub(super) struct News {
    pub(super) ticket: JobTicket,
    pub(super) status: Box<JobStatus>,
    pub(super) origin: Origin,
}

/// The changes as they come. What happens to the channel itself is said on stderr.
pub(super) struct Feed<'a> {
    session: &'a Session,
    changes: Changes,
    /// Whether the channel was there before.
    connected: bool,
}

impl<'a> Feed<'a> {
    /// Nothing is sent before it is read.
    pub(super) fn open(session: &'a Session) -> Result<Self, End> {
        if session.given.client_id.is_none() && !session.is_sandbox() {
            let message = "no client id: the account's jobs are told of by the push channel only";
            let help = "Set DRYAPI_CLIENT_ID, or give --client-id: the number on the dashboard.";
            return Err(Failure::new(ErrorKind::Config, message).help(help).into());
        }
        if let Some(sandbox) = session.sandbox() {
            session.screen.note(&format!(
                "try it in another terminal: DRYAPI_BASE_URL={} DRYAPI_API_KEY={} dryapi txt2img \
                 \"a cat\"",
                sandbox.base_url(),
                sandbox.api_key()
            ));
        }
        Ok(Self {
            session,
            changes: session.client.changes(),
            connected: false,
        })
    }

    /// The next one.
    ///
    /// # Errors
    /// When the channel is refused.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<News, End> {
        loop {
            match self.changes.next().await {
                Some(Ok(Change::Job {
                    ticket,
                    status,
                    origin,
                    ..
                })) => {
                    return Ok(News {
                        ticket,
                        status,
                        origin,
                    });
                }
                Some(Ok(Change::Connected { gap, .. })) => self.is_connected(gap),
                Some(Ok(Change::Interrupted { why, again_in, .. })) => {
                    self.is_interrupted(&why, again_in);
                }
                // What is told in a later version is nothing to us.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(self.refused(error.into()).into()),
                None => {
                    let message = "the push channel ended";
                    return Err(Failure::new(ErrorKind::Network, message).into());
                }
            }
        }
    }

    fn is_connected(&mut self, gap: bool) {
        let again = std::mem::replace(&mut self.connected, true) || gap;
        self.say(match again {
            false => "connected",
            true => {
                "connected again; jobs seen before are looked at, but one that began and ended in \
                 between was missed"
            }
        });
    }

    fn is_interrupted(&self, why: &str, again_in: Duration) {
        let what = match self.connected {
            true => "interrupted",
            false => "not connected",
        };
        let again = match again_in.is_zero() {
            true => "at once".to_owned(),
            false => format!("in {}", duration::show(again_in)),
        };
        self.say(&terminal::line(&format!("{what}, again {again}: {why}")));
    }

    fn say(&self, line: &str) {
        if !self.session.given.quiet {
            self.session.screen.note(line);
        }
    }

    fn refused(&self, mut failure: Failure) -> Failure {
        let given = &self.session.given;
        let unsaid = given.realtime_url.is_none() && !self.session.is_sandbox();
        if failure.kind == ErrorKind::Config.into()
            && unsaid
            && let Some(url) = &given.base_url
        {
            failure.message = format!("it is not known which push channel belongs to {url}");
            "Set DRYAPI_REALTIME_URL, or give --realtime-url.".clone_into(&mut failure.help);
        }
        failure
    }
}
