//! The command line: a contract that scripts and benches use.

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
    /// Check the installation: catalogue, criteria, model files, sandbox
    Doctor,
    /// The JSON Schema of what `evaluate --json` writes
    Schema,
    /// Forks the processes that read documents; started by the other commands
    #[command(hide = true)]
    Reader,
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
