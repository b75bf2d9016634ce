use std::collections::BTreeSet;

use chrono::TimeDelta;
use kazi_platform::{
    actor::ActorKind,
    database::{platform, tenant},
};
use kazi_queue::Job;
use secrecy::SecretString;
use serde_json::json;
use sqlx::{Postgres, Transaction};

use super::*;
use crate::{
    closing::{PurgeDeleted, RESTORABLE_DAYS, delete, restore, tables},
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
    async fn tx(&self) -> Transaction<'static, Postgres> {
        tenant(&self.ctx.db, self.workspace).await.unwrap()
    }

    async fn actions(&self) -> BTreeSet<String> {
        let mut tx = self.tx().await;
        let all = audit::list(
            &mut tx,
            self.workspace,
            &audit::Filter::default(),
            None,
            200,
        )
        .await
        .unwrap();
        all.into_iter().map(|record| record.action).collect()
    }

    async fn role(&self, user: Uuid) -> Option<Role> {
        role_of(&mut *self.tx().await, self.workspace, user)
            .await
            .unwrap()
    }
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
    use Permission as P;
    use Role::{Admin, Agent, Owner, Viewer};
    // The least role, whether a fresh code is asked for, whether a key may have it.
    let table = [
        (P::WorkspaceRead, Viewer, false, true),
        (P::WorkspaceWrite, Admin, false, true),
        (P::WorkspaceDelete, Owner, true, false),
        (P::WorkspaceTransfer, Owner, true, false),
        (P::MembersRead, Viewer, false, true),
        (P::MembersManage, Admin, false, false),
        (P::ApiKeysManage, Admin, true, false),
        (P::AuditRead, Admin, false, true),
        (P::BillingRead, Owner, false, true),
        (P::BillingManage, Owner, true, false),
        (P::ChannelsRead, Viewer, false, true),
        (P::ChannelsManage, Admin, false, true),
        (P::SecretsReveal, Admin, true, false),
        (P::ContactsRead, Viewer, false, true),
        (P::ContactsWrite, Agent, false, true),
        (P::ContactsDelete, Admin, false, true),
        (P::ContactsImport, Admin, false, true),
        (P::ContactsExport, Admin, false, true),
        (P::ConversationsRead, Viewer, false, true),
        (P::ConversationsWrite, Agent, false, true),
        (P::TicketsRead, Viewer, false, true),
        (P::TicketsWrite, Agent, false, true),
        (P::BookingsRead, Viewer, false, true),
        (P::BookingsWrite, Agent, false, true),
        (P::AppointmentsWrite, Admin, false, true),
        (P::OrdersRead, Viewer, false, true),
        (P::OrdersWrite, Agent, false, true),
        (P::SubscriptionsRead, Viewer, false, true),
        (P::SubscriptionsWrite, Admin, false, true),
        (P::PaymentsRead, Viewer, false, true),
        (P::PaymentsManage, Owner, true, false),
        (P::PaymentsRefund, Admin, true, true),
        (P::CatalogRead, Viewer, false, true),
        (P::CatalogWrite, Admin, false, true),
        (P::PromptsRead, Viewer, false, true),
        (P::PromptsWrite, Admin, false, true),
        (P::TemplatesRead, Viewer, false, true),
        (P::TemplatesWrite, Admin, false, true),
        (P::CampaignsRead, Viewer, false, true),
        (P::CampaignsWrite, Admin, false, true),
        (P::CampaignsSend, Admin, true, true),
        (P::NewsRead, Viewer, false, true),
        (P::NewsWrite, Admin, false, true),
        (P::SocialRead, Viewer, false, true),
        (P::SocialWrite, Admin, false, true),
    ];
    assert_eq!(table.map(|(permission, ..)| permission), Permission::ALL);
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
    let id = create_for(&shop.ctx.db, &by(user), user, &given)
        .await
        .unwrap();
    let mut tx = tenant(&shop.ctx.db, id).await.unwrap();
    let shown = view(&mut tx, id).await.unwrap();
    assert_eq!(
        (
            shown.name.as_str(),
            shown.languages,
            shown.country.as_deref(),
            shown.currency.as_str()
        ),
        ("Duka", vec!["fr".to_owned()], Some("KE"), "KES")
    );
    assert_eq!(role_of(&mut tx, id, user).await.unwrap(), Some(Role::Owner));
    drop(tx);
    let mut all = platform(&shop.ctx.db).await.unwrap();
    let mine = memberships(&mut all, user).await.unwrap();
    assert_eq!(
        mine.iter()
            .map(|m| (m.workspace, m.role))
            .collect::<Vec<_>>(),
        [(id, Role::Owner)]
    );
    // Another workspace's transaction does not see it.
    assert!(matches!(
        view(&mut *shop.tx().await, id).await,
        Err(WorkspaceError::NotFound(_))
    ));
}

#[tokio::test]
async fn every_fault_of_a_profile_is_named_at_once() {
    let shop = Shop::open().await;
    let given = profile(json!({
        "name": " ", "default_language": "sw", "languages": ["en", "xx", "en"], "country": "Kenya", "time_zone": "Nairobi",
        "currency": "dollars",
        "settings": {"quiet_hours": {"from": "25:00", "until": "8:00"}, "opt_out_texts": {"de": "", "a/b": "x"}, "fish": 1},
    }));
    let error = create_for(&shop.ctx.db, &Actor::SYSTEM, Uuid::now_v7(), &given)
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
    let mut tx = shop.tx().await;
    let settings = json!({"settings": {"quiet_hours": {"from": "21:00", "until": "08:00"}, "opt_out_texts": {"fr": "Au revoir"}}});
    let before = lock(&mut tx, shop.workspace).await.unwrap();
    let second = update(&mut tx, shop.workspace, &admin, before, change(settings))
        .await
        .unwrap();
    assert_eq!(second.settings.quiet_hours.as_ref().unwrap().from, "21:00");
    let before = lock(&mut tx, shop.workspace).await.unwrap();
    // What is not named stays; null takes the country away.
    let third = update(
        &mut tx,
        shop.workspace,
        &admin,
        before,
        change(json!({"country": null})),
    )
    .await
    .unwrap();
    assert_eq!((third.country, third.settings), (None, second.settings));
    let before = lock(&mut tx, shop.workspace).await.unwrap();
    // A language in use cannot go.
    let error = update(
        &mut tx,
        shop.workspace,
        &admin,
        before,
        change(json!({"languages": ["en"]})),
    )
    .await
    .unwrap_err();
    assert_eq!(pointers(&error), ["/settings/opt_out_texts/fr"]);
    let log = audit::list(&mut tx, shop.workspace, &audit::Filter::default(), None, 1)
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
    let mut tx = shop.tx().await;
    let workspace = shop.workspace;
    for (actor, user, role) in [
        (agent, agent, Role::Admin),
        (agent, admin, Role::Viewer),
        (admin, admin, Role::Owner),
        (admin, agent, Role::Owner),
        (admin, owner, Role::Viewer),
        (Uuid::now_v7(), agent, Role::Viewer),
    ] {
        let refused = change_role(&mut tx, workspace, &by(actor), user, role).await;
        assert!(
            matches!(refused, Err(WorkspaceError::Forbidden(_))),
            "{role:?} {refused:?}"
        );
    }
    for (actor, user) in [(agent, admin), (admin, owner)] {
        let refused = remove(&mut tx, workspace, &by(actor), user).await;
        assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    }
    let key = Actor {
        kind: ActorKind::ApiKey,
        ..by(owner)
    };
    assert!(matches!(
        remove(&mut tx, workspace, &key, agent).await,
        Err(WorkspaceError::Forbidden(_))
    ));
    change_role(&mut tx, workspace, &by(admin), agent, Role::Admin)
        .await
        .unwrap();
    remove(&mut tx, workspace, &by(admin), agent).await.unwrap();
    assert!(matches!(
        remove(&mut tx, workspace, &by(owner), agent).await,
        Err(WorkspaceError::NotFound(_))
    ));
    let left = members(&mut tx, workspace, None, 50).await.unwrap();
    assert_eq!(left.len(), 2);
    let page = members(&mut tx, workspace, Some(left[0].user), 50)
        .await
        .unwrap();
    assert_eq!(page[0].user, left[1].user);
    tx.commit().await.unwrap();
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
    let mut tx = shop.tx().await;
    let workspace = shop.workspace;
    for refused in [
        remove(&mut tx, workspace, &by(owner), owner).await,
        change_role(&mut tx, workspace, &by(owner), owner, Role::Admin).await,
        remove(&mut tx, workspace, &Actor::OPERATOR, owner).await,
    ] {
        assert!(
            matches!(refused, Err(WorkspaceError::LastOwner)),
            "{refused:?}"
        );
    }
    let refused = transfer(&mut tx, workspace, &by(admin), owner).await;
    assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    transfer(&mut tx, workspace, &by(owner), admin)
        .await
        .unwrap();
    remove(&mut tx, workspace, &by(owner), owner).await.unwrap();
    tx.commit().await.unwrap();
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
        let mut tx = shop.tx().await;
        let done = remove(&mut tx, shop.workspace, &by(user), user).await;
        tx.commit().await.unwrap();
        done
    };
    let (one, other) = tokio::join!(leave(owners[0]), leave(owners[1]));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(
        in_role(&mut *shop.tx().await, shop.workspace, Role::Owner)
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
    let mut tx = shop.tx().await;
    let invited = invite(
        &mut tx,
        &shop.ctx.keyring,
        shop.now(),
        shop.workspace,
        &by(owner),
        &to(" Amina@Example.com ", Role::Agent),
    )
    .await
    .unwrap();
    assert_eq!(invited.invitation.email, "amina@example.com");
    let again = invite(
        &mut tx,
        &shop.ctx.keyring,
        shop.now(),
        shop.workspace,
        &by(owner),
        &to("amina@example.com", Role::Agent),
    )
    .await;
    assert!(matches!(again, Err(WorkspaceError::AlreadyInvited)));
    tx.commit().await.unwrap();

    let (amina, now) = (shop.user().await, shop.now());
    let mut tx = platform(&shop.ctx.db).await.unwrap();
    let offer = by_token(&mut tx, now, &invited.token).await.unwrap();
    assert_eq!(
        (offer.workspace_name.as_str(), offer.role),
        ("Zuri", Role::Agent)
    );
    let other = accept(
        &mut tx,
        now,
        &invited.token,
        amina,
        "ben@example.com",
        &by(amina),
    )
    .await;
    assert!(matches!(other, Err(WorkspaceError::OtherAddress)));
    let wrong: SecretString = "0".repeat(64).into();
    assert!(matches!(
        by_token(&mut tx, now, &wrong).await,
        Err(WorkspaceError::NotFound(_))
    ));
    accept(
        &mut tx,
        now,
        &invited.token,
        amina,
        "AMINA@example.com",
        &by(amina),
    )
    .await
    .unwrap();
    let twice = accept(
        &mut tx,
        now,
        &invited.token,
        amina,
        "amina@example.com",
        &by(amina),
    )
    .await;
    assert!(matches!(twice, Err(WorkspaceError::InvitationOver)));
    tx.commit().await.unwrap();
    assert_eq!(shop.role(amina).await, Some(Role::Agent));
    let mut tx = shop.tx().await;
    let told = crate::notifications::list(&mut tx, shop.workspace, owner, true, None, 5)
        .await
        .unwrap();
    assert_eq!(told[0].title, "amina@example.com has joined");
    // The token is in no row.
    let all = invitations(&mut tx, shop.workspace, None, 5).await.unwrap();
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
        let mut tx = shop.tx().await;
        let invited = invite(
            &mut tx,
            &shop.ctx.keyring,
            shop.now(),
            shop.workspace,
            &by(admin),
            &to(email, Role::Admin),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
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
    let mut tx = platform(&shop.ctx.db).await.unwrap();
    let refused = decline(
        &mut tx,
        shop.now(),
        &declined.token,
        "z@x.io",
        &Actor::SYSTEM,
    )
    .await;
    assert!(matches!(refused, Err(WorkspaceError::OtherAddress)));
    decline(
        &mut tx,
        shop.now(),
        &declined.token,
        "b@x.io",
        &Actor::SYSTEM,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut tx = shop.tx().await;
    revoke(
        &mut tx,
        shop.now(),
        shop.workspace,
        &by(owner),
        revoked.invitation.id,
    )
    .await
    .unwrap();
    assert!(
        revoke(
            &mut tx,
            shop.now(),
            shop.workspace,
            &by(owner),
            revoked.invitation.id
        )
        .await
        .is_err()
    );
    let fresh = resend(
        &mut tx,
        &shop.ctx.keyring,
        shop.now(),
        shop.workspace,
        &by(owner),
        renewed.invitation.id,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert!(
        over(&declined.token).await && over(&revoked.token).await && over(&renewed.token).await
    );
    assert!(!over(&fresh.token).await && !over(&expired.token).await && !over(&orphan.token).await);

    let mut tx = shop.tx().await;
    remove(&mut tx, shop.workspace, &by(owner), admin)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(over(&orphan.token).await && over(&fresh.token).await);

    let mut tx = shop.tx().await;
    let late = invite(
        &mut tx,
        &shop.ctx.keyring,
        shop.now(),
        shop.workspace,
        &by(owner),
        &to("late@x.io", Role::Owner),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    shop.ctx.clock.advance(TimeDelta::days(7));
    assert!(over(&late.token).await);
    // An expired one is not in the way of the next.
    let mut tx = shop.tx().await;
    invite(
        &mut tx,
        &shop.ctx.keyring,
        shop.now(),
        shop.workspace,
        &by(owner),
        &to("late@x.io", Role::Viewer),
    )
    .await
    .unwrap();
    for (email, role) in [
        ("", Role::Agent),
        ("a b@x.io", Role::Agent),
        ("a@b", Role::Agent),
        ("a@@x.io", Role::Agent),
    ] {
        let error = invite(
            &mut tx,
            &shop.ctx.keyring,
            shop.now(),
            shop.workspace,
            &by(owner),
            &to(email, role),
        )
        .await
        .unwrap_err();
        assert_eq!(pointers(&error), ["/email"], "{email}");
    }
    let agent = shop.member(Role::Agent).await;
    let admin = shop.member(Role::Admin).await;
    for (actor, role) in [(agent, Role::Viewer), (admin, Role::Owner)] {
        let refused = invite(
            &mut tx,
            &shop.ctx.keyring,
            shop.now(),
            shop.workspace,
            &by(actor),
            &to("f@x.io", role),
        )
        .await;
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
    let mut tx = shop.tx().await;
    let refused = delete(&mut tx, shop.now(), shop.workspace, &by(admin)).await;
    assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    delete(&mut tx, shop.now(), shop.workspace, &by(owner))
        .await
        .unwrap();
    tx.commit().await.unwrap();
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
    let listed = async |tx: &mut PgConnection, user| memberships(tx, user).await.unwrap().len();
    assert_eq!(
        (listed(&mut tx, owner).await, listed(&mut tx, admin).await),
        (1, 0)
    );
    let refused = restore(&mut tx, shop.now(), shop.workspace, &by(admin)).await;
    assert!(matches!(refused, Err(WorkspaceError::Forbidden(_))));
    let late = shop.now() + TimeDelta::days(RESTORABLE_DAYS);
    let gone = restore(&mut tx, late, shop.workspace, &by(owner)).await;
    assert!(matches!(gone, Err(WorkspaceError::NotFound(_))));
    restore(&mut tx, shop.now(), shop.workspace, &by(owner))
        .await
        .unwrap();
    tx.commit().await.unwrap();
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
    let mut tx = shop.tx().await;
    delete(&mut tx, shop.now(), shop.workspace, &by(owner))
        .await
        .unwrap();
    tx.commit().await.unwrap();
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
