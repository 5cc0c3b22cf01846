//! Carries letters: takes changes of jobs to the desk, and what is due to its receiver.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use super::announce::letter;
use super::sender::Sender;
use crate::app::App;
use crate::world::Change;

/// How many attempts are made at a time.
const AT_ONCE: usize = 32;

/// Delivers what happens, until the sandbox stops.
pub(crate) async fn run(app: Arc<App>, mut changes: UnboundedReceiver<Arc<Change>>) {
    let sender = Arc::new(Sender::new(&app.world.config));
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() < AT_ONCE
            && let Some((number, letter)) = app.deliveries.desk().take_due(app.world.now())
        {
            let sender = Arc::clone(&sender);
            under_way.spawn(async move { (number, sender.send(&letter).await) });
        }
        let due = match under_way.len() < AT_ONCE {
            true => app.deliveries.desk().next_due(),
            false => None,
        };
        tokio::select! {
            () = app.stopped() => return,
            Some(ended) = under_way.join_next() => {
                if let Ok((number, answer)) = ended {
                    app.deliveries.desk().answered(number, answer);
                }
            }
            change = changes.recv() => match change {
                Some(change) => announce(&app, &change),
                None => return,
            },
            () = moment(&app, due) => {}
        }
    }
}

async fn moment(app: &App, due: Option<Timestamp>) {
    match due {
        Some(due) => app.world.clock.sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn announce(app: &App, change: &Change) {
    let Some(letter) = letter(app, change) else {
        return;
    };
    let mut desk = app.deliveries.desk();
    // A reset forgets the world first and then the desk: under the desk's lock, what is still in
    // the world is not forgotten here too early.
    if app.world.knows(&change.job) {
        desk.announce(letter, change.at, change.job.twist.mishap);
    }
}
