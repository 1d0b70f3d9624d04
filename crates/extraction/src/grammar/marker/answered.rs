//! A stain that was asked for and whose result stands behind it: `加做CD19免疫组化,结果阳性(约60%)`.

use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::Span,
    vocabulary::marker::{LATER_NEGATIVE, LATER_POSITIVE},
    words::{List, words},
};
use cartulary_model::{
    Value,
    fact::{Attr, Sign},
};

/// Turns what waits for its result into the result, where the result follows.
pub(super) fn read(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|of| of.rule == "marker.pending") {
        let Some((sign, end)) = result(sheet, draft.name.end) else { continue };
        draft.rule = "marker.stain";
        draft.attrs.remove(&Attr::Status);
        draft.value = Value::Sign(sign);
        draft.span.end = draft.span.end.max(end);
        *draft = draft.clone().present();
        if let Some((percent, end)) = percent(sheet, end) {
            draft.set(Attr::Percent, cartulary_model::fact::AttrValue::Number(percent));
            draft.span.end = end;
        }
    }
}

/// "SOX11, pending in the first report, is positive", "CD19, first reported as negative, is on repeat POSITIVE": what the
/// aside tells was so before; behind it stands the result.
pub(super) fn behind_aside(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    const ASIDE: usize = 60;
    const REACH: usize = 50;
    let stream = &sheet.stream;
    let told = |of: &Draft| matches!(of.rule, "marker.pending" | "marker.stain");
    for draft in drafts.iter_mut().filter(|of| told(of)) {
        let open = draft.name.end;
        let end = sheet.sentence(open.saturating_sub(1)).end;
        let close = (open + 1..end.min(open + ASIDE)).find(|at| stream.at(*at) == ',');
        let Some(close) = close.filter(|_| stream.at(open) == ',') else { continue };
        let aside = Span::new(open, close);
        let former = words!["first ", "initially ", "previously ", "originally ", "earlier ", "preliminary "];
        let report = words!["report", "pending", "read as", "called", "interpreted"];
        let marker = |span: Span| {
            sheet
                .candidates_in(span)
                .iter()
                .any(|of| of.hit.concept.is("bio") && of.hit.span.start > draft.name.end)
        };
        let verb = stream.words_at(close + 1, words![" is ", " was ", " has ", " now "]).next_back();
        let (Some(verb), false) = (verb, marker(aside)) else { continue };
        if stream.words_in(aside, former).next().is_none() || stream.words_in(aside, report).next().is_none()
        {
            continue;
        }
        let behind = Span::new(verb.end(), end.min(verb.end() + REACH).max(verb.end()));
        let first = |list: &List| stream.words_in(behind, list).next().map(|of| of.span());
        let (no, yes) =
            (first(words!["negative", "not expressed", "absent"]), first(words!["positive", "expressed"]));
        let (sign, span) = match (no, yes) {
            (Some(no), Some(yes)) if yes.start < no.start => (Sign::Positive, yes),
            (Some(no), _) => (Sign::Negative, no),
            (None, Some(yes)) => (Sign::Positive, yes),
            (None, None) => continue,
        };
        let between = Span::new(verb.end(), span.start);
        let other = words!["control was", "control is", "neither", "nor ", "beyond", "partly", "equivocal"];
        if marker(between) || stream.words_in(between, other).next().is_some() {
            continue;
        }
        let denied = stream.reads_back_any(span.start, words!["not ", "no longer ", "never "]);
        let sign = match sign {
            Sign::Positive if denied => Sign::Negative,
            sign => sign,
        };
        draft.rule = "marker.stain";
        draft.attrs.remove(&Attr::Status);
        draft.value = Value::Sign(sign);
        draft.span.end = draft.span.end.max(span.end);
        draft.temporality = None;
        *draft = draft.clone().present();
    }
}

/// The sign behind the name of the method and the word for its result.
fn result(sheet: &Sheet<'_>, name_end: usize) -> Option<(Sign, usize)> {
    let stream = &sheet.stream;
    let at = past(
        sheet,
        name_end,
        words![
            "免疫组化",
            "免疫组织化学",
            "免疫染色",
            "染色",
            "检测",
            "蛋白",
            "标记",
            "抗体",
            "表达",
            " ",
            ","
        ],
    );
    let from = stream.first_word_at(at, words!["结果", "回报", "回示", "现回报", "已回报"])?.end();
    let from = past(
        sheet,
        from,
        words![
            "结果", "回报", "回示", "显示", "提示", "示", "为", "呈", "是", "均", "弥漫", "弱", "强", ":",
            ","
        ],
    );
    let told = |sign: Sign, words: &List| stream.first_word_at(from, words).map(|of| (sign, of.end()));
    told(Sign::Negative, LATER_NEGATIVE).or_else(|| told(Sign::Positive, LATER_POSITIVE))
}

fn past(sheet: &Sheet<'_>, mut at: usize, words: &List) -> usize {
    while let Some(word) = sheet.stream.first_word_at(at, words) {
        at = word.end();
    }
    at
}

/// `(约60%细胞弱-中等强度)`, `,约60%` behind the sign.
fn percent(sheet: &Sheet<'_>, end: usize) -> Option<(f64, usize)> {
    const REACH: usize = 4;
    let stream = &sheet.stream;
    let near = Span::new(end, end + REACH);
    let opened = matches!(stream.at(end), '(' | ',');
    let number = (near.start..near.end).find_map(|at| number::number_at(stream, at)).filter(|_| opened)?;
    (stream.at(number.span.end) == '%').then_some((number.value, number.span.end + 1))
}

/// "CD30: weak staining in 5% of cells, reported as negative": what the pathologist calls it stands over what is seen.
pub(super) fn as_reported(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    const APART: usize = 14;
    let called = words![
        "reported as negative",
        "regarded as negative",
        "called negative",
        "considered negative",
        "interpreted as negative",
        "scored as negative",
        "判读为阴性",
        "判为阴性",
        "视为阴性"
    ];
    for draft in
        drafts.iter_mut().filter(|of| of.rule == "marker.stain" && of.value == Value::Sign(Sign::Positive))
    {
        let behind = sheet.after(draft.span.end, APART + 24);
        let Some(word) = sheet.stream.words_in(behind, called).next() else { continue };
        let gap = Span::new(draft.span.end, word.start());
        let other = sheet.candidates_in(gap).iter().any(|of| of.hit.concept.is("bio"));
        if gap.len() <= APART && !other {
            draft.value = Value::Sign(Sign::Negative);
            draft.span.end = word.end();
        }
    }
}
