//! Fonts that a PDF names and does not carry.
//!
//! Hospital systems in China print with STSong or SimSun and embed neither. Without a Chinese font such a page
//! renders empty; that is said, not hidden.

use crate::failure::Failure;
use crate::reader::desk::Reading;
use cartulary_model::document::UnreadReason;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Where Debian and its kin, Fedora and Arch keep the font.
const PLACES: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
];

/// The collection's faces in its own order.
const JAPANESE: u32 = 0;
const KOREAN: u32 = 1;
const SIMPLIFIED: u32 = 2;
const TRADITIONAL: u32 = 3;

/// Resolves fonts for one document and remembers what it could not find.
#[derive(Clone, Default)]
pub(crate) struct Fonts {
    lacking: Arc<AtomicBool>,
}

impl Fonts {
    pub(crate) fn settings(&self) -> InterpreterSettings {
        let lacking = Arc::clone(&self.lacking);
        InterpreterSettings {
            font_resolver: Arc::new(move |query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(query) => fallback(query, &lacking),
            }),
            ..InterpreterSettings::default()
        }
    }

    /// Adds, to a page that was rendered, that glyphs were missing.
    pub(crate) fn confess(&self, reading: &mut Reading) {
        if !self.lacking.load(Ordering::Relaxed) {
            return;
        }
        let pages: Vec<u32> = reading.pages.iter().map(|page| page.number).collect();
        for page in pages {
            let detail = "the PDF names a Chinese font that it does not carry and that is not installed; \
                          install Noto Sans CJK";
            let failure = Failure::new(UnreadReason::ReaderFailed, detail);
            reading.unread.push(failure.at(Some(page)));
        }
    }
}

fn fallback(query: &FallbackFontQuery, lacking: &AtomicBool) -> Option<(FontData, u32)> {
    let family = query.character_collection.as_ref().map(|set| &set.family);
    let face = match family {
        Some(CidFamily::AdobeGB1) => Some(SIMPLIFIED),
        Some(CidFamily::AdobeCNS1) => Some(TRADITIONAL),
        Some(CidFamily::AdobeJapan1) => Some(JAPANESE),
        Some(CidFamily::AdobeKorea1) => Some(KOREAN),
        _ => None,
    };
    if let Some(face) = face {
        if let Some(font) = installed() {
            return Some((font, face));
        }
        lacking.store(true, Ordering::Relaxed);
    }
    Some(query.pick_standard_font().get_font_data())
}

/// Reads the font of the machine, so that no file is opened later.
pub(crate) fn load() {
    installed();
}

/// The font of the machine, read once.
fn installed() -> Option<FontData> {
    static FONT: OnceLock<Option<FontData>> = OnceLock::new();
    FONT.get_or_init(|| {
        let bytes = PLACES.iter().find_map(|place| std::fs::read(place).ok())?;
        Some(Arc::new(bytes))
    })
    .clone()
}
