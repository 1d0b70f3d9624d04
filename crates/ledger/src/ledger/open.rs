//! Making a register and opening one. Whatever is not a whole register of this programme and this root key is refused,
//! and nothing is changed.

use super::{
    Inner, Ledger, World, keyring,
    note::{BucketPlace, FORMAT, NOTE, Note, PASSPHRASE},
};
use crate::{
    Error, Result,
    checkpoint::{self, Checkpoint, FILE, Witness},
    db::{At, Db},
    failpoint, schema,
    writer::Writer,
};
use cartulary_model::CaseId;
use cartulary_vault::{Keys, RootKey, VaultError};
use sqlx::AssertSqlSafe;
use std::{
    collections::HashMap,
    fs::{self, DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Where a register lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The data folder. With SQLite all lies in it; with PostgreSQL only the blobs and the witness.
    pub folder: PathBuf,
    /// The address of a PostgreSQL database; none: SQLite in the folder.
    pub database: Option<String>,
    /// A second folder for the witness, on another medium or machine.
    pub witness: Option<PathBuf>,
}

impl Place {
    /// A place with SQLite in this folder.
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), database: None, witness: None }
    }

    /// Makes a register. Where making it was interrupted, it is made to the end.
    ///
    /// # Errors
    ///
    /// [`Error::Place`] when there is one, or something else.
    pub async fn init(&self, root: &RootKey, world: World) -> Result<Ledger> {
        self.init_with(None, root, world).await
    }

    /// Makes a register whose originals lie in a bucket, where one is given. Where making it was interrupted, it is made
    /// to the end.
    ///
    /// # Errors
    ///
    /// As [`init`](Self::init).
    pub async fn init_with(
        &self,
        bucket: Option<&BucketPlace>,
        root: &RootKey,
        world: World,
    ) -> Result<Ledger> {
        self.expect_free()?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .map_err(Error::io("make the folder", &self.folder))?;
        failpoint::pass("init.begun");
        let db = self.connect(true).await?;
        let outcome = self.init_in(&db, bucket, root, &world).await;
        db.close().await;
        outcome?;
        self.open(root, None, world).await
    }

    /// Opens a register. `older`: the root key before `root`, while a rotation is under way.
    ///
    /// # Errors
    ///
    /// [`Error::Place`] when there is no whole register; [`Error::NewerSchema`]; [`Error::Vault`] with a wrong root key;
    /// [`Error::RolledBack`] when it is older than its witness. Nothing is changed then.
    pub async fn open(&self, root: &RootKey, older: Option<&RootKey>, world: World) -> Result<Ledger> {
        let note = self.note()?;
        self.expect_whole(note.as_ref())?;
        let db = self.connect(false).await?;
        match self.checked(&db, note, root, older).await {
            Ok((keys, register, unwitnessed)) => Ok(self.started(db, keys, register, unwitnessed, world)),
            Err(error) => {
                db.close().await;
                Err(error)
            }
        }
    }

    /// Copies a file of the data folder, if it is there, durably.
    pub(super) fn copy_file(&self, name: &str, to: &Path) -> Result<()> {
        let (from, to) = (self.folder.join(name), to.join(name));
        if !from.exists() {
            return Ok(());
        }
        fs::copy(&from, &to).map_err(Error::io("copy", &from))?;
        File::open(&to).and_then(|file| file.sync_all()).map_err(Error::io("sync", &to))?;
        checkpoint::sync_folder(&to)
    }

    /// What a message calls the place.
    fn name(&self) -> String {
        match self.database {
            // An address may hold a password.
            Some(_) => "the database".to_owned(),
            None => self.folder.display().to_string(),
        }
    }

    pub(super) fn refuse(&self, why: impl Into<String>) -> Error {
        Error::place(self.name(), why)
    }

    fn engine(&self) -> &'static str {
        if self.database.is_some() { "postgres" } else { "sqlite" }
    }

    async fn connect(&self, make: bool) -> Result<Db> {
        match &self.database {
            Some(address) => Db::postgres(address).await,
            None => {
                if make {
                    ["register.db", "keys.db"]
                        .iter()
                        .try_for_each(|name| private(&self.folder.join(name)))?;
                }
                let opened = Db::sqlite(&self.folder, make).await;
                opened.map_err(|error| self.refuse(format!("{error}: restore the file from a backup")))
            }
        }
    }

    fn expect_free(&self) -> Result<()> {
        if self.folder.join(NOTE).exists() {
            return Err(self.refuse("there is a register already; give another folder"));
        }
        let ours = |name: &str| {
            ["register.db", "keys.db", "blobs", FILE].iter().any(|own| name.starts_with(own))
                || name.starts_with('.')
                || name.starts_with(NOTE)
                || name.starts_with(PASSPHRASE)
        };
        let Ok(found) = fs::read_dir(&self.folder) else { return Ok(()) };
        let foreign = found.flatten().find(|found| !ours(&found.file_name().to_string_lossy()));
        match foreign {
            Some(file) => Err(self.refuse(format!(
                "the folder holds {}; give an empty folder",
                file.file_name().to_string_lossy()
            ))),
            None => Ok(()),
        }
    }

    async fn init_in(
        &self,
        db: &Db,
        bucket: Option<&BucketPlace>,
        root: &RootKey,
        world: &World,
    ) -> Result<()> {
        schema::check(db).await?;
        if db.has_table(At::Write, "entry").await?
            && db.row(At::Write, "SELECT pos FROM entry LIMIT 1", &[]).await?.is_some()
        {
            return Err(self.refuse(
                "there are entries but no register.toml: a folder that was copied in part; restore it from a backup",
            ));
        }
        schema::bring_up(db, At::Write).await?;
        failpoint::pass("init.tables_made");
        schema::bring_up(db, At::Keys).await?;
        failpoint::pass("init.key_tables_made");
        let keys = match keyring::seeds(db).await?.first() {
            Some(seed) => Keys::open(root, seed)?,
            None => {
                let (keys, seed) = world.with_entropy(|entropy| Keys::create(root, 1, entropy));
                set(db, At::Keys, db.key_register(), &keyring::seed_name(1), &seed.to_string()).await?;
                keys
            }
        };
        failpoint::pass("init.seed_written");
        let register = match id(db, At::Write).await? {
            Some(id) => id,
            None => {
                let at = world.clock.now();
                let made = world.with_entropy(|entropy| CaseId::new(at, entropy)).uuid();
                set(db, At::Write, "register", "id", &made.to_string()).await?;
                made
            }
        };
        set(db, At::Write, "register", "verify_key", &hex(&keys.verify_key())).await?;
        if db.is_sqlite() {
            set(db, At::Keys, "register", "id", &register.to_string()).await?;
        }
        failpoint::pass("init.id_written");
        Witness::of(&self.folder, None).make()?;
        let (engine, bucket) = (self.engine().to_owned(), bucket.cloned());
        self.write_note(&Note { format: FORMAT, register, engine, bucket })
    }

    /// Looks at the files before anything is opened.
    fn expect_whole(&self, note: Option<&Note>) -> Result<()> {
        if let Some(note) = note {
            if note.format > FORMAT {
                return Err(Error::NewerSchema { found: note.format, known: FORMAT });
            }
            if note.engine != self.engine() {
                return Err(self.refuse(format!(
                    "the folder belongs to a register on {}, and was opened as one on {}; name the database",
                    note.engine,
                    self.engine()
                )));
            }
        }
        if self.database.is_some() {
            return Ok(());
        }
        let has = |name: &str| self.folder.join(name).is_file();
        let parts = [NOTE, "register.db", "keys.db", FILE];
        let missing: Vec<&str> = parts.into_iter().filter(|name| !has(name)).collect();
        if missing.len() == parts.len() {
            return Err(self.refuse("there is no register; make one with `cartulary init`"));
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(self.refuse(format!(
            "{} is missing: the folder was copied in part; copy all of it, or restore a backup",
            missing.join(" and ")
        )))
    }

    /// Looks at the database before anything is changed.
    async fn checked(
        &self,
        db: &Db,
        note: Option<Note>,
        root: &RootKey,
        older: Option<&RootKey>,
    ) -> Result<(Keys, Uuid, Vec<String>)> {
        if !db.has_table(At::Write, "register").await? {
            return Err(self.refuse("there is no register; make one with `cartulary init`"));
        }
        schema::check(db).await?;
        let register = id(db, At::Write)
            .await?
            .ok_or_else(|| self.refuse("making the register was interrupted; run `cartulary init` again"))?;
        let mut ids = vec![note.map_or(register, |note| note.register)];
        if db.is_sqlite() {
            ids.push(id(db, At::Keys).await?.unwrap_or_default());
        }
        if ids.iter().any(|id| *id != register) {
            return Err(self.refuse(
                "register.toml, register.db and keys.db are of different registers; restore them from one backup",
            ));
        }
        let keys = self.keys(db, root, older).await?;
        if value(db, At::Write, "verify_key").await? != Some(hex(&keys.verify_key())) {
            return Err(Error::Damaged(
                "the public key in the register is not that of its root key".to_owned(),
            ));
        }
        let unwitnessed = self.expect_newer_than_witness(db).await?;
        // A second witness, and the folder of another machine, begin empty.
        Witness::of(&self.folder, self.witness.as_deref()).make()?;
        schema::bring_up(db, At::Write).await?;
        schema::bring_up(db, At::Keys).await?;
        Ok((keys, register, unwitnessed))
    }

    async fn keys(&self, db: &Db, root: &RootKey, older: Option<&RootKey>) -> Result<Keys> {
        let seeds = keyring::seeds(db).await?;
        let Some(newest) = seeds.iter().max_by_key(|seed| seed.version()) else {
            return Err(self.refuse("the seed of the keys is missing; restore the keys from a backup"));
        };
        let opening = |root: &RootKey| seeds.iter().find_map(|seed| Keys::open(root, seed).ok());
        let keys = opening(root).ok_or(VaultError::WrongKey { version: newest.version() })?;
        let Some(older) = older else { return Ok(keys) };
        // Whichever of the two is newer, both are needed while both wrap.
        let other = opening(older).map(|other| other.version());
        Ok(match other {
            Some(version) if version != keys.version() => keys.with_older(older, version),
            _ => keys,
        })
    }

    /// Compares the register with the last line of each witness; gives the lines that the witness lacks.
    async fn expect_newer_than_witness(&self, db: &Db) -> Result<Vec<String>> {
        let witness = Witness::of(&self.folder, self.witness.as_deref());
        let mut newest = 0;
        for path in witness.files() {
            let text = match fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Error::io("read the witness", path)(error)),
            };
            let read = |line: &str| serde_json::from_str::<Checkpoint>(line).ok();
            let Some(seen) = text.lines().rev().find_map(read) else { continue };
            newest = newest.max(seen.n);
            let n = i64::try_from(seen.n).unwrap_or(i64::MAX);
            let row = db.row(At::Write, checkpoint::SELECT_ONE, &[n.into()]).await?;
            let state = match row.map(|row| Checkpoint::read(&row)).transpose()? {
                None => "has none",
                Some(held) if held != seen => "another",
                Some(_) => continue,
            };
            return Err(Error::RolledBack { witness: path.clone(), seen: seen.n, state });
        }
        let more = [i64::try_from(newest).unwrap_or(i64::MAX).into()];
        let rows = db.rows(At::Write, checkpoint::SELECT_MORE, &more).await?;
        rows.iter().map(|row| Ok(Checkpoint::read(row)?.line())).collect()
    }

    fn started(&self, db: Db, keys: Keys, register: Uuid, unwitnessed: Vec<String>, world: World) -> Ledger {
        let (writer, asked) = mpsc::channel(4_096);
        let serving = Writer {
            db: db.clone(),
            keys: keys.clone(),
            register,
            clock: Arc::clone(&world.clock),
            witness: Witness::of(&self.folder, self.witness.as_deref()),
            unwitnessed,
            since: 0,
            due: None,
        };
        tokio::spawn(serving.serve(asked));
        let held = Mutex::new(HashMap::new());
        Ledger(Arc::new(Inner { place: self.clone(), db, keys, register, world, held, writer }))
    }
}

/// Makes an empty file that only its owner reads; SQLite takes it for an empty database.
fn private(path: &Path) -> Result<()> {
    let made = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    made.map(|_| ()).map_err(Error::io("make", path))
}

async fn id(db: &Db, at: At) -> Result<Option<Uuid>> {
    let Some(text) = value(db, at, "id").await? else { return Ok(None) };
    Uuid::try_parse(&text).map(Some).map_err(|_| Error::Damaged("the id of the register".to_owned()))
}

async fn value(db: &Db, at: At, name: &str) -> Result<Option<String>> {
    let row = db.row(at, "SELECT value FROM register WHERE name = $1", &[name.into()]).await?;
    row.map(|row| row.text(0)).transpose()
}

async fn set(db: &Db, at: At, table: &str, name: &str, value: &str) -> Result<()> {
    let sql = format!(
        "INSERT INTO {table} (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    );
    db.run(at, AssertSqlSafe(sql), &[name.into(), value.into()]).await.map(|_| ())
}

fn hex(bytes: &[u8; 32]) -> String {
    cartulary_model::BlobId::from_bytes(*bytes).to_string()
}
