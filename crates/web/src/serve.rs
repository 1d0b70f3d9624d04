//! The server: answers until it is told to stop, and ends what it began.

use crate::{App, events, router};
use std::{future::Future, io, net::SocketAddr};
use tokio::net::TcpListener;

/// Serves until `stop` is done.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let watching = tokio::spawn(events::watch(app.clone()));
    let ending = app.clone();
    let stop = async move {
        stop.await;
        ending.stopping.send_replace(true);
    };
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let outcome = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    watching.abort();
    outcome
}
