//! An answer made of the catalogue's templates, in the sender's language. What somebody typed stays where it is.

use super::Their;
use crate::{
    App,
    error::{Failure, Outcome},
    pages::ask_words,
    words::{LANGS, Language, Words},
};
use cartulary_casework::CaseView;
use cartulary_catalogue::ReplyLanguage;

/// The templates of a language, with what they say of a case.
pub(super) struct Blocks<'a> {
    app: &'a App,
    pub(super) language: &'a ReplyLanguage,
    values: Vec<(&'static str, String)>,
}

impl<'a> Blocks<'a> {
    /// In a language; in that which the sender writes where it is none.
    pub(super) fn new(app: &'a App, view: &CaseView, tag: &str) -> Outcome<Self> {
        let file = view.whole.own();
        let sender = file.inquiries.last().map(|inquiry| &inquiry.sender);
        let theirs = sender.map_or("", |sender| sender.language.as_str());
        let replies = app.catalogue.replies();
        let language = [tag, theirs, LANGS[0].tag].into_iter().find_map(|tag| replies.language(tag));
        let language = language.ok_or_else(|| Failure::Ours("no templates of messages".to_owned()))?;
        let site = &app.site;
        let values = vec![
            ("name", sender.map_or(String::new(), |sender| sender.name.trim().to_owned())),
            ("case", app.casework.ledger().code(file.case)),
            ("site", site.name_in(&language.tag).to_owned()),
            ("place", site.place_in(&language.tag).to_owned()),
            ("phone", site.phone.clone()),
            ("mail", site.mail.clone()),
            ("hours", site.promise_hours().to_string()),
        ];
        Ok(Self { app, language, values })
    }

    /// How the page says the language.
    pub(super) fn their(&self) -> Their {
        let tag = &self.language.tag;
        let html = LANGS.iter().find(|of| of.tag == *tag).map_or(tag.as_str(), |of| of.html);
        Their { html: html.to_owned(), dir: self.language.written.clone() }
    }

    /// A template, filled.
    pub(super) fn say(&self, id: &str) -> String {
        self.say_with(id, None)
    }

    fn say_with(&self, id: &str, more: Option<(&str, &str)>) -> String {
        let values = self.values.iter().map(|(name, value)| (*name, value.as_str()));
        let values: Vec<_> = values.chain(more).collect();
        self.language.fill(id, &values)
    }

    /// What a paper is called.
    pub(super) fn paper(&self, key: &str) -> String {
        let words = || Words::new(Language::of(&self.language.tag).unwrap_or(LANGS[0]));
        self.language.paper(key).map_or_else(|| ask_words(self.app, &words(), key), str::to_owned)
    }

    /// The templates to insert: id, what the reader calls them, what they say.
    pub(super) fn offered(&self, w: &Words) -> Vec<(String, String, String)> {
        let readers = self.app.catalogue.replies().language(w.language.tag).unwrap_or(self.language);
        self.language
            .offered()
            .map(|id| (id.to_owned(), readers.title(id).to_owned(), self.say(id)))
            .collect()
    }

    /// What asks for papers; empty without any.
    fn ask(&self, keys: &[String]) -> String {
        let lines = keys.iter().map(|key| self.say_with("paper", Some(("paper", &self.paper(key)))));
        let papers = lines.collect::<Vec<_>>().join("\n");
        if papers.is_empty() { papers } else { self.say_with("ask", Some(("papers", &papers))) }
    }

    /// A whole answer that asks for papers.
    pub(super) fn draft(&self, keys: &[String]) -> String {
        let is_named = self.values.iter().any(|(name, value)| *name == "name" && !value.is_empty());
        let greeting = if is_named { "greeting" } else { "greeting_plain" };
        let blocks = [
            self.say(greeting),
            self.say("thanks"),
            self.ask(keys),
            self.say("no_opinion"),
            self.say("close"),
        ];
        joined(&blocks)
    }

    /// A text with a block more: above its ending where it has ours, else below.
    pub(super) fn with(&self, text: &str, block: &str) -> String {
        let (opinion, close) = (self.say("no_opinion"), self.say("close"));
        let endings = [joined(&[opinion, close.clone()]), close];
        let ending =
            endings.iter().find(|of| text.trim_end().ends_with(of.as_str())).map_or("", String::as_str);
        let body = text.trim_end().strip_suffix(ending).unwrap_or(text).trim_end();
        joined(&[body.to_owned(), block.to_owned(), ending.to_owned()])
    }
}

/// Blocks with an empty line between.
fn joined(blocks: &[String]) -> String {
    let blocks: Vec<&str> = blocks.iter().map(|of| of.trim_end()).filter(|of| !of.is_empty()).collect();
    blocks.join("\n\n")
}

/// A text that asked for some papers, and asks for others. Where nobody changed the answer that was put together, it is put
/// together anew; else what asked is exchanged, and all that was typed stays.
pub(super) fn rewritten(text: &str, was: (&Blocks<'_>, &[String]), now: (&Blocks<'_>, &[String])) -> String {
    let (before, after) = (was.0.ask(was.1), now.0.ask(now.1));
    if text.trim().is_empty() || text.trim() == was.0.draft(was.1) {
        return now.0.draft(now.1);
    }
    match text.split_once(&before).filter(|_| !before.is_empty()) {
        Some((above, below)) => joined(&[above.to_owned(), after, below.trim_start().to_owned()]),
        None => was.0.with(text, &after),
    }
}
