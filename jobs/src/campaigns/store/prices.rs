//! SQL of the prices.

use crate::{Work, campaigns::Price, templates::Category};

pub async fn list(work: &mut Work) -> Result<Vec<Price>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT country, category, micros, currency FROM campaign_prices WHERE workspace_id = $1
         ORDER BY country, category",
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Price {
                country: row.country,
                category: super::read::<Category>(&row.category)?,
                micros: row.micros,
                currency: row.currency,
            })
        })
        .collect()
}

/// A workspace may have no prices, so no row of theirs could be locked.
pub async fn lock(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('campaign prices ' || $1::text, 0))",
        work.workspace().uuid().to_string()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Replaces all prices.
pub async fn replace(work: &mut Work, prices: &[Price]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM campaign_prices WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .execute(work.conn())
    .await?;
    let texts = |of: fn(&Price) -> String| prices.iter().map(of).collect::<Vec<_>>();
    sqlx::query!(
        "INSERT INTO campaign_prices (workspace_id, country, category, micros, currency)
         SELECT $1, w.country, w.category, w.micros, w.currency
         FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) AS w(country, category, micros, currency)",
        work.workspace().uuid(),
        &texts(|price| price.country.clone()),
        &texts(|price| price.category.name().to_owned()),
        &prices.iter().map(|price| price.micros).collect::<Vec<_>>(),
        &texts(|price| price.currency.clone())
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
