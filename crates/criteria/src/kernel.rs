//! Kleene's three-valued logic over verdicts.
//!
//! A verdict carries what it rests on. The connectives merge that with the answer: the parts that force the answer
//! give its evidence, the unknown parts give what is missing. `any` and `all` are the two ends of `at_least`.
//!
//! The properties below hold for random verdicts; `PROPTEST_CASES=1000000` asks for so many.

use cartulary_model::{Answer, FactId, Text};

/// An answer with its reason, its evidence and what would answer it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict<'a> {
    /// The answer.
    pub answer: Answer,
    /// One sentence.
    pub why: Text,
    /// The facts it rests on, sorted.
    pub evidence: Vec<FactId>,
    /// Items to ask for, sorted; only an unknown answer has any. Empty when only a physician can answer.
    pub missing: Vec<&'a str>,
}

impl<'a> Verdict<'a> {
    /// It is so.
    pub fn met(why: Text, evidence: Vec<FactId>) -> Self {
        Self::new(Answer::Met, why, evidence, Vec::new())
    }

    /// It is not so.
    pub fn not_met(why: Text, evidence: Vec<FactId>) -> Self {
        Self::new(Answer::NotMet, why, evidence, Vec::new())
    }

    /// It is not known.
    pub fn unknown(why: Text, evidence: Vec<FactId>, missing: Vec<&'a str>) -> Self {
        Self::new(Answer::Unknown, why, evidence, missing)
    }

    /// Met or not met.
    pub fn known(holds: bool, why: Text, evidence: Vec<FactId>) -> Self {
        if holds { Self::met(why, evidence) } else { Self::not_met(why, evidence) }
    }

    fn new(answer: Answer, why: Text, mut evidence: Vec<FactId>, mut missing: Vec<&'a str>) -> Self {
        sort(&mut evidence);
        sort(&mut missing);
        Self { answer, why, evidence, missing }
    }

    /// The same verdict on the opposite statement. The reason stays: it says what the papers say.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.answer = negated(self.answer);
        self
    }

    /// All of them.
    pub fn all(parts: Vec<Self>) -> Self {
        let wanted = parts.len();
        Self::at_least(wanted, parts)
    }

    /// One of them or more.
    pub fn any(parts: Vec<Self>) -> Self {
        Self::at_least(1, parts)
    }

    /// So many of them or more.
    pub fn at_least(wanted: usize, mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 && wanted == 1 {
            return parts.remove(0);
        }
        let answer = at_least(wanted, parts.iter().map(|part| part.answer));
        let tells = |part: &&Self| answer == Answer::Unknown || part.answer == answer;
        let evidence = parts.iter().filter(tells).flat_map(|part| part.evidence.iter().copied()).collect();
        let missing = match answer {
            Answer::Unknown => parts.iter().flat_map(|part| part.missing.iter().copied()).collect(),
            Answer::Met | Answer::NotMet => Vec::new(),
        };
        let mut why = Text::default();
        for part in parts.iter().filter(|part| part.answer == answer) {
            join(&mut why.en, &part.why.en, "; ");
            join(&mut why.zh, &part.why.zh, "；");
        }
        Self::new(answer, why, evidence, missing)
    }
}

/// The opposite answer.
pub fn negated(answer: Answer) -> Answer {
    match answer {
        Answer::Met => Answer::NotMet,
        Answer::NotMet => Answer::Met,
        Answer::Unknown => Answer::Unknown,
    }
}

/// Whether so many or more of the answers are met, whatever the unknown ones turn out to be.
pub fn at_least(wanted: usize, answers: impl Iterator<Item = Answer>) -> Answer {
    let (mut met, mut unknown) = (0, 0);
    for answer in answers {
        met += usize::from(answer == Answer::Met);
        unknown += usize::from(answer == Answer::Unknown);
    }
    if met >= wanted {
        Answer::Met
    } else if met + unknown < wanted {
        Answer::NotMet
    } else {
        Answer::Unknown
    }
}

fn sort<T: Ord>(items: &mut Vec<T>) {
    items.sort_unstable();
    items.dedup();
}

/// The same reason is said once.
fn join(whole: &mut String, part: &str, separator: &str) {
    if !whole.is_empty() {
        if whole.contains(part) {
            return;
        }
        if part.contains(whole.as_str()) {
            whole.clear();
        } else {
            whole.push_str(separator);
        }
    }
    whole.push_str(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer() -> impl Strategy<Value = Answer> {
        prop_oneof![Just(Answer::Met), Just(Answer::NotMet), Just(Answer::Unknown)]
    }

    fn verdict() -> impl Strategy<Value = Verdict<'static>> {
        (
            answer(),
            prop::collection::vec(0u32..6, 0..3),
            prop::sample::subsequence(vec!["ecog", "lvef"], 0..=2),
        )
            .prop_map(|(answer, facts, missing)| {
                let evidence = facts.into_iter().map(FactId).collect();
                let missing = if answer == Answer::Unknown { missing } else { Vec::new() };
                Verdict::new(answer, Text::new("a", "b"), evidence, missing)
            })
    }

    fn verdicts() -> impl Strategy<Value = Vec<Verdict<'static>>> {
        prop::collection::vec(verdict(), 0..6)
    }

    fn parts(verdict: Verdict<'static>) -> (Answer, Vec<FactId>, Vec<&'static str>) {
        (verdict.answer, verdict.evidence, verdict.missing)
    }

    proptest! {
        /// An answer that was given stays, whatever the unknown parts turn out to be.
        #[test]
        fn learning_never_flips_an_answer(before in verdicts(), learnt in prop::collection::vec(answer(), 6), n in 0usize..7) {
            let after: Vec<_> = before.iter().zip(&learnt).map(|(part, learnt)| {
                let answer = if part.answer == Answer::Unknown { *learnt } else { part.answer };
                Verdict { answer, ..part.clone() }
            }).collect();
            let was = Verdict::at_least(n, before).answer;
            let is = Verdict::at_least(n, after).answer;
            prop_assert!(was == Answer::Unknown || was == is);
        }

        /// Taking evidence away may make an answer unknown, and never makes it met or not met.
        #[test]
        fn forgetting_never_answers(before in verdicts(), forget in prop::collection::vec(any::<bool>(), 6), n in 0usize..7) {
            let after: Vec<_> = before.iter().zip(&forget).map(|(part, forget)| {
                let answer = if *forget { Answer::Unknown } else { part.answer };
                Verdict { answer, ..part.clone() }
            }).collect();
            let was = Verdict::at_least(n, before).answer;
            let is = Verdict::at_least(n, after).answer;
            prop_assert!(is == Answer::Unknown || is == was);
        }

        #[test]
        fn not_all_is_any_not(of in verdicts()) {
            let opposite = of.iter().cloned().map(Verdict::negated).collect();
            prop_assert_eq!(parts(Verdict::all(of).negated()), parts(Verdict::any(opposite)));
        }

        #[test]
        fn fewer_than_n_is_enough_others(
            of in prop::collection::vec(verdict(), 1..6), n in any::<prop::sample::Index>(),
        ) {
            let wanted = n.index(of.len()) + 1;
            let opposite: Vec<_> = of.iter().cloned().map(Verdict::negated).collect();
            let others = of.len() + 1 - wanted;
            prop_assert_eq!(
                parts(Verdict::at_least(wanted, of).negated()), parts(Verdict::at_least(others, opposite))
            );
        }

        #[test]
        fn order_does_not_matter((of, shuffled) in verdicts().prop_flat_map(|of| (Just(of.clone()), Just(of).prop_shuffle())), n in 0usize..7) {
            prop_assert_eq!(parts(Verdict::at_least(n, of)), parts(Verdict::at_least(n, shuffled)));
        }

        #[test]
        fn only_the_unknown_asks(of in verdicts(), n in 0usize..7) {
            let verdict = Verdict::at_least(n, of);
            prop_assert!(verdict.answer == Answer::Unknown || verdict.missing.is_empty());
        }
    }

    fn part(answer: Answer, fact: u32, missing: &[&'static str]) -> Verdict<'static> {
        let words = Text::new(format!("en{fact}"), format!("zh{fact}"));
        Verdict::new(answer, words, vec![FactId(fact)], missing.to_vec())
    }

    /// What forces an answer is its evidence and its reason; what is unknown tells what is missing.
    #[test]
    fn the_parts_that_force_an_answer_speak_for_it() {
        let met = || part(Answer::Met, 1, &[]);
        let not_met = || part(Answer::NotMet, 2, &[]);
        let unknown = || part(Answer::Unknown, 3, &["ecog"]);
        let all = Verdict::all(vec![met(), not_met(), unknown()]);
        assert_eq!((all.answer, &all.evidence[..]), (Answer::NotMet, &[FactId(2)][..]));
        assert_eq!(all.why, Text::new("en2", "zh2"));
        let any = Verdict::any(vec![met(), not_met(), unknown()]);
        assert_eq!((any.answer, &any.evidence[..]), (Answer::Met, &[FactId(1)][..]));
        let open = Verdict::all(vec![met(), unknown(), part(Answer::Unknown, 0, &["lvef"])]);
        assert_eq!(open.answer, Answer::Unknown);
        assert_eq!(open.evidence, [FactId(0), FactId(1), FactId(3)]);
        assert_eq!(open.missing, ["ecog", "lvef"]);
        assert_eq!(open.why, Text::new("en3; en0", "zh3；zh0"));
    }

    #[test]
    fn the_same_reason_is_said_once() {
        let twice = Verdict::all(vec![part(Answer::Met, 1, &[]), part(Answer::Met, 1, &[])]);
        assert_eq!((twice.why, twice.evidence), (Text::new("en1", "zh1"), vec![FactId(1)]));
        let inner = Verdict::all(vec![part(Answer::Met, 1, &[]), part(Answer::Met, 2, &[])]);
        let outer = Verdict::all(vec![part(Answer::Met, 1, &[]), inner]);
        assert_eq!(outer.why, Text::new("en1; en2", "zh1；zh2"));
    }

    #[test]
    fn a_single_part_is_the_whole_only_where_one_is_wanted() {
        assert_eq!(Verdict::at_least(1, vec![part(Answer::NotMet, 1, &[])]).answer, Answer::NotMet);
        assert_eq!(Verdict::at_least(0, vec![part(Answer::NotMet, 1, &[])]).answer, Answer::Met);
        assert_eq!(Verdict::at_least(2, vec![part(Answer::Met, 1, &[])]).answer, Answer::NotMet);
    }

    #[test]
    fn nothing_is_all_and_not_any() {
        assert_eq!(Verdict::all(Vec::new()).answer, Answer::Met);
        assert_eq!(Verdict::any(Vec::new()).answer, Answer::NotMet);
    }
}
