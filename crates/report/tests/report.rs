//! The report of a synthetic patient, as text and as HTML, in both languages.

#![expect(clippy::unwrap_used, reason = "a test stops where its own material is wrong")]

use cartulary_catalogue::Catalogue;
use cartulary_model::{Lang, PreliminaryEvaluation, record::VirologyResult};
use cartulary_report::{PageImage, html, one_page, summary, terminal};

#[path = "support/desk.rs"]
mod desk;
#[path = "support/markup.rs"]
mod markup;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/sample.rs"]
mod sample;
#[path = "support/sets.rs"]
mod sets;

const LANGUAGES: [Lang; 2] = [Lang::En, Lang::Zh];

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap()
}

fn page(evaluation: &PreliminaryEvaluation, catalogue: &Catalogue, lang: Lang) -> String {
    let pictures = picture::pictures(evaluation);
    let images: Vec<PageImage<'_>> = pictures
        .iter()
        .map(|picture| PageImage {
            document: &evaluation.documents[picture.document].source.id,
            page: picture.page,
            media_type: "image/svg+xml",
            bytes: picture.svg.as_bytes(),
        })
        .collect();
    html(evaluation, &images, catalogue, lang)
}

fn nothing_read(catalogue: &Catalogue) -> PreliminaryEvaluation {
    let mut evaluation = sample::evaluation(catalogue, false);
    evaluation.documents.clear();
    evaluation.facts.clear();
    evaluation.evaluations.clear();
    evaluation.ask_for.clear();
    evaluation.unread.clear();
    evaluation.record = cartulary_model::PatientRecord::default();
    evaluation
}

fn words_of(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(word) => into.push(word.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|of| words_of(of, into)),
        serde_json::Value::Object(fields) => fields.values().for_each(|of| words_of(of, into)),
        _ => {}
    }
}

/// What a page says, its markup taken out.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let signs =
        [("&#38;", "&"), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = signs.iter().fold(text, |text, (code, sign)| text.replace(code, sign));
    text.split_whitespace().collect()
}

#[test]
fn the_page_as_data_says_what_the_page_of_html_says() {
    let catalogue = catalogue();
    for lang in LANGUAGES {
        let evaluation = sample::evaluation(&catalogue, true);
        let (mut data, course) = one_page(&evaluation, &catalogue, lang);
        let html = summary(&evaluation, &catalogue, lang);
        assert!(course.is_some_and(|course| html.contains(&course)));
        // Said where there is no course, and at the foot of the page that this stands in.
        data["course"]["empty"].take();
        data["notice"].take();
        for (part, rows) in [("lines", "rows"), ("sets", "rows"), ("values", "items"), ("asks", "items")] {
            if data[part][rows] == serde_json::json!([]) {
                data[part].take();
            }
        }
        let mut words = Vec::new();
        words_of(&data, &mut words);
        assert!(words.len() > 60, "{}", words.len());
        let text = text_of(&html);
        for word in words {
            let word: String = word.split_whitespace().collect();
            assert!(text.contains(&word), "{word}");
        }
        let (data, course) = one_page(&nothing_read(&catalogue), &catalogue, lang);
        assert!(course.is_none() && data["lines"]["rows"] == serde_json::json!([]), "{data}");
    }
}

#[test]
fn the_terminal_shows_the_case_in_english() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, false);
    insta::assert_snapshot!(terminal(&evaluation, &catalogue, Lang::En, 100, false));
}

#[test]
fn the_terminal_shows_the_case_in_chinese() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, false);
    insta::assert_snapshot!(terminal(&evaluation, &catalogue, Lang::Zh, 80, false));
}

#[test]
fn terminal_lines_keep_to_the_width() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, true);
    for lang in LANGUAGES {
        for width in [40, 60, 80, 110] {
            for line in terminal(&evaluation, &catalogue, lang, width, false).lines() {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                // A closing mark may hang over the edge rather than begin a line.
                assert!(columns <= width + 2, "{columns} > {width}: {line}");
            }
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, false);
    let plain = terminal(&evaluation, &catalogue, Lang::En, 80, false);
    let coloured = terminal(&evaluation, &catalogue, Lang::En, 80, true);
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(markup::without_ansi(&coloured), plain);
}

#[test]
fn every_element_is_closed_and_every_link_leads_somewhere() {
    let catalogue = catalogue();
    for evaluation in [sample::evaluation(&catalogue, true), nothing_read(&catalogue)] {
        for lang in LANGUAGES {
            let html = page(&evaluation, &catalogue, lang);
            let document = markup::read(&html);
            for link in &document.links {
                assert!(document.ids.contains(link), "no element has the id `{link}`");
            }
        }
    }
}

#[test]
fn hostile_text_is_only_text() {
    let catalogue = catalogue();
    let mut evaluation = sample::evaluation(&catalogue, false);
    evaluation.documents[0].source.name = "\"><img src=x onerror=alert(1)>\u{1b}[2J.pdf".into();
    evaluation.unread[0].name = "</script><script>alert(2)</script>".into();
    let html = page(&evaluation, &catalogue, Lang::En);
    markup::read(&html);
    for sign in ["<script>alert", "<img src=x", "onerror=alert(1)>\u{1b}", "\u{202E}", "\u{1b}"] {
        assert!(!html.contains(sign), "{sign:?}");
    }
    assert!(
        html.contains("\\u003cscript\\u003ealert('not a script')"),
        "the quote stays readable for the panel"
    );
    let text = terminal(&evaluation, &catalogue, Lang::En, 100, false);
    assert!(!text.contains(['\u{202E}', '\u{1b}']));
}

#[test]
fn nothing_says_that_a_patient_is_suitable_or_turned_away() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, true);
    for lang in LANGUAGES {
        let html = page(&evaluation, &catalogue, lang).to_lowercase();
        let text = terminal(&evaluation, &catalogue, lang, 100, false).to_lowercase();
        for word in ["eligible", "eligibility", "rejected", "合格", "拒绝入组", "不适合"] {
            assert!(!html.contains(word) && !text.contains(word), "{word}");
        }
    }
}

#[test]
fn the_file_reaches_nothing_and_runs_only_its_own_script() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let catalogue = catalogue();
    let html = page(&sample::evaluation(&catalogue, false), &catalogue, Lang::Zh);
    let policy =
        html.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    let policy = policy.replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none'; img-src data:;"), "{policy}");
    for (element, directive) in [("script", "script-src"), ("style", "style-src")] {
        let body = html
            .split(&format!("<{element}>"))
            .nth(1)
            .unwrap()
            .split(&format!("</{element}>"))
            .next()
            .unwrap();
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(body));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{directive}");
    }
    for sign in ["src=\"http", "href=\"http", "url(", "@import", " style=\""] {
        assert!(!html.contains(sign), "{sign}");
    }
}

#[test]
fn each_page_image_is_embedded_once() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, true);
    let html = page(&evaluation, &catalogue, Lang::En);
    assert_eq!(html.matches("data:image/").count(), picture::pictures(&evaluation).len());
}

#[test]
fn every_fact_and_every_finding_stands_in_the_page() {
    let catalogue = catalogue();
    let evaluation = sample::evaluation(&catalogue, true);
    let document = markup::read(&page(&evaluation, &catalogue, Lang::En));
    for fact in &evaluation.facts {
        assert!(document.ids.contains(&fact.id.to_string()), "{}", fact.id);
    }
    for (index, set) in evaluation.evaluations.iter().enumerate() {
        for row in 0..set.findings.len() {
            assert!(document.ids.contains(&format!("s{index}-{row}")), "{} {row}", set.set);
        }
    }
}

#[test]
fn facts_of_another_persons_paper_are_set_aside() {
    let catalogue = catalogue();
    let html = page(&sample::evaluation(&catalogue, false), &catalogue, Lang::En);
    let aside = html.split("fact-group set_aside").nth(1).unwrap();
    assert!(aside.contains("LVEF 38%"));
    let before = html.split("fact-group set_aside").next().unwrap().split("id=\"facts\"").nth(1).unwrap();
    assert!(!before.contains("LVEF 38%"));
}

#[test]
fn one_page_says_each_value_with_its_place_and_stays_markup() {
    let catalogue = catalogue();
    let mut evaluation = sample::evaluation(&catalogue, false);
    let hbsag = evaluation.facts.iter().find(|of| of.concept.as_str() == "lab.hbsag").unwrap();
    let result = VirologyResult { sign: None, measurement: None, date: hbsag.date, facts: vec![hbsag.id] };
    evaluation.record.virology.insert("lab.hbsag".into(), vec![result]);
    for lang in LANGUAGES {
        let page = summary(&evaluation, &catalogue, lang);
        markup::read(&format!("<main>{page}</main>"));
        assert!(!page.contains("style="), "the pages of the server refuse it");
        let list = page.split("<ul class=\"brief-values\">").nth(1).unwrap().split("</ul>").next().unwrap();
        let values: Vec<&str> = list.split("<li>").skip(1).collect();
        // The seventh paper, in the words of either language.
        assert!(values.len() == 1 && values[0].contains("2023-10-25") && values[0].contains('7'), "{page}");
        for word in ["answer.met", "answer.not_met", "answer.unknown", "ask.title"] {
            assert!(page.contains(catalogue.messages().text(&format!("report.{word}"), lang)), "{word}");
        }
    }
    let empty = summary(&nothing_read(&catalogue), &catalogue, Lang::En);
    markup::read(&format!("<main>{empty}</main>"));
    let hostile = summary(&sample::evaluation(&catalogue, true), &catalogue, Lang::En);
    markup::read(&format!("<main>{hostile}</main>"));
}
