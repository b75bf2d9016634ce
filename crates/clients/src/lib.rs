//! Clients of the providers WhatsApp (Meta Cloud API), Green API, OpenRouter, Stripe, Instagram and Facebook (Graph
//! API), and of an SMTP server.
//!
//! Each client is a plain struct with one HTTP client and a base URL. Each request has a time-out. Each error says
//! whether the provider refused the request, has not received it, or may have received it (`Ambiguous`). No error, log
//! line or `Debug` output contains a token, a body, or a URL with a token.

pub mod form;
pub mod greenapi;
pub mod http;
pub mod json;
pub mod openrouter;
pub mod signature;
pub mod smtp;
pub mod social;
pub mod stripe;
pub mod whatsapp;

#[cfg(test)]
mod tests;
