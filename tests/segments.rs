//! Audiences by what contacts did, over real HTTP.

use kazi_jobs::Role;
use kazi_platform::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid_by, ok},
    links,
    support::App,
};

const SEGMENTS: &str = "/api/v1/messaging/segments";

impl Caller<'_> {
    /// Which of these contacts an audience finds, by their index.
    async fn found(&self, people: &[String], audience: Value) -> Vec<usize> {
        let body = json!({ "audience": audience });
        let preview = ok(self.post(&format!("{SEGMENTS}/preview"), &body)).await;
        let sample = preview["sample"].as_array().unwrap();
        assert_eq!(preview["contacts"], sample.len(), "{preview}");
        let mut found: Vec<usize> = sample
            .iter()
            .filter_map(|one| people.iter().position(|id| one["id"] == **id))
            .collect();
        found.sort_unstable();
        assert_eq!(found.len(), sample.len(), "{preview}");
        found
    }
}

fn ordered(more: Value) -> Value {
    let mut deed = json!({"kind": "ordered"});
    deed.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({ "did": [deed] })
}

#[tokio::test]
async fn an_audience_is_made_of_what_contacts_ordered_booked_and_clicked() {
    let app = links::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    let people = me.people(4).await;
    // Campaign: all receive it, 1 clicks. Orders: 0 twice, 1 once. Booking: 2.
    let path = me
        .delivered(&links::template(&links::link(links::TARGET)), 4)
        .await;
    links::click(&app, &me.link_of(&path, &people[1]).await).await;
    me.buys(&people[0]).await;
    me.buys(&people[0]).await;
    me.buys(&people[1]).await;
    // Whatever the jobs of their payments did meanwhile.
    app.change("UPDATE orders SET status = 'paid', paid_at = now()")
        .await;
    let coffee = me.coffee().await;
    let salon = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let (provider, offering) = salon.salon(&[]).await;
    let at = Clock::system().now() + chrono::TimeDelta::hours(24);
    let new = json!({"offering_id": offering, "provider_id": provider, "contact_id": people[2],
                     "starts_at": at.format("%Y-%m-%dT%H:00:00Z").to_string()});
    let booking = ok(salon.post("/bookings", &new)).await;
    let campaign = path.rsplit('/').next().unwrap();

    let booked = json!({"kind": "booked", "state": "coming"});
    let clicked = json!({"kind": "campaign", "did": "clicked"});
    for (audience, wanted) in [
        (ordered(json!({})), &[0, 1][..]),
        (ordered(json!({"times": {"at_least": 2}})), &[0]),
        (ordered(json!({"times": {"at_most": 1}})), &[1]),
        (
            ordered(json!({"times": {"within_days": 1}, "product_id": coffee})),
            &[0, 1],
        ),
        (
            ordered(json!({"product_id": "prd_00000000000070008000000000000000"})),
            &[],
        ),
        // Two coffees of 12.50.
        (
            ordered(json!({"spent": {"at_least_minor": 2500, "currency": "USD"}})),
            &[0],
        ),
        (
            ordered(json!({"spent": {"at_least_minor": 2501, "currency": "USD"}})),
            &[],
        ),
        (
            ordered(json!({"spent": {"at_least_minor": 1, "currency": "KES"}})),
            &[],
        ),
        (json!({"did": [booked]}), &[2]),
        (
            json!({"did": [{"kind": "booked", "state": "coming", "offering_id": offering}]}),
            &[2],
        ),
        (json!({"did": [{"kind": "booked", "state": "came"}]}), &[]),
        (
            json!({"did": [{"kind": "subscribed", "state": "running"}]}),
            &[],
        ),
        (
            json!({"did": [{"kind": "campaign", "did": "received", "campaign_id": campaign}]}),
            &[0, 1, 2, 3],
        ),
        (
            json!({"did": [{"kind": "campaign", "did": "received", "within_days": 1}]}),
            &[0, 1, 2, 3],
        ),
        (
            json!({"did": [{"kind": "campaign", "did": "read"}]}),
            &[0, 1, 2, 3],
        ),
        (json!({"did": [clicked]}), &[1]),
        // AND, OR, NOT.
        (json!({"did": [clicked, {"kind": "ordered"}]}), &[1]),
        (
            json!({"any_of": [{"did": [clicked]}, {"did": [booked]}]}),
            &[1, 2],
        ),
        (
            json!({"none_of": [{"did": [{"kind": "ordered"}]}]}),
            &[2, 3],
        ),
        (
            json!({"none_of": [{"did": [{"kind": "ordered", "times": {"at_least": 2}}]}]}),
            &[1, 2, 3],
        ),
        // A field that nobody has is not a reason against them.
        (
            json!({"none_of": [{"countries": ["FR"]}, {"languages": ["fr"]}, {"consented": true}]}),
            &[0, 1, 2, 3],
        ),
        (
            json!({"any_of": [{"none_of": [{"did": [{"kind": "ordered"}]}], "did": [booked]}, {"tags_all": ["vip"], "did": [clicked]}]}),
            &[1, 2],
        ),
    ] {
        let found = me.found(&people, audience.clone()).await;
        assert_eq!(found, wanted, "{audience}");
    }

    // A cancelled booking is one no more; and a saved segment counts the same.
    let path = format!("/bookings/{}/cancel", booking["id"].as_str().unwrap());
    ok(salon.call(Method::POST, &path)).await;
    assert!(me.found(&people, json!({"did": [booked]})).await.is_empty());
    let saved = json!({"name": "Buyers", "audience": ordered(json!({}))});
    let saved = ok(me.post(SEGMENTS, &saved)).await;
    let size = me
        .show(&format!(
            "{SEGMENTS}/{}/size",
            saved["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(size["contacts"], 2);
}

#[tokio::test]
async fn what_is_wrong_with_an_audience_is_told_by_its_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let deep = json!({"any_of": [{"none_of": [{"any_of": [{"consented": true}]}]}]});
    let many = json!({"any_of": vec![json!({"consented": true}); 11]});
    let wide: Value = (0..4)
        .map(|_| json!({"none_of": vec![json!({"consented": true}); 9]}))
        .collect();
    for (audience, pointer, code) in [
        (
            ordered(json!({"times": {"at_least": 0}})),
            "/did/0/times/at_least",
            "out_of_range",
        ),
        (
            ordered(json!({"times": {"at_least": 3, "at_most": 2}})),
            "/did/0/times/at_most",
            "out_of_range",
        ),
        (
            ordered(json!({"times": {"within_days": 4000}})),
            "/did/0/times/within_days",
            "out_of_range",
        ),
        (
            ordered(json!({"times": {"within_days": u32::MAX}})),
            "/did/0/times/within_days",
            "out_of_range",
        ),
        (
            ordered(json!({"product_id": "coffee"})),
            "/did/0/product_id",
            "invalid",
        ),
        (
            ordered(json!({"spent": {"at_least_minor": 0, "currency": "USD"}})),
            "/did/0/spent/at_least_minor",
            "out_of_range",
        ),
        (
            json!({"did": [{"kind": "campaign", "did": "read", "campaign_id": "seg_1"}]}),
            "/did/0/campaign_id",
            "invalid",
        ),
        (json!({"any_of": [{}]}), "/any_of/0", "empty"),
        (
            json!({"any_of": [{"countries": ["Kenya"]}]}),
            "/any_of/0/countries/0",
            "unknown_country",
        ),
        (deep, "/any_of/0/none_of/0/any_of", "too_deep"),
        (many, "/any_of", "too_many"),
        (json!({"any_of": wide}), "/any_of/2/none_of", "too_many"),
    ] {
        let body = json!({"audience": audience, "name": "Bad"});
        invalid_by(me.post(SEGMENTS, &body), pointer, code).await;
    }
}
