//! Journeys through the real program over HTTP, with real PostgreSQL and simulated providers; and the rules of the house.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test and its harness fail by panicking"
)]

mod api;
mod architecture;
mod auth;
mod broadcast;
mod business;
mod cli;
mod conversation;
mod intake;
mod operation;
mod people;
mod resilience;
mod support;
mod tenancy;
