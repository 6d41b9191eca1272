//! `draws.npy`, `derived.npy` and `stats_*.npy`: one array a file, extended object by object.

use super::npy;
use super::staging::{Sink, Staging, Written};
use super::statistics::{STATISTICS, Statistic};
use crate::abundance;
use crate::draws::{KeepDraws, Method};
use crate::error::{ExportError, Result};
use crate::fit::Fitted;

/// Most bytes of all draws and statistics of a catalogue that are kept unasked.
const LARGEST: u128 = 1 << 30;
/// Files of the draws of parameters and of derived quantities.
const DRAWS: &str = "draws.npy";
const DERIVED: &str = "derived.npy";

/// Shape of a catalogue's draws before thinning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Objects, rejected ones included.
    pub objects: usize,
    /// Chains an object.
    pub chains: usize,
    /// Draws a chain.
    pub draws: usize,
    /// Parameters of the catalogue.
    pub parameters: usize,
}

/// Number of draws of which one is kept; none if no draw is kept.
pub(super) fn thinning(shape: Shape, keep: Option<KeepDraws>) -> Option<usize> {
    let every = match keep {
        Some(KeepDraws::None) => return None,
        Some(KeepDraws::All) => 1,
        Some(KeepDraws::Thin(every)) => every,
        None => {
            let reals = shape.parameters + abundance::NAMES.len();
            let a_draw = (4 * reals + STATISTICS.iter().map(|s| s.bytes(None).len()).sum::<usize>()) as u128;
            let kept = |draws: usize| shape.objects as u128 * shape.chains as u128 * draws as u128 * a_draw;
            (1..=shape.draws).find(|every| kept(shape.draws / every) <= LARGEST)?
        }
    };
    (shape.draws / every > 0).then_some(every)
}

/// File of an array, as the manifest describes it.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub(super) name: String,
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    /// Names of the dimensions.
    pub(super) dims: &'static [&'static str],
}

/// Files of the draws.
#[derive(Debug)]
pub(super) struct DrawFiles {
    every: usize,
    shape: Shape,
    values: Sink,
    derived: Sink,
    /// Statistics of the sampler, none without one.
    known: &'static [Statistic],
    statistics: Vec<Sink>,
    /// Descriptions of the files.
    pub(super) arrays: Vec<Array>,
}

impl DrawFiles {
    /// Begins the files; they keep one draw in `every`.
    pub(super) fn create(
        staging: &Staging,
        shape: Shape,
        every: usize,
        method: Method,
    ) -> Result<DrawFiles, ExportError> {
        let known: &[Statistic] = match method {
            Method::Nuts => &STATISTICS,
            // Most objects of a first look have no chains.
            Method::Importance | Method::Classical => &[],
        };
        let kept = shape.draws / every;
        let array = |name: String, dtype: &str, dims: &'static [&'static str], last: &[usize]| Array {
            name,
            dtype: dtype.to_owned(),
            shape: [&[shape.objects, shape.chains, kept], last].concat(),
            dims,
        };
        let of_draw = &["object", "chain", "draw"];
        let of_parameter = &["object", "chain", "draw", "parameter"];
        let of_quantity = &["object", "chain", "draw", "quantity"];
        let values = array(DRAWS.to_owned(), "<f4", of_parameter, &[shape.parameters]);
        let derived = array(DERIVED.to_owned(), "<f4", of_quantity, &[abundance::NAMES.len()]);
        let statistics = known
            .iter()
            .map(|s| array(format!("stats_{}.npy", s.name), s.dtype(), of_draw, &[]));
        let statistics: Vec<Array> = statistics.collect();
        let begin = |array: &Array| -> Result<Sink, ExportError> {
            let mut sink = staging.sink(&array.name)?;
            sink.write(&npy::header(&array.dtype, &array.shape))?;
            Ok(sink)
        };
        Ok(DrawFiles {
            every,
            shape,
            values: begin(&values)?,
            derived: begin(&derived)?,
            known,
            statistics: statistics.iter().map(begin).collect::<Result<_, _>>()?,
            arrays: [values, derived].into_iter().chain(statistics).collect(),
        })
    }

    /// Adds an object: NaN where a parameter of `columns` is not in the model, or without draws.
    pub(super) fn add(&mut self, columns: &[String], fitted: Option<&Fitted>) -> Result<(), ExportError> {
        let draws = fitted.map(|fitted| &fitted.draws);
        let places: Vec<Option<usize>> = columns.iter().map(|name| draws?.position(name)).collect();
        let mut values = Vec::new();
        let mut derived = Vec::new();
        let mut statistics = vec![Vec::new(); self.known.len()];
        for chain in 0..self.shape.chains {
            for draw in (self.every - 1..self.shape.draws).step_by(self.every) {
                for place in &places {
                    let value = draws
                        .zip(*place)
                        .map_or(f64::NAN, |(draws, place)| draws.draw(chain, draw)[place]);
                    values.extend((value as f32).to_le_bytes());
                }
                let row = (chain * self.shape.draws + draw) * abundance::NAMES.len();
                for quantity in 0..abundance::NAMES.len() {
                    let value = fitted.map_or(f64::NAN, |fitted| fitted.derived.values[row + quantity]);
                    derived.extend((value as f32).to_le_bytes());
                }
                let at = draws.map(|draws| (&draws.sample_stats, chain * self.shape.draws + draw));
                for (bytes, statistic) in statistics.iter_mut().zip(self.known) {
                    bytes.extend(statistic.bytes(at));
                }
            }
        }
        self.values.write(&values)?;
        self.derived.write(&derived)?;
        self.statistics
            .iter_mut()
            .zip(&statistics)
            .try_for_each(|(sink, bytes)| sink.write(bytes))
    }

    /// Ends the files.
    pub(super) fn finish(self) -> Result<Vec<Written>, ExportError> {
        [self.values, self.derived]
            .into_iter()
            .chain(self.statistics)
            .map(Sink::finish)
            .collect()
    }
}

/// All names that files of draws can have.
pub(super) fn names() -> impl Iterator<Item = String> {
    let statistics = STATISTICS
        .iter()
        .map(|statistic| format!("stats_{}.npy", statistic.name));
    [DRAWS, DERIVED].map(String::from).into_iter().chain(statistics)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        objects: 1000,
        chains: 4,
        draws: 1000,
        parameters: 17,
    };

    #[test]
    fn draws_are_thinned_just_enough_to_fit() {
        // 17 parameters, 10 derived quantities and 43 bytes of statistics are 151 bytes a draw:
        // 1777 objects of 4000 draws fill a GiB.
        let of = |objects| thinning(Shape { objects, ..SHAPE }, None);
        assert_eq!(
            [of(1), of(1777), of(1778), of(30_000)],
            [Some(1), Some(1), Some(2), Some(17)]
        );
        assert_eq!(of(3_000_000), None);
    }

    #[test]
    fn what_is_asked_for_is_kept() {
        assert_eq!(thinning(SHAPE, Some(KeepDraws::Thin(7))), Some(7));
        assert_eq!(
            thinning(
                Shape {
                    objects: 10_000_000,
                    ..SHAPE
                },
                Some(KeepDraws::All)
            ),
            Some(1)
        );
        assert_eq!(thinning(SHAPE, Some(KeepDraws::None)), None);
        assert_eq!(thinning(SHAPE, Some(KeepDraws::Thin(1001))), None);
    }
}
