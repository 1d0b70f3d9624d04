//! Links of patients: whoever holds one sees how one case stands and can send papers to it, and nothing else.

use crate::{Casework, PatientLink, Result};
use cartulary_ledger::{Drawer, Slip};
use cartulary_model::{ActorId, CaseId, Entropy as _};

/// Fourteen days: a link that lies about opens nothing for long. Papers that come through it make it last anew.
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

    /// Papers that came through a link make it last anew.
    pub(crate) async fn prolong_link(&self, token: &str) -> Result<()> {
        let Some(slip) = self.ledger.slip(Drawer::Link, self.digest("link", token)).await? else {
            return Ok(());
        };
        let ends_at = Some(self.ledger.now().plus_micros(LASTS_US));
        // Another delivery through it prolonged it at the same time: that does as well.
        self.ledger.write_slip(Drawer::Link, &Slip { ends_at, ..slip }).await?;
        Ok(())
    }

    pub(crate) async fn revoke_links(&self, case: CaseId) -> Result<u64> {
        Ok(self.ledger.drop_slips_of(Drawer::Link, case.uuid()).await?)
    }

    /// 128 random bits, for whoever must be known again.
    pub fn secret(&self) -> String {
        self.random_hex(16)
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
