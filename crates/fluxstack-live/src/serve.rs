//! A listener and a router become a server.
use axum::{
    Router,
    serve::{Listener, ListenerExt},
};
use std::{future::Future, io};
use tokio::net::TcpListener;

/// Serves a router on a listener until the process ends. Small messages leave at once (`TCP_NODELAY`).
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a socket keeps its delay");
        }
    });
    serve_until(listener, router, std::future::pending()).await
}

/// Serves a router on any listener until `shutdown` ends.
pub async fn serve_until<L: Listener>(
    listener: L,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()>
where
    L::Addr: std::fmt::Debug,
{
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}
