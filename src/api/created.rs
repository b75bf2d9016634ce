//! The answer of a call that has created something.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

/// 201 with the address of the new thing. The body is [`Json`](super::extract::Json), or
/// [`Tagged`](super::etag::Tagged) if the thing has an `ETag`. The routes document the header when the path of the call
/// has a GET of one thing below it.
pub struct Created<B> {
    location: String,
    body: B,
}

impl<B> Created<B> {
    /// `location` is the path of a GET of the thing.
    pub fn at(location: impl Into<String>, body: B) -> Self {
        Self {
            location: location.into(),
            body,
        }
    }
}

impl<B: IntoResponse> IntoResponse for Created<B> {
    fn into_response(self) -> Response {
        match HeaderValue::try_from(self.location) {
            Ok(location) => {
                let headers = [(header::LOCATION, location)];
                (StatusCode::CREATED, headers, self.body).into_response()
            }
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}
