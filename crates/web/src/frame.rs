//! What stands around every page: language, who is signed in, the way through the pages.

use crate::{
    App, Site, assets,
    error::Outcome,
    who::Signed,
    words::{LANGS, Language, Words},
};
use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

/// What stands around a page.
pub(crate) struct Frame {
    /// The words.
    pub(crate) w: Words,
    /// Whose pages they are.
    pub(crate) site: Site,
    /// Who is signed in.
    pub(crate) me: Option<Me>,
    /// The address without the language, for the switch.
    pub(crate) here: String,
    /// Which part of the pages it is, for the navigation.
    pub(crate) part: &'static str,
}

/// Who is signed in, as the page shows it.
#[derive(Clone)]
pub(crate) struct Me {
    pub(crate) name: String,
    pub(crate) form_token: String,
    pub(crate) sees_cases: bool,
    pub(crate) administers: bool,
}

impl Frame {
    /// Around a page for anybody.
    pub(crate) fn public(app: &App, language: Language, here: &str) -> Self {
        Self {
            w: Words::new(language),
            site: app.site.clone(),
            me: None,
            here: here.to_owned(),
            part: "public",
        }
    }

    /// Around a page of the staff.
    pub(crate) fn staff(
        app: &App,
        signed: &Signed,
        language: Language,
        here: &str,
        part: &'static str,
    ) -> Self {
        let me = Me {
            name: signed.session.account.name.clone(),
            form_token: signed.session.form_token.clone(),
            sees_cases: signed.is_of_the_department(),
            administers: signed.is(cartulary_casework::people::Role::Administrator),
        };
        Self { w: Words::new(language), site: app.site.clone(), me: Some(me), here: here.to_owned(), part }
    }

    /// The other languages: tag, name, address of this page in it.
    pub(crate) fn other_languages(&self) -> Vec<(&'static str, &'static str, String)> {
        let others = LANGS.iter().filter(|language| **language != self.w.language);
        others
            .map(|of| (of.html, of.name, format!("/language/{}?to={}", of.tag, escaped(&self.here))))
            .collect()
    }

    /// The address of an asset.
    pub(crate) fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    /// The name under which a decision is signed.
    pub(crate) fn my_name(&self) -> &str {
        self.me.as_ref().map_or("", |me| &me.name)
    }

    /// Goes with each form.
    pub(crate) fn form_token(&self) -> &str {
        self.me.as_ref().map_or("", |me| &me.form_token)
    }

    /// The site's name.
    pub(crate) fn site_name(&self) -> &str {
        self.site.name_in(self.w.language.tag)
    }

    /// The site's place.
    pub(crate) fn site_place(&self) -> &str {
        self.site.place_in(self.w.language.tag)
    }
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Outcome {
    let html =
        template.render().map_err(|error| crate::error::Failure::Ours(format!("a template: {error}")))?;
    Ok(Html(html).into_response())
}

/// Another page, after a form.
pub(crate) fn see_other(to: &str) -> Response {
    (axum::http::StatusCode::SEE_OTHER, [(axum::http::header::LOCATION, to)]).into_response()
}

/// A text within an address.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                escaped.push(char::from(byte));
            }
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}
