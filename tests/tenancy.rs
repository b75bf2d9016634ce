//! No workspace sees the rows of another, whatever a statement says. The tests cover every table, also those that later
//! migrations add.

use kazi_platform::{
    Clock, WorkspaceId,
    database::{self, Pools, Table},
    testing::TestDatabase,
};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, PgPool, raw_sql, types::Uuid};

use crate::support::business;

/// The tables without `workspace_id`, and the reason of each.
const WITHOUT_WORKSPACE: [(&str, &str); 10] = [
    ("credit_packs", "the platform's, for all workspaces"),
    (
        "login_attempts",
        "counted by address and account, before anybody is known",
    ),
    ("login_challenges", "a user's"),
    ("recovery_codes", "a user's"),
    (
        "refresh_tokens",
        "of a session, whose row tells whose it is",
    ),
    ("totp_secrets", "a user's"),
    ("usage_prices", "the platform's, for all workspaces"),
    ("users", "they are members of several workspaces"),
    (
        "webhook_keys",
        "what a provider sent is told apart before its workspace is known",
    ),
    ("workspaces", "its id is the workspace"),
];

async fn database() -> (TestDatabase, Pools) {
    let database = TestDatabase::new("kazi", async |db| {
        kazi_jobs::migrate(&db, &Clock::system()).await
    })
    .await;
    let pools = database::connect(database.url(), 8).await.unwrap();
    (database, pools)
}

#[tokio::test]
async fn row_level_security_is_forced_on_every_table_with_policies_by_workspace() {
    let (_database, pools) = database().await;
    let tables = database::tables(&pools.owner).await.unwrap();
    let faults: Vec<String> = tables.iter().filter_map(Table::fault).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let without: Vec<&str> = tables
        .iter()
        .filter(|table| !table.of_a_workspace)
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(
        without,
        WITHOUT_WORKSPACE.map(|(name, _)| name),
        "give the table a workspace_id, or write here why it has none"
    );
    for name in ["messages", "knowledge_search"] {
        assert!(tables.iter().any(|table| table.name == name), "{name}");
    }
    assert!(
        database::role_faults(&pools.owner, &pools.db)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_table_that_is_not_kept_apart_is_told_of() {
    let (_database, pools) = database().await;
    for (statement, name) in [
        ("CREATE TABLE careless (workspace_id uuid)", "careless"),
        (
            "CREATE TABLE unforced (workspace_id uuid); SELECT belongs_to_workspace('unforced');
             ALTER TABLE unforced NO FORCE ROW LEVEL SECURITY",
            "unforced",
        ),
        (
            "CREATE TABLE open (workspace_id uuid); SELECT belongs_to_workspace('open');
             CREATE POLICY more ON open TO kazi_app USING (true)",
            "open",
        ),
        (
            "CREATE TABLE shared (workspace_id uuid); SELECT belongs_to_platform('shared')",
            "shared",
        ),
        (
            "CREATE VIEW everything AS SELECT * FROM contacts",
            "everything",
        ),
    ] {
        raw_sql(AssertSqlSafe(statement))
            .execute(&pools.owner)
            .await
            .unwrap();
        let tables = database::tables(&pools.owner).await.unwrap();
        let table = tables.iter().find(|table| table.name == name).unwrap();
        assert!(
            table.fault().is_some_and(|fault| fault.contains(name)),
            "{table:?}"
        );
    }
}

/// A column in PostgreSQL's catalogue.
#[derive(sqlx::FromRow)]
struct Column {
    name: String,
    of_type: String,
}

/// Returns a value of a type as SQL. Every column has the same id. The id carries the current time, for the partitions.
fn value(of_type: &str, id: Uuid) -> String {
    match of_type {
        "uuid" => format!("'{id}'"),
        "text" | "character varying" | "citext" => format!("'{id}'"),
        // Each row has its own value, because keys are unique.
        "bigint" => (id.as_u128() & 0xffff_ffff).to_string(),
        "integer" | "smallint" | "real" | "double precision" | "numeric" => "1".into(),
        "boolean" => "true".into(),
        "real[]" => "'{1}'".into(),
        "json" | "jsonb" | "text[]" | "uuid[]" | "integer[]" | "timestamp with time zone[]" => {
            "'{}'".into()
        }
        "timestamp with time zone" | "date" => "now()".into(),
        "time without time zone" => "'12:00'".into(),
        // Each row has its own value, because hashes are unique.
        "bytea" => format!("'\\x{}'", id.simple()),
        "regconfig" => "'simple'".into(),
        "inet" => "'127.0.0.1'".into(),
        "xid8" => "'1'".into(),
        other => panic!("write here what a column of type {other} may have"),
    }
}

/// Returns the column names and the values of a row of this workspace.
async fn row(owner: &PgPool, table: &str, own: &str, workspace: WorkspaceId) -> (String, String) {
    let columns: Vec<Column> = sqlx::query_as(
        "SELECT quote_ident(attname) AS name, format_type(atttypid, NULL) AS of_type FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''",
    )
    .bind(table)
    .fetch_all(owner)
    .await
    .unwrap();
    let id = Uuid::now_v7();
    let values = columns.iter().map(|column| match column.name == own {
        true => format!("'{}'", workspace.uuid()),
        false => value(&column.of_type, id),
    });
    let values = values.collect::<Vec<_>>().join(", ");
    let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
    (names.join(", "), values)
}

async fn count(conn: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(conn)
        .await
        .unwrap()
}

/// Returns how many rows a statement changes, or the SQLSTATE of its refusal. The change is rolled back.
async fn changes(
    mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
    statement: String,
) -> Result<u64, String> {
    match sqlx::query(AssertSqlSafe(statement))
        .execute(&mut *tx)
        .await
    {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => {
            let code = error.as_database_error().and_then(|error| error.code());
            Err(code.unwrap_or_default().into_owned())
        }
    }
}

const REFUSED: Result<u64, &str> = Err("42501");

#[tokio::test]
async fn no_workspace_reads_or_writes_rows_of_another_in_any_table() {
    let (_database, pools) = database().await;
    let Pools { db, owner } = &pools;
    // The rows break other constraints, so only the policies are checked here.
    raw_sql(
        "DO $$ DECLARE c record; BEGIN
             FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
                      WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace AND conparentid = 0
                        AND coninhcount = 0 LOOP
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', c.t, c.conname);
             END LOOP;
             -- They write live events and figures for the rows of other tables.
             FOR c IN SELECT tgrelid::regclass AS t, tgname FROM pg_trigger
                      WHERE tgname LIKE 'tell_live%' OR tgname LIKE 'count%' LOOP
                 EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', c.t, c.tgname);
             END LOOP; END $$;
         ALTER TABLE ledger_entries DISABLE TRIGGER ledger_balances;
         ALTER TABLE loyalty_entries DISABLE TRIGGER loyalty_balances",
    )
    .execute(owner)
    .await
    .unwrap();
    let (mine, theirs) = (WorkspaceId::new(), WorkspaceId::new());
    let partitions: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relispartition AND relnamespace = 'public'::regnamespace",
    )
    .fetch_all(owner)
    .await
    .unwrap();
    let tables = database::tables(owner).await.unwrap();
    let mut seen = 0;
    for Table {
        name: table,
        of_a_workspace,
        ..
    } in &tables
    {
        if partitions.contains(table) {
            // The rows of a partition are visible only through its table.
            let mut tx = database::platform(db).await.unwrap();
            assert_eq!(count(&mut tx, table).await, 0, "{table}");
            continue;
        }
        if table.ends_with("_search") {
            continue;
        }
        let own = match (*of_a_workspace, table.as_str()) {
            (true, _) => "workspace_id",
            (false, "workspaces") => "id",
            (false, _) => {
                let (names, values) = row(owner, table, "", theirs).await;
                let insert = format!("INSERT INTO {table} ({names}) VALUES ({values})");
                raw_sql(AssertSqlSafe(insert)).execute(owner).await.unwrap();
                let mut tx = database::tenant(db, mine).await.unwrap();
                assert_eq!(count(&mut tx, table).await, 0, "{table}");
                continue;
            }
        };
        for workspace in [mine, theirs] {
            let (names, values) = row(owner, table, own, workspace).await;
            let insert = format!("INSERT INTO {table} ({names}) VALUES ({values})");
            // The workspace has every right to its own rows.
            let mut tx = database::tenant(db, workspace).await.unwrap();
            raw_sql(AssertSqlSafe(insert))
                .execute(&mut *tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        let mut platform = database::platform(db).await.unwrap();
        assert_eq!(count(&mut platform, table).await, 2, "{table}");
        drop(platform);
        let mut tx = database::tenant(db, mine).await.unwrap();
        assert_eq!(count(&mut tx, table).await, 1, "{table}");
        drop(tx);

        let whose = format!("WHERE {own} = '{}'", theirs.uuid());
        let update = format!("UPDATE {table} SET {own} = {own}");
        let (names, values) = row(owner, table, own, theirs).await;
        let insert = format!("INSERT INTO {table} ({names}) VALUES ({values})");
        let steal = format!("UPDATE {table} SET {own} = '{}'", theirs.uuid());
        // Nobody may change the books or what was issued, not even their own.
        let (others, own_row) = match table.as_str() {
            "invoices"
            | "ledger_entries"
            | "ledger_transactions"
            | "loyalty_entries"
            | "loyalty_transactions" => (REFUSED, REFUSED),
            _ => (Ok(0), Ok(1)),
        };
        // A series goes on. Without its row, it would begin again.
        let (delete_others, delete_own) = match table.as_str() {
            "invoice_numbers" => (REFUSED, REFUSED),
            _ => (others, own_row),
        };
        for (statement, expected) in [
            (format!("{update} {whose}"), others),
            (format!("DELETE FROM {table} {whose}"), delete_others),
            (update.clone(), own_row),
            (format!("DELETE FROM {table}"), delete_own),
            (insert.clone(), REFUSED),
            (steal, REFUSED),
        ] {
            let tx = database::tenant(db, mine).await.unwrap();
            let changed = changes(tx, statement.clone()).await;
            assert_eq!(changed, expected.map_err(str::to_owned), "{statement}");
        }
        // A transaction without a workspace sees no rows.
        assert_eq!(
            count(&mut db.acquire().await.unwrap(), table).await,
            0,
            "{table}"
        );
        for (statement, expected) in [(update, others), (insert, REFUSED)] {
            let changed = changes(db.begin().await.unwrap(), statement.clone()).await;
            assert_eq!(changed, expected.map_err(str::to_owned), "{statement}");
        }
        seen += 1;
    }
    assert!(seen >= 17, "{seen} tables");
}

#[tokio::test]
async fn a_search_finds_nothing_of_another_workspace() {
    let (_database, pools) = database().await;
    let (zuri, other) = (
        business(&pools.owner, "Zuri").await,
        business(&pools.owner, "Other").await,
    );
    for workspace in [zuri, other] {
        let contacts =
            "INSERT INTO contacts (workspace_id, id, name) VALUES ($1, gen_random_uuid(), 'Amina')";
        sqlx::query(contacts)
            .bind(workspace.uuid())
            .execute(&pools.owner)
            .await
            .unwrap();
    }
    for (view, table) in [
        ("product_texts_search", "product_texts"),
        ("knowledge_search", "knowledge"),
        ("contacts_search", "contacts"),
    ] {
        assert_eq!(
            count(&mut pools.owner.acquire().await.unwrap(), table).await,
            2
        );
        assert_eq!(count(&mut pools.db.acquire().await.unwrap(), view).await, 0);
        for workspace in [zuri, other] {
            let mut tx = database::tenant(&pools.db, workspace).await.unwrap();
            assert_eq!(count(&mut tx, view).await, 1);
        }
        let tx = database::tenant(&pools.db, zuri).await.unwrap();
        assert_eq!(
            changes(tx, format!("DELETE FROM {view}")).await,
            REFUSED.map_err(str::to_owned)
        );
    }
}

/// A word search uses the index, even for a workspace with many rows.
#[tokio::test]
async fn a_search_of_words_uses_its_index_under_row_level_security() {
    let (_database, pools) = database().await;
    let zuri = business(&pools.owner, "Zuri").await;
    raw_sql(AssertSqlSafe(format!(
        "INSERT INTO knowledge (workspace_id, id, document_id, language, config, title, body)
         SELECT d.workspace_id, gen_random_uuid(), d.id, 'en', 'simple', 'word' || n, ''
         FROM knowledge_documents d, generate_series(1, 5000) n WHERE d.workspace_id = '{}';
         ANALYZE knowledge",
        zuri.uuid()
    )))
    .execute(&pools.owner)
    .await
    .unwrap();
    let mut tx = database::tenant(&pools.db, zuri).await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT title FROM knowledge_search WHERE search @@ 'word17'::tsquery",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert!(
        plan.iter().any(|line| line.contains("knowledge_words")),
        "{plan:#?}"
    );
    drop(tx);

    let ids: Vec<Uuid> = (0..5_000).map(|_| Uuid::now_v7()).collect();
    let mut owner = pools.owner.begin().await.unwrap();
    // Without their conversations, contacts and channels.
    raw_sql("SET LOCAL session_replication_role = replica")
        .execute(&mut *owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, created_at)
         SELECT $1, id, id, id, id, '', 'in', 'text', 'word' || n, '{}', 'customer', 'received', now()
         FROM unnest($2::uuid[]) WITH ORDINALITY AS m(id, n)",
    )
    .bind(zuri.uuid())
    .bind(&ids)
    .execute(&mut *owner)
    .await
    .unwrap();
    owner.commit().await.unwrap();
    raw_sql("ANALYZE messages")
        .execute(&pools.owner)
        .await
        .unwrap();
    let found = "SELECT id FROM messages_search WHERE search @@ 'word17'::tsquery";
    for (workspace, expected) in [(zuri, 1), (business(&pools.owner, "Other").await, 0)] {
        let mut tx = database::tenant(&pools.db, workspace).await.unwrap();
        let rows: Vec<Uuid> = sqlx::query_scalar(found).fetch_all(&mut *tx).await.unwrap();
        assert_eq!(rows.len(), expected);
    }
    let mut tx = database::tenant(&pools.db, zuri).await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("EXPLAIN {found}")))
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    let by_index = |line: &String| line.contains("Bitmap Index Scan on messages_");
    assert!(plan.iter().any(by_index), "{plan:#?}");
}

/// Like on a managed server: the login owns only its database, and the roles exist already.
#[tokio::test]
async fn a_login_that_is_no_superuser_migrates_and_works() {
    let empty = TestDatabase::new("empty", async |_| Ok::<_, std::convert::Infallible>(())).await;
    let login = format!("login_{}", Uuid::new_v4().simple());
    // The first template makes the roles, if they do not exist.
    let (_other, _) = database().await;
    let database = empty
        .pool()
        .connect_options()
        .get_database()
        .unwrap()
        .to_owned();
    let prepare = format!(
        "CREATE ROLE {login} LOGIN PASSWORD 'x'; GRANT kazi_app, kazi_platform TO {login};
         ALTER DATABASE {database} OWNER TO {login}"
    );
    raw_sql(AssertSqlSafe(prepare))
        .execute(empty.pool())
        .await
        .unwrap();
    let options = empty.pool().connect_options().as_ref().clone();
    let url = options.username(&login).password("x").to_url_lossy();
    let pools = database::connect(url.as_str(), 8).await.unwrap();
    kazi_jobs::migrate(&pools.owner, &Clock::system())
        .await
        .unwrap();

    let zuri = business(&pools.db, "Zuri").await;
    business(&pools.db, "Other").await;
    let mut tx = database::tenant(&pools.db, zuri).await.unwrap();
    assert_eq!(count(&mut tx, "workspaces").await, 1);
    assert_eq!(count(&mut tx, "knowledge_search").await, 1);
    drop(tx);
    assert_eq!(
        count(&mut pools.db.acquire().await.unwrap(), "workspaces").await,
        0
    );
    assert!(
        database::role_faults(&pools.owner, &pools.db)
            .await
            .unwrap()
            .is_empty()
    );
    pools.db.close().await;
    pools.owner.close().await;
    let forget = format!(
        "REASSIGN OWNED BY {login} TO CURRENT_USER; DROP OWNED BY {login}; DROP ROLE {login}"
    );
    raw_sql(AssertSqlSafe(forget))
        .execute(empty.pool())
        .await
        .unwrap();
}
