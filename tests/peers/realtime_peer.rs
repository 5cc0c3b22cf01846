//! Listens to a push channel and prints what it is told, one JSON object a line: for the scripts
//! that hold `dryapi-realtime` against servers that are not ours.
//!
//! `realtime_peer ENDPOINT AUTH_URL CLIENT_ID KEY`

use std::sync::Arc;

use dryapi_realtime::{Channel, Endpoint, Signal};
use dryapi_transport::{HttpTransport, SystemClock};
use http::HeaderValue;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, auth_url, client_id, key] = args.as_slice() else {
        return Err("usage: realtime_peer ENDPOINT AUTH_URL CLIENT_ID KEY".into());
    };
    let mut channel = Channel::builder(Endpoint::parse(endpoint)?, client_id)
        .auth_url(auth_url.parse()?)
        .authorization(HeaderValue::try_from(format!("Bearer {key}"))?)
        .transport(Arc::new(HttpTransport::builder().build()?))
        .clock(Arc::new(SystemClock::new()))
        .random(Arc::new(|| 0.0))
        .open()?;
    while let Some(signal) = channel.next().await {
        println!("{}", line(&signal));
    }
    Ok(())
}

fn line(signal: &Signal) -> Value {
    match signal {
        Signal::Subscribed { gap } => json!({"signal": "subscribed", "gap": gap}),
        Signal::Update(update) => json!({"signal": "update", "update": update.to_json()}),
        Signal::Lost { why, again_in } => {
            json!({"signal": "lost", "why": why.to_string(), "again_in": again_in.as_secs_f64()})
        }
        Signal::Stopped(error) => json!({"signal": "stopped", "why": error.to_string()}),
        _ => json!({"signal": "unknown"}),
    }
}
