//! Behind PgBouncer in transaction mode: the whole of the queue, without notifications.
//!
//! These tests need PgBouncer (Debian's package, `.ci/run` installs it). A machine without it passes them by, but never
//! in continuous integration. What they ask for depends on its version: before 1.21 it mixes up prepared statements.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::{fs::MetadataExt, fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr,
};

use kazi_platform::database::{self, DatabaseError};
use sqlx::postgres::PgConnectOptions;

use super::*;
use crate::{Batch, Unique, enqueue_all_with, inspect::State, loops::listen};

/// Not a port: the name of the socket.
const PORT: u16 = 6432;

struct Bouncer {
    process: Child,
    folder: PathBuf,
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder| folder.join("pgbouncer"))
        .find(|program| program.is_file());
    let ci = std::env::var_os("CI").is_some();
    assert!(found.is_some() || !ci, "install pgbouncer");
    found
}

/// Whether it keeps the prepared statements of its clients apart: since 1.21.
fn knows_prepared_statements(program: &Path) -> bool {
    let said = Command::new(program).arg("--version").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let version = said.split_whitespace().nth(1).unwrap();
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap());
    (parts.next().unwrap(), parts.next().unwrap()) >= (1, 21)
}

impl Bouncer {
    /// Before this database, with so many connections to it.
    fn start(
        program: &Path,
        database: &TestDatabase,
        mode: &str,
        connections: u32,
    ) -> (Self, String) {
        let target = PgConnectOptions::from_str(database.url()).unwrap();
        let host = match target.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => target.get_host().to_owned(),
        };
        let folder = std::env::temp_dir().join(format!("kazi-bouncer-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        let statements = match knows_prepared_statements(program) {
            true => "max_prepared_statements = 200",
            false => "",
        };
        let config = format!(
            "[databases]\n* = host={host} port={} user={}\n[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\n\
             unix_socket_dir = {}\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = {connections}\n{statements}\n\
             ignore_startup_parameters = extra_float_digits, options\n",
            target.get_port(),
            target.get_username(),
            folder.display(),
        );
        let file = folder.join("pgbouncer.ini");
        fs::write(&file, config).unwrap();
        let mut command = Command::new(program);
        command
            .arg(&file)
            .stderr(Stdio::piped())
            .stdout(Stdio::null());
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            // It refuses to be root. Whoever owns the server's socket may use it.
            let owner = fs::metadata(&host).map_or(0, |folder| folder.uid());
            let user = if owner == 0 { 65_534 } else { owner };
            command.uid(user).gid(user);
        }
        let mut process = command.spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut said = String::new();
        while !said.contains("process up") {
            let line = log.next().expect("pgbouncer ended");
            said += &line.unwrap();
        }
        // Read to its end, or it would stop at a full pipe.
        std::thread::spawn(move || log.for_each(drop));
        let url = format!(
            "postgres://{}@localhost:{PORT}/{}?host={}",
            target.get_username(),
            target.get_database().unwrap(),
            folder.display()
        );
        (Self { process, folder }, url)
    }
}

/// All sorts of jobs, to their ends.
async fn everything_runs(db: &PgPool) {
    let probe = Probe::default();
    let config = EngineConfig {
        pools: vec![(POOL, 4)],
        poll: Duration::from_millis(50),
        ..EngineConfig::default()
    };
    let engine = Engine::start(db.clone(), registry(), probe.clone(), config)
        .await
        .unwrap();
    let mut tx = db.begin().await.unwrap();
    let batch = Batch::open(&mut tx, &Step::new(100, Do::Nothing))
        .await
        .unwrap();
    let jobs = (0..40).map(|n| {
        let options = Options::default().batch(batch).lane(format!("{}", n % 4));
        let options = match n % 3 {
            0 => options.sequence(format!("{}", n % 2)),
            1 => options.unique(format!("{n}"), Unique::WhileUnfinished),
            _ => options.delay(Duration::from_millis(30)),
        };
        (Step::new(n, Do::Nothing), options)
    });
    let jobs = enqueue_all_with(&mut tx, jobs.collect()).await.unwrap();
    Batch::close(&mut tx, batch).await.unwrap();
    let dies = Step::new(200, Do::Discard).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    for job in jobs {
        settled(db, job.id, State::Done).await;
    }
    settled(db, dies.id, State::Dead).await;
    // The callback, which was written first.
    let id = jobs_callback(db).await;
    settled(db, id, State::Done).await;
    // As another process would write it, and nobody rings.
    let id: i64 = sqlx::query_scalar(
        r#"INSERT INTO queue.jobs (due, priority, max_attempts, kind, pool, lane, payload)
           VALUES (now(), 1, 1, 'test.step', 'test', '', '{"n": 300, "what": "Nothing"}') RETURNING id"#,
    )
    .fetch_one(db)
    .await
    .unwrap();
    settled(db, JobId(id), State::Done).await;
    engine.shutdown(LONG).await;
    assert!(testing::pending(db).await.unwrap().is_empty());
}

async fn jobs_callback(db: &PgPool) -> JobId {
    let id = sqlx::query_scalar("SELECT callback FROM queue.batches")
        .fetch_one(db)
        .await;
    JobId(id.unwrap())
}

#[tokio::test]
async fn p11_behind_a_pooler_in_transaction_mode_everything_runs_by_polling_or_the_program_says_why_not()
 {
    let Some(program) = program() else {
        return tracing::warn!("not tested: there is no pgbouncer");
    };
    let database = database().await;
    let (_bouncer, url) = Bouncer::start(&program, &database, "transaction", 4);
    let connected = database::connect_owner(&url, 16).await;
    if !knows_prepared_statements(&program) {
        let refused = connected.unwrap_err();
        assert!(matches!(refused, DatabaseError::Pooler), "{refused}");
        assert!(refused.to_string().contains("1.21"), "{refused}");
        return;
    }
    let db = connected.unwrap();
    assert!(listen::open(&db).await.unwrap().is_none());
    everything_runs(&db).await;
    db.close().await;
}

#[tokio::test]
async fn p11_behind_a_pooler_in_session_mode_everything_runs_and_notifications_are_heard() {
    let Some(program) = program() else {
        return tracing::warn!("not tested: there is no pgbouncer");
    };
    let database = database().await;
    let (_bouncer, url) = Bouncer::start(&program, &database, "session", 16);
    // In this mode each of ours holds one of its own.
    let db = database::connect_owner(&url, 16).await.unwrap();
    let mut listener = listen::open(&db).await.unwrap().unwrap();
    crate::store::notify::look(&mut db.acquire().await.unwrap(), &Default::default(), None)
        .await
        .unwrap();
    assert!(
        listener
            .recv()
            .await
            .unwrap()
            .payload()
            .starts_with("look::")
    );
    drop(listener);
    everything_runs(&db).await;
    db.close().await;
}
