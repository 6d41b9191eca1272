//! Table of an audit: how often weighted draws agree with chains, quantity by quantity.

use std::collections::BTreeMap;

use super::{aligned, counted};
use crate::fit::{COMPARED, Outcome};
use crate::problem::parameter_order;

/// Counts of an audit over the objects of a catalogue.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    objects: usize,
    quantities: BTreeMap<String, Agreement>,
}

/// Agreement of one quantity.
#[derive(Clone, Copy, Debug, Default)]
struct Agreement {
    objects: usize,
    /// Objects whose mean, percentile 2.5 and percentile 97.5 agree.
    passes: [usize; 3],
    /// Largest distances, in posterior standard deviations.
    largest: [f64; 3],
}

impl Agreement {
    /// Percentage of the objects that agree in a number.
    fn percentage(&self, number: usize) -> f64 {
        100.0 * self.passes[number] as f64 / self.objects as f64
    }
}

impl Audit {
    /// Counts the comparison of an object, if there is one.
    pub fn add(&mut self, outcome: &Outcome) {
        self.objects += usize::from(!outcome.audit.is_empty());
        for own in &outcome.audit {
            let found = self.quantities.entry(own.name.clone()).or_default();
            found.objects += 1;
            for (k, passes) in own.passes().into_iter().enumerate() {
                let distance = (own.weighted[k] - own.chains[k]).abs() / own.sd;
                found.passes[k] += usize::from(passes);
                found.largest[k] = found.largest[k].max(distance);
            }
        }
    }

    /// Objects of the audit.
    pub fn objects(&self) -> usize {
        self.objects
    }

    /// Table with a row for each quantity, and one for all; empty without an audit.
    pub fn text(&self) -> String {
        if self.objects == 0 {
            return String::new();
        }
        let mut head = vec!["quantity".to_owned(), "objects".to_owned()];
        head.extend(COMPARED.iter().map(|number| format!("{number} %")));
        head.extend(COMPARED.iter().map(|number| format!("{number} sd")));
        let mut rows = vec![head];
        let mut named: Vec<_> = self.quantities.iter().collect();
        named.sort_by_key(|(name, _)| parameter_order(name));
        rows.extend(named.into_iter().map(|(name, found)| row(name, found)));
        rows.push(row("all", &self.all()));
        format!(
            "\nAudit of {}: percentage that agrees with NUTS, and largest distance in sd.\n{}",
            counted(self.objects, "object"),
            aligned(&rows, 0)
        )
    }

    /// Agreement of all quantities together.
    fn all(&self) -> Agreement {
        let mut all = Agreement::default();
        for own in self.quantities.values() {
            all.objects += own.objects;
            for k in 0..COMPARED.len() {
                all.passes[k] += own.passes[k];
                all.largest[k] = all.largest[k].max(own.largest[k]);
            }
        }
        all
    }
}

/// Row of a quantity.
fn row(name: &str, found: &Agreement) -> Vec<String> {
    let mut row = vec![name.to_owned(), found.objects.to_string()];
    row.extend((0..COMPARED.len()).map(|k| format!("{:.1}", found.percentage(k))));
    row.extend(found.largest.iter().map(|largest| format!("{largest:.2}")));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::Compared;
    use crate::summary::Status;

    fn outcome(distance: f64) -> Outcome {
        let compared = Compared {
            name: "T_high".to_owned(),
            weighted: [1.0, 0.0, 2.0],
            chains: [1.0 + distance, 0.0, 2.0],
            sd: 0.5,
            allowed: [0.1; 3],
        };
        Outcome {
            index: 0,
            id: String::new(),
            status: Status::Ok,
            flags: Vec::new(),
            kept: Vec::new(),
            reasons: Vec::new(),
            problem: None,
            fitted: None,
            audit: vec![compared],
        }
    }

    #[test]
    fn the_table_has_percentages_and_largest_distances() {
        let mut audit = Audit::default();
        assert_eq!(audit.text(), "");
        [0.0, 0.05, 0.2, 0.0]
            .map(outcome)
            .iter()
            .for_each(|outcome| audit.add(outcome));
        let text = audit.text();
        assert!(text.starts_with("\nAudit of 4 objects"), "{text}");
        for name in ["T_high", "all"] {
            let row = text.lines().find(|line| line.starts_with(name)).expect("a row");
            let cells: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(cells, [name, "4", "75.0", "100.0", "100.0", "0.40", "0.00", "0.00"]);
        }
    }
}
