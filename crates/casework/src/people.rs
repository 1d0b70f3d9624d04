//! The staff: accounts, signing in, sessions.
//!
//! Accounts stand sealed in the register, by digests of their logins. What a session opens is decided anew for each request,
//! so that a role that was taken away is gone at once.

use crate::{Casework, Error, Result};
use cartulary_ledger::{Drawer, Slip};
use cartulary_model::{ActorId, Instant};
pub use cartulary_vault::CodeSecret;
use cartulary_vault::Password;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;

/// A session ends after so long without a request [OWASP ASVS 5.0, 7.3.1; threat T19].
const IDLE_US: i64 = 15 * 60 * 1_000_000;
/// And after so long in any case.
const LONGEST_US: i64 = 12 * 3_600 * 1_000_000;
/// A session is written again when its last sign of life is older, so that not every request writes.
const REMEMBERED_US: i64 = 60 * 1_000_000;

/// What somebody of the staff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Receives, answers, looks after cases.
    Coordinator,
    /// Decides.
    Physician,
    /// Keeps the register's record straight.
    DataManager,
    /// Looks after accounts, retention, backups; sees no patient.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Coordinator, Self::Physician, Self::DataManager, Self::Administrator];

    /// Its name in forms and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Physician => "physician",
            Self::DataManager => "data_manager",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// An account of the staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who stands in entries and in the access log.
    pub who: ActorId,
    /// What is typed at the sign-in.
    pub login: String,
    /// The name as it is shown and printed.
    pub name: String,
    /// What the person is.
    pub roles: BTreeSet<Role>,
    /// The language of the pages: `en`, `zh`.
    #[serde(default)]
    pub language: String,
    /// The password.
    pub password: Password,
    /// What the person's telephone makes codes of. None: it must be set up at the next sign-in.
    #[serde(default)]
    pub code: Option<CodeSecret>,
    /// The last step whose code was used.
    #[serde(default)]
    pub last_step: u64,
    /// Nobody can sign in.
    #[serde(default)]
    pub disabled: bool,
}

/// Somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account, as it is now.
    pub account: Account,
    /// The second factor was shown too.
    pub is_whole: bool,
    /// Goes with each form, so that no other page can send one.
    pub form_token: String,
    /// When the person last showed password and code.
    pub shown_at: Instant,
    /// Cases that were opened against the rule, with a reason, in this session.
    pub broken: BTreeSet<cartulary_model::CaseId>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    login: [u8; 32],
    begun_at: Instant,
    shown_at: Instant,
    is_whole: bool,
    form_token: String,
    #[serde(default)]
    broken: BTreeSet<cartulary_model::CaseId>,
    /// A secret that is being set up and was not shown to work yet.
    #[serde(default)]
    new_code: Option<CodeSecret>,
}

/// Accounts and sessions.
#[derive(Clone)]
pub struct People(Casework);

impl Casework {
    /// The staff.
    pub fn people(&self) -> People {
        People(self.clone())
    }
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What is typed at the sign-in.
    pub login: String,
    /// The name as it is shown.
    pub name: String,
    /// What the person is.
    pub roles: BTreeSet<Role>,
    /// The language of the pages.
    pub language: String,
    /// The first password.
    pub password: String,
}

impl People {
    /// Whether there is no account yet.
    pub async fn nobody(&self) -> Result<bool> {
        Ok(self.0.ledger.slips(Drawer::Staff, None).await?.is_empty())
    }

    /// All accounts, by login.
    pub async fn all(&self) -> Result<Vec<Account>> {
        let slips = self.0.ledger.slips(Drawer::Staff, None).await?;
        let mut all = slips.iter().map(read).collect::<Result<Vec<Account>>>()?;
        all.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(all)
    }

    /// Makes an account.
    ///
    /// # Errors
    ///
    /// Without login, name or role, with a short password, or with a login that there is already.
    pub async fn create(&self, new: NewAccount) -> Result<Account> {
        let login = login_of(&new.login);
        if login.is_empty() || new.name.trim().is_empty() || new.roles.is_empty() {
            return Err(Error::refused("an account needs a login, a name and a role"));
        }
        let who = self.0.ledger.with_entropy(|entropy| ActorId::new(self.0.ledger.now(), entropy));
        let password = self.hashed(new.password).await?;
        let account = Account {
            who,
            login: login.clone(),
            name: new.name.trim().to_owned(),
            roles: new.roles,
            language: new.language,
            password,
            code: None,
            last_step: 0,
            disabled: false,
        };
        let slip = self.slip(&account, 0)?;
        if !self.0.ledger.write_slip(Drawer::Staff, &slip).await? {
            return Err(Error::refused(format!("there is an account `{login}` already")));
        }
        Ok(account)
    }

    /// Changes an account; its sessions end when it may no longer be used.
    ///
    /// # Errors
    ///
    /// Without such an account; when it is the last administrator that could sign in.
    pub async fn change(&self, login: &str, change: impl Fn(&mut Account)) -> Result<Account> {
        for _ in 0..8 {
            let slip = self
                .found(login)
                .await?
                .ok_or_else(|| Error::refused(format!("there is no account `{login}`")))?;
            let mut account: Account = read(&slip)?;
            change(&mut account);
            let is_lost = account.disabled || !account.roles.contains(&Role::Administrator);
            if is_lost && !self.has_another_administrator(&account.login).await? {
                return Err(Error::refused("this is the last administrator: make another one first"));
            }
            if self.0.ledger.write_slip(Drawer::Staff, &self.slip(&account, slip.version)?).await? {
                if account.disabled {
                    self.0.ledger.drop_slips_of(Drawer::Session, account.who.uuid()).await?;
                }
                return Ok(account);
            }
        }
        Err(Error::Later(format!("account {login} changes all the time: try again")))
    }

    async fn has_another_administrator(&self, login: &str) -> Result<bool> {
        let can = |of: &Account| !of.disabled && of.roles.contains(&Role::Administrator) && of.login != login;
        Ok(self.all().await?.iter().any(can))
    }

    /// Sets a new password, and ends all sessions of the account.
    ///
    /// # Errors
    ///
    /// When it is too short, or without such an account.
    pub async fn set_password(&self, login: &str, password: String) -> Result<()> {
        let password = self.hashed(password).await?;
        let account = self.change(login, |account| account.password = password.clone()).await?;
        self.0.ledger.drop_slips_of(Drawer::Session, account.who.uuid()).await?;
        Ok(())
    }

    /// Asks for a password; gives the token of a session that waits for the second factor, or nothing. Takes as long for a
    /// login that is none.
    pub async fn sign_in(&self, login: &str, password: String) -> Result<Option<String>> {
        let slip = self.found(login).await?;
        let account: Option<Account> = slip.as_ref().map(read).transpose()?;
        let kept = account.as_ref().map(|account| account.password.clone());
        let is = match kept {
            Some(kept) => aside(move || kept.is(&password)).await?,
            None => {
                self.hashed(format!("{password}- no such account -")).await?;
                false
            }
        };
        let Some(account) = account.filter(|account| is && !account.disabled) else { return Ok(None) };
        let token = self.0.random_hex(32);
        let now = self.0.ledger.now();
        let kept = Kept {
            login: self.name(&account.login),
            begun_at: now,
            shown_at: now,
            is_whole: false,
            form_token: self.0.random_hex(16),
            broken: BTreeSet::new(),
            new_code: account.code.is_none().then(|| self.0.ledger.with_entropy(CodeSecret::generate)),
        };
        self.write_session(&token, account.who, &kept, 0).await?;
        Ok(Some(token))
    }

    /// The secret to type into the telephone, while it is set up.
    pub async fn new_code(&self, token: &str) -> Result<Option<CodeSecret>> {
        Ok(self.kept(token).await?.and_then(|(_, kept)| kept.new_code))
    }

    /// Asks for a code. On success the session is whole and goes on under a new token.
    pub async fn show_code(&self, token: &str, code: &str) -> Result<Option<String>> {
        let Some((slip, mut kept)) = self.kept(token).await? else { return Ok(None) };
        let Some(account) = self.account_of(&kept).await? else { return Ok(None) };
        let used = self.use_code(&account.login, kept.new_code.as_ref(), code).await?;
        let Some(account) = used else { return Ok(None) };
        let new = self.0.random_hex(32);
        kept.is_whole = true;
        kept.new_code = None;
        kept.shown_at = self.0.ledger.now();
        self.write_session(&new, account.who, &kept, 0).await?;
        self.0.ledger.drop_slip(Drawer::Session, slip.id).await?;
        Ok(Some(new))
    }

    /// Asks for password and code once more, before something that must be signed.
    pub async fn show_again(&self, token: &str, password: String, code: &str) -> Result<bool> {
        let Some((slip, mut kept)) = self.kept(token).await? else { return Ok(false) };
        let Some(account) = self.account_of(&kept).await? else { return Ok(false) };
        let hash = account.password.clone();
        if !aside(move || hash.is(&password)).await? {
            return Ok(false);
        }
        if self.use_code(&account.login, None, code).await?.is_none() {
            return Ok(false);
        }
        kept.shown_at = self.0.ledger.now();
        self.write_session(token, account.who, &kept, slip.version).await?;
        Ok(true)
    }

    /// Who a token is of, if it counts; it counts for fifteen minutes more then.
    pub async fn session(&self, token: &str) -> Result<Option<Session>> {
        let Some((slip, kept)) = self.kept(token).await? else { return Ok(None) };
        let Some(account) = self.account_of(&kept).await? else { return Ok(None) };
        let ends = self.ends(&kept);
        let last = slip.ends_at.unwrap_or(ends);
        if ends.micros_since(last) > REMEMBERED_US {
            self.write_session(token, account.who, &kept, slip.version).await?;
        }
        let Kept { is_whole, form_token, shown_at, broken, .. } = kept;
        Ok(Some(Session { account, is_whole, form_token, shown_at, broken }))
    }

    /// Opens a case against the rule, for this session; the reason is kept in the case.
    pub async fn break_glass(&self, token: &str, case: cartulary_model::CaseId, reason: &str) -> Result<()> {
        let Some((slip, mut kept)) = self.kept(token).await? else { return Ok(()) };
        let Some(account) = self.account_of(&kept).await? else { return Ok(()) };
        if reason.trim().chars().count() < 8 {
            return Err(Error::refused("say in some words why you need to see this case"));
        }
        self.0.staff(account.who).broke_glass(case, reason.trim()).await?;
        kept.broken.insert(case);
        self.write_session(token, account.who, &kept, slip.version).await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        self.0.ledger.drop_slip(Drawer::Session, self.0.digest("session", token)).await?;
        Ok(())
    }

    /// Somebody by their id, for the names beside entries.
    pub async fn names(&self) -> Result<std::collections::BTreeMap<ActorId, String>> {
        Ok(self.all().await?.into_iter().map(|account| (account.who, account.name)).collect())
    }

    /// Uses a code up: of the account's own telephone, or of the one that is offered while it has none. Nothing when the code
    /// is wrong or was used.
    async fn use_code(
        &self,
        login: &str,
        offered: Option<&CodeSecret>,
        code: &str,
    ) -> Result<Option<Account>> {
        for _ in 0..8 {
            let Some(slip) = self.found(login).await? else { return Ok(None) };
            let mut account: Account = read(&slip)?;
            let secret = account.code.as_ref().or(offered).cloned();
            let step = secret.as_ref().and_then(|secret| secret.step(code, self.now_s()));
            let Some(step) = step.filter(|step| *step > account.last_step) else { return Ok(None) };
            account.code = secret;
            account.last_step = step;
            if self.0.ledger.write_slip(Drawer::Staff, &self.slip(&account, slip.version)?).await? {
                return Ok(Some(account));
            }
        }
        Err(Error::Later(format!("account {login} changes all the time: try again")))
    }

    async fn kept(&self, token: &str) -> Result<Option<(Slip, Kept)>> {
        let slip = self.0.ledger.slip(Drawer::Session, self.0.digest("session", token)).await?;
        slip.map(|slip| Ok((slip.clone(), read(&slip)?))).transpose()
    }

    async fn account_of(&self, kept: &Kept) -> Result<Option<Account>> {
        let slip = self.0.ledger.slip(Drawer::Staff, kept.login).await?;
        let account: Option<Account> = slip.as_ref().map(read).transpose()?;
        Ok(account.filter(|account| !account.disabled))
    }

    async fn write_session(&self, token: &str, who: ActorId, kept: &Kept, version: i64) -> Result<()> {
        let slip = Slip {
            id: self.0.digest("session", token),
            owner: Some(who.uuid()),
            ends_at: Some(self.ends(kept)),
            version,
            body: json(kept)?,
        };
        // Another request of the same session wrote it: that does as well.
        self.0.ledger.write_slip(Drawer::Session, &slip).await?;
        Ok(())
    }

    fn ends(&self, kept: &Kept) -> Instant {
        self.0.ledger.now().plus_micros(IDLE_US).min(kept.begun_at.plus_micros(LONGEST_US))
    }

    async fn found(&self, login: &str) -> Result<Option<Slip>> {
        Ok(self.0.ledger.slip(Drawer::Staff, self.name(login)).await?)
    }

    fn name(&self, login: &str) -> [u8; 32] {
        self.0.digest("staff", &login_of(login))
    }

    fn slip(&self, account: &Account, version: i64) -> Result<Slip> {
        let id = self.name(&account.login);
        Ok(Slip { id, owner: Some(account.who.uuid()), ends_at: None, version, body: json(account)? })
    }

    async fn hashed(&self, password: String) -> Result<Password> {
        let casework = self.0.clone();
        Ok(aside(move || casework.ledger.with_entropy(|entropy| Password::new(&password, entropy))).await??)
    }

    fn now_s(&self) -> u64 {
        self.0.ledger.now().millis() / 1_000
    }
}

/// Logins are compared without capitals, width and spaces around.
fn login_of(login: &str) -> String {
    cartulary_ledger::same(login)
}

fn read<T: DeserializeOwned>(slip: &Slip) -> Result<T> {
    serde_json::from_slice(&slip.body)
        .map_err(|_| Error::Later("an account is written in a form of another version".to_owned()))
}

fn json(form: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(form).map_err(|_| Error::Later("an account could not be written".to_owned()))
}

/// Work that takes the processor for a moment, off the threads that serve.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Later("the work was broken off: try again".to_owned()))
}
