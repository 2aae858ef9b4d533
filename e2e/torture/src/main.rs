//! The server of the torture test. It prints its two addresses as one line of JSON, and ends when its input is closed.
use fluxstack_live::Limits;
use serde_json::json;
use std::{error::Error, time::Duration};
use tokio::{io::AsyncReadExt, net::TcpListener};
use torture_server::{control, live};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (live, tally) = live(limits());
    let server = TcpListener::bind("127.0.0.1:0").await?;
    let port = TcpListener::bind("127.0.0.1:0").await?;
    let (address, control) = (server.local_addr()?, port.local_addr()?);
    println!("{}", json!({ "server": address.to_string(), "control": control.to_string() }));
    let router = control::router(live.clone(), tally, address);
    tokio::select! {
        served = fluxstack_live::serve(server, live.router("/live")) => served?,
        served = fluxstack_live::serve(port, router) => served?,
        () = end_of_input() => {}
    }
    Ok(())
}

/// Short silences: a half-open connection is noticed by both sides while a test waits for it.
fn limits() -> Limits {
    let (ping_after, pong_within) = (Duration::from_millis(600), Duration::from_millis(300));
    Limits { ping_after, pong_within, ..Limits::default() }
}

async fn end_of_input() {
    let mut rest = [0; 64];
    while matches!(tokio::io::stdin().read(&mut rest).await, Ok(1..)) {}
}
