//! Tests of the program as people run it: files in, answers out.

mod bad_input;
mod criteria;
mod examples;
mod read;
mod schema;
mod support;
