//! Publishing on Instagram and Facebook, as strict as the real networks.

use kazi_clients::social::{ContainerStatus, Error, Facebook, Instagram, Media};
use serde_json::Value;

use super::{LIMIT, Scene};
use crate::{CutAt, Fault, GraphAccount, Network, Service};

const ACCOUNT: &str = "17841400000000001";
const PAGE: &str = "104600000000001";
const IMAGE: Media<'static> = Media {
    video: false,
    url: "https://shop.example/tea.jpg",
    alt: Some("Tea"),
};

fn accounts(scene: &Scene) -> (Instagram, Facebook) {
    for (network, id) in [(Network::Instagram, ACCOUNT), (Network::Facebook, PAGE)] {
        scene.sim.add_graph(GraphAccount {
            network,
            id: id.into(),
            name: "zuri".into(),
            token: format!("token-{id}"),
            daily_limit: 1,
        });
    }
    let (http, base) = (&scene.http, scene.sim.base_url(Service::Graph));
    (
        Instagram::new(
            http.clone(),
            &base,
            "v24.0",
            ACCOUNT,
            format!("token-{ACCOUNT}").into(),
            LIMIT,
        ),
        Facebook::new(
            http.clone(),
            &base,
            "v24.0",
            PAGE,
            format!("token-{PAGE}").into(),
            LIMIT,
        ),
    )
}

fn codes<T: std::fmt::Debug>(result: Result<T, Error>) -> (i64, Option<i64>) {
    match result {
        Err(Error::Rejected(rejection)) => (rejection.code, rejection.subcode),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_container_is_published_once_when_it_is_ready() {
    let scene = Scene::new().await;
    let (instagram, _) = accounts(&scene);
    assert_eq!(
        instagram.profile().await.unwrap().name.as_deref(),
        Some("zuri")
    );
    let container = instagram.container("Tea #tea", IMAGE).await.unwrap();
    assert_eq!(
        codes(instagram.publish(&container).await),
        (9_007, Some(2_207_027))
    );
    assert_eq!(
        instagram.container_status(&container).await.unwrap(),
        ContainerStatus::InProgress
    );
    assert_eq!(
        instagram.container_status(&container).await.unwrap(),
        ContainerStatus::Finished
    );
    let id = instagram.publish(&container).await.unwrap();
    assert_eq!(
        instagram.container_status(&container).await.unwrap(),
        ContainerStatus::Published
    );
    assert_eq!(
        codes(instagram.publish(&container).await),
        (24, Some(2_207_008))
    );
    let recent = instagram.recent().await.unwrap();
    assert_eq!(
        (recent.len(), &recent[0].id, recent[0].caption.as_str()),
        (1, &id, "Tea #tea")
    );
    assert!(
        instagram
            .permalink(&id)
            .await
            .unwrap()
            .unwrap()
            .contains(&id)
    );
    let quota = instagram.quota().await.unwrap();
    assert_eq!((quota.used, quota.total), (1, 1));
    // The daily limit.
    let second = instagram.container("More", IMAGE).await.unwrap();
    while instagram.container_status(&second).await.unwrap() != ContainerStatus::Finished {}
    assert_eq!(
        codes(instagram.publish(&second).await),
        (9, Some(2_207_042))
    );
    assert_eq!(scene.sim.posts().len(), 1);
}

#[tokio::test]
async fn what_instagram_does_not_take_it_refuses_with_its_codes() {
    let scene = Scene::new().await;
    let (instagram, page) = accounts(&scene);
    let image = |url| Media {
        url,
        alt: None,
        video: false,
    };
    for (caption, url, expected) in [
        ("x".repeat(2_201), IMAGE.url, (36_004, Some(2_207_010))),
        ("#x ".repeat(31), IMAGE.url, (100, Some(2_207_040))),
        (String::new(), "", (100, None)),
        (
            String::new(),
            "https://shop.example/tea.png",
            (36_001, Some(2_207_005)),
        ),
        (
            String::new(),
            "http://shop.example/tea.jpg",
            (9_004, Some(2_207_052)),
        ),
    ] {
        assert_eq!(
            codes(instagram.container(&caption, image(url)).await),
            expected,
            "{url}"
        );
    }
    assert!(
        instagram
            .container("", image("http://127.0.0.1:80/tea.jpg"))
            .await
            .is_ok()
    );
    assert_eq!(
        codes(instagram.container_status("1").await),
        (100, Some(33))
    );
    assert_eq!(
        codes(page.photo(image("tea.jpg")).await),
        (324, Some(2_069_019))
    );
    let item = instagram.carousel_item(IMAGE).await.unwrap();
    assert_eq!(
        codes(
            instagram
                .carousel("Tea", &[item.clone(), item.clone()])
                .await
        ),
        (9_007, Some(2_207_027))
    );
    while instagram.container_status(&item).await.unwrap() != ContainerStatus::Finished {}
    assert_eq!(codes(instagram.publish(&item).await), (24, Some(2_207_006)));
    assert!(
        instagram
            .carousel("Tea", &[item.clone(), item])
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_page_shows_photos_once_and_no_text_twice_in_a_row() {
    let scene = Scene::new().await;
    let (_, page) = accounts(&scene);
    let photos = [
        page.photo(IMAGE).await.unwrap(),
        page.photo(IMAGE).await.unwrap(),
    ];
    assert!(page.recent().await.unwrap().is_empty());
    let id = page.post("Tea", &photos).await.unwrap();
    assert_eq!(
        codes(page.post("Tea", &photos).await),
        (100, Some(1_366_051))
    );
    page.post("Words", &[]).await.unwrap();
    assert_eq!(codes(page.post("Words", &[]).await).0, 506);
    let recent = page.recent().await.unwrap();
    assert_eq!((recent.len(), &recent[1].id), (2, &id));
    assert!(
        recent[1].shows(&photos[0]) && recent[1].shows(&photos[1]) && !recent[0].shows(&photos[0])
    );
    assert_eq!(codes(page.post("", &[]).await).0, 100);
}

#[tokio::test]
async fn a_token_is_its_account_s_alone_and_can_be_renewed() {
    let scene = Scene::new().await;
    let (instagram, page) = accounts(&scene);
    let base = scene.sim.base_url(Service::Graph);
    let with = |token: &str| {
        Instagram::new(
            scene.http.clone(),
            &base,
            "v24.0",
            ACCOUNT,
            token.into(),
            LIMIT,
        )
    };
    assert_eq!(codes(with("wrong").profile().await).0, 190);
    assert_eq!(
        codes(with(&format!("token-{PAGE}")).profile().await),
        (100, Some(33))
    );
    assert!(page.profile().await.is_ok());
    let fresh = instagram.refresh().await.unwrap();
    assert_eq!(fresh.expires_in.as_secs(), 60 * 86_400);
    assert_eq!(codes(instagram.profile().await).0, 190);
    let renewed = Instagram::new(
        scene.http.clone(),
        &base,
        "v24.0",
        ACCOUNT,
        fresh.token,
        LIMIT,
    );
    assert!(renewed.profile().await.is_ok());
}

#[tokio::test]
async fn a_cut_after_the_request_leaves_the_post_and_its_id_in_the_ledger() {
    let scene = Scene::new().await;
    let (_, page) = accounts(&scene);
    scene.sim.fault(Fault {
        method: Some("POST".into()),
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::Graph)
    });
    assert!(page.recent().await.is_ok());
    assert!(matches!(page.post("Tea", &[]).await, Err(Error::Failed(_))));
    let posts = scene.sim.posts();
    let ledger = scene.sim.ledger(Service::Graph);
    let entry = ledger.last().unwrap();
    assert_eq!(
        (entry.status, entry.message_id.as_ref()),
        (0, Some(&posts[0].id))
    );
    let url = format!("{}/_posts", scene.sim.url());
    let seen: Value = scene
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&seen[0]["text"], &seen[0]["network"]),
        (&"Tea".into(), &"facebook".into())
    );
}
