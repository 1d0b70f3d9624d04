//! The answer: put together of templates, and what was typed is never lost.

use crate::clinic::{Answer, Clinic};
use cartulary_casework::people::Role;
use cartulary_model::CaseId;

const COORDINATOR: Option<Role> = Some(Role::Coordinator);

/// Presses a button of the page as it stands, with other fields beside it.
async fn press(clinic: &Clinic, case: CaseId, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let text = text_of(page);
    let names = ["form_token", "once", "was", "asks"];
    let held: Vec<(&str, String)> = names.into_iter().map(|name| (name, page.field(name))).collect();
    let mut form: Vec<(&str, &str)> = held.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if !fields.iter().any(|(name, _)| *name == "text") {
        form.push(("text", &text));
    }
    form.extend(fields);
    clinic.post(COORDINATOR, &format!("/cases/{case}/reply"), &form).await
}

/// The composer, in the signs that a browser sends back.
fn text_of(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("<textarea id=\"words\"").unwrap();
    let (_, rest) = rest.split_once(">\n").unwrap();
    let text = rest.split("</textarea>").next().unwrap();
    text.replace("&#39;", "'").replace("&#38;", "&").replace('\n', "\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_stays_whatever_is_written_into_the_answer() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await;
    let page = clinic.get(COORDINATOR, &format!("/cases/{case}/reply")).await;
    let draft = text_of(&page);
    assert!(draft.starts_with("Dear Anna Muster,") && draft.contains("no medical opinion"), "{draft}");
    let typed = draft.replace("thank you for the papers.", "thank you. TYPED BY HAND");
    let page = press(
        &clinic,
        case,
        &page,
        &[("text", &typed), ("act", "blocks"), ("ask.fish", "1"), ("language", "en")],
    )
    .await;
    assert_eq!(page.field("asks"), "fish");
    let page =
        press(&clinic, case, &page, &[("insert", "call_us"), ("ask.fish", "1"), ("language", "en")]).await;
    let written = text_of(&page);
    let places: Vec<Option<usize>> =
        ["TYPED BY HAND", "- FISH", "call +86", "no medical opinion", "With kind regards"]
            .into_iter()
            .map(|words| written.find(words))
            .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {written}");
    // Other papers take the place of those before; the rest stays.
    let page =
        press(&clinic, case, &page, &[("act", "blocks"), ("ask.heart", "1"), ("language", "en")]).await;
    let written = text_of(&page);
    assert!(
        written.contains("TYPED BY HAND") && written.contains("- Heart") && !written.contains("- FISH"),
        "{written}"
    );
    for act in ["preview", "link", "revoke", "blocks"] {
        let page = press(&clinic, case, &page, &[("act", act), ("ask.heart", "1"), ("language", "en")]).await;
        assert_eq!(text_of(&page), written, "{act}");
        assert!(page.text.contains("name=\"ask.heart\" value=\"1\" checked"), "{act}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_touched_changes_its_language_and_asks_for_what_it_says() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await;
    let page = clinic.get(COORDINATOR, &format!("/cases/{case}/reply")).await;
    let page = press(&clinic, case, &page, &[("act", "blocks"), ("ask.fish", "1"), ("language", "zh")]).await;
    let draft = text_of(&page);
    assert!(draft.starts_with("Anna Muster，您好！") && draft.contains("示例医院医疗部"), "{draft}");
    assert!(!draft.contains("Dear") && page.text.contains("lang=\"zh-Hans\" dir=\"ltr\""));
    // Ticked and not written into the text: nobody was asked for it.
    let sent = press(&clinic, case, &page, &[("act", "send"), ("ask.heart", "1"), ("language", "zh")]).await;
    assert!(sent.header("location").ends_with("/reply#thread"), "{}", sent.text);
    let file = clinic.casework.ledger().case(case).await.unwrap();
    let message = file.messages.values().next().unwrap();
    assert_eq!(
        (message.asks.as_slice(), message.text.as_str()),
        (&["fish".to_owned()][..], draft.replace("\r\n", "\n").as_str())
    );
}
