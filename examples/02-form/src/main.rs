//! A form that the server checks while one types.
use fluxstack_live::prelude::*;
use garde::Validate;
use std::collections::BTreeMap;

#[cfg(test)]
mod tests; // drives it as a page would

// The rules are here and nowhere else: `garde` reads them from the attributes.
#[derive(LiveComponent, Validate)]
#[live(name = "FormComponent")]
struct Form {
    // When the page has set it, `check` runs, in the same commit.
    #[live(bind, on_set = Self::check)]
    #[garde(custom(is_name))]
    name: String,
    #[live(bind, on_set = Self::check)]
    #[garde(email)]
    email: String,
    /// What is wrong so far, by field.
    #[live]
    #[garde(skip)]
    errors: BTreeMap<String, String>,
}

/// A whole state, so that the page has something to show before the server answers.
#[live_type]
struct FormProps {
    name: String,
    email: String,
    errors: BTreeMap<String, String>,
}

#[live_actions]
impl Form {
    fn mount(props: FormProps) -> Result<Self, MountError> {
        Ok(Form { name: props.name, email: props.email, errors: BTreeMap::new() })
    }
    /// Returns a greeting, or what is wrong, field by field.
    async fn submit(&mut self) -> Result<String, Invalid> {
        let wrong = self.wrong();
        if wrong.is_empty() {
            return Ok(format!("Welcome, {}!", self.name.trim()));
        }
        Err(wrong.into_iter().fold(Invalid::default(), |all, (field, text)| all.and(field, text)))
    }
}

impl Form {
    fn check(&mut self) {
        self.errors = self.wrong();
    }
    fn wrong(&self) -> BTreeMap<String, String> {
        let Err(report) = self.validate() else { return BTreeMap::new() };
        report.iter().map(|(field, error)| (field.to_string(), error.message().to_owned())).collect()
    }
}

fn is_name(name: &str, _: &()) -> garde::Result {
    match name.trim().chars().count() {
        2..=80 => Ok(()),
        _ => Err(garde::Error::new("a name has 2 to 80 letters")),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Form>().build()?;
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
