//! What is measured: one edit of a board, as an action's call, inside a transaction, and on plain values.
use crate::board::{Board, Item, Refused};
use clap::ValueEnum;
use serde_json::{Value, json};

/// A kind of edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// An item is added at the end.
    Push,
    /// An item is added before the first.
    InsertFront,
    /// An item is added in the middle.
    InsertMiddle,
    /// An item is taken out of the middle.
    Remove,
    /// The first item goes to the middle.
    Move,
    /// One field of one item changes.
    Field,
    /// A number beside the list changes.
    Leaf,
    /// A push, a field and two leaves change, and then it fails.
    Rollback,
}

/// One edit, with all it needs.
pub(crate) enum Edit {
    Push(Item),
    Insert(usize, Item),
    Remove(usize),
    Move(usize, usize),
    Toggle(usize),
    Count,
    Fail(Item),
}

impl Kind {
    /// As it is called in tables and on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Push => "push",
            Kind::InsertFront => "insert-front",
            Kind::InsertMiddle => "insert-middle",
            Kind::Remove => "remove",
            Kind::Move => "move",
            Kind::Field => "field",
            Kind::Leaf => "leaf",
            Kind::Rollback => "rollback",
        }
    }

    /// The edit number `i` of a list that had `n` items at first.
    pub(crate) fn edit(self, n: usize, i: usize) -> Edit {
        let new = || Item::new((n + i) as u64 % 900_000);
        match self {
            Kind::Push => Edit::Push(new()),
            Kind::InsertFront => Edit::Insert(0, new()),
            Kind::InsertMiddle => Edit::Insert(n / 2, new()),
            Kind::Remove => Edit::Remove(n / 2),
            Kind::Move => Edit::Move(0, n / 2),
            // Not always the same one, and far from the one before.
            Kind::Field => Edit::Toggle(i * 7_919 % n),
            Kind::Leaf => Edit::Count,
            Kind::Rollback => Edit::Fail(new()),
        }
    }

    /// Brings a list back to its `n` items after so many edits.
    pub(crate) fn put_back(self, n: usize, edits: usize, board: &mut Board) {
        match self {
            Kind::Push => board.items.truncate(n),
            Kind::InsertFront => (0..edits).for_each(|_| drop(board.items.remove(0))),
            Kind::InsertMiddle => (0..edits).for_each(|_| drop(board.items.remove(n / 2))),
            Kind::Remove => (0..edits).for_each(|i| board.items.insert(n / 2, Item::new(i as u64))),
            Kind::Move | Kind::Field | Kind::Leaf | Kind::Rollback => {}
        }
    }
}

impl Edit {
    /// The name of the action that does it, and the payload of its call.
    pub(crate) fn call(&self) -> (&'static str, Value) {
        match self {
            Edit::Push(item) => ("push", json!(item)),
            Edit::Insert(at, item) => ("insert", json!({"at": at, "item": item})),
            Edit::Remove(at) => ("remove", json!(at)),
            Edit::Move(from, to) => ("moveItem", json!({"from": from, "to": to})),
            Edit::Toggle(at) => ("toggle", json!(at)),
            Edit::Count => ("count", Value::Null),
            Edit::Fail(item) => ("fail", json!(item)),
        }
    }

    /// Does it to a component.
    pub(crate) fn apply(self, board: &mut Board) -> Result<(), Refused> {
        match self {
            Edit::Push(item) => board.items.push(item),
            Edit::Insert(at, item) => board.items.insert(at, item),
            Edit::Remove(at) => drop(board.items.remove(at)),
            Edit::Move(from, to) => board.items.move_to(from, to),
            Edit::Toggle(at) => {
                let item = &mut board.items[at];
                item.done = !item.done;
            }
            Edit::Count => board.count += 1,
            Edit::Fail(item) => return board.change_and_fail(item),
        }
        Ok(())
    }
}

/// How many edits are made before the list is brought back to its length: few beside the items that are there, so that it
/// keeps about its size.
pub(crate) fn batch(n: usize) -> usize {
    (n / 20).clamp(4, 32)
}
