//! The jobs that are about some things.

use sqlx::PgConnection;

use crate::types::{JobId, State, sql};

/// A job that has not ended, or a dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The value of the payload's field.
    pub value: String,
    /// The number of the job.
    pub id: JobId,
    /// [`State::Dead`] for a dead letter.
    pub state: State,
}

/// The jobs of a kind that have one of some values in a field of their payload: those that have not ended, and dead letters.
/// It reads all jobs of the kind, at one moment. It does not look into payloads of kinds with
/// [`Job::SEALED`](crate::Job::SEALED).
pub async fn about(
    conn: &mut PgConnection,
    kind: &str,
    field: &str,
    values: &[String],
) -> Result<Vec<About>, sqlx::Error> {
    // A payload of a later version stands in an envelope.
    let rows = sql!(query,
        r#"WITH meant AS MATERIALIZED (SELECT unnest($3::text[]) AS value)
           SELECT j.value AS "value!", j.id AS "id!", j.state AS "state!" FROM (
               SELECT coalesce(payload->'$kazi'->'payload', payload)->>$2 AS value, id, state FROM queue.jobs WHERE kind = $1
               UNION ALL
               SELECT coalesce(payload->'$kazi'->'payload', payload)->>$2, id, "# Dead r#"::int2 FROM queue.dead WHERE kind = $1
           ) j JOIN meant USING (value) ORDER BY j.id"#,
        kind,
        field,
        values
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| About {
            value: row.value,
            id: JobId(row.id),
            state: State::of_number(row.state),
        })
        .collect())
}
