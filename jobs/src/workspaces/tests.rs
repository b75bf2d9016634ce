use std::collections::BTreeSet;

use chrono::TimeDelta;
use kazi_platform::{actor::ActorKind, database::platform};
use kazi_queue::Job;
use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::{
    Across, audit,
    closing::{PurgeDeleted, delete, restore, tables},
    testing::Shop,
};

fn by(user: Uuid) -> Actor {
    Actor {
        kind: ActorKind::Member,
        id: Some(user),
        address: None,
        request: None,
    }
}

impl Shop {
    async fn actions(&self) -> BTreeSet<String> {
        let mut work = self.work().await;
        let all = audit::list(&mut work, &audit::AuditFilter::default(), None, 200)
            .await
            .unwrap();
        all.into_iter().map(|record| record.action).collect()
    }

    async fn role(&self, user: Uuid) -> Option<Role> {
        role_of(&mut self.work().await, user).await.unwrap()
    }
}

async fn across(shop: &Shop, actor: Actor) -> Across {
    Across::begin(&shop.ctx.db, shop.now(), actor)
        .await
        .unwrap()
}

fn profile(value: serde_json::Value) -> Profile {
    serde_json::from_value(value).unwrap()
}

fn pointers(error: &WorkspaceError) -> Vec<String> {
    match error {
        WorkspaceError::Invalid(Invalid(faults)) => {
            faults.iter().map(|fault| fault.pointer.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_cell_of_the_permission_table_is_as_written_here() {
    use crate::Permission as P;
    use Role::{Admin, Agent, Owner, Viewer};
    // The least role, whether a fresh code is asked for, whether a key may have it.
    let table = [
        (P::WORKSPACE_READ, Viewer, false, true),
        (P::WORKSPACE_WRITE, Admin, false, true),
        (P::WORKSPACE_DELETE, Owner, true, false),
        (P::WORKSPACE_TRANSFER, Owner, true, false),
        (P::MEMBERS_READ, Viewer, false, true),
        (P::MEMBERS_MANAGE, Admin, false, false),
        (P::API_KEYS_MANAGE, Admin, true, false),
        (P::AUDIT_READ, Admin, false, true),
        (P::BILLING_READ, Owner, false, true),
        (P::BILLING_MANAGE, Owner, true, false),
        (P::CHANNELS_READ, Viewer, false, true),
        (P::CHANNELS_MANAGE, Admin, false, true),
        (P::SECRETS_REVEAL, Admin, true, false),
        (P::CONTACTS_READ, Viewer, false, true),
        (P::CONTACTS_WRITE, Agent, false, true),
        (P::CONTACTS_DELETE, Admin, false, true),
        (P::CONTACTS_IMPORT, Admin, false, true),
        (P::CONTACTS_EXPORT, Admin, false, true),
        (P::EVENTS_READ, Viewer, false, true),
        (P::ENDPOINTS_READ, Admin, false, true),
        (P::ENDPOINTS_WRITE, Admin, false, true),
        (P::CONVERSATIONS_READ, Viewer, false, true),
        (P::CONVERSATIONS_WRITE, Agent, false, true),
        (P::TICKETS_READ, Viewer, false, true),
        (P::TICKETS_WRITE, Agent, false, true),
        (P::BOOKINGS_READ, Viewer, false, true),
        (P::BOOKINGS_WRITE, Agent, false, true),
        (P::APPOINTMENTS_WRITE, Admin, false, true),
        (P::ORDERS_READ, Viewer, false, true),
        (P::ORDERS_WRITE, Agent, false, true),
        (P::SUBSCRIPTIONS_READ, Viewer, false, true),
        (P::SUBSCRIPTIONS_WRITE, Admin, false, true),
        (P::PAYMENTS_READ, Viewer, false, true),
        (P::PAYMENTS_MANAGE, Owner, true, false),
        (P::PAYMENTS_REFUND, Admin, true, true),
        (P::CATALOG_READ, Viewer, false, true),
        (P::CATALOG_WRITE, Admin, false, true),
        (P::PROMPTS_READ, Viewer, false, true),
        (P::PROMPTS_WRITE, Admin, false, true),
        (P::TEMPLATES_READ, Viewer, false, true),
        (P::TEMPLATES_WRITE, Admin, false, true),
        (P::CAMPAIGNS_READ, Viewer, false, true),
        (P::CAMPAIGNS_WRITE, Admin, false, true),
        (P::CAMPAIGNS_SEND, Admin, true, true),
        (P::NEWS_READ, Viewer, false, true),
        (P::NEWS_WRITE, Admin, false, true),
        (P::SOCIAL_READ, Viewer, false, true),
        (P::SOCIAL_WRITE, Admin, false, true),
    ];
    for (permission, least, step_up, keys) in table {
        for role in Role::ALL {
            assert_eq!(
                role.allows(permission),
                role >= least,
                "{permission} {role:?}"
            );
        }
        let rule = permission.rule();
        assert_eq!((rule.step_up, rule.keys), (step_up, keys), "{permission}");
    }
    assert!(Viewer < Agent && Agent < Admin && Admin < Owner);
}

#[tokio::test]
async fn who_makes_a_workspace_owns_it() {
    let shop = Shop::open().await;
    let user = shop.user().await;
    let given = profile(
        json!({"name": " Duka ", "default_language": "fr", "country": "ke", "currency": "kes",
                               "time_zone": "Africa/Nairobi"}),
    );
    let id = create_for(&shop.ctx.db, shop.now(), &by(user), user, &given)
        .await
        .unwrap();
    let mut work = shop.work_in(id, by(user)).await;
    let shown = view(&mut work).await.unwrap();
    assert_eq!(
        (
            shown.name.as_str(),
            shown.languages,
            shown.country.as_deref(),
            shown.currency.as_str()
        ),
        ("Duka", vec!["fr".to_owned()], Some("KE"), "KES")
    );
    assert_eq!(role_of(&mut work, user).await.unwrap(), Some(Role::Owner));
    drop(work);
    let mut all = platform(&shop.ctx.db).await.unwrap();
    let mine = memberships(&mut all, user).await.unwrap();
    assert_eq!(
        mine.iter()
            .map(|m| (m.workspace_id, m.role))
            .collect::<Vec<_>>(),
        [(id, Role::Owner)]
    );
    // Another workspace's transaction does not see it.
    assert!(!exists(shop.work().await.conn(), id).await.unwrap());
}

#[tokio::test]
async fn every_fault_of_a_profile_is_named_at_once() {
    let shop = Shop::open().await;
    let given = profile(json!({
        "name": " ", "default_language": "sw", "languages": ["en", "xx", "en"], "country": "Kenya", "time_zone": "Nairobi",
        "currency": "dollars",
        "settings": {"quiet_hours": {"from": "25:00", "until": "8:00"}, "opt_out_texts": {"de": "", "a/b": "x"}, "gather_seconds": 11, "fish": 1},
    }));
    let error = create_for(
        &shop.ctx.db,
        shop.now(),
        &Actor::SYSTEM,
        Uuid::now_v7(),
        &given,
    )
    .await
    .unwrap_err();
    let mut found = pointers(&error);
    found.dedup();
    assert_eq!(
        found,
        [
            "/name",
            "/languages/1",
            "/languages/2",
            "/default_language",
            "/country",
            "/time_zone",
            "/currency",
            "/settings/fish",
            "/settings/quiet_hours/from",
            "/settings/quiet_hours/until",
            "/settings/gather_seconds",
            "/settings/opt_out_texts/a~1b",
            "/settings/opt_out_texts/de",
        ]
    );
    assert!(serde_json::from_value::<Changes>(json!({"nme": "x"})).is_err());
}

#[tokio::test]
async fn a_change_is_one_of_the_version_that_was_read_and_is_recorded() {
    let shop = Shop::open().await;
    let admin = by(shop.member(Role::Admin).await);
    let change = |value| serde_json::from_value::<Changes>(value).unwrap();
    let mut work = shop.work_by(admin).await;
    let settings = json!({"settings": {"quiet_hours": {"from": "21:00", "until": "08:00"}, "opt_out_texts": {"fr": "Au revoir"}}});
    let before = lock(&mut work).await.unwrap();
    let second = update(&mut work, before, change(settings)).await.unwrap();
    assert_eq!(second.settings.quiet_hours.as_ref().unwrap().from, "21:00");
    let before = lock(&mut work).await.unwrap();
    // What is not named stays; null takes the country away.
    let third = update(&mut work, before, change(json!({"country": null})))
        .await
        .unwrap();
    assert_eq!((third.country, third.settings), (None, second.settings));
    let before = lock(&mut work).await.unwrap();
    // A language in use cannot go.
    let error = update(&mut work, before, change(json!({"languages": ["en"]})))
        .await
        .unwrap_err();
    assert_eq!(pointers(&error), ["/settings/opt_out_texts/fr"]);
    let log = audit::list(&mut work, &audit::AuditFilter::default(), None, 1)
        .await
        .unwrap();
    assert_eq!(
        (log[0].before.clone(), log[0].after.clone()),
        (
            Some(json!({"country": "KE"})),
            Some(json!({"country": null}))
        )
    );
}

#[tokio::test]
async fn nobody_gives_or_takes_a_role_above_their_own() {
    let shop = Shop::open().await;
    let (owner, admin, agent) = (
        shop.member(Role::Owner).await,
        shop.member(Role::Admin).await,
        shop.member(Role::Agent).await,
    );
    let mut work = shop.work().await;
    for (actor, user, role) in [
        (agent, agent, Role::Admin),
        (agent, admin, Role::Viewer),
        (admin, admin, Role::Owner),
        (admin, agent, Role::Owner),
        (admin, owner, Role::Viewer),
        (Uuid::now_v7(), agent, Role::Viewer),
    ] {
        work.on_behalf_of(by(actor));
        let refused = change_role(&mut work, user, role).await;
        assert!(
            matches!(refused, Err(WorkspaceError::Forbidden(_))),
            "{role:?} {refused:?}"
        );
    }
    for (actor, user) in [(agent, admin), (admin, owner)] {
        work.on_behalf_of(by(actor));
        let refused = remove(&mut work, user).await;
        assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    }
    work.on_behalf_of(Actor {
        kind: ActorKind::ApiKey,
        ..by(owner)
    });
    assert!(matches!(
        remove(&mut work, agent).await,
        Err(WorkspaceError::Forbidden(_))
    ));
    work.on_behalf_of(by(admin));
    change_role(&mut work, agent, Role::Admin).await.unwrap();
    remove(&mut work, agent).await.unwrap();
    work.on_behalf_of(by(owner));
    assert!(matches!(
        remove(&mut work, agent).await,
        Err(WorkspaceError::NotFound(_))
    ));
    let left = members(&mut work, None, 50).await.unwrap();
    assert_eq!(left.len(), 2);
    let page = members(&mut work, Some(left[0].user), 50).await.unwrap();
    assert_eq!(page[0].user, left[1].user);
    work.commit().await.unwrap();
    assert!(shop.actions().await.is_superset(&BTreeSet::from([
        "members.change_role".into(),
        "members.remove".into()
    ])));
}

#[tokio::test]
async fn a_workspace_keeps_an_owner() {
    let shop = Shop::open().await;
    let (owner, admin) = (
        shop.member(Role::Owner).await,
        shop.member(Role::Admin).await,
    );
    let mut work = shop.work_by(by(owner)).await;
    let left = remove(&mut work, owner).await;
    let changed = change_role(&mut work, owner, Role::Admin).await;
    work.on_behalf_of(Actor::OPERATOR);
    for refused in [left, changed, remove(&mut work, owner).await] {
        assert!(
            matches!(refused, Err(WorkspaceError::LastOwner)),
            "{refused:?}"
        );
    }
    work.on_behalf_of(by(admin));
    let refused = transfer(&mut work, owner).await;
    assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    work.on_behalf_of(by(owner));
    transfer(&mut work, admin).await.unwrap();
    remove(&mut work, owner).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        (shop.role(owner).await, shop.role(admin).await),
        (None, Some(Role::Owner))
    );
    assert!(shop.actions().await.is_superset(&BTreeSet::from([
        "members.leave".into(),
        "members.transfer".into()
    ])));
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    let shop = Shop::open().await;
    let owners = [
        shop.member(Role::Owner).await,
        shop.member(Role::Owner).await,
    ];
    let leave = async |user: Uuid| {
        let mut work = shop.work_by(by(user)).await;
        let done = remove(&mut work, user).await;
        work.commit().await.unwrap();
        done
    };
    let (one, other) = tokio::join!(leave(owners[0]), leave(owners[1]));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(
        in_role(&mut shop.work().await, Role::Owner)
            .await
            .unwrap()
            .len(),
        1
    );
}

fn to(email: &str, role: Role) -> Invite {
    Invite {
        email: email.into(),
        role,
        language: None,
    }
}

#[tokio::test]
async fn an_invitation_makes_its_addressee_a_member_once() {
    let shop = Shop::open().await;
    let owner = shop.member(Role::Owner).await;
    let mut work = shop.work_by(by(owner)).await;
    let invited = invite(
        &mut work,
        &shop.ctx.keyring,
        &to(" Amina@Example.com ", Role::Agent),
    )
    .await
    .unwrap();
    assert_eq!(invited.invitation.email, "amina@example.com");
    let again = invite(
        &mut work,
        &shop.ctx.keyring,
        &to("amina@example.com", Role::Agent),
    )
    .await;
    assert!(matches!(again, Err(WorkspaceError::AlreadyInvited)));
    work.commit().await.unwrap();

    let amina = shop.user().await;
    let accepting = async |email: &str| {
        let across = across(&shop, by(amina)).await;
        let work = accept(across, &invited.token, amina, email).await?;
        work.commit().await?;
        Ok(())
    };
    let mut tx = platform(&shop.ctx.db).await.unwrap();
    let offer = by_token(&mut tx, shop.now(), &invited.token).await.unwrap();
    assert_eq!(
        (offer.workspace_name.as_str(), offer.role),
        ("Zuri", Role::Agent)
    );
    let other = accepting("ben@example.com").await;
    assert!(matches!(other, Err(WorkspaceError::OtherAddress)));
    let wrong: SecretString = "0".repeat(64).into();
    assert!(matches!(
        by_token(&mut tx, shop.now(), &wrong).await,
        Err(WorkspaceError::NotFound(_))
    ));
    accepting("AMINA@example.com").await.unwrap();
    let twice = accepting("amina@example.com").await;
    assert!(matches!(twice, Err(WorkspaceError::InvitationOver)));
    assert_eq!(shop.role(amina).await, Some(Role::Agent));
    let mut work = shop.work().await;
    let told = crate::notifications::list(&mut work, owner, true, None, 5)
        .await
        .unwrap();
    assert_eq!(told[0].title, "amina@example.com has joined");
    // The token is in no row.
    let all = invitations(&mut work, None, 5).await.unwrap();
    assert_eq!((all.len(), all[0].status.as_str()), (1, "accepted"));
    assert!(shop.actions().await.is_superset(&BTreeSet::from([
        "invitations.create".into(),
        "invitations.accept".into()
    ])));
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_no_by_a_new_one_and_with_who_sent_it() {
    let shop = Shop::open().await;
    let (owner, admin) = (
        shop.member(Role::Owner).await,
        shop.member(Role::Admin).await,
    );
    let sent = async |email: &str| {
        let mut work = shop.work_by(by(admin)).await;
        let invited = invite(&mut work, &shop.ctx.keyring, &to(email, Role::Admin))
            .await
            .unwrap();
        work.commit().await.unwrap();
        invited
    };
    let over = async |token: &SecretString| {
        let mut tx = platform(&shop.ctx.db).await.unwrap();
        match by_token(&mut tx, shop.now(), token).await {
            Ok(_) => false,
            Err(WorkspaceError::InvitationOver | WorkspaceError::NotFound(_)) => true,
            Err(other) => panic!("{other:?}"),
        }
    };
    let (expired, declined, renewed, revoked, orphan) = (
        sent("a@x.io").await,
        sent("b@x.io").await,
        sent("c@x.io").await,
        sent("d@x.io").await,
        sent("e@x.io").await,
    );
    let by_system = across(&shop, Actor::SYSTEM).await;
    let refused = decline(by_system, &declined.token, "z@x.io").await;
    assert!(matches!(refused, Err(WorkspaceError::OtherAddress)));
    let by_system = across(&shop, Actor::SYSTEM).await;
    let work = decline(by_system, &declined.token, "b@x.io").await.unwrap();
    work.commit().await.unwrap();
    let mut work = shop.work_by(by(owner)).await;
    revoke(&mut work, revoked.invitation.id).await.unwrap();
    assert!(revoke(&mut work, revoked.invitation.id).await.is_err());
    let fresh = resend(&mut work, &shop.ctx.keyring, renewed.invitation.id)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert!(
        over(&declined.token).await && over(&revoked.token).await && over(&renewed.token).await
    );
    assert!(!over(&fresh.token).await && !over(&expired.token).await && !over(&orphan.token).await);

    let mut work = shop.work_by(by(owner)).await;
    remove(&mut work, admin).await.unwrap();
    work.commit().await.unwrap();
    assert!(over(&orphan.token).await && over(&fresh.token).await);

    let mut work = shop.work_by(by(owner)).await;
    let late = invite(&mut work, &shop.ctx.keyring, &to("late@x.io", Role::Owner))
        .await
        .unwrap();
    work.commit().await.unwrap();
    shop.ctx.clock.advance(TimeDelta::days(7));
    assert!(over(&late.token).await);
    // An expired one is not in the way of the next.
    let mut work = shop.work_by(by(owner)).await;
    invite(&mut work, &shop.ctx.keyring, &to("late@x.io", Role::Viewer))
        .await
        .unwrap();
    for (email, role) in [
        ("", Role::Agent),
        ("a b@x.io", Role::Agent),
        ("a@b", Role::Agent),
        ("a@@x.io", Role::Agent),
    ] {
        let error = invite(&mut work, &shop.ctx.keyring, &to(email, role))
            .await
            .unwrap_err();
        assert_eq!(pointers(&error), ["/email"], "{email}");
    }
    let agent = shop.member(Role::Agent).await;
    let admin = shop.member(Role::Admin).await;
    for (actor, role) in [(agent, Role::Viewer), (admin, Role::Owner)] {
        work.on_behalf_of(by(actor));
        let refused = invite(&mut work, &shop.ctx.keyring, &to("f@x.io", role)).await;
        assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    }
}

#[tokio::test]
async fn a_deleted_workspace_can_be_restored_for_thirty_days_by_an_owner() {
    let shop = Shop::open().await;
    let (owner, admin) = (
        shop.member(Role::Owner).await,
        shop.member(Role::Admin).await,
    );
    let mut work = shop.work_by(by(admin)).await;
    let refused = delete(&mut work).await;
    assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    work.on_behalf_of(by(owner));
    delete(&mut work).await.unwrap();
    work.commit().await.unwrap();
    shop.ctx.channels().clear();
    assert_eq!(shop.role(owner).await, None);
    assert!(
        shop.ctx
            .channels()
            .by_id(shop.whatsapp)
            .await
            .unwrap()
            .is_none()
    );
    let mut tx = platform(&shop.ctx.db).await.unwrap();
    let listed = async |tx: &mut PgConnection, user| {
        let mut mine = memberships(tx, user).await.unwrap();
        let one = mine.pop().unwrap();
        (one.shut_out, one.restorable_until.is_some())
    };
    assert_eq!(
        (listed(&mut tx, owner).await, listed(&mut tx, admin).await),
        (
            (Some(ShutOut::WorkspaceDeleted), true),
            (Some(ShutOut::WorkspaceDeleted), false)
        )
    );
    let restoring = async |now: Timestamp, user: Uuid| {
        let across = Across::begin(&shop.ctx.db, now, by(user)).await.unwrap();
        let mut work = across.within(shop.workspace);
        let done = restore(&mut work).await;
        work.commit().await.unwrap();
        done
    };
    let refused = restoring(shop.now(), admin).await;
    assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    let late = shop.now() + TimeDelta::days(RESTORABLE_DAYS);
    let gone = restoring(late, owner).await;
    assert!(matches!(gone, Err(WorkspaceError::NotFound(_))));
    restoring(shop.now(), owner).await.unwrap();
    shop.ctx.channels().clear();
    assert_eq!(shop.role(owner).await, Some(Role::Owner));
    let channel = shop
        .ctx
        .channels()
        .by_id(shop.whatsapp)
        .await
        .unwrap()
        .unwrap();
    assert!(!channel.active);
    assert!(shop.actions().await.is_superset(&BTreeSet::from([
        "workspaces.delete".into(),
        "workspaces.restore".into()
    ])));
}

#[tokio::test]
async fn what_is_left_of_a_deleted_workspace_is_purged_with_its_keys_and_nothing_of_another_s() {
    let shop = Shop::open().await;
    let owner = shop.member(Role::Owner).await;
    shop.hear("wamid.1", "Hello").await;
    shop.drain().await;
    let other = create_for(
        &shop.ctx.db,
        shop.now(),
        &by(owner),
        owner,
        &profile(json!({"name": "Other"})),
    )
    .await
    .unwrap();
    let rows = async |workspace: WorkspaceId| {
        let mut counts = Vec::new();
        for table in tables() {
            let column = if table == "workspaces" {
                "id"
            } else {
                "workspace_id"
            };
            let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
                "SELECT count(*) FROM {table} WHERE {column} = $1"
            )))
            .bind(workspace.uuid())
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
            counts.push((table, count));
        }
        counts
    };
    let others = rows(other).await;
    let mut work = shop.work_by(by(owner)).await;
    delete(&mut work).await.unwrap();
    work.commit().await.unwrap();
    let night = async || {
        PurgeDeleted {}
            .enqueue(&mut *shop.conn().await)
            .await
            .unwrap();
        shop.drain().await
    };
    shop.ctx
        .clock
        .advance(TimeDelta::days(RESTORABLE_DAYS) - TimeDelta::seconds(1));
    assert_eq!(night().await.dead, 0);
    let before = rows(shop.workspace).await;
    assert!(before.contains(&("workspace_keys", 1)));
    assert!(
        before.iter().filter(|(_, count)| *count > 0).count() > 10,
        "{before:?}"
    );
    shop.ctx.clock.advance(TimeDelta::seconds(1));
    assert_eq!(night().await.done, 1);
    let after = rows(shop.workspace).await;
    assert!(after.iter().all(|(_, count)| *count == 0), "{after:?}");
    assert_eq!(rows(other).await, others);
    let purged: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_log WHERE action = 'workspaces.purge' AND subject_id = $1",
    )
    .bind(shop.workspace.uuid())
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(purged, 1);
}

#[tokio::test]
async fn every_table_of_a_workspace_is_purged_and_before_those_it_points_to() {
    let shop = Shop::open().await;
    let of_database: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE a.attname = 'workspace_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND c.relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    let there: BTreeSet<&str> = of_database.iter().map(String::as_str).collect();
    let listed: BTreeSet<&str> = tables().filter(|table| *table != "workspaces").collect();
    assert_eq!(
        there, listed,
        "write every table with workspace_id into the tables of its DOMAIN"
    );
    let references: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
         WHERE contype = 'f' AND conparentid = 0 AND conrelid <> confrelid AND connamespace = 'public'::regnamespace",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    let place = |table: &str| tables().position(|one| one == table);
    for (from, to) in references {
        if let (Some(from_place), Some(to_place)) = (place(&from), place(&to)) {
            assert!(
                from_place < to_place,
                "{from} points to {to}: put it before"
            );
        }
    }
}
