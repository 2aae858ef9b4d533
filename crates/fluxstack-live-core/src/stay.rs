//! A visitor's stay in a store: it begins when a component is mounted, and the component may want to know; dropped, it ends.
use crate::{
    directory::Hold,
    failure::Failure,
    host::{self, Host},
    store::Store,
    visitor::Visitor,
};
use std::sync::Arc;

/// One mount of a store by a visitor.
pub(crate) struct Stay {
    store: Arc<Store>,
    visitor: Arc<Visitor>,
    host: Arc<dyn Host>,
    /// Some for a shared store, until the component knows that the visitor has left.
    hold: Option<Hold>,
}

impl Stay {
    /// Begins when the component, if it wants to know, has been told.
    pub(crate) async fn begin(
        (store, hold): (Arc<Store>, Option<Hold>),
        visitor: Arc<Visitor>,
        host: Arc<dyn Host>,
    ) -> Result<Stay, Failure> {
        store.join(&visitor).await?;
        Ok(Stay { store, visitor, host, hold })
    }
    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }
    pub(crate) fn is_private(&self) -> bool {
        self.hold.is_none()
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        let (store, visitor) = (self.store.clone(), self.visitor.clone());
        let hold = self.hold.take();
        let leaving = Box::pin(async move {
            store.leave(&visitor).await;
            drop(hold);
        });
        host::drive(&*self.host, leaving);
    }
}
