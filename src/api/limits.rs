//! Rate limits of calls, for an address and for a user or key. They are in memory, for each process.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};

use crate::{
    config::{Http, Network},
    problem::Problem,
};

/// Seconds of calls that may come at once.
const BURST: u32 = 4;
/// Keys in memory, of about 100 bytes each. Keys whose share is full again are removed.
const MOST_KEYS: usize = 100_000;
/// Calls between two looks at the number of keys.
const LOOK_EVERY: u64 = 1024;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");

const TOO_MANY: Problem = Problem::new(
    StatusCode::TOO_MANY_REQUESTS,
    "rate_limited",
    "These are more calls than are taken from you: wait a little.",
);

type Governor<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// A share of calls for each key.
pub struct Limits<K: Hash + Eq + Clone> {
    governor: Option<Governor<K>>,
    burst: u32,
    calls: AtomicU64,
}

/// The rest of a share.
#[derive(Clone, Copy, Debug)]
pub struct Left(Option<(u32, u32)>);

impl Left {
    /// Writes the headers for the caller.
    pub fn write(self, headers: &mut HeaderMap) {
        if let Some((limit, remaining)) = self.0 {
            headers.insert(LIMIT, limit.into());
            headers.insert(REMAINING, remaining.into());
        }
    }
}

impl<K: Hash + Eq + Clone> Limits<K> {
    /// Calls per second for each key. 0: no limit.
    pub fn new(per_second: u32) -> Self {
        let burst = per_second.saturating_mul(BURST);
        let quota = NonZeroU32::new(per_second)
            .zip(NonZeroU32::new(burst))
            .map(|(rate, burst)| Quota::per_second(rate).allow_burst(burst));
        Self {
            governor: quota.map(|quota| RateLimiter::dashmap(quota).with_middleware()),
            burst,
            calls: AtomicU64::new(0),
        }
    }

    /// Takes one call from a key's share.
    pub fn take(&self, key: &K) -> Result<Left, Problem> {
        let Some(governor) = &self.governor else {
            return Ok(Left(None));
        };
        let calls = self.calls.fetch_add(1, Ordering::Relaxed);
        if calls.is_multiple_of(LOOK_EVERY) {
            if governor.len() > MOST_KEYS / 2 {
                governor.retain_recent();
                governor.shrink_to_fit();
            }
            if governor.len() > MOST_KEYS {
                tracing::warn!(
                    http.keys = governor.len(),
                    "so many call at once that some are refused"
                );
                return Err(wait(1));
            }
        }
        match governor.check_key(key) {
            Ok(state) => Ok(Left(Some((self.burst, state.remaining_burst_capacity())))),
            Err(refused) => {
                let pause = refused.wait_time_from(DefaultClock::default().now());
                Err(wait(pause.as_secs() + 1))
            }
        }
    }
}

fn wait(seconds: u64) -> Problem {
    TOO_MANY.header(header::RETRY_AFTER, HeaderValue::from(seconds))
}

/// The address of a caller behind proxies.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// The shares of addresses, and the trusted proxies.
pub struct Addresses {
    limits: Limits<IpAddr>,
    trusted: Vec<Network>,
}

impl Addresses {
    pub fn new(config: &Http) -> Self {
        Self {
            limits: Limits::new(config.rate_per_address),
            trusted: config.trusted_proxies.clone(),
        }
    }

    /// Each proxy appends the address that called it. From the right, the first address that is not a trusted proxy is
    /// the caller's.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let trusts = |address: IpAddr| self.trusted.iter().any(|net| net.contains(address));
        let mut client = peer.to_canonical();
        let said: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in said.into_iter().rev() {
            if !trusts(client) {
                break;
            }
            let hop = hop.trim();
            let address = hop
                .parse::<IpAddr>()
                .or_else(|_| hop.parse().map(|with_port: SocketAddr| with_port.ip()));
            let Ok(address) = address else { break };
            client = address.to_canonical();
        }
        client
    }
}

/// One IPv6 customer has 2^64 addresses.
fn share_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => Ipv6Addr::from_bits(long.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

/// The layer. It comes before authentication, so that it also slows down the guessing of tokens.
pub async fn per_address(
    State(addresses): State<Arc<Addresses>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = addresses.client(peer.ip(), request.headers());
    if let Err(problem) = addresses.limits.take(&share_of(client)) {
        return problem.into_response();
    }
    request.extensions_mut().insert(ClientAddress(client));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(trusted: &[&str]) -> Addresses {
        Addresses {
            limits: Limits::new(1),
            trusted: trusted.iter().map(|net| net.parse().unwrap()).collect(),
        }
    }

    fn client(addresses: &Addresses, peer: &str, said: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for said in said {
            headers.append("x-forwarded-for", HeaderValue::from_static(said));
        }
        addresses
            .client(peer.parse().unwrap(), &headers)
            .to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_about_whom_it_heard() {
        let nobody = behind(&[]);
        assert_eq!(client(&nobody, "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        let ours = behind(&["10.0.0.0/8"]);
        assert_eq!(client(&ours, "10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&ours, "::ffff:10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&ours, "9.9.9.9", &["1.2.3.4"]), "9.9.9.9");
        // What stands further left the caller has written itself.
        let said = ["6.6.6.6, 1.2.3.4", "10.0.0.2"];
        assert_eq!(client(&ours, "10.0.0.1", &said), "1.2.3.4");
        assert_eq!(client(&ours, "10.0.0.1", &["1.2.3.4:55"]), "1.2.3.4");
        assert_eq!(client(&ours, "10.0.0.1", &["x, y"]), "10.0.0.1");
        assert_eq!(client(&ours, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn neighbours_of_ipv6_share() {
        let share = |address: &str| share_of(address.parse().unwrap());
        assert_eq!(share("2001:db8::1"), share("2001:db8::ffff:1"));
        assert_ne!(share("2001:db8::1"), share("2001:db8:0:1::1"));
        assert_ne!(share("1.2.3.4"), share("1.2.3.5"));
    }

    #[test]
    fn a_share_is_used_up_and_others_have_theirs() {
        let limits = Limits::new(1);
        for _ in 0..BURST {
            assert!(limits.take(&"a").is_ok());
        }
        assert_eq!(limits.take(&"a").unwrap_err().code(), "rate_limited");
        assert!(limits.take(&"b").is_ok());
        let free = Limits::new(0);
        assert!((0..100).all(|_| free.take(&"a").is_ok()));
    }
}
