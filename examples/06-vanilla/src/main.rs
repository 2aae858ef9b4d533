//! A shopping list of one visitor's own. The server does not know with what its page is made.
use fluxstack_live::prelude::*;

#[cfg(test)]
mod tests; // drives it as a page would

#[derive(LiveComponent, Default)]
#[live(name = "ShoppingComponent")]
struct Shopping {
    #[live(bind)]
    what: String,
    // When the page has set it, `check` runs; what it refuses is undone, and the page is told why.
    #[live(bind, on_set = Self::check)]
    amount: u32,
    #[live]
    list: List<Line>,
}

#[live_type]
struct Line {
    what: String,
    amount: u32,
}

#[live_type]
struct ShoppingProps {}

#[live_actions]
impl Shopping {
    fn mount(_props: ShoppingProps) -> Result<Self, MountError> {
        Ok(Shopping { amount: 1, ..Shopping::default() })
    }
    /// Puts what the fields say on the list, and makes room for the next.
    async fn add(&mut self) -> Result<(), Invalid> {
        let what = self.what.trim().to_owned();
        if what.is_empty() {
            return Err(Invalid::field("what", "say what you need"));
        }
        match self.list.find_mut(|line| line.what == what) {
            Some(line) => line.amount += self.amount,
            None => self.list.push(Line { what, amount: self.amount }),
        }
        (self.what, self.amount) = (String::new(), 1);
        Ok(())
    }
    async fn remove(&mut self, what: String) {
        self.list.retain(|line| line.what != what);
    }
}

impl Shopping {
    fn check(&mut self) -> Result<(), Invalid> {
        match self.amount {
            1..=99 => Ok(()),
            _ => Err(Invalid::field("amount", "from 1 to 99")),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Shopping>().build()?;
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
