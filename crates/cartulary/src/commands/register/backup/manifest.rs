//! The manifest of a backup: what is in it, with hashes, signed by the register that was backed up.

use anyhow::{Context, Result, bail};
use cartulary_vault::{Keys, Signature};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
};

/// The form of a backup.
pub(in crate::commands::register) const FORMAT: u32 = 1;
/// Its file.
pub(in crate::commands::register) const NAME: &str = "manifest.json";

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::commands::register) struct Manifest {
    pub(in crate::commands::register) format: u32,
    /// The id of the register.
    pub(in crate::commands::register) register: String,
    pub(in crate::commands::register) made_at: String,
    /// The programme that made it.
    pub(in crate::commands::register) by: String,
    pub(in crate::commands::register) cases: u64,
    /// The number of the last checkpoint.
    pub(in crate::commands::register) checkpoint: u64,
    /// The files of the register, as they were before sealing.
    pub(in crate::commands::register) files: Vec<PackedFile>,
    /// The files of the vault, likewise.
    pub(in crate::commands::register) vault: Vec<PackedFile>,
    /// The sealed files of the backup itself.
    pub(in crate::commands::register) parts: Vec<PackedFile>,
    /// The public key of the register.
    pub(in crate::commands::register) verify_key: String,
    /// Over all of the above.
    pub(in crate::commands::register) signature: String,
}

/// A file and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::commands::register) struct PackedFile {
    pub(in crate::commands::register) name: String,
    pub(in crate::commands::register) size: u64,
    pub(in crate::commands::register) sha256: String,
}

impl Manifest {
    pub(in crate::commands::register) fn sign(&mut self, keys: &Keys) -> Result<()> {
        self.verify_key = hex(&keys.verify_key());
        self.signature = keys.sign(&self.message()?).to_string();
        Ok(())
    }

    /// Whether the register of these keys made the backup.
    pub(in crate::commands::register) fn expect_of(&self, keys: &Keys) -> Result<()> {
        let signature: Option<Signature> = self.signature.parse().ok();
        let message = self.message()?;
        let is_signed =
            signature.is_some_and(|of| cartulary_vault::verify(&keys.verify_key(), &message, &of));
        if !is_signed || self.verify_key != hex(&keys.verify_key()) {
            bail!("the manifest is not signed by this register: the backup was changed, or is another's");
        }
        Ok(())
    }

    fn message(&self) -> Result<Vec<u8>> {
        let unsigned = Self { signature: String::new(), ..self.clone() };
        serde_json::to_vec(&unsigned).context("could not write the manifest")
    }

    pub(in crate::commands::register) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(NAME);
        let text = serde_json::to_string_pretty(self).context("could not write the manifest")?;
        // Last, and whole: with it the folder is a backup.
        let part = folder.join("manifest.part");
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&part)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            File::open(folder)?.sync_all()
        };
        write().with_context(|| format!("could not write {}", path.display()))
    }

    pub(in crate::commands::register) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} is no backup: could not read {NAME}", folder.display()))?;
        let manifest: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged: take another backup", path.display()))?;
        if manifest.format > FORMAT {
            bail!(
                "the backup has the form {}, this programme knows {FORMAT}: use the newer programme",
                manifest.format
            );
        }
        Ok(manifest)
    }
}

/// Hexadecimal digits.
pub(in crate::commands::register) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
