//! The real server on the simulated network.
use crate::{
    components::{Ledger, Notebook},
    dice::Dice,
    host::SeededHost,
    listener::{Connections, NetworkListener},
    record::Record,
};
use fluxstack_live::{Limits, Live, serve_until};
use std::{
    cell::{Cell, RefCell},
    future::{Future, pending, poll_fn},
    pin::pin,
    rc::Rc,
    sync::{Arc, Mutex},
    task::Poll,
};
use tokio::sync::Notify;
use turmoil::net::TcpListener;

/// What all lives of the server have in common. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) record: Record,
    pub(crate) dice: Arc<Mutex<Dice>>,
    pub(crate) limits: Limits,
    pub(crate) connections: Arc<Connections>,
    signals: Rc<RefCell<Signals>>,
    /// `serve_until` has returned.
    pub(crate) has_ended: Rc<Cell<bool>>,
}

/// What one process is told from outside.
#[derive(Clone, Default)]
struct Signals {
    drain: Arc<Notify>,
    kill: Arc<Notify>,
}

impl Server {
    pub(crate) fn new(record: Record, dice: Dice, limits: Limits) -> Self {
        Server {
            record,
            dice: Arc::new(Mutex::new(dice)),
            limits,
            connections: Arc::default(),
            signals: Rc::default(),
            has_ended: Rc::default(),
        }
    }
    /// One life. When it is drained it waits for the world to end its process.
    pub(crate) async fn run(self) -> turmoil::Result {
        self.record.notes().server += 1;
        self.connections.open();
        self.has_ended.set(false);
        let live = Live::builder()
            .component::<Ledger>()
            .component::<Notebook>()
            .state(self.record.clone())
            .limits(self.limits.clone())
            .host(Arc::new(SeededHost::new(self.dice.clone())))
            .build()?;
        let listener = TcpListener::bind(("0.0.0.0", 3000)).await?;
        let listener = NetworkListener::new(listener, self.connections.clone());
        let Signals { drain, kill } = Signals::default();
        *self.signals.borrow_mut() = Signals { drain: drain.clone(), kill: kill.clone() };
        let connections = self.connections.clone();
        let told = async move {
            drain.notified().await;
            connections.hush();
        };
        let serving = serve_until(listener, live.router("/live"), told);
        let (mut serving, mut killed) = (pin!(serving), pin!(kill.notified()));
        let ended = poll_fn(|cx| {
            if killed.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            serving.as_mut().poll(cx).map(Some)
        });
        if let Some(result) = ended.await {
            result?;
        }
        self.connections.drop_all();
        self.has_ended.set(true);
        pending().await
    }
    /// What `kill -9` does; the world ends the process in its next step.
    pub(crate) fn kill(&self) {
        self.connections.close();
        self.signals.borrow().kill.notify_one();
    }
    /// What SIGTERM does.
    pub(crate) fn drain(&self) {
        self.connections.close();
        self.signals.borrow().drain.notify_one();
    }
}
