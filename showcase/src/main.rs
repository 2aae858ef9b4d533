//! The showcase: the components of FluxStack Live on one page, in one binary with the built page inside.
mod page; // the built page, from inside the binary
mod chat; // a room to talk in
mod form; // a form that is checked while it is filled in
mod todo; // a list of things to do, kept in a database
mod shared_counter; // a counter that everyone in a room shares
mod counter; // a counter of one visitor's own
mod database; // the todos in an SQLite file
mod text; // what somebody types
#[cfg(test)]
mod tests; // the components, without a browser

use chat::Chat;
use clap::{Parser, Subcommand, ValueEnum};
use counter::Counter;
use database::Database;
use fluxstack_live::{Limits, Live, LiveBuilder};
use fluxstack_live_faults::{FaultProxy, Schedule};
use form::{Form, Submissions};
use shared_counter::SharedCounter;
use std::{error::Error, net::SocketAddr, path::PathBuf};
use todo::Todos;
use tokio::net::TcpListener;

/// Serves the showcase of FluxStack Live.
#[derive(Parser)]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true)]
struct Options {
    #[command(subcommand)]
    instead: Option<Instead>,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// The folder for what survives a restart; made if it is not there.
    #[arg(long, required = true)]
    data: Option<PathBuf>,
    /// Which bounds are in force.
    #[arg(long, value_enum, default_value = "default")]
    limits: Preset,
    /// Puts a bad network before the server as well, the same for the same seed, and prints where to look at it.
    #[arg(long, value_name = "SEED")]
    bad_network: Option<u64>,
}

/// What it does instead of serving.
#[derive(Subcommand)]
enum Instead {
    /// Prints the types of its components; `cargo xtask typegen` writes them to the page's sources.
    #[command(hide = true)]
    Typescript,
}

/// The presets of bounds. They differ only in rates and admission caps, which do not exist yet: all are alike today.
#[derive(Clone, Copy, ValueEnum)]
enum Preset {
    /// For the open internet.
    Default,
    /// For trusted networks and load tests.
    Lan,
    /// For one's own machine.
    Development,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if let Some(Instead::Typescript) = options.instead {
        print!("{}", components(Live::builder()).build()?.typescript()?);
        return Ok(());
    }
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let limits = match options.limits {
        Preset::Default | Preset::Lan | Preset::Development => Limits::default(),
    };
    let data = options.data.expect("it is required");
    std::fs::create_dir_all(&data)
        .map_err(|error| format!("the data folder `{}` cannot be made: {error}", data.display()))?;
    let file = data.join("todos.sqlite");
    let database = Database::open(&file)
        .map_err(|error| format!("the database `{}` cannot be opened: {error}", file.display()))?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("`{}` cannot be listened on: {error}", options.listen))?;
    let address = listener.local_addr()?;
    let mut live = components(Live::builder()).limits(limits).state(database).state(Submissions::default());
    // Until the end: a proxy that is dropped ends its connections.
    let mut bad_network = None;
    if let Some(seed) = options.bad_network {
        bad_network = Some(FaultProxy::start(address, Schedule::seeded(seed, REACH)).await?);
        // The page comes from here and connects there.
        live = live.allow_origin(format!("http://{address}"));
    }
    let app = live.build()?.router("/live").merge(page::router());
    if let Some(network) = &bad_network {
        println!("a page on a bad network: http://{address}/?through={}", network.address().port());
    }
    println!("listening on http://{address}");
    fluxstack_live::serve(listener, app).await?;
    Ok(())
}

/// Where in a connection's bytes the bad network strikes: most pages get as far as being mounted.
const REACH: u64 = 64 * 1024;

fn components(live: LiveBuilder) -> LiveBuilder {
    live.component::<Counter>()
        .component::<SharedCounter>()
        .component::<Chat>()
        .component::<Form>()
        .component::<Todos>()
}
