//! The rules, a file each: a constant that describes the rule, the check, and a bad sample among the tests.

pub(crate) mod addresses;
pub(crate) mod attributes;
pub(crate) mod commands;
pub(crate) mod docs;
pub(crate) mod layers;
pub(crate) mod length;
pub(crate) mod licences;
pub(crate) mod markers;
pub(crate) mod module_docs;
pub(crate) mod module_files;
pub(crate) mod owners;
pub(crate) mod printing;
pub(crate) mod purity;
pub(crate) mod sizes;
pub(crate) mod whitespace;
