//! SQL of the recipients who come next.

use kazi_platform::Phone;

use crate::{Work, campaigns::Group, contacts::ContactId, messages::CampaignId};

/// The next recipient to queue.
pub struct Next {
    pub contact: ContactId,
    /// Empty for somebody whom the channel knows only by a user id.
    pub phone: String,
    pub language: Option<String>,
    pub parameters: Vec<String>,
    /// The arm whose content they get, in a test.
    pub arm: Option<i16>,
    /// What the message has reserved.
    pub credits: Option<i32>,
}

impl Next {
    /// The phone as it was frozen.
    pub fn phone(&self) -> Option<Phone> {
        Phone::from_stored(&self.phone)
    }
}

/// The next waiting recipients, without those of some countries. The caller holds the campaign's row, so nobody else takes
/// them. Those without an arm of their own get the winner of the test.
pub async fn of(
    work: &mut Work,
    campaign: CampaignId,
    winner: Option<i16>,
    not_of: &[String],
    limit: i64,
) -> Result<Vec<Next>, sqlx::Error> {
    sqlx::query_as!(
        Next,
        r#"SELECT contact_id AS "contact: ContactId", coalesce(phone, '') AS "phone!",
                  CASE WHEN arm IS NULL AND alternatives IS NOT NULL THEN alternatives->($5::int)->>'language'
                       ELSE language END AS language,
                  CASE WHEN arm IS NULL AND alternatives IS NOT NULL
                       THEN ARRAY(SELECT jsonb_array_elements_text(alternatives->($5::int)->'parameters'))
                       ELSE parameters END AS "parameters!",
                  coalesce(arm, CASE WHEN alternatives IS NOT NULL THEN $5::int::smallint END) AS arm, credits
           FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND coalesce(country, '') <> ALL($3)
           ORDER BY contact_id LIMIT $4"#,
        work.workspace().uuid(),
        campaign.uuid(),
        not_of,
        limit,
        winner.map(i32::from)
    )
    .fetch_all(work.conn())
    .await
}

/// As [`of`], those of some groups. An index finds each group, so the groups that wait cost nothing. Without a winner, those
/// whose arm was stopped wait.
pub async fn within(
    work: &mut Work,
    campaign: CampaignId,
    winner: Option<i16>,
    groups: &[Group],
    limit: i64,
) -> Result<Vec<Next>, sqlx::Error> {
    // -1: no hour.
    let groups = groups
        .iter()
        .map(|group| (group.time_zone.clone(), group.hour.unwrap_or(-1)));
    let (zones, hours): (Vec<String>, Vec<i16>) = groups.unzip();
    sqlx::query_as!(
        Next,
        r#"SELECT n.contact_id AS "contact!: ContactId", coalesce(n.phone, '') AS "phone!",
                  CASE WHEN n.arm IS NULL AND n.alternatives IS NOT NULL THEN n.alternatives->($6::int)->>'language'
                       ELSE n.language END AS language,
                  CASE WHEN n.arm IS NULL AND n.alternatives IS NOT NULL
                       THEN ARRAY(SELECT jsonb_array_elements_text(n.alternatives->($6::int)->'parameters'))
                       ELSE n.parameters END AS "parameters!",
                  coalesce(n.arm, CASE WHEN n.alternatives IS NOT NULL THEN $6::int::smallint END) AS arm, n.credits
           FROM unnest($3::text[], $4::smallint[]) AS due(zone, hour) CROSS JOIN LATERAL (
               SELECT contact_id, phone, language, parameters, arm, alternatives, credits FROM campaign_messages m
               WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND m.zone IS NOT NULL
                 AND m.zone = due.zone AND coalesce(m.hour, '-1'::smallint) = due.hour
                 AND (arm IS NOT NULL OR alternatives IS NULL OR $6::int IS NOT NULL)
               ORDER BY contact_id LIMIT $5) n
           LIMIT $5"#,
        work.workspace().uuid(),
        campaign.uuid(),
        &zones,
        &hours,
        limit,
        winner.map(i32::from)
    )
    .fetch_all(work.conn())
    .await
}

/// Returns true when a recipient of any country waits.
pub async fn any(work: &mut Work, campaign: CampaignId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM campaign_messages
                          WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned') AS "left!""#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await
}
