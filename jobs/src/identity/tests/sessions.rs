use super::*;

async fn token(scene: &Scene, token: &SecretString) -> Result<Refreshed, IdentityError> {
    refresh(scene.ctx(), token, &from(HOME)).await
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_leads_to_the_next() {
    let scene = Scene::open().await;
    scene.user().await;
    let logged_in = scene.logged_in().await;
    let mut current = logged_in.refresh_token.clone();
    for _ in 0..3 {
        scene.wait(600);
        let next = token(&scene, &current).await.unwrap();
        assert_eq!(
            (next.session, next.subject),
            (logged_in.session, logged_in.subject)
        );
        assert_ne!(next.refresh_token.expose_secret(), current.expose_secret());
        current = next.refresh_token;
    }
    let clear = current.expose_secret();
    let kept: String = sqlx::query_scalar("SELECT string_agg(t::text, ' ') FROM refresh_tokens t")
        .fetch_one(&scene.ctx().owner)
        .await
        .unwrap();
    assert!(!kept.contains(clear) && !kept.contains(&hex::encode(clear)));
    scene.wait(31 * 86_400);
    assert!(matches!(
        token(&scene, &current).await,
        Err(IdentityError::SessionEnded)
    ));
    assert!(scene.alive(logged_in.session).await.is_none());
    assert!(token(&scene, &secret("no token")).await.is_err());
}

#[tokio::test]
async fn a_session_that_is_not_remembered_ends_12_hours_after_the_log_in_however_often_it_is_used()
{
    let scene = Scene::open().await;
    let user = scene.user().await;
    let began = scene.shop.now();
    let short = scene.log_in_as(PASSWORD, false, &from(HOME)).await;
    let short = done(short.unwrap());
    let long = scene.logged_in().await;
    let end = began + TimeDelta::hours(12);
    assert_eq!(
        (short.refresh_expires_at, short.is_remembered),
        (end, false)
    );
    let in_30_days = began + TimeDelta::days(30);
    assert_eq!(
        (long.refresh_expires_at, long.is_remembered),
        (in_30_days, true)
    );
    scene.wait(6 * 3_600);
    let used = token(&scene, &short.refresh_token).await.unwrap();
    assert_eq!((used.refresh_expires_at, used.is_remembered), (end, false));
    let list = async || {
        let mut tx = database::platform(&scene.ctx().db).await.unwrap();
        let now = scene.shop.now();
        let views = list_sessions(&mut tx, now, user, None, 9).await.unwrap();
        let mut ends: Vec<_> = views.iter().map(|view| (view.id, view.ends_at)).collect();
        ends.sort_by_key(|(_, at)| *at);
        ends
    };
    assert_eq!(
        list().await,
        [(long.session, None), (short.session, Some(end))]
    );
    scene.wait(6 * 3_600 - 1);
    assert!(scene.alive(short.session).await.is_some());
    scene.wait(1);
    assert!(scene.alive(short.session).await.is_none());
    assert!(matches!(
        token(&scene, &used.refresh_token).await,
        Err(IdentityError::SessionEnded)
    ));
    assert_eq!(list().await, [(long.session, None)]);
    // The other one lasts for 30 days from its last use.
    let used = token(&scene, &long.refresh_token).await.unwrap();
    assert_eq!(used.refresh_expires_at, in_30_days + TimeDelta::hours(12));
}

#[tokio::test]
async fn a_lost_answer_is_given_again_for_ten_seconds() {
    let scene = Scene::open().await;
    scene.user().await;
    let first = scene.logged_in().await.refresh_token;
    let lost = token(&scene, &first).await.unwrap();
    scene.wait(9);
    let again = token(&scene, &first).await.unwrap();
    assert_eq!(
        lost.refresh_token.expose_secret(),
        again.refresh_token.expose_secret()
    );
    assert_eq!(lost.refresh_expires_at, again.refresh_expires_at);
    token(&scene, &again.refresh_token).await.unwrap();
}

#[tokio::test]
async fn a_used_token_that_is_shown_again_ends_the_session_for_the_thief_and_for_the_owner() {
    let scene = Scene::open().await;
    scene.user().await;
    let logged_in = scene.logged_in().await;
    let next = token(&scene, &logged_in.refresh_token).await.unwrap();
    scene.wait(10);
    let stolen = token(&scene, &logged_in.refresh_token).await;
    assert!(matches!(stolen, Err(IdentityError::SessionEnded)));
    assert!(token(&scene, &next.refresh_token).await.is_err());
    assert!(scene.alive(logged_in.session).await.is_none());
    // Within the grace too, where the owner has gone on already.
    let other = scene.logged_in().await;
    let next = token(&scene, &other.refresh_token).await.unwrap();
    let after = token(&scene, &next.refresh_token).await.unwrap();
    assert!(token(&scene, &other.refresh_token).await.is_err());
    assert!(token(&scene, &after.refresh_token).await.is_err());
    let reused = "SELECT count(*) FROM audit_log WHERE action = 'identity.refresh_reused'";
    assert_eq!(scene.count(reused).await, 2);
}

#[tokio::test]
async fn two_refreshes_at_once_get_the_same_token() {
    let scene = Scene::open().await;
    scene.user().await;
    let first = scene.logged_in().await.refresh_token;
    let (one, other) = tokio::join!(token(&scene, &first), token(&scene, &first));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(
        one.refresh_token.expose_secret(),
        other.refresh_token.expose_secret()
    );
    assert_eq!(scene.count("SELECT count(*) FROM refresh_tokens").await, 2);
    token(&scene, &one.refresh_token).await.unwrap();
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_or_all_by_their_owner_alone() {
    let scene = Scene::open().await;
    let user = scene.user().await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        scene.wait(1);
        sessions.push(scene.logged_in().await.session);
    }
    let list = async |after, limit| {
        let mut tx = database::platform(&scene.ctx().db).await.unwrap();
        let now = scene.shop.now();
        let page = list_sessions(&mut tx, now, user, after, limit)
            .await
            .unwrap();
        page.into_iter().map(|view| view.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, 2).await, [sessions[2], sessions[1]]);
    assert_eq!(list(Some(sessions[1]), 2).await, [sessions[0]]);
    let actor = from(HOME).actor(user);
    let stranger = Subject::User(UserId::new());
    let refused = revoke_session(scene.ctx(), &actor, stranger, sessions[0]).await;
    assert!(matches!(refused, Err(IdentityError::NotFound(_))));
    let own = Subject::User(user);
    revoke_session(scene.ctx(), &actor, own, sessions[0])
        .await
        .unwrap();
    assert!(scene.alive(sessions[0]).await.is_none());
    assert_eq!(
        revoke_all_sessions(scene.ctx(), &actor, own).await.unwrap(),
        2
    );
    assert!(list(None, 9).await.is_empty());
}

#[tokio::test]
async fn who_is_shut_out_has_no_session_and_gets_none() {
    let scene = Scene::open().await;
    let user = scene.user().await;
    let logged_in = scene.logged_in().await;
    set_disabled(scene.ctx(), &Actor::OPERATOR, user, true)
        .await
        .unwrap();
    assert!(scene.alive(logged_in.session).await.is_none());
    assert!(token(&scene, &logged_in.refresh_token).await.is_err());
    let refused = scene.log_in(PASSWORD, &from(HOME)).await;
    assert!(matches!(refused, Err(IdentityError::ShutOut)));
    // Who lacks the password does not learn it.
    let refused = scene.log_in("wrong", &from(HOME)).await;
    assert!(matches!(refused, Err(IdentityError::WrongCredentials)));
    set_disabled(scene.ctx(), &Actor::OPERATOR, user, false)
        .await
        .unwrap();
    scene.logged_in().await;
}

#[tokio::test]
async fn tries_wait_ever_longer_where_they_fail_and_the_owner_is_not_locked_out() {
    let scene = Scene::open().await;
    scene.user().await;
    let device = scene.logged_in().await.device;
    let attack = async || scene.log_in("wrong", &from(ELSEWHERE)).await.unwrap_err();
    for _ in 0..5 {
        assert!(matches!(attack().await, IdentityError::WrongCredentials));
    }
    // Not even the right password.
    let locked = scene.log_in(PASSWORD, &from(ELSEWHERE)).await.unwrap_err();
    assert_eq!(seconds(&locked), Some(1));
    scene.wait(1);
    assert!(matches!(attack().await, IdentityError::WrongCredentials));
    assert_eq!(seconds(&attack().await), Some(2));
    // The owner at home, and on the way with a known device from the very same address.
    scene.logged_in().await;
    let known = Origin {
        device: Some(device),
        ..from(ELSEWHERE)
    };
    let logged_in = done(scene.log_in(PASSWORD, &known).await.unwrap());
    assert_eq!(
        logged_in.device.expose_secret(),
        known.device.as_ref().unwrap().expose_secret()
    );
    // A device that nobody knows helps nobody.
    let unknown = Origin {
        device: Some(secret("made up")),
        ..from(ELSEWHERE)
    };
    assert!(seconds(&scene.log_in(PASSWORD, &unknown).await.unwrap_err()).is_some());
    // A success wipes the place clean.
    scene.wait(60);
    done(scene.log_in(PASSWORD, &from(ELSEWHERE)).await.unwrap());
    for _ in 0..4 {
        assert!(matches!(attack().await, IdentityError::WrongCredentials));
    }
}

#[tokio::test]
async fn many_tries_at_once_are_no_way_around_and_nobody_s_account_locks_the_same() {
    let scene = Scene::open().await;
    scene.user().await;
    for email in [EMAIL, "nobody@example.com"] {
        let tries = (0..12).map(|_| {
            let ctx = scene.ctx().clone();
            let input = LogIn {
                email: email.into(),
                password: secret("wrong"),
                remember: false,
            };
            tokio::spawn(async move { log_in(&ctx, &input, &from(ELSEWHERE)).await.unwrap_err() })
        });
        let tries: Vec<_> = tries.collect();
        let mut wrong = 0;
        for one in tries {
            match one.await.unwrap() {
                IdentityError::WrongCredentials => wrong += 1,
                other => assert_eq!(seconds(&other), Some(1)),
            }
        }
        assert_eq!(wrong, 5, "{email}");
    }
}

#[tokio::test]
async fn log_ins_of_one_moment_do_not_wait_for_each_other() {
    let scene = Scene::open().await;
    scene.user().await;
    scene.logged_in().await;
    // Of a process that read its clock before the log-in above ended, and got the lock after it.
    scene.ctx().clock.advance(TimeDelta::milliseconds(-5));
    scene.logged_in().await;
}

#[tokio::test]
async fn an_account_attacked_from_many_addresses_waits_for_strangers_only() {
    let scene = Scene::open().await;
    let user = scene.user().await;
    scene.logged_in().await;
    let stranger = |n: u8| from(&format!("203.0.113.{n}"));
    let count = async |n: u8, user: Option<UserId>| {
        let counters = lockout::of_log_in(scene.ctx(), EMAIL, user, &stranger(n))
            .await
            .unwrap();
        lockout::enter(scene.ctx(), counters).await.map(|_| ())
    };
    for n in 0..30 {
        count(n, Some(user)).await.unwrap();
    }
    assert!(seconds(&count(200, Some(user)).await.unwrap_err()).is_some());
    scene.logged_in().await;
}
