//! Ions of an object: zones, abundances and coordinates.

use super::Assembly;
use crate::error::Result;
use crate::line::Ion;
use crate::model::ABUNDANCE_ZERO;
use crate::model::code::IonKind;
use crate::model::record::{IonRecord, NONE};
use crate::problem::{Parameter, Source};

const LN_10: f64 = std::f64::consts::LN_10;

impl<'a> Assembly<'a> {
    /// Index of an ion's zone among the object's zones.
    pub(super) fn zone(&self, ion: Ion) -> u32 {
        let z = self.recipe.zones.zone_of(ion);
        let index = self.zones.iter().position(|(zone, _)| *zone == z);
        index.expect("add_zones takes in the zone of every ion") as u32
    }

    /// Adds the record of every ion. `add_lines` fills in `base` and the reference line.
    pub(super) fn add_ions(&mut self) -> Result<()> {
        for (index, ion) in self.ions.clone().into_iter().enumerate() {
            let mut record = IonRecord {
                kind: IonKind::Unity,
                source: NONE,
                zone: self.zone(ion),
                reference_line: 0,
                first_reference: 0,
                references: 0,
                own_lines: 0,
                shares: 0,
                low_snr: 0,
                location: 0.0,
                inverse_width: 0.0,
                base: 0.0,
                ln_unit: 0.0,
                tail_slope: 0.0,
            };
            if ion != Ion::H1 {
                self.add_abundance(index, ion, &mut record)?;
            }
            self.records.push(record);
        }
        Ok(())
    }

    /// Adds the abundance of an ion. Where its prior is Gaussian in ln X, the coordinate is the log
    /// flux of the reference line; else the prior's quantile.
    fn add_abundance(&mut self, index: usize, ion: Ion, record: &mut IonRecord<f64>) -> Result<()> {
        let name = ion.to_string();
        let prior = self.object_prior(&name, self.recipe.ion(ion))?;
        let (source, gaussian) = if ion.is_metal() {
            let per_dex = |(mean, sd): (f64, f64)| ((mean - ABUNDANCE_ZERO) * LN_10, sd * LN_10);
            (Source::Metal(index), prior.as_normal().map(per_dex))
        } else {
            (Source::Helium(index), prior.as_log_normal())
        };
        let coordinate = match gaussian {
            Some((mean, sd)) => {
                record.kind = IonKind::Flux;
                record.source = self.dimension;
                record.location = mean;
                record.inverse_width = 1.0 / sd;
                self.dimension += 1;
                self.constant += -0.5 * (2.0 * std::f64::consts::PI).ln() - sd.ln();
                Some(record.source as usize)
            }
            None => {
                record.kind = if ion.is_metal() {
                    IonKind::SlotLog10
                } else {
                    IonKind::SlotLinear
                };
                let slot = self.push_slot(prior.slot(&name)?);
                record.source = slot as u32;
                self.coordinate(slot)
            }
        };
        self.parameters.push(Parameter {
            name,
            source,
            coordinate,
            prior,
        });
        Ok(())
    }
}
