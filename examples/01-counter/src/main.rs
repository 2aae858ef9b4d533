//! A counter of one visitor's own: a component and the server around it.
use fluxstack_live::prelude::*;
use tower_http::services::ServeDir;

#[cfg(test)]
mod tests; // drives it as a page would

/// A counter; each page that shows one has its own.
#[derive(LiveComponent)]
#[live(name = "CounterComponent")]
struct Counter {
    /// Changed by actions only.
    #[live]
    count: i64,
    /// The page may set it as well.
    #[live(bind)]
    title: String,
    // Not marked `#[live]`, so it never leaves the server.
    presses: u64,
}

/// What a page begins with.
#[live_type]
struct CounterProps {
    count: i64,
    title: String,
}

// Each `async fn` is an action that the page may call. Only what it changed is sent.
#[live_actions]
impl Counter {
    fn mount(props: CounterProps) -> Result<Self, MountError> {
        if props.count < 0 {
            return Err(MountError::invalid("count", "starts at 0 or above"));
        }
        Ok(Counter { count: props.count, title: props.title, presses: 0 })
    }
    async fn increment(&mut self, amount: Option<i64>) {
        self.count = self.count.saturating_add(amount.unwrap_or(1)).max(0);
        self.pressed();
    }
    async fn decrement(&mut self, amount: Option<i64>) {
        self.count = self.count.saturating_sub(amount.unwrap_or(1)).max(0);
        self.pressed();
    }
    async fn reset(&mut self) {
        self.count = 0;
        self.pressed();
    }
}

// No `#[live_actions]` here: these methods are the server's own.
impl Counter {
    fn pressed(&mut self) {
        self.presses += 1;
        println!("{:?} is at {} after {} presses", self.title, self.count, self.presses);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Counter>().build()?;
    // `cargo xtask typegen` writes what this prints to page/live.gen.ts.
    if std::env::args().nth(1).as_deref() == Some("typescript") {
        print!("{}", live.typescript()?);
        return Ok(());
    }
    // The built page, and the socket beside it.
    let page = ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"));
    let app = live.router("/live").fallback_service(page);
    let address = std::env::var("LISTEN").unwrap_or("127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(fluxstack_live::serve(listener, app).await?)
}
