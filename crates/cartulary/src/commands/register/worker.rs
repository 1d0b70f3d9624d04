//! `cartulary worker`: does the work that waits. Any number may run, on any number of machines.

use super::{count, table::clean};
use crate::{
    cli::{self, Global},
    console, models, register,
};
use anyhow::{Context, Result};
use cartulary_casework::{Casework, Done, Tools, Worker};
use std::{
    io::{self, IsTerminal},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How often an idle worker looks for work.
const IDLE: Duration = Duration::from_secs(1);
/// The longest wait for a database or disk that refuses; the first is as long as an idle look.
const LONGEST: Duration = Duration::from_secs(30);

pub(in crate::commands) fn run(global: &Global, options: &cli::Worker) -> Result<ExitCode> {
    let tools = register::tools(global, &options.reading)?;
    if let Err(missing) = models::reader(global, false, None).models_ready() {
        console::say(&format!("cartulary: {missing}"));
    }
    register::with(&options.register, async |casework| work(casework, tools, options).await)
}

async fn work(casework: &Casework, tools: Arc<Tools>, options: &cli::Worker) -> Result<ExitCode> {
    let name = format!("{}", std::process::id());
    let worker = Worker::new(casework.clone(), tools, name).with_lease(Duration::from_secs(options.lease));
    let mut stop = Stop::new()?;
    let mut tally = Tally::default();
    let mut patience = IDLE;
    loop {
        // What was begun is ended before the programme stops.
        let step = match worker.step().await {
            // A full disk is emptied, a database comes back: whoever waits for work waits for these too.
            Err(error) if error.is_of_the_machine() && !options.once && !options.drain => {
                let wait = format!("it is tried again in {} s", patience.as_secs());
                console::say(&format!("cartulary: could not work: {error}; {wait}"));
                if stop.within(patience).await {
                    break;
                }
                patience = LONGEST.min(patience * 2);
                continue;
            }
            step => step?,
        };
        patience = IDLE;
        let is_idle = step.is_none();
        if let Some(done) = step {
            tally.count(&done);
        }
        let is_over = options.once || (options.drain && is_idle);
        let wait = if is_idle { IDLE } else { Duration::ZERO };
        if is_over || stop.within(wait).await {
            break;
        }
    }
    tally.tell(casework).await?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The service manager or the person at the terminal wants it to end.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> Result<Self> {
        let listen = |kind| signal(kind).context("could not listen for signals");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn within(&mut self, wait: Duration) -> bool {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => true,
            _ = self.interrupt.recv() => true,
            () = tokio::time::sleep(wait) => false,
        }
    }
}

/// What a job was about. A name of a paper may be a patient's: a terminal shows it, a log must not hold it.
fn name_of(done: &Done) -> String {
    let case = done.case.map_or_else(String::new, |case| format!("case {case}"));
    match &done.name {
        Some(name) if io::stderr().is_terminal() => clean(name),
        Some(_) => format!("a paper of {case}"),
        None => case,
    }
}

/// What was done.
#[derive(Default)]
struct Tally {
    read: usize,
    extracted: usize,
    evaluated: usize,
    failed: usize,
    late: usize,
}

impl Tally {
    fn count(&mut self, done: &Done) {
        if let Some(failed) = &done.failed {
            self.failed += 1;
            let what = name_of(done);
            let next = if failed.again { "it is tried again later" } else { "it is not tried again" };
            console::say(&format!("cartulary: could not {} {what}: {}; {next}", done.kind, failed.why));
            return;
        }
        if done.late {
            self.late += 1;
            let what = name_of(done);
            console::say(&format!(
                "cartulary: too late to {} {what}: another worker had it; not kept",
                done.kind
            ));
            return;
        }
        match done.kind.as_str() {
            "read" => self.read += 1,
            "extract" => self.extracted += 1,
            _ => self.evaluated += 1,
        }
        if done.kind == "read" {
            console::say(&format!("read {}", name_of(done)));
        }
    }

    async fn tell(&self, casework: &Casework) -> Result<()> {
        let left = casework.ledger().job_counts().await?;
        let mut words = format!(
            "{} read, {} extracted, {} evaluated",
            count(self.read, "paper"),
            count(self.extracted, "case"),
            count(self.evaluated, "case")
        );
        if self.late > 0 {
            words.push_str(&format!("; {} came too late", count(self.late, "result")));
        }
        if left.ready + left.running > 0 {
            words.push_str(&format!("; {} waiting or running", left.ready + left.running));
        }
        if left.dead > 0 {
            words.push_str(&format!("; {} gave up and need a person", left.dead));
        }
        console::say(&words);
        Ok(())
    }
}
