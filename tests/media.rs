//! Files of messages over HTTP: from the phone to the signed link, and back.

use kazi_jobs::Role;
use kazi_simulators::{Fault, Line, Phone, SentFile, Service};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid, invalid_by, ok, refused},
    support::{App, INSTANCE, LONG, business},
};

const MEDIA: &str = "/api/v1/media";
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const PDF: &[u8] = b"%PDF-1.7\n";
const VOICE: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";

fn told<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn green(app: &App) -> Phone {
    let (phone, service) = ("201001234567", Service::GreenApi);
    app.providers.phone(phone, service, INSTANCE)
}

/// The path and the query of a link.
pub fn way(link: &Value) -> String {
    let (_, path) = text(&link["url"]).split_once("/media/").unwrap();
    format!("/media/{path}")
}

/// A part of a form: its field, the name and the type of its file, and its bytes.
type Part<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a [u8]);

impl Caller<'_> {
    /// A form with a file, whose type and name stand in its part.
    pub fn upload(&self, mime: &str, name: Option<&str>, bytes: &[u8]) -> RequestBuilder {
        self.form(&[("file", name, Some(mime), bytes)])
    }

    fn form(&self, parts: &[Part<'_>]) -> RequestBuilder {
        let mut body = Vec::new();
        for (field, name, mime, bytes) in parts {
            let name = name.map_or(String::new(), |name| format!("; filename=\"{name}\""));
            let mime = mime.map_or(String::new(), |mime| format!("Content-Type: {mime}\r\n"));
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"{field}\"{name}\r\n{mime}\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        self.call(Method::POST, MEDIA)
            .header("content-type", "multipart/form-data; boundary=b")
            .body(body)
    }

    /// The newest message with a file in this state, in the only conversation.
    async fn message_with(&self, state: &str) -> Value {
        let found = async {
            loop {
                let chats = self.show("/api/v1/conversations").await;
                let Some(id) = chats["items"][0]["id"].as_str() else {
                    continue;
                };
                let path = format!("/api/v1/conversations/{id}/messages");
                let all = self.show(&path).await;
                let mut all = all["items"].as_array().unwrap().iter();
                if let Some(one) = all.find(|one| one["media"]["state"] == state) {
                    return one.clone();
                }
            }
        };
        tokio::time::timeout(LONG, found).await.expect("the file")
    }
}

#[tokio::test]
async fn an_uploaded_file_gets_an_address_for_many_phones_and_a_customers_file_gets_none() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let uploaded = answered(me.upload("image/png", Some("tea.png"), PNG), 201).await;
    let publish = |id: &Value| me.call(Method::POST, &format!("{MEDIA}/{}/publish", text(id)));
    let published = ok(publish(&uploaded["id"])).await;
    let given = app.http.get(app.url(&way(&published))).send().await;
    assert_eq!(given.unwrap().bytes().await.unwrap(), PNG);
    let ends: chrono::DateTime<chrono::Utc> = text(&published["expires_at"]).parse().unwrap();
    assert_eq!((ends - chrono::Utc::now()).num_days(), 399);

    let sent = SentFile::new("image", "image/png", PNG);
    app.phone("254712345678").send_file(sent).await;
    let message = me.message_with("stored").await;
    refused(publish(&message["media"]["id"]), 409, "wrong_state").await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    let path = format!("{MEDIA}/{}/publish", text(&uploaded["id"]));
    refused(viewer.call(Method::POST, &path), 403, "forbidden").await;
}

#[tokio::test]
async fn a_customers_files_come_by_signed_links() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let mut sent = SentFile::new("image", "image/png", PNG);
    sent.caption = Some("My roof".into());
    app.phone("254712345678").send_file(sent).await;
    let message = me.message_with("stored").await;
    assert_eq!(message["text"], "My roof");
    let media = &message["media"];
    assert_eq!(
        (text(&media["kind"]), text(&media["mime"])),
        ("image", "image/png")
    );
    assert_eq!(media["bytes"], PNG.len());
    let path = format!("{MEDIA}/{}", text(&media["id"]));
    let linked = ok(me.call(Method::POST, &format!("{path}/link"))).await;
    for link in [way(&media["link"]), way(&linked)] {
        let given = app.http.get(app.url(&link)).send().await.unwrap();
        assert_eq!(given.status(), 200);
        assert_eq!(told(&given, "content-type"), "image/png");
        assert_eq!(told(&given, "content-disposition"), "inline");
        assert_eq!(told(&given, "x-content-type-options"), "nosniff");
        assert!(told(&given, "content-security-policy").contains("sandbox"));
        assert_eq!(given.bytes().await.unwrap(), PNG);
    }
    let link = way(&linked);
    let part = app.http.get(app.url(&link)).header("range", "bytes=1-3");
    let part = part.send().await.unwrap();
    assert_eq!(part.status(), 206);
    let range = format!("bytes 1-3/{}", PNG.len());
    assert_eq!(told(&part, "content-range"), range);
    assert_eq!(part.bytes().await.unwrap(), "PNG");
    let beyond = app.http.get(app.url(&link)).header("range", "bytes=900-");
    assert_eq!(beyond.send().await.unwrap().status(), 416);

    // Nobody makes a link by hand, and a link is for one file and some minutes.
    let (place, query) = link.split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let at: i64 = expires.strip_prefix("expires=").unwrap().parse().unwrap();
    for bad in [
        place.to_owned(),
        format!("{place}?expires={}&{signature}", at + 1),
        format!("{place}?expires=1&{signature}"),
        format!("{place}?{expires}&signature=00"),
        format!("{place}?{query}0"),
        format!("/media/med_0190a5b2c3d47e5f860718293a4b5c6d?{query}"),
    ] {
        let status = app.http.get(app.url(&bad)).send().await.unwrap().status();
        assert_eq!(status, 403, "{bad}");
    }

    // Another workspace has no such file.
    let theirs = business(app.db(), "Other").await;
    let them = Caller::new(&app, theirs, Role::Owner).await;
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::POST, format!("{path}/link")),
        (Method::DELETE, path.clone()),
    ] {
        answered(them.call(method, &path), 404).await;
    }
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    viewer.show(&path).await;
    answered(viewer.delete(&path), 403).await;

    // Deleted: the link leads nowhere, and nobody gets a new one.
    answered(me.delete(&path), 204).await;
    let status = app.http.get(app.url(&link)).send().await.unwrap().status();
    assert_eq!(status, 404);
    refused(
        me.call(Method::POST, &format!("{path}/link")),
        409,
        "wrong_state",
    )
    .await;
    let media = me.show(&path).await;
    assert_eq!(
        (text(&media["state"]), text(&media["reason"])),
        ("gone", "deleted")
    );
    let message = me.message_with("gone").await;
    assert!(message["media"]["link"].is_null());
}

#[tokio::test]
async fn a_voice_note_of_green_api_comes_whole_and_a_disguised_page_is_refused() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    // The provider fails in the middle: the job tries again.
    app.providers.fault(Fault {
        matches: Some("/greenapi/files/".into()),
        status: Some(500),
        times: Some(1),
        ..Fault::on(Service::GreenApi)
    });
    let voice = SentFile::new("audio", "audio/ogg; codecs=opus", VOICE);
    green(&app).send_file(voice).await;
    let media = &me.message_with("stored").await["media"];
    assert_eq!(
        (text(&media["kind"]), text(&media["mime"])),
        ("audio", "audio/ogg")
    );
    let given = app.http.get(app.url(&way(&media["link"]))).send().await;
    assert_eq!(given.unwrap().bytes().await.unwrap(), VOICE);

    let page = "<html><script>alert(1)</script>";
    let page = SentFile::new("image", "image/jpeg", page);
    green(&app).send_file(page).await;
    let media = &me.message_with("refused").await["media"];
    assert_eq!(media["reason"], "mismatch");
    assert!(media["link"].is_null());
    let path = format!("{MEDIA}/{}/link", text(&media["id"]));
    refused(me.call(Method::POST, &path), 409, "wrong_state").await;
}

#[tokio::test]
async fn a_member_stores_a_file() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let name = Some("Résumé 1.pdf");
    let media = answered(me.upload("application/pdf", name, PDF), 201).await;
    assert_eq!(
        (text(&media["kind"]), text(&media["state"])),
        ("document", "stored")
    );
    let path = format!("{MEDIA}/{}/link", text(&media["id"]));
    let link = ok(me.call(Method::POST, &path)).await;
    let given = app.http.get(app.url(&way(&link))).send().await.unwrap();
    let disposition = "inline; filename*=UTF-8''R%C3%A9sum%C3%A9%201.pdf";
    assert_eq!(told(&given, "content-disposition"), disposition);
    assert_eq!(given.bytes().await.unwrap(), PDF);

    let contact = me.contact("+254712345678").await;
    let about = |contact: &str| {
        let file = ("file", Some("a.pdf"), Some("application/pdf"), PDF);
        me.form(&[("contact_id", None, None, contact.as_bytes()), file])
    };
    let media = answered(about(&contact), 201).await;
    assert_eq!(media["contact_id"], contact);
    for stranger in ["ctc_0190a5b2c3d47e5f860718293a4b5c6d", "7"] {
        invalid(about(stranger), "/contact_id").await;
    }
    invalid_by(me.upload("image/png", None, PDF), "/file", "wrong_type").await;
    invalid_by(me.upload("image/png", None, b""), "/file", "empty").await;
    invalid(me.form(&[("file", None, None, PDF)]), "/file").await;
    invalid(me.form(&[]), "/file").await;
    let large = vec![0; 500_001];
    refused(me.upload("image/webp", None, &large), 413, "body_too_large").await;
    let plain = me.post(MEDIA, &json!({}));
    refused(plain, 415, "unsupported_media_type").await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    answered(viewer.upload("application/pdf", None, PDF), 403).await;
    assert_eq!(app.count("SELECT count(*) FROM media").await, 2);
}

#[tokio::test]
async fn a_member_sends_a_file_which_meta_gets_once() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let phones = [app.phone("254712345678"), green(&app)];
    for phone in &phones {
        phone.say("Hello").await;
        let heard = |lines: &[Line]| lines.iter().any(|line| line.direction == "in");
        phone.wait_for(LONG, heard).await.expect("the bot's answer");
    }
    let all = me.show("/api/v1/conversations").await;
    let chats = all["items"].as_array().unwrap().iter();
    let chats: Vec<&str> = chats.map(|one| text(&one["id"])).collect();
    assert_eq!(chats.len(), 2);
    let media = ok(me.upload("image/png", Some("roof.png"), PNG)).await;
    let send = |chat: &str, media: Value| {
        let path = format!("/api/v1/conversations/{chat}/messages");
        me.post(&path, &json!({"media": media}))
    };
    for chat in &chats {
        for caption in ["Your roof", "Once more"] {
            let picture = json!({"id": media["id"], "caption": caption});
            let sent = answered(send(chat, picture), 201).await;
            assert_eq!(
                (text(&sent["kind"]), text(&sent["text"])),
                ("image", caption)
            );
            assert_eq!(sent["media"]["id"], media["id"]);
            assert_eq!(sent["media"]["state"], "stored");
            assert!(sent["media"]["link"]["url"].is_string());
        }
    }
    for phone in &phones {
        let got = |lines: &[Line]| lines.iter().filter(|line| line.file.is_some()).count() == 2;
        let lines = phone.wait_for(LONG, got).await.expect("both pictures");
        let line = lines.iter().find(|line| line.file.is_some()).unwrap();
        assert_eq!(
            (line.kind.as_str(), line.text.as_str()),
            ("image", "Your roof")
        );
        let url = &line.file.as_ref().unwrap().url;
        let given = app.http.get(url).send().await.unwrap();
        assert_eq!(given.bytes().await.unwrap(), PNG);
    }
    let ledger = app.providers.ledger(Service::WhatsApp);
    let uploads = ledger.iter().filter(|one| one.path.ends_with("/media"));
    assert_eq!(uploads.count(), 1);

    let voice = ok(me.upload("audio/ogg", None, VOICE)).await;
    let (id, gone) = (&media["id"], "med_0190a5b2c3d47e5f860718293a4b5c6d");
    for (body, pointer) in [
        (
            json!({"id": voice["id"], "caption": "Listen"}),
            "/media/caption",
        ),
        (
            json!({"id": id, "caption": "x".repeat(1_025)}),
            "/media/caption",
        ),
        (json!({"id": gone}), "/media/id"),
        (json!({"id": id, "kind": "image"}), "/media/kind"),
        (json!({"id": id, "file_name": "x"}), "/media/file_name"),
        (
            json!({"id": id, "link": "https://files.example/a"}),
            "/media/link",
        ),
    ] {
        invalid(send(chats[0], body), pointer).await;
    }
    // Meta takes no archives, and Green API does.
    let zip = ok(me.upload("application/zip", Some("a.zip"), b"PK\x03\x04\x14\0")).await;
    let mut refusals = 0;
    for chat in &chats {
        let sent = send(chat, json!({"id": zip["id"]})).send().await.unwrap();
        refusals += usize::from(sent.status() == 422);
    }
    assert_eq!(refusals, 1);
    let theirs = business(app.db(), "Other").await;
    let them = Caller::new(&app, theirs, Role::Owner).await;
    let foreign = ok(them.upload("image/png", None, PNG)).await;
    let other = send(chats[0], json!({"id": foreign["id"]}));
    invalid_by(other, "/media/id", "unknown").await;
}
