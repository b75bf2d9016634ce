//! SQL of the message for whose credits an automation waits.

use kazi_platform::texts::TextError;

use crate::{
    Work,
    automations::{AutomationId, credits::Unpaid},
    templates::Category,
};

pub async fn set_unpaid(
    work: &mut Work,
    id: AutomationId,
    unpaid: &Unpaid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE automations SET unpaid_country = $3, unpaid_category = $4 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        unpaid.country,
        unpaid.category.map(Category::name)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn unpaid(work: &mut Work, id: AutomationId) -> Result<Unpaid, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT unpaid_country, unpaid_category FROM automations WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let category = row.unpaid_category.as_deref().map(str::parse).transpose();
    Ok(Unpaid {
        country: row.unpaid_country,
        category: category.map_err(|error: TextError| sqlx::Error::Decode(error.into()))?,
    })
}
