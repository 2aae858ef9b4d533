//! A server of ours in the foreground, and its page in a browser.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, Stdio};

use anyhow::Result;

use crate::process::{End, Line};

/// What our servers print before the address, once they accept connections.
const LISTENING: &str = "listening on http://";

/// Runs it until it ends, says where it listens, and ends with its exit code.
pub(crate) fn run(line: &Line, opens: bool) -> Result<ExitCode> {
    let end = line.run(None, |text| match address(text) {
        Some(url) => {
            println!("FluxStack Live is running at {url}  (Ctrl-C stops it)");
            if opens {
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

/// The address in the line with which a server says that it listens.
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
    fn the_address_is_read_from_the_servers_line() {
        assert_eq!(address("listening on http://127.0.0.1:3000"), Some("http://127.0.0.1:3000"));
        assert_eq!(address("INFO showcase: listening on http://[::1]:80 now"), Some("http://[::1]:80"));
        assert_eq!(address("not listening yet"), None);
    }
}
