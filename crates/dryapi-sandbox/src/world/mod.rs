//! The world behind the interface: accounts, their money, their jobs, and what happened.
//!
//! One lock holds it all, and no work is done under it: accepting a job and taking its price are
//! one step, as they must be.

mod agenda;
mod course;
mod fate;
mod job;
mod jobs;
mod journal;
mod phase;
mod told;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dryapi_types::Usd;
use jiff::Timestamp;
use tokio::sync::Notify;

pub(crate) use self::agenda::Change;
pub(crate) use self::fate::{Fate, Forced, Mishap, Twist, usual_message};
pub(crate) use self::job::Job;
pub use self::job::JobView;
pub use self::journal::{Charge, Recorded};
pub(crate) use self::phase::Phase;
pub(crate) use crate::key::Key;

use self::agenda::Agenda;
use self::journal::Requests;
use self::phase::Course;
use crate::catalogue::Model;
use crate::clock::Clock;
use crate::config::Config;
use crate::random::{Rng, hash_texts};
use crate::webhook::WebhookUrl;
use crate::works::Work;

/// The key [`Sandbox::api_key`](crate::Sandbox::api_key) hands out when none was given, and the
/// beginning of every key that is accepted then.
pub(crate) const OPEN_KEY: &str = "sk-sandbox";

/// Everything the sandbox remembers.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    state: Mutex<State>,
    /// A job's next step was planned anew.
    replanned: Notify,
}

#[derive(Debug, Default)]
struct State {
    accounts: BTreeMap<Key, Account>,
    /// In the order of acceptance.
    jobs: Vec<Job>,
    /// How many jobs there ever were.
    accepted: u64,
    agenda: Agenda,
    charges: Vec<Charge>,
    requests: Requests,
    /// How often accounts were reset: ids do not come again.
    resets: u64,
}

#[derive(Debug)]
struct Account {
    balance: Usd,
    rng: Rng,
}

/// A job to be accepted and paid.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) task: &'static str,
    pub(crate) model: &'static Model,
    pub(crate) price: Usd,
    pub(crate) work: Work,
    /// Whether a text result stands in the status.
    pub(crate) inline: bool,
    /// Where its events go.
    pub(crate) webhook_url: Option<WebhookUrl>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) twist: Twist,
}

/// The account cannot pay for the job.
#[derive(Debug)]
pub(crate) struct NotEnough;

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let clock = Clock::new(config.speed);
        Self {
            config,
            clock,
            state: Mutex::default(),
            replanned: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a key opens an account here.
    pub(crate) fn accepts(&self, key: &Key) -> bool {
        match &self.config.api_key {
            Some(only) => only == key.as_str(),
            None => key.as_str().starts_with(OPEN_KEY),
        }
    }

    /// The configured key, else [`OPEN_KEY`].
    pub(crate) fn main_key(&self) -> &str {
        self.config.api_key.as_deref().unwrap_or(OPEN_KEY)
    }

    pub(crate) fn balance(&self, key: &Key) -> Usd {
        self.state().account(&self.config, key).balance
    }

    /// Takes the price and starts the job, or does neither.
    pub(crate) fn accept(&self, key: &Key, order: Order) -> Result<String, NotEnough> {
        let accepted = self.clock.now();
        let (pending, processing) = self.job_times();
        let mut state = self.state();
        let account = state.account(&self.config, key);
        if account.balance < order.price {
            return Err(NotEnough);
        }
        account.balance = account.balance - order.price;
        let id = account.rng.uuid();
        let mut work = order.work;
        if let Some(seed) = work.seed_mut()
            && *seed < 0
        {
            *seed = i64::from(account.rng.below(u32::MAX));
        }
        state.charges.push(Charge {
            request_id: id.clone(),
            task: order.task.to_owned(),
            model: order.model.slug().to_owned(),
            amount: order.price,
            idempotency_key: order.idempotency_key,
            at: accepted.to_string(),
            key: key.clone(),
        });
        let mut job = Job {
            number: state.accepted,
            id: id.clone(),
            key: key.clone(),
            task: order.task,
            model: order.model.slug(),
            price: order.price,
            accepted,
            pending,
            processing,
            forced: None,
            twist: order.twist,
            course: Course::default(),
            webhook_url: order.webhook_url,
            inline: order.inline,
            work,
        };
        state.accepted += 1;
        state.agenda.enter(&mut job);
        state.jobs.push(job);
        drop(state);
        self.replanned.notify_one();
        Ok(id)
    }

    /// Takes the price of what is answered at once.
    pub(crate) fn pay(
        &self,
        key: &Key,
        operation: &'static str,
        price: Usd,
        idempotency_key: Option<String>,
    ) -> Result<(), NotEnough> {
        let at = self.clock.now().to_string();
        let mut state = self.state();
        let account = state.account(&self.config, key);
        if account.balance < price {
            return Err(NotEnough);
        }
        account.balance = account.balance - price;
        state.charges.push(Charge {
            request_id: String::new(),
            task: operation.to_owned(),
            model: String::new(),
            amount: price,
            idempotency_key,
            at,
            key: key.clone(),
        });
        Ok(())
    }

    /// Moves the clock forward, and lets happen what happens by then.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.catch_up();
    }

    fn job_times(&self) -> (Duration, Duration) {
        let whole = self.config.job_time.unwrap_or(Duration::from_secs(5));
        let pending = whole / 5;
        (pending, whole - pending)
    }

    pub(crate) fn charges(&self, key: Option<&Key>) -> Vec<Charge> {
        let state = self.state();
        let mine = |charge: &&Charge| key.is_none_or(|key| charge.key == *key);
        state.charges.iter().filter(mine).cloned().collect()
    }

    pub(crate) fn requests(&self, key: Option<&Key>) -> Vec<Recorded> {
        self.state().requests.list(key)
    }

    pub(crate) fn record(&self, request: Recorded) -> u64 {
        self.state().requests.push(request)
    }

    /// Notes what became of a request.
    pub(crate) fn answered(&self, number: u64, status: Option<u16>, fault: Option<&str>) {
        self.state().requests.answered(number, status, fault);
    }

    /// A fresh account for a key, or for all.
    pub(crate) fn reset(&self, key: Option<&Key>) {
        let mut state = self.state();
        let others = |owner: &Key| key.is_some_and(|key| key != owner);
        state.resets += 1;
        state.accounts.retain(|owner, _| others(owner));
        state.jobs.retain(|job| others(&job.key));
        state.charges.retain(|charge| others(&charge.key));
        state.requests.forget(key);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl State {
    /// The account of a key, opened on first sight.
    fn account(&mut self, config: &Config, key: &Key) -> &mut Account {
        let resets = self.resets;
        self.accounts.entry(key.clone()).or_insert_with(|| Account {
            balance: config.balance,
            rng: Rng::new(hash_texts(&[
                key.as_str(),
                &config.seed.to_string(),
                &resets.to_string(),
            ])),
        })
    }
}
