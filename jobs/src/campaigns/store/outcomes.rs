//! SQL of what came of the parts of a test.

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Work,
    campaigns::{Revenue, results::Conversion},
    contacts::ContactId,
    messages::{self, CampaignId},
};

/// A part of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Of {
    /// Gets nothing.
    pub holdout: bool,
    /// Without it, and not of the holdout: gets the winner.
    pub arm: Option<i16>,
}

/// Contacts of a part whose rows and messages stand so far.
#[derive(Debug, sqlx::FromRow)]
pub struct Standing {
    #[sqlx(flatten)]
    pub of: Of,
    /// planned, left_out, queued.
    pub state: String,
    /// The status of the message.
    pub status: Option<String>,
    pub contacts: i64,
    pub clicked: i64,
    pub opted_out: i64,
}

/// Counts the contacts of each part.
pub async fn standings(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<Standing>, sqlx::Error> {
    let mut sql = QueryBuilder::new(
        "SELECT coalesce(m.reason = 'holdout', false) AS holdout, m.arm, m.state, o.status, count(*) AS contacts,
                count(*) FILTER (WHERE EXISTS (
                    SELECT FROM campaign_clicks k WHERE k.workspace_id = m.workspace_id
                      AND k.campaign_id = m.campaign_id AND k.contact_id = m.contact_id)) AS clicked,
                count(m.opted_out_at) AS opted_out
         FROM campaign_messages m",
    );
    messages::push_status(&mut sql, "m.message_id", "o");
    sql.push(" WHERE m.workspace_id = ")
        .push_bind(work.workspace().uuid())
        .push(" AND m.campaign_id = ")
        .push_bind(campaign.uuid())
        .push(" AND (m.alternatives IS NOT NULL OR m.reason = 'holdout') GROUP BY 1, 2, 3, 4");
    sql.build_query_as().fetch_all(work.conn()).await
}

/// Counts an order or a booking for each test whose audience the person is in and whose days are not over. For those who
/// get the winner the days begin with the decision, and else with the campaign.
pub async fn insert(
    work: &mut Work,
    person: &[ContactId],
    conversion: &Conversion,
) -> Result<(), sqlx::Error> {
    let person: Vec<Uuid> = person.iter().map(|id| id.uuid()).collect();
    let (minor, currency) = conversion.worth.clone().unzip();
    sqlx::query!(
        "INSERT INTO campaign_outcomes (workspace_id, campaign_id, subject, contact_id, minor, currency, at)
         SELECT DISTINCT ON (m.campaign_id) m.workspace_id, m.campaign_id, $3, m.contact_id, $4, $5, $6
         FROM campaign_messages m JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
         CROSS JOIN LATERAL (SELECT CASE WHEN m.arm IS NULL AND m.alternatives IS NOT NULL THEN c.decided_at
                                         ELSE c.started_at END AS at) AS began
         WHERE m.workspace_id = $1 AND m.contact_id = ANY($2) AND c.experiment IS NOT NULL
           AND (m.alternatives IS NOT NULL OR m.reason = 'holdout')
           AND $6 >= began.at AND $6 <= began.at + make_interval(days => c.conversion_days)
         ORDER BY m.campaign_id, m.contact_id
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        &person,
        conversion.subject,
        minor,
        currency as Option<String>,
        conversion.at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn delete(work: &mut Work, subject: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM campaign_outcomes WHERE workspace_id = $1 AND subject = $2",
        work.workspace().uuid(),
        subject
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM campaign_outcomes WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The people of a part who ordered or booked, and their orders and bookings.
pub struct Ordered {
    pub of: Of,
    pub people: i64,
    pub orders: i64,
}

pub async fn ordered(work: &mut Work, campaign: CampaignId) -> Result<Vec<Ordered>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT coalesce(m.reason = 'holdout', false) AS "holdout!", m.arm, count(DISTINCT o.contact_id) AS "people!",
                  count(*) AS "orders!"
           FROM campaign_outcomes o JOIN campaign_messages m ON m.workspace_id = o.workspace_id
             AND m.campaign_id = o.campaign_id AND m.contact_id = o.contact_id
           WHERE o.workspace_id = $1 AND o.campaign_id = $2 GROUP BY 1, 2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter().map(|row| Ordered {
        of: Of {
            holdout: row.holdout,
            arm: row.arm,
        },
        people: row.people,
        orders: row.orders,
    });
    Ok(rows.collect())
}

/// What the orders and bookings of each part are worth, by currency, the most first.
pub async fn revenue(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<(Of, Revenue)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT coalesce(m.reason = 'holdout', false) AS "holdout!", m.arm, o.currency AS "currency!",
                  sum(o.minor)::bigint AS "minor!"
           FROM campaign_outcomes o JOIN campaign_messages m ON m.workspace_id = o.workspace_id
             AND m.campaign_id = o.campaign_id AND m.contact_id = o.contact_id
           WHERE o.workspace_id = $1 AND o.campaign_id = $2 AND o.currency IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter().map(|row| {
        let of = Of {
            holdout: row.holdout,
            arm: row.arm,
        };
        let revenue = Revenue {
            currency: row.currency,
            amount_minor: row.minor,
        };
        (of, revenue)
    });
    Ok(rows.collect())
}
