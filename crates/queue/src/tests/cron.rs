//! Promise 14: cron. Time is a value here: nothing waits.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::*;
use crate::cron::{self, CronError, Missed, Schedule, ScheduleView};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn fires(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::new("s", expression).zone(zone);
    let fires = schedule.next_fires(at(after), count).unwrap();
    fires
        .iter()
        .map(|fire| fire.format("%F %T").to_string())
        .collect()
}

#[test]
fn p14_an_expression_is_read_on_the_clocks_of_its_zone() {
    assert_eq!(
        fires("0 8 * * *", "Africa/Nairobi", "2026-11-21T04:59:59Z", 2),
        ["2026-11-21 05:00:00", "2026-11-22 05:00:00"]
    );
    // A fire time itself is not after itself; a fraction of a second before it is before it.
    assert_eq!(
        fires("0 8 * * *", "Africa/Nairobi", "2026-11-21T05:00:00Z", 1),
        ["2026-11-22 05:00:00"]
    );
    assert_eq!(
        fires("0 8 * * *", "UTC", "2026-11-21T07:59:59.9Z", 1),
        ["2026-11-21 08:00:00"]
    );
    assert_eq!(
        fires("0 8 * * *", "Asia/Kathmandu", "2026-11-21T00:00:00Z", 1),
        ["2026-11-21 02:15:00"]
    );
}

#[test]
fn p14_weekdays_and_days_mean_what_they_do_in_crontab() {
    let after = "2026-11-21T12:00:00Z"; // a Saturday
    for sunday in ["0", "7", "SUN", "sunday"] {
        let expression = format!("0 0 * * {sunday}");
        assert_eq!(fires(&expression, "UTC", after, 1), ["2026-11-22 00:00:00"]);
    }
    assert_eq!(
        fires("0 0 * * 1-5", "UTC", after, 2),
        ["2026-11-23 00:00:00", "2026-11-24 00:00:00"]
    );
    assert_eq!(
        fires("0 0 * * FRI-SUN", "UTC", after, 3),
        [
            "2026-11-22 00:00:00",
            "2026-11-27 00:00:00",
            "2026-11-28 00:00:00"
        ]
    );
    assert_eq!(
        fires("0 0 * * */3", "UTC", after, 3),
        [
            "2026-11-22 00:00:00",
            "2026-11-25 00:00:00",
            "2026-11-28 00:00:00"
        ]
    );
    // Both days given: either of them in five fields, both of them in six.
    assert_eq!(
        fires("0 0 1 * MON", "UTC", after, 3),
        [
            "2026-11-23 00:00:00",
            "2026-11-30 00:00:00",
            "2026-12-01 00:00:00"
        ]
    );
    assert_eq!(
        fires("0 0 8 1-7 * MON", "UTC", after, 2),
        ["2026-12-07 08:00:00", "2027-01-04 08:00:00"]
    );
    assert_eq!(fires("@daily", "UTC", after, 1), ["2026-11-22 00:00:00"]);
    assert_eq!(fires("@weekly", "UTC", after, 1), ["2026-11-22 00:00:00"]);
    assert_eq!(
        fires("0 0 0 29 2 * 2026-2031", "UTC", after, 9),
        ["2028-02-29 00:00:00"]
    );
}

#[test]
fn p14_a_time_in_a_dst_gap_fires_once_at_the_first_moment_after_it() {
    // In Berlin the clock goes from 02:00 to 03:00 (01:00 UTC) on 29 March 2026.
    assert_eq!(
        fires("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2),
        ["2026-03-29 01:00:00", "2026-03-30 00:30:00"]
    );
    // Several times of the gap, and one at its end, are one fire.
    assert_eq!(
        fires("*/15 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 3),
        [
            "2026-03-29 01:00:00",
            "2026-03-29 01:15:00",
            "2026-03-29 01:30:00"
        ]
    );
    // Samoa had no 30 December 2011 at all.
    assert_eq!(
        fires("0 8 * * *", "Pacific/Apia", "2011-12-30T00:00:00Z", 2),
        ["2011-12-30 10:00:00", "2011-12-30 18:00:00"]
    );
    // Lord Howe moves by half an hour: from 02:00 to 02:30 on 4 October 2026, 15:30 UTC the day before.
    assert_eq!(
        fires(
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03T12:00:00Z",
            1
        ),
        ["2026-10-03 15:30:00"]
    );
}

#[test]
fn p14_a_time_in_a_dst_overlap_fires_once_the_first_time() {
    // In New York the hour from 01:00 is there twice on 1 November 2026: from 05:00 UTC, and from 06:00 UTC.
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2),
        ["2026-11-01 05:30:00", "2026-11-02 06:30:00"]
    );
    // Also when asked between the two.
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-11-01T05:45:00Z", 1),
        ["2026-11-02 06:30:00"]
    );
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-11-01T06:15:00Z", 1),
        ["2026-11-02 06:30:00"]
    );
    assert_eq!(
        fires("0 * * * *", "America/New_York", "2026-11-01T04:30:00Z", 3),
        [
            "2026-11-01 05:00:00",
            "2026-11-01 07:00:00",
            "2026-11-01 08:00:00"
        ]
    );
}

#[test]
fn p14_what_is_not_allowed_is_refused_with_its_field_and_the_rule() {
    let refused = |schedule: Schedule| {
        let error = schedule.check().unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(error.field().unwrap()), "{text}");
        text
    };
    let expression = |text: &str| refused(Schedule::new("s", text));
    assert!(expression("").contains("has 0 fields; allowed: five fields"));
    assert!(expression("* * * *").contains("has 4 fields"));
    assert!(expression("1 2 3 4 5 6 2030 8").contains("has 8 fields"));
    assert!(expression("@fortnightly").contains("@hourly"));
    assert!(expression(&"1,".repeat(200)).contains("more than 200 bytes"));
    assert!(expression("60 * * * *").contains("the minute \"60\" is not allowed; allowed: 0-59"));
    assert!(expression("* 24 * * *").contains("the hour \"24\" is not allowed; allowed: 0-23"));
    assert!(expression("* * 0 * *").contains("the day of the month \"0\" is not allowed"));
    assert!(expression("* * * 13 *").contains("the month \"13\" is not allowed"));
    for weekday in [
        "8", "1-", "SU", "MONTAG", "5-2", "1/0", "*/x", ",", "1,,2", "L", "MON#1",
    ] {
        let text = expression(&format!("* * * * {weekday}"));
        assert!(text.contains("the weekday"), "{text}");
    }
    for minute in [
        "5-1",
        "*/0",
        "1,",
        "-1",
        "+1",
        "1-",
        "é",
        "99999999999",
        "'; DROP",
    ] {
        let text = expression(&format!("{minute} * * * *"));
        assert!(text.starts_with("expression: "), "{text}");
    }
    assert!(expression("0 0 30 2 *").contains("never fires"));
    let zone = refused(Schedule::new("s", "@daily").zone("Mars/Olympus"));
    assert_eq!(
        zone,
        "zone: there is no time zone \"Mars/Olympus\"; give an IANA name, such as UTC, Africa/Nairobi or Europe/Berlin"
    );
    refused(Schedule::new("", "@daily"));
    refused(Schedule::new("a\nb", "@daily"));
    refused(Schedule::new("x".repeat(201), "@daily"));
    refused(Schedule::new("s", "@daily").missed(Missed::All { cap: 0 }));
    refused(Schedule::new("s", "@daily").missed(Missed::All { cap: 1001 }));
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
    cron::runner::fire_due(&mut *conn(db).await, &registry(), Some(at(now)))
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
    let first = cron::runner::fire_due(&mut tx, &registry(), Some(at(now))).await;
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
            cron::runner::fire_due(&mut conn, &registry, now)
                .await
                .unwrap()
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
async fn p14_a_schedule_of_an_unknown_kind_or_payload_is_refused_with_its_field() {
    let database = database().await;
    let db = database.pool();
    let mut conn = conn(db).await;
    let schedule = Schedule::new("s", "@daily");
    let cases: [(&str, Value, &str, &str); 3] = [
        (
            "test.nothing",
            json!({}),
            "kind",
            "known: test.slow, test.step",
        ),
        (
            "test.step",
            json!({ "n": "x", "what": "Nothing" }),
            "payload",
            "n: ",
        ),
        ("test.step", json!({ "n": 1 }), "payload", "what"),
    ];
    for (kind, payload, field, part) in cases {
        let error = cron::put(&mut conn, &registry(), &schedule, kind, payload)
            .await
            .unwrap_err();
        assert_eq!(error.field(), Some(field));
        let text = error.to_string();
        assert!(text.starts_with(field) && text.contains(part), "{text}");
    }
    let past = Schedule::new("s", "0 0 0 1 1 * 2020");
    let payload = json!({ "n": 1, "what": "Nothing" });
    let error = cron::put(&mut conn, &registry(), &past, "test.step", payload).await;
    assert!(matches!(error, Err(CronError::Never { .. })));
    assert!(cron::list(&mut conn, None, 0, 10).await.unwrap().is_empty());
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

fn coded(schedules: &[(&str, &str)]) -> Registry<Probe> {
    schedules
        .iter()
        .fold(registry(), |registry, (name, expression)| {
            let schedule = Schedule::new(*name, *expression).missed(Missed::One);
            registry.schedule(schedule, &Step::new(1, Do::Nothing))
        })
}

async fn synchronise(db: &PgPool, registry: &Registry<Probe>) {
    cron::runner::synchronise(db, registry).await.unwrap();
}

#[tokio::test]
async fn p14_schedules_in_code_are_brought_into_the_table() {
    let database = database().await;
    let db = database.pool();
    synchronise(
        db,
        &coded(&[("a", "@hourly"), ("b", "@hourly"), ("c", "@hourly")]),
    )
    .await;
    cron::pause(&mut *conn(db).await, None, "b").await.unwrap();
    rewind(db, "a", "2026-01-01T09:00:00Z").await;
    rewind(db, "b", "2026-01-01T09:00:00Z").await;
    put(db, &Schedule::new("mine", "@hourly"), 5).await;
    // Unchanged, changed, gone; and one of the database is none of the code's.
    synchronise(db, &coded(&[("a", "@hourly"), ("b", "@yearly")])).await;
    let names: Vec<String> = cron::list(&mut *conn(db).await, None, 0, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|schedule| schedule.name)
        .collect();
    assert_eq!(names, ["a", "b", "mine"]);
    let a = get(db, "a").await;
    assert_eq!(
        a.next_fire,
        Some(at("2026-01-01T09:00:00Z")),
        "still to be made good"
    );
    let b = get(db, "b").await;
    assert!(b.paused && b.expression == "@yearly" && b.next_fire.unwrap() > Utc::now());
    // What belongs to the code is not changed from outside.
    let removed = cron::remove(&mut *conn(db).await, None, "a").await;
    assert!(matches!(removed, Err(CronError::FromCode { .. })));
    let payload = json!({ "n": 1, "what": "Nothing" });
    let schedule = Schedule::new("a", "@daily");
    let put = cron::put(
        &mut *conn(db).await,
        &registry(),
        &schedule,
        Step::NAME,
        payload,
    )
    .await;
    assert!(matches!(put, Err(CronError::FromCode { .. })));
    cron::remove(&mut *conn(db).await, None, "mine")
        .await
        .unwrap();
    // Another program, without our kind, leaves ours alone.
    synchronise(db, &Registry::new().register::<Slow>()).await;
    assert_eq!(get(db, "a").await.kind, Step::NAME);
}

#[tokio::test]
async fn p14_a_wrong_schedule_in_code_keeps_the_engine_from_starting_and_says_why() {
    let database = database().await;
    let start = |registry: Registry<Probe>| {
        let db = database.pool().clone();
        async move {
            let engine = Engine::start(db, registry, Probe::default(), EngineConfig::default());
            engine.await.err().unwrap().to_string()
        }
    };
    let wrong = coded(&[("a", "0 25 * * *")]);
    assert!(wrong.check_schedules().is_err());
    assert!(
        start(wrong)
            .await
            .contains("the hour \"25\" is not allowed")
    );
    let twice = coded(&[("a", "@daily"), ("a", "@hourly")]);
    assert!(
        start(twice)
            .await
            .contains("two schedules in code are called \"a\"")
    );
    let unknown =
        Registry::new().schedule(Schedule::new("a", "@daily"), &Step::new(1, Do::Nothing));
    assert!(
        start(unknown)
            .await
            .contains("there is no job kind \"test.step\"")
    );
}

async fn cron_engine(db: &PgPool, probe: &Probe, registry: Registry<Probe>) -> Engine {
    let config = EngineConfig {
        pools: vec![(POOL, 2)],
        poll: Duration::from_secs(3600),
        heartbeat: Duration::from_millis(200),
        ..EngineConfig::default()
    };
    Engine::start(db.clone(), registry, probe.clone(), config)
        .await
        .unwrap()
}

#[tokio::test]
async fn p14_two_engines_fire_once_and_an_edit_takes_effect_while_they_run() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let registry = coded(&[("a", "@yearly")]);
    synchronise(db, &registry).await;
    rewind(db, "a", "2026-01-01T00:00:00Z").await;
    let first = cron_engine(db, &probe, registry.clone()).await;
    let second = cron_engine(db, &probe, registry).await;
    probe.wait(2).await;
    // Edited while both run: from once a year to every second.
    let payload = json!({ "n": 2, "what": "Nothing" });
    let mine = Schedule::new("mine", "@yearly").missed(Missed::Skip);
    cron::put(
        &mut *conn(db).await,
        &super::registry(),
        &mine,
        Step::NAME,
        payload.clone(),
    )
    .await
    .unwrap();
    let mine = Schedule::new("mine", "* * * * * *");
    cron::put(
        &mut *conn(db).await,
        &super::registry(),
        &mine,
        Step::NAME,
        payload,
    )
    .await
    .unwrap();
    probe.wait(4).await;
    first.shutdown(LONG).await;
    second.shutdown(LONG).await;
    let log = probe.log();
    assert_eq!(log.iter().filter(|line| *line == "start 1").count(), 1);
    let (jobs, fires): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM queue.finished) + (SELECT count(*) FROM queue.jobs),
                (SELECT count(*) FROM queue.schedule_fires)",
    )
    .fetch_one(db)
    .await
    .unwrap();
    assert_eq!(jobs, fires, "a job for each fire, and none beside");
}

#[tokio::test]
async fn p14_cron_survives_the_loss_of_its_connections() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = cron_engine(db, &probe, coded(&[("a", "* * * * * *")])).await;
    probe.wait(2).await;
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(db)
    .await
    .unwrap();
    probe.wait(2).await;
    engine.shutdown(LONG).await;
}
