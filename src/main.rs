//! Kazi.
fn main() {}
