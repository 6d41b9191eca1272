//! The commands: arguments in, words and an exit code out; the only place that prints.

mod args;
mod check;
mod cite;
mod compare;
mod convergence;
mod devices;
mod emissivity;
mod engine;
mod fit;
mod help;
mod init;
mod input;
mod instruction_set;
mod interrupt;
mod lines;
mod pages;
mod progress;
mod simulate;
mod version;

use std::io::{self, ErrorKind as IoKind, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Parser;
use clap::error::ErrorKind;

use crate::error::{Error, ExportError, FitError};
use crate::report::meant;
use crate::run::{self, Phase};
use crate::text::visible;
use args::{Arguments, Command};

/// All went well.
const GOOD: u8 = 0;
/// A result could not be written.
const UNWRITTEN: u8 = 1;
/// The arguments or the configuration are wrong.
const USAGE: u8 = 2;
/// The input cannot be used.
const INPUT: u8 = 3;
/// Objects were rejected or failed under `--strict`.
const CASUALTIES: u8 = 4;
/// The device does not serve.
const DEVICE: u8 = 5;

/// Error and the exit code of the program.
#[derive(Debug)]
struct Failure {
    error: Error,
    code: u8,
}

/// Exit code of a command, or the failure that ended it.
type Outcome = Result<u8, Failure>;

/// Gives an error the exit code of the phase in which it arose. An error of the output, or of a
/// catalogue that changes, has an exit code of its own.
fn during<E: Into<Error>>(code: u8) -> impl Fn(E) -> Failure {
    move |error| {
        let error = error.into();
        let code = match error {
            Error::Export(ExportError::Write { .. }) => UNWRITTEN,
            Error::Export(
                ExportError::Exists { .. }
                | ExportError::Obstacle { .. }
                | ExportError::Foreign { .. }
                | ExportError::Busy { .. },
            ) => USAGE,
            Error::Fit(FitError::CatalogueChanged { .. }) | Error::CatalogueLost { .. } => INPUT,
            _ => code,
        };
        Failure { error, code }
    }
}

impl From<run::Failure> for Failure {
    fn from(failure: run::Failure) -> Failure {
        let code = match failure.phase {
            Phase::Settings | Phase::Output => USAGE,
            Phase::Input => INPUT,
            Phase::Fit => DEVICE,
        };
        during(code)(failure.error)
    }
}

/// Runs the command that the arguments ask for.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => GOOD,
                _ => USAGE,
            };
            let _ = error.print();
            if error.kind() == ErrorKind::DisplayVersion {
                say(&version::details());
            }
            return code.into();
        }
    };
    let outcome = instruction_set::restrict().and_then(|()| obey(arguments.command));
    match outcome {
        Ok(GOOD) => after_words().into(),
        Ok(code) => code.into(),
        Err(failure) => {
            warn(&format!("error: {}", failure.error));
            if let Some(name) = meant(&failure.error) {
                warn(&format!("  did you mean `{name}`?"));
            }
            failure.code.into()
        }
    }
}

/// Runs a command.
fn obey(command: Command) -> Outcome {
    match command {
        Command::Fit(arguments) => fit::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Convergence(arguments) => convergence::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Emissivity(arguments) => emissivity::run(&arguments),
        Command::Lines(arguments) => lines::run(&arguments),
        Command::Devices => devices::run(),
        Command::Cite(arguments) => cite::run(&arguments),
        Command::Completions(arguments) => pages::completions(&arguments),
        Command::Man(arguments) => pages::man(&arguments),
    }
}

/// The first failure of the standard output.
static UNSAID: OnceLock<String> = OnceLock::new();

/// Prints a text, hidden characters as escapes. A closed pipe is no error; another failure is
/// remembered for the exit code.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    let written = out.write_all(visible(text).as_bytes()).and_then(|()| out.flush());
    if let Err(source) = written
        && source.kind() != IoKind::BrokenPipe
    {
        UNSAID.get_or_init(|| source.to_string());
    }
}

/// Exit code of a command that went well, once its words are printed.
fn after_words() -> u8 {
    match UNSAID.get() {
        None => GOOD,
        Some(source) => {
            warn(&format!("error: the standard output could not be written: {source}"));
            UNWRITTEN
        }
    }
}

/// Prints a row on the standard error, hidden characters as escapes.
fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(text));
}
