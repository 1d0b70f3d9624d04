//! Who the paper is about: header tables and the first sentence of a history.
//!
//! ## Reads
//! `姓名:徐静怡  性别:女  年龄:41岁  住院号:Z0012345`; `Name: ...  DOB: ...  MRN ...`; `患者,女,41岁`;
//! `41-year-old woman`; `(66F)`.

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span, is_han},
};
use cartulary_catalogue::Form;
use cartulary_model::Value;

pub(crate) fn read(sheet: &Sheet<'_>, _: &Claims) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for concept in sheet.catalogue().concepts().filter(|concept| concept.id.is("pt")) {
        let mut forms: Vec<&Form> = concept.forms.iter().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.text.chars().count()));
        for form in forms {
            drafts.extend(labelled(sheet, concept.id.as_str(), &form.text, &drafts));
        }
    }
    let mut told = narrative(sheet);
    told.retain(|of| !drafts.iter().any(|known| known.concept == of.concept && known.span.overlaps(of.span)));
    drafts.extend(told.into_iter().filter(|of| {
        !(of.concept.as_str() == "pt.sex"
            && sheet.is_kind(&["sec.doc_message"])
            && sheet.says(sheet.before(of.span.start, 2).to(sheet.after(of.span.end, 2)), &["女儿", "女士"]))
    }));
    drafts.extend(kin(sheet));
    drafts.extend(shorthand(sheet));
    drafts
}

/// A label at the start of a cell, followed by a colon, a cell border or a space, and its value.
fn labelled(sheet: &Sheet<'_>, concept: &str, form: &str, known: &[Draft]) -> Vec<Draft> {
    let stream = &sheet.stream;
    let label: Vec<char> = crate::lexicon::folded(form).chars().collect();
    let mut drafts = Vec::new();
    let mut at = 0;
    while at + label.len() <= stream.len() {
        let end = at + label.len();
        let begins = at == 0
            || matches!(stream.at(at - 1), CELL | BREAK | ' ' | ',' | ';' | '(' | '|' | '·')
            || (is_han(label[0]) && !is_han(stream.at(at - 1)));
        if !begins || stream.lower[at..end] != label[..] {
            at += 1;
            continue;
        }
        let mut value_at = end;
        let mut marked = false;
        while matches!(stream.at(value_at), ':' | CELL | ' ' | '.' | '#') && value_at < end + 8 {
            marked |= matches!(stream.at(value_at), ':' | CELL);
            value_at += 1;
        }
        let spaced = value_at > end && is_han(label[0]);
        let spoken = matches!(concept, "pt.birth_date" | "pt.number") && value_at > end;
        if (marked || spaced || spoken)
            && let Some(draft) = value(sheet, concept, Span::new(at, end), value_at)
            && !known.iter().any(|of| of.span.overlaps(draft.span) && of.concept.as_str() == concept)
        {
            drafts.push(draft);
        }
        at = end;
    }
    drafts
}

fn value(sheet: &Sheet<'_>, concept: &str, label: Span, at: usize) -> Option<Draft> {
    match concept {
        "pt.name" => name(sheet, at),
        "pt.birth_date" => birth_date(sheet, at),
        "pt.age" => age(sheet, at),
        "pt.sex" => sex(sheet, at),
        _ => record_number(sheet, at),
    }
    .map(|draft| Draft { span: label.to(draft.span), ..draft })
}

fn name(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let chinese = (at..at + 5)
        .take_while(|of| is_han(stream.at(*of)) || matches!(stream.at(*of), '*' | '某' | '·'))
        .count();
    let end = if chinese >= 2 {
        // 姓名:徐静怡性别:女 - the next label is no part of the name.
        let text = stream.text(Span::new(at, at + chinese));
        let cut =
            ["性别", "年龄", "男", "女", "住院", "科"].iter().filter_map(|label| text.find(label)).min();
        at + cut.map_or(chinese.min(4), |byte| text[..byte].chars().count())
    } else {
        let mut end = at;
        while end < at + 40
            && (stream.at(end).is_ascii_alphabetic()
                || matches!(stream.at(end), ' ' | ',' | '.' | '-' | '\'' | '*'))
            && !(stream.at(end) == ' ' && (stream.at(end + 1) == ' ' || stops_name(sheet, end + 1)))
        {
            end += 1;
        }
        end
    };
    let span = stream.trimmed(Span::new(at, end));
    let text = stream.text(span).trim_matches([',', ' ']).to_owned();
    let words = text.chars().filter(|of| of.is_alphabetic()).count();
    (words >= 2)
        .then(|| Draft::new("pt.name", span, "person.label").value(Value::Text(in_order(&text))).present())
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
    let titles = ["mr", "mrs", "ms", "miss", "dr", "prof"];
    let words = turned
        .split_whitespace()
        .filter(|word| !titles.contains(&word.trim_end_matches('.').to_lowercase().as_str()));
    words.map(capitalised).collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let shouted = word.len() > 2 && word.chars().all(|of| of.is_uppercase() || !of.is_alphabetic());
    match (shouted, word.chars().next()) {
        (true, Some(first)) => first.to_string() + &word[1..].to_lowercase(),
        _ => word.to_owned(),
    }
}

/// The next label of a header written without cell borders.
fn stops_name(sheet: &Sheet<'_>, at: usize) -> bool {
    let next = sheet.stream.lower_text(sheet.within(Span::new(at, at + 8)));
    ["dob", "sex", "age", "mrn", "date", "hospital", "gender", "nhs", "patient", "born", "record"]
        .iter()
        .any(|label| next.starts_with(label))
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
    let number = number::number_at(&sheet.stream, at)?;
    let years = (0.0..=120.0).contains(&number.value) && number.value.fract() == 0.0;
    let after = sheet.stream.at(number.span.end);
    // 8月 is an age in months.
    (years && !matches!(after, '月' | '/' | '-' | '天')).then(|| {
        let end = number.span.end + usize::from(after == '岁');
        Draft::new("pt.age", Span::new(at, end), "person.label").value(Value::Number(number.value)).present()
    })
}

fn sex(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let words = [
        ("female", "female"),
        ("male", "male"),
        ("女", "female"),
        ("男", "male"),
        ("f", "female"),
        ("m", "male"),
    ];
    words.iter().find_map(|(word, code)| {
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

fn record_number(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let end = (at..at + 24)
        .find(|of| !(stream.at(*of).is_ascii_alphanumeric() || matches!(stream.at(*of), '-' | '*')))
        .unwrap_or(at);
    let span = Span::new(at, end);
    let text = stream.text(span);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (digits >= 3).then(|| Draft::new("pt.number", span, "person.label").value(Value::Text(text)).present())
}

/// `患者,女,41岁`, `a 41-year-old woman`, `58 year old male`, `(66F)`.
fn narrative(sheet: &Sheet<'_>) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut drafts = Vec::new();
    let fact =
        |concept: &str, span: Span, value: Value| Draft::new(concept, span, "person.narrative").value(value);
    for at in 0..stream.len() {
        let starts = stream.at(at).is_ascii_digit()
            && (at == 0 || !stream.at(at - 1).is_alphanumeric() || is_han(stream.at(at - 1)));
        let Some(number) = starts.then(|| number::number_at(stream, at)).flatten() else { continue };
        if !(0.0..=110.0).contains(&number.value) || number.value.fract() != 0.0 {
            continue;
        }
        let rest = stream.lower_text(sheet.within(Span::new(number.span.end, number.span.end + 24)));
        let before = stream.lower_text(sheet.within(Span::new(at.saturating_sub(8), at)));
        let spoken = [
            "-year-old",
            " year old",
            " year-old",
            "-year old",
            " yo ",
            "yo ",
            " y/o",
            " years old",
            " years, ",
            " y / ",
            " years)",
        ]
        .iter()
        .find(|word| rest.starts_with(**word));
        let chinese = rest.starts_with('岁')
            && ["男", "女", "患者", "性"].iter().any(|word| before.contains(word) || rest.contains(word));
        let short = rest.starts_with('f') || rest.starts_with('m');
        let short = short && !rest.chars().nth(1).is_some_and(char::is_alphanumeric) && before.ends_with('(');
        if spoken.is_none() && !chinese && !short {
            continue;
        }
        let age_end = number.span.end + spoken.map_or(1, |word| word.chars().count());
        let words = if chinese { format!("{before}{rest}") } else { rest.clone() };
        let sex = sex_word(&words, short);
        let span = if short { Span::new(at, number.span.end + 1) } else { Span::new(at, age_end) };
        drafts.push(fact("pt.age", span, Value::Number(number.value)));
        if let Some((code, offset)) = sex {
            let sex_span = match offset {
                _ if short => span,
                Some((start, length)) if !chinese => {
                    Span::new(number.span.end + start, number.span.end + start + length)
                }
                _ => (at.saturating_sub(8)..number.span.end + 8)
                    .find(|of| matches!(stream.at(*of), '男' | '女'))
                    .map_or(span, |of| Span::new(of, of + 1)),
            };
            drafts.push(fact("pt.sex", sex_span, Value::Code(code.to_owned())));
        }
    }
    drafts
}

/// `71M`, `29 M`, `(33, F)`, `F, 48`, `59, male`: age and sex in a message's shorthand.
fn shorthand(sheet: &Sheet<'_>) -> Vec<Draft> {
    if !sheet.is_kind(&["sec.doc_message"]) {
        return Vec::new();
    }
    let stream = &sheet.stream;
    let sexes = [("female", "female"), ("male", "male"), ("f", "female"), ("m", "male")];
    let sex_at = |at: usize| {
        sexes.iter().find_map(|(word, code)| {
            let span = Span::new(at, at + word.chars().count());
            let whole =
                stream.lower_text(sheet.within(span)) == *word && !stream.at(span.end).is_alphanumeric();
            whole.then_some((*code, span))
        })
    };
    let gap = |at: usize| (at..at + 3).find(|of| !matches!(stream.at(*of), ' ' | ',')).unwrap_or(at);
    for at in 0..stream.len() {
        if at > 0 && stream.at(at - 1).is_alphanumeric() {
            continue;
        }
        let age_first = number::number_at(stream, at).filter(|of| is_age(of.value)).and_then(|age| {
            let (code, sex) = sex_at(gap(age.span.end))?;
            Some((age.value, code, Span::new(at, sex.end)))
        });
        let sex_first = || {
            let (code, sex) = sex_at(at)?;
            let start = gap(sex.end);
            let age = number::number_at(stream, start).filter(|of| is_age(of.value) && start > sex.end)?;
            let ends = !stream.at(age.span.end).is_alphanumeric() && stream.at(age.span.end) != '%';
            ends.then(|| (age.value, code, Span::new(at, age.span.end)))
        };
        if let Some((age, code, span)) = age_first.or_else(sex_first) {
            return vec![
                Draft::new("pt.age", span, "person.shorthand").value(Value::Number(age)).present(),
                Draft::new("pt.sex", span, "person.shorthand").value(Value::Code(code.to_owned())).present(),
            ];
        }
    }
    Vec::new()
}

fn is_age(value: f64) -> bool {
    (1.0..=110.0).contains(&value) && value.fract() == 0.0
}

/// In a relative's message the word for the relative says the patient's sex: `我爸爸`, "my mother".
fn kin(sheet: &Sheet<'_>) -> Vec<Draft> {
    if !sheet.is_kind(&["sec.doc_message"]) {
        return Vec::new();
    }
    let words = [
        ("我爸爸", "male"),
        ("我爸", "male"),
        ("我父亲", "male"),
        ("我丈夫", "male"),
        ("我老公", "male"),
        ("我儿子", "male"),
        ("my father", "male"),
        ("my dad", "male"),
        ("my husband", "male"),
        ("my son", "male"),
        ("我妈妈", "female"),
        ("我妈", "female"),
        ("我母亲", "female"),
        ("我妻子", "female"),
        ("我老婆", "female"),
        ("我女儿", "female"),
        ("my mother", "female"),
        ("my mum", "female"),
        ("my mom", "female"),
        ("my wife", "female"),
        ("my daughter", "female"),
    ];
    let text: String = sheet.stream.lower.iter().collect();
    let first = words
        .iter()
        .filter_map(|(word, sex)| text.find(word).map(|byte| (byte, *word, *sex)))
        .min_by_key(|(byte, word, _)| (*byte, std::cmp::Reverse(word.len())));
    first
        .map(|(byte, word, sex)| {
            let start = text[..byte].chars().count();
            let span = Span::new(start, start + word.chars().count());
            Draft {
                experiencer: Some(cartulary_model::Experiencer::Patient),
                ..Draft::new("pt.sex", span, "person.kin").value(Value::Code(sex.to_owned())).present()
            }
        })
        .into_iter()
        .collect()
}

type Place = Option<(usize, usize)>;

fn sex_word(words: &str, short: bool) -> Option<(&'static str, Place)> {
    if short {
        return Some((if words.starts_with('f') { "female" } else { "male" }, None));
    }
    if let Some(rest) = words.strip_prefix(" y / ") {
        let sex = if rest.starts_with('m') { "male" } else { "female" };
        return Some((sex, Some((5, 1))));
    }
    let all = [
        ("woman", "female"),
        ("female", "female"),
        ("lady", "female"),
        ("girl", "female"),
        ("女", "female"),
        ("gentleman", "male"),
        ("man", "male"),
        ("male", "male"),
        ("boy", "male"),
        ("男", "male"),
    ];
    all.iter().find_map(|(word, code)| {
        words.find(word).map(|byte| (*code, Some((words[..byte].chars().count(), word.chars().count()))))
    })
}
