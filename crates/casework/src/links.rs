//! Links of patients: whoever holds one sees how one case stands and can send papers to it, and nothing else.

use crate::{Casework, PatientLink, Result};
use cartulary_ledger::{Drawer, Slip};
use cartulary_model::{ActorId, CaseId, Entropy as _};

/// Fourteen days, as threat T21 of docs asks; each paper that is sent makes it last again so long.
const LASTS_US: i64 = 14 * 24 * 3_600 * 1_000_000;

impl Casework {
    /// Makes a link; the token is 128 random bits and stands nowhere, only its digest.
    pub(crate) async fn make_link(&self, case: CaseId) -> Result<String> {
        self.ledger.case(case).await?;
        let token = self.random_hex(16);
        let slip = Slip {
            id: self.digest("link", &token),
            owner: Some(case.uuid()),
            ends_at: Some(self.ledger.now().plus_micros(LASTS_US)),
            version: 0,
            body: b"{}".to_vec(),
        };
        self.ledger.write_slip(Drawer::Link, &slip).await?;
        Ok(token)
    }

    /// What a link opens, if it counts.
    ///
    /// # Errors
    ///
    /// When the register cannot be read.
    pub async fn link(&self, token: &str) -> Result<Option<PatientLink>> {
        let slip = self.ledger.slip(Drawer::Link, self.digest("link", token)).await?;
        let case = slip.and_then(|slip| slip.owner).map(CaseId::from_uuid);
        Ok(case.map(|case| self.patient_link(case, ActorId::from_uuid(case.uuid()))))
    }

    /// The link of papers that opened a case: made by whoever sent them, at once.
    ///
    /// # Errors
    ///
    /// When the register cannot be written.
    pub async fn link_for_sender(&self, receipt: &crate::Receipt) -> Result<String> {
        self.make_link(receipt.case).await
    }

    pub(crate) async fn revoke_links(&self, case: CaseId) -> Result<u64> {
        Ok(self.ledger.drop_slips_of(Drawer::Link, case.uuid()).await?)
    }

    /// So many random bytes as hexadecimal digits.
    pub(crate) fn random_hex(&self, bytes: usize) -> String {
        let mut random = vec![0; bytes];
        self.entropy().fill(&mut random);
        random.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What a token is known by.
    pub(crate) fn digest(&self, space: &str, token: &str) -> [u8; 32] {
        self.ledger.keys().session_digest(format!("{space}\n{token}").as_bytes())
    }
}
