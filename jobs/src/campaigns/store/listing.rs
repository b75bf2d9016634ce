//! SQL of the list of recipients.

use kazi_platform::Timestamp;
use serde::Serialize;
use sqlx::QueryBuilder;
use utoipa::ToSchema;

use crate::{
    Work,
    contacts::ContactId,
    conversations::MessageId,
    messages::{self, CampaignId},
};

/// A contact in a campaign, as the planning has frozen it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, ToSchema)]
#[schema(as = CampaignRecipient)]
pub struct Recipient {
    pub contact_id: ContactId,
    /// E.164.
    pub phone: Option<String>,
    /// ISO 3166.
    pub country: Option<String>,
    /// The language of the template.
    pub language: Option<String>,
    /// The values of the variables.
    pub parameters: Vec<String>,
    /// The time zone in which the campaign's hour counts, if it goes out by the recipients' clocks.
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: Option<String>,
    /// The hour in which the contact reads. Without it, the campaign's.
    pub hour: Option<i16>,
    /// planned, left_out, not_sent, or how far the message got: queued, sending, accepted, sent, delivered, read, failed.
    pub state: String,
    /// Why the contact gets no message: a code for programs. For a failure, the provider's code, or `none` if it gave none.
    pub reason: Option<String>,
    /// Where the contact is in the campaign's test: `test` (gets an arm), `rest` (gets the winner) or `holdout` (gets
    /// nothing, and is counted). `null`: the campaign has no test, or they are left out for another reason.
    #[schema(example = "test")]
    pub part: Option<String>,
    /// The name of the arm whose content they get.
    #[schema(example = "With a discount")]
    pub arm: Option<String>,
    /// The message, once it is queued.
    pub message_id: Option<MessageId>,
    /// The first click on a tracked link.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub clicked_at: Option<Timestamp>,
    /// The first order or booking that counts for the campaign.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub converted_at: Option<Timestamp>,
    /// The id of this order or booking.
    #[schema(example = "ord_01890000000000000000000000000000")]
    pub converted_by: Option<String>,
    /// When the contact wanted no more marketing after the message.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opted_out_at: Option<Timestamp>,
}

/// Which recipients to list.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The state of the row: planned, left_out, queued.
    pub state: Option<&'static str>,
    /// Why they are left out.
    pub reason: Option<String>,
    /// The status of their message, and the provider's code of its failure.
    pub message: Option<(&'static str, Option<String>)>,
}

/// A page of a campaign's recipients by contact, after the given one, with the states of their rows.
pub async fn recipients(
    work: &mut Work,
    campaign: CampaignId,
    chosen: &Chosen,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Recipient>, sqlx::Error> {
    let mut sql = QueryBuilder::new(
        "SELECT m.contact_id, m.phone, m.country, m.language, m.parameters, m.zone AS time_zone, m.hour, m.state, m.reason,
                CASE WHEN m.reason = 'holdout' THEN 'holdout' WHEN m.alternatives IS NULL THEN NULL
                     WHEN m.arm IS NULL THEN 'rest' ELSE 'test' END AS part,
                CASE WHEN m.alternatives IS NOT NULL
                     THEN c.experiment->'arms'->(coalesce(m.arm, c.winner)::int)->>'name' END AS arm,
                m.message_id, m.opted_out_at, v.at AS converted_at, v.subject AS converted_by,
                (SELECT min(k.first_at) FROM campaign_clicks k WHERE k.workspace_id = m.workspace_id
                   AND k.campaign_id = m.campaign_id AND k.contact_id = m.contact_id) AS clicked_at
         FROM campaign_messages m JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
         LEFT JOIN LATERAL (
             SELECT at, subject FROM campaign_conversions v WHERE v.workspace_id = m.workspace_id
               AND v.campaign_id = m.campaign_id AND v.contact_id = m.contact_id ORDER BY at LIMIT 1) AS v ON true
         WHERE m.workspace_id = ",
    );
    sql.push_bind(work.workspace().uuid())
        .push(" AND m.campaign_id = ")
        .push_bind(campaign.uuid());
    if let Some(state) = chosen.state {
        sql.push(" AND m.state = ").push_bind(state);
    }
    if let Some(reason) = &chosen.reason {
        sql.push(" AND m.reason = ").push_bind(reason.clone());
    }
    if let Some((status, code)) = &chosen.message {
        messages::push_standing(&mut sql, "m.message_id", campaign, status, code.as_deref());
    }
    if let Some(after) = after {
        sql.push(" AND m.contact_id > ").push_bind(after.uuid());
    }
    sql.push(" ORDER BY m.contact_id LIMIT ").push_bind(limit);
    sql.build_query_as()
        .persistent(false)
        .fetch_all(work.conn())
        .await
}

pub async fn count_recipients(work: &mut Work, campaign: CampaignId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM campaign_messages WHERE workspace_id = $1 AND campaign_id = $2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await
}
