//! Clients of the providers: WhatsApp (Meta Cloud API), Green API, OpenRouter, Stripe, Instagram and Facebook (Graph API); and
//! of an SMTP server.
//!
//! Plain structs around one HTTP client and a base address. Every request has a time-out; every error says whether the
//! request was refused, surely not sent, or may have arrived (`Ambiguous`). No error, log line or `Debug` output
//! contains a token, a body, or an address with a token in it.

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
