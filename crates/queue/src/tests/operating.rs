//! Promises 6, 8, 9, 12 and 17: what an operator sees and does.

use super::*;
use crate::{
    inspect::{ErrorGroup, JobFilter, State, Wait},
    lanes::{self, LaneFilter, LimitError, Limits, Scope},
    store::list,
};

async fn why(db: &PgPool, id: JobId) -> Vec<Wait> {
    let mut conn = db.acquire().await.unwrap();
    inspect::why(&mut conn, id).await.unwrap()
}

#[tokio::test]
async fn p17_an_operator_is_told_why_a_job_waits() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let later = Options::default().delay(Duration::from_secs(3600));
    let scheduled = enqueue(db, &Step::new(1, Do::Nothing), later).await.id;
    let until = Utc::now() + TimeDelta::hours(2);
    let snoozed = enqueue(db, &Step::new(2, Do::Snooze { until }), Options::default()).await;
    let failed = enqueue(db, &Step::new(3, Do::Fail), Options::default())
        .await
        .id;
    drain(db, &probe, TimeDelta::zero()).await;
    assert!(matches!(
        why(db, scheduled).await[..],
        [Wait::Scheduled { .. }]
    ));
    assert!(matches!(
        why(db, snoozed.id).await[..],
        [Wait::Snoozed { .. }]
    ));
    assert!(matches!(why(db, failed).await[..], [Wait::Retry { .. }]));

    // Nobody serves the pool, and everything else holds the job too: the strongest reason comes first.
    let mut conn = db.acquire().await.unwrap();
    // The process that served it has died, and no other one has found that out.
    idle_process(db).await;
    sqlx::query("UPDATE queue.processes SET beat_at = now() - interval '16 seconds'")
        .execute(&mut *conn)
        .await
        .unwrap();
    let pools = inspect::pools(&mut conn, &[POOL]).await.unwrap();
    let pool = &pools[0];
    assert_eq!((pool.processes, pool.slots, pool.blocked), (0, 0, 0));
    let one = enqueue(db, &Step::new(4, Do::Wait), Options::default().lane("l"))
        .await
        .id;
    let two = enqueue(db, &Step::new(5, Do::Nothing), Options::default().lane("l"))
        .await
        .id;
    assert_eq!(
        why(db, two).await,
        [Wait::NoProcess, Wait::Turn { ahead: 1 }]
    );
    let limits = Limits {
        max_running: Some(1),
        ..Limits::default()
    };
    lanes::set(&mut conn, POOL, "l", &limits).await.unwrap();
    let engine = engine(db, &probe, 4).await;
    settled(db, one, State::Running).await;
    assert_eq!(
        why(db, two).await,
        [
            Wait::LaneFull {
                running: 1,
                limit: 1
            },
            Wait::Turn { ahead: 0 }
        ]
    );
    let kind = Scope::Kind("test.step");
    for scope in [Scope::Pool(POOL), kind, Scope::Lane(POOL, "l")] {
        lanes::pause(&mut conn, scope).await.unwrap();
    }
    lanes::park(&mut conn, POOL.name(), "l", until)
        .await
        .unwrap();
    let reasons = why(db, two).await;
    assert!(
        matches!(
            reasons[..],
            [
                Wait::PoolPaused { .. },
                Wait::KindPaused { .. },
                Wait::LanePaused,
                Wait::LaneParked { .. },
                Wait::LaneFull { .. },
                Wait::Turn { .. }
            ]
        ),
        "{reasons:?}"
    );
    assert!(why(db, one).await.is_empty(), "it runs");
    assert!(why(db, JobId(404)).await.is_empty());
    probe.open(1);
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p17_an_operator_is_told_what_a_full_pool_a_rate_a_sequence_and_a_batch_hold_back() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 1).await;
    let first = enqueue(
        db,
        &Step::new(1, Do::Wait),
        Options::default().sequence("s"),
    )
    .await
    .id;
    settled(db, first, State::Running).await;
    let second = enqueue(
        db,
        &Step::new(2, Do::Nothing),
        Options::default().sequence("s"),
    )
    .await
    .id;
    let third = enqueue(
        db,
        &Step::new(3, Do::Nothing),
        Options::default().sequence("s"),
    )
    .await
    .id;
    let behind = |ahead| Wait::Sequence {
        ahead,
        first: Some(first),
        first_state: Some(State::Running),
    };
    assert_eq!(why(db, second).await, [behind(1)]);
    assert_eq!(why(db, third).await, [behind(2)]);

    let other = enqueue(db, &Step::new(4, Do::Nothing), Options::default())
        .await
        .id;
    assert_eq!(
        why(db, other).await,
        [
            Wait::PoolFull {
                running: 1,
                slots: 1
            },
            Wait::Turn { ahead: 0 }
        ]
    );
    let mut conn = db.acquire().await.unwrap();
    let slow = Limits {
        rate: Some((0.01, 1)),
        ..Limits::default()
    };
    lanes::set(&mut conn, POOL, "slow", &slow).await.unwrap();
    sqlx::query("UPDATE queue.lanes SET spent_until = now()")
        .execute(&mut *conn)
        .await
        .unwrap();
    let paced = enqueue(
        db,
        &Step::new(5, Do::Nothing),
        Options::default().lane("slow"),
    )
    .await
    .id;
    let reasons = why(db, paced).await;
    assert!(matches!(reasons[0], Wait::LaneRate { .. }), "{reasons:?}");

    let mut tx = db.begin().await.unwrap();
    let id = crate::Batch::open(&mut tx, &Step::new(7, Do::Nothing))
        .await
        .unwrap();
    Step::new(6, Do::Nothing)
        .enqueue_with(&mut tx, Options::default().batch(id))
        .await
        .unwrap();
    crate::Batch::close(&mut tx, id).await.unwrap();
    let callback = inspect::batch(&mut tx, id)
        .await
        .unwrap()
        .unwrap()
        .callback
        .unwrap();
    tx.commit().await.unwrap();
    let waits = Wait::Batch {
        batch: id,
        unfinished: 1,
        open: false,
    };
    assert_eq!(why(db, callback).await, [waits]);
    probe.open(1);
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p09_dead_letters_of_one_sequence_go_back_together_and_run_one_at_a_time() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut ids = Vec::new();
    for n in 1..=3 {
        let sequence = Options::default().sequence("s");
        ids.push(enqueue(db, &Step::new(n, Do::Discard), sequence).await.id);
    }
    ids.push(
        enqueue(db, &Step::new(4, Do::Discard), Options::default())
            .await
            .id,
    );
    drain(db, &probe, TimeDelta::zero()).await;
    let mut tx = db.begin().await.unwrap();
    // Named in another order, and one of them twice.
    let named = [ids[2], ids[0], ids[3], ids[1], ids[0], JobId(404)];
    assert_eq!(inspect::replay(&mut tx, &named).await.unwrap(), ids);
    tx.commit().await.unwrap();
    let mut states = Vec::new();
    for id in &ids {
        states.push(show(db, *id).await.unwrap().job.state);
    }
    use State::{Blocked, Ready};
    assert_eq!(states, [Ready, Blocked, Blocked, Ready]);
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.dead, 4);
    let of_sequence: Vec<String> = probe.log().split_off(4);
    let of_sequence: Vec<&String> = of_sequence
        .iter()
        .filter(|line| *line != "start 4")
        .collect();
    assert_eq!(of_sequence, ["start 1", "start 2", "start 3"]);

    // With a job of the sequence on its way all of them wait.
    let waiting = enqueue(
        db,
        &Step::new(5, Do::Nothing),
        Options::default().sequence("s"),
    )
    .await
    .id;
    let mut conn = db.acquire().await.unwrap();
    assert_eq!(
        inspect::replay(&mut conn, &ids[..2]).await.unwrap(),
        ids[..2]
    );
    for id in &ids[..2] {
        assert_eq!(show(db, *id).await.unwrap().job.state, Blocked);
    }
    assert_eq!(show(db, waiting).await.unwrap().job.state, Ready);
    drain(db, &probe, TimeDelta::zero()).await;
    let pending: i32 =
        sqlx::query_scalar("SELECT coalesce(sum(pending), 0)::int FROM queue.sequences")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    assert_eq!(pending, 0);
}

#[tokio::test]
async fn p06_dead_letters_and_errors_are_grouped_and_thrown_away_together() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut ids = Vec::new();
    for n in 1..=2 {
        ids.push(
            enqueue(db, &Step::new(n, Do::Discard), Options::default())
                .await
                .id,
        );
    }
    enqueue(db, &Step::new(3, Do::Fail), Options::default()).await;
    drain(db, &probe, TimeDelta::zero()).await;
    let mut conn = db.acquire().await.unwrap();
    let groups = inspect::dead_groups(&mut conn, 10).await.unwrap();
    let told: Vec<_> = groups
        .iter()
        .map(|one| (one.error_class.as_str(), one.count, one.last_job))
        .collect();
    assert_eq!(told, [("hopeless", 2, ids[1])]);
    let hour = Utc::now() - TimeDelta::hours(1);
    let errors = inspect::errors(&mut conn, hour, 10).await.unwrap();
    let told = |one: &ErrorGroup| {
        (
            one.error_class.clone(),
            one.count,
            one.jobs,
            one.dead,
            one.last_message.clone(),
        )
    };
    assert_eq!(
        errors.iter().map(told).collect::<Vec<_>>(),
        [
            ("hopeless".into(), 2, 2, 2, "never".into()),
            ("flaky".into(), 1, 1, 0, "it was not to be".into()),
        ]
    );
    assert!(
        inspect::errors(&mut conn, Utc::now() + TimeDelta::hours(1), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let named = [ids[1], ids[0], JobId(404)];
    assert_eq!(inspect::discard(&mut conn, &named).await.unwrap(), ids);
    assert!(
        inspect::dead_groups(&mut conn, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let filter = JobFilter {
        state: Some(State::Cancelled),
        class: Some("hopeless".into()),
        limit: 1,
        ..JobFilter::default()
    };
    let newest = inspect::list(&mut conn, &filter).await.unwrap().jobs;
    let next = JobFilter {
        after: Some(newest[0].id),
        ..filter
    };
    let next = inspect::list(&mut conn, &next).await.unwrap().jobs;
    assert_eq!([newest[0].id, next[0].id], [ids[1], ids[0]]);
}

#[tokio::test]
async fn p08_lanes_with_due_jobs_or_a_limit_are_listed_page_by_page() {
    let database = database().await;
    let db = database.pool();
    for (lane, jobs) in [("a", 3), ("", 1), ("c", 2)] {
        for n in 0..jobs {
            let options = match lane {
                "" => Options::default(),
                lane => Options::default().lane(lane),
            };
            enqueue(db, &Step::new(n, Do::Nothing), options).await;
        }
    }
    let mut conn = db.acquire().await.unwrap();
    lanes::pause(&mut conn, Scope::Lane(POOL, "b"))
        .await
        .unwrap();
    lanes::pause(&mut conn, Scope::Lane(POOL, "c"))
        .await
        .unwrap();
    let mut list = async |after: Option<&str>, held, limit| {
        let filter = LaneFilter {
            pools: &[Pool::new("other"), POOL],
            held,
            after: after.map(|lane| (POOL.name(), lane)),
            limit,
        };
        let lanes = lanes::busy(&mut conn, filter).await.unwrap();
        let told = |one: lanes::BusyLane| (one.lane.lane, one.ready, one.lane.paused);
        lanes.into_iter().map(told).collect::<Vec<_>>()
    };
    let all = [
        ("", 1, false),
        ("a", 3, false),
        ("b", 0, true),
        ("c", 2, true),
    ]
    .map(|(lane, ready, paused)| (lane.to_owned(), ready, paused));
    assert_eq!(list(None, false, 10).await, all);
    assert_eq!(list(None, false, 2).await, all[..2]);
    assert_eq!(list(Some("a"), false, 2).await, all[2..]);
    assert_eq!(list(Some(""), true, 10).await, all[2..]);
    assert!(list(Some("c"), false, 10).await.is_empty());
}

#[tokio::test]
async fn p17_a_process_tells_its_slots_and_its_rate() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 3).await;
    let hangs = enqueue(db, &Step::new(0, Do::Wait), Options::default())
        .await
        .id;
    settled(db, hangs, State::Running).await;
    let mut conn = db.acquire().await.unwrap();
    let process = inspect::processes(&mut conn).await.unwrap().remove(0);
    let pool = &process.pools[0];
    assert_eq!(
        (pool.pool.as_str(), pool.slots, pool.running),
        ("test", 3, 1)
    );
    assert!(process.silent_seconds < 15.0);
    let pools = inspect::pools(&mut conn, &[POOL]).await.unwrap();
    assert_eq!((pools[0].slots, pools[0].running), (3, 1));
    // Runs end all the time, so each heartbeat has some to tell.
    let counted = async {
        for n in 1.. {
            enqueue(db, &Step::new(n, Do::Nothing), Options::default()).await;
            if inspect::pools(&mut conn, &[POOL]).await.unwrap()[0].rate > 0.0 {
                break;
            }
        }
    };
    tokio::time::timeout(LONG, counted).await.unwrap();
    probe.open(1);
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p17_a_list_that_looks_through_few_jobs_at_once_leaves_none_out() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut ids = Vec::new();
    let later = Options::default().delay(Duration::from_secs(3600));
    for n in 0..12 {
        let (what, options) = match n % 3 {
            0 => (Do::Nothing, Options::default()),
            1 => (Do::Discard, Options::default()),
            _ => (Do::Nothing, later.clone()),
        };
        let options = options.lane(if n < 3 { "rare" } else { "l" });
        ids.push(enqueue(db, &Step::new(n, what), options).await.id);
    }
    drain(db, &probe, TimeDelta::zero()).await;
    ids.reverse();
    let mut conn = db.acquire().await.unwrap();
    for (lane, expected, limit) in [(None, &ids[..], 2), (Some("rare"), &ids[9..], 5)] {
        let mut filter = JobFilter {
            lane: lane.map(str::to_owned),
            limit,
            ..JobFilter::default()
        };
        let mut seen = Vec::new();
        for _ in 0..20 {
            let page = list::within(&mut conn, &filter, 2).await.unwrap();
            seen.extend(page.jobs.iter().map(|job| job.id));
            let full = i64::try_from(page.jobs.len()).unwrap() == limit;
            assert!(!full || page.looked_to.is_none());
            let last = page.jobs.last().map(|job| job.id).filter(|_| full);
            filter.after = last.or(page.looked_to);
            if filter.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{lane:?}");
    }
    let whole = inspect::list(&mut conn, &JobFilter::default())
        .await
        .unwrap();
    assert_eq!((whole.jobs.len(), whole.looked_to), (12, None));
}

#[tokio::test]
async fn p17_a_list_filters_by_the_class_that_it_shows() {
    let database = database().await;
    let db = database.pool();
    let id = enqueue(db, &Step::new(1, Do::Nothing), Options::default())
        .await
        .id;
    let process = idle_process(db).await;
    let filter = JobFilter {
        class: Some("unknown_kind".into()),
        ..JobFilter::default()
    };
    let mut conn = db.acquire().await.unwrap();
    let listed = inspect::list(&mut conn, &filter).await.unwrap().jobs;
    assert_eq!(listed.iter().map(|job| job.id).collect::<Vec<_>>(), [id]);
    assert_eq!(why(db, id).await[0], Wait::UnknownKind);
    sqlx::query("UPDATE queue.processes SET kinds = '{test.step}' WHERE id = $1")
        .bind(process)
        .execute(&mut *conn)
        .await
        .unwrap();
    let listed = inspect::list(&mut conn, &filter).await.unwrap().jobs;
    assert!(listed.is_empty());
}

#[tokio::test]
async fn p08_what_is_reserved_in_a_lane_holds_a_job_of_low_priority_as_the_claim_does() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let limits = |most| Limits {
        rate: Some((1000.0, 1000)),
        reserved: 1,
        max_running: Some(most),
    };
    // With all places reserved a job of low priority would never run.
    assert!(matches!(
        lanes::set(&mut conn, POOL, "l", &limits(1)).await,
        Err(LimitError::Invalid {
            field: "max_running",
            ..
        })
    ));
    lanes::set(&mut conn, POOL, "l", &limits(2)).await.unwrap();
    let options = || Options::default().lane("l");
    let one = enqueue(db, &Step::new(1, Do::Wait), options()).await.id;
    let engine = engine(db, &probe, 4).await;
    settled(db, one, State::Running).await;
    let low = options().priority(Priority::Low);
    let low = enqueue(db, &Step::new(2, Do::Nothing), low).await.id;
    assert_eq!(
        why(db, low).await,
        [
            Wait::LaneFull {
                running: 1,
                limit: 1
            },
            Wait::Turn { ahead: 0 }
        ]
    );
    let normal = enqueue(db, &Step::new(3, Do::Wait), options()).await.id;
    settled(db, normal, State::Running).await;
    probe.open(2);
    settled(db, low, State::Done).await;
    engine.shutdown(LONG).await;
}
