//! Values that the paper itself takes back: a spoilt sample, a slip.
//!
//! ## Reads
//! `TBIL初报142μmol/L(标本重度溶血,作废),重采后18.3μmol/L`, "PLT 12 (clumped, repeat 105)": the words right behind the value.
//!
//! ## Leaves alone
//! "PLT 12 (no clumping on film)": the count stands. A haemolysed sample that nobody repeated: its value is kept, with less trust.

use super::later;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::Span,
    words::{List, words},
};

/// How much of a bracket is read.
const BRACKET: usize = 48;

/// Words that end a value for good.
const VOID: &List = words![
    "作废",
    "无效",
    "凝集",
    "凝块",
    "血小板聚集",
    "结果不可靠",
    "误报",
    "笔误",
    "clumped",
    "clumping",
    "clotted",
    "clots",
    " void",
    "(void",
    "invalid",
    "spurious",
    "erroneous",
    "disregard",
];

/// Words that end it where another follows.
const SPOILT: &List = words!["溶血", "脂血", "haemoly", "hemoly", "lipaemic", "lipemic", "稀释", "diluted"];

/// "PLT 12 (no clumping on film)": a low count that was looked at is a low count.
const DENIED: &List = words![
    "no ",
    "not ",
    "without",
    "excluded",
    "ruled out",
    "never ",
    "未见",
    "无凝",
    "无血小板聚集",
    "排除",
    "未发现"
];

/// "LDH 890 (haemolytic anaemia)": of the patient, not of the sample.
const ILLNESS: &List = words!["溶血性", "haemolytic", "hemolytic", "haemolyti", "no ", "未见溶血", "无溶血"];

const REPEATED: &List =
    words!["复查", "重采", "重抽", "复测", "重测", "重查", "复检", "repeat", "redrawn", "recheck"];

/// Leaves out what is void, and reads the value that took its place.
pub(super) fn set(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let mut instead = Vec::new();
    drafts.retain_mut(|draft| {
        let Some(bracket) = bracket_behind(sheet, draft.span.end) else { return true };
        let next = Span::new(bracket.end, sheet.after(bracket.end, BRACKET).end);
        let again = sheet.says(bracket, REPEATED) || sheet.says(next, REPEATED);
        let spoilt = sheet.says(bracket, SPOILT) && !sheet.says(bracket, ILLNESS);
        let void = sheet.says(bracket, VOID) && !sheet.says(bracket, DENIED);
        if void || spoilt && again {
            instead.extend(later::behind_void(sheet, draft, bracket.end));
            return false;
        }
        if spoilt {
            draft.confidence = draft.confidence.min(0.6);
        }
        true
    });
    drafts.extend(instead);
}

/// The bracket right behind a value, with its signs.
fn bracket_behind(sheet: &Sheet<'_>, end: usize) -> Option<Span> {
    let stream = &sheet.stream;
    let open = end + usize::from(stream.at(end) == ' ');
    if stream.at(open) != '(' {
        return None;
    }
    let close = (open..stream.len().min(open + BRACKET)).find(|at| stream.at(*at) == ')')?;
    Some(Span::new(open, close + 1))
}
