use kazi_platform::{
    WorkspaceId,
    actor::{Actor, ActorKind},
    database::tenant,
    invalid::Invalid,
};
use kazi_queue::Job;
use kazi_simulators::{Fault, Service, WhatsAppAccount};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    Role, Work, audit, notifications, sealed,
    testing::{NUMBER, Shop},
    workspaces,
};

const SECOND: &str = "200000000000001";

impl Shop {
    fn number(&self, id: &str, token: &str) {
        self.providers.add_whatsapp(WhatsAppAccount {
            phone_number_id: id.into(),
            business_account_id: "1".into(),
            display_phone: "+254 20 555 0200".into(),
            token: token.into(),
            app_secret: "secret".into(),
            webhook_url: "http://127.0.0.1:1/".into(),
        });
    }

    async fn details(&self, id: ChannelId) -> ChannelDetails {
        channel(&mut self.work().await, id).await.unwrap()
    }

    async fn connected(
        &self,
        workspace: WorkspaceId,
        new: Value,
    ) -> Result<ChannelId, ChannelError> {
        let new: Connect = serde_json::from_value(new).unwrap();
        let mut work = self.work_in(workspace, me()).await;
        let id = connect(&mut work, &self.ctx.keyring, &new, false).await?;
        work.commit().await.unwrap();
        Ok(id)
    }

    async fn done(&self, action: &str) -> usize {
        let filter = audit::AuditFilter {
            action: Some(action.into()),
            ..audit::AuditFilter::default()
        };
        audit::list(&mut self.work().await, &filter, None, 50)
            .await
            .unwrap()
            .len()
    }
}

fn me() -> Actor {
    Actor {
        kind: ActorKind::Member,
        id: Some(Uuid::nil()),
        address: None,
        request: None,
    }
}

fn whatsapp(id: &str) -> Value {
    json!({"kind": "whatsapp", "name": "Second", "external_id": id, "token": "EAAB-second-token-9876", "app_secret": "app"})
}

fn pointers(error: ChannelError) -> Vec<String> {
    match error {
        ChannelError::Invalid(Invalid(faults)) => {
            faults.into_iter().map(|fault| fault.pointer).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_channel_is_connected_shown_without_secrets_and_looked_at() {
    let shop = Shop::open().await;
    shop.number(SECOND, "EAAB-second-token-9876");
    let id = shop
        .connected(shop.workspace, whatsapp(SECOND))
        .await
        .unwrap();
    let shown = shop.details(id).await;
    assert_eq!(
        (
            shown.token_hint.as_str(),
            shown.status.as_str(),
            shown.checked_at
        ),
        ("9876", "active", None)
    );
    shop.drain().await;
    let shown = shop.details(id).await;
    assert_eq!(
        (
            shown.check_state.as_deref(),
            shown.quality_rating.as_deref(),
            shown.display_phone.as_deref()
        ),
        (Some("ok"), Some("GREEN"), Some("+254 20 555 0200"))
    );
    assert!(
        !serde_json::to_string(&shown)
            .unwrap()
            .contains("second-token")
    );
    let mut work = shop.work_by(me()).await;
    let all = channels(&mut work, None, 50).await.unwrap();
    assert_eq!(
        all.iter().map(|c| c.id).collect::<Vec<_>>(),
        [shop.whatsapp, shop.greenapi, id]
    );
    assert_eq!(
        channels(&mut work, Some(shop.greenapi), 50)
            .await
            .unwrap()
            .len(),
        1
    );
    let paste = setup(&mut work, &shop.ctx.keyring, id, "https://kazi.test/")
        .await
        .unwrap();
    assert_eq!(
        (
            paste.webhook_url.as_str(),
            paste.token.expose_secret().len() >= 32
        ),
        ("https://kazi.test/webhooks/whatsapp", true)
    );
    let known = shop.ctx.channels().by_id(id).await.unwrap().unwrap();
    assert_eq!(
        known
            .credentials
            .verify_token
            .as_ref()
            .unwrap()
            .expose_secret(),
        paste.token.expose_secret()
    );
    work.commit().await.unwrap();
    assert_eq!(
        (
            shop.done("channels.connect").await,
            shop.done("channels.reveal").await
        ),
        (1, 1)
    );
    let log = audit::list(
        &mut shop.work().await,
        &audit::AuditFilter::default(),
        None,
        50,
    )
    .await
    .unwrap();
    assert!(
        !serde_json::to_string(&log)
            .unwrap()
            .contains("second-token")
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_channel_is_told_by_field_and_a_number_is_one_business_s() {
    let shop = Shop::open().await;
    for (new, expected) in [
        (
            json!({"kind": "whatsapp", "name": "", "external_id": "+1", "account_id": "x", "token": "a b"}),
            &[
                "/name",
                "/external_id",
                "/account_id",
                "/token",
                "/app_secret",
            ][..],
        ),
        (
            json!({"kind": "greenapi", "name": "G", "external_id": "1", "token": "../x", "app_secret": "a", "account_id": "1"}),
            &["/token", "/app_secret", "/account_id"],
        ),
        (
            json!({"kind": "whatsapp", "name": "a\u{7}", "external_id": "1".repeat(33), "token": "t".repeat(1001), "app_secret": "a"}),
            &["/name", "/external_id", "/token"],
        ),
    ] {
        assert_eq!(
            pointers(shop.connected(shop.workspace, new).await.unwrap_err()),
            expected
        );
    }
    let unknown = json!({"kind": "whatsapp", "name": "x", "external_id": "1", "token": "t", "base_url": "http://10.0.0.1"});
    assert!(
        serde_json::from_value::<Connect>(unknown).is_err(),
        "no address comes from a user"
    );
    let user = shop.user().await;
    let profile = serde_json::from_value(json!({"name": "Other"})).unwrap();
    let other = workspaces::create_for(&shop.ctx.db, shop.now(), &me(), user, &profile)
        .await
        .unwrap();
    for workspace in [shop.workspace, other] {
        assert!(matches!(
            shop.connected(workspace, whatsapp(NUMBER)).await,
            Err(ChannelError::Taken)
        ));
    }
    // Given up, it may be another's; and then it does not come back.
    let mut work = shop.work_by(me()).await;
    delete(&mut work, shop.whatsapp).await.unwrap();
    assert!(matches!(
        channel(&mut work, shop.whatsapp).await,
        Err(ChannelError::NotFound)
    ));
    work.commit().await.unwrap();
    shop.ctx.channels().clear();
    assert!(
        shop.ctx
            .channels()
            .by_id(shop.whatsapp)
            .await
            .unwrap()
            .is_none()
    );
    let theirs = shop.connected(other, whatsapp(NUMBER)).await.unwrap();
    assert!(matches!(
        shop.connected(shop.workspace, whatsapp(NUMBER)).await,
        Err(ChannelError::Taken)
    ));
    let mut work = shop.work_in(other, me()).await;
    delete(&mut work, theirs).await.unwrap();
    work.commit().await.unwrap();
    // Its own again: with the conversations of before.
    assert_eq!(
        shop.connected(shop.workspace, whatsapp(NUMBER))
            .await
            .unwrap(),
        shop.whatsapp
    );
}

#[tokio::test]
async fn a_check_stops_what_the_provider_refuses_and_tells_the_admins() {
    let shop = Shop::open().await;
    let admin = shop.member(Role::Admin).await;
    let agent = shop.member(Role::Agent).await;
    let states = async |id| {
        let found = check(&shop.ctx, shop.workspace, id).await.unwrap();
        (found.check_state.unwrap(), found.status)
    };
    let answers = |service, path: &str, fault: Fault| {
        shop.providers.clear_faults();
        shop.providers.fault(Fault {
            service,
            matches: Some(path.into()),
            ..fault
        });
    };
    // What is not the channel's fault stops nothing.
    answers(
        Service::WhatsApp,
        NUMBER,
        Fault {
            status: Some(503),
            code: Some(2),
            ..Fault::on(Service::WhatsApp)
        },
    );
    assert_eq!(
        states(shop.whatsapp).await,
        ("unreachable".into(), "active".into())
    );
    answers(
        Service::GreenApi,
        "getStateInstance",
        Fault {
            body: Some(json!({"stateInstance": "starting"})),
            ..Fault::on(Service::GreenApi)
        },
    );
    assert_eq!(
        states(shop.greenapi).await,
        ("starting".into(), "active".into())
    );

    answers(
        Service::WhatsApp,
        NUMBER,
        Fault {
            code: Some(190),
            ..Fault::on(Service::WhatsApp)
        },
    );
    assert_eq!(
        states(shop.whatsapp).await,
        ("refused".into(), "paused".into())
    );
    // Once: not again every hour.
    assert_eq!(
        states(shop.whatsapp).await,
        ("refused".into(), "paused".into())
    );
    answers(
        Service::GreenApi,
        "getStateInstance",
        Fault {
            body: Some(json!({"stateInstance": "notAuthorized"})),
            ..Fault::on(Service::GreenApi)
        },
    );
    assert_eq!(
        states(shop.greenapi).await,
        ("notAuthorized".into(), "paused".into())
    );
    let mut work = shop.work_by(me()).await;
    let told = async |work: &mut Work, user| {
        notifications::list(work, user, true, None, 50)
            .await
            .unwrap()
            .len()
    };
    assert_eq!(
        (told(&mut work, admin).await, told(&mut work, agent).await),
        (2, 0)
    );
    work.commit().await.unwrap();
    assert_eq!(shop.done("channels.pause").await, 2);
    assert!(shop.details(shop.whatsapp).await.refused);
    let other = WorkspaceId::new();
    assert!(matches!(
        check(&shop.ctx, other, shop.whatsapp).await,
        Err(ChannelError::NotFound)
    ));
}

#[tokio::test]
async fn every_channel_in_use_is_checked_each_hour() {
    let shop = Shop::open().await;
    let mut work = shop.work_by(me()).await;
    delete(&mut work, shop.greenapi).await.unwrap();
    work.commit().await.unwrap();
    CheckHealth {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    assert_eq!(shop.drain().await.done, 2);
    assert!(shop.details(shop.whatsapp).await.checked_at.is_some());
    let asked: Vec<_> = shop.providers.ledger(Service::GreenApi);
    assert!(asked.is_empty());
}

#[tokio::test]
async fn a_token_is_replaced_only_by_one_that_the_provider_accepts() {
    let shop = Shop::open().await;
    shop.number(NUMBER, "fresh-token-4321");
    let secrets = |token: &str| NewSecrets {
        token: SecretString::from(token.to_owned()),
        app_secret: None,
    };
    let rotate = async |token: &str| {
        rotate(
            &shop.ctx,
            shop.workspace,
            &me(),
            shop.whatsapp,
            &secrets(token),
        )
        .await
    };
    let before = shop
        .ctx
        .channels()
        .by_id(shop.whatsapp)
        .await
        .unwrap()
        .unwrap();
    // Another process has it in memory.
    let elsewhere = Directory::new(shop.ctx.db.clone(), shop.ctx.keyring.clone());
    assert!(elsewhere.by_id(shop.whatsapp).await.unwrap().is_some());
    // The provider has withdrawn the old token.
    assert_eq!(
        check(&shop.ctx, shop.workspace, shop.whatsapp)
            .await
            .unwrap()
            .status,
        "paused"
    );

    assert_eq!(
        pointers(rotate("wrong-token").await.unwrap_err()),
        ["/token"]
    );
    assert_eq!(
        pointers(rotate("with space").await.unwrap_err()),
        ["/token"]
    );
    shop.providers.fault(Fault {
        status: Some(502),
        body: Some(json!("busy")),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    assert!(matches!(
        rotate("fresh-token-4321").await,
        Err(ChannelError::Unreachable(_))
    ));
    let same = shop
        .ctx
        .channels()
        .by_id(shop.whatsapp)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        same.credentials.token.expose_secret(),
        before.credentials.token.expose_secret()
    );

    rotate("fresh-token-4321").await.unwrap();
    let after = shop
        .ctx
        .channels()
        .by_id(shop.whatsapp)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after.credentials.token.expose_secret(), "fresh-token-4321");
    // What the provider knows of us stays, and a refused channel works again.
    assert_eq!(
        after
            .credentials
            .app_secret
            .as_ref()
            .unwrap()
            .expose_secret(),
        "secret"
    );
    let shown = shop.details(shop.whatsapp).await;
    assert_eq!(
        (
            shown.status.as_str(),
            shown.token_hint.as_str(),
            shown.refused
        ),
        ("active", "4321", false)
    );
    // The other process is still refused with the old one: that says nothing of the new one.
    let stale = elsewhere.by_id(shop.whatsapp).await.unwrap().unwrap();
    assert_eq!(stale.credentials.token.expose_secret(), "token");
    let stopped = refuse(
        &mut shop.work_by(Actor::SYSTEM).await,
        shop.whatsapp,
        "old token",
    )
    .await
    .unwrap();
    assert!(!stopped);
    let old = shop.ctx.with(elsewhere);
    assert_eq!(
        check(&old, shop.workspace, shop.whatsapp)
            .await
            .unwrap()
            .status,
        "active"
    );
    assert_eq!(shop.done("channels.rotate").await, 1);
}

#[tokio::test]
async fn a_person_stops_paces_and_names_a_channel() {
    let shop = Shop::open().await;
    let id = shop.whatsapp;
    let mut work = shop.work_by(me()).await;
    set_rate(
        &mut work,
        id,
        Rate {
            per_second: 20.0,
            burst: 8,
        },
    )
    .await
    .unwrap();
    rename(&mut work, id, "Front desk").await.unwrap();
    for (rate, pointer) in [
        ((0.0, 5), "/per_second"),
        ((1_001.0, 5), "/per_second"),
        ((f64::NAN, 5), "/per_second"),
        ((5.0, 0), "/burst"),
    ] {
        let rate = Rate {
            per_second: rate.0,
            burst: rate.1,
        };
        assert_eq!(
            pointers(set_rate(&mut work, id, rate).await.unwrap_err()),
            [pointer]
        );
    }
    let fast = Rate {
        per_second: 51.0,
        burst: 5,
    };
    assert!(set_rate(&mut work, shop.greenapi, fast).await.is_err());
    assert_eq!(
        pointers(rename(&mut work, id, " ").await.unwrap_err()),
        ["/name"]
    );
    stop(&mut work, id, "stocktaking").await.unwrap();
    work.commit().await.unwrap();
    let shown = shop.details(id).await;
    assert_eq!(
        (shown.name.as_str(), shown.rate, shown.burst),
        ("Front desk", Some(20.0), Some(8))
    );
    assert_eq!(
        (shown.status.as_str(), shown.status_reason.as_deref()),
        ("paused", Some("stocktaking"))
    );

    shop.ctx.channels().clear();
    shop.hear("wamid.1", "Hello").await;
    shop.drain().await;
    assert!(shop.sent(Service::WhatsApp).is_empty());
    let mut work = shop.work_by(me()).await;
    resume(&mut work, id).await.unwrap();
    work.commit().await.unwrap();
    shop.ctx.channels().clear();
    shop.drain().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1);
    for action in [
        "channels.set_rate",
        "channels.rename",
        "channels.pause",
        "channels.resume",
    ] {
        assert_eq!(shop.done(action).await, 1, "{action}");
    }
    // Another workspace's channel is none.
    let other = WorkspaceId::new();
    let mut work = shop.work_in(other, me()).await;
    assert!(matches!(
        rename(&mut work, id, "x").await,
        Err(ChannelError::NotFound)
    ));
    assert!(matches!(
        delete(&mut work, id).await,
        Err(ChannelError::NotFound)
    ));
}

#[tokio::test]
async fn keys_are_replaced_while_another_process_reads() {
    use kazi_platform::crypto::{Keyring, rotate};
    let shop = Shop::open().await;
    let (old, new) = (Keyring::generate_master(), Keyring::generate_master());
    let ring = |keys: &[&SecretString]| {
        let keys: Vec<&str> = keys.iter().map(|key| key.expose_secret()).collect();
        Keyring::new(&SecretString::from(keys.join(","))).unwrap()
    };
    // Seven businesses under the old master key.
    let mut sealed = Vec::new();
    let first = ring(&[&old]);
    for n in 0..7 {
        let profile = serde_json::from_value(json!({"name": format!("Shop {n}")})).unwrap();
        let id =
            workspaces::create_for(&shop.ctx.db, shop.now(), &me(), shop.user().await, &profile)
                .await
                .unwrap();
        let new: Connect = serde_json::from_value(whatsapp(&format!("30{n}"))).unwrap();
        let mut work = shop.work_in(id, me()).await;
        let channel = connect(&mut work, &first, &new, false).await.unwrap();
        work.commit().await.unwrap();
        sealed.push((id, channel));
    }
    // The shop's own is under a key that nobody has here.
    let both = ring(&[&new, &old]);
    let reads = async |ring: Keyring| {
        let directory = Directory::new(shop.ctx.db.clone(), ring);
        for (_, channel) in &sealed {
            let found = directory.by_id(*channel).await.unwrap().unwrap();
            assert_eq!(
                found.credentials.token.expose_secret(),
                "EAAB-second-token-9876"
            );
        }
    };
    let renewing = async {
        for (workspace, _) in &sealed[..3] {
            let mut work = shop.work_in(*workspace, me()).await;
            let renewed = rotate::renew(work.conn(), &both, *workspace).await;
            assert_eq!(renewed.unwrap(), 2);
            assert_eq!(sealed::reseal(&mut work, &both).await.unwrap(), 1);
            work.commit().await.unwrap();
        }
        rotate::rewrap(&shop.ctx.db, &both, |_| {}).await.unwrap()
    };
    // Each round a process that has just begun, and knows no key yet.
    let reading = async {
        for _ in 0..20 {
            reads(both.clone()).await;
            reads(ring(&[&old, &new])).await;
        }
    };
    let (done, ()) = tokio::join!(renewing, reading);
    assert_eq!((done.seen, done.rewrapped, done.unknown), (11, 7, 1));
    // Again: nothing is left to do.
    let again = rotate::rewrap(&shop.ctx.db, &both, |_| {}).await.unwrap();
    assert_eq!((again.seen, again.rewrapped, again.unknown), (11, 0, 1));
    reads(ring(&[&new])).await;
    let uses = rotate::list(&shop.ctx.db, &both).await.unwrap();
    assert_eq!(
        uses.iter()
            .map(|u| (u.first, u.data_keys))
            .collect::<Vec<_>>(),
        [(true, 10), (false, 0), (false, 1)]
    );
    let later = shop.now() + chrono::TimeDelta::hours(1);
    assert_eq!(
        rotate::older_than(&shop.ctx.db, later, None)
            .await
            .unwrap()
            .len(),
        8
    );
    assert!(
        rotate::older_than(&shop.ctx.db, shop.now() - chrono::TimeDelta::hours(1), None)
            .await
            .unwrap()
            .is_empty()
    );
    // What was rolled back seals nothing.
    let (workspace, _) = sealed[3];
    let mut tx = tenant(&shop.ctx.db, workspace).await.unwrap();
    rotate::renew(&mut tx, &both, workspace).await.unwrap();
    both.seal(&mut tx, workspace, "a", b"x").await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = tenant(&shop.ctx.db, workspace).await.unwrap();
    let kept = both.seal(&mut tx, workspace, "a", b"x").await.unwrap();
    assert_eq!(
        ring(&[&new])
            .open(&mut tx, workspace, "a", &kept)
            .await
            .unwrap(),
        b"x"
    );
}
