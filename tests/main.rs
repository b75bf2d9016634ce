//! Journeys through the real program over HTTP, with real PostgreSQL and simulated providers; and the rules of the house.

mod architecture;
mod cli;
mod conversation;
mod intake;
mod resilience;
mod support;
