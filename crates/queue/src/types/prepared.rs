//! A checked and serialised job. What can be refused is refused before any statement runs.

use chrono::Datelike;

use super::{
    Due, EnqueueError, Form, MAX_KEY, MAX_PAYLOAD, Options, Pool, payload, trace::TraceId,
};

/// A job that is ready to be written.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub kind: &'static str,
    pub pool: Pool,
    /// JSON as the kind writes it; after [`Prepared::seal`] as the row holds it.
    pub payload: String,
    pub form: Form,
    pub max_attempts: u16,
    pub options: Options,
    pub trace: Option<TraceId>,
}

impl Prepared {
    pub fn checked(self) -> Result<Self, EnqueueError> {
        let kind = || self.kind.to_owned();
        let bytes = self.payload.len();
        if bytes > MAX_PAYLOAD {
            return Err(EnqueueError::TooLarge {
                kind: kind(),
                bytes,
            });
        }
        // serde_json writes U+0000 as \u0000. A backslash before it is escaped itself, so only an odd number of
        // backslashes is a NUL.
        if has_nul_escape(&self.payload) {
            return Err(EnqueueError::Nul { kind: kind() });
        }
        let refuse = |field, rule| {
            Err(EnqueueError::Option {
                kind: kind(),
                field,
                rule,
            })
        };
        if !(1..=i16::MAX as u16).contains(&self.max_attempts) {
            return refuse("max_attempts", "must be 1 to 32767");
        }
        // PostgreSQL's calendar begins in 4713 BC, but no caller means a year before 1.
        if matches!(self.options.due, Due::At(at) if at.year() < 1) {
            return refuse("due", "must not lie before the year 1");
        }
        let keys = [
            ("unique", self.options.unique.as_ref().map(|(key, _)| key)),
            ("sequence", self.options.sequence.as_ref()),
            ("lane", self.options.lane.as_ref()),
        ];
        for (which, key) in keys {
            if let Some(key) = key
                && (key.is_empty() || key.len() > MAX_KEY || key.contains('\0'))
            {
                return Err(EnqueueError::Key {
                    kind: kind(),
                    which,
                    bytes: key.len(),
                });
            }
        }
        Ok(self)
    }

    /// The number of runs, as the column holds it.
    pub fn attempts(&self) -> i16 {
        i16::try_from(self.max_attempts).unwrap_or(i16::MAX)
    }

    pub fn trace(&self) -> Option<String> {
        self.trace.map(|trace| trace.to_string())
    }

    /// Brings the payload into its stored form, sealed if the kind says so.
    pub fn seal(&mut self) -> Result<(), EnqueueError> {
        let plain = std::mem::take(&mut self.payload);
        self.payload =
            payload::stored(self.kind, self.options.tenant, self.form, plain).map_err(|error| {
                EnqueueError::Seal {
                    kind: self.kind.into(),
                    error,
                }
            })?;
        Ok(())
    }

    pub fn lane(&self) -> String {
        match (&self.options.lane, self.options.tenant) {
            (Some(lane), _) => lane.clone(),
            (None, Some(tenant)) => tenant.to_string(),
            (None, None) => String::new(),
        }
    }
}

fn has_nul_escape(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json.as_bytes()[..at]
            .iter()
            .rev()
            .take_while(|b| **b == b'\\')
            .count();
        before % 2 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::has_nul_escape;

    #[test]
    fn a_nul_is_seen_and_an_escaped_backslash_is_not_one() {
        assert!(has_nul_escape(&serde_json::to_string("a\0b").unwrap()));
        assert!(!has_nul_escape(
            &serde_json::to_string("a\\u0000b").unwrap()
        ));
        assert!(has_nul_escape(&serde_json::to_string("\\\0").unwrap()));
    }
}
