//! A campaign through the whole program. It is a small version of `kazi bench campaign`.

use kazi_platform::{Clock, crypto::Keyring, testing::TestDatabase};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::support::program;

#[tokio::test]
async fn a_campaign_reaches_everybody_once_whatever_the_provider_and_our_processes_do() {
    let database = TestDatabase::new("kazi", async |db| {
        kazi_jobs::migrate(&db, &Clock::system()).await
    })
    .await;
    let campaign = [
        "bench",
        "campaign",
        "--recipients",
        "300",
        "--faults",
        "--metered",
    ];
    let output = program(&[&campaign[..], &["--kill", "1", "--json"]].concat())
        .env("DATABASE_URL", database.url())
        .env(
            "KAZI_MASTER_KEY",
            Keyring::generate_master().expose_secret(),
        )
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // The command succeeds only when every guarantee held.
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let figures: Value = serde_json::from_str(&said).unwrap();
    let of = |what: &str| {
        let all = figures.as_array().unwrap();
        let figure = all.iter().find(|figure| figure["what"] == what);
        figure.unwrap()["values"][0].as_f64().unwrap()
    };
    assert_eq!(of("recipients"), 300.0);
    assert_eq!(of("killed on the way"), 1.0);
    assert!(of("requests refused or without an answer") > 0.0);
}
