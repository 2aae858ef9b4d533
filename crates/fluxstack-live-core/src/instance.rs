//! One living component without its type: what a store holds.
use crate::{
    actions::{CallFuture, LiveActions},
    component::Computed,
    context::{Context, States},
    event::{Event, Events},
    failure::Failure,
    ops::{Changes, Ops},
    payload::Payload,
    value::Lost,
    visitor::Visitor,
};
use fluxstack_live_protocol::strict;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::{any::Any, sync::Arc};

/// A component and what its transactions need, without its type.
pub(crate) trait Instance: Send {
    /// Before each transaction. None: other code of the server makes the change.
    fn begin(&mut self, visitor: Option<Arc<Visitor>>);
    /// Whether it wants to be told who joins and leaves.
    fn follows_visitors(&self) -> bool;
    /// The visitor of the transaction is there now, or is not any more.
    fn visit(&mut self, coming: Coming) -> CallFuture<'_>;
    fn call<'a>(&'a mut self, action: &'a str, payload: Payload<'a>) -> CallFuture<'a>;
    fn set_property(&mut self, name: &str, value: Payload) -> Result<(), Failure>;
    /// What changed since the last commit. Computes what is computed of the state.
    fn diff(&mut self) -> Result<Changes, Failure>;
    /// Takes what was told since the last commit.
    fn take_events(&mut self) -> Result<Vec<Event>, Failure>;
    /// The public state.
    fn snapshot(&self) -> Result<Vec<u8>, Failure>;
    fn accept(&mut self);
    /// `Err` if that is impossible.
    fn rollback(&mut self) -> Result<(), Failure>;
    fn as_any(&mut self) -> &mut dyn Any;
}

/// Whether a visitor comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    Joins,
    Leaves,
}

/// The one implementation: a component beside its context.
pub(crate) struct Seated<C: LiveActions> {
    pub(crate) component: C,
    pub(crate) cx: Context<C>,
}

impl<C: LiveActions> Seated<C> {
    pub(crate) fn new(mut component: C, states: Arc<States>) -> Self {
        let (shadow, computed) = (component.shadow(), component.compute());
        let events = Events::default();
        let cx = Context { shadow, computed, computed_next: None, events, visitor: None, states };
        Seated { component, cx }
    }
}

impl<C: LiveActions> Instance for Seated<C> {
    fn begin(&mut self, visitor: Option<Arc<Visitor>>) {
        self.cx.visitor = visitor;
        self.component.begin(&mut self.cx.shadow);
    }
    fn follows_visitors(&self) -> bool {
        C::FOLLOWS_VISITORS
    }
    fn visit(&mut self, coming: Coming) -> CallFuture<'_> {
        let Seated { component, cx } = self;
        Box::pin(async move {
            match coming {
                Coming::Joins => component.joined(cx).await,
                Coming::Leaves => component.left(cx).await,
            }
            Ok(Vec::new())
        })
    }
    fn call<'a>(&'a mut self, action: &'a str, payload: Payload<'a>) -> CallFuture<'a> {
        self.component.call(action, payload, &mut self.cx)
    }
    fn set_property(&mut self, name: &str, value: Payload) -> Result<(), Failure> {
        self.component.set_property(name, value)
    }
    fn diff(&mut self) -> Result<Changes, Failure> {
        let mut ops = Ops::default();
        self.component.diff(&self.cx.shadow, &mut ops);
        let computed = self.cx.computed_next.insert(self.component.compute());
        computed.diff(&self.cx.computed, &mut ops);
        ops.finish().map_err(|e| Failure::Internal(format!("the commit: {e}")))
    }
    fn take_events(&mut self) -> Result<Vec<Event>, Failure> {
        let events = std::mem::take(&mut self.cx.events);
        events.finish().map_err(|e| Failure::Internal(format!("an event: {e}")))
    }
    fn snapshot(&self) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        let Seated { component, cx } = self;
        let public = Public::<C> { component, computed: cx.computed_next.as_ref().unwrap_or(&cx.computed) };
        strict::write_json(&public, &mut out).map_err(|e| Failure::Internal(format!("the state: {e}")))?;
        Ok(out)
    }
    fn accept(&mut self) {
        self.component.accept(&mut self.cx.shadow);
        if let Some(computed) = self.cx.computed_next.take() {
            self.cx.computed = computed;
        }
    }
    fn rollback(&mut self) -> Result<(), Failure> {
        let Seated { component, cx } = self;
        cx.events = Events::default();
        cx.computed_next = None;
        // Once whatever it says: putting back a leaf may send home a collection that was looked for before.
        component.evict(&mut cx.shadow);
        while component.evict(&mut cx.shadow) {}
        let lost = |Lost| Failure::Internal("a collection was moved out of the component".to_owned());
        component.restore(&mut cx.shadow).map_err(lost)
    }
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

struct Public<'a, C: LiveActions> {
    component: &'a C,
    computed: &'a C::Computed,
}
impl<C: LiveActions> Serialize for Public<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct(C::NAME, C::FIELDS.len() + C::Computed::FIELDS.len())?;
        self.component.serialize_fields(&mut out)?;
        self.computed.serialize_fields(&mut out)?;
        out.end()
    }
}
