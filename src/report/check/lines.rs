//! Lines of a catalogue counted: objects that have each, detections, limits, typical signal to
//! noise and flux.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::aligned;
use super::histogram::Histogram;
use super::number;
use crate::line::{H_BETA, LineList};
use crate::problem::DETECTION;
use crate::table::{Measurement, Object};
use crate::text::echoed;

/// One line over all objects.
#[derive(Clone, Debug, Default)]
struct Line {
    /// Wavelength in air of the first member \[Å\].
    wavelength: f64,
    /// Members of a merged line, or the line that a label of another spelling means.
    meaning: String,
    objects: usize,
    detected: usize,
    limits: usize,
    snr: Histogram,
    /// Fluxes relative to Hβ.
    flux: Histogram,
}

/// Lines by label.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(HashMap<String, Line>);

impl Lines {
    /// Counts the lines of an object, Hβ among them.
    pub(super) fn add(&mut self, object: &Object, list: &LineList) {
        self.count(&object.hbeta, 1.0, list);
        for measurement in &object.measurements {
            self.count(measurement, measurement.flux, list);
        }
    }

    fn count(&mut self, measurement: &Measurement, relative: f64, list: &LineList) {
        let label = &measurement.line.label;
        if !self.0.contains_key(label) {
            let members = measurement.line.members.iter().map(|&member| &list.lines[member]);
            let names: Vec<&str> = members.clone().map(|line| line.label.as_str()).collect();
            let line = Line {
                wavelength: members.clone().next().map_or(0.0, |line| line.wavelength_air),
                meaning: if names == [label] {
                    String::new()
                } else {
                    names.join(" + ")
                },
                ..Line::default()
            };
            self.0.insert(label.clone(), line);
        }
        let Some(line) = self.0.get_mut(label) else { return };
        line.objects += 1;
        if measurement.limit {
            line.limits += 1;
            return;
        }
        line.detected += usize::from(measurement.flux > DETECTION * measurement.flux_err);
        if measurement.flux_err > 0.0 {
            line.snr.add(measurement.flux / measurement.flux_err);
        }
        line.flux.add(relative);
    }

    /// A head, and a row a line: those of most objects first, among equals by wavelength.
    pub(super) fn table(&self) -> (String, Vec<String>) {
        let mut lines: Vec<(&String, &Line)> = self.0.iter().collect();
        let order = |a: &(&String, &Line), b: &(&String, &Line)| {
            let first = |(label, line): &(&String, &Line)| (label.as_str() != H_BETA, Reverse(line.objects));
            first(a)
                .cmp(&first(b))
                .then(a.1.wavelength.total_cmp(&b.1.wavelength))
                .then(a.0.cmp(b.0))
        };
        lines.sort_by(order);
        let head = ["  line", "objects", "S/N > 3", "limits", "median S/N", "F/F(Hβ)", ""];
        let mut rows = vec![head.map(String::from).to_vec()];
        rows.extend(lines.into_iter().map(|(label, line)| line.row(label)));
        let text = aligned(&rows, 1);
        let mut rows = text.lines().map(str::to_owned);
        (rows.next().unwrap_or_default(), rows.collect())
    }
}

impl Line {
    fn row(&self, label: &str) -> Vec<String> {
        let limits = match self.limits {
            0 => String::new(),
            limits => limits.to_string(),
        };
        let meaning = match self.meaning.as_str() {
            "" => String::new(),
            meaning => format!("= {meaning}"),
        };
        let median = |of: &Histogram| of.quantile(0.5).map_or_else(|| "-".to_owned(), number);
        vec![
            format!("  {}", echoed(label)),
            self.objects.to_string(),
            self.detected.to_string(),
            limits,
            median(&self.snr),
            median(&self.flux),
            meaning,
        ]
    }
}
