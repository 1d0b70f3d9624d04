//! Age and sex in running text and in shorthand.
//!
//! ## Reads
//! `患者,女,41岁`, `a 41-year-old woman`, `58 yo male`, `(66F)`, `F, 48`, `59, male`, `74 years, female`; in a message `我妈,女,58`,
//! `今年63`, `68y`.
//!
//! ## Leaves alone
//! Ages at an event (`46岁那年`, "at the age of 47", "when she was 30"), ranges and bounds, months.

use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Span, Stream, is_han},
    vocabulary::person::{
        AGE_END, AGE_END_COUNTED, AGE_END_LED, COMPANIONS, FOLLOWS_RELATIVE, GROWN_UP, LONE_LETTER_JOINED,
        OF_AN_EVENT_AFTER, OF_AN_EVENT_BEFORE, OF_AN_EVENT_HEADS, RELATIVES, SEX_ALONE_BEFORE,
        SEX_BEHIND_SPOKEN, SEXES,
    },
    words::{Place, words},
};
use cartulary_model::{Comparator, Value};

/// How an age is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// `岁`, `-year-old`, `yo`: an age by itself.
    InWords,
    /// `66F`, `59, male`: an age because a sex stands beside it.
    BesideSex,
    /// `我妈,58`, `今年63`: an age in a message only.
    InMessage,
}

/// Every age of the patient, with the sex beside it; and a sex told without an age.
pub(super) fn read(sheet: &Sheet<'_>) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut before = ' ';
    for (at, of) in stream.chars.iter().enumerate() {
        // Inside a word no sex begins.
        let inside = before.is_ascii_alphabetic();
        before = *of;
        if of.is_ascii_digit() {
            drafts.extend(aged(sheet, at, &drafts));
        } else if !inside && matches!(of, '女' | '男' | 'f' | 'm' | 'F' | 'M' | 'w' | 'l' | 'g') {
            drafts.extend(sex_alone(sheet, at));
        }
    }
    without_repetition(drafts)
}

/// One fact for each value: the first that says it, `患者女...46,XX女性` is one woman.
fn without_repetition(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        if !kept.iter().any(|of| of.concept == draft.concept && of.value == draft.value) {
            kept.push(draft);
        }
    }
    kept
}

/// "Hodgkin lymphoma aged 19 (ABVD), cured": how old the patient was when they had it.
fn is_age_of_illness(sheet: &Sheet<'_>, at: usize) -> bool {
    let lead = ["at age ", "aged ", "age "].iter().find_map(|word| sheet.stream.reads_back(at, word));
    lead.is_some_and(|from| {
        let mut all = sheet.candidates.iter();
        all.any(|of| matches!(of.hit.concept.kind(), "hist" | "com") && of.hit.span.end + 1 == from)
    })
}

fn aged(sheet: &Sheet<'_>, at: usize, known: &[Draft]) -> Vec<Draft> {
    let stream = &sheet.stream;
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    let apart = !before.is_ascii_alphanumeric()
        && !matches!(before, '-' | '.' | '/' | '~' | '>' | '<' | '≥' | '≤' | '+' | '#');
    // 男/54岁
    let apart = apart
        || before == '/' && at >= 2 && matches!(stream.at(at - 2), '男' | '女' | '性' | 'M' | 'F' | ' ');
    let Some(number) = apart.then(|| number::number_at(stream, at)).flatten() else { return Vec::new() };
    let possible = (0.0..=110.0).contains(&number.value) && number.value.fract() == 0.0 && !number.repaired;
    if !possible || number.comparator != Comparator::Equal {
        return Vec::new();
    }
    let sex = sex_beside(sheet, at, number.span.end).or_else(|| relative_before(sheet, at, number.span.end));
    let sex = sex.filter(|(_, place)| !is_lone_letter(sheet, at, *place));
    let Some((end, said)) = age_end(sheet, at, number.span.end, sex.map(|(_, span)| span)) else {
        return Vec::new();
    };
    if is_of_an_event(sheet, at, end) || is_age_of_illness(sheet, at) {
        return Vec::new();
    }
    // A message has one patient; a bare number is an age only when nothing else was.
    let had = known.iter().any(|draft| draft.concept.as_str() == "pt.age");
    if had && (said == Said::InMessage || sheet.is_kind(&["sec.doc_message"])) {
        return Vec::new();
    }
    // `供者：兄长12岁`: outside a message a relative's age is not the patient's.
    let of_relative = !sheet.is_kind(&["sec.doc_message"])
        && stream.reads_back_any(
            at,
            words![
                "兄长",
                "哥哥",
                "弟弟",
                "姐姐",
                "妹妹",
                "胞兄",
                "胞弟",
                "胞姐",
                "胞妹",
                "父亲",
                "母亲",
                "儿子",
                "女儿",
                "供者",
                "brother, ",
                "sister, ",
                "brother (",
                "sister ("
            ],
        );
    // `顺产1女`, `育有1子1女`: children, and no age.
    let born = said == Said::BesideSex
        && number.value < 15.0
        && before != ' '
        && matches!(before, '产' | '育' | '子' | '孕' | '有' | '女' | '男' | '胎' | '宫');
    if of_relative || born || is_companion(sheet, at, end) {
        return Vec::new();
    }
    // `18F-FDG`: a nuclide and not a woman of eighteen.
    if said == Said::BesideSex && is_nuclide(sheet, number.span.end) {
        return Vec::new();
    }
    let span = match (said, sex) {
        (Said::BesideSex, Some((_, sex))) => Span::new(at, end).to(sex),
        _ => Span::new(at, end),
    };
    let mut drafts = vec![fact("pt.age", span, Value::Number(number.value))];
    if let Some((code, place)) = sex {
        let place = if said == Said::BesideSex { span } else { place };
        drafts.push(fact("pt.sex", place, Value::Code(code.to_owned())));
    }
    drafts
}

/// "Her 34-year-old son accompanied her": the age of somebody who is named behind it.
fn is_companion(sheet: &Sheet<'_>, start: usize, end: usize) -> bool {
    let stream = &sheet.stream;
    let possessive = stream.reads_back_any(start, words!["her ", "his ", "their ", "the patient's "]);
    let behind = end + usize::from(stream.at(end) == ' ');
    possessive && stream.reads_any(behind, COMPANIONS)
}

/// `66 F` is a temperature as well: outside a message and brackets a letter says no sex.
fn is_lone_letter(sheet: &Sheet<'_>, start: usize, sex: Span) -> bool {
    let letter = sex.end - sex.start == 1 && !is_han(sheet.stream.at(sex.start));
    let first = start.min(sex.start);
    let bracketed = first > 0 && sheet.stream.at(first - 1) == '(';
    // `72M with relapsed MCL`: joined, at the start of a sentence.
    let stream = &sheet.stream;
    let told = || {
        stream.at(sex.start - 1).is_ascii_digit()
            || stream.reads_back_any(
                sex.start,
                words!["yo ", "y/o ", "y.o. ", "year-old ", "year old ", "yr old ", "yo", "y "],
            )
    };
    // `Patient: 58 F`, a grown-up's years where nothing else is told: no body has such a temperature.
    let labelled = sex.start == start + 3
        && stream.reads_back_any(start, words!["patient: ", "pt: "])
        && !stream.at(sex.end).is_alphanumeric();
    let joined = sex.start > start
        && (told() || labelled)
        && stream.at(sex.start).is_uppercase()
        && (labelled
            || start == skip_blanks(stream, sheet.sentence(start).start)
            || start > 1 && !stream.is_same_line(start - 2, start)
            || stream.reads_back_any(start, words!["a ", "an ", "this "]))
        && (labelled
            || matches!(stream.at(sex.end), crate::stream::BREAK | crate::stream::CELL)
            || stream.reads_any(sex.end, LONE_LETTER_JOINED));
    // `Philip Wainwright     M, 64 yrs`: a field that is nothing else.
    let field = || {
        let fields = stream.short_row(sex.start).map_or_else(Vec::new, |row| stream.fields(row));
        let own = fields.iter().find(|of| of.start == sex.start);
        own.is_some_and(|of| start < of.end && of.len() <= 12)
    };
    // `T. Oyelaran     68M     MRN 30-11`
    let whole = || {
        let fields = stream.short_row(sex.start).map_or_else(Vec::new, |row| stream.fields(row));
        fields.len() > 1 && fields.contains(&Span::new(start, sex.end)) && sex.start == start + 2
    };
    // `69 yo F   MRN P-226190`, `72y   F    NHS 401`: an age in words in the head of a paper.
    let spoken = || {
        let fields = stream.short_row(sex.start).map_or_else(Vec::new, |row| stream.fields(row));
        let ends = matches!(stream.at(sex.end), crate::stream::BREAK | crate::stream::CELL)
            || stream.has_gap(sex.end);
        fields.len() > 1
            && ends
            && stream.reads_any(
                start + 2,
                words!["y ", " yo ", "yo ", " y/o ", "y/o ", " y.o. ", " yrs ", " years ", "yrs "],
            )
    };
    let own = sex.end <= start && field() || whole() || sex.start > start && spoken();
    if letter && stream.at(sex.start).is_uppercase() && own {
        return false;
    }
    let slashed = stream.at(sex.start.saturating_sub(1)) == '/' || stream.at(sex.end) == '/';
    letter && !slashed && !bracketed && !joined && !sheet.is_kind(&["sec.doc_message"])
}

fn skip_blanks(stream: &Stream, at: usize) -> usize {
    (at..stream.len()).find(|of| stream.at(*of) != ' ').unwrap_or(at)
}

/// `18F-FDG`, `18F FDG`, `18F-PSMA`: the letter is the element's.
fn is_nuclide(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let letter = end + usize::from(matches!(stream.at(end), ' ' | '-'));
    let behind = letter + 1;
    let joined = matches!(stream.at(letter), 'F' | 'f')
        && stream.at(behind) == '-'
        && stream.at(behind + 1).is_ascii_alphabetic();
    joined
        || stream
            .reads_any(behind, words![" fdg", "fdg", " psma", " naf", " fluoro", "-fluoro", "标记", "氟"])
}

fn fact(concept: &str, span: Span, value: Value) -> Draft {
    Draft::new(concept, span, "person.narrative").value(value).present()
}

/// Where the age ends, and how it is said; nothing when the number is something else.
fn age_end(sheet: &Sheet<'_>, start: usize, end: usize, sex: Option<Span>) -> Option<(usize, Said)> {
    let stream = &sheet.stream;
    if stream.at(end) == '岁' {
        return Some((end + 1, Said::InWords));
    }
    if let Some(word) = AGE_END.iter().find(|word| stream.reads(end, word)) {
        let after = end + word.chars().count();
        return (!stream.at(after).is_ascii_alphabetic()).then_some((after, Said::InWords));
    }
    let message = sheet.is_kind(&["sec.doc_message"]);
    if let Some(sex) = sex {
        let year = ["years", "yrs", "year", "yr", "y"].iter().find(|word| {
            let skip = usize::from(stream.at(end) == ' ');
            stream.reads(end + skip, word) && !stream.at(end + skip + word.len()).is_ascii_alphabetic()
        });
        let after = year.map_or(end, |word| end + usize::from(stream.at(end) == ' ') + word.len());
        let joined = sex.start >= after && sex.start - after <= 3 || sex.end <= start && start - sex.end <= 4;
        return joined.then_some((after, Said::BesideSex));
    }
    // "my uncle in Tashkent, 63 years, mantle cell", "papa 64 yrs;": a grown-up's years between commas.
    let years =
        ["years", "yrs"].iter().find(|word| stream.reads(end + 1, word)).map(|word| end + 1 + word.len());
    if let Some(after) = years.filter(|_| message && end - start == 2) {
        let parted = stream.reads_back(start, ", ").is_some() || follows_relative(sheet, start);
        let grown = stream.at(start) != '0' && stream.at(start) != '1';
        if parted && grown && matches!(stream.at(after), ',' | ';' | ')' | '.') {
            return Some((after, Said::InWords));
        }
    }
    let years_short = message && stream.at(end) == 'y' && !stream.at(end + 1).is_ascii_alphanumeric();
    if years_short {
        return Some((end + 1, Said::InWords));
    }
    let led = AGE_END_LED.iter().find(|word| {
        stream.reads_back(start, word).is_some_and(|begin| {
            is_han(stream.at(begin)) || begin == 0 || !stream.at(begin - 1).is_ascii_alphabetic()
        })
    });
    let ends = matches!(stream.at(end), ',' | '。' | '.' | ' ' | '\n' | ')' | ';')
        && !continues_as_number(stream, end)
        || is_han(stream.at(end));
    let counted = stream.reads_any(end, AGE_END_COUNTED);
    if ends && !counted && led.is_some_and(|word| !needs_pause(word) || is_grown_up(sheet, start, end)) {
        return Some((end, Said::InWords));
    }
    // `我妈68弥漫大b`: two digits right between the relative and the next word.
    let glued = message
        && end - start == 2
        && matches!(stream.at(start), '2'..='9')
        && is_han(stream.at(end))
        && !COUNTERS.contains(stream.at(end))
        && stream.words_ending(start, FOLLOWS_RELATIVE).any(|of| is_han(stream.at(of.start())));
    if glued {
        return Some((end, Said::InMessage));
    }
    let told = message
        && ends
        && !counted
        && follows_relative(sheet, start)
        && (matches!(stream.at(end), ',' | '了') || end - start == 2 && stream.at(end) == ' ');
    told.then_some((end, Said::InMessage))
}

/// What is counted with these is no age.
const COUNTERS: &str = "岁斤年月天次号程分周期个万度点日多位床公厘块片支针袋瓶盒元级后几";

/// Words behind which many numbers stand: "it is now 88 umol/L", "I'm 2 days out".
fn needs_pause(word: &str) -> bool {
    word.starts_with("is ") || matches!(word, "i'm " | "i am ")
}

fn continues_as_number(stream: &Stream, end: usize) -> bool {
    stream.at(end) == '.' && stream.at(end + 1).is_ascii_digit()
}

/// "she is 62, ...": two digits and then a pause.
fn is_grown_up(sheet: &Sheet<'_>, start: usize, end: usize) -> bool {
    end - start == 2
        && (matches!(sheet.stream.at(end), ',' | '.' | '\n')
            || sheet.stream.reads_any(end, words![" and ", " with "]))
        && sheet.stream.reads_back_any(start, GROWN_UP)
}

/// `我妈,女,58,`: a list that begins with the relative or the sex.
fn follows_relative(sheet: &Sheet<'_>, start: usize) -> bool {
    let stream = &sheet.stream;
    let before = sheet.before(start, 14);
    let end = (before.start..before.end)
        .rev()
        .find(|at| !matches!(stream.at(*at), ',' | ' '))
        .map_or(before.start, |at| at + 1);
    stream.words_ending(end, FOLLOWS_RELATIVE).any(|of| is_whole(stream, of.start()))
}

/// `minimum 40` names no mum.
fn is_whole(stream: &Stream, begin: usize) -> bool {
    let letter = |at: usize| stream.at(at).is_ascii_alphabetic();
    begin == 0 || !(letter(begin) && letter(begin - 1))
}

/// The sex directly before or behind an age.
fn sex_beside(sheet: &Sheet<'_>, start: usize, end: usize) -> Option<(&'static str, Span)> {
    sex_behind(sheet, end).or_else(|| sex_before(sheet, start))
}

/// "my father, 72 y", "my brother: 49 years", "my father (74)" in a message: the relative who is written for.
fn relative_before(sheet: &Sheet<'_>, start: usize, end: usize) -> Option<(&'static str, Span)> {
    let stream = &sheet.stream;
    let mut from = start;
    while from > 0 && matches!(stream.at(from - 1), ' ' | ',' | ':' | '(') {
        from -= 1;
    }
    if !sheet.is_kind(&["sec.doc_message"]) || from == start {
        return None;
    }
    let relative = stream
        .words_ending(from, RELATIVES)
        .filter(|of| is_whole(stream, of.start()))
        .min_by_key(|of| of.word())?;
    let (begin, sex) = (relative.start(), RELATIVES.code(relative));
    let own = stream.reads_back(begin, "my ").or_else(|| stream.reads_back(begin, "our "));
    let grown = end - start == 2;
    let after = stream.at(end);
    let told = matches!(after, ')' | ',' | '.' | ';' | ':')
        || stream.reads_any(end + usize::from(after == ' '), words!["y", "yr"]);
    (grown && told).then(|| (sex, Span::new(own.unwrap_or(begin), from)))
}

/// `66F`, `29 M`, `59, male`, `41-year-old Chinese woman`, `63岁女性`.
fn sex_behind(sheet: &Sheet<'_>, end: usize) -> Option<(&'static str, Span)> {
    const REACH: usize = 34;
    let stream = &sheet.stream;
    let spoken = stream.reads_any(end, SEX_BEHIND_SPOKEN);
    let reach = if spoken { REACH } else { 4 };
    let mut at = end;
    while at < end + reach && at < stream.len() {
        let begins = !stream.at(at).is_alphabetic()
            || is_han(stream.at(at))
            || at == end
            || !stream.at(at - 1).is_ascii_alphabetic();
        if begins && let Some(found) = sex_at(sheet, at) {
            // A single letter only directly beside the number: `66F`, `29 M`, `69y M`.
            let letter = found.1.end - found.1.start == 1 && !is_han(stream.at(found.1.start));
            // `2F`: so many fusions in the pattern of a probe.
            let signals = letter && !spoken && !stream.at(end.saturating_sub(2)).is_ascii_digit();
            if signals {
                return None;
            }
            let near = at <= end + 3 || (spoken && at <= end + 8);
            return (!letter || near).then_some(found);
        }
        if matches!(stream.at(at), '。' | ';' | '\n' | '\t')
            || (stream.at(at) == '.' && !spoken)
            || stream.at(at).is_ascii_digit()
        {
            return None;
        }
        if stream.at(at) == ',' && at > end + 12 {
            return None;
        }
        at += 1;
    }
    None
}

/// `F, 48`, `male, 45`, `女,58`, `患者男,41岁`, `男性患者,65岁`.
fn sex_before(sheet: &Sheet<'_>, start: usize) -> Option<(&'static str, Span)> {
    let stream = &sheet.stream;
    let mut end = start;
    let glue =
        words![" of ", ",", " ", "/", ":", "性", "患者", "病人", "年龄", "age", "aged", "、", "|", "\t", "("];
    for _ in 0..5 {
        match stream.words_ending(end, glue).next() {
            Some(word) => end = word.start(),
            None => break,
        }
    }
    if end == start && !is_han(stream.at(start.checked_sub(1)?)) {
        return None;
    }
    let stands = |of: &Place| {
        let begin = of.start();
        let inside = begin > 0 && stream.at(begin - 1).is_ascii_alphanumeric();
        let letter = SEXES[of.word()].0.len() == 1 && !stream.at(begin).is_uppercase();
        let child = is_han(stream.at(begin))
            && matches!(stream.at(begin.saturating_sub(1)), '子' | '孙' | '儿')
            && begin > 0;
        !inside && !letter && !child
    };
    let found = stream.words_ending(end, SEXES).filter(stands).min_by_key(|of| of.word())?;
    Some((SEXES.code(found), found.span()))
}

fn sex_at(sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, Span)> {
    let stream = &sheet.stream;
    let han = is_han(stream.at(at));
    let stands = |of: &Place| {
        let whole = han || !stream.at(of.end()).is_ascii_alphanumeric();
        // 女儿 and 男朋友 are other people.
        let other = han && matches!(stream.at(of.end()), '儿' | '婿' | '友' | '朋');
        whole && !other
    };
    let found = stream.words_at(at, SEXES).filter(stands).min_by_key(|of| of.word())?;
    Some((SEXES.code(found), found.span()))
}

/// `女性患者`, `患者男,`, "female patient", "Normal female karyotype", `Patient: male`.
fn sex_alone(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let (code, span) = sex_at(sheet, at)?;
    let stands = if is_han(stream.at(at)) {
        let before = stream.reads_back_any(at, SEX_ALONE_BEFORE);
        let after = stream.reads_any(at + 1, words!["性患者", "患者", "性,"]);
        let listed = sheet.is_kind(&["sec.doc_message"])
            && matches!(stream.at(span.end), ',' | ' ' | '。')
            && (at == 0 || matches!(stream.at(at - 1), ',' | ' ' | '\n' | '。'));
        before || after || listed
    } else if span.end - span.start > 1 && (alone_in_sentence(sheet, span) || beside_birth(sheet, span)) {
        true
    } else if span.end - span.start > 1 {
        let adult = stream.reads_any(at, words!["man", "woman", "lady", "gentleman"]);
        let met = stream.reads_back_any(at, words!["this ", "elderly ", "pleasant ", "young "])
            || stream.reads_back(at, "a ").is_some()
                && stream.reads_any(span.end, words![" who", " with", ", ", " ("]);
        adult && met && sheet.is_kind(&["sec.doc_message", "sec.doc_referral"])
            || stream.reads_any(span.end, words![" patient", " karyotype"])
            || stream.reads_back_any(at, words!["patient: ", "patient is a ", "patient is "])
    } else {
        false
    };
    stands.then(|| fact("pt.sex", span, Value::Code(code.to_owned())))
}

/// "born 17-06-1955, male", "Female, born 1949".
fn beside_birth(sheet: &Sheet<'_>, span: Span) -> bool {
    /// A paper tells hardly more births.
    const FEW: usize = 8;
    let stream = &sheet.stream;
    let behind = |of: &crate::dates::DateMention| of.span.end < span.start && span.start <= of.span.end + 2;
    let told = sheet.births.iter().take(FEW).any(behind) && matches!(stream.at(span.start - 1), ' ' | ',');
    told || stream.reads_any(span.end, words![", born ", ", dob ", ", d.o.b"])
}

/// "Age 74. Male."
fn alone_in_sentence(sheet: &Sheet<'_>, span: Span) -> bool {
    let sentence = sheet.sentence(span.start);
    let stream = &sheet.stream;
    stream.trimmed(sentence).start == span.start
        && matches!(stream.at(span.end), '.' | ',' | '\n')
        && matches!(stream.at(span.start), 'M' | 'F')
}

/// The age somebody had when something happened: `46岁那年`, "diagnosed at 30", "at the age of 47", "when he was 12".
pub(super) fn is_of_an_event(sheet: &Sheet<'_>, start: usize, end: usize) -> bool {
    let stream = &sheet.stream;
    if stream.reads_any(end, OF_AN_EVENT_AFTER) {
        return true;
    }
    // `62岁 诊断DLBCL` behind a name or a sex heads a message; `58岁确诊` in a story is the age of that day.
    let told = stream.reads_any(end, words!["发病", "确诊", "诊断"]);
    let heads = || sheet.says(sheet.before(start, 8), OF_AN_EVENT_HEADS);
    if told && !heads() || stream.reads_any(end, words![" she ", " he "]) {
        return true;
    }
    stream.reads_back_any(start, OF_AN_EVENT_BEFORE)
        || stream.reads(end, " at diagnosis")
        || stream.reads(end, ", at diagnosis")
        || stream.reads_back(start, "age ").is_some_and(|from| {
            stream.reads_back_any(from, words!["at ", "at the ", "by ", "since ", "from "])
        })
}
