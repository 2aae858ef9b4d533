//! Seeds that once saw what may not be, and proof that it would be seen again.
use fluxstack_live_simulation::{Counts, Mutant, Options, RESUMES, run};
use std::process::Command;

#[track_caller]
fn is_well(seed: u64) {
    let outcome = run(seed, Options::default());
    assert!(outcome.wrong.is_empty(), "{:#?}\n{}", outcome.wrong, outcome.trace.join("\n"));
}

#[test]
fn a_client_that_greets_a_server_that_stops_is_asked_to_leave_too() {
    [6, 7858, 9202].into_iter().for_each(is_well);
}

#[test]
fn the_answer_of_a_server_that_is_no_more_may_come_late() {
    is_well(347);
}

#[test]
fn a_client_that_is_asked_to_leave_waits_for_its_answers() {
    [178, 222].into_iter().for_each(is_well);
}

#[test]
fn an_answer_that_is_given_twice_takes_no_place_from_a_request() {
    [3300, 5051].into_iter().for_each(is_well);
}

#[test]
fn a_seed_is_one_world() {
    for seed in 0..40 {
        let [one, two] = [(); 2].map(|()| run(seed, Options::default()));
        assert_eq!(one.fingerprint, two.fingerprint, "seed {seed}");
        assert_eq!(one.counts, two.counts, "seed {seed}");
    }
}

#[test]
fn a_seed_is_one_world_in_every_process() {
    let output = || {
        let simulate = env!("CARGO_BIN_EXE_simulate");
        let output = Command::new(simulate).args(["--seed", "3", "--trace"]).output().expect("it starts");
        String::from_utf8(output.stdout).expect("it is text")
    };
    let [one, two] = [(); 2].map(|()| output());
    assert!(one.lines().count() > 50, "{one}");
    assert_eq!(one, two);
    let fingerprint = format!("{:016x}", run(3, Options::default()).fingerprint);
    assert!(one.contains(&fingerprint), "{fingerprint} is not in {one}");
}

#[test]
fn two_seeds_are_two_worlds() {
    assert_ne!(run(1, Options::default()).fingerprint, run(2, Options::default()).fingerprint);
}

#[test]
fn clients_come_back_in_every_way() {
    let mut counts = Counts::default();
    (100..160).for_each(|seed| counts.add(&run(seed, Options::default()).counts));
    for way in RESUMES {
        assert!(counts.of(way) > 0, "{way}: {counts:?}");
    }
}

/// The first of so many seeds in which a wrong client is seen, and what of it.
fn caught(mutant: Mutant, within: u64) -> Option<Vec<String>> {
    (1000..1000 + within).find_map(|seed| {
        let outcome = run(seed, Options { mutant: Some(mutant), keeps_trace: false });
        Some(outcome.wrong).filter(|wrong| !wrong.is_empty())
    })
}

/// A wrong client is seen within so many seeds, and for what is wrong with it.
#[track_caller]
fn is_caught(mutant: Mutant, within: u64, by: &str) {
    let wrong = caught(mutant, within).unwrap_or_else(|| panic!("{mutant:?} is not seen"));
    assert!(wrong.iter().any(|wrong| wrong.contains(by)), "{mutant:?} is seen by {wrong:#?}");
}

#[test]
fn a_client_that_sends_everything_again_is_borne() {
    assert_eq!(caught(Mutant::ResendAll, 100), None);
}

#[test]
fn what_gets_a_new_number_runs_twice_and_is_seen() {
    let outcomes =
        (1000..1060).map(|seed| run(seed, Options { mutant: Some(Mutant::Renumber), keeps_trace: false }));
    let mut wrong = outcomes.flat_map(|outcome| outcome.wrong);
    assert!(wrong.any(|wrong| wrong.starts_with("I4: ") && wrong.ends_with("ran twice")));
}

#[test]
fn a_client_that_sends_nothing_again_is_seen() {
    let outcomes = (1000..1060)
        .map(|seed| run(seed, Options { mutant: Some(Mutant::ResendNothing), keeps_trace: false }));
    let mut wrong = outcomes.flat_map(|outcome| outcome.wrong);
    assert!(wrong.any(|wrong| wrong.starts_with("I13: ")));
}

#[test]
fn a_client_that_drops_the_answers_of_welcome_never_settles() {
    is_caught(Mutant::DropReplies, 60, "I13: ");
}

#[test]
fn a_call_that_settles_before_its_state_is_shown_is_seen() {
    is_caught(Mutant::SettleEarly, 60, "I5: ");
}

#[test]
fn an_event_that_is_missed_in_a_resume_is_seen() {
    is_caught(Mutant::DropMissedEvents, 60, "never hears of");
}

#[test]
fn an_event_that_is_heard_twice_is_seen() {
    is_caught(Mutant::RepeatEvents, 60, "twice");
}

#[test]
fn a_client_that_claims_a_newer_version_is_seen() {
    let outcomes =
        (1000..1030).map(|seed| run(seed, Options { mutant: Some(Mutant::ClaimNewer), keeps_trace: false }));
    assert!(outcomes.filter(|outcome| !outcome.wrong.is_empty()).count() > 5);
}

#[test]
fn a_client_that_does_not_wait_for_its_answers_as_the_server_stops_is_seen() {
    is_caught(Mutant::LeaveAtOnce, 200, "in a drain from which nothing cut it off");
}

#[test]
fn a_view_without_what_is_pending_is_seen() {
    is_caught(Mutant::HidePending, 10, "I12: ");
}

#[test]
fn a_view_with_what_is_not_pending_any_more_is_seen() {
    is_caught(Mutant::KeepPending, 30, "I12: ");
}
