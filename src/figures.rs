//! The metrics. `figures.txt` lists each metric with its help text for `/metrics`: a domain's in the folder of the domain,
//! the others here.
//!
//! The code counts an event where it happens. Names follow Prometheus: `kazi_`, the part, the thing, its base unit, and
//! `_total` for a counter. Labels have few values: never a workspace, a contact, a lane or a path.
//!
//! A metric with braces in `figures.txt` exists from the start, at 0, with every combination of its labels' values. For
//! Prometheus, a counter that appears at 1 has not risen, and an alert would miss the first event.

use metrics::Label;

const FIGURES: &str = include_str!("figures.txt");

/// All tables.
fn tables() -> impl Iterator<Item = &'static str> {
    std::iter::once(FIGURES).chain(kazi_jobs::figures())
}

/// One line: `kind name{label=value|value,label=…} help`.
struct Figure {
    kind: &'static str,
    name: &'static str,
    /// The label sets that exist from the start.
    series: Vec<Vec<Label>>,
    help: &'static str,
}

/// Describes the metrics and registers those that exist from the start. The program calls it once, when it starts to
/// collect metrics.
pub fn describe() {
    for figure in tables().flat_map(str::lines).filter_map(read) {
        let Figure { name, help, .. } = figure;
        match figure.kind {
            "counter" => metrics::describe_counter!(name, help),
            "gauge" => metrics::describe_gauge!(name, help),
            _ => metrics::describe_histogram!(name, help),
        }
        for labels in figure.series {
            if figure.kind == "counter" {
                metrics::counter!(name, labels).absolute(0);
            } else {
                // Asking for a metric registers it.
                drop(metrics::histogram!(name, labels));
            }
        }
    }
}

fn read(line: &'static str) -> Option<Figure> {
    let (kind, rest) = line.split_once(' ')?;
    let (name, help) = rest.split_once(' ')?;
    let (name, labels) = match name.split_once('{') {
        Some((name, labels)) => (name, Some(labels.strip_suffix('}')?)),
        None => (name, None),
    };
    let series = match labels {
        Some("") => vec![Vec::new()],
        Some(labels) => combinations(labels)?,
        None => Vec::new(),
    };
    Some(Figure {
        kind,
        name,
        series,
        help,
    })
}

fn combinations(labels: &'static str) -> Option<Vec<Vec<Label>>> {
    let mut sets = vec![Vec::new()];
    for label in labels.split(',') {
        let (name, values) = label.split_once('=')?;
        sets = sets
            .iter()
            .flat_map(|set: &Vec<Label>| {
                values.split('|').map(move |value| {
                    let mut set = set.clone();
                    set.push(Label::new(name, value));
                    set
                })
            })
            .collect();
    }
    Some(sets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_figure_with_a_name_by_prometheus_rules() {
        for table in tables() {
            let mut before = ("", "");
            for line in table.lines() {
                let figure = read(line).unwrap();
                assert!(figure.name.starts_with("kazi_"), "{line}");
                assert_eq!(
                    figure.kind == "counter",
                    figure.name.ends_with("_total"),
                    "{line}"
                );
                assert!(
                    ["counter", "gauge", "histogram"].contains(&figure.kind),
                    "{line}"
                );
                assert!(figure.help.ends_with('.'), "{line}");
                // Sorted, so that a second description of a metric is found.
                let key = (figure.kind, figure.name);
                assert!(key > before, "{line}");
                before = key;
            }
        }
    }

    #[test]
    fn labels_are_combined() {
        let figure = read("counter kazi_x_total{a=1|2,b=3|4} Things.").unwrap();
        let series: Vec<String> = figure
            .series
            .iter()
            .map(|set| {
                set.iter()
                    .map(|label| format!("{}{} ", label.key(), label.value()))
                    .collect()
            })
            .collect();
        assert_eq!(series, ["a1 b3 ", "a1 b4 ", "a2 b3 ", "a2 b4 "]);
    }
}
