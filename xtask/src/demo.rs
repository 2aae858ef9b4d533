//! `cargo xtask demo`: builds everything and runs the showcase until Ctrl-C.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use clap::Args;

use crate::process::{End, Line};
use crate::step::{Output, Steps};
use crate::{node, project, showcase};

/// What the showcase prints before the address, once it accepts connections.
const LISTENING: &str = "listening on http://";

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
    serve(&Line::program(&server), options, data)
}

/// Runs the server until it ends, and ends with its exit code.
fn serve(server: &Line, options: &Options, data: PathBuf) -> Result<ExitCode> {
    let mut line = server.clone().arg("--listen").arg(options.listen.to_string());
    line = line.arg("--data").arg(data.to_string_lossy());
    if let Some(limits) = &options.limits {
        line = line.arg("--limits").arg(limits);
    }
    let end = line.run(None, |text| match address(text) {
        Some(url) => {
            println!("FluxStack Live is running at {url}  (Ctrl-C stops it)");
            if !options.no_open {
                open(url);
            }
        }
        None => println!("{text}"),
    })?;
    match end {
        End::Exited(status) => {
            let code = status.code().or(status.signal().map(|signal| 128 + signal));
            Ok(ExitCode::from(code.unwrap_or(1) as u8))
        }
        End::TimedOut(_) => unreachable!("the server may run for ever"),
    }
}

/// The address in the line with which the showcase says that it listens.
fn address(text: &str) -> Option<&str> {
    let start = text.find(LISTENING)? + "listening on ".len();
    text[start..].split_whitespace().next()
}

/// Opens the page where there is a display. A browser that does not open is no reason to stop: the address
/// has just been printed.
fn open(url: &str) {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if has_display {
        "xdg-open"
    } else {
        return;
    };
    let mut command = Command::new(opener);
    let _ = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_showcases_line() {
        assert_eq!(address("listening on http://127.0.0.1:3000"), Some("http://127.0.0.1:3000"));
        assert_eq!(address("INFO showcase: listening on http://[::1]:80 now"), Some("http://[::1]:80"));
        assert_eq!(address("not listening yet"), None);
    }
}
