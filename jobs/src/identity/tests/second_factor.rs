use totp_rs::{Builder, Secret};

use super::*;

struct Armed {
    scene: Scene,
    user: UserId,
    session: SessionId,
    secret: SecretString,
    recovery: Vec<SecretString>,
}

impl Armed {
    async fn new() -> Self {
        let scene = Scene::open().await;
        let user = scene.user().await;
        let session = scene.logged_in().await.session;
        let enrolment = enrol_totp(scene.ctx(), user).await.unwrap();
        assert!(
            enrolment
                .url
                .expose_secret()
                .starts_with("otpauth://totp/Kazi")
        );
        assert!(
            enrolment
                .qr
                .expose_secret()
                .starts_with("data:image/svg+xml;base64,")
        );
        let mut armed = Self {
            scene,
            user,
            session,
            secret: enrolment.secret,
            recovery: Vec::new(),
        };
        // It does not count before it is confirmed.
        armed.scene.logged_in().await;
        let actor = from(HOME).actor(user);
        let ctx = armed.scene.ctx();
        let bad = confirm_totp(ctx, &actor, user, session, &wrong(&armed.code())).await;
        assert!(matches!(bad, Err(IdentityError::WrongCode)));
        let recovery = confirm_totp(ctx, &actor, user, session, &secret(&armed.code())).await;
        armed.recovery = recovery.unwrap();
        armed
    }

    /// What the authenticator shows.
    fn code(&self) -> String {
        self.code_in(0)
    }

    fn code_in(&self, seconds: i64) -> String {
        let secret = Secret::try_from_base32(self.secret.expose_secret()).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let at = self.scene.shop.now().timestamp() + seconds;
        totp.generate(u64::try_from(at).unwrap()).to_string()
    }

    async fn challenge(&self) -> SecretString {
        self.challenge_as(true).await
    }

    async fn challenge_as(&self, remember: bool) -> SecretString {
        let outcome = self.scene.log_in_as(PASSWORD, remember, &from(HOME)).await;
        match outcome.unwrap() {
            LoginOutcome::NeedsTotp { challenge, .. } => challenge,
            other => panic!("{other:?}"),
        }
    }

    async fn finish(
        &self,
        challenge: &SecretString,
        code: &str,
    ) -> Result<LoggedIn, IdentityError> {
        log_in_totp(self.scene.ctx(), challenge, &secret(code), &from(HOME)).await
    }

    async fn step_up(&self, code: &str) -> Result<(), IdentityError> {
        let actor = from(HOME).actor(self.user);
        step_up(
            self.scene.ctx(),
            &actor,
            self.user,
            self.session,
            &secret(code),
        )
        .await
    }
}

#[tokio::test]
async fn a_log_in_wants_the_authenticator_s_code_and_takes_each_once() {
    let armed = Armed::new().await;
    let challenge = armed.challenge().await;
    // The code that confirmed it is used.
    let replay = armed.finish(&challenge, &armed.code()).await;
    assert!(matches!(replay, Err(IdentityError::WrongCode)));
    armed.scene.wait(30);
    let code = armed.code();
    let logged_in = armed.finish(&challenge, &code).await.unwrap();
    let state = armed.scene.alive(logged_in.session).await.unwrap();
    assert!(state.totp && state.stepped_up(armed.scene.shop.now()));
    // Neither the challenge nor the code is good again.
    armed.scene.wait(30);
    let again = armed.finish(&challenge, &armed.code()).await;
    assert!(matches!(again, Err(IdentityError::SessionEnded)));
    let other = armed.challenge().await;
    assert!(matches!(
        armed.finish(&other, &code).await,
        Err(IdentityError::WrongCode)
    ));
    // A clock that is one step ahead is let in, two are not.
    assert!(armed.finish(&other, &armed.code_in(60)).await.is_err());
    armed.finish(&other, &armed.code_in(30)).await.unwrap();
    let late = armed.challenge().await;
    armed.scene.wait(300);
    assert!(matches!(
        armed.finish(&late, &armed.code()).await,
        Err(IdentityError::SessionEnded)
    ));
}

#[tokio::test]
async fn the_second_factor_keeps_the_choice_that_was_made_with_the_password() {
    let armed = Armed::new().await;
    for remember in [true, false] {
        let challenge = armed.challenge_as(remember).await;
        armed.scene.wait(30);
        let logged_in = armed.finish(&challenge, &armed.code()).await.unwrap();
        assert_eq!(logged_in.is_remembered, remember);
    }
}

#[tokio::test]
async fn of_two_uses_of_one_code_of_the_authenticator_at_once_one_succeeds() {
    let armed = Armed::new().await;
    armed.scene.wait(30);
    let (one, other) = (armed.challenge().await, armed.challenge().await);
    let code = armed.code();
    let (a, b) = tokio::join!(armed.finish(&one, &code), armed.finish(&other, &code));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
}

#[tokio::test]
async fn a_recovery_code_is_good_once_also_for_two_at_once() {
    let armed = Armed::new().await;
    assert_eq!(armed.recovery.len(), 10);
    let code = armed.recovery[0].expose_secret().to_uppercase();
    let (one, other) = (armed.challenge().await, armed.challenge().await);
    let (a, b) = tokio::join!(armed.finish(&one, &code), armed.finish(&other, &code));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
    let left = async || {
        let mut tx = database::platform(&armed.scene.ctx().db).await.unwrap();
        count_recovery_codes(&mut tx, armed.user).await.unwrap()
    };
    assert_eq!(left().await, 9);
    // New ones end the old ones.
    let actor = from(HOME).actor(armed.user);
    let second = secret(armed.recovery[1].expose_secret());
    let ctx = armed.scene.ctx();
    let new = renew_recovery_codes(ctx, &actor, armed.user, armed.session, &second)
        .await
        .unwrap();
    assert_eq!(left().await, 10);
    assert!(
        armed
            .step_up(armed.recovery[2].expose_secret())
            .await
            .is_err()
    );
    armed.step_up(new[0].expose_secret()).await.unwrap();
    let kept: String = sqlx::query_scalar("SELECT string_agg(r::text, ' ') FROM recovery_codes r")
        .fetch_one(&armed.scene.ctx().owner)
        .await
        .unwrap();
    assert!(!kept.contains(&new[1].expose_secret().replace('-', "")));
}

#[tokio::test]
async fn a_step_up_lasts_ten_minutes() {
    let armed = Armed::new().await;
    let stepped_up = async || {
        let state = armed.scene.alive(armed.session).await.unwrap();
        state.stepped_up(armed.scene.shop.now())
    };
    assert!(stepped_up().await);
    armed.scene.wait(600);
    assert!(!stepped_up().await);
    assert!(
        armed
            .step_up(wrong(&armed.code()).expose_secret())
            .await
            .is_err()
    );
    armed.step_up(&armed.code()).await.unwrap();
    assert!(stepped_up().await);
}

#[tokio::test]
async fn guesses_of_a_second_factor_wait_too() {
    let armed = Armed::new().await;
    armed.scene.wait(30);
    let mut challenge = armed.challenge().await;
    for _ in 0..5 {
        let guess = armed
            .finish(&challenge, wrong(&armed.code()).expose_secret())
            .await;
        assert!(matches!(guess, Err(IdentityError::WrongCode)));
        // A new log-in does not begin from nought.
        challenge = armed.challenge().await;
    }
    let locked = armed.finish(&challenge, &armed.code()).await.unwrap_err();
    assert_eq!(seconds(&locked), Some(1));
    armed.scene.wait(1);
    armed.finish(&challenge, &armed.code()).await.unwrap();
}

#[tokio::test]
async fn an_authenticator_is_removed_by_its_own_code_and_is_set_up_once_at_a_time() {
    let armed = Armed::new().await;
    let ctx = armed.scene.ctx();
    let twice = enrol_totp(ctx, armed.user).await;
    assert!(matches!(
        twice,
        Err(IdentityError::Conflict {
            code: "totp_on",
            ..
        })
    ));
    let actor = from(HOME).actor(armed.user);
    armed.scene.wait(30);
    let bad = wrong(&armed.code());
    assert!(
        disable_totp(ctx, &actor, armed.user, armed.session, &bad)
            .await
            .is_err()
    );
    let code = secret(&armed.code());
    disable_totp(ctx, &actor, armed.user, armed.session, &code)
        .await
        .unwrap();
    armed.scene.logged_in().await;
    let rows = "SELECT count(*) FROM totp_secrets FULL JOIN recovery_codes USING (user_id)";
    assert_eq!(armed.scene.count(rows).await, 0);
    let off = armed.step_up(&armed.code()).await;
    assert!(matches!(
        off,
        Err(IdentityError::Conflict {
            code: "totp_off",
            ..
        })
    ));
}

#[tokio::test]
async fn the_secret_is_sealed() {
    let armed = Armed::new().await;
    let kept: Vec<u8> = sqlx::query_scalar("SELECT secret FROM totp_secrets")
        .fetch_one(&armed.scene.ctx().owner)
        .await
        .unwrap();
    let clear = Secret::try_from_base32(armed.secret.expose_secret()).unwrap();
    assert!(!kept.windows(20).any(|window| window == clear.as_ref()));
}
