//! One command's client, clock and limits.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dryapi_client::{
    ApiKey, Client, Clock, DEFAULT_BASE_URL, Error, ErrorKind, Model, RetryPolicy, Schedule,
};
use dryapi_ledger::{Ledger, LedgerError};
use dryapi_sandbox::Sandbox;
use dryapi_transport::SystemClock;

use crate::catalogue;
use crate::console::Pace;
use crate::flags::Given;
use crate::key::{self, Source};
use crate::ledger::{Book, Need};
use crate::recorder::Recorder;
use crate::report::{End, Failure, Kind};
use crate::screen::Screen;
use crate::setup;
use crate::stdin::Stdin;
use crate::stop::Stop;

/// How often it is looked at, so that the bar moves: looks cost nothing there.
const SANDBOX_LOOK: Duration = Duration::from_millis(250);

/// What a command runs with.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) given: Given,
    pub(crate) screen: Screen,
    pub(crate) recorder: Recorder,
    pub(crate) stop: Stop,
    stdin: Mutex<Stdin>,
    pub(crate) clock: SystemClock,
    /// The moment `--timeout` names.
    deadline: Option<Instant>,
    /// After this long a delivery that was not taken is first sent again.
    pub(crate) first_retry: Duration,
    /// Where the key was found; in a sandbox none is looked for.
    pub(crate) key: Option<Source>,
    sandbox: Option<Sandbox>,
    book: Book,
}

impl Session {
    /// Makes the client; starts the sandbox where that is wanted. Nothing is sent.
    pub(crate) async fn start(
        given: Given,
        screen: Screen,
        stop: Stop,
        mut stdin: Stdin,
        pace: Pace,
        need: Need,
    ) -> Result<Self, End> {
        let clock = SystemClock::default();
        let timeout = given.timeout;
        let deadline = timeout.and_then(|timeout| clock.now().checked_add(timeout));
        let recorder = Recorder::new(screen.clone());
        let mut policy = RetryPolicy::default();
        if let Some(extra) = given.max_retries {
            policy = policy.max_retries(extra);
        }
        let mut builder = Client::builder()
            .user_agent_suffix(concat!("dryapi-cli/", env!("CARGO_PKG_VERSION")))
            .observer(recorder.clone())
            .retry(policy);
        if let Some(limit) = given.attempt_timeout {
            builder = builder.attempt_timeout(limit);
        }
        let look = pace.look.or(given.sandbox.then_some(SANDBOX_LOOK));
        if let Some(look) = look {
            builder = builder.schedule(Schedule::every(look));
        }
        let sandbox = if given.sandbox {
            Some(setup::sandbox(&screen).await?)
        } else {
            None
        };
        let mut found = None;
        builder = match &sandbox {
            Some(sandbox) => builder
                .api_key(ApiKey::new(sandbox.api_key())?)
                .base_url(sandbox.base_url())
                .client_id(sandbox.client_id())
                .realtime_url(sandbox.realtime_url())
                .auth_url(sandbox.auth_url()),
            None => {
                let (key, source) = tokio::select! {
                    biased;
                    found = key::find(&given, &mut stdin, &screen) => found?,
                    () = stop.asked(1) => {
                        let why = "interrupted; nothing was sent";
                        return Err(Failure::new(Kind::Interrupted, why).into());
                    }
                };
                found = Some(source);
                setup::configured(builder, &given)?.api_key(key)
            }
        };
        let book = Book::open(&given, need).await;
        if let Some(store) = book.store(&given, need, &screen)? {
            builder = builder.ledger(store).ledger_optional(!need.is_must());
        }
        Ok(Self {
            client: builder.build()?,
            given,
            screen,
            recorder,
            stop,
            stdin: Mutex::new(stdin),
            clock,
            deadline,
            first_retry: pace.first_retry,
            key: found,
            sandbox,
            book,
        })
    }

    /// Whether jobs end with this command.
    pub(crate) const fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Keeps the models that the catalogue named, for the shell's completion; a sandbox's are not.
    pub(crate) fn remember(&self, models: &[Model], whole: bool) {
        if let Some(folder) = self.given.cache.as_deref().filter(|_| !self.is_sandbox()) {
            let base_url = self.given.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
            catalogue::remember(folder, base_url, models, whole);
        }
    }

    /// Where paid work is written down.
    pub(crate) const fn book(&self) -> &Book {
        &self.book
    }

    /// The ledger of this account, where one is kept, with what ended processes left behind settled.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(crate) async fn ledger(&self) -> Result<Option<Ledger>, End> {
        let Some(ledger) = self.client.ledger().await? else {
            return Ok(None);
        };
        ledger.recover().await.map_err(unrecorded)?;
        Ok(Some(ledger))
    }

    /// The sandbox that ends with this command.
    pub(crate) const fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// What is left of `--timeout`, where it was given.
    pub(crate) fn left(&self) -> Option<Duration> {
        let now = self.clock.now();
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(now))
    }

    /// Waits until `--timeout` has passed, and this much more; for ever without it.
    pub(crate) async fn time_is_up(&self, grace: Duration) {
        match self
            .deadline
            .and_then(|deadline| deadline.checked_add(grace))
        {
            Some(deadline) => self.clock.sleep_until(deadline).await,
            None => std::future::pending().await,
        }
    }

    /// Does something that costs nothing, until a signal or the deadline.
    ///
    /// # Cancel safety
    /// Dropping the future gives it up; nothing changes.
    pub(crate) async fn free<T>(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, End> {
        self.local(async { work.await.map_err(End::from) }).await
    }

    /// As [`free`](Self::free), for work that fails in its own words.
    pub(crate) async fn local<T>(
        &self,
        work: impl Future<Output = Result<T, End>>,
    ) -> Result<T, End> {
        tokio::select! {
            biased;
            result = work => result,
            () = self.stop.asked(1) => {
                Err(Failure::new(Kind::Interrupted, "interrupted; nothing was paid").into())
            }
            () = self.time_is_up(Duration::ZERO) => Err(late("nothing was paid").into()),
        }
    }

    /// Waits until a command that goes on for ever is told to end: well, once the time of
    /// `--timeout` is up; interrupted by a signal.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(crate) async fn told_to_end(&self) -> Result<(), End> {
        tokio::select! {
            biased;
            () = self.stop.asked(1) => {
                Err(Failure::new(Kind::Interrupted, "interrupted; nothing was paid").into())
            }
            () = self.time_is_up(Duration::ZERO) => Ok(()),
        }
    }

    /// Standard input, for the one thing that may read it.
    pub(crate) fn take_stdin(&self) -> Stdin {
        std::mem::replace(&mut self.stdin(), Stdin::read())
    }

    /// Gives it back, unread.
    pub(crate) fn give_stdin(&self, stdin: Stdin) {
        *self.stdin() = stdin;
    }

    /// Asks whoever sits at the terminal; `None` where nobody does.
    pub(crate) async fn ask(&self, question: &str) -> Result<Option<String>, End> {
        let watched = self.screen.stderr_is_terminal() && !self.screen.json();
        if !watched || !self.stdin().can_answer() {
            return Ok(None);
        }
        self.screen.message(question);
        let mut stdin = self.take_stdin();
        let answer = self.local(stdin.answer()).await;
        if answer.is_err() {
            // What comes next does not stand behind the question.
            self.screen.message("\n");
        }
        let answer = answer?;
        self.give_stdin(stdin);
        Ok(Some(answer))
    }

    fn stdin(&self) -> MutexGuard<'_, Stdin> {
        self.stdin.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what ends with the command.
    pub(crate) async fn end(self) {
        if let Some(sandbox) = self.sandbox {
            drop(self.client);
            sandbox.stop().await;
        }
    }
}

/// The ledger did not take what it was told.
pub(crate) fn unrecorded(error: LedgerError) -> End {
    Failure::new(ErrorKind::File, error.to_string()).into()
}

/// `--timeout` has passed.
pub(crate) fn late(what: &str) -> Failure {
    let message = format!("the time of --timeout is up; {what}");
    let mut failure = Failure::new(ErrorKind::Timeout, message).help("Allow more time.");
    failure.retryable = true;
    failure
}
