//! A client of the push channel that shows every frame.

use futures_util::{SinkExt, StreamExt};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{Service, read};

pub(crate) struct Ear {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Empty until the connection is established.
    pub(crate) id: String,
}

/// What came.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Frame(Value),
    Ping,
    /// The code of a close frame; 1005 without one.
    Close(u16),
    /// The connection ended without a close frame.
    End,
}

/// A job's news: id, status, progress.
pub(crate) type News = (String, String, String);

pub(crate) fn news(id: &str, status: &str, progress: &str) -> News {
    (id.into(), status.into(), progress.into())
}

/// What is told of a job that goes well.
pub(crate) fn whole(id: &str) -> Vec<News> {
    vec![
        news(id, "processing", "0.00"),
        news(id, "in_progress", "25.00"),
        news(id, "in_progress", "50.00"),
        news(id, "in_progress", "75.00"),
        news(id, "done", "100.00"),
    ]
}

/// The answer to an authorisation.
pub(crate) async fn authorise(it: &Service, socket_id: &str, channel: &str) -> (u16, Value) {
    let body = json!({"socket_id": socket_id, "channel_name": channel});
    read(post(it, &it.key, &body).await).await
}

pub(crate) async fn post(it: &Service, key: &str, body: &Value) -> Response {
    let request = it.http.post(it.sandbox.auth_url()).bearer_auth(key);
    request.json(body).send().await.unwrap()
}

impl Ear {
    /// Opens a socket, and no more.
    pub(crate) async fn open(url: &str) -> Self {
        let (socket, _) = connect_async(url).await.unwrap();
        Self {
            socket,
            id: String::new(),
        }
    }

    /// A socket that may subscribe.
    pub(crate) async fn connect(it: &Service) -> Self {
        let mut ear = Self::open(&format!("{}?protocol=7", it.sandbox.realtime_url())).await;
        let first = ear.frame().await;
        assert_eq!(first["event"], "pusher:connection_established");
        let data: Value = serde_json::from_str(first["data"].as_str().unwrap()).unwrap();
        assert_eq!(data["activity_timeout"], 30);
        ear.id = data["socket_id"].as_str().unwrap().to_owned();
        ear
    }

    /// A socket that hears of the jobs of the service's key.
    pub(crate) async fn listen(it: &Service) -> Self {
        let mut ear = Self::connect(it).await;
        let channel = format!("private-client.{}", it.sandbox.client_id_of(&it.key));
        let (status, answer) = authorise(it, &ear.id, &channel).await;
        assert_eq!(status, 200, "{answer}");
        ear.subscribe(&channel, answer["auth"].as_str().unwrap())
            .await;
        let wanted = json!({"event": "pusher_internal:subscription_succeeded", "channel": channel});
        assert_eq!(ear.frame().await, wanted);
        ear
    }

    pub(crate) async fn say(&mut self, frame: &Value) {
        let text = Message::text(frame.to_string());
        self.socket.send(text).await.unwrap();
    }

    pub(crate) async fn subscribe(&mut self, channel: &str, auth: &str) {
        let data = json!({"channel": channel, "auth": auth});
        self.say(&json!({"event": "pusher:subscribe", "data": data}))
            .await;
    }

    pub(crate) async fn hear(&mut self) -> Heard {
        match self.socket.next().await {
            Some(Ok(Message::Text(text))) => Heard::Frame(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Ping(_))) => Heard::Ping,
            Some(Ok(Message::Close(frame))) => {
                Heard::Close(frame.map_or(1005, |frame| frame.code.into()))
            }
            Some(Err(_)) | None => Heard::End,
            Some(Ok(other)) => panic!("{other:?}"),
        }
    }

    pub(crate) async fn frame(&mut self) -> Value {
        match self.hear().await {
            Heard::Frame(frame) => frame,
            other => panic!("{other:?}"),
        }
    }

    /// The data of the next event, which must be news of a job.
    pub(crate) async fn update(&mut self) -> Value {
        let frame = self.frame().await;
        assert_eq!(frame["event"], "request.status.updated", "{frame}");
        let data = frame["data"].as_str().unwrap();
        serde_json::from_str(data).unwrap()
    }

    /// The next `count` news.
    pub(crate) async fn news(&mut self, count: usize) -> Vec<News> {
        let mut list = Vec::new();
        for _ in 0..count {
            let update = self.update().await;
            let text = |name: &str| update[name].as_str().unwrap().to_owned();
            list.push((text("request_id"), text("status"), text("progress")));
        }
        list
    }

    /// Nothing was said before the answer to a ping that is sent now.
    pub(crate) async fn hears_nothing(&mut self) {
        self.say(&json!({"event": "pusher:ping", "data": {}})).await;
        let pong = json!({"event": "pusher:pong", "data": {}});
        assert_eq!(self.frame().await, pong);
    }
}
