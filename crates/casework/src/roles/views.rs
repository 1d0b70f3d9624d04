//! Views of the worklist that somebody keeps under a name. They are slips, as accounts are: each its person's own.

use super::{Desk, Staff};
use crate::{Error, Result};
use cartulary_ledger::{Drawer, Slip};
use serde::{Deserialize, Serialize};

/// Views of one person.
const MOST: usize = 20;
/// Characters of a name.
const LONGEST: usize = 60;

/// A view that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Names it in addresses.
    pub key: String,
    /// What its person calls it.
    pub name: String,
    /// Where it is.
    pub address: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    address: String,
}

impl Desk {
    async fn views(&self) -> Result<Vec<(SavedView, Slip)>> {
        let slips = self.casework.ledger.slips(Drawer::View, Some(self.who.uuid())).await?;
        let mut views = Vec::with_capacity(slips.len());
        for slip in slips {
            // One in a form of another version stays where it is; the worklist does not wait for it.
            let Ok(kept) = serde_json::from_slice::<Kept>(&slip.body) else { continue };
            let key = slip.id.iter().map(|byte| format!("{byte:02x}")).collect();
            views.push((SavedView { key, name: kept.name, address: kept.address }, slip));
        }
        views.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        Ok(views)
    }

    async fn keep_view(&self, name: &str, address: &str) -> Result<()> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST {
            return Err(Error::refused(format!("give the view a name of at most {LONGEST} characters")));
        }
        let views = self.views().await?;
        let before = views.iter().find(|(view, _)| view.name == name);
        if before.is_none() && views.len() >= MOST {
            return Err(Error::refused(format!("you keep {MOST} views already: take one away first")));
        }
        let kept = Kept { name: name.to_owned(), address: address.to_owned() };
        let slip = Slip {
            id: self.casework.digest("view", &format!("{}\n{name}", self.who)),
            owner: Some(self.who.uuid()),
            ends_at: None,
            version: before.map_or(0, |(_, slip)| slip.version),
            body: serde_json::to_vec(&kept)
                .map_err(|_| Error::Later("a view could not be written".to_owned()))?,
        };
        // Kept from another window at the same time: that does as well.
        self.casework.ledger.write_slip(Drawer::View, &slip).await?;
        Ok(())
    }

    async fn drop_view(&self, key: &str) -> Result<()> {
        if let Some((_, slip)) = self.views().await?.into_iter().find(|(view, _)| view.key == key) {
            self.casework.ledger.drop_slip(Drawer::View, slip.id).await?;
        }
        Ok(())
    }
}

impl Staff {
    /// The views that this person keeps, by their names.
    ///
    /// # Errors
    ///
    /// When the register cannot be read.
    pub async fn views(&self) -> Result<Vec<SavedView>> {
        Ok(self.0.views().await?.into_iter().map(|(view, _)| view).collect())
    }

    /// Keeps a view under a name, in place of what the name stood for.
    ///
    /// # Errors
    ///
    /// Without a name, or with too many views.
    pub async fn keep_view(&self, name: &str, address: &str) -> Result<()> {
        self.0.keep_view(name, address).await
    }

    /// Takes a view of this person away; nothing when there is none.
    ///
    /// # Errors
    ///
    /// When the register cannot be read.
    pub async fn drop_view(&self, key: &str) -> Result<()> {
        self.0.drop_view(key).await
    }
}
