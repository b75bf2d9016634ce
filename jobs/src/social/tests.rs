//! Posts against the simulated networks: what is cut, refused, late or lost is neither doubled nor reported wrongly.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::social::Instagram;
use kazi_platform::actor::Actor;
use kazi_queue::{Job, inspect};
use kazi_simulators::{CutAt, Fault, GraphAccount, Network as Simulated, Post, Service};
use serde_json::json;

use super::*;
use crate::{Role, Work, testing::Shop};

const INSTAGRAM: &str = "17841400000000001";
const PAGE: &str = "104600000000001";

/// A shop with an account of each network.
struct Desk {
    shop: Shop,
    instagram: AccountId,
    page: AccountId,
}

fn simulated(network: Network, token: &str) -> GraphAccount {
    let (network, id) = match network {
        Network::Instagram => (Simulated::Instagram, INSTAGRAM),
        Network::Facebook => (Simulated::Facebook, PAGE),
    };
    GraphAccount {
        network,
        id: id.into(),
        name: "zuri".into(),
        token: token.into(),
        daily_limit: 2,
    }
}

fn connecting(
    network: Network,
    token: &str,
    ends_in: Option<TimeDelta>,
    shop: &Shop,
) -> ConnectAccount {
    ConnectAccount {
        network,
        external_id: simulated(network, token).id,
        token: token.into(),
        token_expires_at: ends_in.map(|life| shop.now() + life),
    }
}

impl Desk {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let mut ids = Vec::new();
        for network in [Network::Instagram, Network::Facebook] {
            let token = format!("token-of-{network}");
            shop.providers.add_graph(simulated(network, &token));
            let new = connecting(network, &token, None, &shop);
            let mut work = shop.work_by(Actor::SYSTEM).await;
            ids.push(
                put_account(&mut work, &shop.ctx, &new, "zuri")
                    .await
                    .unwrap(),
            );
            work.commit().await.unwrap();
        }
        Self {
            shop,
            instagram: ids[0],
            page: ids[1],
        }
    }

    async fn work(&self) -> Work {
        self.shop.work_by(Actor::SYSTEM).await
    }

    async fn content(&self, text: &str, images: usize) -> ContentId {
        let image = |n| Media {
            url: format!("https://zuri.example/{n}.jpg"),
            alt: Some("Tea".into()),
            media_id: None,
            mime: None,
        };
        let new = NewContent {
            text: text.into(),
            media: (0..images).map(image).collect(),
            variants: [(Network::Instagram, format!("{text} #tea"))].into(),
        };
        let mut work = self.work().await;
        let made = create_content(&mut work, new).await.unwrap();
        work.commit().await.unwrap();
        made.id
    }

    async fn try_schedule(
        &self,
        content: ContentId,
        account: AccountId,
        wait: TimeDelta,
    ) -> Result<ScheduleId, SocialError> {
        let new = NewSchedule {
            content_id: content,
            account_id: account,
            local_time: model::wall_clock(self.shop.now() + wait, "Africa/Nairobi"),
            zone: "Africa/Nairobi".into(),
        };
        let mut work = self.work().await;
        let made = schedule(&mut work, &new).await?;
        work.commit().await.unwrap();
        Ok(made.id)
    }

    async fn schedule(&self, content: ContentId, account: AccountId) -> ScheduleId {
        self.try_schedule(content, account, TimeDelta::minutes(2))
            .await
            .unwrap()
    }

    async fn reschedule(
        &self,
        id: ScheduleId,
        wait: TimeDelta,
    ) -> Result<ScheduledPost, SocialError> {
        let to = Move {
            local_time: model::wall_clock(self.shop.now() + wait, "UTC"),
            zone: Some("UTC".into()),
        };
        let mut work = self.work().await;
        let before = lock_schedule(&mut work, id).await?;
        let moved = reschedule(&mut work, &before, &to).await?;
        work.commit().await.unwrap();
        Ok(moved)
    }

    async fn look(&self, id: ScheduleId) -> ScheduledPost {
        let mut work = self.work().await;
        scheduled(&mut work, id).await.unwrap().unwrap()
    }

    async fn history(&self, id: ScheduleId) -> Publication {
        let mut work = self.work().await;
        let all = publications(&mut work, None, None, 100).await.unwrap();
        all.into_iter().find(|one| one.schedule_id == id).unwrap()
    }

    /// Lets a quarter of a minute pass again and again, until the post is public or has failed.
    async fn finish(&self, id: ScheduleId) -> ScheduledPost {
        for _ in 0..400 {
            let post = self.look(id).await;
            if !matches!(post.status.as_str(), "scheduled" | "publishing") {
                return post;
            }
            self.shop.after(Duration::from_secs(15)).await;
        }
        panic!("it comes to no end: {:?}", self.history(id).await)
    }

    fn posts(&self) -> Vec<Post> {
        self.shop.providers.posts()
    }

    fn fault(&self, method: &str, path: &str, fault: Fault) {
        self.shop.providers.fault(Fault {
            method: Some(method.into()),
            matches: Some(path.into()),
            ..fault
        });
    }

    fn told(&self) -> impl Future<Output = Vec<String>> {
        let db = self.shop.ctx.owner.clone();
        async move {
            sqlx::query_scalar("SELECT kind FROM notifications ORDER BY id")
                .fetch_all(&db)
                .await
                .unwrap()
        }
    }
}

fn cut(at: CutAt) -> Fault {
    Fault {
        cut: Some(at),
        times: Some(1),
        ..Fault::on(Service::Graph)
    }
}

#[tokio::test]
async fn a_post_appears_once_at_its_time_with_its_ids_in_its_history() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    for (account, text) in [(desk.instagram, "Fresh tea #tea"), (desk.page, "Fresh tea")] {
        let id = desk.schedule(content, account).await;
        desk.shop.after(Duration::from_secs(60)).await;
        assert_eq!(desk.look(id).await.status, "scheduled");
        let post = desk.finish(id).await;
        assert_eq!((post.status.as_str(), post.error), ("published", None));
        let there = desk.posts().pop().unwrap();
        assert_eq!(
            (there.text.as_str(), &there.images[..]),
            (text, &["https://zuri.example/0.jpg".to_owned()][..])
        );
        let history = desk.history(id).await;
        assert_eq!(history.post_id.as_deref(), Some(there.id.as_str()));
        assert!(post.permalink.unwrap().contains(&there.id));
        let steps: Vec<&str> = history
            .steps
            .iter()
            .map(|step| step.step.as_str())
            .collect();
        let made = if account == desk.page {
            "part"
        } else {
            "container"
        };
        assert_eq!(steps, ["started", made, "asked", "published"]);
    }
    assert_eq!(desk.posts().len(), 2);
    desk.shop.after(Duration::from_secs(86_400)).await;
    assert_eq!(desk.posts().len(), 2);
}

#[tokio::test]
async fn whatever_call_loses_its_request_or_its_answer_the_post_is_neither_doubled_nor_lost() {
    let desk = Desk::open().await;
    let mut expected = 0;
    for (account, images, paths) in [
        (
            desk.instagram,
            1,
            &[
                ("POST", "/media"),
                ("GET", "/17889"),
                ("GET", "/media"),
                ("POST", "/media_publish"),
            ][..],
        ),
        (
            desk.instagram,
            3,
            &[
                ("POST", "/media"),
                ("GET", "/17889"),
                ("POST", "/media_publish"),
            ][..],
        ),
        (
            desk.page,
            2,
            &[("POST", "/photos"), ("GET", "/feed"), ("POST", "/feed")][..],
        ),
        (desk.page, 0, &[("GET", "/feed"), ("POST", "/feed")][..]),
    ] {
        for (method, path) in paths {
            for fault in [
                cut(CutAt::After),
                cut(CutAt::Before),
                Fault {
                    times: Some(3),
                    ..cut(CutAt::After)
                },
                Fault {
                    status: Some(500),
                    times: Some(2),
                    ..Fault::on(Service::Graph)
                },
            ] {
                let what = format!("{method} {path} {images} {fault:?}");
                // Room within the day's limit of the account.
                desk.shop.providers.add_graph(GraphAccount {
                    daily_limit: 1_000,
                    ..simulated(Network::Instagram, "token-of-instagram")
                });
                let text = format!("Offer {expected}");
                let content = desk.content(&text, images).await;
                let id = desk.schedule(content, account).await;
                desk.fault(method, path, fault);
                let post = desk.finish(id).await;
                desk.shop.providers.clear_faults();
                expected += 1;
                assert_eq!(
                    (post.status.as_str(), post.error),
                    ("published", None),
                    "{what}"
                );
                let mine: Vec<Post> = desk
                    .posts()
                    .into_iter()
                    .filter(|one| one.text.trim_end_matches(" #tea") == text)
                    .collect();
                assert_eq!(mine.len(), 1, "{what}");
                assert_eq!(
                    desk.history(id).await.post_id.as_ref(),
                    Some(&mine[0].id),
                    "{what}"
                );
                assert_eq!(desk.posts().len(), expected, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_post_of_a_page_is_looked_for_before_it_is_asked_for_again() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 0).await;
    let id = desk.schedule(content, desk.page).await;
    desk.fault("POST", "/feed", cut(CutAt::Before));
    desk.shop.after(Duration::from_secs(120)).await;
    let asked = || {
        desk.shop
            .sent(Service::Graph)
            .iter()
            .filter(|entry| entry.path.ends_with("/feed"))
            .count()
    };
    assert_eq!((asked(), desk.posts().len()), (1, 0));
    // As long as it may still show up nobody asks again.
    for _ in 0..5 {
        desk.shop.after(Duration::from_secs(30)).await;
    }
    assert_eq!(asked(), 1);
    let post = desk.finish(id).await;
    assert_eq!(
        (post.status.as_str(), asked(), desk.posts().len()),
        ("published", 2, 1)
    );
}

#[tokio::test]
async fn a_post_that_stood_there_before_or_is_another_s_is_no_proof() {
    let desk = Desk::open().await;
    let content = desk.content("Open today", 0).await;
    let first = desk.schedule(content, desk.page).await;
    desk.finish(first).await;
    let between = desk.content("Something else", 0).await;
    let second = desk.schedule(between, desk.page).await;
    desk.finish(second).await;
    let third = desk.schedule(content, desk.page).await;
    desk.fault("POST", "/feed", cut(CutAt::Before));
    let post = desk.finish(third).await;
    assert_eq!((post.status.as_str(), desk.posts().len()), ("published", 3));
    let ids = [
        desk.history(first).await.post_id,
        desk.history(third).await.post_id,
    ];
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_container_that_is_found_published_is_not_published_again() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let id = desk.schedule(content, desk.instagram).await;
    desk.shop.after(Duration::from_secs(120)).await;
    let container = desk
        .history(id)
        .await
        .steps
        .iter()
        .find(|step| step.step == "container")
        .unwrap()
        .external_id
        .clone()
        .unwrap();
    let base = desk.shop.providers.base_url(Service::Graph);
    let token = "token-of-instagram".to_owned().into();
    let theirs = Instagram::new(
        desk.shop.ctx.http.clone(),
        &base,
        "v24.0",
        INSTAGRAM,
        token,
        Duration::from_secs(10),
    );
    // As a run that died without a word would have done.
    while theirs.container_status(&container).await.unwrap()
        != kazi_clients::social::ContainerStatus::Finished
    {}
    let posted = theirs.publish(&container).await.unwrap();
    assert!(theirs.publish(&container).await.is_err());
    let post = desk.finish(id).await;
    assert_eq!((post.status.as_str(), desk.posts().len()), ("published", 1));
    assert_eq!(desk.history(id).await.post_id, Some(posted));
}

#[tokio::test]
async fn a_container_that_expires_or_fails_is_made_anew_and_a_third_failure_is_told() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let says = |status: &str, times| Fault {
        body: Some(json!({"id": "1", "status_code": status})),
        times: Some(times),
        ..Fault::on(Service::Graph)
    };
    for status in ["EXPIRED", "ERROR"] {
        let id = desk.schedule(content, desk.instagram).await;
        desk.fault("GET", "/17889", says(status, 1));
        assert_eq!(desk.finish(id).await.status, "published", "{status}");
    }
    assert_eq!(desk.posts().len(), 2);
    let id = desk.schedule(content, desk.instagram).await;
    desk.fault("GET", "/17889", says("ERROR", 3));
    let post = desk.finish(id).await;
    assert_eq!((post.status.as_str(), desk.posts().len()), ("failed", 2));
    assert!(post.error.unwrap().contains("images"));
}

#[tokio::test]
async fn an_image_that_the_network_could_not_fetch_is_asked_for_again() {
    let desk = Desk::open().await;
    desk.shop.member(Role::Admin).await;
    let unfetched = |times| Fault {
        status: Some(400),
        body: Some(
            json!({"error": {"code": 9_004, "error_subcode": 2_207_052, "is_transient": false,
            "message": "Only photo or video can be accepted as media type."}}),
        ),
        times: Some(times),
        ..Fault::on(Service::Graph)
    };
    for (account, images, path) in [
        (desk.instagram, 1, "/media"),
        (desk.instagram, 3, "/media"),
        (desk.page, 2, "/photos"),
    ] {
        let before = desk.posts().len();
        let content = desk.content(&format!("Tea {path} {images}"), images).await;
        let id = desk.schedule(content, account).await;
        desk.fault("POST", path, unfetched(3));
        assert_eq!(desk.finish(id).await.status, "published", "{path} {images}");
        assert_eq!(desk.posts().len(), before + 1);
    }
    assert!(desk.told().await.is_empty());
    // It goes on: a person hears of it.
    let content = desk.content("No tea", 1).await;
    let id = desk.schedule(content, desk.instagram).await;
    desk.fault("POST", "/media", unfetched(100));
    let post = desk.finish(id).await;
    assert_eq!(post.status, "failed");
    assert!(post.error.unwrap().contains("Only photo"));
    assert_eq!(desk.told().await, ["post_failed"]);
}

#[tokio::test]
async fn a_limit_of_calls_is_waited_for_and_doubles_nothing() {
    let desk = Desk::open().await;
    desk.shop.providers.add_graph(GraphAccount {
        daily_limit: 1_000,
        ..simulated(Network::Instagram, "token-of-instagram")
    });
    for code in [4, 17, 32, 613, 80_002] {
        for (account, images, path) in [
            (desk.instagram, 1, "/media"),
            (desk.instagram, 1, "/media_publish"),
            (desk.page, 0, "/feed"),
        ] {
            let before = desk.posts().len();
            let content = desk.content(&format!("Tea {path} {code}"), images).await;
            let id = desk.schedule(content, account).await;
            desk.fault(
                "POST",
                path,
                Fault {
                    status: Some(400),
                    code: Some(code),
                    times: Some(1),
                    ..Fault::on(Service::Graph)
                },
            );
            let post = desk.finish(id).await;
            assert_eq!(
                (post.status.as_str(), post.error),
                ("published", None),
                "{path} {code}"
            );
            assert_eq!(desk.posts().len(), before + 1, "{path} {code}");
        }
    }
}

#[tokio::test]
async fn a_token_that_is_refused_stops_the_account_and_a_new_one_lets_the_post_go_on() {
    let desk = Desk::open().await;
    desk.shop.member(Role::Admin).await;
    let content = desk.content("Fresh tea", 1).await;
    desk.shop
        .providers
        .add_graph(simulated(Network::Instagram, "another-token"));
    let id = desk.schedule(content, desk.instagram).await;
    let post = desk.finish(id).await;
    assert_eq!(post.status, "failed");
    let account = async || {
        let mut work = desk.work().await;
        account(&mut work, desk.instagram).await.unwrap().unwrap()
    };
    assert_eq!(account().await.status, "refused");
    let mut told = desk.told().await;
    told.sort_unstable();
    assert_eq!(told, ["post_failed", "social_account"]);
    let before = desk.shop.sent(Service::Graph).len();
    desk.shop.after(Duration::from_secs(3_600)).await;
    assert_eq!(desk.shop.sent(Service::Graph).len(), before);
    // The wrong one is not taken, and changes nothing.
    let (ctx, workspace) = (&desk.shop.ctx, desk.shop.workspace);
    let token = |token: &str| NewToken {
        token: token.into(),
        token_expires_at: None,
    };
    let wrong = rotate_token(
        ctx,
        workspace,
        &Actor::SYSTEM,
        desk.instagram,
        &token("wrong"),
    )
    .await;
    assert!(matches!(wrong, Err(SocialError::Invalid(_))));
    rotate_token(
        ctx,
        workspace,
        &Actor::SYSTEM,
        desk.instagram,
        &token("another-token"),
    )
    .await
    .unwrap();
    assert_eq!(account().await.status, "active");
    desk.reschedule(id, TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(
        (desk.finish(id).await.status.as_str(), desk.posts().len()),
        ("published", 1)
    );
}

#[tokio::test]
async fn moved_it_appears_at_the_other_time_only_and_cancelled_never() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let later = desk.schedule(content, desk.page).await;
    desk.reschedule(later, TimeDelta::minutes(30))
        .await
        .unwrap();
    desk.shop.after(Duration::from_secs(300)).await;
    assert_eq!(
        (desk.look(later).await.status.as_str(), desk.posts().len()),
        ("scheduled", 0)
    );
    desk.reschedule(later, TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(desk.finish(later).await.status, "published");
    // What is over stays as it is.
    assert!(matches!(
        desk.reschedule(later, TimeDelta::minutes(1)).await,
        Err(SocialError::Over(_))
    ));
    let never = desk.schedule(content, desk.page).await;
    let mut work = desk.work().await;
    let before = lock_schedule(&mut work, never).await.unwrap();
    cancel(&mut work, &before).await.unwrap();
    work.commit().await.unwrap();
    desk.shop.after(Duration::from_secs(3_600)).await;
    assert_eq!(
        (desk.look(never).await.status.as_str(), desk.posts().len()),
        ("cancelled", 1)
    );
}

#[tokio::test]
async fn two_clicks_and_two_jobs_are_one_post() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let id = desk.schedule(content, desk.page).await;
    let again = desk
        .try_schedule(content, desk.page, TimeDelta::minutes(2))
        .await;
    assert!(matches!(again, Err(SocialError::Scheduled)));
    let job = Publish {
        workspace: desk.shop.workspace,
        schedule: id,
    };
    job.enqueue(&mut *desk.shop.conn().await).await.unwrap();
    desk.finish(id).await;
    job.enqueue(&mut *desk.shop.conn().await).await.unwrap();
    desk.shop.after(Duration::from_secs(600)).await;
    assert_eq!(desk.posts().len(), 1);
}

#[tokio::test]
async fn a_run_that_was_overtaken_writes_nothing() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let id = desk.schedule(content, desk.instagram).await;
    desk.shop.after(Duration::from_secs(120)).await;
    let mut work = desk.work().await;
    let mut slow = store::publications::of_schedule(&mut work, id)
        .await
        .unwrap()
        .unwrap();
    drop(work);
    desk.finish(id).await;
    slow.container_id = None;
    let mut work = desk.work().await;
    assert!(!store::publications::save(&mut work, &slow).await.unwrap());
}

#[tokio::test]
async fn a_job_that_is_gone_is_given_back_and_a_post_that_is_a_day_late_fails() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let lost = desk.schedule(content, desk.page).await;
    let job = desk
        .shop
        .pending()
        .await
        .into_iter()
        .find(|job| job.kind == Publish::NAME)
        .unwrap();
    inspect::cancel(&mut *desk.shop.conn().await, job.id)
        .await
        .unwrap();
    desk.shop.after(Duration::from_secs(1_200)).await;
    assert_eq!(desk.look(lost).await.status, "scheduled");
    Sweep {}
        .enqueue(&mut *desk.shop.conn().await)
        .await
        .unwrap();
    desk.shop.drain().await;
    assert_eq!(
        (desk.finish(lost).await.status.as_str(), desk.posts().len()),
        ("published", 1)
    );

    let late = desk.schedule(content, desk.page).await;
    desk.shop.after(Duration::from_secs(2 * 86_400)).await;
    let post = desk.finish(late).await;
    assert_eq!((post.status.as_str(), desk.posts().len()), ("failed", 1));
    assert!(post.error.unwrap().contains("more than a day"));
}

#[tokio::test]
async fn over_the_day_s_limit_a_post_waits_and_its_end_is_told() {
    let desk = Desk::open().await;
    desk.shop.member(Role::Admin).await;
    for text in ["One", "Two"] {
        let content = desk.content(text, 1).await;
        let id = desk.schedule(content, desk.instagram).await;
        desk.finish(id).await;
    }
    let content = desk.content("Three", 1).await;
    let id = desk.schedule(content, desk.instagram).await;
    desk.shop.after(Duration::from_secs(150)).await;
    desk.shop.after(Duration::from_secs(30)).await;
    assert_eq!(
        (desk.look(id).await.status.as_str(), desk.posts().len()),
        ("publishing", 2)
    );
    desk.shop.after(Duration::from_secs(86_400)).await;
    let post = desk.finish(id).await;
    assert_eq!(post.status, "failed");
    assert_eq!(
        (desk.told().await, desk.posts().len()),
        (vec!["post_failed".to_owned()], 2)
    );
}

#[tokio::test]
async fn what_a_network_refuses_for_good_fails_with_its_words() {
    let desk = Desk::open().await;
    let new = NewContent {
        text: "Fresh tea".into(),
        media: vec![Media {
            url: "https://zuri.example/tea.png".into(),
            alt: None,
            media_id: None,
            mime: None,
        }],
        variants: Default::default(),
    };
    let mut work = desk.work().await;
    let content = create_content(&mut work, new).await.unwrap();
    work.commit().await.unwrap();
    let id = desk.schedule(content.id, desk.instagram).await;
    let post = desk.finish(id).await;
    assert_eq!((post.status.as_str(), desk.posts().len()), ("failed", 0));
    assert!(post.error.unwrap().contains("JPEG"));
    // The image is put right: tried once more it has the new one.
    let mut work = desk.work().await;
    let before = lock_content(&mut work, content.id).await.unwrap();
    let patch = ContentPatch {
        text: None,
        media: Some(vec![Media {
            url: "https://zuri.example/tea.jpg".into(),
            alt: None,
            media_id: None,
            mime: None,
        }]),
        variants: None,
    };
    update_content(&mut work, &before, patch).await.unwrap();
    work.commit().await.unwrap();
    desk.reschedule(id, TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(
        (desk.finish(id).await.status.as_str(), desk.posts().len()),
        ("published", 1)
    );
}

#[tokio::test]
async fn what_a_network_does_not_take_is_not_scheduled_there_nor_changed_into_it() {
    let desk = Desk::open().await;
    let bare = desk.content("Fresh tea", 0).await;
    let wrong = desk
        .try_schedule(bare, desk.instagram, TimeDelta::minutes(2))
        .await;
    let Err(SocialError::Invalid(faults)) = wrong else {
        panic!("{wrong:?}")
    };
    assert_eq!(faults.0[0].pointer, "/media");
    let content = desk.content("Fresh tea", 1).await;
    desk.schedule(content, desk.instagram).await;
    let mut work = desk.work().await;
    let before = lock_content(&mut work, content).await.unwrap();
    let patch = ContentPatch {
        text: None,
        media: Some(Vec::new()),
        variants: None,
    };
    assert!(matches!(
        update_content(&mut work, &before, patch).await,
        Err(SocialError::Invalid(_))
    ));
    let gone = delete_content(&mut work, &before).await;
    assert!(matches!(gone, Err(SocialError::InUse)));
}

#[tokio::test]
async fn tokens_are_renewed_before_they_end_and_where_that_cannot_be_the_admins_are_told_once() {
    let desk = Desk::open().await;
    desk.shop.member(Role::Admin).await;
    let ctx = &desk.shop.ctx;
    for network in [Network::Instagram, Network::Facebook] {
        let new = connecting(
            network,
            &format!("token-of-{network}"),
            Some(TimeDelta::days(5)),
            &desk.shop,
        );
        let mut work = desk.work().await;
        put_account(&mut work, ctx, &new, "zuri").await.unwrap();
        work.commit().await.unwrap();
    }
    for _ in 0..2 {
        RenewTokens {}
            .enqueue(&mut *desk.shop.conn().await)
            .await
            .unwrap();
        desk.shop.drain().await;
    }
    let mut work = desk.work().await;
    let renewed = account(&mut work, desk.instagram).await.unwrap().unwrap();
    drop(work);
    assert!(renewed.token_expires_at.unwrap() > desk.shop.now() + TimeDelta::days(50));
    assert_eq!(desk.told().await, ["social_account"]);
    let content = desk.content("Fresh tea", 1).await;
    let id = desk.schedule(content, desk.instagram).await;
    assert_eq!(desk.finish(id).await.status, "published");
    // One that the network has withdrawn meanwhile is found before a post needs it.
    desk.shop
        .providers
        .add_graph(simulated(Network::Facebook, "another"));
    RenewTokens {}
        .enqueue(&mut *desk.shop.conn().await)
        .await
        .unwrap();
    desk.shop.drain().await;
    let mut work = desk.work().await;
    assert_eq!(
        account(&mut work, desk.page).await.unwrap().unwrap().status,
        "refused"
    );
}

#[tokio::test]
async fn a_disconnected_account_takes_what_waits_for_it_along() {
    let desk = Desk::open().await;
    let content = desk.content("Fresh tea", 1).await;
    let id = desk.schedule(content, desk.page).await;
    let mut work = desk.work().await;
    lock_account(&mut work, desk.page).await.unwrap();
    disconnect(&mut work, desk.page).await.unwrap();
    work.commit().await.unwrap();
    desk.shop.after(Duration::from_secs(600)).await;
    assert_eq!(
        (desk.look(id).await.status.as_str(), desk.posts().len()),
        ("cancelled", 0)
    );
}
