use super::*;
use crate::testing::Shop;

fn call(fingerprint: u8) -> Call {
    Call {
        principal: "member/1".into(),
        key: "k".into(),
        workspace: None,
        fingerprint: [fingerprint; 32],
    }
}

fn answer() -> Answer {
    Answer {
        status: 201,
        headers: vec![("etag".into(), "\"1\"".into())],
        body: b"secret once".to_vec(),
    }
}

async fn run(ctx: &Context) -> Claim {
    match claim(ctx, &call(1)).await.unwrap() {
        Outcome::Run(claim) => claim,
        other => panic!("{other:?}"),
    }
}

async fn mark(ctx: &Context, claim: &Claim) -> Result<(), sqlx::Error> {
    let mut tx = database::platform(&ctx.db).await?;
    claim.mark(&mut tx).await?;
    tx.commit().await
}

#[tokio::test]
async fn an_answer_is_repeated_for_a_day_and_sealed() {
    let shop = Shop::open().await;
    let ctx = &shop.ctx;
    let first = run(ctx).await;
    assert!(matches!(
        claim(ctx, &call(1)).await.unwrap(),
        Outcome::Running
    ));
    assert!(matches!(
        claim(ctx, &call(2)).await.unwrap(),
        Outcome::Other
    ));
    mark(ctx, &first).await.unwrap();
    first.keep(ctx, &answer()).await.unwrap();
    let Outcome::Repeat(repeated) = claim(ctx, &call(1)).await.unwrap() else {
        panic!("not repeated")
    };
    assert_eq!(repeated, answer());
    assert!(matches!(
        claim(ctx, &call(2)).await.unwrap(),
        Outcome::Other
    ));
    let mut tx = database::platform(&ctx.db).await.unwrap();
    let kept = store::get(&mut tx, "member/1", "k").await.unwrap().unwrap();
    drop(tx);
    let sealed = kept.answer.unwrap();
    assert!(!sealed.windows(6).any(|window| window == b"secret"));
    ctx.clock.advance(KEPT);
    assert!(matches!(
        claim(ctx, &call(2)).await.unwrap(),
        Outcome::Run(_)
    ));
}

#[tokio::test]
async fn a_call_whose_process_died_before_its_effect_is_carried_out_by_the_next() {
    let shop = Shop::open().await;
    let ctx = &shop.ctx;
    let died = run(ctx).await;
    ctx.clock.advance(CLAIM);
    let next = run(ctx).await;
    // It was only slow: it cannot have its effect any more, and its answer is not kept.
    assert!(mark(ctx, &died).await.is_err());
    died.keep(ctx, &answer()).await.unwrap();
    died.give_back(ctx).await.unwrap();
    assert!(matches!(
        claim(ctx, &call(1)).await.unwrap(),
        Outcome::Running
    ));
    mark(ctx, &next).await.unwrap();
}

#[tokio::test]
async fn a_call_whose_process_died_after_its_effect_is_not_carried_out_again() {
    let shop = Shop::open().await;
    let ctx = &shop.ctx;
    let died = run(ctx).await;
    mark(ctx, &died).await.unwrap();
    assert!(matches!(
        claim(ctx, &call(1)).await.unwrap(),
        Outcome::Running
    ));
    ctx.clock.advance(CLAIM);
    assert!(matches!(claim(ctx, &call(1)).await.unwrap(), Outcome::Lost));
    died.give_back(ctx).await.unwrap();
    assert!(matches!(claim(ctx, &call(1)).await.unwrap(), Outcome::Lost));
}

#[tokio::test]
async fn a_refused_call_gives_its_key_back() {
    let shop = Shop::open().await;
    let ctx = &shop.ctx;
    run(ctx).await.give_back(ctx).await.unwrap();
    assert!(matches!(
        claim(ctx, &call(2)).await.unwrap(),
        Outcome::Run(_)
    ));
}

#[tokio::test]
async fn answers_are_forgotten_after_their_day() {
    let shop = Shop::open().await;
    let ctx = &shop.ctx;
    run(ctx).await;
    assert!(!forget(ctx, ctx.clock.now()).await.unwrap());
    ctx.clock.advance(KEPT);
    assert!(forget(ctx, ctx.clock.now()).await.unwrap());
    assert!(!forget(ctx, ctx.clock.now()).await.unwrap());
}
