//! `cargo xtask example 01-counter`: builds one example and runs it until Ctrl-C.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::process::Line;
use crate::step::{Output, Steps};
use crate::{examples, node, server};

#[derive(Args)]
pub(crate) struct Options {
    /// Its folder in examples/
    name: Option<String>,
    /// The address to serve on
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let name = chosen(options.name.as_deref(), &examples::names()?)?;
    node::check()?;
    let mut steps = Steps::new(Output::OnFailure);
    node::install(&mut steps)?;
    node::build_package(&mut steps)?;
    examples::build_page(&mut steps, &name)?;
    let server = examples::build_server(&mut steps, &name)?;
    let line = Line::program(&server).env("LISTEN", options.listen.to_string());
    server::run(&line, !options.no_open)
}

/// The name, if there is an example of it.
fn chosen(name: Option<&str>, names: &[String]) -> Result<String> {
    let there_are = format!("choose one of {}", names.join(", "));
    match name {
        None => bail!("which example? {there_are}"),
        Some(name) if names.iter().any(|there| there == name) => Ok(name.to_owned()),
        Some(name) => bail!("there is no example `{name}`; {there_are}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_unknown_name_is_answered_with_those_there_are() {
        let names = ["01-counter", "02-form"].map(str::to_owned);
        let refusal = |name| chosen(name, &names).unwrap_err().to_string();
        assert_eq!(refusal(None), "which example? choose one of 01-counter, 02-form");
        assert_eq!(
            refusal(Some("counter")),
            "there is no example `counter`; choose one of 01-counter, 02-form"
        );
        assert_eq!(chosen(Some("02-form"), &names).unwrap(), "02-form");
    }
}
