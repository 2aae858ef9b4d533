//! A change that the server's own code makes: one transaction, from outside any session.
use crate::{
    actions::LiveActions, context::Context, failure::Failure, guard::guarded, instance::Seated, store::Store,
};
use std::sync::Weak;

/// Why a change from outside did not happen.
#[derive(Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError<E = std::convert::Infallible> {
    /// Nobody has mounted the store, so there is nothing to change and nobody to show it to; or, for a job, it is gone.
    #[error("no store of this key is mounted")]
    NotMounted,
    /// The change returned this error and was rolled back.
    #[error("the change was refused")]
    Refused(E),
    /// The change panicked, or its result cannot be sent; it was rolled back.
    #[error("the change failed and was rolled back: {0}")]
    Failed(String),
}

/// One transaction, committed when `change` returns `Ok`.
pub(crate) async fn update<C: LiveActions, R, E>(
    store: Weak<Store>,
    change: impl FnOnce(&mut C, &mut Context<C>) -> Result<R, E> + Send,
) -> Result<R, UpdateError<E>> {
    let failed = |failure: Failure| UpdateError::Failed(failure.cause());
    let mut transaction = Store::transaction(store).await.map_err(|_| UpdateError::NotMounted)?;
    let changed = guarded(|| {
        let seated = transaction.instance().as_any().downcast_mut::<Seated<C>>();
        let seated = seated.expect("a store's handle names its component");
        change(&mut seated.component, &mut seated.cx)
    });
    let result = changed.map_err(failed)?.map_err(UpdateError::Refused)?;
    let commit = transaction.prepare().map_err(failed)?;
    // Nobody asked, so there is no answer to give back.
    let _ = transaction.settle(commit, |_| None);
    Ok(result)
}
