//! `cartulary serve`: the pages of a register, with as many workers beside them as wanted.

use crate::{
    cli::{self, Global},
    console, knowledge, models, register,
};
use anyhow::{Context, Result, anyhow, bail};
use cartulary_casework::{Casework, FileForms, Tools, Worker};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaSet;
use cartulary_model::Lang;
use cartulary_web::{App, CriteriaVersion, House, Mode, Printer, Site};
use std::{process::ExitCode, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tracing_subscriber::filter::LevelFilter;

/// How often an idle worker looks for work: a second is soon enough for a person who waits.
const IDLE: Duration = Duration::from_millis(700);
/// How often the register is tidied: ended sessions, links and uploads.
const UPKEEP: Duration = Duration::from_secs(600);

pub(super) fn run(global: &Global, options: &cli::Serve) -> Result<ExitCode> {
    logs();
    if !options.behind_tls && !options.listen.ip().is_loopback() {
        bail!(
            "{}: without TLS the pages are for this machine only; put a proxy with TLS in front and say --behind-tls",
            options.listen
        );
    }
    let site = match &options.site {
        None => Site::plain(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("could not read {}", path.display()))?;
            Site::read(&text).map_err(|why| anyhow!("{}: {why}", path.display()))?
        }
    };
    let (place, source) = (register::place(&options.register)?, register::Source::of(&options.register)?);
    let tools = register::tools(global, &options.reading)?;
    if let Err(missing) = models::reader(global, false, None).models_ready() {
        console::say(&format!("cartulary: {missing}"));
    }
    let catalogue = knowledge::catalogue(global)?;
    let mode = if options.behind_tls { Mode::Tls } else { Mode::Plain };
    register::run_on_many(async {
        let casework = register::open(&place, &source).await?;
        let listener = listen(options.listen).await?;
        let address = listener.local_addr()?;
        let setup = setup_token(&casework).await?;
        console::say(&format!("pages on http://{address}"));
        if let Some(token) = &setup {
            console::say(&format!("make the first account, once, at http://{address}/setup/{token}"));
        }
        let house = house(&casework, catalogue, &tools, site);
        let workers = work(&casework, &tools, options.workers);
        let outcome = cartulary_web::serve(App::new(house, mode, setup, Vec::new()), listener, stop()?).await;
        end(workers, &casework).await?;
        outcome.context("the server stopped")?;
        Ok(ExitCode::SUCCESS)
    })
}

/// What the pages are of.
pub(super) fn house(casework: &Casework, catalogue: Arc<Catalogue>, tools: &Tools, site: Site) -> House {
    let version = |set: &CriteriaSet| CriteriaVersion {
        set: set.id.as_str().to_owned(),
        title: [set.title.in_lang(Lang::En).to_owned(), set.title.in_lang(Lang::Zh).to_owned()],
        version: set.version.clone(),
        sha256: set.sha256.clone(),
    };
    House {
        casework: casework.clone(),
        catalogue,
        criteria: tools.library.sets().map(version).collect(),
        site,
        files: FileForms {
            media_type: cartulary_reading::media_type,
            without_location: cartulary_reading::without_location,
        },
        printer: printer(),
    }
}

/// Sets the summary of a case as PDF. The fonts are opened with the first page.
#[cfg(feature = "pdf-report")]
fn printer() -> Option<Printer> {
    use std::sync::OnceLock;
    let held = OnceLock::new();
    Some(Arc::new(move |data, course| {
        let printer = held.get_or_init(|| cartulary_pdf::Printer::new(&fonts()));
        let set = printer.as_ref().map_err(ToString::to_string)?.print(data, course);
        set.map_err(|error| error.to_string())
    }))
}

/// Where Debian's fonts-noto-cjk and fonts-dejavu-core lie, or the files of `CARTULARY_PDF_FONTS`, a colon between them.
#[cfg(feature = "pdf-report")]
fn fonts() -> Vec<std::path::PathBuf> {
    let named = std::env::var_os("CARTULARY_PDF_FONTS");
    let debian = [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    ];
    named.map_or_else(|| debian.map(Into::into).into(), |named| std::env::split_paths(&named).collect())
}

/// This build sets no PDF: the feature `pdf-report` adds it.
#[cfg(not(feature = "pdf-report"))]
fn printer() -> Option<Printer> {
    None
}

/// Logs hold ids only, as JSON on the standard error.
pub(super) fn logs() {
    let asked = std::env::var("CARTULARY_LOG").ok().and_then(|level| level.parse().ok());
    let level: LevelFilter = asked.unwrap_or(LevelFilter::WARN);
    let _ = tracing_subscriber::fmt().json().with_max_level(level).with_writer(std::io::stderr).try_init();
}

/// Listens; says what to do when the port is taken.
pub(super) async fn listen(address: std::net::SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("could not listen on {address}: give another with --listen, port 0 for a free one")
    })
}

/// Done when the service manager or the person at the terminal wants an end.
pub(super) fn stop() -> Result<impl Future<Output = ()> + Send + 'static> {
    let listen = |kind| signal(kind).context("could not listen for signals");
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The token for the first account, while there is none.
async fn setup_token(casework: &Casework) -> Result<Option<String>> {
    if !casework.people().nobody().await? {
        return Ok(None);
    }
    let mut bytes = [0; 16];
    casework.ledger().with_entropy(|entropy| entropy.fill(&mut bytes));
    Ok(Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Workers beside the pages, and one that tidies.
pub(super) fn work(casework: &Casework, tools: &Arc<Tools>, workers: u8) -> Vec<JoinHandle<()>> {
    let worker = |number: u8| {
        let worker =
            Worker::new(casework.clone(), Arc::clone(tools), format!("{}.{number}", std::process::id()));
        tokio::spawn(async move {
            loop {
                match worker.step().await {
                    Ok(Some(_)) => {}
                    Ok(None) => tokio::time::sleep(IDLE).await,
                    Err(error) => {
                        tracing::error!(error = %error, "worker.register_unavailable");
                        tokio::time::sleep(IDLE * 10).await;
                    }
                }
            }
        })
    };
    let mut tasks: Vec<JoinHandle<()>> = (0..workers).map(worker).collect();
    let casework = casework.clone();
    tasks.push(tokio::spawn(async move {
        loop {
            let kept = match casework.let_uploads_go().await {
                Ok(()) => casework.ledger().drop_ended_slips().await.map_err(cartulary_casework::Error::from),
                Err(error) => Err(error),
            };
            if let Err(error) = kept {
                tracing::warn!(error = %error, "upkeep.failed");
            }
            tokio::time::sleep(UPKEEP).await;
        }
    }));
    tasks
}

/// Ends what was begun. A job that is broken off is done again: its lease runs out.
pub(super) async fn end(workers: Vec<JoinHandle<()>>, casework: &Casework) -> Result<()> {
    for worker in workers {
        worker.abort();
    }
    casework.ledger().clone().close().await.context("could not write the last checkpoint")
}
