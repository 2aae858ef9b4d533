//! How many components each visitor has mounted, in all sessions together.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

#[derive(Clone, Default)]
pub(crate) struct Quota(Arc<Mutex<HashMap<Box<str>, usize>>>);

/// One mounted component, until it is dropped.
pub(crate) struct Share {
    quota: Quota,
    visitor: Box<str>,
}

impl Quota {
    /// One more for this visitor, if there are fewer than `most`.
    pub(crate) fn take(&self, visitor: &str, most: usize) -> Option<Share> {
        let mut counts = self.lock();
        let has = counts.get(visitor).copied().unwrap_or(0);
        if has >= most {
            return None;
        }
        counts.insert(visitor.into(), has + 1);
        Some(Share { quota: self.clone(), visitor: visitor.into() })
    }
    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, usize>> {
        self.0.lock().expect("no code panics while it holds a quota")
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.quota.lock();
        let count = counts.get_mut(&self.visitor).expect("a share is counted");
        *count -= 1;
        if *count == 0 {
            counts.remove(&self.visitor);
        }
    }
}
