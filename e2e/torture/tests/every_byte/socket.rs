//! One connection of the client: its messages are JSON, whatever they travel as. That it is lost is no failure.
use fluxstack_live_protocol::compact;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

/// What the messages travel as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Json,
    MessagePack,
}

/// One connection.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    encoding: Encoding,
}

/// What comes of listening.
pub(crate) enum Heard {
    /// The messages of one WebSocket message.
    Messages(Vec<Value>),
    /// The network has lost the connection.
    Lost,
}

impl Socket {
    /// None if the network does not let it through.
    pub(crate) async fn connect(address: SocketAddr, encoding: Encoding) -> Option<Self> {
        let mut request = format!("ws://{address}/live").into_client_request().expect("it is an address");
        let subprotocol = match encoding {
            Encoding::Json => "fluxstack-live.v1.json",
            Encoding::MessagePack => "fluxstack-live.v1.msgpack",
        };
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(subprotocol));
        let stream = TcpStream::connect(address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        let (stream, _) = client_async(request, stream).await.ok()?;
        Some(Socket { stream, encoding })
    }
    /// Says something; whether it arrives, nobody knows.
    pub(crate) async fn say(&mut self, message: &Value) {
        let text = message.to_string();
        let message = match self.encoding {
            Encoding::Json => Message::text(text),
            Encoding::MessagePack => {
                Message::binary(compact::from_client(&text, None).expect("it is a message"))
            }
        };
        // If it fails, listening fails as well.
        let _ = self.stream.send(message).await;
    }
    /// Waits for the next WebSocket message. What is no message of the protocol, or a close frame, is a failure.
    pub(crate) async fn hear(&mut self) -> Result<Heard, String> {
        loop {
            let text = match self.stream.next().await {
                Some(Ok(Message::Text(text))) if self.encoding == Encoding::Json => text.to_string(),
                Some(Ok(Message::Binary(bytes))) if self.encoding == Encoding::MessagePack => {
                    compact::to_client(&bytes, |_| None).ok_or("what it sent is no MessagePack")?
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(other)) => return Err(format!("it sent {other:?}")),
                Some(Err(_)) | None => return Ok(Heard::Lost),
            };
            return match serde_json::from_str(&text).map_err(|error| error.to_string())? {
                Value::Array(batch) => Ok(Heard::Messages(batch)),
                message => Ok(Heard::Messages(vec![message])),
            };
        }
    }
    /// Says goodbye: the session ends.
    pub(crate) async fn leave(mut self) {
        let _ = self.stream.close(None).await;
        while let Some(Ok(_)) = self.stream.next().await {}
    }
}
