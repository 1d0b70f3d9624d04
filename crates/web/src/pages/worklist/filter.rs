//! Which cases a list shows. It stands in the address, so that a list can be kept, sent and gone back to.

use super::{Asked, VIEWS, standing};
use crate::{App, counts::Counted, frame::escaped, who::Signed, words::Words};
use cartulary_casework::contact::Standing;
use cartulary_ledger::{CaseRow, CaseState, ListQuery};
use cartulary_model::ConceptId;
use std::collections::BTreeSet;

/// Whose cases.
const OWNERS: [&str; 2] = ["me", "nobody"];
/// What a case lacks.
const LACKS: [&str; 2] = ["papers", "reading"];

/// Which cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) view: String,
    /// One of [`OWNERS`], or empty.
    pub(crate) owner: String,
    pub(crate) diagnosis: Option<ConceptId>,
    /// One of [`LACKS`], or empty.
    pub(crate) lacks: String,
}

impl Filter {
    /// What an address says; what it says wrongly it does not say.
    pub(crate) fn of(asked: &Asked, standard: &str) -> Self {
        let known = |said: &Option<String>, all: &[&str]| {
            said.as_deref().filter(|said| all.contains(said)).unwrap_or_default().to_owned()
        };
        let view = known(&asked.view, &VIEWS);
        let is_concept = |id: &&str| id.starts_with("hist.") && id.bytes().all(|of| of.is_ascii_graphic());
        Self {
            view: if view.is_empty() { standard.to_owned() } else { view },
            owner: known(&asked.owner, &OWNERS),
            diagnosis: asked.diagnosis.as_deref().filter(is_concept).map(ConceptId::from),
            lacks: known(&asked.lacks, &LACKS),
        }
    }

    /// What stands behind the question mark of the address.
    pub(super) fn said(&self) -> String {
        let diagnosis = self.diagnosis.as_ref().map(ToString::to_string).unwrap_or_default();
        let more = [("owner", &self.owner), ("diagnosis", &diagnosis), ("lacks", &self.lacks)];
        let more = more.iter().filter(|(_, said)| !said.is_empty());
        more.fold(format!("view={}", self.view), |all, (name, said)| {
            format!("{all}&{name}={}", escaped(said))
        })
    }

    /// What there is to choose from.
    pub(super) fn owners(&self) -> [&'static str; 2] {
        OWNERS
    }

    /// What there is to choose from.
    pub(super) fn all_lacks(&self) -> [&'static str; 2] {
        LACKS
    }

    /// Whether it asks for a diagnosis.
    pub(super) fn is_of(&self, diagnosis: &str) -> bool {
        self.diagnosis.as_ref().is_some_and(|of| of.as_str() == diagnosis)
    }

    /// Whether it is a view and nothing else.
    pub(super) fn is_plain(&self) -> bool {
        self.owner.is_empty() && self.diagnosis.is_none() && self.lacks.is_empty()
    }

    /// The part of it that the register knows.
    pub(super) fn query(&self, signed: &Signed, limit: u32) -> ListQuery {
        ListQuery {
            state: CaseState::named(&self.view),
            owner: (self.view == "mine" || self.owner == "me").then(|| signed.who()),
            after: None,
            unanswered: matches!(self.view.as_str(), "unanswered" | "overdue"),
            limit,
        }
    }

    /// Whether a case is shown. What a case is of and what it lacks is known of those only that may be seen.
    pub(super) fn fits(&self, app: &App, signed: &Signed, row: &CaseRow) -> bool {
        let is_mine = row.owner == Some(signed.who());
        let may_see = is_mine || signed.may_see_in(row.state) || signed.session.broken.contains(&row.case);
        let is_open = row.contact_at.is_none() && row.state != CaseState::Closed;
        let is_late = || matches!(standing(app, row), Standing::Waiting { left_s, .. } if left_s < 0);
        let in_view = match self.view.as_str() {
            "unanswered" => is_open,
            "overdue" => is_open && is_late(),
            "mine" => is_mine,
            "all" => true,
            state => row.state.name() == state,
        };
        let of_owner = match self.owner.as_str() {
            "me" => is_mine,
            "nobody" => row.owner.is_none(),
            _ => true,
        };
        let of_diagnosis =
            self.diagnosis.as_ref().is_none_or(|of| may_see && row.diagnosis.as_ref() == Some(of));
        let lacks = match self.lacks.as_str() {
            "papers" => may_see && row.missing > 0,
            "reading" => may_see && row.unread > 0,
            _ => true,
        };
        in_view && of_owner && of_diagnosis && lacks
    }
}

impl Counted {
    /// How many a filter shows: `7`, or `7+` where there are too many cases to look at all of them.
    pub(super) fn count(&self, app: &App, signed: &Signed, filter: &Filter) -> String {
        let count = self.rows.iter().filter(|row| filter.fits(app, signed, row)).count();
        format!("{count}{}", if self.is_all { "" } else { "+" })
    }

    /// The diagnoses of cases that this person may see, by their names.
    pub(super) fn diagnoses(&self, app: &App, signed: &Signed, w: &Words) -> Vec<(String, String)> {
        let sees = |row: &&CaseRow| row.owner == Some(signed.who()) || signed.may_see_in(row.state);
        let all: BTreeSet<&ConceptId> =
            self.rows.iter().filter(sees).filter_map(|row| row.diagnosis.as_ref()).collect();
        let name = |id: &ConceptId| app.catalogue.label(id, w.language.catalogue).to_owned();
        let mut all: Vec<_> = all.into_iter().map(|id| (name(id), id.to_string())).collect();
        all.sort();
        all
    }
}
