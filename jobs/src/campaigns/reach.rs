//! Calls the addresses of a campaign before it is sent: the targets of its tracked links, and the files of its header and
//! its cards. A member wrote them, so only the guarded client calls them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::future::join_all;
use kazi_platform::egress::{GuardedClient, guarded_client};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Content, HeaderSource, Parameter};
use crate::{Context, context::Shared};

const PATIENCE: Duration = Duration::from_secs(5);

/// What an address of a campaign answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignLink)]
pub struct LinkCheck {
    #[schema(example = "https://shop.example/spring")]
    pub url: String,
    /// It answered with a page or a file.
    pub works: bool,
    /// The status of the answer, after redirects. `null`: it did not answer.
    #[schema(example = 404)]
    pub status: Option<u16>,
    /// Why it does not work, for people.
    pub problem: Option<String>,
}

/// The client of links.
#[derive(Clone)]
struct Caller(Arc<Result<GuardedClient, String>>);

impl Shared for Caller {
    fn start(_: &Context) -> Self {
        Self(Arc::new(
            guarded_client().map_err(|error| error.to_string()),
        ))
    }
}

/// Calls each address of some contents once, all at the same time: there are at most 73 in each of at most 5. Hold no
/// transaction meanwhile.
pub async fn check_links(ctx: &Context, contents: &[&Content]) -> Vec<LinkCheck> {
    let caller: Caller = ctx.shared();
    let mut calls = Vec::new();
    // Kazi serves the published files itself.
    let ours = format!("{}/media/", ctx.providers.public_url);
    let all = contents.iter().flat_map(|content| addresses(content));
    let all = all.filter(|url| !url.starts_with(&ours));
    for url in all.collect::<BTreeSet<String>>() {
        calls.push(caller.call(url));
    }
    join_all(calls).await
}

fn addresses(content: &Content) -> BTreeSet<String> {
    let links = content
        .sources()
        .into_iter()
        .filter_map(|source| match source {
            Parameter::Link { url } => Some(url.clone()),
            _ => None,
        });
    let (header, cards) = match content {
        Content::Template { header, cards, .. } => (header.as_ref(), cards.as_slice()),
        Content::Text { .. } => (None, &[][..]),
    };
    let file = header.and_then(|header| match header {
        HeaderSource::Link(url) => Some(url),
        _ => None,
    });
    let files = file.into_iter().chain(cards.iter().map(|card| &card.link));
    links.chain(files.cloned()).collect()
}

impl Caller {
    async fn call(&self, url: String) -> LinkCheck {
        let answered = match self.0.as_ref() {
            Ok(client) => match client.get(&url) {
                Ok(request) => {
                    let sent = request.timeout(PATIENCE).send().await;
                    sent.map_err(|error| match error.is_timeout() {
                        true => "it did not answer within 5 seconds".to_owned(),
                        false => "it could not be called".to_owned(),
                    })
                }
                Err(rule) => Err(format!("the address {rule}")),
            },
            Err(words) => Err(words.clone()),
        };
        // The body is not read: the status says enough.
        let status = answered.map(|response| response.status());
        LinkCheck {
            works: status.as_ref().is_ok_and(|status| status.is_success()),
            status: status.as_ref().ok().map(|status| status.as_u16()),
            problem: match status {
                Ok(status) if status.is_success() => None,
                Ok(status) => Some(format!("it answered with status {}", status.as_u16())),
                Err(words) => Some(words),
            },
            url,
        }
    }
}

#[cfg(test)]
mod tests {
    use kazi_platform::egress::client_of_this_machine;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::campaigns::CardSource;

    #[tokio::test]
    async fn an_address_works_when_it_answers_with_a_page() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            for _ in 0..2 {
                let (mut peer, _) = listener.accept().await.unwrap();
                let mut said = [0; 1_024];
                let read = peer.read(&mut said).await.unwrap();
                let found = said[..read].starts_with(b"GET /tea ");
                let status = if found { "200 OK" } else { "404 Not Found" };
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                peer.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let client = client_of_this_machine(PATIENCE).map_err(|error| error.to_string());
        let caller = Caller(Arc::new(client));
        let there = caller.call(format!("{base}/tea")).await;
        assert_eq!(
            (there.works, there.status, there.problem),
            (true, Some(200), None)
        );
        let gone = caller.call(format!("{base}/gone")).await;
        assert_eq!((gone.works, gone.status), (false, Some(404)));
        serving.await.unwrap();
        let inner = caller.call("http://127.0.0.2/".into()).await;
        assert_eq!((inner.works, inner.status), (false, None));
    }

    #[test]
    fn each_address_is_called_once() {
        let link = |url: &str| Parameter::Link { url: url.into() };
        let content = Content::Template {
            name: "offer".into(),
            parameters: vec![
                link("https://a.example/"),
                link("https://a.example/"),
                Parameter::Text("x".into()),
            ],
            header: Some(HeaderSource::Link("https://b.example/tea.jpg".into())),
            buttons: Vec::new(),
            cards: vec![CardSource {
                link: "https://c.example/tea.mp4".into(),
                parameters: Vec::new(),
                buttons: Vec::new(),
            }],
            offer_ends_at: None,
        };
        let all = addresses(&content);
        assert!(all.iter().eq([
            "https://a.example/",
            "https://b.example/tea.jpg",
            "https://c.example/tea.mp4"
        ]));
    }
}
