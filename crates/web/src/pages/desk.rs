//! The reading desk: pages on one side with their places lit, facts on the other; confirm, correct, reject, add.

pub(crate) mod add;
mod facts;
pub(crate) mod judge;
mod page_view;

use crate::{
    App,
    error::{Failure, Outcome},
    events::also_here,
    frame::{Frame, page},
    guard::Tongue,
    pages::case::{Head, head, view},
    who::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse as _,
};
use cartulary_casework::{CaseView, Page, Reading};
use cartulary_model::{BlobId, CaseId, DocumentId};
use facts::{Group, Held, hold};
use page_view::{PageView, Strip};
use serde::Deserialize;

/// A page of a case: where it is kept, and which it is among all.
pub(crate) struct Leaf {
    pub(crate) case: CaseId,
    pub(crate) document: BlobId,
    pub(crate) part: usize,
    pub(crate) source: DocumentId,
    pub(crate) page: cartulary_model::Page,
    pub(crate) has_picture: bool,
    pub(crate) name: String,
    pub(crate) paper: usize,
}

/// A paper that has no page to show.
pub(crate) struct Pageless {
    name: String,
    why: String,
    href: String,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: Option<usize>,
    #[serde(default)]
    fact: Option<String>,
    #[serde(default)]
    done: Option<u64>,
    #[serde(default)]
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    f: Frame,
    head: Head,
    strips: Vec<Strip>,
    pageless: Vec<Pageless>,
    shown: Option<PageView>,
    now: usize,
    groups: Vec<Group>,
    total: usize,
    to_check: usize,
    chosen: String,
    conflicts: Vec<String>,
    warnings: Vec<String>,
    done: Option<u64>,
    problem: Option<String>,
    concepts: Vec<(String, String)>,
    /// Who else has it open.
    also_here: String,
}

/// The desk.
pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/desk"), "case");
    let head = head(&app, &signed, &f.w, &view, "desk").await?;
    let (leaves, pageless) = leaves(&app, &signed, &f, &view).await?;
    let held = hold(&app, &signed, &view, &leaves).await?;
    let chosen = asked.fact.unwrap_or_default();
    let of_fact = held.iter().find(|held| held.key == chosen).and_then(|held| held.first_leaf());
    let now = asked.page.filter(|page| *page < leaves.len()).or(of_fact).unwrap_or(0);
    let shown = leaves.get(now).map(|leaf| page_view::view(leaf, now, &held, &f.w));
    let strips = page_view::strips(&app, &leaves, &view, &f.w);
    let groups = facts::groups(&app, &f.w, &view, &held);
    let to_check = groups.iter().flat_map(|group| &group.rows).filter(|row| row.must_check).count();
    let (conflicts, warnings) = facts::warnings(&f.w, &view);
    let problem = asked.problem.map(|key| f.w.of("judge-problem", &key));
    let concepts = add::concepts(&app, language.catalogue);
    let total = held.len();
    let also_here = also_here(&app, &f.w, view.whole.case(), signed.who()).await?;
    page(&DeskPage {
        f,
        head,
        strips,
        pageless,
        shown,
        now,
        groups,
        total,
        to_check,
        chosen,
        conflicts,
        warnings,
        done: asked.done,
        problem,
        concepts,
        also_here,
    })
}

#[derive(Template)]
#[template(path = "page.html")]
struct PagePart {
    shown: PageView,
}

/// One page with its places, for a desk that is open.
pub(crate) async fn part(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path((case, number)): Path<(String, usize)>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let f = Frame::staff(&app, &signed, language, "", "case");
    let (leaves, _) = leaves(&app, &signed, &f, &view).await?;
    let leaf = leaves.get(number).ok_or(Failure::Absent)?;
    let held = hold(&app, &signed, &view, &leaves).await?;
    let shown = page_view::view(leaf, number, &held, &f.w);
    page(&PagePart { shown })
}

/// All pages of a case, in the order in which the papers came; and papers without a page.
async fn leaves(
    app: &App,
    signed: &Signed,
    f: &Frame,
    view: &CaseView,
) -> Outcome<(Vec<Leaf>, Vec<Pageless>)> {
    let staff = signed.staff(app)?;
    let (mut leaves, mut pageless) = (Vec::new(), Vec::new());
    for (place, (case, document, held)) in view.whole.documents().into_iter().enumerate() {
        let href = format!("/cases/{case}/documents/{document}/original");
        let without = |why: String| Pageless { name: held.name.clone(), why, href: href.clone() };
        if held.state.reading().is_none() {
            let why = match &held.state {
                cartulary_ledger::DocumentState::Unreadable { reason, .. } => unread_words(app, f, reason),
                _ => f.w.t("paper-received"),
            };
            pageless.push(without(why));
            continue;
        }
        let reading: Reading = staff.reading(case, document).await?;
        let before = leaves.len();
        for (part, paper) in reading.papers.into_iter().enumerate() {
            for unread in &paper.source.unread {
                let reason =
                    serde_json::to_value(unread.reason).ok().and_then(|of| of.as_str().map(str::to_owned));
                pageless.push(without(unread_words(app, f, &reason.unwrap_or_default())));
            }
            let pictures: Vec<u32> = paper.pictures.iter().map(|picture| picture.page).collect();
            for page in paper.source.pages {
                leaves.push(Leaf {
                    case,
                    document,
                    part,
                    source: paper.source.id.clone(),
                    has_picture: pictures.contains(&page.number),
                    page,
                    name: if paper.source.name.is_empty() {
                        held.name.clone()
                    } else {
                        paper.source.name.clone()
                    },
                    paper: place + 1,
                });
            }
        }
        if leaves.len() == before && pageless.iter().all(|of| of.href != href) {
            pageless.push(without(f.w.t("paper-unreadable")));
        }
    }
    Ok((leaves, pageless))
}

fn unread_words(app: &App, f: &Frame, reason: &str) -> String {
    let key = format!("unread.{reason}");
    let messages = app.catalogue.messages();
    if messages.has(&key) {
        messages.get(&key).in_lang(f.w.language.catalogue).to_owned()
    } else {
        f.w.t("paper-unreadable")
    }
}

/// The picture of a page, as the reader made it: never the original, so nothing in it can run.
pub(crate) async fn picture(
    State(app): State<App>,
    signed: Signed,
    Path((case, document, part, page)): Path<(String, String, usize, u32)>,
) -> Outcome {
    let case = signed.expect_case(&app, &case).await?;
    let document: BlobId = document.parse().map_err(|_| Failure::Absent)?;
    let picture = signed.staff(&app)?.page(case, document, Page { part, page }).await?;
    let known = ["image/jpeg", "image/png", "image/webp"];
    let media_type = known.into_iter().find(|known| *known == picture.media_type).ok_or(Failure::Absent)?;
    // A picture never changes; whoever may see it may keep it for the time of the session.
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "private, max-age=900")];
    Ok((headers, picture.bytes).into_response())
}

/// The original, to be kept, never shown: what it holds was made by a stranger.
pub(crate) async fn original(
    State(app): State<App>,
    signed: Signed,
    Path((case, document)): Path<(String, String)>,
) -> Outcome {
    let case = signed.expect_case(&app, &case).await?;
    let document: BlobId = document.parse().map_err(|_| Failure::Absent)?;
    let file = app.casework.ledger().case(case).await?;
    let held = file.documents.get(&document).ok_or(Failure::Absent)?;
    let bytes = signed.staff(&app)?.original(case, document).await?;
    let name = crate::frame::escaped(&crate::pages::send::file_name(&held.name)).replace('/', "%2F");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Where a fact is, for those who look through all of them.
pub(crate) fn leaf_of(leaves: &[Leaf], source: &DocumentId, page: u32) -> Option<usize> {
    leaves.iter().position(|leaf| leaf.source == *source && leaf.page.number == page)
}
