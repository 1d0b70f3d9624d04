//! Courses that are being given: the cycle that is running, what is given every month.
//!
//! ## Reads
//! `R-GemOx正在第2程`, `R2方案,第5周期进行中`, "R2 (2nd line) now C4", "now in week 3 of glofitamab", `现R2方案第3周期`, "IVIG monthly".
//!
//! ## Leaves alone
//! "now R-CHOP x6 completed", "weekly rituximab x4": what is counted or over.

use crate::{
    grammar::therapy::{count::Territory, name::Name},
    sheet::Sheet,
    stream::Span,
    words::{Place, words},
};

/// How far behind its name a course tells of its running cycle.
const REACH: usize = 22;

pub(super) fn is_told(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    let after = Span::new(name.span.end, own.end.min(name.span.end + REACH).max(name.span.end));
    runs(sheet, after) || leads(sheet, name, after) || is_repeated(sheet, name, after)
}

/// A cycle by its number, with a word of now.
fn runs(sheet: &Sheet<'_>, after: Span) -> bool {
    let stream = &sheet.stream;
    let cycle = |at: usize| {
        let at = at + usize::from(stream.at(at) == ' ');
        let digits = (at + 1..at + 4).take_while(|of| stream.at(*of).is_ascii_digit()).count();
        // "now C4 vertebral fracture" is a bone.
        let ends = |at: usize| stream.at(at) != ' ' || !stream.at(at + 1).is_alphabetic();
        let letter = matches!(stream.at(at), 'C' | 'c') && digits > 0 && ends(at + 1 + digits);
        letter || stream.reads_any(at, words!["cycle ", "on cycle ", "in cycle ", "第"])
    };
    let now = stream.words_in(after, words!["now", "currently", "现", "目前", "正在", "正行"]);
    let apart =
        |of: &Place| (after.start..of.start()).all(|at| !matches!(stream.at(at), '.' | ';' | '。' | '后'));
    // "Previously R-CHOP, currently in cycle 2 of R-ICE": of the course that is named behind.
    let own = |of: &Place| {
        const NEXT: usize = 20;
        let next = sheet.candidates_in(Span::new(of.end(), of.end() + NEXT));
        let stops = |at: usize| matches!(stream.at(at), ',' | ';' | '.' | '。' | '\n');
        !next.iter().any(|next| {
            matches!(next.hit.concept.kind(), "reg" | "drug") && !(of.end()..next.hit.span.start).any(stops)
        })
    };
    // `出现第3度骨髓抑制`, "known C1" speak of no day.
    let word = |of: &Place| {
        let before = of.start().checked_sub(1).map_or(' ', |at| stream.at(at));
        let inside = before.is_ascii_alphabetic() && stream.at(of.start()).is_ascii_alphabetic();
        !inside && !matches!(before, '出' | '发' | '呈' | '表' | '显' | '体' | '再')
    };
    let told = now.filter(word).filter(apart).filter(own).any(|of| cycle(of.end()));
    told || stream
        .words_in(after, words!["进行中", "支持中", "替代中", "应用中", "观察中"])
        .any(|of| apart(&of))
        || stream.at(after.start) == '中' && matches!(stream.at(after.start + 1), ',' | ';' | '。' | ')')
}

/// "now in week 3 of glofitamab", "now in the first R-DHAP", `现R2方案第3周期`, ", now venetoclax.".
fn leads(sheet: &Sheet<'_>, name: &Name, after: Span) -> bool {
    const BEFORE: usize = 24;
    let stream = &sheet.stream;
    let start = name.span.start;
    let before = stream.lower_text(Span::new(start.saturating_sub(BEFORE), start));
    let numbered = ["in week ", "in cycle ", "on cycle ", "in the first ", "in the second ", "in the third "];
    let counted = ["now ", "currently "].iter().any(|now| {
        numbered.iter().any(|lead| {
            let rest = before.rsplit_once(*now).map(|(_, rest)| rest);
            rest.and_then(|rest| rest.strip_prefix(lead)).is_some_and(|rest| {
                rest.chars().all(|of| of.is_ascii_digit() || of == ' ') || rest.trim().ends_with("of")
            })
        })
    });
    let ends =
        matches!(stream.at(name.span.end), '.' | ',' | ';' | '。' | ')') || name.span.end == stream.len();
    let bare = ends && [", now ", "; now ", "and now ", "(now "].iter().any(|of| before.ends_with(of));
    let appears = stream.reads_back_any(start, words!["出现", "发现", "呈现", "表现", "显现"]);
    let chinese = !appears
        && stream.reads_back_any(start, words!["现", "现在就吃", "现在吃", "现在就用", "就吃"])
        && (ends || stream.words_in(after, words!["第", "正在"]).next().is_some());
    counted || bare || chinese
}

/// Immunoglobulins every month.
fn is_repeated(sheet: &Sheet<'_>, name: &Name, after: Span) -> bool {
    const BEFORE: usize = 10;
    let stream = &sheet.stream;
    let before = Span::new(name.span.start.saturating_sub(BEFORE), name.span.start);
    let paced =
        words!["monthly", "every month", "4-weekly", "every 4 weeks", "每月", "每4周", "每四周", "q4w"];
    let stopped = stream.words_in(after, words!["stop", "停", "until", "ended"]).next().is_some();
    let beside = |span: Span, of: &Place| {
        let (from, to) =
            if of.start() < name.span.start { (of.end(), span.end) } else { (span.start, of.start()) };
        !(from..to).any(|at| matches!(stream.at(at), ',' | ';' | '。' | '.'))
    };
    let told = |span: Span| stream.words_in(span, paced).any(|of| beside(span, &of));
    name.concept.as_str() == "drug.ivig" && !stopped && (told(before) || told(after))
}
