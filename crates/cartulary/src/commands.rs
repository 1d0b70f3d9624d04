//! The commands, a file each.

mod criteria;
mod demo;
mod doctor;
mod evaluate;
mod extract;
mod read;
mod reader;
mod register;
mod schema;
mod serve;

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
        Command::Serve(options) => serve::run(&global, &options),
        Command::Demo(options) => demo::run(&global, &options),
        Command::Init(options) => register::init::run(&options),
        Command::Receive(options) => register::receive::run(&options),
        Command::Case(options) => register::case::run(&global, &options),
        Command::Worker(options) => register::worker::run(&global, &options),
        Command::Verify(options) => register::verify::run(&options),
        Command::Rebuild(options) => register::rebuild::run(&options),
        Command::Backup(options) => register::backup::run(&options),
        Command::BackupKey(options) => register::backup_key::run(&options),
        Command::Restore(options) => register::restore::run(&options),
        Command::RotateKey(options) => register::rotate_key::run(&options),
        Command::Erase(options) => register::erase::run(&options),
        Command::Export(options) => register::export::run(&options),
        Command::Doctor(options) => doctor::run(&global, &options),
        Command::Schema => schema::run(),
        Command::Reader(options) => Ok(reader::run(&global, &options)),
    }
}
