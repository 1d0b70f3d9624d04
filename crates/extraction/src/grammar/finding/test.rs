//! Examinations: their result, their plan.
//!
//! ## Reads
//! "Bone marrow biopsy on 12/11/10 was normal", "biopsy-proven", "FISH is not back", `待骨髓活检及PET-CT回报`,
//! `拟1月后复查PET-CT`, "CSF was positive now clear", "Lymph node, left inguinal, excision:".
//!
//! ## Never
//! A result that is outstanding or a condition ("if the PET is negative") is no result.

use super::words::{clause_end, clause_start, find, find_last, follows, has, precedes, report};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
};
use cartulary_model::{
    Assertion, Temporality, Value,
    fact::{Attr, Sign},
};

const NEGATIVE: [&str; 37] = [
    "未检出异常",
    "未检出单克隆",
    "未检出肿瘤",
    "no malignant",
    "normal",
    "negative",
    "negati ve",
    "unremarkable",
    "no evidence",
    "no morpholog",
    "no lymphoma",
    "no malignan",
    "no involvement",
    "no abnormal",
    "no parenchymal",
    "no intracranial",
    "no leptomeningeal",
    "no lymphoid",
    "uninvolved",
    "not involved",
    "did not show",
    "does not show",
    "without evidence",
    "未见异常",
    "未见明显异常",
    "未见明确异常",
    "无异常",
    "阴性",
    "正常",
    "未见淋巴瘤",
    "未见肿瘤",
    "未见异型",
    "未见恶性",
    "未见瘤细胞",
    "未查见",
    "未找到",
    "(-)",
];
const POSITIVE: [&str; 22] = [
    "淋巴瘤细胞",
    "可见异型",
    "见异型",
    "查见异型",
    "瘤细胞",
    "positive",
    "abnormal",
    "阳性",
    "(+)",
    "infiltrated by",
    "involved by",
    "involvement by",
    "is involved",
    "was involved",
    "可见淋巴瘤",
    "见淋巴瘤",
    "见瘤细胞",
    "淋巴瘤浸润",
    "淋巴瘤累及",
    "淋巴瘤侵犯",
    "单克隆b细胞",
    "malignant cells",
];
const PENDING: [&str; 26] = [
    "pending",
    "not back",
    "not yet back",
    "awaited",
    "awaiting",
    "outstanding",
    "to follow",
    "not yet available",
    "not available",
    "still waiting",
    "not come back",
    "未回",
    "未归",
    "待回",
    "回报后",
    "结果未出",
    "未出结果",
    "要等",
    "等结果",
    "还没出",
    "没出来",
    "尚未回报",
    "没回来",
    "尚未出",
    "未出",
    "还没回",
];
const PLANNED: [&str; 45] = [
    "明日",
    "后日",
    "改日",
    "择日",
    "requested",
    "booked",
    "arranged",
    "arrange",
    "planned",
    "plan",
    "scheduled",
    "is due",
    "due to",
    "will have",
    "will be",
    "to be done",
    "ordered",
    "organise",
    "organize",
    "to be repeated",
    "needs a",
    "need a",
    "going to have",
    "having a",
    "next week",
    "tomorrow",
    "recommend",
    "suggest",
    "下周",
    "明天",
    "约了",
    "让做",
    "要做",
    "准备做",
    "待做",
    "拟",
    "择期",
    "下一步",
    "下次",
    "建议",
    "计划",
    "安排",
    "预约",
    "想做",
    "还需",
];

/// A hit of a test and, where a later result is told beside it, a second fact.
pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    if is_other_sense(sheet, hit) {
        return Vec::new();
    }
    let mut draft = Draft::new(hit.concept.clone(), hit.span, rule(sheet, hit)).named_at(hit.span);
    if let Some(status) = outstanding(sheet, hit) {
        draft.assertion = Some(Assertion::Hypothetical);
        return vec![draft.word(Attr::Status, status)];
    }
    match sheet.modifiers.read(hit.span).assertion {
        Assertion::Hypothetical => return vec![draft.word(Attr::Status, "planned")],
        Assertion::Negated if is_not_done(sheet, hit) => return vec![draft],
        Assertion::Negated | Assertion::Possible | Assertion::Present => {}
    }
    let Some((sign, span)) = result(sheet, hit) else { return vec![draft] };
    draft.span = hit.span.to(span);
    draft = draft.value(Value::Sign(sign)).present();
    let Some((later, span)) = turned(sheet, span) else { return vec![draft] };
    draft.temporality = Some(Temporality::Historical);
    let now = Draft::new(hit.concept.clone(), span, "finding.later_result").named_at(span);
    vec![draft, now.value(Value::Sign(later)).present()]
}

/// A specimen that heads its report, or one that is proved, is told whatever else is said of it.
fn rule(sheet: &Sheet<'_>, hit: &Hit) -> &'static str {
    let taken = matches!(hit.concept.as_str(), "test.biopsy" | "test.bm_biopsy");
    let heads = taken && sheet.stream.at(hit.span.end) == ':';
    let english = sheet.stream.at(hit.span.start).is_ascii_alphabetic();
    if heads && english { "finding.specimen" } else { "finding.named" }
}

/// `PETCT中心`, "CT-guided", a marker panel that FISH only introduces.
fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let id = hit.concept.as_str();
    let glued = matches!(sheet.stream.at(hit.span.end), '-') && id != "test.biopsy";
    let department = follows(sheet, hit.span.end, &["科", "中心", "引导", "-guided", "guided", "室", "平台"]);
    let inside = id == "test.ct"
        && has(sheet, Span::new(hit.span.start.saturating_sub(5), hit.span.start), &["pet", "spe"]);
    let probes = id == "test.fish" && names_probes(sheet, hit);
    department || inside || probes || (glued && id == "test.ct")
}

/// `FISH(MYC、BCL2)`, `CCND1 FISH`: the probes are the facts.
fn names_probes(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.end + 3 <= hit.span.start);
    sheet.candidates[index..].iter().take_while(|of| of.hit.span.start <= hit.span.end + 8).any(|of| {
        of.hit.concept.is("bio")
            && !of.hit.span.overlaps(hit.span)
            && !has(sheet, Span::new(of.hit.span.end.min(hit.span.start), hit.span.start), &[";", "。"])
    })
}

fn is_not_done(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 16);
    has(
        sheet,
        before,
        &[
            "未行",
            "未做",
            "没做",
            "还没",
            "没有做",
            "未予",
            "拒绝",
            "尚未",
            "未完善",
            "没取",
            "no ",
            "not ",
            "without",
            "declined",
            "refused",
            "never",
        ],
    ) || has(
        sheet,
        sheet.after(hit.span.end, 26),
        &["not been", "was not done", "was not performed", "declined", "refused", "未做", "未行", "没做"],
    )
}

/// `pending`, `planned`, or nothing.
fn outstanding(sheet: &Sheet<'_>, hit: &Hit) -> Option<&'static str> {
    let clause = Span::new(clause_start(sheet, hit.span.start), clause_end(sheet, hit.span.end));
    let behind = Span::new(hit.span.end, clause.end.min(hit.span.end + 40));
    if find(sheet, behind, &PENDING)
        .is_some_and(|word| !another_test(sheet, Span::new(hit.span.end, word.start)))
        || has(sheet, Span::new(clause.start, hit.span.start), &["pending", "awaiting", "await "])
    {
        return Some("pending");
    }
    let waits = find_last(
        sheet,
        Span::new(clause.start.max(hit.span.start.saturating_sub(14)), hit.span.start),
        &["待", "等待"],
    );
    let listed = waits.is_some_and(|word| {
        !has(sheet, Span::new(word.end, hit.span.start), &["遇", "产", "排", "查", "行", "做", "完善"])
    });
    if listed {
        return Some("pending");
    }
    let late = [
        "结果待",
        "结果未",
        "结果均",
        "待回报",
        "均待回",
        "均未回",
        "results pending",
        "result pending",
        "results awaited",
        "results are awaited",
    ];
    if sheet.stream.at(clause.end) == ','
        && follows(sheet, clause.end + 1, &late)
        && !has(sheet, sheet.after(clause.end, 14), &["阴性", "阳性", "正常"])
    {
        return Some("pending");
    }
    let before = Span::new(clause.start.max(hit.span.start.saturating_sub(36)), hit.span.start);
    let told = ["示", "提示", "showed", "shows", "was ", "回报", "已"];
    let planned = find_last(sheet, before, &PLANNED)
        .is_some_and(|word| !has(sheet, Span::new(word.end, hit.span.start), &told))
        || find(
            sheet,
            behind,
            &[
                "requested",
                "booked",
                "is due",
                "arranged",
                "is planned",
                "are planned",
                "planned for",
                "scheduled",
                "will be",
                "to be done",
                "to be repeated",
                "next week",
                "tomorrow",
                "下周",
                "明天",
            ],
        )
        .is_some_and(|word| !has(sheet, Span::new(hit.span.end, word.start), &told))
        || next_step(sheet, hit);
    planned.then_some("planned")
}

/// `下一步:复查腰穿`, `大夫让做PET-CT和骨穿,下周三做`.
fn next_step(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(24)), hit.span.start);
    let end = clause_end(sheet, hit.span.end);
    has(sheet, before, &["下一步", "next step", "下一步计划"])
        || (follows(sheet, end + 1, &["下周", "明天", "后天", "next week", "tomorrow"])
            && sheet.stream.at(end) == ',')
}

fn another_test(sheet: &Sheet<'_>, span: Span) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < span.start);
    sheet.candidates[index..].iter().take_while(|of| of.hit.span.start < span.end).any(|of| {
        of.hit.concept.is("test")
            && !has(sheet, Span::new(span.start, of.hit.span.start), &["及", "和", "、", "and", "&"])
    })
}

/// How far a test's result may stand from its name, in characters.
fn reach(id: &str) -> usize {
    match id {
        "test.bm_biopsy" => 90,
        "test.brain_mri" => 60,
        "test.biopsy" => 40,
        "test.csf" | "test.csf_cytology" => 34,
        "test.pet_ct" => 28,
        _ => 0,
    }
}

/// Negative or positive, as the sentence says it of this test.
fn result(sheet: &Sheet<'_>, hit: &Hit) -> Option<(Sign, Span)> {
    let id = hit.concept.as_str();
    if id == "test.biopsy"
        && let Some(span) = proved(sheet, hit)
    {
        return Some((Sign::Positive, span));
    }
    let behind = own_words(sheet, hit);
    if id == "test.biopsy" {
        let plain = [
            "no evidence",
            "no lymphoma",
            "negative",
            "no malignan",
            "未见淋巴瘤",
            "未见肿瘤",
            "阴性",
            "未见恶性",
            "non-diagnostic",
        ];
        let word = find(sheet, behind, &plain[..8])?;
        return (!has(sheet, Span::new(hit.span.end, word.start), &["cd", "bcl", "ki", "免疫组化"]))
            .then_some((Sign::Negative, to_clause_end(sheet, word)));
    }
    let negative = find(sheet, behind, &NEGATIVE);
    let positive = find(sheet, behind, &POSITIVE);
    let loose = id == "test.pet_ct" || id.starts_with("test.csf");
    let (sign, word) = match (negative, positive) {
        (Some(no), Some(yes)) if yes.start < no.start => (Sign::Positive, yes),
        (Some(no), _) => (Sign::Negative, no),
        (None, Some(yes)) => (Sign::Positive, yes),
        (None, None) => return elliptic(sheet, hit, behind),
    };
    let between = Span::new(hit.span.end, word.start);
    let about_else =
        ["蛋白", "压力", "protein", "glucose", "常规", "生化", "白细胞", "deauville", "cd", "raised"];
    if loose && (has(sheet, between, &about_else) || names_organ(sheet, between)) {
        return None;
    }
    if has(sheet, between, &["可疑", "不除外", "suspicious", "cannot", "如", "若", "if "]) {
        return None;
    }
    if id == "test.brain_mri" && has(sheet, between, &["结节", "病灶", "占位", "lesion", "nodule", "mass"])
    {
        return None;
    }
    let denied = precedes(sheet, word.start, &["not", "不", "非", "未见", "no", "未"])
        && sign == Sign::Positive
        || precedes(sheet, word.start, &["was not", "is not", "not"]) && sign == Sign::Negative;
    let sign = match (denied, sign) {
        (true, Sign::Positive) => Sign::Negative,
        (true, _) => Sign::Positive,
        (false, sign) => sign,
    };
    Some((sign, if sign == Sign::Negative { to_clause_end(sheet, word) } else { word }))
}

fn to_clause_end(sheet: &Sheet<'_>, word: Span) -> Span {
    let end = clause_end(sheet, word.end).min(word.end + 40);
    sheet.stream.trimmed(word.to(Span::new(word.start, end)))
}

/// The words behind a test until another test is named.
fn own_words(sheet: &Sheet<'_>, hit: &Hit) -> Span {
    let behind = report(sheet, hit.span.end, reach(hit.concept.as_str()));
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < behind.start);
    let next = sheet.candidates[index..]
        .iter()
        .find(|of| {
            // "CSF cytology and flow cytometry were negative": one result of both.
            let joined =
                has(sheet, Span::new(behind.start, of.hit.span.start), &["and ", "及", "和", "、", "&"])
                    && of.hit.span.start < behind.start + 8;
            of.hit.span.start >= behind.end || (of.hit.concept.is("test") && !joined)
        })
        .map_or(behind.end, |of| of.hit.span.start.min(behind.end));
    Span::new(behind.start, next)
}

fn names_organ(sheet: &Sheet<'_>, span: Span) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < span.start);
    sheet.candidates[index..]
        .iter()
        .take_while(|of| of.hit.span.start < span.end)
        .any(|of| of.hit.concept.is("site"))
}

/// "biopsy-proven", "confirmed by biopsy", "relapse on biopsy", `活检证实`.
fn proved(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let own = find(sheet, hit.span, &["proven", "confirmed"]).is_some();
    let ahead = [
        "confirmed by",
        "confirmed on",
        "confirmed with",
        "proven by",
        "proved by",
        "proven on",
        "proved on",
        "relapse on",
        "recurrence on",
        "confirmed at",
    ];
    let before = Span::new(sheet.before(hit.span.start, 24).start, hit.span.start);
    let told = find_last(sheet, before, &ahead).filter(|word| hit.span.start - word.end <= 12);
    let behind = find(
        sheet,
        sheet.after(hit.span.end, 14),
        &["confirmed", "confirms", "proved", "proven", "证实复发"],
    );
    own.then_some(hit.span).or(told).or(behind)
}

/// "The marrow was normal; PET-CT was not."
fn elliptic(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<(Sign, Span)> {
    let word = find(sheet, behind, &["was not", "were not", "is not"])?;
    let last = matches!(sheet.stream.at(word.end), '.' | ';' | ',' | '\n' | '。');
    let told = Span::new(hit.span.start.saturating_sub(80), hit.span.start);
    if !last {
        return None;
    }
    if has(sheet, told, &["normal", "negative", "clear"]) {
        return Some((Sign::Positive, word));
    }
    has(sheet, told, &["positive", "abnormal"]).then_some((Sign::Negative, word))
}

/// "was positive now clear", `阳性，现已转阴`: the later result.
fn turned(sheet: &Sheet<'_>, from: Span) -> Option<(Sign, Span)> {
    let behind = sheet.after(from.end, 22);
    let clear = find(
        sheet,
        behind,
        &[
            "now clear",
            "now negative",
            "since cleared",
            "已转阴",
            "现阴性",
            "转为阴性",
            "转阴",
            "then negative",
        ],
    )?;
    Some((Sign::Negative, clear))
}

/// `脾切除病理:大B细胞淋巴瘤`: the organ that was taken out held the disease.
fn resected(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let word = find(
        sheet,
        Span::new(hit.span.end, hit.span.end + 10),
        &["切除病理", "切除术后病理", "切除,病理", "术后病理", "肿物病理"],
    )?;
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < word.end);
    let named = sheet
        .candidates
        .get(index)
        .filter(|of| of.hit.concept.is("hist") && of.hit.span.start <= word.end + 8)?;
    let sure = sheet.modifiers.read(named.hit.span).assertion == Assertion::Present;
    sure.then(|| {
        Draft::new(hit.concept.clone(), hit.span.to(word), "finding.specimen").named_at(hit.span).present()
    })
}

/// "Lymph node, left inguinal, excision:", "core of the neck node", "Skin, left thigh, punch biopsy:": a specimen.
pub(super) fn specimen(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + 70));
    let taken = [
        "excision",
        "excisional",
        "biopsy",
        "core",
        "resection",
        "punch",
        "needle",
        "fna",
        "incisional",
        "endoscop",
    ];
    let colon = (behind.start..behind.end).find(|at| stream.at(*at) == ':');
    let listed = stream.at(hit.span.end) == ','
        && colon.is_some_and(|colon| has(sheet, Span::new(hit.span.end, colon), &taken));
    let core = precedes(
        sheet,
        hit.span.start,
        &[
            "core of the",
            "biopsy of the",
            "biopsy of a",
            "excision of the",
            "excision of a",
            "core biopsy of the",
        ],
    ) || has(
        sheet,
        sheet.before(hit.span.start, 34),
        &["core of the", "core of a", "biopsy of the", "biopsy of a", "excision of the", "excision of a"],
    );
    if let Some(resected) = resected(sheet, hit) {
        return vec![resected];
    }
    if !(listed || core && hit.span.start > 0) {
        return Vec::new();
    }
    let end = colon.filter(|_| listed).unwrap_or(hit.span.end);
    let disease = has(
        sheet,
        Span::new(end, sheet.after(end, 110).end),
        &["lymphoma", "cll", "involve", "dlbcl", "infiltrat", "neoplas", "blastic"],
    );
    let denied = has(
        sheet,
        Span::new(end, sheet.after(end, 60).end),
        &["no evidence", "no lymphoma", "negative", "reactive", "no malignan"],
    );
    let mut drafts = Vec::new();
    if disease || denied {
        let mut site = Draft::new(hit.concept.clone(), hit.span, "finding.specimen").named_at(hit.span);
        site.assertion = Some(if denied { Assertion::Negated } else { Assertion::Present });
        drafts.push(site);
    }
    let named = has(sheet, Span::new(hit.span.end, end), &["biops"])
        || has(sheet, sheet.before(hit.span.start, 24), &["biopsy"]);
    if !named {
        let start = if listed {
            hit.span.start
        } else {
            find_last(sheet, sheet.before(hit.span.start, 34), &["core", "excision"])
                .map_or(hit.span.start, |word| word.start)
        };
        let mut draft =
            Draft::new("test.biopsy", Span::new(start, end.max(hit.span.end)), "finding.specimen")
                .named_at(hit.span);
        draft.assertion = Some(Assertion::Present);
        drafts.push(draft);
    }
    drafts
}
