//! One socket of the push channel.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Sleep;

use super::account;
use super::frames::{self, Said};
use super::update;
use crate::app::App;
use crate::clock;
use crate::rules::Target;
use crate::world::Change;

/// The peer is gone, or shall be.
pub(super) struct Gone;

/// An open one.
pub(super) struct Socket {
    app: Arc<App>,
    headers: HeaderMap,
    id: String,
    wire: WebSocket,
    /// Ends when there was no frame for too long.
    quiet: Pin<Box<Sleep>>,
    /// The end of `quiet` is the end of the socket.
    pinged: bool,
    /// Whose jobs it hears of.
    clients: BTreeSet<String>,
    /// What happens to jobs, while it hears of any.
    changes: Option<UnboundedReceiver<Arc<Change>>>,
}

/// After so much of the longest silence, as a fraction, the server pings: 102 of 120 s.
const PING_AFTER: f64 = 0.85;

/// So many changes that wait are told without pictures: each takes milliseconds.
const CROWD: usize = 100;

/// How long a closing socket waits for its client to close as well, in real time.
const FAREWELL: Duration = Duration::from_secs(1);

fn first_silence(app: &App) -> Duration {
    app.world.config.push_silence.mul_f64(PING_AFTER)
}

impl Socket {
    pub(super) fn new(app: Arc<App>, headers: HeaderMap, wire: WebSocket) -> Self {
        Self {
            id: app.push.socket_id(),
            quiet: Box::pin(clock::pause(first_silence(&app))),
            app,
            headers,
            wire,
            pinged: false,
            clients: BTreeSet::new(),
            changes: None,
        }
    }

    /// Speaks with the client to the end.
    pub(super) async fn run(mut self) -> Result<(), Gone> {
        let mut cuts = self.app.push.cuts();
        self.send(&frames::established(&self.id)).await?;
        let app = Arc::clone(&self.app);
        loop {
            tokio::select! {
                // What happened is told before what is said next is heard.
                biased;
                _ = cuts.changed() => return Err(Gone),
                () = app.stopped() => {
                    let message = "Server closed. Please reconnect shortly.";
                    return self.close(4200, Some(message)).await;
                }
                change = next(&mut self.changes) => self.tell(&change).await?,
                heard = self.wire.recv() => match heard {
                    Some(Ok(Message::Text(text))) => self.hear(&text).await?,
                    Some(Ok(Message::Binary(bytes))) => {
                        self.hear(&String::from_utf8_lossy(&bytes)).await?;
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Gone),
                },
                () = self.quiet.as_mut() => {
                    if self.pinged {
                        return self.close(4201, None).await;
                    }
                    self.ping().await?;
                }
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<(), Gone> {
        self.stir();
        match frames::read(text) {
            Said::Ping => self.send(&frames::pong()).await,
            Said::Subscribe { channel, auth } => self.subscribe(&channel, &auth).await,
            Said::Unsubscribe { channel } => {
                if let Some(client) = account::subscribers(&channel) {
                    self.clients.remove(client);
                }
                if self.clients.is_empty() {
                    self.changes = None;
                }
                Ok(())
            }
            Said::Nothing => Ok(()),
        }
    }

    /// Public channels are open to all, as everywhere; nothing is ever said there.
    async fn subscribe(&mut self, channel: &str, auth: &str) -> Result<(), Gone> {
        let restricted = channel.starts_with("private-") || channel.starts_with("presence-");
        if restricted && !self.app.push.is_vouched(&self.id, channel, auth) {
            return self.send(&frames::not_vouched(channel)).await;
        }
        if let Some(client) = account::subscribers(channel) {
            self.clients.insert(client.to_owned());
            let app = &self.app;
            self.changes.get_or_insert_with(|| app.world.subscribe());
        }
        self.send(&frames::subscribed(channel)).await
    }

    async fn tell(&mut self, change: &Change) -> Result<(), Gone> {
        let key = &change.job.key;
        let client = self.app.client_id_of(key);
        if !update::is_told(change) || !self.clients.contains(&client) {
            return Ok(());
        }
        let cut = self.app.world.cuts_push(&change.job);
        if cut || self.app.faults.take(key, Target::Push).is_some() {
            return Err(Gone);
        }
        let waiting = self.changes.as_ref().map_or(0, UnboundedReceiver::len);
        let at_leisure = waiting < CROWD;
        let data = update::data(&self.app, &self.headers, change, at_leisure).await;
        let channel = account::channel(&client);
        self.send(&frames::update(&channel, &data)).await
    }

    async fn send(&mut self, frame: &Value) -> Result<(), Gone> {
        self.stir();
        let sent = self.wire.send(Message::text(frame.to_string())).await;
        sent.map_err(|_| Gone)
    }

    /// Something goes over the socket: its silence begins anew.
    fn stir(&mut self) {
        self.quiet.set(clock::pause(first_silence(&self.app)));
        self.pinged = false;
    }

    /// An answer to it is no sign of life, as far as the service's server is concerned.
    async fn ping(&mut self) -> Result<(), Gone> {
        let silence = self.app.world.config.push_silence;
        let rest = silence.saturating_sub(first_silence(&self.app));
        self.quiet.set(clock::pause(rest));
        self.pinged = true;
        let sent = self.wire.send(Message::Ping(Bytes::new())).await;
        sent.map_err(|_| Gone)
    }

    /// Says why, and closes in order.
    pub(super) async fn close(mut self, code: u16, message: Option<&str>) -> Result<(), Gone> {
        if let Some(message) = message {
            self.send(&frames::error(code, message)).await?;
        }
        let reason = "".into();
        let frame = Message::Close(Some(CloseFrame { code, reason }));
        self.wire.send(frame).await.map_err(|_| Gone)?;
        let farewell = async { while let Some(Ok(_)) = self.wire.recv().await {} };
        // A client that does not answer is left alone.
        let _ = clock::within(FAREWELL, farewell).await;
        Ok(())
    }
}

/// The next change, if one is listened to.
async fn next(changes: &mut Option<UnboundedReceiver<Arc<Change>>>) -> Arc<Change> {
    let change = match changes {
        Some(changes) => changes.recv().await,
        None => None,
    };
    match change {
        Some(change) => change,
        None => std::future::pending().await,
    }
}
