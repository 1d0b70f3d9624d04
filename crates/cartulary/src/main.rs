//! The one binary of Cartulary: command line, configuration, wiring. It knows everything and decides nothing.

mod case;
mod cli;
mod commands;
mod console;
#[cfg(debug_assertions)]
mod fail_point;
mod knowledge;
mod models;
mod papers;
mod progress;
mod readers;
mod register;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(debug_assertions)]
    fail_point::arm();
    let arguments = cli::Arguments::parse();
    match commands::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            console::complain(&error);
            ExitCode::FAILURE
        }
    }
}
