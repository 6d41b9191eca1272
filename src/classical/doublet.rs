//! Pairs of lines from one upper level. No temperature or density changes their ratio. A pair that
//! contradicts it loses a line.

use super::chain::Chain;
use super::line::Line;
use super::measured::Measured;
use super::settings::Settings;
use crate::emissivity::Set;
use crate::flag::{Code, Flag};

/// Line that a contradictory pair loses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goes {
    /// The weaker line, since blends and noise change it more.
    Weaker,
    /// The line with the lower abundance, since water in the atmosphere only absorbs.
    Lower,
}

/// Weaker and stronger line of a pair.
const DOUBLETS: [(&str, &str, Goes); 3] = [
    ("O3_4959A", "O3_5007A", Goes::Weaker),
    ("N2_6548A", "N2_6584A", Goes::Weaker),
    ("S3_9069A", "S3_9531A", Goes::Lower),
];

/// Least difference of a contradictory pair, in standard deviations.
const CONTRADICTION: f64 = 3.0;

impl Measured {
    /// Removes the lines of contradictory pairs from ratios and abundances, and flags them.
    pub(super) fn without_contradictions(mut self, set: &Set, settings: &Settings) -> Measured {
        let chain = Chain {
            measured: &self,
            set,
            settings,
        };
        let fluxes = chain.normalised(&self.lines.iter().map(|line| line.flux).collect::<Vec<f64>>());
        let start = chain.start();
        let c = chain.extinction(&fluxes, &start);
        let unit = |line: &Line| line.reddened(set, start.log_t[0], start.log_n, c);
        let place = |label: &str| self.lines.iter().position(|line| line.is(label, set));
        let contradicted = |(weak, strong, goes): &(&str, &str, Goes)| {
            let places = [place(weak)?, place(strong)?];
            let [(x, sd_x), (y, sd_y)] = places.map(|l| {
                let unit = unit(&self.lines[l]);
                (self.lines[l].flux / unit, self.lines[l].sigma / unit)
            });
            let far = (x - y).abs() > CONTRADICTION * sd_x.hypot(sd_y);
            far.then_some(places[usize::from(*goes == Goes::Lower && y < x)])
        };
        let gone: Vec<usize> = DOUBLETS.iter().filter_map(contradicted).collect();
        for ratio in self.temperatures.iter_mut().chain(&mut self.densities) {
            ratio
                .lines
                .iter_mut()
                .for_each(|side| side.retain(|l| !gone.contains(l)));
        }
        for ion in &mut self.ions {
            ion.lines.retain(|l| !gone.contains(l));
        }
        self.flags
            .extend(gone.iter().map(|&l| Flag::about(Code::Doublet, &self.lines[l].label)));
        self
    }
}
