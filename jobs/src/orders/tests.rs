//! Orders end to end, against a real database.
