//! Repository rules.
fn main() {}
