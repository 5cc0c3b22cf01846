//! Frames of the Pusher protocol 7: JSON texts. The servers differ in how they write them; every
//! habit seen is read.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::auth::ChannelAuth;
use crate::channel_name::ChannelName;

/// The largest frame that is read, in bytes: 1 MiB. A preview is the largest thing that comes.
pub const MAX_FRAME: usize = 1024 * 1024;

/// The longest id of a socket that is taken for one.
const LONGEST_ID: usize = 256;

/// What the server says with one frame.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `pusher:connection_established`
    Established {
        /// The connection's id, which the channel's signature is for.
        socket_id: String,
        /// How long the line may be silent, where told.
        activity_timeout: Option<Duration>,
    },
    /// `pusher:ping`
    Ping,
    /// `pusher:pong`
    Pong,
    /// `pusher_internal:subscription_succeeded`
    Subscribed {
        /// The channel, where named.
        channel: Option<String>,
    },
    /// `pusher:subscription_error`
    SubscriptionError {
        /// The channel, where named.
        channel: Option<String>,
        /// An HTTP status or a Pusher code, where told.
        status: Option<u16>,
        /// What the server said.
        message: String,
    },
    /// `pusher:error`
    Error {
        /// The channel, where named.
        channel: Option<String>,
        /// The Pusher code, where told.
        code: Option<u16>,
        /// What the server said.
        message: String,
    },
    /// `request.status.updated`, its data as JSON.
    Update {
        /// The channel, where named.
        channel: Option<String>,
        /// What [`Update::from_value`](dryapi_types::Update::from_value) reads.
        data: Value,
    },
    /// Any other event; to be ignored.
    Unknown,
}

/// A text that is no frame. It is ignored: one bad frame does not end a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidFrame {
    /// Longer than [`MAX_FRAME`].
    #[error("the frame is larger than 1 MiB")]
    TooLarge,
    /// Not a JSON object.
    #[error("the frame is not a JSON object")]
    NotAnObject,
    /// Without the name of an event.
    #[error("the frame names no event")]
    NoEvent,
    /// A greeting without the connection's id.
    #[error("the greeting holds no socket id")]
    NoSocketId,
}

impl Event {
    /// Reads a frame. `data` may be JSON, JSON inside a text, or missing.
    ///
    /// # Errors
    /// [`InvalidFrame`]; this is total, and never panics.
    pub fn read(text: &str) -> Result<Self, InvalidFrame> {
        if text.len() > MAX_FRAME {
            return Err(InvalidFrame::TooLarge);
        }
        let Ok(Value::Object(mut frame)) = serde_json::from_str(text) else {
            return Err(InvalidFrame::NotAnObject);
        };
        let Some(Value::String(name)) = frame.remove("event") else {
            return Err(InvalidFrame::NoEvent);
        };
        let data = frame.remove("data").map(unwrap).unwrap_or_default();
        let channel = channel(&mut frame);
        Ok(match name.as_str() {
            "pusher:connection_established" => established(&data)?,
            "pusher:ping" => Self::Ping,
            "pusher:pong" => Self::Pong,
            "pusher_internal:subscription_succeeded" | "pusher:subscription_succeeded" => {
                Self::Subscribed { channel }
            }
            "pusher:subscription_error" | "pusher_internal:subscription_error" => {
                Self::SubscriptionError {
                    channel,
                    status: number(&data, &["status", "code"]),
                    message: message(&data),
                }
            }
            "pusher:error" => Self::Error {
                channel,
                code: number(&data, &["code", "status"]),
                message: message(&data),
            },
            // Laravel Echo writes a name that is not prefixed by a namespace with a leading dot.
            "request.status.updated" | ".request.status.updated" => Self::Update { channel, data },
            _ => Self::Unknown,
        })
    }
}

fn channel(frame: &mut Map<String, Value>) -> Option<String> {
    match frame.remove("channel") {
        Some(Value::String(channel)) if !channel.is_empty() => Some(channel),
        _ => None,
    }
}

/// JSON inside a text as JSON; any other text as it is.
fn unwrap(data: Value) -> Value {
    match &data {
        Value::String(text) => serde_json::from_str(text).unwrap_or(data),
        _ => data,
    }
}

fn established(data: &Value) -> Result<Event, InvalidFrame> {
    let socket_id = match data.get("socket_id") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= LONGEST_ID => id.clone(),
        _ => return Err(InvalidFrame::NoSocketId),
    };
    let told = data.get("activity_timeout").and_then(seconds);
    Ok(Event::Established {
        socket_id,
        activity_timeout: told,
    })
}

/// Seconds as a number or as text; not zero.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        value => value.as_f64()?,
    };
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|told| !told.is_zero())
}

/// The first of these that is a number, or text that is one.
fn number(data: &Value, keys: &[&str]) -> Option<u16> {
    keys.iter().find_map(|key| match data.get(key)? {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64()?.try_into().ok(),
    })
}

/// What was said, wherever it stands.
fn message(data: &Value) -> String {
    let text = |key: &str| data.get(key).and_then(Value::as_str);
    let said = text("message")
        .or_else(|| text("error"))
        .or_else(|| text("type"));
    said.or_else(|| data.as_str())
        .unwrap_or_default()
        .to_owned()
}

/// What is said to the server with one frame. `Debug` shows no signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// `pusher:ping`
    Ping,
    /// `pusher:pong`
    Pong,
    /// `pusher:subscribe`
    Subscribe {
        /// The channel.
        channel: ChannelName,
        /// Its signature for this connection.
        auth: ChannelAuth,
    },
}

impl Command {
    /// The frame's text. It holds the signature.
    #[must_use]
    pub fn to_text(&self) -> String {
        let frame = match self {
            Self::Ping => json!({"event": "pusher:ping", "data": {}}),
            Self::Pong => json!({"event": "pusher:pong", "data": {}}),
            Self::Subscribe { channel, auth } => json!({
                "event": "pusher:subscribe",
                "data": {"channel": channel.as_str(), "auth": auth.as_str()},
            }),
        };
        frame.to_string()
    }
}
