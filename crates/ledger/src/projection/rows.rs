//! The rows that a case file gives.

use super::{Rows, Table, put};
use crate::{
    CaseFile, DocumentState,
    db::Value,
    words::{same_by, words_by},
};
use cartulary_model::{BlobId, CaseId};
use cartulary_vault::Keys;

/// The token space of words; those of persons are `person.name` and so on.
const WORD: &str = "word";

/// What words and names become in the database.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'a> {
    pub(crate) keys: &'a Keys,
    /// One letter for those that are taken for each other.
    pub(crate) letter: fn(char) -> char,
}

impl Tokens<'_> {
    /// The tokens of the words of a text, each with how often it stands there.
    pub(crate) fn words(self, text: &str) -> impl Iterator<Item = ([u8; 16], u32)> {
        words_by(text, self.letter)
            .into_iter()
            .map(move |(word, times)| (self.keys.token(WORD, &word), times))
    }

    /// The token of something that is known of a person; `what` is `name`, `born`, `number`, `phone`, `mail` or
    /// `code`.
    pub(crate) fn person(self, what: &str, text: &str) -> [u8; 16] {
        self.keys.token(&format!("person.{what}"), &same_by(text, self.letter))
    }
}

/// All rows of a case but the search tokens of its documents, whose texts lie in the vault.
pub(crate) fn rows(file: &CaseFile, tokens: Tokens<'_>) -> Rows {
    let mut rows = Rows::new();
    case_row(file, &mut rows);
    if file.erased {
        return rows;
    }
    people(file, tokens, &mut rows);
    documents(file, &mut rows);
    facts(file, &mut rows);
    course(file, &mut rows);
    let own = own_text(file);
    rows.extend(text_rows(file.case, None, &own, tokens));
    rows
}

/// The search tokens of a text of a document, or of the case file itself.
pub(crate) fn text_rows(case: CaseId, document: Option<BlobId>, text: &str, tokens: Tokens<'_>) -> Rows {
    let mut rows = Rows::new();
    let document = document.map_or(Vec::new(), |document| document.bytes().to_vec());
    for (token, times) in tokens.words(text) {
        let row: Vec<Value> = vec![token.into(), id(case), document.clone().into(), i64::from(times).into()];
        put(&mut rows, Table::Search, row);
    }
    rows
}

fn case_row(file: &CaseFile, rows: &mut Rows) {
    let unread = file.documents.values().filter(|document| match document.state {
        DocumentState::Received => true,
        DocumentState::Read { unread, .. } => unread > 0,
        DocumentState::Unreadable { .. } => true,
    });
    let last = file.evaluations.last();
    let row = vec![
        id(file.case),
        file.state().name().into(),
        file.owner.map(|owner| owner.bytes().to_vec()).into(),
        file.opened_at.micros().into(),
        file.changed_at.micros().into(),
        count(file.documents.len()),
        count(unread.count()),
        count(file.facts.len()),
        count(file.evaluations.len()),
        file.merged_into.map(|case| case.bytes().to_vec()).into(),
        number(file.version),
        file.contact_at.map(cartulary_model::Instant::micros).into(),
        file.asked_at().map(cartulary_model::Instant::micros).into(),
        last.and_then(|last| last.diagnosis.as_ref()).map(ToString::to_string).into(),
        i64::from(last.map_or(0, |last| last.missing)).into(),
    ];
    put(rows, Table::Case, row);
}

fn people(file: &CaseFile, tokens: Tokens<'_>, rows: &mut Rows) {
    let person = &file.person;
    let code = tokens.person("code", &code(tokens.keys, file.case));
    put(rows, Table::Person, vec![id(file.case), "code".into(), code.into()]);
    for sender in file.inquiries.iter().map(|inquiry| &inquiry.sender) {
        let name = Some(&sender.name).filter(|name| !name.is_empty());
        let known = [
            ("name", name),
            ("mail", sender.mail.as_ref()),
            ("phone", sender.phone.as_ref()),
            ("phone", sender.whatsapp.as_ref()),
        ];
        for (what, text) in known.into_iter().filter_map(|(what, text)| Some((what, text?))) {
            put(rows, Table::Person, vec![id(file.case), what.into(), tokens.person(what, text).into()]);
        }
    }
    let born: Vec<String> = person.born.iter().cloned().collect();
    let kinds = [
        ("name", &person.names),
        ("born", &born),
        ("number", &person.numbers),
        ("phone", &person.phones),
        ("mail", &person.mails),
    ];
    for (what, texts) in kinds {
        for text in texts {
            let token = tokens.person(what, text);
            put(rows, Table::Person, vec![id(file.case), what.into(), token.into()]);
        }
    }
}

/// What people call a case: 40 bits of a keyed digest, in letters and digits that cannot be taken for each other [Crockford].
pub(crate) fn code(keys: &Keys, case: CaseId) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest = keys.pseudonym("case.code", &case.to_string());
    let bits = digest.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let sign = |place: u32| char::from(SIGNS[usize::try_from(bits >> (35 - 5 * place) & 31).unwrap_or(0)]);
    let mut code: String = (0..8).map(sign).collect();
    code.insert(4, '-');
    code
}

fn documents(file: &CaseFile, rows: &mut Rows) {
    for (document, held) in &file.documents {
        let pages = match held.state {
            DocumentState::Read { pages, .. } => pages,
            DocumentState::Received | DocumentState::Unreadable { .. } => 0,
        };
        let row = vec![
            id(file.case),
            (*document.bytes()).into(),
            held.channel.as_str().into(),
            held.media_type.as_str().into(),
            number(held.size),
            held.received_at.micros().into(),
            held.state.name().into(),
            i64::from(pages).into(),
        ];
        put(rows, Table::Document, row);
    }
}

fn facts(file: &CaseFile, rows: &mut Rows) {
    for (fact, held) in &file.facts {
        let row = vec![
            id(file.case),
            fact.0.as_ref().into(),
            held.document.map(|document| document.bytes().to_vec()).into(),
            held.index.concept.as_str().into(),
            held.index.assertion.as_str().into(),
            held.status.name().into(),
            held.index.number.into(),
            held.index.unit.clone().into(),
            held.index.on.clone().into(),
        ];
        put(rows, Table::Fact, row);
    }
}

fn course(file: &CaseFile, rows: &mut Rows) {
    for evaluation in &file.evaluations {
        for set in &evaluation.sets {
            let row = vec![
                id(file.case),
                number(evaluation.seq),
                set.set.as_str().into(),
                set.answer.as_str().into(),
                evaluation.at.micros().into(),
            ];
            put(rows, Table::Evaluation, row);
        }
    }
    for event in &file.course {
        let row =
            vec![id(file.case), number(event.seq), event.what.as_str().into(), event.on.as_str().into()];
        put(rows, Table::Course, row);
    }
}

/// What the case file itself is found by: the patient's names and numbers, the notes, and who sent the papers with which words.
fn own_text(file: &CaseFile) -> String {
    let person = &file.person;
    let said = person.names.iter().chain(&person.numbers);
    let notes = file.notes.iter().map(|note| &note.text);
    let senders = file.inquiries.iter().flat_map(|of| of.words.iter().chain([&of.sender.name]));
    said.chain(notes).chain(senders).fold(String::new(), |all, text| all + text + "\n")
}

fn id(case: CaseId) -> Value {
    (*case.bytes()).into()
}

fn count(count: usize) -> Value {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

fn number(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
