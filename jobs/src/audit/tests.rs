use chrono::{Months, TimeDelta};
use kazi_platform::{
    WorkspaceId,
    actor::{Actor, ActorKind},
    partitions,
};
use uuid::Uuid;

use kazi_queue::Job;

use super::*;
use crate::testing::Shop;

fn member(user: Uuid) -> Actor {
    Actor {
        kind: ActorKind::Member,
        id: Some(user),
        address: Some([127, 0, 0, 1].into()),
        request: Some("req".into()),
    }
}

async fn note(shop: &Shop, actor: &Actor, action: &'static str, subject: Uuid) {
    let mut work = shop.work().await;
    let change = Change::created(action, ("thing", subject), &serde_json::json!({"n": 1}));
    record(work.conn(), Some(shop.workspace), actor, &change)
        .await
        .unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn records_are_found_by_who_what_on_what_and_when_page_by_page() {
    let shop = Shop::open().await;
    // The shop's own channels are recorded too.
    sqlx::query("DELETE FROM audit_log")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let (amina, ben) = (Uuid::new_v4(), Uuid::new_v4());
    let (cup, pot) = (Uuid::new_v4(), Uuid::new_v4());
    note(&shop, &member(amina), "things.create", cup).await;
    note(&shop, &member(ben), "things.update", cup).await;
    note(&shop, &Actor::SYSTEM, "things.update", pot).await;
    note(&shop, &member(amina), "others.update", pot).await;

    let found = async |filter: AuditFilter, workspace: WorkspaceId| {
        let mut work = shop.work_in(workspace, Actor::OPERATOR).await;
        let all = list(&mut work, &filter, None, 50).await.unwrap();
        all.into_iter()
            .map(|record| record.action)
            .collect::<Vec<_>>()
    };
    let any = AuditFilter::default;
    for (filter, expected) in [
        (
            any(),
            &[
                "others.update",
                "things.update",
                "things.update",
                "things.create",
            ][..],
        ),
        (
            AuditFilter {
                actor: Some(amina),
                ..any()
            },
            &["others.update", "things.create"],
        ),
        (
            AuditFilter {
                actor_kind: Some("system".into()),
                ..any()
            },
            &["things.update"],
        ),
        (
            AuditFilter {
                action: Some("things.update".into()),
                ..any()
            },
            &["things.update", "things.update"],
        ),
        (
            AuditFilter {
                action: Some("others".into()),
                ..any()
            },
            &["others.update"],
        ),
        (
            AuditFilter {
                subject: Some(cup),
                ..any()
            },
            &["things.update", "things.create"],
        ),
        (
            AuditFilter {
                subject_kind: Some("nothing".into()),
                ..any()
            },
            &[],
        ),
        (
            AuditFilter {
                from: Some(shop.now() + TimeDelta::days(1)),
                ..any()
            },
            &[],
        ),
        (
            AuditFilter {
                until: Some(shop.now() - TimeDelta::days(1)),
                ..any()
            },
            &[],
        ),
    ] {
        let shown = format!("{filter:?}");
        assert_eq!(found(filter, shop.workspace).await, expected, "{shown}");
    }
    assert!(found(any(), WorkspaceId::new()).await.is_empty());

    let mut work = shop.work().await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = list(&mut work, &any(), after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        assert!((shop.now() - last.at).abs() < TimeDelta::minutes(10));
        seen.extend(page.into_iter().map(|record| record.id));
    }
    assert_eq!(seen.len(), 4);
}

#[tokio::test]
async fn months_are_kept_for_two_years() {
    let shop = Shop::open().await;
    let mut conn = shop.conn().await;
    let month = |months| shop.now().checked_sub_months(Months::new(months)).unwrap();
    for months in [23, 26] {
        partitions::ensure(
            &mut conn,
            "audit_log",
            partitions::Period::Month,
            month(months),
            0,
            100,
        )
        .await
        .unwrap();
    }
    let there = async |months: u32| {
        let table = format!("audit_log_{}", month(months).format("%Y_%m"));
        sqlx::query_scalar::<_, bool>("SELECT to_regclass($1) IS NOT NULL")
            .bind(table)
            .fetch_one(&shop.ctx.db)
            .await
            .unwrap()
    };
    assert!(there(23).await && there(26).await);
    Purge {}.enqueue(&mut conn).await.unwrap();
    drop(conn);
    assert_eq!(shop.drain().await.done, 1);
    assert!(there(23).await && !there(26).await && there(0).await);
}

#[test]
fn a_difference_has_only_what_differs() {
    let state =
        |name: &str, at: i32| serde_json::json!({"name": name, "kept": 1, "updated_at": at});
    assert_eq!(difference(&state("a", 1), &state("a", 2)), None);
    let (was, is) = difference(&state("a", 1), &state("b", 2)).unwrap();
    assert_eq!(
        (was, is),
        (
            serde_json::json!({"name": "a"}),
            serde_json::json!({"name": "b"})
        )
    );
}

#[test]
fn both_sides_of_a_change_have_the_same_fields() {
    let (before, after) = (
        serde_json::json!({"gone": 1, "empty": null, "version": 1}),
        serde_json::json!({"new": 2, "version": 2}),
    );
    let change = Change::updated("things.update", ("thing", Uuid::nil()), &before, &after);
    let expected = (
        serde_json::json!({"gone": 1, "new": null}),
        serde_json::json!({"gone": null, "new": 2}),
    );
    assert_eq!(change.sides(), Some((Some(&expected.0), Some(&expected.1))));
    let same = Change::updated("things.update", ("thing", Uuid::nil()), &before, &before);
    assert_eq!(same.sides(), None, "there is nothing to record");
}
