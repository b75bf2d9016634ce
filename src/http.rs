//! The HTTP server: the API, webhooks, probes, metrics.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::StreamExt;
use kazi_queue::SchemaStatus;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    figures,
    observe::observe,
    problem::{METHOD_NOT_ALLOWED, NOT_FOUND, Problem, TOO_LARGE, UNREADABLE},
};

/// Time for open calls when the program ends. A caller who has sent half a request would never end.
const LAST_CALLS: Duration = Duration::from_secs(5);
/// Time-out of the probe's question to the database.
const PROBE: Duration = Duration::from_secs(3);

/// Bounds for the histograms in seconds: from a millisecond to ten minutes.
const SECONDS: [f64; 16] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0,
    600.0,
];
const SIZES: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// Starts collecting metrics.
///
/// # Errors
/// Another recorder collects them already.
pub fn metrics() -> Result<PrometheusHandle, metrics_exporter_prometheus::BuildError> {
    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_batch_size".into()), &SIZES)?
        .install_recorder()?;
    figures::describe();
    Ok(metrics)
}

struct Probed {
    owner: PgPool,
    metrics: PrometheusHandle,
}

/// The routes of every process: probes and metrics.
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

/// The readiness of each part.
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
    // Migrations only add, so during an upgrade the old version works on the new schema.
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

/// Reads a body within a limit. A larger body is still read, up to a few times the limit, and dropped. Otherwise the
/// sender would see a broken connection and not the answer.
///
/// # Errors
/// The body is too large, or did not arrive completely.
pub async fn read_body(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| UNREADABLE)?;
        seen += chunk.len();
        if seen <= limit {
            bytes.extend_from_slice(&chunk);
        } else if seen > 4 * limit {
            break;
        }
    }
    if seen > limit {
        Err(TOO_LARGE.detail(format!("At most {limit} bytes are taken.")))
    } else {
        Ok(bytes)
    }
}

/// The policy of data: browsers must not show it as a page.
pub const DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// Sets the headers that every answer has, with the policy of its content.
pub fn protect(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Protects the answers that have no policy of their own: probes, webhooks, redirects, what is not found.
async fn protect_rest(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response
        .headers()
        .contains_key(header::CONTENT_SECURITY_POLICY)
    {
        protect(response.headers_mut(), HeaderValue::from_static(DATA));
    }
    response
}

/// Listens on an address.
///
/// # Errors
/// Another program uses the address, or the machine does not have it.
pub async fn listen(bind: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(bind)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("http.bind {bind}: {error}")))
}

/// Serves until `stop`. Open calls then have some seconds to end.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stop: CancellationToken,
) -> io::Result<()> {
    let routes = routes
        .fallback(|| async { NOT_FOUND })
        .method_not_allowed_fallback(|| async { METHOD_NOT_ALLOWED })
        .layer(from_fn(protect_rest))
        .layer(from_fn(observe))
        .into_make_service_with_connect_info::<SocketAddr>();
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
