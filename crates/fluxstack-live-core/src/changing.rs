//! A component in the middle of a transaction: what has changed, and [`Context::flush`], which commits it there.
use crate::{
    component::{Computed, Computes},
    context::Context,
    event::Event,
    failure::Failure,
    guard::{self, guarded},
    host,
    jobs::Job,
    ops::{Changes, Ops},
    seat::Change,
};
use fluxstack_live_protocol::strict;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// A component and its context, whoever owns them.
pub(crate) struct Changing<'a, C: Computes> {
    pub(crate) component: &'a mut C,
    pub(crate) cx: &'a mut Context<C>,
}

impl<C: Computes> Change for Changing<'_, C> {
    fn diff(&mut self) -> Result<Changes, Failure> {
        let Changing { component, cx } = self;
        // What has ended stays ended, even if its author has caught the panic that it looks like.
        cx.ended.clone().map_or(Ok(()), Err)?;
        let mut ops = Ops::default();
        component.diff(&cx.shadow, &mut ops);
        let computed = cx.computed_next.insert(component.compute());
        computed.diff(&cx.computed, &mut ops);
        ops.finish().map_err(|e| Failure::Internal(format!("the commit: {e}")))
    }
    fn take_events(&mut self) -> Result<Vec<Event>, Failure> {
        self.cx.take_events()
    }
    fn snapshot(&self) -> Result<Vec<u8>, Failure> {
        snapshot(self.component, self.cx.shown())
    }
    fn accept(&mut self) {
        let Changing { component, cx } = self;
        component.accept(&mut cx.shadow);
        if let Some(computed) = cx.computed_next.take() {
            cx.computed = computed;
        }
    }
    fn take_jobs(&mut self) -> Vec<Job> {
        self.cx.take_jobs()
    }
}

/// The public state.
pub(crate) fn snapshot<C: Computes>(component: &C, computed: &C::Computed) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let public = Public { component, computed };
    strict::write_json(&public, &mut out).map_err(|e| Failure::Internal(format!("the state: {e}")))?;
    Ok(out)
}

struct Public<'a, C: Computes> {
    component: &'a C,
    computed: &'a C::Computed,
}
impl<C: Computes> Serialize for Public<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct(C::NAME, C::FIELDS.len() + C::Computed::FIELDS.len())?;
        self.component.serialize_fields(&mut out)?;
        self.computed.serialize_fields(&mut out)?;
        out.end()
    }
}

impl<C: Computes> Context<C> {
    /// Commits in the middle of an action: `cx.flush(self).await`. What has changed so far and the events told so far
    /// go to everyone who has mounted the store, at once, and the jobs spawned so far start; then the action goes on. If
    /// nothing changed and nothing was told, there is no commit.
    ///
    /// ```
    /// # extern crate fluxstack_live_core as fluxstack_live;
    /// # use fluxstack_live::{actions::MountError, context::Context};
    /// # use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
    /// # #[live_type] struct Nothing {}
    /// #[derive(LiveComponent, Default)]
    /// struct Report {
    ///     #[live]
    ///     is_running: bool,
    ///     #[live]
    ///     rows: Vec<String>,
    /// }
    ///
    /// #[live_actions]
    /// impl Report {
    /// #   fn mount(_props: Nothing) -> Result<Self, MountError> { Ok(Report::default()) }
    ///     async fn run(&mut self, cx: &mut Context<Self>) {
    ///         self.is_running = true;
    ///         cx.flush(self).await;           // the page shows that it runs
    ///         self.rows = query().await;
    ///         self.is_running = false;        // both in one commit, at the end
    ///     }
    /// }
    /// # async fn query() -> Vec<String> { Vec::new() }
    /// # fn main() {}
    /// ```
    ///
    /// The store stays the action's: nothing else changes it, before the flush or after. An action that fails later, by
    /// an `Err`, a panic or its deadline, leaves the store as at its last flush, server-only fields included, and only its
    /// caller hears of it. In the example above the page would then show a report that runs for ever: what has to be
    /// undone in any case belongs into a [job](Context::spawn). The version in the action's answer is the last commit's.
    ///
    /// It costs what the end of an action costs, and the copies of the server-only fields once more. Other tasks have
    /// their turn before it returns.
    ///
    /// # Ends the action
    /// If the commit cannot be made, because it or the state is too large or has a value no browser can hold, the action
    /// **ends here**: it is dropped as if it had panicked, without a word of the panic hook, rolled back to the flush before, and
    /// fails with exactly that: `too_large`, `internal`. There is nothing to handle, and nothing that follows runs.
    ///
    /// # Panics
    /// If `component` is not the one that the action is called on.
    pub async fn flush(&mut self, component: &mut C) {
        assert!(self.is_of(component), "an action flushes its own component: `cx.flush(self).await`");
        // The transaction has it in its hands.
        let store = self.store.upgrade().expect("a store outlives its transactions");
        let mut change = Changing { component, cx: self };
        match store.ledger().prepare(&mut change) {
            Ok(commit) => {
                let settled = store.ledger().settle(&mut change, commit, |_| None);
                if let Err(failure) = settled.accepted {
                    self.is_lost = true;
                    self.end(failure);
                }
            }
            Err(failure) => self.end(failure),
        }
        drop(store);
        // What fails from now on goes back to here. A user's `Clone` may panic, when nothing has changed yet.
        if let Err(failure) = guarded(|| component.begin(&mut self.shadow)) {
            self.end(failure);
        }
        host::give_way().await;
    }
    /// Ends the user's code that has called it, and with it the transaction.
    pub(crate) fn end(&mut self, failure: Failure) -> ! {
        self.ended = Some(failure.clone());
        guard::end(failure)
    }
}
