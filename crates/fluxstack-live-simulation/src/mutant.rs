//! Wrong clients: each breaks one rule of the protocol, to show that the checks see it.

/// What a wrong client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// Sends everything without an answer again, whatever `WELCOME` says. The server bears that.
    ResendAll,
    /// What it sends again gets new numbers.
    Renumber,
    /// Does not read the answers that come with `WELCOME`.
    DropReplies,
    /// Settles a call without waiting for the state it tells of.
    SettleEarly,
    /// Does not hear the events that come with a resume.
    DropMissedEvents,
    /// Takes a gap in the versions for none.
    SkipVersion,
}

impl Mutant {
    /// All of them, by the names of the command line.
    pub const ALL: [(&'static str, Mutant); 6] = [
        ("resend-all", Mutant::ResendAll),
        ("renumber", Mutant::Renumber),
        ("drop-replies", Mutant::DropReplies),
        ("settle-early", Mutant::SettleEarly),
        ("drop-missed-events", Mutant::DropMissedEvents),
        ("skip-version", Mutant::SkipVersion),
    ];
}
