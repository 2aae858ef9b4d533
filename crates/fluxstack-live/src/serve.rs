//! A listener and a router become a server.
use axum::{Router, serve::ListenerExt};
use tokio::net::TcpListener;

/// Serves a router on a listener until the process ends. Small messages leave at once (`TCP_NODELAY`).
pub async fn serve(listener: TcpListener, router: Router) -> std::io::Result<()> {
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a socket keeps its delay");
        }
    });
    axum::serve(listener, router).await
}
