//! A form and a list that visitors share, for the tests that look at every frame a page paints.
use fluxstack_live::prelude::*;

/// Everyone types into the same one.
#[derive(LiveComponent, Default)]
#[live(name = "FormComponent", shared)]
struct Form {
    #[live(bind)]
    title: String,
    /// Kept without the spaces around it.
    #[live(bind, on_set = Self::trim)]
    note: String,
    #[live(bind)]
    agreed: bool,
    /// At most 100.
    #[live(bind, on_set = Self::check)]
    amount: u32,
}

/// One for all.
#[live_type]
struct Nothing {}

#[live_actions]
impl Form {
    fn key(_props: &Nothing) -> String {
        String::new()
    }
    fn authorize(_props: &Nothing, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Form::default())
    }
    /// Empties the title, also where its caller types it.
    async fn publish(&mut self, cx: &mut Context<Self>) {
        self.title.clear();
        cx.force("title");
    }
}

impl Form {
    fn trim(&mut self) {
        self.note = self.note.trim().to_owned();
    }
    fn check(&mut self) -> Result<(), Invalid> {
        if self.amount <= 100 { Ok(()) } else { Err(Invalid::field("amount", "at most 100")) }
    }
}

/// Everyone's list, whose items are named by who adds them.
#[derive(LiveComponent)]
#[live(name = "ListComponent", shared)]
struct Items {
    #[live]
    items: List<Item>,
}

/// Something on the list.
#[live_type]
struct Item {
    id: String,
    text: String,
    done: bool,
}

/// What is to be added.
#[live_type]
struct NewItem {
    id: String,
    text: String,
}

#[live_actions]
impl Items {
    fn key(_props: &Nothing) -> String {
        String::new()
    }
    fn authorize(_props: &Nothing, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Items { items: List::new() })
    }
    async fn add(&mut self, NewItem { id, text }: NewItem) -> Result<(), Invalid> {
        if self.items.iter().any(|item| item.id == id) {
            return Err(Invalid::field("id", "there is one already"));
        }
        self.items.push(Item { id, text, done: false });
        Ok(())
    }
    /// What is locked stays as it is.
    async fn toggle(&mut self, id: String) -> Result<(), Invalid> {
        let Some(item) = self.items.find_mut(|item| item.id == id) else { return Ok(()) };
        if item.text == "locked" {
            return Err(Invalid::field("done", "it is locked"));
        }
        item.done = !item.done;
        Ok(())
    }
    async fn remove(&mut self, id: String) {
        self.items.retain(|item| item.id != id);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Form>().component::<Items>().build()?;
    if std::env::args().nth(1).as_deref() == Some("typescript") {
        print!("{}", live.typescript()?);
        return Ok(());
    }
    let page = tower_http::services::ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(fluxstack_live::serve(listener, live.router("/live").fallback_service(page)).await?)
}
