//! How each draft is asserted: its cues, its section, and what its kind of fact can be.
//!
//! ## Reads
//! The cues that reach the draft's name, the heading above it, the words directly before it.
//!
//! ## Leaves alone
//! What a grammar has decided itself. Conditions and demands hold for its drafts too: `若Ki-67>30%` is no value.
//!
//! ## Never
//! Lets what may come stand as a fact: a symptom, a response or a value under a condition is dropped.

mod uptake;

use super::{
    genes, inverted, named_again, past,
    person::{self, Told},
    replaced, signed, unchanged,
};
use crate::{
    assertion::{Reading, contains_any, ends_with_any, starts_with_any, trimmed},
    draft::Draft,
    grammar::is_standing_order,
    sheet::Sheet,
    stream::Span,
    vocabulary::assertion::{
        AWAITED, DECIDED_AGAINST, DOUBTS_BEGINS, DOUBTS_BETWEEN, DOUBTS_CHINESE, DOUBTS_DISEASE,
        DOUBTS_ELSEWHERE, GIVEN, IN_QUESTION_AUXILIARIES, IN_QUESTION_TOLD, INTERPRETED_RAISES, TAKEN_BACK,
    },
    words::{List, words},
};
use cartulary_model::{
    Assertion, Experiencer, Temporality, Value,
    fact::{Attr, AttrValue},
};
use uptake::{is_denied_of_a_part, is_harmless_uptake};

/// Fills in what the grammars left open, and drops what is not told of anybody.
pub(crate) fn assertions(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let told = Told::new(sheet);
    let readings: Vec<Reading> = drafts.iter().map(|draft| sheet.modifiers.read(draft.name)).collect();
    for (draft, reading) in drafts.iter_mut().zip(&readings) {
        assert_one(sheet, &told, draft, reading);
    }
    let mut readings = readings.iter();
    drafts.retain(|draft| readings.next().is_some_and(|reading| is_told(sheet, draft, reading)));
    genes::settle(sheet, drafts);
    named_again::settle(sheet, drafts);
    let of_both: Vec<Draft> = drafts.iter().filter_map(|draft| of_patient_too(sheet, draft)).collect();
    drafts.extend(of_both);
    replaced::mark(sheet, drafts);
}

/// "No personal or family history of thrombosis": told of the patient and of the family.
fn of_patient_too(sheet: &Sheet<'_>, draft: &Draft) -> Option<Draft> {
    const WINDOW: usize = 60;
    let before = sheet.before(draft.name.start, WINDOW);
    let both = words![
        "personal or family history",
        "personal and family history",
        "本人及家族",
        "本人和家族",
        "患者及家族",
    ];
    let family = draft.experiencer == Some(Experiencer::Family);
    (family && contains_any(&sheet.stream, &sheet.stream.lower[before.start..before.end], both))
        .then(|| Draft { experiencer: Some(Experiencer::Patient), ..draft.clone() })
}

/// The assertion, experiencer and temporality of one draft.
fn assert_one(sheet: &Sheet<'_>, told: &Told, draft: &mut Draft, reading: &Reading) {
    if draft.experiencer.is_none() {
        draft.experiencer = Some(person::experiencer(sheet, told, draft, reading));
    }
    if draft.assertion.is_none() && draft.experiencer == Some(Experiencer::Patient) {
        draft.assertion = signed::answer(sheet, draft);
    }
    if draft.assertion.is_none() {
        draft.assertion = Some(asserted(sheet, draft, reading));
    }
    let planned = matches!(draft.attrs.get(&Attr::Status), Some(AttrValue::Text(of)) if of == "planned");
    if planned && draft.assertion == Some(Assertion::Present) && is_prescribed(sheet, draft) {
        draft.set(Attr::Status, AttrValue::Text("ongoing".into()));
    }
    if draft.temporality.is_none() {
        draft.temporality = Some(past::temporality(sheet, draft, reading));
    }
    if let Some(status) = status(sheet, draft, reading) {
        let ongoing = AttrValue::Text("ongoing".into());
        // "meanwhile on" beside a plan speaks of another treatment.
        if draft.attrs.get(&Attr::Status).is_none_or(|of| *of == ongoing) {
            draft.set(Attr::Status, AttrValue::Text(status.into()));
        }
    }
    draft.cues.extend(&reading.cues);
}

/// Asserts a draft that stands for itself. What is denied of the past is past too.
pub(crate) fn assert_alone(sheet: &Sheet<'_>, draft: &mut Draft) {
    let reading = sheet.modifiers.read(draft.name);
    assert_one(sheet, &Told::new(sheet), draft, &reading);
    if reading.background || reading.temporality == Temporality::Historical {
        draft.temporality = Some(Temporality::Historical);
    }
}

fn asserted(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> Assertion {
    let plan = sheet.is_under(draft.span.start, &["sec.sec_plan"]) && !is_prescribed(sheet, draft);
    let asked = sheet.is_under(draft.span.start, &["sec.sec_indication"]);
    match reading.assertion {
        Assertion::Present if plan && is_done(draft) => Assertion::Hypothetical,
        // What the patient feels is told there, what the examination may show is asked.
        Assertion::Present
            if asked && draft.rule == "finding.named" && is_state(draft) && !draft.concept.is("sym") =>
        {
            Assertion::Possible
        }
        Assertion::Present if is_in_question(sheet, draft) => Assertion::Hypothetical,
        Assertion::Present if shares_denial(sheet, draft) => Assertion::Negated,
        Assertion::Present if draft.concept.is("sym") && is_in_nil_list(sheet, draft) => Assertion::Negated,
        // "No further seizures since Monday"; "no further R-CHOP" says that it was given before.
        Assertion::Present
            if is_state(draft)
                && sheet.stream.reads_back_any(draft.name.start, words!["no further ", "no additional "]) =>
        {
            Assertion::Negated
        }
        Assertion::Present if is_interpreted(sheet, draft) => Assertion::Possible,
        Assertion::Present if draft.concept.is("hist") && is_in_differential(sheet, draft.name) => {
            Assertion::Possible
        }
        // `发热待查`: its cause is sought.
        Assertion::Possible
            if draft.concept.is("sym")
                && sheet.stream.reads_any(draft.name.end, words!["待查", "原因待查"]) =>
        {
            Assertion::Present
        }
        // "Worked up for relapse of DLBCL": the lymphoma is known.
        Assertion::Possible
            if draft.concept.is("hist")
                && sheet.stream.reads_back_any(
                    draft.name.start,
                    words![
                        "relapse of ",
                        "relapse of the ",
                        "relapse of his ",
                        "relapse of her ",
                        "recurrence of ",
                        "progression of "
                    ],
                ) =>
        {
            Assertion::Present
        }
        // "Known CKD is a concern for methotrexate": what worries is there; of the lymphoma's spread it is not known.
        Assertion::Possible if is_worry(sheet, draft, reading) => Assertion::Present,
        // A course of treatment is not doubted but considered: `考虑CAR-T`, "Can he get CAR-T?".
        Assertion::Possible if is_therapy(draft) => Assertion::Hypothetical,
        // An examination is done or not; what it may show is doubted.
        Assertion::Possible if draft.concept.is("test") => Assertion::Present,
        Assertion::Hypothetical if is_prescribed(sheet, draft) => Assertion::Present,
        Assertion::Hypothetical if is_state(draft) && is_considered(sheet, draft, reading) => {
            Assertion::Possible
        }
        // A plan is about what is to be done, not about the disease: "would you assess ... lymphoma".
        Assertion::Hypothetical if !can_be_planned(draft) && !is_uncertain_future(reading) => {
            Assertion::Present
        }
        // "If the biopsy shows that the CLL has transformed": the CLL is there.
        Assertion::Hypothetical
            if draft.concept.is("hist")
                && reading.condition.is_some()
                && sheet.stream.reads_back_any(
                    draft.name.start,
                    words![
                        "that the ",
                        "that his ",
                        "that her ",
                        "whether the ",
                        "whether his ",
                        "whether her "
                    ],
                ) =>
        {
            Assertion::Present
        }
        // A toxicity that resolved was there; an illness that did is an old one.
        Assertion::Negated if reading.resolved && past::has_been(draft) => Assertion::Present,
        Assertion::Negated if is_given(sheet, draft) => Assertion::Present,
        Assertion::Negated if draft.concept.is("sym") && unchanged::is_excepted(sheet, draft) => {
            Assertion::Present
        }
        Assertion::Negated if is_state(draft) && unchanged::goes_on(sheet, draft, reading) => {
            Assertion::Present
        }
        other => other,
    }
}

/// "Nil weight loss or night sweats, only temp spikes": symptoms up to the comma; "PMH nil, fever" is another matter.
fn is_in_nil_list(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 40;
    let sentence = sheet.sentence(draft.name.start);
    let before = Span::new(sentence.start.max(draft.name.start.saturating_sub(REACH)), draft.name.start);
    let Some(nil) = sheet.stream.words_in(before, words!["nil "]).next_back() else { return false };
    let apart = nil.start() == 0 || !sheet.stream.at(nil.start() - 1).is_alphanumeric();
    let gap = sheet.stream.lower_text(Span::new(nil.end(), draft.name.start));
    let joined = gap.is_empty() || gap.ends_with(" or ") || gap.ends_with(" nor ");
    apart && joined && !gap.contains([',', ';', ':', '('])
}

/// "consider CNS involvement", "relapse is being considered": of a state the word right beside it is a doubt; "consider
/// axi-cel for relapse" is of the treatment.
fn is_considered(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> bool {
    const BESIDE: usize = 3;
    reading.cues.iter().any(|cue| {
        let near = cue.end <= draft.name.start && draft.name.start <= cue.end + BESIDE
            || draft.name.end <= cue.start && cue.start <= draft.name.end + BESIDE;
        near && sheet.says(*cue, words!["consider"])
    })
}

/// "Ddx: Burkitt lymphoma, HGBL", "the differential includes MCL, CLL and SMZL": each of the list is one of several.
pub(crate) fn is_in_differential(sheet: &Sheet<'_>, name: Span) -> bool {
    let sentence = sheet.sentence(name.start);
    let before = Span::new(sentence.start, name.start.max(sentence.start));
    let opens = words![
        "ddx:",
        "ddx ",
        "dd:",
        "d/d:",
        "d/d ",
        "differential diagnosis:",
        "differential includes ",
        "differential diagnosis includes ",
        "differentials include ",
        "鉴别诊断包括"
    ];
    sheet.stream.words_in(before, opens).next_back().is_some_and(|of| {
        let gap = Span::new(of.end(), name.start);
        let apart = of.start() == 0 || !sheet.stream.at(of.start() - 1).is_alphanumeric();
        let turned = words![
            "favour",
            "favor",
            "but ",
            "however",
            "therefore",
            "final",
            "倾向",
            "但",
            "最终",
            "明确",
            "确诊",
            "证实",
            "诊断为"
        ];
        apart && sheet.stream.words_in(gap, turned).next().is_none()
    })
}

/// Whether the draft says something of somebody, be it planned or denied.
fn is_told(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> bool {
    if draft.concept.is("pt") {
        return true;
    }
    let hypothetical = draft.assertion == Some(Assertion::Hypothetical);
    let instructed = sheet.is_under(draft.span.start, &["sec.sec_instructions"]);
    let threshold = reading.condition.is_some()
        && (draft.concept.is("lab") || (draft.concept.is("bio") && draft.value != Value::None));
    !(is_taken_back(sheet, draft)
        || is_guarded_against(sheet, draft)
        || (is_state(draft) && is_reason_to_come(sheet, draft))
        || (is_state(draft) && is_standing_order(sheet, draft.name))
        || is_unrelated(sheet, draft)
        || is_treated_in_error(sheet, draft)
        || is_denied_of_a_part(sheet, draft)
        || is_harmless_uptake(sheet, draft)
        || draft.rule == "transformation.stated" && is_in_question(sheet, draft)
        || reading.criterion
        || inverted::is_demanded(sheet, draft)
        || !matches!(draft.concept.kind(), "reg" | "drug" | "test" | "hist")
            && inverted::is_condition(sheet, draft)
        || sheet.is_under(draft.span.start, &["sec.sec_criteria"])
        || (is_state(draft) && (hypothetical || instructed || reading.condition.is_some()))
        || threshold)
}

/// `发热或淋巴结再次肿大随诊`, `出现皮疹、腹泻及时就诊`: what would bring the patient back has not happened.
fn is_reason_to_come(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 16;
    let after = sheet.after(draft.name.end, REACH);
    let text = &sheet.stream.lower[after.start..after.end];
    let clause = text.split(|of| matches!(of, ',' | ';' | '。')).next().unwrap_or_default();
    contains_any(
        &sheet.stream,
        clause,
        words![
            "随诊",
            "及时就诊",
            "及时就医",
            "随时就诊",
            "立即就诊",
            "立即就医",
            "及时返院",
            "随时返院",
            "立即返院",
            "及时来院",
            "随时来院",
            "尽快就诊"
        ],
    ) && !contains_any(&sheet.stream, clause, words!["后", "已", "因", "定期", "好转", "缓解", "消退"])
}

/// `皮疹与CRS无关`, `今新发DLBCL,与胃癌无关`: what something has nothing to do with is not told of itself.
fn is_unrelated(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const BEFORE: usize = 10;
    let stream = &sheet.stream;
    let apart = stream.reads_any(
        draft.name.end,
        words!["无关", "无明显关系", "无直接关系", "无明确关系", "关系不大", "并无关系", "没有关系"],
    );
    let before = sheet.before(draft.name.start, BEFORE);
    let text = &stream.lower[before.start..before.end];
    let clause = text.rsplit(|of| matches!(of, ',' | ';' | '。')).next().unwrap_or_default();
    is_state(draft) && apart && contains_any(stream, clause, words!["与", "和", "跟", "同"])
}

/// `误诊为结核,抗结核治疗3月无效`, `诊断性抗结核`: treatment against what the patient has not, or may not have.
fn is_treated_in_error(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    if !sheet.stream.reads_back_any(draft.name.start, words!["抗"]) {
        return false;
    }
    // `无抗结核治疗史`: the treatment is denied, not the illness.
    if is_state(draft) && draft.assertion == Some(Assertion::Negated) {
        return true;
    }
    let before = sheet.before(draft.name.start, 60);
    contains_any(&sheet.stream, &sheet.stream.lower[before.start..before.end], words!["误诊", "误认", "误判"])
        || sheet.stream.reads_back_any(
            draft.name.start,
            words!["诊断性抗", "试验性抗", "预防性抗", "预防抗", "经验性抗"],
        )
}

/// `前面发的“CD5阳”打错了`, "(that was a typo)": what the writer takes back.
fn is_taken_back(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const BESIDE: usize = 18;
    let after = sheet.after(draft.span.end, BESIDE);
    let text = &sheet.stream.lower[after.start..after.end];
    let quoted =
        text.iter().take_while(|of| matches!(of, '"' | '”' | '\'' | '’' | '」' | ')' | ' ' | '是')).count();
    starts_with_any(&sheet.stream, &text[quoted..], TAKEN_BACK)
}

fn is_virus(draft: &Draft) -> bool {
    matches!(draft.concept.as_str(), "com.hepatitis_b" | "find.hcv_inf" | "find.hiv_inf" | "find.syphilis")
}

/// "Hep B/C/HIV neg", "Hep B, Hep C, HIV - all non-reactive": one result of a list of viruses and their tests, with nothing
/// else between the name and the result.
fn shares_denial(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 64;
    if !is_virus(draft) {
        return false;
    }
    let sentence = sheet.sentence(draft.name.start);
    let end = sentence.end.min(draft.name.end + REACH).max(draft.name.end);
    let rest = sheet.stream.lower_text(Span::new(draft.name.end, end));
    // "Known hepatitis B, HIV and HCV negative, on entecavir": that one she has.
    let lead = sheet.stream.lower_text(Span::new(sentence.start, draft.name.start)).trim();
    let label = lead.rsplit([' ', ':']).find(|word| !word.is_empty()).unwrap_or_default();
    let known = !(is_named_only(lead)
        || matches!(
            label,
            "serology" | "serologies" | "virology" | "screen" | "screening" | "viral" | "hep" | "hepatitis"
        )
        || sheet.stream.text_ends(lead, words!["virus screen", "for"]));
    let treated = sheet.says(sentence, words!["entecavir", "tenofovir", "lamivudine", "antiviral"]);
    if known || treated {
        return false;
    }
    let mut words =
        rest.split([' ', ',', '/', '&', ':', '-', '+', '\t']).filter(|word| !word.is_empty()).peekable();
    let mut listed = false;
    loop {
        let Some(word) = words.next() else { return false };
        let word = word.trim_end_matches(['.', ';', '\n']);
        match word {
            "b" | "c" | "d" | "e" | "hep" | "hepatitis" | "hbv" | "hcv" | "hiv" | "syphilis" | "htlv"
            | "1" | "2" | "s" | "ag" | "core" | "surface" | "ab" | "abs" | "antigen" | "antibody"
            | "antibodies" => listed = true,
            "and" | "or" | "all" | "both" | "were" | "are" | "is" | "was" | "serology" | "screen"
            | "tests" => {}
            "neg" | "negative" | "nonreactive" => return listed,
            "non" => return listed && words.peek().is_some_and(|of| of.starts_with("reactive")),
            "not" => {
                return listed
                    && words
                        .peek()
                        .is_some_and(|of| of.starts_with("detected") || of.starts_with("reactive"));
            }
            _ => return false,
        }
    }
}

/// "Hep B, Hep C, HIV": nothing but the names of viruses stands before.
fn is_named_only(lead: &str) -> bool {
    lead.split([' ', ',', '/', '&']).filter(|word| !word.is_empty()).all(|word| {
        matches!(
            word,
            "hep" | "hepatitis" | "b" | "c" | "hbv" | "hcv" | "hiv" | "and" | "serology:" | "virology:"
        )
    })
}

/// "Immunised against hepatitis B": what somebody is guarded against they need not have.
fn is_guarded_against(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 40;
    let before = sheet.before(draft.name.start, REACH);
    let text = &sheet.stream.lower[before.start..before.end];
    matches!(draft.concept.kind(), "com" | "find")
        && ends_with_any(&sheet.stream, text, words!["against ", "against the "])
        && contains_any(&sheet.stream, text, words!["immunis", "immuniz", "vaccin", "protected", "prophyla"])
}

/// Whether an illness, a complaint or what is the patient's own is called a concern.
fn is_worry(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> bool {
    let lower = &sheet.stream.lower;
    let worries = reading
        .cues
        .iter()
        .any(|cue| contains_any(&sheet.stream, &lower[cue.start..cue.end], words!["a concern", "a worry"]));
    let before = sheet.before(draft.name.start, 12);
    let own = ends_with_any(
        &sheet.stream,
        &lower[before.start..before.end],
        words![
            "known ",
            "his ",
            "her ",
            "the ",
            "active ",
            "persistent ",
            "residual ",
            "established ",
            "progressive "
        ],
    );
    worries && (own || matches!(draft.concept.kind(), "com" | "sym" | "hist"))
}

fn is_uncertain_future(reading: &Reading) -> bool {
    reading.condition.is_some() || reading.feared || reading.criterion
}

fn is_therapy(draft: &Draft) -> bool {
    matches!(draft.concept.kind(), "reg" | "drug")
}

/// A result is waited for, an examination or a treatment is planned until it is done, or decided against.
fn status(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> Option<&'static str> {
    let says = |words: &List| {
        reading
            .cues
            .iter()
            .any(|cue| contains_any(&sheet.stream, &sheet.stream.lower[cue.start..cue.end], words))
    };
    match draft.assertion {
        Some(Assertion::Hypothetical) if !can_be_planned(draft) => None,
        Some(Assertion::Hypothetical) if !is_done(draft) => Some("pending"),
        Some(Assertion::Hypothetical) if draft.concept.is("test") && says(AWAITED) => Some("pending"),
        Some(Assertion::Hypothetical) => Some("planned"),
        Some(Assertion::Negated) if is_therapy(draft) && says(DECIDED_AGAINST) => Some("not_planned"),
        _ => None,
    }
}

/// What is done to a patient, on purpose.
fn is_done(draft: &Draft) -> bool {
    matches!(draft.concept.kind(), "reg" | "drug" | "test")
}

fn can_be_planned(draft: &Draft) -> bool {
    matches!(draft.concept.kind(), "reg" | "drug" | "test" | "lab" | "bio")
}

/// A state or an event: it is so or not, and cannot be planned.
fn is_state(draft: &Draft) -> bool {
    matches!(draft.concept.kind(), "find" | "sym" | "com" | "site" | "event")
}

/// "So is he double hit or not?", `是不是复发了?`: what the clause of a question asks is not told.
fn is_in_question(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    if !matches!(draft.concept.kind(), "hist" | "find" | "com") || draft.rule.starts_with("score") {
        return false;
    }
    let sentence = sheet.sentence(draft.name.start);
    let lower = &sheet.stream.lower;
    let asks = |at: usize| matches!(lower.get(at), Some('?'));
    let stops = |of: char| matches!(of, ',' | ';' | ':' | '。' | '\n');
    let before = Span::new(sentence.start, draft.name.start);
    let begin = sheet.stream.signs_in(before, stops).next_back().map_or(sentence.start, |at| at + 1);
    let behind = Span::new(draft.name.end, sentence.end);
    let end = sheet.stream.first_sign_in(behind, |of| stops(of) || of == '?').unwrap_or(sentence.end);
    let clause = trimmed(&lower[begin..end.min(lower.len()).max(begin)]);
    let clause = ["so ", "and ", "but ", "then ", "or "]
        .iter()
        .find(|word| clause.len() >= word.len() && word.chars().eq(clause[..word.len()].iter().copied()))
        .map_or(clause, |word| &clause[word.len()..]);
    let english = asks(end)
        && starts_with_any(&sheet.stream, clause, IN_QUESTION_AUXILIARIES)
        && !ends_with_any(&sheet.stream, &lower[begin..draft.name.start], IN_QUESTION_TOLD);
    let ahead = &lower[begin..draft.name.start];
    let chinese =
        contains_any(&sheet.stream, ahead, words!["是不是", "会不会是", "是否为", "算不算", "到底是"])
            || ends_with_any(&sheet.stream, clause, words!["吗", "么", "吧"])
                && contains_any(&sheet.stream, ahead, words!["是", "算"]);
    // "Clinical question on request: transformation of FL?"
    let label = trimmed(&lower[sentence.start..begin]);
    let requested = asks(end) && contains_any(&sheet.stream, label, words!["question"]);
    english || chinese || requested
}

/// "evidence of transformation in this follicular lymphoma": a disease that is taken as known.
fn is_given(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const WINDOW: usize = 24;
    let before = sheet.before(draft.name.start, WINDOW);
    let own = words!["her ", "his "];
    let disease = draft.concept.is("hist");
    let text = &sheet.stream.lower[before.start..before.end];
    disease
        && ends_with_any(&sheet.stream, text, GIVEN)
        && !(ends_with_any(&sheet.stream, text, own) && text.len() < 6)
}

/// `肝内结节,考虑淋巴瘤浸润`, "hepatic foci, ?involvement": a place whose finding is explained with doubt.
fn is_interpreted(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const WINDOW: usize = 60;
    if !draft.concept.is("site") {
        return false;
    }
    let after = sheet.after(draft.name.end, WINDOW);
    let text = &sheet.stream.lower[after.start..after.end];
    let end = text.iter().position(|of| matches!(of, ',' | ';')).unwrap_or(text.len());
    let clause = &text[..end];
    if contains_any(&sheet.stream, clause, words!["未见", "无", "no ", "not ", "normal", "正常", "不大"])
    {
        return false;
    }
    // `脾脏受累,考虑淋巴瘤复发`: the place is involved; what follows says by what.
    let involved =
        contains_any(&sheet.stream, clause, words!["受累", "受侵", "被侵犯", "is involved", "are involved"]);
    let mut next = trimmed(text.get(end + 1..).unwrap_or_default());
    // `局灶性代谢增高,SUVmax 5.1,肿瘤浸润与退变待鉴别`: the measure stands between.
    if starts_with_any(&sheet.stream, next, words!["suv", "大小", "最大径", "直径", "长径", "约"])
        || next.first().is_some_and(char::is_ascii_digit)
    {
        let measure = next.iter().position(|of| matches!(of, ',' | ';')).map_or(next.len(), |at| at + 1);
        next = trimmed(&next[measure..]);
    }
    contains_any(&sheet.stream, clause, INTERPRETED_RAISES) || !involved && doubts(sheet, next)
}

/// The next clause doubts whether it is the disease.
fn doubts(sheet: &Sheet<'_>, next: &[char]) -> bool {
    let end = next.iter().position(|of| matches!(of, ',' | ';')).unwrap_or(next.len());
    let doubt = &next[..end];
    let between = contains_any(&sheet.stream, doubt, DOUBTS_BETWEEN);
    let elsewhere = contains_any(&sheet.stream, doubt, DOUBTS_ELSEWHERE);
    let english = starts_with_any(&sheet.stream, doubt, DOUBTS_BEGINS)
        || contains_any(&sheet.stream, doubt, words!["cannot be excluded", "not excluded"]);
    let disease = contains_any(&sheet.stream, doubt, DOUBTS_DISEASE);
    let chinese = contains_any(&sheet.stream, doubt, DOUBTS_CHINESE);
    between || (!elsewhere && (english || (chinese && disease)))
}

/// A drug with its dose, or one to go on with, is being taken: `继续恩替卡韦0.5mg`.
fn is_prescribed(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let after = sheet.after(draft.name.end, 12);
    let after = &sheet.stream.lower[after.start..after.end];
    let before = sheet.before(draft.name.start, 12);
    let before = &sheet.stream.lower[before.start..before.end];
    let near = &before[before.len().saturating_sub(9)..];
    let dosed = after.first().is_some_and(|of| *of == ' ' || of.is_ascii_digit())
        && contains_any(&sheet.stream, after, words!["mg"])
        && after.iter().any(char::is_ascii_digit);
    let under_plan = sheet.is_under(draft.span.start, &["sec.sec_plan"]);
    draft.concept.is("drug")
        && ((dosed && under_plan) || contains_any(&sheet.stream, near, words!["继续", "continue"]))
}

/// Whether nobody else is spoken of.
pub(super) fn is_of_patient(draft: &Draft) -> bool {
    draft.experiencer.is_none_or(|of| of == Experiencer::Patient)
}
