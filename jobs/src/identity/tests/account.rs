use super::*;

fn verify(code: &str, password: &str) -> VerifyEmail {
    VerifyEmail {
        email: EMAIL.into(),
        password: secret(password),
        code: secret(code),
        remember: false,
    }
}

fn reset(code: &str, password: &str) -> ResetPassword {
    ResetPassword {
        email: EMAIL.into(),
        code: secret(code),
        password: secret(password),
    }
}

#[tokio::test]
async fn somebody_registers_proves_the_address_and_logs_in() {
    let scene = Scene::open().await;
    scene.register(PASSWORD).await.unwrap();
    let outcome = scene.log_in(PASSWORD, &from(HOME)).await.unwrap();
    assert!(matches!(outcome, LoginOutcome::NeedsVerification));
    let code = scene.code().await;
    let outcome = verify_email(scene.ctx(), &verify(&code, PASSWORD), &from(HOME)).await;
    let session = done(outcome.unwrap()).session;
    assert!(scene.alive(session).await.is_some());
    // Whatever the case of the address.
    let input = LogIn {
        email: " AMINA@example.COM".into(),
        password: secret(PASSWORD),
        remember: false,
    };
    done(log_in(scene.ctx(), &input, &from(HOME)).await.unwrap());
    let again = verify_email(scene.ctx(), &verify(&code, PASSWORD), &from(HOME)).await;
    assert!(matches!(again, Err(IdentityError::WrongCode)));
}

#[tokio::test]
async fn an_address_with_an_account_gets_a_letter_and_the_one_who_asks_learns_nothing() {
    let scene = Scene::open().await;
    scene.user().await;
    scene.register("another long password here").await.unwrap();
    let (subject, code) = scene.mailed().await;
    assert_eq!(
        (subject.as_str(), code),
        ("You have an account already", None)
    );
    // The password is as it was.
    scene.logged_in().await;
    // Nobody's address: the same answer, and nothing is sent.
    let letters = scene.shop.providers.inbox().len();
    forgot_password(scene.ctx(), "nobody@example.com", &from(HOME))
        .await
        .unwrap();
    request_email_code(scene.ctx(), "nobody@example.com", &from(HOME))
        .await
        .unwrap();
    let drained = scene.drained().await;
    assert_eq!((drained.done, drained.dead), (2, 0));
    assert_eq!(scene.shop.providers.inbox().len(), letters);
}

#[tokio::test]
async fn who_registers_somebody_else_s_address_first_does_not_get_into_their_account() {
    let scene = Scene::open().await;
    scene.register("the password of a thief").await.unwrap();
    scene.wait(60);
    scene.register(PASSWORD).await.unwrap();
    let code = scene.code().await;
    let thief = verify(&code, "the password of a thief");
    let outcome = verify_email(scene.ctx(), &thief, &from(ELSEWHERE)).await;
    assert!(matches!(outcome, Err(IdentityError::WrongCode)));
    let outcome = verify_email(scene.ctx(), &verify(&code, PASSWORD), &from(HOME)).await;
    done(outcome.unwrap());
    let thief = scene
        .log_in("the password of a thief", &from(ELSEWHERE))
        .await;
    assert!(matches!(thief, Err(IdentityError::WrongCredentials)));
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_all_sessions_end() {
    let scene = Scene::open().await;
    scene.user().await;
    let session = scene.logged_in().await;
    forgot_password(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    let code = scene.code().await;
    let easy = reset_password(scene.ctx(), &reset(&code, "password123"), &from(HOME)).await;
    assert!(matches!(easy, Err(IdentityError::Invalid(_))));
    let new = reset(&code, "orbit kettle maize");
    reset_password(scene.ctx(), &new, &from(HOME))
        .await
        .unwrap();
    assert!(scene.alive(session.session).await.is_none());
    let refreshed = refresh(scene.ctx(), &session.refresh_token, &from(HOME)).await;
    assert!(matches!(refreshed, Err(IdentityError::SessionEnded)));
    let old = scene.log_in(PASSWORD, &from(HOME)).await;
    assert!(matches!(old, Err(IdentityError::WrongCredentials)));
    done(
        scene
            .log_in("orbit kettle maize", &from(HOME))
            .await
            .unwrap(),
    );
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let scene = Scene::open().await;
    let user = scene.user().await;
    let (here, there) = (scene.logged_in().await, scene.logged_in().await);
    let change = |current: &str| ChangePassword {
        current_password: secret(current),
        password: secret("orbit kettle maize"),
    };
    let actor = from(HOME).actor(user);
    let wrong = change_password(scene.ctx(), &actor, user, here.session, &change("not this")).await;
    assert!(matches!(wrong, Err(IdentityError::WrongCredentials)));
    change_password(scene.ctx(), &actor, user, here.session, &change(PASSWORD))
        .await
        .unwrap();
    assert!(scene.alive(here.session).await.is_some());
    assert!(scene.alive(there.session).await.is_none());
}

#[tokio::test]
async fn a_code_is_good_once_for_five_tries_and_ten_minutes() {
    let scene = Scene::open().await;
    scene.user().await;
    let ask = async || {
        scene.wait(3_600);
        forgot_password(scene.ctx(), EMAIL, &from(HOME))
            .await
            .unwrap();
        scene.code().await
    };
    let tried = async |code: &str| {
        reset_password(scene.ctx(), &reset(code, "orbit kettle maize"), &from(HOME)).await
    };
    let code = ask().await;
    for _ in 0..4 {
        let refused = tried(wrong(&code).expose_secret()).await;
        assert!(matches!(refused, Err(IdentityError::WrongCode)));
    }
    tried(&code).await.unwrap();
    assert!(matches!(tried(&code).await, Err(IdentityError::WrongCode)));
    let code = ask().await;
    for _ in 0..5 {
        // The wait of the lockout over.
        scene.wait(20);
        assert!(tried(wrong(&code).expose_secret()).await.is_err());
    }
    scene.wait(20);
    assert!(matches!(tried(&code).await, Err(IdentityError::WrongCode)));
    let code = ask().await;
    scene.wait(600);
    assert!(matches!(tried(&code).await, Err(IdentityError::WrongCode)));
    // A code of another purpose is none here.
    request_email_code(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    scene.drained().await;
    assert!(matches!(
        tried("000000").await,
        Err(IdentityError::WrongCode)
    ));
}

#[tokio::test]
async fn of_two_uses_of_one_code_at_once_one_succeeds() {
    let scene = Scene::open().await;
    scene.user().await;
    forgot_password(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    let code = scene.code().await;
    let input = reset(&code, "orbit kettle maize");
    let (home, elsewhere) = (from(HOME), from(ELSEWHERE));
    let (one, other) = tokio::join!(
        reset_password(scene.ctx(), &input, &home),
        reset_password(scene.ctx(), &input, &elsewhere)
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
}

#[tokio::test]
async fn codes_to_an_address_are_limited_whether_it_is_somebody_s_or_not() {
    let scene = Scene::open().await;
    scene.user().await;
    for email in [EMAIL, "nobody@example.com"] {
        forgot_password(scene.ctx(), email, &from(HOME))
            .await
            .unwrap();
        let soon = forgot_password(scene.ctx(), email, &from(HOME))
            .await
            .unwrap_err();
        assert_eq!(seconds(&soon), Some(60), "{email}");
    }
    let ask = async || forgot_password(scene.ctx(), EMAIL, &from(ELSEWHERE)).await;
    for _ in 0..4 {
        scene.wait(60);
        ask().await.unwrap();
    }
    scene.wait(60);
    assert_eq!(seconds(&ask().await.unwrap_err()), Some(3_300));
    // Two at once: one.
    scene.wait(3_600);
    let (one, other) = tokio::join!(ask(), ask());
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
}

#[tokio::test]
async fn a_letter_that_is_refused_for_now_or_cut_off_comes_later_with_the_same_code() {
    use kazi_simulators::{CutAt, MailFault};
    let scene = Scene::open().await;
    scene.user().await;
    forgot_password(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    let once = || MailFault {
        times: Some(1),
        ..MailFault::default()
    };
    let faults = [
        MailFault {
            code: Some(451),
            ..once()
        },
        MailFault {
            cut: Some(CutAt::Before),
            ..once()
        },
        MailFault {
            cut: Some(CutAt::After),
            ..once()
        },
    ];
    for fault in faults {
        scene.shop.providers.mail_fault(fault);
        assert_eq!(scene.drained().await.retried, 1);
        scene.wait(300);
    }
    let code = scene.code().await;
    let letters = scene.shop.providers.inbox();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0].text, letters[1].text);
    assert_eq!(letters[0].id, letters[1].id);
    let new = reset(&code, "orbit kettle maize");
    reset_password(scene.ctx(), &new, &from(HOME))
        .await
        .unwrap();
    // Refused for good: a person looks. Neither the job nor its error has the code or the address.
    scene.wait(3_600);
    scene.shop.providers.mail_fault(MailFault {
        code: Some(550),
        ..once()
    });
    forgot_password(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    assert_eq!(scene.drained().await.dead, 1);
    let dead: String = sqlx::query_scalar("SELECT string_agg(j::text, ' ') FROM queue.dead j")
        .fetch_one(&scene.ctx().owner)
        .await
        .unwrap();
    assert!(dead.contains("otc_") && !dead.contains(EMAIL), "{dead}");
}

#[tokio::test]
async fn a_code_that_could_not_be_sent_in_time_is_not_sent_at_all() {
    let scene = Scene::open().await;
    scene.user().await;
    forgot_password(scene.ctx(), EMAIL, &from(HOME))
        .await
        .unwrap();
    scene.wait(3_601);
    assert_eq!(scene.drained().await.done, 1);
    assert!(scene.shop.providers.inbox().is_empty());
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_and_no_secret_with_it() {
    let scene = Scene::open().await;
    scene.register(PASSWORD).await.unwrap();
    let code = scene.code().await;
    let outcome = verify_email(scene.ctx(), &verify(&code, PASSWORD), &from(HOME)).await;
    let logged_in = done(outcome.unwrap());
    let user = user_of(&logged_in);
    let update = UpdateUser {
        name: Some("Amina O.".into()),
        ..UpdateUser::default()
    };
    let view = update_user(scene.ctx(), &from(HOME).actor(user), user, &update)
        .await
        .unwrap();
    assert_eq!(
        (view.name.as_deref(), view.email.as_str()),
        (Some("Amina O."), EMAIL)
    );
    let log: Vec<(String, String)> = sqlx::query_as(
        "SELECT action, a::text FROM audit_log a WHERE action LIKE 'identity.%' ORDER BY id",
    )
    .fetch_all(&scene.ctx().owner)
    .await
    .unwrap();
    let actions: Vec<&str> = log.iter().map(|(action, _)| action.as_str()).collect();
    let expected =
        ["register", "verify_email", "log_in", "update_user"].map(|a| format!("identity.{a}"));
    assert_eq!(actions, expected);
    for (_, row) in &log {
        assert!(
            row.contains(HOME) && !row.contains(&code) && !row.contains("argon2"),
            "{row}"
        );
    }
    for shown in [
        format!("{logged_in:?}"),
        format!("{:?}", verify(&code, PASSWORD)),
    ] {
        assert!(
            !shown.contains(logged_in.refresh_token.expose_secret()) && !shown.contains(PASSWORD)
        );
    }
}
