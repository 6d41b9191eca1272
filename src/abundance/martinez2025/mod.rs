//! Ionisation corrections of nitrogen and carbon of high-redshift galaxies by log U, metallicity
//! and density: Martinez et al. (2025, arXiv 2510.21960).

mod surfaces;

use super::conditions::Conditions;
use super::ions::{Ions, ZERO};
use super::settings::{IonisationParameter, Nitrogen, Settings};
use surfaces::{
    C_2PLUS, LOG_N_3PLUS, LOG_U_N43, LOG_U_O32, N_2PLUS, N_2PLUS_AND_3PLUS, N_PLUS, N_PLUS_AND_2PLUS, Surface,
};

/// 12 + log₁₀(O/H) of the Sun, Asplund et al. (2009, ARA&A 47, 481), by which the paper measures
/// metallicity.
const SUN: f64 = 8.69;
/// Z/Z☉ of the models of nitrogen and log U.
const METALLICITY: [f64; 2] = [0.05, 0.40];
/// 12 + log₁₀(O/H) of the models of carbon.
const CARBON_OXYGEN: [f64; 2] = [6.95, 8.55];
/// log U of the models.
const LOG_U: [f64; 2] = [-3.5, -1.0];
/// log O32 of the models.
const LOG_O32: [f64; 2] = [-1.0, 2.5];
/// log N43 of the models.
const LOG_N43: [f64; 2] = [-3.0, 0.5];
/// log₁₀ n_e \[cm⁻³\] of the densest models. Below the thinnest, 10², density has no effect.
const DENSEST: f64 = 6.0;

/// A value held inside a range, and whether it was there.
fn held(value: f64, [low, high]: [f64; 2]) -> (f64, bool) {
    (value.clamp(low, high), !(value < low || value > high))
}

/// log U at O/H = `o`, held inside the range of the corrections, and whether all that it takes was
/// inside its own.
fn log_u(ratio: IonisationParameter, ions: &Ions, o: f64, conditions: &Conditions) -> (f64, bool) {
    let (surface, (x, ratio_inside)): (&Surface, _) = match ratio {
        IonisationParameter::N43 => {
            let log_n43 = (ions.n4 / ions.n3).log10() + conditions.log_n43;
            (&LOG_U_N43, held(log_n43, LOG_N43))
        }
        IonisationParameter::Auto | IonisationParameter::O32 => {
            let log_o32 = (ions.o3 / ions.o2).log10() + conditions.log_o32;
            (&LOG_U_O32, held(log_o32, LOG_O32))
        }
    };
    let (y, metallicity_inside) = held(metallicity(o), METALLICITY);
    let (u, inside) = held(surface.at(x, y, conditions.log_ne), LOG_U);
    let density_inside = conditions.log_ne <= DENSEST;
    (u, inside && ratio_inside && metallicity_inside && density_inside)
}

/// Z/Z☉ at O/H = `o`.
fn metallicity(o: f64) -> f64 {
    10_f64.powf(ZERO + o.log10() - SUN)
}

/// N/O at O/H = `o` by the ions that `choice` names; NaN for a choice of other papers.
pub(super) fn nitrogen(settings: &Settings, ions: &Ions, o: f64, conditions: &Conditions) -> (f64, bool) {
    let (u, u_inside) = log_u(of_nitrogen(settings.ionisation_parameter, ions), ions, o, conditions);
    let (y, inside) = held(metallicity(o), METALLICITY);
    let icf = |surface: &Surface| surface.at(u, y, conditions.log_ne);
    let n_o = match settings.nitrogen {
        Nitrogen::MartinezN2PlusN3Plus => icf(&N_2PLUS_AND_3PLUS) * (ions.n3 + ions.n4) / ions.o3,
        Nitrogen::MartinezNPlusN2Plus => icf(&N_PLUS_AND_2PLUS) * (ions.n2 + ions.n3) / (ions.o2 + ions.o3),
        Nitrogen::MartinezN2Plus => icf(&N_2PLUS) * ions.n3 / ions.o3,
        Nitrogen::MartinezNPlus => icf(&N_PLUS) * ions.n2 / ions.o2,
        Nitrogen::MartinezN3Plus => 10_f64.powf(icf(&LOG_N_3PLUS)) * ions.n4 / ions.o3,
        Nitrogen::Auto
        | Nitrogen::NPlusOverOPlus
        | Nitrogen::Izotov2006
        | Nitrogen::DelgadoInglada2014
        | Nitrogen::Martinez2025 => f64::NAN,
    };
    (n_o, inside && u_inside)
}

/// The ratio for N/O: N43 is of the zone of N²⁺ and N³⁺ and hardly depends on density.
fn of_nitrogen(ratio: IonisationParameter, ions: &Ions) -> IonisationParameter {
    match ratio {
        IonisationParameter::Auto if ions.n3.is_nan() || ions.n4.is_nan() => IonisationParameter::O32,
        IonisationParameter::Auto => IonisationParameter::N43,
        chosen => chosen,
    }
}

/// C/O of C²⁺/O²⁺ at O/H = `o`.
pub(super) fn carbon(ratio: IonisationParameter, ions: &Ions, o: f64, conditions: &Conditions) -> (f64, bool) {
    let (u, u_inside) = log_u(ratio, ions, o, conditions);
    let (log_o, inside) = held(ZERO + o.log10(), CARBON_OXYGEN);
    let icf = C_2PLUS.at(u, 10_f64.powf(log_o - SUN), conditions.log_ne);
    (icf * ions.c3 / ions.o3, inside && u_inside)
}
