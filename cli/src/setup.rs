//! `eqlens completions` and `eqlens man`: what a packager or a shell wants.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::output::Data;
use crate::{Cli, Failure, Status};

/// Print a completion script for a shell.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens completions bash > ~/.local/share/bash-completion/completions/eqlens"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Print the manual page, or write one for every command into a folder.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens man --out /usr/local/share/man/man1")]
pub(crate) struct Man {
    /// Folder for the pages
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the script.
pub(crate) fn completions(args: &Completions) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "eqlens", &mut script);
    print(&script)
}

/// Prints or writes the pages.
pub(crate) fn man(args: &Man) -> Result<Status, Failure> {
    let failed = |error: io::Error| Failure::Message(format!("cannot write the pages: {error}"));
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
        return Ok(Status::Yes);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(failed)?;
    print(&page)
}

fn print(text: &[u8]) -> Result<Status, Failure> {
    let mut out = Data::new();
    out.write(|out| out.write_all(text))?;
    out.finish()?;
    Ok(Status::Yes)
}
