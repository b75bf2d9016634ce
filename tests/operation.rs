//! The behaviour that an operator relies on: shutdowns, rolling upgrades and metrics.

use serde_json::Value;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{App, LONG};

#[tokio::test]
async fn a_half_sent_request_does_not_hold_up_the_end() {
    let mut app = App::start().await;
    let address = app.url("").replace("http://", "");
    let mut half = TcpStream::connect(&address).await.unwrap();
    half.write_all(b"POST /webhooks/whatsapp HTTP/1.1\r\nContent-Le")
        .await
        .unwrap();
    let alive = app.http.get(app.url("/healthz")).send().await.unwrap();
    assert!(alive.status().is_success());
    let ended = tokio::time::timeout(LONG, app.stop()).await;
    assert!(ended.expect("an end").success());
    drop(half);
}

#[tokio::test]
async fn the_old_version_goes_on_working_on_a_newer_schema() {
    let mut app = App::prepare().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99990101, 'of a later version', true, '', 0)",
    )
    .execute(app.db())
    .await
    .unwrap();
    app.run().await;
    let ready = app.http.get(app.url("/readyz")).send().await.unwrap();
    assert!(ready.status().is_success());
    let said: Value = ready.json().await.unwrap();
    assert_eq!(
        (&said["schema"], &said["queue"]),
        (&"newer".into(), &"ok".into())
    );
    app.phone("254711").say("Hello").await;
    app.until("SELECT count(*) FROM messages WHERE direction = 'out'")
        .await;
    let doctor = app.cli(&["doctor"]).await;
    assert!(doctor.status.success(), "{doctor:?}");
}

#[tokio::test]
async fn a_paused_channel_shows_in_the_metrics() {
    let app = App::start().await;
    let listed = app.cli(&["channels", "list", "--json"]).await;
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let channel = listed[0]["id"].as_str().unwrap();
    assert!(
        app.cli(&["channels", "pause", channel])
            .await
            .status
            .success()
    );
    let shown = async {
        loop {
            let metrics = app.http.get(app.url("/metrics")).send().await.unwrap();
            let metrics = metrics.text().await.unwrap();
            if metrics.lines().any(|line| line == "kazi_channels_paused 1") {
                break;
            }
        }
    };
    assert!(tokio::time::timeout(LONG, shown).await.is_ok());
}
