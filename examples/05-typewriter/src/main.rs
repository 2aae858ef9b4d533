//! A long answer that arrives word by word, while the page can already ask the next thing.
use fluxstack_live::prelude::*;

#[derive(LiveComponent, Default)]
#[live(name = "TypewriterComponent")]
struct Typewriter {
    #[live]
    question: String,
    #[live]
    answer: Text,
    #[live]
    is_typing: bool,
    asked: u64, // how often: tells the answer that is wanted from one that is not any more
}

#[live_type]
struct TypewriterProps {}

#[live_actions]
impl Typewriter {
    fn mount(_props: TypewriterProps) -> Result<Self, MountError> {
        Ok(Typewriter::default())
    }
    /// It is over at once; the answer comes from a job beside the component, which ends when the page is left.
    async fn ask(&mut self, question: String, cx: &mut Context<Self>) -> Result<(), Invalid> {
        let question = question.trim();
        if question.is_empty() || question.chars().count() > 200 {
            return Err(Invalid::field("question", "ask something, in at most 200 letters"));
        }
        self.asked += 1;
        self.question = question.to_owned();
        (self.answer, self.is_typing) = (Default::default(), true);
        let (asked, words) = (self.asked, words(question));
        cx.spawn(move |store| async move {
            for word in words {
                tokio::time::sleep(std::time::Duration::from_millis(60)).await;
                // One commit, and the page shows it.
                if store.update(|this, _| this.append(asked, &word)).await != Ok(true) {
                    return;
                }
            }
            let _ = store.update(|this, _| this.is_typing &= this.asked != asked).await;
        });
        Ok(())
    }
    async fn stop(&mut self) {
        self.asked += 1;
        self.is_typing = false;
    }
}

impl Typewriter {
    /// False if nobody wants this answer any more.
    fn append(&mut self, asked: u64, word: &str) -> bool {
        if self.asked == asked {
            self.answer.push_str(word);
        }
        self.asked == asked
    }
}

/// What a language model would stream.
fn words(question: &str) -> Vec<String> {
    let answer = include_str!("answer.txt").trim().replace("{question}", question);
    answer.split_inclusive(' ').map(str::to_owned).collect()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Typewriter>().build()?;
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
