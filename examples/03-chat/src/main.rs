//! A chat room: everyone who has mounted it shares one instance.
use fluxstack_live::prelude::*;

#[derive(LiveComponent, Default)]
#[live(name = "ChatComponent", shared, events(Message))]
struct Chat {
    /// The newest first. Only what is done to the list travels, not the list.
    #[live]
    messages: List<Message>,
    #[live]
    users: Map<String, String>, // the names of those who are here
}

#[live_type]
struct ChatProps {
    room: String,
}

/// Kept in the list, and told as the event `MESSAGE` to those who are here.
#[live_type]
struct Message {
    author: String,
    content: String,
}

/// Why a message is not sent. The page gets it as a typed error.
#[live_type]
enum Refused {
    Empty,
    TooLong,
}

#[live_actions]
impl Chat {
    fn key(props: &ChatProps) -> String {
        props.room.clone()
    }
    fn authorize(props: &ChatProps, _visitor: &Visitor) -> Result<(), Denied> {
        if props.room.len() <= 80 { Ok(()) } else { Err(Denied) }
    }
    fn mount(_props: ChatProps) -> Result<Self, MountError> {
        Ok(Chat::default())
    }
    async fn joined(&mut self, cx: &mut Context<Self>) {
        self.users.insert(id(cx), format!("Guest {:.4}", id(cx)));
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        self.users.remove(&id(cx));
    }
    async fn send_message(&mut self, content: String, cx: &mut Context<Self>) -> Result<(), Refused> {
        let content = match content.trim() {
            "" => return Err(Refused::Empty),
            text if text.chars().count() > 500 => return Err(Refused::TooLong),
            text => text.to_owned(),
        };
        let message = Message { author: self.users[&id(cx)].clone(), content };
        self.messages.truncate(99);
        self.messages.insert(0, message.clone());
        cx.broadcast(message);
        Ok(())
    }
}

fn id(cx: &Context<Chat>) -> String {
    cx.visitor().map_or("server", Visitor::id).to_owned()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Chat>().build()?;
    if std::env::args().nth(1).as_deref() == Some("typescript") {
        print!("{}", live.typescript()?);
        return Ok(());
    }
    let page = tower_http::services::ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"));
    let address = std::env::var("LISTEN").unwrap_or("127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(fluxstack_live::serve(listener, live.router("/live").fallback_service(page)).await?)
}
