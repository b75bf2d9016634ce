//! A database for each test. All tests of a process share one server.
//!
//! The first test of a process starts a server in a temporary folder, or uses the server of `DATABASE_URL`, and makes a
//! migrated template. Each test gets a clone of the template, which is dropped with the value. The server and its
//! folder are removed when the process ends, even when it is killed: see [`crate::embedded`].

use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgPoolOptions};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::embedded::{Embedded, Lifetime};

/// The URL of the tests' server, with `{}` in place of the database's name.
static SERVER: OnceCell<String> = OnceCell::const_new();
/// One template for each kind. The first test that needs a template makes it.
static TEMPLATES: Mutex<Option<HashMap<&'static str, &'static OnceCell<String>>>> =
    Mutex::new(None);

/// A migrated database for one test.
pub struct TestDatabase {
    name: String,
    pool: PgPool,
    url: String,
}

impl TestDatabase {
    /// Clones the template `kind`. The first call for a kind makes the template and calls `migrate` on it.
    ///
    /// # Panics
    /// No server runs, or the migration fails. No test can run then.
    pub async fn new<F, Fut, E>(kind: &'static str, migrate: F) -> Self
    where
        F: FnOnce(PgPool) -> Fut,
        Fut: Future<Output = Result<(), E>>,
        E: std::fmt::Debug,
    {
        let server = SERVER.get_or_init(start).await;
        let cell = {
            let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
            *templates
                .get_or_insert_default()
                .entry(kind)
                .or_insert_with(|| Box::leak(Box::default()))
        };
        let template = cell
            .get_or_init(|| async {
                let name = format!("kazi_template_{kind}_{}", Uuid::new_v4().simple());
                admin(server, &format!("CREATE DATABASE {name}")).await;
                let pool = pool(&server.replace("{}", &name)).await;
                if let Err(error) = migrate(pool.clone()).await {
                    panic!("the template cannot be migrated: {error:?}");
                }
                // PostgreSQL does not clone a template while a connection to it is open.
                pool.close().await;
                name
            })
            .await;
        let name = format!("kazi_test_{}", Uuid::new_v4().simple());
        admin(
            server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        let url = server.replace("{}", &name);
        Self {
            pool: pool(&url).await,
            name,
            url,
        }
    }

    /// Returns the pool of connections to this database.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Returns the URL of this database.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The runtime of the test may end now, so another thread with its own runtime drops the database.
        let dropper = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let (Ok(runtime), Some(server)) = (runtime, SERVER.get()) {
                runtime.block_on(admin(server, &statement));
            }
        });
        // A failed clean-up does not fail the test.
        let _ = dropper.join();
    }
}

async fn pool(url: &str) -> PgPool {
    match PgPoolOptions::new().max_connections(16).connect(url).await {
        Ok(pool) => pool,
        Err(error) => panic!("the test's database does not answer: {error}"),
    }
}

async fn admin(server: &str, statement: &str) {
    let result = async {
        let mut conn = PgConnection::connect(&server.replace("{}", "postgres")).await?;
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut conn)
            .await?;
        conn.close().await
    };
    if let Err(error) = result.await {
        panic!("{statement}: {error}");
    }
}

/// Starts the server on its own thread, which lives as long as the process. The runtime of the first test ends earlier.
async fn start() -> String {
    if let Ok(url) = std::env::var("DATABASE_URL") {
        let (base, query) = url
            .split_once('?')
            .map_or((url.as_str(), ""), |(base, query)| (base, query));
        let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
        return format!("{base}/{{}}?{query}");
    }
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        let started = runtime.block_on(async {
            let folder =
                std::env::temp_dir().join(format!("kazi-test-{}", Uuid::new_v4().simple()));
            Embedded::start(&folder, Lifetime::Temporary).await
        });
        match started {
            Ok(server) => {
                // The receiver is the test that waits below.
                let _ = tell.send(Ok(server.url_of("{}")));
                // The thread holds the server until the process ends.
                loop {
                    thread::park();
                    std::hint::black_box(&server);
                }
            }
            Err(error) => {
                let _ = tell.send(Err(error.to_string()));
            }
        }
    });
    let answer = tokio::task::spawn_blocking(move || told.recv()).await;
    match answer {
        Ok(Ok(Ok(url))) => url,
        Ok(Ok(Err(error))) => panic!("the tests' PostgreSQL does not start: {error}"),
        _ => panic!("the tests' PostgreSQL does not start"),
    }
}
