//! One round: wishes, faults, a client that is killed and started again, and the judgement.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use dryapi_sandbox::{Config, FaultRule, Sandbox};
use dryapi_testkit::Fault;
use dryapi_types::{Plan as Account, Usd};
use futures_util::future::join;

use crate::dice::Dice;
use crate::judge::{self, Verdict};
use crate::plan::{Plan, SPEED};
use crate::wanted::Wanted;

/// A client that has not ended after this long, in real time, hangs.
const LONGEST: Duration = Duration::from_secs(120);
/// A day later limits of a day are there again.
const A_DAY: Duration = Duration::from_secs(25 * 3600);
/// So often a client that gave up is started again once nothing is broken any more.
const TRIES: u32 = 4;

/// What came of a round.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) armed: Vec<Fault>,
    pub(crate) fired: Vec<String>,
    pub(crate) kills: u32,
    /// Whether two clients ran at once.
    pub(crate) twins: bool,
}

pub(crate) async fn run(seed: u64, guarded: bool) -> Result<Outcome, String> {
    let mut dice = Dice::new(seed);
    let config = Config::default()
        .with_plan(Account::Premium)
        .with_balance(Usd::from_cents(10_000))
        .with_speed(f64::from(SPEED))
        .with_seed(seed)
        .with_job_time(Duration::from_secs(4));
    let sandbox = Sandbox::start(config)
        .await
        .map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut plan = Plan {
        base_url: sandbox.base_url(),
        key: sandbox.api_key().to_owned(),
        folder: folder.path().to_owned(),
        wanted: Wanted::of_round(seed, &mut dice),
        concurrency: 1 + dice.roll(6),
        began: SystemTime::now(),
        ahead: Duration::ZERO,
        guarded,
    };
    let armed = arm(&sandbox, &mut dice);
    let mut kills = 0;
    // Two processes at once on one ledger, with the same wishes.
    let twins = dice.roll(3) == 0;
    for _ in 0..dice.roll(4) {
        let after = dice.millis(5, 400);
        kills += if twins {
            let other = killed(&plan, dice.millis(5, 400));
            let (one, other) = join(killed(&plan, after), other).await;
            u32::from(one?) + u32::from(other?)
        } else {
            u32::from(killed(&plan, after).await?)
        };
    }
    // It may end by itself while something is broken, and is started once more.
    if twins {
        let (one, other) = join(finished(&plan), finished(&plan)).await;
        one.and(other)?;
    } else {
        finished(&plan).await?;
    }
    sandbox.disarm();
    for _ in 0..TRIES {
        if !finished(&plan).await? {
            break;
        }
        sandbox.advance(A_DAY);
        plan.ahead += A_DAY;
    }
    let verdict = judge::judge(&plan, &sandbox).await;
    let requests = sandbox.requests();
    let fired = requests.into_iter().filter_map(|seen| seen.fault).collect();
    sandbox.stop().await;
    Ok(Outcome {
        verdict,
        armed,
        fired,
        kills,
        twins,
    })
}

fn arm(sandbox: &Sandbox, dice: &mut Dice) -> Vec<Fault> {
    const ON: [&str; 9] = [
        "txt2img",
        "txt2img",
        "txt2img",
        "txt2audio",
        "txt2embedding",
        "request-status",
        "results",
        "balance",
        "*",
    ];
    let mut armed = Vec::new();
    for _ in 0..=dice.roll(5) {
        let fault = *dice.one_of(Fault::ALL);
        let rule = FaultRule::new(fault)
            .on(*dice.one_of(&ON))
            .with_times(1 + dice.roll(3) as u32)
            .with_after(dice.roll(5) as u32);
        // Some faults make no sense on some targets; the sandbox says so. A job that never ends
        // has no outcome to judge.
        if fault != Fault::StuckJob && sandbox.arm(rule).is_ok() {
            armed.push(fault);
        }
    }
    armed
}

fn start(plan: &Plan) -> Result<Child, String> {
    let file = plan.folder.join("plan.json");
    let text = serde_json::to_vec(plan).map_err(|error| error.to_string())?;
    // Another client may be reading it.
    let new = plan.folder.join("plan.json.new");
    std::fs::write(&new, text).map_err(|error| error.to_string())?;
    std::fs::rename(&new, &file).map_err(|error| error.to_string())?;
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(plan.folder.join("client.log"))
        .map_err(|error| error.to_string())?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    Command::new(own)
        .args([Path::new("client"), &file])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|error| error.to_string())
}

/// Starts a client and kills it after a while; gives whether it was still at it.
async fn killed(plan: &Plan, after: Duration) -> Result<bool, String> {
    let mut child = start(plan)?;
    tokio::time::sleep(after).await;
    let ended = child.try_wait().map_err(|error| error.to_string())?;
    let _ = child.kill();
    child.wait().map_err(|error| error.to_string())?;
    Ok(ended.is_none())
}

/// Runs a client to its end; gives whether anything is worth another try.
async fn finished(plan: &Plan) -> Result<bool, String> {
    let mut child = start(plan)?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return match status.code() {
                Some(0) => Ok(false),
                Some(3) => Ok(true),
                _ => Err(format!("the client ended with {status}: {}", log(plan))),
            };
        }
        if begun.elapsed() > LONGEST {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("the client hangs: {}", log(plan)));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The end of what the clients said.
fn log(plan: &Plan) -> String {
    let text = std::fs::read_to_string(plan.folder.join("client.log")).unwrap_or_default();
    let from = text.char_indices().rev().nth(3000).map_or(0, |(at, _)| at);
    text[from..].to_owned()
}
