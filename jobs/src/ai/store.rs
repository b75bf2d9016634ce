//! SQL of the AI's tables.

pub(super) mod budgets;
pub(super) mod calls;
pub(super) mod documents;
pub(super) mod passages;
pub(super) mod prompts;
pub(super) mod vectors;
