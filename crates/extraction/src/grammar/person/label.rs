//! Header tables: a label and its value.
//!
//! ## Reads
//! `姓名:徐静怡  性别:女  年龄:41岁  住院号:Z0012345`, `Name: ...  DOB: ...  MRN ...`.
//!
//! ## Leaves alone
//! Labels inside a word (`stage` is no `age`); the label of the next cell is no part of a name.

use crate::{
    draft::Draft,
    grammar::phrases::Topic,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span, Stream, is_han},
    vocabulary::person::{
        AGE_IN_BRACKETS_CLOSES, AGE_OTHER, BOTH_LABELS_OTHERS, IN_ORDER_TITLES, NAME_CUT, SEX, STOPS_NAME,
        WEAK_NAME_LABELS,
    },
    words::words,
};
use cartulary_model::Value;

/// Of so many titles and labels one names the patient of the paper, if any does.
const MOST_NAMES: usize = 100;

/// A label at the start of a cell, followed by a colon, a cell border or a space, and its value.
pub(super) fn read(sheet: &Sheet<'_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for phrase in &sheet.phrases {
        let Topic::Label(concept) = &phrase.topic else { continue };
        let Some(draft) = labelled(sheet, concept.as_str(), phrase.span) else { continue };
        let known = drafts.iter().any(|of| of.span.overlaps(draft.span) && of.concept == draft.concept);
        if !known {
            drafts.extend(age_in_brackets(sheet, &draft));
            drafts.extend(sex_behind_name(sheet, &draft));
            drafts.push(draft);
        }
    }
    drafts
}

/// `Date of birth: 02/11/1958 (66 years)`, `出生日期：1958-11-02（66岁）`.
fn age_in_brackets(sheet: &Sheet<'_>, birth: &Draft) -> Option<Draft> {
    let stream = &sheet.stream;
    let end = birth.span.end;
    let open = end + usize::from(stream.at(end) == ' ');
    if birth.concept.as_str() != "pt.birth_date" || stream.at(open) != '(' {
        return None;
    }
    let age = age(sheet, open + 1)?;
    let years = (age.span.end - 1..=age.span.end).any(|at| stream.reads_any(at, AGE_IN_BRACKETS_CLOSES));
    years.then_some(age)
}

/// `Patient: Ann Moore, female`, `姓名：王小明，女`.
fn sex_behind_name(sheet: &Sheet<'_>, name: &Draft) -> Option<Draft> {
    let stream = &sheet.stream;
    let mut at = name.span.end;
    while matches!(stream.at(at), ' ' | ',' | '(') {
        at += 1;
    }
    let parted = (name.span.end..at).any(|of| stream.at(of) != ' ');
    let sex = sex(sheet, at).filter(|_| name.concept.as_str() == "pt.name" && parted)?;
    // `Ann Moore, F. Smith`: a letter with a point is a name.
    (stream.at(sex.span.end) != '.').then_some(sex)
}

/// Of a table whose labels stand over their values, the value under a label: `Name | Date of birth` and below it
/// `Ann Moore | 1961-03-04`. The rows must have as many cells.
fn below(sheet: &Sheet<'_>, label: Span) -> Option<usize> {
    let stream = &sheet.stream;
    let row_start = sheet.row_start(label.start);
    let row = Span::new(row_start, (label.end..=stream.len()).find(|at| stream.at(*at) == BREAK)?);
    let next = Span::new(row.end + 1, (row.end + 1..=stream.len()).find(|at| stream.at(*at) == BREAK)?);
    let (labels, values) = (cells(stream, row), cells(stream, next));
    let is_label = |cell: &Span| {
        let begins =
            |of: &&super::super::Phrase| matches!(of.topic, Topic::Label(_)) && of.span.start == cell.start;
        let rest = |span: Span| stream.trimmed(Span::new(span.end, cell.end)).len() < 2;
        sheet.phrases.iter().filter(begins).any(|of| rest(of.span))
    };
    let column = labels.iter().position(|cell| cell.start == label.start && is_label(cell))?;
    let headed = labels.len() > 1 && labels.iter().filter(|cell| is_label(cell)).count() > 1;
    (headed && labels.len() == values.len() && !values.iter().any(is_label)).then(|| values[column].start)
}

/// The cells of a row, blanks at their ends aside.
fn cells(stream: &Stream, row: Span) -> Vec<Span> {
    let mut cells = Vec::new();
    let mut start = row.start;
    for at in row.start..=row.end {
        if at == row.end || stream.at(at) == CELL {
            cells.push(stream.trimmed(Span::new(start, at)));
            start = at + 1;
        }
    }
    cells
}

fn labelled(sheet: &Sheet<'_>, concept: &str, label: Span) -> Option<Draft> {
    let stream = &sheet.stream;
    let (at, end) = (label.start, label.end);
    let chinese = is_han(stream.at(at));
    let begins = at == 0
        || matches!(stream.at(at - 1), CELL | BREAK | ' ' | ',' | ';' | '(' | '|' | '·' | '。' | '/')
        || (chinese && !is_han(stream.at(at - 1)))
        // `年龄：40岁    出生日期：1982-03-16`: blanks inside Chinese are folded, and part the labels all the same.
        || (chinese && stream.was_parted(at));
    if !begins {
        return None;
    }
    if matches!(stream.at(end), CELL | BREAK | ':')
        && let Some(under) = below(sheet, label)
    {
        let draft = value(sheet, concept, Span::new(under, under), under)?;
        return Some(Draft { cues: vec![label], ..draft });
    }
    let mut value_at = if matches!(concept, "pt.age" | "pt.sex") { both_labels(stream, end) } else { end };
    let mut marked = false;
    let farthest = value_at + 8;
    while matches!(stream.at(value_at), ':' | CELL | ' ' | '.' | '#') && value_at < farthest {
        marked |= matches!(stream.at(value_at), ':' | CELL);
        value_at += 1;
    }
    // `姓名王小明性别女`: blanks inside Chinese are none, and the next label ends the value.
    let run_on = concept == "pt.name" && value_at == end && chinese && ends_at_label(sheet, end);
    let spaced = (value_at > end && chinese) || run_on;
    // `age 67`, `aged 67` and `年龄67岁` are said without a colon too.
    let spoken = matches!(concept, "pt.birth_date" | "pt.number") && value_at > end;
    let aged = concept == "pt.age" && (value_at > end || chinese);
    let sexed = concept == "pt.sex" && value_at > end;
    let draft = (marked || spaced || spoken || aged || sexed)
        .then(|| value(sheet, concept, label, value_at))
        .flatten()?;
    // `患者：王小明（女）` names somebody; `患者：老年女性` does not.
    let is_weak = WEAK_NAME_LABELS.contains(&stream.lower_text(label));
    let sexed_name = marked && stream.at(draft.span.end) == '(' && sex(sheet, draft.span.end + 1).is_some();
    (!is_weak || sexed_name).then_some(draft)
}

/// Whether two to four Han characters stand at a place, and behind them another label.
fn ends_at_label(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let label = |end: usize| {
        let begins = |of: &super::super::Phrase| matches!(of.topic, Topic::Label(_)) && of.span.start == end;
        sheet.phrases.iter().any(begins)
    };
    (at + 2..=at + 4)
        .take_while(|end| is_han(stream.at(end - 1)) || stream.at(end - 1) == '*')
        .any(|end| label(end) || (stream.at(end) == ' ' && label(end + 1)))
}

/// `Age/Sex: 58 y / M`, `性别/年龄：女/41岁`: one colon for two labels.
fn both_labels(stream: &Stream, end: usize) -> usize {
    let stroke = end + usize::from(stream.at(end) == ' ');
    if stream.at(stroke) != '/' {
        return end;
    }
    let next = stroke + 1 + usize::from(stream.at(stroke + 1) == ' ');
    let other = BOTH_LABELS_OTHERS.iter().find(|word| stream.reads(next, word));
    other.map_or(end, |word| next + word.chars().count())
}

/// Of `58 y / M` the part behind the stroke where it is the one asked for.
fn second_value(stream: &Stream, at: usize) -> usize {
    const LONGEST: usize = 9;
    let stroke = (at..at + LONGEST).find(|of| matches!(stream.at(*of), '/' | CELL | BREAK | ','));
    let stroke = stroke.filter(|of| stream.at(*of) == '/').map(|of| of + 1);
    stroke.map_or(at, |of| if stream.at(of) == ' ' { of + 1 } else { of })
}

fn value(sheet: &Sheet<'_>, concept: &str, label: Span, at: usize) -> Option<Draft> {
    match concept {
        "pt.name" => name(sheet, at),
        "pt.birth_date" => birth_date(sheet, at),
        "pt.age" => age(sheet, at).or_else(|| age(sheet, second_value(&sheet.stream, at))),
        "pt.sex" => sex(sheet, at).or_else(|| sex(sheet, second_value(&sheet.stream, at))),
        // "She called NHS 111": a number of the health service has ten digits.
        _ => record_number(sheet, at).filter(|of| {
            !sheet.stream.reads(label.start, "nhs") || has_digits(sheet, of.span, HEALTH_SERVICE)
        }),
    }
    .map(|draft| Draft { span: label.to(draft.span), ..draft })
}

/// "Patient: CMV IgG negative": behind the label something is told of the patient, and no name.
fn tells_something(sheet: &Sheet<'_>, at: usize) -> bool {
    const SHORTEST: usize = 3;
    sheet.candidates_in(Span::new(at, at + 1)).iter().any(|of| {
        let told = matches!(of.hit.concept.kind(), "lab" | "bio" | "hist" | "com" | "sym" | "reg" | "test");
        told && of.hit.span.start == at && of.hit.span.end - at >= SHORTEST
    })
}

fn name(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let is_label = |of: &super::super::Phrase| matches!(of.topic, Topic::Label(_)) && of.span.start == at;
    let other_label =
        sheet.phrases.iter().any(|of| is_label(of) && !stream.at(of.span.end).is_alphanumeric());
    if other_label || (!is_han(stream.at(at)) && tells_something(sheet, at)) {
        return None;
    }
    let chinese = (at..at + 5)
        .take_while(|of| is_han(stream.at(*of)) || matches!(stream.at(*of), '*' | '某' | '·'))
        .count();
    let end = if chinese >= 2 {
        // 姓名:徐静怡性别:女 - the next label is no part of the name.
        let text = stream.text(Span::new(at, at + chinese));
        let cut = NAME_CUT.iter().filter_map(|label| text.find(label)).min();
        at + cut.map_or(chinese.min(4), |byte| text[..byte].chars().count())
    } else {
        let mut end = at;
        while end < at + 40
            && (stream.at(end).is_ascii_alphabetic()
                || matches!(stream.at(end), ' ' | ',' | '.' | '-' | '\'' | '*'))
            && !(stream.at(end) == ' '
                && (stream.at(end + 1) == ' ' || stream.has_gap(end) || stops_name(sheet, end + 1)))
            && !(matches!(stream.at(end), ' ' | ',') && sex_stands_at(sheet, end + 1))
            && stream.is_same_line(at, end)
        {
            end += 1;
        }
        end
    };
    let span = stream.trimmed(Span::new(at, end));
    let text = without_full_stop(stream.text(span).trim_matches([',', ' '])).to_owned();
    let words = text.chars().filter(|of| of.is_alphabetic()).count();
    (words >= 2)
        .then(|| Draft::new("pt.name", span, "person.label").value(Value::Text(in_order(&text))).present())
}

/// "Marcus Ellery Boone." ends a sentence; the point of "Gregory T." is the initial's.
fn without_full_stop(name: &str) -> &str {
    let last = name.trim_end_matches('.').rsplit([' ', ',']).next().unwrap_or_default();
    if last.chars().count() > 1 && !last.contains('.') { name.trim_end_matches('.') } else { name }
}

/// `BOONE, MARCUS ELLERY     MRN 55018823    DOB 03/22/1974`: a row that begins with a name and goes on with labels.
pub(super) fn heads_of_rows(sheet: &Sheet<'_>, labelled: &[Draft]) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut rows: Vec<usize> = labelled
        .iter()
        .filter(|of| matches!(of.concept.as_str(), "pt.birth_date" | "pt.number"))
        .map(|of| sheet.row_start(of.span.start))
        .collect();
    rows.dedup();
    let named = |row: usize| {
        let told = |of: &Draft| of.concept.as_str() == "pt.name" && sheet.row_start(of.span.start) == row;
        (!labelled.iter().any(told)).then(|| name(sheet, row)).flatten()
    };
    let is_one = |draft: &Draft| {
        let text = stream.text(draft.span);
        let (surname, given) = text.split_once(',').unwrap_or_default();
        let capitals = surname.chars().filter(|of| of.is_ascii_uppercase()).count();
        let small = surname.chars().any(|of| of.is_ascii_lowercase());
        let gap = stream.has_gap(draft.span.end) || stream.at(draft.span.end) == CELL;
        capitals >= 2 && !small && !given.trim().is_empty() && gap && text.split_whitespace().count() <= 5
    };
    rows.into_iter()
        .filter_map(named)
        .filter(is_one)
        .map(|draft| Draft { rule: "person.label", ..draft })
        .collect()
}

/// "Mr Ravi Kumar Menon, 59 years, male (DOB ...", "Ms Ann Moore (hospital number ...": a letter names its patient with
/// a title, and behind the name says how old or under which number.
pub(super) fn titled(sheet: &Sheet<'_>, known: &[Draft]) -> Option<Draft> {
    const REACH: usize = 24;
    let stream = &sheet.stream;
    if known.iter().any(|of| of.concept.as_str() == "pt.name") {
        return None;
    }
    let titles = words!["mr ", "mrs ", "ms ", "miss ", "mr. ", "mrs. ", "ms. ", "master "];
    stream.words_in(Span::new(0, stream.len()), titles).take(MOST_NAMES).find_map(|title| {
        let begins = title.start() == 0 || !stream.at(title.start() - 1).is_alphanumeric();
        let draft = whole_name(sheet, title.end()).filter(|_| begins)?;
        let end = draft.span.end;
        let after = sheet.within(Span::new(end, end + REACH));
        let aged =
            sheet.says(after, words!["years", "year-old", "yo,", "yrs", "dob", "born", "date of birth"]);
        (aged || label_behind(sheet, end).is_some()).then_some(draft)
    })
}

/// "Desmond Whitcombe, born 02/11/1958": a line that begins with a name and goes on with the label of a birth date or
/// a number.
pub(super) fn leads_line(sheet: &Sheet<'_>, labelled: &[Draft]) -> Option<Draft> {
    let stream = &sheet.stream;
    let told = labelled.iter().any(|of| of.concept.as_str() == "pt.name");
    let labels = labelled.iter().filter(|of| matches!(of.concept.as_str(), "pt.birth_date" | "pt.number"));
    labels.take_while(|_| !told).take(MOST_NAMES).find_map(|label| {
        let start = sheet.row_start(label.span.start);
        let start = words!["patient ", "pt "]
            .iter()
            .find(|word| stream.reads(start, word))
            .map_or(start, |word| start + word.len());
        let draft = whole_name(sheet, start)?;
        (label_behind(sheet, draft.span.end) == Some(label.span.start)).then_some(draft)
    })
}

/// Two to five words with capitals up to a comma or bracket.
fn whole_name(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let draft = name(sheet, at).filter(|_| stream.at(at).is_ascii_uppercase())?;
    let text = stream.text(draft.span);
    let text = text.split(',').next().unwrap_or_default().trim_end();
    let words: Vec<&str> = text.split(' ').collect();
    let written = words.iter().all(|word| word.starts_with(|of: char| of.is_ascii_uppercase()));
    let span = Span::new(at, at + text.chars().count());
    ((2..=5).contains(&words.len()) && written)
        .then(|| Draft::new("pt.name", span, "person.label").value(Value::Text(in_order(text))).present())
}

/// Where directly behind a name, in its cell, the label of a birth date or number begins: ", born", " (MRN", " DOB".
fn label_behind(sheet: &Sheet<'_>, end: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let glue = |at: &usize| matches!(stream.at(*at), ' ' | ',' | '(' | '-' | '–') && !stream.has_gap(*at);
    let at = (end..end + 3).find(|at| !glue(at))?;
    let is_label = |of: &super::super::Phrase| {
        let wanted = |of: &Topic| matches!(of, Topic::Label(of) if matches!(of.as_str(), "pt.birth_date" | "pt.number"));
        of.span.start == at && wanted(&of.topic)
    };
    sheet.phrases.iter().any(is_label).then_some(at)
}

/// "born 02/11/1958, N417736": behind a name's birth date a number of letters and digits without a label.
pub(super) fn bare_number(sheet: &Sheet<'_>, labelled: &[Draft]) -> Option<Draft> {
    const FEWEST_DIGITS: usize = 5;
    let of = |concept: &'static str| labelled.iter().filter(move |of| of.concept.as_str() == concept);
    let birth = of("pt.birth_date").next().filter(|_| of("pt.number").next().is_none())?;
    let named = of("pt.name").any(|name| label_behind(sheet, name.span.end) == Some(birth.span.start));
    let end = birth.span.end;
    let at = (end..end + 3).find(|at| !matches!(sheet.stream.at(*at), ' ' | ','))?;
    let draft = record_number(sheet, at).filter(|_| named)?;
    let text = sheet.stream.text(draft.span);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (digits >= FEWEST_DIGITS && text.chars().all(|of| of.is_ascii_alphanumeric())).then_some(draft)
}

/// `1962-04-30出生`: the word of birth stands behind the day.
pub(super) fn born(sheet: &Sheet<'_>, known: &[Draft]) -> Option<Draft> {
    if known.iter().any(|of| of.concept.as_str() == "pt.birth_date") {
        return None;
    }
    let birth = sheet.births.iter().find(|of| of.date.day().is_some())?;
    let value = Value::Date(birth.date);
    Some(Draft::new("pt.birth_date", birth.span, "person.label").value(value).present())
}

/// `HOLLIS, GREGORY T.` is Gregory T. Hollis; titles are no part of a name.
fn in_order(name: &str) -> String {
    if !name.is_ascii() {
        return name.to_owned();
    }
    let turned = match name.split_once(',') {
        Some((surname, given)) if !given.trim().is_empty() => format!("{} {}", given.trim(), surname.trim()),
        _ => name.to_owned(),
    };
    let words = turned
        .split_whitespace()
        .filter(|word| !IN_ORDER_TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str()));
    words.map(capitalised).collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    // `OKAFOR-REYES` is Okafor-Reyes.
    if word.contains('-') {
        return word.split('-').map(capitalised).collect::<Vec<_>>().join("-");
    }
    let shouted = word.len() > 2 && word.chars().all(|of| of.is_uppercase() || !of.is_alphabetic());
    match (shouted, word.chars().next()) {
        (true, Some(first)) => first.to_string() + &word[1..].to_lowercase(),
        _ => word.to_owned(),
    }
}

/// `Ann Moore, female`, `Ann Moore F 62`, `Moore, Ann, F`: whose sex is told behind a name. A lone letter before another
/// name is an initial.
fn sex_stands_at(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let at = at + usize::from(stream.at(at) == ' ');
    let Some(end) = sex(sheet, at).map(|of| of.span.end) else { return false };
    let next = stream.at(end + usize::from(matches!(stream.at(end), ' ' | '/' | ',')));
    let commas = (at.saturating_sub(30)..at).filter(|of| stream.at(*of) == ',').count();
    let letter = end == at + 1;
    !letter || next.is_ascii_digit() || (commas > 1 && matches!(stream.at(end), BREAK | CELL | ','))
}

/// The next label of a header written without cell borders.
fn stops_name(sheet: &Sheet<'_>, at: usize) -> bool {
    let next = sheet.stream.lower_text(sheet.within(Span::new(at, at + 8)));
    STOPS_NAME.iter().any(|label| next.starts_with(label))
}

fn birth_date(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let mention = sheet
        .births
        .iter()
        .chain(&sheet.mentions)
        .find(|of| of.span.start >= at && of.span.start <= at + 2)?;
    Some(Draft::new("pt.birth_date", mention.span, "person.label").value(Value::Date(mention.date)).present())
}

fn age(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let number = number::number_at(stream, at)?;
    let years = (0.0..=120.0).contains(&number.value)
        && number.value.fract() == 0.0
        && number.comparator == cartulary_model::Comparator::Equal;
    // 8月 is an age in months, 18-70 a condition.
    let other = matches!(stream.at(number.span.end), '月' | '/' | '-' | '~' | '天' | '个' | '周')
        || stream.reads_any(number.span.end, AGE_OTHER);
    (years && !other && !super::narrative::is_of_an_event(sheet, at, number.span.end)).then(|| {
        let end = number.span.end + usize::from(stream.at(number.span.end) == '岁');
        Draft::new("pt.age", Span::new(at, end), "person.label").value(Value::Number(number.value)).present()
    })
}

fn sex(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    SEX.iter().find_map(|(word, code)| {
        let length = word.chars().count();
        let same = word.chars().zip(at..).all(|(of, index)| stream.lower.get(index) == Some(&of));
        let ends = is_han(stream.at(at)) || !stream.at(at + length).is_alphanumeric();
        (same && ends).then(|| {
            Draft::new("pt.sex", Span::new(at, at + length), "person.label")
                .value(Value::Code((*code).to_owned()))
                .present()
        })
    })
}

const HEALTH_SERVICE: usize = 10;

fn has_digits(sheet: &Sheet<'_>, span: Span, fewest: usize) -> bool {
    (span.start..span.end).filter(|at| sheet.stream.at(*at).is_ascii_digit()).count() >= fewest
}

/// `ER 7741902`, `HR 118 4402`, `943 476 5919`: groups of a number with one blank between them.
fn spaced_number(stream: &Stream, at: usize, mut end: usize) -> usize {
    const LONGEST: usize = 24;
    let letters = end > at && end - at <= 3 && (at..end).all(|of| stream.at(of).is_ascii_uppercase());
    // A number of the National Health Service has three, three and four digits.
    let health_service = end == at + 3 && (at..end).all(|of| stream.at(of).is_ascii_digit());
    if !letters && !health_service {
        return end;
    }
    while stream.at(end) == ' ' && !stream.has_gap(end) && end < at + LONGEST {
        let group = (end + 1..end + 12).take_while(|of| stream.at(*of).is_ascii_digit()).count();
        let stop = stream.at(end + 1 + group);
        if group < 3
            || stop.is_alphanumeric()
            || matches!(stop, '/' | '.' | '-') && !ends_sentence(stream, end + 1 + group)
        {
            break;
        }
        end += 1 + group;
    }
    end
}

/// Whether a full stop is followed by a blank or nothing.
fn ends_sentence(stream: &Stream, at: usize) -> bool {
    stream.at(at) == '.' && matches!(stream.at(at + 1), ' ' | BREAK | CELL)
}

fn record_number(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let end = (at..at + 24)
        .find(|of| !(stream.at(*of).is_ascii_alphanumeric() || matches!(stream.at(*of), '-' | '*')))
        .unwrap_or(at);
    let end = spaced_number(stream, at, end);
    let span = Span::new(at, end);
    let text = stream.text(span);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (digits >= 3).then(|| Draft::new("pt.number", span, "person.label").value(Value::Text(text)).present())
}
