//! Files of messages on a real database, a folder, and simulated providers.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use kazi_clients::whatsapp::{Body, FileKind};
use kazi_queue::Job;
use kazi_simulators::{Fault, SentFile, Service};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    Fetch, MediaError, MediaId, MediaReason, MediaState, MediaView, Purge, Sweep,
    fetch::{ATTEMPTS, FEW_ATTEMPTS},
    files::new_key,
    store, view,
};
use crate::{
    Providers,
    channels::ChannelKind,
    closing,
    contacts::ContactId,
    conversations::MessageId,
    messages::{self, Cause, Notice, TemplateUse},
    people, social,
    testing::{PNG, Shop},
    workspaces,
};

const HOURS: Duration = Duration::from_secs(3 * 3_600);

fn picture() -> SentFile {
    SentFile::new("image", "image/png", PNG)
}

impl Shop {
    /// The newest file.
    async fn media(&self) -> MediaView {
        let id: MediaId = sqlx::query_scalar!(
            r#"SELECT id AS "id: MediaId" FROM media ORDER BY id DESC LIMIT 1"#
        )
        .fetch_one(&mut *self.conn().await)
        .await
        .unwrap();
        view(&mut self.work().await, id).await.unwrap()
    }

    async fn became(&self) -> (MediaState, Option<MediaReason>) {
        let media = self.media().await;
        (media.state, media.reason)
    }

    fn change(&mut self, change: impl FnOnce(&mut Providers)) {
        let mut providers = (*self.ctx.providers).clone();
        change(&mut providers);
        self.ctx.providers = Arc::new(providers);
    }

    /// Lets days pass on which nothing happens.
    async fn idle(&self, days: i64) {
        self.ctx.clock.advance(TimeDelta::days(days));
        let mut conn = self.conn().await;
        let at = self.now();
        crate::make_partitions(&mut conn, at).await.unwrap();
    }

    async fn contact(&self) -> ContactId {
        sqlx::query_scalar("SELECT id FROM contacts LIMIT 1")
            .fetch_one(&mut *self.conn().await)
            .await
            .unwrap()
    }

    /// A message with one of Kazi's own files.
    async fn own(&self, media: MediaId, contact: ContactId) -> Body {
        let mut work = self.work().await;
        let usable = super::use_for(&mut work, media, contact).await.unwrap();
        work.commit().await.unwrap();
        usable.unwrap().message(None)
    }

    /// Queues a message for a contact.
    async fn queues(&self, body: Body, contact: ContactId, n: u16) {
        let mut work = self.work().await;
        let notice = Notice {
            id: MessageId::derived(contact.uuid(), n),
            contact,
            channel: Some(self.whatsapp),
            body,
            template: TemplateUse {
                name: "none",
                parameters: Vec::new(),
                buttons: Vec::new(),
            },
            cause: Cause::Agent,
            marketing: false,
            at: work.now(),
        };
        messages::notify(&mut work, &notice).await.unwrap();
        work.commit().await.unwrap();
    }

    /// The number of requests that give Meta a file.
    fn uploads(&self) -> usize {
        let sent = self.sent(Service::WhatsApp);
        let uploads = sent.iter().filter(|entry| entry.path.ends_with("/media"));
        uploads.count()
    }

    async fn now_do<J: Job<Context = crate::Context>>(&self, job: J) {
        let mut work = self.work().await;
        job.enqueue(work.conn()).await.unwrap();
        work.commit().await.unwrap();
        self.drain().await;
    }
}

const STORED: (MediaState, Option<MediaReason>) = (MediaState::Stored, None);

fn refused(reason: MediaReason) -> (MediaState, Option<MediaReason>) {
    (MediaState::Refused, Some(reason))
}

fn gone(reason: MediaReason) -> (MediaState, Option<MediaReason>) {
    (MediaState::Gone, Some(reason))
}

#[tokio::test]
async fn a_picture_is_fetched_once_from_either_provider() {
    let shop = Shop::open().await;
    for (n, kind) in [ChannelKind::WhatsApp, ChannelKind::GreenApi]
        .into_iter()
        .enumerate()
    {
        let mut file = picture();
        file.caption = Some("My roof".into());
        shop.sends(kind, file).await;
        shop.drain().await;
        let media = shop.media().await;
        assert_eq!((media.state, media.reason), STORED, "{kind}");
        assert_eq!(media.mime.as_deref(), Some("image/png"));
        assert_eq!(media.bytes, Some(PNG.len() as i64));
        assert_eq!(shop.files(), n + 1);
        // Its message names it, and a copy of the contact's data tells its state.
        let contact = media.contact_id.unwrap();
        let copy = people::personal_data(&mut shop.work().await, contact)
            .await
            .unwrap();
        let named: Vec<_> = copy
            .messages
            .iter()
            .filter_map(|one| one.media.as_ref())
            .collect();
        assert_eq!(named.last().unwrap().id, media.id);
        assert_eq!(named.last().unwrap().state, MediaState::Stored);
        // A second run finds nothing to do.
        let again = Fetch {
            workspace: shop.workspace,
            media: media.id,
        };
        shop.now_do(again).await;
        assert_eq!(shop.files(), n + 1);
    }
    assert!(
        shop.pending()
            .await
            .iter()
            .all(|job| !job.kind.starts_with("media.fetch"))
    );
}

#[tokio::test]
async fn what_is_not_what_it_says_is_refused() {
    let shop = Shop::open().await;
    for kind in [ChannelKind::WhatsApp, ChannelKind::GreenApi] {
        for (of, mime, bytes) in [
            ("image", "image/jpeg", &b"MZ\x90\0\x03\0\0\0"[..]),
            ("image", "image/jpeg", b"<html><script>alert(1)</script>"),
            ("image", "image/jpeg", PNG),
            ("document", "application/pdf", b"MZ\x90\0\x03\0\0\0"),
        ] {
            shop.sends(kind, SentFile::new(of, mime, bytes)).await;
            shop.drain().await;
            let became = shop.became().await;
            assert_eq!(became, refused(MediaReason::Mismatch), "{kind} {mime}");
        }
    }
    // A text with marks of a page deceives nobody who saves it.
    let page = SentFile::new("document", "text/plain", "<html>Hello</html>");
    shop.sends(ChannelKind::WhatsApp, page).await;
    shop.drain().await;
    let media = shop.media().await;
    assert_eq!((media.state, media.reason), STORED);
    assert_eq!(media.mime.as_deref(), Some("application/octet-stream"));
    assert_eq!(shop.files(), 1);
}

#[tokio::test]
async fn what_is_too_large_or_empty_is_refused() {
    let mut shop = Shop::open().await;
    let large = || SentFile::new("sticker", "image/webp", vec![0; 500_001]);
    shop.sends(ChannelKind::WhatsApp, large()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, refused(MediaReason::TooLarge));
    // Meta tells the size before, and Green API does not: there the body is cut.
    shop.change(|providers| providers.media.max_bytes = 500_000);
    shop.sends(ChannelKind::GreenApi, large()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, refused(MediaReason::TooLarge));
    shop.sends(
        ChannelKind::GreenApi,
        SentFile::new("image", "image/png", []),
    )
    .await;
    shop.drain().await;
    assert_eq!(shop.became().await, refused(MediaReason::Empty));
    shop.change(|providers| providers.media.max_bytes = 10);
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, refused(MediaReason::TooLarge));
    assert_eq!(shop.files(), 0);
}

#[tokio::test]
async fn what_the_provider_has_no_more_is_gone() {
    let shop = Shop::open().await;
    for kind in [ChannelKind::WhatsApp, ChannelKind::GreenApi] {
        shop.sends(kind, picture()).await;
        shop.providers.forget_files();
        shop.drain().await;
        assert_eq!(shop.became().await, gone(MediaReason::Expired), "{kind}");
    }
    // Meta knows the file and does not give it: perhaps only for a moment, so a few more attempts are made.
    shop.providers.fault(Fault {
        matches: Some("/media-files/".into()),
        status: Some(404),
        times: Some(FEW_ATTEMPTS),
        ..Fault::on(Service::WhatsApp)
    });
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, (MediaState::Fetching, None));
    for _ in 1..FEW_ATTEMPTS {
        shop.after(HOURS).await;
    }
    assert_eq!(shop.became().await, gone(MediaReason::Expired));
    // The address in the webhook has expired: Green API makes a new one.
    shop.sends(ChannelKind::GreenApi, picture()).await;
    shop.providers.expire_addresses();
    shop.drain().await;
    assert_eq!(shop.became().await, STORED);
}

#[tokio::test]
async fn a_provider_that_is_away_is_asked_again_until_it_is_too_late() {
    let shop = Shop::open().await;
    let away = |times| Fault {
        matches: Some("/v24.0/77".into()),
        status: Some(500),
        times,
        ..Fault::on(Service::WhatsApp)
    };
    shop.providers.fault(away(Some(3)));
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, (MediaState::Fetching, None));
    for _ in 0..3 {
        shop.after(HOURS).await;
    }
    assert_eq!(shop.became().await, STORED);

    shop.providers.fault(away(None));
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    for _ in 1..ATTEMPTS {
        shop.after(HOURS).await;
        assert_eq!(shop.became().await.0, MediaState::Fetching);
    }
    shop.after(HOURS).await;
    assert_eq!(shop.became().await, refused(MediaReason::Unreachable));
    assert_eq!(shop.files(), 1);
}

#[tokio::test]
async fn a_foreign_address_is_not_called_and_a_damaged_file_not_kept() {
    let shop = Shop::open().await;
    let there = shop.phone(ChannelKind::GreenApi).file_message(picture());
    let url = there["fileMessageData"]["downloadUrl"].clone();
    for (url, wrong) in [
        (json!("http://169.254.169.254/latest"), MediaReason::Address),
        (json!("http://127.0.0.1:1/x"), MediaReason::Address),
        (json!("https://example.com/x"), MediaReason::Address),
        (json!("http://lookaside.fbsbx.com/x"), MediaReason::Address),
        (url, MediaReason::Damaged),
    ] {
        shop.providers.clear_faults();
        let body = json!({"url": url, "mime_type": "image/png", "sha256": "0".repeat(64)});
        shop.providers.fault(Fault {
            matches: Some("/v24.0/77".into()),
            body: Some(body),
            ..Fault::on(Service::WhatsApp)
        });
        let message = json!({"type": "image", "image": {"id": "7712", "mime_type": "image/png"}});
        shop.brings(ChannelKind::WhatsApp, message).await;
        for _ in 0..FEW_ATTEMPTS {
            shop.after(HOURS).await;
        }
        assert_eq!(shop.became().await, refused(wrong));
    }
    assert_eq!(shop.files(), 0);
}

#[tokio::test]
async fn a_run_that_died_between_the_file_and_the_row_leaves_nothing() {
    let shop = Shop::open().await;
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    // The customer's message is stored, and its file waits.
    shop.providers.fault(Fault {
        matches: Some("/v24.0/77".into()),
        status: Some(500),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    shop.drain().await;
    let id = shop.media().await.id;
    // A run begins, writes its file, and dies.
    let key = new_key(shop.workspace);
    let mut work = shop.work().await;
    store::begin(&mut work, id, &key).await.unwrap().unwrap();
    work.commit().await.unwrap();
    let bytes = futures_util::stream::iter([Ok::<_, String>(PNG.into())]);
    let written = shop.ctx.files().write(&key, 1_000, bytes).await.unwrap();
    assert_eq!(shop.files(), 1);
    // The next run fetches it again.
    shop.after(HOURS).await;
    assert_eq!(shop.became().await, STORED);
    assert_eq!(shop.files(), 1);
    // The first one was only slow: its row is another's now.
    let mut work = shop.work().await;
    assert!(
        !store::fetched(&mut work, (id, &key), STORED, "image/png", &written)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn the_sweep_deletes_what_has_no_row_and_is_old() {
    let shop = Shop::open().await;
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    let bytes = || futures_util::stream::iter([Ok::<_, String>(PNG.into())]);
    for key in [new_key(shop.workspace), "of/another".to_owned()] {
        shop.ctx.files().write(&key, 1_000, bytes()).await.unwrap();
    }
    shop.now_do(Sweep {}).await;
    assert_eq!(shop.files(), 3, "all are young");
    shop.ctx.clock.advance(TimeDelta::days(2));
    shop.now_do(Sweep {}).await;
    assert_eq!(shop.files(), 2);
    assert!(shop.ctx.files().read("of/another", None).await.is_ok());
}

#[tokio::test]
async fn files_are_kept_as_long_as_the_workspace_and_the_operator_say() {
    let mut shop = Shop::open().await;
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    shop.idle(31).await;
    shop.now_do(Purge {}).await;
    assert_eq!(shop.became().await, STORED, "for good");
    shop.change(|providers| providers.media.keep_days = 40);
    shop.now_do(Purge {}).await;
    assert_eq!(shop.became().await, STORED, "not old enough");
    let keep_for = async |days: i32| {
        sqlx::query("UPDATE workspaces SET settings = jsonb_build_object('media_keep_days', $1)")
            .bind(days)
            .execute(&mut *shop.conn().await)
            .await
            .unwrap();
    };
    keep_for(30).await;
    shop.now_do(Purge {}).await;
    assert_eq!(shop.became().await, gone(MediaReason::Retention));
    assert_eq!(shop.files(), 0);
    // A workspace cannot keep what the operator does not.
    keep_for(365).await;
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    shop.idle(41).await;
    shop.now_do(Purge {}).await;
    assert_eq!(shop.became().await, gone(MediaReason::Retention));
}

#[tokio::test]
async fn the_file_of_a_post_stays_until_no_post_shows_it() {
    let mut shop = Shop::open().await;
    shop.change(|providers| providers.media.keep_days = 30);
    let file = shop.upload("image/png", PNG).await;
    let mut posts = Vec::new();
    for _ in 0..2 {
        let media = json!([{"media_id": file.to_string()}]);
        let new = serde_json::from_value(json!({"text": "Tea", "media": media})).unwrap();
        let mut work = shop.work().await;
        posts.push(social::create_content(&mut work, new).await.unwrap());
        work.commit().await.unwrap();
    }
    shop.idle(31).await;
    for (post, left) in posts.into_iter().zip([1, 0]) {
        shop.now_do(Purge {}).await;
        assert_eq!(shop.files(), 1, "a post shows it");
        let mut work = shop.work().await;
        let post = social::lock_content(&mut work, post.id).await.unwrap();
        social::delete_content(&mut work, &post).await.unwrap();
        work.commit().await.unwrap();
        shop.now_do(Purge {}).await;
        assert_eq!(shop.files(), left);
    }
}

#[tokio::test]
async fn a_published_file_stays_until_its_address_ends() {
    let mut shop = Shop::open().await;
    shop.change(|providers| providers.media.keep_days = 30);
    let file = shop.upload("image/png", PNG).await;
    let mut work = shop.work().await;
    super::publish(&mut work, file).await.unwrap();
    work.commit().await.unwrap();
    for (days, left) in [(super::PUBLISHED_DAYS - 1, 1), (2, 0)] {
        shop.idle(days).await;
        shop.now_do(Purge {}).await;
        assert_eq!(shop.files(), left);
    }
}

#[tokio::test]
async fn an_erasure_removes_the_files_of_the_contact_alone() {
    let shop = Shop::open().await;
    let erase = async |contact: ContactId| {
        let mut work = shop.work().await;
        people::erase(&mut work, contact).await.unwrap();
        work.commit().await.unwrap();
        shop.drain().await;
    };
    let mut named = picture();
    named.name = Some("secret.png".into());
    shop.sends(ChannelKind::WhatsApp, named).await;
    shop.drain().await;
    let stored = shop.media().await;
    erase(stored.contact_id.unwrap()).await;
    assert_eq!(shop.became().await, gone(MediaReason::Erased));
    let media = shop.media().await;
    assert!(media.name.is_none() && media.sha256.is_none());
    assert_eq!(shop.files(), 0);
    // Erased while the file is on its way.
    shop.providers.fault(Fault {
        matches: Some("/v24.0/77".into()),
        status: Some(500),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    let media = shop.media().await;
    assert_eq!(media.state, MediaState::Fetching);
    erase(media.contact_id.unwrap()).await;
    shop.after(HOURS).await;
    assert_eq!(shop.became().await, gone(MediaReason::Erased));
    assert_eq!(shop.files(), 0);
}

#[tokio::test]
async fn a_deleted_workspace_takes_its_files_with_it() {
    let shop = Shop::open().await;
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    let mut work = shop.work().await;
    let now = work.now();
    workspaces::set_deleted(&mut work, Some(now)).await.unwrap();
    work.commit().await.unwrap();
    shop.ctx.clock.advance(TimeDelta::days(31));
    shop.now_do(closing::PurgeDeleted {}).await;
    assert_eq!(shop.files(), 0);
}

/// A scanner that gives these answers, one for each file.
async fn scanner(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        for answer in answers {
            let (mut caller, _) = listener.accept().await.unwrap();
            let mut command = [0; 10];
            caller.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut file = Vec::new();
            loop {
                let length = caller.read_u32().await.unwrap() as usize;
                if length == 0 {
                    break;
                }
                let start = file.len();
                file.resize(start + length, 0);
                caller.read_exact(&mut file[start..]).await.unwrap();
            }
            assert_eq!(file, PNG);
            caller.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn a_file_is_given_only_when_the_scanner_calls_it_clean() {
    let mut shop = Shop::open().await;
    shop.member(crate::Role::Agent).await;
    let address = scanner(&["stream: OK\0", "stream: Eicar FOUND\0"]).await;
    shop.change(|providers| providers.media.scanner = Some(address));
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, STORED);
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    let infected = (MediaState::Quarantined, Some(MediaReason::Infected));
    assert_eq!(shop.became().await, infected);
    let quarantined = shop.media().await.id;
    let linked = super::linkable(&mut shop.work().await, quarantined).await;
    assert!(matches!(linked, Err(MediaError::NotHere("infected"))));
    let given = super::of_link(&shop.ctx, quarantined).await.unwrap();
    assert!(given.is_none(), "no link leads to it");
    let told: Vec<String> = sqlx::query_scalar("SELECT title FROM notifications")
        .fetch_all(&mut *shop.conn().await)
        .await
        .unwrap();
    assert!(told.iter().any(|title| title.contains("Eicar")), "{told:?}");
    // Nobody listens any more.
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    shop.drain().await;
    assert_eq!(shop.became().await, (MediaState::Fetching, None));
    assert_eq!(shop.files(), 2, "the clean one and the quarantined one");
    let address = scanner(&["stream: OK\0"]).await;
    shop.change(|providers| providers.media.scanner = Some(address));
    shop.after(HOURS).await;
    assert_eq!(shop.became().await, STORED);
    // A scanner that never says anything for good: nobody gets the file.
    shop.sends(ChannelKind::WhatsApp, picture()).await;
    for _ in 0..ATTEMPTS {
        shop.after(HOURS).await;
    }
    assert_eq!(shop.became().await, refused(MediaReason::Unscanned));
    assert_eq!(shop.files(), 3);
}

#[tokio::test]
async fn a_members_file_is_kept_only_when_the_scanner_calls_it_clean() {
    let mut shop = Shop::open().await;
    let address = scanner(&["stream: Eicar FOUND\0"]).await;
    shop.change(|providers| providers.media.scanner = Some(address));
    let upload = async |shop: &Shop| {
        let bytes = futures_util::stream::iter([Ok::<_, String>(PNG.into())]);
        let new = super::NewUpload {
            mime: "image/png".into(),
            name: None,
        };
        super::upload(&shop.ctx, shop.workspace, new, bytes).await
    };
    let infected = upload(&shop).await.unwrap_err();
    assert!(matches!(infected, MediaError::Infected));
    // Nobody listens any more.
    let unscanned = upload(&shop).await.unwrap_err();
    assert!(matches!(unscanned, MediaError::Unavailable(_)));
    assert_eq!(shop.files(), 0);
}

#[tokio::test]
async fn a_file_that_meta_has_forgotten_is_given_again_and_a_deleted_one_is_not_sent() {
    let shop = Shop::open().await;
    shop.hear("wamid.1", "Hello").await;
    shop.drain().await;
    let media = shop.upload("image/png", PNG).await;
    let contact = shop.contact().await;
    let shown = || {
        let lines = shop.phone(ChannelKind::WhatsApp).transcript();
        lines
            .iter()
            .filter(|line| line.file.is_some() && line.direction == "in")
            .count()
    };
    for (n, times) in [(1, 1), (2, 1)] {
        shop.queues(shop.own(media, contact).await, contact, n)
            .await;
        shop.drain().await;
        assert_eq!((shop.uploads(), shown()), (times, n as usize));
    }
    shop.providers.forget_files();
    shop.queues(shop.own(media, contact).await, contact, 3)
        .await;
    shop.drain().await;
    assert_eq!(shop.uploads(), 2, "Meta had forgotten it");
    // Meta keeps it for 30 days.
    sqlx::query("UPDATE media_uploads SET uploaded_at = uploaded_at - interval '30 days'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.queues(shop.own(media, contact).await, contact, 4)
        .await;
    shop.drain().await;
    assert_eq!(shop.uploads(), 3);
    // It went to one customer, so it is about them.
    shop.queues(shop.own(media, contact).await, contact, 5)
        .await;
    let mut work = shop.work().await;
    people::erase(&mut work, contact).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!((shop.uploads(), shown()), (3, 4));
    assert_eq!(shop.became().await, gone(MediaReason::Erased));
    assert_eq!(shop.files(), 0);
}

#[tokio::test]
async fn a_file_that_meta_does_not_take_is_given_once_in_each_run() {
    let shop = Shop::open().await;
    shop.hear("wamid.1", "Hello").await;
    shop.drain().await;
    let (media, contact) = (shop.upload("image/png", PNG).await, shop.contact().await);
    shop.providers.fault(Fault {
        matches: Some("/media".into()),
        status: Some(500),
        times: Some(2),
        ..Fault::on(Service::WhatsApp)
    });
    let before = shop.sent(Service::WhatsApp).len();
    shop.queues(shop.own(media, contact).await, contact, 1)
        .await;
    shop.drain().await;
    assert_eq!(shop.uploads(), 1);
    assert_eq!(shop.sent(Service::WhatsApp).len(), before + 1);
    // The message waits, although it was announced: its request has surely not left.
    let status = async || -> String {
        sqlx::query_scalar("SELECT status FROM messages ORDER BY id = $1 DESC LIMIT 1")
            .bind(MessageId::derived(contact.uuid(), 1).uuid())
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap()
    };
    assert_eq!(status().await, "queued");
    shop.after(HOURS).await;
    assert_eq!((shop.uploads(), status().await.as_str()), (2, "queued"));
    shop.after(HOURS).await;
    assert_eq!((shop.uploads(), status().await.as_str()), (3, "accepted"));
}

#[tokio::test]
async fn only_own_files_are_read_before_they_are_announced() {
    let shop = Shop::open().await;
    shop.hear("wamid.1", "Hello").await;
    shop.drain().await;
    let (media, contact) = (shop.upload("image/png", PNG).await, shop.contact().await);
    let own = shop.own(media, contact).await;
    let linked = Body::File {
        file: FileKind::Document,
        link: Some("https://files.example/a.pdf".into()),
        media: None,
        uploaded: None,
        caption: None,
        name: None,
    };
    for (n, body, is_read) in [(1, own, true), (2, linked, false)] {
        shop.queues(body, contact, n).await;
        let channel: Option<String> = sqlx::query_scalar(
            "SELECT payload ->> 'channel' FROM queue.jobs WHERE payload ->> 'message' = $1",
        )
        .bind(MessageId::derived(contact.uuid(), n).to_string())
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
        assert_eq!(channel.is_none(), is_read);
    }
}
