//! Faults affect requests as scripted, and the ledger names them.

use kazi_clients::{
    http::Failure,
    whatsapp::{Error, Reaction},
};
use serde_json::json;

use super::*;
use crate::{CutAt, Fault};

fn on_whatsapp() -> Fault {
    Fault::on(Service::WhatsApp)
}

fn rejection(result: Result<String, Error>) -> kazi_clients::whatsapp::Rejection {
    match result {
        Err(Error::Rejected(rejection)) => rejection,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_status_or_a_code_is_answered_so_many_times() {
    let scene = Scene::new().await;
    scene.sim.fault(Fault {
        status: Some(503),
        times: Some(2),
        ..on_whatsapp()
    });
    scene.sim.fault(Fault {
        code: Some(130_429),
        retry_after: Some(7),
        times: Some(1),
        ..on_whatsapp()
    });
    scene.sim.fault(Fault {
        status: Some(500),
        matches: Some("other_path".into()),
        ..on_whatsapp()
    });
    for _ in 0..2 {
        let refused = rejection(scene.text("Hi").await);
        assert_eq!(
            (refused.status, refused.reaction()),
            (503, Reaction::Transient)
        );
    }
    let refused = rejection(scene.text("Hi").await);
    assert_eq!((refused.code, refused.status), (130_429, 400));
    assert_eq!(refused.retry_after, Some(Duration::from_secs(7)));
    scene.text("Hi").await.unwrap();
    let ledger = scene.sim.ledger(Service::WhatsApp);
    let faults: Vec<Option<&str>> = ledger.iter().map(|entry| entry.fault.as_deref()).collect();
    assert_eq!(
        faults,
        [
            Some("status 503"),
            Some("status 503"),
            Some("code 130429"),
            None
        ]
    );
    assert_eq!(
        scene.customer().transcript().len(),
        1,
        "a refused message does not arrive"
    );
}

#[tokio::test]
async fn a_cut_loses_the_request_or_only_its_answer() {
    let scene = Scene::new().await;
    scene.customer().say("Hi").await;
    for (at, arrives) in [(CutAt::Before, false), (CutAt::After, true)] {
        scene.sim.fault(Fault {
            cut: Some(at),
            times: Some(1),
            ..on_whatsapp()
        });
        let error = scene
            .send(
                &Body::Text {
                    text: format!("{at:?}"),
                },
                "msg_9",
            )
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Failed(Failure::Ambiguous(_))),
            "{error}"
        );
        scene.sim.settle().await;
        let lines = scene.customer().transcript();
        assert_eq!(
            lines.iter().any(|line| line.text == format!("{at:?}")),
            arrives
        );
    }
    let ledger = scene.sim.ledger(Service::WhatsApp);
    assert_eq!((ledger[0].status, ledger[0].message_id.as_ref()), (0, None));
    assert_eq!(ledger[1].fault.as_deref(), Some("cut after"));
    let id = ledger[1].message_id.as_ref().unwrap();
    assert_eq!(
        scene.business.statuses(id),
        ["sent", "delivered", "read"],
        "the webhook tells what the answer could not"
    );
    scene.text("Hi").await.unwrap();
}

#[tokio::test]
async fn a_slow_answer_lets_the_client_run_out_of_time() {
    let scene = Scene::new().await;
    scene.sim.fault(Fault {
        delay_ms: Some(60_000),
        ..on_whatsapp()
    });
    let base = scene.sim.base_url(Service::WhatsApp);
    let limit = Duration::from_millis(50);
    let client = WhatsApp::new(
        scene.http.clone(),
        &base,
        "v25.0",
        NUMBER,
        TOKEN.into(),
        limit,
    );
    let error = client.phone_number().await.unwrap_err();
    assert!(
        matches!(error, Error::Failed(Failure::Ambiguous(_))),
        "{error}"
    );
}

#[tokio::test]
async fn an_accepted_message_fails_by_webhook() {
    let scene = Scene::new().await;
    scene.customer().say("Hi").await;
    scene.sim.fault(Fault {
        fails: Some(131_026),
        times: Some(1),
        ..on_whatsapp()
    });
    let id = scene.text("Hello").await.unwrap();
    scene.sim.settle().await;
    assert_eq!(scene.business.statuses(&id), ["failed"]);
    assert_eq!(scene.customer().transcript()[1].error, Some(131_026));
}

#[tokio::test]
async fn a_share_with_a_seed_is_the_same_in_every_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let scene = Scene::new().await;
        let share = Fault {
            status: Some(500),
            share: Some(0.5),
            seed: Some(42),
            ..on_whatsapp()
        };
        scene.sim.fault(share);
        let mut run = Vec::new();
        for _ in 0..32 {
            run.push(scene.text("Hi").await.is_ok());
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    let failed = runs[0].iter().filter(|ok| !**ok).count();
    assert!((6..=26).contains(&failed), "{failed} of 32");
}

#[tokio::test]
async fn a_body_of_its_own_is_answered() {
    let scene = Scene::new().await;
    scene.sim.fault(Fault {
        body: Some(json!({"odd": true})),
        ..on_whatsapp()
    });
    let error = scene.text("Hi").await.unwrap_err();
    assert!(
        matches!(error, Error::Failed(Failure::Ambiguous(_))),
        "{error}"
    );
    assert_eq!(scene.sim.ledger(Service::WhatsApp)[0].status, 200);
}
