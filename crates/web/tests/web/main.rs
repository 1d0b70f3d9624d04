//! The pages, asked as a browser asks, over a register of their own.
#![expect(clippy::unwrap_used, reason = "tests")]

mod api;
mod clinic;
mod entry;
mod keeping;
mod lists;
mod replies;
mod rights;
mod sending;
mod strings;
