//! Words that negate, doubt, plan, date or transfer what stands beside them.

use crate::{error::Problem, files::Files, table};
use serde::Deserialize;

/// What a cue does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CueClass {
    /// Denies.
    Negated,
    /// Says that it has gone: a symptom is no longer there, an illness or a toxicity has been.
    Resolved,
    /// Doubts.
    Possible,
    /// Plans, conditions, asks.
    Hypothetical,
    /// Makes all that follows hold only if something happens: if, unless, 若.
    Conditional,
    /// Names what may come or is looked for: risk of, screening for, 警惕.
    Feared,
    /// Sets out what somebody must fulfil; nothing in it is told of the patient.
    Criterion,
    /// Sets in the past.
    Historical,
    /// Sets an illness in the past, but not the disease under treatment: history of, N年前.
    Background,
    /// Speaks of a relative.
    Family,
    /// Speaks of a donor.
    Donor,
    /// Speaks of somebody who is no relative.
    Other,
    /// Names the patient, and so ends what was said of others.
    Patient,
    /// States, and so ends a doubt or denial before it.
    Present,
    /// Looks like a cue and is none.
    Pseudo,
    /// Ends the scope of cues before it.
    Ends,
    /// Introduces what is given and so ends a denial only: after, despite, until.
    Given,
}

/// On which side of the cue its target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CueDirection {
    /// The cue stands before its target.
    Before,
    /// The cue stands after its target.
    After,
    /// Either.
    Both,
    /// The cue stands after its target, in a clause of its own too: `疑结核,后已排除`. A Chinese cue that its
    /// object follows at once looks forward: `已排除结核`.
    Later,
    /// The cue touches its target, which follows.
    DirectlyBefore,
    /// The cue touches its target, which precedes.
    DirectlyAfter,
    /// The cue touches its target on either side: `?Blastoid`, `lymphoma?`.
    DirectlyBeside,
}

/// A cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// As written, folded to lower case.
    pub form: String,
    /// What it does.
    pub class: CueClass,
    /// On which side its target stands.
    pub direction: CueDirection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    form: String,
    class: CueClass,
    direction: CueDirection,
    #[serde(rename = "note")]
    _note: String,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> Vec<Cue> {
    const PATH: &str = "cues.csv";
    let mut cues: Vec<Cue> = Vec::new();
    let mut forms = std::collections::BTreeSet::new();
    for row in table::read::<Row>(files, PATH, problems) {
        let form = row.of.form.to_lowercase();
        if form.is_empty() || !forms.insert(form.clone()) {
            let what = format!("cue `{form}` is empty or stands twice");
            problems.push(Problem { file: PATH.into(), line: row.line, what });
        }
        cues.push(Cue { form, class: row.of.class, direction: row.of.direction });
    }
    cues
}
