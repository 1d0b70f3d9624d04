//! What stands directly behind a marker: its bracket, its sign, its words.
//!
//! ## Reads
//! `(+, 约60%)`, `+++`, `弱阳性`, `is retained but dim`, `(previously negative) is now positive`, `背景T细胞(+)`.
//!
//! ## Leaves alone
//! What belongs to the next marker: a modifier in front of it, an opener, anything over a comma but a percent.

use super::{
    list::{List, Outcome},
    stain::{Stain, State},
    words::Word,
};
use crate::{
    grammar::tokens::{Kind, Token},
    stream::Span,
};
use cartulary_model::fact::Sign;

type Tokens<'a> = &'a [Token<Word>];

/// What stands directly behind a marker.
pub(super) struct Slot {
    pub(super) stain: Stain,
    /// Another result inside a bracket: `CD19 (previously negative)`.
    pub(super) extra: Vec<Outcome>,
    /// The token behind it.
    pub(super) end: usize,
    /// The character behind it.
    pub(super) stop: usize,
    pub(super) by_words: bool,
    /// `表达` or `expressed` behind the marker.
    pub(super) expresses: bool,
    /// Where the bracket with an earlier result ends.
    pub(super) told_before: Option<usize>,
}

impl Slot {
    pub(super) fn read(list: &List<'_>, at: usize, name: usize) -> Self {
        let mut slot = Self {
            stain: Stain::default(),
            extra: Vec::new(),
            end: at + 1,
            stop: list.tokens[at].span.end,
            by_words: false,
            expresses: false,
            told_before: None,
        };
        let mut next = at + 1;
        while let Some(token) = list.tokens.get(next) {
            match slot.step(list, next, name, token) {
                Some(after) => next = after,
                None => break,
            }
        }
        if slot.stain.sign == Some(Sign::Restricted) && slot.stain.percent.is_none() {
            slot.percent_of_clone(list);
        }
        slot
    }

    /// `lambda-restricted B-cell population (62% of lymphocytes)`.
    fn percent_of_clone(&mut self, list: &List<'_>) {
        let mut at = self.end;
        while at < self.end + 5
            && matches!(
                list.kind(at),
                Some(Kind::Other | Kind::Minus | Kind::Word(Word::Filler | Word::Background(_)))
            )
        {
            at += 1;
        }
        if let (Some(Kind::Open), Some(Kind::Percent(percent))) = (list.kind(at), list.kind(at + 1)) {
            self.stain.percent = Some(percent);
            let close = close_of(list.tokens, at);
            self.stop = list.tokens.get(close).map_or(self.stop, |of| of.span.end);
            self.end = close + 1;
        }
    }

    fn take(&mut self, list: &List<'_>, at: usize) -> Option<usize> {
        self.end = at + 1;
        self.stop = list.tokens[at].span.end;
        self.stain.repaired |= list.tokens[at].repaired;
        Some(at + 1)
    }

    fn step(&mut self, list: &List<'_>, at: usize, name: usize, token: &Token<Word>) -> Option<usize> {
        let next = list.kind(at + 1);
        match token.kind {
            Kind::Open => self.bracket(list, at, name),
            Kind::Plus(count) if self.stain.sign.is_none() => {
                self.stain.sign = Some(Sign::Positive);
                if count > 1 {
                    self.stain.intensity = Some(format!("{count}+"));
                }
                self.take(list, at)
            }
            Kind::Plus(_) => self.take(list, at),
            Kind::Grade(grade) if self.stain.sign.is_none() => {
                self.stain.sign = Some(Sign::Positive);
                self.stain.intensity = Some(format!("{grade}+"));
                self.take(list, at)
            }
            // `CD20 3+, CD10 0`: in a list of grades.
            Kind::Number(number)
                if number == 0.0
                    && self.stain.sign.is_none()
                    && matches!(next, None | Some(Kind::Comma | Kind::Semi | Kind::Close))
                    && list.tokens.iter().any(|of| matches!(of.kind, Kind::Grade(_))) =>
            {
                self.stain.sign = Some(Sign::Negative);
                self.take(list, at)
            }
            Kind::Minus => self.minus(list, at, next),
            Kind::PlusMinus if self.stain.sign.is_none() => {
                self.stain.sign = Some(Sign::Equivocal);
                self.take(list, at)
            }
            Kind::Percent(percent) if self.stain.percent.is_none() => {
                self.stain.percent = Some(percent);
                self.take(list, at)
            }
            Kind::Word(word) => self.word(list, at, word, next),
            Kind::Colon if self.end == at || !self.stain.says() => Some(at + 1),
            Kind::And if self.is_between_modifiers(list, at) => Some(at + 1),
            Kind::Comma => self.percent_behind_comma(list, at),
            Kind::Slash if matches!(next, Some(Kind::Grade(_))) => Some(at + 2),
            Kind::Name(other) if (list.same)(other, name) && !self.stain.says() => {
                self.end = at + 1;
                Some(at + 1)
            }
            _ => None,
        }
    }

    /// A minus is a sign unless it is the hyphen of `CD19-positive` or a dash before words.
    fn minus(&mut self, list: &List<'_>, at: usize, next: Option<Kind<Word>>) -> Option<usize> {
        let hyphen = matches!(
            next,
            Some(
                Kind::Word(
                    Word::Result(_)
                        | Word::Intensity(_)
                        | Word::Extent(_)
                        | Word::Carrier
                        | Word::NotDone
                        | Word::Pending
                ) | Kind::Percent(_)
                    | Kind::Other
                    | Kind::Number(_)
            )
        );
        if hyphen && self.stain.sign.is_none() {
            return Some(at + 1);
        }
        if self.stain.sign.is_some() {
            return None;
        }
        self.stain.sign = Some(Sign::Negative);
        self.take(list, at)
    }

    fn word(&mut self, list: &List<'_>, at: usize, word: Word, next: Option<Kind<Word>>) -> Option<usize> {
        let names_next = matches!(next, Some(Kind::Name(_)));
        match word {
            Word::Result(sign) => {
                let differs = self.stain.sign.is_some_and(|of| of != sign);
                let leads = names_next && self.stain.says();
                if leads || (differs && sign != Sign::Restricted) {
                    return None;
                }
                self.by_words = true;
                self.stain.sign = Some(sign);
                self.take(list, at)
            }
            // `CD19不表达。`: behind its marker, with no list to open.
            Word::Opens(sign)
                if !self.stain.says()
                    && matches!(next, None | Some(Kind::Comma | Kind::Semi | Kind::Close)) =>
            {
                self.by_words = true;
                self.stain.sign = Some(sign);
                self.take(list, at)
            }
            Word::Expresses
                if !names_next && !self.stain.says() || matches!(next, Some(Kind::Word(Word::Result(_)))) =>
            {
                self.expresses = true;
                self.by_words = true;
                self.take(list, at)
            }
            Word::Intensity(of) if self.fits(list, at) => {
                self.stain.intensity.get_or_insert_with(|| of.to_owned());
                self.take(list, at)
            }
            Word::Extent(of) if self.fits(list, at) => {
                self.stain.extent = self.stain.extent.or(Some(of));
                self.take(list, at)
            }
            Word::Pattern(of) => {
                self.stain.pattern = self.stain.pattern.or(Some(of));
                self.take(list, at)
            }
            Word::Pending | Word::Optional | Word::NotDone if self.stain.sign.is_none() => {
                self.by_words = true;
                self.stain.state = match word {
                    Word::Pending => State::Pending,
                    Word::Optional => State::Optional,
                    _ => State::NotDone,
                };
                self.take(list, at)
            }
            Word::Background(of) if self.whose(list, at) => {
                self.stain.background = Some(of);
                self.take(list, at)
            }
            Word::Residual | Word::Small if matches!(next, Some(Kind::Word(Word::Background(_)))) => {
                Some(at + 1)
            }
            Word::Filler => Some(at + 1),
            Word::Highlights if self.stain.sign.is_none() && list.asks_or_answers(at + 1) => Some(at + 1),
            Word::Now if self.stain.sign.is_none() => Some(at + 1),
            Word::Turns
                if matches!(next, Some(Kind::Word(Word::Intensity(_) | Word::Extent(_))))
                    && self.stain.sign.is_some() =>
            {
                // `CD19 is retained but dim`.
                Some(at + 1)
            }
            _ => None,
        }
    }

    /// `strongly and diffusely positive`.
    fn is_between_modifiers(&self, list: &List<'_>, at: usize) -> bool {
        let modifier =
            |kind| matches!(kind, Some(Kind::Word(Word::Intensity(_) | Word::Extent(_) | Word::Pattern(_))));
        let mut next = at + 1;
        while modifier(list.kind(next)) {
            next += 1;
        }
        modifier(list.kind(at - 1)) && next > at + 1 && !matches!(list.kind(next), Some(Kind::Name(_)))
    }

    /// Whether a modifier belongs to this marker and not to the one behind it.
    fn fits(&self, list: &List<'_>, at: usize) -> bool {
        let mut next = at + 1;
        while matches!(list.kind(next), Some(Kind::Word(Word::Intensity(_) | Word::Extent(_)))) {
            next += 1;
        }
        !(self.stain.says() && matches!(list.kind(next), Some(Kind::Name(_))))
    }

    /// `CD3背景T细胞(+)`, `CK上皮+`: cells named between marker and sign are the stained ones.
    fn whose(&self, list: &List<'_>, at: usize) -> bool {
        let word = |back: usize| at.checked_sub(back).and_then(|of| list.kind(of));
        // "CD5-positive small B cells" are the tumour's, "scattered small B cells" are not.
        let residual = match word(1) {
            Some(Kind::Word(Word::Residual)) => true,
            Some(Kind::Word(Word::Small)) => {
                self.stain.sign.is_none()
                    || !matches!(list.kind(at), Some(Kind::Word(Word::Background("B cells"))))
                    || matches!(word(2), Some(Kind::Word(Word::Residual | Word::Extent("rare"))))
            }
            _ => false,
        };
        let mut next = at + 1;
        while matches!(list.kind(next), Some(Kind::Word(Word::Filler | Word::Extent(_)))) {
            next += 1;
        }
        let signed = matches!(
            list.kind(next),
            Some(Kind::Plus(_) | Kind::Open | Kind::Word(Word::Result(Sign::Positive)))
        );
        residual || (self.stain.sign.is_none() && signed)
    }

    /// `Ki-67（+），约80%`.
    fn percent_behind_comma(&mut self, list: &List<'_>, at: usize) -> Option<usize> {
        // `Ki-67（+），约80%`, "p53 strong, 70%", "CD20 heterogeneous, about 60%".
        let told = self.stain.sign.is_some() || self.stain.intensity.is_some() || self.stain.extent.is_some();
        if self.stain.percent.is_some() || !told {
            return None;
        }
        let mut next = at + 1;
        while matches!(list.kind(next), Some(Kind::Word(Word::Filler))) {
            next += 1;
        }
        let Some(Kind::Percent(percent)) = list.kind(next) else { return None };
        let ends = matches!(
            list.kind(next + 1),
            None | Some(
                Kind::Comma
                    | Kind::Semi
                    | Kind::Close
                    | Kind::Plus(_)
                    | Kind::Word(Word::Result(Sign::Positive))
            )
        );
        if !ends {
            return None;
        }
        self.stain.percent = Some(percent);
        self.take(list, next)
    }

    /// A bracket behind a marker: its result, another name of it, or something else.
    fn bracket(&mut self, list: &List<'_>, at: usize, name: usize) -> Option<usize> {
        let close = close_of(list.tokens, at);
        let inside = &list.tokens[at + 1..close];
        let after = close + 1;
        let stop = list.tokens.get(close).map_or(self.stop, |of| of.span.end);
        let others: Vec<usize> = inside
            .iter()
            .filter_map(|of| match of.kind {
                Kind::Name(other) => Some(other),
                _ => None,
            })
            .collect();
        if let (true, Some((own, before))) = (others.is_empty(), of_two_times(inside)) {
            let span = Span::new(before[0].span.start, before[before.len() - 1].span.end);
            self.extra.push((name, Stain { span: Some(span), ..bag(before) }));
            self.stain.fill(&bag(own));
            self.stop = own.last().map_or(stop, |of| of.span.end);
            self.end = after;
            return Some(after);
        }
        let bag = bag(inside);
        if !others.is_empty() {
            let alias =
                others.iter().all(|other| (list.same)(*other, name)) || (inside.len() == 1 && !bag.says());
            let alone = inside.iter().all(|of| matches!(of.kind, Kind::Name(_) | Kind::Slash | Kind::Minus));
            if !(alias && alone) {
                return None;
            }
            self.end = after;
            return Some(after);
        }
        if bag.past && bag.sign.is_some() {
            let span = Span::new(inside[0].span.start, inside[inside.len() - 1].span.end);
            self.extra.push((name, Stain { span: Some(span), ..bag }));
            self.told_before = Some(stop).filter(|_| !self.stain.says());
            self.end = after;
            return Some(after);
        }
        if bag.decides() && !(self.stain.sign.is_some() && bag.state != State::Read) {
            self.stain.fill(&bag);
            self.stop = stop;
        } else {
            // `positive: ... cyclin D1 (strong, nuclear)`: how, where the sign stands before the list.
            self.stain.pattern = self.stain.pattern.or(bag.pattern);
            self.stain.extent = self.stain.extent.or(bag.extent);
            if let Some(intensity) = bag.intensity {
                self.stain.intensity.get_or_insert(intensity);
            }
        }
        self.end = after;
        Some(after)
    }
}

fn close_of(tokens: Tokens<'_>, open: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len()
}

/// Everything a bracket says, in any order: `(+, 约60%)`, `(弥漫强+)`, `(reactive T cells only)`, `(2+, 40-50%)`.
/// `CD20(-,外院治疗前+)`: what is now, and behind the comma what was.
fn of_two_times(inside: Tokens<'_>) -> Option<(Tokens<'_>, Tokens<'_>)> {
    let comma = inside.iter().position(|of| matches!(of.kind, Kind::Comma | Kind::Semi))?;
    let (own, before) = (&inside[..comma], &inside[comma + 1..]);
    let (now, then) = (bag(own), bag(before));
    (now.sign.is_some() && !now.past && then.sign.is_some() && then.past && now.sign != then.sign)
        .then_some((own, before))
}

fn bag(inside: Tokens<'_>) -> Stain {
    let mut stain = Stain::default();
    let (mut tumour, mut residual, mut small) = (false, false, false);
    let mut cells: Option<&'static str> = None;
    for (index, token) in inside.iter().enumerate() {
        stain.repaired |= token.repaired;
        match token.kind {
            Kind::Plus(count) => {
                stain.sign = stain.sign.or(Some(Sign::Positive));
                if count > 1 {
                    stain.intensity.get_or_insert_with(|| format!("{count}+"));
                }
            }
            Kind::Grade(grade) => {
                stain.sign = stain.sign.or(Some(Sign::Positive));
                stain.intensity.get_or_insert_with(|| format!("{grade}+"));
            }
            Kind::Minus if stands_alone(inside, index) => stain.sign = stain.sign.or(Some(Sign::Negative)),
            Kind::PlusMinus => stain.sign = stain.sign.or(Some(Sign::Equivocal)),
            Kind::Number(number) if number == 0.0 && inside.len() == 1 => stain.sign = Some(Sign::Negative),
            Kind::Percent(percent) => stain.percent = stain.percent.or(Some(percent)),
            Kind::Word(word) => match word {
                Word::Result(sign) => stain.sign = stain.sign.or(Some(sign)),
                Word::Intensity(of) => {
                    stain.intensity.get_or_insert_with(|| of.to_owned());
                }
                Word::Extent(of) => stain.extent = stain.extent.or(Some(of)),
                Word::Pattern(of) => stain.pattern = stain.pattern.or(Some(of)),
                Word::Background(of) => cells = cells.or(Some(of)),
                Word::Residual => residual = true,
                Word::Small => small = true,
                Word::Tumour => tumour = true,
                // `CD19（原+，现-）`: what is now counts.
                Word::Now => {
                    stain.sign = None;
                    stain.percent = None;
                    stain.past = false;
                }
                Word::Past => stain.past = true,
                Word::Pending => stain.state = State::Pending,
                Word::NotDone => stain.state = State::NotDone,
                _ => {}
            },
            _ => {}
        }
    }
    // "CD5-positive small B cells" may well be the tumour.
    residual |= small && cells != Some("B cells") || stain.extent == Some("rare");
    let background = cells.filter(|of| !tumour && (residual || *of != "B cells"));
    if background.is_some() && stain.sign != Some(Sign::Negative) {
        stain.background = background;
        stain.extent = None;
    }
    // `(expanded meshworks)` describes; it does not decide.
    if stain.extent.is_some() && stain.sign.is_none() && stain.percent.is_none() && cells.is_some() {
        stain.extent = None;
    }
    stain
}

/// A minus at an end of the bracket or beside a comma.
fn stands_alone(inside: Tokens<'_>, index: usize) -> bool {
    let edge = |at: Option<usize>| {
        at.and_then(|of| inside.get(of)).is_none_or(|of| matches!(of.kind, Kind::Comma | Kind::Semi))
    };
    edge(index.checked_sub(1)) || edge(Some(index + 1))
}
