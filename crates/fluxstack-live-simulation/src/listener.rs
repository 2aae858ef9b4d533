//! The simulated network's listener, as axum takes one. Its connections can be cut from outside.
use axum::serve::Listener;
use std::{
    collections::BTreeMap,
    future::pending,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use turmoil::net::{TcpListener, TcpStream};

/// The server's connections, as the world knows them.
#[derive(Default)]
pub(crate) struct Connections {
    /// The newest of each client.
    newest: Mutex<BTreeMap<IpAddr, Arc<Cut>>>,
    /// Nobody is let in any more.
    pub(crate) is_closed: AtomicBool,
}

impl Connections {
    /// The server drops its newest connection of a client; false if it has none.
    pub(crate) fn cut(&self, client: IpAddr) -> bool {
        let cut = self.newest.lock().expect("no code panics while it holds them").remove(&client);
        cut.is_some_and(|cut| {
            let is_open = Arc::strong_count(&cut) > 1;
            cut.cut();
            is_open
        })
    }
}

/// Tells a stream to end.
#[derive(Default)]
struct Cut {
    is_cut: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Cut {
    fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
        if let Some(waker) = self.waker.lock().expect("no code panics while it holds it").take() {
            waker.wake();
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
        // axum looks for a connection and for the end in a random order of its own: both at once must not be.
        if self.connections.is_closed.load(Ordering::Relaxed) {
            return pending().await;
        }
        loop {
            let Ok((stream, from)) = self.listener.accept().await else { continue };
            let cut = Arc::new(Cut::default());
            let mut newest = self.connections.newest.lock().expect("no code panics while it holds them");
            newest.insert(from.ip(), cut.clone());
            return (NetworkStream { stream, cut }, from);
        }
    }
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

pub(crate) struct NetworkStream {
    stream: TcpStream,
    cut: Arc<Cut>,
}

impl NetworkStream {
    fn check(&self) -> io::Result<()> {
        let is_cut = self.cut.is_cut.load(Ordering::Relaxed);
        if is_cut { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl AsyncRead for NetworkStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        self.check()?;
        *self.cut.waker.lock().expect("no code panics while it holds it") = Some(cx.waker().clone());
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for NetworkStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
