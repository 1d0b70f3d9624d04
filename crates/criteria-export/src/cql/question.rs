//! Each kind of question in CQL. The guards are generated with every one of them.

use super::{
    CqlExporter,
    drugs::DrugSets,
    values::ValueSets,
    words::{decimal, list, list_of, text},
};
use cartulary_criteria::{
    CriteriaSet,
    need::{Drugs, Limit, Outline},
};
use cartulary_model::{Comparator, ConceptId, record::ResponseCategory};

/// Writes the questions of one set.
pub(super) struct Writer<'w, 'a> {
    pub(super) exporter: &'w CqlExporter<'a>,
    pub(super) set: &'w CriteriaSet,
    pub(super) drugs: &'w mut DrugSets,
    pub(super) values: &'w mut ValueSets,
}

impl Writer<'_, '_> {
    /// The question as an expression that can stand inside another one.
    pub(super) fn question(&mut self, outline: &Outline) -> String {
        match outline {
            Outline::Histology(need) => {
                let exporter = self.exporter;
                exporter.diseases.question(need, self.set, exporter.catalogue, exporter.library)
            }
            Outline::PriorLines { at_least, at_most, including, not_alone } => {
                self.prior_lines(*at_least, *at_most, including, not_alone.as_ref())
            }
            Outline::DiseaseStatus => "\"Relapsed or refractory\"".to_owned(),
            Outline::LastResponse(categories) => last_response(categories),
            Outline::Transplant { concept, relapse, within } => {
                transplant(concept, *relapse, within.as_deref())
            }
            Outline::Exposure(drugs) => self.drugs.given(drugs),
            Outline::Washout { drugs, at_least } => {
                let (given, days) = (self.drugs.given(drugs), self.drugs.days(drugs));
                format!("WashedOut({given}, {days}, \"On\" - {at_least})")
            }
            Outline::Lab { analyte, bound, within, without_transfusion, room_air, after_last } => {
                let newest = self.values.newest(analyte.as_str());
                let after = after_last.as_ref().map(|drugs| self.taken_before(&newest, drugs, "<"));
                let agreed = agreed(&newest, &keeps(bound));
                let caveats = caveats(*without_transfusion, *room_air);
                let value = format!(
                    "if {agreed} and exists ({newest} V where {caveats}) then null\n    else {agreed}"
                );
                guarded(&newest, within.as_deref(), after, Some(at_limit(bound)), &value)
            }
            Outline::Uln { analytes, limits } => self.uln(analytes, limits),
            Outline::Score { score, bound, within } => {
                let newest = self.values.newest(score);
                guarded(&newest, within.as_deref(), None, None, &agreed(&newest, &keeps(bound)))
            }
            Outline::Age(bound) => age(bound),
            Outline::Sex(is) => format!("(\"Sex\" = {})", text(is)),
            Outline::Finding { findings, also_shown_by, history, within } => {
                finding(findings, also_shown_by, *history, within.as_deref())
            }
            Outline::Test { test, positive, is_load } => {
                let newest = self.values.newest(test.as_str());
                signed(&agreed_marks(&newest, &result_mark(*is_load)), *positive)
            }
            Outline::Biomarker { marker, positive, after_last } => {
                let marks = "if not V.final then 0 else if V.result = 'positive' then 1 \
                             else if V.result = 'negative' then -1 else 0";
                let newest = self.values.newest(marker.as_str());
                let value = signed(&agreed_marks(&newest, marks), *positive);
                let after = after_last.as_ref().map(|drugs| self.taken_before(&newest, drugs, "<="));
                guarded(&newest, None, after, None, &value)
            }
            Outline::All(parts) => self.joined(parts, "and"),
            Outline::Any(parts) => self.joined(parts, "or"),
            Outline::AtLeast(wanted, parts) => {
                let marks: Vec<String> =
                    parts.iter().map(|part| format!("Mark({})", self.question(part))).collect();
                format!("AtLeastOf({wanted}, {{ {} }})", marks.join(", "))
            }
            Outline::Not(part) => format!("(not {})", self.question(part)),
            Outline::Other(word) => left_out(word),
        }
    }

    fn joined(&mut self, parts: &[Outline], word: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.question(part)).collect();
        format!("({})", parts.join(&format!("\n    {word} ")))
    }

    /// Whether a value may be from before the last of these drugs.
    fn taken_before(&mut self, newest: &str, drugs: &Drugs, sign: &str) -> String {
        let days = self.drugs.days(drugs);
        // A marker must be newer than every day that the course may have ended on, a value as old as the first of them.
        let last = if sign == "<" { "Earliest" } else { "Latest" };
        format!(
            "exists {days}\n      and (exists ({days} D where D.dated is null)\n        or exists ({newest} V where V.dated is null or Earliest(V.dated) {sign} {last}(LastDay({days}))))"
        )
    }

    /// Several analytes, each against multiples of the upper limit that its own report prints.
    fn uln(&mut self, analytes: &[(ConceptId, Option<String>)], limits: &[(Comparator, f64)]) -> String {
        let keeps: Vec<String> = limits
            .iter()
            .map(|(sign, times)| {
                let limit = format!("{} * V.upper", decimal(*times));
                keeps_limit(*sign, "V.printedNumber", "V.printedSign", &limit)
            })
            .collect();
        let mark = format!(
            "(if V.printedNumber is null or V.upper is null or V.upper <= 0 then 0 else Mark({}))",
            keeps.join(" and ")
        );
        let each = analytes.iter().map(|(analyte, within)| {
            let newest = self.values.newest(analyte.as_str());
            guarded(&newest, within.as_deref(), None, None, &agreed_marks(&newest, &mark))
        });
        format!("({})", each.collect::<Vec<_>>().join("\n    and "))
    }

    fn prior_lines(
        &mut self,
        at_least: Option<u32>,
        at_most: Option<u32>,
        including: &[Drugs],
        not_alone: Option<&Drugs>,
    ) -> String {
        let mut parts = Vec::new();
        if at_least.is_some() || at_most.is_some() {
            parts.push(line_count(at_least, at_most, not_alone));
        }
        parts.extend(including.iter().map(|drugs| self.drugs.given(drugs)));
        format!("({})", parts.join("\n    and "))
    }
}

/// A part that CQL cannot state as null: never true, never false.
fn left_out(word: &str) -> String {
    let why = match word {
        "judge" => "only a physician answers it",
        "failed_line" => "the time is counted from several anchors, each of several days, that must agree",
        "cockcroft_gault" => "the clearance is computed from intervals of age, weight and creatinine",
        "infection" => "it is read from the pattern of several tests",
        "measurable" => "it is read from the sizes of single lesions, which the Bundle does not carry",
        _ => "it rests on more than plain comparisons",
    };
    format!("(null as System.Boolean) /* not stated in CQL: {word}: {why} */")
}

/// What all values that may be the latest agree on, by an expression of `V`.
fn agreed(newest: &str, answer: &str) -> String {
    agreed_marks(newest, &format!("Mark({answer})"))
}

fn agreed_marks(newest: &str, mark: &str) -> String {
    format!("Agreed(({newest} V return all {mark}))")
}

fn signed(answer: &str, positive: bool) -> String {
    if positive { answer.to_owned() } else { format!("(not {answer})") }
}

/// A value with the guards of its day, its unit and its neighbourhood to the limit.
fn guarded(
    newest: &str,
    within: Option<&str>,
    stale: Option<String>,
    at_limit: Option<String>,
    value: &str,
) -> String {
    let mut out = format!("(if not exists {newest} then null");
    let mut guard = |condition: &str| {
        out.push_str("\n    else if ");
        out.push_str(condition);
        out.push_str(" then null");
    };
    if let Some(within) = within {
        guard(&format!("exists ({newest} V where V.dated is null or Earliest(V.dated) < \"On\" - {within})"));
    }
    if let Some(stale) = stale {
        guard(&stale);
    }
    if let Some(at_limit) = at_limit {
        guard(&format!("exists ({newest} V where V.number is null)"));
        guard(&format!("exists ({newest} V where {at_limit})"));
    }
    out.push_str("\n    else ");
    out.push_str(value);
    out.push(')');
    out
}

/// Whether `V` keeps every limit.
fn keeps(bound: &[Limit]) -> String {
    let each = bound.iter().map(|limit| keeps_limit(limit.sign, "V.number", "V.sign", &decimal(limit.value)));
    each.collect::<Vec<_>>().join(" and ")
}

fn keeps_limit(sign: Comparator, number: &str, printed: &str, limit: &str) -> String {
    let function = match sign {
        Comparator::AtLeast | Comparator::Equal => "IsAtLeast",
        Comparator::Greater => "IsAbove",
        Comparator::AtMost => "IsAtMost",
        Comparator::Less => "IsBelow",
    };
    format!("{function}({number}, {printed}, {limit})")
}

/// Whether a converted value lies so near a limit that rounding on paper decides.
fn at_limit(bound: &[Limit]) -> String {
    let near = |limit: &Limit| {
        format!(
            "(Coalesce(V.printedUnit, '') != {} and Abs(V.number - {}) <= {})",
            text(&limit.written_unit),
            decimal(limit.value),
            decimal(0.005 * limit.value.abs())
        )
    };
    bound.iter().map(near).collect::<Vec<_>>().join(" or ")
}

/// A value reached by help does not show that the body reaches it.
fn caveats(without_transfusion: bool, room_air: bool) -> String {
    let has = |what: &str| format!("exists (V.circumstances C where C = {})", text(what));
    let mut caveats = vec![has("growth_factor")];
    if without_transfusion {
        caveats.push(has("transfused"));
    }
    if room_air {
        caveats.push(format!("not {}", has("room_air")));
    }
    caveats.join(" or ")
}

/// All possible ages must keep the limit, or none.
fn age(bound: &[Limit]) -> String {
    let each = bound.iter().map(|limit| {
        let number = decimal(limit.value);
        let (surely, never) = match limit.sign {
            Comparator::AtLeast | Comparator::Equal => (">=", "<"),
            Comparator::Greater => (">", "<="),
            Comparator::AtMost => ("<=", ">"),
            Comparator::Less => ("<", ">="),
        };
        let (worst, best) = match limit.sign {
            Comparator::AtLeast | Comparator::Greater | Comparator::Equal => ("least", "most"),
            Comparator::AtMost | Comparator::Less => ("most", "least"),
        };
        format!(
            "(if \"Age {worst}\" {surely} {number} then true else if \"Age {best}\" {never} {number} then false else null)"
        )
    });
    let each = each.collect::<Vec<_>>().join(" and ");
    format!("(if Contradicted('patient.birth_date') then null else {each})")
}

fn finding(
    findings: &[(ConceptId, Vec<ConceptId>)],
    also_shown_by: &[(ConceptId, Vec<ConceptId>)],
    history: bool,
    within: Option<&str>,
) -> String {
    let one = |(finding, denied_by): &(ConceptId, Vec<ConceptId>)| {
        let code = text(finding.as_str());
        let asserted = format!("(\"Asserted\" S where S.code = {code})");
        let past = format!("(\"Historical\" S where S.code = {code})");
        let mut denied = format!("(\"Denied\" S where S.code = {code})");
        if !denied_by.is_empty() {
            denied = format!("({denied} union (\"Asserted\" S where S.code in {}))", list(denied_by));
        }
        let today = format!("Found({asserted}, {denied}, (\"Doubted\" S where S.code = {code}))");
        match within {
            Some(within) => format!(
                "(if exists ({asserted} union {past}) then Since(({asserted} union {past}), \"On\" - {within})\n    else {today})"
            ),
            None if history => {
                format!("(if exists ({asserted} union {past}) then true else {today})")
            }
            None => today,
        }
    };
    // A kind of it counts when a paper speaks of it as so today or as possible; silence on it says nothing.
    let also = also_shown_by.iter().map(|kind| {
        let code = text(kind.0.as_str());
        format!(
            "(if exists (\"Asserted\" S where S.code = {code}) or exists (\"Doubted\" S where S.code = {code}) then {} else false)",
            one(kind)
        )
    });
    let parts: Vec<String> = findings.iter().map(one).chain(also).collect();
    format!("({})", parts.join("\n    or "))
}

/// What one result says, as a mark: its sign, else its number by the laboratory's own cut-off.
fn result_mark(is_load: bool) -> String {
    let by_number = if is_load {
        "if V.printedSign = '<' or V.printedSign = '<=' then -1 \
         else if V.printedSign = '>' or V.printedSign = '>=' then 1 else Mark(V.printedNumber > 0)"
    } else {
        "0"
    };
    format!(
        "(if V.result = 'positive' then 1 else if V.result = 'negative' then -1\n      else if V.result is not null or V.printedNumber is null then 0\n      else if V.upper is not null then Mark(IsAbove(V.printedNumber, V.printedSign, V.upper))\n      else {by_number})"
    )
}

fn last_response(categories: &[ResponseCategory]) -> String {
    let names: Vec<String> = categories.iter().map(|category| format!("{category:?}")).collect();
    let listed = list_of(names.iter().map(String::as_str));
    format!("(if \"Last line\".best is null then null else \"Last line\".best in {listed})")
}

fn transplant(concept: &ConceptId, relapse: bool, within: Option<&str>) -> String {
    let code = text(concept.as_str());
    let own = format!("TransplantInLine({code})");
    let failed = format!("Failed({own}.line)");
    let (in_line, beside) = match (within, relapse) {
        (Some(within), _) => (
            format!(
                "(if {own}.dated is null or {failed} is null then null\n      else if Latest({failed}) <= Earliest({own}.dated) + {within} then true\n      else if Earliest({failed}) > Latest({own}.dated) + {within} then false\n      else null)"
            ),
            "null",
        ),
        (None, true) => (format!("(if {failed} is not null then true else null)"), "null"),
        (None, false) => ("true".to_owned(), "true"),
    };
    format!(
        "(if exists (\"Transplants\" T where T.code = {code} and T.line is not null) then {in_line}\n    else if exists (\"Transplants\" T where T.code = {code} and T.given) then {beside}\n    else NoTransplant({code}))"
    )
}

/// The number of lines, counted in all and since a transformation.
fn line_count(at_least: Option<u32>, at_most: Option<u32>, not_alone: Option<&Drugs>) -> String {
    let counts = match not_alone {
        None => "true".to_owned(),
        Some(set) => {
            let drugs = list(&set.counts);
            format!(
                "(not exists (\"Drugs\" D where D.line = L.id and D.listed)\n        or exists (\"Drugs\" D where D.line = L.id and D.listed and not (D.drug in {drugs})))"
            )
        }
    };
    let least = at_least.unwrap_or(0);
    let most = at_most.map_or_else(|| "null".to_owned(), |most| most.to_string());
    let counted = |sure: &str, may: &str| {
        format!(
            "CountedLines(\n      Fewest(Count(\"Lines\" L where {sure}{counts})),\n      Count(\"Lines\" L where {may}),\n      {least}, {most})"
        )
    };
    let total = counted("", "true");
    let since =
        counted("L.indolent is not null and not L.indolent and ", "L.indolent is null or not L.indolent");
    format!("(if \"Is transformed\" then BothPhases({total},\n      {since})\n    else {total})")
}
