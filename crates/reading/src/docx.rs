//! Word files: their words laid on synthetic pages, their pictures kept for recognition.

pub(crate) mod body;

use crate::archive::{Archive, Budget};
use crate::failure::Failure;
use crate::manuscript::{Block, Manuscript};
use body::Part;
use cartulary_model::document::UnreadReason;
use std::collections::BTreeSet;

/// Takes a Word file apart.
pub(crate) fn open(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let mut budget = Budget::default();
    let mut archive = Archive::open(bytes)?;
    let mut names = archive.names();
    names.sort();
    let mut manuscript = text(&mut archive, &names, &mut budget)?;
    for name in names {
        if name.starts_with("word/media/") {
            let bytes = archive.named(&name, &mut budget);
            manuscript.pictures.extend(bytes.map(|bytes| (name, bytes)));
        } else if name.starts_with("word/embeddings/") || name.starts_with("word/afchunk") {
            let bytes = archive.named(&name, &mut budget);
            manuscript.enclosures.extend(bytes.map(|bytes| (name, bytes)));
        } else if name.starts_with("word/comments") && name.ends_with("s.xml") {
            manuscript.report(UnreadReason::UnsupportedType, "comments in the margin were not read");
        } else if name.starts_with("word/charts/chart") {
            manuscript
                .report(UnreadReason::UnsupportedType, "a chart in it was not read; send the file as PDF");
        }
    }
    Ok(manuscript)
}

/// Headers, the text, notes and footers. Pages repeat headers, a reader needs them once.
fn text(archive: &mut Archive<'_>, names: &[String], budget: &mut Budget) -> Result<Manuscript, Failure> {
    let numbered = |start: &str| -> Vec<&str> {
        let is_part = |name: &&str| name.starts_with(start) && name.ends_with(".xml");
        names.iter().map(String::as_str).filter(is_part).collect()
    };
    // Some programmes call the text document2.xml.
    let texts = numbered("word/document");
    let text = *texts.first().ok_or_else(|| Failure::damaged("the Word file holds no text part"))?;
    let notes = [numbered("word/footnotes"), numbered("word/endnotes"), numbered("word/footer")].concat();
    let order = [numbered("word/header"), vec![text], notes].concat();
    let mut manuscript = Manuscript::default();
    for name in order {
        let missing = || Err(Failure::damaged("the part is not there"));
        let xml = archive.named(name, budget).unwrap_or_else(missing);
        match xml.and_then(|xml| body::part(&decoded(&xml))) {
            Ok(part) => add(&mut manuscript, part, name == text),
            Err(failure) if name == text => return Err(failure),
            Err(failure) => {
                let detail = format!("the part {name}: {}", failure.detail);
                manuscript.unread.push(Failure { detail, ..failure });
            }
        }
    }
    Ok(manuscript)
}

/// XML says UTF-16 by its first two bytes and UTF-8 by none.
fn decoded(xml: &[u8]) -> String {
    encoding_rs::UTF_8.decode(xml).0.into_owned()
}

fn add(manuscript: &mut Manuscript, part: Part, is_text: bool) {
    if part.crossed_out {
        manuscript.report(UnreadReason::UnsupportedType, "text that is crossed out was not read");
    }
    if part.cut {
        manuscript.report(UnreadReason::TooMany, "more text than is read; the rest was left out");
    }
    if is_text {
        manuscript.blocks.extend(part.blocks);
        return;
    }
    let known: BTreeSet<String> = manuscript.blocks.iter().map(Block::words).collect();
    manuscript.blocks.extend(part.blocks.into_iter().filter(|block| !known.contains(&block.words())));
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::archive::tests::zipped;

    const DOCUMENT: &str = r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>
        <w:p><w:r><w:t>出院小结</w:t></w:r></w:p>
        <w:p><w:r><w:t xml:space="preserve">R-CHOP </w:t></w:r><w:r><w:t>&#215; 6, WBC &lt; 3</w:t></w:r></w:p>
        <w:tbl><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="1000"/></w:tblGrid>
          <w:tr><w:tc><w:p><w:r><w:t>PLT</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>45</w:t></w:r></w:p></w:tc></w:tr>
        </w:tbl></w:body></w:document>"#;

    /// A Word file of one text part.
    pub(crate) fn word_file() -> Vec<u8> {
        let header = r#"<w:hdr xmlns:w="w"><w:p><w:r><w:t>City Hospital</w:t></w:r></w:p></w:hdr>"#;
        zipped(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/header1.xml", header.as_bytes()),
            ("word/header2.xml", header.as_bytes()),
            ("word/document.xml", DOCUMENT.as_bytes()),
        ])
    }

    #[test]
    fn words_and_cells_are_read_in_order() {
        let pages = crate::synthetic::lay(&open(&word_file()).unwrap().blocks).pages;
        let texts: Vec<&str> = pages[0].lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["City Hospital", "出院小结", "R-CHOP × 6, WBC < 3", "PLT", "45"]);
        let [platelets, count] = &pages[0].lines[3..] else { panic!("two cells") };
        assert_eq!(platelets.quad.bounds()[1], count.quad.bounds()[1]);
    }

    #[test]
    fn files_in_the_file_come_out_and_comments_are_named() {
        let bytes = zipped(&[
            ("word/document.xml", DOCUMENT.as_bytes()),
            ("word/comments.xml", b"<c/>"),
            ("word/embeddings/table.xlsx", b"PK"),
        ]);
        let docx = open(&bytes).unwrap();
        assert_eq!(docx.enclosures[0].0, "word/embeddings/table.xlsx");
        assert_eq!(docx.unread.len(), 1);
    }

    #[test]
    fn a_word_file_without_its_text_is_damaged() {
        let bytes = zipped(&[("word/documentation", b"")]);
        let failure = open(&bytes).err().unwrap();
        assert_eq!(failure.reason, UnreadReason::Damaged);
    }
}
