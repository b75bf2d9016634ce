//! Access tokens: JWTs (RFC 7519) that only this program signs and reads.
//!
//! Every token has the same header. A token with another header is refused, so a client cannot choose `alg`. The
//! signing keys are derived from the master keys: the first signs, and all are accepted.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    Timestamp, WorkspaceId,
    crypto::{CryptoError, Keyring},
};

/// The life of a token.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// The clocks of two machines may differ by this much.
const SKEW: TimeDelta = TimeDelta::seconds(5);
const ISSUER: &str = "kazi";
/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// Longer tokens are refused. The program's own tokens have about 350 bytes.
const MOST_BYTES: usize = 1024;

/// The group of people whom a token is for. A token of another audience is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Users: members of workspaces, and the staff of the platform.
    #[serde(rename = "kazi:member")]
    Member,
    /// A contact of a workspace.
    #[serde(rename = "kazi:customer")]
    Customer,
}

/// The claims of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: Audience,
    /// The id of the user or the contact.
    pub sub: Uuid,
    /// The id of the session.
    pub sid: Uuid,
    /// The active workspace of the user, or the workspace of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ws: Option<WorkspaceId>,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// A token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token is damaged, not yet valid, for another audience, or signed by another key.
    #[error("the token is not valid")]
    Invalid,
    /// The token was valid and has expired.
    #[error("the token has expired")]
    Expired,
}

/// Signs and checks tokens.
#[derive(Clone)]
pub struct Tokens {
    /// The first one signs.
    keys: Vec<Hmac<Sha256>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    /// Derives the signing keys from the keyring.
    ///
    /// # Errors
    /// Does not happen: HMAC takes keys of any length.
    pub fn new(keyring: &Keyring) -> Result<Self, CryptoError> {
        let keys = keyring.derive("access tokens");
        let mac = |key: &[u8; 32]| Hmac::new_from_slice(key).map_err(|_| CryptoError::MasterKey);
        Ok(Self {
            keys: keys.iter().map(mac).collect::<Result<_, _>>()?,
        })
    }

    /// Signs a token that is valid from `now` on for [`LIFETIME`].
    ///
    /// # Errors
    /// The keyring has no master key.
    pub fn issue(
        &self,
        audience: Audience,
        subject: Uuid,
        session: Uuid,
        workspace: Option<WorkspaceId>,
        now: Timestamp,
    ) -> Result<String, CryptoError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: audience,
            sub: subject,
            sid: session,
            ws: workspace,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
        };
        let json = serde_json::to_vec(&claims).map_err(|_| CryptoError::DoesNotOpen)?;
        let key = self.keys.first().ok_or(CryptoError::MasterKey)?;
        let said = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(json));
        let signature = key.clone().chain_update(said.as_bytes()).finalize();
        let signature = URL_SAFE_NO_PAD.encode(signature.into_bytes());
        Ok(format!("{said}.{signature}"))
    }

    /// Returns the claims of a token of this audience that is valid at `now`.
    ///
    /// # Errors
    /// The token is refused. The error says `Expired` only when everything else about the token is right.
    pub fn verify(
        &self,
        audience: Audience,
        token: &str,
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        if token.len() > MOST_BYTES {
            return Err(TokenError::Invalid);
        }
        let (said, signature) = token.rsplit_once('.').ok_or(TokenError::Invalid)?;
        let payload = said
            .strip_prefix(HEADER)
            .and_then(|rest| rest.strip_prefix('.'))
            .ok_or(TokenError::Invalid)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| TokenError::Invalid)?;
        let signed = self.keys.iter().any(|key| {
            let mac = key.clone().chain_update(said.as_bytes());
            mac.verify_slice(&signature).is_ok()
        });
        if !signed {
            return Err(TokenError::Invalid);
        }
        let json = URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|_| TokenError::Invalid)?;
        let claims: Claims = serde_json::from_slice(&json).map_err(|_| TokenError::Invalid)?;
        if claims.iss != ISSUER || claims.aud != audience {
            return Err(TokenError::Invalid);
        }
        if claims.nbf > (now + SKEW).timestamp() {
            return Err(TokenError::Invalid);
        }
        if claims.exp <= now.timestamp() {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::*;

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn tokens(masters: &[&SecretString]) -> Tokens {
        let masters: Vec<&str> = masters.iter().map(|key| key.expose_secret()).collect();
        Tokens::new(&Keyring::new(&masters.join(",").into()).unwrap()).unwrap()
    }

    fn issue(tokens: &Tokens) -> String {
        let (user, session) = (Uuid::now_v7(), Uuid::now_v7());
        let workspace = Some(WorkspaceId::new());
        tokens
            .issue(Audience::Member, user, session, workspace, now())
            .unwrap()
    }

    /// Signs any header and claims with the program's own key.
    fn signed(tokens: &Tokens, header: &str, claims: &str) -> String {
        let said = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = tokens.keys[0].clone().chain_update(&said).finalize();
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature.into_bytes()))
    }

    #[test]
    fn a_token_reads_back_while_it_is_good() {
        let tokens = tokens(&[&Keyring::generate_master()]);
        let token = issue(&tokens);
        let at = |seconds| {
            tokens.verify(
                Audience::Member,
                &token,
                now() + TimeDelta::seconds(seconds),
            )
        };
        assert!(at(0).unwrap().ws.is_some());
        assert!(at(599).is_ok());
        assert_eq!(at(600), Err(TokenError::Expired));
        assert!(at(-5).is_ok());
        assert_eq!(at(-6), Err(TokenError::Invalid));
    }

    #[test]
    fn every_master_key_is_accepted_and_the_first_signs() {
        let (old, new) = (Keyring::generate_master(), Keyring::generate_master());
        let before = issue(&tokens(&[&old]));
        let both = tokens(&[&new, &old]);
        let after = issue(&both);
        let good =
            |tokens: &Tokens, token: &str| tokens.verify(Audience::Member, token, now()).is_ok();
        assert!(good(&both, &before) && good(&both, &after) && good(&tokens(&[&new]), &after));
        assert!(!good(&tokens(&[&old]), &after) && !good(&tokens(&[&new]), &before));
    }

    #[test]
    fn what_is_forged_cut_or_for_others_is_refused() {
        let tokens = tokens(&[&Keyring::generate_master()]);
        let token = issue(&tokens);
        let refused =
            |token: &str| tokens.verify(Audience::Member, token, now()) == Err(TokenError::Invalid);
        assert_eq!(
            tokens.verify(Audience::Customer, &token, now()),
            Err(TokenError::Invalid)
        );
        let claims = String::from_utf8(
            URL_SAFE_NO_PAD
                .decode(token.split('.').nth(1).unwrap())
                .unwrap(),
        )
        .unwrap();
        let ours = r#"{"alg":"HS256","typ":"JWT"}"#;
        assert!(!refused(&signed(&tokens, ours, &claims)));
        for header in [
            r#"{"alg":"none","typ":"JWT"}"#,
            r#"{"alg":"HS512","typ":"JWT"}"#,
            r#"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#,
            r#"{"typ":"JWT","alg":"HS256"}"#,
        ] {
            assert!(refused(&signed(&tokens, header, &claims)), "{header}");
        }
        for claims in [
            claims.replace("\"kazi\"", "\"others\""),
            claims.replace("\"exp\":", "\"exp\":\"\",\"x\":"),
            claims.replace("\"exp\":", "\"more\":"),
            claims.replacen('{', "{\"admin\":true,", 1),
            "[]".to_owned(),
            String::new(),
        ] {
            assert!(refused(&signed(&tokens, ours, &claims)), "{claims}");
        }
        let (said, signature) = token.rsplit_once('.').unwrap();
        for token in [
            format!("{said}."),
            said.to_owned(),
            format!("{said}.{}", &signature[1..]),
            format!("{}.{signature}", said.replacen("ey", "eY", 2)),
            format!("{token}."),
            format!("{token}.{signature}"),
            format!(" {token}"),
            String::new(),
            "..".to_owned(),
            "é.é.é".to_owned(),
            format!("{HEADER}.."),
            format!("{HEADER}.{}.{signature}", "A".repeat(1 << 20)),
        ] {
            assert!(refused(&token));
        }
    }
}
