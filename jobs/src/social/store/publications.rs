//! SQL of publications and their steps.

use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    social::{
        AccountId, Media, Network, Publication, PublicationId, PublicationStep, ScheduleId,
        publish::Post,
    },
};

/// The publications, newest first.
pub async fn publications(
    work: &mut Work,
    account: Option<AccountId>,
    after: Option<PublicationId>,
    limit: i64,
) -> Result<Vec<Publication>, sqlx::Error> {
    sqlx::query_as!(
        Publication,
        r#"SELECT p.id AS "id: PublicationId", p.schedule_id AS "schedule_id: ScheduleId",
                  p.account_id AS "account_id: AccountId", p.network AS "network: Network", s.status, p.text,
                  p.media AS "media: Json<Vec<Media>>", p.post_id, p.permalink, p.error, p.started_at, p.published_at,
                  (SELECT coalesce(jsonb_agg(jsonb_build_object('step', t.step, 'external_id', t.external_id,
                                                                'detail', t.detail, 'at', t.at) ORDER BY t.id), '[]')
                   FROM social_steps t WHERE t.workspace_id = p.workspace_id AND t.publication_id = p.id)
                      AS "steps!: Json<Vec<PublicationStep>>"
           FROM social_publications p
           JOIN social_schedules s ON s.workspace_id = p.workspace_id AND s.id = p.schedule_id
           WHERE p.workspace_id = $1 AND ($2::uuid IS NULL OR p.account_id = $2) AND ($3::uuid IS NULL OR p.id < $3)
           ORDER BY p.id DESC LIMIT $4"#,
        work.workspace().uuid(),
        account.map(AccountId::uuid),
        after.map(PublicationId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn publication(
    work: &mut Work,
    id: PublicationId,
) -> Result<Option<Publication>, sqlx::Error> {
    sqlx::query_as!(
        Publication,
        r#"SELECT p.id AS "id: PublicationId", p.schedule_id AS "schedule_id: ScheduleId",
                  p.account_id AS "account_id: AccountId", p.network AS "network: Network", s.status, p.text,
                  p.media AS "media: Json<Vec<Media>>", p.post_id, p.permalink, p.error, p.started_at, p.published_at,
                  (SELECT coalesce(jsonb_agg(jsonb_build_object('step', t.step, 'external_id', t.external_id,
                                                                'detail', t.detail, 'at', t.at) ORDER BY t.id), '[]')
                   FROM social_steps t WHERE t.workspace_id = p.workspace_id AND t.publication_id = p.id)
                      AS "steps!: Json<Vec<PublicationStep>>"
           FROM social_publications p
           JOIN social_schedules s ON s.workspace_id = p.workspace_id AND s.id = p.schedule_id
           WHERE p.workspace_id = $1 AND p.id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The progress of a schedule's publication.
pub(in crate::social) async fn of_schedule(
    work: &mut Work,
    schedule: ScheduleId,
) -> Result<Option<Post>, sqlx::Error> {
    sqlx::query_as!(
        Post,
        r#"SELECT id AS "id: PublicationId", text, media AS "media: Json<Vec<Media>>", parts, container_id, containers,
                  asked_at, asks, version, before
           FROM social_publications WHERE workspace_id = $1 AND schedule_id = $2"#,
        work.workspace().uuid(),
        schedule.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Begins a publication with the present text and images, or begins it again.
pub(in crate::social) async fn start(
    work: &mut Work,
    schedule: ScheduleId,
    (account, network): (AccountId, Network),
    (text, media): (&str, &Json<Vec<Media>>),
) -> Result<Post, sqlx::Error> {
    sqlx::query_as!(
        Post,
        r#"INSERT INTO social_publications AS p (workspace_id, id, schedule_id, account_id, network, text, media, started_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (workspace_id, schedule_id) DO UPDATE
               SET text = $6, media = $7, parts = '{}', container_id = NULL, containers = 0, asked_at = NULL, asks = 0,
                   before = '{}', error = NULL, started_at = $8, version = p.version + 1
           RETURNING id AS "id: PublicationId", text, media AS "media: Json<Vec<Media>>", parts, container_id, containers,
                     asked_at, asks, version, before"#,
        work.workspace().uuid(),
        PublicationId::at(work.now()).uuid(),
        schedule.uuid(),
        account.uuid(),
        network.name(),
        text,
        media as _,
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

/// Stores the progress. Returns false when another run was faster.
pub(in crate::social) async fn save(work: &mut Work, post: &Post) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE social_publications
         SET parts = $4, container_id = $5, containers = $6, asked_at = $7, asks = $8, before = $9, version = $3 + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
        work.workspace().uuid(),
        post.id.uuid(),
        post.version,
        &post.parts,
        post.container_id,
        post.containers,
        post.asked_at,
        post.asks,
        &post.before
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds a line to the history.
pub(in crate::social) async fn step(
    work: &mut Work,
    publication: PublicationId,
    step: &str,
    (external_id, detail): (Option<&str>, Option<&str>),
) -> Result<(), sqlx::Error> {
    // The ids use the process's clock, so that the lines keep their order even when the jobs' clock stands still.
    sqlx::query!(
        "INSERT INTO social_steps (workspace_id, publication_id, id, step, external_id, detail, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        work.workspace().uuid(),
        publication.uuid(),
        Uuid::now_v7(),
        step,
        external_id,
        detail,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Those of these posts that belong to other publications.
pub(in crate::social) async fn known(
    work: &mut Work,
    posts: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT post_id AS "post_id!" FROM social_publications WHERE workspace_id = $1 AND post_id = ANY ($2)"#,
        work.workspace().uuid(),
        posts
    )
    .fetch_all(work.conn())
    .await
}

/// Marks it as public.
pub(in crate::social) async fn published(
    work: &mut Work,
    id: PublicationId,
    post: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_publications SET post_id = $3, published_at = $4, error = NULL, version = version + 1
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        post,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores the public address.
pub(in crate::social) async fn set_permalink(
    work: &mut Work,
    id: PublicationId,
    permalink: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_publications SET permalink = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        permalink
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores why it failed.
pub(in crate::social) async fn set_error(
    work: &mut Work,
    id: PublicationId,
    words: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_publications SET error = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        words
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
