//! What a relative reports of the patient.
//!
//! ## Reads
//! A relative's word, a verb of telling right behind it, and whom the clause is about: "son says she had seizures", "wife
//! confirms that the patient is well".
//!
//! ## Leaves alone
//! "Her mother said she had breast cancer": the pronoun fits both.

use crate::{
    sheet::Sheet,
    stream::Span,
    words::{List, Place, words},
};

/// How far behind the relative the verb may begin: " (a nurse) says".
const TO_VERB: usize = 20;

const TELLS: &List = words![
    " says ",
    " said ",
    " reports ",
    " reported ",
    " states ",
    " stated ",
    " tells ",
    " told ",
    " confirms ",
    " confirmed ",
    " notes ",
    " noted ",
    " noticed ",
    " thinks ",
    " believes ",
    " feels ",
    " adds ",
    " writes ",
    " mentions ",
    " mentioned ",
    " explains ",
    " recalls ",
    " describes ",
    " insists ",
    " worries ",
    " denies ",
];

/// Whether what stands at `at` is told by the relative of this sex, of the patient.
pub(super) fn tells_of_patient(sheet: &Sheet<'_>, cue: Span, sex: Option<&str>, at: usize) -> bool {
    if at <= cue.end {
        return false;
    }
    let stream = &sheet.stream;
    let near = Span::new(cue.end.saturating_sub(1), at.min(cue.end + TO_VERB));
    let Some(verb) = stream.words_in(near, TELLS).next().map(Place::end) else { return false };
    let told = Span::new(verb.saturating_sub(1), at);
    let patient = words![" the patient ", " pt ", " patient "];
    let other = match sex {
        Some("female") => words![" he ", " he's ", " his ", " him "],
        Some("male") => words![" she ", " she's ", " her ", " hers "],
        _ => words![" the patient "],
    };
    stream.words_in(told, patient).next().is_some() || stream.words_in(told, other).next().is_some()
}
