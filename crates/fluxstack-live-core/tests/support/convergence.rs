//! Series of edits of a shared component, some of which fail: what clients hold, whether they look always or seldom, is the
//! state, and a failure changes nothing.
use super::{Client, engine_of};
use fluxstack_live_core::actions::LiveActions;
use fluxstack_live_macros::live_type;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Debug;

/// A shared component with one action `edit`, which takes edits and how they end.
pub trait Edited: LiveActions + Clone + PartialEq + Debug {
    type Edit: Serialize;
    fn apply(&mut self, edit: Self::Edit);
    /// What a browser is to see of it, written apart from the engine.
    fn public(&self) -> Value;
}

/// How a series of edits ends.
#[live_type]
pub enum End {
    Well,
    Failing,
    Panicking,
}

impl End {
    /// What an action returns that ends so.
    pub fn outcome(self) -> Result<(), String> {
        match self {
            End::Well => Ok(()),
            End::Failing => Err("refused".into()),
            End::Panicking => panic!("on purpose"),
        }
    }
}

pub fn end() -> impl Strategy<Value = End> {
    prop_oneof![4 => Just(End::Well), 2 => Just(End::Failing), 1 => Just(End::Panicking)]
}

/// Runs the series in a room that begins as `expected`. Returns everything that was sent.
pub fn converges<C: Edited>(
    mut expected: C,
    series: Vec<(Vec<C::Edit>, End)>,
    seldom: usize,
) -> Result<Vec<String>, TestCaseError> {
    super::quiet_panics();
    let engine = engine_of::<C>();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _context = runtime.enter();
    let whole = || runtime.block_on(engine.store::<C>("r").update(|it, _| it.clone())).unwrap();
    let mut clients = [Client::full(&engine), Client::full(&engine), Client::basic(&engine)];
    for client in &mut clients {
        client.mount("c", C::NAME, json!({"room": "r"}));
        client.pump();
    }
    let [always, sometimes, basic] = &mut clients;
    for (i, (edits, end)) in series.into_iter().enumerate() {
        let request = always.call("c", "edit", json!([edits, end]));
        let answer = runtime.block_on(always.answer(request));
        match end {
            End::Well => {
                prop_assert_eq!(&answer["type"], "REPLY");
                edits.into_iter().for_each(|edit| expected.apply(edit));
            }
            End::Failing => prop_assert_eq!(&answer["payload"]["data"], "refused"),
            End::Panicking => prop_assert_eq!(&answer["code"], "internal"),
        }
        prop_assert_eq!(always.state("c"), &expected.public());
        prop_assert_eq!(&whole(), &expected);
        basic.pump();
        prop_assert_eq!(basic.state("c"), &expected.public());
        if i % seldom == 0 {
            sometimes.pump();
            prop_assert_eq!(sometimes.held.get("c"), always.held.get("c"));
        }
    }
    sometimes.pump();
    prop_assert_eq!(&sometimes.held, &always.held);
    Ok(clients.into_iter().flat_map(|client| client.frames).collect())
}
