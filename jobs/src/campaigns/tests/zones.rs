//! Campaigns by the clocks of their recipients.

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

async fn drafted(shop: &Shop, send_in: SendIn) -> CampaignId {
    let id = draft(shop).await;
    let patch = CampaignPatch {
        send_in: Some(send_in),
        ..CampaignPatch::default()
    };
    act!(shop, id, update, patch).unwrap();
    id
}

async fn in_nairobi(shop: &Shop) {
    sqlx::query("UPDATE workspaces SET time_zone = 'Africa/Nairobi'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
}

/// The next day at nine in Nairobi, at least twelve hours from now; and the hours until then.
fn nine(shop: &Shop) -> (Schedule, Timestamp) {
    let at = shop.now().with_timezone(&chrono_tz::Africa::Nairobi) + TimeDelta::hours(36);
    let at = at.date_naive().and_hms_opt(9, 0, 0).unwrap();
    let schedule = Schedule {
        at: at.format("%Y-%m-%dT%H:%M:%S").to_string(),
    };
    (schedule, (at - TimeDelta::hours(3)).and_utc())
}

/// Lets it become a time, and runs what is due.
async fn until(shop: &Shop, at: Timestamp) {
    let time = (at - shop.now()).to_std().unwrap();
    shop.after(time).await;
}

#[tokio::test]
async fn nine_is_nine_in_each_zone_and_the_custom_field_comes_first() {
    let shop = shop(1).await;
    in_nairobi(&shop).await;
    contact(&shop, "+6421123456", "NZ").await;
    contact(&shop, "+351912345678", "PT").await;
    let moved = contact(&shop, "+254712399999", "KE").await;
    let own = "UPDATE contacts SET attributes = '{\"time_zone\": \"Asia/Tokyo\"}' WHERE id = $1";
    sqlx::query(own)
        .bind(moved.uuid())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let id = drafted(&shop, SendIn::Recipient).await;
    // Without a start time nobody knows the hour.
    let refused = act!(shop, id, send, BASE);
    assert!(matches!(refused, Err(CampaignError::Conflict(_))));
    let (schedule_at, nine) = nine(&shop);
    act!(shop, id, schedule, &schedule_at, BASE).unwrap();
    shop.drain().await;
    let zones = look(&shop, id).await.report.unwrap().zones;
    assert_eq!(zones.len(), 4);
    let of = |zone: &str| {
        let zone: chrono_tz::Tz = zone.parse().unwrap();
        let wall = nine
            .with_timezone(&chrono_tz::Africa::Nairobi)
            .naive_local();
        wall.and_local_timezone(zone).unwrap().to_utc()
    };
    for (zone, reached_by) in [
        ("Pacific/Auckland", "6421123456"),
        ("Asia/Tokyo", "254712399999"),
        ("Africa/Nairobi", "254712300000"),
        ("Europe/Lisbon", "351912345678"),
    ] {
        let before = reached(&shop).len();
        until(&shop, of(zone) - TimeDelta::seconds(2)).await;
        assert_eq!(reached(&shop).len(), before, "{zone}");
        until(&shop, of(zone)).await;
        assert_eq!(reached(&shop).last().unwrap(), reached_by);
        assert_eq!(reached(&shop).len(), before + 1, "{zone}");
    }
    shop.after(HOUR).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
}

#[tokio::test]
async fn quiet_hours_are_kept_in_each_zone_and_a_pause_loses_nobody() {
    let shop = shop(2).await;
    in_nairobi(&shop).await;
    contact(&shop, "+351912345678", "PT").await;
    let quiet = json!({"quiet_hours": {"from": "08:00", "until": "10:00"}});
    sqlx::query("UPDATE workspaces SET settings = $1")
        .bind(quiet)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let id = drafted(&shop, SendIn::Recipient).await;
    let (schedule_at, nine) = nine(&shop);
    act!(shop, id, schedule, &schedule_at, BASE).unwrap();
    shop.drain().await;
    until(&shop, nine).await;
    assert!(reached(&shop).is_empty());
    act!(shop, id, pause).unwrap();
    act!(shop, id, resume).unwrap();
    until(&shop, nine + TimeDelta::hours(1)).await;
    assert_eq!(reached(&shop).len(), 2);
    until(&shop, nine + TimeDelta::hours(12)).await;
    once_each(&shop, 3);
}

#[tokio::test]
async fn the_best_hour_is_that_in_which_a_contact_has_read() {
    let shop = shop(2).await;
    in_nairobi(&shop).await;
    let reader = {
        let mut work = shop.work().await;
        let everybody = contacts::Audience::default();
        let all = contacts::audience(&mut work, &everybody, None, 10)
            .await
            .unwrap();
        all[0].id
    };
    for _ in 0..3 {
        let id = planned(&shop).await;
        act!(shop, id, send, BASE).unwrap();
        shop.drain().await;
        shop.after(HOUR).await;
    }
    // At seven in the evening of Nairobi, on any day.
    let (schedule_at, nine) = nine(&shop);
    let read = nine - TimeDelta::hours(14 + 24);
    sqlx::query("UPDATE messages SET read_at = $2 WHERE contact_id = $1")
        .bind(reader.uuid())
        .bind(read)
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let id = drafted(&shop, SendIn::BestHour).await;
    act!(shop, id, schedule, &schedule_at, BASE).unwrap();
    shop.drain().await;
    let hours: Vec<_> = look(&shop, id).await.report.unwrap().zones;
    let hours: BTreeSet<_> = hours.into_iter().map(|group| group.hour).collect();
    assert_eq!(hours, BTreeSet::from([None, Some(19)]));
    let before = reached(&shop).len();
    until(&shop, nine).await;
    assert_eq!(reached(&shop).len(), before + 1);
    until(&shop, nine + TimeDelta::hours(10) - TimeDelta::seconds(2)).await;
    assert_eq!(reached(&shop).len(), before + 1);
    until(&shop, nine + TimeDelta::hours(10)).await;
    assert_eq!(reached(&shop).len(), before + 2);
}
