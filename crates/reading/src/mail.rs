//! Mails: the body as text, and the attachments, each a document of its own.

use crate::failure::Failure;
use crate::manuscript::{Block, Enclosure, Manuscript};
use crate::{html, limits};
use cartulary_model::document::UnreadReason;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// Takes a mail apart: its words, and its attachments as enclosures.
pub(crate) fn open(bytes: &[u8]) -> Result<Manuscript, Failure> {
    refuse_bombs(bytes)?;
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Failure::damaged("the mail has no readable headers"))?;
    let mut mail = body(&message);
    mail.enclosures = message
        .parts
        .iter()
        .enumerate()
        .filter(|(id, part)| !is_body(&message, *id, part))
        .filter_map(|(id, part)| attachment(id, part))
        .collect();
    Ok(mail)
}

/// The parser holds every part in memory at eighteen times its size; a million empty parts are an attack.
fn refuse_bombs(bytes: &[u8]) -> Result<(), Failure> {
    let lines = || bytes.split(|byte| *byte == b'\n');
    let header_lines = lines().take_while(|line| !line.trim_ascii().is_empty()).count();
    if header_lines > limits::HEADER_LINES {
        return Err(Failure::too_many(format!("{header_lines} header lines")));
    }
    let boundaries = lines().filter(|line| line.starts_with(b"--")).count();
    if boundaries > 20 * limits::PARTS {
        return Err(Failure::too_many(format!("about {boundaries} parts")));
    }
    Ok(())
}

fn is_body(message: &Message<'_>, id: usize, part: &MessagePart<'_>) -> bool {
    let id = id as u32;
    let listed = message.text_body.contains(&id) || message.html_body.contains(&id);
    match part.body {
        PartType::Text(_) | PartType::Html(_) => listed,
        PartType::Multipart(_) => true,
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) => false,
    }
}

/// Subject and day, then the words: of a letter in two forms the one that says more.
fn body(message: &Message<'_>) -> Manuscript {
    let subject = message.subject().map(|subject| format!("Subject: {subject}"));
    let day = message.date().map(|date| format!("Date: {:04}-{:02}-{:02}", date.year, date.month, date.day));
    let head = [subject, day].into_iter().flatten().map(Block::Paragraph);
    let text = joined(message.text_bodies());
    let page = joined(message.html_bodies());
    let mut words = html::fuller(text, page);
    words.blocks = head.chain(words.blocks).collect();
    words
}

fn joined<'a>(parts: impl Iterator<Item = &'a MessagePart<'a>>) -> Manuscript {
    let mut joined = Manuscript::default();
    for part in parts {
        let words = match &part.body {
            PartType::Html(page) => html::read(page),
            PartType::Text(text) => Manuscript::of_text(text),
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => continue,
        };
        joined.blocks.push(Block::Paragraph(String::new()));
        joined.blocks.extend(words.blocks);
        joined.pictures.extend(words.pictures);
    }
    joined
}

fn attachment(id: usize, part: &MessagePart<'_>) -> Option<Enclosure> {
    let bytes = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes().to_vec(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
        PartType::Message(message) => message.raw_message().to_vec(),
        PartType::Multipart(_) => return None,
    };
    let name = part.attachment_name().filter(|name| !name.trim().is_empty());
    let unnamed = match &part.body {
        PartType::Message(_) => format!("forwarded {id}.eml"),
        _ => format!("part {id}"),
    };
    let bytes = if bytes.is_empty() {
        Err(Failure::new(UnreadReason::Empty, "the attachment has no bytes"))
    } else {
        Ok(bytes)
    };
    Some((name.map_or(unnamed, str::to_owned), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::document::UnreadReason;

    const MAIL: &str = "From: daughter@example.org\r\nTo: intake@example.org\r\n\
        Subject: =?UTF-8?B?5q+N5Lqy55qE55eF55CG5oql5ZGK?=\r\nDate: Tue, 5 Mar 2024 08:00:00 +0800\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n\
        --b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>My mother, <b>58</b>, has DLBCL.</p>\r\n\
        --b1\r\nContent-Type: application/octet-stream; name=\"report.txt\"\r\n\
        Content-Disposition: attachment; filename=\"report.txt\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nS2ktNjcgODAl\r\n\
        --b1\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@example.org\r\nTo: y@example.org\r\nSubject: inner\r\n\r\ninner words\r\n\
        --b1--\r\n";

    #[test]
    fn body_and_attachments_come_apart() {
        let mail = open(MAIL.as_bytes()).unwrap();
        let text = mail.text();
        assert!(text.starts_with("Subject: 母亲的病理报告\nDate: 2024-03-05\n"));
        assert!(text.contains("My mother, 58, has DLBCL."), "{text}");
        assert_eq!(mail.enclosures[0], ("report.txt".to_owned(), Ok(b"Ki-67 80%".to_vec())));
    }

    #[test]
    fn a_forwarded_mail_is_an_attachment() {
        let mail = open(MAIL.as_bytes()).unwrap();
        let (name, bytes) = &mail.enclosures[1];
        assert!(name.ends_with(".eml"));
        assert!(open(bytes.as_ref().unwrap()).unwrap().text().contains("inner words"));
    }

    #[test]
    fn a_letter_in_two_forms_is_read_in_the_one_that_keeps_its_table() {
        let html = "<p>Dear doctors</p><table><tr><td>PLT</td><td>45</td></tr></table>";
        let mail = format!(
            "From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative; boundary=b1\r\n\r\n\
             --b1\r\nContent-Type: text/plain\r\n\r\nDear doctors\r\nPLT\r\n45\r\n\
             --b1\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b1--\r\n"
        );
        let mail = open(mail.as_bytes()).unwrap();
        assert!(mail.text().contains("PLT\t45"), "{}", mail.text());
        assert_eq!(mail.enclosures, []);
    }

    #[test]
    fn a_mail_in_gbk_is_decoded() {
        let mut mail = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\n\
            Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            .to_vec();
        mail.extend_from_slice(&encoding_rs::GB18030.encode("血小板 45").0);
        assert!(open(&mail).unwrap().text().ends_with("血小板 45"));
    }

    #[test]
    fn a_hundred_thousand_parts_are_refused() {
        let bomb = format!("From: a\r\nTo: b\r\n\r\n{}", "--b1\r\n\r\n".repeat(100_000));
        assert_eq!(open(bomb.as_bytes()).err().map(|failure| failure.reason), Some(UnreadReason::TooMany));
    }
}
