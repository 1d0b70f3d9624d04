//! Which course is named: regimens, drugs that make up a regimen together, transplants, cells by their target.
//!
//! ## Reads
//! `mini-CHOP with rituximab` (one regimen), `Polatuzumab plus BR`, `lenalidomide plus tafasitamab`, `Flu 30/Cy 500`,
//! `移植过一次(我给的骨髓)` (allogeneic), `2021.4.16回输` (an infusion of cells whose product is named before or nowhere).
//!
//! ## Leaves alone
//! A drug the patient is allergic to; a course that only dates another event (`末次R-CHOP后2月复发`); criteria.

use super::words::{says, skip_spaces, stands};
use crate::{
    grammar::Claims,
    sheet::Sheet,
    stream::{BREAK, Hit, Span, is_han},
    vocabulary::assertion::DECIDED_AGAINST,
    vocabulary::therapy::{
        BESIDE_ICE_SCORE, BESIDE_TOXICITY_GRADE, DROP_TIME_REFERENCES_LAST, DROP_UNNAMED_CELLS_ASKED,
        JOINED_FIRM, JOINED_UNDOSED, OF_A_DONOR, OF_ONESELF, OF_TEN, OTHER_SENSE_SCORE, REFUSED, RULED_OUT,
        THERAPY_WORDS, TRANSPLANT_OF_A_KIND_ORGAN,
    },
    words::words,
};
use cartulary_catalogue::Needs;
use cartulary_model::{Assertion, ConceptId};

/// A course as it is named.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) concept: ConceptId,
    pub(super) span: Span,
    /// Courses given together have one number.
    pub(super) group: usize,
}

/// Every course named in the paper, in order.
pub(super) fn names(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Name> {
    let mut hits = hits(sheet, claims);
    hits.dedup_by(|later, earlier| later.span == earlier.span && prefer(sheet, earlier, later));
    let mut names: Vec<Name> = hits
        .into_iter()
        .filter(|hit| !is_other_sense(sheet, hit) && !is_heading_letter(sheet, hit))
        .map(|hit| by_its_list(sheet, hit))
        .flat_map(|hit| transplants(sheet, hit))
        .map(|hit| Name { concept: hit.concept, span: hit.span, group: 0 })
        .collect();
    number_groups(sheet, &mut names);
    let mut names = combined(sheet, names);
    add_infusions(sheet, &mut names);
    drop_unnamed_cells(sheet, &mut names);
    drop_time_references(sheet, &mut names);
    names
}

/// "O/E: no lymphadenopathy" (on examination), "C/O", "F/U": a letter before a slash and another letter is no drug.
fn is_heading_letter(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let single = hit.span.end == hit.span.start + 1;
    single
        && stream.at(hit.span.end) == '/'
        && stream.at(hit.span.end + 1).is_ascii_alphabetic()
        && !stream.at(hit.span.end + 2).is_ascii_alphanumeric()
}

fn hits(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Hit> {
    sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"))
        .filter(|of| {
            of.needs.is_none() || (of.needs == Some(Needs::Therapy) && in_therapy_context(sheet, of.hit.span))
        })
        .map(|of| of.hit.clone())
        .filter(|hit| !claims.has(hit.span))
        .collect()
}

/// Of two regimens with one form the language decides: a Chinese paper's R-CEOP has epirubicin.
fn prefer(sheet: &Sheet<'_>, earlier: &mut Hit, later: &Hit) -> bool {
    if earlier.concept.as_str() == "reg.r_ceop_epi" && later.concept.as_str() == "reg.r_ceop_eto" {
        let chinese = sheet.stream.chars.iter().filter(|of| is_han(**of)).count() * 5 > sheet.stream.len();
        if !chinese {
            earlier.concept = later.concept.clone();
        }
    }
    // 大剂量甲氨蝶呤 is a regimen and a drug: the regimen says more.
    if later.concept.is("reg") && earlier.concept.is("drug") {
        earlier.concept = later.concept.clone();
    }
    true
}

/// `R-CEOP方案(E=依托泊苷)`: the bracket says which of two drugs the letter stands for.
fn by_its_list(sheet: &Sheet<'_>, hit: Hit) -> Hit {
    if !matches!(hit.concept.as_str(), "reg.r_ceop_epi" | "reg.r_ceop_eto") {
        return hit;
    }
    let list = Span::new(hit.span.end, super::period::end_with_list(sheet, hit.span));
    let names = |drug: &str| sheet.candidates_in(list).iter().any(|of| of.hit.concept.as_str() == drug);
    let concept = match (names("drug.etoposide"), names("drug.epirubicin")) {
        (true, false) => "reg.r_ceop_eto",
        (false, true) => "reg.r_ceop_epi",
        _ => return hit,
    };
    Hit { concept: ConceptId::from(concept), span: hit.span }
}

/// Cycles, doses, drugs or a word of treatment nearby.
fn in_therapy_context(sheet: &Sheet<'_>, span: Span) -> bool {
    let around = sheet.before(span.start, 24).to(sheet.after(span.end, 24));
    let beside = || {
        sheet.candidates_in(Span::new(span.start.saturating_sub(70), span.end + 30)).iter().any(|of| {
            of.needs.is_none()
                && (of.hit.concept.is("reg") || of.hit.concept.is("drug"))
                && of.hit.span.start < span.end + 30
                && span.start < of.hit.span.end + 30
                && !of.hit.span.overlaps(span)
        })
    };
    let rays = || {
        let behind = sheet.after(span.end, 14);
        let mut doses = sheet.stream.words_in(behind, words!["gy"]);
        doses.any(|of| (span.end..of.start()).any(|at| sheet.stream.at(at).is_ascii_digit()))
    };
    // "Auto 17.03.22", "auto in May 2021": a day of its own.
    let dated = || sheet.mentions.iter().any(|of| (span.end + 1..=span.end + 5).contains(&of.span.start));
    says(&sheet.stream, around, THERAPY_WORDS)
        || rays()
        || dated()
        || super::count::times(sheet, span.end).is_some()
        || beside()
}

/// `利妥昔单抗过敏`, "allergic to rituximab", a drug in an allergy section: not a treatment.
fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let before = sheet.before(hit.span.start, 14);
    // The ICE score of neurotoxicity.
    let score = hit.concept.as_str() == "reg.r_ice"
        && !stream.reads(hit.span.start, "r")
        && (stream.reads_any(hit.span.end, OTHER_SENSE_SCORE) || is_ice_score(sheet, hit.span));
    // "CRS G2": a grade.
    let graded = hit.span.end - hit.span.start == 2
        && says(
            stream,
            Span::new(hit.span.start.saturating_sub(7), hit.span.start),
            words!["crs", "icans", "ctcae", "gvhd"],
        );
    // `提示对共价BTK抑制剂耐药` in a report on genes: the drug is spoken of, not given.
    let end = [hit.span.end, hit.span.end + 2, hit.span.end + 3]
        .into_iter()
        .find(|at| stream.reads_any(*at, words!["耐药", "敏感", "不敏感", "原发耐药", "获得性耐药", "获益"]));
    let foretold = end.is_some_and(|end| crate::grammar::response::is_foretold(sheet, end));
    // `请放疗科会诊`: a department.
    let department =
        stream.reads_any(hit.span.end, words!["科", "中心", "室"]) && is_han(stream.at(hit.span.end - 1));
    // `单采血小板1个治疗量`, "2 apheresis platelets": a unit of blood.
    let blood = hit.concept.as_str() == "reg.leukapheresis"
        && stream
            .reads_any(hit.span.end, words!["血小板", "血浆", "红细胞", " platelet", " plasma", " unit"]);
    // "renal allograft recipient": an organ, and no cells.
    let organs = words![
        "renal ",
        "kidney ",
        "liver ",
        "hepatic ",
        "heart ",
        "cardiac ",
        "lung ",
        "corneal ",
        "pancreas ",
        "organ "
    ];
    let organ = matches!(hit.concept.as_str(), "reg.allosct" | "reg.asct")
        && stream.reads_back_any(hit.span.start, organs);
    score
        || blood
        || organ
        || department
        || graded
        || is_toxicity_grade(sheet, hit)
        || foretold
        || is_formula(sheet, hit.span)
        || sheet.is_under(hit.span.start, &["sec.sec_allergy"])
        || says(stream, sheet.after(hit.span.end, 5), words!["过敏", " allergy"])
        || says(stream, before, words!["allergic to", "allergy to", "allergies:", "allergy:", "过敏:"])
}

/// `ICE 4/10`, "ICE 3 of 10", and `ICE 7` in a sentence of neurotoxicity or of a day: points, and no regimen.
fn is_ice_score(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    if !stream.is_word(span, "ice") {
        return false;
    }
    let at = (span.end..span.end + 2).find(|at| !matches!(stream.at(*at), ' ' | '=')).unwrap_or(span.end);
    let Some(points) = crate::number::number_at(stream, at) else { return false };
    let fits = points.value.fract() == 0.0 && (0.0..=10.0).contains(&points.value);
    let of_ten =
        stream.words_at(points.span.end, OF_TEN).next().is_some() || stream.at(points.span.end) == '分';
    let sentence = sheet.sentence(span.start);
    // "ICE 3 cycles" is a regimen whatever stands beside it.
    let counted = super::count::times(sheet, span.end).is_some()
        || stream.reads_any(points.span.end, words![" cycle", " course", " x", "x", "程", "周期", "疗程"]);
    let on_day = stream.reads_any(points.span.end, words![" on day", " at day", " on d", " d+"]);
    fits && (of_ten || on_day || !counted && says(stream, sentence, BESIDE_ICE_SCORE))
}

/// "ICANS G1 on D5, then G2 on D6": where a toxicity is told, `G2` without cycles is its grade.
fn is_toxicity_grade(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    stream.is_word(hit.span, "g2")
        && super::count::times(sheet, hit.span.end).is_none()
        && says(
            stream,
            Span::new(hit.span.start.saturating_sub(80), hit.span.start).to(sheet.after(hit.span.end, 40)),
            BESIDE_TOXICITY_GRADE,
        )
}

/// `eGFR (CKD-EPI 2021)`: the formula of a filtration rate and not epirubicin.
fn is_formula(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    stream.lower_text(span) == "epi"
        && (stream.reads_back_any(span.start, words!["ckd-", "ckd ", "ckd_", "ckd"])
            || says(
                stream,
                sheet.before(span.start, 24).to(sheet.after(span.end, 12)),
                words!["gfr", "滤过率"],
            ))
}

/// The transplants that one name speaks of. "No autologous or allogeneic transplant", `无自体或异基因移植史` name two;
/// "no transplant" and `未行移植` deny both.
fn transplants(sheet: &Sheet<'_>, hit: Hit) -> Vec<Hit> {
    if hit.concept.as_str() == "reg.sct_nos" && is_denied_of_every_kind(sheet, hit.span) {
        return ["reg.asct", "reg.allosct"]
            .map(|concept| Hit { concept: ConceptId::from(concept), span: hit.span })
            .to_vec();
    }
    let Some(hit) = transplant_of_a_kind(sheet, hit) else { return Vec::new() };
    let other = coordinated_kind(sheet, &hit);
    other.into_iter().chain([hit]).collect()
}

/// The adjective of another transplant that shares the noun: "autologous or [allogeneic transplant]".
fn coordinated_kind(sheet: &Sheet<'_>, hit: &Hit) -> Option<Hit> {
    let (concept, adjectives) = match hit.concept.as_str() {
        "reg.allosct" => ("reg.asct", words!["autologous", "auto", "自体"]),
        "reg.asct" => ("reg.allosct", words!["allogeneic", "allogenic", "allo", "异基因", "异体"]),
        _ => return None,
    };
    let stream = &sheet.stream;
    let joint =
        words![" or ", " nor ", " and ", " and/or ", "-or ", "/", "或", "和", "及", "与", "、", "以及"];
    stream.words_ending(hit.span.start, joint).find_map(|joint| {
        let adjective = stream.words_ending(joint.start(), adjectives).next()?;
        let begin = adjective.start();
        let whole = is_han(stream.at(begin)) || begin == 0 || !stream.at(begin - 1).is_ascii_alphanumeric();
        whole.then(|| Hit { concept: ConceptId::from(concept), span: adjective.span() })
    })
}

/// "No transplant.", `未行移植`: it was not done, whatever its kind. Not a candidate for one says nothing of the past.
fn is_denied_of_every_kind(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let around = sheet.before(span.start, 40).to(sheet.after(span.end, 30));
    let unkind = !says(stream, around, OF_A_DONOR) && !says(stream, around, OF_ONESELF);
    let other = says(stream, sheet.before(span.start, 10), TRANSPLANT_OF_A_KIND_ORGAN)
        || says(stream, around, DECIDED_AGAINST)
        || says(stream, sheet.before(span.start, 24), REFUSED)
        || stream.reads_any(span.end, words!["物", "前", "术前", "科", "后", "-"]);
    let denied = sheet.modifiers.read(span).assertion == Assertion::Negated
        || stream.reads_back_any(
            span.start,
            words![
                "未",
                "未行",
                "未做过",
                "未做",
                "未曾",
                "没做过",
                "没有做过",
                "从未行",
                "未进行",
                "未接受"
            ],
        );
    denied && unkind && !other
}

/// `移植过一次(我给的骨髓)`: the words around say whose cells they were; unsaid, it is no fact.
fn transplant_of_a_kind(sheet: &Sheet<'_>, hit: Hit) -> Option<Hit> {
    if hit.concept.as_str() != "reg.sct_nos" {
        return Some(hit);
    }
    let stream = &sheet.stream;
    if says(stream, sheet.before(hit.span.start, 10), TRANSPLANT_OF_A_KIND_ORGAN) {
        return None;
    }
    let part = ["物", "前", "术前", "科", "后"];
    if part.iter().any(|word| stands(stream, hit.span.end, word)) {
        return None;
    }
    let around = sheet.before(hit.span.start, 14).to(sheet.after(hit.span.end, 16));
    let of_donor = says(stream, around, OF_A_DONOR);
    let of_oneself = says(stream, around, OF_ONESELF);
    let another =
        sheet.candidates_in(Span::new(around.start.saturating_sub(40), around.end)).iter().any(|of| {
            matches!(of.hit.concept.as_str(), "reg.asct" | "reg.allosct") && of.hit.span.overlaps(around)
        });
    let concept = match (of_donor, of_oneself) {
        (true, false) => "reg.allosct",
        (false, true) => "reg.asct",
        (true, true) | (false, false) => return None,
    };
    (!another).then(|| Hit { concept: ConceptId::from(concept), span: hit.span })
}

/// Courses joined by `+`, `联合`, "plus", or "and" between drugs are given together.
fn number_groups(sheet: &Sheet<'_>, names: &mut [Name]) {
    let mut group = 0;
    for index in 0..names.len() {
        let joined = index > 0 && {
            let (before, after) = (&names[index - 1], &names[index]);
            is_joined(sheet, before, after)
        };
        if !joined {
            group += 1;
        }
        names[index].group = group;
    }
}

fn is_joined(sheet: &Sheet<'_>, before: &Name, after: &Name) -> bool {
    if after.span.start < before.span.end || after.span.start - before.span.end > 30 {
        return false;
    }
    let between = sheet.stream.lower_text(Span::new(before.span.end, after.span.start));
    let drugs = before.concept.is("drug") && after.concept.is("drug");
    let mut undosed = between.to_owned();
    if sheet.stream.text_has(between, JOINED_UNDOSED) {
        undosed = JOINED_UNDOSED.iter().fold(undosed, |text, unit| text.replace(unit, ""));
    }
    let bare: String = undosed
        .chars()
        .filter(|of| !of.is_ascii_digit() && !" ./2^-~()²".contains(*of))
        .collect::<String>()
        .replace("mg", "")
        .replace("方案", "")
        .replace("qd", "");
    let loose = ["and", "和", "及", "与", "/", "", "m/"];
    let glued = before.span.end == after.span.start;
    let dose_days =
        bare.trim_start_matches(['d', ',']) == "联合" || bare.trim_start_matches(['d', ',']) == "+";
    JOINED_FIRM.contains(&bare.as_str())
        || dose_days
        || (between == "-" || between == "/") && (drugs || before.concept.is("drug"))
        || drugs
            && !glued
            && loose.contains(&bare.as_str())
            && !between.trim().is_empty()
            && !between.contains('(')
}

/// Drugs that together are a regimen of their own.
const COMBINATIONS: [(&[&str], &str); 32] = [
    (&["drug.bendamustine", "drug.polatuzumab", "drug.rituximab"], "reg.pola_br"),
    (&["drug.lenalidomide", "drug.rituximab", "drug.tafasitamab"], "reg.tafa_len_r"),
    (&["drug.lenalidomide", "drug.rituximab", "drug.zanubrutinib"], "reg.zr2"),
    (&["drug.bendamustine", "drug.rituximab"], "reg.br"),
    (&["drug.bendamustine", "drug.obinutuzumab"], "reg.gb"),
    (&["drug.lenalidomide", "drug.rituximab"], "reg.r2"),
    (&["drug.polatuzumab", "drug.rituximab"], "reg.pola_r"),
    (&["drug.cyclophosphamide", "drug.fludarabine"], "reg.ld_flucy_300"),
    (&["drug.polatuzumab", "reg.br"], "reg.pola_br"),
    (&["drug.polatuzumab", "reg.r_gdp"], "reg.pola_r_gdp"),
    (&["drug.polatuzumab", "reg.r_gemox"], "reg.pola_r_gemox"),
    (&["drug.polatuzumab", "reg.r_ice"], "reg.pola_r_ice"),
    (&["drug.polatuzumab", "reg.r_dhap"], "reg.pola_r_dhap"),
    (&["drug.polatuzumab", "reg.r_mono"], "reg.pola_r"),
    (&["drug.rituximab", "reg.chop"], "reg.r_chop"),
    (&["drug.rituximab", "reg.mini_chop"], "reg.r_minichop"),
    (&["drug.obinutuzumab", "reg.chop"], "reg.g_chop"),
    (&["drug.obinutuzumab", "reg.mini_chop"], "reg.g_mini_chop"),
    (&["drug.rituximab", "reg.choep"], "reg.r_choep"),
    (&["drug.rituximab", "reg.chop_like"], "reg.r_chop_like"),
    (&["drug.rituximab", "reg.r_gdp"], "reg.r_gdp"),
    (&["drug.rituximab", "reg.r_ice"], "reg.r_ice"),
    (&["drug.rituximab", "reg.r_dhap"], "reg.r_dhap"),
    (&["drug.rituximab", "reg.r_gemox"], "reg.r_gemox"),
    (&["drug.rituximab", "reg.r_hypercvad"], "reg.r_hypercvad"),
    (&["drug.rituximab", "reg.r_epoch"], "reg.r_epoch"),
    (&["drug.obinutuzumab", "reg.r_gemox"], "reg.g_gemox"),
    (&["drug.glofitamab", "reg.r_gemox"], "reg.glofit_gemox"),
    (&["drug.epcoritamab", "reg.r_gemox"], "reg.epco_gemox"),
    (&["drug.chidamide", "reg.r_chop"], "reg.r_chop_tuci"),
    (&["drug.zanubrutinib", "reg.r_chop"], "reg.zr_chop"),
    (&["drug.lenalidomide", "reg.r_chop"], "reg.r2_chop"),
];

/// Joins the drugs of one regimen into it; `Flu 30/Cy 500` is one too.
fn combined(sheet: &Sheet<'_>, names: Vec<Name>) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    let mut index = 0;
    while index < names.len() {
        let taken = (2..=3).rev().find_map(|count| {
            let part = names.get(index..index + count)?;
            let whole = |at: Option<&Name>| {
                at.is_none_or(|of| of.group != names[index].group || of.concept.is("reg"))
            };
            let alone =
                whole(index.checked_sub(1).and_then(|at| names.get(at))) && whole(names.get(index + count));
            regimen_of(part).filter(|_| alone).map(|concept| (count, concept))
        });
        match taken {
            Some((count, concept)) => {
                let span = names[index].span.to(names[index + count - 1].span);
                out.push(Name { concept: ConceptId::from(concept), span, group: names[index].group });
                index += count;
            }
            None => {
                out.push(with_cyclophosphamide(sheet, names[index].clone()));
                index += 1;
            }
        }
    }
    out
}

fn regimen_of(part: &[Name]) -> Option<&'static str> {
    let (first, last) = (part.first()?, part.last()?);
    if first.group != last.group {
        return None;
    }
    let mut ids: Vec<&str> = part.iter().map(|of| of.concept.as_str()).collect();
    ids.sort_unstable();
    COMBINATIONS.iter().find(|(drugs, _)| *drugs == ids.as_slice()).map(|(_, regimen)| *regimen)
}

/// `Flu 30/Cy 500`: the short name of cyclophosphamide stands only here.
fn with_cyclophosphamide(sheet: &Sheet<'_>, name: Name) -> Name {
    if name.concept.as_str() != "drug.fludarabine" {
        return name;
    }
    let stream = &sheet.stream;
    let slash = (name.span.end..name.span.end + 12)
        .take_while(|at| matches!(stream.at(*at), ' ' | '0'..='9' | '.' | 'm' | 'g' | '/' | '+' | '-' | '^'))
        .filter(|at| matches!(stream.at(*at), '/' | '+' | '-'))
        .find(|at| {
            stands(stream, skip_spaces(stream, at + 1), "cy")
                || stands(stream, skip_spaces(stream, at + 1), "ctx")
        });
    match slash {
        Some(at) => Name {
            concept: ConceptId::from("reg.ld_flucy_300"),
            span: Span::new(name.span.start, skip_spaces(stream, at + 1) + 2),
            group: name.group,
        },
        None => name,
    }
}

pub(crate) fn is_cell_therapy(sheet: &Sheet<'_>, concept: &ConceptId) -> bool {
    sheet.catalogue().drug_classes(concept).iter().any(|class| class == "CAR-T")
}

/// `2021.3入组CAR-T,2021.4.16回输`: the day of the infusion is the day of the course; the name before only plans it.
fn add_infusions(sheet: &Sheet<'_>, names: &mut Vec<Name>) {
    let infusions: Vec<Span> = sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.as_str() == "event.infusion")
        .map(|of| of.hit.span)
        .filter(|span| is_dated_alone(sheet, names, *span) && !is_of_other_cells(sheet, names, *span))
        .collect();
    for span in infusions {
        let sentence = sheet.sentence(span.start);
        let named = names.iter().rposition(|of| {
            of.span.end <= span.start
                && of.span.start >= sentence.start
                && is_cell_therapy(sheet, &of.concept)
        });
        match named {
            Some(at) if span.start - names[at].span.end <= 16 => names[at].span = names[at].span.to(span),
            Some(at) => names[at].span = span,
            None if names.iter().any(|of| is_cell_therapy(sheet, &of.concept)) => {}
            None => names.push(Name {
                concept: ConceptId::from("drug.car_t_nos"),
                span,
                group: usize::MAX - names.len(),
            }),
        }
    }
    names.sort_by_key(|of| of.span);
}

/// `回输倍诺达1×10^8个CAR-T细胞`, the title of a CAR-T form: where the product is named, the class says nothing more.
/// Other cells are another course: they have another target, or are asked for.
fn drop_unnamed_cells(sheet: &Sheet<'_>, names: &mut Vec<Name>) {
    let products: Vec<Span> = names
        .iter()
        .filter(|of| is_cell_therapy(sheet, &of.concept) && of.concept.as_str() != "drug.car_t_nos")
        .map(|of| of.span)
        .collect();
    if products.is_empty() {
        return;
    }
    let stream = &sheet.stream;
    names.retain(|of| {
        let beside = products.iter().any(|product| {
            product.start >= of.span.end && product.start - of.span.end <= 2
                || of.span.start >= product.end && of.span.start - product.end <= 1
        });
        let another = !beside && says(stream, of.span, words!["cd22", "cd20", "双", "dual", "bispecific"]);
        let sentence = sheet.sentence(of.span.start);
        let asked = says(stream, sentence, DROP_UNNAMED_CELLS_ASKED);
        // "She has never had CAR-T cells ... CD19 CAR-T is what I advise": the denial is no name of the product.
        let denied = says(stream, sheet.before(of.span.start, 24), RULED_OUT)
            && sheet.modifiers.read(of.span).assertion == Assertion::Negated;
        of.concept.as_str() != "drug.car_t_nos" || another || denied || asked && !beside
    });
}

/// `回输外周血干细胞`, `自体移植,4.12回输`: stem cells or blood, and no CAR-T.
fn is_of_other_cells(sheet: &Sheet<'_>, names: &[Name], span: Span) -> bool {
    const REACH: usize = 14;
    let behind = sheet.after(span.end, REACH);
    let other = says(
        &sheet.stream,
        behind,
        words![
            "干细胞",
            "造血",
            "cd34",
            "骨髓",
            "脐血",
            "供者",
            "供体",
            "淋巴细胞",
            "血小板",
            "红细胞",
            "血浆",
            "单个核",
            "nk细胞",
            "til"
        ],
    ) && !says(&sheet.stream, behind, words!["car"]);
    let sentence = sheet.sentence(span.start);
    let transplanted = names.iter().rev().find(|of| {
        of.span.end <= span.start
            && of.span.start >= sentence.start
            && (is_cell_therapy(sheet, &of.concept)
                || matches!(of.concept.as_str(), "reg.asct" | "reg.allosct" | "reg.beam"))
    });
    other || transplanted.is_some_and(|of| !is_cell_therapy(sheet, &of.concept))
}

/// A day right before it and no product right behind it: `4.16回输`, `2021-04-16 回输CAR-T细胞` names its own.
fn is_dated_alone(sheet: &Sheet<'_>, names: &[Name], span: Span) -> bool {
    let product = names.iter().any(|of| of.span.start >= span.end && of.span.start <= span.end + 12);
    let dated = sheet.mentions.iter().any(|of| of.span.end <= span.start && span.start - of.span.end <= 2);
    dated && !product && !stands(&sheet.stream, span.end, "后")
}

/// `末次R-CHOP后2月复发`, "after the last R-CHOP": told before, it dates another event here.
fn drop_time_references(sheet: &Sheet<'_>, names: &mut Vec<Name>) {
    let stream = &sheet.stream;
    let mut index = 0;
    while index < names.len() {
        let name = &names[index];
        let told = names[..index].iter().any(|of| of.concept == name.concept);
        let last = stream.reads_back_any(name.span.start, DROP_TIME_REFERENCES_LAST);
        let refers = stream
            .reads_back_any(name.span.start, words!["after ", "following ", "since ", "on ", "to "])
            && super::count::nothing_counted(sheet, name.span);
        let later = stream.reads_any(name.span.end, words!["后", "治疗后", "方案后", "方案治疗后", "期间"]);
        let dated = name.concept.is("drug")
            && sheet
                .mentions
                .iter()
                .any(|of| of.span.start == name.span.end + 4 && stands(stream, name.span.end, " on "));
        if told && !dated && (last || refers || later || same_row(sheet, names, index)) {
            names.remove(index);
        } else {
            index += 1;
        }
    }
}

/// The same name a few characters on, in a bracket of its own abbreviation: `CD19 CAR-T (CAR-T)`.
fn same_row(sheet: &Sheet<'_>, names: &[Name], index: usize) -> bool {
    let name = &names[index];
    let Some(before) = names[..index].last().filter(|of| of.concept == name.concept) else { return false };
    let gap = Span::new(before.span.end, name.span.start.max(before.span.end));
    gap.end - gap.start <= 3
        && !says(&sheet.stream, gap, words![",", "+", "、", ";"])
        && !(gap.start..gap.end).any(|at| sheet.stream.at(at) == BREAK)
}
