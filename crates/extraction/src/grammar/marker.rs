//! Protein expression: immunohistochemistry and flow cytometry.
//!
//! ## Reads
//! `CD20（弥漫强+）`, `Ki-67（约80%+）`, `CD3、CD5均（-）`, `CD3（T细胞+）` (background), `CD20+`, `CD10 (-)`,
//! `positive for CD20 and CD10; negative for CD5`, `表达CD19`, `MUM1 (+, 50%)`, `Ki-67 75%`, `Bcl-2（90%+）`.
//!
//! ## Leaves alone
//! A marker without a result; a stain that is to follow is pending.

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, Sign},
};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let hits: Vec<&Hit> = sheet
        .hits(&["bio", "lab"], &[Needs::Marker])
        .filter(|hit| is_protein(sheet, hit) && !claims.has(hit.span))
        .collect();
    let mut results: Vec<Option<Stain>> = hits.iter().map(|hit| stain_after(sheet, hit)).collect();
    share_signs(sheet, &hits, &mut results);
    let mut named: Vec<Draft> = hits.iter().filter_map(|hit| statement(sheet, hit)).collect();
    named.extend(hits.iter().zip(results).filter(|(hit, _)| statement(sheet, hit).is_none()).filter_map(
        |(hit, stain)| stain.or_else(|| polarity_before(sheet, hit)).map(|of| of.draft(sheet, hit)),
    ));
    named
}

/// Phenotypes that are their own statement: double expressor, restricted light chains.
fn statement(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let draft = Draft::new(hit.concept.as_str(), hit.span, "marker.phenotype");
    match hit.concept.as_str() {
        "bio.double_expressor" => Some(draft),
        "bio.kappa_lambda" => {
            let restricted = sheet.says(hit.span.to(sheet.after(hit.span.end, 8)), &["restrict", "限制"]);
            restricted.then(|| draft.value(Value::Sign(Sign::Restricted)))
        }
        _ => None,
    }
}

fn is_protein(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    if hit.concept.as_str() == "lab.ki67" {
        return true;
    }
    let concept = sheet.catalogue().concept(&hit.concept);
    concept.is_some_and(|of| {
        of.methods.iter().any(|method| matches!(method.as_str(), "ihc" | "flow" | "ish" | "score"))
    })
}

/// A result beside its marker.
#[derive(Clone, Debug)]
struct Stain {
    sign: Option<Sign>,
    percent: Option<(f64, f64)>,
    intensity: Option<&'static str>,
    extent: Option<&'static str>,
    background: bool,
    pending: bool,
    /// Said of a whole list (`均`).
    shared: bool,
    end: usize,
    repaired: bool,
}

impl Stain {
    fn draft(self, sheet: &Sheet<'_>, hit: &Hit) -> Draft {
        let span = Span::new(hit.span.start, self.end.max(hit.span.end));
        let mut draft = Draft::new(hit.concept.as_str(), span, "marker.stain").named_at(hit.span).present();
        let method = if flow(sheet, hit.span) { "flow" } else { "ihc" };
        draft = draft.word(Attr::Method, method);
        if self.pending {
            draft.assertion = Some(Assertion::Hypothetical);
            return draft.word(Attr::Status, "pending");
        }
        if let Some(sign) = self.sign {
            let tumour = if self.background { Sign::Negative } else { sign };
            draft = draft.value(Value::Sign(tumour));
        }
        if self.background {
            draft = draft.word(Attr::Background, "T cells");
        }
        if let Some((low, high)) = self.percent {
            draft = if low < high {
                draft.number(Attr::PercentLow, low).number(Attr::PercentHigh, high)
            } else {
                draft.number(Attr::Percent, low)
            };
        }
        if let Some(intensity) = self.intensity {
            draft = draft.word(Attr::Intensity, intensity);
        }
        if let Some(extent) = self.extent {
            draft = draft.word(Attr::Extent, extent);
        }
        if self.repaired {
            draft.marks_repair();
        }
        draft
    }
}

fn flow(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.is_kind(&["sec.doc_flow"]) || sheet.says(sheet.sentence(span.start), &["流式", "flow cyto"])
}

/// What stands directly behind the marker: a bracket, a sign, a percent, a word.
fn stain_after(sheet: &Sheet<'_>, hit: &Hit) -> Option<Stain> {
    let stream = &sheet.stream;
    let mut at = hit.span.end;
    let mut glue = 0;
    while matches!(stream.at(at), ' ' | ':' | CELL) && glue < 3 {
        at += 1;
        glue += 1;
    }
    let shared = stream.at(at) == '均';
    at += usize::from(shared);
    while stream.at(at) == ' ' {
        at += 1;
    }
    if stream.at(at) == '(' {
        let close = (at + 1..at + 48).find(|of| matches!(stream.at(*of), ')' | BREAK))?;
        let inside = Span::new(at + 1, close);
        let mut stain = words(sheet, inside, true)?;
        stain.shared = shared;
        stain.end = close + usize::from(stream.at(close) == ')');
        // `Ki-67（+++）90%`: the percent behind the bracket.
        if stain.percent.is_none()
            && let Some((percent, end)) = percent_at(sheet, skip(sheet, stain.end))
        {
            stain.percent = Some(percent);
            stain.end = end;
        }
        return Some(stain);
    }
    let end = clause_end(sheet, at);
    let mut stain = words(sheet, Span::new(at, end), false)?;
    stain.shared |= shared;
    Some(stain)
}

fn skip(sheet: &Sheet<'_>, mut at: usize) -> usize {
    while matches!(sheet.stream.at(at), ' ' | ':') {
        at += 1;
    }
    at
}

/// A result without a bracket ends with the list item.
fn clause_end(sheet: &Sheet<'_>, at: usize) -> usize {
    let stream = &sheet.stream;
    (at..stream.len().min(at + 34))
        .find(|of| {
            matches!(stream.at(*of), ',' | '、' | ';' | '。' | CELL | BREAK)
                || (stream.at(*of) == '.' && !stream.at(of + 1).is_ascii_digit())
        })
        .unwrap_or(stream.len().min(at + 34))
}

const PENDING: [&str; 9] =
    ["待回", "未回", "pending", "to follow", "awaited", "未做", "未检测", "not done", "not performed"];
const NEGATIVE: [&str; 14] = [
    "阴性",
    "negative",
    "negativity",
    "未见表达",
    "不表达",
    "未表达",
    "缺失",
    "丢失",
    "absent",
    "loss of",
    "lost",
    "all negative",
    "neg",
    "-negative",
];
const POSITIVE: [&str; 10] =
    ["阳性", "positive", "positivity", "表达", "expressed", "retained", "preserved", "-positive", "pos", "+"];
const INTENSITY: [(&str, &str); 10] = [
    ("强弱不等", "variable"),
    ("弱", "weak"),
    ("weak", "weak"),
    ("dim", "dim"),
    ("强", "strong"),
    ("strong", "strong"),
    ("bright", "bright"),
    ("中等", "moderate"),
    ("moderate", "moderate"),
    ("heterogeneous", "variable"),
];
const EXTENT: [(&str, &str); 12] = [
    ("弥漫", "diffuse"),
    ("diffuse", "diffuse"),
    ("灶", "focal"),
    ("focal", "focal"),
    ("部分", "partial"),
    ("partial", "partial"),
    ("少量", "rare"),
    ("个别", "rare"),
    ("散在", "rare"),
    ("scattered", "rare"),
    ("rare", "rare"),
    ("少数", "rare"),
];
const BACKGROUND: [&str; 12] = [
    "t细胞",
    "背景",
    "反应性",
    "background",
    "reactive t",
    "t cells",
    "残留滤泡",
    "残存",
    "残留",
    "fdc",
    "散在b细胞",
    "散在小",
];

/// Reads signs, percents and words of a bracket or of the rest of a list item.
fn words(sheet: &Sheet<'_>, span: Span, bracket: bool) -> Option<Stain> {
    let text = sheet.stream.lower_text(span);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut stain = Stain {
        sign: None,
        percent: None,
        intensity: INTENSITY.iter().find(|(word, _)| text.contains(word)).map(|(_, code)| *code),
        extent: EXTENT.iter().find(|(word, _)| text.contains(word)).map(|(_, code)| *code),
        background: has(&BACKGROUND),
        pending: has(&PENDING),
        shared: text.contains('均'),
        end: span.end,
        repaired: false,
    };
    if stain.pending {
        return Some(stain);
    }
    let first = text.trim_start();
    if !bracket {
        return plain_words(sheet, span, first, stain);
    }
    stain.percent = first_percent(sheet, span);
    let plus_minus = text.contains('±') || text.contains("+/-") || text.contains("-/+");
    stain.sign = if plus_minus {
        Some(Sign::Equivocal)
    } else if has(&NEGATIVE) || minus_sign(&text) {
        Some(Sign::Negative)
    } else if has(&POSITIVE) || stain.intensity.is_some() || stain.extent.is_some() {
        Some(Sign::Positive)
    } else {
        None
    };
    // `(index 80%)`: a percent alone of a proliferation index says no sign.
    (stain.sign.is_some() || stain.percent.is_some()).then_some(stain)
}

/// `-` that is a sign and no hyphen or range: at the start, at the end, or after a comma.
fn minus_sign(text: &str) -> bool {
    let trimmed = text.trim();
    trimmed == "-"
        || trimmed.ends_with('-')
        || trimmed.starts_with("-,")
        || trimmed == "0"
        || trimmed.starts_with("- ")
}

/// `CD20+`, `CD20 阳性`, `Ki-67 75%`, `CD19 is strongly positive`: the words must begin at once.
fn plain_words(sheet: &Sheet<'_>, span: Span, text: &str, mut stain: Stain) -> Option<Stain> {
    let stream = &sheet.stream;
    let at = skip(sheet, span.start);
    let glue = [
        "增殖指数",
        "阳性指数",
        "index",
        "proliferation index",
        "proliferation",
        "约",
        "approximately",
        "about",
        "of",
        "is",
        "was",
        "=",
        "指数",
        "阳性细胞",
        "阳性率",
        "expression",
        "staining",
        "表达率",
        "~",
        ">",
        "<",
        "≥",
        "大于",
    ];
    let mut begin = at;
    'skip: loop {
        begin = skip(sheet, begin);
        for word in glue {
            let length = word.chars().count();
            if stream.lower_text(sheet.within(Span::new(begin, begin + length))) == word {
                begin += length;
                continue 'skip;
            }
        }
        break;
    }
    if let Some((percent, end)) = percent_at(sheet, begin) {
        stain.percent = Some(percent);
        stain.end = end;
        let rest = stream.lower_text(sheet.within(Span::new(end, end + 10)));
        let rest = rest.trim_start();
        if rest.starts_with('+') || rest.starts_with("阳性") || rest.starts_with("positive") {
            stain.sign = Some(Sign::Positive);
        }
        stain.intensity = None;
        stain.extent = None;
        return Some(stain);
    }
    let leads = |word: &str| text.starts_with(word);
    let modifiers = [
        "弥漫",
        "部分",
        "灶性",
        "灶",
        "少数",
        "散在",
        "弱",
        "强",
        "均",
        "strongly",
        "weakly",
        "diffusely",
        "focally",
        "strong",
        "weak",
        "diffuse",
        "partial",
        "dim",
        "bright",
        "is",
        "was",
        "are",
        "were",
        "也",
        "呈",
        "all",
        "nuclear",
        "staining",
        "in",
        "and",
        "both",
    ];
    let mut rest = text;
    loop {
        let before = rest;
        rest = rest.trim_start();
        for word in modifiers {
            if let Some(after) = rest.strip_prefix(word) {
                rest = after;
            }
        }
        if rest == before {
            break;
        }
    }
    // `p53: strong nuclear staining in 90% of cells`.
    let rest_at = span.end - rest.chars().count().min(span.end - span.start);
    if text != rest
        && let Some((percent, end)) = percent_at(sheet, rest_at)
    {
        stain.percent = Some(percent);
        stain.sign = Some(Sign::Positive);
        stain.end = end;
        return Some(stain);
    }
    let sign = if leads("+/-") || leads("±") {
        (Sign::Equivocal, 1)
    } else if NEGATIVE.iter().any(|word| rest.starts_with(word)) || rest.starts_with("(-)") {
        (
            Sign::Negative,
            NEGATIVE.iter().find(|word| rest.starts_with(**word)).map_or(3, |word| word.chars().count()),
        )
    } else if rest.starts_with('+') {
        (Sign::Positive, rest.chars().take_while(|of| *of == '+').count())
    } else if rest.starts_with('-') && !rest[1..].starts_with(|of: char| of.is_alphanumeric()) {
        (Sign::Negative, 1)
    } else if let Some(word) =
        ["阳性", "positivity", "positive", "-positive", "表达", "retained", "preserved", "expressed"]
            .iter()
            .find(|word| rest.starts_with(**word))
    {
        (Sign::Positive, word.chars().count())
    } else {
        return None;
    };
    let consumed = text.chars().count() - rest.chars().count();
    let lead = stream.lower_text(span).chars().take_while(|of| of.is_whitespace()).count();
    stain.sign = Some(sign.0);
    stain.end = span.start + lead + consumed + sign.1;
    if let Some((percent, end)) = percent_at(sheet, skip(sheet, stain.end)) {
        stain.percent = Some(percent);
        stain.end = end;
    }
    // `CD20+(80%)` and `CD20阳性(约80%)`.
    if sheet.stream.at(stain.end) == '('
        && stain.percent.is_none()
        && let Some((percent, end)) =
            percent_at(sheet, stain.end + 1).or_else(|| percent_at(sheet, stain.end + 2))
    {
        stain.percent = Some(percent);
        stain.end = end + usize::from(sheet.stream.at(end) == ')');
    }
    Some(stain)
}

fn first_percent(sheet: &Sheet<'_>, span: Span) -> Option<(f64, f64)> {
    (span.start..span.end)
        .filter(|at| {
            sheet.stream.at(*at).is_ascii_digit()
                && (*at == span.start || !sheet.stream.at(at - 1).is_ascii_digit())
        })
        .find_map(|at| {
            percent_at(sheet, at).filter(|(_, end)| *end <= span.end + 1).map(|(percent, _)| percent)
        })
}

/// `80%`, `70-80%`, `>90%`.
fn percent_at(sheet: &Sheet<'_>, at: usize) -> Option<((f64, f64), usize)> {
    let stream = &sheet.stream;
    let first = number::number_at(stream, at)?;
    let mut high = first.value;
    let mut end = first.span.end;
    if stream.at(end) == '%'
        && !(matches!(stream.at(end + 1), '-' | '~') && stream.at(end + 2).is_ascii_digit())
    {
        return ((0.0..=100.0).contains(&first.value)).then_some(((first.value, high), end + 1));
    }
    end += usize::from(stream.at(end) == '%');
    if matches!(stream.at(end), '-' | '~') {
        let second = number::number_at(stream, end + 1)?;
        high = second.value;
        end = second.span.end;
    }
    (stream.at(end) == '%' && high >= first.value && high <= 100.0).then_some(((first.value, high), end + 1))
}

/// `CD3、CD5、CD10均(-)` and `CD20, CD79a and PAX5 positive`: a sign shared backwards along an unbroken list.
fn share_signs(sheet: &Sheet<'_>, hits: &[&Hit], results: &mut [Option<Stain>]) {
    for index in (0..hits.len().saturating_sub(1)).rev() {
        if results[index].is_some() || polarity_before(sheet, hits[index]).is_some() {
            continue;
        }
        let Some(next) = results[index + 1].clone() else { continue };
        let between = Span::new(hits[index].span.end, hits[index + 1].span.start);
        if between.start > between.end {
            continue;
        }
        let text = sheet.stream.lower_text(between);
        let joined = text.trim().trim_matches([',', '、', '/', '+']).trim();
        let listed = matches!(joined, "" | "and" | "和" | "及" | "以及" | "与" | "or");
        let separated = !text.trim().is_empty() || text.contains(' ');
        // A comma list shares only what is said of all of it or stands in words.
        if listed && separated && text.chars().count() <= 6 && next.percent.is_none() {
            results[index] = Some(Stain { end: hits[index].span.end, ..next });
        }
    }
}

/// `positive for CD20, CD10`, `表达CD19`, `不表达CD5`: a polarity opened before the list, up to `;` or the full stop.
fn polarity_before(sheet: &Sheet<'_>, hit: &Hit) -> Option<Stain> {
    let window = sheet.before(hit.span.start, 120);
    let text = sheet.stream.lower_text(window);
    let opened = [
        ("negative for", Sign::Negative),
        ("negative:", Sign::Negative),
        ("positive:", Sign::Positive),
        ("阴性:", Sign::Negative),
        ("阳性:", Sign::Positive),
        ("positive for", Sign::Positive),
        ("不表达", Sign::Negative),
        ("未表达", Sign::Negative),
        ("lack of", Sign::Negative),
        ("lacks", Sign::Negative),
        ("lack", Sign::Negative),
        ("without", Sign::Negative),
        ("fail to stain for", Sign::Negative),
        ("fails to stain for", Sign::Negative),
        ("do not express", Sign::Negative),
        ("does not express", Sign::Negative),
        ("loss of", Sign::Negative),
        ("stain for", Sign::Positive),
        ("stains for", Sign::Positive),
        ("coexpress", Sign::Positive),
        ("co-express", Sign::Positive),
        ("expresses", Sign::Positive),
        ("express", Sign::Positive),
        ("expression of", Sign::Positive),
        ("表达", Sign::Positive),
    ];
    let (byte, word, sign) = opened
        .iter()
        .filter_map(|(word, sign)| text.rfind(word).map(|byte| (byte, *word, *sign)))
        .max_by_key(|(byte, word, _)| (byte + word.len(), word.len()))?;
    let between = &text[byte + word.len()..];
    let others = between.contains(['+', ':'])
        || between.contains("(-")
        || between.contains("but")
        || between.contains("while");
    // `CD20表达,CD10...`: the word must not be the result of a marker before it.
    let own = word == "表达"
        && text[..byte].chars().last().is_some_and(|of| of.is_ascii_alphanumeric() || of == ')');
    (!others && !own).then_some(Stain {
        sign: Some(sign),
        percent: None,
        intensity: None,
        extent: None,
        background: false,
        pending: false,
        shared: true,
        end: hit.span.end,
        repaired: false,
    })
}
