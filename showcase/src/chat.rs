//! A room to talk in: everyone who has mounted it reads the same messages and sees who else is there.
use crate::text::{TextError, checked};
use fluxstack_live::prelude::*;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(LiveComponent)]
#[live(name = "ChatComponent", shared, events(MessageReceived))]
pub(crate) struct Chat {
    /// The last 1 000.
    #[live]
    messages: Feed<ChatMessage, 1_000>,
    /// Who is here, by id.
    #[live]
    users: Map<String, ChatUser>,
    /// How many messages there ever were: names the next one.
    sent: u64,
}

#[live_type]
pub(crate) struct ChatProps {
    room: String,
}

/// Something somebody said.
#[live_type]
pub(crate) struct ChatMessage {
    id: String,
    content: String,
    user_id: String,
    /// Milliseconds since 1970.
    timestamp: u64,
}

/// Somebody in the room.
#[live_type]
pub(crate) struct ChatUser {
    id: String,
    name: String,
}

/// A message was said; told once to everyone in the room.
#[live_type]
pub(crate) struct MessageReceived {
    message: ChatMessage,
}

#[live_type]
pub(crate) struct NewMessage {
    content: String,
}

#[live_type]
pub(crate) struct Sent {
    id: String,
}

#[live_actions]
impl Chat {
    fn key(props: &ChatProps) -> String {
        props.room.clone()
    }
    fn authorize(props: &ChatProps, _visitor: &Visitor) -> Result<(), Denied> {
        if props.room.len() <= 256 { Ok(()) } else { Err(Denied) }
    }
    fn mount(_props: ChatProps) -> Result<Self, MountError> {
        Ok(Chat { messages: Feed::new(), users: Map::new(), sent: 0 })
    }
    async fn joined(&mut self, cx: &mut Context<Self>) {
        let id = user_id(cx);
        self.users.insert(id.clone(), ChatUser { name: name_of(&id), id });
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        self.users.remove(&user_id(cx));
    }
    async fn send_message(&mut self, new: NewMessage, cx: &mut Context<Self>) -> Result<Sent, TextError> {
        let content = checked(new.content)?;
        self.sent += 1;
        let id = self.sent.to_string();
        let message = ChatMessage { id: id.clone(), content, user_id: user_id(cx), timestamp: now() };
        self.messages.push(message.clone());
        cx.broadcast(MessageReceived { message });
        Ok(Sent { id })
    }
}

fn user_id(cx: &Context<Chat>) -> String {
    cx.visitor().map_or("server", Visitor::id).to_owned()
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(0)
}

/// Visitors of the showcase have no account: their name is made of their id, always the same of the same.
fn name_of(id: &str) -> String {
    const MOODS: [&str; 8] = ["Brave", "Calm", "Eager", "Gentle", "Merry", "Quick", "Sunny", "Wise"];
    const ANIMALS: [&str; 8] = ["Badger", "Heron", "Lynx", "Magpie", "Otter", "Robin", "Seal", "Tapir"];
    let hash = id.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    format!("{} {}", MOODS[hash / 8 % 8], ANIMALS[hash % 8])
}
