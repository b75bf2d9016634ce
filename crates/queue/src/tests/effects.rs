//! Promises 2 and 3 for effects: in the job's own transaction, and outside of the database.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    EffectError, Keep, Reconciled,
    inspect::State,
    loops::reap::reap,
    store::{ack, effects},
    types::{Claimed, Fence, Outcome, RunError},
};

const LEASE: Duration = Duration::from_secs(15);

/// A run without an engine: what a process holds between its claim and its ack.
fn running(job: &Claimed) -> Running {
    Running {
        id: job.job_id(),
        kind: job.kind.as_str().into(),
        tenant: job.tenant,
        sequence: job.sequence_key.clone(),
        attempt: u32::try_from(job.attempt).unwrap(),
        max_attempts: u32::try_from(job.max_attempts).unwrap(),
        enqueued_at: job.enqueued_at,
        trace: job.trace_id(),
        cancel: CancellationToken::new(),
        deadline: watch::channel(Instant::now() + LONG).0,
        fence: Fence::new(job.lease, true),
    }
}

/// A process of its own claims the next job.
async fn claim(db: &PgPool) -> (i64, Claimed) {
    let process = idle_process(db).await;
    let mut conn = db.acquire().await.unwrap();
    let mut claimed = claim_some(&mut conn, process, 1).await.unwrap();
    (process, claimed.pop().unwrap())
}

/// The process is silent past its lease, and its jobs are taken back.
async fn lose(db: &PgPool, process: i64) {
    sqlx::query("UPDATE queue.processes SET beat_at = beat_at - interval '1 minute' WHERE id = $1")
        .bind(process)
        .execute(db)
        .await
        .unwrap();
    let me = idle_process(db).await;
    reap(db, me, LEASE).await.unwrap();
}

async fn effect_table(db: &PgPool) {
    sqlx::query("CREATE TABLE written (n bigint)")
        .execute(db)
        .await
        .unwrap();
}

async fn write(conn: &mut sqlx::PgConnection) {
    sqlx::query("INSERT INTO written VALUES (1)")
        .execute(conn)
        .await
        .unwrap();
}

async fn written(db: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM written")
        .fetch_one(db)
        .await
        .unwrap()
}

fn class(error: &JobError) -> &'static str {
    match error {
        JobError::Retry { class, .. }
        | JobError::RetryAfter { class, .. }
        | JobError::Discard { class, .. } => class,
        JobError::Snooze { .. } => "snooze",
        JobError::Park { .. } => "park",
    }
}

/// An effect that counts how often it was run, and the reconciliation that must not be asked.
struct Provider(AtomicU32);

impl Provider {
    fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    fn sent(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    async fn send(&self) -> Result<u32, EffectError> {
        Ok(self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// Sends through a run that has not been interrupted.
    async fn once(&self, db: &PgPool, run: &Running) -> Result<u32, JobError> {
        run.once(
            db,
            "k",
            async |_| panic!("nothing to reconcile"),
            || self.send(),
        )
        .await
    }

    /// Sends, and dies before the answer arrives.
    async fn once_and_die(&self, db: &PgPool, run: &Running) {
        let (reached, sent) = tokio::sync::oneshot::channel();
        let dies = run.once::<u32, _, _>(
            db,
            "k",
            async |_| panic!("nothing to reconcile"),
            || async {
                self.send().await?;
                reached.send(()).unwrap();
                std::future::pending().await
            },
        );
        tokio::select! {
            _ = dies => panic!("it never answers"),
            sent = sent => sent.unwrap(),
        }
    }
}

#[tokio::test]
async fn p02_an_effect_and_the_end_of_its_job_commit_together() {
    let database = database().await;
    let db = database.pool();
    effect_table(db).await;
    let job = enqueue(db, &Step::default(), Options::default().sequence("s")).await;
    let next = enqueue(db, &Step::default(), Options::default().sequence("s")).await;
    let (_, claimed) = claim(db).await;
    let mut tx = db.begin().await.unwrap();
    write(&mut tx).await;
    running(&claimed).complete_in(&mut tx).await.unwrap();
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Running);
    tx.commit().await.unwrap();
    assert_eq!(written(db).await, 1);
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Done);
    assert_eq!(show(db, next.id).await.unwrap().job.state, State::Ready);
    // The engine's own acks come late and change nothing, whatever they say.
    let error = || RunError {
        class: "late".into(),
        message: String::new(),
        attempt: 1,
    };
    for outcome in [
        Outcome::Done { keep: true },
        Outcome::Dead { error: error() },
        Outcome::Completed {
            secs: 0.0,
            error: error(),
            batch: None,
        },
        Outcome::HandBack,
    ] {
        ack::write(
            &mut db.acquire().await.unwrap(),
            &[claimed.ack(outcome)],
            &[],
        )
        .await
        .unwrap();
    }
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Done);
    let pending: i32 = sqlx::query_scalar("SELECT pending FROM queue.sequences")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(pending, 1);
}

#[tokio::test]
async fn p02_a_rolled_back_end_leaves_the_job_ours() {
    let database = database().await;
    let db = database.pool();
    effect_table(db).await;
    let job = enqueue(db, &Step::default(), Options::default().sequence("s")).await;
    let (_, claimed) = claim(db).await;
    let run = running(&claimed);
    let mut tx = db.begin().await.unwrap();
    write(&mut tx).await;
    run.complete_in(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Running);
    let mut tx = db.begin().await.unwrap();
    write(&mut tx).await;
    run.complete_in(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(written(db).await, 1);
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Done);
}

#[tokio::test]
async fn p03_an_expired_lease_cannot_end_its_job_nor_write_its_effect() {
    let database = database().await;
    let db = database.pool();
    effect_table(db).await;
    let job = enqueue(db, &Step::default(), Options::default()).await;
    let (frozen, claimed) = claim(db).await;
    lose(db, frozen).await;
    // Before the next claim and after it.
    for state in [State::Ready, State::Running] {
        let mut tx = db.begin().await.unwrap();
        write(&mut tx).await;
        let error = running(&claimed).complete_in(&mut tx).await.unwrap_err();
        assert_eq!(class(&error), "lease_lost");
        // Also a caller who overlooks the error writes nothing.
        tx.commit().await.ok();
        assert_eq!(written(db).await, 0);
        assert_eq!(show(db, job.id).await.unwrap().job.state, state);
        if state == State::Ready {
            claim(db).await;
        }
    }
}

#[tokio::test]
async fn p03_an_ack_from_before_a_replay_does_not_end_the_run_after_it() {
    let database = database().await;
    let db = database.pool();
    let job = enqueue(db, &Step::default(), Options::default()).await;
    let (_, before) = claim(db).await;
    let error = RunError {
        class: "hopeless".into(),
        message: String::new(),
        attempt: 1,
    };
    let ack = before.ack(Outcome::Dead { error });
    ack::write(
        &mut db.acquire().await.unwrap(),
        std::slice::from_ref(&ack),
        &[],
    )
    .await
    .unwrap();
    inspect::retry(&mut db.acquire().await.unwrap(), job.id)
        .await
        .unwrap();
    claim(db).await;
    // Written again, since its first answer was lost.
    ack::write(&mut db.acquire().await.unwrap(), &[ack], &[])
        .await
        .unwrap();
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Running);
}

#[derive(Serialize, Deserialize)]
struct Completes {
    commits: bool,
}

impl Job for Completes {
    type Context = PgPool;
    const NAME: &'static str = "test.completes";
    const POOL: Pool = POOL;
    const KEEP: Keep = Keep::Dead;

    async fn run(&self, db: &PgPool, job: &Running) -> Result<(), JobError> {
        let mut tx = db.begin().await?;
        write(&mut tx).await;
        job.complete_in(&mut tx).await?;
        // In its second run it commits whatever it was told.
        if self.commits || job.attempt > 1 {
            tx.commit().await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn p02_a_run_that_says_done_without_its_commit_is_tried_again() {
    let database = database().await;
    let db = database.pool();
    effect_table(db).await;
    let registry = Registry::new().register::<Completes>();
    let mut conn = db.acquire().await.unwrap();
    let commits = Completes { commits: true }
        .enqueue(&mut conn)
        .await
        .unwrap();
    let forgets = Completes { commits: false }
        .enqueue(&mut conn)
        .await
        .unwrap();
    drop(conn);
    testing::drain(db, &registry, db, Utc::now()).await.unwrap();
    assert_eq!(written(db).await, 1);
    assert!(
        show(db, commits.id).await.is_none(),
        "this kind keeps no record"
    );
    let waiting = show(db, forgets.id).await.unwrap().job;
    assert_eq!(
        (waiting.state, waiting.error_class.as_deref()),
        (State::Scheduled, Some("rolled_back"))
    );
    testing::drain(db, &registry, db, Utc::now() + TimeDelta::hours(1))
        .await
        .unwrap();
    assert_eq!(written(db).await, 2);
    assert!(testing::pending(db).await.unwrap().is_empty());
}

#[tokio::test]
async fn p02_a_death_after_the_effect_was_done_runs_it_no_second_time() {
    let database = database().await;
    let (db, provider) = (database.pool(), Provider::new());
    enqueue(db, &Step::default(), Options::default()).await;
    let (dies, first) = claim(db).await;
    assert_eq!(provider.once(db, &running(&first)).await.unwrap(), 1);
    lose(db, dies).await;
    let (_, second) = claim(db).await;
    assert_eq!(provider.once(db, &running(&second)).await.unwrap(), 1);
    assert_eq!(provider.sent(), 1);
}

#[tokio::test]
async fn p02_a_death_after_the_effect_was_started_asks_before_it_is_done_again() {
    let database = database().await;
    let (db, provider) = (database.pool(), Provider::new());
    enqueue(db, &Step::default(), Options::default()).await;
    let (dies, first) = claim(db).await;
    provider.once_and_die(db, &running(&first)).await;
    lose(db, dies).await;
    let (_, second) = claim(db).await;
    let run = running(&second);
    // First nobody knows, then it is found.
    let unknown = run
        .once(
            db,
            "k",
            async |_| {
                Ok(Reconciled::Unknown {
                    again_in: Duration::from_secs(60),
                })
            },
            || provider.send(),
        )
        .await
        .unwrap_err();
    assert_eq!(class(&unknown), "snooze");
    let answer = run
        .once(
            db,
            "k",
            async |effect| {
                assert_eq!(effect.key, "k");
                Ok(Reconciled::Happened(7))
            },
            || provider.send(),
        )
        .await
        .unwrap();
    assert_eq!(
        (answer, provider.once(db, &run).await.unwrap()),
        (7, 7),
        "the answer found is the answer kept"
    );
    assert_eq!(provider.sent(), 1);
}

#[tokio::test]
async fn p02_an_effect_that_is_found_not_to_have_happened_is_run() {
    let database = database().await;
    let (db, provider) = (database.pool(), Provider::new());
    enqueue(db, &Step::default(), Options::default()).await;
    let (_, claimed) = claim(db).await;
    let run = running(&claimed);
    let refused = |error: EffectError| {
        run.once::<u32, _, _>(
            db,
            "k",
            async |_| Ok(Reconciled::DidNotHappen),
            || std::future::ready(Err(error)),
        )
    };
    // Surely not: the next run has nothing to ask. Unsure: it has.
    let sure = EffectError::DidNotHappen(JobError::retry("busy", "429"));
    assert_eq!(class(&refused(sure).await.unwrap_err()), "busy");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.effects")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(left, 0);
    let unsure = JobError::retry("timeout", "no answer").into();
    assert_eq!(class(&refused(unsure).await.unwrap_err()), "timeout");
    let answer = run
        .once(
            db,
            "k",
            async |_| Ok(Reconciled::DidNotHappen),
            || provider.send(),
        )
        .await;
    assert_eq!(answer.unwrap(), 1);
}

#[tokio::test]
async fn p03_of_two_runs_at_once_the_old_lease_starts_nothing_and_overwrites_nothing() {
    let database = database().await;
    let (db, provider) = (database.pool(), Provider::new());
    enqueue(db, &Step::default(), Options::default()).await;
    let (frozen, first) = claim(db).await;
    let (old, (go, gate)) = (running(&first), tokio::sync::oneshot::channel());
    let (reached, sent) = tokio::sync::oneshot::channel();
    let late = tokio::spawn({
        let (old, db) = (old.clone(), db.clone());
        async move {
            old.once(
                &db,
                "k",
                async |_| panic!("nothing to reconcile"),
                || async {
                    reached.send(()).unwrap();
                    gate.await.unwrap();
                    Ok(1)
                },
            )
            .await
        }
    });
    sent.await.unwrap();
    // Frozen in the middle of the effect; the next run reconciles while it sleeps.
    lose(db, frozen).await;
    let (_, second) = claim(db).await;
    let new = running(&second);
    let answer = new
        .once(
            db,
            "k",
            async |_| Ok(Reconciled::Happened(2)),
            || async { panic!("it happened") },
        )
        .await;
    assert_eq!(answer.unwrap(), 2);
    go.send(()).unwrap();
    assert_eq!(class(&late.await.unwrap().unwrap_err()), "lease_lost");
    let again = old
        .once(db, "k2", async |_| panic!("nothing"), || provider.send())
        .await;
    assert_eq!(class(&again.unwrap_err()), "lease_lost");
    assert_eq!(provider.sent(), 0);
    assert_eq!(provider.once(db, &new).await.unwrap(), 2);
}

#[tokio::test]
async fn p03_a_late_answer_is_kept_when_nobody_has_asked_yet() {
    let database = database().await;
    let (db, provider) = (database.pool(), Provider::new());
    enqueue(db, &Step::default(), Options::default()).await;
    let (frozen, first) = claim(db).await;
    let answer = running(&first)
        .once(
            db,
            "k",
            async |_| panic!("nothing to reconcile"),
            || async {
                lose(db, frozen).await;
                provider.send().await
            },
        )
        .await;
    assert_eq!(answer.unwrap(), 1);
    let (_, second) = claim(db).await;
    assert_eq!(provider.once(db, &running(&second)).await.unwrap(), 1);
}

#[tokio::test]
async fn p03_another_job_waits_while_the_first_has_the_effect_in_hand() {
    let database = database().await;
    let (db, provider) = (database.pool(), Provider::new());
    enqueue(db, &Step::default(), Options::default()).await;
    enqueue(db, &Step::default(), Options::default()).await;
    let (dies, first) = claim(db).await;
    let (_, other) = claim(db).await;
    provider.once_and_die(db, &running(&first)).await;
    let error = provider.once(db, &running(&other)).await.unwrap_err();
    assert_eq!(class(&error), "snooze");
    lose(db, dies).await;
    let answer = running(&other)
        .once(
            db,
            "k",
            async |_| Ok(Reconciled::Happened(1)),
            || provider.send(),
        )
        .await;
    assert_eq!((answer.unwrap(), provider.sent()), (1, 1));
}

#[tokio::test]
async fn p02_an_effect_is_remembered_while_its_job_exists_and_an_answer_may_hold_anything() {
    let database = database().await;
    let db = database.pool();
    enqueue(db, &Step::default(), Options::default()).await;
    let (_, claimed) = claim(db).await;
    let run = running(&claimed);
    let odd = async |_| panic!("nothing to reconcile");
    let send = || async { Ok("a\0b".to_owned()) };
    assert_eq!(run.once(db, "k", odd, send).await.unwrap(), "a\0b");
    assert_eq!(run.once(db, "k", odd, send).await.unwrap(), "a\0b");
    let purged = async || {
        sqlx::query("UPDATE queue.effects SET looked_at = looked_at - interval '8 days'")
            .execute(db)
            .await
            .unwrap();
        effects::purge(&mut db.acquire().await.unwrap(), 7)
            .await
            .unwrap();
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.effects")
            .fetch_one(db)
            .await
            .unwrap();
        left == 0
    };
    assert!(!purged().await);
    ack::write(
        &mut db.acquire().await.unwrap(),
        &[claimed.ack(Outcome::Done { keep: true })],
        &[],
    )
    .await
    .unwrap();
    assert!(purged().await);
}
