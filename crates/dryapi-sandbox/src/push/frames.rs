//! What goes over a socket, to and fro. Source: soketi 1.6.1, observed.

use serde_json::{Value, json};

/// What a client says; anything else it says is ignored.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Ping,
    Subscribe { channel: String, auth: String },
    Unsubscribe { channel: String },
    Nothing,
}

pub(super) fn read(text: &str) -> Said {
    let frame: Value = serde_json::from_str(text).unwrap_or_default();
    let member = |name: &str| {
        let member = frame.get("data").and_then(|data| data.get(name));
        member.and_then(Value::as_str).map(str::to_owned)
    };
    let channel = || member("channel");
    match (frame.get("event").and_then(Value::as_str), channel()) {
        (Some("pusher:ping"), _) => Said::Ping,
        (Some("pusher:subscribe"), Some(channel)) => Said::Subscribe {
            channel,
            auth: member("auth").unwrap_or_default(),
        },
        (Some("pusher:unsubscribe"), Some(channel)) => Said::Unsubscribe { channel },
        _ => Said::Nothing,
    }
}

pub(super) fn established(socket_id: &str) -> Value {
    let data = json!({"socket_id": socket_id, "activity_timeout": 30}).to_string();
    json!({"event": "pusher:connection_established", "data": data})
}

pub(super) fn pong() -> Value {
    json!({"event": "pusher:pong", "data": {}})
}

pub(super) fn subscribed(channel: &str) -> Value {
    json!({"event": "pusher_internal:subscription_succeeded", "channel": channel})
}

pub(super) fn not_vouched(channel: &str) -> Value {
    json!({
        "event": "pusher:subscription_error",
        "channel": channel,
        "data": {"type": "AuthError", "error": "The connection is unauthorized.", "status": 401},
    })
}

pub(super) fn error(code: u16, message: &str) -> Value {
    json!({"event": "pusher:error", "data": {"code": code, "message": message}})
}

/// A job's news, their data as text.
pub(super) fn update(channel: &str, data: &Value) -> Value {
    let data = data.to_string();
    json!({"event": "request.status.updated", "channel": channel, "data": data})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_heard() {
        let subscribe = r#"{"event":"pusher:subscribe","data":{"channel":"c","auth":"a"}}"#;
        let (channel, auth) = ("c".to_owned(), "a".to_owned());
        assert_eq!(read(subscribe), Said::Subscribe { channel, auth });
        assert_eq!(read(r#"{"event":"pusher:ping"}"#), Said::Ping);
        for text in [
            "",
            "[]",
            r#"{"event":"pusher:subscribe","data":{"auth":"a"}}"#,
            r#"{"event":"pusher:subscribe","data":"{\"channel\":\"c\"}"}"#,
            r#"{"event":"client-hello","data":{"channel":"c"}}"#,
        ] {
            assert_eq!(read(text), Said::Nothing, "{text}");
        }
    }
}
