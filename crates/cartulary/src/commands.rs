//! The commands, a file each.

mod criteria;
mod doctor;
mod evaluate;
mod extract;
mod read;
mod reader;
mod schema;

use crate::cli::{Arguments, Command};
use anyhow::Result;
use std::process::ExitCode;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Evaluate(options) => evaluate::run(&global, &options),
        Command::Read(options) => read::run(&global, &options),
        Command::Extract(options) => extract::run(&global, &options),
        Command::Criteria(options) => criteria::run(&global, &options),
        Command::Doctor => doctor::run(&global),
        Command::Schema => schema::run(),
        Command::Reader => Ok(reader::run(&global)),
    }
}
