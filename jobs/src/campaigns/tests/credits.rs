//! Campaigns of a business that pays in advance: what is reserved, charged and released, in any order of events.

use kazi_queue::inspect::{self, State};

use super::*;
use crate::{
    Role,
    conversations::MessageId,
    credits::{self, CreditPrice, Credits, EntryFilter, EntryKind, Grant, Terms},
    messages::{FindLost, Send},
};

async fn prepaid(shop: &Shop, credits: i64) {
    terms(shop, true, Vec::new()).await;
    give(shop, credits).await;
}

async fn terms(shop: &Shop, prepaid: bool, prices: Vec<CreditPrice>) {
    let mut work = shop.work().await;
    let terms = Terms { prepaid, prices };
    let account = credits::lock_or_make(&mut work).await.unwrap();
    credits::set_terms(&mut work, &account, &terms)
        .await
        .unwrap();
    work.commit().await.unwrap();
}

async fn give(shop: &Shop, credits: i64) {
    let mut work = shop.work().await;
    let grant = Grant {
        credits,
        reason: "Invoice 17".into(),
    };
    credits::give(&mut work, &grant).await.unwrap();
    work.commit().await.unwrap();
}

/// The balance, whose books hold at this moment: available, reserved, spent.
async fn balance(shop: &Shop) -> (i64, i64, i64) {
    let mut work = shop.work().await;
    let faults = credits::check(&mut work).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
    let Credits {
        available,
        reserved,
        spent,
        owed,
        ..
    } = credits::credits(&mut work, None).await.unwrap();
    assert_eq!(owed, 0);
    (available, reserved, spent)
}

async fn reason(shop: &Shop, id: CampaignId) -> (CampaignStatus, Option<String>) {
    let campaign = look(shop, id).await;
    (campaign.status, campaign.reason)
}

fn paused() -> (CampaignStatus, Option<String>) {
    (CampaignStatus::Paused, Some("credits".into()))
}

#[tokio::test]
async fn a_campaign_reserves_all_at_its_planning_and_is_charged_once_for_each_acceptance() {
    let shop = shop(3).await;
    contact(&shop, "+255712300001", "TZ").await;
    let price = |country: &str, category, credits| CreditPrice {
        country: country.into(),
        category,
        credits,
    };
    terms(
        &shop,
        true,
        vec![
            price("TZ", Category::Marketing, 4),
            price("*", Category::Marketing, 2),
            price("*", Category::Utility, 9),
        ],
    )
    .await;
    give(&shop, 15).await;
    let id = planned(&shop).await;
    let campaign = look(&shop, id).await;
    let quote = campaign.report.unwrap().credits.unwrap();
    assert_eq!((quote.price, quote.available, quote.missing), (10, 15, 0));
    assert!(campaign.metered);
    assert_eq!(balance(&shop).await, (5, 10, 0));
    // A later change of the prices changes nothing of it.
    terms(&shop, true, vec![price("*", Category::Marketing, 100)]).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    once_each(&shop, 4);
    assert_eq!(balance(&shop).await, (5, 0, 10));
    // The provider says the same once more.
    let ids: Vec<String> = shop
        .sent(Service::WhatsApp)
        .iter()
        .filter_map(|entry| entry.message_id.clone())
        .collect();
    for id in &ids {
        shop.status(id, None, "delivered", None).await;
        shop.status(id, None, "read", None).await;
    }
    shop.drain().await;
    assert_eq!(balance(&shop).await, (5, 0, 10));

    credits::Fold {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    let mut work = shop.work().await;
    let filter = EntryFilter {
        campaign: Some(id),
        kind: None,
    };
    let entries = credits::entries(&mut work, filter, None, 10).await.unwrap();
    let of = |kind| {
        let found = entries.iter().filter(|entry| entry.kind == kind);
        found
            .map(|entry| (entry.credits, entry.messages))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(EntryKind::Reserve), [(10, 4)]);
    assert_eq!(of(EntryKind::Charge), [(10, 4)], "one row for the day");
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].used_for.as_deref(), Some("Tea"));
}

#[tokio::test]
async fn a_campaign_that_costs_too_much_pauses_and_goes_on_by_itself_when_credits_come() {
    let shop = shop(5).await;
    prepaid(&shop, 3).await;
    let id = draft(&shop).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(reason(&shop, id).await, paused());
    let campaign = look(&shop, id).await;
    let words = campaign.reason_detail.unwrap();
    assert!(words.starts_with("credits are missing (2)"), "{words}");
    assert_eq!(campaign.report.unwrap().credits.unwrap().missing, 2);
    assert_eq!(balance(&shop).await, (3, 0, 0));
    let again = act!(shop, id, resume);
    assert!(
        matches!(again, Err(CampaignError::NoCredits(2))),
        "{again:?}"
    );

    give(&shop, 1).await;
    shop.drain().await;
    let words = look(&shop, id).await.reason_detail.unwrap();
    assert!(words.starts_with("credits are missing (1)"), "{words}");
    assert!(reached(&shop).is_empty());
    give(&shop, 1).await;
    shop.drain().await;
    shop.after(Duration::from_secs(5)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
    once_each(&shop, 5);
    assert_eq!(balance(&shop).await, (0, 0, 5));
}

#[tokio::test]
async fn whoever_sends_a_planned_campaign_without_credits_is_refused_and_it_stays_planned() {
    let shop = shop(4).await;
    prepaid(&shop, 3).await;
    let id = planned(&shop).await;
    assert_eq!(
        look(&shop, id)
            .await
            .report
            .unwrap()
            .credits
            .unwrap()
            .missing,
        1
    );
    let mut work = shop.work().await;
    let before = lock(&mut work, id).await.unwrap().unwrap();
    let refused = send(&mut work, &before, BASE).await;
    assert!(
        matches!(refused, Err(CampaignError::NoCredits(1))),
        "{refused:?}"
    );
    drop(work);
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Planned);
    assert_eq!(balance(&shop).await, (3, 0, 0));
    // Taken by hand: it does not go on by itself.
    give(&shop, 1).await;
    shop.drain().await;
    assert_eq!(balance(&shop).await, (4, 0, 0));
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop).await, (0, 0, 4));
}

#[tokio::test]
async fn of_two_campaigns_at_once_for_one_balance_one_gets_it() {
    let shop = shop(4).await;
    // Planned when nothing is there, so that neither has reserved anything.
    prepaid(&shop, 1).await;
    let (one, other) = (planned(&shop).await, planned(&shop).await);
    give(&shop, 5).await;
    let go = async |id| {
        let mut work = shop.work().await;
        let before = lock(&mut work, id).await.unwrap().unwrap();
        let done = send(&mut work, &before, BASE).await;
        match &done {
            Ok(_) => work.commit().await.unwrap(),
            Err(_) => work.rollback().await.unwrap(),
        }
        done
    };
    let (first, second) = tokio::join!(go(one), go(other));
    assert_eq!(
        [first.is_ok(), second.is_ok()]
            .into_iter()
            .filter(|ok| *ok)
            .count(),
        1
    );
    let refused = first.err().or(second.err()).unwrap();
    assert!(matches!(refused, CampaignError::NoCredits(2)), "{refused}");
    assert_eq!(balance(&shop).await, (2, 4, 0));
    shop.drain().await;
    once_each(&shop, 4);
    assert_eq!(balance(&shop).await, (2, 0, 4));
}

#[tokio::test]
async fn a_failure_before_the_acceptance_gives_the_credits_back_and_one_after_does_not() {
    let shop = shop(4).await;
    prepaid(&shop, 4).await;
    let id = planned(&shop).await;
    // Refused in the answer, for good.
    shop.providers.fault(refuses(131_026, Some(1)));
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.failed.total, 1);
    assert_eq!(balance(&shop).await, (1, 0, 3));
    // Accepted, and then undeliverable: the provider had it.
    let accepted = shop
        .sent(Service::WhatsApp)
        .into_iter()
        .find_map(|entry| entry.message_id)
        .unwrap();
    shop.status(&accepted, None, "failed", Some(131_026)).await;
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.failed.total, 2);
    assert_eq!(balance(&shop).await, (1, 0, 3));
}

#[tokio::test]
async fn a_message_that_arrived_although_its_failure_was_told_is_charged_after_all() {
    let shop = shop(2).await;
    prepaid(&shop, 2).await;
    let id = planned(&shop).await;
    shop.providers.fault(refuses(131_026, None));
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    shop.providers.clear_faults();
    assert_eq!(balance(&shop).await, (2, 0, 0));
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM messages ORDER BY id")
        .fetch_all(&mut *shop.conn().await)
        .await
        .unwrap();
    let callback = MessageId::from(ids[0]).to_string();
    shop.status("wamid.late", Some(&callback), "delivered", None)
        .await;
    shop.drain().await;
    assert_eq!(balance(&shop).await, (1, 0, 1));
    // The other one comes when nothing is left: that is owed, and the next credits pay for it.
    give(&shop, -1).await;
    let callback = MessageId::from(ids[1]).to_string();
    shop.status("wamid.later", Some(&callback), "read", None)
        .await;
    shop.drain().await;
    let mut work = shop.work().await;
    assert_eq!(
        credits::check(&mut work).await.unwrap(),
        Vec::<String>::new()
    );
    let owes = credits::credits(&mut work, None).await.unwrap();
    assert_eq!((owes.available, owes.spent, owes.owed), (0, 2, 1));
    drop(work);
    give(&shop, 5).await;
    assert_eq!(balance(&shop).await, (4, 0, 2));
}

#[tokio::test]
async fn a_failed_message_that_an_operator_sends_again_reserves_again() {
    let shop = shop(1).await;
    prepaid(&shop, 1).await;
    let id = planned(&shop).await;
    // A person must look.
    shop.providers.fault(refuses(131_009, Some(1)));
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop).await, (1, 0, 0));
    give(&shop, -1).await;
    let retry = async || {
        let filter = inspect::JobFilter {
            state: Some(State::Dead),
            ..inspect::JobFilter::default()
        };
        let mut conn = shop.conn().await;
        let dead = inspect::list(&mut conn, &filter).await.unwrap().jobs;
        assert_eq!(dead.len(), 1);
        inspect::retry(&mut conn, dead[0].id).await.unwrap();
    };
    retry().await;
    shop.drain().await;
    assert!(reached(&shop).is_empty(), "there is nothing to pay it with");
    assert_eq!(balance(&shop).await, (0, 0, 0));
    give(&shop, 1).await;
    retry().await;
    shop.drain().await;
    once_each(&shop, 1);
    assert_eq!(balance(&shop).await, (0, 0, 1));
}

#[tokio::test]
async fn a_message_that_is_never_answered_gives_its_credits_back_until_it_is_heard_of() {
    let shop = shop(1).await;
    prepaid(&shop, 1).await;
    let id = planned(&shop).await;
    shop.providers.fault(Fault {
        matches: Some("messages".into()),
        cut: Some(CutAt::After),
        ..Fault::on(Service::WhatsApp)
    });
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop).await, (0, 1, 0));
    for _ in 0..40 {
        shop.after(Duration::from_secs(3_600)).await;
    }
    assert_eq!(balance(&shop).await, (1, 0, 0));
    let callback: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM messages WHERE status = 'failed'")
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap();
    let callback = MessageId::from(callback).to_string();
    shop.status("wamid.lost", Some(&callback), "delivered", None)
        .await;
    shop.drain().await;
    assert_eq!(balance(&shop).await, (0, 0, 1));
}

#[tokio::test]
async fn messages_whose_jobs_are_gone_give_their_credits_back_and_the_campaign_ends() {
    let shop = shop(3).await;
    prepaid(&shop, 3).await;
    let id = in_the_middle(&shop).await;
    let mut conn = shop.conn().await;
    let filter = inspect::JobFilter {
        kind: Some(Send::NAME.to_owned()),
        ..inspect::JobFilter::default()
    };
    let jobs = inspect::list(&mut conn, &filter).await.unwrap().jobs;
    let [cancelled, lost, later] = jobs.as_slice() else {
        panic!("{jobs:?}");
    };
    inspect::cancel(&mut conn, cancelled.id).await.unwrap();
    // Its process has died in its last attempt, between the announcement and the answer.
    sqlx::query(
        "WITH gone AS (DELETE FROM queue.jobs WHERE id = $1 RETURNING *),
         left_at AS (UPDATE messages m SET status = 'sending', sending_at = $2 FROM gone
                     WHERE m.id = substr(gone.payload->>'message', 5)::uuid)
         INSERT INTO queue.dead (id, enqueued_at, due, tenant, priority, attempt, max_attempts, kind, pool, lane,
                                 error_class, payload, errors, lease)
         SELECT id, enqueued_at, due, tenant, priority, max_attempts, max_attempts, kind, pool, lane, 'lost', payload, '[]',
                lease FROM gone",
    )
    .bind(lost.id.0)
    .bind(shop.now())
    .execute(&mut *conn)
    .await
    .unwrap();
    // This one waits for its time, and keeps its credits.
    sqlx::query("UPDATE queue.jobs SET due = $2, state = 7 WHERE id = $1")
        .bind(later.id.0)
        .bind(shop.now() + TimeDelta::hours(3))
        .execute(&mut *conn)
        .await
        .unwrap();
    shop.after(Duration::from_secs(16 * 60)).await;
    assert_eq!(balance(&shop).await, (0, 3, 0));
    FindLost {}.enqueue(&mut conn).await.unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop).await, (2, 1, 0));
    assert_eq!(figures(&shop, id).await.failed.total, 2);
    assert!(reached(&shop).is_empty());

    shop.after(Duration::from_secs(3 * 3_600)).await;
    once_each(&shop, 1);
    shop.after(Duration::from_secs(5)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
    // The dead letter is that of its message: sent again, it reserves again.
    inspect::retry(&mut conn, lost.id).await.unwrap();
    shop.drain().await;
    once_each(&shop, 2);
    assert_eq!(balance(&shop).await, (1, 0, 2));
}

#[tokio::test]
async fn credits_that_come_back_let_another_campaign_go_on() {
    let shop = shop(2).await;
    prepaid(&shop, 3).await;
    let first = planned(&shop).await;
    let second = draft(&shop).await;
    act!(shop, second, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(reason(&shop, second).await, paused());
    act!(shop, first, cancel).unwrap();
    credits::Fold {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    once_each(&shop, 2);
    assert_eq!(balance(&shop).await, (1, 0, 2));
}

#[tokio::test]
async fn what_is_taken_back_stays_reserved_and_what_is_cancelled_does_not() {
    let shop = shop(4).await;
    prepaid(&shop, 4).await;
    let id = in_the_middle(&shop).await;
    assert_eq!(balance(&shop).await, (0, 4, 0));
    act!(shop, id, pause).unwrap();
    assert_eq!(figures(&shop, id).await.queued, 0);
    assert_eq!(balance(&shop).await, (0, 4, 0));
    act!(shop, id, cancel).unwrap();
    assert_eq!(balance(&shop).await, (4, 0, 0));
    shop.drain().await;
    assert!(reached(&shop).is_empty());
    assert_eq!(balance(&shop).await, (4, 0, 0));
}

#[tokio::test]
async fn what_has_left_when_a_campaign_is_cancelled_is_charged_when_it_is_heard_of() {
    let shop = shop(2).await;
    prepaid(&shop, 2).await;
    let id = planned(&shop).await;
    shop.providers.fault(Fault {
        matches: Some("messages".into()),
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.sending, 1);
    assert_eq!(balance(&shop).await, (0, 1, 1));
    act!(shop, id, cancel).unwrap();
    assert_eq!(balance(&shop).await, (0, 1, 1), "it may have arrived");
    let callback: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM messages WHERE status = 'sending'")
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap();
    let callback = MessageId::from(callback).to_string();
    shop.status("wamid.lost", Some(&callback), "sent", None)
        .await;
    shop.drain().await;
    assert_eq!(balance(&shop).await, (0, 0, 2));
}

#[tokio::test]
async fn whoever_is_left_out_gives_back_what_was_reserved_for_them() {
    let shop = shop(6).await;
    prepaid(&shop, 6).await;
    let all: Vec<ContactId> = {
        let mut work = shop.work().await;
        let everybody = contacts::Audience::default();
        let found = contacts::audience(&mut work, &everybody, None, 10).await;
        found.unwrap().into_iter().map(|one| one.id).collect()
    };
    let id = planned(&shop).await;
    assert_eq!(balance(&shop).await, (0, 6, 0));
    let opt_out = async |contact| {
        let mut work = shop.work().await;
        contacts::set_consent(&mut work, contact, false, "keyword")
            .await
            .unwrap();
        work.commit().await.unwrap();
    };
    opt_out(all[0]).await;
    assert_eq!(balance(&shop).await, (1, 5, 0), "planned");
    let mut work = shop.work().await;
    erase(&mut work, all[1]).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(balance(&shop).await, (2, 4, 0), "erased");
    // Blocked behind the back of the campaign: the broadcast finds it.
    sqlx::query("UPDATE contacts SET blocked_at = now() WHERE id = $1")
        .bind(all[2].uuid())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let sending = act!(shop, id, send, BASE).unwrap();
    let mut work = shop.work().await;
    lock(&mut work, id).await.unwrap();
    broadcast::turn(&mut work, &sending).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(balance(&shop).await, (3, 3, 0), "left out in the broadcast");
    opt_out(all[3]).await;
    assert_eq!(balance(&shop).await, (4, 2, 0), "queued");
    shop.drain().await;
    once_each(&shop, 2);
    assert_eq!(balance(&shop).await, (4, 0, 2));
}

#[tokio::test]
async fn a_new_plan_an_edit_and_a_deletion_reserve_no_longer() {
    let shop = shop(3).await;
    prepaid(&shop, 3).await;
    let id = planned(&shop).await;
    act!(shop, id, plan, BASE).unwrap();
    assert_eq!(balance(&shop).await, (3, 0, 0));
    shop.drain().await;
    assert_eq!(balance(&shop).await, (0, 3, 0));
    let patch = CampaignPatch {
        name: Some("Coffee".into()),
        ..CampaignPatch::default()
    };
    act!(shop, id, update, patch).unwrap();
    assert_eq!(balance(&shop).await, (3, 0, 0));
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop).await, (0, 3, 0));
    act!(shop, id, delete).unwrap();
    assert_eq!(balance(&shop).await, (3, 0, 0));
}

#[tokio::test]
async fn without_an_account_nothing_is_counted_and_nothing_waits() {
    let shop = shop(3).await;
    let id = planned(&shop).await;
    let campaign = look(&shop, id).await;
    assert!(!campaign.metered && campaign.report.unwrap().credits.is_none());
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    once_each(&shop, 3);
    for table in [
        "credit_accounts",
        "credit_causes",
        "credit_entries",
        "credit_uses",
    ] {
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    let metered: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM messages WHERE credits IS NOT NULL)
              + (SELECT count(*) FROM campaign_messages WHERE credits IS NOT NULL)",
    )
    .fetch_one(&mut *shop.conn().await)
    .await
    .unwrap();
    assert_eq!(metered, 0);
}

#[tokio::test]
async fn a_campaign_that_was_planned_before_the_account_is_free_and_one_paused_goes_on_after_it() {
    let shop = shop(2).await;
    let free = planned(&shop).await;
    prepaid(&shop, 1).await;
    act!(shop, free, send, BASE).unwrap();
    shop.drain().await;
    once_each(&shop, 2);
    assert_eq!(balance(&shop).await, (1, 0, 0));
    let waits = draft(&shop).await;
    act!(shop, waits, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(reason(&shop, waits).await, paused());
    terms(&shop, false, Vec::new()).await;
    shop.drain().await;
    shop.after(Duration::from_secs(5)).await;
    assert_eq!(look(&shop, waits).await.status, CampaignStatus::Completed);
    assert_eq!(balance(&shop).await, (1, 0, 0));
}

#[tokio::test]
async fn the_admins_are_told_once_that_the_balance_is_low() {
    let shop = shop(3).await;
    shop.member(Role::Admin).await;
    prepaid(&shop, 10).await;
    let mut work = shop.work().await;
    credits::set_low_mark(&mut work, 8).await.unwrap();
    work.commit().await.unwrap();
    let told = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM notifications WHERE kind = 'credits_low'")
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap()
    };
    let id = planned(&shop).await;
    assert_eq!(told().await, 1);
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    give(&shop, -1).await;
    assert_eq!(told().await, 1, "it is still low");
    give(&shop, 10).await;
    give(&shop, -9).await;
    assert_eq!(told().await, 2, "it was high in between");
}

/// What may happen to two campaigns, in an order that a seed decides.
#[tokio::test]
async fn the_books_hold_after_every_step_of_any_course() {
    for seed in [1_u64, 7, 42] {
        let shop = shop(8).await;
        prepaid(&shop, 12).await;
        let mut state = seed;
        let mut roll = move |sides: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) % sides
        };
        shop.providers.fault(Fault {
            share: Some(0.3),
            seed: Some(seed),
            ..refuses(131_026, None)
        });
        shop.providers.fault(Fault {
            matches: Some("messages".into()),
            fails: Some(131_049),
            share: Some(0.2),
            seed: Some(seed + 1),
            ..Fault::on(Service::WhatsApp)
        });
        let ids = [draft(&shop).await, draft(&shop).await];
        for step in 0..30 {
            let id = ids[usize::try_from(roll(2)).unwrap()];
            let mut work = shop.work().await;
            let before = lock(&mut work, id).await.unwrap().unwrap();
            let done = match roll(8) {
                0 | 1 => send(&mut work, &before, BASE).await.map(drop),
                2 => pause(&mut work, &before).await.map(drop),
                3 => resume(&mut work, &before).await.map(drop),
                4 if step > 20 => cancel(&mut work, &before).await.map(drop),
                5 => {
                    let everybody = contacts::Audience::default();
                    let all = contacts::audience(&mut work, &everybody, None, 20)
                        .await
                        .unwrap();
                    let some = all[usize::try_from(roll(8)).unwrap()].id;
                    drop(work);
                    let mut of_contact = shop.work().await;
                    contacts::set_consent(&mut of_contact, some, false, "keyword")
                        .await
                        .unwrap();
                    of_contact.commit().await.unwrap();
                    balance(&shop).await;
                    continue;
                }
                _ => Ok(()),
            };
            match done {
                Ok(()) => work.commit().await.unwrap(),
                Err(_) => work.rollback().await.unwrap(),
            }
            balance(&shop).await;
            match roll(4) {
                0 => drain_of(&shop, &DOMAIN).await,
                1 => drain_of(&shop, &messages::DOMAIN).await,
                2 => drain_of(&shop, &credits::DOMAIN).await,
                _ => {
                    shop.after(Duration::from_secs(1 + roll(600))).await;
                }
            }
            balance(&shop).await;
        }
        shop.providers.clear_faults();
        shop.after(Duration::from_secs(172_800)).await;
        let (available, reserved, spent) = balance(&shop).await;
        let campaigns = [look(&shop, ids[0]).await, look(&shop, ids[1]).await];
        let open = campaigns.iter().any(|one| !is_over(one.status));
        assert!(
            open || reserved == 0,
            "seed {seed}: {reserved} are reserved for nothing"
        );
        assert_eq!(available + reserved + spent, 12);
    }
}

fn is_over(status: CampaignStatus) -> bool {
    matches!(
        status,
        CampaignStatus::Completed | CampaignStatus::Cancelled | CampaignStatus::Draft
    )
}
