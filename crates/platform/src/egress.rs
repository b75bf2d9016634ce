//! Addresses that users enter: a product's image, a file to import. A request to one must not reach what only this machine
//! or its network can reach (server-side request forgery).
//!
//! [`check_url`] refuses at once what cannot be meant well. [`guarded_client`] does the same, then resolves names itself and connects only
//! to the public addresses that it has seen: there is no second look-up that could say something else (DNS rebinding), and
//! every redirect goes the same way.

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, RequestBuilder, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};

/// The longest address, in bytes.
const MAX_URL: usize = 2_000;
/// Redirects that are followed.
const MAX_REDIRECTS: usize = 3;
/// For all of a request. Whoever reads an answer bounds its size too.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why an address is refused: a sentence for whoever entered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// No URL, or too long.
    #[error("must be an address like https://example.com/image.jpg, of 2000 characters at most")]
    Url,
    /// Another scheme.
    #[error("must begin with https://")]
    Scheme,
    /// With a user or a password.
    #[error("must not contain a user name or a password")]
    Credentials,
    /// Of this machine or its network.
    #[error("must be a public address")]
    NotPublic,
}

/// Whether everybody on the internet means the same host by this address. All that is reserved (IANA's special-purpose
/// registries) is not; an address of version 6 that carries one of version 4 is judged by that one.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        // Shared by carriers' customers (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        // Protocol assignments, relays of 6to4, benchmarks.
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        // Reserved, and broadcast.
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let low = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // Mapped, and NAT64: the address of version 4 at the end.
        [0, 0, 0, 0, 0, 0xffff, h, l] | [0x64, 0xff9b, 0, 0, 0, 0, h, l] => is_public_v4(low(h, l)),
        // 6to4.
        [0x2002, h, l, ..] => is_public_v4(low(h, l)),
        // Protocol assignments, with Teredo; documentation.
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => false,
        // Only these are given out.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// What is allowed. Tests have another idea of what is public, since their servers are on this machine.
#[derive(Clone, Copy)]
struct Rules {
    schemes: &'static [&'static str],
    public: fn(IpAddr) -> bool,
}

const RULES: Rules = Rules {
    schemes: &["https"],
    public: is_public,
};

impl Rules {
    fn read(&self, text: &str) -> Result<Url, EgressError> {
        if text.len() > MAX_URL {
            return Err(EgressError::Url);
        }
        let url = Url::parse(text).map_err(|_| EgressError::Url)?;
        self.check(&url)?;
        Ok(url)
    }

    fn check(&self, url: &Url) -> Result<(), EgressError> {
        if !self.schemes.contains(&url.scheme()) {
            return Err(EgressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::Credentials);
        }
        let host = url.host_str().ok_or(EgressError::Url)?;
        // An address goes by no resolver. The parser has read all its forms: 0x7f.1, 2130706433, 127.1.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return if (self.public)(address) {
                Ok(())
            } else {
                Err(EgressError::NotPublic)
            };
        }
        // Without a dot, or of this network: no name of the internet. What a resolver says of it does not matter.
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let inner = ["localhost", "local", "internal", "home.arpa"]
            .iter()
            .any(|end| name == *end || name.ends_with(&format!(".{end}")));
        if inner || !name.contains('.') {
            return Err(EgressError::NotPublic);
        }
        Ok(())
    }
}

/// Reads an address that a user entered. That its name leads to a public address is seen when it is called.
///
/// # Errors
/// See [`EgressError`].
pub fn check_url(text: &str) -> Result<Url, EgressError> {
    RULES.read(text)
}

/// A client for addresses that users enter. It sends nothing of ours along: no cookies, no referer, no proxy.
///
/// # Errors
/// The system has no certificates.
pub fn guarded_client() -> Result<GuardedClient, reqwest::Error> {
    client(RULES, Arc::new(SystemResolver))
}

/// See [`guarded_client`].
#[derive(Clone)]
pub struct GuardedClient {
    rules: Rules,
    http: Client,
}

impl GuardedClient {
    /// Begins a request. The address is checked here: one that is no name goes by no resolver.
    ///
    /// # Errors
    /// See [`EgressError`].
    pub fn get(&self, url: &str) -> Result<RequestBuilder, EgressError> {
        Ok(self.http.get(self.rules.read(url)?))
    }
}

fn client(rules: Rules, names: Arc<dyn Names>) -> Result<GuardedClient, reqwest::Error> {
    // The second call of a process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirects = Policy::custom(move |attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            return attempt.error("too many redirects");
        }
        match rules.check(attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(error) => attempt.error(error),
        }
    });
    let http = Client::builder()
        .dns_resolver(Arc::new(Guard { rules, names }))
        .redirect(redirects)
        .referer(false)
        .no_proxy()
        .connect_timeout(Duration::from_secs(5))
        .timeout(PATIENCE)
        .user_agent(concat!("kazi/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(GuardedClient { rules, http })
}

type LookUp = std::pin::Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Where names are looked up.
trait Names: Send + Sync {
    fn look_up(&self, name: String) -> LookUp;
}

struct SystemResolver;

impl Names for SystemResolver {
    fn look_up(&self, name: String) -> LookUp {
        // The port is put in by the client.
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// Resolves to public addresses only. What it answers is what is connected to.
struct Guard {
    rules: Rules,
    names: Arc<dyn Names>,
}

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to an address that is not public")
    }
}

impl Error for Refused {}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let public = self.rules.public;
        let found = self.names.look_up(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await?;
            // One that is not public condemns the name: nobody publishes such by chance.
            if found.is_empty() || found.iter().any(|address| !public(address.ip())) {
                return Err(Box::new(Refused) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    };

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    #[test]
    fn only_https_to_a_public_host_is_accepted() {
        use EgressError::{Credentials, NotPublic, Scheme, Url as NoUrl};
        for good in [
            "https://example.com/a.jpg",
            "https://example.com:8443/",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/x",
            "https://[::ffff:1.1.1.1]/",
        ] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        let long = format!("https://example.com/{}", "a".repeat(MAX_URL));
        for (bad, why) in [
            ("", NoUrl),
            ("example.com", NoUrl),
            (long.as_str(), NoUrl),
            ("https://", NoUrl),
            ("http://example.com/", Scheme),
            ("file:///etc/passwd", Scheme),
            ("gopher://example.com/", Scheme),
            ("https://a:b@example.com/", Credentials),
            ("https://a@example.com/", Credentials),
            ("https://localhost/", NotPublic),
            ("https://LOCALHOST./", NotPublic),
            ("https://a.localhost/", NotPublic),
            ("https://metadata.google.internal/", NotPublic),
            ("https://db/", NotPublic),
            ("https://printer.local/", NotPublic),
            ("https://127.0.0.1/", NotPublic),
            ("https://127.1/", NotPublic),
            ("https://0x7f000001/", NotPublic),
            ("https://2130706433/", NotPublic),
            ("https://0177.0.0.1/", NotPublic),
            ("https://0/", NotPublic),
            ("https://10.0.0.1/", NotPublic),
            ("https://172.16.9.1/", NotPublic),
            ("https://192.168.1.1/", NotPublic),
            ("https://169.254.169.254/latest/meta-data/", NotPublic),
            ("https://100.64.0.1/", NotPublic),
            ("https://198.18.0.1/", NotPublic),
            ("https://192.0.0.8/", NotPublic),
            ("https://224.0.0.1/", NotPublic),
            ("https://255.255.255.255/", NotPublic),
            ("https://240.0.0.1/", NotPublic),
            ("https://192.0.2.1/", NotPublic),
            ("https://[::1]/", NotPublic),
            ("https://[::]/", NotPublic),
            ("https://[::ffff:127.0.0.1]/", NotPublic),
            ("https://[::ffff:169.254.169.254]/", NotPublic),
            ("https://[::127.0.0.1]/", NotPublic),
            ("https://[64:ff9b::10.0.0.1]/", NotPublic),
            ("https://[64:ff9b:1::1]/", NotPublic),
            ("https://[2002:7f00:1::]/", NotPublic),
            ("https://[2001::1]/", NotPublic),
            ("https://[2001:db8::1]/", NotPublic),
            ("https://[fe80::1]/", NotPublic),
            ("https://[fec0::1]/", NotPublic),
            ("https://[fd00:ec2::254]/", NotPublic),
            ("https://[ff02::1]/", NotPublic),
            ("https://[100::1]/", NotPublic),
            ("https://①②⑦.0.0.1/", NotPublic),
        ] {
            assert_eq!(check_url(bad).err(), Some(why), "{bad}");
        }
    }

    /// Answers every call with this, and counts them.
    async fn server(ip: &str, answer: String) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        (address, calls)
    }

    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    fn to(location: &str) -> String {
        format!(
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    }

    /// On this machine 127.0.0.1 stands for the internet, and the rest of 127/8 for what is private.
    const HERE: Rules = Rules {
        schemes: &["http"],
        public: |address| address == IpAddr::V4(Ipv4Addr::LOCALHOST),
    };

    /// Says something else each time, the last for ever.
    struct Script(Mutex<Vec<Vec<&'static str>>>);

    impl Names for Script {
        fn look_up(&self, _: String) -> LookUp {
            let mut script = self.0.lock().unwrap();
            let says = if script.len() > 1 {
                script.remove(0)
            } else {
                script[0].clone()
            };
            let found = says
                .into_iter()
                .map(|ip| SocketAddr::new(ip.parse().unwrap(), 0))
                .collect();
            Box::pin(async move { Ok(found) })
        }
    }

    fn here(script: &[&[&'static str]]) -> GuardedClient {
        let script = script.iter().map(|one| one.to_vec()).collect();
        client(HERE, Arc::new(Script(Mutex::new(script)))).unwrap()
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_not_called() {
        let (private, calls) = server("127.0.0.2", OK.into()).await;
        let url = format!("http://shop.test:{}/", private.port());
        for script in [&["127.0.0.2"][..], &["127.0.0.1", "127.0.0.2"], &[]] {
            assert!(
                here(&[script]).get(&url).unwrap().send().await.is_err(),
                "{script:?}"
            );
        }
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        // The real one refuses this machine without asking.
        let real = guarded_client().unwrap();
        assert!(
            real.get("https://localhost:1/").is_err() && real.get("https://127.0.0.1/").is_err()
        );
    }

    #[tokio::test]
    async fn a_name_that_changes_after_it_was_looked_up_changes_nothing() {
        let (public, calls) = server("127.0.0.1", OK.into()).await;
        let client = here(&[&["127.0.0.1"], &["127.0.0.2"]]);
        let url = format!("http://shop.test:{}/", public.port());
        assert_eq!(
            client
                .get(&url)
                .unwrap()
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
            "ok"
        );
        // The next call looks again, and sees it.
        assert!(client.get(&url).unwrap().send().await.is_err());
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_redirect_is_followed_to_what_is_public_only_and_not_for_ever() {
        let (private, calls) = server("127.0.0.2", OK.into()).await;
        let (goal, _) = server("127.0.0.1", OK.into()).await;
        let client = here(&[&["127.0.0.1"]]);
        let at = |address: SocketAddr| format!("http://shop.test:{}/", address.port());
        let (good, _) = server("127.0.0.1", to(&at(goal))).await;
        assert_eq!(
            client
                .get(&at(good))
                .unwrap()
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
            "ok"
        );
        for bad in [
            format!("http://127.0.0.2:{}/", private.port()),
            format!("http://[::ffff:127.0.0.2]:{}/", private.port()),
            format!("http://localhost:{}/", private.port()),
            format!("https://shop.test:{}/", private.port()),
            "file:///etc/passwd".into(),
        ] {
            let (step, _) = server("127.0.0.1", to(&bad)).await;
            let answer = client.get(&at(step)).unwrap().send().await;
            // What is no address of HTTP at all is left as the answer that it is.
            assert!(
                answer.is_err() || answer.unwrap().status().is_redirection(),
                "{bad}"
            );
        }
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        let (round, turns) = server("127.0.0.1", to("/again")).await;
        assert!(client.get(&at(round)).unwrap().send().await.is_err());
        assert_eq!(turns.load(Ordering::SeqCst), MAX_REDIRECTS + 1);
    }
}
