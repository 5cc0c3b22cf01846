//! Whatever a push server says, in whatever order: no secret is told, nothing grows, time goes on.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use dryapi_realtime::protocol::{Action, AuthAnswer, ChannelAuth, Input, MAX_FRAME, Machine};
use dryapi_realtime::{ChannelName, Signal};

const SECRET: &str = "signature-of-this-connection";
/// A frame that is too long.
static LONG: LazyLock<String> = LazyLock::new(|| " ".repeat(MAX_FRAME + 1));
/// What one input may cause at most.
const ACTIONS: usize = 8;
/// A text of the server's is cut to so many characters, and an ellipsis.
const TEXT: usize = 201;

/// Each line is something that happens: `+N` seconds pass, `!N` the server closes, `?` the line
/// breaks, and anything else is a frame.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // The clock has no other beginning; what it says does not matter.
    #[allow(clippy::disallowed_methods, reason = "only where time begins")]
    let mut now = Instant::now();
    let channel = ChannelName::new("42").unwrap();
    let mut machine = Told {
        machine: Machine::new(channel, Arc::new(|| 0.5)),
        granted: false,
    };
    tell(&mut machine, now, Input::Tick);
    for line in text.lines().take(300) {
        let rest = line.get(1..).unwrap_or_default();
        let input = match line.as_bytes().first() {
            Some(b'+') => {
                now += Duration::from_secs(rest.parse::<u16>().unwrap_or(1).into());
                Input::Tick
            }
            Some(b'!') => Input::Closed {
                code: rest.parse().ok(),
                reason: rest,
            },
            Some(b'?') => Input::Broken(rest),
            _ => Input::Text(line),
        };
        tell(&mut machine, now, input);
    }
    tell(&mut machine, now, Input::Text(&LONG));
}

/// The machine, and whether it holds a signature.
struct Told {
    machine: Machine,
    granted: bool,
}

/// Tells an input, does what is to be done, and looks at it.
fn tell(told: &mut Told, now: Instant, input: Input<'_>) {
    let machine = &mut told.machine;
    let (stopped, granted) = (machine.is_stopped(), told.granted);
    let mut actions = act(machine, now, input);
    assert!(!stopped || actions.is_empty(), "it goes on after its end");
    let mut rounds = 0;
    while let Some(action) = actions.pop_front() {
        rounds += 1;
        assert!(rounds < 4 * ACTIONS, "it never comes to rest");
        match action {
            Action::Disconnect => told.granted = false,
            Action::Connect => actions.extend(act(machine, now, Input::Opened)),
            Action::Authorize { .. } => {
                told.granted = true;
                let granted = AuthAnswer::Granted(ChannelAuth::new(format!("key:{SECRET}")));
                actions.extend(act(machine, now, Input::Authorized(granted)));
            }
            // Before it was sent the signature, the server can only have guessed it.
            Action::Emit(signal) => shown(&signal, granted),
            _ => {}
        }
    }
}

fn act(machine: &mut Machine, now: Instant, input: Input<'_>) -> VecDeque<Action> {
    machine.handle(now, input);
    let actions: VecDeque<_> = std::iter::from_fn(|| machine.next_action()).collect();
    assert!(actions.len() <= ACTIONS, "{actions:?}");
    assert!(
        machine.wake_at().is_none_or(|at| at > now),
        "it never sleeps"
    );
    actions
}

fn shown(signal: &Signal, granted: bool) {
    let text = match signal {
        Signal::Lost { why, .. } => why.to_string(),
        Signal::Stopped(error) => error.to_string(),
        _ => return,
    };
    // Our own words stand before the server's.
    assert!(text.chars().count() < TEXT + 100, "{text}");
    assert!(!granted || !text.contains(SECRET), "{text}");
}
