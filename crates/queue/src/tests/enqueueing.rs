//! Promises 1, 7, 10 and 18: transactional enqueue, unique jobs, priorities and delays, payloads.

use super::*;
use crate::{
    EnqueueError, MAX_KEY, MAX_PAYLOAD, Priority, Unique, enqueue_all, enqueue_all_with,
    inspect::State,
};

#[tokio::test]
async fn p01_a_job_exists_if_and_only_if_its_transaction_commits() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut tx = db.begin().await.unwrap();
    Step::new(1, Do::Nothing).enqueue(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    Step::new(2, Do::Nothing).enqueue(&mut tx).await.unwrap();
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.done, 0);
    tx.commit().await.unwrap();
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.done, 1);
    assert_eq!(probe.log(), ["start 2", "end 2"]);
}

#[tokio::test]
async fn p01_a_bulk_is_written_in_chunks_and_in_order() {
    let database = database().await;
    let db = database.pool();
    let jobs: Vec<Step> = (0..12_345).map(|n| Step::new(n, Do::Nothing)).collect();
    let mut tx = db.begin().await.unwrap();
    let answers = enqueue_all(&mut tx, &jobs).await.unwrap();
    let none = enqueue_all::<Step>(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(answers.len(), 12_345);
    assert!(answers.is_sorted_by(|a, b| a.id < b.id));
    assert!(none.is_empty());
    let last = show(db, answers[12_344].id).await.unwrap();
    assert_eq!(last.payload["n"], 12_344);
}

#[tokio::test]
async fn p07_a_duplicate_answers_the_job_that_is_there_and_spares_the_transaction() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let unique = || Options::default().unique("k", Unique::WhileUnfinished);
    let first = enqueue(db, &Step::new(1, Do::Nothing), unique()).await;
    let mut tx = db.begin().await.unwrap();
    let again = Step::new(2, Do::Nothing)
        .enqueue_with(&mut tx, unique())
        .await
        .unwrap();
    Step::new(3, Do::Nothing).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((again.id, again.duplicate), (first.id, true));
    drain(db, &probe, TimeDelta::zero()).await;
    assert_eq!(probe.log(), ["start 1", "end 1", "start 3", "end 3"]);
    let free = enqueue(db, &Step::new(4, Do::Nothing), unique()).await;
    assert!(!free.duplicate);
}

#[tokio::test]
async fn p07_the_scopes_end_at_the_claim_at_the_end_and_with_the_window() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let fail = Step::new(1, Do::Fail);
    let with = |scope| Options::default().unique(format!("{scope:?}"), scope);
    let window = Unique::For(Duration::from_secs(3600));
    let over = Unique::For(Duration::ZERO);
    for scope in [Unique::WhilePending, Unique::WhileUnfinished, window, over] {
        assert!(!enqueue(db, &fail, with(scope)).await.duplicate);
    }
    assert!(
        !enqueue(db, &fail, with(over)).await.duplicate,
        "the window has passed"
    );
    // All have run once and wait for their retry.
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.retried, 5);
    assert!(
        !enqueue(db, &fail, with(Unique::WhilePending))
            .await
            .duplicate
    );
    assert!(
        enqueue(db, &fail, with(Unique::WhileUnfinished))
            .await
            .duplicate
    );
    // All become dead letters.
    for hours in [3, 6, 9] {
        drain(db, &probe, TimeDelta::hours(hours)).await;
    }
    assert!(
        !enqueue(db, &fail, with(Unique::WhileUnfinished))
            .await
            .duplicate
    );
    assert!(enqueue(db, &fail, with(window)).await.duplicate);
}

#[tokio::test]
async fn p07_keys_are_per_tenant_and_duplicates_within_a_bulk_are_one_job() {
    let database = database().await;
    let db = database.pool();
    let (a, b) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    let with = |tenant: uuid::Uuid| {
        Options::default()
            .tenant(tenant)
            .unique("same", Unique::WhileUnfinished)
    };
    let jobs = [a, b, a, b].map(|tenant| (Step::default(), with(tenant)));
    let mut conn = db.acquire().await.unwrap();
    let answers = enqueue_all_with(&mut conn, jobs.into()).await.unwrap();
    let duplicates: Vec<bool> = answers.iter().map(|answer| answer.duplicate).collect();
    assert_eq!(duplicates, [false, false, true, true]);
    assert_eq!(
        (answers[2].id, answers[3].id),
        (answers[0].id, answers[1].id)
    );
}

#[tokio::test]
async fn p07_of_two_transactions_at_once_one_waits_for_the_other() {
    let database = database().await;
    let db = database.pool().clone();
    let unique = || Options::default().unique("k", Unique::WhileUnfinished);
    let mut tx = db.begin().await.unwrap();
    let first = Step::default()
        .enqueue_with(&mut tx, unique())
        .await
        .unwrap();
    let other = tokio::spawn({
        let db = db.clone();
        async move { enqueue(&db, &Step::default(), unique()).await }
    });
    tx.commit().await.unwrap();
    let second = other.await.unwrap();
    assert_eq!((second.id, second.duplicate), (first.id, true));
}

#[tokio::test]
async fn p10_the_urgent_go_first_and_the_early_wait_for_their_time() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let now = Utc::now();
    let options = Options::default;
    enqueue(
        db,
        &Step::new(1, Do::Nothing),
        options().priority(Priority::Low),
    )
    .await;
    enqueue(db, &Step::new(2, Do::Nothing), options()).await;
    enqueue(
        db,
        &Step::new(3, Do::Nothing),
        options().priority(Priority::High),
    )
    .await;
    let far = enqueue(
        db,
        &Step::new(4, Do::Nothing),
        options().due(now + TimeDelta::hours(1)),
    )
    .await;
    enqueue(
        db,
        &Step::new(5, Do::Nothing),
        options().delay(Duration::from_secs(7200)),
    )
    .await;
    assert_eq!(show(db, far.id).await.unwrap().job.state, State::Scheduled);
    drain(db, &probe, TimeDelta::zero()).await;
    drain(db, &probe, TimeDelta::minutes(61)).await;
    assert_eq!(
        probe.log(),
        [
            "start 3", "end 3", "start 2", "end 2", "start 1", "end 1", "start 4", "end 4"
        ]
    );
    assert_eq!(drain(db, &probe, TimeDelta::hours(3)).await.done, 1);
}

#[tokio::test]
async fn p10_a_due_time_at_the_end_of_time_is_kept() {
    let database = database().await;
    let db = database.pool();
    let end: DateTime<Utc> = "9999-12-31T23:59:59.999Z".parse().unwrap();
    let job = enqueue(db, &Step::default(), Options::default().due(end)).await;
    assert_eq!(show(db, job.id).await.unwrap().job.due, end);
    let forever = Options::default().delay(Duration::MAX);
    assert!(!enqueue(db, &Step::default(), forever).await.duplicate);
}

#[derive(Serialize, Deserialize)]
struct Text {
    text: String,
}

impl Job for Text {
    type Context = Probe;
    const NAME: &'static str = "test.text";
    const POOL: Pool = POOL;
    async fn run(&self, _: &Probe, _: &Running) -> Result<(), JobError> {
        Ok(())
    }
}

#[tokio::test]
async fn p18_what_cannot_be_stored_is_refused_before_anything_is_written() {
    let database = database().await;
    let db = database.pool();
    let mut tx = db.begin().await.unwrap();
    let text = |text: &str| Text { text: text.into() };
    let large = text(&"x".repeat(MAX_PAYLOAD))
        .enqueue(&mut tx)
        .await
        .unwrap_err();
    assert!(matches!(large, EnqueueError::TooLarge { .. }), "{large}");
    let nul = text("a\0b").enqueue(&mut tx).await.unwrap_err();
    assert!(matches!(nul, EnqueueError::Nul { .. }), "{nul}");
    for key in [String::new(), "k".repeat(MAX_KEY + 1), "a\0".into()] {
        let options = [
            Options::default().unique(key.clone(), Unique::WhilePending),
            Options::default().sequence(key.clone()),
            Options::default().lane(key),
        ];
        for options in options {
            let refused = text("").enqueue_with(&mut tx, options).await.unwrap_err();
            assert!(matches!(refused, EnqueueError::Key { .. }), "{refused}");
        }
    }
    // The transaction is as good as before.
    text("\\u0000 is only text").enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn p18_a_payload_that_no_longer_parses_is_a_dead_letter_that_names_the_path() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let job = enqueue(db, &Step::default(), Options::default()).await;
    sqlx::query(
        r#"UPDATE queue.jobs SET payload = '{"n": 1, "what": {"RetryAfter": {"secs": "soon"}}}'"#,
    )
    .execute(db)
    .await
    .unwrap();
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.dead, 1);
    let dead = show(db, job.id).await.unwrap();
    assert_eq!(dead.job.error_class.as_deref(), Some("payload"));
    let message = dead.errors[0]["message"].as_str().unwrap();
    assert!(message.contains("what.RetryAfter.secs"), "{message}");
}

#[tokio::test]
async fn p18_a_job_enqueued_by_name_is_checked_first() {
    let database = database().await;
    let mut conn = database.pool().acquire().await.unwrap();
    let mut raw = async |kind: &str, payload| {
        inspect::enqueue_raw(&mut conn, &registry(), kind, payload).await
    };
    let unknown = raw("test.none", serde_json::json!({})).await.unwrap_err();
    assert!(
        unknown.to_string().contains("test.slow, test.step"),
        "{unknown}"
    );
    let wrong = raw("test.step", serde_json::json!({"n": "x"}))
        .await
        .unwrap_err();
    assert!(wrong.to_string().contains("n: "), "{wrong}");
    raw("test.step", serde_json::json!({"n": 1, "what": "Nothing"}))
        .await
        .unwrap();
}
