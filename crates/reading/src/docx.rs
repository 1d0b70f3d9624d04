//! Word files: their words laid on synthetic pages, their pictures kept for recognition.

mod body;

use crate::archive::{Archive, Budget};
use crate::failure::Failure;
use crate::synthetic::Sheets;
use body::Block;
use cartulary_model::Page;

/// A Word file taken apart.
pub(crate) struct Docx {
    pub(crate) pages: Vec<Page>,
    /// Names and bytes of the pictures in it.
    pub(crate) pictures: Vec<(String, Result<Vec<u8>, Failure>)>,
}

/// Takes a Word file apart.
pub(crate) fn open(bytes: &[u8]) -> Result<Docx, Failure> {
    let mut budget = Budget::default();
    let mut archive = Archive::open(bytes)?;
    let mut names = archive.names();
    names.sort();
    let blocks = blocks(&mut archive, &names, &mut budget)?;
    let mut sheets = Sheets::new();
    for block in blocks {
        match block {
            Block::Paragraph(text) => sheets.paragraph(&text),
            Block::Row(cells) => sheets.row(&cells),
        }
    }
    let pictures = names
        .iter()
        .filter(|name| name.starts_with("word/media/"))
        .filter_map(|name| Some((name.clone(), archive.named(name, &mut budget)?)))
        .collect();
    Ok(Docx { pages: sheets.finish(), pictures })
}

/// Headers, the text, footers and notes. Pages repeat headers, a reader needs them once.
fn blocks(archive: &mut Archive<'_>, names: &[String], budget: &mut Budget) -> Result<Vec<Block>, Failure> {
    let numbered = |start: &str| -> Vec<&str> {
        let is_part = |name: &&str| name.starts_with(start) && name.ends_with(".xml");
        names.iter().map(String::as_str).filter(is_part).collect()
    };
    let order = [
        numbered("word/header"),
        vec!["word/document.xml"],
        numbered("word/footnotes"),
        numbered("word/footer"),
    ];
    let mut blocks: Vec<Block> = Vec::new();
    for name in order.into_iter().flatten() {
        let read = match archive.named(name, budget) {
            Some(xml) => xml.and_then(|xml| body::blocks(&String::from_utf8_lossy(&xml))),
            None => Err(Failure::damaged("the Word file holds no text part")),
        };
        let is_text = name == "word/document.xml";
        match read {
            Ok(found) if is_text => blocks.extend(found),
            Ok(found) => {
                let is_new = |block: &Block| !blocks.contains(block);
                let new: Vec<Block> = found.into_iter().filter(is_new).collect();
                blocks.extend(new);
            }
            Err(failure) if is_text => return Err(failure),
            Err(_) => {}
        }
    }
    Ok(blocks)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::archive::tests::zipped;
    use cartulary_model::document::UnreadReason;

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
        let docx = open(&word_file()).unwrap();
        let texts: Vec<&str> = docx.pages[0].lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["City Hospital", "出院小结", "R-CHOP × 6, WBC < 3", "PLT", "45"]);
        let [platelets, count] = &docx.pages[0].lines[3..] else { panic!("two cells") };
        assert_eq!(platelets.quad.bounds()[1], count.quad.bounds()[1]);
    }

    #[test]
    fn a_word_file_without_its_text_is_damaged() {
        let bytes = zipped(&[("word/documentation", b"")]);
        let failure = open(&bytes).err().unwrap();
        assert_eq!(failure.reason, UnreadReason::Damaged);
    }
}
