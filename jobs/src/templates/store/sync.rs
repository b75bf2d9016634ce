//! SQL of the comparison with Meta's templates.

use kazi_platform::{Timestamp, without_nul};
use serde_json::Value;
use uuid::Uuid;

use crate::{Work, templates::sync::AtMeta};

/// Stores templates as Meta has them.
pub async fn save(work: &mut Work, all: &[&AtMeta]) -> Result<(), sqlx::Error> {
    if all.is_empty() {
        return Ok(());
    }
    let templates = || all.iter().map(|one| &one.template);
    let ids: Vec<Uuid> = templates().map(|one| one.id.uuid()).collect();
    let texts = |read: fn(&AtMeta) -> &str| -> Vec<String> {
        all.iter().map(|one| read(one).to_owned()).collect()
    };
    let components: Vec<Value> = templates().map(|one| one.components.clone()).collect();
    let paused: Vec<Option<Timestamp>> = templates().map(|one| one.paused_until).collect();
    let provider_ids: Vec<Option<String>> = all.iter().map(|one| one.provider_id.clone()).collect();
    let reasons: Vec<Option<String>> = all
        .iter()
        .map(|one| one.reason.as_deref().map(without_nul))
        .collect();
    sqlx::query!(
        "INSERT INTO templates AS t (workspace_id, id, account_id, name, language, category, status, body, components,
                                     paused_until, provider_id, quality, reason, synced_at, updated_at)
         SELECT $1, w.id, w.account, w.name, w.language, w.category, w.status, w.body, w.components, w.paused_until,
                w.provider_id, w.quality, w.reason, now(), $2
         FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[],
                     $11::timestamptz[], $12::text[], $13::text[], $14::text[])
              AS w(id, account, name, language, category, status, body, components, paused_until, provider_id, quality, reason)
         ON CONFLICT (workspace_id, account_id, name, language) DO UPDATE
             SET category = excluded.category, status = excluded.status, body = excluded.body,
                 components = excluded.components, paused_until = excluded.paused_until,
                 provider_id = excluded.provider_id, quality = excluded.quality, reason = excluded.reason,
                 next_category = nullif(t.next_category, excluded.category), synced_at = now(),
                 updated_at = excluded.updated_at",
        work.workspace().uuid(),
        work.now(),
        &ids,
        &texts(|one| &one.template.account),
        &texts(|one| &one.template.name),
        &texts(|one| &one.template.language),
        &texts(|one| one.template.category.name()),
        &texts(|one| one.template.status.name()),
        &texts(|one| &one.template.body),
        &components,
        &paused as &[Option<Timestamp>],
        &provider_ids as &[Option<String>],
        &texts(|one| one.quality),
        &reasons as &[Option<String>]
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
