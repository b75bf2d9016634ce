use kazi_platform::Phone;
use kazi_simulators::{Fault, Service};
use serde_json::Value;

use super::*;
use crate::{
    contacts::{self, Identity},
    testing::CUSTOMER,
};

const PERMISSIONS: [&str; 2] = ["contacts.read", "contacts.write"];

impl Scene {
    /// Somebody who has written to the business.
    async fn contact(&self) -> contacts::Contact {
        let shop = &self.shop;
        shop.phone(crate::channels::ChannelKind::WhatsApp)
            .send_raw(serde_json::json!({"type": "text", "text": {"body": "hi"}}))
            .await;
        let identity = Identity {
            chat_id: Some(CUSTOMER.into()),
            phone: Phone::from_wa_id(CUSTOMER),
            ..Identity::default()
        };
        let mut work = shop.work().await;
        let contact = contacts::resolve(&mut work, shop.whatsapp, &identity)
            .await
            .unwrap();
        work.commit().await.unwrap();
        contact
    }

    async fn ask(&self) -> Result<(), IdentityError> {
        let input = CustomerLogIn {
            phone: format!("+{CUSTOMER}"),
        };
        customer_log_in(self.ctx(), self.shop.workspace, &input, &from(HOME)).await
    }

    async fn verify(&self, code: &str) -> Result<LoggedIn, IdentityError> {
        let input = CustomerVerify {
            phone: format!("+{CUSTOMER}"),
            code: secret(code),
        };
        customer_verify(self.ctx(), self.shop.workspace, &input, &from(HOME)).await
    }

    fn sent(&self) -> Vec<Value> {
        self.shop
            .sent(Service::WhatsApp)
            .into_iter()
            .map(|entry| entry.body)
            .collect()
    }
}

#[tokio::test]
async fn a_customer_logs_in_by_a_code_over_whatsapp() {
    let scene = Scene::open().await;
    let contact = scene.contact().await;
    scene.ask().await.unwrap();
    assert_eq!(scene.drained().await.done, 1);
    let code = code_in(scene.sent()[0]["text"]["body"].as_str().unwrap()).unwrap();
    assert!(scene.verify(wrong(&code).expose_secret()).await.is_err());
    let logged_in = scene.verify(&code).await.unwrap();
    let workspace = scene.shop.workspace;
    let subject = Subject::Customer {
        workspace,
        contact: contact.id,
    };
    assert_eq!(logged_in.subject, subject);
    assert!(scene.verify(&code).await.is_err());
    let alive = async |session| {
        let mut tx = database::platform(&scene.ctx().db).await.unwrap();
        customer_alive(&mut tx, scene.shop.now(), session)
            .await
            .unwrap()
    };
    assert_eq!(
        alive(logged_in.session).await,
        Some((workspace, contact.id))
    );
    // A customer's session is no user's.
    assert!(scene.alive(logged_in.session).await.is_none());
    let next = refresh(scene.ctx(), &logged_in.refresh_token, &from(HOME))
        .await
        .unwrap();
    assert_eq!(next.subject, subject);
    sqlx::query("UPDATE contacts SET blocked_at = now()")
        .execute(&scene.ctx().owner)
        .await
        .unwrap();
    assert_eq!(alive(logged_in.session).await, None);
    assert!(
        refresh(scene.ctx(), &next.refresh_token, &from(HOME))
            .await
            .is_err()
    );
    scene.wait(60);
    scene.ask().await.unwrap();
    scene.drained().await;
    assert_eq!(scene.sent().len(), 1);
}

#[tokio::test]
async fn a_number_that_is_no_contact_s_gets_nothing_and_looks_the_same() {
    let scene = Scene::open().await;
    scene.ask().await.unwrap();
    let drained = scene.drained().await;
    assert_eq!((drained.done, drained.dead), (1, 0));
    assert!(scene.sent().is_empty());
    assert!(matches!(
        scene.verify("123456").await,
        Err(IdentityError::WrongCode)
    ));
}

#[tokio::test]
async fn outside_the_24_hours_a_code_goes_by_the_authentication_template() {
    let scene = Scene::open().await;
    scene.contact().await;
    scene.shop.providers.fault(Fault {
        code: Some(131_047),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    scene.shop.providers.add_template(
        "1",
        kazi_simulators::Template {
            name: "code".into(),
            language: "en".into(),
            category: "AUTHENTICATION".into(),
            body: "{{1}} is your code.".into(),
            status: "APPROVED".into(),
            ..kazi_simulators::Template::default()
        },
    );
    scene.ask().await.unwrap();
    assert_eq!(scene.drained().await.done, 1);
    let template = &scene.sent()[1]["template"];
    let code = template["components"][0]["parameters"][0]["text"]
        .as_str()
        .unwrap();
    assert_eq!(template["components"][1]["parameters"][0]["text"], code);
    scene.verify(code).await.unwrap();
}

#[tokio::test]
async fn a_user_proves_a_phone_by_the_platform_s_channel() {
    let mut scene = Scene::open().await;
    let user = scene.user().await;
    scene.contact().await;
    let actor = from(HOME).actor(user);
    let none = request_phone_code(scene.ctx(), user, &from(HOME)).await;
    assert!(matches!(
        none,
        Err(IdentityError::Conflict {
            code: "no_channel",
            ..
        })
    ));
    let mut providers = (*scene.shop.ctx.providers).clone();
    providers.code_channel = Some(scene.shop.whatsapp.uuid());
    scene.shop.ctx.providers = providers.into();
    let none = request_phone_code(scene.ctx(), user, &from(HOME)).await;
    assert!(matches!(
        none,
        Err(IdentityError::Conflict {
            code: "no_phone",
            ..
        })
    ));
    let update = UpdateUser {
        phone: Some(format!("+{CUSTOMER}")),
        ..UpdateUser::default()
    };
    update_user(scene.ctx(), &actor, user, &update)
        .await
        .unwrap();
    request_phone_code(scene.ctx(), user, &from(HOME))
        .await
        .unwrap();
    scene.drained().await;
    let code = code_in(scene.sent()[0]["text"]["body"].as_str().unwrap()).unwrap();
    assert!(
        verify_phone(scene.ctx(), &actor, user, &wrong(&code))
            .await
            .is_err()
    );
    verify_phone(scene.ctx(), &actor, user, &secret(&code))
        .await
        .unwrap();
    let other = UpdateUser {
        phone: Some("+33612345678".into()),
        ..UpdateUser::default()
    };
    let mut tx = database::platform(&scene.ctx().db).await.unwrap();
    assert!(
        get_user(&mut tx, user)
            .await
            .unwrap()
            .phone_verified_at
            .is_some()
    );
    drop(tx);
    let view = update_user(scene.ctx(), &actor, user, &other)
        .await
        .unwrap();
    assert!(view.phone_verified_at.is_none());
}

#[tokio::test]
async fn a_key_for_programs_is_shown_once_and_good_until_it_ends_or_is_revoked() {
    let scene = Scene::open().await;
    let (ctx, workspace, now) = (scene.ctx(), scene.shop.workspace, scene.shop.now());
    let input = NewApiKey {
        name: "n8n".into(),
        scopes: vec!["contacts.read".into()],
        expires_at: Some(now + TimeDelta::days(1)),
    };
    let mut work = scene.shop.work().await;
    let made = create_api_key(&mut work, &input, &PERMISSIONS).await;
    let (id, key) = made.unwrap();
    work.commit().await.unwrap();
    let token = ApiToken::read(key.expose_secret()).unwrap();
    assert!(key.expose_secret().starts_with("kz_live_") && token.id == id);
    let record = async || {
        let mut tx = database::platform(&ctx.db).await.unwrap();
        api_key(&mut tx, id).await.unwrap().unwrap()
    };
    let good = record().await;
    assert_eq!(
        (good.workspace, good.scopes.as_slice()),
        (workspace, ["contacts.read".to_owned()].as_slice())
    );
    assert!(good.admits(&token, now) && !good.admits(&token, now + TimeDelta::days(1)));
    let mut forged = key.expose_secret().to_owned();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);
    assert!(!good.admits(&ApiToken::read(&forged).unwrap(), now));
    for none in [
        "",
        "kz_live_",
        "kz_live_1_2",
        "Bearer x",
        &key.expose_secret()[1..],
    ] {
        assert!(ApiToken::read(none).is_none(), "{none}");
    }
    // Used: written at most once a minute.
    let used = async |after: i64| {
        let mut tx = database::platform(&ctx.db).await.unwrap();
        touch_api_key(&mut tx, id, now + TimeDelta::seconds(after))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut work = scene.shop.work().await;
        let listed = list_api_keys(&mut work, None, 10).await.unwrap();
        (listed[0].last_used_at.unwrap() - now).num_seconds()
    };
    assert_eq!((used(0).await, used(59).await, used(60).await), (0, 0, 60));
    let mut work = scene.shop.work().await;
    revoke_api_key(&mut work, id).await.unwrap();
    revoke_api_key(&mut work, id).await.unwrap();
    let none = revoke_api_key(&mut work, ApiKeyId::new()).await;
    assert!(matches!(none, Err(IdentityError::NotFound(_))));
    work.commit().await.unwrap();
    assert!(!record().await.admits(&token, now));
    assert_eq!(
        scene
            .count("SELECT count(*) FROM audit_log WHERE subject_kind = 'api_key'")
            .await,
        2
    );
}

#[tokio::test]
async fn a_key_s_faults_are_told_by_their_fields() {
    let scene = Scene::open().await;
    let input = NewApiKey {
        name: " ".into(),
        scopes: vec!["everything".into()],
        expires_at: Some(scene.shop.now()),
    };
    let mut work = scene.shop.work().await;
    let made = create_api_key(&mut work, &input, &PERMISSIONS).await;
    let Err(IdentityError::Invalid(invalid)) = made else {
        panic!("{made:?}")
    };
    let pointers: Vec<&str> = invalid
        .0
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/name", "/scopes", "/expires_at"]);
}

#[tokio::test]
async fn what_is_of_no_use_any_more_is_forgotten_and_the_rest_is_not() {
    let scene = Scene::open().await;
    scene.user().await;
    scene.logged_in().await;
    forgot_password(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    scene.drained().await;
    let tables = "SELECT (SELECT count(*) FROM one_time_codes) * 1000 + (SELECT count(*) FROM refresh_tokens) * 100
                         + (SELECT count(*) FROM sessions) * 10 + (SELECT (count(*) > 0)::int FROM login_attempts)";
    let purge = async |days: i64| {
        scene.wait(days * 86_400);
        let mut conn = scene.shop.conn().await;
        kazi_queue::Job::enqueue(&PurgeExpired {}, &mut conn)
            .await
            .unwrap();
        drop(conn);
        assert_eq!(scene.drained().await.done, 1);
        scene.count(tables).await
    };
    assert_eq!(purge(0).await, 1_111);
    assert_eq!(purge(3).await, 110);
    // A used token that is shown must still end its session.
    assert_eq!(purge(50).await, 110);
    assert_eq!(purge(10).await, 0);
}
