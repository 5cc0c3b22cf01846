//! Lets things happen to jobs at their moment of the virtual clock.

use std::sync::Arc;

use crate::app::App;

/// Tells every change of every job when it happens, until the sandbox stops. Who wants to be told
/// asks [`World::subscribe`](crate::world::World::subscribe).
pub(crate) async fn run(app: Arc<App>) {
    loop {
        let next = app.world.catch_up();
        let moment = async {
            match next {
                Some(next) => app.world.clock.sleep_until(next).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = app.stopped() => return,
            () = app.world.replanned() => {}
            () = moment => {}
        }
    }
}
