//! The command line, as an operator uses it.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::support::{App, program};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_wrong_configuration_stops_the_program_and_says_what_to_set() {
    let refused = async |name: &str, value: &str| {
        let output = program(&["config"])
            .env(name, value)
            .output()
            .await
            .unwrap();
        assert!(!output.status.success());
        text(&output.stderr)
    };
    let error = refused("KAZI_HTTP__BINDD", "x").await;
    assert!(
        error.contains("bindd") && error.contains("bind") && error.contains("KAZI_HTTP"),
        "{error}"
    );
    let error = refused("KAZI_HTTP__BIND", "everywhere").await;
    assert!(
        error.contains("http.bind") && error.contains("KAZI_HTTP__BIND"),
        "{error}"
    );
    let error = refused("KAZI_CONFIG", "/nowhere.toml").await;
    assert!(error.contains("/nowhere.toml"), "{error}");

    let app = App::prepare().await;
    let output = app
        .command(&["run"])
        .env_remove("KAZI_MASTER_KEY")
        .output()
        .await
        .unwrap();
    assert!(
        text(&output.stderr).contains("openssl rand -base64 32"),
        "{}",
        text(&output.stderr)
    );
    let output = app
        .command(&["run"])
        .env("DATABASE_URL", "postgres://u:secret@127.0.0.1:1/x")
        .output()
        .await
        .unwrap();
    let error = text(&output.stderr);
    assert!(
        error.contains("cannot reach the database") && !error.contains("secret"),
        "{error}"
    );
}

#[tokio::test]
async fn the_configuration_is_printed_without_its_secrets() {
    let app = App::prepare().await;
    for arguments in [&["config"][..], &["config", "--json"]] {
        let output = app.cli(arguments).await;
        let shown = text(&output.stdout);
        assert!(
            output.status.success()
                && shown.contains("max_connections")
                && shown.contains("(set, hidden)"),
            "{shown}"
        );
        assert!(!shown.contains("postgres://"), "{shown}");
    }
}

#[tokio::test]
async fn jobs_are_enqueued_listed_shown_and_cancelled() {
    let app = App::prepare().await;
    let workspace = kazi_platform::WorkspaceId::new();
    let job = |id: &str| format!("{{\"workspace\": \"{workspace}\", \"event\": \"{id}\"}}");
    let enqueue =
        async |kind: &str, payload: &str| app.cli(&["enqueue", kind, payload, "--json"]).await;
    for (kind, payload, word) in [
        ("nothing.like_it", "{}", "conversations.receive"),
        ("conversations.receive", "{}", "workspace"),
        ("conversations.receive", &job("msg_1"), "evt_"),
        ("conversations.receive", "not json", "not JSON"),
    ] {
        let output = enqueue(kind, payload).await;
        let error = text(&output.stderr);
        assert!(
            !output.status.success() && error.contains(word),
            "{kind} {payload}: {error}"
        );
    }
    let event = format!("evt_{}", "0".repeat(32));
    let output = enqueue("conversations.receive", &job(&event)).await;
    let enqueued: Value = serde_json::from_slice(&output.stdout).unwrap();
    let id = enqueued["id"].to_string();

    let listed: Value = serde_json::from_slice(
        &app.cli(&["jobs", "list", "--state", "ready", "--json"])
            .await
            .stdout,
    )
    .unwrap();
    assert_eq!(
        (listed[0]["id"].to_string(), listed[0]["kind"].as_str()),
        (id.clone(), Some("conversations.receive"))
    );
    let shown: Value =
        serde_json::from_slice(&app.cli(&["jobs", "show", &id, "--json"]).await.stdout).unwrap();
    assert_eq!(shown["payload"]["event"], event);
    assert!(text(&app.cli(&["jobs", "show", &id]).await.stdout).contains("interactive"));
    assert!(app.cli(&["jobs", "cancel", &id]).await.status.success());
    let again = app.cli(&["jobs", "cancel", &id]).await;
    assert!(
        !again.status.success() && text(&again.stdout).contains("not in a state"),
        "{}",
        text(&again.stdout)
    );
    assert!(!app.cli(&["jobs", "show", "999999"]).await.status.success());
    for (arguments, words) in [
        (
            &["list", "--state", "asleep"][..],
            "scheduled, blocked, ready",
        ),
        (
            &["list", "--kind", "message.send"],
            "did you mean messages.send",
        ),
        (&["show", "xyz"], "a whole number from 1 on"),
        (&["show", "0"], "a whole number from 1 on"),
        (
            &["retry", "--dead", "--since", "today"],
            "a time like 2026-",
        ),
    ] {
        let output = app.cli(&[&["jobs"], arguments].concat()).await;
        let error = text(&output.stderr);
        assert!(
            !output.status.success() && error.contains(words),
            "{arguments:?}: {error}"
        );
    }
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    let app = App::start().await;
    let output = app.cli(&["doctor", "--json"]).await;
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{findings:#}");
    let found = |what: &str| {
        findings
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["what"] == what)
            .cloned()
    };
    for what in [
        "database",
        "clock",
        "schema",
        "schema of the queue",
        "whatsapp 106540352242922",
        "greenapi 1101000001",
        "openrouter",
    ] {
        assert_eq!(found(what).unwrap()["verdict"], "ok", "{what}");
    }

    let output = app
        .command(&["doctor"])
        .env("KAZI_WHATSAPP__BASE_URL", "http://127.0.0.1:1")
        .env("KAZI_OPENROUTER__KEY", "wrong")
        .output()
        .await
        .unwrap();
    let shown = text(&output.stdout);
    assert!(
        !output.status.success()
            && shown.contains("ERROR")
            && shown.contains("KAZI_OPENROUTER__KEY"),
        "{shown}"
    );
    let other_key = app
        .command(&["doctor"])
        .env(
            "KAZI_MASTER_KEY",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        )
        .output()
        .await
        .unwrap();
    assert!(
        text(&other_key.stdout).contains("another"),
        "{}",
        text(&other_key.stdout)
    );
}

#[tokio::test]
async fn a_channel_is_added_with_its_secrets_from_a_pipe() {
    let app = App::prepare().await;
    let add = async |id: &str, secrets: &str| {
        let arguments = [
            "channels",
            "add",
            "whatsapp",
            "--name",
            "Shop",
            "--phone-number-id",
            id,
        ];
        let mut child = app
            .command(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(secrets.as_bytes())
            .await
            .unwrap();
        child.wait_with_output().await.unwrap()
    };
    let added = add("4711", "the token\nthe app secret\n").await;
    let told: Value = serde_json::from_slice(&added.stdout).unwrap();
    assert_eq!(told["verify token"].as_str().unwrap().len(), 32);
    let listed: Value =
        serde_json::from_slice(&app.cli(&["channels", "list", "--json"]).await.stdout).unwrap();
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|channel| channel["external_id"] == "4711")
    );
    for (id, secrets, word) in [
        ("47 11", "t\ns\n", "digits"),
        ("4712", "\n", "empty"),
        ("4712", "t\n", "app secret"),
    ] {
        let refused = add(id, secrets).await;
        assert!(
            !refused.status.success() && text(&refused.stderr).contains(word),
            "{}",
            text(&refused.stderr)
        );
    }
    assert!(!text(&added.stdout).contains("the token"));
    // The number gets a new access token. Meta keeps using the stored verify token, and the app secret stays.
    let renewed = add("4711", "a new token\n").await;
    let again: Value = serde_json::from_slice(&renewed.stdout).unwrap();
    assert_eq!(again, told);
    let recorded = "SELECT count(*) FROM audit_log
         WHERE action = 'channels.add' AND actor_kind = 'operator' AND CASE WHEN before IS NULL
             THEN after->>'external_id' = '4711'
             ELSE before->>'rotated_at' IS NULL AND after->>'rotated_at' IS NOT NULL END";
    assert_eq!(app.count(recorded).await, 2);
}

#[tokio::test]
async fn a_renewed_token_leaves_what_the_provider_was_told() {
    let app = App::prepare().await;
    let add = async |arguments: &[&str], secrets: &str| {
        let mut command = app.command(&[&["channels", "add"], arguments].concat());
        command.env("KAZI_WHATSAPP__APP_SECRET", "of the platform");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(secrets.as_bytes()).await.unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let instance = ["greenapi", "--name", "Shop", "--instance", "1199"];
    let first = add(&instance, "token\n").await;
    assert_eq!(first["webhook token"].as_str().unwrap().len(), 32);
    assert_eq!(add(&instance, "renewed\n").await, first);
    // With the platform's app secret, a number needs none.
    let number = ["whatsapp", "--name", "Shop", "--phone-number-id", "4713"];
    let first = add(&number, "token\n\n").await;
    assert_eq!(first["verify token"].as_str().unwrap().len(), 32);
}

#[tokio::test]
async fn a_worker_takes_only_pools_that_there_are() {
    let app = App::prepare().await;
    for (pools, word) in [
        ("turbo", "interactive, ai"),
        ("ai=0", "1 to 10000"),
        ("ai=x", "1 to 10000"),
    ] {
        let output = app.cli(&["work", "--pools", pools]).await;
        assert!(
            !output.status.success() && text(&output.stderr).contains(word),
            "{}",
            text(&output.stderr)
        );
    }
}

#[tokio::test]
async fn a_master_key_is_replaced_while_the_program_runs() {
    let app = App::start().await;
    let old = app.setting("KAZI_MASTER_KEY");
    let new = "bmV3IG1hc3RlciBrZXkgb2YgMzIgYnl0ZXMuLi4uLi4=";
    let keys = async |masters: &str, arguments: &[&str]| {
        let mut command = app.command(&[&["keys"], arguments].concat());
        let output = command
            .env("KAZI_MASTER_KEY", masters)
            .output()
            .await
            .unwrap();
        let shown = serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default();
        (output.status.success(), shown)
    };
    let both = format!("{new},{old}");
    let (_, before) = keys(&both, &["list", "--json"]).await;
    assert_eq!(
        (&before[0]["data_keys"], &before[1]["data_keys"]),
        (&0.into(), &1.into())
    );
    let (good, done) = keys(
        &both,
        &["rotate", "--data-keys", "--newer-than", "0", "--json"],
    )
    .await;
    assert!(
        good && done["renewed"] == 1 && done["rewrapped"] == 1,
        "{done}"
    );
    // Run again, the command finds nothing to do, because a key of one minute is new enough.
    let (good, done) = keys(&both, &["rotate", "--data-keys", "--json"]).await;
    assert!(
        good && done["renewed"] == 0 && done["rewrapped"] == 0,
        "{done}"
    );
    let (_, after) = keys(new, &["list", "--json"]).await;
    assert_eq!(
        (after.as_array().unwrap().len(), &after[0]["data_keys"]),
        (1, &2.into())
    );
    // A process with only the old key can do nothing, and says so.
    let (good, done) = keys(&old, &["rotate", "--json"]).await;
    assert!(!good && done["unknown"] == 2, "{done}");
    // The new key opens the stored values.
    let listed = app
        .command(&["doctor", "--json"])
        .env("KAZI_MASTER_KEY", new)
        .output()
        .await
        .unwrap();
    let findings: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let sealed = findings.to_string();
    assert!(!sealed.contains("does not open"), "{sealed}");
}

#[tokio::test]
async fn a_command_makes_no_database_in_a_wrong_folder() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("typo");
    for arguments in [
        &["jobs", "list"][..],
        &["channels", "list"],
        &["workspaces", "list"],
    ] {
        let output = program(arguments)
            .env("KAZI_DATABASE__FOLDER", &wrong)
            .output()
            .await
            .unwrap();
        let error = text(&output.stderr);
        assert!(
            !output.status.success()
                && error.contains(wrong.to_str().unwrap())
                && error.contains("KAZI_DATABASE__FOLDER"),
            "{error}"
        );
        assert!(!wrong.exists(), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_lane_is_named_as_it_is_shown_and_one_that_is_not_there_is_refused() {
    let app = App::prepare().await;
    let channels: Value =
        serde_json::from_slice(&app.cli(&["channels", "list", "--json"]).await.stdout).unwrap();
    let channel = channels[0]["id"].as_str().unwrap();
    let workspace = app.workspace.to_string();
    let bare = app.workspace.uuid().to_string();
    let limit = async |pool: &str, lane: &str| {
        let output = app
            .cli(&["queues", "limit", pool, lane, "--max-running", "2"])
            .await;
        (output.status.success(), text(&output.stderr))
    };
    for (pool, lane) in [
        ("whatsapp", channel),
        ("bulk", &workspace),
        ("default", &bare),
    ] {
        let (done, error) = limit(pool, lane).await;
        assert!(done, "{error}");
    }
    let listed = app.cli(&["queues", "lanes", "--json"]).await;
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let mut shown: Vec<(&str, &str)> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|lane| lane["max_running"] == 2)
        .map(|lane| {
            (
                lane["pool"].as_str().unwrap(),
                lane["lane"].as_str().unwrap(),
            )
        })
        .collect();
    shown.sort_unstable();
    assert_eq!(
        shown,
        [
            ("bulk", workspace.as_str()),
            ("default", &workspace),
            ("whatsapp", channel)
        ]
    );
    // The last digit is another one.
    let last = if channel.ends_with('0') { '1' } else { '0' };
    let typo = format!("{}{last}", &channel[..channel.len() - 1]);
    let (done, error) = limit("whatsapp", &typo).await;
    assert!(!done && error.contains(channel), "{error}");
    let soon = (chrono::Utc::now() + chrono::TimeDelta::hours(1)).to_rfc3339();
    for command in [
        &["queues", "park", "whatsapp", "nowhere", &soon][..],
        &["queues", "unpark", "whatsapp", "nowhere"],
        &["queues", "pause", "lane", "whatsapp", "nowhere"],
        &["queues", "pause", "kind", "nowhere"],
    ] {
        let output = app.cli(command).await;
        let error = text(&output.stderr);
        assert!(
            error.contains("there is no") && error.contains("nowhere"),
            "{error}"
        );
        assert!(!output.status.success(), "{command:?}");
    }
}

#[tokio::test]
async fn the_businesses_are_listed_by_their_names() {
    let app = App::prepare().await;
    let list = async |more: &[&str]| {
        let output = app
            .cli(&[&["workspaces", "list", "--json"], more].concat())
            .await;
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let all = list(&[]).await;
    let zuri = &all[0];
    assert_eq!(zuri["id"], app.workspace.to_string());
    assert_eq!(
        (&zuri["name"], &zuri["status"]),
        (&"Zuri".into(), &"active".into())
    );
    assert_eq!(list(&["--name", "zUr"]).await[0]["id"], zuri["id"]);
    assert_eq!(list(&["--name", "Baraka"]).await, Value::Array(Vec::new()));
    assert_eq!(
        list(&["--status", "deleted"]).await,
        Value::Array(Vec::new())
    );
    let table = app.cli(&["workspaces", "list"]).await;
    assert!(text(&table.stdout).contains("Zuri"));
    let wrong = app.cli(&["workspaces", "list", "--status", "shut"]).await;
    assert!(text(&wrong.stderr).contains("active, suspended, deleted"));
}
