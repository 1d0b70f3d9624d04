//! The five example cases, from their papers to the preliminary evaluation, against what a careful data manager
//! took from the papers (`expected.toml`).
//!
//! Prints a table of found, missed and wrong facts per case; lines of therapy, diagnoses, set summaries and set-aside
//! papers must be exactly right, and no forbidden fact may appear.

#![expect(
    clippy::print_stderr,
    reason = "the table of found and missed facts is for the reader of the test run"
)]

use crate::support::{self, Case, Score};

/// Facts that must be found, of those expected: a floor that only rises.
fn check(name: &str, at_least: usize, wrong_at_most: usize) {
    if !support::models_installed() {
        eprintln!("skipped: the model files are not installed (models/get)");
        return;
    }
    let case = Case::evaluate(name);
    let score = case.score();
    eprintln!("{name}: {score}");
    for note in &score.notes {
        eprintln!("  {note}");
    }
    assert_eq!(score.forbidden, 0, "{name}: forbidden facts");
    case.check_patient();
    case.check_diagnoses();
    case.check_lines();
    case.check_sets();
    case.check_papers_set_aside();
    case.check_grounding();
    let Score { found, wrong, .. } = score;
    assert!(found >= at_least, "{name}: {found} facts found, expected at least {at_least}");
    assert!(wrong <= wrong_at_most, "{name}: {wrong} facts wrong, expected at most {wrong_at_most}");
}

#[test]
fn transformed_follicular() {
    check("transformed-follicular", 246, 12);
}

#[test]
fn primary_refractory() {
    check("primary-refractory", 210, 12);
}

#[test]
fn little_sent() {
    check("little-sent", 8, 1);
}

#[test]
fn mantle_cell() {
    check("mantle-cell", 118, 9);
}

#[test]
fn t_cell() {
    check("t-cell", 144, 6);
}
