//! `nebulium completions` and `nebulium man`: the commands as a shell and `man` read them.

use clap::{Command, CommandFactory};

use super::args::{Arguments, Completions, Man};
use super::{GOOD, Outcome, UNWRITTEN, during, say};
use crate::error::{Error, ExportError};

/// Name of the program.
const PROGRAM: &str = "nebulium";

/// Prints the completions of a shell.
pub(super) fn completions(arguments: &Completions) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), PROGRAM, &mut text);
    say(&String::from_utf8_lossy(&text));
    Ok(GOOD)
}

/// Prints the man page of the program, or writes that of each command into a directory.
pub(super) fn man(arguments: &Man) -> Outcome {
    let command = named(Arguments::command());
    match &arguments.directory {
        Some(directory) => {
            let unwritten = |source| {
                Error::Export(ExportError::Write {
                    path: directory.clone(),
                    source,
                })
            };
            clap_mangen::generate_to(command, directory).map_err(|source| during(UNWRITTEN)(unwritten(source)))?;
        }
        None => {
            let mut text = Vec::new();
            let page = clap_mangen::Man::new(command);
            page.render(&mut text).expect("a vector takes all");
            say(&String::from_utf8_lossy(&text));
        }
    }
    Ok(GOOD)
}

/// The command without `help`, which needs no page.
fn named(command: Command) -> Command {
    command.disable_help_subcommand(true)
}
