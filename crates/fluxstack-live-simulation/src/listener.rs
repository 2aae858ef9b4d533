//! The simulated network's listener, as axum takes one. Its connections can be cut from outside.
use axum::serve::Listener;
use std::{
    future::pending,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, sleep_until},
};
use turmoil::net::{TcpListener, TcpStream};

/// The server's connections, as the world knows them.
#[derive(Default)]
pub(crate) struct Connections {
    /// In the order in which they came.
    known: Mutex<Vec<(IpAddr, Weak<Slot>)>>,
    /// Nothing is read before.
    hushed_until: Mutex<Option<Instant>>,
    /// Nobody is let in any more.
    is_closed: AtomicBool,
}

impl Connections {
    /// The server drops its newest connection of a client; false if it has none.
    pub(crate) fn cut(&self, client: IpAddr) -> bool {
        let known = self.known.lock().expect("no code panics while it holds them");
        let mut of_client = known.iter().rev().filter(|(ip, _)| *ip == client);
        let newest = of_client.find_map(|(_, slot)| slot.upgrade().filter(|slot| !slot.is_empty()));
        newest.is_some_and(|slot| {
            slot.cut();
            true
        })
    }
    /// For a new server.
    pub(crate) fn open(&self) {
        self.is_closed.store(false, Ordering::Relaxed);
        // By the clock of the machine before, which was ahead of this one's by what it had simulated.
        *self.hushed_until.lock().expect("no code panics while it holds it") = None;
    }
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }
    /// Nothing is read for a millisecond. axum's connections look for a request and for the server's end in a random order
    /// of their own: both at once must not be.
    pub(crate) fn hush(&self) {
        let until = Instant::now() + Duration::from_millis(1);
        *self.hushed_until.lock().expect("no code panics while it holds it") = Some(until);
    }
    fn hushed_until(&self) -> Option<Instant> {
        let until = *self.hushed_until.lock().expect("no code panics while it holds it");
        until.filter(|until| *until > Instant::now())
    }
    /// All end at once, in their order: a runtime that is dropped drops its tasks in one that depends on other worlds.
    pub(crate) fn drop_all(&self) {
        for (_, slot) in self.known.lock().expect("no code panics while it holds them").drain(..) {
            if let Some(slot) = slot.upgrade() {
                drop(slot.stream().take());
            }
        }
    }
}

/// A stream, until it is cut.
struct Slot {
    stream: Mutex<Option<TcpStream>>,
    /// The next look at it ends it: on the server's machine, and not in the middle of the world.
    is_cut: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Slot {
    fn new(stream: TcpStream) -> Self {
        Slot { stream: Mutex::new(Some(stream)), is_cut: AtomicBool::new(false), waker: Mutex::default() }
    }
    fn is_empty(&self) -> bool {
        self.stream().is_none()
    }
    fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
        if let Some(waker) = self.waker.lock().expect("no code panics while it holds it").take() {
            waker.wake();
        }
    }
    fn stream(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.stream.lock().expect("no code panics while it holds it")
    }
    fn poll<T>(
        &self,
        cx: &mut Context,
        then: impl FnOnce(Pin<&mut TcpStream>, &mut Context) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut stream = self.stream();
        if self.is_cut.load(Ordering::Relaxed) {
            stream.take();
        }
        match &mut *stream {
            Some(stream) => then(Pin::new(stream), cx),
            None => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        }
    }
}

pub(crate) struct NetworkListener {
    listener: TcpListener,
    connections: Arc<Connections>,
}

impl NetworkListener {
    pub(crate) fn new(listener: TcpListener, connections: Arc<Connections>) -> Self {
        NetworkListener { listener, connections }
    }
}

impl Listener for NetworkListener {
    type Io = NetworkStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (NetworkStream, SocketAddr) {
        loop {
            // axum looks for a connection and for the end in a random order of its own: both at once must not be.
            if self.connections.is_closed.load(Ordering::Relaxed) {
                return pending().await;
            }
            let Ok((stream, from)) = self.listener.accept().await else { continue };
            let slot = Arc::new(Slot::new(stream));
            let mut known = self.connections.known.lock().expect("no code panics while it holds them");
            known.retain(|(_, slot)| slot.strong_count() > 0);
            known.push((from.ip(), Arc::downgrade(&slot)));
            drop(known);
            return (NetworkStream { slot, connections: self.connections.clone() }, from);
        }
    }
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

pub(crate) struct NetworkStream {
    slot: Arc<Slot>,
    connections: Arc<Connections>,
}

impl AsyncRead for NetworkStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        if let Some(until) = self.connections.hushed_until() {
            let waker = cx.waker().clone();
            tokio::spawn(async move {
                sleep_until(until).await;
                waker.wake();
            });
            return Poll::Pending;
        }
        *self.slot.waker.lock().expect("no code panics while it holds it") = Some(cx.waker().clone());
        self.slot.poll(cx, |stream, cx| stream.poll_read(cx, buffer))
    }
}

impl AsyncWrite for NetworkStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.slot.poll(cx, |stream, cx| stream.poll_write(cx, bytes))
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        self.slot.poll(cx, |stream, cx| stream.poll_flush(cx))
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        self.slot.poll(cx, |stream, cx| stream.poll_shutdown(cx))
    }
}
