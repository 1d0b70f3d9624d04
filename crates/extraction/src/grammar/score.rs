//! Scores in points: ECOG, Karnofsky, the IPI family, Deauville.
//!
//! ## Reads
//! `ECOG 1分`, `ECOG PS: 0-1`, `PS评分2分`, `KPS 80`, `IPI 2分(低中危)`, `FLIPI 3`, `Deauville评分5分`, `Deauville 4`.
//!
//! ## References
//! - Oken 1982 (ECOG); Shipp 1993 (IPI); Barrington 2014 (Deauville)

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{CELL, Span},
};
use cartulary_model::{Value, fact::Attr};

struct Score {
    words: &'static [&'static str],
    name: &'static str,
    low: f64,
    high: f64,
}

const SCORES: [Score; 10] = [
    Score {
        words: &[
            "ecog performance status",
            "ecog-ps",
            "ecog ps",
            "ecog",
            "ps评分",
            "体能状态评分",
            "体能状态",
            "体力状况",
            "performance status",
            "who ps",
            "zps",
        ],
        name: "ecog",
        low: 0.0,
        high: 5.0,
    },
    Score { words: &["kps评分", "kps", "karnofsky", "卡氏评分"], name: "kps", low: 10.0, high: 100.0 },
    Score { words: &["nccn-ipi"], name: "", low: 0.0, high: 8.0 },
    Score { words: &["aaipi", "aa-ipi"], name: "ipi", low: 0.0, high: 3.0 },
    Score { words: &["cns-ipi", "cns ipi"], name: "", low: 0.0, high: 6.0 },
    Score { words: &["flipi2", "flipi评分", "flipi-2", "flipi"], name: "flipi", low: 0.0, high: 5.0 },
    Score { words: &["smipi", "mipi评分", "mipi"], name: "mipi", low: 0.0, high: 12.0 },
    Score {
        words: &["r-ipi", "ipi评分", "国际预后指数", "international prognostic index", "ipi score", "ipi"],
        name: "ipi",
        low: 0.0,
        high: 5.0,
    },
    Score {
        words: &[
            "deauville评分",
            "deauville 评分",
            "deauville五分法",
            "deauville score",
            "deauville",
            "五分法",
            "5-ps",
        ],
        name: "deauville",
        low: 1.0,
        high: 5.0,
    },
    Score { words: &["ice评分"], name: "", low: 0.0, high: 10.0 },
];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let text: String = sheet.stream.lower.iter().collect();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut taken: Vec<Span> = Vec::new();
    for score in &SCORES {
        for word in score.words {
            for (byte, _) in text.match_indices(word) {
                let start = text[..byte].chars().count();
                let name = Span::new(start, start + word.chars().count());
                let before = start.checked_sub(1).map_or(' ', |at| sheet.stream.at(at));
                let inside_word = before.is_ascii_alphanumeric() || (before == '-' && *word == "ipi");
                if inside_word || claims.has(name) || taken.iter().any(|of| of.overlaps(name)) {
                    continue;
                }
                let found = points(sheet, score, name);
                if let Some(last) = found.last() {
                    taken.push(last.span.to(name));
                }
                drafts.extend(found.into_iter().filter(|_| !score.name.is_empty()));
            }
        }
    }
    drafts
}

/// The points behind the name; both ends of `0-1`.
fn points(sheet: &Sheet<'_>, score: &Score, name: Span) -> Vec<Draft> {
    let stream = &sheet.stream;
    let Some(first_at) = points_start(sheet, name.end) else { return Vec::new() };
    let Some(first) = number::number_behind(stream, first_at) else { return Vec::new() };
    let fits = |value: f64| (score.low..=score.high).contains(&value) && value.fract() == 0.0;
    if !fits(first.value) {
        return Vec::new();
    }
    let mut values = vec![first.value];
    let mut end = first.span.end;
    if matches!(stream.at(end), '-' | '~' | '/')
        && stream.at(end + 1).is_ascii_digit()
        && stream.at(end) != '/'
        && let Some(second) =
            number::number_at(stream, end + 1).filter(|of| fits(of.value) && of.value > first.value)
    {
        values.push(second.value);
        end = second.span.end;
    }
    let end = end + usize::from(stream.at(end) == '分');
    let risk = risk(sheet, end);
    let span = Span::new(name.start, risk.as_ref().map_or(end, |(_, risk_end)| *risk_end));
    values
        .into_iter()
        .map(|value| {
            let mut draft = Draft::new(concept(score.name, value).as_str(), span, "score.points")
                .value(Value::Number(value))
                .present();
            let visit = crate::stream::Hit { span: name, concept: draft.concept.clone() };
            if let Some(timepoint) =
                super::response::timepoint(sheet, &visit).filter(|_| score.name == "deauville")
            {
                draft = draft.word(Attr::Timepoint, timepoint);
            }
            if let Some((group, _)) = &risk {
                draft = draft.word(Attr::Risk, *group);
            }
            draft
        })
        .collect()
}

/// Skips `评分`, `score`, `为`, `:`, brackets and cell borders; a full word in between ends the search.
fn points_start(sheet: &Sheet<'_>, from: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let glue = [
        "performance",
        "status",
        "score",
        "scale",
        "评分",
        "分级",
        "体能状态",
        "为",
        "of",
        "is",
        "was",
        "ps",
        "积分",
        "最高",
        "(",
        ")",
        ":",
        "=",
        "grade",
        "(5-ps)",
        "五分法",
        "5分法",
    ];
    let mut at = from;
    'skip: while at < from + 28 {
        if stream.at(at).is_ascii_digit()
            && !stream.lower_text(sheet.within(Span::new(at, at + 4))).starts_with("5分法")
        {
            return Some(at);
        }
        if matches!(stream.at(at), ' ' | CELL | '-') {
            at += 1;
            continue;
        }
        for word in glue {
            let length = word.chars().count();
            if stream.lower_text(sheet.within(Span::new(at, at + length))) == word {
                at += length;
                continue 'skip;
            }
        }
        return None;
    }
    None
}

fn concept(name: &str, value: f64) -> String {
    match name {
        "ecog" | "deauville" => format!("find.{name}_{value}"),
        other => format!("find.{other}"),
    }
}

fn risk(sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, usize)> {
    let window = sheet.after(at, 22);
    let text = sheet.stream.lower_text(window);
    let groups = [
        ("低中危", "low_intermediate"),
        ("中低危", "low_intermediate"),
        ("中高危", "high_intermediate"),
        ("高中危", "high_intermediate"),
        ("low-intermediate", "low_intermediate"),
        ("high-intermediate", "high_intermediate"),
        ("high intermediate", "high_intermediate"),
        ("low intermediate", "low_intermediate"),
        ("低危", "low"),
        ("高危", "high"),
        ("中危", "intermediate"),
        ("low risk", "low"),
        ("high risk", "high"),
        ("intermediate risk", "intermediate"),
        ("intermediate", "intermediate"),
    ];
    let (byte, word, group) =
        groups.iter().filter_map(|(word, group)| text.find(word).map(|byte| (byte, *word, *group))).min()?;
    let mut end = window.start + text[..byte].chars().count() + word.chars().count();
    let near = text[..byte].chars().all(|of| " (,:-".contains(of));
    if sheet.stream.at(end) == ')' {
        end += 1;
    }
    near.then_some((group, end))
}
