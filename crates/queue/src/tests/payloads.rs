//! Promise 18: payloads that are sealed, and payloads of other versions.

use std::sync::LazyLock;

use kazi_platform::crypto::Keyring;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    Batch, EnqueueError, MAX_PAYLOAD, Seal, Unique,
    cron::{self, Missed, Schedule},
    enqueue_all,
    inspect::State,
    seal_with,
};

/// The tests' own; the first one stands for the whole process.
static KEYRING: LazyLock<Keyring> =
    LazyLock::new(|| Keyring::new(&Keyring::generate_master()).unwrap());

fn with_keys() {
    seal_with(Seal::new(
        |place, plain| {
            let sealed = KEYRING.seal_by_master(place, plain);
            sealed.map_err(|error| error.to_string())
        },
        |place, sealed| {
            let plain = KEYRING.open_by_master(place, sealed);
            plain.map_err(|error| error.to_string())
        },
    ));
}

const SECRET: &str = "the number of the card";

/// Carries what nobody may read.
#[derive(Clone, Serialize, Deserialize)]
struct Secret {
    n: i64,
    text: String,
    fail: bool,
}

impl Job for Secret {
    type Context = Probe;
    const NAME: &'static str = "test.secret";
    const POOL: Pool = POOL;
    const SEALED: bool = true;
    const RETRY: Retry = Retry::DEFAULT.attempts(1);

    async fn run(&self, probe: &Probe, _: &Running) -> Result<(), JobError> {
        assert_eq!(self.text, SECRET);
        probe.note("secret", self.n);
        match self.fail {
            true => Err(JobError::retry("flaky", "not today")),
            false => Ok(()),
        }
    }
}

fn secret(n: i64) -> Secret {
    Secret {
        n,
        text: SECRET.into(),
        fail: false,
    }
}

fn secrets() -> Registry<Probe> {
    registry().register::<Secret>().register::<Grown>()
}

async fn drain_secrets(db: &PgPool, probe: &Probe, ahead: TimeDelta) -> Drained {
    testing::drain(db, &secrets(), probe, Utc::now() + ahead)
        .await
        .unwrap()
}

/// All that stands in the queue's tables, as text.
async fn everything(db: &PgPool) -> String {
    let tables = ["jobs", "dead", "finished", "schedules"];
    let mut all = String::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT t::text FROM queue.{table} t"
        )))
        .fetch_all(db)
        .await
        .unwrap();
        all += &rows.join("\n");
    }
    all
}

#[tokio::test]
async fn p18_a_sealed_payload_is_readable_nowhere_from_its_enqueue_to_its_replay() {
    with_keys();
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let fails = Secret {
        fail: true,
        ..secret(1)
    };
    let dies = fails.enqueue(&mut conn).await.unwrap().id;
    let kept = secret(2).enqueue(&mut conn).await.unwrap().id;
    assert!(!everything(db).await.contains(SECRET));
    let drained = drain_secrets(db, &probe, TimeDelta::zero()).await;
    assert_eq!((drained.dead, drained.done), (1, 1));
    let rows = everything(db).await;
    assert!(
        rows.contains("test.secret") && !rows.contains(SECRET),
        "{rows}"
    );
    for (id, state) in [(dies, State::Dead), (kept, State::Done)] {
        let job = show(db, id).await.unwrap();
        assert_eq!((job.job.state, job.payload), (state, json!("sealed")));
    }
    inspect::retry(&mut conn, dies).await.unwrap();
    assert_eq!(drain_secrets(db, &probe, TimeDelta::zero()).await.dead, 1);
    assert_eq!(probe.log(), ["secret 1", "secret 2", "secret 1"]);
}

#[tokio::test]
async fn p18_bulks_batches_schedules_and_enqueues_by_name_are_sealed_too() {
    with_keys();
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut tx = db.begin().await.unwrap();
    let batch = Batch::open(&mut tx, &secret(9)).await.unwrap();
    let options = secret(1).options().batch(batch).tenant(Uuid::from_u128(7));
    secret(1).enqueue_with(&mut tx, options).await.unwrap();
    Batch::close(&mut tx, batch).await.unwrap();
    enqueue_all(&mut tx, &[secret(2), secret(3)]).await.unwrap();
    let unique = Options::default().unique("k", Unique::WhilePending);
    secret(4).enqueue_with(&mut tx, unique).await.unwrap();
    let by_name = serde_json::to_value(secret(5)).unwrap();
    inspect::enqueue_raw(&mut tx, &secrets(), "test.secret", by_name)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut conn = db.acquire().await.unwrap();
    let schedule = Schedule::new("nightly", "0 3 * * *")
        .zone("UTC")
        .missed(Missed::One)
        .tenant(Uuid::from_u128(8));
    let payload = serde_json::to_value(secret(6)).unwrap();
    let view = cron::put(&mut conn, &secrets(), &schedule, "test.secret", payload)
        .await
        .unwrap();
    assert_eq!(view.payload, json!("sealed"));
    let tomorrow = Utc::now() + TimeDelta::days(1);
    let fired = testing::fire_schedules(db, &secrets(), tomorrow).await;
    assert_eq!(fired.unwrap(), 1);
    assert!(!everything(db).await.contains(SECRET));
    let drained = drain_secrets(db, &probe, TimeDelta::days(1)).await;
    assert_eq!(drained.done, 7);
    let mut log = probe.log();
    log.sort();
    let all: Vec<String> = [1, 2, 3, 4, 5, 6, 9].map(|n| format!("secret {n}")).into();
    assert_eq!(log, all);
}

/// A payload as it would be sealed for a place, by another key ring or by ours.
fn sealed_for(keyring: &Keyring, place: &str, payload: &Value) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let sealed = keyring
        .seal_by_master(place, payload.to_string().as_bytes())
        .unwrap();
    json!({"$kazi": {"version": 1, "sealed": STANDARD.encode(sealed)}})
}

async fn put_payload(db: &PgPool, id: JobId, payload: &Value) {
    sqlx::query("UPDATE queue.jobs SET payload = $2 WHERE id = $1")
        .bind(id.0)
        .bind(payload)
        .execute(db)
        .await
        .unwrap();
}

#[tokio::test]
async fn p18_a_job_whose_key_is_missing_is_kept_with_all_its_attempts_and_runs_when_the_key_is_there()
 {
    with_keys();
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let id = secret(1).enqueue(&mut conn).await.unwrap().id;
    let payload = serde_json::to_value(secret(1)).unwrap();
    let other = Keyring::new(&Keyring::generate_master()).unwrap();
    let here = format!("queue/test.secret/{}/1", Uuid::nil());
    let elsewhere = format!("queue/test.other/{}/1", Uuid::nil());
    for (round, foreign) in [
        sealed_for(&other, &here, &payload),
        // Copied from a row of another kind.
        sealed_for(&KEYRING, &elsewhere, &payload),
    ]
    .iter()
    .enumerate()
    {
        put_payload(db, id, foreign).await;
        let ahead = TimeDelta::minutes(2 * i64::try_from(round).unwrap());
        assert_eq!(drain_secrets(db, &probe, ahead).await.snoozed, 1);
        let job = show(db, id).await.unwrap();
        assert_eq!((job.job.state, job.job.attempt), (State::Scheduled, 0));
        let errors = job.errors.as_array().unwrap();
        assert_eq!(errors.len(), 1, "of the same reason only the last is kept");
        assert_eq!(errors[0]["class"], "sealed");
        let message = errors[0]["message"].as_str().unwrap();
        assert!(message.contains("does not open"), "{message}");
    }
    put_payload(db, id, &sealed_for(&KEYRING, &here, &payload)).await;
    assert_eq!(
        drain_secrets(db, &probe, TimeDelta::minutes(9)).await.done,
        1
    );
    assert_eq!(probe.log(), ["secret 1"]);
}

#[tokio::test]
async fn p18_the_limit_is_on_the_plain_text_and_what_was_plain_before_still_runs() {
    with_keys();
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let frame = serde_json::to_string(&Secret {
        text: String::new(),
        ..secret(1)
    });
    let room = MAX_PAYLOAD - frame.unwrap().len();
    let of = |bytes: usize| Secret {
        text: "x".repeat(bytes),
        ..secret(1)
    };
    of(room).enqueue(&mut conn).await.unwrap();
    let refused = of(room + 1).enqueue(&mut conn).await.unwrap_err();
    assert!(
        matches!(refused, EnqueueError::TooLarge { bytes, .. } if bytes == MAX_PAYLOAD + 1),
        "{refused}"
    );
    sqlx::query("DELETE FROM queue.jobs")
        .execute(db)
        .await
        .unwrap();
    let id = secret(2).enqueue(&mut conn).await.unwrap().id;
    put_payload(db, id, &serde_json::to_value(secret(2)).unwrap()).await;
    assert_eq!(drain_secrets(db, &probe, TimeDelta::zero()).await.done, 1);
}

#[tokio::test]
async fn p18_an_error_in_a_sealed_payload_names_the_path_and_not_the_value() {
    with_keys();
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let id = secret(1).enqueue(&mut conn).await.unwrap().id;
    let here = format!("queue/test.secret/{}/1", Uuid::nil());
    let wrong = json!({"n": SECRET, "text": SECRET, "fail": false});
    put_payload(db, id, &sealed_for(&KEYRING, &here, &wrong)).await;
    assert_eq!(drain_secrets(db, &probe, TimeDelta::zero()).await.dead, 1);
    let dead = show(db, id).await.unwrap();
    assert_eq!(dead.job.error_class.as_deref(), Some("payload"));
    let message = dead.errors[0]["message"].as_str().unwrap();
    assert!(message.starts_with("n: "), "{message}");
    assert!(!everything(db).await.contains(SECRET));
}

/// A kind in its third form: first it had `who`, then `name`, now `names`.
#[derive(Serialize, Deserialize)]
struct Grown {
    names: Vec<String>,
    #[serde(default)]
    loud: bool,
}

impl Job for Grown {
    type Context = Probe;
    const NAME: &'static str = "test.grown";
    const POOL: Pool = POOL;
    const VERSION: u16 = 3;

    fn upgrade(from: u16, payload: Value) -> Result<Value, String> {
        let field = if from == 1 { "who" } else { "name" };
        match payload.get(field) {
            Some(name) => Ok(json!({"names": [name]})),
            None => Err(format!("{field}: missing in version {from}")),
        }
    }

    async fn run(&self, probe: &Probe, _: &Running) -> Result<(), JobError> {
        assert!(!self.loud);
        probe.note(&self.names.join("+"), 0);
        Ok(())
    }
}

#[tokio::test]
async fn p18_payloads_of_older_versions_are_upgraded_and_newer_ones_are_kept_for_a_newer_program() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let mut ids = Vec::new();
    for payload in [
        json!({"who": "a"}),
        json!({"$kazi": {"version": 2, "payload": {"name": "b"}}}),
        json!({"$kazi": {"version": 2, "payload": {"who": "c"}}}),
        json!({"$kazi": {"version": 4, "payload": {"all": ["d"]}}}),
    ] {
        let grown = Grown {
            names: vec!["now".into()],
            loud: false,
        };
        let id = grown.enqueue(&mut conn).await.unwrap().id;
        put_payload(db, id, &payload).await;
        ids.push(id);
    }
    let today = Grown {
        names: vec!["x".into(), "y".into()],
        loud: false,
    };
    let today = today.enqueue(&mut conn).await.unwrap().id;
    let written: Value = sqlx::query_scalar("SELECT payload FROM queue.jobs WHERE id = $1")
        .bind(today.0)
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(written["$kazi"]["version"], 3);
    assert_eq!(show(db, today).await.unwrap().payload["names"][1], "y");
    let drained = drain_secrets(db, &probe, TimeDelta::zero()).await;
    assert_eq!((drained.done, drained.dead, drained.snoozed), (3, 1, 1));
    assert_eq!(probe.log(), ["a 0", "b 0", "x+y 0"]);
    let broken = show(db, ids[2]).await.unwrap();
    assert_eq!(broken.errors[0]["message"], "name: missing in version 2");
    let newer = show(db, ids[3]).await.unwrap();
    assert_eq!((newer.job.state, newer.job.attempt), (State::Scheduled, 0));
    assert_eq!(newer.job.error_class.as_deref(), Some("newer_version"));
}
