//! Records of an object with corrections switched on one by one, for tests of each correction.

mod effects;
mod gradients;
mod instruction_sets;
mod lanes;

use crate::model::ModelObject;
use crate::model::code::Family;
use crate::model::code::Likelihood;
use crate::model::code::RelationForm;
use crate::model::code::TauForm;
use crate::model::code::{IonKind, SlotKind};
use crate::model::record::{LineRecord, NONE, Slot, Term, UNBOUNDED};

/// Correction that a test switches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Correction {
    /// One more zone, in which the last ion lives. Its temperature follows the first zone's
    /// temperature and density, with scatter.
    Relation,
    /// Recombination terms in the last line: of one ion, and of three.
    Recombination,
    /// Emissivities from four coefficients, for the first ion of kind `Flux`.
    FourCoefficients,
    /// Sampled ξ.
    Collisional,
    /// Sampled amplitude of the shift of He I.
    Shift,
    /// Sampled R_V.
    Rv,
    /// Calibration of an arm that holds every other line.
    Arm,
    /// Likelihoods that take turns: Gaussian, log-Gaussian, Student's t with ν sampled, and upper
    /// limits.
    Likelihoods,
    /// Low-S/N coordinates of the ions that are sampled by flux and of the first zone's density.
    /// The ions' fluxes are from half a unit of their coordinates upwards.
    LowSnr,
    /// Rational law of f_tau, of this form, that no paper has. Its range is 9 to 16 kK and 10 to
    /// 10³ cm⁻³.
    OpticalDepth(TauForm),
}

impl Correction {
    pub(crate) const ALL: [Correction; 11] = [
        Correction::Relation,
        Correction::Recombination,
        Correction::FourCoefficients,
        Correction::Collisional,
        Correction::Shift,
        Correction::Rv,
        Correction::Arm,
        Correction::Likelihoods,
        Correction::LowSnr,
        Correction::OpticalDepth(TauForm::LogN),
        Correction::OpticalDepth(TauForm::LogNLnT),
    ];
}

/// R_V at which `Correction::Rv` leaves the reddening law unchanged.
pub(crate) const RV: f64 = 3.1;
/// Reddening law X(Hβ): its part in proportion to R_V, and the part that R_V leaves unchanged.
pub(crate) const LAW_HBETA: (f64, f64) = (1.02, 0.43);
/// Coefficient `law_a` of a term, relative to X at `RV`.
const LAW_A: f64 = 0.25;

/// Object with the corrections on. Sampled quantities are about where the plain model has them.
pub(crate) fn corrected(object: &ModelObject<f64>, corrections: &[Correction]) -> ModelObject<f64> {
    let mut object = object.clone();
    for correction in corrections {
        match correction {
            Correction::Relation => relation(&mut object),
            Correction::Recombination => recombination(&mut object),
            Correction::FourCoefficients => four_coefficients(&mut object),
            Correction::Collisional => object.header.xi = push(&mut object, Family::LogNormal, 0.0, 0.5),
            Correction::Shift => shift(&mut object),
            Correction::Rv => rv(&mut object),
            Correction::Arm => arm(&mut object),
            Correction::Likelihoods => likelihoods(&mut object),
            Correction::LowSnr => low_snr(&mut object),
            Correction::OpticalDepth(form) => optical_depth(&mut object, *form),
        }
    }
    object
}

/// Adds a slot that is sampled through the quantiles of an uncut prior.
fn push(object: &mut ModelObject<f64>, family: Family, location: f64, width: f64) -> u32 {
    object.slots.push(Slot {
        kind: SlotKind::Quantile,
        family,
        coordinate: object.header.dimension,
        location,
        width,
        lower: -UNBOUNDED,
        upper: UNBOUNDED,
        ..Slot::EMPTY
    });
    object.header.dimension += 1;
    object.header.slots += 1;
    object.header.slots - 1
}

fn relation(object: &mut ModelObject<f64>) {
    let (t, n) = object.header.zone(0);
    let zone = object.header.zones;
    let slot = push(object, Family::Normal, 0.0, 700.0);
    let tied = &mut object.slots[slot as usize];
    (tied.parent, tied.relation, tied.density) = (t as u32, RelationForm::PerezMontero2009, n as u32);
    (tied.lower, tied.upper) = (4000.0, 30_000.0);
    let header = &mut object.header;
    let (temperatures, densities) = ([&mut header.t_2, &mut header.t_3], [&mut header.n_2, &mut header.n_3]);
    let new = zone as usize - 2;
    *temperatures.into_iter().nth(new).expect("room for one more zone") = slot;
    *densities.into_iter().nth(new).expect("room for one more zone") = n as u32;
    object.header.zones += 1;
    let last = object.ions.len() as u32 - 1;
    object.ions[last as usize].zone = zone;
    for term in object.terms.iter_mut().filter(|term| term.ion == last) {
        term.zone = zone;
    }
}

/// Indices of the ions that are sampled by flux.
pub(crate) fn flux_ions(object: &ModelObject<f64>) -> Vec<u32> {
    let ions = (0..).zip(&object.ions);
    ions.filter(|(_, ion)| ion.kind == IonKind::Flux)
        .map(|(index, _)| index)
        .collect()
}

fn low_snr(object: &mut ModelObject<f64>) {
    for (index, ion) in flux_ions(object).into_iter().enumerate() {
        let ion = &mut object.ions[ion as usize];
        let flux = object.lines[ion.reference_line as usize].starting_flux();
        (ion.low_snr, ion.tail_slope) = (1, 2.5);
        ion.ln_unit = (flux / (0.5 + index as f64)).ln();
    }
    let (_, n) = object.header.zone(0);
    let density = &mut object.slots[n];
    if density.kind == SlotKind::Quantile {
        (density.low_snr, density.ln_unit, density.tail_slope) = (1, -0.5, 0.2);
        density.scale = (density.width * std::f64::consts::LN_10).recip();
    }
}

/// Terms with an optical depth, shifted along their own emissivity, which depends on T and n_e.
fn shift(object: &mut ModelObject<f64>) {
    object.header.he1_shift = push(object, Family::Normal, 0.5, 1.0);
    for term in object.terms.iter_mut().filter(|term| term.thick == 1) {
        term.shift = term.table;
    }
}

/// Four coefficients that depend on T and n_e so much that their derivatives stand out.
fn optical_depth(object: &mut ModelObject<f64>, form: TauForm) {
    let header = &mut object.header;
    header.tau_form = form;
    (header.tau_x_least, header.tau_x_most) = (1.0, 3.0);
    (header.tau_s_least, header.tau_s_most) = match form {
        TauForm::LogN => (0.9, 1.6),
        TauForm::N | TauForm::LogNLnT => (0.9_f64.ln(), 1.6_f64.ln()),
    };
    for term in object.terms.iter_mut().filter(|term| term.thick == 1) {
        (term.tau_p1, term.tau_p2, term.tau_p3, term.tau_p4) = (0.1, -0.02, 0.01, 1e-3);
        (term.tau_q0, term.tau_q1, term.tau_q2) = (0.15, 0.1, 0.02);
        (term.tau_q3, term.tau_q4, term.tau_b) = (0.01, -1e-3, 0.3);
    }
}

/// Term of recombination that sends strength · t^power · X into its line, reddened and absorbed as
/// `like`.
pub(crate) fn recombined(
    object: &ModelObject<f64>,
    (strength, power): (f64, f64),
    [ion, times, over]: [u32; 3],
    like: &Term<f64>,
) -> Term<f64> {
    let base = |ion: u32| object.ions.get(ion as usize).map_or(0.0, |ion| ion.base);
    Term {
        ion,
        times,
        over,
        zone: object.ions[ion as usize].zone,
        table: NONE,
        shift: NONE,
        constant: strength.ln() - base(ion) - base(times) + base(over),
        k2: 0.0,
        k3: power,
        k4: 0.0,
        collisional: 0,
        thick: 0,
        ..*like
    }
}

/// Scatter that is stronger than any real one, so that derivatives stand out.
fn recombination(object: &mut ModelObject<f64>) {
    let ions = flux_ions(object);
    let like = *object.terms.last().unwrap();
    for ions in [[ions[0], NONE, NONE], [ions[1], ions[2], ions[0]]] {
        let term = recombined(object, (300.0, 0.44), ions, &like);
        object.terms.push(term);
        object.lines.last_mut().unwrap().terms += 1;
    }
}

fn four_coefficients(object: &mut ModelObject<f64>) {
    let ion = flux_ions(object)[0];
    for term in object
        .terms
        .iter_mut()
        .filter(|term| term.ion == ion && term.table != NONE)
    {
        (term.table, term.k2, term.k3, term.k4) = (NONE, -2.3, 0.6, -1e-5);
        term.shift = NONE;
        term.constant += 2.3;
    }
}

fn rv(object: &mut ModelObject<f64>) {
    object.header.rv = push(object, Family::Normal, RV, 0.3);
    (object.header.law_a_hbeta, object.header.law_b_hbeta) = LAW_HBETA;
    let hbeta = LAW_HBETA.0 * RV + LAW_HBETA.1;
    for term in &mut object.terms {
        let x = term.law_b * hbeta;
        (term.law_a, term.law_b) = (LAW_A * x, x * (1.0 - LAW_A * RV));
    }
}

fn arm(object: &mut ModelObject<f64>) {
    let slot = push(object, Family::Normal, 0.0, 0.05);
    let every_other = object.lines.iter_mut().skip(1).step_by(2);
    every_other.for_each(|line| line.arm = slot);
}

fn likelihoods(object: &mut ModelObject<f64>) {
    object.header.nu = push(object, Family::LogNormal, 4.0_f64.ln(), 0.5);
    for (l, line) in object.lines.iter_mut().enumerate() {
        let start = line.starting_flux();
        let kind = Likelihood::ALL[l % Likelihood::ALL.len()];
        *line = LineRecord {
            likelihood: kind,
            half_width: 2.0,
            outlier_centre: 3.0,
            outlier_ln_height: -4.0,
            ..*line
        };
        if kind == Likelihood::LogGaussian {
            (line.flux, line.inverse_sigma) = (start.ln(), start * line.inverse_sigma);
        }
    }
}
