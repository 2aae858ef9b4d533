//! Work beside a store: [`Context::spawn`] starts it, [`Context::every`] repeats it, and a [`JobStore`] is what it reaches
//! the store by. It never holds the store up, and never outlives it.
use crate::{
    actions::LiveActions,
    context::{Beginning, Context, MountContext},
    failure::Failure,
    host::BoxFuture,
    store::Store,
    update::{UpdateError, update},
};
use std::{
    any::TypeId,
    marker::PhantomData,
    ops::ControlFlow,
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};

/// The store beside which a job runs.
pub struct JobStore<C> {
    store: Weak<Store>,
    of: PhantomData<fn(&mut C)>,
}

impl<C> Clone for JobStore<C> {
    fn clone(&self) -> Self {
        JobStore { store: self.store.clone(), of: PhantomData }
    }
}

impl<C: LiveActions> JobStore<C> {
    /// One transaction, committed when `change` returns and shown at once to everyone who has mounted the store.
    ///
    /// It waits for its turn at the store, like an action. It has no visitor: [`Context::visitor`] is None, also if a
    /// visitor's action spawned the job.
    ///
    /// # Errors
    /// [`UpdateError::Failed`] if the change panicked or cannot be committed: it is undone, and the job goes on.
    /// [`UpdateError::NotMounted`] if the store is gone; the job itself hardly sees it, because it is dropped then.
    pub async fn update<R>(
        &self,
        change: impl FnOnce(&mut C, &mut Context<C>) -> R + Send,
    ) -> Result<R, UpdateError> {
        self.try_update(|component, cx| Ok(change(component, cx))).await
    }
    /// One transaction, committed when `change` returns `Ok`, and rolled back when it returns `Err`.
    ///
    /// # Errors
    /// As [`update`](Self::update), and [`UpdateError::Refused`] with what `change` returned.
    pub async fn try_update<R, E>(
        &self,
        change: impl FnOnce(&mut C, &mut Context<C>) -> Result<R, E> + Send,
    ) -> Result<R, UpdateError<E>> {
        update(self.store.clone(), change).await
    }
}

/// What a tick may return: nothing, and it goes on, or a [`ControlFlow`], of which `Break` makes this tick the last.
#[diagnostic::on_unimplemented(
    message = "a tick cannot return `{Self}`",
    label = "returns neither nothing nor `ControlFlow<()>`"
)]
pub trait Tick {
    /// Whether there is to be another one.
    fn flow(self) -> ControlFlow<()>;
}
impl Tick for () {
    fn flow(self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
impl Tick for ControlFlow<()> {
    fn flow(self) -> ControlFlow<()> {
        self
    }
}

impl<C: LiveActions> Context<C> {
    /// Starts a job beside the store: for what takes its time. The store is free meanwhile, and each
    /// [`update`](JobStore::update) that the job makes is shown at once.
    ///
    /// ```
    /// # extern crate fluxstack_live_core as fluxstack_live;
    /// # use fluxstack_live::{actions::MountError, context::Context};
    /// # use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
    /// # #[live_type] struct Nothing {}
    /// #[derive(LiveComponent, Default)]
    /// struct Import {
    ///     #[live]
    ///     rows: u32,
    ///     #[live]
    ///     is_done: bool,
    /// }
    ///
    /// #[live_actions]
    /// impl Import {
    /// #   fn mount(_props: Nothing) -> Result<Self, MountError> { Ok(Import::default()) }
    ///     async fn start(&mut self, cx: &mut Context<Self>) {
    ///         self.is_done = false;
    ///         cx.spawn(|store| async move {
    ///             for row in 1..=100 {
    ///                 import(row).await;
    ///                 if store.update(|this, _| this.rows = row).await.is_err() {
    ///                     return;
    ///                 }
    ///             }
    ///             let _ = store.update(|this, _| this.is_done = true).await;
    ///         });
    ///     }
    /// }
    /// # async fn import(_row: u32) {}
    /// # fn main() {}
    /// ```
    ///
    /// It starts when the transaction that spawned it has been committed, at its end or by a [flush](Context::flush); a
    /// transaction that fails starts nothing. It has no deadline, only each of its updates is a transaction with the
    /// usual rules. It does not keep the store alive: when the component goes, because it is unmounted, its session is
    /// over, nobody has mounted the shared store for a while, or it has failed, the job's future is dropped, wherever it
    /// waits. A panic of the job goes to the log with the component's name; what it has committed stays, and so does the
    /// store.
    ///
    /// A job does not see the context of the action. What it needs, such as a pool from [`state`](Context::state), is
    /// cloned before.
    ///
    /// # Ends the action
    /// If [`jobs_per_store`](crate::limits::Limits::jobs_per_store) of them run already, the action ends here, as by a
    /// [flush](Context::flush) that cannot be made, is rolled back, and fails with `too_many`.
    pub fn spawn<F>(&mut self, job: impl FnOnce(JobStore<C>) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let job = begin(job)(self.store.clone());
        self.add_job(job);
    }
    /// Changes the store every so often, beside it: a clock, a game, a price that is looked up. Each tick is one
    /// transaction, committed and shown at once. It is a job like one that is [spawned](Context::spawn): it starts with
    /// the commit, counts as one, and ends with the store.
    ///
    /// ```
    /// # extern crate fluxstack_live_core as fluxstack_live;
    /// # use fluxstack_live::{actions::MountError, context::Context};
    /// # use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
    /// # use std::{ops::ControlFlow, time::Duration};
    /// # #[live_type] struct Nothing {}
    /// #[derive(LiveComponent, Default)]
    /// struct Countdown {
    ///     #[live]
    ///     seconds: u32,
    /// }
    ///
    /// #[live_actions]
    /// impl Countdown {
    /// #   fn mount(_props: Nothing) -> Result<Self, MountError> { Ok(Countdown::default()) }
    ///     async fn start(&mut self, cx: &mut Context<Self>) {
    ///         self.seconds = 10;
    ///         cx.every(Duration::from_secs(1), |this, _cx| {
    ///             this.seconds -= 1;
    ///             if this.seconds == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    ///         });
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// The first tick comes after one period, each further one a period after the end of the one before: a tick that has
    /// to wait for an action makes the next one later, and none is made up for. So a clock asks the time, and does not
    /// count ticks. A tick that panics or cannot be committed is undone and logged, and the next one comes. A tick that
    /// returns [`ControlFlow::Break`] is committed, and is the last.
    ///
    /// # Panics
    /// If the period is zero.
    ///
    /// # Ends the action
    /// If there are too many jobs, as [`spawn`](Context::spawn).
    pub fn every<T: Tick>(
        &mut self,
        period: Duration,
        tick: impl FnMut(&mut C, &mut Context<C>) -> T + Send + 'static,
    ) {
        let job = begin(ticking(period, tick))(self.store.clone());
        self.add_job(job);
    }
    fn add_job(&mut self, job: BoxFuture<'static, ()>) {
        let store = self.store.upgrade().expect("a store outlives its transactions");
        match store.ledger().jobs.add(C::NAME, job) {
            Ok(job) => self.jobs().push(job),
            Err(failure) => self.end(failure),
        }
    }
}

impl MountContext {
    /// As [`Context::spawn`], for a job that a component has from its beginning. It starts when the store is made. Only in
    /// `mount`.
    ///
    /// # Panics
    /// In `key` and `authorize`, when there may be no new store, and of a copy once `mount` is over. The mount fails with code `internal`, as it does if the
    /// job is one of another component; with `too_many` if there are too many.
    pub fn spawn<C: LiveActions, F>(&self, job: impl FnOnce(JobStore<C>) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let beginning = Beginning { of: TypeId::of::<C>(), component: C::NAME, begin: Box::new(begin(job)) };
        let beginnings = self.beginnings.as_ref().map(|it| it.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(mut beginnings) = beginnings.filter(|beginnings| beginnings.is_some()) else {
            panic!(
                "a job begins while `mount` runs, not in `key` or `authorize`, when there may be no new store, nor later"
            )
        };
        beginnings.get_or_insert_default().push(beginning);
    }
    /// As [`Context::every`], for a component that ticks from its beginning. Only in `mount`.
    ///
    /// ```
    /// # extern crate fluxstack_live_core as fluxstack_live;
    /// # use fluxstack_live::{actions::MountError, context::{Context, MountContext}};
    /// # use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
    /// # use std::time::{Duration, Instant};
    /// # #[live_type] struct Nothing {}
    /// #[derive(LiveComponent)]
    /// struct Uptime {
    ///     #[live]
    ///     seconds: u64,
    ///     since: Instant,
    /// }
    ///
    /// #[live_actions]
    /// impl Uptime {
    ///     fn mount(_props: Nothing, cx: &MountContext) -> Result<Self, MountError> {
    ///         cx.every(Duration::from_secs(1), |this: &mut Self, _cx| this.seconds = this.since.elapsed().as_secs());
    ///         Ok(Uptime { seconds: 0, since: Instant::now() })
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Panics
    /// If the period is zero, and as [`spawn`](MountContext::spawn).
    pub fn every<C: LiveActions, T: Tick>(
        &self,
        period: Duration,
        tick: impl FnMut(&mut C, &mut Context<C>) -> T + Send + 'static,
    ) {
        self.spawn(ticking(period, tick));
    }
}

/// The work that a job does once its store is known.
fn begin<C, F>(
    job: impl FnOnce(JobStore<C>) -> F + Send + 'static,
) -> impl FnOnce(Weak<Store>) -> BoxFuture<'static, ()> + Send
where
    F: Future<Output = ()> + Send + 'static,
{
    // In the future, so that it is run as the job and not by who starts it.
    |store| Box::pin(async move { job(JobStore { store, of: PhantomData }).await })
}

fn ticking<C: LiveActions, T: Tick>(
    period: Duration,
    mut tick: impl FnMut(&mut C, &mut Context<C>) -> T + Send + 'static,
) -> impl FnOnce(JobStore<C>) -> BoxFuture<'static, ()> + Send + 'static {
    assert!(!period.is_zero(), "a period is longer than zero; what never pauses is a job that is spawned");
    move |store| {
        Box::pin(async move {
            let Some(host) = store.store.upgrade().map(|store| store.host().clone()) else { return };
            loop {
                host.sleep(period).await;
                match store.update(|component, cx| tick(component, cx).flow()).await {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) | Err(UpdateError::NotMounted) => return,
                    Err(UpdateError::Failed(cause)) => {
                        tracing::error!(
                            component = C::NAME,
                            cause,
                            "a tick failed and was undone; the next one comes"
                        );
                    }
                    Err(UpdateError::Refused(never)) => match never {},
                }
            }
        })
    }
}

/// Starts what a component has from its beginning.
pub(crate) fn start<C: LiveActions>(store: &Arc<Store>, beginnings: Vec<Beginning>) -> Result<(), Failure> {
    let jobs = &store.ledger().jobs;
    let add = |Beginning { of, component, begin }: Beginning| {
        if of != TypeId::of::<C>() {
            let name = C::NAME;
            return Err(Failure::Internal(format!("`mount` of `{name}` has spawned a job of `{component}`")));
        }
        jobs.add(component, begin(Arc::downgrade(store)))
    };
    jobs.start(beginnings.into_iter().map(add).collect::<Result<_, _>>()?);
    Ok(())
}
