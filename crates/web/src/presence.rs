//! Who has the desk of which case open: in memory, for as long as the page listens.

use cartulary_model::{ActorId, CaseId};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// By case, a row for each page that is open. The number grows whenever somebody comes or goes.
#[derive(Clone)]
pub(crate) struct Presence(Arc<Held>);

struct Held {
    open: Mutex<BTreeMap<CaseId, Vec<(u64, ActorId)>>>,
    changes: watch::Sender<u64>,
}

/// An open page; dropped, it is closed.
pub(crate) struct Here {
    presence: Presence,
    case: CaseId,
    number: u64,
}

impl Presence {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Held { open: Mutex::default(), changes: watch::Sender::new(0) }))
    }

    /// Somebody opens a desk.
    pub(crate) fn come(&self, case: CaseId, who: ActorId) -> Here {
        let mut number = 0;
        self.0.changes.send_modify(|changes| {
            *changes += 1;
            number = *changes;
            self.open().entry(case).or_default().push((number, who));
        });
        Here { presence: self.clone(), case, number }
    }

    /// Who else has the case open, each once.
    pub(crate) fn others(&self, case: CaseId, me: ActorId) -> Vec<ActorId> {
        let open = self.open();
        let mut others: Vec<ActorId> =
            open.get(&case).into_iter().flatten().map(|(_, who)| *who).filter(|who| *who != me).collect();
        others.sort_unstable();
        others.dedup();
        others
    }

    /// Tells when somebody comes or goes, of whatever case.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    fn open(&self) -> std::sync::MutexGuard<'_, BTreeMap<CaseId, Vec<(u64, ActorId)>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let Self { presence, case, number } = self;
        presence.0.changes.send_modify(|changes| {
            *changes += 1;
            let mut open = presence.open();
            if let Some(pages) = open.get_mut(case) {
                pages.retain(|(of, _)| of != number);
                if pages.is_empty() {
                    open.remove(case);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_closes_the_page_is_gone_and_nobody_sees_themselves() {
        let presence = Presence::new();
        let id = |number| uuid::Uuid::from_u128(number);
        let (case, other) = (CaseId::from_uuid(id(1)), CaseId::from_uuid(id(2)));
        let (chen, lin) = (ActorId::from_uuid(id(3)), ActorId::from_uuid(id(4)));
        let first = presence.come(case, chen);
        let again = presence.come(case, chen);
        let _elsewhere = presence.come(other, lin);
        assert_eq!((presence.others(case, lin), presence.others(case, chen)), (vec![chen], vec![]));
        drop(first);
        assert_eq!(presence.others(case, lin), [chen], "another page of theirs is open");
        drop(again);
        assert_eq!(presence.others(case, lin), []);
        assert_eq!(presence.open().len(), 1);
    }
}
