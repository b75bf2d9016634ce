//! Tests of the whole program over HTTP, with PostgreSQL and simulated providers, and tests of the rules of the code.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test and its harness fail by panicking"
)]

mod admin;
mod ai;
mod ai_costs;
mod analytics;
mod api;
mod appointments;
mod architecture;
mod audit;
mod auth;
mod automations;
#[cfg(feature = "bench")]
mod broadcast;
mod business;
mod caller;
mod campaigns;
mod checkout;
mod cli;
mod conversation;
mod credits;
mod endpoints;
mod experiments;
mod exports;
mod feedback;
mod inbox;
mod intake;
mod invoices;
mod links;
mod loyalty;
mod marketing;
mod media;
mod menu;
mod news;
mod operation;
mod ops;
mod orders;
mod payments;
mod people;
mod resilience;
mod segments;
mod social;
mod subscriptions;
mod support;
mod support_tickets;
mod templates;
mod tenancy;
mod usage;
