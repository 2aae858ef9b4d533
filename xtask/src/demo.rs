//! `cargo xtask demo`: builds everything and runs the showcase until Ctrl-C.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::Line;
use crate::step::{Output, Steps};
use crate::{node, project, server, showcase};

#[derive(Args)]
pub(crate) struct Options {
    /// The address to serve on
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// The folder to keep data in [default: demo-data in cargo's target folder]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// Which limits to set: default, lan or development
    #[arg(long)]
    limits: Option<String>,
    /// Put a bad network before the server as well, the same for the same seed
    #[arg(long, value_name = "SEED")]
    bad_network: Option<u64>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    node::check()?;
    let mut steps = Steps::new(Output::OnFailure);
    node::install(&mut steps)?;
    node::build_package(&mut steps)?;
    showcase::build_page(&mut steps)?;
    let server = showcase::build_server(&mut steps)?;

    let data = match &options.data {
        Some(data) => std::path::absolute(data).context("the data folder has no name")?,
        None => project::target().join("demo-data"),
    };
    fs::create_dir_all(&data).with_context(|| format!("the folder `{}` cannot be made", data.display()))?;
    serve(Line::program(&server), options, data)
}

/// Runs the server until it ends, and ends with its exit code.
fn serve(server: Line, options: &Options, data: PathBuf) -> Result<ExitCode> {
    let mut line = server.arg("--listen").arg(options.listen.to_string());
    line = line.arg("--data").arg(data.to_string_lossy());
    if let Some(limits) = &options.limits {
        line = line.arg("--limits").arg(limits);
    }
    if let Some(seed) = options.bad_network {
        line = line.arg("--bad-network").arg(seed.to_string());
    }
    server::run(&line, !options.no_open)
}
