//! The component that is measured: a list beside two leaves.
use fluxstack_live_core::{
    actions::{Denied, MountError},
    list::List,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};

/// What is on the board.
#[derive(LiveComponent)]
#[live(shared)]
pub(crate) struct Board {
    #[live]
    pub(crate) items: List<Item>,
    #[live]
    pub(crate) count: i64,
    #[live]
    pub(crate) title: String,
}

/// A thing to do, or something somebody said.
#[live_type]
#[derive(PartialEq)]
pub(crate) struct Item {
    id: u64,
    text: String,
    pub(crate) done: bool,
    /// Milliseconds since 1970.
    at: u64,
}

impl Item {
    /// The text has 40 characters. Every number has as many digits, so that all items have the same size.
    pub(crate) fn new(number: u64) -> Item {
        let id = 100_000 + number;
        Item {
            id,
            text: format!("a chat message, or a thing to do, {id}"),
            done: false,
            at: 1_795_000_000_000 + id,
        }
    }
}

/// So many items.
pub(crate) fn items(count: usize) -> Vec<Item> {
    (0..count as u64).map(Item::new).collect()
}

#[live_type]
pub(crate) struct BoardProps {
    items: usize,
}

#[live_type]
pub(crate) struct Insertion {
    at: usize,
    item: Item,
}

#[live_type]
pub(crate) struct Move {
    from: usize,
    to: usize,
}

/// Why the action that always fails fails.
#[live_type]
pub(crate) struct Refused {}

#[live_actions]
impl Board {
    fn key(_props: &BoardProps) -> String {
        String::new()
    }
    fn authorize(_props: &BoardProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(props: BoardProps) -> Result<Self, MountError> {
        Ok(Board { items: items(props.items).into(), count: 0, title: String::new() })
    }
    async fn push(&mut self, item: Item) {
        self.items.push(item);
    }
    async fn insert(&mut self, it: Insertion) {
        self.items.insert(it.at, it.item);
    }
    async fn remove(&mut self, at: usize) {
        self.items.remove(at);
    }
    async fn move_item(&mut self, it: Move) {
        self.items.move_to(it.from, it.to);
    }
    async fn toggle(&mut self, at: usize) {
        let item = &mut self.items[at];
        item.done = !item.done;
    }
    async fn count(&mut self) {
        self.count += 1;
    }
    async fn fail(&mut self, item: Item) -> Result<(), Refused> {
        self.change_and_fail(item)
    }
}

impl Board {
    /// A push, a change of an item and of two leaves; all to be undone.
    pub(crate) fn change_and_fail(&mut self, item: Item) -> Result<(), Refused> {
        self.items.push(item);
        let middle = self.items.len() / 2;
        self.items[middle].done = true;
        self.count += 1;
        self.title = "never seen".to_owned();
        Err(Refused {})
    }
}
