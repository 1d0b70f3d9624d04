//! Checkpoints: signed statements of how far the register had come, kept in it and beside it.
//!
//! The one beside it, the witness, is a file to which only is added. A register that is older than its witness was set
//! back. A witness on another machine or medium sees what whoever holds this machine would hide.

use crate::{
    Error, Result,
    chain::{self, Hash},
    db::{Row, Tx, Value},
    failpoint,
};
use cartulary_model::Instant;
use cartulary_vault::{Keys, Signature};
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// A checkpoint, as it stands in the register and on a line of a witness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Its number, from 1.
    pub n: u64,
    /// When it was written.
    pub at: Instant,
    /// The place of the last entry.
    pub pos: u64,
    /// The chain at that place.
    #[serde(with = "hex32")]
    pub chain: Hash,
    /// The place of the last row of the access log.
    pub access_pos: u64,
    /// The hash of that row.
    #[serde(with = "hex32")]
    pub access: Hash,
    /// The digest of the checkpoint before it.
    #[serde(with = "hex32")]
    pub prev: Hash,
    /// By the register's signing key.
    pub signature: Signature,
}

/// What a checkpoint says of the register, before it is signed.
pub(crate) struct Heads {
    pub(crate) pos: i64,
    pub(crate) chain: Hash,
    pub(crate) access_pos: i64,
    pub(crate) access: Hash,
}

const COLUMNS: &[&str] = &["n", "at", "pos", "chain", "access_pos", "access", "prev", "signature"];

impl Checkpoint {
    /// The checkpoint after `before`.
    pub(crate) fn sign(
        keys: &Keys,
        register: Uuid,
        before: Option<&Self>,
        heads: &Heads,
        at: Instant,
    ) -> Self {
        let mut checkpoint = Self {
            n: before.map_or(0, |before| before.n) + 1,
            at,
            pos: u64::try_from(heads.pos).unwrap_or(0),
            chain: heads.chain,
            access_pos: u64::try_from(heads.access_pos).unwrap_or(0),
            access: heads.access,
            prev: before.map_or(chain::START, Self::digest),
            signature: keys.sign(b""),
        };
        checkpoint.signature = keys.sign(&checkpoint.message(register));
        checkpoint
    }

    pub(crate) fn is_signed_by(&self, verify_key: &[u8; 32], register: Uuid) -> bool {
        cartulary_vault::verify(verify_key, &self.message(register), &self.signature)
    }

    pub(crate) fn digest(&self) -> Hash {
        chain::digest("checkpoint-digest", &[&self.message(Uuid::nil()), self.signature.bytes()])
    }

    fn message(&self, register: Uuid) -> Hash {
        chain::digest(
            "checkpoint",
            &[
                register.as_bytes(),
                &self.n.to_be_bytes(),
                &self.at.micros().to_be_bytes(),
                &self.pos.to_be_bytes(),
                &self.chain,
                &self.access_pos.to_be_bytes(),
                &self.access,
                &self.prev,
            ],
        )
    }

    /// The line of a witness, its end among it.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).map_or(String::new(), |line| line + "\n")
    }

    pub(crate) fn read(row: &Row) -> Result<Self> {
        let unsigned = |column| -> Result<u64> {
            u64::try_from(row.int(column)?).map_err(|_| Error::Damaged("a checkpoint's number".to_owned()))
        };
        Ok(Self {
            n: unsigned(0)?,
            at: Instant::from_micros(row.int(1)?),
            pos: unsigned(2)?,
            chain: row.array(3)?,
            access_pos: unsigned(4)?,
            access: row.array(5)?,
            prev: row.array(6)?,
            signature: Signature::from_bytes(&row.bytes(7)?)?,
        })
    }

    fn values(&self) -> Vec<Value> {
        let signed = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
        vec![
            signed(self.n),
            self.at.micros().into(),
            signed(self.pos),
            self.chain.into(),
            signed(self.access_pos),
            self.access.into(),
            self.prev.into(),
            (*self.signature.bytes()).into(),
        ]
    }
}

pub(crate) const SELECT_LAST: &str =
    "SELECT n, at, pos, chain, access_pos, access, prev, signature FROM checkpoint ORDER BY n DESC LIMIT 1";

pub(crate) const SELECT_ONE: &str =
    "SELECT n, at, pos, chain, access_pos, access, prev, signature FROM checkpoint WHERE n = $1";

pub(crate) const SELECT_MORE: &str = "SELECT n, at, pos, chain, access_pos, access, prev, signature \
    FROM checkpoint WHERE n > $1 ORDER BY n LIMIT 1000";

/// Writes a checkpoint of these heads, unless the last one says the same.
pub(crate) async fn write(
    tx: &mut Tx,
    keys: &Keys,
    register: Uuid,
    heads: &Heads,
    at: Instant,
) -> Result<Option<Checkpoint>> {
    let last = tx.row(SELECT_LAST, &[]).await?.map(|row| Checkpoint::read(&row)).transpose()?;
    let says = |number: u64, place: i64| u64::try_from(place) == Ok(number);
    let same = last
        .as_ref()
        .is_some_and(|last| says(last.pos, heads.pos) && says(last.access_pos, heads.access_pos));
    if same || (last.is_none() && heads.pos == 0 && heads.access_pos == 0) {
        return Ok(None);
    }
    let checkpoint = Checkpoint::sign(keys, register, last.as_ref(), heads, at);
    tx.insert("checkpoint", COLUMNS, "", &[checkpoint.values()]).await?;
    Ok(Some(checkpoint))
}

/// The files beside the register.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    files: Vec<PathBuf>,
}

/// The name of the file in each folder.
pub(crate) const FILE: &str = "checkpoints.log";

impl Witness {
    pub(crate) fn of(folder: &Path, other: Option<&Path>) -> Self {
        Self { files: std::iter::once(folder).chain(other).map(|folder| folder.join(FILE)).collect() }
    }

    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Makes the files that are not there.
    pub(crate) fn make(&self) -> Result<()> {
        for path in self.files.iter().filter(|path| !path.exists()) {
            let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
            made.and_then(|file| file.sync_all()).map_err(Error::io("make the witness", path))?;
            sync_folder(path)?;
        }
        Ok(())
    }

    /// Adds lines, on the disk before this returns.
    pub(crate) fn add(&self, lines: &[String]) -> Result<()> {
        let text = lines.concat();
        for path in &self.files {
            failpoint::pass("witness.before_write");
            let mut file = OpenOptions::new()
                .read(true)
                .append(true)
                .open(path)
                .map_err(Error::io("open the witness", path))?;
            let mended = if ends_torn(&mut file).map_err(Error::io("read the witness", path))? {
                format!("\n{text}")
            } else {
                text.clone()
            };
            // One call, so that lines of two processes do not mix.
            file.write_all(mended.as_bytes()).map_err(Error::io("write the witness", path))?;
            failpoint::pass("witness.written");
            file.sync_all().map_err(Error::io("sync the witness", path))?;
            failpoint::pass("witness.synced");
        }
        Ok(())
    }
}

/// Whether a crash cut the last line. What is left of it stays as a line of its own: nothing is ever taken away.
fn ends_torn(file: &mut File) -> std::io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Makes a new file's name durable.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let open = File::open(folder).and_then(|folder| folder.sync_all());
    open.map_err(Error::io("sync the folder", folder))
}

mod hex32 {
    //! Hashes as hexadecimal digits.

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(hash: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&cartulary_model::BlobId::from_bytes(*hash).to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        let id: cartulary_model::BlobId =
            text.parse().map_err(|_| D::Error::custom("not 64 hexadecimal digits"))?;
        Ok(*id.bytes())
    }
}
