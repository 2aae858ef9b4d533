//! The numbered requests of one session: which are new, which are running, and what was answered, so that each counts
//! once however often it is sent.
use std::collections::BTreeMap;

/// What is known of a session's requests.
pub(crate) struct Requests {
    /// The highest number that was taken.
    last: u64,
    /// The client has every answer up to this.
    received: u64,
    /// Bytes of the answers that are kept, and the most there may be.
    kept: usize,
    most: usize,
    /// Taken and not yet known to be received.
    open: BTreeMap<u64, Open>,
}

/// A request whose answer the client may not have.
enum Open {
    Running,
    Answered(Vec<u8>),
    /// Answered, and too much was kept already: it was sent once and cannot be sent again.
    Sent,
}

/// What to do with a numbered request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Do it.
    New,
    /// It runs already; its answer will come.
    Running,
    /// It is done; this was the answer.
    Answered(Vec<u8>),
    /// It is done, and the answer is not kept: most likely because the client has said that it has it.
    Received,
    /// A number was left out.
    Gap,
    /// It is further ahead than a client may be.
    Beyond,
}

impl Requests {
    /// How far ahead of its received answers a client may number.
    const AHEAD: u64 = 256;

    /// None were made; answers of so many bytes are kept.
    pub(crate) fn new(most: usize) -> Self {
        Requests { last: 0, received: 0, kept: 0, most, open: BTreeMap::new() }
    }
    /// The client has every answer up to `n`.
    pub(crate) fn received(&mut self, n: Option<u64>) {
        let Some(n) = n.filter(|n| (self.received + 1..=self.last).contains(n)) else { return };
        // A running request has no answer the client could have.
        let running =
            self.open.iter().find(|(_, open)| matches!(open, Open::Running)).map_or(u64::MAX, |(n, _)| *n);
        self.received = n.min(running - 1);
        let still_open = self.open.split_off(&(self.received + 1));
        let received = std::mem::replace(&mut self.open, still_open);
        self.kept -= received.into_values().map(|open| open.bytes()).sum::<usize>();
    }
    /// Takes a number that has come in.
    pub(crate) fn take(&mut self, n: u64) -> Taken {
        if n > self.received + Self::AHEAD {
            return Taken::Beyond;
        }
        if n > self.last + 1 {
            return Taken::Gap;
        }
        if n == self.last + 1 {
            self.last = n;
            self.open.insert(n, Open::Running);
            return Taken::New;
        }
        match self.open.get(&n) {
            Some(Open::Running) => Taken::Running,
            Some(Open::Answered(answer)) => Taken::Answered(answer.clone()),
            Some(Open::Sent) | None => Taken::Received,
        }
    }
    /// Keeps the answer of a taken number until the client has it.
    pub(crate) fn answer(&mut self, n: u64, answer: &[u8]) {
        let keeps = self.kept + answer.len() <= self.most;
        let open = if keeps { Open::Answered(answer.to_vec()) } else { Open::Sent };
        self.kept += open.bytes();
        self.open.insert(n, open);
    }
}

impl Open {
    fn bytes(&self) -> usize {
        match self {
            Open::Answered(answer) => answer.len(),
            Open::Running | Open::Sent => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_new_once() {
        let mut requests = Requests::new(1_000);
        assert_eq!(requests.take(1), Taken::New);
        assert_eq!(requests.take(1), Taken::Running);
        requests.answer(1, b"one");
        assert_eq!(requests.take(1), Taken::Answered(b"one".to_vec()));
        requests.received(Some(1));
        assert_eq!(requests.take(1), Taken::Received);
        assert_eq!(requests.take(2), Taken::New);
    }

    #[test]
    fn a_gap_and_a_number_too_far_ahead_are_told_apart() {
        let mut requests = Requests::new(1_000);
        assert_eq!(requests.take(2), Taken::Gap);
        assert_eq!(requests.take(257), Taken::Beyond);
        (1..=256).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        assert_eq!(requests.take(257), Taken::Beyond);
        requests.answer(1, b"");
        requests.received(Some(1));
        assert_eq!(requests.take(257), Taken::New);
    }

    #[test]
    fn answers_are_kept_up_to_a_bound_and_until_they_are_received() {
        let mut requests = Requests::new(10);
        (1..=3).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        (1..=3).for_each(|n| requests.answer(n, b"12345"));
        assert_eq!(requests.take(2), Taken::Answered(b"12345".to_vec()));
        assert_eq!(requests.take(3), Taken::Received, "it was sent once and not kept");
        requests.received(Some(2));
        assert_eq!(requests.take(4), Taken::New);
        requests.answer(4, b"1234567890");
        assert_eq!(requests.take(4), Taken::Answered(b"1234567890".to_vec()), "there is room again");
    }

    #[test]
    fn a_client_cannot_have_received_what_still_runs() {
        let mut requests = Requests::new(1_000);
        (1..=3).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        requests.answer(3, b"three");
        requests.received(Some(3));
        assert_eq!(requests.take(2), Taken::Running);
        assert_eq!(requests.take(3), Taken::Answered(b"three".to_vec()));
        requests.received(Some(99));
        assert_eq!(requests.take(3), Taken::Answered(b"three".to_vec()));
    }
}
