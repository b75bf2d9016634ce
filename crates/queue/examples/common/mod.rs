//! The database of the examples: the one that `DATABASE_URL` names, else a new one on the server of the tests.

use kazi_platform::testing::TestDatabase;
use sqlx::PgPool;

/// A database with the queue's schema. The value must live as long as the pool is used.
pub struct Database {
    pub pool: PgPool,
    _own: Option<TestDatabase>,
}

impl Database {
    pub async fn open() -> Result<Self, Box<dyn std::error::Error>> {
        if let Ok(url) = std::env::var("DATABASE_URL") {
            let pool = PgPool::connect(&url).await?;
            kazi_queue::migrate(&pool).await?;
            return Ok(Self { pool, _own: None });
        }
        let migrate = |db: PgPool| async move { kazi_queue::migrate(&db).await };
        let own = TestDatabase::new("queue", migrate).await;
        Ok(Self {
            pool: own.pool().clone(),
            _own: Some(own),
        })
    }
}
