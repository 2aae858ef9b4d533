//! A TCP proxy with a bad network inside: it cuts connections at an exact byte, lets bytes vanish while the sockets stay
//! open, slows, splits and refuses. For tests and demos of anything that speaks over TCP; it knows no protocol.
//!
//! What happens to a connection is its [`Plan`], and a [`Schedule`] has one for each: a function of the connection's number,
//! or of a seed. Nothing that is decided rests on a clock, so that the same seed is the same bad network again.
//!
//! ```
//! use fluxstack_live_faults::{Close, FaultProxy, Plan, Schedule, Way};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! use tokio::net::{TcpListener, TcpStream};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! let server = TcpListener::bind("127.0.0.1:0").await?;
//! let address = server.local_addr()?;
//! tokio::spawn(async move {
//!     let (mut socket, _) = server.accept().await?;
//!     socket.write_all(b"hello, world").await
//! });
//!
//! // The first connection is cut after five bytes of what the server says; those after it are left alone.
//! let schedule = Schedule::each(|connection| match connection {
//!     0 => Plan::down(Way::cut(5, Close::Fin)),
//!     _ => Plan::clean(),
//! });
//! let proxy = FaultProxy::start(address, schedule).await?;
//!
//! let mut said = String::new();
//! TcpStream::connect(proxy.address()).await?.read_to_string(&mut said).await?;
//! assert_eq!(said, "hello");
//! assert_eq!(proxy.faults().closed, 1);
//! # Ok(())
//! # }
//! ```
//!
//! From a seed: `Schedule::seeded(7, 4096)` strikes somewhere in the first 4096 bytes of most connections.

mod proxy; // a listener, and what can be done to all its connections
mod connection; // two sockets: how they are joined, and how they end
mod pipe; // one direction: bytes on their way
mod orders; // what the proxy tells its connections: heal, cut
mod record; // what has passed, and the faults that really happened
mod schedule; // a plan for each connection
mod plan; // what shall happen to a connection
mod dice; // random numbers from a seed

pub use plan::{Close, End, Plan, Scope, Split, Way};
pub use proxy::FaultProxy;
pub use record::{Faults, Passed};
pub use schedule::Schedule;
