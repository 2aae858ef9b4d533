//! A component in its store's seat: beside the context of its transactions, and from here upwards without its type.
use crate::{
    actions::LiveActions,
    changing::{self, Changing},
    context::{Context, States},
    event::Event,
    failure::Failure,
    jobs::Job,
    ops::Changes,
    payload::Payload,
    seat::{Called, Change, Coming, Instance},
    store::Store,
    value::Lost,
    visitor::Visitor,
};
use std::{
    any::Any,
    sync::{Arc, Weak},
};

/// A component beside its context.
pub(crate) struct Seated<C: LiveActions> {
    pub(crate) component: C,
    pub(crate) cx: Context<C>,
}

impl<C: LiveActions> Seated<C> {
    /// It is to sit in this store, which is about to be made.
    pub(crate) fn new(
        mut component: C,
        computed: C::Computed,
        states: Arc<States>,
        store: Weak<Store>,
    ) -> Self {
        let shadow = component.shadow();
        Seated { component, cx: Context::new(shadow, computed, states, store) }
    }
    fn changing(&mut self) -> Changing<'_, C> {
        Changing { component: &mut self.component, cx: &mut self.cx }
    }
}

impl<C: LiveActions> Instance for Seated<C> {
    fn begin(&mut self, visitor: Option<Arc<Visitor>>, asked: Option<u64>) {
        self.cx.begin(&self.component, visitor, asked);
        self.component.begin(&mut self.cx.shadow);
    }
    fn follows_visitors(&self) -> bool {
        C::FOLLOWS_VISITORS
    }
    fn visit(&mut self, coming: Coming) -> Called<'_> {
        let Seated { component, cx } = self;
        Box::pin(async move {
            match coming {
                Coming::Joins => component.joined(cx).await,
                Coming::Leaves => component.left(cx).await,
            }
            Ok(Vec::new())
        })
    }
    fn call<'a>(&'a mut self, action: &'a str, payload: Payload<'a>) -> Called<'a> {
        self.component.call(action, payload, &mut self.cx)
    }
    fn set_property(&mut self, name: &str, value: Payload) -> Result<(), Failure> {
        self.component.set_property(name, value)
    }
    fn rollback(&mut self) -> Result<(), Failure> {
        let Seated { component, cx } = self;
        // A job that has not started may hold a collection of the component; dropped, it sends it home.
        cx.forget();
        if let Some(failure) = cx.ended.take_if(|_| cx.is_lost) {
            return Err(failure);
        }
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

impl<C: LiveActions> Change for Seated<C> {
    fn diff(&mut self) -> Result<Changes, Failure> {
        self.changing().diff()
    }
    fn take_events(&mut self) -> Result<Vec<Event>, Failure> {
        self.changing().take_events()
    }
    fn snapshot(&self) -> Result<Vec<u8>, Failure> {
        changing::snapshot(&self.component, self.cx.shown())
    }
    fn accept(&mut self) {
        self.changing().accept();
    }
    fn take_jobs(&mut self) -> Vec<Job> {
        self.changing().take_jobs()
    }
}
