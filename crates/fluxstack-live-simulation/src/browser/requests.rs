//! The requests of a session: those that wait to be sent, and those on the wire without an answer. It numbers them.
use super::wish::{Request, Sent};
use std::{
    collections::{BTreeMap, VecDeque},
    mem,
};

/// The server closes a connection whose numbers run ahead of the replies it knows to have arrived.
const AHEAD: u64 = 256;

#[derive(Default)]
pub(crate) struct Requests {
    waiting: VecDeque<Request>,
    sent: BTreeMap<u64, Request>,
    /// The last number given.
    last: u64,
}

impl Requests {
    pub(crate) fn add(&mut self, request: Request) {
        self.waiting.push_back(request);
    }
    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.sent.is_empty()
    }
    pub(crate) fn has_sent(&self) -> bool {
        !self.sent.is_empty()
    }
    /// All without an answer.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Request> {
        self.sent.values().chain(&self.waiting)
    }
    /// The newest waiting request, to be changed in place.
    pub(crate) fn newest_waiting(&mut self) -> Option<&mut Request> {
        self.waiting.back_mut()
    }
    /// The highest n such that every reply up to n has arrived.
    pub(crate) fn received(&self) -> u64 {
        self.sent.first_key_value().map_or(self.last, |(oldest, _)| oldest - 1)
    }
    /// Numbers what may be sent now.
    pub(crate) fn take(
        &mut self,
        in_flight: usize,
        sent: Sent,
        may_go: impl Fn(&Request) -> bool,
    ) -> Vec<(u64, Request)> {
        let mut taken = Vec::new();
        for mut request in mem::take(&mut self.waiting) {
            let is_full = self.sent.len() >= in_flight || self.last + 1 > self.received() + AHEAD;
            if is_full || !may_go(&request) {
                self.waiting.push_back(request);
                continue;
            }
            self.last += 1;
            request.sent.get_or_insert(sent);
            self.sent.insert(self.last, request.clone());
            taken.push((self.last, request));
        }
        taken
    }
    /// The request a reply answers; None if it was answered before.
    pub(crate) fn answer(&mut self, number: u64) -> Option<Request> {
        self.sent.remove(&number)
    }
    /// Takes out what was executed and has no answer.
    pub(crate) fn lost(&mut self, executed: u64) -> Vec<Request> {
        let rest = self.sent.split_off(&(executed + 1));
        mem::replace(&mut self.sent, rest).into_values().collect()
    }
    /// What is to be sent again, in order.
    pub(crate) fn unanswered(&self) -> Vec<(u64, Request)> {
        self.sent.iter().map(|(number, request)| (*number, request.clone())).collect()
    }
    /// A wrong client's: what was sent waits again, for a new number.
    pub(crate) fn unsend(&mut self) {
        for request in mem::take(&mut self.sent).into_values().rev() {
            self.waiting.push_front(request);
        }
    }
    /// The session is forgotten: hands out the calls that were sent; the sets wait again, first, and all start at 1.
    pub(crate) fn forget(&mut self) -> Vec<Request> {
        let (sets, calls): (Vec<Request>, Vec<Request>) =
            mem::take(&mut self.sent).into_values().partition(Request::is_set);
        for mut set in sets.into_iter().rev() {
            set.sent = None;
            self.waiting.push_front(set);
        }
        self.last = 0;
        calls
    }
}
