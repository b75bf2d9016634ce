//! Asks a channel's provider for a file. Kazi calls only addresses of the provider, because the address comes from outside
//! and Meta's needs the token.

use std::time::Duration;

use kazi_clients::{
    greenapi,
    http::{DownloadError, Failure, download},
    whatsapp::{self, Reaction},
};
use reqwest::{RequestBuilder, Response, Url};

use super::{MediaReason, Source, model::Incoming};
use crate::{
    Context,
    channels::{Channel, ChannelKind},
};

/// Time for the whole file.
pub(super) const DOWNLOAD_TIME_OUT: Duration = Duration::from_secs(240);
/// The domains from which Meta serves files.
const META: [&str; 4] = ["fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net"];
/// The domains from which Green API serves files: its own, and its buckets.
const GREEN: [&str; 4] = [
    "green-api.com",
    "greenapi.com",
    "digitaloceanspaces.com",
    "storage.yandexcloud.net",
];

/// A file on its way, with what the provider says of it.
pub(super) struct Offered {
    pub body: Response,
    pub mime: Option<String>,
    /// The hash of the bytes.
    pub sha256: Option<[u8; 32]>,
    pub bytes: Option<u64>,
}

/// The provider knows the file and does not give it: perhaps for a moment only.
pub(super) const VANISHED: &str = "vanished";

/// Why there is no file now.
pub(super) enum Missing {
    /// For good.
    Gone(MediaReason),
    Refused(MediaReason),
    /// Another try may help.
    Later(&'static str, String),
}

/// Asks for a file.
pub(super) async fn ask(
    ctx: &Context,
    channel: &Channel,
    file: &Incoming,
) -> Result<Offered, Missing> {
    match (&file.source, channel.kind) {
        (Source::WhatsApp { id, sha256 }, ChannelKind::WhatsApp) => {
            meta(ctx, channel, id, sha256.as_deref()).await
        }
        (Source::GreenApi { url, chat, message }, ChannelKind::GreenApi) => {
            green(ctx, channel, url.as_deref(), (chat, message)).await
        }
        _ => Err(Missing::Gone(MediaReason::NoChannel)),
    }
}

async fn meta(
    ctx: &Context,
    channel: &Channel,
    id: &str,
    told: Option<&str>,
) -> Result<Offered, Missing> {
    let (number, base) = (channel.whatsapp(ctx), channel.base(ctx));
    let found = number.media(id).await.map_err(|error| match error {
        // 33: there is no such object any more, after 30 days, or 7 for one of a webhook.
        whatsapp::Error::Rejected(refused) if matches!(refused.code, 33 | 100) => {
            Missing::Gone(MediaReason::Expired)
        }
        whatsapp::Error::Rejected(refused) if refused.status == 404 => {
            Missing::Gone(MediaReason::Expired)
        }
        whatsapp::Error::Rejected(refused) => {
            let class = match refused.reaction() {
                Reaction::Credential => "credential",
                _ => "refused",
            };
            Missing::Later(class, refused.to_string())
        }
        whatsapp::Error::Failed(failure) => unreachable(failure),
    })?;
    let request = number.with_token(get(ctx, &found.url, base, &META)?);
    let body = open(request, &found.url, base, &META).await;
    let body = body.map_err(of_new_address)?;
    let sha256 = found.sha256.as_deref().or(told).and_then(hash_of);
    Ok(Offered {
        body,
        mime: found.mime_type,
        sha256,
        bytes: found.file_size,
    })
}

async fn green(
    ctx: &Context,
    channel: &Channel,
    url: Option<&str>,
    (chat, message): (&str, &str),
) -> Result<Offered, Missing> {
    let base = channel.base(ctx);
    let offered = |body| Offered {
        body,
        mime: None,
        sha256: None,
        bytes: None,
    };
    if let Some(url) = url {
        let request = get(ctx, url, base, &GREEN);
        let opened = match request {
            Ok(request) => open(request, url, base, &GREEN).await,
            Err(why) => Err(why),
        };
        match opened {
            Ok(body) => return Ok(offered(body)),
            Err(Missing::Later(class, words)) => return Err(Missing::Later(class, words)),
            // The address in the webhook lives for some time only: Green API makes a new one.
            Err(Missing::Gone(_) | Missing::Refused(_)) => {}
        }
    }
    let found = channel.greenapi(ctx).download_file(chat, message).await;
    let url = found.map_err(|error| match error {
        greenapi::Error::Refused(_) => Missing::Gone(MediaReason::Expired),
        greenapi::Error::Failed(failure) => unreachable(failure),
        other => Missing::Later("refused", other.to_string()),
    })?;
    let request = get(ctx, &url, base, &GREEN)?;
    let body = open(request, &url, base, &GREEN).await;
    body.map(offered).map_err(of_new_address)
}

/// An address that was made a moment ago leads nowhere.
fn of_new_address(why: Missing) -> Missing {
    match why {
        Missing::Gone(MediaReason::Expired) => {
            Missing::Later(VANISHED, "a new address has no file".to_owned())
        }
        why => why,
    }
}

fn unreachable(failure: Failure) -> Missing {
    Missing::Later("unreachable", failure.to_string())
}

/// A request for a file, to an address of the provider only.
fn get(ctx: &Context, url: &str, base: &str, domains: &[&str]) -> Result<RequestBuilder, Missing> {
    let parsed = Url::parse(url).map_err(|_| Missing::Refused(MediaReason::Address))?;
    if is_at(&parsed, base) {
        // The operator has named this address, which may be private. This client follows no redirects.
        return Ok(ctx.http.get(parsed));
    }
    if !is_of(&parsed, domains) {
        return Err(Missing::Refused(MediaReason::Address));
    }
    let Some(client) = ctx.files().guarded else {
        let words = "no client can be made on this system".to_owned();
        return Err(Missing::Later("client", words));
    };
    let request = client.get(url);
    request.map_err(|_| Missing::Refused(MediaReason::Address))
}

async fn open(
    request: RequestBuilder,
    url: &str,
    base: &str,
    domains: &[&str],
) -> Result<Response, Missing> {
    let body = download(request.timeout(DOWNLOAD_TIME_OUT)).await;
    let body = body.map_err(|error| match error {
        DownloadError::Gone(_) => Missing::Gone(MediaReason::Expired),
        DownloadError::Failed(failure) => unreachable(failure),
    })?;
    // The guarded client follows redirects to public hosts. What answers must be the provider all the same.
    if body.url().as_str() != url && !is_at(body.url(), base) && !is_of(body.url(), domains) {
        return Err(Missing::Refused(MediaReason::Address));
    }
    Ok(body)
}

/// Says whether a URL is at the address that the operator has configured for the provider.
fn is_at(url: &Url, base: &str) -> bool {
    Url::parse(base).is_ok_and(|base| base.has_host() && base.origin() == url.origin())
}

fn is_of(url: &Url, domains: &[&str]) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let within = |domain: &&str| {
        let rest = host.strip_suffix(*domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    domains.iter().any(within)
}

/// Meta tells hashes in hex, and in base64 in its webhooks.
fn hash_of(text: &str) -> Option<[u8; 32]> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let bytes = match text.len() {
        64 => hex::decode(text).ok()?,
        _ => STANDARD.decode(text).ok()?,
    };
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_providers_hosts_are_asked() {
        let of = |url: &str, domains: &[&str]| is_of(&Url::parse(url).unwrap(), domains);
        assert!(of("https://lookaside.fbsbx.com/a?mid=1", &META));
        assert!(of(
            "https://do-media-7103.fra1.digitaloceanspaces.com/a",
            &GREEN
        ));
        assert!(of("https://API.green-api.com/a", &GREEN));
        for url in [
            "https://evilfbsbx.com/a",
            "https://fbsbx.com.evil.example/a",
            "https://169.254.169.254/fbsbx.com",
            "https://localhost/",
        ] {
            assert!(!of(url, &META), "{url}");
        }
        let at = |url: &str, base: &str| is_at(&Url::parse(url).unwrap(), base);
        assert!(at("http://127.0.0.1:9/x", "http://127.0.0.1:9/whatsapp"));
        assert!(!at("http://127.0.0.1:10/x", "http://127.0.0.1:9/whatsapp"));
        assert!(!at("https://127.0.0.1:9/x", "http://127.0.0.1:9/whatsapp"));
        assert!(!at("data:x", "data:y"));
    }

    #[test]
    fn a_hash_is_read_in_both_spellings() {
        let hash = [7_u8; 32];
        assert_eq!(hash_of(&hex::encode(hash)), Some(hash));
        assert_eq!(
            hash_of("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
            Some(hash)
        );
        assert_eq!(hash_of("?"), None);
    }
}
