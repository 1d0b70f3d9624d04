//! Answers to whoever sent papers, and what they see of their case.

use super::Desk;
use crate::{Error, Result, casework::act_on};
use cartulary_ledger::{Body, CaseFile, CaseState, DocumentState, Message, MessageQueued, MessageSent};
use cartulary_model::{CaseId, Instant};

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// How it goes: `link` is the page of the patient's link; `mail` and `whatsapp` wait for their channel.
    pub channel: String,
    /// The text as it will be read.
    pub text: String,
    /// What it asks for, by keys of the messages.
    pub asks: Vec<String>,
    /// Names the answer, so that a button pressed twice sends it once; empty where nobody presses twice.
    pub once: String,
}

/// What whoever holds a link sees of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkStatus {
    /// The case.
    pub case: CaseId,
    /// When it was opened.
    pub opened_at: Instant,
    /// Where it stands.
    pub state: CaseState,
    /// What was sent, in the order of arrival.
    pub papers: Vec<SentPaper>,
    /// What is asked for and has not come since.
    pub asks: Vec<String>,
    /// What was written to the sender, the last one last.
    pub told: Vec<Told>,
    /// The language in which to answer.
    pub language: String,
}

/// A paper that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPaper {
    /// Its name.
    pub name: String,
    /// When it came.
    pub at: Instant,
    /// `received`, `read`, `unreadable`.
    pub state: &'static str,
    /// Pages that could not be read.
    pub unread: u32,
}

/// A message to the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Instant,
    /// What.
    pub text: String,
}

impl Desk {
    pub(super) async fn reply(&self, case: CaseId, reply: &Reply) -> Result<()> {
        if reply.text.trim().is_empty() {
            return Err(Error::refused("the answer is empty: nothing was sent"));
        }
        let case = self.casework.seen_in(case).await?;
        let name = match reply.once.as_str() {
            "" => self.casework.random_hex(8),
            once => {
                self.casework.digest("reply", once).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
            }
        };
        if self.casework.ledger.case(case).await?.messages.contains_key(&name) {
            return Ok(());
        }
        let act = |file: &CaseFile| {
            if file.messages.contains_key(&name) {
                return Err(Error::refused("this answer was sent already: nothing was sent twice"));
            }
            let to = address(file, &reply.channel)?;
            let queued = MessageQueued {
                message: name.clone(),
                channel: reply.channel.clone(),
                to,
                text: reply.text.trim().to_owned(),
                asks: reply.asks.clone(),
            };
            let mut entries: Vec<Body> = vec![queued.into()];
            if reply.channel == LINK {
                entries.push(MessageSent { message: name.clone(), receipt: None }.into());
            }
            Ok(act_on(self.who, file, entries).seen(Some(case), "case.reply"))
        };
        self.casework.change(case, act).await.map(|_| ())
    }

    pub(super) async fn link_status(&self, case: CaseId) -> Result<LinkStatus> {
        // Joined cases may be of two senders: each sees the papers of the own one and what was written to it, what was written
        // since they were joined, and where the whole stands.
        let file = self.casework.ledger.case(case).await?;
        let whole = self.casework.ledger.case(self.casework.seen_in(case).await?).await?;
        self.log(Some(case), "link.status").await?;
        let mut documents: Vec<_> = file.documents.values().collect();
        documents.sort_by_key(|document| document.seq);
        let papers = documents.into_iter().map(|document| SentPaper {
            name: document.name.clone(),
            at: document.received_at,
            state: document.state.name(),
            unread: match document.state {
                DocumentState::Read { unread, .. } => unread,
                DocumentState::Received | DocumentState::Unreadable { .. } => 0,
            },
        });
        let is_joined = whole.case != file.case;
        let since =
            whole.messages.values().filter(|of| is_joined && whole.merged_at.is_some_and(|at| of.seq > at));
        let mut messages: Vec<&Message> =
            file.messages.values().chain(since).filter(|message| message.channel == LINK).collect();
        messages.sort_by_key(|message| message.sent_at);
        let asked = messages.iter().rev().find(|message| !message.asks.is_empty());
        let asks = match whole.state() {
            CaseState::Asked => asked.map(|message| message.asks.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        let told = messages
            .iter()
            .filter_map(|message| Some(Told { at: message.sent_at?, text: message.text.clone() }));
        Ok(LinkStatus {
            case,
            opened_at: file.opened_at,
            state: whole.state(),
            papers: papers.collect(),
            asks,
            told: told.collect(),
            language: file.inquiries.last().map(|of| of.sender.language.clone()).unwrap_or_default(),
        })
    }
}

/// The page of the patient's link.
const LINK: &str = "link";

/// Where an answer goes on a channel.
fn address(file: &CaseFile, channel: &str) -> Result<String> {
    let sender = file.inquiries.last().map(|inquiry| &inquiry.sender);
    let address = match channel {
        LINK => return Ok(String::new()),
        "mail" => sender.and_then(|sender| sender.mail.clone()),
        "whatsapp" => sender.and_then(|sender| sender.whatsapp.clone()),
        other => {
            return Err(Error::refused(format!(
                "there is no channel `{other}`: it is link, mail or whatsapp"
            )));
        }
    };
    address.ok_or_else(|| Error::refused(format!("the sender gave no address for {channel}: answer by link")))
}
