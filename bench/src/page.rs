//! A board in an engine and the one page that looks at it: all of a server but the socket.
use crate::{
    board::{Board, Refused},
    edit::{Edit, Kind},
};
use fluxstack_live_core::{
    context::Context,
    encoding::Encoding,
    engine::{Builder, StoreHandle, UpdateError},
    host::{BoxFuture, Host},
    limits::Limits,
    outbox::{Next, Outbox},
    peer::Peer,
    visitor::Visitor,
};
use fluxstack_live_protocol::compact;
use serde_json::json;
use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{self, Poll, Waker},
    time::Duration,
};

/// A full client that has mounted a board.
pub(crate) struct Page {
    session: Peer,
    outbox: Arc<Outbox>,
    store: StoreHandle<Board>,
    requests: u64,
}

impl Page {
    /// Mounts a board of so many items, and speaks JSON.
    pub(crate) fn of(items: usize) -> Page {
        Page::speaking(Encoding::Json, items)
    }
    /// Mounts a board of so many items. In the compact encoding it only reads.
    pub(crate) fn speaking(encoding: Encoding, items: usize) -> Page {
        let mut builder = Builder::default();
        // Room for the largest list; nothing else is as it would not be in production.
        builder.limits(Limits { state_bytes: 1024 * 1024 * 1024, ..Limits::default() });
        builder.component::<Board>();
        let engine = builder.build(Arc::new(Counting::default())).expect("it has one component");
        let outbox = Arc::new(Outbox::new(encoding));
        let session = Peer::new(engine.clone(), Visitor::anonymous("ana"), outbox.clone());
        let mut page = Page { session, outbox, store: engine.store::<Board>(""), requests: 0 };
        let hello = json!({"type": "HELLO", "protocol": 1, "schema": engine.schema()});
        let payload = json!({"component": "Board", "props": {"items": items}});
        let mount = json!({"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": payload});
        for (message, answer) in [(hello, "WELCOME"), (mount, "COMPONENT_MOUNTED")] {
            if encoding.is_binary() {
                let bytes = compact::from_client(&message.to_string(), None);
                page.session.receive_compact(&bytes.expect("it is a message"));
                assert!(page.take().is_some(), "a `{answer}`");
            } else {
                page.receive(&message.to_string());
                page.expect(answer);
            }
        }
        page
    }
    /// The text of the next request. Like a page that lost nothing it says that it has all the answers before.
    pub(crate) fn request(&mut self, edit: &Edit) -> String {
        let received = self.requests;
        self.requests += 1;
        let (action, payload) = edit.call();
        let message = json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": action, "payload": payload,
            "requestId": self.requests, "received": received});
        message.to_string()
    }
    /// A message arrives.
    pub(crate) fn receive(&mut self, text: &str) {
        self.session.receive(text);
    }
    /// A transaction that no message asked for.
    pub(crate) fn commit(&self, edit: Edit) {
        self.update(|board| edit.apply(board));
    }
    /// Any transaction. Whatever else than a refusal goes wrong is a mistake here.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Board) -> Result<(), Refused> + Send) {
        let update = self.store.try_update(|board, _: &mut Context<Board>| change(board));
        match at_once(update) {
            Ok(()) | Err(UpdateError::Refused(Refused {})) => {}
            Err(error) => panic!("the board is mounted and its state is small enough: {error}"),
        }
    }
    /// Brings the list back to its `n` items after so many edits, and says nothing of it.
    pub(crate) fn put_back(&self, kind: Kind, n: usize, edits: usize) {
        self.update(|board| {
            kind.put_back(n, edits, board);
            Ok(())
        });
        self.take();
    }
    /// What goes to the socket; None if there is nothing to say.
    pub(crate) fn take(&self) -> Option<Vec<u8>> {
        match self.outbox.next() {
            Next::Write(mut messages) => {
                assert_eq!(messages.len(), 1, "what is ready at once is one WebSocket message");
                messages.pop()
            }
            Next::Wait => None,
            Next::Close(code) => panic!("nothing the page says is wrong, and it was closed with {code:?}"),
        }
    }
    fn expect(&self, kind: &str) {
        let message = self.take().unwrap_or_default();
        let begin = format!(r#"{{"type":"{kind}""#);
        assert!(message.starts_with(begin.as_bytes()), "`{}`", String::from_utf8_lossy(&message));
    }
}

/// The end of what does not have to wait.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nobody else is at the store"),
    }
}

/// A world in which nothing waits, and numbers take the place of randomness.
#[derive(Default)]
struct Counting(AtomicU64);

impl Host for Counting {
    fn spawn(&self, _task: BoxFuture<'static, ()>) {
        // Only the end of an engine comes here, to wait for a store's readers to come back.
    }
    fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        unreachable!("no action here has to wait")
    }
    fn now(&self) -> Duration {
        Duration::ZERO
    }
    fn random(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    /// The messages that are sent after an edit, by type.
    fn types(message: Option<Vec<u8>>) -> Vec<String> {
        let Some(message) = message else { return Vec::new() };
        let messages = match serde_json::from_slice(&message).unwrap() {
            serde_json::Value::Array(batch) => batch,
            message => vec![message],
        };
        messages.iter().map(|message| message["type"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn each_edit_is_one_commit_and_one_reply_but_a_rollback_is_one_error() {
        for kind in Kind::value_variants() {
            let mut page = Page::of(10);
            let text = page.request(&kind.edit(10, 1));
            page.receive(&text);
            let answered = types(page.take());
            page.put_back(*kind, 10, 1);
            page.commit(kind.edit(10, 1));
            let told = types(page.take());
            match kind {
                Kind::Rollback => assert_eq!((answered, told), (vec!["ERROR".into()], vec![])),
                _ => assert_eq!(
                    (answered, told),
                    (vec!["STATE_DELTA".into(), "REPLY".into()], vec!["STATE_DELTA".into()])
                ),
            }
        }
    }

    #[test]
    fn a_list_is_brought_back_to_its_length() {
        for kind in Kind::value_variants() {
            let page = Page::of(10);
            (0..4).for_each(|i| page.commit(kind.edit(10, i)));
            page.put_back(*kind, 10, 4);
            page.update(|board| {
                assert_eq!(board.items.len(), 10, "{kind:?}");
                Ok(())
            });
        }
    }
}
