//! Schedules in code and running engines; what the registry refuses.

use super::*;

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

fn coded(schedules: &[(&str, &str)]) -> Registry<Probe> {
    schedules
        .iter()
        .fold(registry(), |registry, (name, expression)| {
            let schedule = Schedule::new(*name, *expression).missed(Missed::One);
            registry.schedule(schedule, &Step::new(1, Do::Nothing))
        })
}

async fn synchronise(db: &PgPool, registry: &Registry<Probe>) {
    cron::synchronise(db, registry).await.unwrap();
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
async fn p19_schedules_are_fired_and_drained_at_a_set_clock() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let registry = coded(&[("a", "@hourly")]);
    let fire = |ahead| testing::fire_schedules(db, &registry, Utc::now() + ahead);
    assert_eq!(fire(TimeDelta::zero()).await.unwrap(), 0);
    for hour in 1..=2 {
        let ahead = TimeDelta::hours(hour);
        assert_eq!(fire(ahead).await.unwrap(), 1, "hour {hour}");
        assert_eq!(drain(db, &probe, ahead).await.done, 1);
    }
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
