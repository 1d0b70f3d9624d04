//! `cartulary case ..`: what people at the terminal say of a case.

use super::Register;
use clap::{Args, ValueEnum};

/// The case, and how the answer is given.
#[derive(Args, Debug)]
pub(crate) struct On {
    /// The case: its id, or the end of it where that names one case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    /// Say what was done as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary case confirm`
#[derive(Args, Debug)]
pub(crate) struct Confirm {
    #[command(flatten)]
    pub(crate) on: On,
    /// Facts by the names that `case show --facts` tells, or by their concept where only one has it
    #[arg(required = true, value_name = "FACT")]
    pub(crate) facts: Vec<String>,
}

/// `cartulary case reject`
#[derive(Args, Debug)]
pub(crate) struct Reject {
    #[command(flatten)]
    pub(crate) on: On,
    /// The fact, as with `confirm`
    #[arg(value_name = "FACT")]
    pub(crate) fact: String,
    /// Why
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: Option<String>,
}

/// What a fact says, as far as it is given.
#[derive(Args, Debug)]
pub(crate) struct Says {
    /// What is said of the concept: a number, `positive`, `negative`, `equivocal`, a stage, a day, words
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) value: Option<String>,
    /// The unit of a measured value, in UCUM
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
    /// The day, month or year it was so
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// How it is said
    #[arg(long, value_enum)]
    pub(crate) assertion: Option<Said>,
}

/// How a paper says something.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Said {
    /// It is so
    Present,
    /// It is not so
    Negated,
    /// It may be so
    Possible,
    /// It is planned, awaited or conditional
    Hypothetical,
}

/// `cartulary case correct`
#[derive(Args, Debug)]
pub(crate) struct Correct {
    #[command(flatten)]
    pub(crate) on: On,
    /// The fact, as with `confirm`
    #[arg(value_name = "FACT")]
    pub(crate) fact: String,
    /// What it is about, as an id of the catalogue
    #[arg(long, value_name = "CONCEPT")]
    pub(crate) concept: Option<String>,
    #[command(flatten)]
    pub(crate) says: Says,
    /// Why
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: Option<String>,
}

/// `cartulary case add-fact`
#[derive(Args, Debug)]
pub(crate) struct AddFact {
    #[command(flatten)]
    pub(crate) on: On,
    /// What it is about, as an id of the catalogue
    #[arg(value_name = "CONCEPT")]
    pub(crate) concept: String,
    /// The paper it stands on, by its number in `case show`
    #[arg(long, value_name = "N")]
    pub(crate) paper: String,
    /// The words of a line in which it stands, as they were read
    #[arg(long, value_name = "WORDS")]
    pub(crate) quote: String,
    /// The page, where the words stand on several
    #[arg(long, value_name = "N")]
    pub(crate) page: Option<u32>,
    #[command(flatten)]
    pub(crate) says: Says,
}

/// `cartulary case decide`
#[derive(Args, Debug)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) on: On,
    /// The decision
    #[arg(value_name = "DECISION", value_parser = ["accept", "decline", "wait", "ask"])]
    pub(crate) decision: String,
    /// Why
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: String,
    /// The criteria set that it is about
    #[arg(long, value_name = "SET")]
    pub(crate) set: Option<String>,
    /// The entry of the evaluation that it rests on [default: the newest]
    #[arg(long, value_name = "ENTRY")]
    pub(crate) evaluation: Option<u64>,
}

/// `cartulary case merge`
#[derive(Args, Debug)]
pub(crate) struct Merge {
    #[command(flatten)]
    pub(crate) on: On,
    /// The case that goes on
    #[arg(value_name = "INTO")]
    pub(crate) into: String,
}

/// `cartulary case unmerge`
#[derive(Args, Debug)]
pub(crate) struct Unmerge {
    #[command(flatten)]
    pub(crate) on: On,
}

/// `cartulary case undo`
#[derive(Args, Debug)]
pub(crate) struct Undo {
    #[command(flatten)]
    pub(crate) on: On,
    /// The entry, by its number in `case show --entries`
    #[arg(value_name = "ENTRY")]
    pub(crate) entry: u64,
    /// Why
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: String,
}

/// `cartulary case note`
#[derive(Args, Debug)]
pub(crate) struct Note {
    #[command(flatten)]
    pub(crate) on: On,
    /// The note
    #[arg(value_name = "WORDS")]
    pub(crate) text: String,
}

/// `cartulary case assign`
#[derive(Args, Debug)]
pub(crate) struct Assign {
    #[command(flatten)]
    pub(crate) on: On,
    /// Who looks after it: `me`, `nobody`, a user of this machine by number, or the id of a person
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
}

/// `cartulary case consent`
#[derive(Args, Debug)]
pub(crate) struct Consent {
    #[command(flatten)]
    pub(crate) on: On,
    /// To what
    #[arg(value_name = "SCOPE", value_parser = ["care", "registry", "research"])]
    pub(crate) scope: String,
    /// It was withdrawn
    #[arg(long, conflicts_with = "paper")]
    pub(crate) withdraw: bool,
    /// The signed paper, by its number in `case show`
    #[arg(long, value_name = "N")]
    pub(crate) paper: Option<String>,
    /// Why it was withdrawn
    #[arg(long, value_name = "WORDS", requires = "withdraw")]
    pub(crate) reason: Option<String>,
}

/// `cartulary case retention`
#[derive(Args, Debug)]
pub(crate) struct Retention {
    #[command(flatten)]
    pub(crate) on: On,
    /// The day until which the case must be kept [default: until somebody says]
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// The ground, such as a law
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: String,
}

/// `cartulary case read-again`
#[derive(Args, Debug)]
pub(crate) struct ReadAgain {
    #[command(flatten)]
    pub(crate) on: On,
    /// Papers by their numbers in `case show` [default: all of them]
    #[arg(value_name = "N")]
    pub(crate) papers: Vec<String>,
}
