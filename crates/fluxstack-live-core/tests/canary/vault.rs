//! Components that have the canary wherever a component has what is the server's own.
use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    failure::{Failed, Fault, Invalid, OrFault},
    list::List,
    map::Map,
    secret::Secret,
    text::Text,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use std::{collections::BTreeMap, fmt, sync::Arc};
use tokio::task::yield_now;

/// Letters and digits: JSON escapes none of them and MessagePack writes a text as it is, so that it is the same bytes in
/// every encoding. Short enough to be sent whole, and no client ever says it.
pub(crate) const CANARY: &str = "c4n4ryB1rd";

pub(crate) fn canary() -> String {
    CANARY.to_owned()
}

/// Where clients may see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shown {
    Nowhere,
    InAField,
    InAnEvent,
    InAResult,
    InAnActionsError,
    InAComputedValue,
}

/// The application's own state.
pub(crate) struct Keys {
    pub(crate) canary: String,
    pub(crate) shown: Shown,
}

/// An error that says it, and so does its cause.
#[derive(Debug)]
struct Telltale(Option<Box<Telltale>>);
impl Telltale {
    fn raise() -> Result<(), Telltale> {
        Err(Telltale(Some(Box::new(Telltale(None)))))
    }
}
impl fmt::Display for Telltale {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(CANARY)
    }
}
impl std::error::Error for Telltale {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.as_deref().map(|cause| cause as _)
    }
}

/// Can neither be written nor read, and says it as the reason.
#[derive(Clone, PartialEq)]
struct Unwritable;
impl serde::Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom(CANARY))
    }
}
impl<'de> serde::Deserialize<'de> for Unwritable {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom(CANARY))
    }
}
impl fluxstack_live::value::WireType for Unwritable {
    fn describe(_: &mut fluxstack_live::schema::Types) -> fluxstack_live::schema::Type {
        fluxstack_live::schema::Type::Null
    }
}

#[live_type]
struct Told {
    text: String,
}

#[live_type]
pub(crate) struct Room {
    room: String,
    /// How the mount ends.
    end: End,
}

#[live_type]
pub(crate) enum End {
    Well,
    Err,
    Panic,
    TooLarge,
}

/// A component with the canary wherever a component has what is the server's own.
#[derive(LiveComponent)]
#[live(shared, events(Told))]
pub(crate) struct Vault {
    #[live(bind, on_set = Self::check)]
    title: String,
    #[live]
    notes: List<String>,
    #[live]
    page: Text,
    #[live]
    by_name: Map<String, String>,
    #[live]
    count: i64,
    private: String,
    rows: Vec<String>,
    by_key: BTreeMap<String, String>,
    token: Secret<String>,
    #[live(hidden)]
    deck: List<String>,
    #[live(hidden)]
    hands: Map<String, String>,
    #[live(hidden)]
    draft: Text,
    #[live(resource)]
    handle: Arc<str>,
    #[live(resource)]
    shown: Shown,
}

impl Vault {
    fn new(shown: Shown) -> Self {
        Vault {
            title: String::new(),
            notes: List::default(),
            page: Text::new(),
            by_name: Map::default(),
            count: 0,
            private: canary(),
            rows: vec![canary()],
            by_key: [(canary(), canary())].into(),
            token: Secret::new(canary()),
            deck: [canary()].into_iter().collect(),
            hands: [(canary(), canary())].into_iter().collect(),
            draft: CANARY.into(),
            handle: CANARY.into(),
            shown,
        }
    }
    /// Changes everything that is the server's own.
    fn shuffle(&mut self) {
        self.count += 1;
        self.private.push_str(CANARY);
        self.rows.push(canary());
        self.by_key.insert(format!("{CANARY}{}", self.count), canary());
        self.token.expose_mut().push_str(CANARY);
        self.deck.insert(0, canary());
        self.deck.truncate(3);
        self.hands.insert(format!("{CANARY}{}", self.count % 3), canary());
        self.draft.insert_str(0, CANARY);
        self.draft.truncate(3 * CANARY.len());
        self.private.truncate(CANARY.len());
        self.rows.truncate(3);
        self.by_key.retain(|key, _| key == CANARY);
    }
    /// Puts it into everything that can be seen, and tells it.
    fn reveal(&mut self, cx: &mut Context<Self>) {
        self.title = canary();
        self.notes.push(self.deck[0].clone());
        self.page.push_str(CANARY);
        self.by_name.insert(canary(), canary());
        cx.broadcast(Told { text: canary() });
        std::mem::swap(&mut self.notes, &mut self.deck);
    }
    /// Takes it away again from where it can be seen; an event cannot be taken back.
    fn reveal_and_overwrite(&mut self) {
        self.title = canary();
        self.notes.push(canary());
        self.by_name.insert(canary(), canary());
        let page = self.page.as_str().to_owned();
        self.page.push_str(CANARY);
        std::mem::swap(&mut self.notes, &mut self.deck);
        std::mem::swap(&mut self.notes, &mut self.deck);
        self.title = format!("{:?}", self.token);
        self.notes.pop();
        self.by_name.remove(CANARY);
        self.page.set(&page);
    }
    fn check(&mut self) -> Result<(), Invalid> {
        self.shuffle();
        match self.title.as_str() {
            "panic" => {
                self.notes.push(canary());
                panic!("{CANARY}")
            }
            "invalid" => {
                self.notes.push(canary());
                Err(Invalid::field("title", "is taken"))
            }
            _ => Ok(()),
        }
    }
}

#[live_actions]
impl Vault {
    /// The key is the server's own, too.
    fn key(props: &Room) -> String {
        format!("{CANARY} {}", props.room)
    }
    async fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    async fn mount(props: Room, cx: &MountContext) -> Result<Self, MountError> {
        let keys = cx.state::<Keys>();
        let mut vault = Vault::new(keys.shown);
        match props.end {
            End::Well => return Ok(vault),
            End::Err => Telltale::raise()?,
            End::Panic => panic!("{}", keys.canary),
            End::TooLarge => vault.title = CANARY.repeat(1_000),
        }
        Ok(vault)
    }
    async fn joined(&mut self, _cx: &mut Context<Self>) {
        self.shuffle();
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        self.reveal(cx);
        panic!("{CANARY}")
    }
    #[live(computed)]
    fn is_armed(&self) -> bool {
        self.private.contains(CANARY) && self.handle.contains(CANARY)
    }
    /// It only is there if the state it is computed of is.
    #[live(computed)]
    fn cover(&self) -> String {
        if self.shown == Shown::InAComputedValue { canary() } else { self.title.clone() }
    }
    async fn change(&mut self, cx: &mut Context<Self>) -> String {
        self.shuffle();
        self.reveal_and_overwrite();
        match self.shown {
            Shown::InAField => self.title = self.private.clone(),
            Shown::InAnEvent => cx.broadcast(Told { text: canary() }),
            Shown::InAResult => return cx.state::<Keys>().canary.clone(),
            Shown::Nowhere | Shown::InAnActionsError | Shown::InAComputedValue => {
                cx.broadcast(Told { text: "changed".into() });
            }
        }
        "changed".into()
    }
    /// It is to be seen while others have their turn, and not when it ends.
    async fn change_slowly(&mut self, cx: &mut Context<Self>) {
        self.shuffle();
        self.title = canary();
        self.notes.push(canary());
        yield_now().await;
        self.notes.pop();
        self.title = String::new();
        cx.flush(self).await;
        self.reveal_and_overwrite();
        yield_now().await;
    }
    async fn refuse(&mut self, cx: &mut Context<Self>) -> Result<(), String> {
        self.shuffle();
        self.reveal(cx);
        yield_now().await;
        Err(if self.shown == Shown::InAnActionsError { canary() } else { "refused".into() })
    }
    async fn panic(&mut self, is_late: bool, cx: &mut Context<Self>) {
        self.reveal_and_overwrite();
        cx.flush(self).await;
        self.reveal(cx);
        if is_late {
            yield_now().await;
        }
        panic!("{CANARY} {}", self.token.expose())
    }
    async fn fault(&mut self, is_error: bool, cx: &mut Context<Self>) -> Result<(), Fault> {
        self.reveal(cx);
        if is_error {
            Telltale::raise()?;
        }
        Err(Fault::new(&cx.state::<Keys>().canary))
    }
    async fn fail(&mut self, cx: &mut Context<Self>) -> Result<(), Failed<String>> {
        self.reveal(cx);
        Telltale::raise().or_fault()?;
        Err("refused".to_owned())?
    }
    async fn refuse_unwritably(&mut self, cx: &mut Context<Self>) -> Result<(), Unwritable> {
        self.reveal(cx);
        Err(Unwritable)
    }
    async fn return_unwritable(&mut self, cx: &mut Context<Self>) -> Unwritable {
        self.reveal(cx);
        Unwritable
    }
    async fn read_unreadable(&mut self, _it: Unwritable) {}
    async fn commit_too_much(&mut self, cx: &mut Context<Self>) {
        self.reveal(cx);
        self.title = CANARY.repeat(1_000);
    }
    async fn flush_too_much(&mut self, cx: &mut Context<Self>) {
        self.page.push_str(&CANARY.repeat(1_000));
        cx.flush(self).await;
    }
    async fn return_too_much(&mut self, cx: &mut Context<Self>) -> String {
        self.reveal(cx);
        CANARY.repeat(1_000)
    }
    /// A job that fails in each way it can.
    async fn work(&mut self, cx: &mut Context<Self>) {
        self.shuffle();
        let key = cx.state::<Keys>().canary.clone();
        cx.spawn(|store| async move {
            let refused = store.try_update(|this, cx| {
                this.reveal(cx);
                Err::<(), _>(canary())
            });
            let _ = refused.await;
            let panicked = store.update(|this, cx| {
                this.reveal(cx);
                panic!("{CANARY}")
            });
            let _: Result<(), _> = panicked.await;
            let _ = store.update(|this, _| this.reveal_and_overwrite()).await;
            yield_now().await;
            panic!("{key}")
        });
    }
    async fn work_in_vain(&mut self, cx: &mut Context<Self>) -> Result<(), Fault> {
        cx.spawn(|store| async move {
            let _ = store.update(|this, _| this.title = canary()).await;
        });
        Err(Fault::new(CANARY))
    }
}

/// A component that nobody shares.
#[derive(LiveComponent)]
pub(crate) struct Drawer {
    #[live(bind)]
    label: String,
    #[live(hidden)]
    things: List<String>,
    token: Secret<Vec<String>>,
}

#[live_type]
pub(crate) struct Nothing {}

#[live_actions]
impl Drawer {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        let things = [canary()].into_iter().collect();
        Ok(Drawer { label: String::new(), things, token: Secret::new(vec![canary()]) })
    }
    async fn change(&mut self) -> usize {
        self.label = self.things.pop().unwrap_or_default();
        self.things.push(std::mem::take(&mut self.label));
        self.label = format!("{:?}", self.token);
        self.token.expose_mut().push(canary());
        self.things.len()
    }
    async fn refuse(&mut self) -> Result<(), String> {
        self.label = self.things.remove(0);
        Err("refused".into())
    }
}
