//! Who may do what: a handle for each role, made for one person. What a role may not do is not a method of its handle.
//!
//! | | coordinator | physician | data manager | administrator | patient's link |
//! |---|---|---|---|---|---|
//! | open a case, receive papers | yes | | | | into its own case |
//! | see cases and papers | yes | yes | yes | | |
//! | confirm, correct, reject, add facts | yes | yes | yes | | |
//! | decide | | yes | | | |
//! | infusion and visits | | yes | yes | | |
//! | merge, unmerge, undo | yes | | yes | | |
//! | consent | yes | | yes | | |
//! | retention, erasure, verify, keys, backups | | | | yes | |
//!
//! Whoever sees something of a patient is named in the access log before it is shown.

mod administrator;
mod coordinator;
mod course;
mod data_manager;
mod identity;
mod judge;
mod physician;
mod reply;
mod see;
mod staff;
mod views;

pub(crate) use administrator::blobs_of;
pub use administrator::{Administrator, Erasure, Kept};
pub use coordinator::{Coordinator, PatientLink};
pub use data_manager::DataManager;
pub use identity::SCOPES;
pub(crate) use identity::known_scope;
pub use judge::{Correction, Judgement};
pub use physician::{Decision, Physician};
pub use reply::{LinkStatus, Reply, SentPaper, Told};
pub use see::{CaseView, Found, FoundCase, ListPlace, Listed, Page};
pub use staff::Staff;
pub use views::SavedView;

use crate::Casework;
use cartulary_model::{ActorId, CaseId};

impl Casework {
    /// What whoever treats or looks after patients may do: what coordinator, physician and data manager share.
    pub fn staff(&self, who: ActorId) -> Staff {
        Staff(self.desk(who))
    }

    /// What this coordinator may do.
    pub fn coordinator(&self, who: ActorId) -> Coordinator {
        Coordinator(self.desk(who))
    }

    /// What this physician may do.
    pub fn physician(&self, who: ActorId) -> Physician {
        Physician(self.desk(who))
    }

    /// What this data manager may do.
    pub fn data_manager(&self, who: ActorId) -> DataManager {
        DataManager(self.desk(who))
    }

    /// What this administrator may do.
    pub fn administrator(&self, who: ActorId) -> Administrator {
        Administrator(self.desk(who))
    }

    /// What whoever holds the link of a case may do.
    pub fn patient_link(&self, case: CaseId, who: ActorId) -> PatientLink {
        PatientLink { desk: self.desk(who), case }
    }

    fn desk(&self, who: ActorId) -> Desk {
        Desk { casework: self.clone(), who }
    }
}

/// One person at work. What it can do, a role hands out or not.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) casework: Casework,
    pub(crate) who: ActorId,
}

/// Hands the methods that several roles share through to the desk.
macro_rules! seeing {
    ($role:ident) => {
        impl $role {
            /// A case with all that is known of it.
            ///
            /// # Errors
            ///
            /// Without such a case, or when it was erased.
            pub async fn show(&self, case: cartulary_model::CaseId) -> $crate::Result<$crate::CaseView> {
                self.0.show(case, "case.show").await
            }

            /// A page of the worklist, with names.
            ///
            /// # Errors
            ///
            /// When the register cannot be read.
            pub async fn list(
                &self,
                query: &cartulary_ledger::ListQuery,
            ) -> $crate::Result<Vec<$crate::Listed>> {
                self.0.list(query).await
            }

            /// The cases whose papers, notes or person hold all words of the query.
            ///
            /// # Errors
            ///
            /// When the register cannot be read.
            pub async fn search(&self, query: &str, limit: usize) -> $crate::Result<$crate::Found> {
                self.0.search(query, limit).await
            }

            /// The original of a document, as it was sent.
            ///
            /// # Errors
            ///
            /// When the case has no such document, or the vault lacks it.
            pub async fn original(
                &self,
                case: cartulary_model::CaseId,
                document: cartulary_model::BlobId,
            ) -> $crate::Result<Vec<u8>> {
                self.0.original(case, document).await
            }

            /// The pages of a document with their lines, and where the pictures lie.
            ///
            /// # Errors
            ///
            /// When the case has no such document, or it was not read.
            pub async fn reading(
                &self,
                case: cartulary_model::CaseId,
                document: cartulary_model::BlobId,
            ) -> $crate::Result<$crate::Reading> {
                self.0.reading(case, document).await
            }

            /// The picture of a page.
            ///
            /// # Errors
            ///
            /// When the document has no such page, or the page no picture.
            pub async fn page(
                &self,
                case: cartulary_model::CaseId,
                document: cartulary_model::BlobId,
                page: $crate::Page,
            ) -> $crate::Result<$crate::Picture> {
                self.0.page(case, document, page).await
            }

            /// The facts of a case as people left them, with their places on the papers.
            ///
            /// # Errors
            ///
            /// Without such a case.
            pub async fn facts(
                &self,
                case: cartulary_model::CaseId,
            ) -> $crate::Result<Vec<(cartulary_model::CaseId, $crate::TakenFact)>> {
                self.0.facts(case).await
            }

            /// Judges a fact, or adds one. The case is evaluated again.
            ///
            /// # Errors
            ///
            /// When the case has no such fact, or a correction has no place on a paper.
            pub async fn judge(
                &self,
                case: cartulary_model::CaseId,
                judgement: $crate::Judgement,
            ) -> $crate::Result<()> {
                self.0.judge(case, judgement).await
            }

            /// Writes a note on the case.
            ///
            /// # Errors
            ///
            /// Without such a case, or an empty note.
            pub async fn note(&self, case: cartulary_model::CaseId, text: &str) -> $crate::Result<()> {
                self.0.note(case, text).await
            }

            /// Reads a document again, with the reader of today.
            ///
            /// # Errors
            ///
            /// When the case has no such document.
            pub async fn read_again(
                &self,
                case: cartulary_model::CaseId,
                document: cartulary_model::BlobId,
            ) -> $crate::Result<()> {
                self.0.read_again(case, document).await
            }
        }
    };
}
pub(crate) use seeing;
