//! Wrong clients: each breaks one rule of the protocol, to show that the checks see it.

/// What a wrong client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// Sends everything without an answer again, whatever `WELCOME` says. The server bears that.
    ResendAll,
    /// What it sends again gets new numbers.
    Renumber,
    /// Sends nothing again.
    ResendNothing,
    /// Does not read the answers that come with `WELCOME`.
    DropReplies,
    /// Settles a call without waiting for the state it tells of.
    SettleEarly,
    /// Does not hear the events that come with a resume.
    DropMissedEvents,
    /// Hears them, and also those that it has heard.
    RepeatEvents,
    /// Says that it holds a version more than it does.
    ClaimNewer,
    /// Leaves a server that goes away without waiting for its answers.
    LeaveAtOnce,
    /// What is pending is not shown.
    HidePending,
    /// What is pending is shown also when it is answered.
    KeepPending,
}

impl Mutant {
    /// All of them, by the names of the command line.
    pub const ALL: [(&'static str, Mutant); 11] = [
        ("resend-all", Mutant::ResendAll),
        ("renumber", Mutant::Renumber),
        ("resend-nothing", Mutant::ResendNothing),
        ("drop-replies", Mutant::DropReplies),
        ("settle-early", Mutant::SettleEarly),
        ("drop-missed-events", Mutant::DropMissedEvents),
        ("repeat-events", Mutant::RepeatEvents),
        ("claim-newer", Mutant::ClaimNewer),
        ("leave-at-once", Mutant::LeaveAtOnce),
        ("hide-pending", Mutant::HidePending),
        ("keep-pending", Mutant::KeepPending),
    ];
}
