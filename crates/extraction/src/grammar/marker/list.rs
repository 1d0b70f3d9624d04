//! The grammar of a list of markers.
//!
//! ## Reads
//! From left to right: a marker with its own result (bracket, sign, words), a result said of the list before it,
//! and a polarity that was opened before the list (`positive for A, B; negative for C`, `表达…，不表达…`).
//!
//! ## Never
//! A sign over a semicolon, a full stop or a turn of the sentence (`but`, 而).

use super::{
    slot::Slot,
    stain::{Stain, State},
    words::Word,
};
use crate::{
    grammar::tokens::{Kind, Token},
    stream::Span,
};
use cartulary_model::fact::Sign;

type Tokens<'a> = &'a [Token<Word>];

/// A marker by its index, with a result.
pub(super) type Outcome = (usize, Stain);

/// Reads one passage.
pub(super) fn read(tokens: Tokens<'_>, same: &dyn Fn(usize, usize) -> bool) -> Vec<Outcome> {
    let mut list = List::new(tokens, same);
    list.run();
    list.out
}

pub(super) struct List<'a> {
    pub(super) tokens: Tokens<'a>,
    /// Whether two hits name the same marker.
    pub(super) same: &'a dyn Fn(usize, usize) -> bool,
    /// What was opened before the list.
    opened: Option<Stain>,
    /// What was opened outside the bracket that is being read.
    outside: Vec<Option<Stain>>,
    outside_past: Vec<bool>,
    /// Markers that wait for a result: name and token.
    group: Vec<(usize, usize)>,
    /// Modifiers in front of the next marker.
    lead: Stain,
    lead_no: bool,
    /// Foreign words since the last marker.
    foreign: usize,
    joined_by_comma: bool,
    past: bool,
    dated: bool,
    conditional: bool,
    compared: bool,
    /// The list behind a modifier: `strong CD20 and CD79a expression`.
    modified: Option<Stain>,
    /// Markers since the last comma that have only the opened polarity: `弱表达CD30,CD3、CD5均阴性`.
    tentative: Vec<usize>,
    comma_since_opened: bool,
    /// Cells beside the tumour that were named before their markers: `背景T细胞CD3、CD5阳性`.
    beside: Option<&'static str>,
    /// A marker was named since the last separator.
    seen: bool,
    out: Vec<Outcome>,
}

impl<'a> List<'a> {
    fn new(tokens: Tokens<'a>, same: &'a dyn Fn(usize, usize) -> bool) -> Self {
        Self {
            tokens,
            same,
            opened: None,
            outside: Vec::new(),
            outside_past: Vec::new(),
            group: Vec::new(),
            lead: Stain::default(),
            lead_no: false,
            foreign: 0,
            joined_by_comma: false,
            past: false,
            dated: false,
            conditional: false,
            compared: false,
            modified: None,
            tentative: Vec::new(),
            comma_since_opened: false,
            beside: None,
            seen: false,
            out: Vec::new(),
        }
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind<Word>> {
        self.tokens.get(at).map(|of| of.kind)
    }

    fn run(&mut self) {
        let mut at = 0;
        while let Some(kind) = self.kind(at) {
            at = match kind {
                Kind::Name(name) => self.marker(at, name),
                Kind::Word(word) => self.word(at, word),
                Kind::Semi => self.stop(at),
                Kind::Open => self.open(at),
                Kind::Close => self.close(at),
                Kind::Comma | Kind::And => {
                    if !self.is_modifier(at + 1) {
                        self.lead = Stain::default();
                    }
                    self.lead_no = false;
                    self.leave_beside(at, kind == Kind::Comma);
                    if kind == Kind::Comma {
                        self.conditional = false;
                        self.joined_by_comma = true;
                        self.comma_since_opened = true;
                        self.modified = None;
                        self.tentative.clear();
                    }
                    at + 1
                }
                Kind::Percent(percent) => {
                    self.lead.percent = Some(percent);
                    self.lead.span = Some(self.tokens[at].span);
                    at + 1
                }
                Kind::Other => {
                    self.foreign += 1;
                    at + 1
                }
                Kind::Plus(_) | Kind::Minus if self.heads_list(at + 1) => {
                    self.open_sign(kind);
                    at + 2
                }
                Kind::Plus(_)
                | Kind::Minus
                | Kind::PlusMinus
                | Kind::Grade(_)
                | Kind::Number(_)
                | Kind::Slash
                | Kind::Colon => at + 1,
            };
        }
    }

    /// `+:CD20、PAX5;-:CD10`, `(+):CD20`: the sign stands before the list of its markers.
    fn heads_list(&self, colon: usize) -> bool {
        matches!((self.kind(colon), self.kind(colon + 1)), (Some(Kind::Colon), Some(Kind::Name(_))))
    }

    fn open_sign(&mut self, sign: Kind<Word>) {
        let sign = if sign == Kind::Minus { Sign::Negative } else { Sign::Positive };
        self.open_polarity(Stain::of(sign));
    }

    /// `strong, diffuse CD20`.
    fn is_modifier(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Word(Word::Intensity(_) | Word::Extent(_) | Word::Pattern(_))))
    }

    fn stop(&mut self, at: usize) -> usize {
        self.turn();
        self.past = false;
        self.dated = false;
        self.conditional = false;
        self.compared = false;
        at + 1
    }

    /// What is said of the cells beside the tumour goes on while their markers are listed.
    fn leave_beside(&mut self, at: usize, comma: bool) {
        self.seen = false;
        let listed = matches!(self.kind(at + 1), Some(Kind::Name(_)));
        let waits = !comma || !self.group.is_empty() || self.opened.is_some();
        if !(listed && waits) {
            self.beside = None;
        }
    }

    /// `背景T细胞`, "residual B cells", "scattered small B cells" in front of markers: whose stain follows.
    fn names_beside(&mut self, at: usize, cells: &'static str) {
        let word = |back: usize| at.checked_sub(back).and_then(|of| self.kind(of));
        let residual = |kind| matches!(kind, Some(Kind::Word(Word::Residual)));
        let few = matches!(word(2), Some(Kind::Word(Word::Residual | Word::Extent("rare"))));
        let small = matches!(word(1), Some(Kind::Word(Word::Small)));
        if !self.seen && (cells == "background cells" || residual(word(1)) || small && few) {
            self.beside = Some(cells);
        }
    }

    fn turn(&mut self) {
        self.beside = None;
        self.seen = false;
        self.modified = None;
        self.tentative.clear();
        self.opened = None;
        self.group.clear();
        self.lead = Stain::default();
        self.lead_no = false;
        self.foreign = 0;
    }

    /// A bracket that is no marker's own: a list inside it is read by itself, or under the word in front of it.
    fn open(&mut self, at: usize) -> usize {
        if let Some(sign @ (Kind::Plus(_) | Kind::Minus)) = self.kind(at + 1)
            && self.kind(at + 2) == Some(Kind::Close)
            && self.heads_list(at + 3)
        {
            self.open_sign(sign);
            return at + 4;
        }
        let before = at.checked_sub(1).and_then(|of| self.kind(of));
        let asked = self.opened.as_ref().is_some_and(|of| of.state != State::Read);
        let directly = matches!(before, Some(Kind::Word(Word::Opens(_) | Word::Orders | Word::Result(_))));
        self.outside.push(self.opened.clone());
        self.outside_past.push(self.past);
        // `较2023年标本（CD19阳性）`: the bracket tells of what is compared with.
        self.past |= matches!(before, Some(Kind::Word(Word::Past | Word::Specimen))) && self.compared;
        if !(directly || asked) {
            self.opened = None;
        }
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        self.opened = self.outside.pop().flatten();
        self.past = self.outside_past.pop().unwrap_or(self.past);
        at + 1
    }

    fn word(&mut self, at: usize, word: Word) -> usize {
        match word {
            Word::Opens(sign) => {
                self.open_polarity(Stain::of(sign));
            }
            Word::Expresses => {
                if self.lead_no {
                    self.open_polarity(Stain::of(Sign::Negative));
                } else {
                    self.open_polarity(Stain::of(Sign::Positive));
                }
            }
            Word::Orders => self.open_polarity(Stain::unread(State::Pending)),
            Word::Result(sign) => self.result(at, sign),
            Word::Pending => self.state(at, State::Pending),
            Word::Optional => self.state(at, State::Optional),
            Word::NotDone => self.state(at, State::NotDone),
            Word::Intensity(of) => self.lead.intensity = Some(of.to_owned()),
            Word::Extent(of) => self.lead.extent = Some(of),
            Word::Pattern(of) => self.lead.pattern = Some(of),
            Word::Filler | Word::Count | Word::Carrier | Word::Anti => {}
            Word::No => self.lead_no = true,
            Word::Highlights if self.asks_or_answers(at + 1) => {}
            Word::Highlights if !self.group.is_empty() => return self.highlights(at),
            Word::Past if !self.compared => self.past = true,
            Word::Past => {}
            Word::Specimen => {
                let year = at.checked_sub(1).and_then(|of| self.kind(of));
                let dated = matches!(year, Some(Kind::Number(of)) if (1980.0..2100.0).contains(&of));
                self.dated |= dated && !self.compared;
            }
            Word::If => self.conditional = true,
            Word::Now => {
                self.past = false;
                self.dated = false;
            }
            Word::Compared => self.compared = true,
            Word::Turns => self.turn(),
            Word::Background(cells) => {
                self.names_beside(at, cells);
                self.foreign += 1;
            }
            Word::Tumour => {
                self.beside = None;
                self.foreign += 1;
            }
            Word::Residual | Word::Small | Word::Highlights => self.foreign += 1,
        }
        at + 1
    }

    fn open_polarity(&mut self, mut opened: Stain) {
        opened.fill(&Stain { span: None, sign: None, ..std::mem::take(&mut self.lead) });
        if opened.sign != Some(Sign::Positive) {
            opened.percent = None;
        }
        if opened.state != State::Read {
            opened.intensity = None;
            opened.extent = None;
        }
        self.lead_no = false;
        self.group.clear();
        self.foreign = 0;
        self.comma_since_opened = false;
        self.opened = Some(opened);
    }

    /// A result that is no marker's own: of the list before it, or of the list behind it.
    fn result(&mut self, at: usize, sign: Sign) {
        let denied = std::mem::take(&mut self.lead_no);
        if denied && sign == Sign::Restricted {
            self.group.clear();
            return;
        }
        let sign = if denied && sign == Sign::Positive { Sign::Negative } else { sign };
        let next = self.next_sign(at + 1);
        let opens =
            sign != Sign::Restricted && matches!(next, Some(Kind::Colon | Kind::Open | Kind::Name(_)));
        let waits = !self.group.is_empty() && self.foreign <= 4;
        let mut stain = Stain::of(sign);
        stain.fill(&Stain { percent: None, span: None, ..self.lead.clone() });
        if waits && !matches!(next, Some(Kind::Name(_))) {
            self.share(&stain, true);
            self.group.clear();
        } else if opens {
            self.open_polarity(stain);
        } else {
            self.lead.sign = Some(sign);
        }
    }

    /// `a CD20 stain is pending`, `stains were positive`: the verb's object is a result.
    pub(super) fn asks_or_answers(&self, from: usize) -> bool {
        let counted = matches!(self.kind(from), Some(Kind::Percent(_)))
            && matches!(self.kind(from + 1), Some(Kind::Word(Word::Result(_))));
        counted
            || matches!(
                self.next_sign(from),
                Some(Kind::Word(
                    Word::Pending | Word::NotDone | Word::Optional | Word::Result(_) | Word::Opens(_)
                ))
            )
    }

    /// The next token that is no filler.
    fn next_sign(&self, from: usize) -> Option<Kind<Word>> {
        self.tokens[from..].iter().map(|of| of.kind).find(|of| {
            !matches!(
                of,
                Kind::Word(Word::Filler | Word::Intensity(_) | Word::Extent(_) | Word::Highlights)
                    | Kind::Other
            )
        })
    }

    fn state(&mut self, at: usize, state: State) {
        let opens = matches!(self.kind(at + 1), Some(Kind::Colon | Kind::Name(_)));
        let stain = Stain::unread(state);
        if !self.group.is_empty() && self.foreign <= 8 {
            self.share(&stain, true);
            self.group.clear();
        } else if opens {
            self.open_polarity(stain);
        } else {
            self.mark_bracket(state);
        }
    }

    /// `Additional stains (CD30, ALK) have been ordered`: nothing waits, and what was ordered is known already.
    fn mark_bracket(&mut self, state: State) {
        if state == State::NotDone {
            self.opened = None;
        }
    }

    /// `CD3 and CD5 highlight background T cells`: the object says whose cells are stained.
    fn highlights(&mut self, at: usize) -> usize {
        let mut end = at + 1;
        let mut stain = Stain::default();
        let (mut residual, mut tumour, mut none) = (false, false, false);
        while let Some(kind) = self.kind(end) {
            match kind {
                Kind::Comma | Kind::Semi | Kind::Name(_) | Kind::Word(Word::Turns | Word::Opens(_)) => break,
                Kind::Word(Word::Background(of)) => stain.background = stain.background.or(Some(of)),
                Kind::Word(Word::Residual | Word::Small | Word::Extent("rare")) => residual = true,
                Kind::Word(Word::Tumour) => tumour = true,
                Kind::Word(Word::No) => none = true,
                Kind::Word(Word::Result(sign)) => stain.sign = stain.sign.or(Some(sign)),
                Kind::Word(Word::Intensity(of)) => stain.intensity = Some(of.to_owned()),
                Kind::Word(Word::Extent(of)) => stain.extent = Some(of),
                Kind::Percent(of) => stain.percent = stain.percent.or(Some(of)),
                _ => {}
            }
            end += 1;
        }
        let dendritic = stain.background == Some("follicular dendritic cells");
        if none {
            stain = Stain::of(Sign::Negative);
        } else if tumour || (dendritic && !residual) {
            stain = Stain { background: None, sign: stain.sign.or(Some(Sign::Positive)), ..stain };
        } else if !stain.says() {
            self.group.clear();
            return at + 1;
        }
        let stop = self.tokens[end - 1].span.end;
        self.share_until(&stain, true, Some(stop));
        self.group.clear();
        end
    }

    fn share(&mut self, stain: &Stain, by_words: bool) {
        self.share_until(stain, by_words, None);
    }

    /// Gives the waiting markers a result; one that has a percent of its own only takes the sign.
    fn share_until(&mut self, stain: &Stain, by_words: bool, stop: Option<usize>) {
        let last = self.group.last().map(|(name, _)| *name);
        for (name, at) in self.group.clone() {
            let mut own = stain.shared();
            if let Some(stop) = stop.filter(|_| last == Some(name)) {
                own.span = Some(Span::new(self.tokens[at].span.start, stop));
            }
            match self.out.iter_mut().rev().find(|(of, _)| *of == name) {
                // "BCL2 90%, MYC 40%, CD10 negative": what a share of the cells shows is not negative.
                Some((_, known))
                    if own.sign == Some(Sign::Negative) && known.percent.is_some_and(|of| of.high >= 1.0) => {
                }
                Some((_, known)) if known.sign.is_none() && by_words && own.state == State::Read => {
                    known.fill(&own);
                }
                Some(_) => {}
                None => self.emit(name, own),
            }
        }
    }

    /// A result said of the end of a list holds for what was enumerated before it.
    fn overrule(&mut self, stain: &Stain) {
        for name in std::mem::take(&mut self.tentative) {
            let known = self.out.iter_mut().rev().find(|(of, _)| *of == name);
            if let Some((_, known)) = known.filter(|(_, known)| known.sign != stain.sign) {
                *known = Stain { past: known.past, ..stain.shared() };
            }
        }
    }

    fn emit(&mut self, name: usize, mut stain: Stain) {
        stain.past |= self.past;
        stain.dated |= self.dated;
        stain.beside = self.beside;
        if self.conditional {
            stain.state = State::NotDone;
        }
        self.out.push((name, stain));
    }

    /// A marker: its own result, the polarity that is open, or it waits.
    fn marker(&mut self, at: usize, name: usize) -> usize {
        self.seen = true;
        let lead = std::mem::take(&mut self.lead);
        let denied = std::mem::take(&mut self.lead_no);
        if self.is_carried(at) {
            self.group.clear();
            return at + 1;
        }
        if self.foreign > 0 && self.kind(at.wrapping_sub(1)).is_some() && !self.after_separator(at) {
            self.group.clear();
        }
        if denied {
            self.open_polarity(Stain::of(Sign::Negative));
        }
        let list = self.foreign == 0;
        self.foreign = 0;
        let slot = Slot::read(self, at, name);
        for (of, stain) in slot.extra {
            self.emit(of, stain);
        }
        let end = slot.end;
        let mut stain = slot.stain;
        let restricted = stain.sign == Some(Sign::Restricted) || lead.sign == Some(Sign::Restricted);
        if stain.sign.is_none() && slot.expresses && self.opened.is_none() {
            stain.sign = Some(Sign::Positive);
        }
        if stain.sign == Some(Sign::Positive) && stain.background.is_none() {
            stain.background = self.cells_before(at);
        }
        let own = stain.says();
        let modifies = lead.intensity.is_some() || lead.extent.is_some() || lead.pattern.is_some();
        if let Some(modified) = self.modified.take().filter(|_| !own && list && self.opened.is_none()) {
            stain.fill(&modified);
            stain.span = Some(self.tokens[at].span);
            self.modified = Some(modified);
            self.emit(name, stain);
        } else if own || modifies || lead.sign.is_some() {
            if !own && self.opened.is_none() && lead.sign != Some(Sign::Restricted) {
                let sign = lead.sign.or(Some(Sign::Positive));
                stain.sign = sign.filter(|_| modifies);
                self.modified = Some(Stain { sign, percent: None, span: None, ..lead.clone() });
            }
            let decided = stain.sign.is_some() || stain.state != State::Read;
            stain.fill(&Stain { percent: lead.percent.filter(|_| restricted), span: None, ..lead.clone() });
            if let Some(opened) =
                self.opened.clone().filter(|_| stain.sign.is_none() && stain.background.is_none())
            {
                let modified = stain.intensity.is_some() && opened.sign == Some(Sign::Negative);
                stain.fill(&Stain {
                    sign: opened.sign.filter(|_| !modified),
                    state: opened.state,
                    ..Stain::default()
                });
            }
            let own_start = slot.told_before.unwrap_or(self.tokens[at].span.start);
            let start = lead.span.filter(|_| restricted).map_or(own_start, |of| of.start);
            stain.span = Some(Span::new(start.min(slot.stop), slot.stop));
            if decided && slot.by_words && list && !restricted {
                self.overrule(&stain);
            }
            if decided && own && list && !restricted {
                // `MYC 30%  CD3 -`: two stains side by side, each with a result of its own.
                let by_words = (slot.by_words || !self.joined_by_comma) && self.after_separator(at);
                self.share(&stain.shared(), by_words);
            }
            let modified = stain.intensity.is_some() || stain.extent.is_some();
            let waits = stain.sign.is_none() && stain.percent.is_some() && !modified && self.opened.is_none();
            self.emit(name, stain);
            if waits && (list || self.group.is_empty()) {
                self.group.push((name, at));
            } else {
                self.group.clear();
            }
            self.joined_by_comma = false;
        } else if let Some(opened) = self.opened.clone() {
            self.emit(name, opened);
            if self.comma_since_opened {
                self.tentative.push(name);
            }
            self.group.clear();
        } else {
            if !list {
                self.group.clear();
            }
            if self.group.is_empty() {
                self.joined_by_comma = false;
            }
            self.group.push((name, at));
        }
        end.max(at + 1)
    }

    /// `背景T细胞CD3阳性`, "background T cells CD3 positive": cells that are not the tumour's, right before the marker.
    fn cells_before(&self, at: usize) -> Option<&'static str> {
        let cells = match self.kind(at.checked_sub(1)?)? {
            // `背景细胞CD5+`: the word says itself that they are beside the tumour.
            Kind::Word(Word::Background("background cells")) => return Some("background cells"),
            Kind::Word(Word::Background(cells)) => cells,
            _ => return None,
        };
        let left = matches!(self.kind(at.checked_sub(2)?), Some(Kind::Word(Word::Residual)));
        left.then_some(cells)
    }

    fn after_separator(&self, at: usize) -> bool {
        matches!(
            at.checked_sub(1).and_then(|of| self.kind(of)),
            Some(Kind::Comma | Kind::And | Kind::Slash | Kind::Open)
        ) && self.foreign == 0
    }

    /// `CD19 CAR-T`, `抗CD20`, `CD4计数` are no stains.
    fn is_carried(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|of| self.kind(of));
        let anti = matches!(before, Some(Kind::Word(Word::Anti)))
            || (matches!(before, Some(Kind::Minus))
                && at >= 2
                && matches!(self.kind(at - 2), Some(Kind::Word(Word::Anti))));
        let named = |kind: Option<Kind<Word>>| matches!(kind, Some(Kind::Word(Word::Carrier | Word::Count)));
        let mut next = at + 1;
        let mut steps = 0;
        // `CD19/CD22双靶点`, `CD4+ T-cell count`.
        while steps < 5
            && matches!(
                self.kind(next),
                Some(
                    Kind::Slash
                        | Kind::Name(_)
                        | Kind::Minus
                        | Kind::Plus(_)
                        | Kind::Word(Word::Background(_) | Word::Filler)
                )
            )
        {
            next += 1;
            steps += 1;
        }
        // `CD4+T细胞 186个/uL`: cells that were counted.
        let counted = matches!(self.kind(next), Some(Kind::Number(_) | Kind::Percent(_)))
            && (at + 1..next).any(|of| matches!(self.kind(of), Some(Kind::Word(Word::Background(_)))));
        anti || counted || named(self.kind(at + 1)) || named(self.kind(next))
    }
}
