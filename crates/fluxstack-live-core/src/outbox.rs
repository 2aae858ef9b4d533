//! What waits for one connection. It holds whole messages, and a mark for each source that has news; the news itself
//! stays in the source until the connection is ready to write, so that a slow reader costs nothing but its mark.
//! An outbox knows sources, never stores.
use crate::{
    encoding::{Encoding, TooDeep},
    flight::Flight,
};
use fluxstack_live_protocol::{compact, error::CloseCode};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::Notify;

/// Something with news for a reader, written when the connection is ready for it.
pub trait Source: Send + Sync {
    /// Writes what reader `key` has not seen yet.
    fn read(&self, key: u64, frames: &mut Frames);
    /// Nothing will be read for reader `key` through that outbox any more.
    fn give_up(&self, key: u64);
}

/// One connection's outbound side.
#[derive(Default)]
pub struct Outbox {
    state: Mutex<State>,
    news: Notify,
}

#[derive(Default)]
struct State {
    /// Bounded: requests are answered at most `in_flight` at a time, other messages are small and answer one that came
    /// in, and a source is in here once per reader.
    entries: VecDeque<Entry>,
    batching: Batching,
    encoding: Encoding,
    /// Some once the connection is to end; nothing is added afterwards.
    close: Option<CloseCode>,
}

/// A request's answer; the request is under way until this has left the outbox.
pub(crate) struct Answer {
    pub(crate) text: Vec<u8>,
    pub(crate) flight: Option<Flight>,
}

enum Entry {
    Welcome(Vec<u8>),
    Message(Answer),
    News(Arc<dyn Source>, u64),
}

/// How several messages travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Batching {
    /// Each alone.
    #[default]
    Single,
    /// As one array.
    Array,
}

/// What the connection does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Write these WebSocket messages, in order.
    Write(Vec<Vec<u8>>),
    /// Send a close frame and end.
    Close(CloseCode),
    /// Wait for [`Outbox::changed`].
    Wait,
}

impl Outbox {
    /// A WebSocket message is written when it has reached this size, in bytes; what is left makes the next one.
    const ENOUGH: usize = 64 * 1024;

    /// For a connection whose messages are written so.
    pub fn new(encoding: Encoding) -> Self {
        Outbox { state: Mutex::new(State { encoding, ..State::default() }), news: Notify::new() }
    }
    /// How its messages are written.
    pub fn encoding(&self) -> Encoding {
        self.lock().encoding
    }
    /// Adds `WELCOME`, which travels alone. Who is sent that takes several messages as one array, and names as places if
    /// it agrees on the schema and the encoding is compact.
    pub(crate) fn welcome(&self, welcome: Vec<u8>, agrees: bool) {
        let mut state = self.lock();
        state.batching = Batching::Array;
        state.encoding = match state.encoding {
            Encoding::Compact if agrees => Encoding::CompactBySchema,
            encoding => encoding,
        };
        drop(state);
        self.add(Entry::Welcome(welcome));
    }
    /// Adds one whole message.
    pub(crate) fn message(&self, message: Vec<u8>) {
        self.answer(Answer { text: message, flight: None });
    }
    /// Adds a request's answer.
    pub(crate) fn answer(&self, answer: Answer) {
        self.add(Entry::Message(answer));
    }
    /// `source` has news for reader `key`. The source sees to it that it is in here once. False if it will not be read.
    pub(crate) fn news(&self, source: Arc<dyn Source>, key: u64) -> bool {
        self.add(Entry::News(source, key))
    }
    fn add(&self, entry: Entry) -> bool {
        let mut state = self.lock();
        if state.close.is_some() {
            return false;
        }
        state.entries.push_back(entry);
        drop(state);
        self.news.notify_one();
        true
    }
    /// Whether what is added may still be written.
    pub(crate) fn is_open(&self) -> bool {
        self.lock().close.is_none()
    }
    /// Ends the connection once what waits is written.
    pub fn close(&self, code: CloseCode) {
        self.lock().close.get_or_insert(code);
        self.news.notify_one();
    }
    /// The connection is gone: forgets what waits and takes nothing more.
    pub(crate) fn discard(&self) {
        self.cut(CloseCode::Done);
    }
    /// Ends the connection without what waits.
    pub(crate) fn cut(&self, code: CloseCode) {
        let mut state = self.lock();
        state.close.get_or_insert(code);
        let entries = std::mem::take(&mut state.entries);
        drop(state);
        for entry in entries {
            if let Entry::News(source, key) = entry {
                source.give_up(key);
            }
        }
        self.news.notify_one();
    }
    /// Ends when [`Outbox::next`] may have something else to say than before.
    pub async fn changed(&self) {
        self.news.notified().await;
    }
    /// What to do now.
    pub fn next(&self) -> Next {
        let mut frames = {
            let state = self.lock();
            Frames::new(std::ptr::from_ref(self).addr(), state.batching, state.encoding)
        };
        while frames.bytes.len() < Self::ENOUGH {
            let Some(entry) = self.lock().entries.pop_front() else { break };
            match entry {
                Entry::Welcome(text) => {
                    frames.answer(Answer { text, flight: None });
                    break;
                }
                Entry::Message(answer) => frames.answer(answer),
                Entry::News(source, key) => source.read(key, &mut frames),
            }
            if frames.has_given_up {
                tracing::error!(
                    "a value nests more than 127 deep, which the compact encoding does not carry"
                );
                self.cut(CloseCode::InternalError);
            }
        }
        if frames.starts.is_empty() {
            return self.lock().close.map_or(Next::Wait, Next::Close);
        }
        Next::Write(frames.finish())
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while it holds an outbox")
    }
}

/// Messages on their way into WebSocket messages.
pub struct Frames {
    /// Where the outbox is that they come from.
    outbox: usize,
    batching: Batching,
    encoding: Encoding,
    bytes: Vec<u8>,
    /// Where each message begins.
    starts: Vec<usize>,
    /// Something could not be written: the connection is to end, without what would come next.
    has_given_up: bool,
}

impl Frames {
    fn new(outbox: usize, batching: Batching, encoding: Encoding) -> Self {
        Frames { outbox, batching, encoding, bytes: Vec::new(), starts: Vec::new(), has_given_up: false }
    }
    /// Whether they are on their way out of this outbox.
    pub(crate) fn are_from(&self, outbox: &Arc<Outbox>) -> bool {
        Arc::as_ptr(outbox).addr() == self.outbox
    }
    /// How the messages are to be written.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }
    /// Something cannot be written.
    pub(crate) fn give_up(&mut self) {
        self.has_given_up = true;
    }
    /// Adds what `write` writes as one message.
    pub fn message(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.is_text_batch() && !self.starts.is_empty() {
            self.bytes.push(b',');
        }
        self.starts.push(self.bytes.len());
        write(&mut self.bytes);
    }
    /// Adds an answer, whose request is no longer under way.
    pub(crate) fn answer(&mut self, Answer { text, flight }: Answer) {
        let encoding = self.encoding;
        let mut written = Ok(());
        self.message(|out| written = encoding.message(&text, out));
        if let Err(TooDeep) = written {
            self.starts.pop();
            self.give_up();
        }
        drop(flight);
    }
    fn is_text_batch(&self) -> bool {
        self.batching == Batching::Array && !self.encoding.is_binary()
    }
    fn finish(mut self) -> Vec<Vec<u8>> {
        match self.batching {
            Batching::Array if self.starts.len() > 1 && self.encoding.is_binary() => {
                let mut batch = Vec::with_capacity(self.bytes.len() + 5);
                compact::batch(self.starts.len(), &mut batch);
                batch.append(&mut self.bytes);
                vec![batch]
            }
            Batching::Array if self.starts.len() > 1 => {
                self.bytes.insert(0, b'[');
                self.bytes.push(b']');
                vec![self.bytes]
            }
            Batching::Single | Batching::Array => {
                let mut messages: Vec<Vec<u8>> =
                    self.starts.drain(1..).rev().map(|start| self.bytes.split_off(start)).collect();
                messages.push(self.bytes);
                messages.reverse();
                messages
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(batching: Batching, messages: &[&str]) -> Vec<String> {
        let outbox = Outbox::default();
        outbox.lock().batching = batching;
        messages.iter().for_each(|m| outbox.message(m.as_bytes().to_vec()));
        let Next::Write(frames) = outbox.next() else { panic!("there is something to write") };
        assert_eq!(outbox.next(), Next::Wait);
        frames.into_iter().map(|f| String::from_utf8(f).unwrap()).collect()
    }

    #[test]
    fn several_messages_leave_as_one_array_or_each_alone() {
        assert_eq!(written(Batching::Array, &["1"]), ["1"]);
        assert_eq!(written(Batching::Array, &["1", "2", "3"]), ["[1,2,3]"]);
        assert_eq!(written(Batching::Single, &["1", "22", "3"]), ["1", "22", "3"]);
    }

    #[test]
    fn what_waits_is_written_before_the_close() {
        let outbox = Outbox::default();
        outbox.message(b"1".to_vec());
        outbox.close(CloseCode::ProtocolError);
        outbox.message(b"2".to_vec());
        assert_eq!(outbox.next(), Next::Write(vec![b"1".to_vec()]));
        assert_eq!(outbox.next(), Next::Close(CloseCode::ProtocolError));
    }
}
