//! The proxy: a listener in front of a server, and what can be done to all its connections at once.
use crate::{
    connection::Connection,
    orders::{Ear, Orders},
    plan::Plan,
    record::{Fault, Faults, Line, Passed, Record},
    schedule::Schedule,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::sleep,
};

/// A TCP proxy on a free port of 127.0.0.1. Dropping it stops it and closes all its sockets.
pub struct FaultProxy {
    address: SocketAddr,
    orders: Arc<Orders>,
    record: Arc<Record>,
    task: JoinHandle<()>,
}

impl FaultProxy {
    /// Starts one in front of the server at `upstream`, which need not be there yet: a connection that cannot be joined to
    /// it is closed.
    ///
    /// # Errors
    /// If no port can be listened on.
    pub async fn start(upstream: SocketAddr, schedule: Schedule) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (orders, record) = (Arc::new(Orders::new()), Arc::new(Record::default()));
        let task = tokio::spawn(serve(listener, upstream, schedule, orders.clone(), record.clone()));
        Ok(FaultProxy { address, orders, record, task })
    }
    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
    /// From now on everything is forwarded as it comes, on the connections that are there, too. Half-open ones are reset:
    /// what has vanished does not come back.
    pub fn heal(&self) {
        self.orders.heal();
    }
    /// Resets every connection there is. Those that come later follow their plans.
    pub fn cut_all(&self) {
        self.orders.cut_all();
    }
    /// How many connections were accepted: the number of the next one.
    pub fn connections(&self) -> u64 {
        self.record.connections()
    }
    /// What has gone through a connection; None if there is none with this number yet.
    pub fn passed(&self, connection: u64) -> Option<Passed> {
        self.record.passed(connection)
    }
    /// The faults that really happened so far. What [`FaultProxy::heal`] and [`FaultProxy::cut_all`] do is no fault.
    pub fn faults(&self) -> Faults {
        self.record.faults()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    upstream: SocketAddr,
    schedule: Schedule,
    orders: Arc<Orders>,
    record: Arc<Record>,
) {
    // Ends with this task, and every connection with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    let line = Line { record: record.clone(), connection: record.open() };
                    let plan = schedule.plan(line.connection as u64);
                    connections.spawn(connect(client, upstream, plan, line, orders.listen()));
                }
                // Out of sockets, most likely: some have to be closed first.
                Err(_) => sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connect(client: TcpStream, upstream: SocketAddr, plan: Plan, line: Line, ear: Ear) {
    let Plan::Join { up, down } = (if ear.is_healed() { Plan::clean() } else { plan }) else {
        line.meet(Fault::Refused);
        return;
    };
    let Ok(server) = TcpStream::connect(upstream).await else { return };
    if let Ok(connection) = Connection::new(client, server, line, ear) {
        connection.run(up, down).await;
    }
}
