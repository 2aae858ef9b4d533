//! What a proxy tells its connections while they run.
use tokio::sync::watch;

/// What is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// No plan is followed any more.
    pub(crate) healed: bool,
    /// How often everything was cut.
    pub(crate) cuts: u64,
}

/// The proxy's end.
pub(crate) struct Orders(watch::Sender<State>);

impl Orders {
    pub(crate) fn new() -> Self {
        Orders(watch::Sender::new(State::default()))
    }
    pub(crate) fn heal(&self) {
        self.0.send_modify(|state| state.healed = true);
    }
    pub(crate) fn cut_all(&self) {
        self.0.send_modify(|state| state.cuts += 1);
    }
    /// Hears of what is ordered from now on.
    pub(crate) fn listen(&self) -> Ear {
        let receiver = self.0.subscribe();
        let cuts = receiver.borrow().cuts;
        Ear { receiver, cuts }
    }
}

/// A connection's end.
#[derive(Clone)]
pub(crate) struct Ear {
    receiver: watch::Receiver<State>,
    /// How often everything was cut before this connection was there.
    cuts: u64,
}

impl Ear {
    pub(crate) fn is_healed(&self) -> bool {
        self.receiver.borrow().healed
    }
    pub(crate) async fn healed(&mut self) {
        self.wait_for(|state| state.healed).await;
    }
    pub(crate) async fn cut(&mut self) {
        let before = self.cuts;
        self.wait_for(|state| state.cuts > before).await;
    }
    pub(crate) async fn healed_or_cut(&mut self) {
        let before = self.cuts;
        self.wait_for(|state| state.healed || state.cuts > before).await;
    }
    async fn wait_for(&mut self, is_so: impl FnMut(&State) -> bool) {
        if self.receiver.wait_for(is_so).await.is_err() {
            // The proxy is gone; its connections end with their tasks.
            std::future::pending::<()>().await;
        }
    }
}
