//! Outlook messages (`.msg`): subject, sender, day and words, and the attachments, each a document of its own.
//!
//! The file is a compound file: storages and streams named by the number and type of a property.

mod compressed;
mod properties;

use crate::failure::Failure;
use crate::manuscript::{Block, Enclosure, Manuscript};
use crate::{html, limits, plain, rtf};
use cartulary_model::document::UnreadReason;
use cfb::CompoundFile;
use properties::{Properties, property as p};
use std::io::{Cursor, Read, Write};

/// An open compound file.
pub(crate) type Compound<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// Takes an Outlook message apart.
pub(crate) fn open(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let mut file = compound(bytes)?;
    let mut message = Properties::of(&mut file, "/", properties::MESSAGE_HEADER);
    let words = body(&mut message);
    let mut manuscript = words.unwrap_or_default();
    let head = head(&mut message).into_iter().map(Block::Paragraph);
    manuscript.blocks = head.chain([Block::Paragraph(String::new())]).chain(manuscript.blocks).collect();
    let storages: Vec<String> = file
        .read_root_storage()
        .filter(|entry| entry.is_storage() && entry.name().starts_with("__attach"))
        .map(|entry| entry.name().to_owned())
        .collect();
    for (number, storage) in storages.iter().enumerate() {
        if number == limits::PARTS {
            manuscript.report(UnreadReason::TooMany, format!("more than {} attachments", limits::PARTS));
            break;
        }
        manuscript.enclosures.push(attachment(&mut file, storage, number + 1));
    }
    Ok(manuscript)
}

/// Opens a compound file.
pub(crate) fn compound(bytes: &[u8]) -> Result<Compound<'_>, Failure> {
    CompoundFile::open(Cursor::new(bytes)).map_err(|error| Failure::damaged(error.to_string()))
}

/// The lines above the words, as in a mail.
fn head(message: &mut Properties<'_, '_>) -> Vec<String> {
    let sender = message.text(p::SENDER_NAME).or_else(|| message.text(p::SENDER_ADDRESS));
    let day = message.day(p::CLIENT_SUBMIT_TIME).or_else(|| message.day(p::DELIVERY_TIME));
    let lines = [("Subject", message.text(p::SUBJECT)), ("From", sender), ("Date", day)];
    let line = |(name, value): (&str, Option<String>)| Some(format!("{name}: {}", value?));
    lines.into_iter().filter_map(line).collect()
}

/// The words: of the forms in which Outlook keeps them the one that says most.
fn body(message: &mut Properties<'_, '_>) -> Option<Manuscript> {
    let page = message.bytes(p::HTML).map(|bytes| {
        let encoding = plain::encoding_of_html(&bytes);
        html::read(&plain::decode(&bytes, encoding))
    });
    let page = page.or_else(|| message.text(p::HTML).map(|text| html::read(&text)));
    let text = message.text(p::BODY).map(|text| Manuscript::of_text(&text));
    let packed = message.bytes(p::COMPRESSED_RTF);
    match (text, page) {
        (Some(text), Some(page)) => Some(html::fuller(text, page)),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => packed.and_then(|bytes| compressed::unpack(&bytes)).map(|bytes| rtf::read(&bytes)),
    }
}

fn attachment(file: &mut Compound<'_>, storage: &str, number: usize) -> Enclosure {
    let mut properties = Properties::of(file, &format!("/{storage}/"), properties::ATTACHMENT_HEADER);
    let named = properties.text(p::ATTACH_LONG_FILENAME).or_else(|| properties.text(p::ATTACH_FILENAME));
    let title = properties.text(p::DISPLAY_NAME);
    let name = named.or(title).filter(|name| !name.trim().is_empty());
    let bytes = properties.bytes(p::ATTACH_DATA);
    let embedded = format!("/{storage}/__substg1.0_3701000D");
    let name = name.unwrap_or_else(|| format!("attachment {number}"));
    let bytes = match bytes {
        Some(bytes) => Ok(bytes),
        None if file.is_storage(&embedded) => rerooted(file, &embedded),
        None => {
            let detail =
                "the attachment is a link, its bytes are not in the message; ask for the file itself";
            Err(Failure::unsupported(detail))
        }
    };
    (name, bytes)
}

/// A message in a message as a file of its own, so that it is read like one that was sent.
fn rerooted(file: &mut Compound<'_>, storage: &str) -> Result<Vec<u8>, Failure> {
    let damaged = |error: std::io::Error| Failure::damaged(error.to_string());
    let entries: Vec<(String, bool)> = file
        .walk_storage(storage)
        .map_err(damaged)?
        .skip(1)
        .take(20 * limits::PARTS)
        .map(|entry| (entry.path().to_string_lossy().into_owned(), entry.is_storage()))
        .collect();
    let mut copy = CompoundFile::create(Cursor::new(Vec::new())).map_err(damaged)?;
    let mut budget = limits::FILE_BYTES;
    for (path, is_storage) in entries {
        let Some(inner) = path.strip_prefix(storage) else { continue };
        if is_storage {
            copy.create_storage(inner).map_err(damaged)?;
            continue;
        }
        let bytes = stream(file, &path).ok_or_else(|| Failure::damaged("a stream does not open"))?;
        budget = budget
            .checked_sub(bytes.len())
            .ok_or_else(|| Failure::too_large("the message in it has too many bytes"))?;
        copy.create_stream(inner).and_then(|mut new| new.write_all(&bytes)).map_err(damaged)?;
    }
    copy.flush().map_err(damaged)?;
    Ok(copy.into_inner().into_inner())
}

/// The bytes of a stream, no more than a file may have.
fn stream(file: &mut Compound<'_>, path: &str) -> Option<Vec<u8>> {
    let stream = file.open_stream(path).ok()?;
    let mut bytes = Vec::new();
    stream.take(limits::FILE_BYTES as u64).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
pub(crate) mod tests;
