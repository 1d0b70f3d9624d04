//! Words and signs of a result: `阴性`, "non-reactive", `(+)`, `P0sitive`, "immune".

use super::Name;
use crate::{
    misread::alike,
    sheet::Sheet,
    stream::{Hit, Span},
    words::{Coded, List, Place, coded, words},
};
use cartulary_model::fact::Sign;

/// What a result word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::grammar) enum Reported {
    Positive,
    Negative,
    Equivocal,
    Pending,
}

impl Reported {
    pub(super) fn sign(self) -> Option<Sign> {
        match self {
            Self::Positive => Some(Sign::Positive),
            Self::Negative => Some(Sign::Negative),
            Self::Equivocal => Some(Sign::Equivocal),
            Self::Pending => None,
        }
    }
}

const REPORTED: &Coded<Reported> = coded![
    Reported;
    ("未检测", Reported::Pending),
    ("未做", Reported::Pending),
    ("未查", Reported::Pending),
    ("待回", Reported::Pending),
    ("结果未回", Reported::Pending),
    ("pending", Reported::Pending),
    ("not tested", Reported::Pending),
    ("not done", Reported::Pending),
    ("awaited", Reported::Pending),
    ("未检测到", Reported::Negative),
    ("未检测出", Reported::Negative),
    ("未检出", Reported::Negative),
    ("检测不到", Reported::Negative),
    ("检测不出", Reported::Negative),
    ("检不出", Reported::Negative),
    ("测不到", Reported::Negative),
    ("测不出", Reported::Negative),
    ("未测得", Reported::Negative),
    ("未测出", Reported::Negative),
    ("未查见", Reported::Negative),
    ("阴性", Reported::Negative),
    ("not detected", Reported::Negative),
    ("none detected", Reported::Negative),
    ("undetectable", Reported::Negative),
    ("not detectable", Reported::Negative),
    ("negativ", Reported::Negative),
    ("undetected", Reported::Negative),
    ("non-reactive", Reported::Negative),
    ("nonreactive", Reported::Negative),
    ("non reactive", Reported::Negative),
    ("not reactive", Reported::Negative),
    ("negative", Reported::Negative),
    ("absent", Reported::Negative),
    ("is minus", Reported::Negative),
    ("was minus", Reported::Negative),
    ("is plus", Reported::Positive),
    ("was plus", Reported::Positive),
    ("低于检测下限", Reported::Negative),
    ("低于最低检测", Reported::Negative),
    ("低于最低检出", Reported::Negative),
    ("低于检测限", Reported::Negative),
    ("低于检出限", Reported::Negative),
    ("低于检出下限", Reported::Negative),
    ("小于检测下限", Reported::Negative),
    ("小于最低检测", Reported::Negative),
    ("低于下限", Reported::Negative),
    ("below the limit of detection", Reported::Negative),
    ("below limit of detection", Reported::Negative),
    ("below the detection limit", Reported::Negative),
    ("below detection limit", Reported::Negative),
    ("below the level of detection", Reported::Negative),
    ("below detection", Reported::Negative),
    ("below the limit of quantification", Reported::Negative),
    ("below lod", Reported::Negative),
    ("<lod", Reported::Negative),
    ("< lod", Reported::Negative),
    ("<llod", Reported::Negative),
    ("< llod", Reported::Negative),
    ("<lloq", Reported::Negative),
    ("< lloq", Reported::Negative),
    ("<检测下限", Reported::Negative),
    ("<最低检测", Reported::Negative),
    ("<检出下限", Reported::Negative),
    ("target not detected", Reported::Negative),
    ("tnd", Reported::Negative),
    ("unrevealing", Reported::Negative),
    ("非反应性", Reported::Negative),
    ("无反应性", Reported::Negative),
    ("无反应", Reported::Negative),
    ("非反应", Reported::Negative),
    ("(阴)", Reported::Negative),
    ("(-)", Reported::Negative),
    ("[-]", Reported::Negative),
    ("neg", Reported::Negative),
    ("-ve", Reported::Negative),
    ("转阴", Reported::Negative),
    ("由阳转阴", Reported::Negative),
    ("由阴转阳", Reported::Positive),
    ("阴转阳", Reported::Positive),
    ("阴转", Reported::Negative),
    ("全阴", Reported::Negative),
    ("均阴", Reported::Negative),
    ("弱阳性", Reported::Equivocal),
    ("假阳性", Reported::Equivocal),
    ("假阳", Reported::Equivocal),
    ("弱反应", Reported::Equivocal),
    ("可疑阳性", Reported::Equivocal),
    ("弱阳", Reported::Equivocal),
    ("灰区", Reported::Equivocal),
    ("equivocal", Reported::Equivocal),
    ("weakly reactive", Reported::Equivocal),
    ("weakly positive", Reported::Equivocal),
    ("indeterminate", Reported::Equivocal),
    ("borderline", Reported::Equivocal),
    ("可疑", Reported::Equivocal),
    ("(±)", Reported::Equivocal),
    ("阳性", Reported::Positive),
    ("检出", Reported::Positive),
    ("反应性", Reported::Positive),
    ("有反应", Reported::Positive),
    ("转阳", Reported::Positive),
    ("reactive", Reported::Positive),
    ("positive", Reported::Positive),
    ("(阳)", Reported::Positive),
    ("(+)", Reported::Positive),
    ("[+]", Reported::Positive),
    ("(++)", Reported::Positive),
    ("(+++)", Reported::Positive),
    ("detected", Reported::Positive),
    ("pos", Reported::Positive),
    ("+ve", Reported::Positive),
];

/// The first result word of a span; of several that begin at one place, the longest.
pub(in crate::grammar) fn first_sign(sheet: &Sheet<'_>, window: Span) -> Option<(Reported, Span)> {
    let window = sheet.within(window);
    let behind = |of: &Place| sheet.stream.lower_text(Span::new(of.end(), window.end));
    let ahead = |of: &Place| sheet.stream.lower_text(Span::new(window.start, of.start()));
    let letter =
        |at: usize| (window.start..window.end).contains(&at) && sheet.stream.lower[at].is_ascii_alphabetic();
    let stands = |of: &Place| {
        let latin = letter(of.start());
        let whole = !latin || !(of.start() > 0 && letter(of.start() - 1) || letter(of.end()));
        // "positive for CMV" speaks of what follows; `N0N-REACTIVE` is a denial that recognition spoilt.
        let leads = latin && speaks_of_what_follows(behind(of));
        let spoilt = REPORTED.code(*of) == Reported::Positive && is_spoilt_denial(ahead(of));
        whole && !leads && !spoilt
    };
    // Of each word only its first place is looked at.
    let first = sheet.stream.first_inside(window, REPORTED).into_iter().filter(stands);
    let found = first.min_by_key(|of| (of.start(), std::cmp::Reverse(of.end())))?;
    let never = ["never", "never been", "not been", "not"].iter().any(|word| {
        ahead(&found).trim_end().strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
    });
    match REPORTED.code(found) {
        Reported::Positive if never => Some((Reported::Negative, found.span())),
        reported => Some((reported, found.span())),
    }
}

/// "positive for": the result is of the list behind it.
fn speaks_of_what_follows(behind: &str) -> bool {
    behind.strip_prefix(" for").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// `n0n-`, `n0t ` directly before a result word: `non-` and `not` with look-alikes.
pub(super) fn is_spoilt_denial(before: &str) -> bool {
    let mut last = before.trim_end_matches([' ', '-']).chars().rev();
    let (Some(third), Some(second), Some(first)) = (last.next(), last.next(), last.next()) else {
        return false;
    };
    let begins = !last.next().is_some_and(char::is_alphanumeric);
    let letters = [first, second, third].map(alike);
    begins && (letters == ['n', 'o', 'n'].map(alike) || letters == ['n', 'o', 't'].map(alike))
}

/// A result word that recognition spelt with look-alikes: `P0sitive`, `Neqative`.
pub(super) fn misspelt_sign(sheet: &Sheet<'_>, window: Span) -> Option<(Reported, Span)> {
    const WORDS: [(&str, Reported); 14] = [
        ("(一)", Reported::Negative),
        ("(十)", Reported::Positive),
        ("阴牲", Reported::Negative),
        ("阳牲", Reported::Positive),
        ("明性", Reported::Negative),
        ("阴惟", Reported::Negative),
        ("negative", Reported::Negative),
        ("non-reactive", Reported::Negative),
        ("nonreactive", Reported::Negative),
        ("non reactive", Reported::Negative),
        ("not reactive", Reported::Negative),
        ("not detected", Reported::Negative),
        ("positive", Reported::Positive),
        ("reactive", Reported::Positive),
    ];
    let window = sheet.within(window);
    let text = &sheet.stream.lower[window.start..window.end];
    let reads = |at: usize, word: &str| {
        word.chars().map(alike).zip(at..).all(|(of, at)| text.get(at).is_some_and(|read| alike(*read) == of))
    };
    let found = WORDS.iter().filter_map(|(word, reported)| {
        let at = (0..text.len()).find(|at| reads(*at, word))?;
        let length = word.chars().count();
        let plain =
            sheet.stream.lower_text(Span::new((window.start + at + length).min(window.end), window.end));
        (!speaks_of_what_follows(plain)).then_some((at, length, *reported))
    });
    let (at, length, reported) = found.min_by_key(|(at, length, _)| (*at, std::cmp::Reverse(*length)))?;
    let start = window.start + at;
    Some((reported, Span::new(start, start + length)))
}

/// "(immune)", "non-immune" behind an antibody that protects.
pub(super) fn immunity(sheet: &Sheet<'_>, hit: &Hit, window: Span) -> Option<(Reported, Span)> {
    if hit.concept.as_str() != "lab.anti_hbs" {
        return None;
    }
    let text = sheet.stream.lower_text(sheet.within(window));
    let words = [
        ("non-immune", Reported::Negative),
        ("not immune", Reported::Negative),
        ("susceptible", Reported::Negative),
        ("无保护", Reported::Negative),
        ("immune", Reported::Positive),
        ("protective", Reported::Positive),
        ("有保护", Reported::Positive),
    ];
    let (word, reported) = words.iter().find(|(word, _)| text.contains(word))?;
    let start = window.start + text[..text.find(word)?].chars().count();
    Some((*reported, Span::new(start, start + word.chars().count())))
}

/// `均未见异常`, `正常`, "unremarkable" of serology: nothing was found.
pub(super) fn unremarkable(sheet: &Sheet<'_>, name: &Name, window: Span) -> Option<(Reported, Span)> {
    let text = sheet.stream.lower_text(sheet.within(window));
    let word = ["未见异常", "未见明显异常", "无异常", "均正常", "unremarkable"]
        .into_iter()
        .find(|word| text.contains(word))?;
    let start = window.start + text[..text.find(word)?].chars().count();
    name.is_serology().then(|| (Reported::Negative, Span::new(start, start + word.chars().count())))
}

/// Words behind which the result stands that counts.
const CONFIRMED: &List = words!["reported as", "confirmatory", "确证", "复检"];

/// "initially reactive, confirmatory Western blot negative": the confirmed result is the result.
pub(super) fn final_sign(sheet: &Sheet<'_>, window: Span) -> Option<(Reported, Span)> {
    let wide =
        sheet.within(Span::new(window.start, sheet.sentence(window.start).end.min(window.start + 120)));
    let confirmed = sheet
        .stream
        .first_inside(wide, CONFIRMED)
        .into_iter()
        .find(|of| of.start() < window.end || CONFIRMED[of.word()] == "reported as");
    match confirmed {
        Some(of) => first_sign(sheet, Span::new(of.start(), wide.end)),
        None => first_sign(sheet, window),
    }
}
