//! Of whom a draft is told: the patient, a relative, a donor, somebody else.
//!
//! ## Reads
//! Experiencer cues and the family history's heading. In a message the relative written about is the patient: the
//! first one named, unless the writer speaks of their own illness. "His mum", "our father", `我爷爷` beside them are family.
//!
//! ## Leaves alone
//! Treatments of donors: what is given of a donor is given to the patient.

use super::{
    kin::{self, Kin},
    reporter, writer,
};
use crate::{
    assertion::{Reading, contains_any, ends_with_any, says_any},
    draft::Draft,
    sheet::Sheet,
    stream::{Span, Stream},
    vocabulary::person::{CHILD_BEHIND, DONATES_TO_WRITER, FORMER, NOT_ME, OWN_WORDS, TRADES},
    words::{Place, words},
};
use cartulary_model::{Assertion, Experiencer};

/// Who writes, as far as it tells the patient's sex.
pub(crate) enum Written {
    /// A relative of the patient, with the word that tells the sex if one does; or the patient, of whom none does.
    By(Option<(Span, &'static str)>),
    /// Somebody else, or it is no message.
    Elsewhere,
}

/// The word for the relative a message is written for, and the sex that it tells.
pub(crate) fn patient_relative(sheet: &Sheet<'_>) -> Written {
    match Told::new(sheet) {
        Told::Relative(row) => Written::By(word_for_relative(sheet, row)),
        Told::Writer => Written::By(None),
        Told::Record | Told::Acquaintance(_) => Written::Elsewhere,
    }
}

fn word_for_relative(sheet: &Sheet<'_>, kin: Kin) -> Option<(Span, &'static str)> {
    let stream = &sheet.stream;
    let sex = kin.sex()?;
    let at = kin::places(stream)
        .into_iter()
        .find(|at| kin::at(stream, *at) == Some(kin) && !is_of_another(stream, *at))?;
    let end =
        stream.words_at(at, kin::WORDS).filter(|of| kin::WORDS.code(*of) == kin).map(|of| of.end()).max()?;
    let own = stream.reads_back(at, "my ").or_else(|| stream.reads_back(at, "our "));
    let begin = own.unwrap_or(at);
    // "Dad is 77", "Good morning, father refuses"; not "brother of the patient here", "Mrs Green's husband", "the wife".
    let opens = !stream.reads_back_any(
        at,
        words!["the ", "'s ", "’s ", "a ", "an ", "her ", "his ", "their ", "twin ", "of "],
    ) && !stream
        .reads_any(end, words![" of ", " here", " speaking", " writing", " rang", " called", ":"]);
    let latin = stream.at(at).is_ascii();
    if latin && own.is_none() && !opens {
        return None;
    }
    // "My sister's boy": the child is written about.
    let child = stream.reads_any(end, CHILD_BEHIND);
    (!child && !is_former(stream, at)).then_some((Span::new(begin, end), sex))
}

/// Who the patient of a message is.
pub(crate) enum Told {
    /// The document is no message: relatives are relatives.
    Record,
    /// The writer is the patient, or names no relative.
    Writer,
    /// This relative is the patient.
    Relative(Kin),
    /// Asked for a friend: their relative, or the friend, is the patient.
    Acquaintance(Option<Kin>),
}

impl Told {
    pub(crate) fn new(sheet: &Sheet<'_>) -> Self {
        let stream = &sheet.stream;
        if !sheet.is_kind(&["sec.doc_message"]) && !opens_with_own_kin(stream) {
            return Self::Record;
        }
        let whole = Span::new(0, stream.len());
        let kin = |at: &usize| {
            let at = *at;
            kin::at(stream, at)
                .filter(|_| {
                    !(is_of_another(stream, at)
                        || is_sender(stream, at)
                        || signs_in_bracket(stream, at)
                        || is_late(stream, at))
                })
                .map(|kin| (at, kin))
        };
        let named = stream.words_beginning(whole, words!["患者是我", "病人是我", "patient is my "]).next();
        let places = kin::places(stream);
        if let Some(friend) = asked_for(stream) {
            let theirs = places.iter().filter(|at| **at > friend).find_map(|at| kin::at(stream, *at));
            return Self::Acquaintance(theirs);
        }
        let first = named.map(|of| of.start()).and_then(|from| {
            let from = places.partition_point(|at| *at < from)..places.partition_point(|at| *at < from + 20);
            places[from].iter().find_map(kin)
        });
        let all = || places.iter().filter_map(kin);
        let first = first.or_else(|| all().find(|(at, _)| !is_former(stream, *at))).or_else(|| all().next());
        // `是替我老公问的`, `问的是我老婆`: the relative is asked for.
        let asked = words!["替我", "帮我", "代我", "为我", "给我", "问的是我", "说的是我"];
        let for_kin = |at: &usize| stream.reads_back_any(*at, asked);
        let not_me = stream.words_beginning(whole, NOT_ME).next().is_some()
            || places
                .iter()
                .any(|at| for_kin(at) && contains_any(stream, &stream.lower, words!["问", "咨询"]));
        // "I'm a nurse so in short: 67F, my sister": what the writer does for a living.
        let trade = |of: &Place| {
            let end = stream.words_at(of.start(), OWN_WORDS).map(|of| of.end()).max().unwrap_or(of.end());
            let sentence = sheet.sentence(of.start());
            let relative = (end..sentence.end)
                .find(|at| stream.reads_back(*at, "my ").is_some() && kin::at(stream, *at).is_some());
            // "I am a GP with follicular lymphoma": the writer's own.
            let own = |kin: usize| {
                let told = Span::new(end, kin);
                sheet.candidates_in(told).iter().any(|of| of.hit.concept.is("hist"))
                    || stream.words_in(told, words!["diagnosed", " i "]).next().is_some()
            };
            stream.reads_any(end, TRADES) && relative.is_some_and(|kin| !own(kin))
        };
        let own = stream.words_beginning(whole, OWN_WORDS).find(|of| !trade(of)).map(|of| of.start());
        let writer = own.filter(|_| !not_me);
        // `我儿子给我配上型了`: the relative is the writer's donor.
        if stream.words_beginning(whole, DONATES_TO_WRITER).next().is_some() {
            return Self::Writer;
        }
        if tells_own_lymphoma(sheet) {
            return Self::Writer;
        }
        match (first, writer) {
            (Some((at, _)), Some(own)) if own < at => Self::Writer,
            (Some((_, kin)), _) => Self::Relative(kin),
            (None, _) => Self::Writer,
        }
    }
}

/// "My mother had breast cancer. I have DLBCL since 2021": the writer's own lymphoma, whoever is named first.
fn tells_own_lymphoma(sheet: &Sheet<'_>) -> bool {
    const OBJECT: usize = 24;
    let stream = &sheet.stream;
    stream
        .words_in(
            Span::new(0, stream.len()),
            words![
                "i have ",
                "i've got ",
                "i was diagnosed with ",
                "我是",
                "我得了",
                "我患",
                "我确诊",
                "我查出"
            ],
        )
        .any(|of| {
            let begins = of.start() == 0 || !stream.at(of.start() - 1).is_alphanumeric();
            let object =
                Span::new(of.end(), sheet.sentence(of.start()).end.min(of.end() + OBJECT).max(of.end()));
            let kin = (object.start..object.end).any(|at| kin::at(stream, at).is_some());
            begins && !kin && sheet.candidates_in(object).iter().any(|of| of.hit.concept.is("hist"))
        })
}

/// "Namaste sir, my father age 67 has lymphoma", "writing for my husband": only a relative writes so, on whatever paper.
fn opens_with_own_kin(stream: &Stream) -> bool {
    const OPENING: usize = 80;
    let opening = Span::new(0, stream.len().min(OPENING));
    stream.words_in(opening, words!["my "]).any(|of| {
        let begins = of.start() == 0 || !stream.at(of.start() - 1).is_alphanumeric();
        begins && kin::at(stream, of.end()).is_some()
    })
}

/// `我帮我同事问的`, `帮朋友问`: where the friend is named for whom the writer asks.
fn asked_for(stream: &Stream) -> Option<usize> {
    const REACH: usize = 8;
    let friends = words![
        "同事", "朋友", "同学", "邻居", "亲戚", "闺蜜", "老乡", "病友", "老师", "领导", "网友", "战友"
    ];
    stream.words_in(Span::new(0, stream.len()), friends).map(|of| of.span()).find_map(|of| {
        let before = &stream.lower[of.start.saturating_sub(REACH)..of.start];
        let clause = before.iter().rposition(|of| matches!(of, ',' | '。' | ';')).map_or(0, |at| at + 1);
        let after = &stream.lower[of.end..(of.end + REACH).min(stream.len())];
        let asks = contains_any(stream, &before[clause..], words!["帮", "替", "代", "为", "给"])
            && contains_any(stream, after, words!["问", "咨询", "看看", "打听", "求助"]);
        asks.then_some(of.start)
    })
}

/// `[21:14] 女儿: 您好`: the name of who writes, at the head of a message.
fn is_sender(stream: &Stream, at: usize) -> bool {
    let before = stream.lower[..at].iter().rev().find(|of| **of != ' ');
    let heads = before.is_none_or(|of| matches!(of, ']' | '\n' | '\t'));
    let closes = |of: &Place| stream.lower.get(of.end()) == Some(&':');
    heads && stream.words_at(at, kin::WORDS).any(|of| closes(&of))
}

/// "It's Karen again (daughter)": who writes, in a bracket of its own; "the donor (brother)" is told of.
fn signs_in_bracket(stream: &Stream, at: usize) -> bool {
    let opened = at > 0 && stream.at(at - 1) == '(';
    let closes = |of: &Place| stream.lower.get(of.end()) == Some(&')');
    opened && stream.words_at(at, kin::WORDS).any(|of| closes(&of))
}

/// `我奶奶当年就是淋巴瘤走的,现在我爸…`: a relative of whom an old illness or a death is told is not written about.
fn is_former(stream: &Stream, at: usize) -> bool {
    let text = &stream.lower;
    let end =
        (at..text.len()).find(|of| matches!(text[*of], ',' | '。' | ';' | '.' | '\n')).unwrap_or(text.len());
    // `得结核的是他岳父`, "father-in-law is the one with the TB": somebody else is told apart.
    let before = &text[at.saturating_sub(4)..at];
    let apart = ends_with_any(stream, before, words!["的是", "的是他", "的是她", "的是我"]);
    apart || contains_any(stream, &text[at..end], FORMER)
}

/// "my late wife", "somebody's uncle": dead, or of people who have nothing to do with the patient.
fn is_late(stream: &Stream, at: usize) -> bool {
    stream.reads_back_any(
        at,
        words![
            "late ",
            "deceased ",
            "somebody's ",
            "someone's ",
            "ex-",
            "former ",
            "neighbour's ",
            "friend's ",
            "已故"
        ],
    )
}

/// "his brother", `他哥哥`: a relative of the one who is written about.
fn is_of_another(stream: &Stream, at: usize) -> bool {
    const POSSESSIVE: usize = 6;
    let before = &stream.lower[at.saturating_sub(POSSESSIVE)..at];
    says_any(stream, before, words!["his", "her", "their"])
        // `小苏(患者女儿):` signs a message.
        || ends_with_any(stream, before, words!["他", "她", "他的", "她的", "其", "患者", "病人", "患者的", "病人的"])
        || stream.reads_back_any(at, words!["patient's ", "patient’s ", "pt's ", "pts "])
        || kin::is_of_one(stream, at)
}

/// The person a draft is told of.
pub(crate) fn experiencer(sheet: &Sheet<'_>, told: &Told, draft: &Draft, reading: &Reading) -> Experiencer {
    let sentence = sheet.sentence(draft.name.start);
    let before = &sheet.stream.lower[sentence.start..draft.name.start];
    let own = is_of_writer_in_chinese(sheet, draft, before) || writer::is_told_as_writers(sheet, draft);
    if matches!(told, Told::Relative(_)) && own {
        return Experiencer::Family;
    }
    let family_section = sheet.is_under(draft.span.start, &["sec.sec_family"]);
    match reading.experiencer {
        Experiencer::Donor
            if matches!(draft.concept.kind(), "reg" | "drug" | "site")
                || draft.rule.starts_with("response")
                || draft.rule.starts_with("stage") =>
        {
            Experiencer::Patient
        }
        Experiencer::Donor | Experiencer::Family if is_of_recipient(sheet, draft) => Experiencer::Patient,
        Experiencer::Other | Experiencer::Donor if matches!(told, Told::Acquaintance(_)) => {
            Experiencer::Patient
        }
        Experiencer::Family => match (told, reading.told_of) {
            (Told::Acquaintance(Some(kin)), Some(cue)) if names_kin(sheet, *kin, cue) => Experiencer::Patient,
            (Told::Relative(_), Some(cue))
                if is_sender(&sheet.stream, cue.start)
                    || (cue.start..cue.end).any(|at| writer::signs_as_kin_of_patient(&sheet.stream, at)) =>
            {
                Experiencer::Patient
            }
            (Told::Relative(kin), Some(cue)) if is_patient(sheet, *kin, cue) => Experiencer::Patient,
            (Told::Relative(kin), Some(cue)) if turns_back_by_pronoun(sheet, *kin, cue, draft.name.start) => {
                Experiencer::Patient
            }
            (_, Some(cue)) if is_of_main_clause(sheet, cue, draft.name.start) => Experiencer::Patient,
            (_, Some(cue)) if is_reported_by_kin(sheet, cue, draft) => Experiencer::Patient,
            _ => Experiencer::Family,
        },
        Experiencer::Patient if writer::is_of_another_patient(sheet, draft) => Experiencer::Other,
        Experiencer::Patient if writer::is_on_paper_of_kin(sheet, draft) => Experiencer::Family,
        Experiencer::Patient
            if is_of_writer(sheet, draft)
                && (matches!(told, Told::Relative(_)) || writer::is_relative(sheet)) =>
        {
            Experiencer::Family
        }
        Experiencer::Patient if matches!(told, Told::Writer) && is_of_kin_in_bracket(sheet, draft) => {
            Experiencer::Family
        }
        Experiencer::Patient
            if reading.assertion != Assertion::Negated && is_said_of_kin(sheet, told, draft) =>
        {
            Experiencer::Family
        }
        Experiencer::Patient if family_section && !reading.of_patient => Experiencer::Family,
        other => other,
    }
}

/// "Unrelated donor SCT for relapsed MCL, cGVHD of the skin": what was transplanted for, and the graft's disease, are the
/// patient's, whoever gave the graft.
fn is_of_recipient(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(draft.name.start);
    let before = Span::new(sentence.start, draft.name.start.max(sentence.start));
    let given =
        words!["donor", "from her ", "from his ", "from a ", "from an ", "from the ", "haplo", "sibling"];
    // "His father had a transplant for lymphoma": his own.
    let grafted = stream.words_in(before, words!["transplant", "sct", "graft"]).next().is_some()
        && stream.words_in(before, given).next().is_some();
    let treated = words![
        "for ",
        "for relapsed ",
        "for refractory ",
        "for his ",
        "for her ",
        "for r/r ",
        "for transformed "
    ];
    draft.concept.as_str() == "find.gvhd" && (grafted || before.is_empty())
        || grafted && draft.concept.is("hist") && stream.reads_back_any(draft.name.start, treated)
}

/// "Those two papers were my mum's (she has MCL)" in a message of the patient's own: the bracket is about the relative.
fn is_of_kin_in_bracket(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 40;
    const KIN_REACH: usize = 16;
    let stream = &sheet.stream;
    let from = sheet.sentence(draft.name.start).start.max(draft.name.start.saturating_sub(REACH));
    let open = (from..draft.name.start).rev().find(|at| matches!(stream.at(*at), '(' | ')'));
    let Some(open) = open.filter(|at| stream.at(*at) == '(') else { return false };
    let told = stream
        .reads_any(open + 1, words!["she has ", "he has ", "she had ", "he had ", "who has ", "who had "]);
    told && (open.saturating_sub(KIN_REACH)..open).any(|at| kin::at(stream, at).is_some())
}

/// "the sulfa allergy on the old chart is her husband's", "hepatitis B, that was my late wife", `乙肝是我老公有`: whose it is stands
/// behind it.
fn is_said_of_kin(sheet: &Sheet<'_>, told: &Told, draft: &Draft) -> bool {
    const REACH: usize = 56;
    let allergy = draft.rule.starts_with("allergy");
    if draft.concept.kind() != "com" && !allergy {
        return false;
    }
    let stream = &sheet.stream;
    // `青霉素过敏的是我不是她`: in a relative's message.
    if matches!(told, Told::Relative(_))
        && stream.reads_any(draft.span.end, words!["的是我", "的人是我", "是我不是"])
    {
        return true;
    }
    let behind = sheet.after(draft.name.end, REACH);
    let stops = |of: char| matches!(of, ';' | '。' | '?');
    let end = stream.first_sign_in(behind, stops).unwrap_or(behind.end);
    let other = |at: usize| {
        kin::at(stream, at)
            .filter(|kin| !matches!(told, Told::Relative(of) if of == kin) || is_of_another(stream, at))
    };
    let owned = words![
        " is her ",
        " is his ",
        " is my ",
        " was her ",
        " was his ",
        " was my ",
        " belongs to her ",
        " belongs to his "
    ];
    let possessive = stream.words_in(Span::new(behind.start, end), owned).any(|of| {
        let that = stream.reads_back_any(of.start(), words!["that", "it"]);
        let at = of.end() + 5 * usize::from(stream.reads(of.end(), "late "));
        let belongs = stream.reads(of.start(), " belongs");
        other(at).is_some()
            && (that
                || belongs
                || stream.words_at(at, kin::WORDS).any(|of| stream.reads_any(of.end(), words!["'s", "’s"])))
    });
    let chinese =
        stream.words_at(draft.name.end, words!["是我", "是他", "是她"]).next_back().is_some_and(|of| {
            other(of.end()).is_some()
                && stream
                    .words_at(of.end(), kin::WORDS)
                    .any(|of| stream.reads_any(of.end(), words!["有", "得", "的", "患"]))
        });
    possessive || chinese
}

/// "I had lymphoma myself" in a message about somebody else.
fn is_of_writer(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(draft.name.start);
    let before = Span::new(sentence.start, draft.name.start.max(sentence.start));
    let told = words![
        "i had ",
        "i have ",
        "i also had ",
        "i also have ",
        "i myself had ",
        "i myself have ",
        "i'm ",
        "i am "
    ];
    let begins = |of: &Place| of.start() == 0 || !stream.at(of.start() - 1).is_alphanumeric();
    let own = stream.words_in(before, told).rev().find(begins).is_some_and(|of| {
        let whole = &stream.lower[sentence.start..sentence.end];
        // "I had breast cancer myself, would he qualify for axi-cel": the relative again.
        let between = &stream.lower[of.end()..draft.name.start.max(of.end())];
        says_any(stream, whole, words!["myself", "also", "too"])
            && !says_any(
                stream,
                between,
                words!["he", "she", "him", "her", "his", "hers", "it's", "it’s", "it is", "who has"],
            )
    });
    own || is_of_writer_in_chinese(sheet, draft, &stream.lower[before.start..before.end])
}

/// `我自己有乙肝,是替我老公问的`: of the writer until the clause ends or a relative is named.
fn is_of_writer_in_chinese(sheet: &Sheet<'_>, draft: &Draft, before: &[char]) -> bool {
    let stream = &sheet.stream;
    let Some(all) = stream.place_of(before) else { return false };
    // `我有淋巴瘤,我妈很担心`: who has the lymphoma is the patient.
    let illness = draft.concept.is("com");
    let told = stream.words_in(all, words!["我自己", "我本人", "我也得过", "我也有"]).next_back();
    let has = stream.words_in(all, words!["我有", "我患有", "我本身有"]).next_back().filter(|_| illness);
    let Some(own) = told.or(has).map(|of| of.span()) else { return false };
    let heads =
        own.start == all.start || matches!(stream.at(own.start - 1), ',' | ';' | '。' | ' ' | '但' | '\n');
    let behind = Span::new(own.end, all.end);
    let relative = (behind.start..behind.end).any(|at| kin::at(stream, at).is_some());
    heads && !relative && !(behind.start..behind.end).any(|at| matches!(stream.at(at), ',' | ';' | '。'))
}

/// "Writing for my husband. My own mother died of lymphoma - he has mantle cell": the pronoun fits the patient, not the
/// relative it stands behind.
fn turns_back_by_pronoun(sheet: &Sheet<'_>, patient: Kin, cue: Span, at: usize) -> bool {
    let relative = (cue.start..cue.end).find_map(|at| kin::at(&sheet.stream, at)).and_then(Kin::sex);
    let (Some(of_patient), Some(of_relative)) = (patient.sex(), relative) else { return false };
    if of_patient == of_relative || at < cue.end {
        return false;
    }
    let pronouns = if of_patient == "male" {
        words![", he ", "- he ", "; he ", " but he ", " and he ", ". he ", " his is ", " he has "]
    } else {
        words![", she ", "- she ", "; she ", " but she ", " and she ", ". she ", " hers is ", " she has "]
    };
    sheet.stream.words_in(Span::new(cue.end, at), pronouns).next().is_some()
}

/// "This woman, whose aunt died of CLL, has NMZL": the clause on the relatives is over.
fn is_of_main_clause(sheet: &Sheet<'_>, cue: Span, at: usize) -> bool {
    const LEAD: usize = 12;
    let text = &sheet.stream.lower;
    if at < cue.end
        || !contains_any(&sheet.stream, &text[cue.start.saturating_sub(LEAD)..cue.start], words!["whose "])
    {
        return false;
    }
    contains_any(
        &sheet.stream,
        &text[cue.end..at],
        words![", has ", ", is ", ", was ", ", presents ", ", presented "],
    )
}

/// "Son says she had seizures": the relative only tells; of a symptom also where the pronoun fits both.
fn is_reported_by_kin(sheet: &Sheet<'_>, cue: Span, draft: &Draft) -> bool {
    let kin = (cue.start..cue.end).find_map(|at| kin::at(&sheet.stream, at));
    let sex = kin.and_then(Kin::sex);
    let told = |sex| reporter::tells_of_patient(sheet, cue, sex, draft.name.start);
    // "Her daughter says she had night sweats"; of "his wife reports she had a fever" she has it herself.
    let whose = |word: &str| {
        sheet.stream.reads_back(cue.start, word).is_some() || sheet.stream.reads(cue.start, word)
    };
    let own = whose("her ") && told(Some("male")) || whose("his ") && told(Some("female"));
    kin.is_some() && (told(sex) || draft.concept.is("sym") && own)
}

/// Whether the words name the relative of this row, whoever's it is.
fn names_kin(sheet: &Sheet<'_>, kin: Kin, cue: Span) -> bool {
    (cue.start..cue.end).any(|at| kin::at(&sheet.stream, at) == Some(kin))
}

/// "my mother" is the patient a message is about; "his mother" and "our father" are relatives.
fn is_patient(sheet: &Sheet<'_>, patient: Kin, cue: Span) -> bool {
    let stream = &sheet.stream;
    let of_cue = (cue.start..cue.end).find_map(|at| kin::at(stream, at).map(|kin| (at, kin)));
    of_cue.is_some_and(|(at, kin)| kin == patient && !is_of_another(stream, at))
}
