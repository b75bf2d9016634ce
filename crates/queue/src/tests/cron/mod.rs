//! Promise 14: cron. Time is a value here: nothing waits.

mod code;
mod times;

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::*;
use crate::cron::{self, CronError, Missed, Schedule, ScheduleView};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A schedule of the database that enqueues `Step` number `n`.
async fn put(db: &PgPool, schedule: &Schedule, n: i64) -> ScheduleView {
    let payload = json!({ "n": n, "what": "Nothing" });
    cron::put(
        &mut *conn(db).await,
        &registry(),
        schedule,
        Step::NAME,
        payload,
    )
    .await
    .unwrap()
}

async fn conn(db: &PgPool) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
    db.acquire().await.unwrap()
}

async fn get(db: &PgPool, name: &str) -> ScheduleView {
    cron::get(&mut *conn(db).await, None, name).await.unwrap()
}

/// As if the schedule had been there for long: its next fire is this one.
async fn rewind(db: &PgPool, name: &str, next_fire: &str) {
    sqlx::query("UPDATE queue.schedules SET next_fire = $2 WHERE name = $1")
        .bind(name)
        .bind(at(next_fire))
        .execute(db)
        .await
        .unwrap();
}

async fn fire(db: &PgPool, now: &str) -> usize {
    cron::fire_due(&mut *conn(db).await, &registry(), Some(at(now)))
        .await
        .unwrap()
}

/// The due times of what waits, in the order of the jobs' numbers.
async fn dues(db: &PgPool) -> Vec<String> {
    let dues: Vec<DateTime<Utc>> = sqlx::query_scalar("SELECT due FROM queue.jobs ORDER BY id")
        .fetch_all(db)
        .await
        .unwrap();
    dues.iter()
        .map(|due| due.format("%F %T").to_string())
        .collect()
}

#[tokio::test]
async fn p14_a_fire_becomes_a_job_with_its_time_tenant_and_payload() {
    let database = database().await;
    let db = database.pool();
    let tenant = uuid::Uuid::now_v7();
    let schedule = Schedule::new("mine", "0 8 * * *").tenant(tenant);
    put(db, &schedule, 7).await;
    rewind(db, "mine", "2026-11-21T08:00:00Z").await;
    assert_eq!(fire(db, "2026-11-21T07:59:59Z").await, 0, "not yet");
    assert_eq!(fire(db, "2026-11-21T08:00:01Z").await, 1);
    assert_eq!(fire(db, "2026-11-21T08:00:02Z").await, 0, "only once");
    let after = cron::get(&mut *conn(db).await, Some(tenant), "mine")
        .await
        .unwrap();
    assert_eq!(after.last_fire, Some(at("2026-11-21T08:00:00Z")));
    assert_eq!(after.next_fire, Some(at("2026-11-22T08:00:00Z")));
    let job = show(db, after.last_job.unwrap()).await.unwrap();
    assert_eq!(job.job.tenant, Some(tenant));
    assert_eq!(job.job.due, at("2026-11-21T08:00:00Z"));
    assert_eq!(job.payload["n"], 7);
    // Another tenant's, and nobody's, of the same name are others.
    let none = cron::get(&mut *conn(db).await, None, "mine").await;
    assert!(matches!(none, Err(CronError::NotFound { .. })));
}

/// A schedule at the full hour, last seen at 08:00, of a program that comes back a little after 11:00 or at half past.
async fn down_over_three(missed: Missed, back: &str) -> Vec<String> {
    let database = database().await;
    let db = database.pool();
    put(db, &Schedule::new("hourly", "@hourly").missed(missed), 1).await;
    rewind(db, "hourly", "2026-11-21T09:00:00Z").await;
    fire(db, back).await;
    let next = get(db, "hourly").await.next_fire;
    assert_eq!(next, Some(at("2026-11-21T12:00:00Z")));
    assert_eq!(fire(db, back).await, 0, "nothing is left");
    dues(db).await
}

#[tokio::test]
async fn p14_missed_fires_are_skipped() {
    assert!(
        down_over_three(Missed::Skip, "2026-11-21T11:30:00Z")
            .await
            .is_empty()
    );
    // The fire of eleven is not missed when it is eleven.
    let on_time = down_over_three(Missed::Skip, "2026-11-21T11:00:05Z").await;
    assert_eq!(on_time, ["2026-11-21 11:00:00"]);
}

#[tokio::test]
async fn p14_of_missed_fires_the_latest_is_made_good() {
    for back in ["2026-11-21T11:30:00Z", "2026-11-21T11:00:05Z"] {
        assert_eq!(
            down_over_three(Missed::One, back).await,
            ["2026-11-21 11:00:00"]
        );
    }
}

#[tokio::test]
async fn p14_missed_fires_are_all_made_good_the_oldest_first_up_to_the_cap() {
    let all = [
        "2026-11-21 09:00:00",
        "2026-11-21 10:00:00",
        "2026-11-21 11:00:00",
    ];
    let back = "2026-11-21T11:30:00Z";
    assert_eq!(down_over_three(Missed::All { cap: 5 }, back).await, all);
    assert_eq!(
        down_over_three(Missed::All { cap: 2 }, back).await,
        all[..2]
    );
    // The one that is on time is not missed: the cap does not take it.
    let on_time = down_over_three(Missed::All { cap: 1 }, "2026-11-21T11:00:05Z").await;
    assert_eq!(on_time, [all[0], all[2]]);
}

#[tokio::test]
async fn p14_a_year_of_missed_seconds_is_one_look() {
    let database = database().await;
    let db = database.pool();
    put(db, &Schedule::new("busy", "* * * * * *"), 1).await;
    rewind(db, "busy", "2025-11-21T00:00:00Z").await;
    assert_eq!(fire(db, "2026-11-21T00:00:00.5Z").await, 1);
    assert_eq!(dues(db).await, ["2026-11-21 00:00:00"]);
}

#[tokio::test]
async fn p14_a_fire_is_enqueued_once_while_another_process_is_at_it_and_after_it_died() {
    let database = database().await;
    let db = database.pool();
    put(db, &Schedule::new("hourly", "@hourly"), 1).await;
    rewind(db, "hourly", "2026-11-21T09:00:00Z").await;
    let now = "2026-11-21T09:00:01Z";
    // One that has fired and not committed: the others see neither its job nor a schedule to fire.
    let mut tx = db.begin().await.unwrap();
    let first = cron::fire_due(&mut tx, &registry(), Some(at(now))).await;
    assert_eq!(first.unwrap(), 1);
    assert_eq!(fire(db, now).await, 0);
    // It dies: nothing has happened, and another one fires.
    tx.rollback().await.unwrap();
    assert_eq!(fire(db, now).await, 1);
    // Many at once.
    rewind(db, "hourly", "2026-11-21T10:00:00Z").await;
    let registry = registry();
    let mut looks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (db, registry) = (db.clone(), registry.clone());
        looks.spawn(async move {
            let mut conn = db.acquire().await.unwrap();
            let now = Some(at("2026-11-21T10:00:01Z"));
            cron::fire_due(&mut conn, &registry, now).await.unwrap()
        });
    }
    assert_eq!(looks.join_all().await.iter().sum::<usize>(), 1);
    // And a clock that goes back, or a hand in the table, does not bring it again.
    rewind(db, "hourly", "2026-11-21T10:00:00Z").await;
    assert_eq!(fire(db, "2026-11-21T10:00:01Z").await, 0);
    assert_eq!(
        dues(db).await,
        ["2026-11-21 09:00:00", "2026-11-21 10:00:00"]
    );
    let last = get(db, "hourly").await.last_fire;
    assert_eq!(last, Some(at("2026-11-21T10:00:00Z")));
}

async fn step(conn: &mut PgConnection, what: &str, tenant: Option<uuid::Uuid>) {
    match what {
        "pause" => cron::pause(conn, tenant, "s").await.unwrap(),
        _ => cron::resume(conn, tenant, "s").await.unwrap(),
    }
}

#[tokio::test]
async fn p14_a_paused_schedule_does_not_fire_and_a_resumed_one_starts_anew() {
    let database = database().await;
    let db = database.pool();
    put(db, &Schedule::new("s", "@hourly"), 1).await;
    rewind(db, "s", "2026-01-01T09:00:00Z").await;
    step(&mut *conn(db).await, "pause", None).await;
    assert_eq!(fire(db, "2026-01-01T09:00:01Z").await, 0);
    // A change leaves it paused.
    assert!(put(db, &Schedule::new("s", "*/5 * * * *"), 1).await.paused);
    let before = Utc::now();
    step(&mut *conn(db).await, "resume", None).await;
    let resumed = get(db, "s").await;
    assert!(!resumed.paused && resumed.next_fire.unwrap() > before);
    // Resuming what is not paused loses no fire.
    rewind(db, "s", "2026-01-01T09:00:00Z").await;
    step(&mut *conn(db).await, "resume", None).await;
    assert_eq!(fire(db, "2026-01-01T09:00:01Z").await, 1);
}

#[tokio::test]
async fn p14_run_now_enqueues_at_once_and_leaves_the_fire_times_alone() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let made = put(db, &Schedule::new("s", "@yearly"), 3).await;
    step(&mut *conn(db).await, "pause", None).await;
    let job = cron::run_now(&mut *conn(db).await, &registry(), None, "s")
        .await
        .unwrap();
    assert!(!job.duplicate);
    drain(db, &probe, TimeDelta::zero()).await;
    assert_eq!(probe.log(), ["start 3", "end 3"]);
    let after = get(db, "s").await;
    assert_eq!((after.next_fire, after.last_fire), (made.next_fire, None));
    let next = cron::next_fires(&mut *conn(db).await, None, "s", 5)
        .await
        .unwrap();
    assert_eq!(next.len(), 5);
    assert_eq!(Some(next[0]), made.next_fire);
    let none = cron::run_now(&mut *conn(db).await, &registry(), None, "no\0ne").await;
    assert!(matches!(none, Err(CronError::NotFound { .. })));
}

#[tokio::test]
async fn p14_what_cannot_be_fired_waits_and_stands_in_no_others_way() {
    let database = database().await;
    let db = database.pool();
    for (name, n) in [("broken", 1), ("elsewhere", 2), ("good", 3)] {
        put(db, &Schedule::new(name, "@hourly"), n).await;
        rewind(db, name, "2026-11-21T09:00:00Z").await;
    }
    let spoil =
        "UPDATE queue.schedules SET payload = CASE name WHEN 'broken' THEN '{}' ELSE payload END,
                     kind = CASE name WHEN 'elsewhere' THEN 'test.tomorrow' ELSE kind END";
    sqlx::query(spoil).execute(db).await.unwrap();
    assert_eq!(fire(db, "2026-11-21T09:00:01Z").await, 1);
    let broken = get(db, "broken").await;
    assert!(broken.error.unwrap().starts_with("payload: "));
    assert_eq!(broken.next_fire, Some(at("2026-11-21T09:00:00Z")), "kept");
    // Mended, it fires: the time was late, but never lost.
    sqlx::query("UPDATE queue.schedules SET payload = '{\"n\": 1, \"what\": \"Nothing\"}'")
        .execute(db)
        .await
        .unwrap();
    assert_eq!(fire(db, "2026-11-21T09:00:30Z").await, 0, "not at once");
    assert_eq!(fire(db, "2026-11-21T09:01:02Z").await, 1);
    assert_eq!(get(db, "broken").await.error, None);
    // A kind that only another program knows is left for it.
    let other = get(db, "elsewhere").await;
    assert_eq!(
        (other.next_fire, other.error),
        (Some(at("2026-11-21T09:00:00Z")), None)
    );
}
