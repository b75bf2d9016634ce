//! The HTTP server: webhooks, probes, metrics.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kazi_queue::SchemaStatus;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use crate::problem::Problem;

/// A request that takes longer is answered with 503: whoever sent it sends it again.
const TIME_OUT: Duration = Duration::from_secs(15);
/// For the calls that are open when the program is to end. Somebody who has sent half a request never ends it.
const LAST_CALLS: Duration = Duration::from_secs(5);
/// For a question to the database that asks whether it is there.
const PROBE: Duration = Duration::from_secs(3);

/// Seconds of waits and runs: from a millisecond to ten minutes.
const SECONDS: [f64; 16] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0,
    600.0,
];
const SIZES: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// Starts collecting metrics.
///
/// # Errors
/// Something else collects them already.
pub fn metrics() -> Result<PrometheusHandle, metrics_exporter_prometheus::BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_batch_size".into()), &SIZES)?
        .install_recorder()
}

struct Probed {
    owner: PgPool,
    metrics: PrometheusHandle,
}

/// What every process serves: probes and metrics.
pub fn probes(owner: &PgPool, metrics: PrometheusHandle) -> Router {
    let probed = Arc::new(Probed {
        owner: owner.clone(),
        metrics,
    });
    Router::new()
        .route("/healthz", get(StatusCode::OK))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(probed)
}

async fn render(State(probed): State<Arc<Probed>>) -> Response {
    probed.metrics.run_upkeep();
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        probed.metrics.render(),
    )
        .into_response()
}

/// What is ready and what is not.
#[derive(Serialize)]
struct Ready {
    database: &'static str,
    schema: &'static str,
    queue: &'static str,
}

async fn ready(State(probed): State<Arc<Probed>>) -> Response {
    let (database, schema, queue) =
        match tokio::time::timeout(PROBE, kazi_jobs::schema_status(&probed.owner)).await {
            Ok(Ok(status)) => ("ok", word(status.business), word(status.queue)),
            _ => ("unreachable", "unknown", "unknown"),
        };
    // Migrations only add: while an upgrade rolls, the old version works on the new schema.
    let ready = [database, schema, queue]
        .iter()
        .all(|part| ["ok", NEWER].contains(part));
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(Ready {
            database,
            schema,
            queue,
        }),
    )
        .into_response()
}

const NEWER: &str = "newer";

fn word(status: SchemaStatus) -> &'static str {
    match status {
        SchemaStatus::Newer => NEWER,
        other => other.word(),
    }
}

const NOT_FOUND: Problem = Problem::new(
    StatusCode::NOT_FOUND,
    "not_found",
    "There is nothing at this address.",
);
const METHOD: Problem = Problem::new(
    StatusCode::METHOD_NOT_ALLOWED,
    "method_not_allowed",
    "This address does not take this method.",
);

/// A listener on an address.
///
/// # Errors
/// Another program has it, or the machine does not.
pub async fn listen(bind: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(bind)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("http.bind {bind}: {error}")))
}

/// Serves until `stop`, and then lets the calls that are open end, for a few seconds.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stop: CancellationToken,
) -> io::Result<()> {
    let routes = routes
        .fallback(|| async { NOT_FOUND })
        .method_not_allowed_fallback(|| async { METHOD })
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIME_OUT,
        ))
        .layer(CatchPanicLayer::new());
    let served = axum::serve(listener, routes)
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .into_future();
    let patience = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST_CALLS).await;
    };
    tokio::select! {
        served = served => served,
        () = patience => {
            tracing::warn!("connections are cut that did not end");
            Ok(())
        }
    }
}
