//! The pages and the JSON interface: patients send, the department works, a physician decides.
//!
//! ```text
//! browser ──► guard (headers, who, from where) ──► page ──► a handle of casework ──► template ──► HTML
//! ```
//!
//! Invariant: a page gets a handle of `casework` and nothing stronger; who may do what is decided there and in `who`.
//! Invariant: no page needs a script to read, send, sign in, judge, decide or answer; scripts make it quicker. Invariant: no
//! address holds a name, and nothing of a patient is logged.
//!
//! | module | does |
//! |---|---|
//! | `app` | what all pages share |
//! | `routes` | every address, once, with who may use it |
//! | `guard`, `limits`, `who` | headers, forms from elsewhere, sessions, care relation, too many tries |
//! | `words` | the words of the pages, a folder a language |
//! | `site` | whose pages they are: name, hours, promise |
//! | `pages` | a file a page |
//! | `api` | the same as JSON |
//! | `events` | what changed, as it changes |
//! | `counts` | how many cases stand where |
//! | `presence` | who has which desk open |
//! | `assets` | style and scripts |

mod api;
mod app;
mod assets;
mod counts;
mod error;
mod events;
mod form;
mod frame;
mod guard;
mod limits;
mod pages;
mod presence;
mod routes;
mod serve;
mod site;
mod who;
mod words;

pub use api::description;
pub use app::{App, DemoUser, House, Mode, Printer};
pub use pages::keeping::CriteriaVersion;
pub use routes::{Access, Method, ROUTES, Route, router};
pub use serve::serve;
pub use site::Site;

/// The cases of the example clinic: a folder each, with `case.toml` and its papers.
pub static DEMO: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/demo/cases");
