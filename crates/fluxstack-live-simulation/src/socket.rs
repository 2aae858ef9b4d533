//! A page's WebSocket on the simulated network: opened, read and written without a thought of what it carries.
use fluxstack_live_protocol::{SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK, compact};
use futures_util::{Sink, Stream};
use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        protocol::{CloseFrame, WebSocketConfig},
    },
};
use turmoil::net::TcpStream;

type Open = WebSocketStream<TcpStream>;

/// What happens on a socket.
pub(crate) enum Event {
    Opened,
    Received(String),
    /// With the code of the close frame, or 1006.
    Closed(u16),
    /// The time is up.
    Time,
}

pub(crate) struct Socket {
    state: State,
    queue: VecDeque<Message>,
    is_compact: bool,
}

enum State {
    Opening(Pin<Box<dyn Future<Output = Option<Open>>>>),
    Open(Box<Open>),
    /// It was cut, or the network lost it.
    Gone,
}

impl Socket {
    pub(crate) fn open(is_compact: bool) -> Self {
        let state = State::Opening(Box::pin(open(is_compact)));
        Socket { state, queue: VecDeque::new(), is_compact }
    }
    pub(crate) fn send(&mut self, text: &str) {
        let message = self.message(text);
        self.queue.push_back(message);
    }
    fn message(&self, text: &str) -> Message {
        if self.is_compact {
            Message::Binary(compact::from_client(text, None).expect("what is sent is JSON").into())
        } else {
            Message::Text(text.into())
        }
    }
    /// Sends so many of each hundred bytes of a message, and is gone; true if any of it went out.
    pub(crate) fn cut_inside(&mut self, text: &str, percent: u64) -> bool {
        let frame = masked(&self.message(text));
        let State::Open(open) = &mut self.state else { return false };
        let part = frame.len() * usize::try_from(percent).expect("below a hundred") / 100;
        let is_out = open.get_mut().try_write(&frame[..part.max(1)]).is_ok();
        self.state = State::Gone;
        is_out
    }
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }
    /// Says that it closes and will be back.
    pub(crate) fn close(&mut self) {
        let frame = CloseFrame { code: 4000.into(), reason: "".into() };
        self.queue.push_back(Message::Close(Some(frame)));
    }
    /// The next that happens, or that it is time. One who is deaf only writes, and so do the old sockets.
    pub(crate) async fn next(
        this: Option<&mut Socket>,
        old: &mut [(Duration, Socket)],
        is_deaf: bool,
        until: Instant,
    ) -> Event {
        let mut this = this;
        let mut sleep = Box::pin(sleep_until(until));
        poll_fn(|cx| {
            for (_, socket) in old.iter_mut() {
                let _ = socket.poll(cx, true);
            }
            if let Some(event) = this.as_mut().and_then(|socket| socket.poll(cx, is_deaf)) {
                return Poll::Ready(event);
            }
            sleep.as_mut().poll(cx).map(|()| Event::Time)
        })
        .await
    }
    fn poll(&mut self, cx: &mut Context, is_deaf: bool) -> Option<Event> {
        let event = match &mut self.state {
            State::Opening(opening) => match opening.as_mut().poll(cx) {
                Poll::Pending => None,
                Poll::Ready(None) => Some(Event::Closed(1006)),
                Poll::Ready(Some(open)) => {
                    self.state = State::Open(Box::new(open));
                    return Some(Event::Opened);
                }
            },
            State::Open(open) => {
                write(open, &mut self.queue, cx).or_else(|| if is_deaf { None } else { read(open, cx) })
            }
            State::Gone => Some(Event::Closed(1006)),
        };
        if let Some(Event::Closed(_)) = event {
            self.state = State::Gone;
        }
        event
    }
}

async fn open(is_compact: bool) -> Option<Open> {
    let stream = TcpStream::connect(("server", 3000)).await.ok()?;
    let mut request = "ws://server:3000/live".into_client_request().ok()?;
    let subprotocol = if is_compact { SUBPROTOCOL_MSGPACK } else { SUBPROTOCOL_JSON };
    request.headers_mut().insert("sec-websocket-protocol", subprotocol.parse().ok()?);
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let (open, _) = client_async_with_config(request, stream, Some(config)).await.ok()?;
    Some(open)
}

fn write(open: &mut Open, queue: &mut VecDeque<Message>, cx: &mut Context) -> Option<Event> {
    while !queue.is_empty() {
        match Pin::new(&mut *open).poll_ready(cx) {
            Poll::Pending => return None,
            Poll::Ready(Err(_)) => return Some(Event::Closed(1006)),
            Poll::Ready(Ok(())) => {}
        }
        let message = queue.pop_front()?;
        if Pin::new(&mut *open).start_send(message).is_err() {
            return Some(Event::Closed(1006));
        }
    }
    match Pin::new(open).poll_flush(cx) {
        Poll::Ready(Err(_)) => Some(Event::Closed(1006)),
        Poll::Ready(Ok(())) | Poll::Pending => None,
    }
}

fn read(open: &mut Open, cx: &mut Context) -> Option<Event> {
    loop {
        return match Pin::new(&mut *open).poll_next(cx) {
            Poll::Pending => None,
            Poll::Ready(Some(Ok(Message::Text(text)))) => Some(Event::Received(text.to_string())),
            Poll::Ready(Some(Ok(Message::Binary(bytes)))) => {
                let text = compact::to_client(&bytes, |_| None);
                Some(Event::Received(text.unwrap_or_else(|| "no MessagePack".to_owned())))
            }
            Poll::Ready(Some(Ok(Message::Close(frame)))) => {
                Some(Event::Closed(frame.map_or(1005, |frame| frame.code.into())))
            }
            Poll::Ready(Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)))) => continue,
            Poll::Ready(Some(Err(_)) | None) => Some(Event::Closed(1006)),
        };
    }
}

/// A client's frame, with a mask of zeros.
fn masked(message: &Message) -> Vec<u8> {
    let (code, data) = match message {
        Message::Text(text) => (0x81, text.as_bytes()),
        Message::Binary(bytes) => (0x82, bytes.as_ref()),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => (0x82, &[][..]),
    };
    let mut frame = vec![code];
    match u16::try_from(data.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length.to_be_bytes()[1]),
        Ok(length) => {
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 127);
            frame.extend((data.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(data);
    frame
}
