//! Form encoding with Stripe's brackets for nested fields.

use form_urlencoded::{Serializer, byte_serialize};

/// Fields in the order in which they were added. `Idempotency-Key` compares the order too.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.0.push((name.into(), value.into()));
        self
    }

    pub fn encode(&self) -> String {
        Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

/// Encodes an id as one segment of a path.
pub(super) fn segment(id: &str) -> String {
    byte_serialize(id.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_ids_cannot_break_out_of_their_place() {
        let mut form = Form::default();
        form.add("a[b]", "x&y=é").add("c", "");
        assert_eq!(form.encode(), "a%5Bb%5D=x%26y%3D%C3%A9&c=");
        assert_eq!(segment("cs_1/../x?y"), "cs_1%2F..%2Fx%3Fy");
    }
}
