//! One accepted connection: two sockets, joined by a pipe in each direction, and how both are closed.
use crate::{
    orders::Ear,
    pipe::{Pipe, Stop},
    plan::{Close, Scope, Way},
    record::{Direction, Fault, Line},
};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// One accepted connection and its other half.
pub(crate) struct Connection {
    client: TcpStream,
    server: TcpStream,
    line: Line,
    ear: Ear,
}

/// How it ends.
enum Ending {
    /// Each side has closed its own.
    Ended,
    /// A socket has failed, a half-open time is over, or it was ordered.
    Over(Close),
    /// By its plan.
    Cut(Close),
}

impl Connection {
    pub(crate) fn new(client: TcpStream, server: TcpStream, line: Line, ear: Ear) -> io::Result<Self> {
        // A piece that is written is sent: the other side may see it as the piece it is.
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        Ok(Connection { client, server, line, ear })
    }

    pub(crate) async fn run(mut self, up: Way, down: Way) {
        let close = match self.join(up, down).await {
            Ending::Ended => return,
            Ending::Over(close) => close,
            Ending::Cut(close) => {
                // Noted before it can be noticed.
                self.line.meet(if close == Close::Fin { Fault::Closed } else { Fault::Reset });
                close
            }
        };
        match close {
            Close::Fin => self.close().await,
            Close::Rst => self.reset(),
        }
    }

    async fn join(&mut self, up: Way, down: Way) -> Ending {
        let (client_says, client_hears) = self.client.split();
        let (server_says, server_hears) = self.server.split();
        let (line, mut ear) = (&self.line, self.ear.clone());
        let mut up = Pipe::new(Direction::Up, (client_says, server_hears), up, line.clone(), ear.clone());
        let mut down =
            Pipe::new(Direction::Down, (server_says, client_hears), down, line.clone(), ear.clone());
        let stop = tokio::select! {
            () = ear.cut() => return Ending::Over(Close::Rst),
            stop = async { tokio::try_join!(up.run(), down.run()) } => stop,
        };
        match stop {
            Ok(((), ())) => Ending::Ended,
            Err(Stop::Lost) => Ending::Over(Close::Rst),
            Err(Stop::Cut(close)) => Ending::Cut(close),
            Err(Stop::HalfOpen { direction, scope, lasts }) => {
                let (dead, other) = match direction {
                    Direction::Up => (&mut up, &mut down),
                    Direction::Down => (&mut down, &mut up),
                };
                hold(dead, other, scope, lasts, &mut ear).await
            }
        }
    }

    /// Tells both sides that this is the end, and takes what they still say: a socket that is closed with unread bytes in it
    /// is reset, and what was forwarded might be lost with it.
    async fn close(&mut self) {
        async fn end(socket: &mut TcpStream) {
            let mut rest = [0; 4096];
            if socket.shutdown().await.is_ok() {
                while matches!(socket.read(&mut rest).await, Ok(1..)) {}
            }
        }
        let ends = async { tokio::join!(end(&mut self.client), end(&mut self.server)) };
        let _ = timeout(LINGER, ends).await;
    }

    fn reset(&self) {
        for socket in [&self.client, &self.server] {
            // One that has failed already needs none.
            let _ = socket.set_zero_linger();
        }
    }
}

/// A peer that goes on talking after its socket was closed is reset after this time.
const LINGER: Duration = Duration::from_secs(1);

/// Keeps a half-open connection: what comes into `dead` vanishes, and what comes into `other` as `scope` says.
async fn hold(
    dead: &mut Pipe<'_>,
    other: &mut Pipe<'_>,
    scope: Scope,
    lasts: Option<Duration>,
    ear: &mut Ear,
) -> Ending {
    let rest = async {
        if scope == Scope::OneWay
            && let Err(Stop::Cut(close)) = other.run().await
        {
            return Ending::Cut(close);
        }
        // However it has ended, the dead direction does not tell.
        other.swallow().await;
        Ending::Over(Close::Rst)
    };
    let over = async {
        match lasts {
            Some(time) => sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        ending = rest => ending,
        () = dead.swallow() => Ending::Over(Close::Rst),
        () = over => Ending::Over(Close::Rst),
        () = ear.healed_or_cut() => Ending::Over(Close::Rst),
    }
}
