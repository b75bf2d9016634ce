//! The figures of a business over HTTP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::payments::Till;

async fn figures(till: &Till, path: &str) -> Value {
    let (status, body) = till.call(Method::GET, path, None).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

#[tokio::test]
async fn money_that_comes_is_revenue_until_it_goes_back() {
    let till = Till::open().await;
    let stats = "/dashboard/stats?period=month";
    assert_eq!(figures(&till, stats).await["revenue"], json!([]));
    let (id, _) = till.opened().await;
    let payment = till.until(id, "open").await;
    let url = payment["url"].as_str().unwrap();
    let pay = till.app.http.post(format!("{url}/pay"));
    pay.send().await.unwrap();
    till.until(id, "paid").await;

    let seen = figures(&till, stats).await;
    assert_eq!(
        seen["revenue"],
        json!([{"currency": "USD", "minor": {"value": 1250, "before": 0, "growth_percent": null}}])
    );
    let days = figures(&till, "/analytics/overview").await;
    let today = days["days"].as_array().unwrap().last().unwrap();
    assert_eq!(today["day"], seen["until"]);
    assert_eq!(
        today["revenue"],
        json!([{"currency": "USD", "minor": 1250}])
    );
    let recent = figures(&till, "/analytics/recent-activity?limit=1").await;
    assert_eq!(recent["items"][0]["subject_id"], id.to_string());

    let reason = json!({"reason": "A jar was broken"});
    let path = format!("/payments/{id}/refunds");
    till.call(Method::POST, &path, Some(&reason)).await;
    till.until(id, "refunded").await;
    let seen = figures(&till, stats).await;
    assert_eq!(seen["revenue"][0]["minor"]["value"], 0);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused_by_its_name() {
    let till = Till::open().await;
    for (path, pointer) in [
        ("/dashboard/stats?period=decade", "/period"),
        ("/dashboard/stats?period=day&date=2026-02-30", "/date"),
        ("/dashboard/stats?period=day&date=9999-12-31", "/date"),
        ("/analytics/overview?until=9999-12-31", "/until"),
        ("/analytics/overview?from=0001-01-01", "/from"),
        (
            "/analytics/overview?from=2026-02-02&until=2026-02-01",
            "/from",
        ),
        ("/analytics/recent-activity?limit=51", "/limit"),
    ] {
        let (got, body) = till.call(Method::GET, path, None).await;
        assert_eq!(got, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {body}");
        assert_eq!(body["errors"][0]["pointer"], pointer, "{path}: {body}");
    }
    // The first and the last days that a date can say are days as others.
    figures(&till, "/dashboard/stats?period=year&date=0001-01-01").await;
    let anybody = till
        .app
        .http
        .get(till.app.url("/api/v1/dashboard/stats?period=day"));
    assert_eq!(
        anybody.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}
