//! Many calls of one side alone, for a profiler to look at.

use crate::bare::Bare;
use crate::calls::{client, request, runtime};
use crate::peer::Peer;

/// `ours` or `bare`, and how many pairs of calls.
pub(crate) fn run(who: &str, pairs: &str) {
    let pairs: usize = pairs.parse().unwrap();
    let peer = Peer::start();
    runtime().block_on(async {
        if who == "ours" {
            let (client, request) = (client(&peer), request());
            for _ in 0..pairs {
                let job = client.submit(&request).await.unwrap();
                let _ = job.status().await.unwrap();
            }
        } else {
            let bare = Bare::new(&peer.base_url);
            for _ in 0..pairs {
                let id = bare.submit().await;
                let _ = bare.status(&id).await;
            }
        }
    });
}
