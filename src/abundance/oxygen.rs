//! Correction of one object's O/H for O³⁺, decided once from all its draws.

use super::ions::Ions;
use super::median::median;
use super::settings::{Oxygen, Settings};
use crate::draws::Draws;

/// Median of He²⁺/(He⁺ + He²⁺) above which the choice `auto` corrects for O³⁺. There the correction
/// of Delgado-Inglada et al. (2014), eq. 12, adds 0.005 dex to O/H, less than the error of any
/// line.
const LEAST_UPSILON: f64 = 0.02;

/// The choice for O/H as it holds for the object of `draws`.
pub(super) fn decided(choice: Oxygen, draws: &Draws, he2_detected: bool) -> Oxygen {
    match choice {
        Oxygen::Auto if he2_detected && holds_o4(draws) => Oxygen::DelgadoInglada2014,
        Oxygen::Auto => Oxygen::Sum,
        Oxygen::Izotov2006 if !he2_detected => Oxygen::Sum,
        chosen => chosen,
    }
}

/// Tells whether O/H is more than O⁺ + O²⁺; `places` are those of [`Ions::NAMES`] among the
/// parameters.
pub(super) fn corrects(settings: &Settings, places: &[Option<usize>]) -> bool {
    let he2 = Ions::NAMES.iter().position(|name| *name == "He2");
    let known = he2.is_some_and(|he2| places[he2].is_some());
    known && !matches!(settings.oxygen, Oxygen::Auto | Oxygen::Sum)
}

/// True if He²⁺, where it was detected, says that the gas holds O³⁺.
pub(super) fn holds_o4(draws: &Draws) -> bool {
    median_upsilon(draws) > LEAST_UPSILON
}

/// The median of He²⁺/(He⁺ + He²⁺); NaN where an ion is not in the model.
fn median_upsilon(draws: &Draws) -> f64 {
    let (Some(he1), Some(he2)) = (draws.position("He1"), draws.position("He2")) else {
        return f64::NAN;
    };
    median(draws, |row| row[he2] / (row[he1] + row[he2]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::SampleStats;

    /// One chain of draws with He⁺ 0.1 and these He²⁺.
    fn draws(he2: &[f64]) -> Draws {
        Draws {
            names: ["He1", "He2"].map(str::to_owned).to_vec(),
            chains: 1,
            draws: he2.len(),
            values: he2.iter().flat_map(|he2| [0.1, *he2]).collect(),
            sample_stats: SampleStats::default(),
        }
    }

    fn oxygen(choice: Oxygen, he2: &[f64], detected: bool) -> Oxygen {
        decided(choice, &draws(he2), detected)
    }

    /// υ is 0.0196 at He²⁺ 0.002 and 0.0206 at 0.0021.
    #[test]
    fn auto_corrects_where_the_median_of_upsilon_exceeds_its_bound() {
        assert_eq!(oxygen(Oxygen::Auto, &[0.0, 0.002, 0.5], true), Oxygen::Sum);
        assert_eq!(
            oxygen(Oxygen::Auto, &[0.0, 0.0021, 0.5], true),
            Oxygen::DelgadoInglada2014
        );
    }

    #[test]
    fn a_wide_posterior_of_an_undetected_ion_corrects_nothing() {
        assert_eq!(oxygen(Oxygen::Auto, &[0.1; 3], false), Oxygen::Sum);
        assert_eq!(oxygen(Oxygen::Izotov2006, &[0.1; 3], false), Oxygen::Sum);
        assert_eq!(oxygen(Oxygen::Izotov2006, &[0.0001; 3], true), Oxygen::Izotov2006);
    }

    #[test]
    fn other_choices_hold_for_every_object() {
        for choice in [
            Oxygen::Sum,
            Oxygen::He2,
            Oxygen::KingsburghBarlow1994,
            Oxygen::DelgadoInglada2014,
        ] {
            assert_eq!(oxygen(choice, &[0.1; 3], false), choice);
        }
    }
}
