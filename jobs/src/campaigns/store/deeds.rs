//! SQL of the audiences: what contacts did with the messages of campaigns.

use kazi_platform::{Timestamp, ids::first_uuid_of};
use sqlx::{Postgres, QueryBuilder};

use crate::{
    contacts::{CampaignDeed, Deed, ago, id_of},
    messages::{self, CampaignId, Reached},
};

pub fn push(
    sql: &mut QueryBuilder<Postgres>,
    deed: &Deed,
    now: Timestamp,
    of_contact: &str,
) -> Result<bool, &'static str> {
    let Deed::Campaign {
        did,
        campaign_id,
        within_days,
    } = deed
    else {
        return Ok(false);
    };
    let campaign: Option<CampaignId> = id_of(campaign_id.as_deref(), "campaign_id")?;
    // Ids carry the time at which they were made: that of a message is when it was queued.
    let since = within_days.map(|days| first_uuid_of(ago(now, days)));
    sql.push(
        "SELECT d.contact_id FROM campaign_messages d WHERE d.workspace_id = current_workspace() AND d.state = 'queued'",
    );
    if let Some(campaign) = campaign {
        sql.push(" AND d.campaign_id = ").push_bind(campaign.uuid());
    }
    if let Some(since) = since {
        sql.push(" AND d.message_id >= ").push_bind(since);
    }
    match did {
        CampaignDeed::Received => {
            messages::push_reached(sql, "d.message_id", Reached::Phone, since)
        }
        CampaignDeed::Read => messages::push_reached(sql, "d.message_id", Reached::Reader, since),
        CampaignDeed::Clicked => {
            sql.push(
                " AND EXISTS (SELECT FROM campaign_clicks k WHERE k.workspace_id = d.workspace_id
                   AND k.campaign_id = d.campaign_id AND k.contact_id = d.contact_id)",
            );
        }
    }
    sql.push(of_contact);
    Ok(true)
}
