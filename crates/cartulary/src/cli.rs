//! The command line: a contract that scripts and benches use.

mod case;

pub(crate) use case::*;

use cartulary_model::Lang;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// From a photographed report to five-year survival, every value one click from the page it was read from.
#[derive(Debug, Parser)]
#[command(name = "cartulary", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// A folder whose files replace or add to the built-in clinical knowledge
    #[arg(long, global = true, env = "CARTULARY_CATALOGUE", value_name = "DIR")]
    pub(crate) catalogue: Option<PathBuf>,
    /// The folder with the model files for reading images
    #[arg(long, global = true, env = "CARTULARY_MODELS", value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
    /// Threads for reading, several files at a time [default: as many as the machine has, at most 4]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) threads: Option<u8>,
}

/// How documents are read.
#[derive(Args, Debug)]
pub(crate) struct Reading {
    /// Read in this process, unprotected against files that were made to attack it
    #[arg(long, env = "CARTULARY_NO_SANDBOX", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_sandbox: bool,
    /// Seconds for a document, besides 20 for each page whose text must be recognised
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) time_limit: u64,
    /// A file whose first line opens documents that need a password
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// One case, from its papers to the preliminary evaluation
    Evaluate(Evaluate),
    /// Read files into positioned lines, one JSON line a file
    Read(Read),
    /// Draw facts out of texts (JSON lines) or files
    Extract(Extract),
    /// The criteria sets, their sources and verification marks
    #[command(subcommand)]
    Criteria(Criteria),
    /// The pages of a register: patients send, the department works, a physician decides
    Serve(Serve),
    /// The pages of an example clinic with invented patients, until it is stopped
    Demo(Demo),
    /// Make a register, and its root key if the file is not there
    Init(Init),
    /// Receive papers into a case of the register, or open a case for them
    Receive(Receive),
    /// The cases of the register
    #[command(subcommand)]
    Case(Case),
    /// Do the work that waits in the register: read, extract, evaluate
    Worker(Worker),
    /// Check that the register is as it was written; names the first bad entry
    Verify(Verify),
    /// Make all tables beside the entries again
    Rebuild(Rebuild),
    /// Copy the register while it is used, sealed to people whose keys are elsewhere
    Backup(Backup),
    /// Make the key with which somebody opens backups; its public half goes to `backup --to`
    BackupKey(BackupKey),
    /// Put a backup back into an empty folder, and verify it
    Restore(Restore),
    /// Exchange the root key: wrap the key of each case anew
    RotateKey(RotateKey),
    /// Erase a case for good: its key is destroyed
    Erase(Erase),
    /// Everything of one person into a folder: the case file as JSON, readings, facts, evaluations, originals
    Export(ExportCase),
    /// Check the installation: catalogue, criteria, model files, sandbox, and the register where one is named
    Doctor(Doctor),
    /// The JSON Schema of what `evaluate --json` writes
    Schema,
    /// Forks the processes that read documents; started by the other commands
    #[command(hide = true)]
    Reader(Reader),
}

/// Where the register is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Register {
    /// The data folder of the register
    #[arg(long, env = "CARTULARY_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The file of the root key, outside of the data folder
    #[arg(long, env = "CARTULARY_ROOT_KEY", value_name = "FILE")]
    pub(crate) root_key: Option<PathBuf>,
    /// Make the root key of a passphrase, asked for on the terminal
    #[arg(long)]
    pub(crate) passphrase: bool,
    /// Make the root key of the passphrase in the first line of a file
    #[arg(long, env = "CARTULARY_PASSPHRASE_FILE", value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Take the root key from the service manager, as the credential of this name
    #[arg(long, env = "CARTULARY_CREDENTIAL", value_name = "NAME")]
    pub(crate) credential: Option<String>,
    /// A PostgreSQL database, as postgres://.. [default: SQLite in the data folder]
    #[arg(long, env = "CARTULARY_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// A second folder for the witness, on another medium or machine
    #[arg(long, env = "CARTULARY_WITNESS", value_name = "DIR")]
    pub(crate) witness: Option<PathBuf>,
}

/// `cartulary init`
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// A bucket for the originals, as s3://BUCKET/PREFIX; service and access key as AWS_ENDPOINT_URL,
    /// AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY [default: the data folder]
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    pub(crate) blobs: Option<String>,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary receive`
#[derive(Args, Debug)]
pub(crate) struct Receive {
    /// Files or folders with papers of one patient
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The case that they belong to [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(crate) case: Option<String>,
    /// How they came
    #[arg(long, value_name = "CHANNEL", default_value = "upload", value_parser = ["upload", "mail", "whatsapp", "walk_in"])]
    pub(crate) channel: String,
    /// The sender's address on the channel
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: Option<String>,
    /// What the channel calls the delivery, such as a Message-ID
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) source: String,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary case`
#[derive(Debug, Subcommand)]
pub(crate) enum Case {
    /// The worklist: the last changed first
    List(CaseList),
    /// One case: papers, what they say, what is missing, where the criteria stand
    Show(CaseShow),
    /// Cases whose papers, notes or person hold all the words
    Search(CaseSearch),
    /// Say that facts were read rightly
    Confirm(Confirm),
    /// Say what is right in place of a fact that was read wrongly
    Correct(Correct),
    /// Say that a fact does not stand on the paper
    Reject(Reject),
    /// Add a fact that stands on a paper and was not read
    AddFact(AddFact),
    /// Decide, with a reason; for physicians
    Decide(Decide),
    /// Join a case into another one of the same patient
    Merge(Merge),
    /// Take a case out again that was joined into another by mistake
    Unmerge(Unmerge),
    /// Take back an entry that was a mistake; it stays to be seen
    Undo(Undo),
    /// Write a note
    Note(Note),
    /// Say who looks after the case
    Assign(Assign),
    /// Note a consent, or that one was withdrawn
    Consent(Consent),
    /// Say until when the case must be kept; for administrators
    Retention(Retention),
    /// Read papers again, with the reader of today
    ReadAgain(ReadAgain),
}

/// `cartulary case list`
#[derive(Args, Debug)]
pub(crate) struct CaseList {
    /// Only cases that stand so [default: all but merged and erased ones]
    #[arg(long, value_parser = ["opened", "received", "evaluated", "decided", "treated", "merged", "erased"])]
    pub(crate) state: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary case show`
#[derive(Args, Debug)]
pub(crate) struct CaseShow {
    /// The case: its id, or the end of it where that names one case
    #[arg(value_name = "ID")]
    pub(crate) case: String,
    /// Language of all that is shown
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
    /// Also the whole evaluation: the course of the disease, every criteria set with its reasons
    #[arg(long)]
    pub(crate) evaluation: bool,
    /// Also every fact with the name by which it is judged
    #[arg(long)]
    pub(crate) facts: bool,
    /// Also every entry of the case file
    #[arg(long)]
    pub(crate) entries: bool,
    /// As JSON, all of it
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary case search`
#[derive(Args, Debug)]
pub(crate) struct CaseSearch {
    /// Words; a case must hold all of them
    #[arg(required = true, value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary worker`
#[derive(Args, Debug)]
pub(crate) struct Worker {
    /// Do one piece of work, if one waits, and end
    #[arg(long, conflicts_with = "drain")]
    pub(crate) once: bool,
    /// Work until nothing waits that is due, and end
    #[arg(long)]
    pub(crate) drain: bool,
    /// Seconds that a claim holds without a sign of life; the same for all workers, or none knows who is alive
    #[arg(long, hide = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) lease: u64,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary reader`
#[derive(Args, Debug)]
pub(crate) struct Reader {
    /// Let all other work go first
    #[arg(long)]
    pub(crate) behind: bool,
}

/// `cartulary serve`
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Where to listen; without --behind-tls only on this machine
    #[arg(long, env = "CARTULARY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,
    /// A proxy in front speaks TLS: cookies go over TLS only, and X-Forwarded-For is believed
    #[arg(long, env = "CARTULARY_BEHIND_TLS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) behind_tls: bool,
    /// Whose pages they are: name, hours, promise (crates/web/site.toml is an example)
    #[arg(long, env = "CARTULARY_SITE", value_name = "FILE")]
    pub(crate) site: Option<PathBuf>,
    /// Documents read at the same time in this process; 0 leaves the work to `cartulary worker`
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=16))]
    pub(crate) workers: u8,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary demo`
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,
    /// Open the pages in a browser
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// `cartulary verify`
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Leave the originals and readings in the vault out, and look at the entries only
    #[arg(long)]
    pub(crate) entries_only: bool,
    /// Then remove files of the vault that no entry names and nobody has touched for a day, left by receipts or work that
    /// broke off; safe while the register is used
    #[arg(long, conflicts_with = "entries_only")]
    pub(crate) clean_spare: bool,
    /// Also look for every word of every document in the search; slow
    #[arg(long)]
    pub(crate) texts: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary rebuild`
#[derive(Args, Debug)]
pub(crate) struct Rebuild {
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary backup`
#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// A new or empty folder for the backup
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Who can open it, as age1..; may be given several times
    #[arg(long = "to", required = true, value_name = "RECIPIENT")]
    pub(crate) to: Vec<String>,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary backup-key`
#[derive(Args, Debug)]
pub(crate) struct BackupKey {
    /// The new file of the key, for a safe and never for the server
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// `cartulary restore`
#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The folder of the backup
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The file of the key that opens the backup
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// A bucket for the originals, as with `init` [default: the data folder, wherever they were]
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    pub(crate) blobs: Option<String>,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary rotate-key`
#[derive(Args, Debug)]
pub(crate) struct RotateKey {
    #[command(flatten)]
    pub(crate) to: NewKey,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// What a rotation goes to: one of them.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct NewKey {
    /// The file of the new root key; made if it is not there
    #[arg(long, value_name = "FILE")]
    pub(crate) new: Option<PathBuf>,
    /// Make the new root key of a passphrase, asked for on the terminal
    #[arg(long)]
    pub(crate) new_passphrase: bool,
    /// Make the new root key of the passphrase in the first line of a file
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    /// Take the new root key from the service manager, as the credential of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) new_credential: Option<String>,
}

/// `cartulary erase`
#[derive(Args, Debug)]
pub(crate) struct Erase {
    /// The case
    #[arg(value_name = "ID")]
    pub(crate) case: String,
    /// The ground, such as the patient's request
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: String,
    /// Do not ask again
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary export`
#[derive(Args, Debug)]
pub(crate) struct ExportCase {
    /// The case
    #[arg(value_name = "ID")]
    pub(crate) case: String,
    /// A new or empty folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary doctor`
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) register: Register,
}

/// `cartulary evaluate`
#[derive(Args, Debug)]
pub(crate) struct Evaluate {
    /// Files or folders with the papers of one patient
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The day to evaluate for [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// Only these criteria sets; may be given several times
    #[arg(long = "set", value_name = "ID")]
    pub(crate) sets: Vec<String>,
    /// Write the report as one self-contained HTML file
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the whole answer as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Language of the summary and the report
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// `cartulary read`
#[derive(Args, Debug)]
pub(crate) struct Read {
    /// Files, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Where to write the JSON lines [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) jsonl: Option<PathBuf>,
    /// A folder for a picture of each page with boxes around what was read
    #[arg(long, value_name = "DIR")]
    pub(crate) overlay: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// `cartulary extract`
#[derive(Args, Debug)]
pub(crate) struct Extract {
    /// Files to read and extract from, instead of --jsonl
    #[arg(value_name = "FILE", conflicts_with = "jsonl")]
    pub(crate) files: Vec<PathBuf>,
    /// Records `{id,text,lang,doc_type,section?,doc_date?}`, one a line; `-` for standard input
    #[arg(long, value_name = "IN")]
    pub(crate) jsonl: Option<PathBuf>,
    /// Where to write [default: standard output]
    #[arg(long, value_name = "OUT")]
    pub(crate) out: Option<PathBuf>,
    /// For people: each fact with its rule, the page of the rule, its words and cues with their places
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// `cartulary criteria`
#[derive(Debug, Subcommand)]
pub(crate) enum Criteria {
    /// One line a set
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// One set: each criterion with its text, the question it asks, its source and mark
    Show {
        /// The set, for example axi.fda.lbcl_3l
        id: String,
        /// One language only [default: both]
        #[arg(long, value_enum)]
        lang: Option<Language>,
    },
    /// Check criteria documents: every mistake with file, line, column and what was expected
    Check {
        /// TOML files, or folders of them; a `sets.toml` among them is checked too
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// What changed between two documents, folders or built-in sets, or between two saved evaluations (.json)
    Diff {
        /// As it was: a file, a folder, or the id of a built-in set
        before: PathBuf,
        /// As it is
        after: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// What a changed set would do to many records: who becomes possible
    DryRun(DryRun),
    /// Write sets for other systems: CQL, or FHIR with the CQL in it
    Export(Export),
    /// The JSON Schema of a criteria document, for editors
    Schema,
}

/// `cartulary criteria dry-run`
#[derive(Args, Debug)]
pub(crate) struct DryRun {
    /// The changed document, or the id of a built-in set
    pub(crate) set: PathBuf,
    /// Records as JSON lines: `{"id","record","facts"}`, or answers of `evaluate --json`, one a line; `-` for standard input
    pub(crate) records: PathBuf,
    /// The day to evaluate for [default: the day in the line, else today]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `cartulary criteria export`
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The sets, for example axi.fda.lbcl_3l
    #[arg(required = true, value_name = "SET")]
    pub(crate) sets: Vec<String>,
    /// What to write
    #[arg(long, value_enum)]
    pub(crate) to: ExportForm,
    /// A folder to write a file a set into [default: standard output]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// A form that other systems read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportForm {
    /// A CQL library on FHIR R4
    Cql,
    /// A FHIR R4 Bundle of Library (with the CQL) and EvidenceVariable
    Fhir,
}

/// A language of the user interface.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// Simplified Chinese
    Zh,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}
