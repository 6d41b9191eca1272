//! The median of a quantity of one object.

use crate::draws::Draws;

/// The median of a quantity over the draws that have it; NaN where none has.
pub(super) fn median(draws: &Draws, quantity: impl Fn(&[f64]) -> f64) -> f64 {
    let rows = (0..draws.chains).flat_map(|chain| (0..draws.draws).map(move |draw| (chain, draw)));
    let values = rows.map(|(chain, draw)| quantity(draws.draw(chain, draw)));
    let mut values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
