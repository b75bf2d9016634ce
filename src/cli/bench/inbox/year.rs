//! A business's year, written straight into the tables: its messages could not be sent in minutes.

use chrono::Months;
use kazi_jobs::{Context, messages};
use kazi_platform::{Timestamp, WorkspaceId};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::CliError;

/// Words of the language that everybody writes in the measurement.
pub(super) const WORDS: u32 = 20_000;
/// Messages in one statement.
const AT_ONCE: u32 = 10_000;

/// How much there is.
pub(super) struct Size {
    pub contacts: u32,
    pub messages: u32,
    pub orders: u32,
    pub members: u32,
}

/// A member, and the session in which they are logged in.
pub(super) struct Member {
    pub user: Uuid,
    pub session: Uuid,
}

/// A word by how often it comes: the first stands in about every third message, the last in one of some ten thousand.
pub(super) fn word(rank: u32) -> String {
    let digest = Sha256::digest(rank.to_string());
    let letters = digest.iter().take(7);
    letters.map(|byte| char::from(b'a' + byte % 26)).collect()
}

/// Writes members, contacts with a conversation each, their messages of twelve months, and orders. Calls `done` with the
/// number of messages so far.
pub(super) async fn write(
    ctx: &Context,
    workspace: WorkspaceId,
    size: &Size,
    done: impl Fn(u32),
) -> Result<Vec<Member>, CliError> {
    let now = ctx.clock.now();
    let mut owner = ctx.owner.acquire().await?;
    for month in 0..=12 {
        messages::make_partitions(&mut owner, now - Months::new(month)).await?;
    }
    let workspace = workspace.uuid();
    let members = people(&mut owner, workspace, now, size).await?;
    let words: Vec<String> = (1..=WORDS).map(word).collect();
    for first in (0..size.messages).step_by(AT_ONCE as usize) {
        let count = AT_ONCE.min(size.messages - first);
        let mut tx = owner.begin().await?;
        // The events of so many messages are not of this measurement, and nobody counts them. An interruption takes
        // back this change as well.
        sqlx::query("ALTER TABLE messages DISABLE TRIGGER USER")
            .execute(&mut *tx)
            .await?;
        as_platform(&mut tx).await?;
        sqlx::query(
            "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                                   content, cause, status, created_at)
             SELECT $1, pg_temp.id_at(m.at), p.conversation, p.contact, p.channel, p.phone, m.direction, 'text', m.body,
                    jsonb_build_object('kind', 'text', 'text', m.body),
                    CASE m.direction WHEN 'in' THEN 'customer' ELSE 'bot' END,
                    CASE m.direction WHEN 'in' THEN 'received' ELSE 'delivered' END, m.at
             FROM (SELECT $2 - random() * interval '365 days' AS at, (random() * ($4 - 1))::int + 1 AS who,
                          CASE n % 2 WHEN 0 THEN 'in' ELSE 'out' END AS direction,
                          (SELECT string_agg(($5::text[])[exp(random() * ln($6))::int], ' ')
                           FROM generate_series(1, 8 + n * 0)) AS body
                   FROM generate_series(1, $3) n) m
             JOIN bench_people p ON p.n = m.who",
        )
        .bind(workspace)
        .bind(now)
        .bind(i32::try_from(count)?)
        .bind(i32::try_from(size.contacts)?)
        .bind(&words)
        .bind(f64::from(WORDS))
        .execute(&mut *tx)
        .await?;
        as_owner(&mut tx).await?;
        sqlx::query("ALTER TABLE messages ENABLE TRIGGER USER")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        done(first + count);
    }
    orders(&mut owner, workspace, now, size).await?;
    sqlx::query("VACUUM ANALYZE").execute(&mut *owner).await?;
    Ok(members)
}

async fn people(
    owner: &mut PgConnection,
    workspace: Uuid,
    now: Timestamp,
    size: &Size,
) -> Result<Vec<Member>, CliError> {
    sqlx::query(
        "CREATE FUNCTION pg_temp.id_at(at timestamptz) RETURNS uuid LANGUAGE sql RETURN
         (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
          || '8' || substr(md5(random()::text), 1, 15))::uuid",
    )
    .execute(&mut *owner)
    .await?;
    sqlx::query(
        "CREATE TEMPORARY TABLE bench_people (n integer PRIMARY KEY, contact uuid, conversation uuid, channel uuid, phone text)",
    )
    .execute(&mut *owner)
    .await?;
    sqlx::query("GRANT ALL ON bench_people TO kazi_platform")
        .execute(&mut *owner)
        .await?;
    let mut tx = owner.begin().await?;
    as_platform(&mut tx).await?;
    sqlx::query(
        "INSERT INTO bench_people
         SELECT n, pg_temp.id_at($2), pg_temp.id_at($2), (SELECT id FROM channels WHERE workspace_id = $1), '+2547' || (10000000 + n)
         FROM generate_series(1, $3) n",
    )
    .bind(workspace)
    .bind(now)
    .bind(i32::try_from(size.contacts)?)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO contacts (workspace_id, id, name, phone, language, registered_at)
         SELECT $1, contact, 'Amina ' || n, phone, 'en', $2 FROM bench_people",
    )
    .bind(workspace)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let members: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "WITH made AS (
             INSERT INTO users (id, email, password_hash, created_at, updated_at)
             SELECT pg_temp.id_at($2), 'member' || n || '@example.com', '', $2, $2 FROM generate_series(1, $3) n RETURNING id
         ), joined AS (INSERT INTO members (workspace_id, user_id, role) SELECT $1, id, 'owner' FROM made)
         INSERT INTO sessions (id, user_id, device_hash, created_at, last_used_at)
         SELECT pg_temp.id_at($2), id, '', $2, $2 FROM made RETURNING user_id, id",
    )
    .bind(workspace)
    .bind(now)
    .bind(i32::try_from(size.members)?)
    .fetch_all(&mut *tx)
    .await?;
    // One of twenty waits, one of ten is somebody's, one of seven is with a person.
    sqlx::query(
        "INSERT INTO conversations (workspace_id, id, contact_id, channel_id, status, recipient, last_inbound_at,
                                    last_activity_at, waiting_since, assignee_id)
         SELECT $1, conversation, contact, channel, CASE WHEN n % 7 = 0 THEN 'handed_over' ELSE 'open' END, phone,
                at, at, CASE WHEN n % 20 = 0 THEN at END, CASE WHEN n % 10 = 0 THEN $3::uuid END
         FROM (SELECT *, $2 - n * interval '20 minutes' AS at FROM bench_people) people",
    )
    .bind(workspace)
    .bind(now)
    .bind(members.first().map(|(user, _)| *user))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    let members = members.into_iter();
    Ok(members
        .map(|(user, session)| Member { user, session })
        .collect())
}

/// Two of three orders are paid. One of a thousand waits for its payment.
async fn orders(
    owner: &mut PgConnection,
    workspace: Uuid,
    now: Timestamp,
    size: &Size,
) -> Result<(), CliError> {
    for first in (1..=size.orders).step_by(AT_ONCE as usize) {
        let last = size.orders.min(first + AT_ONCE - 1);
        let (first, last) = (i64::from(first), i64::from(last));
        let mut tx = owner.begin().await?;
        as_platform(&mut tx).await?;
        sqlx::query(
            "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at,
                                 created_at, updated_at)
             SELECT $1, pg_temp.id_at(o.at), o.n, p.contact, 'pending_payment', 'USD', 100 + o.n % 9000, o.at, o.at, o.at
             FROM (SELECT n, (random() * ($5 - 1))::int + 1 AS who, $2 - random() * interval '365 days' AS at
                   FROM generate_series($3, $4) n) o
             JOIN bench_people p ON p.n = o.who",
        )
        .bind(workspace)
        .bind(now)
        .bind(first)
        .bind(last)
        .bind(i32::try_from(size.contacts)?)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE orders SET status = CASE number % 3 WHEN 0 THEN 'expired' ELSE 'delivered' END,
                               paid_at = CASE WHEN number % 3 > 0 THEN created_at END
             WHERE workspace_id = $1 AND number BETWEEN $2 AND $3 AND number % 1000 > 0",
        )
        .bind(workspace)
        .bind(first)
        .bind(last)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Row-level security binds the tables' owner too.
async fn as_platform(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SET LOCAL ROLE kazi_platform")
        .execute(conn)
        .await?;
    Ok(())
}

async fn as_owner(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SET LOCAL ROLE NONE").execute(conn).await?;
    Ok(())
}
