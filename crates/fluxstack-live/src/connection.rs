//! One socket: what comes in goes to the session, what waits in the outbox goes out. Deadlines are here; decisions are not.
use crate::drain::{Attached, Leaving, Step};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use fluxstack_live_core::{
    encoding::Encoding,
    engine::Engine,
    outbox::{Next, Outbox},
    peer::Peer,
    visitor::Visitor,
};
use fluxstack_live_protocol::error::CloseCode;
use std::{
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep, timeout};

/// Serves one connection to its end.
pub(crate) async fn run(
    socket: WebSocket,
    engine: Arc<Engine>,
    visitor: Visitor,
    encoding: Encoding,
    attached: Option<Attached>,
) {
    let outbox = Arc::new(Outbox::new(encoding));
    let silence = Silence::new(engine.limits().first_message);
    let peer = Peer::new(engine.clone(), visitor, outbox.clone());
    let is_binary = encoding.is_binary();
    let mut connection =
        Connection { socket, engine, outbox, peer, silence, leaving: Leaving::default(), is_binary };
    let end = connection.serve(attached.as_ref()).await;
    tracing::debug!(?end, "a connection ends");
    let peer = &mut connection.peer;
    match &end {
        End::Gone | End::Silent | End::Interrupted => peer.lose(),
        End::Left => peer.part(),
        End::Closing(code) if code.is_temporary() => peer.lose(),
        End::Closed | End::Closing(_) => peer.leave(),
    }
    match end {
        End::Gone => {}
        End::Silent => connection.close(CloseCode::GoingAway).await,
        End::Interrupted | End::Left | End::Closed => connection.drain().await,
        End::Closing(code) => connection.close(code).await,
    }
}

struct Connection {
    socket: WebSocket,
    engine: Arc<Engine>,
    outbox: Arc<Outbox>,
    peer: Peer,
    silence: Silence,
    leaving: Leaving,
    /// Whether its subprotocol carries binary messages, or else text.
    is_binary: bool,
}

/// How a connection ends.
#[derive(Debug)]
enum End {
    /// The network lost it: there is nobody to tell.
    Gone,
    /// Nothing was heard for too long: the network has lost it, most likely.
    Silent,
    /// The client closed it for good, and waits for the answer to that.
    Closed,
    /// The client closed it as its page was left, perhaps only to be loaded again.
    Left,
    /// The client closed it and means to come back.
    Interrupted,
    /// The server closes it with this code.
    Closing(CloseCode),
}

impl Connection {
    async fn serve(&mut self, attached: Option<&Attached>) -> End {
        let mut departure = pin!(Attached::departure(attached));
        loop {
            // What there is to say goes out before more is heard, so that a client sees each of its changes.
            if let Err(end) = self.write().await {
                return end;
            }
            if self.leaving.may_close() && self.peer.is_at_rest() {
                return End::Closing(CloseCode::Restart);
            }
            let is_leaving = self.leaving.has_begun();
            // In this order: a client that floods the socket holds up nothing but its own.
            let step = tokio::select! {
                biased;
                departure = departure.as_mut(), if !is_leaving => {
                    self.leaving.begin(departure);
                    Ok(())
                }
                next = self.leaving.next(), if is_leaving => self.leave(next),
                () = self.outbox.changed() => Ok(()),
                message = self.socket.recv() => self.read(message),
                () = self.silence.timer.as_mut() => self.on_silence().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// The server is to stop.
    fn leave(&mut self, step: Step) -> Result<(), End> {
        match step {
            Step::Ask { within_ms } => self.peer.go_away(within_ms),
            Step::MayClose => {}
            Step::Close => return Err(End::Closing(CloseCode::Restart)),
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), End> {
        loop {
            match self.outbox.next() {
                Next::Wait => return Ok(()),
                Next::Close(code) => return Err(End::Closing(code)),
                Next::Write(messages) => {
                    for message in messages {
                        let message = if self.is_binary {
                            Message::Binary(message.into())
                        } else {
                            let text = String::from_utf8(message).expect("JSON is text");
                            Message::Text(text.into())
                        };
                        self.send(message).await?;
                    }
                }
            }
        }
    }

    /// A reader that is stuck ends its connection; without the deadline it would hold it for ever.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.engine.limits().write_within, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    fn read(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            None => Err(End::Gone),
            Some(Ok(Message::Close(frame))) => Err(why_closed(frame.as_ref())),
            Some(Err(error)) => Err(why_unreadable(error)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                self.silence.heard_a_sign();
                Ok(())
            }
            Some(Ok(Message::Binary(bytes))) if self.is_binary => {
                self.silence.heard_a_message(self.engine.limits().ping_after);
                self.peer.receive_compact(&bytes);
                Ok(())
            }
            Some(Ok(Message::Text(text))) if !self.is_binary => {
                self.silence.heard_a_message(self.engine.limits().ping_after);
                self.peer.receive(&text);
                Ok(())
            }
            Some(Ok(Message::Binary(_) | Message::Text(_))) => Err(End::Closing(CloseCode::UnsupportedData)),
        }
    }

    async fn on_silence(&mut self) -> Result<(), End> {
        let limits = self.engine.limits();
        match self.silence.after(limits.ping_after, limits.pong_within) {
            Silent::Waiting => Ok(()),
            Silent::Ping => self.send(Message::Ping(Vec::new().into())).await,
            Silent::NeverSpoke => Err(End::Closing(CloseCode::FirstMessageTimeout)),
            Silent::Lost => Err(End::Silent),
        }
    }

    async fn close(&mut self, code: CloseCode) {
        let frame = CloseFrame { code: code.code(), reason: Utf8Bytes::from_static(reason(code)) };
        if self.send(Message::Close(Some(frame))).await.is_ok() {
            self.drain().await;
        }
    }

    /// Reads on until the client has the close frame: a socket closed with unread data in it is reset, and the frame may
    /// be lost with it.
    async fn drain(&mut self) {
        let drained = async { while let Some(Ok(_)) = self.socket.recv().await {} };
        let _ = timeout(LINGER, drained).await;
    }
}

/// What a client that closes means: a page that is left closes with 1001, a script that is done without a code.
fn why_closed(frame: Option<&CloseFrame>) -> End {
    match frame.map(|frame| frame.code) {
        None | Some(1000 | 1005) => End::Closed,
        Some(1001) => End::Left,
        Some(_) => End::Interrupted,
    }
}

/// How long a closed socket waits for its client to close, too.
const LINGER: Duration = Duration::from_secs(1);

/// What a browser's developer reads beside the code.
fn reason(code: CloseCode) -> &'static str {
    match code {
        CloseCode::Done => "done",
        CloseCode::GoingAway => "silent for too long",
        CloseCode::ProtocolError => "a protocol error, such as a gap in the request numbers",
        CloseCode::UnsupportedData => "the subprotocol does not carry messages of this kind",
        CloseCode::InvalidData => "a message is not UTF-8",
        CloseCode::PolicyViolation => "too far ahead of the received answers",
        CloseCode::MessageTooLarge => "a message is too large",
        CloseCode::InternalError => "the server failed",
        CloseCode::Restart => "the server restarts",
        CloseCode::TryLater => "the server is full",
        CloseCode::Unauthorized => "authentication is needed",
        CloseCode::Forbidden => "refused",
        CloseCode::FirstMessageTimeout => "no first message in time",
        CloseCode::Replaced => "a newer connection took over",
        CloseCode::VersionMismatch => "another version of the protocol is spoken here",
        CloseCode::Lifetime => "the connection is old enough",
        CloseCode::TooSlow => "messages were read too slowly",
    }
}

fn why_unreadable(error: axum::Error) -> End {
    use tungstenite::Error;
    let Ok(error) = error.into_inner().downcast::<Error>() else { return End::Gone };
    match *error {
        Error::Capacity(_) => End::Closing(CloseCode::MessageTooLarge),
        Error::Utf8(_) => End::Closing(CloseCode::InvalidData),
        Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => End::Gone,
        Error::Protocol(_) => End::Closing(CloseCode::ProtocolError),
        _ => End::Gone,
    }
}

/// How long a client has been silent, and what that means. One timer, set anew only when it rings.
struct Silence {
    timer: Pin<Box<Sleep>>,
    heard: Instant,
    state: Heard,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// No message yet: the first deadline runs.
    Nothing,
    /// Something since the last ping.
    Something,
    /// A ping is not answered yet.
    NotSincePing,
}

/// What a silence means.
enum Silent {
    Waiting,
    Ping,
    NeverSpoke,
    Lost,
}

impl Silence {
    fn new(first_message: Duration) -> Self {
        Silence { timer: Box::pin(sleep(first_message)), heard: Instant::now(), state: Heard::Nothing }
    }
    fn heard_a_message(&mut self, ping_after: Duration) {
        self.heard = Instant::now();
        if self.state == Heard::Nothing {
            self.timer.as_mut().reset(self.heard + ping_after);
        }
        self.state = Heard::Something;
    }
    fn heard_a_sign(&mut self) {
        self.heard = Instant::now();
        if self.state == Heard::NotSincePing {
            self.state = Heard::Something;
        }
    }
    fn after(&mut self, ping_after: Duration, pong_within: Duration) -> Silent {
        let due = self.heard + ping_after;
        match self.state {
            Heard::Nothing => Silent::NeverSpoke,
            Heard::NotSincePing => Silent::Lost,
            Heard::Something if due > Instant::now() => {
                self.timer.as_mut().reset(due);
                Silent::Waiting
            }
            Heard::Something => {
                self.state = Heard::NotSincePing;
                self.timer.as_mut().reset(Instant::now() + pong_within);
                Silent::Ping
            }
        }
    }
}
