//! Contacts with tags, orders and campaigns, written straight into the tables.

use kazi_jobs::{Context, messages};
use kazi_platform::WorkspaceId;
use sqlx::Connection;

use crate::CliError;

/// The product and the campaign for which the audiences ask.
pub(super) const PRODUCT: &str = "00000000000070008000000000000007";
pub(super) const CAMPAIGN: &str = "00000000000070008000000000000001";

/// Statements over the workspace `$1`, the time `$2` and the number of contacts `$3`.
const STEPS: [(&str, &str); 8] = [
    (
        "contacts",
        "INSERT INTO contacts (workspace_id, id, name, phone, language, country, marketing, created_at, last_activity_at)
         SELECT $1, pg_temp.id_of(n, 1), 'Amina ' || n, '+2547' || (10000000 + n),
                (ARRAY['en', 'en', 'sw', 'fr'])[1 + n % 4], (ARRAY['KE', 'KE', 'TZ', 'UG', 'RW'])[1 + n % 5],
                CASE n % 10 WHEN 0 THEN false WHEN 1 THEN NULL ELSE true END, $2 - interval '400 days',
                $2 - random() * interval '365 days'
         FROM generate_series(1, $3) n",
    ),
    (
        "tags",
        "INSERT INTO contact_tags (workspace_id, id, name)
         SELECT $1, pg_temp.id_of(n, 2), 'g' || n FROM generate_series(0, least(19, $3)) n WHERE $2 IS NOT NULL",
    ),
    (
        "taggings",
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT DISTINCT $1::uuid, pg_temp.id_of(t.tag, 2), pg_temp.id_of(n, 1)
         FROM generate_series(1, $3) n CROSS JOIN LATERAL (VALUES (n % 20), ((n / 20 * 7) % 20)) AS t(tag)
         WHERE $2 IS NOT NULL",
    ),
    (
        "orders",
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, created_at,
                             updated_at, paid_at)
         SELECT $1, pg_temp.id_of(o.n, 3), o.n, pg_temp.id_of(o.who, 1), CASE o.n % 3 WHEN 0 THEN 'expired' ELSE 'delivered' END,
                'USD', 100 + o.n % 9000, o.at, o.at, o.at, CASE WHEN o.n % 3 > 0 THEN o.at END
         FROM (SELECT n, (random() * ($3 - 1))::int + 1 AS who, $2 - random() * interval '365 days' AS at
               FROM generate_series(1, $3 / 2) n) o",
    ),
    (
        "items of orders",
        "INSERT INTO order_items (workspace_id, order_id, position, product_id, sku, name, quantity, price_minor)
         SELECT $1, pg_temp.id_of(n, 3), 1, pg_temp.id_of(n % 200, 0), 'sku', 'Tea', 1, 100
         FROM generate_series(1, $3 / 2) n WHERE $2 IS NOT NULL",
    ),
    (
        "conversations",
        "INSERT INTO conversations (workspace_id, id, contact_id, channel_id, recipient)
         SELECT $1, pg_temp.id_of(n, 4), pg_temp.id_of(n, 1), (SELECT id FROM channels WHERE workspace_id = $1),
                '2547' || (10000000 + n)
         FROM generate_series(1, $3 / 10 * 4) n WHERE $2 IS NOT NULL",
    ),
    (
        "messages of campaigns",
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, created_at, accepted_at, delivered_at, read_at, campaign_id)
         SELECT $1, pg_temp.id_at($2 - m.campaign * interval '20 days', m.n, m.campaign), pg_temp.id_of(m.n, 4),
                pg_temp.id_of(m.n, 1), (SELECT id FROM channels WHERE workspace_id = $1), '2547' || (10000000 + m.n), 'out',
                'template', 'Tea is cheap today.', '{\"kind\": \"text\", \"text\": \"Tea is cheap today.\"}', 'campaign',
                m.status, m.at, m.at, CASE WHEN m.status <> 'failed' THEN m.at END,
                CASE m.status WHEN 'read' THEN m.at END, pg_temp.id_of(m.campaign, 0)
         FROM (SELECT n, campaign, (ARRAY['read', 'read', 'delivered', 'delivered', 'failed'])[1 + n % 5] AS status,
                      $2 - campaign * interval '20 days' AS at
               FROM generate_series(1, $3 / 10 * 3) n, generate_series(1, 2) campaign) m",
    ),
    (
        "recipients of campaigns",
        "INSERT INTO campaign_messages (workspace_id, campaign_id, contact_id, phone, country, language, state, message_id)
         SELECT $1, pg_temp.id_of(campaign, 0), pg_temp.id_of(n, 1), '+2547' || (10000000 + n), 'KE', 'en', 'queued',
                pg_temp.id_at($2 - campaign * interval '20 days', n, campaign)
         FROM generate_series(1, $3 / 10 * 3) n, generate_series(1, 2) campaign",
    ),
];

/// Writes all of it. Calls `begins` with what comes next.
pub(super) async fn write(
    ctx: &Context,
    workspace: WorkspaceId,
    contacts: u32,
    begins: impl Fn(&str),
) -> Result<(), CliError> {
    let now = ctx.clock.now();
    let mut owner = ctx.owner.acquire().await?;
    for month in 0..=2 {
        messages::make_partitions(&mut owner, now - chrono::Months::new(month)).await?;
    }
    // The ids are made of the numbers of the rows: no step looks up another's.
    sqlx::raw_sql(
        "CREATE FUNCTION pg_temp.id_of(n bigint, kind integer) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
             ('0000000000007000800' || kind || lpad(to_hex(n), 12, '0'))::uuid;
         CREATE FUNCTION pg_temp.id_at(at timestamptz, n bigint, kind integer) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
             (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000800' || kind || lpad(to_hex(n), 12, '0'))::uuid",
    )
    .execute(&mut *owner)
    .await?;
    sqlx::raw_sql("SET statement_timeout = 0")
        .execute(&mut *owner)
        .await?;
    let mut tx = owner.begin().await?;
    // Events and figures of so many rows are not of this measurement. An interruption takes back this change as well.
    const WATCHED: [&str; 4] = ["contacts", "orders", "messages", "conversations"];
    for table in WATCHED {
        let off = format!("ALTER TABLE {table} DISABLE TRIGGER USER");
        sqlx::raw_sql(sqlx::AssertSqlSafe(off))
            .execute(&mut *tx)
            .await?;
    }
    // Row-level security binds the tables' owner too.
    sqlx::raw_sql("SET LOCAL ROLE kazi_platform")
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO products (workspace_id, id, sku, price_minor, currency)
         SELECT $1, pg_temp.id_of(n, 0), 'tea-' || n, 100, 'USD' FROM generate_series(0, 199) n",
    )
    .bind(workspace.uuid())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO campaigns (workspace_id, id, name, channel_id, content, status, category)
         SELECT $1, pg_temp.id_of(n, 0), 'Tea ' || n, (SELECT id FROM channels WHERE workspace_id = $1),
                '{\"kind\": \"template\", \"name\": \"offer\"}', 'completed', 'marketing'
         FROM generate_series(1, 2) n",
    )
    .bind(workspace.uuid())
    .execute(&mut *tx)
    .await?;
    for (what, statement) in STEPS {
        begins(what);
        sqlx::query(statement)
            .bind(workspace.uuid())
            .bind(now)
            .bind(i32::try_from(contacts)?)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::raw_sql("SET LOCAL ROLE NONE")
        .execute(&mut *tx)
        .await?;
    for table in WATCHED {
        let on = format!("ALTER TABLE {table} ENABLE TRIGGER USER");
        sqlx::raw_sql(sqlx::AssertSqlSafe(on))
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    begins("statistics");
    sqlx::query("VACUUM ANALYZE").execute(&mut *owner).await?;
    sqlx::raw_sql("RESET statement_timeout")
        .execute(&mut *owner)
        .await?;
    Ok(())
}
