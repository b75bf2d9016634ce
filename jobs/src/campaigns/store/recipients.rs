//! SQL of the recipients.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::credits::{Released, release};
use crate::{
    Work,
    campaigns::recipient::Fit,
    contacts::ContactId,
    conversations::MessageId,
    messages::{self, CampaignId, Withdrawn},
};

/// The number of recipients with a state.
pub struct RecipientState {
    pub state: String,
    /// The reason, for contacts who are left out.
    pub reason: Option<String>,
    pub recipients: i64,
    /// Those who wanted no more marketing after the message.
    pub opted_out: i64,
}

pub async fn clear(work: &mut Work, campaign: CampaignId) -> Result<(), sqlx::Error> {
    let held = sqlx::query_as!(
        Released,
        r#"WITH gone AS (DELETE FROM campaign_messages WHERE workspace_id = $1 AND campaign_id = $2
                         RETURNING campaign_id, state, credits)
           SELECT campaign_id AS "campaign!: CampaignId", sum(credits)::bigint AS "credits!", count(*) AS "messages!"
           FROM gone WHERE state = 'planned' AND credits > 0 GROUP BY 1"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    release(work, &held).await
}

/// Freezes recipients. When several contacts have one phone, the first becomes the recipient; [`insert_left_out`]
/// stores the others.
pub async fn insert(
    work: &mut Work,
    campaign: CampaignId,
    fits: &[(ContactId, Fit)],
) -> Result<Vec<ContactId>, sqlx::Error> {
    let contacts: Vec<Uuid> = fits.iter().map(|(id, _)| id.uuid()).collect();
    let phones: Vec<Option<String>> = fits
        .iter()
        .map(|(_, fit)| Some(fit.phone.as_ref()?.as_str().to_owned()))
        .collect();
    let countries: Vec<Option<String>> = fits.iter().map(|(_, f)| f.country.clone()).collect();
    let languages: Vec<Option<String>> = fits.iter().map(|(_, f)| f.language.clone()).collect();
    // All have a key, or none: an empty array is as good as one of NULLs.
    let link_keys: Vec<i64> = fits.iter().filter_map(|(_, fit)| fit.link_key).collect();
    // All have a zone, or none.
    let zones: Vec<String> = fits
        .iter()
        .filter_map(|(_, fit)| fit.zone.clone())
        .collect();
    let hours: Vec<Option<i16>> = fits.iter().map(|(_, fit)| fit.hour).collect();
    let arms: Vec<Option<i16>> = fits.iter().map(|(_, fit)| fit.arm).collect();
    let alternatives: Vec<Option<String>> = fits
        .iter()
        .map(|(_, fit)| serde_json::to_string(fit.alternatives.as_ref()?).ok())
        .collect();
    // PostgreSQL refuses arrays of different lengths in one array, so each goes as JSON.
    let parameters: Vec<String> = fits
        .iter()
        .map(|(_, fit)| serde_json::to_string(&fit.parameters).unwrap_or_default())
        .collect();
    sqlx::query_scalar!(
        r#"INSERT INTO campaign_messages
               (workspace_id, campaign_id, contact_id, phone, country, language, parameters, state, link_key, zone, hour,
                arm, alternatives)
           SELECT $1, $2, w.contact_id, w.phone, w.country, w.language,
                  ARRAY(SELECT jsonb_array_elements_text(w.parameters::jsonb)), 'planned', w.link_key, w.zone, w.hour,
                  w.arm, w.alternatives::jsonb
           FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
                       $10::smallint[], $11::smallint[], $12::text[])
                AS w(contact_id, phone, country, language, parameters, link_key, zone, hour, arm, alternatives)
           ON CONFLICT DO NOTHING
           RETURNING contact_id AS "contact: ContactId""#,
        work.workspace().uuid(),
        campaign.uuid(),
        &contacts,
        &phones as &[Option<String>],
        &countries as &[Option<String>],
        &languages as &[Option<String>],
        &parameters,
        &link_keys,
        &zones,
        &hours as &[Option<i16>],
        &arms as &[Option<i16>],
        &alternatives as &[Option<String>]
    )
    .fetch_all(work.conn())
    .await
}

/// Stores those who are left out, with the reason and the arm that it lies in.
pub async fn insert_left_out(
    work: &mut Work,
    campaign: CampaignId,
    left_out: &[(ContactId, &'static str, Option<i16>)],
) -> Result<(), sqlx::Error> {
    let contacts: Vec<Uuid> = left_out.iter().map(|(id, ..)| id.uuid()).collect();
    let reasons: Vec<String> = left_out
        .iter()
        .map(|(_, why, _)| (*why).to_owned())
        .collect();
    let arms: Vec<Option<i16>> = left_out.iter().map(|(.., arm)| *arm).collect();
    sqlx::query!(
        "INSERT INTO campaign_messages (workspace_id, campaign_id, contact_id, state, reason, arm)
         SELECT $1, $2, w.contact_id, 'left_out', w.reason, w.arm
         FROM unnest($3::uuid[], $4::text[], $5::smallint[]) AS w(contact_id, reason, arm)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        campaign.uuid(),
        &contacts,
        &reasons,
        &arms as &[Option<i16>]
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Counts the recipients by state.
pub async fn states(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<RecipientState>, sqlx::Error> {
    sqlx::query_as!(
        RecipientState,
        r#"SELECT state, reason, count(*) AS "recipients!", count(opted_out_at) AS "opted_out!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 GROUP BY 1, 2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Counts the recipients by country, the most first.
pub async fn countries(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT coalesce(country, '') AS "country!", count(*) AS "recipients!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state <> 'left_out' GROUP BY 1 ORDER BY 2 DESC, 1"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.country, row.recipients))
        .collect())
}

/// Those who get the winner of a test keep its words.
pub async fn set_queued(
    work: &mut Work,
    campaign: CampaignId,
    winner: Option<i16>,
    queued: &[(ContactId, MessageId)],
) -> Result<(), sqlx::Error> {
    let contacts: Vec<Uuid> = queued.iter().map(|(contact, _)| contact.uuid()).collect();
    let messages: Vec<Uuid> = queued.iter().map(|(_, message)| message.uuid()).collect();
    sqlx::query!(
        "UPDATE campaign_messages c SET state = 'queued', message_id = w.message_id,
                language = CASE WHEN c.arm IS NULL AND c.alternatives IS NOT NULL
                                THEN c.alternatives->($5::int)->>'language' ELSE c.language END,
                parameters = CASE WHEN c.arm IS NULL AND c.alternatives IS NOT NULL
                                  THEN ARRAY(SELECT jsonb_array_elements_text(c.alternatives->($5::int)->'parameters'))
                                  ELSE c.parameters END
         FROM unnest($3::uuid[], $4::uuid[]) AS w(contact_id, message_id)
         WHERE c.workspace_id = $1 AND c.campaign_id = $2 AND c.contact_id = w.contact_id AND c.state = 'planned'",
        work.workspace().uuid(),
        campaign.uuid(),
        &contacts,
        &messages,
        winner.map(i32::from)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Leaves out waiting recipients who cannot get the message.
pub async fn set_left_out(
    work: &mut Work,
    campaign: CampaignId,
    contacts: &[ContactId],
    reason: &str,
) -> Result<(), sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.iter().map(|contact| contact.uuid()).collect();
    let held = sqlx::query_as!(
        Released,
        r#"WITH out AS (UPDATE campaign_messages SET state = 'left_out', reason = $4
                        WHERE workspace_id = $1 AND campaign_id = $2 AND contact_id = ANY($3) AND state = 'planned'
                        RETURNING campaign_id, credits)
           SELECT campaign_id AS "campaign!: CampaignId", sum(credits)::bigint AS "credits!", count(*) AS "messages!"
           FROM out WHERE credits > 0 GROUP BY 1"#,
        work.workspace().uuid(),
        campaign.uuid(),
        &contacts,
        reason
    )
    .fetch_all(work.conn())
    .await?;
    release(work, &held).await
}

/// Lets recipients wait again after their messages were taken back. What these have reserved is theirs again.
pub async fn set_planned(
    work: &mut Work,
    campaign: CampaignId,
    taken: &[Withdrawn],
) -> Result<(), sqlx::Error> {
    // A statement for each price: few, and none joins rows that were written just now and have no statistics.
    let mut by_credits: BTreeMap<Option<i32>, Vec<Uuid>> = BTreeMap::new();
    for one in taken {
        let messages = by_credits.entry(one.credits).or_default();
        messages.push(one.message.uuid());
    }
    for (credits, messages) in by_credits {
        sqlx::query!(
            "UPDATE campaign_messages SET state = 'planned', message_id = NULL, credits = $4
             WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'queued' AND message_id = ANY($3)",
            work.workspace().uuid(),
            campaign.uuid(),
            &messages,
            credits
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// Running campaigns with a message still to come for a contact. `marketing` selects those with marketing content.
pub async fn awaiting(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<Vec<CampaignId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT c.id AS "id: CampaignId" FROM campaign_messages m
           JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
           WHERE m.workspace_id = $1 AND m.contact_id = $2 AND m.state IN ('planned', 'queued')
             AND c.status IN ('planning', 'planned', 'scheduled', 'sending', 'paused')
             AND (NOT $3 OR coalesce(c.category, 'marketing') = 'marketing')"#,
        work.workspace().uuid(),
        contact.uuid(),
        marketing
    )
    .fetch_all(work.conn())
    .await
}

/// Those whose message is queued or has left, in the order of their ids.
pub async fn queued(work: &mut Work, campaign: CampaignId) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT contact_id AS "id: ContactId" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'queued' ORDER BY contact_id"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Whether anybody gets the template in a language.
pub async fn any_in(
    work: &mut Work,
    campaign: CampaignId,
    language: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM campaign_messages
                          WHERE workspace_id = $1 AND campaign_id = $2
                            AND (language = $3 OR alternatives @> jsonb_build_array(jsonb_build_object('language', $3::text))))
               AS "any!""#,
        work.workspace().uuid(),
        campaign.uuid(),
        language
    )
    .fetch_one(work.conn())
    .await
}

/// Leaves a contact out of campaigns where their message waits or was taken back.
pub async fn leave_out(
    work: &mut Work,
    contact: ContactId,
    campaigns: &[CampaignId],
    taken: &[Withdrawn],
    reason: &str,
) -> Result<(), sqlx::Error> {
    let campaigns: Vec<Uuid> = campaigns.iter().map(|id| id.uuid()).collect();
    let gone: Vec<Uuid> = taken.iter().map(|one| one.message.uuid()).collect();
    // A recipient whose message was taken back has nothing reserved beside it.
    let held = sqlx::query_as!(
        Released,
        r#"WITH before AS MATERIALIZED (
               SELECT campaign_id, state FROM campaign_messages
               WHERE workspace_id = $1 AND contact_id = $2 AND campaign_id = ANY($3)
                 AND (state = 'planned' OR message_id = ANY($4)) ORDER BY campaign_id FOR UPDATE),
           out AS (
               UPDATE campaign_messages m SET state = 'left_out', reason = $5, message_id = NULL FROM before
               WHERE m.workspace_id = $1 AND m.contact_id = $2 AND m.campaign_id = before.campaign_id
               RETURNING m.campaign_id, m.credits, before.state = 'planned' AS planned)
           SELECT campaign_id AS "campaign!: CampaignId", sum(credits)::bigint AS "credits!", count(*) AS "messages!"
           FROM out WHERE planned AND credits > 0 GROUP BY 1"#,
        work.workspace().uuid(),
        contact.uuid(),
        &campaigns,
        &gone,
        reason
    )
    .fetch_all(work.conn())
    .await?;
    release(work, &held).await?;
    messages::release(work, taken).await
}

pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    let held = sqlx::query_as!(
        Released,
        r#"WITH before AS MATERIALIZED (
               SELECT campaign_id, state FROM campaign_messages WHERE workspace_id = $1 AND contact_id = $2
               ORDER BY campaign_id FOR UPDATE),
         out AS (UPDATE campaign_messages m SET phone = NULL, country = NULL, parameters = '{}', link_key = NULL, opted_out_at = NULL, zone = NULL, hour = NULL,
                -- They stay in the audience of a test.
                alternatives = CASE WHEN alternatives IS NOT NULL THEN '[]'::jsonb END,
                state = CASE WHEN m.state = 'planned' THEN 'left_out' ELSE m.state END,
                reason = CASE WHEN m.state = 'planned' THEN 'gone' ELSE m.reason END
         FROM before WHERE m.workspace_id = $1 AND m.contact_id = $2 AND m.campaign_id = before.campaign_id
         RETURNING m.campaign_id, m.credits, before.state = 'planned' AS planned)
         SELECT campaign_id AS "campaign!: CampaignId", sum(credits)::bigint AS "credits!", count(*) AS "messages!"
         FROM out WHERE planned AND credits > 0 GROUP BY 1"#,
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    release(work, &held).await
}
