//! Names that an operator types and that do not exist: which ones were perhaps meant.

/// How alike two names must be, from 0 to 1.
const ALIKE: f64 = 0.8;
const MOST: usize = 3;

/// Says that there is no such thing, and names those that look like it. Without any it names the first few.
pub fn unknown<'a>(what: &str, said: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(said, name), name))
        .collect();
    known.sort_by(|one, other| other.0.total_cmp(&one.0));
    let near: Vec<&str> = known
        .iter()
        .filter(|(alike, _)| *alike >= ALIKE)
        .map(|(_, name)| *name)
        .collect();
    let (words, names) = match near.is_empty() {
        false => ("did you mean", near),
        true => (
            "there are",
            known.into_iter().map(|(_, name)| name).collect(),
        ),
    };
    match names.is_empty() {
        true => format!("there is no {what} {said:?}"),
        false => {
            let more = if names.len() > MOST { ", …" } else { "" };
            let names = names[..names.len().min(MOST)].join(", ");
            format!("there is no {what} {said:?}; {words} {names}{more}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_brings_those_that_look_like_it() {
        let known = [
            "messages.send",
            "messages.status",
            "credits.fold",
            "orders.tell",
        ];
        assert_eq!(
            unknown("kind", "mesages.send", known),
            "there is no kind \"mesages.send\"; did you mean messages.send"
        );
        let none = unknown("kind", "zzz", known);
        assert!(none.contains("there are") && none.ends_with('…'), "{none}");
        assert_eq!(unknown("lane", "x", []), "there is no lane \"x\"");
    }
}
