//! The account's limits, shared by its processes through the ledger.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use dryapi_client::{ApiKey, Client, Clock, ErrorKind, TextToImage};
use dryapi_ledger::{
    Cell, Change, Commit, Entry, Filter, Scope, SqliteStore, Store, StoreError, async_trait,
};
use dryapi_sandbox::{Config, Plan, Sandbox};
use dryapi_transport::SystemClock;
use dryapi_types::Intent;
use tokio::task::JoinSet;

use crate::support::world::World;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: u64 = 24 * 3600;
/// The environment variable that makes a process of this test one of two clients: where the
/// service is, and the ledger.
const CHILD: &str = "DRYAPI_SHARED_LIMITS_CHILD";

fn picture() -> TextToImage {
    TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

async fn store(folder: &Path) -> Arc<SqliteStore> {
    let file = folder.join("ledger.sqlite3");
    Arc::new(SqliteStore::open(file).await.unwrap())
}

/// A store whose work is waited for before time passes.
#[derive(Debug)]
struct Watched {
    store: Arc<SqliteStore>,
    on_their_way: Arc<AtomicUsize>,
}

impl Watched {
    async fn watch<T>(&self, work: impl Future<Output = T>) -> T {
        self.on_their_way.fetch_add(1, Ordering::SeqCst);
        let done = work.await;
        self.on_their_way.fetch_sub(1, Ordering::SeqCst);
        done
    }
}

#[async_trait]
impl Store for Watched {
    async fn commit(&self, scope: &Scope, changes: &[Change]) -> Result<Commit, StoreError> {
        self.watch(self.store.commit(scope, changes)).await
    }

    async fn entry(&self, scope: &Scope, intent: &Intent) -> Result<Option<Entry>, StoreError> {
        self.watch(self.store.entry(scope, intent)).await
    }

    async fn entries(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
        self.watch(self.store.entries(scope, filter)).await
    }

    async fn cell(&self, scope: &Scope, key: &str) -> Result<Option<Cell>, StoreError> {
        self.watch(self.store.cell(scope, key)).await
    }

    async fn cells(&self, scope: &Scope, prefix: &str) -> Result<Vec<Cell>, StoreError> {
        self.watch(self.store.cells(scope, prefix)).await
    }

    async fn join(&self, writer: &str) -> Result<(), StoreError> {
        self.watch(self.store.join(writer)).await
    }

    async fn ended(&self, writer: &str) -> Result<Option<bool>, StoreError> {
        self.watch(self.store.ended(writer)).await
    }
}

/// Submits pictures as fast as it may, for ever.
async fn submit(client: Client, clock: impl Clock, accepted: Arc<AtomicUsize>) {
    loop {
        match client.submit(&picture()).deadline(MINUTE * 60).await {
            Ok(_) => drop(accepted.fetch_add(1, Ordering::SeqCst)),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
                let wait = error.retry_after().unwrap_or(MINUTE);
                clock.sleep(wait.max(SECOND)).await;
            }
        }
    }
}

#[tokio::test]
async fn two_clients_use_a_day_up_without_one_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default().with_plan(Plan::Basic);
    let world = World::start(config, |builder, _| builder).await;
    // To the beginning of a day of UTC.
    let now = world
        .clock
        .wall()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    world.step(Duration::from_secs(DAY - now % DAY + 1)).await;
    let mut clients = Vec::new();
    for _ in 0..2 {
        let store = Arc::new(Watched {
            store: store(folder.path()).await,
            on_their_way: world.on_their_way(),
        });
        let builder = world.builder().plan(Plan::Basic).ledger(store);
        clients.push(builder.build().unwrap());
    }
    let accepted = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for client in clients.iter().cycle().take(6) {
        let (clock, accepted) = (world.clock.clone(), Arc::clone(&accepted));
        tasks.spawn(submit(client.clone(), clock, accepted));
    }
    let begun = world.passed();
    while world.passed() - begun < Duration::from_secs(DAY - 120) {
        // Once the day is used up, nothing happens for a long time.
        let step = if accepted.load(Ordering::SeqCst) < 98 {
            SECOND * 4
        } else {
            MINUTE
        };
        world.step(step).await;
    }
    tasks.abort_all();
    let (accepted, refused) = (accepted.load(Ordering::SeqCst), world.refused());
    assert_eq!(refused, 0, "{accepted} were accepted");
    assert!((98..=100).contains(&accepted), "{accepted}");
    let limits = clients[1].ledger().await.unwrap().unwrap();
    let known = limits.limits().all().await.unwrap();
    let day = known
        .iter()
        .find(|left| left.bucket == "txt2img")
        .unwrap()
        .day;
    assert_eq!(day.unwrap().left as usize, 100 - accepted);
}

#[tokio::test]
async fn what_one_client_was_told_the_other_knows() {
    let folder = tempfile::tempdir().unwrap();
    let one = store(folder.path()).await;
    let config = Config::default().with_plan(Plan::Basic);
    let world = World::start(config, |builder, _| builder.ledger(one)).await;
    let other = world
        .builder()
        .ledger(store(folder.path()).await)
        .build()
        .unwrap();
    for _ in 0..3 {
        drop(world.client.submit(&picture()).await.unwrap());
    }
    // Nobody told this one of a plan or a limit.
    let request = picture();
    let call = other.submit(&request).deadline(SECOND * 30);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
    assert!(error.retry_after().unwrap() > SECOND * 30);
    assert_eq!(world.refused(), 0);
}

#[tokio::test]
async fn what_was_paid_for_needs_no_place() {
    let folder = tempfile::tempdir().unwrap();
    let one = store(folder.path()).await;
    let config = Config::default().with_plan(Plan::Basic);
    let world = World::start(config, |builder, _| builder.plan(Plan::Basic).ledger(one)).await;
    for round in 0..3 {
        for number in 0..3 {
            let name = format!("order-{number}");
            let request = picture();
            let call = world.client.submit(&request).intent(name);
            drop(
                call.deadline(SECOND)
                    .await
                    .unwrap_or_else(|error| panic!("{round} {number}: {error}")),
            );
        }
    }
    assert_eq!(world.sandbox.charges().len(), 3);
}

/// Two processes, a Basic account, two minutes of real time: run by hand, with `--ignored`.
#[test]
#[ignore = "takes two minutes"]
fn two_processes_use_two_minutes_up_without_one_refusal() {
    if let Ok(told) = std::env::var(CHILD) {
        return child(&told);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config::default().with_plan(Plan::Basic);
    let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let told = format!("{} {}", sandbox.base_url(), folder.path().display());
    let test = "shared_limits::two_processes_use_two_minutes_up_without_one_refusal";
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--ignored", "--nocapture"])
            .env(CHILD, &told)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut children = [start(), start()];
    runtime.block_on(SystemClock::new().sleep(MINUTE * 2 + SECOND * 4));
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let refused = sandbox
        .requests()
        .iter()
        .filter(|seen| seen.status == Some(429))
        .count();
    let accepted = sandbox.charges().len();
    println!("{accepted} accepted, {refused} refused in two minutes");
    assert_eq!(refused, 0);
    // Three at once, three after 61 seconds, three after 122.
    assert!((8..=9).contains(&accepted), "{accepted}");
}

fn child(told: &str) {
    let (base_url, folder) = told.split_once(' ').unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = Client::builder()
            .api_key(ApiKey::new("sk-sandbox").unwrap())
            .base_url(base_url)
            .plan(Plan::Basic)
            .ledger(store(Path::new(folder)).await)
            .build()
            .unwrap();
        let accepted = Arc::new(AtomicUsize::new(0));
        let submitting = |_| submit(client.clone(), SystemClock::new(), Arc::clone(&accepted));
        futures_util::future::join_all((0..3).map(submitting)).await;
    });
}
