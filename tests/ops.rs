//! The platform's staff operates the queue over real HTTP: nobody needs the command line or SQL.

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid, invalid_by, ok, refused},
    support::App,
};

const OPS: &str = "/api/v1/admin/ops";
const LOOKS: [&str; 9] = [
    "/overview",
    "/kinds",
    "/processes",
    "/errors?since=day",
    "/lanes",
    "/jobs",
    "/jobs/1",
    "/dead-letters",
    "/schedules",
];

async fn staff(app: &App) -> Caller<'_> {
    Caller::staff(app).await.below(OPS)
}

fn named<'a>(list: &'a Value, field: &str, name: &str) -> &'a Value {
    let items = list.as_array().unwrap();
    let found = items.iter().find(|one| one[field] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

/// Dead letters of a job that does little: each with its class of error.
async fn die(app: &App, ids: std::ops::Range<i64>, class: &str) {
    let entry = json!([{"attempt": 1, "at": chrono::Utc::now(), "class": class, "message": "to +254712345678"}]);
    sqlx::query(
        "INSERT INTO queue.dead (id, enqueued_at, due, claimed_at, tenant, priority, attempt, max_attempts, kind, pool,
                                 lane, error_class, payload, errors)
         SELECT id, now(), now(), now(), $4::uuid, 1, 1, 1, 'exports.purge', 'bulk', ($4::uuid)::text, $3,
                '{\"said\": \"Hello there\"}', $5
         FROM generate_series($1::bigint, $2::bigint) AS id",
    )
    .bind(ids.start)
    .bind(ids.end - 1)
    .bind(class)
    .bind(app.workspace.uuid())
    .bind(entry)
    .execute(app.db())
    .await
    .unwrap();
}

#[tokio::test]
async fn only_staff_operates_the_queue_and_a_watched_page_leaves_one_record() {
    let app = App::start().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below(OPS);
    for path in LOOKS {
        refused(owner.get(path), 403, "forbidden").await;
    }
    let lane = json!({"pool": "bulk", "lane": ""});
    refused(owner.post("/lanes/pause", &lane), 403, "forbidden").await;
    refused(
        owner.call(Method::POST, "/pools/bulk/pause"),
        403,
        "forbidden",
    )
    .await;
    let me = staff(&app).await;
    for _ in 0..3 {
        for path in LOOKS.into_iter().filter(|path| *path != "/jobs/1") {
            ok(me.get(path)).await;
        }
    }
    // Each job that is looked at has a record of its own.
    die(&app, 9_000_000..9_000_002, "timeout").await;
    for path in ["/jobs/9000000", "/jobs/9000001", "/jobs/9000000"] {
        ok(me.get(path)).await;
    }
    let seen = "SELECT count(*) FROM audit_log WHERE action = 'staff.show_job' AND after ->> 'job' = '9000001'";
    assert_eq!(app.count(seen).await, 1);
    for (action, records) in [
        ("staff.show_queue", 1),
        ("staff.list_jobs", 1),
        ("staff.show_job", 2),
    ] {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM audit_log WHERE action = $1 AND actor_id = $2",
        )
        .bind(action)
        .bind(me.id)
        .fetch_one(app.db())
        .await
        .unwrap();
        assert_eq!(count, records, "{action}");
    }
}

#[tokio::test]
async fn a_schedule_is_run_in_a_paused_pool_and_its_job_says_why_it_waits() {
    let app = App::start().await;
    let me = staff(&app).await;
    let overview = me.show("/overview").await;
    let pool = named(&overview["pools"], "pool", "bulk");
    assert_eq!(
        (&pool["paused"], &pool["processes"]),
        (&json!(false), &json!(1))
    );
    assert!(pool["slots"].as_i64().unwrap() > 0, "{pool}");
    answered(me.call(Method::POST, "/pools/bulk/pause"), 204).await;
    let ran = ok(me.call(Method::POST, "/schedules/exports.purge/run")).await;
    let path = format!("/jobs/{}", ran["job_id"]);
    let job = me.show(&path).await;
    assert_eq!(
        (&job["state"], &job["kind"], &job["waits"][0]["reason"]),
        (
            &json!("ready"),
            &json!("exports.purge"),
            &json!("pool_paused")
        )
    );
    let listed = me
        .show("/jobs?state=ready&pool=bulk&kind=exports.purge")
        .await;
    assert_eq!(listed["items"][0]["id"], ran["job_id"]);
    let overview = me.show("/overview").await;
    let pool = named(&overview["pools"], "pool", "bulk");
    assert_eq!((&pool["paused"], &pool["ready"]), (&json!(true), &json!(1)));
    answered(me.call(Method::POST, "/kinds/exports.purge/pause"), 204).await;
    let kinds = me.show("/kinds").await;
    assert_eq!(
        named(&kinds["items"], "kind", "exports.purge")["paused"],
        true
    );
    assert_eq!(
        me.show("/overview").await["paused_kinds"],
        json!(["exports.purge"])
    );
    answered(me.call(Method::POST, "/kinds/exports.purge/resume"), 204).await;
    answered(me.call(Method::POST, "/pools/bulk/resume"), 204).await;
    app.until("SELECT count(*) FROM queue.finished WHERE kind = 'exports.purge'")
        .await;
    let job = me.show(&path).await;
    assert_eq!((&job["state"], &job["waits"]), (&json!("done"), &json!([])));
    refused(
        me.call(Method::POST, &format!("{path}/run")),
        409,
        "job_not_now",
    )
    .await;

    answered(me.call(Method::POST, "/schedules/exports.purge/pause"), 204).await;
    let schedules = me.show("/schedules").await;
    assert_eq!(
        named(&schedules["items"], "name", "exports.purge")["paused"],
        true
    );
    answered(
        me.call(Method::POST, "/schedules/exports.purge/resume"),
        204,
    )
    .await;
    let schedules = me.show("/schedules").await;
    let schedule = named(&schedules["items"], "name", "exports.purge");
    assert!(
        schedule["next_at"].is_string() && schedule["paused"] == false,
        "{schedule}"
    );
    let processes = me.show("/processes").await;
    let process = &processes["items"][0];
    assert_eq!(process["version"], env!("CARGO_PKG_VERSION"));
    assert!(
        named(&process["pools"], "pool", "bulk")["slots"]
            .as_i64()
            .unwrap()
            > 0
    );

    let me = me.below("/api/v1/admin");
    let log = me.show("/audit-log?limit=200").await;
    let actions: Vec<&str> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .filter(|action| !action.contains("list_") && !action.contains("show_"))
        .collect();
    assert_eq!(
        actions,
        [
            "staff.resume_schedule",
            "staff.pause_schedule",
            "staff.resume_queue",
            "staff.resume_queue",
            "staff.pause_queue",
            "staff.run_schedule",
            "staff.pause_queue",
        ]
    );
    let me = me.below(OPS);
    for path in [
        "/pools/weather/pause",
        "/kinds/weather.tell/pause",
        "/schedules/weather.tell/run",
        "/jobs/404/run",
    ] {
        refused(me.call(Method::POST, path), 404, "not_found").await;
    }
    refused(me.get("/jobs/404"), 404, "not_found").await;
}

#[tokio::test]
async fn dead_letters_are_grouped_replayed_and_deleted_with_a_reason() {
    let app = App::start().await;
    let me = staff(&app).await;
    die(&app, 9_000_000..9_000_003, "timeout").await;
    die(&app, 9_000_003..9_000_005, "hopeless").await;
    let groups = me.show("/dead-letters").await;
    let group = |class: &str| named(&groups["items"], "error_class", class).clone();
    assert_eq!(
        (&group("timeout")["count"], &group("hopeless")["count"]),
        (&json!(3), &json!(2))
    );
    let dead = me.show("/jobs?state=dead&error_class=hopeless").await;
    assert_eq!(dead["items"].as_array().unwrap().len(), 2);
    assert_eq!(dead["items"][0]["workspace_id"], app.workspace.to_string());
    assert!(dead["items"][0]["workspace"].is_string());
    let errors = me.show("/errors?since=hour").await;
    let error = named(&errors["items"], "error_class", "timeout");
    assert_eq!(
        (&error["dead"], &error["last_message"]),
        (&json!(3), &json!("to …"))
    );
    let one = me.show("/jobs/9000003").await;
    assert_eq!(
        one["payload"],
        json!({"said": "…"}),
        "no route shows what people say"
    );
    assert_eq!(one["attempts"][0]["message"], "to …");

    let replay = |which: Value| me.post("/dead-letters/replay", &json!({"which": which}));
    invalid_by(replay(json!({})), "/which/kind", "missing").await;
    invalid(replay(json!({"jobs": [1], "kind": "x"})), "/which/kind").await;
    invalid(
        replay(json!({"jobs": [1], "error_class": "x"})),
        "/which/jobs",
    )
    .await;
    invalid(replay(json!({"jobs": []})), "/which/jobs").await;
    invalid(replay(json!({"jobs": vec![1; 501]})), "/which/jobs").await;
    invalid(replay(json!({"kind": "x".repeat(201)})), "/which/kind").await;
    let kind = "exports.purge";
    let none = ok(replay(
        json!({"kind": kind, "until": "2026-01-01T00:00:00Z"}),
    ))
    .await;
    assert_eq!(none, json!({"done": 0, "more": false}));
    let done = ok(replay(
        json!({"kind": kind, "error_class": "timeout", "workspace_id": app.workspace}),
    ))
    .await;
    assert_eq!(done, json!({"done": 3, "more": false}));
    app.until("SELECT (SELECT count(*) FROM queue.finished WHERE id BETWEEN 9000000 AND 9000002 AND state = 3) / 3").await;

    let delete = |which: Value, reason: &str| {
        me.post(
            "/dead-letters/delete",
            &json!({"which": which, "reason": reason}),
        )
    };
    invalid(delete(json!({"jobs": [9_000_003]}), ""), "/reason").await;
    let gone = ok(delete(
        json!({"jobs": [9_000_003, 404]}),
        "The template is gone.",
    ))
    .await;
    assert_eq!(gone, json!({"done": 1, "more": false}));
    assert_eq!(me.show("/jobs/9000003").await["state"], "cancelled");
    let cancel = |reason: &str| me.post("/jobs/9000004/cancel", &json!({"reason": reason}));
    invalid(cancel(""), "/reason").await;
    answered(cancel("It was made twice."), 204).await;
    refused(cancel("Again"), 409, "job_not_now").await;
    assert_eq!(me.show("/dead-letters").await["items"], json!([]));
    let said = "SELECT count(*) FROM audit_log
        WHERE action = 'staff.discard_jobs' AND actor_kind = 'staff'
          AND before = '{\"jobs\": [9000003], \"reason\": \"The template is gone.\"}'";
    assert_eq!(app.count(said).await, 1, "the record names what is gone");
    let said = "SELECT count(*) FROM audit_log WHERE action = 'staff.replay_jobs'";
    assert_eq!(app.count(said).await, 1, "a replay of nothing has none");
}

#[tokio::test]
async fn lanes_are_listed_held_and_limited_and_bad_input_names_its_field() {
    let app = App::start().await;
    let me = staff(&app).await;
    let lane = app.workspace.uuid().to_string();
    let named_lane = json!({"pool": "bulk", "lane": lane});
    answered(me.post("/lanes/pause", &named_lane), 204).await;
    let until = chrono::Utc::now() + chrono::TimeDelta::hours(1);
    let parking = |until: Value| {
        me.post(
            "/lanes/park",
            &json!({"pool": "bulk", "lane": lane, "until": until}),
        )
    };
    answered(parking(json!(until)), 204).await;
    // A second parking cannot end earlier, and its record says so.
    let sooner = until - chrono::TimeDelta::minutes(30);
    answered(parking(json!(sooner)), 204).await;
    let parked = "SELECT count(*) FROM audit_log
        WHERE action = 'staff.park_lane' AND (after ->> 'until')::timestamptz > now() + interval '50 minutes'";
    assert_eq!(app.count(parked).await, 2);
    let limits = |rate: Value, burst: Value, running: Value| {
        let body = json!({"pool": "bulk", "lane": lane, "rate": rate, "burst": burst, "max_running": running});
        me.put("/lanes/limits", &body)
    };
    answered(limits(json!(2.5), json!(10), json!(3)), 204).await;
    let lanes = me.show("/lanes?pool=bulk&held=true").await;
    let one = named(&lanes["items"], "lane", &lane);
    assert_eq!(
        (
            &one["paused"],
            &one["rate"],
            &one["burst"],
            &one["max_running"],
            &one["ready"]
        ),
        (&json!(true), &json!(2.5), &json!(10), &json!(3), &json!(0))
    );
    assert!(
        one["parked_until"].is_string() && one["workspace"].is_string(),
        "{one}"
    );
    answered(limits(json!(5), json!(10), json!(3)), 204).await;
    let limited = "SELECT count(*) FROM audit_log
        WHERE action = 'staff.limit_lane' AND before -> 'lane' -> 'rate' = '2.5' AND after -> 'lane' -> 'rate' = '5'";
    assert_eq!(app.count(limited).await, 1);
    answered(me.post("/lanes/unpark", &named_lane), 204).await;
    answered(me.post("/lanes/resume", &named_lane), 204).await;
    assert_eq!(
        me.show("/lanes?pool=bulk&held=true").await["items"],
        json!([])
    );
    let page = me.show("/lanes?pool=bulk&limit=1").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);

    invalid(limits(json!(0), json!(10), json!(null)), "/rate").await;
    invalid(limits(json!(1), json!(null), json!(null)), "/burst").await;
    invalid(limits(json!(null), json!(null), json!(0)), "/max_running").await;
    invalid(parking(json!("2020-01-01T00:00:00Z")), "/until").await;
    for (path, pointer) in [
        ("/lanes?pool=weather", "/pool"),
        ("/lanes?limit=201", "/limit"),
        ("/jobs?pool=weather", "/pool"),
        ("/jobs?state=lost", "/state"),
        ("/jobs?workspace_id=x", "/workspace_id"),
        ("/jobs?cursor=AAAAAAAAAAAAAAAAAAAAAA", "/cursor"),
        ("/errors?since=year", "/since"),
    ] {
        invalid(me.get(path), pointer).await;
    }
    invalid(
        me.get(&format!("/jobs?error_class={}", "x".repeat(201))),
        "/error_class",
    )
    .await;
    let long = json!({"pool": "bulk", "lane": "x".repeat(201)});
    invalid(me.post("/lanes/pause", &long), "/lane").await;
}
