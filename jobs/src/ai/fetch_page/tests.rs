use std::time::Duration;

use kazi_platform::egress::client_of_this_machine;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    ai::{self, Document, DocumentState, NewPage, Verdict, page::Web, store::documents as store},
    testing::Shop,
};

/// How long a page may take here.
const PATIENCE: Duration = Duration::from_millis(500);

/// Serves each connection one answer after another, and then the last one again. Returns the address.
async fn server(ip: &str, answers: Vec<String>) -> String {
    let listener = TcpListener::bind((ip, 0)).await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = &answers[number.min(answers.len() - 1)];
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
            number += 1;
        }
    });
    address
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn html(body: &str) -> String {
    answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", body)
}

/// Takes connections and never answers. Returns the address.
async fn silent() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.push(stream);
        }
    });
    address
}

/// A document of a page. Tests serve pages on this machine, which no user may name.
async fn page(shop: &Shop, address: &str) -> Document {
    let mut work = shop.work().await;
    let new = NewPage {
        title: "Delivery".into(),
        language: "en".into(),
        address: "https://example.com/".into(),
    };
    let made = ai::create_page(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    lead_to(shop, &made, address).await;
    made
}

/// Gives the document of a page another address.
async fn lead_to(shop: &Shop, made: &Document, address: &str) {
    sqlx::query("UPDATE knowledge_documents SET address = $1 WHERE id = $2")
        .bind(address)
        .bind(made.id.uuid())
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
}

/// A shop whose jobs may call this machine: 127.0.0.1 plays the internet there, and 127.0.0.2 a private network.
async fn shop() -> Shop {
    let mut shop = Shop::open().await;
    let client = client_of_this_machine(PATIENCE).unwrap();
    shop.ctx = shop.ctx.with(Web::of(client));
    shop
}

/// Lets all attempts pass.
async fn patience(shop: &Shop) {
    for _ in 0..8 {
        shop.after(Duration::from_secs(3_600)).await;
    }
}

async fn now(shop: &Shop, made: &Document) -> Document {
    let mut work = shop.work().await;
    store::document(&mut work, made.id).await.unwrap()
}

async fn verdict(shop: &Shop, question: &str) -> Verdict {
    let mut work = shop.work().await;
    let found = ai::retrieve(&mut work, "en", "en", question, None, 10_000).await;
    found.unwrap().verdict
}

#[tokio::test]
async fn a_page_becomes_passages_and_a_newer_one_replaces_them() {
    let shop = shop().await;
    let first =
        "<h1>Delivery</h1><p>Parcels travel by zeppelin.</p><script>hippopotamus()</script>";
    let second = "<h1>Delivery</h1><p>Parcels travel by submarine.</p>";
    let busy = answer("503 Service Unavailable", "", "");
    let address = server("127.0.0.1", vec![html(first), busy, html(second)]).await;
    let made = page(&shop, &address).await;
    assert_eq!((made.state, made.pieces), (DocumentState::Fetching, 0));
    shop.drain().await;
    let read = now(&shop, &made).await;
    assert_eq!((read.state, read.pieces), (DocumentState::Ready, 1));
    assert!(read.fetched_at.is_some() && read.address.as_deref() == Some(address.as_str()));
    assert!(read.version > made.version);
    assert_eq!(verdict(&shop, "zeppelin").await, Verdict::Known);
    assert_eq!(verdict(&shop, "hippopotamus").await, Verdict::Unknown);

    let mut work = shop.work().await;
    let asked = ai::fetch_again(&mut work, &read).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(asked.state, DocumentState::Fetching);
    // The page is busy: what was read before stays, and the job tries again.
    shop.drain().await;
    assert_eq!(verdict(&shop, "zeppelin").await, Verdict::Known);
    patience(&shop).await;
    let read = now(&shop, &made).await;
    assert_eq!((read.state, read.pieces), (DocumentState::Ready, 1));
    assert_eq!(verdict(&shop, "zeppelin").await, Verdict::Unknown);
    assert_eq!(verdict(&shop, "submarine").await, Verdict::Known);
}

#[tokio::test]
async fn a_page_that_cannot_be_read_says_why() {
    let shop = shop().await;
    let private = server("127.0.0.2", vec![html("<p>secret</p>")]).await;
    let to = |location: &str| answer("302 Found", &format!("Location: {location}\r\n"), "");
    let large = html(&"x".repeat(2 * 1024 * 1024 + 1));
    for (answers, reason) in [
        (
            vec![to(&private)],
            "which must be on a public host of the internet",
        ),
        (
            vec![to("http://user:word@127.0.0.1/")],
            "must not contain a user name",
        ),
        (vec![answer("404 Not Found", "", "no")], "status 404"),
        (
            vec![answer("500 Internal Server Error", "", "no")],
            "status 500",
        ),
        (
            vec![answer(
                "200 OK",
                "Content-Type: application/pdf\r\n",
                "%PDF",
            )],
            "must be text/html or text/plain",
        ),
        (
            vec![answer("200 OK", "", "no type")],
            "must be text/html or text/plain",
        ),
        (vec![large], "must have at most 2097152 bytes"),
        (vec![html("<script>only()</script>")], "has no text"),
        (vec![String::new()], "could not be called"),
    ] {
        let address = server("127.0.0.1", answers).await;
        let made = page(&shop, &address).await;
        patience(&shop).await;
        let read = now(&shop, &made).await;
        assert_eq!(
            (read.state, read.pieces),
            (DocumentState::Failed, 0),
            "{reason}"
        );
        let failure = read.failure.unwrap();
        assert!(failure.contains(reason), "{failure}");
        assert!(!failure.contains("::"), "{failure}");
        assert!(shop.pending().await.is_empty(), "{reason}");
        let mut work = shop.work().await;
        ai::delete_document(&mut work, &now(&shop, &made).await)
            .await
            .unwrap();
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_page_that_never_answers_is_given_up_and_its_text_stays() {
    let shop = shop().await;
    let page_before = server(
        "127.0.0.1",
        vec![html("<p>Parcels travel by zeppelin.</p>")],
    )
    .await;
    let made = page(&shop, &page_before).await;
    shop.drain().await;
    let mut work = shop.work().await;
    let read = store::document(&mut work, made.id).await.unwrap();
    ai::fetch_again(&mut work, &read).await.unwrap();
    work.commit().await.unwrap();
    lead_to(&shop, &made, &silent().await).await;
    patience(&shop).await;
    let read = now(&shop, &made).await;
    assert_eq!((read.state, read.pieces), (DocumentState::Failed, 1));
    let failure = read.failure.unwrap();
    assert!(failure.contains("did not answer in time"), "{failure}");
    assert_eq!(verdict(&shop, "zeppelin").await, Verdict::Known);
    assert!(shop.pending().await.is_empty());
}

#[tokio::test]
async fn a_plain_text_is_read_and_a_document_that_is_gone_is_no_failure() {
    let shop = shop().await;
    let plain = answer(
        "200 OK",
        "Content-Type: text/plain\r\n",
        "# Parcels travel by\nzeppelin.",
    );
    let address = server("127.0.0.1", vec![plain]).await;
    let made = page(&shop, &address).await;
    shop.drain().await;
    assert_eq!(verdict(&shop, "zeppelin").await, Verdict::Known);
    let mut work = shop.work().await;
    let read = store::document(&mut work, made.id).await.unwrap();
    ai::fetch_again(&mut work, &read).await.unwrap();
    ai::delete_document(&mut work, &read).await.unwrap();
    work.commit().await.unwrap();
    patience(&shop).await;
    assert!(shop.pending().await.is_empty());
    assert_eq!(verdict(&shop, "zeppelin").await, Verdict::Unknown);
}
