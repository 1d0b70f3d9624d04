//! The words of the pages: a folder of Fluent files a language, built into the programme. Adding a language is adding a folder
//! and a line in [`LANGS`]; a test holds that each says everything.

use cartulary_model::Lang;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use include_dir::{Dir, include_dir};
use std::{
    borrow::Borrow,
    sync::{Arc, LazyLock},
};

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// The languages: folder, name in itself, how the page says it is written, and the catalogue's language.
pub(crate) const LANGS: [Language; 2] = [
    Language { tag: "en", name: "English", html: "en", dir: "ltr", catalogue: Lang::En },
    Language { tag: "zh", name: "中文", html: "zh-Hans", dir: "ltr", catalogue: Lang::Zh },
];

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language {
    /// The folder, and the word in addresses and cookies.
    pub(crate) tag: &'static str,
    /// Its name in itself.
    pub(crate) name: &'static str,
    /// The value of `lang`.
    pub(crate) html: &'static str,
    /// The value of `dir`.
    pub(crate) dir: &'static str,
    /// In which the catalogue speaks beside it.
    pub(crate) catalogue: Lang,
}

impl Language {
    /// The language of a word such as `zh`, `zh-CN`, `en-GB`.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        LANGS.into_iter().find(|language| language.tag == first)
    }

    /// The first that a browser asks for and we have.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut wanted: Vec<(f32, Self)> = header
            .split(',')
            .filter_map(|part| {
                let (tag, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
                let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
                Some((weight, Self::of(tag)?))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map_or(LANGS[0], |(_, language)| *language)
    }
}

static BUNDLES: LazyLock<Vec<Arc<FluentBundle<FluentResource>>>> =
    LazyLock::new(|| LANGS.iter().map(|language| Arc::new(bundle(language.tag))).collect());

fn bundle(tag: &str) -> FluentBundle<FluentResource> {
    let id = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Names and numbers are isolated by `bdi` where they stand in the page.
    bundle.set_use_isolating(false);
    for file in LOCALES.get_dir(tag).into_iter().flat_map(Dir::files) {
        let text = file.contents_utf8().unwrap_or_default().to_owned();
        // What could not be read of a file is missing, and the test of the words says so.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The words in one language.
#[derive(Clone)]
pub(crate) struct Words {
    /// The language.
    pub(crate) language: Language,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Words {
    pub(crate) fn new(language: Language) -> Self {
        let place = LANGS.iter().position(|of| *of == language).unwrap_or(0);
        Self { language, bundle: Arc::clone(&BUNDLES[place]) }
    }

    /// The sentence of a key; the key itself where there is none, which a test forbids.
    pub(crate) fn t(&self, key: &str) -> String {
        self.say(key, None)
    }

    /// The sentence with one place filled.
    pub(crate) fn with(&self, key: &str, place: &str, text: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(place.to_owned(), FluentValue::from(text.to_owned()));
        self.say(key, Some(&args))
    }

    /// The sentence with two places filled.
    pub(crate) fn with_two(&self, key: &str, one: &str, its: &str, two: &str, others: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(one.to_owned(), FluentValue::from(its.to_owned()));
        args.set(two.to_owned(), FluentValue::from(others.to_owned()));
        self.say(key, Some(&args))
    }

    /// The sentence about a number, which stands in it as `$count`.
    pub(crate) fn n(&self, key: &str, count: impl Borrow<usize>) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(*count.borrow()));
        self.say(key, Some(&args))
    }

    /// The word of a value: the key is `kind-value`, with `-` for `_`.
    pub(crate) fn of(&self, kind: &str, value: &str) -> String {
        self.t(&format!("{kind}-{}", value.replace('_', "-")))
    }

    /// Whether there is such a key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn say(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }
}

#[cfg(test)]
mod tests;
