//! A listener and a router become a server, which stops without losing a request.
use crate::drain::Drain;
use axum::{
    Extension, Router,
    serve::{Listener, ListenerExt},
};
use std::{
    fmt::Debug,
    future::{Future, IntoFuture},
    io,
    pin::pin,
    time::Duration,
};
use tokio::{net::TcpListener, sync::oneshot, time::sleep};

/// Requests without a socket have so long to be answered when the server stops.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Serves a router on a listener until the process is told to end, by `SIGTERM` or Ctrl-C: then it stops as
/// [`serve_until`] does, and at once if it is told again. Small messages leave at once (`TCP_NODELAY`).
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a socket keeps its delay");
        }
    });
    let mut signals = Signals::new()?;
    let (stop, stopped) = oneshot::channel();
    let serving = serve_until(listener, router, async { drop(stopped.await) });
    let told_twice = async {
        signals.next().await;
        tracing::info!("the server stops; once more ends it at once");
        let _ = stop.send(());
        signals.next().await;
    };
    tokio::select! {
        result = serving => result,
        () = told_twice => Ok(()),
    }
}

/// Serves a router on any listener until `shutdown` ends, and then stops without losing a request, within 25 seconds.
///
/// New connections are refused. The clients are asked to come back in waves of a thousand a second: each sends nothing
/// more, waits for its answers and goes. What is still there two seconds later is closed with 1012 as soon as nothing of it
/// runs; an action that runs on has ten seconds.
pub async fn serve_until<L>(
    listener: L,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()>
where
    L: Listener,
    L::Addr: Debug,
{
    let drain = Drain::new();
    let router = router.layer(Extension(drain.clone()));
    let begin = drain.clone();
    let stopping = async move {
        shutdown.await;
        begin.begin();
    };
    let mut serving = pin!(axum::serve(listener, router).with_graceful_shutdown(stopping).into_future());
    let out_of_patience = async {
        drain.begun().await;
        sleep(ANSWERS_WITHIN).await;
    };
    tokio::select! {
        biased;
        result = &mut serving => result?,
        () = out_of_patience => tracing::warn!("a request is not answered yet as the server ends"),
    }
    drain.end().await;
    Ok(())
}

/// What tells a process to end.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { terminate: signal(SignalKind::terminate())? })
    }
    #[cfg(not(unix))]
    fn new() -> io::Result<Self> {
        Ok(Signals {})
    }
    async fn next(&mut self) {
        #[cfg(unix)]
        let terminate = self.terminate.recv();
        #[cfg(not(unix))]
        let terminate = std::future::pending::<()>();
        tokio::select! {
            _ = terminate => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}
