//! Tasks of the repository: `cargo xtask tidy` checks the rules that no compiler knows.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who runs it")]

mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy          check the rules of the repository
       cargo xtask tidy --rules  name them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => check(),
        ["tidy", "--rules"] => {
            for rule in tidy::RULES {
                println!("{:<14} {}", rule.name, rule.says);
            }
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn check() -> ExitCode {
    match tidy::run() {
        Ok(findings) if findings.is_empty() => {
            println!("tidy: {} rules kept", tidy::RULES.len());
            ExitCode::SUCCESS
        }
        Ok(findings) => {
            for finding in &findings {
                println!("{finding}");
            }
            println!("tidy: {} findings", findings.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
