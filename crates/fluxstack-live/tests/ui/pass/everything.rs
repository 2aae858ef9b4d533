use fluxstack_live::prelude::*;

#[live_type]
#[derive(Default, PartialEq, Eq, Hash)]
pub struct UserId(String);

#[live_type]
#[serde(tag = "kind")]
pub enum TextError {
    Empty,
    TooLong { most_allowed: u32 },
}

#[live_type]
struct Hidden {
    r#type: String,
}

#[live_type]
pub struct Message {
    id: UserId,
    hidden: Hidden,
    #[serde(default)]
    maybe: Option<String>,
}

struct Pool;

#[derive(LiveComponent)]
#[live(name = "Chat", shared)]
pub struct Chat {
    #[live]
    last: Option<Message>,
    #[live]
    nested: Message,
    #[live(bind)]
    topic: String,
    #[live(bind, leaf)]
    quiet: bool,
    count: u64,
    #[live(resource)]
    pool: Pool,
}

#[live_type]
pub struct Props {
    room: String,
}

#[live_actions]
impl Chat {
    pub fn key(props: &Props, cx: &MountContext) -> String {
        format!("{}/{}", cx.visitor().id(), props.room)
    }
    async fn authorize(_props: &Props, _cx: &MountContext, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    pub async fn mount(props: Props, _cx: &MountContext) -> Result<Self, MountError> {
        let nested = Message { id: UserId::default(), hidden: Hidden { r#type: props.room }, maybe: None };
        Ok(Chat { last: None, nested, topic: String::new(), quiet: false, count: 0, pool: Pool })
    }
    /// Documented, with an attribute of its own.
    #[allow(clippy::needless_pass_by_value)]
    pub async fn send_message(&mut self, cx: &mut Context<Self>, text: String) -> Result<UserId, TextError> {
        let _: Option<&Visitor> = cx.visitor();
        self.count += 1;
        let _ = (&self.pool, text);
        Err(TextError::TooLong { most_allowed: 3 })
    }
    async fn r#match(&mut self) -> (u8, Option<Vec<String>>) {
        (1, None)
    }
    async fn submit(&mut self) -> Result<(), Invalid> {
        Err(Invalid::field("text", "is missing"))
    }
}

fn main() {
    let _ = Live::builder().component::<Chat>().build();
}
