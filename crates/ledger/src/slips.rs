//! Slips in drawers: what belongs to no case, changes, and is no truth of the register. Accounts of the staff, their
//! sessions, links of patients, uploads under way.
//!
//! They are sealed as entries are and named by keyed digests, so that a stolen database shows no account and opens no
//! session. `rebuild` leaves them alone, and nothing of a case may rest on one.

use crate::{
    Error, Ledger, Result,
    db::{At, Row, Value},
};
use cartulary_model::Instant;
use cartulary_vault::Context;
use uuid::Uuid;

/// What a slip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// An account of the staff, by its login.
    Staff,
    /// Somebody who signed in, by the token.
    Session,
    /// A patient's link to a case, by the token.
    Link,
    /// Papers that are being sent, by the token.
    Upload,
    /// What the site has set, by its name.
    Site,
    /// A view of the worklist that somebody keeps, by person and name.
    View,
}

impl Drawer {
    const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Session => "session",
            Self::Link => "link",
            Self::Upload => "upload",
            Self::Site => "site",
            Self::View => "view",
        }
    }
}

/// A slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Names it in its drawer.
    pub id: [u8; 32],
    /// The case or person that it is of.
    pub owner: Option<Uuid>,
    /// It counts for nothing from then on.
    pub ends_at: Option<Instant>,
    /// How often it was written.
    pub version: i64,
    /// What it says, as JSON.
    pub body: Vec<u8>,
}

const COLUMNS: &str = "id, owner, ends_at, version, body";

impl Ledger {
    /// A slip that counts.
    pub async fn slip(&self, drawer: Drawer, id: [u8; 32]) -> Result<Option<Slip>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM slip WHERE drawer = $1 AND id = $2 AND (ends_at IS NULL OR ends_at > $3)"
        );
        let values = [drawer.name().into(), Value::from(id.to_vec()), self.now().micros().into()];
        let row = self.db().row(At::Read, sqlx::AssertSqlSafe(sql), &values).await?;
        row.map(|row| self.read_slip(drawer, &row)).transpose()
    }

    /// All slips of a drawer that count, or those of one owner, in the order of their ids.
    pub async fn slips(&self, drawer: Drawer, owner: Option<Uuid>) -> Result<Vec<Slip>> {
        let of = if owner.is_some() { " AND owner = $3" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS} FROM slip WHERE drawer = $1 AND (ends_at IS NULL OR ends_at > $2){of} ORDER BY id"
        );
        let mut values: Vec<Value> = vec![drawer.name().into(), self.now().micros().into()];
        values.extend(owner.map(|owner| Value::from(owner.into_bytes().to_vec())));
        let rows = self.db().rows(At::Read, sqlx::AssertSqlSafe(sql), &values).await?;
        rows.iter().map(|row| self.read_slip(drawer, row)).collect()
    }

    /// Writes a slip over the version that was seen; 0: there was none. False: somebody else wrote it meanwhile.
    pub async fn write_slip(&self, drawer: Drawer, slip: &Slip) -> Result<bool> {
        let sealed =
            self.with_entropy(|entropy| self.keys().seal(&about(drawer, slip.id), &slip.body, entropy));
        let values: [Value; 6] = [
            drawer.name().into(),
            slip.id.to_vec().into(),
            Value::Bytes(slip.owner.map(|owner| owner.into_bytes().to_vec())),
            Value::Int(slip.ends_at.map(Instant::micros)),
            slip.version.into(),
            sealed.into(),
        ];
        // One that was dropped meanwhile stays dropped.
        let update = "UPDATE slip SET owner = $3, ends_at = $4, version = $5 + 1, body = $6 \
            WHERE drawer = $1 AND id = $2 AND version = $5";
        let insert = "INSERT INTO slip (drawer, id, owner, ends_at, version, body) VALUES ($1, $2, $3, $4, $5 + 1, $6) \
            ON CONFLICT (drawer, id) DO NOTHING";
        let sql = if slip.version == 0 { insert } else { update };
        Ok(self.db().run(At::Write, sql, &values).await? == 1)
    }

    /// Takes a slip away; false when there was none.
    pub async fn drop_slip(&self, drawer: Drawer, id: [u8; 32]) -> Result<bool> {
        let sql = "DELETE FROM slip WHERE drawer = $1 AND id = $2";
        Ok(self.db().run(At::Write, sql, &[drawer.name().into(), id.to_vec().into()]).await? == 1)
    }

    /// Takes all slips of an owner away, of one drawer.
    pub async fn drop_slips_of(&self, drawer: Drawer, owner: Uuid) -> Result<u64> {
        let sql = "DELETE FROM slip WHERE drawer = $1 AND owner = $2";
        self.db().run(At::Write, sql, &[drawer.name().into(), owner.into_bytes().to_vec().into()]).await
    }

    /// The slips of a drawer that have ended and are still there.
    pub async fn ended_slips(&self, drawer: Drawer) -> Result<Vec<Slip>> {
        let sql = format!("SELECT {COLUMNS} FROM slip WHERE drawer = $1 AND ends_at <= $2 ORDER BY id");
        let values = [drawer.name().into(), self.now().micros().into()];
        let rows = self.db().rows(At::Read, sqlx::AssertSqlSafe(sql), &values).await?;
        rows.iter().map(|row| self.read_slip(drawer, row)).collect()
    }

    /// Takes all slips away that have ended.
    pub async fn drop_ended_slips(&self) -> Result<u64> {
        self.db().run(At::Write, "DELETE FROM slip WHERE ends_at <= $1", &[self.now().micros().into()]).await
    }

    fn read_slip(&self, drawer: Drawer, row: &Row) -> Result<Slip> {
        let id: [u8; 32] = row.array(0)?;
        let owner = row.maybe_bytes(1)?.map(|owner| Uuid::from_slice(&owner));
        let owner = owner.transpose().map_err(|_| Error::Damaged("the owner of a slip".to_owned()))?;
        let body = self.keys().open_sealed(&about(drawer, id), &row.bytes(4)?)?.to_vec();
        let ends_at = row.maybe_int(2)?.map(Instant::from_micros);
        Ok(Slip { id, owner, ends_at, version: row.int(3)?, body })
    }
}

/// A sealed slip opens in its place only.
fn about(drawer: Drawer, id: [u8; 32]) -> Context<'static> {
    let [a, b, c, d, e, f, g, h, ..] = id;
    let kind = match drawer {
        Drawer::Staff => "slip.staff",
        Drawer::Session => "slip.session",
        Drawer::Link => "slip.link",
        Drawer::Upload => "slip.upload",
        Drawer::Site => "slip.site",
        Drawer::View => "slip.view",
    };
    Context::new(kind, u64::from_be_bytes([a, b, c, d, e, f, g, h]))
}
