//! The result of one marker, and the fact it becomes.

use crate::{
    draft::Draft,
    grammar::tokens::Percent,
    stream::{Hit, Span},
};
use cartulary_model::{
    Assertion, PartialDate, Temporality, Value,
    fact::{Attr, Sign},
};

/// Whether there is a result, and if not, why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Read,
    /// Asked for, not yet answered.
    Pending,
    /// May be asked for.
    Optional,
    /// There is none and none is awaited: no fact.
    NotDone,
}

/// A result beside its marker.
#[derive(Clone, Debug, Default)]
pub(super) struct Stain {
    pub(super) state: State,
    pub(super) sign: Option<Sign>,
    pub(super) percent: Option<Percent>,
    pub(super) intensity: Option<String>,
    pub(super) extent: Option<&'static str>,
    pub(super) pattern: Option<&'static str>,
    /// Cells other than the tumour's that are stained.
    pub(super) background: Option<&'static str>,
    /// Cells named in front of a list of markers: the stains are theirs.
    pub(super) beside: Option<&'static str>,
    /// Told of an earlier specimen.
    pub(super) past: bool,
    /// Told of a dated specimen: past if a later one is told of.
    pub(super) dated: bool,
    pub(super) date: Option<(PartialDate, Span)>,
    pub(super) repaired: bool,
    /// The words that say it.
    pub(super) span: Option<Span>,
}

impl Stain {
    pub(super) fn of(sign: Sign) -> Self {
        Self { sign: Some(sign), ..Self::default() }
    }

    pub(super) fn unread(state: State) -> Self {
        Self { state, ..Self::default() }
    }

    /// Whether anything was said.
    pub(super) fn says(&self) -> bool {
        self.state != State::Read
            || self.sign.is_some()
            || self.percent.is_some()
            || self.intensity.is_some()
            || self.extent.is_some()
            || self.pattern.is_some()
            || self.background.is_some()
    }

    /// Whether what was said decides a sign, a percent or a state.
    pub(super) fn decides(&self) -> bool {
        self.says() && (self.pattern.is_none() || self.sign.is_some() || self.percent.is_some())
            || self.pattern.is_some_and(|of| matches!(of, "wild_type" | "mutant" | "null"))
    }

    /// Takes from another what is not said here.
    pub(super) fn fill(&mut self, other: &Self) {
        if self.state == State::Read {
            self.state = other.state;
        }
        self.sign = self.sign.or(other.sign);
        self.percent = self.percent.or(other.percent);
        self.intensity = self.intensity.take().or_else(|| other.intensity.clone());
        self.extent = self.extent.or(other.extent);
        self.pattern = self.pattern.or(other.pattern);
        self.background = self.background.or(other.background);
        self.past |= other.past;
        self.dated |= other.dated;
        self.repaired |= other.repaired;
    }

    /// What of it is said of every marker of a list.
    pub(super) fn shared(&self) -> Self {
        Self { percent: None, span: None, repaired: false, ..self.clone() }
    }

    /// The fact; nothing where there is no result.
    ///
    /// `背景T细胞CD3阳性` says that the tumour's cells lack it; what other cells than T cells show says nothing of them.
    pub(super) fn draft(mut self, hit: &Hit, method: &str) -> Option<Draft> {
        const OF_T_CELLS: [&str; 7] =
            ["bio.cd2", "bio.cd3", "bio.cd4", "bio.cd5", "bio.cd7", "bio.cd8", "bio.cd43"];
        let span = self.span.unwrap_or(hit.span);
        if let Some(cells) = self.beside.filter(|_| self.sign != Some(Sign::Negative)) {
            if cells != "T cells" || !OF_T_CELLS.contains(&hit.concept.as_str()) {
                return None;
            }
            self.background = Some(cells);
        }
        let draft = Draft::new(hit.concept.as_str(), span, "marker.stain")
            .named_at(hit.span)
            .word(Attr::Method, method);
        match self.state {
            State::NotDone => None,
            State::Pending | State::Optional => {
                let mut draft = Draft { assertion: Some(Assertion::Hypothetical), ..draft };
                if self.state == State::Pending {
                    draft = draft.word(Attr::Status, "pending");
                }
                Some(Draft { rule: "marker.pending", ..draft })
            }
            State::Read => Some(self.result(draft.present(), hit)),
        }
    }

    fn result(self, mut draft: Draft, hit: &Hit) -> Draft {
        let index = hit.concept.as_str() == "lab.ki67";
        let sign = match self.sign {
            _ if self.background.is_some() => Some(Sign::Negative),
            None if !index && (self.intensity.is_some() || self.extent.is_some()) => Some(Sign::Positive),
            other => other,
        };
        if let Some(sign) = sign {
            draft = draft.value(Value::Sign(sign));
        }
        if let Some(background) = self.background {
            draft = draft.word(Attr::Background, background);
        }
        if let Some(Percent { low, high }) = self.percent {
            draft = if low < high {
                draft.number(Attr::PercentLow, low).number(Attr::PercentHigh, high)
            } else {
                draft.number(Attr::Percent, low)
            };
        }
        let words = [
            // An index is high or low; it is not stained strongly or weakly.
            (Attr::Intensity, self.intensity.as_deref().filter(|of| !index || of.ends_with('+'))),
            (Attr::Extent, self.extent),
            (Attr::Pattern, self.pattern),
        ];
        for (attr, word) in words {
            if let Some(word) = word.filter(|_| self.background.is_none()) {
                draft = draft.word(attr, word);
            }
        }
        if self.past {
            draft.temporality = Some(Temporality::Historical);
            draft.date = self.date;
        }
        if self.repaired {
            draft.marks_repair();
        }
        draft
    }
}
