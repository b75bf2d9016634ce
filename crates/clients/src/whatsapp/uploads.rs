//! Samples of a template's files, by Meta's resumable uploads. Meta keeps what arrived before a connection broke, and the
//! upload goes on behind it.
//!
//! Source: Meta, "Resumable Upload API" of the Graph API.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{RequestBuilder, Url, header};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{Error, WhatsApp};
use crate::{http::Failure, json as lenient};

/// Time for a part of 16 MB.
const UPLOAD_TIME_OUT: Duration = Duration::from_secs(120);
/// Times that an upload is taken up again in one call.
const RESUMES: usize = 3;

/// A file for Meta's reviewers.
#[derive(Clone, Debug)]
pub struct Sample {
    pub name: String,
    /// `image/jpeg`, `image/png`, `video/mp4` or `application/pdf`.
    pub mime: String,
    pub bytes: Bytes,
}

#[derive(Deserialize)]
struct Named {
    #[serde(deserialize_with = "lenient::word")]
    id: String,
}

#[derive(Deserialize)]
struct Handle {
    h: String,
}

#[derive(Deserialize)]
struct Session {
    #[serde(default, deserialize_with = "lenient::word")]
    file_offset: String,
}

impl WhatsApp {
    /// Gives Meta a sample, and returns its handle for a template. After a break the upload goes on where Meta stands.
    pub async fn upload_sample(&self, sample: &Sample) -> Result<String, Error> {
        let app = self.app().await?;
        let session = self.begin_upload(&app, sample).await?;
        let mut offset = 0;
        let mut resumed = 0;
        loop {
            let rest = sample.bytes.slice(offset..);
            match self.upload_rest(&session, offset, rest).await {
                Err(Error::Failed(failure)) if resumed < RESUMES => {
                    tracing::info!(%failure, "an upload of a sample broke off");
                    resumed += 1;
                    offset = self.uploaded(&session).await?.min(sample.bytes.len());
                }
                ended => return ended,
            }
        }
    }

    /// The id of the app that the token belongs to.
    pub async fn app(&self) -> Result<String, Error> {
        let url = format!("{}/app?fields=id", self.base);
        Ok(self.answer(self.http.get(url)).await?.parse::<Named>()?.id)
    }

    /// Opens an upload. The id of its session begins with `upload:`.
    async fn begin_upload(&self, app: &str, sample: &Sample) -> Result<String, Error> {
        let length = sample.bytes.len().to_string();
        let query = [
            ("file_length", length.as_str()),
            ("file_type", sample.mime.as_str()),
            ("file_name", sample.name.as_str()),
        ];
        let url = Url::parse_with_params(&format!("{}/{app}/uploads", self.base), query);
        let url = url.map_err(|error| Failure::NotSent(error.to_string()))?;
        let answer = self.answer(self.http.post(url)).await?;
        Ok(answer.parse::<Named>()?.id)
    }

    /// Sends the bytes from an offset on. The answer has the handle.
    async fn upload_rest(
        &self,
        session: &str,
        offset: usize,
        rest: Bytes,
    ) -> Result<String, Error> {
        let request = self
            .http
            .post(format!("{}/{session}", self.base))
            .header("file_offset", offset)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(rest);
        let answer = self.ask(self.with_oauth(request)).await?;
        Ok(answer.parse::<Handle>()?.h)
    }

    /// The number of bytes that Meta has.
    async fn uploaded(&self, session: &str) -> Result<usize, Error> {
        let request = self.http.get(format!("{}/{session}", self.base));
        let answer = self.ask(self.with_oauth(request)).await?;
        let session: Session = answer.parse()?;
        let offset = session.file_offset.parse();
        offset.map_err(|_| Failure::Ambiguous("the upload names no offset".into()).into())
    }

    /// Uploads take this scheme in place of `Bearer`.
    fn with_oauth(&self, request: RequestBuilder) -> RequestBuilder {
        let token = format!("OAuth {}", self.token.expose_secret());
        request
            .header(header::AUTHORIZATION, token)
            .timeout(UPLOAD_TIME_OUT)
    }
}
