//! Every address, once, with who may use it. A test asks each of them as everybody.

use crate::{
    App, api, assets, events, guard,
    pages::{
        access, case, desk, entry, health, keeping, people, reply, send, sheet, status, summary, worklist,
    },
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// Who may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever holds a link or token that stands in it.
    Token,
    /// Coordinator, physician and data manager; of a case, those whose it is to see.
    Department,
    /// Coordinators.
    Coordinator,
    /// Physicians.
    Physician,
    /// Coordinators and data managers.
    Filing,
    /// Physicians and data managers.
    Treating,
    /// Administrators.
    Administrator,
    /// Whoever is signed in.
    Signed,
}

/// How an address is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Looks.
    Get,
    /// Does.
    Post,
    /// Keeps a piece.
    Put,
    /// Takes away.
    Delete,
}

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// How.
    pub method: Method,
    /// Where, with places in braces.
    pub path: &'static str,
    /// Who.
    pub access: Access,
}

macro_rules! routes {
    ($($verb:ident $method:ident $path:literal $access:ident $handler:path;)+) => {
        /// Every address.
        pub const ROUTES: &[Route] = &[$(Route { method: Method::$method, path: $path, access: Access::$access }),+];

        fn plain() -> Router<App> {
            Router::new()$(.route($path, routing::$verb($handler)))+
        }
    };
}

routes! {
    get Get "/" Public entry::root;
    get Get "/robots.txt" Public assets::robots;
    get Get "/assets/{digest}/{name}" Public assets::get;
    get Get "/healthz" Public health::healthz;
    get Get "/metrics" Public health::metrics;
    get Get "/language/{tag}" Public entry::choose_language;
    get Get "/send" Public send::get;
    post Post "/send" Public send::post;
    post Post "/send/begin" Public send::begin;
    get Get "/send/{upload}" Token send::how_far;
    post Post "/send/{upload}" Token send::finish;
    put Put "/send/{upload}/{number}" Token send::piece;
    delete Delete "/send/{upload}/{number}" Token send::drop_file;
    get Get "/status/{token}" Token status::get;
    post Post "/status/{token}" Token status::open;
    get Get "/status/{token}/add" Token send::get_more;
    post Post "/status/{token}/add" Token send::post_more;
    get Get "/sign-in" Public entry::get;
    post Post "/sign-in" Public entry::post;
    get Get "/sign-in/code" Public entry::get_code;
    post Post "/sign-in/code" Public entry::post_code;
    post Post "/demo-sign-in" Public entry::post_demo;
    post Post "/sign-out" Signed entry::sign_out;
    get Get "/setup/{token}" Token entry::get_setup;
    post Post "/setup/{token}" Token entry::post_setup;
    get Get "/worklist" Department worklist::get;
    post Post "/search" Department worklist::search;
    post Post "/views" Department worklist::keep;
    post Post "/views/{view}" Department worklist::take_away;
    get Get "/events" Department events::listen;
    get Get "/cases/{case}" Department case::get;
    get Get "/cases/{case}/desk" Department desk::get;
    get Get "/cases/{case}/desk/{number}" Department desk::part;
    get Get "/cases/{case}/sheet" Department sheet::get;
    get Get "/cases/{case}/summary" Department summary::get;
    get Get "/cases/{case}/summary.pdf" Department summary::pdf;
    get Get "/cases/{case}/reply" Department reply::get;
    get Get "/cases/{case}/history" Department case::history;
    get Get "/cases/{case}/documents/{document}/original" Department desk::original;
    get Get "/cases/{case}/documents/{document}/{part}/{page}" Department desk::picture;
    post Post "/cases/{case}/judge" Department desk::judge::judge;
    post Post "/cases/{case}/add" Department desk::add::add;
    post Post "/cases/{case}/note" Department case::note;
    post Post "/cases/{case}/undo" Department case::undo;
    post Post "/cases/{case}/break-glass" Department case::break_glass;
    post Post "/cases/{case}/assign" Coordinator worklist::assign;
    post Post "/cases/{case}/close" Coordinator case::close;
    post Post "/cases/{case}/reply" Coordinator reply::post;
    post Post "/cases/{case}/hand-on" Department case::hand_on;
    post Post "/cases/{case}/decide" Physician sheet::decide;
    get Get "/people" Administrator people::get;
    post Post "/people" Administrator people::create;
    post Post "/people/{login}" Administrator people::change;
    get Get "/keeping" Administrator keeping::get;
    post Post "/keeping" Administrator keeping::post;
    get Get "/access" Administrator access::get;
    get Get "/health" Administrator health::get;
    get Get "/api/v1/openapi.json" Public api::describe;
    post Post "/api/v1/session" Public api::sign_in;
    get Get "/api/v1/session" Signed api::who;
    delete Delete "/api/v1/session" Signed api::sign_out;
    get Get "/api/v1/criteria" Signed api::criteria;
    get Get "/api/v1/cases" Department api::list;
    post Post "/api/v1/cases" Coordinator api::open;
    post Post "/api/v1/search" Department api::search;
    get Get "/api/v1/cases/{case}" Department api::whole;
    get Get "/api/v1/cases/{case}/history" Department api::history;
    get Get "/api/v1/cases/{case}/evaluation" Department api::evaluation;
    get Get "/api/v1/cases/{case}/facts" Department api::facts;
    post Post "/api/v1/cases/{case}/facts" Department api::add_fact;
    post Post "/api/v1/cases/{case}/judgements" Department api::judge;
    post Post "/api/v1/cases/{case}/documents" Coordinator api::receive;
    get Get "/api/v1/cases/{case}/documents/{document}/reading" Department api::reading;
    post Post "/api/v1/cases/{case}/documents/{document}/read-again" Department api::read_again;
    put Put "/api/v1/cases/{case}/person" Coordinator api::identify;
    put Put "/api/v1/cases/{case}/owner" Coordinator api::assign;
    post Post "/api/v1/cases/{case}/notes" Department api::note;
    post Post "/api/v1/cases/{case}/undo" Department api::undo;
    post Post "/api/v1/cases/{case}/hand-on" Department api::hand_on;
    post Post "/api/v1/cases/{case}/close" Coordinator api::close;
    post Post "/api/v1/cases/{case}/messages" Coordinator api::message;
    post Post "/api/v1/cases/{case}/links" Coordinator api::make_link;
    delete Delete "/api/v1/cases/{case}/links" Coordinator api::revoke_links;
    post Post "/api/v1/cases/{case}/consents" Filing api::consent;
    post Post "/api/v1/cases/{case}/merge" Filing api::merge;
    post Post "/api/v1/cases/{case}/unmerge" Filing api::unmerge;
    post Post "/api/v1/cases/{case}/infusions" Treating api::infusion;
    post Post "/api/v1/cases/{case}/visits" Treating api::visit;
    post Post "/api/v1/cases/{case}/decisions" Physician api::decide;
    post Post "/api/v1/cases/{case}/break-glass" Department api::break_glass;
    get Get "/api/v1/people" Administrator api::accounts;
    post Post "/api/v1/people" Administrator api::new_account;
    post Post "/api/v1/people/{login}" Administrator api::account;
    post Post "/api/v1/keeping" Administrator api::keep;
    get Get "/api/v1/access" Administrator api::accesses;
    get Get "/api/v1/health" Administrator api::health;
}

/// All pages.
pub fn router(app: App) -> Router {
    plain()
        .layer(from_fn(guard::bounds))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(guard::from_here))
        .layer(from_fn_with_state(app.clone(), guard::failures))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), guard::headers))
        .with_state(app)
}
