//! Mails: the body as text, and the attachments, each a document of its own.

use crate::failure::Failure;
use crate::limits;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// A mail taken apart.
pub(crate) struct Mail {
    /// Subject and date, then the words.
    pub(crate) body: String,
    /// Names and bytes.
    pub(crate) attachments: Vec<(String, Vec<u8>)>,
}

/// Takes a mail apart.
pub(crate) fn open(bytes: &[u8]) -> Result<Mail, Failure> {
    refuse_bombs(bytes)?;
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Failure::damaged("the mail has no readable headers"))?;
    let attachments = message
        .parts
        .iter()
        .enumerate()
        .filter(|(id, part)| !is_body(&message, *id, part))
        .filter_map(|(id, part)| attachment(id, part))
        .collect();
    Ok(Mail { body: body(&message), attachments })
}

/// The words of a page of HTML.
pub(crate) fn text_of_html(html: &str) -> String {
    let text = html_to_text(html);
    // The converter leaves runs of empty lines where the page had boxes.
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    kept.join("\n")
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

fn body(message: &Message<'_>) -> String {
    let mut body = String::new();
    if let Some(subject) = message.subject() {
        body.push_str(&format!("Subject: {subject}\n"));
    }
    if let Some(date) = message.date() {
        let (year, month, day) = (date.year, date.month, date.day);
        body.push_str(&format!("Date: {year:04}-{month:02}-{day:02}\n"));
    }
    for part in message.text_bodies() {
        body.push('\n');
        match &part.body {
            PartType::Html(html) => body.push_str(&text_of_html(html)),
            PartType::Text(text) => body.push_str(text),
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => {}
        }
    }
    body
}

fn attachment(id: usize, part: &MessagePart<'_>) -> Option<(String, Vec<u8>)> {
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
        assert!(mail.body.starts_with("Subject: 母亲的病理报告\nDate: 2024-03-05\n"));
        assert!(mail.body.contains("My mother, 58, has DLBCL."), "{}", mail.body);
        let (name, bytes) = &mail.attachments[0];
        assert_eq!((name.as_str(), bytes.as_slice()), ("report.txt", &b"Ki-67 80%"[..]));
    }

    #[test]
    fn a_forwarded_mail_is_an_attachment() {
        let mail = open(MAIL.as_bytes()).unwrap();
        let (name, bytes) = &mail.attachments[1];
        assert!(name.ends_with(".eml"));
        assert!(open(bytes).unwrap().body.contains("inner words"));
    }

    #[test]
    fn a_hundred_thousand_parts_are_refused() {
        let bomb = format!("From: a\r\nTo: b\r\n\r\n{}", "--b1\r\n\r\n".repeat(100_000));
        assert_eq!(open(bomb.as_bytes()).err().map(|failure| failure.reason), Some(UnreadReason::TooMany));
    }
}
