//! Bytes to pages of positioned lines.
//!
//! People send photographs, scans, PDF files, Word files and mails. [`Reader::read`] takes the bytes of one of
//! them and gives back what can be read, line by line with its place on the page, and what cannot, with the reason.
//! It never fails and never drops a page in silence: an empty answer would look like a healthy patient.
//!
//! ```text
//! bytes ── sniff ──┬─ pdf ───────┬─ text layer ───────────────┐
//!                  │             └─ rendered page ─┐          │
//!                  ├─ image ────────────────────── ocr ───────┼── pages, unread
//!                  ├─ text of any other kind ────── synthetic ┤
//!                  └─ parts of containers ─── each part anew ─┘
//! ```
//!
//! | module | does |
//! |---|---|
//! | `reader` | takes the way above, holds panics of foreign parsers, reports progress |
//! | `sniff` | finds the type in the bytes, never in the name |
//! | `listen` | says what is done while it is done, and which portion to read |
//! | `limits` | what is refused before a parser sees it |
//! | `picture`, `heic` | decodes a photograph and applies its orientation; the pages of a TIFF file |
//! | `quality` | says what hinders reading a picture |
//! | `ocr` | orientation, detection, recognition, one file a stage |
//! | `pdf` | text layer, rendering, and which of the two to trust |
//! | `docx`, `odf`, `rtf`, `html`, `workbook`, `delimited`, `plain` | text without a page, as a `manuscript` |
//! | `mail`, `outlook` | the words of a mail, and its attachments as enclosures of the manuscript |
//! | `grid` | a table without a printed form, its columns given a place |
//! | `synthetic` | lays a manuscript on pages |
//! | `archive` | the parts of a ZIP file, counted while they unpack |
//! | `scale` | pictures at another size |
//! | `order` | reading order of lines on a page |
//! | `overlay` | draws what was read over the picture of its page |
//!
//! Invariants: the type is decided by content; the text as read is never corrected here; this crate opens no file
//! but model and font files, and no socket.

mod archive;
mod delimited;
mod display;
mod docx;
mod failure;
mod frame;
mod grid;
mod heic;
mod html;
mod limits;
mod listen;
mod mail;
mod manuscript;
mod ocr;
mod odf;
mod order;
mod outlook;
mod overlay;
mod pdf;
mod picture;
mod plain;
mod quality;
mod reader;
mod rtf;
mod scale;
mod sniff;
mod synthetic;
mod workbook;

pub use listen::{Begun, Listener, PageDone, Portion, Silence};
pub use ocr::models::ModelsMissing;
pub use overlay::drawn_over;
pub use picture::location::without_location;
pub use reader::{PageImage, Progress, ReadDocument, Reader, ReaderOptions};
pub use sniff::media_type;
