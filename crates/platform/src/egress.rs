//! URLs that users enter: an image of a product, an endpoint of a business. A request to such a URL must not reach a host
//! that only this machine or its network can reach (server-side request forgery).
//!
//! [`check_public_url`] refuses bad URLs when a user enters them. It asks no resolver. [`guarded_client`] makes the same
//! check, resolves the names itself, and connects only to the public addresses that it has seen. No second look-up can
//! answer differently (DNS rebinding). The client checks each redirect in the same way.
//!
//! [`Reach`] is the same for requests that send something. It follows no redirect, and knows the private networks that the
//! operator has opened.

mod reach;

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

pub use reach::{Network, Reach, Sender};

/// The longest URL, in bytes.
pub const MAX_URL_BYTES: usize = 2_000;
/// The client follows this number of redirects for one request.
const MAX_REDIRECTS: usize = 3;
/// The time-out of a whole request. The caller must limit the size of the answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Networks use these names for their own hosts. No public name ends with one of them.
const INNER_DOMAINS: [&str; 7] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
];

/// A URL is refused. The message is a sentence for the person who entered the URL; it follows the name of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The text is not a URL, or programs could read it differently.
    #[error("must be a URL like https://example.com/image.jpg, without spaces")]
    Url,
    /// The text has more than [`MAX_URL_BYTES`] bytes.
    #[error("must have at most {MAX_URL_BYTES} bytes")]
    TooLong,
    /// The URL does not use https.
    #[error("must begin with https://")]
    Scheme,
    /// The URL has a user name or a password.
    #[error("must not contain a user name or a password")]
    Credentials,
    /// The URL names another port than 443 or 8443.
    #[error("must not name another port than 443 or 8443")]
    Port,
    /// The host is this machine, or belongs to a private network.
    #[error("must be on a public host of the internet")]
    NotPublic,
}

impl EgressError {
    /// Returns a stable code for programs, like `private_host`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Url => "invalid",
            Self::TooLong => "too_long",
            Self::Scheme => "not_https",
            Self::Credentials => "credentials",
            Self::Port => "port",
            Self::NotPublic => "private_host",
        }
    }
}

/// Tells whether an address belongs to a host on the internet. Addresses in IANA's special-purpose registries do not. An
/// IPv6 address that contains an IPv4 address is public when the IPv4 address is.
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
        // The customers of a carrier share these (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        // Protocol assignments, 6to4 relays, benchmarks.
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        // Reserved addresses, and the broadcast address.
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
        // IPv4-mapped and NAT64: the IPv4 address stands at the end.
        [0, 0, 0, 0, 0, 0xffff, h, l] | [0x64, 0xff9b, 0, 0, 0, 0, h, l] => is_public_v4(low(h, l)),
        // 6to4.
        [0x2002, h, l, ..] => is_public_v4(low(h, l)),
        // Protocol assignments, with Teredo; documentation.
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => false,
        // IANA assigns no other addresses to hosts.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// Which hosts a request may reach.
#[derive(Clone)]
enum Hosts {
    /// Hosts on the internet.
    Public,
    /// Hosts of these networks only.
    Of(Arc<[Network]>),
    /// Tests have their own, because their servers run on this machine.
    #[cfg(any(test, feature = "testing"))]
    Test(fn(IpAddr) -> bool),
}

impl Hosts {
    fn admit(&self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Of(networks) => networks.iter().any(|network| network.contains(address)),
            #[cfg(any(test, feature = "testing"))]
            Self::Test(admits) => admits(address),
        }
    }
}

/// What a URL may be.
#[derive(Clone)]
struct Rules {
    scheme: &'static str,
    port: fn(u16) -> bool,
    hosts: Hosts,
    /// Whether the names of a private network are allowed.
    inner_names: bool,
}

const RULES: Rules = Rules {
    scheme: "https",
    port: |port| matches!(port, 443 | 8443),
    hosts: Hosts::Public,
    inner_names: false,
};

impl Rules {
    fn read(&self, text: &str) -> Result<Url, EgressError> {
        if text.len() > MAX_URL_BYTES {
            return Err(EgressError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| EgressError::Url)?;
        self.check(&url)?;
        // The parser drops white space, adds slashes, and reads a backslash as a slash. Other programs do not.
        let odd = |c: char| c == '\\' || c.is_whitespace() || c.is_control();
        match text.split_once("://") {
            Some((_, rest)) if !rest.starts_with('/') && !text.contains(odd) => Ok(url),
            _ => Err(EgressError::Url),
        }
    }

    fn check(&self, url: &Url) -> Result<(), EgressError> {
        if url.scheme() != self.scheme {
            return Err(EgressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::Credentials);
        }
        if !url.port_or_known_default().is_some_and(self.port) {
            return Err(EgressError::Port);
        }
        let host = url.host_str().ok_or(EgressError::Url)?;
        // The client asks no resolver for an address. The parser has already read all its forms: 0x7f.1, 2130706433, 127.1.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return if self.hosts.admit(address) {
                Ok(())
            } else {
                Err(EgressError::NotPublic)
            };
        }
        if self.inner_names {
            return Ok(());
        }
        // A name without a dot, or in a private domain, is not a public name, even where a resolver knows it.
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let inner = INNER_DOMAINS.iter().any(|domain| {
            let rest = name.strip_suffix(domain);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        if inner || !name.contains('.') {
            return Err(EgressError::NotPublic);
        }
        Ok(())
    }
}

/// Checks a URL that a user entered, and returns it in its normal form. It must use https on port 443 or 8443,
/// have no user name and no password, name a public host, and have at most [`MAX_URL_BYTES`] bytes.
///
/// The check asks no resolver. A public name may still lead to a private address: call the URL with [`guarded_client`].
///
/// # Errors
/// Each variant of [`EgressError`] names the rule that the URL breaks.
pub fn check_public_url(text: &str) -> Result<Url, EgressError> {
    RULES.read(text)
}

/// Makes a client for URLs that users enter. It sends no cookies and no referer, and uses no proxy.
///
/// # Errors
/// The client finds no root certificates on this system.
pub fn guarded_client() -> Result<GuardedClient, reqwest::Error> {
    client(
        RULES,
        Arc::new(SystemResolver),
        MAX_REDIRECTS,
        REQUEST_TIMEOUT,
    )
}

/// A client that connects to public hosts only. [`guarded_client`] makes one.
#[derive(Clone)]
pub struct GuardedClient {
    rules: Rules,
    http: Client,
}

impl GuardedClient {
    /// Begins a GET request. It checks the URL here too, because a host that is an address never reaches the resolver.
    ///
    /// # Errors
    /// The URL breaks a rule of [`check_public_url`].
    pub fn get(&self, url: &str) -> Result<RequestBuilder, EgressError> {
        Ok(self.http.get(self.rules.read(url)?))
    }

    fn post(&self, url: &str) -> Result<RequestBuilder, EgressError> {
        Ok(self.http.post(self.rules.read(url)?))
    }
}

/// 127.0.0.1 plays the internet, and the other addresses of 127/8 play a private network.
#[cfg(any(test, feature = "testing"))]
const HERE: Rules = Rules {
    scheme: "http",
    port: |_| true,
    hosts: Hosts::Test(|address| address == IpAddr::V4(Ipv4Addr::LOCALHOST)),
    inner_names: false,
};

/// Like [`guarded_client`], for tests: it calls 127.0.0.1, and waits less long for an answer.
///
/// # Errors
/// The client finds no root certificates on this system.
#[cfg(any(test, feature = "testing"))]
pub fn client_of_this_machine(time_out: Duration) -> Result<GuardedClient, reqwest::Error> {
    client(HERE, Arc::new(SystemResolver), MAX_REDIRECTS, time_out)
}

/// With `redirects` of 0, a redirect is an answer like any other.
fn client(
    rules: Rules,
    names: Arc<dyn Names>,
    redirects: usize,
    time_out: Duration,
) -> Result<GuardedClient, reqwest::Error> {
    // The second call in a process fails, because the first has installed the provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let checked = rules.clone();
    let policy = Policy::custom(move |attempt| {
        if redirects == 0 {
            return attempt.stop();
        }
        if attempt.previous().len() > redirects {
            return attempt.error("too many redirects");
        }
        match checked.check(attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(error) => attempt.error(error),
        }
    });
    let http = Client::builder()
        .dns_resolver(Arc::new(Guard {
            hosts: rules.hosts.clone(),
            names,
        }))
        .redirect(policy)
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(time_out)
        .user_agent(concat!("kazi/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(GuardedClient { rules, http })
}

type LookUp = std::pin::Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

trait Names: Send + Sync {
    fn look_up(&self, name: String) -> LookUp;
}

struct SystemResolver;

impl Names for SystemResolver {
    fn look_up(&self, name: String) -> LookUp {
        // The client replaces the port.
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// Resolves names to public addresses only. The client connects to what this resolver answers.
struct Guard {
    hosts: Hosts,
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
        let hosts = self.hosts.clone();
        let found = self.names.look_up(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await?;
            // One private address is enough to refuse the name: nobody publishes it by chance.
            if found.is_empty() || found.iter().any(|address| !hosts.admit(address.ip())) {
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
        use EgressError::{Credentials, NotPublic, Port, Scheme, TooLong, Url as NoUrl};
        for good in [
            "https://example.com/a.jpg",
            "https://example.com:443/",
            "https://example.com:8443/",
            "HTTPS://EXAMPLE.COM./?q=a#b",
            "https://bücher.example/größe.jpg",
            "https://notlocal.example/",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/x",
            "https://[::ffff:1.1.1.1]/",
        ] {
            assert!(check_public_url(good).is_ok(), "{good}");
        }
        let long = format!("https://example.com/{}", "a".repeat(3_000));
        for (bad, why) in [
            ("", NoUrl),
            ("example.com", NoUrl),
            (long.as_str(), TooLong),
            ("https://", NoUrl),
            ("https:///example.com/", NoUrl),
            ("https:example.com", NoUrl),
            (r"https:\\example.com", NoUrl),
            (r"https://example.com\@10.0.0.1/", NoUrl),
            (" https://example.com/", NoUrl),
            ("https://exam\tple.com/", NoUrl),
            ("https://example.com/a b", NoUrl),
            ("https://example.com/\n", NoUrl),
            ("https://:443/", NoUrl),
            ("https://[::1", NoUrl),
            ("https://1.2.3.4.5/", NoUrl),
            ("https://example.com:99999/", NoUrl),
            ("https://example.com:22/", Port),
            ("https://example.com:0/", Port),
            ("https://example.com:80/", Port),
            ("ftp://example.com/", Scheme),
            ("HTTP://example.com/", Scheme),
            ("https://:b@example.com/", Credentials),
            ("https://example.com@10.0.0.1/", Credentials),
            ("https://localhost:8443/", NotPublic),
            ("https://localhost.localdomain/", NotPublic),
            ("https://router.lan/", NotPublic),
            ("https://nas.home.arpa/", NotPublic),
            ("https://wiki.intranet./", NotPublic),
            ("https://example/", NotPublic),
            ("https://%31%32%37.0.0.1/", NotPublic),
            ("https://127.0.0.1./", NotPublic),
            ("https://0xa9.0xfe.0xa9.0xfe/", NotPublic),
            ("https://0251.0376.0251.0376/", NotPublic),
            ("https://2852039166/", NotPublic),
            ("https://[0:0:0:0:0:ffff:a9fe:a9fe]/", NotPublic),
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
            assert_eq!(check_public_url(bad).err(), Some(why), "{bad}");
        }
    }

    /// Starts a server that gives `answer` to each request and counts the requests.
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

    /// Gives one answer after another, and then repeats the last one.
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
        let names = Arc::new(Script(Mutex::new(script)));
        client(HERE, names, MAX_REDIRECTS, REQUEST_TIMEOUT).unwrap()
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
        // The real client refuses this machine and asks no resolver.
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
        // The next call looks the name up again, and sees the private address.
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
            // The client does not follow a location that is no URL of HTTP. It returns the answer itself.
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

    #[tokio::test]
    async fn what_is_sent_goes_to_opened_networks_over_http_and_follows_no_redirect() {
        let opened = |network: &str| Reach::new(vec![network.parse().unwrap()]);
        let (aim, calls) = server("127.0.0.3", OK.into()).await;
        let (first, _) = server("127.0.0.2", to(&format!("http://{aim}/"))).await;
        let (closed, reach) = (Reach::default(), opened("127.0.0.0/24"));
        for url in [format!("http://{first}/"), "http://n8n:5678/hook".into()] {
            assert_eq!(closed.check(&url).err(), Some(EgressError::Scheme), "{url}");
            assert!(closed.client().unwrap().post(&url).is_err());
            assert!(reach.check(&url).is_ok(), "{url}");
        }
        assert!(reach.check("https://example.com/hook").is_ok());
        // Only http is for the opened networks: what goes over https goes to the internet.
        assert_eq!(
            reach.check("https://127.0.0.2/").err(),
            Some(EgressError::NotPublic)
        );
        for outside in ["http://10.0.0.1/", "http://93.184.216.34/"] {
            assert_eq!(
                reach.check(outside).err(),
                Some(EgressError::NotPublic),
                "{outside}"
            );
        }
        let sender = reach.client().unwrap();
        let answer = sender
            .post(&format!("http://{first}/"))
            .unwrap()
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), 302);
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        // A name of another network is refused at the look-up.
        let sender = opened("10.0.0.0/8").client().unwrap();
        let url = format!("http://localhost:{}/", aim.port());
        assert!(sender.post(&url).unwrap().send().await.is_err());
        assert_eq!(calls.load(Ordering::SeqCst), 0);
    }
}
