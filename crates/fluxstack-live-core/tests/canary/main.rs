//! A text that only the server has, in every kind of place that is the server's own, is in no byte that any client is sent.
//! The same sessions find it in every encoding as soon as it is put where clients may see it.
extern crate fluxstack_live_core as fluxstack_live;

#[path = "../support/mod.rs"]
mod support;
mod client; // keeps what it is sent
mod script; // what clients say
mod vault; // the components that have the canary

use client::Client;
use fluxstack_live::{engine::Builder, limits::Limits};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use script::{CLIENTS, Step, script};
use vault::{CANARY, Drawer, Keys, Shown, Vault, canary};

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Panics with the canary are not printed; a test that fails says it only after other words.
fn quiet_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload_as_str().is_some_and(|text| text.starts_with(CANARY)) {
                hook(info);
            }
        }));
    });
}

/// Plays a script in a world of its own. Returns all that each client was sent.
fn play(shown: Shown, script: &[(usize, Step)]) -> [Vec<u8>; 4] {
    quiet_panics();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _context = runtime.enter();
    let limits = Limits { commit_bytes: 4_000, result_bytes: 4_000, state_bytes: 8_000, ..Limits::default() };
    let engine = support::engine(limits, |builder: &mut Builder| {
        builder.component::<Vault>();
        builder.component::<Drawer>();
        builder.state(Keys { canary: canary(), shown });
    });
    let mut clients = CLIENTS.map(|encoding| Client::new(&engine, encoding));
    for (client, step) in script {
        clients[*client].act(step);
        if let Step::Pause = step {
            runtime.block_on(support::beside::until_quiet());
        }
    }
    runtime.block_on(support::beside::until_quiet());
    clients.map(|mut client| {
        client.read();
        client.sent
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn it_is_in_no_byte_that_anybody_is_sent(script in script()) {
        for (sent, encoding) in play(Shown::Nowhere, &script).iter().zip(CLIENTS) {
            prop_assert!(!holds(sent, CANARY), "to {:?}: {}", encoding, sent.escape_ascii());
        }
    }
}

/// Plays scripts until each client was sent each of the texts: dozens are enough for most, the rarest take some hundreds.
fn each_is_sent(shown: Shown, texts: &[&str]) {
    let mut runner = TestRunner::default();
    let mut missing: Vec<(usize, &str)> =
        (0..CLIENTS.len()).flat_map(|client| texts.iter().map(move |text| (client, *text))).collect();
    for _ in 0..4_000 {
        if missing.is_empty() {
            return;
        }
        let script = script().new_tree(&mut runner).expect("nothing is filtered").current();
        let sent = play(shown, &script);
        missing.retain(|(client, text)| !holds(&sent[*client], text));
    }
    panic!("{shown:?}: not sent, by client: {missing:?}");
}

#[test]
fn it_is_found_in_a_visible_field() {
    each_is_sent(Shown::InAField, &[CANARY]);
}

#[test]
fn it_is_found_in_an_event() {
    each_is_sent(Shown::InAnEvent, &[CANARY]);
}

#[test]
fn it_is_found_in_a_result() {
    each_is_sent(Shown::InAResult, &[CANARY]);
}

#[test]
fn it_is_found_in_an_actions_own_error() {
    each_is_sent(Shown::InAnActionsError, &[CANARY]);
}

#[test]
fn it_is_found_in_a_computed_value() {
    each_is_sent(Shown::InAComputedValue, &[CANARY]);
}

/// Otherwise it would be found nowhere because nothing was done.
#[test]
fn the_sessions_get_everywhere() {
    let texts = [
        "internal",
        "invalid",
        "too_large",
        "gone",
        "conflict",
        "not_bindable",
        "unknown_action",
        "unknown_component",
        "bad_message",
        "Secret(..)",
        "refused",
        "changed",
    ];
    each_is_sent(Shown::Nowhere, &texts);
}
