//! RTF, as hospital systems and Outlook write it: words, table cells, pictures.
//!
//! Chinese stands in it as bytes of GBK, two escapes a character, in fonts that name their character set. Readers that
//! turn each escape into a letter make rubbish of it, so this one gathers bytes and decodes them by the font.

mod code_page;
mod tokens;
mod writer;

use crate::failure::Failure;
use crate::limits;
use crate::manuscript::Manuscript;
use cartulary_model::document::UnreadReason;
pub(crate) use code_page::by_code_page;
use code_page::by_font_charset;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::BTreeMap;
use tokens::{Token, Tokens};
use writer::Writer;

/// Destinations whose text is not the document's.
const NOT_TEXT: &[&str] = &[
    "colortbl",
    "stylesheet",
    "info",
    "fldinst",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "xmlnstbl",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "datafield",
    "filetbl",
    "objdata",
    "objclass",
    "objname",
    "bkmkstart",
    "bkmkend",
    "pntext",
    "pntxta",
    "pntxtb",
    "pnseclvl",
    "nonshppict",
    "sp",
    "picprop",
    "blipuid",
    "atnid",
    "atnauthor",
    "atndate",
    "tc",
    "xe",
    "passwordhash",
    "wgrffmtfilter",
    "mmathPr",
    "falt",
    "panose",
    "nonesttables",
    "formfield",
];

/// Destinations that are known although a reader might skip them.
const KNOWN: &[&str] = &["shppict", "shpinst", "shptxt", "footnote", "annotation"];

/// The words of an RTF file. What follows damage is lost, and said so.
pub(crate) fn read(bytes: &[u8]) -> Manuscript {
    let mut reader = Reader::new();
    for token in Tokens::new(bytes) {
        match token {
            Token::Open => reader.open(),
            Token::Close => reader.close(),
            Token::Word(word, number) => reader.word(word, number),
            Token::Byte(byte) => reader.byte(byte),
            Token::Text(text) => text.iter().for_each(|byte| reader.byte(*byte)),
            Token::Binary(data) => reader.writer.picture_bytes(data),
            Token::Ignorable => reader.group.ignorable = true,
        }
        if reader.groups.len() > limits::RTF_DEPTH {
            let detail =
                format!("groups in groups, more than {} levels; the rest was not read", limits::RTF_DEPTH);
            reader.writer.report(UnreadReason::TooMany, detail);
            break;
        }
    }
    reader.flush();
    reader.writer.finish()
}

/// What holds until the group is closed.
#[derive(Clone, Copy)]
struct Group {
    /// Its text is not the document's.
    skipped: bool,
    /// `\*` was read: a destination that one may skip.
    ignorable: bool,
    hidden: bool,
    in_fonts: bool,
    in_picture: bool,
    raised: bool,
    encoding: &'static Encoding,
    /// Letters that stand for each `\u` for readers that do not know it.
    fallback: usize,
}

struct Reader {
    writer: Writer,
    group: Group,
    groups: Vec<Group>,
    /// Bytes that wait for the rest of their character.
    bytes: Vec<u8>,
    /// Encodings by number of the font.
    fonts: BTreeMap<i32, &'static Encoding>,
    font: i32,
    document: &'static Encoding,
    /// Letters to pass over after a `\u`.
    passing: usize,
    /// The first half of a character that `\u` writes in two.
    surrogate: Option<u16>,
}

impl Reader {
    fn new() -> Self {
        let group = Group {
            skipped: false,
            ignorable: false,
            hidden: false,
            in_fonts: false,
            in_picture: false,
            raised: false,
            encoding: WINDOWS_1252,
            fallback: 1,
        };
        Self {
            writer: Writer::default(),
            group,
            groups: Vec::new(),
            bytes: Vec::new(),
            fonts: BTreeMap::new(),
            font: 0,
            document: WINDOWS_1252,
            passing: 0,
            surrogate: None,
        }
    }

    fn open(&mut self) {
        self.flush();
        self.passing = 0;
        self.groups.push(self.group);
        self.group.ignorable = false;
    }

    fn close(&mut self) {
        self.flush();
        self.passing = 0;
        if self.group.in_picture && self.groups.last().is_none_or(|outer| !outer.in_picture) {
            self.writer.end_picture();
        }
        if let Some(outer) = self.groups.pop() {
            self.group = outer;
        }
        self.writer.set_raised(self.group.raised);
    }

    fn byte(&mut self, byte: u8) {
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        if self.group.in_picture {
            self.writer.picture_digit(byte);
        } else if self.is_text() {
            self.bytes.push(byte);
        }
    }

    fn is_text(&self) -> bool {
        !(self.group.skipped || self.group.hidden || self.group.in_fonts)
    }

    /// Decodes the bytes that wait.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let (text, _) = self.group.encoding.decode_without_bom_handling(&self.bytes);
        self.writer.text(&text);
        self.bytes.clear();
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if word == "u" {
            self.unicode(number.unwrap_or(0));
            return;
        }
        // One escape may be half a character, so only words end it.
        self.flush();
        self.surrogate = None;
        let on = number != Some(0);
        let count = number.and_then(|number| usize::try_from(number).ok());
        match word {
            _ if self.group.ignorable && !KNOWN.contains(&word) => {
                self.group.skipped = true;
                self.group.ignorable = false;
            }
            _ if NOT_TEXT.contains(&word) => self.group.skipped = true,
            "fonttbl" => self.group.in_fonts = true,
            "ansicpg" => self.set_document(number.unwrap_or(0)),
            "mac" => self.document = encoding_rs::MACINTOSH,
            "f" => self.choose_font(number.unwrap_or(0)),
            "fcharset" if self.group.in_fonts => {
                let encoding = by_font_charset(number.unwrap_or(0)).unwrap_or(self.document);
                self.fonts.insert(self.font, encoding);
            }
            "plain" => {
                self.group.hidden = false;
                self.group.raised = false;
                self.writer.set_raised(false);
            }
            "uc" => self.group.fallback = count.unwrap_or(1).min(16),
            // Hidden, deleted in a tracked change, and what Outlook wrote for readers of RTF beside the HTML.
            "v" | "deleted" | "htmlrtf" => self.group.hidden = on,
            "super" => {
                self.group.raised = on;
                self.writer.set_raised(on);
            }
            "nosupersub" => {
                self.group.raised = false;
                self.writer.set_raised(false);
            }
            "strike" | "striked" if on => self.group.hidden = self.strike(),
            "annotation" => {
                self.group.skipped = true;
                self.writer.report(UnreadReason::UnsupportedType, "a comment in the margin was not read");
            }
            "pict" if !self.group.skipped => {
                self.group.in_picture = true;
                self.writer.begin_picture();
            }
            "object" => self.writer.report(UnreadReason::UnsupportedType, "an embedded object was not read"),
            _ if self.group.in_picture => self.writer.picture_kind(word),
            _ if self.is_text() => self.writer.word(word, number),
            _ => {}
        }
    }

    /// Text that is crossed out does not hold any more; it is left out, and said so.
    fn strike(&mut self) -> bool {
        self.writer.report(UnreadReason::UnsupportedType, "text that is crossed out was not read");
        true
    }

    fn set_document(&mut self, code_page: i32) {
        self.document = by_code_page(code_page).unwrap_or(WINDOWS_1252);
        self.group.encoding = self.document;
    }

    fn choose_font(&mut self, font: i32) {
        self.font = font;
        if !self.group.in_fonts {
            self.group.encoding = self.fonts.get(&font).copied().unwrap_or(self.document);
        }
    }

    /// A character by its number, negative from 32,768 on.
    fn unicode(&mut self, number: i32) {
        if self.is_text() && !self.group.in_picture {
            self.flush();
            let unit = number as u16;
            match (self.surrogate.take(), unit) {
                (None, 0xD800..=0xDBFF) => self.surrogate = Some(unit),
                (first, _) => {
                    let units = first.into_iter().chain([unit]);
                    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
                    self.writer.text(&text);
                }
            }
        }
        self.passing = self.group.fallback;
    }
}

/// Refuses what only begins like RTF.
pub(crate) fn open(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let manuscript = read(bytes);
    let holds_something = !manuscript.blocks.is_empty() || !manuscript.pictures.is_empty();
    if holds_something || !manuscript.unread.is_empty() {
        return Ok(manuscript);
    }
    Err(Failure::new(UnreadReason::NoPages, "the RTF file holds no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rtf: &str) -> String {
        read(rtf.as_bytes()).text()
    }

    #[test]
    fn chinese_in_gbk_escapes_is_decoded_by_its_font() {
        let rtf = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 SimSun;}}\f1 \'d6\'d0\'b9\'fa \f0 Sj\'f6gren\par}";
        assert_eq!(text(rtf), "中国 Sjögren");
    }

    #[test]
    fn the_code_page_of_the_document_holds_without_a_font() {
        assert_eq!(text(r"{\rtf1\ansi\ansicpg936 \'d1\'aa\'d0\'a1\'b0\'e5 45\par}"), "血小板 45");
        assert_eq!(text(r"{\rtf1\ansi\ansicpg950 \'b1w\'aa\'cc\par}"), "患者");
    }

    #[test]
    fn unicode_escapes_pass_over_what_stands_for_them() {
        assert_eq!(text(r"{\rtf1 \u8805?3 \uc2\u-27534\'96\'9e x\uc0\u178 y}"), "≥3 鑲 x²y");
        assert_eq!(text(r"{\rtf1\uc1 \u55357?\u56832? ok}"), "😀 ok");
    }

    #[test]
    fn cells_of_a_table_stay_apart() {
        let rtf = r"{\rtf1 Labs\par\trowd\cellx2000\cellx4000\intbl PLT\cell 45\cell\row
            \trowd\cellx2000\cellx4000\intbl Hb\cell 102\cell\row\pard after\par}";
        assert_eq!(text(rtf), "Labs\nPLT\t45\nHb\t102\nafter");
    }

    #[test]
    fn hidden_deleted_and_crossed_out_text_is_not_read() {
        let rtf = r"{\rtf1 seen {\v hidden}{\deleted gone}{\strike not} more{\*\unknown secret}\par}";
        assert_eq!(text(rtf), "seen  more");
        assert_eq!(read(rtf.as_bytes()).unread.len(), 1);
    }

    #[test]
    fn a_raised_digit_is_a_power() {
        assert_eq!(text(r"{\rtf1 10{\super 9}/L, 10\super 12\nosupersub /L}"), "10⁹/L, 10¹²/L");
    }

    #[test]
    fn outlook_html_in_rtf_is_read_once() {
        let rtf = r"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear doctors{\*\htmltag72 </p>}
            \htmlrtf\par}\htmlrtf0}";
        assert_eq!(text(rtf).trim(), "Dear doctors");
    }

    #[test]
    fn pictures_come_out_and_drawings_are_named() {
        let rtf = r"{\rtf1 a{\pict\pngblip 89504e47}{\pict\wmetafile8 0102}\par}";
        let read = read(rtf.as_bytes());
        assert_eq!(read.pictures[0].1, Ok(vec![0x89, b'P', b'N', b'G']));
        assert_eq!(read.unread.len(), 1);
    }

    #[test]
    fn a_million_groups_end_at_the_limit() {
        let bomb = format!("{{\\rtf1 begin\\par {}", "{".repeat(1_000_000));
        let read = read(bomb.as_bytes());
        assert_eq!(read.unread[0].reason, UnreadReason::TooMany);
        assert_eq!(read.text(), "begin");
    }
}
