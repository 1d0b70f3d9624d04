//! What a course is for, and the line a paper numbers it with.

use super::{
    count::Territory,
    name::Name,
    words::{count_at, ends, ordinal_at, skip_spaces, stands, starts_word, without_any},
};
use crate::{
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::{
        exchange::{OTHER_ILLNESSES, OWN_ILLNESS},
        therapy::{CLOSE_BEHIND_STOP, COUNT_OTHER, INTENTS, LIST_WORD_BARE},
    },
    words::words,
};

/// A word of purpose that belongs to this course and not to the one before or behind it.
pub(super) fn intent(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<(&'static str, Span)> {
    if name.concept.as_str().starts_with("reg.ld_") {
        return Some(("lymphodepletion", name.span));
    }
    if name.concept.as_str() == "reg.r_maint" || name.concept.as_str() == "reg.len_maint" {
        return Some(("maintenance", name.span));
    }
    let classes = sheet.catalogue().drug_classes(&name.concept);
    let virus = classes.iter().any(|of| of == "HBV antiviral");
    if virus {
        return Some(("antiviral", name.span));
    }
    if let Some(word) = conditions(sheet, name) {
        return Some(("conditioning", word));
    }
    if let Some(illness) = another_illness(sheet, name) {
        return Some(("another_illness", illness));
    }
    let supportive = name.concept.is("drug")
        && ["antiviral", "antifungal"].iter().any(|of| classes.iter().any(|class| class == of));
    let intrathecal = name.concept.as_str() == "reg.it_chemo";
    let found = nearest(sheet, name, own).filter(|(intent, _)| suits(sheet, name, intent));
    match found {
        None if intrathecal && !treats_the_brain(sheet, name) => Some(("prophylaxis", name.span)),
        Some(("maintenance", _)) if supportive => None,
        other => other,
    }
}

/// "RA on methotrexate", "testicular cancer 2009, BEP (bleomycin, etoposide)": the other illness that the drug was given for,
/// where its clause names neither a lymphoma nor its treatment.
fn another_illness(sheet: &Sheet<'_>, name: &Name) -> Option<Span> {
    const REACH: usize = 120;
    if !name.concept.is("drug") {
        return None;
    }
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, REACH);
    // "Past prostate cancer and now epcoritamab": what is given now is given for the lymphoma.
    let now = stream.words_in(before, words![" now "]).next_back().map_or(before.start, |of| of.end());
    let clause = Span::new(now, before.end);
    let apart =
        |of: &crate::words::Place| of.start() == 0 || !stream.at(of.start() - 1).is_ascii_alphanumeric();
    let illness = stream.words_in(clause, OTHER_ILLNESSES).find(apart)?;
    let own = stream.words_in(clause, OWN_ILLNESS).any(|of| apart(&of));
    (!own).then(|| illness.span())
}

/// "thiotepa-based autograft", "busulfan/thiotepa conditioned autograft": the drugs that prepare for the transplant named
/// behind them.
fn conditions(sheet: &Sheet<'_>, name: &Name) -> Option<Span> {
    let stream = &sheet.stream;
    if !name.concept.is("drug") {
        return None;
    }
    let mut end = name.span.end;
    while matches!(stream.at(end), '/' | '+') && stream.at(end + 1).is_alphabetic() {
        end = (end + 1..stream.len()).find(|at| !stream.at(*at).is_alphabetic()).unwrap_or(stream.len());
    }
    let transplants = words![
        " conditioned auto",
        "-conditioned auto",
        " conditioned allo",
        "-conditioned allo",
        " conditioned asct",
        "-conditioned asct",
        "-based auto",
        " based auto",
        "-based asct",
        "-based allo",
        "-based conditioning"
    ];
    stream.words_at(end, transplants).next_back().map(|of| of.span())
}

fn suits(sheet: &Sheet<'_>, name: &Name, intent: &str) -> bool {
    let classes = sheet.catalogue().drug_classes(&name.concept);
    let cells = classes.iter().any(|class| class == "CAR-T");
    match intent {
        "maintenance" => !cells && !name.concept.as_str().starts_with("reg.asct"),
        "antiviral" => classes.iter().any(|class| class.contains("antiviral")),
        "bridging" | "prophylaxis" | "lymphodepletion" | "conditioning" | "mobilisation" => {
            !cells && name.concept.as_str() != "reg.leukapheresis"
        }
        _ => true,
    }
}

/// Intrathecal drugs treat the brain where it is said to be involved.
fn treats_the_brain(sheet: &Sheet<'_>, name: &Name) -> bool {
    sheet.says(
        sheet.before(name.span.start, 40),
        words!["中枢侵犯", "中枢复发", "脑膜", "cns relapse", "cns involvement", "leptomeningeal"],
    )
}

fn nearest(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<(&'static str, Span)> {
    let stream = &sheet.stream;
    let before = Span::new(own.start.max(name.span.start.saturating_sub(26)), name.span.start);
    let after = Span::new(name.span.end, own.end.min(name.span.end + 28));
    let behind = stream.first_of_each(after, INTENTS).into_iter().filter_map(|of| {
        let gap = Span::new(name.span.end, of.start());
        (reaches(sheet, gap, name) && !belongs_to_next(sheet, of.span(), own)).then_some((
            gap.end - gap.start,
            INTENTS.code(of),
            of.span(),
        ))
    });
    let ahead = stream.last_inside(before, INTENTS).into_iter().filter_map(|of| {
        let gap = Span::new(of.end(), name.span.start);
        let sign = |at: usize| matches!(stream.at(at), ',' | BREAK | '。' | '、');
        let stopped = (gap.start..gap.end).any(sign)
            || stream.words_beginning(gap, words!["后", "then", "followed"]).next().is_some();
        (!stopped).then_some((gap.end - gap.start, INTENTS.code(of), of.span()))
    });
    let listed = list_word(sheet, name);
    let own_words =
        stream.first_of_each(name.span, INTENTS).into_iter().map(|of| (0, INTENTS.code(of), of.span()));
    own_words
        .chain(behind)
        .chain(ahead)
        .chain(listed)
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, intent, span)| (intent, span))
}

/// "Bridging with R-GemOx or, failing that, radiotherapy": the purpose of a list of alternatives is each one's.
fn list_word(sheet: &Sheet<'_>, name: &Name) -> Option<(usize, &'static str, Span)> {
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, 70);
    let bridging = stream.first_of_each(before, INTENTS).into_iter();
    bridging.filter(|of| INTENTS.code(*of) == "bridging").find_map(|of| {
        let gap = super::status::without_courses(sheet, Span::new(of.end(), name.span.start));
        let bare = without_any(gap, LIST_WORD_BARE);
        bare.trim().is_empty().then(|| (name.span.start - of.end(), INTENTS.code(of), of.span()))
    })
}

/// The words between a course and its purpose hold no stop; a count may stand there, a comma before it too.
fn reaches(sheet: &Sheet<'_>, gap: Span, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sign = |at: usize| matches!(stream.at(at), BREAK | '。' | ',' | '、');
    let counted = name.concept.as_str() == "reg.it_chemo" || name.concept.as_str() == "reg.hd_mtx";
    counted
        || !(gap.start..gap.end).any(sign)
            && stream.words_beginning(gap, words!["后", "then ", "followed", "->"]).next().is_none()
}

/// `R-CHOP 桥接Pola-R`: the word stands right before the next course.
fn belongs_to_next(sheet: &Sheet<'_>, word: Span, own: Territory) -> bool {
    let stream = &sheet.stream;
    let next = sheet
        .candidates_in(Span::new(own.end, own.end + 1))
        .iter()
        .any(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"));
    let gap = stream.lower_text(Span::new(word.end.min(own.end), own.end));
    // The rest of an English word: `consolidat|ed with an`.
    let glue = gap.trim_start_matches(|of: char| of.is_ascii_alphabetic()).trim();
    next && ([
        "", "with", "with an", "with a", "with the", "of", "by", "by an", "using", "治疗", "予", "性", ":",
    ]
    .contains(&glue)
        || glue.is_empty())
}

const LINES: [(&str, f64); 5] = [("一线", 1.0), ("二线", 2.0), ("三线", 3.0), ("四线", 4.0), ("五线", 5.0)];

/// `一线`, `第3线`, "second-line", "2L", "the third regimen", "line 3", "R-CHOP first line".
pub(super) fn line(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(34));
    let ahead = (from..name.span.start).rev().find_map(|at| line_at(sheet, at)).filter(|(_, span)| {
        span.end <= name.span.start && stays_with(sheet, Span::new(span.end, name.span.start))
    });
    let until = own.end.min(name.span.end + 60);
    let behind = || {
        (name.span.end..until).find_map(|at| line_at(sheet, at)).filter(|(_, span)| {
            close_behind(sheet, Span::new(name.span.end, span.start), Span::new(span.end, own.end))
        })
    };
    ahead
        .or_else(behind)
        .or_else(|| ordinal_alone(sheet, name))
        .filter(|_| !ends(stream, name.span.start, "桥接"))
}

/// No other sentence part between the number of a line and its course.
fn stays_with(sheet: &Sheet<'_>, gap: Span) -> bool {
    let text = sheet.stream.lower_text(gap);
    !sheet
        .stream
        .text_has(text, words!["失败", "后", "。", ";", "after", "and ", "having", "followed", "桥接"])
        && text.matches(',').count() <= 1
}

fn close_behind(sheet: &Sheet<'_>, gap: Span, rest: Span) -> bool {
    let text = sheet.stream.lower_text(gap);
    let given = text.contains(" given ") || text.contains(" used ") || text.contains(" as ");
    let stop = sheet.stream.text_has(text, CLOSE_BEHIND_STOP);
    // `R-CHOP, second line: R-ICE`: what opens the next course is not this one's.
    let opens_next = sheet
        .stream
        .lower_text(Span::new(rest.start.min(rest.end), rest.end))
        .trim_start_matches([':', ' ', '方', '案', '治', '疗', '予', '为'])
        .is_empty()
        && rest.end > rest.start
        && !sheet.candidates_in(Span::new(rest.end, rest.end + 1)).is_empty();
    // `BR, third line, last cycle in March`: a clause of its own.
    let item = text.trim_end().ends_with([',', ';', '(']) && text.trim() != "(";
    let aside = item && !sheet.stream.text_has(text, COUNT_OTHER) && !text.contains("relaps");
    let apart = aside && sheet.stream.lower_text(rest).starts_with([',', ';', '.', ')', '。', '(']);
    let next = rest.end > rest.start
        && sheet.stream.lower_text(rest).trim_matches([',', ';', ' ', ':']).is_empty()
        && !sheet.candidates_in(Span::new(rest.end, rest.end + 1)).is_empty();
    apart && !next || !stop && !opens_next && (text.chars().count() <= 14 || given)
}

/// The number of a line at exactly `at`.
fn line_at(sheet: &Sheet<'_>, at: usize) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let named = stream.at(at + 1) == '线';
    if let Some((word, line)) = LINES.iter().filter(|_| named).find(|(word, _)| stands(stream, at, word)) {
        let end = at + word.chars().count();
        let counts = ["治疗失败", "治疗后", "失败", "治疗均"].iter().any(|of| stands(stream, end, of))
            || ends(stream, at, "共")
            || ends(stream, at, "既往");
        return (!counts).then_some((*line, Span::new(at, end)));
    }
    if stream.at(at) == '第' {
        let (value, end) = count_at(stream, at + 1)
            .or_else(|| crate::number::number_behind(stream, at + 1).map(|of| (of.value, of.span.end)))?;
        return (stream.at(end) == '线').then(|| (value, Span::new(at, end + 1)));
    }
    if !stream.at(at).is_ascii_alphanumeric() || !starts_word(stream, at) {
        return None;
    }
    for word in ["line ", "line-"] {
        if stands(stream, at, word) && stream.at(at + 5).is_ascii_digit() {
            let number = crate::number::number_behind(stream, at + 5)?;
            return (number.value <= 12.0 && number.value.fract() == 0.0)
                .then_some((number.value, Span::new(at, number.span.end)));
        }
    }
    if stream.at(at).is_ascii_digit()
        && stream.at(at + 1) == 'L'
        && !stream.at(at + 2).is_ascii_alphanumeric()
    {
        return Some((f64::from(stream.at(at).to_digit(10)?), Span::new(at, at + 2)));
    }
    let (value, end) = ordinal_at(stream, at)?;
    let unit = skip_spaces(stream, end + usize::from(stream.at(end) == '-'));
    let word = ["line", "regimen", "systemic treatment", "systemic therapy"]
        .iter()
        .find(|word| stands(stream, unit, word))?;
    (stream.at(unit + word.len()) != 's').then(|| (value, Span::new(at, unit + word.len())))
}

/// `having failed R-CHOP first line and polatuzumab-BR second`: the word "line" stands at the course before.
fn ordinal_alone(sheet: &Sheet<'_>, name: &Name) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, name.span.end);
    let (value, end) = ordinal_at(stream, at)?;
    let ends_here = matches!(stream.at(end), ',' | ';' | '.' | BREAK | ')');
    let sentence = sheet.sentence(name.span.start);
    let spoken_of = sheet.says(Span::new(sentence.start, name.span.start), words![" line"]);
    (ends_here && spoken_of).then_some((value, Span::new(at, end)))
}
