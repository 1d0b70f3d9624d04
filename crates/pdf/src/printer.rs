//! Typst with one template and the fonts of the machine.

use serde_json::Value;
use std::{fs, path::Path};
use typst_as_lib::{TypstEngine, TypstTemplateMainFile};

const TEMPLATE: &str = include_str!("../templates/summary.typ");

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font that cannot be opened.
    #[error("could not read the font {0}: {1} (Debian: fonts-noto-cjk, fonts-dejavu-core)")]
    Font(String, std::io::Error),
    /// The page could not be set: words of typst.
    #[error("the page could not be set: {0}")]
    Setting(String),
}

/// Sets pages. Opening the fonts takes a tenth of a second, so it is made once.
pub struct Printer {
    fonts: Vec<Vec<u8>>,
}

impl Printer {
    /// Opens the fonts. Each is a file of the machine; Latin and Chinese must be among them.
    ///
    /// # Errors
    ///
    /// [`Error::Font`] with the name of the file.
    pub fn new<P: AsRef<Path>>(fonts: &[P]) -> Result<Self, Error> {
        let open = |path: &P| {
            let path = path.as_ref();
            fs::read(path).map_err(|error| Error::Font(path.display().to_string(), error))
        };
        Ok(Self { fonts: fonts.iter().map(open).collect::<Result<_, _>>()? })
    }

    /// Sets a page: `data` is what [`one_page`] of the report gives, `course` its drawing as SVG.
    ///
    /// [`one_page`]: ../cartulary_report/fn.one_page.html
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] with what typst says.
    pub fn print(&self, data: &Value, course: &str) -> Result<Vec<u8>, Error> {
        let engine: TypstEngine<TypstTemplateMainFile> = TypstEngine::builder()
            .main_file(TEMPLATE)
            .fonts(self.fonts.iter().map(Vec::as_slice))
            .with_static_file_resolver([
                ("data.json", data.to_string().into_bytes()),
                ("course.svg", course.as_bytes().to_vec()),
            ])
            .build();
        let setting = |said: &dyn std::fmt::Debug| Error::Setting(format!("{said:?}"));
        let document = engine.compile().output.map_err(|error| setting(&error))?;
        typst_pdf::pdf(&document, &typst_pdf::PdfOptions::default()).map_err(|error| setting(&error))
    }
}
