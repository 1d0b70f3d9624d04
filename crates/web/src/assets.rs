//! Style, scripts and pictures of the pages, each at an address with its digest, so that a browser keeps it for ever.

use crate::error::{Failure, Outcome};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: Cow<'static, [u8]>,
}

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($name:literal, $media_type:expr) => {
        Asset {
            name: $name,
            media_type: $media_type,
            bytes: Cow::Borrowed(include_bytes!(concat!("../assets/", $name))),
        }
    };
}

static ASSETS: LazyLock<[Asset; 11]> = LazyLock::new(|| {
    [
        file!("app.css", STYLE),
        file!("send.js", SCRIPT),
        file!("desk.js", SCRIPT),
        file!("list.js", SCRIPT),
        file!("keys.js", SCRIPT),
        file!("live.js", SCRIPT),
        file!("print.js", SCRIPT),
        file!("summary.css", STYLE),
        file!("mark.svg", "image/svg+xml"),
        Asset { name: "report.css", media_type: STYLE, bytes: report_style().into() },
        Asset {
            name: "report.js",
            media_type: SCRIPT,
            bytes: Cow::Borrowed(cartulary_report::SCRIPT.as_bytes()),
        },
    ]
});

/// The style of the report below that of the pages, which knows where it stands.
fn report_style() -> Vec<u8> {
    format!(
        "@layer reset, report, base, parts, pages;
@layer report {{
{}
}}
",
        cartulary_report::STYLE
    )
    .into_bytes()
}

static ADDRESSES: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let address = |asset: &Asset| {
        let digest: String =
            Sha256::digest(&asset.bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("/assets/{digest}/{}", asset.name)
    };
    ASSETS.iter().map(|asset| (asset.name, address(asset))).collect()
});

/// The address of an asset.
pub(crate) fn address(name: &str) -> &'static str {
    ADDRESSES.get(name).map_or("", String::as_str)
}

/// Gives an asset.
pub(crate) async fn get(Path((_, name)): Path<(String, String)>) -> Outcome {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Failure::Absent)?;
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.bytes.clone()).into_response())
}

/// Nothing is here for robots.
pub(crate) async fn robots() -> Response {
    "User-agent: *\nDisallow: /\n".into_response()
}
